//! Rows of SQL as rows of lists.

use super::StoreError;
use crate::feed::{EntryId, FeedId, StoryId};
use crate::news::{EntryHead, Marks};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

/// A time of the database. One that no calendar has is the beginning of all.
pub fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// A time that may be missing.
pub fn maybe_time(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

/// The title of a feed: the reader's, else the feed's, else the host, else the address.
pub fn feed_title(own: Option<String>, title: &str, url: &str) -> SafeText {
    if let Some(own) = own {
        return SafeText::line(&own);
    }
    if !title.is_empty() {
        return SafeText::line(title);
    }
    let host = url::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    SafeText::line(host.as_deref().unwrap_or(url))
}

/// The columns of [`head`].
pub const HEAD: &str = "SELECT e.id, e.feed, f.own_title, f.title, f.url, e.title, e.url, e.authors, e.published, e.read, e.starred,
        e.later, e.sources, e.comments, s.id, s.sites,
        (SELECT group_concat(t.tag, char(31)) FROM entry_tag t WHERE t.entry = e.id),
        EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id)
    FROM entry e JOIN feed f ON f.id = e.feed
    LEFT JOIN story_entry se ON se.entry = e.id LEFT JOIN story s ON s.id = se.story
    WHERE e.id = ?1";

/// An entry in a list, out of the columns of [`HEAD`].
fn head(row: &Row<'_>) -> rusqlite::Result<EntryHead> {
    let url: String = row.get(4)?;
    let title: String = row.get(3)?;
    let story: Option<i64> = row.get(14)?;
    let sites: Option<u16> = row.get(15)?;
    Ok(EntryHead {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        feed_title: feed_title(row.get(2)?, &title, &url),
        title: SafeText::line(&row.get::<_, String>(5)?),
        url: row.get(6)?,
        authors: SafeText::line(&row.get::<_, String>(7)?),
        published: time(row.get(8)?),
        marks: Marks {
            read: row.get(9)?,
            starred: row.get(10)?,
            later: row.get(11)?,
        },
        sources: row.get(12)?,
        comments: row.get(13)?,
        story: story
            .zip(sites)
            .filter(|(_, sites)| *sites > 1)
            .map(|(story, sites)| (StoryId(story), sites)),
        tags: tags(row.get::<_, Option<String>>(16)?.as_deref()),
        note: row.get(17)?,
    })
}

/// Tags, as `group_concat` gives them.
pub fn tags(joined: Option<&str>) -> Vec<SafeText> {
    let mut tags: Vec<SafeText> = joined
        .iter()
        .flat_map(|joined| joined.split('\u{1f}'))
        .map(SafeText::line)
        .collect();
    tags.sort();
    tags
}

/// The heads of these entries, in their order; entries that went meanwhile are left out.
pub fn heads(conn: &Connection, ids: &[i64]) -> Result<Vec<EntryHead>, StoreError> {
    let mut statement = conn.prepare_cached(HEAD)?;
    let mut heads = Vec::with_capacity(ids.len());
    for id in ids {
        heads.extend(statement.query_row([id], head).optional()?);
    }
    Ok(heads)
}
