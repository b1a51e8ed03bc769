//! When to visit a feed. Pure, so a restart or a missed wake-up mends itself.

use super::Settings;
use crate::net::conditional;
use crate::news::VisitFacts;
use chrono::{DateTime, TimeDelta, Utc};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;
use std::time::Duration;

/// A feed that fails is asked less and less often, but once a day at least.
const LONGEST_BACK_OFF: Duration = Duration::from_hours(24);
/// A feed that was visited just now is not asked again, whoever asks.
const NOT_TWICE_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// Feeds may say that they are fresh for a year; a reader wants news.
const LONGEST_FRESHNESS: TimeDelta = TimeDelta::hours(24);

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Now,
    At(DateTime<Utc>),
    /// Gone.
    Never,
}

/// When a feed is due. `asked`: the reader asks by hand, which passes over freshness, interval and the back-off after
/// failures, never over what the server said (Retry-After, 410) nor the last minute.
#[must_use]
pub fn due(facts: &VisitFacts, settings: &Settings, asked: bool, now: DateTime<Utc>) -> Due {
    if facts.gone {
        return Due::Never;
    }
    // What was written by a clock that was ahead says nothing now, and would hold visits for good.
    let mut at = facts
        .not_before
        .filter(|until| *until <= now + conditional::AT_MOST);
    let last = facts
        .last_visit
        .filter(|last| *last <= now + NOT_TWICE_WITHIN);
    if let Some(last) = last.map(|last| last.min(now)) {
        let next = if asked {
            last + NOT_TWICE_WITHIN
        } else {
            next_by_plan(facts, settings, last)
        };
        at = at.max(Some(next));
    }
    match at {
        Some(at) if at > now => Due::At(at),
        _ => Due::Now,
    }
}

fn next_by_plan(facts: &VisitFacts, settings: &Settings, last: DateTime<Utc>) -> DateTime<Utc> {
    let every = facts
        .every_s
        .map_or(settings.every, Duration::from_secs)
        .max(Duration::from_mins(1));
    let pause = if facts.failures == 0 {
        every
    } else {
        every
            .saturating_mul(2u32.saturating_pow(facts.failures.min(8)))
            .min(LONGEST_BACK_OFF.max(every))
    };
    // Two thousand feeds do not wake together: each has its own tenth of the interval.
    let spread = pause.mul_f64(0.1 * share(facts.url.as_str()));
    let next = last + TimeDelta::from_std(pause + spread).unwrap_or(TimeDelta::days(1));
    facts
        .fresh_until
        .map_or(next, |fresh| next.max(fresh.min(last + LONGEST_FRESHNESS)))
}

/// A number from 0 to 1 that belongs to an address, the same in every run.
fn share(url: &str) -> f64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(url.as_bytes());
    f64::from((hasher.finish() >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::FeedId;
    use crate::news::Validators;
    use crate::text::SafeText;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).expect("a time")
    }

    fn facts() -> VisitFacts {
        let url: crate::feed::FeedUrl = "https://a.example/feed".parse().expect("an address");
        VisitFacts {
            feed: FeedId(1),
            visit_url: url.clone(),
            url,
            title: SafeText::default(),
            validators: Validators::default(),
            last_visit: None,
            failures: 0,
            not_before: None,
            fresh_until: None,
            gone: false,
            moved: None,
            every_s: None,
            body_hash: None,
            item_limit: None,
            full_text: false,
        }
    }

    /// Minutes until the visit: 0 now, `None` never.
    #[track_caller]
    fn check(facts: &VisitFacts, asked: bool, expected: Option<std::ops::RangeInclusive<i64>>) {
        let minutes = match due(facts, &Settings::default(), asked, at(0)) {
            Due::Now => Some(0),
            Due::Never => None,
            Due::At(time) => Some((time - at(0)).num_minutes()),
        };
        match (minutes, expected) {
            (None, None) => {}
            (Some(minutes), Some(range)) if range.contains(&minutes) => {}
            (minutes, range) => panic!("{minutes:?} minutes, expected {range:?}"),
        }
    }

    #[test]
    fn a_new_feed_is_due_and_one_that_is_gone_never_is() {
        check(&facts(), false, Some(0..=0));
        check(
            &VisitFacts {
                gone: true,
                ..facts()
            },
            true,
            None,
        );
    }

    #[test]
    fn timed_visits_keep_the_interval_with_a_spread_of_a_tenth() {
        check(
            &VisitFacts {
                last_visit: Some(at(0)),
                ..facts()
            },
            false,
            Some(30..=33),
        );
        check(
            &VisitFacts {
                last_visit: Some(at(0)),
                every_s: Some(7200),
                ..facts()
            },
            false,
            Some(120..=132),
        );
        check(
            &VisitFacts {
                last_visit: Some(at(-34)),
                ..facts()
            },
            false,
            Some(0..=0),
        );
    }

    #[test]
    fn failures_double_the_pause_up_to_a_day() {
        check(
            &VisitFacts {
                last_visit: Some(at(0)),
                failures: 2,
                ..facts()
            },
            false,
            Some(120..=132),
        );
        check(
            &VisitFacts {
                last_visit: Some(at(0)),
                failures: 40,
                ..facts()
            },
            false,
            Some(1440..=1584),
        );
    }

    #[test]
    fn freshness_holds_timed_visits_for_a_day_at_most_and_asked_ones_not_at_all() {
        let fresh = VisitFacts {
            last_visit: Some(at(-5)),
            fresh_until: Some(at(300)),
            ..facts()
        };
        check(&fresh, false, Some(299..=300));
        check(&fresh, true, Some(0..=0));
        check(
            &VisitFacts {
                fresh_until: Some(at(100_000)),
                ..fresh
            },
            false,
            Some(1434..=1435),
        );
    }

    #[test]
    fn asking_passes_over_the_interval_but_never_over_what_the_server_said_or_the_last_minute() {
        check(
            &VisitFacts {
                last_visit: Some(at(-2)),
                failures: 5,
                ..facts()
            },
            true,
            Some(0..=0),
        );
        check(
            &VisitFacts {
                last_visit: Some(at(0)),
                ..facts()
            },
            true,
            Some(1..=1),
        );
        check(
            &VisitFacts {
                last_visit: Some(at(-2)),
                not_before: Some(at(90)),
                ..facts()
            },
            true,
            Some(90..=90),
        );
    }

    #[test]
    fn what_a_clock_wrote_that_was_ahead_does_not_stop_visits() {
        let ahead = VisitFacts {
            last_visit: Some(at(50_000)),
            fresh_until: Some(at(50_060)),
            ..facts()
        };
        check(&ahead, false, Some(0..=0));
        check(&ahead, true, Some(0..=0));
        // Longer than any server may ask for: that, too, was the clock.
        check(
            &VisitFacts {
                not_before: Some(at(50_000)),
                ..ahead
            },
            true,
            Some(0..=0),
        );
    }

    #[test]
    fn a_clock_that_was_set_back_a_little_keeps_the_last_minute() {
        check(
            &VisitFacts {
                last_visit: Some(at(1)),
                ..facts()
            },
            true,
            Some(1..=1),
        );
    }

    #[test]
    fn a_clock_that_jumps_ahead_makes_everything_due_once() {
        check(
            &VisitFacts {
                last_visit: Some(at(-1_000_000)),
                not_before: Some(at(-999_000)),
                ..facts()
            },
            false,
            Some(0..=0),
        );
    }
}
