//! The words by which an entry is found and compared, while it can be joined.

use super::counts::{Counts, ENTRIES, frequencies};
use super::entry::Entry;
use crate::story::{self, Subject, Vector};
use rusqlite::{Connection, OptionalExtension, params};

/// Terms of an entry by which others find it.
const POSTED: usize = 24;

pub(super) fn subject(
    conn: &Connection,
    counts: &mut Counts,
    entry: &Entry,
    strong: usize,
) -> rusqlite::Result<Subject> {
    let text = entry.text(strong);
    let terms = if counts.of(conn, &entry.language, ENTRIES)? > 0 {
        story::terms_of(&text)
    } else {
        Vec::new()
    };
    Ok(Subject::new(
        &text,
        &frequencies(conn, counts, &entry.language, &terms)?,
    ))
}

pub(super) fn remember(
    conn: &Connection,
    entry: &Entry,
    subject: &Subject,
) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO vector (entry, published, lang, words, numbers, round_up, terms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            entry.id,
            entry.published,
            entry.language,
            subject.body_words as i64,
            subject.numbers.join("\n"),
            subject.round_up,
            subject.vector.to_bytes()
        ])?;
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO posting (term, entry) VALUES (?1, ?2)")?;
    for term in subject.vector.heaviest(POSTED) {
        statement.execute([i64::from(term), entry.id])?;
    }
    Ok(())
}

/// The vector of an entry goes, and what finds it by.
pub fn forget_vector(conn: &Connection, id: i64) -> rusqlite::Result<()> {
    let terms: Option<Vec<u8>> = conn
        .prepare_cached("DELETE FROM vector WHERE entry = ?1 RETURNING terms")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(terms) = terms {
        let mut statement =
            conn.prepare_cached("DELETE FROM posting WHERE term = ?1 AND entry = ?2")?;
        for term in Vector::from_bytes(&terms).heaviest(POSTED) {
            statement.execute([i64::from(term), id])?;
        }
    }
    Ok(())
}
