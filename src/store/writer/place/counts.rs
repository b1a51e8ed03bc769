//! How common words are in the reader's own feeds: counted when an entry is too old to be joined, asked when one is placed.

use super::entry::Entry;
use super::terms::forget_vector;
use crate::store::StoreError;
use crate::story::{self, Frequencies, Text};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::time::Duration;

const DAY: i64 = 24 * 3600;
/// The collection is as new as its hundredth entry: a single date in the future moves nothing.
const HUNDREDTH: i64 = 100;
/// Entries up to so many days older than that can be joined,
const JOINED_DAYS: i64 = 8;
/// and so many of the newest in any case: a collection that stood still for a month has its stories, too.
const NEWEST: i64 = 2_000;
/// From so many counted entries on only one in eight is: a sample is enough.
const SAMPLED_FROM: u32 = 5_000;
/// Counts that are remembered.
const REMEMBERED: usize = 60_000;

/// What placing remembers from entry to entry. All of it is in the database, or will be at the end of the transaction.
#[derive(Debug, Default)]
pub struct Counts {
    /// From when on entries are placed; forgotten after each transaction.
    from: Option<i64>,
    known: HashMap<(String, i64), u32>,
    /// Not written yet.
    added: HashMap<(String, i64), u32>,
    /// Entries placed in this transaction, and how long each took; for the log.
    pub(super) took: Vec<Duration>,
}

/// The term under which the number of counted entries stands.
pub(super) const ENTRIES: i64 = -1;

impl Counts {
    pub(super) fn of(
        &mut self,
        conn: &Connection,
        language: &str,
        term: i64,
    ) -> rusqlite::Result<u32> {
        let key = (language.to_owned(), term);
        let added = self.added.get(&key).copied().unwrap_or(0);
        if let Some(known) = self.known.get(&key) {
            return Ok(known + added);
        }
        let known: u32 = conn
            .prepare_cached("SELECT entries FROM term_count WHERE lang = ?1 AND term = ?2")?
            .query_row(params![language, term], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, known);
        Ok(known + added)
    }

    /// Counts the terms of an entry that can be joined no more.
    pub(super) fn count(
        &mut self,
        conn: &Connection,
        id: i64,
        text: &Text<'_>,
    ) -> rusqlite::Result<()> {
        if self.of(conn, text.language, ENTRIES)? >= SAMPLED_FROM && id % 8 != 0 {
            return Ok(());
        }
        for term in story::terms_of(text) {
            *self
                .added
                .entry((text.language.to_owned(), i64::from(term)))
                .or_default() += 1;
        }
        *self
            .added
            .entry((text.language.to_owned(), ENTRIES))
            .or_default() += 1;
        Ok(())
    }

    /// Writes what was counted: at the end of each transaction.
    pub fn write(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        self.from = None;
        if !self.took.is_empty() {
            self.took.sort_unstable();
            let (entries, median) = (self.took.len(), self.took[self.took.len() / 2]);
            let whole: Duration = self.took.drain(..).sum();
            tracing::debug!(entries, ?median, ?whole, "placed");
        }
        if self.added.is_empty() {
            return Ok(());
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO term_count (lang, term, entries) VALUES (?1, ?2, ?3)
             ON CONFLICT (lang, term) DO UPDATE SET entries = entries + excluded.entries",
        )?;
        for ((language, term), count) in std::mem::take(&mut self.added) {
            statement.execute(params![language, term, count])?;
            if let Some(known) = self.known.get_mut(&(language, term)) {
                *known += count;
            }
        }
        Ok(())
    }

    /// The transaction was given up.
    pub fn forget(&mut self) {
        *self = Counts::default();
    }

    /// From when on entries can be joined.
    pub(super) fn from(&mut self, conn: &Connection) -> rusqlite::Result<i64> {
        if let Some(from) = self.from {
            return Ok(from);
        }
        let mut statement = conn.prepare_cached(
            "SELECT published FROM entry INDEXED BY entry_date WHERE hidden = 0 ORDER BY published DESC LIMIT 1 OFFSET ?1",
        )?;
        let mut published = |place: i64| -> rusqlite::Result<i64> {
            let found = statement.query_row([place], |row| row.get(0)).optional()?;
            Ok(found.unwrap_or(i64::MIN / 2))
        };
        let from = published(HUNDREDTH)?
            .saturating_sub(JOINED_DAYS * DAY)
            .min(published(NEWEST)?);
        self.from = Some(from);
        Ok(from)
    }
}

pub(super) fn frequencies<'a>(
    conn: &Connection,
    counts: &mut Counts,
    language: &str,
    terms: &[u32],
) -> rusqlite::Result<Frequencies<'a>> {
    let documents = counts.of(conn, language, ENTRIES)?;
    let mut with = HashMap::with_capacity(terms.len());
    if documents > 0 {
        for term in terms {
            with.insert(*term, counts.of(conn, language, i64::from(*term))?);
        }
    }
    Ok(Frequencies::new(language, documents, move |term| {
        with.get(&term).copied().unwrap_or(0)
    }))
}

/// Where entries that are older than a week are no longer joined: counts them, and lets go of what finds them by. Answers
/// whether any is left.
pub fn age(
    conn: &Connection,
    counts: &mut Counts,
    mut may_go_on: impl FnMut() -> bool,
) -> Result<bool, StoreError> {
    let before = counts.from(conn)?;
    let old: Vec<i64> = conn
        .prepare_cached("SELECT entry FROM vector WHERE published < ?1 LIMIT 500")?
        .query_map([before], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &old {
        if let Some(entry) = Entry::load(conn, *id)? {
            counts.count(conn, *id, &entry.text(0))?;
        }
        forget_vector(conn, *id)?;
        if !may_go_on() {
            return Ok(true);
        }
    }
    Ok(old.len() == 500)
}

/// Whether [`age`] has anything to do.
pub fn any_old(conn: &Connection, counts: &mut Counts) -> Result<bool, StoreError> {
    let before = counts.from(conn)?;
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM vector WHERE published < ?1)")?
        .query_row([before], |row| row.get(0))?)
}
