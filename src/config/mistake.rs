//! What is wrong in a file, where, and what would be right.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// A mistake in a file. What else the file says counts all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub file: PathBuf,
    /// From 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// From 1; 0 where the line as a whole is meant.
    pub column: usize,
    /// What is wrong and what would be right; lower case, no full stop.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.file.file_name().map_or_else(
            || self.file.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        match (self.line, self.column) {
            (0, _) => write!(f, "{name}: {}", self.message),
            (line, 0) => write!(f, "{name}:{line}: {}", self.message),
            (line, column) => write!(f, "{name}:{line}:{column}: {}", self.message),
        }
    }
}

/// Mistakes of one file that are told: it is no config then.
const MOST: usize = 1000;

/// Gathers the mistakes of one file.
pub struct Mistakes<'a> {
    file: &'a Path,
    /// Where each line ends: a file of many lines with many mistakes is not counted through for each.
    ends: Vec<usize>,
    found: Vec<Mistake>,
    /// Lines that are no TOML: what else seems wrong in them follows from that.
    broken: HashSet<usize>,
}

impl<'a> Mistakes<'a> {
    pub fn new(file: &'a Path, text: &'a str) -> Mistakes<'a> {
        Mistakes {
            file,
            ends: text.match_indices('\n').map(|(at, _)| at).collect(),
            found: Vec::new(),
            broken: HashSet::new(),
        }
    }

    /// The line of this byte, from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.ends.partition_point(|end| *end < byte) + 1
    }

    /// A mistake at this byte of the text.
    pub fn at(&mut self, byte: usize, message: impl Into<String>) {
        let line = self.line(byte);
        if self.broken.len() > MOST || self.found.len() > MOST {
            return;
        }
        if self.broken.contains(&line) {
            return;
        }
        self.found.push(Mistake {
            file: self.file.to_owned(),
            line,
            column: 0,
            message: message.into(),
        });
    }

    /// The line of this byte cannot be read.
    pub fn broken_at(&mut self, byte: usize, message: impl Into<String>) {
        self.at(byte, message);
        self.broken.insert(self.line(byte));
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// All of them, in the order of the file.
    pub fn done(mut self) -> Vec<Mistake> {
        self.found.sort_by_key(|mistake| mistake.line);
        self.found
    }
}

/// The line in which a byte stands, from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(byte)
        .filter(|&&b| b == b'\n')
        .count()
        + 1
}

/// The name nearest to what was written, if one is near enough to have been meant.
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 2);
    names
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&written, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// "there is no setting “tehme”; did you mean “theme”?"
pub fn no_such<'n>(what: &str, written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    match nearest(written, names) {
        Some(name) => format!("there is no {what} “{written}”; did you mean “{name}”?"),
        None => format!("there is no {what} “{written}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::{line_of, nearest};

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["theme", "measure", "mouse", "cards"];
        for (written, expected) in [
            ("tehme", Some("theme")),
            ("Mouse", Some("mouse")),
            ("card", Some("cards")),
            ("nonsense", None),
            ("x", None),
        ] {
            assert_eq!(nearest(written, names), expected, "{written}");
        }
    }

    #[test]
    fn lines_count_from_one() {
        for (byte, line) in [(0, 1), (1, 1), (2, 2), (99, 3)] {
            assert_eq!(line_of("a\nb\nc", byte), line);
        }
    }
}
