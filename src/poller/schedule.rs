//! When to visit a feed. Pure, so a restart or a missed wake-up mends itself.

use crate::news::VisitFacts;
use chrono::{DateTime, Utc};

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Now,
    At(DateTime<Utc>),
    /// Gone.
    Never,
}

/// When a feed is due. `asked`: the reader asks by hand (decisions, 11).
pub fn due(
    _facts: &VisitFacts,
    _settings: &super::Settings,
    _asked: bool,
    _now: DateTime<Utc>,
) -> Due {
    todo!()
}
