//! What one commit changed: ids and counts, never entries. The store is the truth; who shows something asks again.

use super::edit::FileText;
use super::row::Counts;
use crate::feed::{EntryId, FeedId};
use crate::text::SafeText;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Feeds whose counts, title or health changed.
    pub feeds: Vec<FeedId>,
    /// The list of feeds itself changed (added, removed, moved, retagged): load it anew.
    pub feed_list: bool,
    /// Entries whose marks, tags or notes changed.
    pub entries: Vec<EntryId>,
    /// What counts as a source changed: articles that were laid out before are stale.
    pub sources: bool,
    /// How many entries are new, and how many have new content.
    pub new: u32,
    pub changed: u32,
    /// Keys of pages and cards that were stored.
    pub pages: Vec<String>,
    /// Counts of the views, where they were counted.
    pub counts: Option<Counts>,
    /// What edits of this batch did, in the order they came.
    pub applied: Vec<Applied>,
    /// What visits of this batch brought, in the order they came.
    pub visits: Vec<Visited>,
    /// What undos want of files, in the order they came.
    pub steps: Vec<FileStep>,
    /// Entries that a rule wants to be told of.
    pub notify: Vec<Notify>,
    /// A sentence, where something could not be written (disk full, database damaged).
    pub trouble: Option<SafeText>,
}

/// Files that an undo, or a redo, wants to be as `after` says, if they are still as `before` says. Where that cannot be done,
/// [`Edit::StepFailed`](super::Edit::StepFailed) says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStep {
    /// Its number in the log.
    pub step: i64,
    /// An undo; otherwise a redo.
    pub back: bool,
    pub files: Vec<FileText>,
}

/// What one visit brought to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visited {
    pub feed: FeedId,
    pub new: u32,
    pub changed: u32,
}

/// An entry that a rule wants to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub entry: EntryId,
    pub title: SafeText,
    pub feed: SafeText,
}

/// What an edit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The number that the writer gave it when it was sent.
    pub number: u64,
    /// In words: "12 entries marked read".
    pub summary: SafeText,
    /// How many entries or feeds it changed.
    pub count: u64,
    /// Whether `u` takes it back.
    pub undoable: bool,
    /// The reason, where it could not be done.
    pub error: Option<SafeText>,
}
