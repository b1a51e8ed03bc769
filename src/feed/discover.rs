//! A web page to the feeds it names.
//!
//! What the page says in `link rel=alternate` comes first, then anchors that look like feeds, then what a table knows
//! of the site, then the usual places. The last two are guesses: nobody has visited them.

use super::entry::Format;
use super::places;
use super::xml::{Attributes, Token, Tokens};
use crate::text::SafeText;
use url::Url;

/// How a feed was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Itself,
    Link,
    Anchor,
    Rule,
    WellKnown,
}

impl How {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            How::Itself => "itself",
            How::Link => "link",
            How::Anchor => "anchor",
            How::Rule => "rule",
            How::WellKnown => "well-known",
        }
    }
}

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub url: Url,
    pub title: SafeText,
    pub format: Option<Format>,
    pub how: How,
}

/// Feeds that one page may name, and anchors that are taken for feeds.
const MOST: usize = 200;
const MOST_ANCHORS: usize = 20;

/// The feeds that a page names, best first. Pure: `WellKnown` are guesses that nobody has visited.
pub fn discover(html: &str, base: &Url) -> Vec<Found> {
    let page = Page::read(html, base);
    let mut out: Vec<Found> = Vec::new();
    let mut add = |found: Found| {
        if out.len() < MOST && !out.iter().any(|known| known.url == found.url) {
            out.push(found);
        }
    };
    let mut links = page.links;
    // The comments of a page are a feed as well, but nobody means them by the page's address.
    links.sort_by_key(is_comments);
    links.into_iter().for_each(&mut add);
    page.anchors.into_iter().for_each(&mut add);
    for address in [Some(base), page.canonical.as_ref()].into_iter().flatten() {
        for url in places::of(address) {
            add(guess(url, How::Rule));
        }
    }
    if page.wordpress
        && let Ok(url) = page.base.join("/feed/")
    {
        add(guess(url, How::Rule));
    }
    if out.is_empty() && matches!(base.scheme(), "http" | "https") {
        for path in places::WELL_KNOWN {
            if let Ok(url) = base.join(path) {
                out.push(guess(url, How::WellKnown));
            }
        }
    }
    out
}

fn guess(url: Url, how: How) -> Found {
    Found {
        url,
        title: SafeText::default(),
        format: None,
        how,
    }
}

fn is_comments(found: &Found) -> bool {
    let has = |text: &str| text.to_lowercase().contains("comment");
    has(&found.title) || has(found.url.path())
}

/// What a page says of feeds.
struct Page {
    base: Url,
    links: Vec<Found>,
    anchors: Vec<Found>,
    canonical: Option<Url>,
    wordpress: bool,
}

impl Page {
    fn read(html: &str, base: &Url) -> Page {
        let mut page = Page {
            base: base.clone(),
            links: Vec::new(),
            anchors: Vec::new(),
            canonical: None,
            wordpress: false,
        };
        let mut has_base = false;
        let mut anchor: Option<(Url, String)> = None;
        // An element that never ends is looked for once.
        let mut ends = true;
        let mut tokens = Tokens::new(html);
        while let Some((token, _)) = tokens.next() {
            match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => {
                    let lower = name.to_ascii_lowercase();
                    match lower.as_str() {
                        // The first one counts (HTML, 4.2.3).
                        "base" if !has_base => {
                            if let Some(url) = Attributes::get(attributes, "href")
                                .and_then(|href| base.join(href.trim()).ok())
                            {
                                page.base = url;
                                has_base = true;
                            }
                        }
                        "link" => page.link(attributes),
                        "meta" => {
                            page.wordpress |= Attributes::get(attributes, "name")
                                .is_some_and(|name| name.eq_ignore_ascii_case("generator"))
                                && Attributes::get(attributes, "content")
                                    .is_some_and(|content| content.starts_with("WordPress"));
                        }
                        "a" => {
                            page.end_anchor(anchor.take());
                            anchor = Attributes::get(attributes, "href")
                                .and_then(|href| page.address(&href))
                                .map(|url| (url, String::new()));
                        }
                        "script" | "style" | "textarea" | "template" if !closed && ends => {
                            ends = skip(&mut tokens, html, &lower);
                        }
                        _ => {}
                    }
                }
                Token::Text(text) => {
                    if let Some((_, words)) = &mut anchor
                        && words.len() < 200
                    {
                        words.push_str(text);
                    }
                }
                Token::End { name } if name.eq_ignore_ascii_case("a") => {
                    page.end_anchor(anchor.take());
                }
                _ => {}
            }
        }
        page.end_anchor(anchor);
        page
    }

    /// `feed:` in front of an address is taken off.
    fn address(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        if href.is_empty() {
            return None;
        }
        let href = match href.get(..5) {
            Some(start) if start.eq_ignore_ascii_case("feed:") => {
                let rest = href[5..].trim_start_matches(':');
                if rest.starts_with("//") {
                    format!("http:{rest}")
                } else {
                    rest.to_owned()
                }
            }
            _ => href.to_owned(),
        };
        let mut url = self.base.join(&href).ok()?;
        url.set_fragment(None);
        matches!(url.scheme(), "http" | "https" | "file").then_some(url)
    }

    fn link(&mut self, attributes: &str) {
        let Some(rel) = Attributes::get(attributes, "rel") else {
            return;
        };
        let is = |name: &str| {
            rel.split_ascii_whitespace()
                .any(|word| word.eq_ignore_ascii_case(name))
        };
        let Some(url) = Attributes::get(attributes, "href").and_then(|href| self.address(&href))
        else {
            return;
        };
        if is("canonical") {
            self.canonical = Some(url.clone());
        }
        if !(is("alternate") || is("feed")) || is("stylesheet") || self.links.len() >= MOST {
            return;
        }
        let kind = Attributes::get(attributes, "type").unwrap_or_default();
        let Some(format) = format_of(&kind).or((is("feed") && !is("alternate")).then_some(None))
        else {
            return;
        };
        let title = Attributes::get(attributes, "title").unwrap_or_default();
        self.links.push(Found {
            url,
            title: SafeText::short(&title, 200),
            format,
            how: How::Link,
        });
    }

    fn end_anchor(&mut self, anchor: Option<(Url, String)>) {
        let Some((url, words)) = anchor else {
            return;
        };
        if self.anchors.len() >= MOST_ANCHORS {
            return;
        }
        let words = super::entities::decode(&words).into_owned();
        if let Some(format) = looks_like_feed(&url, words.trim()) {
            self.anchors.push(Found {
                url,
                title: SafeText::short(&words, 200),
                format,
                how: How::Anchor,
            });
        }
    }
}

/// The format that a media type names; `None` if it is no feed's.
#[expect(
    clippy::option_option,
    reason = "a feed's type that leaves the format open is a third answer"
)]
fn format_of(kind: &str) -> Option<Option<Format>> {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    match kind.as_str() {
        "application/rss+xml" | "application/rdf+xml" | "text/rss+xml" | "application/rss" => {
            Some(Some(Format::Rss))
        }
        "application/atom+xml" | "application/atom" | "text/atom+xml" => Some(Some(Format::Atom)),
        "application/feed+json" => Some(Some(Format::Json)),
        "text/xml" | "application/xml" | "application/x-rss+xml" | "text/rss" => Some(None),
        _ => None,
    }
}

/// Whether an anchor leads to a feed, by its address and its words.
#[expect(
    clippy::option_option,
    reason = "an address of a feed may leave the format open"
)]
fn looks_like_feed(url: &Url, words: &str) -> Option<Option<Format>> {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or("");
    let extension = last.rsplit_once('.').map_or("", |parts| parts.1);
    let stem = last.split('.').next().unwrap_or("");
    match extension {
        "rss" | "rdf" => return Some(Some(Format::Rss)),
        "atom" => return Some(Some(Format::Atom)),
        _ => {}
    }
    let named = ["rss", "feed", "feeds", "atom", "index", "rss2"].contains(&stem);
    if (extension == "xml" && named) || (last == "feed.json") {
        return Some(None);
    }
    let says = {
        let words = words.to_lowercase();
        [
            "rss",
            "atom",
            "feed",
            "rss feed",
            "atom feed",
            "subscribe via rss",
            "rss-feed",
            "xml",
        ]
        .contains(&words.as_str())
    };
    // `/feed` alone may be a page of posts; with such words, or below nothing else, it is one.
    let place = ["rss", "feed", "atom", "feeds"].contains(&last);
    if says && (place || extension == "xml" || path.contains("feed") || path.contains("rss")) {
        return Some(None);
    }
    (place && extension.is_empty() && path.matches('/').count() <= 2).then_some(None)
}

/// Goes on at the end tag of an element whose text is no markup; false if there is none.
fn skip<'a>(tokens: &mut Tokens<'a>, html: &'a str, name: &str) -> bool {
    let from = tokens.at();
    let rest = &html.as_bytes()[from..];
    let mut at = 0;
    while let Some(found) = rest[at..].iter().position(|&b| b == b'<') {
        at += found;
        let tail = &rest[at..];
        let ends = tail.len() > name.len() + 2
            && tail[1] == b'/'
            && tail[2..2 + name.len()].eq_ignore_ascii_case(name.as_bytes());
        if ends {
            *tokens = Tokens::starting_at(html, from + at);
            return true;
        }
        at += 1;
    }
    // It never ends: then it was no such element, and what follows is read as it stands.
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let base = Url::parse("https://example.org/a/b").expect("an address");
        let found: Vec<String> = discover(html, &base)
            .iter()
            .map(|found| format!("{} {}", found.how.name(), found.url))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_the_page_says_comes_first() {
        check(
            "<a href='/rss.xml'>RSS</a><link rel='alternate' type='application/rss+xml' href='c'><link rel='x ALTERNATE' type='application/atom+xml; charset=utf-8' href='//d.example/'>",
            &[
                "link https://example.org/a/c",
                "link https://d.example/",
                "anchor https://example.org/rss.xml",
            ],
        );
    }

    #[test]
    fn the_feed_of_comments_comes_last() {
        check(
            "<link rel=alternate type=application/rss+xml title='Comments' href=/1><link rel=alternate type=application/rss+xml href=/2>",
            &["link https://example.org/2", "link https://example.org/1"],
        );
    }

    #[test]
    fn the_base_of_the_page_counts_and_feed_schemes_go() {
        check(
            "<base href='https://x.example/y/'><link rel=alternate type=application/rss+xml href=z><link rel=alternate type=application/rss+xml href='feed:https://q.example/'>",
            &["link https://x.example/y/z", "link https://q.example/"],
        );
    }

    #[test]
    fn other_alternates_are_no_feeds() {
        check(
            "<link rel=alternate hreflang=nl href=/nl><link rel='alternate stylesheet' type=text/xml href=/s><script>'<link rel=alternate type=application/rss+xml href=/js>'</script><link rel=alternate type=application/rss+xml href=/f>",
            &["link https://example.org/f"],
        );
    }

    #[test]
    fn a_page_that_says_nothing_gets_the_usual_places() {
        let base = Url::parse("https://example.org/").expect("an address");
        let found = discover("<p>hello", &base);
        assert!(found.iter().all(|found| found.how == How::WellKnown));
        assert_eq!(found[0].url.as_str(), "https://example.org/feed");
    }
}
