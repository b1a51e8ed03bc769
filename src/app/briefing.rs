//! The briefing: a front page as a text, as Markdown, as a page of its own that a mail program can show. Pure.

use crate::news::{CitedRow, EntryHead, FrontPage, Primary, StoryRow};
use crate::text::escape;
use crate::tui::pane::briefing::{Kind, Line};
use chrono::{DateTime, FixedOffset, Utc};
use std::fmt::Write as _;

/// Entries of a story that are named.
const TOLD: usize = 6;

/// The hour and day of a time, where the reader is.
fn moment(time: DateTime<Utc>, zone: FixedOffset) -> String {
    time.with_timezone(&zone)
        .format("%-d %B %Y, %H:%M")
        .to_string()
}

fn titled(title: &str) -> &str {
    if title.trim().is_empty() {
        "(no title)"
    } else {
        title
    }
}

/// What the briefing says first: of which time it is, and how much came.
fn summary(page: &FrontPage, zone: FixedOffset) -> String {
    let count = |n: u32, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let several = page.stories.iter().filter(|story| story.sites > 1).count() as u32;
    format!(
        "{} to {}: {}, {}",
        moment(page.since, zone),
        moment(page.until, zone),
        count(page.entries, "entry", "entries"),
        count(
            several,
            "story that several sites tell",
            "stories that several sites tell"
        ),
    )
}

fn sites(story: &StoryRow) -> String {
    let mut names: Vec<&str> = Vec::new();
    for told in &story.entries {
        let name = told.head.feed_title.as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(TOLD);
    names.truncate(TOLD);
    let more = if more > 0 {
        format!(" (+{more})")
    } else {
        String::new()
    };
    format!("{}{more}", names.join(", "))
}

fn primary_name(primary: &Primary) -> &'static str {
    if primary.certain {
        "Primary source"
    } else {
        "Most cited"
    }
}

/// As text, for a pipe or a mail: lines of at most `width` columns.
pub fn text(page: &FrontPage, zone: FixedOffset, width: usize) -> String {
    let mut out = String::from("BRIEFING\n");
    for Line { indent, text, .. } in lines(page, zone, width) {
        let _ = writeln!(out, "{:indent$}{text}", "");
    }
    out
}

/// Its lines, but for the first: of at most `width` columns, each with what it is.
pub fn lines(page: &FrontPage, zone: FixedOffset, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |indent: usize, text: &str, kind: Kind| {
        for (at, text) in wrap(text, width.saturating_sub(indent + 2))
            .into_iter()
            .enumerate()
        {
            // What is long hangs below its first word.
            let hangs = kind == Kind::Title && at > 0;
            lines.push(Line {
                indent: if hangs { indent + 2 } else { indent },
                text,
                kind,
            });
        }
    };
    say(0, &summary(page, zone), Kind::Dim);
    for story in &page.stories {
        say(0, "", Kind::Text);
        let mark = if story.sites > 1 {
            format!(" ◆\u{a0}{}", story.sites)
        } else {
            String::new()
        };
        let title = format!("* {}{mark}", titled(&story.title));
        say(0, &title, Kind::Title);
        if !story.lead.is_empty() {
            say(2, &story.lead, Kind::Text);
        }
        say(2, &sites(story), Kind::Dim);
        say_address(&mut say, 2, address(story));
        if let Some(primary) = &story.primary {
            let name = primary_name(primary);
            let title = titled(&primary.title);
            say(2, &format!("{name}: {title}"), Kind::Text);
            say_address(&mut say, 4, &primary.url);
        }
    }
    if !page.cited.is_empty() {
        say(0, "", Kind::Text);
        say(0, "MOST CITED", Kind::Heading);
        for row in &page.cited {
            let title = format!("* {} ({}\u{a0}sites)", titled(&row.title), row.sites);
            say(0, &title, Kind::Title);
            say_address(&mut say, 2, &row.url);
        }
    }
    if !page.rare.is_empty() {
        say(0, "", Kind::Text);
        say(0, "RARE VOICES", Kind::Heading);
        for head in &page.rare {
            let title = format!("* {} ({})", titled(&head.title), head.feed_title);
            say(0, &title, Kind::Title);
            say_address(&mut say, 2, head.url.as_deref().unwrap_or_default());
        }
    }
    if page.stories.is_empty() && page.rare.is_empty() {
        say(0, "", Kind::Text);
        say(0, "Nothing came in that time.", Kind::Text);
    }
    lines
}

/// An address on a line of its own, where there is one.
fn say_address(say: &mut impl FnMut(usize, &str, Kind), indent: usize, url: &str) {
    if !url.is_empty() {
        say(indent, url, Kind::Address);
    }
}

/// The address of the entry whose title the story has.
fn address(story: &StoryRow) -> &str {
    story
        .entries
        .iter()
        .find(|told| told.head.id == story.speaks)
        .and_then(|told| told.head.url.as_deref())
        .unwrap_or_default()
}

/// Lines of words; a space that does not break keeps two of them together, and is written as any other.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let breaks = |c: char| c.is_whitespace() && c != '\u{a0}';
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        let word = &word.replace('\u{a0}', " ");
        let last = lines.len() - 1;
        let used = unicode_width::UnicodeWidthStr::width(lines[last].as_str());
        if used > 0 && used + 1 + unicode_width::UnicodeWidthStr::width(word.as_str()) > width {
            lines.push(word.clone());
        } else {
            if used > 0 {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

/// As Markdown.
pub fn markdown(page: &FrontPage, zone: FixedOffset) -> String {
    let mut out = format!("# Briefing\n\n{}\n", summary(page, zone));
    let link = |title: &str, url: &str| {
        let title = escape_markdown(titled(title));
        if web(url) {
            format!("[{title}](<{}>)", url.replace(['<', '>'], ""))
        } else {
            title
        }
    };
    if !page.stories.is_empty() {
        out.push_str("\n## Stories\n");
    }
    for story in &page.stories {
        let _ = writeln!(out, "\n### {}\n", link(&story.title, address(story)));
        if !story.lead.is_empty() {
            let _ = writeln!(out, "{}\n", escape_markdown(&story.lead));
        }
        for told in story
            .entries
            .iter()
            .filter(|told| told.head.id != story.speaks)
            .take(TOLD)
        {
            let _ = writeln!(
                out,
                "- {}: {}",
                escape_markdown(&told.head.feed_title),
                link(
                    &told.head.title,
                    told.head.url.as_deref().unwrap_or_default()
                )
            );
        }
        if let Some(primary) = &story.primary {
            let _ = writeln!(
                out,
                "- **{}**: {} ({})",
                primary_name(primary),
                link(&primary.title, &primary.url),
                escape_markdown(&primary.reason)
            );
        }
    }
    if !page.cited.is_empty() {
        out.push_str("\n## Most cited\n\n");
        for row in &page.cited {
            let _ = writeln!(out, "- {}: {} sites", link(&row.title, &row.url), row.sites);
        }
    }
    if !page.rare.is_empty() {
        out.push_str("\n## Rare voices\n\n");
        for head in &page.rare {
            let _ = writeln!(
                out,
                "- {} · {}",
                link(&head.title, head.url.as_deref().unwrap_or_default()),
                escape_markdown(&head.feed_title)
            );
        }
    }
    out
}

fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Styles: the colours of our two own themes, by what the reader's screen prefers. A mail program that knows no media
/// query shows the light one.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;background:#fbf9f4;color:#2c2e33;font:16px/1.55 Georgia,'Times New Roman',serif}\
main{max-width:40em;margin:0 auto;padding:2em 1.2em 3em}\
h1{font-size:1.7em;margin:0 0 .2em;color:#8a4a10}\
h2{font:600 .8em/1.4 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;letter-spacing:.09em;text-transform:uppercase;\
color:#a4520c;margin:2.6em 0 1em;border-top:1px solid #d8d3c6;padding-top:1em}\
h3{font-size:1.2em;line-height:1.3;margin:1.6em 0 .3em}\
p{margin:.3em 0}\
ul{margin:.4em 0 0;padding-left:1.1em}\
li{margin:.25em 0}\
a{color:#1d668a;text-decoration:none}\
h3 a{color:#111317}\
a:hover{text-decoration:underline}\
.dim,small{color:#686c74;font:.82em/1.45 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif}\
.mark{color:#a4520c;white-space:nowrap}\
@media (prefers-color-scheme:dark){\
body{background:#16181d;color:#d3d7de}\
h1{color:#e6bf80}h2{color:#e8a34c;border-color:#343a46}\
a{color:#84b9d6}h3 a{color:#f2f4f7}\
.dim,small{color:#8a92a0}.mark{color:#e8a34c}}";

/// As one page, whole in itself: no script, no picture, nothing fetched.
pub fn html(page: &FrontPage, zone: FixedOffset) -> String {
    let day = page
        .until
        .with_timezone(&zone)
        .format("%-d %B %Y")
        .to_string();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Briefing, {day}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Briefing</h1>\n<p class=\"dim\">{}</p>\n",
        escape(&summary(page, zone))
    );
    if !page.stories.is_empty() {
        out.push_str("<h2>Stories</h2>\n");
    }
    for story in &page.stories {
        html_story(&mut out, story);
    }
    if !page.cited.is_empty() {
        out.push_str("<h2>Most cited</h2>\n<ul>\n");
        for row in &page.cited {
            html_cited(&mut out, row);
        }
        out.push_str("</ul>\n");
    }
    if !page.rare.is_empty() {
        out.push_str("<h2>Rare voices</h2>\n<ul>\n");
        for head in &page.rare {
            html_rare(&mut out, head);
        }
        out.push_str("</ul>\n");
    }
    if page.stories.is_empty() && page.rare.is_empty() {
        out.push_str("<p>Nothing came in that time.</p>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn link(title: &str, url: &str) -> String {
    let title = escape(titled(title));
    if web(url) {
        format!("<a href=\"{}\">{title}</a>", escape(url))
    } else {
        title
    }
}

fn html_story(out: &mut String, story: &StoryRow) {
    let mark = if story.sites > 1 {
        format!(" <span class=\"mark\">◆ {}</span>", story.sites)
    } else {
        String::new()
    };
    let _ = writeln!(out, "<h3>{}{mark}</h3>", link(&story.title, address(story)));
    if !story.lead.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escape(&story.lead));
    }
    let others: Vec<_> = story
        .entries
        .iter()
        .filter(|told| told.head.id != story.speaks)
        .collect();
    if others.is_empty() {
        let _ = writeln!(out, "<p class=\"dim\">{}</p>", escape(&sites(story)));
    } else {
        if let Some(speaks) = story
            .entries
            .iter()
            .find(|told| told.head.id == story.speaks)
        {
            let _ = writeln!(
                out,
                "<p class=\"dim\">{}</p>",
                escape(&speaks.head.feed_title)
            );
        }
        out.push_str("<ul>\n");
        for told in others.iter().take(TOLD) {
            let _ = writeln!(
                out,
                "<li>{} <small>{}{}</small></li>",
                link(
                    &told.head.title,
                    told.head.url.as_deref().unwrap_or_default()
                ),
                escape(&told.head.feed_title),
                if told.copy { ", same text" } else { "" }
            );
        }
        out.push_str("</ul>\n");
    }
    if let Some(primary) = &story.primary {
        let _ = writeln!(
            out,
            "<p class=\"dim\">{}: {} ({})</p>",
            primary_name(primary),
            link(&primary.title, &primary.url),
            escape(&primary.reason)
        );
    }
}

fn html_cited(out: &mut String, row: &CitedRow) {
    let by: Vec<String> = row.by.iter().map(|name| escape(name)).collect();
    let _ = writeln!(
        out,
        "<li>{} <small>{} · {} sites: {}</small></li>",
        link(&row.title, &row.url),
        escape(&row.site),
        row.sites,
        by.join(", ")
    );
}

fn html_rare(out: &mut String, head: &EntryHead) {
    let _ = writeln!(
        out,
        "<li>{} <small>{}</small></li>",
        link(&head.title, head.url.as_deref().unwrap_or_default()),
        escape(&head.feed_title)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{EntryId, FeedId, StoryId};
    use crate::news::{Marks, Telling};
    use crate::text::SafeText;

    fn head(id: i64, feed: &str, title: &str) -> EntryHead {
        EntryHead {
            id: EntryId(id),
            feed: FeedId(id),
            feed_title: SafeText::line(feed),
            title: SafeText::line(title),
            url: Some(format!(
                "https://{}.example/a?b=1&c='2'",
                feed.to_lowercase()
            )),
            authors: SafeText::default(),
            published: DateTime::UNIX_EPOCH,
            marks: Marks::default(),
            sources: None,
            comments: None,
            story: None,
            tags: Vec::new(),
            note: false,
        }
    }

    fn page() -> FrontPage {
        let told = |id, feed, title| Telling {
            head: head(id, feed, title),
            why: SafeText::default(),
            copy: false,
            points: false,
        };
        let time = |text: &str| {
            DateTime::parse_from_rfc3339(text)
                .expect("a time")
                .with_timezone(&Utc)
        };
        FrontPage {
            since: time("2026-01-01T08:00:00Z"),
            until: time("2026-01-02T08:00:00Z"),
            stories: vec![StoryRow {
                id: StoryId(1),
                title: SafeText::line("Chips & <b>bits</b>: *who* pays?"),
                lead: SafeText::line(
                    "Somebody has to pay for the chips, says the report that everybody cites.",
                ),
                entries: vec![
                    told(1, "Signal", "Chips & <b>bits</b>: *who* pays?"),
                    told(2, "Ledger", "Who pays for chips"),
                ],
                speaks: EntryId(1),
                sites: 2,
                sources: Vec::new(),
                primary: Some(Primary {
                    key: "k".into(),
                    url: "https://filings.example/10q".into(),
                    title: SafeText::line("Form 10-Q"),
                    site: SafeText::line("filings.example"),
                    reason: SafeText::line("filing, cited by 2 sites"),
                    certain: true,
                    by_way_of: None,
                }),
                first: DateTime::UNIX_EPOCH,
                last: DateTime::UNIX_EPOCH,
                score: 1.0,
                why: SafeText::default(),
                unread: 2,
            }],
            cited: vec![CitedRow {
                key: "k".into(),
                url: "https://filings.example/10q".into(),
                title: SafeText::line("Form 10-Q"),
                site: SafeText::line("filings.example"),
                kind: crate::address::Kind::Filing,
                sites: 2,
                before: 0,
                by: vec![SafeText::line("Signal"), SafeText::line("Ledger")],
                first: DateTime::UNIX_EPOCH,
                last: DateTime::UNIX_EPOCH,
                entry: None,
            }],
            rare: vec![head(3, "Quill", "In praise of text files")],
            entries: 12,
            more: 0,
        }
    }

    fn utc() -> FixedOffset {
        FixedOffset::east_opt(0).expect("no offset at all")
    }

    #[test]
    fn the_text_is_fit_for_a_pipe() {
        insta::assert_snapshot!(text(&page(), utc(), 72));
        assert!(
            text(&page(), utc(), 40)
                .lines()
                .all(|line| line.chars().count() <= 40 || !line.trim().contains(' '))
        );
    }

    #[test]
    fn every_address_stands_on_a_line_of_its_own_and_no_line_ends_in_a_dot_for_what_follows() {
        for width in 20..80 {
            let lines = lines(&page(), utc(), width);
            let addresses = lines.iter().filter(|line| line.kind == Kind::Address);
            assert_eq!(addresses.clone().count(), 4);
            assert!(
                addresses
                    .clone()
                    .all(|line| line.text.starts_with("https://"))
            );
            assert!(!lines.iter().any(|line| line.text.ends_with('·')));
        }
    }

    #[test]
    fn markdown_says_the_same() {
        insta::assert_snapshot!(markdown(&page(), utc()));
    }

    #[test]
    fn the_page_is_whole_in_itself() {
        let html = html(&page(), utc());
        insta::assert_snapshot!(html);
        for not in ["<script", "<img", "<link", "src=", "@import", "url(", "<b>"] {
            assert!(!html.contains(not), "{not}");
        }
    }

    #[test]
    fn an_address_that_is_no_web_address_is_no_link() {
        let mut page = page();
        page.stories[0].entries[0].head.url = Some("javascript:alert(1)".into());
        assert!(!html(&page, utc()).contains("javascript"));
        assert!(!markdown(&page, utc()).contains("javascript"));
    }

    #[test]
    fn every_element_that_is_opened_is_closed() {
        let html = html(&page(), utc());
        let mut open: Vec<&str> = Vec::new();
        for tag in html
            .split('<')
            .skip(2)
            .filter_map(|rest| rest.split('>').next())
        {
            let name = tag
                .trim_start_matches('/')
                .split(' ')
                .next()
                .unwrap_or_default();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else if name != "meta" {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn the_number_of_sites_stays_beside_its_mark() {
        assert_eq!(wrap("talks with us ◆\u{a0}6", 15), ["talks with us", "◆ 6"]);
        assert_eq!(wrap("  some \n words ", 20), ["some words"]);
    }
}
