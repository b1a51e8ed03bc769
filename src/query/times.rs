//! Days and ages, as they are typed.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// How far back or on an age may reach, in days: a thousand years.
const FARTHEST: i64 = 365_000;

/// `90m`, `12h`, `2d`, `3w`, `6mo`, `1y` as a length of time.
pub fn age(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: i64 = text[..digits].parse().ok()?;
    let (unit, most) = match text[digits..].trim() {
        "m" | "min" => (TimeDelta::minutes(1), FARTHEST * 24 * 60),
        "h" => (TimeDelta::hours(1), FARTHEST * 24),
        "d" | "" => (TimeDelta::days(1), FARTHEST),
        "w" => (TimeDelta::weeks(1), FARTHEST / 7),
        "mo" => (TimeDelta::days(30), FARTHEST / 30),
        "y" => (TimeDelta::days(365), FARTHEST / 365),
        _ => return None,
    };
    (number <= most).then(|| unit * i32::try_from(number).unwrap_or(i32::MAX))
}

/// The beginning of a day, month or year: `2026-11-03`, `2026-11`, `2026`, `today`, `yesterday`; a whole time
/// (`2026-11-03T12:00:00Z`); or an age (`2d`: two days ago). Days begin at midnight, UTC.
pub fn moment(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let midnight = |date: NaiveDate| date.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    let folded = text.trim().to_lowercase();
    match folded.as_str() {
        "today" => return midnight(now.date_naive()),
        "yesterday" => return midnight(now.date_naive().pred_opt()?),
        _ => {}
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text.trim()) {
        return Some(time.to_utc());
    }
    let parts: Option<Vec<u32>> = folded.split('-').map(|part| part.parse().ok()).collect();
    if let Some(parts) = parts {
        let year = i32::try_from(*parts.first()?).ok()?;
        match parts[..] {
            [_] if folded.len() == 4 => return midnight(NaiveDate::from_ymd_opt(year, 1, 1)?),
            [_, month] => return midnight(NaiveDate::from_ymd_opt(year, month, 1)?),
            [_, month, day] => return midnight(NaiveDate::from_ymd_opt(year, month, day)?),
            _ => {}
        }
    }
    let then = now.checked_sub_signed(age(&folded)?)?;
    (then.year() > -9_999).then_some(then)
}

#[cfg(test)]
mod tests {
    use super::moment;
    use chrono::{DateTime, Utc};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let now: DateTime<Utc> = "2026-11-24T12:30:00Z".parse().unwrap();
        let expected = expected.map(|time| time.parse::<DateTime<Utc>>().unwrap());
        assert_eq!(moment(text, now), expected, "{text}");
    }

    #[test]
    fn days_and_ages_are_moments() {
        check("2026-11-03", Some("2026-11-03T00:00:00Z"));
        check("2026-11", Some("2026-11-01T00:00:00Z"));
        check("2025", Some("2025-01-01T00:00:00Z"));
        check("today", Some("2026-11-24T00:00:00Z"));
        check("Yesterday", Some("2026-11-23T00:00:00Z"));
        check("2d", Some("2026-11-22T12:30:00Z"));
        check("90m", Some("2026-11-24T11:00:00Z"));
        check("1w", Some("2026-11-17T12:30:00Z"));
        check("2026-11-03T10:00:00+02:00", Some("2026-11-03T08:00:00Z"));
        check("2026-02-30", None);
        check("soon", None);
        check("99999999999999999999d", None);
        check("2147483647y", None);
    }
}
