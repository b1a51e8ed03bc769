//! Retention: what is read, unmarked, old, and no longer in its feed is let go.

use super::batch::Batch;
use super::edit::feeds_of;
use super::vote;
use crate::store::change::Counted;
use crate::store::{StoreError, index};
use rusqlite::{Connection, OptionalExtension, params};

/// The entries that may go, oldest first, from a place on: read, unmarked, without tag and note, seen and published before
/// `before`, not read lately, and no longer in any of their feeds; or only in feeds that the reader removed before `before`.
pub fn candidates(
    conn: &Connection,
    after: i64,
    before: i64,
    read_before: i64,
    limit: usize,
) -> Result<(Vec<i64>, Option<i64>), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.id,
                e.published < ?2 AND e.first_seen < ?2 AND e.starred = 0 AND e.later = 0
                AND ((e.read = 1 AND coalesce(e.read_at, 0) < ?3
                      AND NOT EXISTS (SELECT 1 FROM entry_feed x WHERE x.feed = e.feed AND x.published = e.published
                                      AND x.entry = e.id AND x.listed = 1)
                      AND (e.feeds = 1 OR NOT EXISTS (SELECT 1 FROM entry_feed x WHERE x.entry = e.id AND x.extra = 1
                                      AND x.listed = 1)))
                     OR (e.hidden = 1 AND EXISTS (SELECT 1 FROM feed f WHERE f.id = e.feed AND f.listed = 0 AND f.internal = 0
                                      AND f.unlisted_at < ?2)))
                AND NOT EXISTS (SELECT 1 FROM entry_tag t WHERE t.entry = e.id)
                AND NOT EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id)
         FROM entry e WHERE e.id > ?1 ORDER BY e.id LIMIT ?4",
    )?;
    let mut rows = statement.query(params![after, before, read_before, limit as i64])?;
    let mut ids = Vec::new();
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        last = Some(id);
        if row.get(1)? {
            ids.push(id);
        }
    }
    Ok((ids, last))
}

/// Lets an entry go, and leaves a tombstone, so that it does not come back as new; none in a feed that was removed, since who
/// subscribes to it again wants what it has.
pub fn retire(conn: &Connection, batch: &mut Batch, id: i64, at: i64) -> Result<(), StoreError> {
    let row: Option<(i64, i64, i64, bool)> = conn
        .prepare_cached("SELECT feed, feeds, published, read FROM entry WHERE id = ?1")?
        .query_row([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((feed, feeds, published, read)) = row else {
        return Ok(());
    };
    for feed in feeds_of(conn, id, feed, feeds)? {
        conn.prepare_cached(
            "INSERT OR REPLACE INTO tombstone (feed, identity, at)
             SELECT x.feed, x.identity, ?4 FROM entry_feed x JOIN feed f ON f.id = x.feed
             WHERE x.feed = ?1 AND x.published = ?2 AND x.entry = ?3 AND f.listed = 1",
        )?
        .execute([feed, published, id, at])?;
        conn.prepare_cached(
            "DELETE FROM entry_feed WHERE feed = ?1 AND published = ?2 AND entry = ?3",
        )?
        .execute([feed, published, id])?;
        batch.tally.in_feed(feed, !read, -1);
    }
    let_go(conn, batch, id)
}

/// An entry goes, with all that is written of it; what its feeds say of it is left to who calls.
pub fn let_go(conn: &Connection, batch: &mut Batch, id: i64) -> Result<(), StoreError> {
    let marks = conn
        .prepare_cached("SELECT hidden, read, starred, later FROM entry WHERE id = ?1")?
        .query_row([id], |row| {
            Ok(Counted {
                hidden: row.get(0)?,
                unread: !row.get::<_, bool>(1)?,
                starred: row.get(2)?,
                later: row.get(3)?,
            })
        })?;
    batch.tally.entry(marks, -1);
    vote::withdraw(conn, id)?;
    super::place::leave(conn, batch, id)?;
    super::place::forget_vector(conn, id)?;
    index::remove(conn, id)?;
    for sql in [
        "DELETE FROM entry WHERE id = ?1",
        "DELETE FROM body WHERE entry = ?1",
        "DELETE FROM index_queue WHERE entry = ?1",
        "DELETE FROM collect_queue WHERE entry = ?1",
        "DELETE FROM rule_queue WHERE entry = ?1",
        "DELETE FROM kept_back WHERE entry = ?1",
        "DELETE FROM entry_tag WHERE entry = ?1",
        "DELETE FROM note WHERE entry = ?1",
        "DELETE FROM place WHERE entry = ?1",
        "DELETE FROM citation WHERE from_entry = ?1",
        "DELETE FROM thread WHERE entry = ?1",
        "DELETE FROM apart WHERE ?1 IN (entry, other)",
        "DELETE FROM together WHERE ?1 IN (entry, other)",
    ] {
        conn.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}
