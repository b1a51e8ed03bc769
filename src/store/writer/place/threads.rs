//! Discussions about entries.

use super::super::cite;
use super::entry::Entry;
use crate::address::{self, Found};
use crate::source::FieldLinks;
use crate::store::StoreError;
use rusqlite::{Connection, params};

/// The discussions that an entry is or names, about what it is about.
pub(super) fn note_threads(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM thread WHERE entry = ?1")?
        .execute([entry.id])?;
    let any: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM citation WHERE from_entry = ?1 AND role = 'discussion')",
        )?
        .query_row([entry.id], |row| row.get(0))?;
    if !any {
        // What follows could fail half-way, so SQLite makes a savepoint for it, and with each of those the full-text index
        // writes what it has gathered: a segment an entry.
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO thread (about, key, place, entry, comments)
         SELECT coalesce((SELECT t.key FROM citation p JOIN source t ON t.id = p.source
                          WHERE p.from_entry = ?1 AND p.\"primary\" = 1 AND p.role = 'source' LIMIT 1), e.key),
                s.key, CASE WHEN s.key LIKE 'hn:%' THEN 'hn' WHEN s.key LIKE 'lobsters:%' THEN 'lobsters'
                            WHEN s.key LIKE 'reddit:%' THEN 'reddit' ELSE s.site END, ?1, e.comments
         FROM citation c JOIN source s ON s.id = c.source JOIN entry e ON e.id = c.from_entry
         WHERE c.from_entry = ?1 AND c.role = 'discussion' AND e.key <> '' LIMIT 5",
    )?
    .execute([entry.id])?;
    Ok(())
}

/// The discussion that a feed names for an entry which it shares with the entry's own site.
pub fn note_thread(conn: &Connection, about: &str, fields: &FieldLinks) -> Result<(), StoreError> {
    let Some((url, comments)) = &fields.comments else {
        return Ok(());
    };
    let Ok(address) = address::clean(url, Found::default()) else {
        return Ok(());
    };
    let site = address::site(&address.display);
    let place = match address.key.split_once(':') {
        Some((place @ ("hn" | "lobsters" | "reddit"), _)) => place,
        _ => &site,
    };
    cite::source_of(conn, &address.key, &address.display, &site, address.kind)?;
    conn.prepare_cached(
        "INSERT INTO thread (about, key, place, comments) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (about, key) DO UPDATE SET comments = excluded.comments, entry = NULL",
    )?
    .execute(params![about, address.key, place, comments])?;
    Ok(())
}
