//! What is done with foreign bytes, one function for each kind of them. The fuzz targets in `fuzz/` and the mutations of
//! `tests/mutations.rs` run the same functions: a finding of one can be repeated with the other.
//!
//! Each fails (by a panic) where a promise is broken: no panic of ours, no control character, no half an address.

use bron::address::Found;
use bron::article::{read_card, read_entry, read_page};
use bron::feed::{discover, list, opml};
use bron::source::{FieldLinks, Subject};
use bron::text::html::{LayOut, lay_out, plain};
use bron::text::{Lines, SafeText, decode};
use std::collections::BTreeSet;
use std::path::Path;
use url::Url;

/// Characters that no text for a terminal may hold: controls, bidi, tag characters.
fn outlawed(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

#[track_caller]
fn check_safe(text: &str) {
    assert!(!text.contains(outlawed), "{text:?} could harm a terminal");
}

#[track_caller]
fn check_lines(lines: &Lines) {
    for line in &lines.lines {
        check_safe(&line.text());
    }
}

fn page_url() -> Url {
    Url::parse("https://example.org/2026/page").expect("an address")
}

/// Bytes of a feed: read, identified, and only safe text and whole addresses in it.
pub fn feed(bytes: &[u8]) {
    let base = Url::parse("https://example.org/blog/feed.xml").expect("an address");
    let Ok(feed) = bron::feed::parse(bytes, &base, None) else {
        return;
    };
    assert_eq!(
        bron::feed::identities(&feed.entries).len(),
        feed.entries.len()
    );
    check_safe(&feed.title);
    for entry in &feed.entries {
        check_safe(&entry.title);
        assert!(
            entry
                .url
                .as_deref()
                .is_none_or(|url| Url::parse(url).is_ok())
        );
        let _ = bron::feed::content_hash(entry);
    }
    // A panic of feed-rs is caught, and still a finding.
    assert!(
        !feed
            .warnings
            .iter()
            .any(|warning| warning.starts_with("reader:"))
    );
}

/// HTML to lines of the width that the first byte says.
pub fn lines(bytes: &[u8]) {
    let Some((&width, html)) = bytes.split_first() else {
        return;
    };
    let html = String::from_utf8_lossy(html);
    let how = LayOut {
        width: u16::from(width).max(20),
        numbers: &[],
        pictures: &[],
    };
    check_lines(&lay_out(&html, &how));
    assert!(
        !plain(&html).contains(|letter: char| outlawed(letter) && !matches!(letter, '\n' | '\t'))
    );
}

/// A web page to its article, card, sources and feeds.
pub fn article(bytes: &[u8]) {
    let url = page_url();
    let article = read_page(bytes, None, &url);
    let card = read_card(bytes, None, &url);
    for text in [
        &article.card.title,
        &article.card.description,
        &card.title,
        &card.site,
        &card.author,
    ]
    .into_iter()
    .flatten()
    {
        check_safe(text);
    }
    check_lines(&lay_out(
        &article.html,
        &LayOut {
            width: 72,
            numbers: &[],
            pictures: &[],
        },
    ));
    sources(&article.html, &url, true);
    let text = decode(bytes, None).text;
    for found in discover::discover(&text, &url) {
        check_safe(&found.title);
    }
}

/// The HTML of an entry to its article and sources.
pub fn entry(bytes: &[u8]) {
    let url = page_url();
    let article = read_entry(&String::from_utf8_lossy(bytes), &url);
    check_lines(&lay_out(
        &article.html,
        &LayOut {
            width: 72,
            numbers: &[],
            pictures: &[],
        },
    ));
    sources(&article.html, &url, false);
}

fn sources(html: &str, url: &Url, extracted: bool) {
    let collected = bron::source::collect(&Subject {
        html,
        url,
        feed_site: None,
        feed_url: None,
        fields: &FieldLinks::default(),
        extracted,
        boilerplate: &[],
    });
    for source in &collected.sources {
        assert!(matches!(source.display.scheme(), "http" | "https"));
        check_safe(&source.anchor);
        check_safe(&source.context);
    }
}

/// An address to its three forms: what is shown is cleaned once and for all.
pub fn address(bytes: &[u8]) {
    let base = page_url();
    let found = Found {
        base: Some(&base),
        feed: None,
    };
    if let Ok(address) = bron::address::clean(&String::from_utf8_lossy(bytes), found) {
        assert!(matches!(address.display.scheme(), "http" | "https"));
        assert!(bron::address::clean(address.display.as_str(), Found::default()).is_ok());
    }
}

/// A list of feeds in any format, written again in both: the same feeds come back.
pub fn opml(bytes: &[u8]) {
    let first = list::read(bytes);
    let urls = |read: &list::List| {
        read.feeds
            .iter()
            .map(|feed| feed.url.clone())
            .collect::<BTreeSet<_>>()
    };
    let again = opml::read(&opml::write(
        first.title.as_deref().unwrap_or(""),
        &first.feeds,
    ));
    assert_eq!(urls(&first), urls(&again));
    let again = list::read(list::write_urls(&first.feeds).as_bytes());
    assert_eq!(urls(&first), urls(&again));
}

/// The query language: an answer or a sentence.
pub fn query(bytes: &[u8]) {
    let now = chrono::DateTime::from_timestamp(1_772_000_000, 0).expect("a moment");
    if let Err(error) = bron::query::parse(&String::from_utf8_lossy(bytes), now) {
        assert!(!error.to_string().is_empty());
    }
}

/// A config file: settings, and all its mistakes with their lines.
pub fn config(bytes: &[u8]) {
    let loaded =
        bron::config::load::read(&String::from_utf8_lossy(bytes), Path::new("config.toml"));
    for mistake in &loaded.mistakes {
        check_safe(&SafeText::line(&mistake.to_string()));
    }
}

/// A name, what it does with bytes, and bytes to begin from.
type Target = (&'static str, fn(&[u8]), &'static [&'static [u8]]);

/// Name, function, and seeds of each target.
pub const TARGETS: &[Target] = &[
    (
        "feed",
        feed,
        &[
            include_bytes!("../../fuzz/seeds/feed/weekly.xml"),
            include_bytes!("../../fuzz/seeds/feed/notes.atom"),
            include_bytes!("../../fuzz/seeds/feed/old.rdf"),
            include_bytes!("../../fuzz/seeds/feed/links.json"),
        ],
    ),
    (
        "lines",
        lines,
        &[include_bytes!("../../fuzz/seeds/lines/all.html")],
    ),
    (
        "article",
        article,
        &[include_bytes!("../../fuzz/seeds/article/page.html")],
    ),
    (
        "entry",
        entry,
        &[
            include_bytes!("../../fuzz/seeds/lines/all.html"),
            include_bytes!("../../fuzz/seeds/article/page.html"),
        ],
    ),
    (
        "address",
        address,
        &[
            include_bytes!("../../fuzz/seeds/address/odd"),
            include_bytes!("../../fuzz/seeds/address/tracked"),
        ],
    ),
    (
        "opml",
        opml,
        &[
            include_bytes!("../../fuzz/seeds/opml/list.opml"),
            include_bytes!("../../fuzz/seeds/opml/urls"),
        ],
    ),
    (
        "query",
        query,
        &[include_bytes!("../../fuzz/seeds/query/words")],
    ),
    (
        "config",
        config,
        &[include_bytes!("../../fuzz/seeds/config/config.toml")],
    ),
];
