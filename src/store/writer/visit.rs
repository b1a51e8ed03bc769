//! What a visit found, into the database.

use super::Desk;
use super::batch::Batch;
use super::entry::{self, Home, identity_hash};
use crate::feed::FeedUrl;
use crate::news::{FeedContent, Outcome, VisitRecord, Visited};
use crate::store::StoreError;
use crate::text::SafeText;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// How many visits of a feed are remembered.
const REMEMBERED: i64 = 20;

/// After so many visits that were moved permanently to the same place, the feed is visited there.
const MOVES: i64 = 3;

struct Row {
    url: String,
    hidden: bool,
    language: Option<String>,
    unread_on_change: bool,
    moved_to: Option<String>,
    moved_count: i64,
    visits: i64,
}

/// Writes the record of a visit. That of a feed hidden or gone meanwhile is dropped.
pub fn record(desk: &Desk, batch: &mut Batch, record: &VisitRecord) -> Result<(), StoreError> {
    let conn = &desk.conn;
    let feed = record.feed.0;
    let row = conn
        .prepare_cached(
            "SELECT url, hidden, language, unread_on_change, moved_to, moved_count, visits FROM feed WHERE id = ?1",
        )?
        .query_row([feed], |row| {
            Ok(Row {
                url: row.get(0)?,
                hidden: row.get(1)?,
                language: row.get(2)?,
                unread_on_change: row.get(3)?,
                moved_to: row.get(4)?,
                moved_count: row.get(5)?,
                visits: row.get(6)?,
            })
        })
        .optional()?;
    let Some(row) = row.filter(|row| !row.hidden) else {
        return Ok(());
    };
    let (mut new, mut changed) = (0, 0);
    if let Outcome::Updated(content) = &record.outcome {
        (new, changed) = content_of(conn, batch, record, content, &row)?;
    }
    health(conn, record, &row)?;
    let (name, sentence) = match &record.outcome {
        Outcome::Updated(_) => ("updated", None),
        Outcome::Unchanged => ("unchanged", None),
        Outcome::Failed(why) => ("failed", Some(why)),
        Outcome::Busy(why) => ("busy", Some(why)),
        Outcome::Gone(why) => ("gone", Some(why)),
    };
    conn.prepare_cached(
        "INSERT OR REPLACE INTO visit (feed, slot, at, took_ms, bytes, http, outcome, sentence, new, changed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        feed,
        row.visits % REMEMBERED,
        record.at.timestamp(),
        record.took_ms,
        record.bytes as i64,
        record.http,
        name,
        sentence.map(SafeText::as_str),
        new,
        changed
    ])?;
    if moved(conn, record, &row)? {
        batch.changes.feed_list = true;
    }
    host(conn, record, &row)?;
    batch.changes.feeds.push(record.feed);
    batch.changes.new += new;
    batch.changes.changed += changed;
    batch.changes.visits.push(Visited {
        feed: record.feed,
        new,
        changed,
    });
    Ok(())
}

fn health(conn: &Connection, record: &VisitRecord, row: &Row) -> Result<(), StoreError> {
    let (health, sentence) = match &record.outcome {
        Outcome::Updated(_) | Outcome::Unchanged => (1, None),
        Outcome::Failed(why) | Outcome::Busy(why) => (2, Some(why)),
        Outcome::Gone(why) => (3, Some(why)),
    };
    let well = health == 1;
    conn.prepare_cached(
        "UPDATE feed SET last_visit = ?2, http = ?3, failures = CASE WHEN ?4 THEN 0 ELSE failures + 1 END, health = ?5,
                sentence = ?6, not_before = ?7, fresh_until = ?8, visits = ?9 + 1,
                etag = CASE WHEN ?10 THEN ?11 ELSE etag END,
                last_modified = CASE WHEN ?10 THEN ?12 ELSE last_modified END,
                body_hash = coalesce(?13, body_hash)
         WHERE id = ?1",
    )?
    .execute(params![
        record.feed.0,
        record.at.timestamp(),
        record.http,
        well,
        health,
        sentence.map(SafeText::as_str),
        record.not_before.map(|at| at.timestamp()),
        record.fresh_until.map(|at| at.timestamp()),
        row.visits,
        record.validators.is_some(),
        record.validators.as_ref().and_then(|v| v.etag.as_deref()),
        record
            .validators
            .as_ref()
            .and_then(|v| v.last_modified.as_deref()),
        record.body_hash.map(|hash| hash as i64),
    ])?;
    Ok(())
}

/// Where a feed is visited.
pub fn visited_url(conn: &Connection, url: &str) -> rusqlite::Result<String> {
    Ok(conn
        .prepare_cached("SELECT visited_url FROM feed_moved WHERE file_url = ?1")?
        .query_row([url], |row| row.get(0))
        .optional()?
        .unwrap_or_else(|| url.to_owned()))
}

/// Counts permanent moves; answers whether the feed is visited elsewhere from now on.
fn moved(conn: &Connection, record: &VisitRecord, row: &Row) -> Result<bool, StoreError> {
    let came = matches!(record.outcome, Outcome::Updated(_) | Outcome::Unchanged);
    let (to, count) = match &record.moved_to {
        Some(to) if came && to.as_str() != visited_url(conn, &row.url)? => {
            let again = row.moved_to.as_deref() == Some(to.as_str());
            (
                Some(to.as_str()),
                if again { row.moved_count + 1 } else { 1 },
            )
        }
        // A visit that failed says nothing about where the feed lives.
        None if !came => return Ok(false),
        _ => (None, 0),
    };
    let now_there = count >= MOVES;
    if now_there && let Some(to) = to {
        conn.prepare_cached(
            "INSERT OR REPLACE INTO feed_moved (file_url, visited_url, at) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![row.url, to, record.at.timestamp()])?;
    }
    if (to, count) != (row.moved_to.as_deref(), row.moved_count) {
        let kept = if now_there { (None, 0) } else { (to, count) };
        conn.prepare_cached("UPDATE feed SET moved_to = ?2, moved_count = ?3 WHERE id = ?1")?
            .execute(params![record.feed.0, kept.0, kept.1])?;
    }
    Ok(now_there)
}

/// Remembers a host that asks to be left alone, and forgets it when it answers.
fn host(conn: &Connection, record: &VisitRecord, row: &Row) -> Result<(), StoreError> {
    let url = visited_url(conn, &row.url)?;
    let Some(host) = url
        .parse::<FeedUrl>()
        .ok()
        .and_then(|url| url.url().host_str().map(str::to_owned))
    else {
        return Ok(());
    };
    match (&record.outcome, record.not_before) {
        (Outcome::Busy(why), Some(not_before)) => {
            conn.prepare_cached(
                "INSERT INTO host (host, not_before, reason) VALUES (?1, ?2, ?3) ON CONFLICT (host) DO UPDATE
                 SET not_before = max(not_before, excluded.not_before), reason = excluded.reason",
            )?
            .execute(params![host, not_before.timestamp(), why.as_str()])?;
        }
        (Outcome::Updated(_) | Outcome::Unchanged, _) => {
            conn.prepare_cached("DELETE FROM host WHERE host = ?1 AND not_before <= ?2")?
                .execute(params![host, record.at.timestamp()])?;
        }
        _ => {}
    }
    Ok(())
}

struct Known {
    entry: i64,
    content_hash: i64,
    listed: bool,
    seen: bool,
}

fn content_of(
    conn: &Connection,
    batch: &mut Batch,
    record: &VisitRecord,
    content: &FeedContent,
    row: &Row,
) -> Result<(u32, u32), StoreError> {
    let feed = record.feed.0;
    let warnings = (!content.warnings.is_empty()).then(|| {
        let warnings: Vec<&str> = content.warnings.iter().map(SafeText::as_str).collect();
        serde_json::to_string(&warnings).unwrap_or_default()
    });
    conn.prepare_cached(
        "UPDATE feed SET title = ?2, site_url = coalesce(?3, site_url), description = ?4, language = coalesce(?5, language),
                icon = ?6, warnings = ?7 WHERE id = ?1",
    )?
    .execute(params![
        feed,
        content.title.as_str(),
        content.site_url,
        content.description.as_str(),
        content.language,
        content.icon,
        warnings
    ])?;

    let mut known = HashMap::new();
    {
        let mut statement = conn.prepare_cached(
            "SELECT identity, entry, content_hash, listed FROM entry_feed WHERE feed = ?1",
        )?;
        let mut rows = statement.query([feed])?;
        while let Some(row) = rows.next()? {
            known.insert(
                row.get::<_, i64>(0)?,
                Known {
                    entry: row.get(1)?,
                    content_hash: row.get(2)?,
                    listed: row.get(3)?,
                    seen: false,
                },
            );
        }
    }
    let home = Home {
        feed,
        hidden: row.hidden,
        language: content.language.clone().or_else(|| row.language.clone()),
        unread_on_change: row.unread_on_change,
        at: record.at,
    };
    // The first in the file is the newest: it gets the highest id. Of two with one identity the first counts.
    let mut identities = std::collections::HashSet::new();
    let mut order: Vec<_> = content
        .entries
        .iter()
        .map(|entry| (identity_hash(&entry.identity), entry))
        .filter(|(identity, _)| identities.insert(*identity))
        .collect();
    order.reverse();
    let (mut new, mut changed) = (0, 0);
    for (identity, entry) in order {
        if let Some(known) = known.get_mut(&identity) {
            known.seen = true;
            if known.content_hash != entry.content_hash as i64
                && entry::change(conn, batch, &home, known.entry, entry, identity)?
            {
                changed += 1;
                batch
                    .changes
                    .entries
                    .push(crate::feed::EntryId(known.entry));
            }
        } else if !retired(conn, feed, identity)?
            && entry::insert(conn, batch, &home, entry, identity)?
        {
            new += 1;
        }
    }
    for (identity, known) in known {
        if known.listed != known.seen {
            conn.prepare_cached(
                "UPDATE entry_feed SET listed = ?3 WHERE feed = ?1 AND identity = ?2",
            )?
            .execute(params![feed, identity, known.seen])?;
        }
    }
    Ok((new, changed))
}

/// Whether the entry was kept long enough and let go: it must not come back as new.
fn retired(conn: &Connection, feed: i64, identity: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM tombstone WHERE feed = ?1 AND identity = ?2)",
    )?
    .query_row([feed, identity], |row| row.get(0))
}
