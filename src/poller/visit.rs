//! One feed, one visit: conditional GET, parse, classify.

use super::Settings;
use crate::net::Client;
use crate::news::{VisitFacts, VisitRecord};
use chrono::{DateTime, Utc};

/// Visits a feed. Never fails: what goes wrong is the record's outcome.
pub async fn visit(
    _client: &Client,
    _facts: &VisitFacts,
    _settings: &Settings,
    _now: DateTime<Utc>,
) -> VisitRecord {
    todo!()
}
