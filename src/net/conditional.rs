//! Freshness and validators: what an answer says about asking again (RFC 9111, RFC 9110).

use super::client::Answer;
use chrono::{DateTime, TimeDelta, Utc};

/// No server's word counts for longer: a clock or a configuration that is wrong must not silence a feed for ever.
pub const AT_MOST: TimeDelta = TimeDelta::days(7);

/// Until when an answer says it is fresh: `max-age` − `Age`, else `Expires` − `Date`. Bounded to a week.
pub fn fresh_until(answer: &Answer, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let control = answer.cache_control.as_deref().unwrap_or_default();
    let mut max_age = None;
    for directive in control.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return None,
            "max-age" => max_age = max_age.or_else(|| seconds(value.trim().trim_matches('"'))),
            _ => {}
        }
    }
    let fresh = if let Some(max_age) = max_age {
        max_age - answer.age.as_deref().and_then(seconds).unwrap_or_default()
    } else {
        // `Expires: 0` and `-1` are no dates, and mean: stale already.
        let expires = http_date(answer.expires.as_deref()?)?;
        expires - answer.date.as_deref().and_then(http_date).unwrap_or(now)
    };
    later(fresh, now)
}

/// Before when the server does not want to be asked: `Retry-After` in seconds or as a date. Bounded to a week.
pub fn retry_after(answer: &Answer, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let said = answer.retry_after.as_deref()?.trim();
    let wait = match seconds(said) {
        Some(wait) => wait,
        // Against the server's own clock, where it tells its time.
        None => http_date(said)? - answer.date.as_deref().and_then(http_date).unwrap_or(now),
    };
    later(wait, now)
}

fn later(wait: TimeDelta, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (wait > TimeDelta::zero()).then(|| now + wait.min(AT_MOST))
}

/// Whole seconds; more digits than a number holds mean "very long".
fn seconds(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(
        text.parse::<i64>()
            .ok()
            .and_then(TimeDelta::try_seconds)
            .unwrap_or(AT_MOST),
    )
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text.trim())
        .ok()
        .map(DateTime::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a panic is how a test fails
mod tests {
    use super::*;

    const NOW: &str = "2026-03-01T12:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let mut answer = Answer::for_test("https://a.example/feed");
        for (name, value) in headers {
            let value = Some((*value).to_owned());
            match *name {
                "cache-control" => answer.cache_control = value,
                "age" => answer.age = value,
                "expires" => answer.expires = value,
                "date" => answer.date = value,
                "retry-after" => answer.retry_after = value,
                other => panic!("no such header here: {other}"),
            }
        }
        answer
    }

    #[track_caller]
    fn check_fresh(headers: &[(&str, &str)], expected: Option<&str>) {
        assert_eq!(
            fresh_until(&answer(headers), at(NOW)),
            expected.map(at),
            "{headers:?}"
        );
    }

    #[track_caller]
    fn check_retry(headers: &[(&str, &str)], expected: Option<&str>) {
        assert_eq!(
            retry_after(&answer(headers), at(NOW)),
            expected.map(at),
            "{headers:?}"
        );
    }

    #[test]
    fn max_age_counts_from_now() {
        check_fresh(
            &[("cache-control", "public, max-age=600")],
            Some("2026-03-01T12:10:00Z"),
        );
        check_fresh(
            &[("cache-control", "Max-Age=\"60\"")],
            Some("2026-03-01T12:01:00Z"),
        );
        check_fresh(
            &[("cache-control", "max-age=600"), ("age", "540")],
            Some("2026-03-01T12:01:00Z"),
        );
        check_fresh(&[("cache-control", "max-age=600"), ("age", "700")], None);
        check_fresh(&[("cache-control", "max-age=0")], None);
        check_fresh(&[("cache-control", "max-age=soon")], None);
    }

    #[test]
    fn no_cache_and_no_store_are_never_fresh() {
        check_fresh(&[("cache-control", "no-cache, max-age=600")], None);
        check_fresh(&[("cache-control", "max-age=600, no-store")], None);
    }

    #[test]
    fn expires_is_read_by_the_servers_own_clock() {
        let expires = ("expires", "Sun, 01 Mar 2026 10:30:00 GMT");
        check_fresh(
            &[expires, ("date", "Sun, 01 Mar 2026 10:00:00 GMT")],
            Some("2026-03-01T12:30:00Z"),
        );
        check_fresh(&[expires], None);
        check_fresh(&[("expires", "0")], None);
        check_fresh(
            &[("expires", "Sun, 01 Mar 2026 13:00:00 GMT")],
            Some("2026-03-01T13:00:00Z"),
        );
        check_fresh(
            &[
                ("cache-control", "max-age=60"),
                ("expires", "Sun, 01 Mar 2026 13:00:00 GMT"),
            ],
            Some("2026-03-01T12:01:00Z"),
        );
    }

    #[test]
    fn no_word_counts_longer_than_a_week() {
        check_fresh(
            &[("cache-control", "max-age=31536000")],
            Some("2026-03-08T12:00:00Z"),
        );
        check_fresh(
            &[("cache-control", "max-age=99999999999999999999999")],
            Some("2026-03-08T12:00:00Z"),
        );
        check_retry(&[("retry-after", "31536000")], Some("2026-03-08T12:00:00Z"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        check_retry(&[], None);
        check_retry(&[("retry-after", " 120 ")], Some("2026-03-01T12:02:00Z"));
        check_retry(&[("retry-after", "0")], None);
        check_retry(&[("retry-after", "-5")], None);
        check_retry(&[("retry-after", "later")], None);
        check_retry(
            &[("retry-after", "Sun, 01 Mar 2026 12:05:00 GMT")],
            Some("2026-03-01T12:05:00Z"),
        );
        check_retry(
            &[
                ("retry-after", "Sun, 01 Mar 2026 10:05:00 GMT"),
                ("date", "Sun, 01 Mar 2026 10:00:00 GMT"),
            ],
            Some("2026-03-01T12:05:00Z"),
        );
    }
}
