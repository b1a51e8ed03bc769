//! A visit to a feed or a page: what is known before it, what it found.

use crate::feed::{Enclosure, FeedId, FeedUrl};
use crate::source::FieldLinks;
use crate::text::SafeText;
use chrono::{DateTime, Utc};

/// What the server said to be asked with, verbatim (RFC 9110, 8.8): bytes as they came, quotes included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<Vec<u8>>,
    pub last_modified: Option<Vec<u8>>,
}

/// All that decides when a feed is due, and how it is asked for. Facts out of the store; plans are never stored.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitFacts {
    pub feed: FeedId,
    /// What the list file says.
    pub url: FeedUrl,
    /// Where it is visited, after permanent moves.
    pub visit_url: FeedUrl,
    pub title: SafeText,
    pub validators: Validators,
    pub last_visit: Option<DateTime<Utc>>,
    /// Failures one after the other.
    pub failures: u32,
    /// Not before then, whatever else (Retry-After, back-off after 429 and 503).
    pub not_before: Option<DateTime<Utc>>,
    /// Fresh until then, as the server or the feed said (max-age, Expires, ttl): timed visits wait, asked ones don't.
    pub fresh_until: Option<DateTime<Utc>>,
    /// The server said 410.
    pub gone: bool,
    /// How often the same permanent move was seen, and to where.
    pub moved: Option<(FeedUrl, u32)>,
    /// Seconds between timed visits, where this feed has a setting of its own.
    pub every_s: Option<u64>,
    /// Hash of the last body, so a server without validators still gives "unchanged".
    pub body_hash: Option<u64>,
    /// Most entries to keep of one visit, where the feed has a setting.
    pub item_limit: Option<u32>,
    /// Full text is always wanted.
    pub full_text: bool,
}

/// One visit, done.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitRecord {
    pub feed: FeedId,
    pub at: DateTime<Utc>,
    pub took_ms: u32,
    /// Bytes of the body as it came over the wire where known, else decoded.
    pub bytes: u64,
    pub http: Option<u16>,
    pub outcome: Outcome,
    /// What to ask with next time; `None`: leave what is known.
    pub validators: Option<Validators>,
    pub not_before: Option<DateTime<Utc>>,
    pub fresh_until: Option<DateTime<Utc>>,
    /// A chain of permanent moves led there.
    pub moved_to: Option<FeedUrl>,
    pub body_hash: Option<u64>,
}

/// How a visit ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A feed came, and was read.
    Updated(Box<FeedContent>),
    /// 304, or the same bytes as last time.
    Unchanged,
    /// A sentence for the reader: what happened, what can be done.
    Failed(SafeText),
    /// 429 or 503: asked to wait.
    Busy(SafeText),
    /// 410.
    Gone(SafeText),
}

/// A feed's own words, and its entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedContent {
    pub title: SafeText,
    pub site_url: Option<String>,
    pub description: SafeText,
    pub language: Option<String>,
    pub icon: Option<String>,
    pub warnings: Vec<SafeText>,
    pub entries: Vec<Entry>,
}

/// An entry, ready to be stored: made by the poller's `ingest` out of a parsed one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Equal for the same entry of the same feed at every visit.
    pub identity: String,
    /// Changes when what is shown changes.
    pub content_hash: u64,
    pub url: Option<String>,
    /// Key of `url`; empty where there is none.
    pub key: String,
    pub title: SafeText,
    /// Names, joined by ", ".
    pub authors: SafeText,
    /// Clamped to the visit; first seen where nothing is said.
    pub published: Option<DateTime<Utc>>,
    /// What the feed said, where it was clamped.
    pub published_said: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
    /// HTML as the feed has it (content, else summary); sanitised when shown.
    pub html: String,
    /// Plain text, where there is no HTML.
    pub text: String,
    pub language: Option<String>,
    pub image: Option<String>,
    pub categories: Vec<SafeText>,
    pub enclosures: Vec<Enclosure>,
    pub fields: FieldLinks,
}

/// A page that was read, to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptPage {
    /// Key of the address asked for.
    pub key: String,
    /// Where the answer came from, after redirects.
    pub url: String,
    pub fetched_at: DateTime<Utc>,
    pub http: Option<u16>,
    pub validators: Validators,
    /// Keys that turned out to be the same thing (redirects, canonical), and how.
    pub aliases: Vec<(String, &'static str)>,
    /// The article, or a sentence that says why there is none.
    pub result: Result<Box<crate::article::Article>, SafeText>,
    /// Only the card was wanted: the article's HTML is not kept.
    pub card_only: bool,
}
