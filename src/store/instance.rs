//! Several instances on one database: who is who, and who visits which feed.
//!
//! An instance takes the lowest number whose lock file is free, and keeps the lock as long as it lives; so the reader that
//! is started again is the same instance as before, and a second one is another. Claims live in a small database of their
//! own: they need not survive anything, and must never wait for the transactions of the large one.

use super::schema;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How many instances get a lock; more than that share the last number's fate: their undo ends with them.
const SLOTS: i64 = 16;

/// A number of our own, as long as this lives.
#[derive(Debug)]
pub struct Instance {
    pub id: i64,
    lock: Option<File>,
    /// Shared by all that run; whoever puts another database in this one's place has it alone.
    _presence: Option<File>,
}

/// Nobody else runs on this database, and nobody begins to, as long as this lives.
#[derive(Debug)]
pub struct Alone {
    _presence: File,
}

/// The path of a file beside the database.
pub fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(what);
    path.with_file_name(name)
}

fn lock_file(path: &Path, slot: i64) -> std::io::Result<File> {
    open_lock(&beside(path, &format!("-lock{slot}")))
}

fn presence(path: &Path) -> std::io::Result<File> {
    open_lock(&beside(path, "-lock"))
}

fn open_lock(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

impl Instance {
    /// Takes the lowest free number. Waits while somebody works alone on the database: that takes seconds.
    pub fn take(path: &Path) -> Instance {
        // Where files cannot be locked, nobody can be kept out.
        let mut presence = presence(path)
            .ok()
            .filter(|file| file.lock_shared().is_ok());
        for slot in 0..SLOTS {
            if let Ok(file) = lock_file(path, slot)
                && file.try_lock().is_ok()
            {
                return Instance {
                    id: slot,
                    lock: Some(file),
                    _presence: presence.take(),
                };
            }
        }
        Instance {
            id: SLOTS + i64::from(std::process::id()),
            lock: None,
            _presence: presence,
        }
    }
}

impl Alone {
    /// Keeps everybody out, unless an instance runs: then there is none.
    pub fn take(path: &Path) -> Option<Alone> {
        let file = presence(path).ok()?;
        file.try_lock().ok()?;
        Some(Alone { _presence: file })
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            // The lock ends with the file anyway; this only makes it sooner.
            let _ = lock.unlock();
        }
    }
}

/// Who visits which feed, until when.
pub struct Claims {
    database: PathBuf,
    path: PathBuf,
    instance: i64,
    conn: Mutex<Option<Connection>>,
}

impl Claims {
    pub fn new(database: &Path, instance: i64) -> Claims {
        Claims {
            database: database.to_path_buf(),
            path: beside(database, "-claims"),
            instance,
            conn: Mutex::new(None),
        }
    }

    fn connect(path: &Path) -> rusqlite::Result<Connection> {
        // Where it cannot be made, opening says why.
        let _ = schema::make_private(path);
        let conn = Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA busy_timeout = 500; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
             CREATE TABLE IF NOT EXISTS claim (feed INTEGER PRIMARY KEY, instance INTEGER NOT NULL, until INTEGER NOT NULL);",
        )?;
        conn.set_prepared_statement_cache_capacity(8);
        Ok(conn)
    }

    fn with<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        let mut guard = self
            .conn
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if guard.is_none() {
            *guard = Self::connect(&self.path)
                .or_else(|_| {
                    // Nothing in it is worth keeping.
                    for end in ["", "-wal", "-shm"] {
                        let _ = std::fs::remove_file(beside(&self.path, end));
                    }
                    Self::connect(&self.path)
                })
                .ok();
        }
        guard.as_ref().and_then(|conn| f(conn).ok())
    }

    /// Takes the right to visit feeds, all in one transaction; answers which of them another instance has. Where claims
    /// cannot be kept, everybody has them.
    pub fn take(&self, feeds: &[i64], now: DateTime<Utc>, until: DateTime<Utc>) -> Vec<i64> {
        self.with(|conn| {
            self.end_claims_of_the_dead(conn)?;
            let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
            let mut others = Vec::new();
            {
                let mut statement = tx.prepare_cached(
                    "INSERT INTO claim VALUES (?1, ?2, ?3) ON CONFLICT (feed) DO UPDATE
                     SET instance = excluded.instance, until = excluded.until
                     WHERE instance IN (excluded.instance, -1 - excluded.instance) OR until <= ?4 OR until > ?5",
                )?;
                for feed in feeds {
                    let changed = statement.execute(params![
                        feed,
                        self.instance,
                        until.timestamp(),
                        now.timestamp(),
                        // Nobody claims for so long: it was written by a clock that was ahead.
                        (now + TimeDelta::hours(1)).timestamp()
                    ])?;
                    if changed == 0 {
                        others.push(*feed);
                    }
                }
            }
            tx.commit()?;
            Ok(others)
        })
        .unwrap_or_default()
    }

    /// What a killed instance had claimed is free: its lock went with it.
    fn end_claims_of_the_dead(&self, conn: &Connection) -> rusqlite::Result<()> {
        let others: Vec<i64> = conn
            .prepare_cached(
                "SELECT DISTINCT instance FROM claim WHERE instance BETWEEN 0 AND ?1 AND instance <> ?2",
            )?
            .query_map([SLOTS - 1, self.instance], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for other in others {
            let dead = lock_file(&self.database, other).is_ok_and(|file| file.try_lock().is_ok());
            if dead {
                conn.execute("DELETE FROM claim WHERE instance = ?1", [other])?;
            }
        }
        Ok(())
    }

    /// Visits are recorded: another instance, which may not know it yet, leaves the feeds alone for the minute in which a
    /// feed is not asked twice. As nobody's, such a claim outlives the instance.
    pub fn visited(&self, feeds: &[i64], now: DateTime<Utc>) {
        let until = (now + TimeDelta::seconds(60)).timestamp();
        self.each(
            feeds,
            "UPDATE claim SET instance = -1 - instance, until = ?3 WHERE feed = ?1 AND instance = ?2",
            until,
        );
    }

    /// Gives back the right to visit feeds.
    pub fn give_back(&self, feeds: &[i64]) {
        self.each(
            feeds,
            "DELETE FROM claim WHERE feed = ?1 AND instance = ?2 AND ?3 = ?3",
            0,
        );
    }

    /// A claim that stays ends by itself, so what cannot be written is no matter.
    fn each(&self, feeds: &[i64], sql: &str, until: i64) {
        let guard = self
            .conn
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(conn) = guard.as_ref().filter(|_| !feeds.is_empty()) else {
            return;
        };
        let _ = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).and_then(|tx| {
            {
                let mut statement = tx.prepare_cached(sql)?;
                for feed in feeds {
                    statement.execute([*feed, self.instance, until])?;
                }
            }
            tx.commit()
        });
    }

    /// Gives back everything.
    pub fn give_all_back(&self) {
        let guard = self
            .conn
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(conn) = guard.as_ref() {
            let _ = conn.execute("DELETE FROM claim WHERE instance = ?1", [self.instance]);
        }
    }
}
