//! Values of settings: a TOML value against what a setting wants.

use super::mistake::nearest;
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::de::DeValue;

/// What a setting wants, and where it goes.
pub enum Setting<T> {
    /// `true` or `false`.
    Flag(fn(&mut T, bool)),
    /// A whole number.
    Number(RangeInclusive<i64>, fn(&mut T, i64)),
    /// Any text; an empty one where nothing is meant.
    Words(fn(&mut T, String)),
    /// One of these words.
    Choice(&'static [&'static str], fn(&mut T, &str)),
    /// Several texts.
    List(fn(&mut T, Vec<String>)),
    /// A time as `"90s"`, `"30m"`, `"2h"`, `"1d"`, within these bounds.
    Pause(RangeInclusive<Duration>, fn(&mut T, Duration)),
    /// The same, or `"never"`.
    PauseOrNever(RangeInclusive<Duration>, fn(&mut T, Option<Duration>)),
    /// A size as `"20M"`, `"512K"`, within these bounds.
    Size(RangeInclusive<usize>, fn(&mut T, usize)),
    /// A program with its arguments: `["firefox", "--new-tab"]`, or one text that is split into words.
    Command(fn(&mut T, Vec<String>)),
}

impl<T> Setting<T> {
    /// Puts the value where it goes, or says what would be right.
    pub fn put(&self, target: &mut T, value: &DeValue<'_>) -> Result<(), String> {
        let text = || {
            value
                .as_str()
                .ok_or_else(|| format!("is {}, but {} is wanted", a(value), self.wants()))
        };
        let wrong = || format!("is {}, but {} is wanted", a(value), self.wants());
        match self {
            Setting::Flag(put) => put(target, value.as_bool().ok_or_else(wrong)?),
            Setting::Number(range, put) => put(
                target,
                number(value)
                    .filter(|n| range.contains(n))
                    .ok_or_else(wrong)?,
            ),
            Setting::Words(put) => put(target, text()?.to_owned()),
            Setting::Choice(words, put) => {
                let said = text()?;
                if !words.contains(&said) {
                    let near = nearest(said, words.iter().copied())
                        .map_or(String::new(), |word| format!("; did you mean “{word}”?"));
                    return Err(format!("is “{said}”, but {} is wanted{near}", self.wants()));
                }
                put(target, said);
            }
            Setting::List(put) => put(target, texts(value).ok_or_else(wrong)?),
            Setting::Pause(range, put) => put(
                target,
                pause(text()?)
                    .filter(|pause| range.contains(pause))
                    .ok_or_else(wrong)?,
            ),
            Setting::PauseOrNever(_, put) if value.as_str() == Some("never") => put(target, None),
            Setting::PauseOrNever(range, put) => {
                put(
                    target,
                    Some(
                        pause(text()?)
                            .filter(|pause| range.contains(pause))
                            .ok_or_else(wrong)?,
                    ),
                );
            }
            Setting::Size(range, put) => {
                let bytes = match value.as_str() {
                    Some(text) => size(text),
                    None => number(value).and_then(|n| usize::try_from(n).ok()),
                };
                put(
                    target,
                    bytes
                        .filter(|bytes| range.contains(bytes))
                        .ok_or_else(wrong)?,
                );
            }
            Setting::Command(put) => {
                let words = match value.as_str() {
                    Some(line) => words(line),
                    None => texts(value).ok_or_else(wrong)?,
                };
                put(target, words);
            }
        }
        Ok(())
    }

    /// What is wanted, in words.
    pub fn wants(&self) -> String {
        match self {
            Setting::Flag(_) => "true or false".into(),
            Setting::Number(range, _) => {
                format!("a number from {} to {}", range.start(), range.end())
            }
            Setting::Words(_) => "a text".into(),
            Setting::Choice(words, _) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Setting::List(_) => "a list of texts".into(),
            Setting::Pause(range, _) => format!(
                "a time from \"{}\" to \"{}\"",
                say_pause(*range.start()),
                say_pause(*range.end())
            ),
            Setting::PauseOrNever(range, _) => {
                format!(
                    "a time from \"{}\" to \"{}\", or \"never\"",
                    say_pause(*range.start()),
                    say_pause(*range.end())
                )
            }
            Setting::Size(range, _) => format!(
                "a size from \"{}\" to \"{}\"",
                say_size(*range.start()),
                say_size(*range.end())
            ),
            Setting::Command(_) => "a program with its arguments".into(),
        }
    }
}

/// What stands there, in words; texts themselves, since they are what was mistyped.
fn a(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("“{text}”"),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) => "a date".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}

fn number(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Splits a command into words: white space parts, quotes hold together. Nothing else has a meaning.
pub fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// A list of texts.
pub fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}

/// Units of time, largest first.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];

/// Reads `90s`, `30m`, `2h`, `1d`, `1h 30m`.
pub fn pause(text: &str) -> Option<Duration> {
    let mut seconds: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = match &rest[..letters] {
            "d" | "day" | "days" => 86_400,
            "h" | "hour" | "hours" => 3600,
            "m" | "min" | "minute" | "minutes" => 60,
            "s" | "sec" | "second" | "seconds" => 1,
            _ => return None,
        };
        rest = rest[letters..].trim_start();
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
    }
    Some(Duration::from_secs(seconds))
}

/// The shortest way to say a time.
pub fn say_pause(pause: Duration) -> String {
    let seconds = pause.as_secs();
    UNITS
        .iter()
        .find(|(_, unit)| seconds >= *unit && seconds.is_multiple_of(*unit))
        .map_or_else(
            || "0s".into(),
            |(name, unit)| format!("{}{name}", seconds / unit),
        )
}

/// Reads `20M`, `512K`, `1 GiB`, `100 bytes`.
pub fn size(text: &str) -> Option<usize> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: usize = text[..digits].parse().ok()?;
    let factor = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// The shortest way to say a size.
pub fn say_size(bytes: usize) -> String {
    [(30, "G"), (20, "M"), (10, "K")]
        .iter()
        .find(|(shift, _)| bytes >= 1 << shift && bytes.is_multiple_of(1 << shift))
        .map_or_else(
            || bytes.to_string(),
            |(shift, unit)| format!("{}{unit}", bytes >> shift),
        )
}

#[cfg(test)]
mod tests {
    use super::{pause, say_pause, say_size, size};
    use std::time::Duration;

    #[test]
    fn times_are_read_and_said() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("2 h", Some(7200)),
            ("1d", Some(86_400)),
            ("1h 30m", Some(5400)),
            ("30 minutes", Some(1800)),
            ("", None),
            ("30", None),
            ("m", None),
            ("-1h", None),
            ("99999999999999999999d", None),
            ("9999999999999999999d", None),
        ] {
            assert_eq!(pause(text), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(say_pause(Duration::from_mins(90)), "90m");
        assert_eq!(say_pause(Duration::from_hours(24)), "1d");
        assert_eq!(say_pause(Duration::ZERO), "0s");
    }

    #[test]
    fn sizes_are_read_and_said() {
        for (text, bytes) in [
            ("20M", Some(20 << 20)),
            ("512 KiB", Some(512 << 10)),
            ("7", Some(7)),
            ("M", None),
            ("3x", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
        assert_eq!(say_size(20 << 20), "20M");
        assert_eq!(say_size(1000), "1000");
    }
}
