//! Who cites what when: written down once more, narrow, for what is cited most. Only entries that are not hidden vote.
//!
//! Beside the votes it is kept how many feeds cite a source. That is never less than there are, and what there are where a
//! source has few votes: it says who need not be looked at.

use crate::store::StoreError;
use rusqlite::{Connection, params};

/// So many of the newest votes for a source are looked at to know whether a feed cites it already.
const LOOKED_AT: i64 = 64;

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
        "SELECT DISTINCT source FROM citation WHERE from_entry = ?1 AND role IN ('source', 'media') AND external = 1",
    )?;
    // Not `INSERT … SELECT`: for that SQLite makes a savepoint, and with each of those the full-text index writes a segment.
    let mut vote = conn.prepare_cached(
        "INSERT OR IGNORE INTO vote (at, entry, source, feed) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut count = conn.prepare_cached(
        "INSERT INTO vote_tally (source, feeds, newest) VALUES (?1, 1, ?3)
         ON CONFLICT (source) DO UPDATE SET feeds = feeds + ?2, newest = max(newest, excluded.newest)",
    )?;
    let mut rows = cited.query([entry])?;
    while let Some(row) = rows.next()? {
        let source: i64 = row.get(0)?;
        let others = Others::of(conn, source, feed)?;
        vote.execute(params![at, entry, source, feed])?;
        count.execute(params![source, !others.own_feed, at])?;
    }
    Ok(())
}

/// An entry that is hidden, let go or moved in time does not vote any more, or not there.
pub fn withdraw(conn: &Connection, entry: i64) -> Result<(), StoreError> {
    let withdrawn: Vec<(i64, i64)> = conn
        .prepare_cached(
            "DELETE FROM vote WHERE entry = ?1 AND at = (SELECT published FROM entry WHERE id = ?1) RETURNING source, feed",
        )?
        .query_map([entry], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (source, feed) in withdrawn {
        let others = Others::of(conn, source, feed)?;
        if others.none {
            conn.prepare_cached("DELETE FROM vote_tally WHERE source = ?1")?
                .execute([source])?;
        } else if others.all_seen && !others.own_feed {
            conn.prepare_cached("UPDATE vote_tally SET feeds = feeds - 1 WHERE source = ?1")?
                .execute([source])?;
        }
    }
    Ok(())
}

/// The other votes for a source.
struct Others {
    /// There are none.
    none: bool,
    /// One of those looked at is of the feed itself.
    own_feed: bool,
    /// There are no others than those looked at.
    all_seen: bool,
}

impl Others {
    fn of(conn: &Connection, source: i64, feed: i64) -> Result<Others, StoreError> {
        let (seen, own_feed): (i64, bool) = conn
            .prepare_cached(
                "SELECT count(*), coalesce(max(feed = ?2), 0)
                 FROM (SELECT feed FROM vote INDEXED BY vote_source WHERE source = ?1 ORDER BY at DESC LIMIT ?3)",
            )?
            .query_row([source, feed, LOOKED_AT], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Others {
            none: seen == 0,
            own_feed,
            all_seen: seen < LOOKED_AT,
        })
    }
}
