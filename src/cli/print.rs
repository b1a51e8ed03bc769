//! Standard output: lines of text, lines of JSON. Nothing that could harm a terminal leaves here, not even inside JSON.

use crate::text::SafeText;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use std::io::{self, BufWriter, StdoutLock, Write, stdout};

/// Standard output, buffered; what is not flushed when it is dropped is flushed then.
pub struct Out(BufWriter<StdoutLock<'static>>);

impl Out {
    pub fn new() -> Out {
        Out(BufWriter::with_capacity(64 << 10, stdout().lock()))
    }

    /// One line of our own words and [`SafeText`].
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.write_all(b"\n")
    }

    /// A text of several lines, as it stands; a line break is added where it has none at its end.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        if text.is_empty() || text.ends_with('\n') {
            Ok(())
        } else {
            self.0.write_all(b"\n")
        }
    }

    /// One object, as one line.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.line(&escape(text))
    }

    /// Sends everything off. Called at the end of a verb, so that a full disk is an error and not a silence.
    pub fn done(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// JSON with every character escaped that a terminal could take for an order: outside its strings JSON has none of them.
fn escape(json: String) -> String {
    use std::fmt::Write as _;
    if !json.chars().any(is_risky) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if is_risky(c) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Controls, bidi controls, zero-width characters, tags: what [`SafeText`] does not hold either, save joiners.
fn is_risky(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A time, as the contract has it: RFC 3339 in UTC.
pub fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A text, or `null` for an empty one.
pub fn some(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

/// The one line that a failure is told with on standard error.
pub fn complain(error: &anyhow::Error) {
    complain_words(&format!("{error:#}"));
}

/// As [`complain`], for a text.
pub fn complain_words(text: &str) {
    let safe = SafeText::line(text);
    // Nobody is left to be told if standard error is closed.
    let _ = writeln!(io::stderr(), "bron: {safe}");
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_could_harm_a_terminal_is_escaped_in_json() {
        let text = "a\u{9b}b\u{202e}c\u{200b}d\u{e0041}é漢";
        let json = escape(serde_json::to_string(text).expect("a text"));
        assert_eq!(json, "\"a\\u009bb\\u202ec\\u200bd\\udb40\\udc41é漢\"");
        assert_eq!(
            serde_json::from_str::<String>(&json).expect("still JSON"),
            text
        );
    }
}
