//! What is done when nothing else is to be written: full text, citations, retention, the planner's statistics, the log's size.
//!
//! Every piece of it is short and looks whether something waits; what is left over is in the database and goes on later.

use super::Desk;
use super::batch::{self, Batch};
use crate::feed::EntryId;
use crate::news::Changes;
use crate::source::{self, Subject};
use crate::store::instance::beside;
use crate::store::queue::Queue;
use crate::store::writer::collect::{self, Found};
use crate::store::writer::{cite, place, retire, rules, vote};
use crate::store::{StoreError, index, schema};
use rusqlite::{Connection, OptionalExtension};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use url::Url;

/// How long a transaction of idle work lasts at most. Edits end it at once; this is for other instances, which wait for it.
/// The longer, the less often a page of an index goes into the log.
const TRANSACTION: Duration = Duration::from_secs(1);

/// How often it is looked whether something waits, while what is cited is found out.
const LOOK_UP: Duration = Duration::from_millis(5);

/// How long a piece of maintenance lasts at most.
const SLICE: Duration = Duration::from_millis(20);

/// How many entries are taken out of a queue in one go.
const TAKEN: usize = 2_000;

/// How many entries retention looks at in one go.
const LOOKED_AT: usize = 200;

/// Between two goes of retention.
const RETENTION_EVERY_S: i64 = 24 * 3600;

/// A log longer than this is put into the database while work goes on.
pub const LONG_LOG: u64 = 64 << 20;

/// A log longer than this is not made longer by idle work: it begins anew only when nobody has written to it since it was put
/// into the database. It would become several times as large as the database, and each page be looked for in all of it.
const LONGEST_LOG: u64 = 128 << 20;

/// What is left of the idle work that is not written in the database.
#[derive(Debug, Default)]
pub struct Progress {
    /// The last entry that retention has looked at, while it goes through them.
    retention: Option<i64>,
    /// What the other thread reads with, between two slices.
    reading: Option<Connection>,
    /// The log was written to since it was last put into the database.
    pub log_is_long: bool,
    indexed: u64,
    /// How common words are.
    counts: place::Counts,
}

/// Says that the log is in the database, however its thread ends.
struct Finished {
    done: Arc<AtomicBool>,
    queue: Arc<Queue>,
}

impl Drop for Finished {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.queue.nudge();
    }
}

impl Desk {
    /// Does a slice; answers whether anything is left, and what changed.
    pub fn idle_slice(&mut self, queue: &Arc<Queue>) -> (bool, Option<Changes>) {
        let mut batch = Batch::default();
        let result = self.slice(&mut batch, queue);
        match result {
            Ok((left, changes)) => (left, changes),
            Err(error) => {
                batch::give_up(&self.conn);
                self.idle.counts.forget();
                tracing::warn!(%error, "idle work of the store");
                // Again after the next write: going on at once would fail at once.
                (
                    false,
                    Some(Changes {
                        trouble: Some(batch::sentence(&error)),
                        ..Changes::default()
                    }),
                )
            }
        }
    }

    fn slice(
        &mut self,
        batch: &mut Batch,
        queue: &Arc<Queue>,
    ) -> Result<(bool, Option<Changes>), StoreError> {
        let index = self.queued("index_queue")?;
        let collect = self.queued("collect_queue")?;
        if !index.is_empty() || !collect.is_empty() || self.uncollected()?.is_some() {
            let begin = Instant::now();
            let may_go_on = || !queue.urgent() && begin.elapsed() <= TRANSACTION;
            // The pages of the indexes come again and again.
            self.conn
                .execute_batch(&format!("PRAGMA cache_size = {}", schema::LARGE_CACHE))?;
            batch::begin(&self.conn)?;
            self.read(batch, &index, collect, &may_go_on)?;
            while may_go_on()
                && let Some(page) = self.uncollected()?
            {
                self.collect_page(page)?;
            }
            self.idle.counts.write(&self.conn)?;
            let changes = std::mem::take(batch).commit(&self.conn)?;
            self.idle.log_is_long = true;
            self.shorten_log(queue);
            return Ok((true, Some(changes)));
        }
        if place::any_old(&self.conn, &mut self.idle.counts)? {
            let begin = Instant::now();
            batch::begin(&self.conn)?;
            place::age(&self.conn, &mut self.idle.counts, || {
                !queue.urgent() && begin.elapsed() <= SLICE
            })?;
            self.idle.counts.write(&self.conn)?;
            std::mem::take(batch).commit(&self.conn)?;
            self.idle.log_is_long = true;
            return Ok((true, None));
        }
        if self.retention_is_due()? {
            let changes = self.retention(batch, queue)?;
            return Ok((true, changes));
        }
        Ok((self.tidy(queue)?, None))
    }

    /// Takes texts into the index, and writes down what is cited as the other thread finds it out.
    fn read(
        &mut self,
        batch: &mut Batch,
        index: &[i64],
        mut collect: Vec<i64>,
        may_go_on: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        // The newest first: they are looked at first.
        collect.reverse();
        let reading = match self.idle.reading.take() {
            Some(reading) => reading,
            None => schema::open_for_reading(&self.path)?,
        };
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (send, found) = sync_channel(collect::AHEAD);
            let looking = std::thread::Builder::new()
                .name("store-collect".into())
                .spawn_scoped(scope, || {
                    let send = send;
                    let looked = collect::look(&reading, &collect, &stop, &send);
                    (reading, looked)
                })
                .map_err(|error| StoreError::Thread(error.to_string()))?;
            let written = self.write_read(batch, index, &found, may_go_on);
            stop.store(true, Ordering::Release);
            let written = written.and_then(|()| {
                // What is found out is not found out again.
                found
                    .iter()
                    .try_for_each(|found| self.cite_entry(batch, &found))
            });
            // Whatever is left there is let go, or the other would wait for ever.
            drop(found);
            // One that has panicked is begun anew with the next slice.
            if let Ok((reading, looked)) = looking.join() {
                self.idle.reading = Some(reading);
                looked?;
            }
            written
        })
    }

    fn write_read(
        &mut self,
        batch: &mut Batch,
        index: &[i64],
        found: &Receiver<Found>,
        may_go_on: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        for id in index {
            self.index_entry(batch, *id)?;
            for found in found.try_iter() {
                self.cite_entry(batch, &found)?;
            }
            if !may_go_on() {
                return Ok(());
            }
        }
        while may_go_on() {
            match found.recv_timeout(LOOK_UP) {
                Ok(found) => self.cite_entry(batch, &found)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(())
    }

    /// The newest entries that wait, in ascending order: the index takes ascending ids in one go, others one by one.
    fn queued(&self, queue: &str) -> Result<Vec<i64>, StoreError> {
        let mut ids = self
            .conn
            .prepare_cached(&format!(
                "SELECT entry FROM {queue} ORDER BY entry DESC LIMIT {TAKEN}"
            ))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        ids.reverse();
        Ok(ids)
    }

    fn uncollected(&self) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM page WHERE collected = 0 ORDER BY id LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?)
    }

    fn index_entry(&mut self, batch: &mut Batch, id: i64) -> Result<(), StoreError> {
        let conn = &self.conn;
        conn.prepare_cached("DELETE FROM index_queue WHERE entry = ?1")?
            .execute([id])?;
        let row = conn
            .prepare_cached(
                "SELECT e.title, e.authors, b.html, b.text FROM entry e JOIN body b ON b.entry = e.id WHERE e.id = ?1",
            )?
            .query_row([id], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .optional()?;
        let Some((title, authors, html, text)) = row else {
            return Ok(());
        };
        let mut text = if html.is_empty() {
            text.into()
        } else {
            index::words(&html)
        };
        let note: Option<String> = conn
            .prepare_cached("SELECT text FROM note WHERE entry = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if let Some(note) = note {
            text.to_mut().push_str(" \n");
            text.to_mut().push_str(&note);
        }
        index::insert(conn, id, &title, &authors, &text)?;
        self.idle.indexed += 1;
        self.when_read(batch, id)
    }

    /// Asks the rules about an entry, once its text is in the index and its sources are known.
    fn when_read(&self, batch: &mut Batch, id: i64) -> Result<(), StoreError> {
        let waits: bool = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM index_queue WHERE entry = ?1)
                     OR EXISTS (SELECT 1 FROM collect_queue WHERE entry = ?1)",
            )?
            .query_row([id], |row| row.get(0))?;
        if waits {
            Ok(())
        } else {
            rules::when_read(self, batch, id)
        }
    }

    /// Writes down what an entry cites.
    fn cite_entry(&mut self, batch: &mut Batch, found: &Found) -> Result<(), StoreError> {
        let conn = &self.conn;
        let id = found.entry;
        conn.prepare_cached("DELETE FROM collect_queue WHERE entry = ?1")?
            .execute([id])?;
        let Some((collected, entry)) = &found.collected else {
            return Ok(());
        };
        conn.prepare_cached("DELETE FROM citation WHERE from_entry = ?1")?
            .execute([id])?;
        let count = cite::write(conn, collected, Some(id), None)?;
        vote::cast(conn, id)?;
        conn.prepare_cached("UPDATE entry SET sources = ?2 WHERE id = ?1")?
            .execute([id, count as i64])?;
        if count > 0 {
            batch.changes.entries.push(EntryId(id));
        }
        place::place(&self.conn, batch, &mut self.idle.counts, entry)?;
        self.when_read(batch, id)
    }

    fn collect_page(&self, id: i64) -> Result<(), StoreError> {
        let conn = &self.conn;
        conn.prepare_cached("UPDATE page SET collected = 1 WHERE id = ?1")?
            .execute([id])?;
        let (html, url): (String, String) = conn
            .prepare_cached(
                "SELECT p.html, coalesce(c.url, 'https://' || p.key) FROM page p LEFT JOIN card c ON c.key = p.key WHERE p.id = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Ok(url) = Url::parse(&url) else {
            return Ok(());
        };
        let collected = collect::collect(&Subject {
            html: &html,
            url: &url,
            feed_site: None,
            feed_url: None,
            fields: &source::FieldLinks::default(),
            extracted: true,
            boilerplate: &[],
        });
        conn.prepare_cached("DELETE FROM citation WHERE from_page = ?1")?
            .execute([id])?;
        cite::write(conn, &collected, None, Some(id))?;
        Ok(())
    }

    fn retention_is_due(&self) -> Result<bool, StoreError> {
        if self.settings.keep_days == 0 {
            return Ok(false);
        }
        if self.idle.retention.is_some() {
            return Ok(true);
        }
        let last: i64 = self
            .conn
            .prepare_cached("SELECT retention_at FROM counter")?
            .query_row([], |row| row.get(0))?;
        // A clock that was set back must not put it off for years.
        Ok((last - (self.clock)().timestamp()).abs() >= RETENTION_EVERY_S)
    }

    fn retention(
        &mut self,
        batch: &mut Batch,
        queue: &Queue,
    ) -> Result<Option<Changes>, StoreError> {
        let now = (self.clock)().timestamp();
        let before = now - i64::from(self.settings.keep_days) * 24 * 3600;
        let begin = Instant::now();
        let mut after = self.idle.retention.unwrap_or(0);
        let mut gone = 0;
        batch::begin(&self.conn)?;
        loop {
            let (ids, last) =
                retire::candidates(&self.conn, after, before, now - 24 * 3600, LOOKED_AT)?;
            gone += ids.len();
            for id in ids {
                retire::retire(&self.conn, batch, id, now)?;
            }
            let Some(last) = last else {
                self.conn
                    .execute("UPDATE counter SET retention_at = ?1", [now])?;
                self.idle.retention = None;
                break;
            };
            after = last;
            self.idle.retention = Some(after);
            if queue.urgent() || begin.elapsed() > SLICE {
                break;
            }
        }
        let changes = std::mem::take(batch).commit(&self.conn)?;
        Ok((gone > 0).then_some(changes))
    }

    /// Statistics for the planner, and the log put into the database: truncated where nobody reads. Answers whether
    /// something came between.
    fn tidy(&mut self, queue: &Arc<Queue>) -> Result<bool, StoreError> {
        if std::mem::take(&mut self.idle.indexed) > 500 && !queue.urgent() {
            self.conn
                .execute_batch("PRAGMA analysis_limit = 400; PRAGMA optimize;")?;
        }
        if !self.idle.log_is_long {
            return Ok(false);
        }
        self.checkpoint_beside(0, queue);
        if !self.wait_for_checkpoint(queue) {
            return Ok(true);
        }
        self.idle.log_is_long = false;
        self.truncate_log()?;
        self.conn.execute_batch(&format!(
            "PRAGMA cache_size = {}; PRAGMA shrink_memory;",
            schema::CACHE
        ))?;
        Ok(false)
    }

    /// Has the log put into the database: beside idle work, or before it goes on where the log is too long. Whatever else
    /// waits goes on at once.
    fn shorten_log(&mut self, queue: &Arc<Queue>) {
        if self.log_length() <= LONGEST_LOG {
            self.checkpoint_beside(LONG_LOG, queue);
        } else if self.wait_for_checkpoint(queue) {
            // What was begun before leaves the last transaction out.
            self.checkpoint_beside(LONGEST_LOG, queue);
            self.wait_for_checkpoint(queue);
        }
    }

    /// Answers whether nobody is at the log any more; `false`: something waits that must not.
    fn wait_for_checkpoint(&self, queue: &Queue) -> bool {
        let waited = |done| queue.wait_for(done);
        self.checkpoint.as_deref().is_none_or(waited)
    }

    fn log_length(&self) -> u64 {
        std::fs::metadata(beside(&self.path, "-wal")).map_or(0, |file| file.len())
    }

    /// Begins to put the log into the database, if it is longer than that and nobody is at it: on another thread, for
    /// it waits for the disk, and edits must not.
    pub fn checkpoint_beside(&mut self, longer_than: u64, queue: &Arc<Queue>) {
        let busy = self
            .checkpoint
            .as_ref()
            .is_some_and(|done| !done.load(Ordering::Acquire));
        if busy || self.log_length() <= longer_than {
            return;
        }
        let path = self.path.clone();
        let done = Arc::new(AtomicBool::new(false));
        let finished = Finished {
            done: Arc::clone(&done),
            queue: Arc::clone(queue),
        };
        self.checkpoint = std::thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || {
                let _finished = finished;
                // What fails here is tried again at the next rest; the log only stays longer.
                if let Ok(conn) = Connection::open(path) {
                    let _ = conn.execute_batch("PRAGMA synchronous = NORMAL");
                    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                }
            })
            .ok()
            .map(|_| done);
    }

    fn truncate_log(&self) -> Result<(), StoreError> {
        // Nobody is waited for: what a reader still needs is put in next time.
        self.conn.busy_timeout(Duration::ZERO)?;
        let result = self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        self.conn.busy_timeout(Duration::from_secs(5))?;
        match result {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// The last things before the thread ends.
    pub fn leave(&mut self) {
        self.claims.give_all_back();
        // Whatever fails here is done at the next start.
        let _ = self
            .conn
            .execute_batch("PRAGMA analysis_limit = 400; PRAGMA optimize;");
    }
}
