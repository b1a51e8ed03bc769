//! The store: SQLite in WAL mode. One thread writes, others read.
//!
//! - Everything that can change the database is a [`Write`]; edits go before visits.
//! - Readers are opened read-only.
//! - A commit is followed by one [`Changes`]: ids and counts.

use crate::feed::{EntryId, FeedId};
use crate::news::{
    Applied, CardView, Changes, Citing, Counts, Edit, EntriesPage, EntriesQuestion, Entry, FeedRow,
    KeptPage, Marks, VisitFacts, VisitRecord,
};
use crate::query::Query;
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::path::Path;

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own word.
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A newer bron wrote it.
    #[error(
        "the database was written by a newer bron (schema {found}, this one knows {known}); update bron, or name another place with --data-dir"
    )]
    Newer { found: i64, known: i64 },
    /// The directory cannot be made or written.
    #[error("{path} cannot be written ({why}); name another place with --data-dir")]
    Unwritable { path: String, why: String },
    /// It is damaged.
    #[error("the database is damaged ({0}); `bron doctor` says more")]
    Damaged(String),
    /// The writing thread has ended.
    #[error("the store is closed")]
    Closed,
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

/// Tells, and never waits. Cheap to clone.
#[derive(Clone)]
pub struct Writer {}

/// How the store behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Days after which read, unmarked entries that are no longer in their feed are retired; 0: never.
    pub keep_days: u32,
    /// Whether what is opened is noted (time and entry, local).
    pub read_log: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            keep_days: 90,
            read_log: true,
        }
    }
}

/// Opens or makes the database at `path`, migrates it, and starts the writing thread.
pub fn open(_path: &Path, _settings: Settings, _listener: Listener) -> Result<Writer, StoreError> {
    todo!()
}

impl Writer {
    /// Queues an edit; answers its number, which comes back in [`Changes::applied`].
    pub fn apply(&self, _edit: Edit) -> u64 {
        todo!()
    }

    /// Applies an edit and waits until it is committed. For the command line.
    pub fn apply_now(&self, _edit: Edit) -> Result<Applied, StoreError> {
        todo!()
    }

    /// Queues the record of a visit; `hold` is dropped when it is committed.
    pub fn record(&self, _record: VisitRecord, _hold: Hold) {
        todo!()
    }

    /// Queues a page that was read.
    pub fn keep(&self, _page: KeptPage, _hold: Hold) {
        todo!()
    }

    /// Takes the right to visit a feed until then, among all instances; `false`: another one has it.
    pub fn claim(&self, _feed: FeedId, _until: DateTime<Utc>) -> bool {
        todo!()
    }

    /// Waits until everything queued is committed; with `idle`, also until indexing, collecting and retention are done.
    pub fn flush(&self, _idle: bool) {
        todo!()
    }

    /// Empties the queue, commits, and ends the thread; waits at most two seconds.
    pub fn close(self) {
        todo!()
    }
}

/// Asks. Read-only; one per thread that reads.
pub struct Reader {}

/// An entry with everything.
#[derive(Clone, Debug, PartialEq)]
pub struct FullEntry {
    pub id: EntryId,
    pub feed: FeedId,
    pub feed_title: SafeText,
    pub feed_url: String,
    pub feed_site: Option<String>,
    pub entry: Entry,
    pub first_seen: DateTime<Utc>,
    pub marks: Marks,
    /// The feed wants whole pages, always.
    pub full_text: bool,
    pub tags: Vec<SafeText>,
    pub note: Option<SafeText>,
    /// Keys that stand in nearly every entry of the feed.
    pub boilerplate: Vec<String>,
}

/// A page that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPage {
    pub key: String,
    pub url: String,
    pub fetched_at: DateTime<Utc>,
    /// Sanitised HTML of the article; `None`: only the card is kept.
    pub html: Option<String>,
    pub card: crate::article::Card,
    pub words: usize,
    pub failed: Option<SafeText>,
    pub validators: crate::news::Validators,
}

impl Reader {
    /// Opens the database for reading; it must exist.
    pub fn open(_path: &Path) -> Result<Reader, StoreError> {
        todo!()
    }

    /// All feeds, hidden ones last, in the order of the list files.
    pub fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        todo!()
    }

    /// Numbers beside the views.
    pub fn counts(&self, _today_since: DateTime<Utc>) -> Result<Counts, StoreError> {
        todo!()
    }

    /// Rows of a list.
    pub fn entries(&self, _question: &EntriesQuestion) -> Result<EntriesPage, StoreError> {
        todo!()
    }

    /// How many entries match.
    pub fn count(&self, _query: &Query) -> Result<u64, StoreError> {
        todo!()
    }

    /// An entry with everything.
    pub fn entry(&self, _id: EntryId) -> Result<Option<FullEntry>, StoreError> {
        todo!()
    }

    /// The entry whose address has this key (or an alias of it).
    pub fn entry_of_key(&self, _key: &str) -> Result<Option<EntryId>, StoreError> {
        todo!()
    }

    /// The page with this key (or an alias of it).
    pub fn page(&self, _key: &str) -> Result<Option<StoredPage>, StoreError> {
        todo!()
    }

    /// What is known of these keys: cards, entries of the reader's feeds, pages kept, how many feeds cite them.
    pub fn cards(&self, _keys: &[String]) -> Result<HashMap<String, CardView>, StoreError> {
        todo!()
    }

    /// Who cites this key, newest first.
    pub fn citing(&self, _key: &str, _limit: usize) -> Result<Vec<Citing>, StoreError> {
        todo!()
    }

    /// What is known of the visits of all shown feeds.
    pub fn visit_facts(&self) -> Result<Vec<VisitFacts>, StoreError> {
        todo!()
    }

    /// Hosts that must not be asked before some time, with that time.
    pub fn hosts(&self) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        todo!()
    }

    /// Hosts (and roles) that the reader said are no sources.
    pub fn not_sources(&self) -> Result<Vec<(String, Option<crate::source::Role>)>, StoreError> {
        todo!()
    }

    /// All tags of entries, with counts.
    pub fn tags(&self) -> Result<Vec<(SafeText, u32)>, StoreError> {
        todo!()
    }

    /// A number that changes when another instance (or this one) has written: `PRAGMA data_version`.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        todo!()
    }
}
