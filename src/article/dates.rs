//! Dates as pages write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// Years outside are mistakes: the web is younger, and nobody dates that far ahead.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// Month names as they begin, in languages whose pages were seen with dates in words.
#[rustfmt::skip]
const MONTHS: &[(&str, u32)] = &[
    ("jan", 1), ("feb", 2), ("mar", 3), ("mär", 3), ("mrt", 3), ("maa", 3), ("apr", 4), ("avr", 4), ("abr", 4), ("may", 5), ("mai", 5), ("maj", 5),
    ("mei", 5), ("mag", 5), ("juin", 6), ("jun", 6), ("giu", 6), ("juil", 7), ("jul", 7), ("lug", 7), ("aug", 8), ("aoû", 8), ("ago", 8), ("sep", 9), ("set", 9),
    ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10), ("nov", 11), ("dec", 12), ("dez", 12), ("déc", 12), ("dic", 12), ("dés", 12),
    ("ene", 1), ("gen", 1), ("fév", 2), ("fev", 2),
];

/// A moment out of what a page says: RFC 3339 and its relatives, RFC 2822, seconds since 1970, dates in words.
/// Without a zone it is UTC, without a time midnight.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(80)];
    let found = DateTime::parse_from_rfc3339(text)
        .map(|date| date.to_utc())
        .ok()
        .or_else(|| epoch(text))
        .or_else(|| numeric(text))
        .or_else(|| {
            DateTime::parse_from_rfc2822(text)
                .map(|date| date.to_utc())
                .ok()
        })
        .or_else(|| in_words(text))?;
    YEARS.contains(&found.year()).then_some(found)
}

/// A date out of the path of an address: `/2024/05/31/`, `/2024-05-31-title`, `/20240531/`.
pub(super) fn of_address(path: &str) -> Option<DateTime<Utc>> {
    let bytes = path.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let before = at.checked_sub(1).map(|i| bytes[i]);
        if before.is_some_and(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = path.get(at..)?;
        let year: i32 = rest.get(..4)?.parse().ok()?;
        if !(1995..=2100).contains(&year) {
            return None;
        }
        let (month, day) = match rest.as_bytes().get(4)? {
            separator @ (b'/' | b'-' | b'_') => {
                let mut parts = rest.get(5..)?.split(*separator as char);
                let month = parts.next()?;
                let day: String = parts
                    .next()?
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                (month.parse().ok()?, day.parse().ok()?)
            }
            digit if digit.is_ascii_digit() => {
                if rest
                    .as_bytes()
                    .get(8)
                    .is_some_and(u8::is_ascii_alphanumeric)
                {
                    return None;
                }
                (rest.get(4..6)?.parse().ok()?, rest.get(6..8)?.parse().ok()?)
            }
            _ => return None,
        };
        midnight(year, month, day)
    })
}

fn midnight(year: i32, month: u32, day: u32) -> Option<DateTime<Utc>> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    Some(Utc.from_utc_datetime(&date.and_time(NaiveTime::MIN)))
}

/// Ten digits are seconds, thirteen are milliseconds.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

/// `2024-05-31`, `2024/5/31 13:05`, `20240531`, `2024-05-31T13:05:00+0200`, `31.05.2024`, `2024年5月31日`.
fn numeric(text: &str) -> Option<DateTime<Utc>> {
    let mut rest = Digits { rest: text };
    let first = rest.number(4)?;
    let (year, month, day) = if first.len() == 4 {
        let year = first.value;
        let compact = rest.rest.starts_with(|c: char| c.is_ascii_digit());
        let month = rest.separated(if compact { "" } else { "-/.年 " }, 2)?;
        let day = rest.separated(if compact { "" } else { "-/.月 " }, 2)?;
        (year, month, day)
    } else {
        let separator = rest.rest.chars().next().filter(|c| ".-/".contains(*c))?;
        let second = rest.separated(".-/", 2)?;
        let year = rest.separated(".-/", 4).filter(|y| *y > 1000)?;
        // Day first with dots and dashes; with slashes only where the number says so, else as in the United States.
        if separator == '/' && second > 12 || separator == '/' && first.value <= 12 {
            (year, first.value, second)
        } else {
            (year, second, first.value)
        }
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let rest = rest.rest.trim_start_matches([' ', 'T', 't', ',', '日']);
    Some(with_time(date, rest))
}

/// A date and what is written behind it: a time, perhaps a zone.
fn with_time(date: NaiveDate, text: &str) -> DateTime<Utc> {
    let midnight = Utc.from_utc_datetime(&date.and_time(NaiveTime::MIN));
    let mut rest = Digits {
        rest: text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+'),
    };
    let Some(mut hour) = rest.number(2).map(|n| n.value) else {
        return midnight;
    };
    let compact = rest.rest.starts_with(|c: char| c.is_ascii_digit());
    let Some(minute) = rest.separated(if compact { "" } else { ":." }, 2) else {
        return midnight;
    };
    let second = rest
        .separated(if compact { "" } else { ":" }, 2)
        .unwrap_or(0);
    let rest = rest
        .rest
        .trim_start_matches(|c: char| c == '.' || c == ',' || c.is_ascii_digit())
        .trim_start();
    let lower = rest.to_ascii_lowercase();
    if lower.starts_with("pm") || lower.starts_with("p.m") {
        hour = hour % 12 + 12;
    } else if (lower.starts_with("am") || lower.starts_with("a.m")) && hour == 12 {
        hour = 0;
    }
    let Some(time) = NaiveTime::from_hms_opt(hour, minute, second.min(59)) else {
        return midnight;
    };
    let local = NaiveDateTime::new(date, time);
    let offset = zone_minutes(rest);
    Utc.from_utc_datetime(&(local - chrono::Duration::minutes(offset)))
}

/// `+02:00`, `-0500`, `+2`; anything else is UTC.
fn zone_minutes(text: &str) -> i64 {
    let sign = match text.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return 0,
    };
    let mut rest = Digits { rest: &text[1..] };
    let Some(hours) = rest.number(2) else {
        return 0;
    };
    let minutes = rest
        .number(2)
        .or_else(|| {
            rest.rest = rest.rest.strip_prefix(':')?;
            rest.number(2)
        })
        .map_or(0, |n| n.value);
    if hours.value > 14 || minutes > 59 {
        return 0;
    }
    sign * i64::from(hours.value * 60 + minutes)
}

/// `May 31st, 2024 1:05 pm`, `31. Mai 2024`, `Fri, 31 May 2024 13:05:00 GMT`.
fn in_words(text: &str) -> Option<DateTime<Utc>> {
    let words: Vec<(usize, &str)> = words(text);
    let place = words.iter().position(|(_, word)| month(word).is_some())?;
    let month = month(words[place].1)?;
    let number = |i: usize| -> Option<u32> {
        let digits: String = words
            .get(i)?
            .1
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    // Spanish and Portuguese set `de` between the parts.
    let behind = if words.get(place + 1).is_some_and(|w| w.1 == "de") {
        place + 2
    } else {
        place + 1
    };
    let before = place.checked_sub(1).map(|i| {
        if words[i].1 == "de" {
            i.saturating_sub(1)
        } else {
            i
        }
    });
    let (day, year_at) = match (before.and_then(number), number(behind)) {
        (Some(day @ 1..=31), Some(year)) if year > 1000 => (day, behind),
        (_, Some(day @ 1..=31)) => (day, behind + 1),
        _ => return None,
    };
    let year = number(year_at).filter(|y| *y > 1000)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let (at, word) = words[year_at];
    Some(with_time(date, &text[at + word.len()..]))
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn month(word: &str) -> Option<u32> {
    let lower = word.to_lowercase();
    if !(3..=10).contains(&lower.chars().count()) || lower.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    MONTHS
        .iter()
        .find(|(name, _)| lower.starts_with(name))
        .map(|(_, month)| *month)
}

struct Number {
    value: u32,
    len: usize,
}

impl Number {
    fn len(&self) -> usize {
        self.len
    }
}

struct Digits<'a> {
    rest: &'a str,
}

impl Digits<'_> {
    fn number(&mut self, at_most: usize) -> Option<Number> {
        let len = self
            .rest
            .bytes()
            .take(at_most)
            .take_while(u8::is_ascii_digit)
            .count();
        let value = self.rest[..len].parse().ok()?;
        self.rest = &self.rest[len..];
        Some(Number { value, len })
    }

    /// One of the separators (and white space), then a number; no separators: the digits go on.
    fn separated(&mut self, separators: &str, at_most: usize) -> Option<u32> {
        if !separators.is_empty() {
            let next = self
                .rest
                .chars()
                .next()
                .filter(|c| separators.contains(*c))?;
            self.rest = self.rest[next.len_utf8()..].trim_start();
        }
        self.number(at_most).map(|n| n.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let said = parse(text).map_or("none".to_owned(), |d| {
            d.format("%Y-%m-%dT%H:%M:%S").to_string()
        });
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn dates_are_read_as_pages_write_them() {
        for (text, expected) in [
            ("2024-05-31T13:05:00+02:00", "2024-05-31T11:05:00"),
            ("2024-05-31T13:05:00.123Z", "2024-05-31T13:05:00"),
            ("2024-05-31T13:05:00+0200", "2024-05-31T11:05:00"),
            ("2024-05-31T13:05-05", "2024-05-31T18:05:00"),
            ("2024-05-31 13:05:07", "2024-05-31T13:05:07"),
            ("2024-05-31", "2024-05-31T00:00:00"),
            ("2024/5/3", "2024-05-03T00:00:00"),
            ("20240531", "2024-05-31T00:00:00"),
            ("20240531130500", "2024-05-31T13:05:00"),
            ("1717160700", "2024-05-31T13:05:00"),
            ("1717160700000", "2024-05-31T13:05:00"),
            ("Fri, 31 May 2024 13:05:00 GMT", "2024-05-31T13:05:00"),
            ("Fri, 31 May 2024 13:05:00 +0200", "2024-05-31T11:05:00"),
            ("May 31st, 2024", "2024-05-31T00:00:00"),
            ("May 31, 2024 1:05 PM", "2024-05-31T13:05:00"),
            ("31. Mai 2024", "2024-05-31T00:00:00"),
            ("31 de mayo de 2024", "2024-05-31T00:00:00"),
            ("31 décembre 2024", "2024-12-31T00:00:00"),
            ("Published Tuesday 3 September 2019", "2019-09-03T00:00:00"),
            ("31.05.2024", "2024-05-31T00:00:00"),
            ("05/31/2024", "2024-05-31T00:00:00"),
            ("31/05/2024", "2024-05-31T00:00:00"),
            ("2024年5月31日", "2024-05-31T00:00:00"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2024",
            "May 2024",
            "2024-13-45",
            "1234567",
            "9999-01-01",
            "1969-12-31",
            "31",
        ] {
            check(text, "none");
        }
    }

    #[test]
    fn an_address_may_hold_its_date() {
        let date = |path| of_address(path).map(|d| d.format("%F").to_string());
        assert_eq!(date("/2024/05/31/title").as_deref(), Some("2024-05-31"));
        assert_eq!(
            date("/news/2024-05-31-title").as_deref(),
            Some("2024-05-31")
        );
        assert_eq!(date("/a/20240531/x").as_deref(), Some("2024-05-31"));
        assert_eq!(date("/12024/05/31/"), None);
        assert_eq!(date("/2024/99/31/"), None);
        assert_eq!(date("/2024053112345/"), None);
        assert_eq!(date("/2024/05/title"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,40}", digits in "[0-9/:. +-]{0,30}") {
            let _ = (parse(&text), parse(&digits), of_address(&text), of_address(&digits));
        }
    }
}
