//! Batches: what is there, up to 64, in one transaction.

use super::Desk;
use crate::news::{Applied, Changes, Edit};
use crate::store::change::Tally;
use crate::store::queue::{Arrived, Queue, QueuedEdit};
use crate::store::{Hold, Listener, StoreError};
use crate::text::SafeText;
use chrono::Utc;
use rusqlite::{Connection, ErrorCode};
use std::sync::Arc;

/// How much of what has arrived goes into one transaction.
const LIMIT: usize = 64;

/// What one transaction gathers.
#[derive(Default)]
pub struct Batch {
    pub tally: Tally,
    pub changes: Changes,
    /// Entries that were not there before, for the rules.
    pub arrived: Vec<i64>,
    /// Entries were queued for indexing, or something else was left for idle time.
    pub idle: bool,
}

/// Runs `write` so that it is done whole or not at all, without giving up the transaction it is in.
pub fn whole<T>(
    conn: &Connection,
    write: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    conn.prepare_cached("SAVEPOINT one")?.execute([])?;
    let result = write();
    if result.is_err() {
        conn.execute_batch("ROLLBACK TO one; RELEASE one")?;
    } else {
        conn.prepare_cached("RELEASE one")?.execute([])?;
    }
    result
}

impl Batch {
    /// Writes the counts and commits.
    pub fn commit(self, conn: &Connection) -> Result<Changes, StoreError> {
        let Batch {
            tally, mut changes, ..
        } = self;
        for feed in tally.write(conn)? {
            if !changes.feeds.contains(&feed) {
                changes.feeds.push(feed);
            }
        }
        conn.execute_batch("COMMIT")?;
        Ok(changes)
    }
}

/// Begins a transaction; waits for another instance as long as it takes when that is worth it.
pub fn begin(conn: &Connection) -> Result<(), StoreError> {
    loop {
        match conn.execute_batch("BEGIN IMMEDIATE") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
            other => return Ok(other?),
        }
    }
}

/// Gives a transaction up; that there may be none any more is no matter.
pub fn give_up(conn: &Connection) {
    if !conn.is_autocommit() {
        let _ = conn.execute_batch("ROLLBACK");
    }
}

/// A sentence for the reader.
pub fn sentence(error: &StoreError) -> SafeText {
    let disk_full = matches!(error, StoreError::Sqlite(e) if e.sqlite_error_code() == Some(ErrorCode::DiskFull));
    if disk_full {
        SafeText::line("the disk is full: nothing is stored until there is room")
    } else {
        SafeText::line(&error.to_string())
    }
}

impl Desk {
    /// Applies edits and commits them at once.
    pub fn edits(&mut self, edits: Vec<QueuedEdit>, queue: &Arc<Queue>, listener: &mut Listener) {
        let last = edits.last().map_or(0, |edit| edit.number);
        let mut batch = Batch::default();
        let mut answers = Vec::new();
        for queued in &edits {
            if let Edit::SetRules(rules) = &queued.edit {
                self.settings.rules.clone_from(rules);
            }
        }
        let written = begin(&self.conn).and_then(|()| {
            for queued in edits {
                let number = queued.number;
                let applied = whole(&self.conn, || {
                    super::edit::apply(self, &mut batch, queued.edit)
                })
                .map_or_else(
                    |error| Applied {
                        number,
                        summary: SafeText::line("not done"),
                        count: 0,
                        undoable: false,
                        error: Some(sentence(&error)),
                    },
                    |done| Applied { number, ..done },
                );
                answers.push((queued.reply, applied));
            }
            self.conn
                .prepare_cached("UPDATE instance SET edit = ?2 WHERE id = ?1")?
                .execute([self.instance.id, last as i64])?;
            let idle = batch.idle;
            Ok((std::mem::take(&mut batch).commit(&self.conn)?, idle))
        });
        let changes = match written {
            Ok((mut changes, idle)) => {
                self.idle.log_is_long = true;
                if idle {
                    queue.set_idle_left(true);
                }
                changes.applied = answers.iter().map(|(_, applied)| applied.clone()).collect();
                changes
            }
            Err(error) => {
                give_up(&self.conn);
                for (_, applied) in &mut answers {
                    applied.error = Some(sentence(&error));
                    applied.count = 0;
                    applied.undoable = false;
                }
                Changes {
                    applied: answers.iter().map(|(_, applied)| applied.clone()).collect(),
                    trouble: Some(sentence(&error)),
                    ..Changes::default()
                }
            }
        };
        listener(changes);
        for (reply, applied) in answers {
            if let Some(reply) = reply {
                // Who asked may have gone meanwhile.
                let _ = reply.send(Ok(applied));
            }
        }
    }

    /// Writes what has arrived, up to the limit or until an edit waits, and commits.
    pub fn arrived(&mut self, queue: &Arc<Queue>, listener: &mut Listener) {
        let mut batch = Batch::default();
        let mut holds: Vec<Hold> = Vec::new();
        let mut visited = Vec::new();
        let written = begin(&self.conn).and_then(|()| {
            while holds.len() < LIMIT
                && let Some(arrived) = queue.next_arrived(holds.is_empty())
            {
                let written = match arrived {
                    Arrived::Record(record, hold) => {
                        holds.push(hold);
                        visited.push(record.feed.0);
                        whole(&self.conn, || {
                            super::visit::record(self, &mut batch, &record)
                        })
                    }
                    Arrived::Keep(page, hold) => {
                        holds.push(hold);
                        whole(&self.conn, || super::page::keep(self, &mut batch, &page))
                    }
                    Arrived::Renew(key, at, hold) => {
                        holds.push(hold);
                        whole(&self.conn, || {
                            super::page::renew(self, &mut batch, &key, at)
                        })
                    }
                };
                if let Err(error) = written {
                    batch.changes.trouble = Some(sentence(&error));
                    if self.conn.is_autocommit() {
                        return Err(error);
                    }
                }
            }
            if let Err(error) = whole(&self.conn, || super::rules::at_arrival(self, &mut batch)) {
                batch.changes.trouble = Some(sentence(&error));
                if self.conn.is_autocommit() {
                    return Err(error);
                }
            }
            queue.set_idle_left(true);
            std::mem::take(&mut batch).commit(&self.conn)
        });
        let changes = written.unwrap_or_else(|error| {
            give_up(&self.conn);
            Changes {
                trouble: Some(sentence(&error)),
                ..Changes::default()
            }
        });
        self.idle.log_is_long = true;
        self.checkpoint_beside(super::idle::LONG_LOG, queue);
        self.claims.visited(&visited, Utc::now());
        drop(holds);
        listener(changes);
    }
}
