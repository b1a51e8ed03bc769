//! Freshness and validators: what an answer says about asking again (RFC 9111, RFC 9110).

use super::client::Answer;
use chrono::{DateTime, Utc};

/// Until when an answer says it is fresh: `max-age`, else `Expires` − `Date`. Bounded to a week.
pub fn fresh_until(_answer: &Answer, _now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    todo!()
}

/// Before when the server does not want to be asked: `Retry-After` in seconds or as a date. Bounded to a week.
pub fn retry_after(_answer: &Answer, _now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    todo!()
}
