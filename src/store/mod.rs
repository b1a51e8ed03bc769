//! The store: SQLite in WAL mode. One thread writes, others read.
//!
//! - Everything that can change the database is a [`Write`]; edits go before visits.
//! - Readers are opened read-only.
//! - A commit is followed by one [`Changes`]: ids and counts.
//! - Counts beside feeds and views are kept in step by every transaction; [`Reader::integrity`] recounts them.
//! - What is slow (full text, citing, retention) is done in slices of at most 20 ms while nothing else is to be written,
//!   and goes on where it stopped after a restart.
//! - Several instances share one database: each has a number of its own (the lowest that is free), so that an instance
//!   takes back its own edits, also after a restart.

mod backup;
mod cards;
mod change;
mod front;
mod index;
mod instance;
mod list;
mod most_cited;
mod queue;
mod reader;
mod reading;
mod rows;
mod schema;
mod search;
mod stories;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_reading;
mod writer;

pub use backup::{Salvaged, backup, restore, salvage};
pub use front::Wanted;
pub use reader::{FullEntry, Reader, Statistics, StoredPage};
pub use writer::{Clock, Writer, open, open_with_clock};

use crate::news::{Changes, Edit, KeptPage, Rule, VisitRecord};
use rusqlite::ErrorCode;

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own word.
    #[error("the database: {0}")]
    Sqlite(rusqlite::Error),
    /// A newer bron wrote it.
    #[error(
        "the database was written by a newer bron (schema {found}, this one knows {known}); update bron, or name another place with --data-dir"
    )]
    Newer { found: i64, known: i64 },
    /// The directory cannot be made or written.
    #[error("{path} cannot be written ({why}); name another place with --data-dir")]
    Unwritable { path: String, why: String },
    /// It is damaged.
    #[error(
        "the database is damaged ({0}); `bron salvage` saves what can be read, `bron restore` puts a backup back"
    )]
    Damaged(String),
    /// It is damaged, and nothing of it can be read.
    #[error(
        "nothing of {path} can be read, and it is left as it is; `bron restore FILE` puts a backup back, or move it away and `bron refresh` begins anew"
    )]
    NothingSaved { path: String },
    /// The question took too long, or a newer one has replaced it.
    #[error("the search was interrupted")]
    Interrupted,
    /// Another instance holds it.
    #[error("another bron is running; leave it first")]
    InUse,
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(String),
    /// The writing thread has ended.
    #[error("the store is closed")]
    Closed,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged(error.to_string())
            }
            Some(ErrorCode::OperationInterrupted) => StoreError::Interrupted,
            _ => StoreError::Sqlite(error),
        }
    }
}

impl StoreError {
    /// Whether it may be that the question was stopped and nothing else is wrong. Stopped while it opens the full-text index, SQLite
    /// says only that this failed.
    pub fn may_be_a_stop(&self) -> bool {
        match self {
            StoreError::Interrupted => true,
            StoreError::Sqlite(error) => error.to_string().contains("vtable constructor failed"),
            _ => false,
        }
    }
}

/// Dropped when the write is committed. Whose permit it is, the store need not know.
pub type Hold = Box<dyn Send>;

/// Everything that can ever change the database.
pub enum Write {
    Apply(Edit),
    Record { record: VisitRecord, hold: Hold },
    Keep { page: KeptPage, hold: Hold },
}

/// Told after each commit, on the writing thread; must not block.
pub type Listener = Box<dyn FnMut(Changes) + Send>;

/// How the store behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Days after which read, unmarked entries that are no longer in their feed are retired; 0: never.
    pub keep_days: u32,
    /// Whether what is opened is noted (time and entry, local).
    pub read_log: bool,
    /// What is done with entries when they arrive.
    pub rules: Vec<Rule>,
    /// Edits are those of the command line: whichever call made one, another takes it back.
    pub command_line: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            keep_days: 90,
            read_log: true,
            rules: Vec::new(),
            command_line: false,
        }
    }
}

/// The address, in the database, of the feed that holds addresses kept by hand.
pub const LATER_FEED: &str = "bron:later";
