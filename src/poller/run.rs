//! Many visits at once, politely.

use crate::feed::FeedId;
use crate::net::{Client, Gate};
use crate::news::VisitRecord;
use crate::store::Writer;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How the poller behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Between timed visits of a feed.
    pub every: Duration,
    /// Decoded bytes of a feed.
    pub size_limit: usize,
    /// Threads for parsing.
    pub parsers: usize,
    /// Visits under way at once.
    pub overall: usize,
    /// Most entries of one visit that are kept.
    pub item_limit: u32,
}

/// Which feeds to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those due by plan.
    Due,
    /// By hand: all.
    All,
    /// By hand: these.
    Feeds(Vec<FeedId>),
}

/// How far a round is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
    pub failed: usize,
    /// Feeds under way.
    pub visiting: Vec<FeedId>,
}

/// One visit of a round, for who wants to print it.
#[derive(Clone, Debug)]
pub struct Visited {
    /// What happened; the outcome's content is already taken out and counted.
    pub record: VisitRecord,
    pub url: String,
    pub title: String,
    /// A sentence where the feed was skipped: why.
    pub skipped: Option<String>,
}

/// Told of each visit and of progress; must not block.
pub trait Watcher: Send + Sync {
    /// A visit has ended (its record may not be committed yet).
    fn visited(&self, visited: &Visited);
    /// How far it is; at most some ten a second.
    fn progress(&self, progress: &Progress);
}

/// The poller; lives on the runtime's threads.
#[derive(Clone)]
pub struct Poller {}

impl Poller {
    /// `database`: for a reader of its own. `clock`: what time it is.
    pub fn new(
        _client: Client,
        _gate: Gate,
        _writer: Writer,
        _database: PathBuf,
        _settings: Settings,
        _clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    ) -> Poller {
        todo!()
    }

    /// Visits what is asked for, and waits until all records are handed to the writer.
    pub async fn round(&self, _asked: Asked, _watcher: Arc<dyn Watcher>) {
        todo!()
    }

    /// Visits feeds as they fall due, until the returned task is dropped or aborted.
    pub async fn run(&self, _watcher: Arc<dyn Watcher>) {
        todo!()
    }
}
