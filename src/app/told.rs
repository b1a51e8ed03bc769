//! An entry as it is told to programs: the keys of `bron list --json`, which hooks are given too.

use crate::news::{EntryHead, FeedRow};
use crate::text::SafeText;
use chrono::SecondsFormat;
use serde::Serialize;

/// What a program is told of an entry.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    id: i64,
    feed: Feed<'a>,
    url: Option<&'a str>,
    title: &'a str,
    authors: Option<&'a str>,
    published: String,
    read: bool,
    starred: bool,
    later: bool,
    tags: Vec<&'a str>,
    story: Option<i64>,
    /// `null` until it is known what the entry cites.
    sources: Option<u16>,
}

#[derive(Debug, Serialize)]
struct Feed<'a> {
    id: i64,
    title: &'a str,
    url: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// Of an entry, and the feed it stands in.
    pub fn of(head: &'a EntryHead, feed: Option<&'a FeedRow>) -> Told<'a> {
        Told {
            id: head.id.0,
            feed: Feed {
                id: head.feed.0,
                title: &head.feed_title,
                url: feed.map(|feed| feed.url.as_str()),
            },
            url: head.url.as_deref(),
            title: &head.title,
            authors: Some(head.authors.as_str()).filter(|authors| !authors.is_empty()),
            published: head.published.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            read: head.marks.read,
            starred: head.marks.starred,
            later: head.marks.later,
            tags: head.tags.iter().map(SafeText::as_str).collect(),
            story: head.story.map(|(story, _)| story.0),
            sources: head.sources,
        }
    }
}
