//! Numbers, ages and dates in words.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Utc};

/// `1204` as `1,204`.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 source`, `3 sources`.
pub fn plural(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) => format!("{} {stem}ies", number(n)),
        _ => format!("{} {one}s", number(n)),
    }
}

/// The text with a capital at its beginning, unless a host or an address begins it: those are spelt as they are.
pub fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first
        .trim_end_matches([':', '.', ',', ';'])
        .contains(['.', ':', '/'])
    {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let capital = letters.next().into_iter().flat_map(char::to_uppercase);
    capital.chain(letters).collect()
}

/// How long ago: `now`, `5 min`, `2 h`, `yesterday`, `3 Nov`, `3 Nov 2024`.
pub fn age(then: DateTime<Utc>, now: DateTime<Utc>, zone: FixedOffset) -> String {
    let passed = now - then;
    let day = then.with_timezone(&zone).date_naive();
    let today = now.with_timezone(&zone).date_naive();
    if passed < TimeDelta::minutes(1) {
        "now".to_owned()
    } else if passed < TimeDelta::hours(1) {
        format!("{} min", passed.num_minutes())
    } else if day == today || passed < TimeDelta::hours(6) {
        format!("{} h", passed.num_hours())
    } else if day.succ_opt() == Some(today) {
        "yesterday".to_owned()
    } else if day.year() == today.year() {
        day.format("%-d %b").to_string()
    } else {
        day.format("%-d %b %Y").to_string()
    }
}

/// The heading of a day in a list: `Today`, `Yesterday`, `Monday 3 November`.
pub fn day_heading(day: NaiveDate, today: NaiveDate) -> String {
    if day == today {
        "Today".to_owned()
    } else if day.succ_opt() == Some(today) {
        "Yesterday".to_owned()
    } else {
        long_day(day, today)
    }
}

/// `Sunday 2 November`, with the year where it is another one.
pub fn long_day(day: NaiveDate, today: NaiveDate) -> String {
    let form = if day.year() == today.year() {
        "%A %-d %B"
    } else {
        "%A %-d %B %Y"
    };
    day.format(form).to_string()
}

/// The time of day, or the day and the time: `15:10`, `3 Nov 15:10`.
pub fn time(then: DateTime<Utc>, now: DateTime<Utc>, zone: FixedOffset) -> String {
    let local = then.with_timezone(&zone);
    let form = if local.date_naive() == now.with_timezone(&zone).date_naive() {
        "%H:%M"
    } else {
        "%-d %b %H:%M"
    };
    local.format(form).to_string()
}

/// Minutes to read so many words, at 230 a minute; never 0.
pub fn minutes(words: usize) -> usize {
    words.div_ceil(230).max(1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_hosts_are_spelt_as_they_are() {
        for (text, expected) in [
            ("note written", "Note written"),
            ("éa is", "Éa is"),
            (
                "papers.example (shop) is no source",
                "papers.example (shop) is no source",
            ),
            ("http://127.0.0.1/x", "http://127.0.0.1/x"),
            ("undone: 1 entry starred", "Undone: 1 entry starred"),
            ("", ""),
        ] {
            assert_eq!(super::sentence(text), expected);
        }
    }

    use super::*;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2025, 11, day, hour, minute, 0)
            .single()
            .expect("a date that exists")
    }

    #[test]
    fn numbers_have_separators() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_204), "1,204");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(plural(1, "source"), "1 source");
        assert_eq!(plural(3, "source"), "3 sources");
        assert_eq!(plural(2, "entry"), "2 entries");
    }

    #[test]
    fn ages_are_words() {
        let zone = FixedOffset::east_opt(3600).expect("an hour is a zone");
        let now = at(3, 13, 7);
        for (then, expected) in [
            (at(3, 13, 7), "now"),
            (at(3, 13, 2), "5 min"),
            (at(3, 11, 0), "2 h"),
            (at(2, 20, 0), "yesterday"),
            (at(1, 20, 0), "1 Nov"),
            (at(3, 14, 0), "now"),
        ] {
            assert_eq!(age(then, now, zone), expected);
        }
        assert_eq!(
            age(at(1, 0, 0) - TimeDelta::days(400), now, zone),
            "27 Sep 2024"
        );
    }
}
