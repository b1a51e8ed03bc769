//! What was read, in numbers: for the page of a feed, the view of statistics and `bron stats`.

use crate::feed::FeedId;
use crate::text::SafeText;
use chrono::{DateTime, NaiveDate, Utc};

/// A visit that was.
#[derive(Clone, Debug, PartialEq)]
pub struct PastVisit {
    pub at: DateTime<Utc>,
    pub took_ms: u32,
    pub bytes: u64,
    pub http: Option<u16>,
    /// `updated`, `unchanged`, `failed`, `busy`, `gone`.
    pub outcome: String,
    pub sentence: Option<SafeText>,
    pub new: u32,
    pub changed: u32,
}

/// A local day of a feed, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    pub day: NaiveDate,
    /// Entries published on that day.
    pub arrived: u32,
    /// How many of them are read.
    pub read: u32,
}

/// What the page of a feed shows beside its row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedPage {
    /// The last 30 days, oldest first.
    pub days: Vec<DayCount>,
    /// Entries that were opened in these days, as far as the log of reading goes.
    pub opened: u32,
    /// The newest visits, newest first.
    pub visits: Vec<PastVisit>,
    /// Settings of this feed alone, in words: `every 2h`.
    pub settings: Vec<String>,
}

/// A feed in the statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedReading {
    pub feed: FeedId,
    pub title: SafeText,
    pub url: String,
    /// Entries published in the time looked at, how many of them are read, and how many were opened.
    pub arrived: u32,
    pub read: u32,
    pub opened: u32,
    /// The newest entry there is.
    pub last: Option<DateTime<Utc>>,
    /// It cannot be visited: why.
    pub ill: Option<SafeText>,
}

/// What was read in some days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Local days, oldest first; the last one is today.
    pub days: Vec<DayCount>,
    /// Entries opened, by the local hour of the day.
    pub hours: [u32; 24],
    /// In the order of the list files.
    pub feeds: Vec<FeedReading>,
}
