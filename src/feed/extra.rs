//! What feed-rs does not tell of a feed: the fields that it does not know, and those that it reads wrongly or
//! refuses the whole feed for.

mod entry;
mod feed;
mod leaf;
mod media;

pub(super) use leaf::{attribute, hidden_host};

use super::entry::Enclosure;
use super::markup;
use super::vocabulary::Vocabulary;
use chrono::{DateTime, Utc};
use url::Url;

/// A text, and whether it is HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) html: bool,
}

impl Written {
    pub(super) fn html(text: impl Into<String>) -> Written {
        Written {
            text: text.into(),
            html: true,
        }
    }

    pub(super) fn plain(text: impl Into<String>) -> Written {
        Written {
            text: text.into(),
            html: false,
        }
    }

    /// As HTML; `None` if there is nothing in it.
    pub(super) fn into_html(self) -> Option<String> {
        if self.text.trim().is_empty() {
            return None;
        }
        Some(if self.html {
            self.text
        } else {
            markup::escape(&self.text)
        })
    }
}

/// Lists of one entry hold no more than this.
const MOST: usize = 200;

/// What is said of an entry beside what feed-rs reads.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// Where there is no GUID: `rdf:about`, `dc:identifier`.
    pub(super) guid: Option<String>,
    pub(super) permalink: Option<bool>,
    pub(super) original: Option<String>,
    /// Instead of what feed-rs has, or where it has none.
    pub(super) link: Option<String>,
    pub(super) title: Option<Written>,
    pub(super) summary: Option<Written>,
    pub(super) content: Option<Written>,
    /// Where nothing better is said: `dc:title`, `media:title` …
    pub(super) other_title: Option<Written>,
    pub(super) other_summary: Option<Written>,
    /// `other_summary` stands beside `description` with the same right.
    pub(super) two_summaries: bool,
    pub(super) authors: Vec<String>,
    /// `itunes:author`, if there is no other.
    pub(super) other_author: Option<String>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
    /// A date of which it is not said what it is.
    pub(super) date: Option<DateTime<Utc>>,
    pub(super) categories: Vec<String>,
    pub(super) enclosures: Vec<Enclosure>,
    /// Sound and video of `media:`, if there is no enclosure.
    pub(super) media: Vec<Enclosure>,
    pub(super) image: Option<String>,
    pub(super) comments: Option<String>,
    pub(super) replies: Option<u32>,
    pub(super) via: Vec<String>,
    pub(super) related: Vec<String>,
    /// Where the feed names one, the base of the entry, and of the one text or the other.
    pub(super) base: Option<Url>,
    pub(super) summary_base: Option<Url>,
    pub(super) content_base: Option<Url>,
    pub(super) language: Option<String>,
}

/// What is said of a feed beside what feed-rs reads.
#[derive(Debug, Default)]
pub(super) struct FeedExtra {
    pub(super) title: Option<Written>,
    pub(super) description: Option<Written>,
    pub(super) other_title: Option<Written>,
    pub(super) other_description: Option<Written>,
    pub(super) link: Option<String>,
    pub(super) language: Option<String>,
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) icon: Option<String>,
    pub(super) logo: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) ttl_minutes: Option<u64>,
    pub(super) period: Option<u64>,
    pub(super) frequency: Option<u64>,
    pub(super) skip_hours: Vec<u8>,
    pub(super) hub: Option<String>,
    pub(super) own: Option<String>,
}

/// Whether an element of an entry means anything to us or to feed-rs, so that it is read to its end at once.
pub(super) fn is_entry_field(vocabulary: Vocabulary, local: &str) -> bool {
    match vocabulary {
        Vocabulary::Core => matches!(
            local,
            "title"
                | "link"
                | "description"
                | "summary"
                | "author"
                | "category"
                | "guid"
                | "id"
                | "enclosure"
                | "pubdate"
                | "published"
                | "issued"
                | "created"
                | "updated"
                | "modified"
                | "date"
                | "comments"
                | "source"
                | "content"
                | "body"
                | "fullitem"
                | "encoded"
                | "image"
                | "thumbnail"
                | "rights"
                | "contributor"
                | "generator"
                | "tags"
                | "lastbuilddate"
                | "abstract"
                | "creator"
                | "name"
                | "copyright"
                | "uri"
                | "url"
                | "tagline"
                | "subject"
        ),
        Vocabulary::Syndication | Vocabulary::Rdf | Vocabulary::Other => false,
        Vocabulary::Xhtml => matches!(local, "body" | "div"),
        Vocabulary::Threads => matches!(local, "total" | "in-reply-to"),
        _ => true,
    }
}

/// The same for a channel.
pub(super) fn is_feed_field(vocabulary: Vocabulary, local: &str) -> bool {
    match vocabulary {
        Vocabulary::Core => matches!(
            local,
            "title"
                | "link"
                | "description"
                | "subtitle"
                | "tagline"
                | "abstract"
                | "language"
                | "pubdate"
                | "lastbuilddate"
                | "updated"
                | "modified"
                | "ttl"
                | "image"
                | "icon"
                | "logo"
                | "skiphours"
                | "managingeditor"
                | "webmaster"
                | "author"
                | "contributor"
                | "rights"
                | "copyright"
                | "generator"
                | "category"
                | "id"
                | "info"
                | "url"
                | "name"
                | "issued"
                | "created"
                | "published"
        ),
        Vocabulary::Atom
        | Vocabulary::DublinCore
        | Vocabulary::Terms
        | Vocabulary::Itunes
        | Vocabulary::Podcast
        | Vocabulary::Media
        | Vocabulary::Syndication => true,
        _ => false,
    }
}

/// The first one said stays.
fn set<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < MOST && !list.contains(&value) {
        list.push(value);
    }
}
