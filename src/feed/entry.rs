//! A feed and its entries, as parsed.

use crate::text::SafeText;
use chrono::{DateTime, Utc};
use url::Url;

/// The family of a feed's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Rss,
    Atom,
    Json,
}

impl Format {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Format::Rss => "rss",
            Format::Atom => "atom",
            Format::Json => "json",
        }
    }
}

/// Who wrote something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: SafeText,
}

/// A file attached to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    pub url: String,
    /// Media type, as said.
    pub kind: Option<String>,
    /// Bytes, as said.
    pub length: Option<u64>,
}

/// A discussion about the entry that the feed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub url: String,
    /// How many comments there are, as said.
    pub comments: Option<u32>,
}

/// One thing published in a feed, as parsed and mended. Addresses are absolute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedEntry {
    /// The feed's own id for it (GUID, Atom id), as said; `None` where it has none.
    pub guid: Option<String>,
    /// Where it is read: origLink, else alternate, else permalink GUID.
    pub url: Option<String>,
    /// Plain text; from the text where there is no title. May be empty.
    pub title: SafeText,
    /// Whether the feed gives the title; else it is from the text, or empty.
    pub titled: bool,
    pub authors: Vec<Person>,
    /// As said; not clamped.
    pub published: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
    /// HTML as the feed has it, not sanitised; relative addresses made absolute by `base`.
    pub summary_html: Option<String>,
    pub content_html: Option<String>,
    pub categories: Vec<SafeText>,
    pub enclosures: Vec<Enclosure>,
    /// Images named by `media:thumbnail` and the like.
    pub image: Option<String>,
    pub comments: Option<Thread>,
    /// `rel=via`, RSS `source url` (of an entry).
    pub via: Vec<String>,
    /// `rel=related`, JSON Feed `external_url`.
    pub related: Vec<String>,
    /// The base of relative addresses in its HTML.
    pub base: Option<Url>,
    /// ISO 639 code, as said.
    pub language: Option<String>,
}

/// A feed as parsed and mended.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedFeed {
    pub format: Format,
    /// As `2.0`, `1.0`, `1.1`.
    pub version: String,
    /// The feed's own address of itself (`rel=self`), if it says one.
    pub url: Option<String>,
    pub title: SafeText,
    pub site_url: Option<String>,
    pub description: SafeText,
    pub language: Option<String>,
    pub updated: Option<DateTime<Utc>>,
    pub icon: Option<String>,
    /// In the order of the file.
    pub entries: Vec<ParsedEntry>,
    /// Seconds that the feed asks not to be visited again (`ttl`, `sy:updatePeriod`).
    pub ttl: Option<u64>,
    /// Hours of the day, UTC, in which the feed asks not to be visited (`skipHours`).
    pub skip_hours: Vec<u8>,
    /// WebSub hub, kept for later.
    pub hub: Option<String>,
    /// What was mended: `name: sentence`.
    pub warnings: Vec<String>,
}
