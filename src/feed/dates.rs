//! Dates as feeds write them.
//!
//! RFC 3339 and RFC 2822 first, then whatever a person could still read: names of months in many languages,
//! missing parts, numbers in other orders. A date without a zone is taken as UTC, one without a time as
//! midnight. What no reading fits is `None`, never a guess at "now".

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

/// Longest text that is looked at, in bytes; the longest honest date is about 60.
const LONGEST: usize = 200;

/// Reads a date.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.len() > LONGEST || text.is_empty() {
        return None;
    }
    DateTime::parse_from_rfc3339(text)
        .map(|date| date.with_timezone(&Utc))
        .ok()
        .or_else(|| iso(text))
        .or_else(|| words(text))
        .filter(|date| (1..=9999).contains(&chrono::Datelike::year(date)))
}

/// A moment out of its parts; `offset` in minutes east of Greenwich.
fn moment(date: NaiveDate, time: Time, offset: i64) -> Option<DateTime<Utc>> {
    let (day_after, time) = if time.hour == 24 && time.minute == 0 {
        (1, Time { hour: 0, ..time })
    } else {
        (0, time)
    };
    let clock = NaiveTime::from_hms_opt(time.hour, time.minute, time.second.min(59))?;
    date.and_time(clock)
        .and_utc()
        .checked_add_signed(Duration::days(day_after) - Duration::minutes(offset))
}

#[derive(Clone, Copy, Debug, Default)]
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
}

/// Digits at the beginning.
fn digits(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// ISO 8601 and what looks like it: `2004`, `2004-02`, `20040228`, `2004-059`, `2004-02-28 18:14:55 -0800`.
fn iso(text: &str) -> Option<DateTime<Utc>> {
    let (number, rest) = digits(text);
    let value: u32 = number.get(..number.len().min(9))?.parse().ok()?;
    let (date, rest) = match number.len() {
        10 if rest.is_empty() => return DateTime::from_timestamp(number.parse().ok()?, 0),
        13 if rest.is_empty() => return DateTime::from_timestamp_millis(number.parse().ok()?),
        8 => (
            NaiveDate::from_ymd_opt((value / 10_000) as i32, value / 100 % 100, value % 100)?,
            rest,
        ),
        7 => (
            NaiveDate::from_yo_opt((value / 1000) as i32, value % 1000)?,
            rest,
        ),
        6 if rest.is_empty() && number.starts_with(['1', '2']) => (
            NaiveDate::from_ymd_opt((value / 100) as i32, value % 100, 1)?,
            rest,
        ),
        4 => {
            let year = value as i32;
            let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'));
            match separator {
                None if rest.is_empty() => (NaiveDate::from_ymd_opt(year, 1, 1)?, rest),
                None => return None,
                Some(separator) => after_year(year, separator, &rest[1..])?,
            }
        }
        _ => return None,
    };
    let rest = rest.trim_start_matches([' ', 'T', 't', ',', '_']);
    if rest.is_empty() {
        return moment(date, Time::default(), 0);
    }
    let (time, rest) = clock(rest)?;
    moment(date, time, zone(rest.trim())?)
}

/// Month and day behind a year, or the number of the day in it.
fn after_year(year: i32, separator: char, text: &str) -> Option<(NaiveDate, &str)> {
    let (month, rest) = digits(text);
    if month.len() == 3 && separator == '-' {
        return Some((NaiveDate::from_yo_opt(year, month.parse().ok()?)?, rest));
    }
    if month.is_empty() || month.len() > 2 {
        return None;
    }
    let month = month.parse().ok()?;
    let Some(rest) = rest.strip_prefix(separator) else {
        return Some((NaiveDate::from_ymd_opt(year, month, 1)?, rest));
    };
    let (day, rest) = digits(rest);
    if day.is_empty() || day.len() > 2 {
        return None;
    }
    Some((
        NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)?,
        rest,
    ))
}

/// `18:14:55.123`, `18:14`, `18.14`, `181455`, `18`.
fn clock(text: &str) -> Option<(Time, &str)> {
    let (hour, rest) = digits(text);
    let number: u32 = hour.get(..hour.len().min(6))?.parse().ok()?;
    match hour.len() {
        6 => {
            return Some((
                Time {
                    hour: number / 10_000,
                    minute: number / 100 % 100,
                    second: number % 100,
                },
                fraction(rest),
            ));
        }
        4 => {
            return Some((
                Time {
                    hour: number / 100,
                    minute: number % 100,
                    second: 0,
                },
                rest,
            ));
        }
        1 | 2 => {}
        _ => return None,
    }
    let mut time = Time {
        hour: number,
        ..Time::default()
    };
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((time, rest));
    };
    let (minute, rest) = digits(rest);
    time.minute = minute.parse().ok().filter(|_| minute.len() <= 2)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((time, rest));
    };
    let (second, rest) = digits(rest);
    if !second.is_empty() {
        time.second = second.parse().ok().filter(|_| second.len() <= 2)?;
    }
    Some((time, fraction(rest)))
}

/// What is left behind a fraction of a second, if there is one.
fn fraction(text: &str) -> &str {
    text.strip_prefix(['.', ',', ':'])
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .map_or(text, |rest| digits(rest).1)
}

/// Minutes east of Greenwich; an empty zone is Greenwich.
fn zone(text: &str) -> Option<i64> {
    let text = text.trim();
    let sign = match text.chars().next() {
        None => return Some(0),
        Some('+') => 1,
        Some('-' | '−') => -1,
        Some(_) => {
            let name = text.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '+');
            // `GMT+0100`, `UTC-5`
            for prefix in ["GMT", "UTC", "UT"] {
                if let Some(rest) = name.strip_prefix(prefix)
                    && rest.starts_with(['+', '-'])
                {
                    return zone(rest);
                }
            }
            let name = name.to_ascii_uppercase();
            return ZONES
                .iter()
                .find(|row| row.0 == name)
                .map(|row| row.1)
                // One letter is a military zone, which nobody means as the RFC had it.
                .or((name.len() == 1).then_some(0));
        }
    };
    let text = text.trim_start_matches(['+', '-', '−']).trim();
    let (hours, rest) = digits(text);
    let (hours, minutes) = if let Some(rest) = rest.strip_prefix(':') {
        (hours.parse().ok()?, digits(rest).0.parse().ok()?)
    } else {
        let number: i64 = hours.parse().ok().filter(|_| hours.len() <= 4)?;
        if hours.len() <= 2 {
            (number, 0)
        } else {
            (number / 100, number % 100)
        }
    };
    let minutes = hours * 60 + minutes;
    (minutes <= 18 * 60).then_some(sign * minutes)
}

/// Names of zones, and their minutes east of Greenwich. Where a name has several meanings, the one that is met
/// in feeds.
#[rustfmt::skip]
const ZONES: &[(&str, i64)] = &[
    ("Z", 0), ("UT", 0), ("UTC", 0), ("GMT", 0), ("WET", 0), ("GMT0", 0),
    ("EST", -300), ("EDT", -240), ("CST", -360), ("CDT", -300), ("MST", -420), ("MDT", -360),
    ("PST", -480), ("PDT", -420), ("AKST", -540), ("AKDT", -480), ("HST", -600), ("AST", -240), ("ADT", -180),
    ("ET", -300), ("CT", -360), ("MT", -420), ("PT", -480), ("NST", -210), ("NDT", -150), ("BRT", -180), ("ART", -180),
    ("BST", 60), ("WEST", 60), ("CET", 60), ("MEZ", 60), ("MET", 60), ("CEST", 120), ("MESZ", 120), ("MEST", 120),
    ("EET", 120), ("SAST", 120), ("EEST", 180), ("MSK", 180), ("MSD", 240), ("TRT", 180), ("IST", 330),
    ("PKT", 300), ("ICT", 420), ("WIB", 420), ("HKT", 480), ("SGT", 480), ("PHT", 480), ("AWST", 480),
    ("JST", 540), ("KST", 540), ("ACST", 570), ("AEST", 600), ("ACDT", 630), ("AEDT", 660), ("NZST", 720), ("NZDT", 780),
];

/// The beginnings of the months' names, in lower case, by month. Whole names begin with one of these; where
/// two months of a language begin alike, both are longer.
#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen", "янв", "січ", "sty", "led", "ιαν", "tammi", "oca", "ian", "gener", "siječ", "ינו", "ينا"],
    &["feb", "fév", "fev", "фев", "лют", "lut", "úno", "φεβ", "helmi", "şub", "veljač", "פבר", "فبر"],
    &["mar", "mär", "mrt", "maa", "мар", "бер", "bře", "μάρ", "μαρ", "márc", "maalis", "ožuj", "mrz", "מרץ", "مار"],
    &["apr", "avr", "abr", "ápr", "апр", "кві", "kwi", "dub", "απρ", "huhti", "nis", "travan", "אפר", "أبر"],
    &["may", "mai", "mei", "maj", "mag", "máj", "май", "мая", "тра", "kvě", "μαΐ", "μάι", "μαι", "touko", "svib", "מאי", "ماي"],
    &["jun", "juin", "giu", "jún", "июн", "чер", "cze", "červ", "čvn", "ιούν", "ιουν", "kesä", "haz", "iun", "lipan", "lipnj", "יונ", "يون"],
    &["jul", "juil", "lug", "júl", "июл", "лип", "lip", "červenc", "červenec", "ιούλ", "ιουλ", "heinä", "tem", "iul", "srpan", "srpnj", "יול", "يول"],
    &["aug", "aoû", "aou", "ago", "авг", "сер", "sie", "srp", "αύγ", "αυγ", "elo", "ağu", "kolov", "אוג", "أغس"],
    &["sep", "set", "szept", "сен", "вер", "wrz", "zář", "σεπ", "syys", "eyl", "ruj", "ספט", "سبت"],
    &["oct", "okt", "out", "ott", "окт", "жов", "paź", "říj", "οκτ", "loka", "eki", "אוק", "أكت"],
    &["nov", "ноя", "лис", "lis", "νοέ", "νοε", "marras", "kas", "noi", "studen", "נוב", "نوف"],
    &["dec", "dez", "dic", "déc", "дек", "гру", "gru", "pro", "δεκ", "joulu", "ara", "prosin", "דצמ", "ديس"],
];

/// The month whose name has the longest matching beginning.
fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    MONTHS
        .iter()
        .zip(1..)
        .filter_map(|(names, number)| {
            let longest = names.iter().filter(|name| word.starts_with(**name));
            longest.map(|name| name.len()).max().map(|l| (l, number))
        })
        .max_by_key(|found| found.0)
        .map(|found| found.1)
}

/// A date in words: `Thu, 01 Jan 2004 19:48:21 GMT`, `1 janvier 2004`, `2004年05月28日 11:31`, `Jan 1, 2004 7:48 PM`,
/// `01/31/2004`.
fn words(text: &str) -> Option<DateTime<Utc>> {
    let mut parts = Parts::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            rest = parts.number(rest)?;
        } else if first.is_alphabetic() {
            let end = rest
                .find(|c: char| !c.is_alphabetic() && !is_mark(c))
                .unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            rest = parts.word(word, behind);
        } else if matches!(first, '+' | '-' | '−') && parts.time.is_some() {
            // A sign behind a time begins the zone; a dash before it only parts numbers.
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| !c.is_ascii_digit() && *c != ':')
                .map_or(rest.len(), |found| found.0);
            if parts.offset.is_none() || parts.offset == Some(0) {
                parts.offset = zone(&rest[..end]).or(parts.offset);
            }
            rest = &rest[end..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    parts.date()
}

/// Marks that stand on letters, as in decomposed `é`.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// What was found so far.
#[derive(Debug, Default)]
struct Parts {
    /// Numbers that are no time, with the count of their digits, in their order.
    numbers: Vec<(u32, usize)>,
    month: Option<u32>,
    /// Whether no number stood before the month's name.
    month_first: bool,
    time: Option<Time>,
    afternoon: Option<bool>,
    offset: Option<i64>,
}

impl Parts {
    /// Takes a number, or a time, from the beginning of `text`.
    fn number<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (number, rest) = digits(text);
        let next = rest.chars().next();
        if next == Some(':') && self.time.is_none() && number.len() <= 2 {
            let (time, rest) = clock(text)?;
            self.time = Some(time);
            return Some(rest);
        }
        // `오후 11시 31분`, `11時31分`
        if matches!(next, Some('時' | '时' | '시')) {
            let mut time = Time {
                hour: number.parse().ok()?,
                ..Time::default()
            };
            let mut rest = rest[next.map_or(0, char::len_utf8)..].trim_start();
            for part in [&mut time.minute, &mut time.second] {
                let (number, behind) = digits(rest);
                if number.is_empty() {
                    break;
                }
                *part = number.parse().ok()?;
                rest = behind
                    .trim_start_matches(['分', '분', '秒', '초'])
                    .trim_start();
            }
            self.time = Some(time);
            return Some(rest);
        }
        if number.len() > 4 || self.numbers.len() > 3 {
            return None;
        }
        self.numbers.push((number.parse().ok()?, number.len()));
        Some(rest)
    }

    /// Takes a word; gives back what is left of the text behind it.
    fn word<'a>(&mut self, word: &str, behind: &'a str) -> &'a str {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "am" | "오전" | "上午" | "午前" | "πμ" => self.afternoon = Some(false),
            "pm" | "오후" | "下午" | "午後" | "μμ" => self.afternoon = Some(true),
            // Ordinals and separators: `1st`, `de`, `of`, `at`, `T`.
            "t" | "st" | "nd" | "rd" | "th" | "de" | "of" | "at" | "년" | "월" | "일" | "年"
            | "月" | "日" => {}
            _ => {
                if self.time.is_some() && self.offset.is_none() {
                    // `GMT+0100` and `UTC-5` are one zone.
                    let signed = behind.starts_with(['+', '-'])
                        && matches!(lower.as_str(), "gmt" | "utc" | "ut");
                    if signed {
                        return behind;
                    }
                    if let Some(offset) = zone(word) {
                        self.offset = Some(offset);
                        return behind;
                    }
                }
                // `mar, 3 févr.`: a weekday may look like a month, until the month comes.
                let still_open = self.month.is_none() || self.month_first;
                if still_open
                    && word.chars().count() >= 3
                    && let Some(month) = month(word)
                {
                    self.month = Some(month);
                    self.month_first = self.numbers.is_empty();
                }
            }
        }
        behind
    }

    fn date(self) -> Option<DateTime<Utc>> {
        let numbers: Vec<u32> = self.numbers.iter().map(|n| n.0).collect();
        let long = self.numbers.iter().position(|n| n.1 >= 3 || n.0 > 31);
        let (year, month, day) = match (self.month, numbers.as_slice(), long) {
            // `1 Jan 2004`, `Jan 1, 2004`, `2004 Jan 1`
            (Some(month), [a, b, ..], _) => {
                let year_first = long == Some(0);
                let (day, year, width) = if year_first {
                    (*b, *a, self.numbers[0].1)
                } else {
                    (*a, *b, self.numbers[1].1)
                };
                (full_year(year, width), month, day)
            }
            // `January 2004`
            (Some(month), [a], Some(_)) => (full_year(*a, self.numbers[0].1), month, 1),
            // `2004年5月28日`, `2004. 5. 28`
            (None, [year, month, day], Some(0)) => {
                (full_year(*year, self.numbers[0].1), *month, *day)
            }
            // `31/01/2004`, `01/31/2004`: where both can be, the American order, which is the commoner one with slashes.
            (None, [a, b, year], Some(2)) => {
                let (month, day) = if *a > 12 { (*b, *a) } else { (*a, *b) };
                (full_year(*year, self.numbers[2].1), month, day)
            }
            _ => return None,
        };
        let mut time = self.time.unwrap_or_default();
        match self.afternoon {
            Some(true) if time.hour < 12 => time.hour += 12,
            Some(false) if time.hour == 12 => time.hour = 0,
            _ => {}
        }
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        moment(date, time, self.offset.unwrap_or(0))
    }
}

/// Two digits are of this century up to 49 (RFC 2822 §4.3).
fn full_year(number: u32, width: usize) -> i32 {
    let number = number as i32;
    match (width, number) {
        (1 | 2, 0..=49) => number + 2000,
        (1..=3, _) => number + 1900,
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = parse(text).map_or("none".to_owned(), |date| {
            date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
        });
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn the_formats_of_the_standards() {
        check("2026-02-03T10:00:00Z", "2026-02-03T10:00:00Z");
        check("2026-02-03T10:00:00.25+01:00", "2026-02-03T09:00:00Z");
        check("Tue, 03 Feb 2026 10:00:00 GMT", "2026-02-03T10:00:00Z");
        check("3 Feb 26 10:00 -0800", "2026-02-03T18:00:00Z");
    }

    #[test]
    fn iso_with_parts_missing() {
        check("2026", "2026-01-01T00:00:00Z");
        check("2026-02", "2026-02-01T00:00:00Z");
        check("20260203", "2026-02-03T00:00:00Z");
        check("2026-034", "2026-02-03T00:00:00Z");
        check("2006-01-11 16:42:55 -0800", "2006-01-12T00:42:55Z");
        check("2026-02-03 10:00:00", "2026-02-03T10:00:00Z");
        check("2026-02-03T10:00", "2026-02-03T10:00:00Z");
        check("2026-02-03T10:00:00+0100", "2026-02-03T09:00:00Z");
        check("2026/2/3 1:02", "2026-02-03T01:02:00Z");
        check("1770112800", "2026-02-03T10:00:00Z");
    }

    #[test]
    fn the_usual_faults_of_mail_dates() {
        check("Thurs, 13 Jul 2011 07:38:00 UTC", "2011-07-13T07:38:00Z");
        check("Tue, 3 February 2026 1:00:00 EST", "2026-02-03T06:00:00Z");
        check("Tue Feb  3 10:00:00 2026", "2026-02-03T10:00:00Z");
        check("Tue Feb  3 10:00:00 PST 2026", "2026-02-03T18:00:00Z");
        check("February 3, 2026", "2026-02-03T00:00:00Z");
        check("Feb 3, 2026 7:05 PM", "2026-02-03T19:05:00Z");
        check("Tue, 03 Feb 2026 10:00:00 GMT+0100", "2026-02-03T09:00:00Z");
        check("Tue, 03 Feb 2026 24:00:00 Z", "2026-02-04T00:00:00Z");
        check("Sun, 16-Jul-2006 10:00:00 +0200", "2006-07-16T08:00:00Z");
    }

    #[test]
    fn months_of_other_languages() {
        check("mar., 3 févr. 2026", "2026-02-03T00:00:00Z");
        check("3 février 2026", "2026-02-03T00:00:00Z");
        check("Di, 03 Mär 2026 10:00:00 +0100", "2026-03-03T09:00:00Z");
        check("3 de mayo de 2026", "2026-05-03T00:00:00Z");
        check("3 июня 2026 г.", "2026-06-03T00:00:00Z");
        check("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z");
        check("2026年02月03日", "2026-02-03T00:00:00Z");
        check("2026년 02월 03일 오후 01:02:03", "2026-02-03T13:02:03Z");
    }

    #[test]
    fn numbers_only() {
        check("31/01/2026", "2026-01-31T00:00:00Z");
        check("01/31/2026 10:00", "2026-01-31T10:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "0000-00-00 00:00:00",
            "32 Jan 2026",
            "Feb",
            "99",
            "1:2:3:4",
            "12",
            "2026-13-01",
        ] {
            check(text, "none");
        }
        check(&"9".repeat(300), "none");
        check("２０２６", "none");
    }
}
