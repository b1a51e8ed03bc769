//! What is known about a thing, in lines; and what is copied of it.

use super::act::{
    address_in_sight, article_address, entry_in_sight, head_of, title_in_sight, view_in_sight,
};
use super::action::Action;
use super::columns::Column;
use super::overlay::Overlay;
use super::pane::feeds::Item;
use super::pane::report;
use super::pane::sources::title_of;
use super::{Effect, Model, words};
use crate::news::{CardState, FeedRow, Health, SourceRow, StoryRow, View};
use crate::source::Role;

type Fact = (String, String);

fn fact(name: &str, text: impl Into<String>) -> Fact {
    (name.to_owned(), text.into())
}

/// Card and sentence of the selected source.
pub(super) fn peek(model: &mut Model) {
    let Some(row) = model.reading.selected_source() else {
        model.say("No source is selected.", false);
        return;
    };
    let mut lines = vec![
        fact("site", row.site.as_str()),
        fact("kind", row.kind.label()),
    ];
    let card = &row.card;
    for (name, text) in [("summary", &card.description), ("author", &card.author)] {
        if let Some(text) = text {
            lines.push(fact(name, text.as_str()));
        }
    }
    if let Some(published) = card.published {
        lines.push(fact(
            "published",
            words::long_day(model.day_of(published), model.today()),
        ));
    }
    if !row.context.is_empty() {
        lines.push(fact("cited as", format!("“{}”", row.context)));
    }
    lines.push(fact("address", row.display_url.as_str()));
    let title = title_of(row).to_owned();
    model.overlay = Some(Overlay::Info {
        title,
        lines,
        top: 0,
    });
}

/// About the feed, the entry or the source selected.
pub(super) fn about(model: &mut Model, effects: &mut Vec<Effect>) {
    let feed = match (model.focus, &model.feeds.selected, &model.entries.view) {
        (Column::Feeds, Some(Item::Feed(id, _)), _) => model.feeds.row(*id),
        // A feed without entries has no row to be asked about.
        (Column::Entries, _, View::Feed(id)) if model.entries.selected.is_none() => {
            model.feeds.row(*id)
        }
        _ => None,
    };
    if let Some(feed) = feed {
        let facts = of_feed(model, feed);
        effects.push(Effect::LoadFeedPage(feed.id));
        model.overlay = Some(Overlay::Page {
            feed: Some(feed.id),
            title: feed.title.to_string(),
            rows: report::facts(&facts),
            facts,
            ready: false,
            top: 0,
        });
        return;
    }
    let (title, lines) = if let Some(row) = model
        .reading
        .selected_source()
        .filter(|_| model.focus == Column::Sources)
    {
        (title_of(row).to_owned(), of_source(row))
    } else if let Some(lines) = of_article(model) {
        (title_in_sight(model), lines)
    } else {
        model.say("Nothing is selected.", false);
        return;
    };
    model.overlay = Some(Overlay::Info {
        title,
        lines,
        top: 0,
    });
}

/// Asks for the statistics.
pub(super) fn statistics(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.push(Effect::LoadReading);
    model.overlay = Some(Overlay::Page {
        feed: None,
        title: "STATISTICS of the last 30 days".to_owned(),
        facts: Vec::new(),
        rows: Vec::new(),
        ready: false,
        top: 0,
    });
}

fn of_feed(model: &Model, feed: &FeedRow) -> Vec<Fact> {
    let when = |time: Option<chrono::DateTime<chrono::Utc>>| {
        time.map_or_else(
            || "never".to_owned(),
            |time| words::time(time, model.now, model.zone),
        )
    };
    let mut lines = vec![fact("address", feed.url.as_str())];
    if let Some(moved) = &feed.moved_to {
        lines.push(fact("moved to", moved.as_str()));
    }
    if let Some(site) = &feed.site_url {
        lines.push(fact("site", site.as_str()));
    }
    if !feed.description.is_empty() {
        lines.push(fact("says", feed.description.as_str()));
    }
    let tags: Vec<&str> = feed
        .tags
        .iter()
        .map(super::super::text::safe::SafeText::as_str)
        .collect();
    if !tags.is_empty() {
        lines.push(fact("groups", tags.join(", ")));
    }
    let entries = words::plural(feed.entries as usize, "entry");
    lines.push(fact(
        "holds",
        format!("{entries}, {} unread", words::number(feed.unread as usize)),
    ));
    let answer = feed
        .http
        .map(|code| format!(", the server said {code}"))
        .unwrap_or_default();
    lines.push(fact(
        "last visit",
        format!("{}{answer}", when(feed.last_visit)),
    ));
    if let Some(until) = feed.fresh_until.filter(|until| *until > model.now) {
        lines.push(fact("fresh until", when(Some(until))));
    }
    if let Some(until) = feed.not_before.filter(|until| *until > model.now) {
        lines.push(fact(
            "not before",
            format!("{}, as the server asked", when(Some(until))),
        ));
    }
    lines.push(match &feed.health {
        Health::New => fact("health", "not visited yet; r visits it now"),
        Health::Well => fact("health", "well"),
        Health::Failing(why) | Health::Gone(why) => fact("health", why.as_str()),
    });
    lines.extend(
        feed.warnings
            .iter()
            .map(|warning| fact("mended", warning.as_str())),
    );
    lines
}

fn of_source(row: &SourceRow) -> Vec<Fact> {
    let mut lines = vec![
        fact("address", row.display_url.as_str()),
        fact("why", row.reason.as_str()),
        fact("role", format!("{}, {}", row.role.name(), row.kind.label())),
        fact(
            "strength",
            format!("{:.2}, place {} of all", row.strength, row.rank),
        ),
    ];
    if row.url != row.display_url {
        lines.push(fact("as written", row.url.as_str()));
    }
    if let Some(landed) = &row.card.landed
        && *landed != row.site
    {
        lines.push(fact("leads to", landed.as_str()));
    }
    if !row.removed.is_empty() {
        lines.push(fact("taken away", row.removed.join(", ")));
    }
    for (holds, text) in [
        (row.affiliate, "the author earns when you buy there"),
        (
            row.short,
            "a short address: only a visit tells where it leads",
        ),
        (row.archived, "an archived copy"),
        (row.warned, "the name of the host looks like another one"),
    ] {
        if holds {
            lines.push(fact("note", text));
        }
    }
    if let CardState::Failed(why) = &row.card.state {
        lines.push(fact("failed", why.as_str()));
    }
    if !row.anchor.is_empty() {
        lines.push(fact("link words", row.anchor.as_str()));
    }
    lines
}

fn of_article(model: &Model) -> Option<Vec<Fact>> {
    let mut lines = Vec::new();
    if let Some(url) = article_address(model) {
        lines.push(fact("address", url));
    }
    let entry = entry_in_sight(model);
    if let Some(row) = entry.and_then(|entry| head_of(model, entry)) {
        lines.push(fact("feed", row.feed_title.as_str()));
        lines.push(fact(
            "published",
            words::time(row.published, model.now, model.zone),
        ));
    }
    let beside = model.reading.beside.as_ref();
    let beside = beside.filter(|(known, _)| entry == Some(*known));
    if let Some(story) = beside.and_then(|(_, beside)| beside.story.as_ref()) {
        lines.extend(of_story(story));
    }
    if let Some(view) = view_in_sight(model) {
        let count = |role: Role| view.sources.iter().filter(|row| row.role == role).count();
        lines.push(fact("words", words::number(view.words)));
        lines.push(fact("sources", count(Role::Source).to_string()));
        if let Some(language) = &view.language {
            lines.push(fact("language", language.as_str()));
        }
        lines.extend(
            view.enclosures
                .iter()
                .map(|url| fact("enclosure", url.as_str())),
        );
        lines.extend(
            view.left_out
                .iter()
                .map(|(link, why)| fact("left out", format!("{link}: {why}"))),
        );
    }
    (!lines.is_empty()).then_some(lines)
}

/// Who tells the story of an entry, why each is taken to tell it, and what all of it goes back to.
fn of_story(story: &StoryRow) -> Vec<Fact> {
    let mut lines = vec![fact(
        "story",
        words::plural(usize::from(story.sites), "site"),
    )];
    lines.extend(story.entries.iter().map(|told| {
        let why = if told.why.is_empty() {
            String::new()
        } else {
            format!(" ({})", told.why)
        };
        fact("told by", format!("{}{why}", told.head.feed_title))
    }));
    if let Some(primary) = &story.primary {
        lines.push(fact("goes back to", primary.url.as_str()));
    }
    lines
}

/// The article as plain text, with its sources at the end.
pub(super) fn plain_text(model: &Model) -> Option<String> {
    let view = view_in_sight(model)?;
    let mut text = format!(
        "{}\n{}\n\n",
        view.title,
        article_address(model).unwrap_or_default()
    );
    for line in &view.lines.lines {
        text.push_str(line.text().trim_end());
        text.push('\n');
    }
    let list = sources_markdown(&view.sources);
    if !list.is_empty() {
        text.push_str("\nSources\n");
        text.push_str(&list);
    }
    Some(text)
}

fn sources_markdown(rows: &[SourceRow]) -> String {
    rows.iter()
        .filter(|row| matches!(row.role, Role::Source | Role::Media | Role::Discussion))
        .map(|row| {
            format!(
                "{}. {}\n",
                row.n.unwrap_or(row.rank),
                markdown(title_of(row), &row.display_url)
            )
        })
        .collect()
}

fn markdown(title: &str, url: &str) -> String {
    let title = title.replace('[', "\\[").replace(']', "\\]");
    format!("[{title}]({})", url.replace('(', "%28").replace(')', "%29"))
}

/// A file's name of a title: letters, digits and hyphens.
pub(super) fn file_name(title: &str) -> String {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(10)
        .map(str::to_lowercase)
        .collect();
    let name = if words.is_empty() {
        "article".to_owned()
    } else {
        words.join("-")
    };
    format!("{name}.txt")
}

/// Puts something of what is in sight on the clipboard.
pub(super) fn copy(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let of_source = model
        .reading
        .selected_source()
        .filter(|_| model.focus == Column::Sources);
    let title = match of_source {
        Some(row) => title_of(row).to_owned(),
        None => title_in_sight(model),
    };
    let copied = match action {
        Action::CopyAddress => address_in_sight(model).map(|url| (url, "address")),
        Action::CopyMarkdown => {
            address_in_sight(model).map(|url| (markdown(&title, &url), "Markdown link"))
        }
        Action::CopyQuote => quote(model).map(|text| (text, "quote")),
        Action::CopySources => {
            view_in_sight(model).map(|view| (sources_markdown(&view.sources), "sources"))
        }
        _ => view_in_sight(model).map(|view| (sources_json(&view.sources), "sources as JSON")),
    };
    match copied.filter(|(text, _)| !text.is_empty()) {
        Some((text, what)) => effects.push(Effect::Copy {
            text,
            what: what.to_owned(),
        }),
        None => model.say("There is nothing to copy.", false),
    }
}

/// The paragraph at the reading line, quoted, with where it is from.
fn quote(model: &Model) -> Option<String> {
    let view = view_in_sight(model)?;
    let lines = &view.lines.lines;
    let head = super::pane::article::frame(model, view).0;
    let reading = (model.reading.top + super::act::article_height(model) / 3).saturating_sub(head);
    let full = |at: &usize| !lines[*at].text().trim().is_empty();
    let here = (reading.min(lines.len())..lines.len()).find(full)?;
    let first = (0..=here).rev().take_while(full).last()?;
    let last = (here..lines.len()).take_while(full).last()?;
    let text: Vec<String> = lines[first..=last]
        .iter()
        .map(|line| line.text().trim().to_owned())
        .collect();
    let source = markdown(
        view.title.as_str(),
        &article_address(model).unwrap_or_default(),
    );
    Some(format!("> {}\n\n{source}\n", text.join(" ")))
}

fn sources_json(rows: &[SourceRow]) -> String {
    let list: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "n": row.n,
                "url": row.display_url,
                "title": title_of(row),
                "site": row.site.as_str(),
                "role": row.role.name(),
                "kind": row.kind.name(),
                "primary": row.primary,
                "context": row.context.as_str(),
            })
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default()
}
