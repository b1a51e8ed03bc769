//! What a reader may change, as a value: keys, palette and command line make the same ones.

use super::rule::Rule;
use crate::feed::list::Listed;
use crate::feed::{EntryId, FeedId, FeedUrl};
use crate::query::Query;
use crate::source::Role;
use chrono::{DateTime, Utc};

/// A mark of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    Read,
    Starred,
    Later,
}

/// Which entries an edit is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Entries(Vec<EntryId>),
    /// These, and all that tell a story with one of them.
    Stories(Vec<EntryId>),
    /// All that match, among those with an id up to the given one (what the reader had seen).
    Matching {
        query: Query,
        now: DateTime<Utc>,
        up_to: Option<EntryId>,
    },
}

/// A change of the collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    Mark {
        which: Which,
        mark: MarkKind,
        on: bool,
    },
    Tag {
        which: Which,
        tag: String,
        on: bool,
    },
    /// Several tags put on or taken off: one step, and one undo.
    Tags {
        which: Which,
        tags: Vec<(String, bool)>,
    },
    /// An empty text takes the note away.
    Note {
        entry: EntryId,
        text: String,
    },
    /// What the list files say now: added, changed and removed feeds follow from it. Not undoable: the file is the truth.
    SetFeeds(Vec<ListedFeed>),
    /// What could be read of the lists while some of them cannot be read to their end: nothing is taken away.
    AddFeeds(Vec<ListedFeed>),
    /// What the config says is done with entries when they arrive. Not undoable: the file is the truth.
    SetRules(Vec<Rule>),
    /// Hide a feed (its starred entries stay) or show it again.
    Hide {
        feed: FeedId,
        hidden: bool,
    },
    /// The feed is visited there from now on.
    Move {
        feed: FeedId,
        to: FeedUrl,
    },
    /// This host, or this role on this host, is no source for the reader.
    NotASource {
        host: String,
        role: Option<Role>,
        on: bool,
    },
    /// Files of the reader's were changed: written down, so that an undo puts their texts back.
    Files {
        summary: String,
        files: Vec<FileText>,
    },
    /// Keep a search as a view; one of that name is replaced.
    SaveView {
        name: String,
        query: String,
    },
    /// Let a saved view go.
    DropView {
        name: String,
    },
    /// An address kept to be read later, as an entry of the feed "Later".
    KeepLater {
        url: String,
        title: String,
    },
    /// A page was opened: a line in the read log.
    Opened {
        entry: EntryId,
        at: DateTime<Utc>,
    },
    /// Where the reader is in an entry, as [`crate::text::Line::offset`]; 0: at its beginning, or through with it.
    Place {
        entry: EntryId,
        offset: usize,
    },
    /// This entry does not belong to the story it stands in: it stands alone from now on, whatever words say. One that stands
    /// alone already and in several feeds becomes an entry for each of them.
    Apart {
        entry: EntryId,
    },
    /// These entries tell the story of that one, whatever words say.
    Together {
        entries: Vec<EntryId>,
        with: EntryId,
    },
    /// Take back the newest edit of this instance that is not taken back.
    Undo,
    Redo,
    /// What an undo, or a redo, wanted of files could not be done: it counts as not tried, and can be tried again.
    StepFailed {
        step: i64,
        back: bool,
    },
}

/// What an undo says that finds nothing.
pub const NOTHING_TO_UNDO: &str = "nothing to undo";
/// What a redo says that finds nothing.
pub const NOTHING_TO_REDO: &str = "nothing to do again";

/// What a list file or the config held, and holds. `None`: there was, or is, no such file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileText {
    pub path: std::path::PathBuf,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A feed as the list files have it, with its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFeed {
    pub listed: Listed,
    pub every_s: Option<u64>,
    pub full_text: bool,
    pub item_limit: Option<u32>,
    pub hidden: bool,
    pub unread_on_change: bool,
}

impl ListedFeed {
    /// A feed without settings of its own.
    #[must_use]
    pub fn plain(listed: Listed) -> ListedFeed {
        ListedFeed {
            listed,
            every_s: None,
            full_text: false,
            item_limit: None,
            hidden: false,
            unread_on_change: false,
        }
    }
}
