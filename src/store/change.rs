//! What a transaction changes in the counts, gathered while it runs and written once before its commit.

use crate::feed::FeedId;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Differences of the counts of one transaction.
#[derive(Debug, Default)]
pub struct Tally {
    feeds: BTreeMap<i64, (i64, i64)>,
    entries: i64,
    unread: i64,
    starred: i64,
    later: i64,
    next_entry: Option<i64>,
}

/// The marks that are counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    pub hidden: bool,
    pub unread: bool,
    pub starred: bool,
    pub later: bool,
}

impl Tally {
    /// The id of an entry to be made; ids only grow.
    pub fn next_entry(&mut self, conn: &Connection) -> rusqlite::Result<i64> {
        let next = match self.next_entry {
            Some(next) => next,
            None => conn
                .prepare_cached("SELECT last_entry + 1 FROM counter")?
                .query_row([], |row| row.get(0))?,
        };
        self.next_entry = Some(next + 1);
        Ok(next)
    }

    /// An entry came (1) or went (-1).
    pub fn entry(&mut self, marks: Counted, by: i64) {
        if !marks.hidden {
            self.entries += by;
            self.unread += by * i64::from(marks.unread);
        }
        self.starred += by * i64::from(marks.starred);
        self.later += by * i64::from(marks.later);
    }

    /// An entry came to (1) or went from (-1) a feed.
    pub fn in_feed(&mut self, feed: i64, unread: bool, by: i64) {
        let counts = self.feeds.entry(feed).or_default();
        counts.0 += by;
        counts.1 += by * i64::from(unread);
    }

    /// An entry became unread (1) or read (-1).
    pub fn unread(&mut self, feeds: &[i64], hidden: bool, by: i64) {
        if !hidden {
            self.unread += by;
        }
        for feed in feeds {
            self.feeds.entry(*feed).or_default().1 += by;
        }
    }

    /// Stars and later marks.
    pub fn marked(&mut self, starred: i64, later: i64) {
        self.starred += starred;
        self.later += later;
    }

    /// Writes the differences; answers the feeds whose counts changed.
    pub fn write(self, conn: &Connection) -> rusqlite::Result<Vec<FeedId>> {
        let mut changed = Vec::new();
        let mut update = conn.prepare_cached(
            "UPDATE feed SET entries = entries + ?2, unread = unread + ?3 WHERE id = ?1",
        )?;
        for (feed, (entries, unread)) in self.feeds {
            if (entries, unread) != (0, 0) {
                update.execute([feed, entries, unread])?;
            }
            changed.push(FeedId(feed));
        }
        conn.prepare_cached(
            "UPDATE counter SET entries = entries + ?1, unread = unread + ?2, starred = starred + ?3,
                    later = later + ?4, last_entry = max(last_entry, ?5)",
        )?
        .execute(params![
            self.entries,
            self.unread,
            self.starred,
            self.later,
            self.next_entry.map_or(0, |next| next - 1)
        ])?;
        Ok(changed)
    }
}
