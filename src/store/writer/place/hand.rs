//! Stories split and joined by the reader, which outranks what words and links say for ever.

use super::super::batch::Batch;
use super::entry::Entry;
use super::members::{open, refresh};
use crate::feed::EntryId;
use crate::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

/// Joins entries to the story of another by hand, or takes that back: each stands where it stood before, with those that it
/// stood with. Answers how many moved.
pub fn join(
    conn: &Connection,
    batch: &mut Batch,
    with: i64,
    entries: &[(i64, Vec<i64>)],
    back: bool,
) -> Result<usize, StoreError> {
    let mut moved = 0;
    for (at, (entry, before)) in entries.iter().enumerate() {
        // Who stood with it and is not taken back yet, is still in the story that it leaves.
        let waiting = &entries[at..];
        let before: Vec<i64> = before
            .iter()
            .copied()
            .filter(|other| !back || !waiting.iter().any(|(waiting, _)| waiting == other))
            .collect();
        let hand = Hand {
            entry: *entry,
            others: &[with],
            before: &before,
            apart: false,
        };
        moved += if back {
            hand.take_back(conn, batch)?
        } else {
            hand.put(conn, batch)?
        };
    }
    Ok(moved)
}

/// What the reader does to a story by hand.
pub struct Hand<'a> {
    pub entry: i64,
    /// Those it is split from, or joined to.
    pub others: &'a [i64],
    /// Those it stood with before.
    pub before: &'a [i64],
    pub apart: bool,
}

impl Hand<'_> {
    /// Does it, and writes down that it outranks what words say. Answers whether the entry moved.
    pub fn put(&self, conn: &Connection, batch: &mut Batch) -> Result<usize, StoreError> {
        for other in self.others.iter().filter(|other| **other != self.entry) {
            for pair in [[self.entry, *other], [*other, self.entry]] {
                let (add, take) = if self.apart {
                    ("apart", "together")
                } else {
                    ("together", "apart")
                };
                conn.prepare_cached(&format!(
                    "INSERT OR IGNORE INTO {add} (entry, other) VALUES (?1, ?2)"
                ))?
                .execute(pair)?;
                conn.prepare_cached(&format!(
                    "DELETE FROM {take} WHERE entry = ?1 AND other = ?2"
                ))?
                .execute(pair)?;
            }
        }
        let with = if self.apart { &[] } else { self.others };
        let why = if self.apart {
            "split by you"
        } else {
            "joined by you"
        };
        self.go(conn, batch, with, why)
    }

    /// Takes it back: the entry stands where it stood before.
    pub fn take_back(&self, conn: &Connection, batch: &mut Batch) -> Result<usize, StoreError> {
        let table = if self.apart { "apart" } else { "together" };
        for other in self.others {
            conn.prepare_cached(&format!(
                "DELETE FROM {table} WHERE (entry = ?1 AND other = ?2) OR (entry = ?2 AND other = ?1)"
            ))?
            .execute([self.entry, *other])?;
        }
        self.go(conn, batch, self.before, "")
    }

    /// To the story of the first of `with` that is in one; alone where none is.
    fn go(
        &self,
        conn: &Connection,
        batch: &mut Batch,
        with: &[i64],
        why: &str,
    ) -> Result<usize, StoreError> {
        let story_of = |id: i64| -> rusqlite::Result<Option<i64>> {
            conn.prepare_cached("SELECT story FROM story_entry WHERE entry = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()
        };
        let Some(entry) = Entry::load(conn, self.entry)? else {
            return Ok(0);
        };
        let was = story_of(self.entry)?;
        let mut to = None;
        for other in with.iter().filter(|other| **other != self.entry) {
            to = to.or(story_of(*other)?);
        }
        if was.is_some() && was == to
            || to.is_none() && !self.apart && with.iter().any(|other| *other != self.entry)
        {
            return Ok(0);
        }
        let to = match to {
            Some(story) => story,
            None => open(conn, entry.published)?,
        };
        conn.prepare_cached(
            "INSERT INTO story_entry (entry, story, why, site, in_list) VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (entry) DO UPDATE SET story = excluded.story, why = excluded.why, copy_of = NULL, in_list = 0",
        )?
        .execute(params![self.entry, to, why, entry.site])?;
        batch.changes.entries.push(EntryId(self.entry));
        for story in was.into_iter().chain([to]) {
            refresh(conn, batch, story)?;
        }
        // Those it has left look different, too: they may stand alone now.
        batch
            .changes
            .entries
            .extend(self.before.iter().chain(self.others).map(|id| EntryId(*id)));
        Ok(1)
    }
}

/// The story of an entry that the reader joined to this one by hand.
pub(super) fn together(conn: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT se.story FROM together t JOIN story_entry se ON se.entry = t.other WHERE t.entry = ?1 LIMIT 1")?
        .query_row([id], |row| row.get(0))
        .optional()
}
