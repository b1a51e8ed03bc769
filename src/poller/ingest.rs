//! A parsed feed to entries that can be stored. Pure.

use crate::feed::ParsedFeed;
use crate::news::FeedContent;
use chrono::{DateTime, Utc};
use url::Url;

/// Makes rows of a feed: identities, hashes, keys, safe text, dates clamped to `now`.
pub fn ingest(
    _feed: ParsedFeed,
    _feed_url: &Url,
    _limit: Option<u32>,
    _now: DateTime<Utc>,
) -> FeedContent {
    todo!()
}
