//! Who cites what when: written down once more, narrow, for what is cited most. Only entries that are not hidden vote.

use crate::store::StoreError;
use rusqlite::{Connection, params};

/// The votes of an entry are what it cites now.
pub fn cast(conn: &Connection, entry: i64) -> Result<(), StoreError> {
    withdraw(conn, entry)?;
    let (at, feed, hidden): (i64, i64, bool) = conn
        .prepare_cached("SELECT published, feed, hidden FROM entry WHERE id = ?1")?
        .query_row([entry], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if hidden {
        return Ok(());
    }
    let mut cited = conn.prepare_cached(
        "SELECT source FROM citation WHERE from_entry = ?1 AND role IN ('source', 'media') AND external = 1",
    )?;
    // Not `INSERT … SELECT`: for that SQLite makes a savepoint, and with each of those the full-text index writes a segment.
    let mut vote = conn.prepare_cached(
        "INSERT OR IGNORE INTO vote (at, entry, source, feed) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut rows = cited.query([entry])?;
    while let Some(row) = rows.next()? {
        vote.execute(params![at, entry, row.get::<_, i64>(0)?, feed])?;
    }
    Ok(())
}

/// An entry that is hidden, let go or moved in time does not vote any more, or not there.
pub fn withdraw(conn: &Connection, entry: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM vote WHERE entry = ?1 AND at = (SELECT published FROM entry WHERE id = ?1)",
    )?
    .execute([entry])?;
    Ok(())
}
