//! What is wanted, in which order.

use crate::net::{Client, Gate};
use crate::store::Writer;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

/// When cards are fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cards {
    /// Asked once, with the first article that has sources.
    #[default]
    Ask,
    /// Of rows in sight.
    Visible,
    /// On a key press.
    Demand,
    Never,
}

/// How pages behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decoded bytes of a page.
    pub size_limit: usize,
    /// Days that a page or card is good for.
    pub keep_days: u32,
}

/// A page that somebody wants.
#[derive(Clone, Debug)]
pub struct Want {
    pub key: String,
    pub url: Url,
    /// Only the card.
    pub card_only: bool,
    /// A reader waits: goes first, and is fetched even if it is kept and fresh when `again`.
    pub waiting: bool,
    pub again: bool,
}

/// Fetches pages; cheap to clone.
#[derive(Clone)]
pub struct Pages {}

/// Told what became of a want: its key, and a sentence where it failed. The page itself is in the store by then.
pub type Told = Arc<dyn Fn(&str, Result<(), String>) + Send + Sync>;

impl Pages {
    /// `database`: for a reader of its own.
    pub fn new(
        _client: Client,
        _gate: Gate,
        _writer: Writer,
        _database: PathBuf,
        _settings: Settings,
        _clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
        _told: Told,
    ) -> Pages {
        todo!()
    }

    /// Queues a want; the same key twice is one.
    pub fn want(&self, _want: Want) {
        todo!()
    }

    /// Withdraws what is not begun and nobody waits for.
    pub fn withdraw(&self) {
        todo!()
    }
}
