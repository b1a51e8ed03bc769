//! Feeds: what the list files say, hiding, moving, and the feed of addresses kept by hand.

use super::Desk;
use super::batch::Batch;
use super::entry::{Home, identity_hash};
use super::vote;
use crate::address;
use crate::feed::FeedId;
use crate::news::Entry;
use crate::news::edit::ListedFeed;
use crate::store::{LATER_FEED, StoreError};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The name of a feed in a sentence.
pub fn name(conn: &Connection, feed: i64) -> Result<String, StoreError> {
    let name: Option<String> = conn
        .prepare_cached(
            "SELECT coalesce(own_title, nullif(title, ''), url) FROM feed WHERE id = ?1",
        )?
        .query_row([feed], |row| row.get(0))
        .optional()?;
    Ok(name.unwrap_or_else(|| format!("feed {feed}")))
}

/// Where a feed is visited, if not where its file says.
pub fn visited(conn: &Connection, feed: i64) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT m.visited_url FROM feed f JOIN feed_moved m ON m.file_url = f.url WHERE f.id = ?1",
        )?
        .query_row([feed], |row| row.get(0))
        .optional()?)
}

/// Says where a feed is visited; `None` or its own address: where its file says.
pub fn set_visited(
    conn: &Connection,
    feed: i64,
    to: Option<&str>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(url) = conn
        .prepare_cached("SELECT url FROM feed WHERE id = ?1")?
        .query_row([feed], |row| row.get::<_, String>(0))
        .optional()?
    else {
        return Ok(0);
    };
    // Another place: what it was asked with there says nothing here, and what went wrong there neither.
    conn.prepare_cached(
        "UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = NULL, fresh_until = NULL, moved_to = NULL, moved_count = 0,
                health = CASE WHEN health = 3 THEN 0 ELSE health END WHERE id = ?1",
    )?
    .execute([feed])?;
    Ok(match to.filter(|to| *to != url) {
        Some(to) => conn
            .prepare_cached(
                "INSERT OR REPLACE INTO feed_moved (file_url, visited_url, at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![url, to, now.timestamp()])?,
        None => conn
            .prepare_cached("DELETE FROM feed_moved WHERE file_url = ?1")?
            .execute([url])?,
    })
}

/// Hides an entry or shows it.
pub fn set_entry_hidden(
    conn: &Connection,
    batch: &mut Batch,
    id: i64,
    hidden: bool,
) -> Result<(), StoreError> {
    match hide(conn, batch, id, hidden)? {
        Some(story) => super::place::refresh(conn, batch, story),
        None => Ok(()),
    }
}

/// Hides an entry or shows it; answers with the story in which another entry may have to stand for it now.
fn hide(
    conn: &Connection,
    batch: &mut Batch,
    id: i64,
    hidden: bool,
) -> Result<Option<i64>, StoreError> {
    let read: Option<bool> = conn
        .prepare_cached(
            "UPDATE entry SET hidden = ?2 WHERE id = ?1 AND hidden <> ?2 RETURNING read",
        )?
        .query_row(params![id, hidden], |row| row.get(0))
        .optional()?;
    let Some(read) = read else {
        return Ok(None);
    };
    let marks = crate::store::change::Counted {
        unread: !read,
        ..Default::default()
    };
    batch.tally.entry(marks, if hidden { -1 } else { 1 });
    vote::cast(conn, id)?;
    Ok(conn
        .prepare_cached(
            "SELECT s.id FROM story_entry se JOIN story s ON s.id = se.story WHERE se.entry = ?1 AND s.entries > 1",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?)
}

/// Whether a rule hides the entry.
pub fn is_kept_back(conn: &Connection, id: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM kept_back WHERE entry = ?1)")?
        .query_row([id], |row| row.get(0))
}

/// Hides a feed with its entries, or shows it again; answers whether that changed anything. An entry that also stands in a
/// feed that is shown stays.
pub fn set_hidden(
    conn: &Connection,
    batch: &mut Batch,
    feed: i64,
    hidden: bool,
) -> Result<bool, StoreError> {
    let changed = conn
        .prepare_cached("UPDATE feed SET hidden = ?2 WHERE id = ?1 AND hidden <> ?2")?
        .execute(params![feed, hidden])?
        == 1;
    if !changed {
        return Ok(false);
    }
    batch.changes.feed_list = true;
    batch.changes.feeds.push(FeedId(feed));
    let ids: Vec<i64> = conn
        .prepare_cached("SELECT entry FROM entry_feed WHERE feed = ?1")?
        .query_map([feed], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // Once each, however many of its entries the feed has told.
    let mut stories = BTreeSet::new();
    for id in ids {
        let stays = hidden
            && {
                conn.prepare_cached(
                "SELECT feeds > 1 AND (EXISTS (SELECT 1 FROM feed f WHERE f.id = e.feed AND f.hidden = 0)
                     OR EXISTS (SELECT 1 FROM entry_feed x JOIN feed f ON f.id = x.feed
                                WHERE x.entry = e.id AND x.extra = 1 AND f.hidden = 0))
                 FROM entry e WHERE e.id = ?1",
            )?
            .query_row([id], |row| row.get(0))
            .optional()?
            .unwrap_or(false)
            };
        if !stays && (hidden || !is_kept_back(conn, id)?) {
            stories.extend(hide(conn, batch, id, hidden)?);
        }
    }
    for story in stories {
        super::place::refresh(conn, batch, story)?;
    }
    Ok(true)
}

/// Scheme and `www.` aside, so that a list whose author went to https keeps its feeds.
fn bare(url: &str) -> &str {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    bare.strip_prefix("www.")
        .unwrap_or(bare)
        .trim_end_matches('/')
}

struct Known {
    id: i64,
    url: String,
    listed: bool,
    visited: Option<String>,
}

/// Makes the feeds of the database those of the list files; answers what changed, in words, and how much. `all`: these are
/// all; else those that are not among them stay.
pub fn set(
    desk: &Desk,
    batch: &mut Batch,
    feeds: &[ListedFeed],
    all: bool,
) -> Result<(String, u64), StoreError> {
    let conn = &desk.conn;
    let mut known: Vec<Known> = conn
        .prepare_cached(
            "SELECT f.id, f.url, f.listed, m.visited_url FROM feed f LEFT JOIN feed_moved m ON m.file_url = f.url WHERE internal = 0",
        )?
        .query_map([], |row| {
            Ok(Known {
                id: row.get(0)?,
                url: row.get(1)?,
                listed: row.get(2)?,
                visited: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    // A feed may stand in several lists: its tags are joined, the first place counts.
    let mut wanted: Vec<(String, ListedFeed)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for feed in feeds {
        let url = feed.listed.url.as_str().to_owned();
        if let Some(place) = places.get(&url) {
            let first = &mut wanted[*place].1;
            for tag in &feed.listed.tags {
                if !first.listed.tags.contains(tag) {
                    first.listed.tags.push(tag.clone());
                }
            }
            if first.listed.title.is_none() {
                first.listed.title.clone_from(&feed.listed.title);
            }
        } else {
            places.insert(url.clone(), wanted.len());
            wanted.push((url, feed.clone()));
        }
    }

    let (mut added, mut changed, mut removed) = (0_u64, 0_u64, 0_u64);
    let mut kept = HashSet::new();
    for (position, (url, feed)) in wanted.iter().enumerate() {
        let id = if let Some(known) = known.iter().find(|known| known.url == *url) {
            known.id
        } else if let Some(old) = known.iter_mut().find(|known| {
            // The file follows a move, or changes the scheme: the same feed, its entries and marks stay.
            !places.contains_key(&known.url)
                && (known.visited.as_deref() == Some(url)
                    || (known.listed && bare(&known.url) == bare(url)))
        }) {
            conn.prepare_cached("DELETE FROM feed_moved WHERE file_url = ?1")?
                .execute([&old.url])?;
            conn.prepare_cached("UPDATE feed SET url = ?2 WHERE id = ?1")?
                .execute(params![old.id, url])?;
            old.url.clone_from(url);
            changed += 1;
            batch.changes.feed_list = true;
            old.id
        } else {
            conn.prepare_cached("INSERT INTO feed (url, position) VALUES (?1, ?2)")?
                .execute(params![url, position as i64])?;
            added += 1;
            batch.changes.feed_list = true;
            conn.last_insert_rowid()
        };
        kept.insert(id);
        let returned = known.iter().any(|known| known.id == id && !known.listed);
        if lay(conn, batch, id, position, feed)? && !returned && known.iter().any(|k| k.id == id) {
            changed += 1;
        }
        added += u64::from(returned);
    }
    for feed in known
        .iter()
        .filter(|known| all && known.listed && !kept.contains(&known.id))
    {
        let now = (desk.clock)().timestamp();
        conn.prepare_cached("UPDATE feed SET listed = 0, unlisted_at = ?2 WHERE id = ?1")?
            .execute([feed.id, now])?;
        set_hidden(conn, batch, feed.id, true)?;
        batch.changes.feed_list = true;
        removed += 1;
    }
    let parts: Vec<String> = [(added, "added"), (changed, "changed"), (removed, "removed")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let summary = if parts.is_empty() {
        "feeds as before".into()
    } else {
        format!("feeds: {}", parts.join(", "))
    };
    Ok((summary, added + changed + removed))
}

/// Lays what the file says of a feed over its row; answers whether anything the reader sees is other than before.
fn lay(
    conn: &Connection,
    batch: &mut Batch,
    id: i64,
    position: usize,
    feed: &ListedFeed,
) -> Result<bool, StoreError> {
    let title = feed
        .listed
        .title
        .as_deref()
        .map(|title| SafeText::line(title).into_string())
        .filter(|title| !title.is_empty());
    // The order alone is no change that is counted; it is written all the same.
    conn.prepare_cached("UPDATE feed SET position = ?2 WHERE id = ?1 AND position <> ?2")?
        .execute(params![id, position as i64])?;
    let mut changed = conn
        .prepare_cached(
            "UPDATE feed SET listed = 1, unlisted_at = NULL, own_title = ?2, every_s = ?3, full_text = ?4, item_limit = ?5, unread_on_change = ?6,
                    site_url = coalesce(site_url, ?7)
             WHERE id = ?1 AND (listed, own_title, every_s, full_text, item_limit, unread_on_change)
                   IS NOT (1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id,
            title,
            feed.every_s.map(|every| every as i64),
            feed.full_text,
            feed.item_limit,
            feed.unread_on_change,
            feed.listed.site_url
        ])?
        == 1;
    changed |= set_hidden(conn, batch, id, feed.hidden)?;
    let mut tags: Vec<String> = feed
        .listed
        .tags
        .iter()
        .map(|tag| SafeText::line(tag).into_string())
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort();
    tags.dedup();
    let before: Vec<String> = conn
        .prepare_cached("SELECT tag FROM feed_tag WHERE feed = ?1 ORDER BY tag")?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if before != tags {
        changed = true;
        conn.prepare_cached("DELETE FROM feed_tag WHERE feed = ?1")?
            .execute([id])?;
        for tag in &tags {
            conn.prepare_cached("INSERT INTO feed_tag (feed, tag) VALUES (?1, ?2)")?
                .execute(params![id, tag])?;
        }
    }
    if changed {
        batch.changes.feed_list = true;
        batch.changes.feeds.push(FeedId(id));
    }
    Ok(changed)
}

/// The entry of an address to be read later: one that is there already, or a new one in a feed of its own.
pub fn keep_later(
    desk: &Desk,
    batch: &mut Batch,
    url: &str,
    title: &str,
) -> Result<(i64, bool), StoreError> {
    let conn = &desk.conn;
    let at = (desk.clock)();
    let cleaned = address::clean(url, address::Found::default()).ok();
    let key = cleaned
        .as_ref()
        .map_or_else(|| url.to_owned(), |a| a.key.clone());
    let there: Option<i64> = conn
        .prepare_cached("SELECT id FROM entry WHERE key = ?1 AND key <> '' ORDER BY id LIMIT 1")?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    if let Some(id) = there {
        return Ok((id, false));
    }
    conn.prepare_cached(
        "INSERT INTO feed (url, position, listed, internal, own_title, health) VALUES (?1, 1000000, 0, 1, 'Kept for later', 1)
         ON CONFLICT (url) DO NOTHING",
    )?
    .execute([LATER_FEED])?;
    let feed: i64 = conn
        .prepare_cached("SELECT id FROM feed WHERE url = ?1")?
        .query_row([LATER_FEED], |row| row.get(0))?;
    let shown = cleaned
        .as_ref()
        .map_or_else(|| url.to_owned(), |a| a.display.to_string());
    let title = SafeText::line(title);
    let entry = Entry {
        identity: key.clone(),
        url: Some(shown.clone()),
        key,
        title: if title.is_empty() {
            SafeText::line(&shown)
        } else {
            title
        },
        published: Some(at),
        ..Entry::default()
    };
    let home = Home {
        feed,
        hidden: false,
        language: None,
        unread_on_change: false,
        at,
    };
    let identity = identity_hash(&entry.identity);
    super::entry::insert(conn, batch, &home, &entry, identity)?;
    batch.changes.feed_list = true;
    batch.changes.new += 1;
    let id = conn
        .prepare_cached("SELECT entry FROM entry_feed WHERE feed = ?1 AND identity = ?2")?
        .query_row([feed, identity], |row| row.get(0))?;
    Ok((id, true))
}

/// The entry of an address that was kept for later, if it is one of its own.
pub fn kept(conn: &Connection, url: &str) -> Result<Option<i64>, StoreError> {
    let cleaned = address::clean(url, address::Found::default());
    let key = cleaned.map_or_else(|_| url.to_owned(), |address| address.key);
    Ok(conn
        .prepare_cached(
            "SELECT e.id FROM entry e JOIN feed f ON f.id = e.feed WHERE e.key = ?1 AND f.url = ?2",
        )?
        .query_row(params![key, LATER_FEED], |row| row.get(0))
        .optional()?)
}

/// Whether an entry is here for nothing but an address that was kept for later: no feed has it, and the reader has written
/// nothing of it.
pub fn is_only_kept(conn: &Connection, id: i64) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry e JOIN feed f ON f.id = e.feed
                            WHERE e.id = ?1 AND f.url = ?2 AND e.feeds = 1 AND e.starred = 0 AND e.later = 0
                            AND NOT EXISTS (SELECT 1 FROM entry_tag t WHERE t.entry = e.id)
                            AND NOT EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id))",
        )?
        .query_row(params![id, LATER_FEED], |row| row.get(0))?)
}
