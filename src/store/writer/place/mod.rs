//! Placing: which story an entry tells. Done once an entry, right after its sources are known; `crate::story` decides.
//!
//! - An entry that stands in a story with others stays there, whatever its feed does to its text later.
//! - What the reader split or joined by hand is asked first, and outranks what words and links say.
//! - Entries that are older than a week, and not among the two thousand newest, are counted, and joined no more.

mod counts;
mod entry;
mod hand;
mod members;
mod merge;
mod nearby;
mod sources;
mod terms;
mod threads;

pub use counts::{Counts, age, any_old};
pub use entry::{Entry, Languages, Stored};
pub use hand::{Hand, join};
pub use members::{leave, refresh, told_with};
pub use terms::forget_vector;
pub use threads::note_thread;

use super::batch::Batch;
use crate::store::StoreError;
use crate::story::{self, Join};
use counts::frequencies;
use hand::together;
use members::open;
use merge::merge;
use nearby::Neighbours;
use rusqlite::{Connection, OptionalExtension, params};
use sources::Sources;
use std::time::Instant;
use terms::{remember, subject};
use threads::note_threads;

/// Places an entry.
pub fn place(
    conn: &Connection,
    batch: &mut Batch,
    counts: &mut Counts,
    entry: &Entry,
) -> Result<(), StoreError> {
    let begin = Instant::now();
    let placed = place_entry(conn, batch, counts, entry);
    counts.took.push(begin.elapsed());
    placed
}

fn place_entry(
    conn: &Connection,
    batch: &mut Batch,
    counts: &mut Counts,
    entry: &Entry,
) -> Result<(), StoreError> {
    let id = entry.id;
    note_threads(conn, entry)?;
    let from = counts.from(conn)?;
    let others: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM story_entry WHERE story = (SELECT story FROM story_entry WHERE entry = ?1) AND entry <> ?1",
        )?
        .query_row([id], |row| row.get(0))?;
    if entry.hidden || entry.published < from {
        if others == 0 && !entry.hidden {
            counts.count(conn, id, &entry.text(0))?;
        }
        return Ok(());
    }
    let sources = Sources::load(conn, entry)?;
    let subject = subject(conn, counts, entry, sources.cited_strongly())?;
    forget_vector(conn, id)?;
    remember(conn, entry, &subject)?;
    if others > 0 {
        // It stays, but may have another home now: first came who points at it, then its own site.
        let story: Option<i64> = conn
            .prepare_cached(
                "UPDATE story_entry SET site = ?2, points = ?3 WHERE entry = ?1 AND (site <> ?2 OR points <> ?3) RETURNING story",
            )?
            .query_row(params![id, entry.site, sources.points(entry, &subject)], |row| row.get(0))
            .optional()?;
        if let Some(story) = story {
            refresh(conn, batch, story)?;
            if !subject.round_up {
                let near = Neighbours::load(conn, entry, &subject, &sources)?;
                merge(conn, batch, counts, story, &near, &subject)?;
            }
        }
        return Ok(());
    }
    leave(conn, batch, id)?;
    let caution = frequencies(conn, counts, &entry.language, &[])?.caution();
    let near = Neighbours::load(conn, entry, &subject, &sources)?;
    let joined = match together(conn, id)? {
        Some(story) => Some((
            Join {
                story,
                text: 1.0,
                links: 0.0,
                score: 1.0,
            },
            "joined by you".to_owned(),
        )),
        None => story::place(&subject, &near.all(), caution).map(|join| {
            let why = near.why(&join, &subject);
            (join, why)
        }),
    };
    let copy = match &joined {
        Some((join, _)) => near.copied(conn, join.story, entry, &subject)?,
        None => None,
    };
    let story = match &joined {
        Some((join, _)) => join.story,
        None => open(conn, entry.published)?,
    };
    let (text, links, why) = joined.map_or((0.0, 0.0, String::new()), |(join, why)| {
        (join.text, join.links, why)
    });
    conn.prepare_cached(
        "INSERT INTO story_entry (entry, story, text, links, why, site, copy_of, points, in_list) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
    )?
    .execute(params![id, story, text, links, why, entry.site, copy, sources.points(entry, &subject)])?;
    refresh(conn, batch, story)?;
    if !subject.round_up {
        merge(conn, batch, counts, story, &near, &subject)?;
    }
    Ok(())
}
