//! A list of feeds from elsewhere becomes a list file beside the config: one way for the screen and the command line.

use super::{EditError, Lists, Written, add_list};
use crate::config::paths::Paths;
use crate::feed::list::{self, Listed};
use crate::feed::opml;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No list of feeds is larger.
const LIMIT: u64 = 64 << 20;

/// A list that was read, and not written yet.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Each feed once, with all its tags.
    pub feeds: Vec<Listed>,
    /// Line and sentence for what cannot be read.
    pub problems: Vec<(usize, String)>,
    /// How many feeds were left out since they visit programs or files: a list from elsewhere may not do that.
    pub programs: usize,
    title: String,
    /// The name of the list file, without its ending.
    stem: String,
}

impl Import {
    /// Reads a file; `-` is standard input.
    pub fn read(file: &Path) -> io::Result<Import> {
        let bytes = if file == Path::new("-") {
            bounded(io::stdin().lock())?
        } else {
            bounded(File::open(file)?)?
        };
        Ok(Import::of(&bytes, file))
    }

    fn of(bytes: &[u8], file: &Path) -> Import {
        let mut read = list::read(bytes);
        let programs = read
            .feeds
            .extract_if(.., |feed| {
                !matches!(feed.url.url().scheme(), "http" | "https")
            })
            .count();
        let stem = stem(file);
        Import {
            feeds: merged(read.feeds),
            problems: read.problems,
            programs,
            title: read.title.unwrap_or_else(|| stem.clone()),
            stem,
        }
    }

    /// How many of the feeds stand in none of these lists.
    pub fn new_to(&self, lists: &Lists) -> usize {
        let new = |feed: &&Listed| !lists.places.contains_key(&feed.url);
        self.feeds.iter().filter(new).count()
    }

    /// What of the list does not count, as the end of a sentence.
    pub fn left_out(&self) -> String {
        let mut words = String::new();
        if self.programs > 0 {
            words.push_str(&format!(
                "; {} that visit programs or files left out",
                self.programs
            ));
        }
        if !self.problems.is_empty() {
            words.push_str(&format!("; {} that cannot be read", self.problems.len()));
        }
        words
    }

    /// Writes the list beside the config and names it there. Nothing is written: it was imported before.
    pub fn write(&self, paths: &Paths) -> Result<Vec<Written>, EditError> {
        let text = opml::write(&self.title, &self.feeds);
        add_list(paths, &self.stem, "opml", text.as_bytes())
    }
}

fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other(format!(
            "it is larger than {} MiB; no list of feeds is",
            LIMIT >> 20
        )));
    }
    Ok(bytes)
}

/// Each feed once, with all its tags.
fn merged(feeds: Vec<Listed>) -> Vec<Listed> {
    let mut merged: Vec<Listed> = Vec::with_capacity(feeds.len());
    let mut places = HashMap::new();
    for feed in feeds {
        if let Some(&place) = places.get(&feed.url) {
            let known: &mut Listed = &mut merged[place];
            for tag in feed.tags {
                if !known.tags.contains(&tag) {
                    known.tags.push(tag);
                }
            }
        } else {
            places.insert(feed.url.clone(), merged.len());
            merged.push(feed);
        }
    }
    merged
}

/// A file name that is safe anywhere, made of the name of what was imported.
fn stem(file: &Path) -> String {
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    match safe.trim_matches('-') {
        "" | "config" => "imported".to_owned(),
        safe => safe.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Import, LIMIT, bounded, stem};
    use std::io::Read as _;
    use std::path::Path;

    #[test]
    fn file_names_are_safe() {
        for (from, expected) in [
            ("-", "imported"),
            ("../My Feeds.opml", "my-feeds"),
            ("a\u{1b}b.xml", "a-b"),
            ("urls", "urls"),
            ("日本.opml", "imported"),
        ] {
            assert_eq!(stem(Path::new(from)), expected);
        }
    }

    #[test]
    fn each_feed_counts_once_and_programs_are_left_out() {
        let list =
            "https://one.example/feed a\nfile:///etc/passwd\nexec:rm\nhttps://one.example/feed b\n";
        let import = Import::of(list.as_bytes(), Path::new("urls"));
        assert_eq!(import.feeds.len(), 1);
        assert_eq!(import.feeds[0].tags, ["a", "b"]);
        assert_eq!(import.programs + import.problems.len(), 2);
    }

    #[test]
    fn a_list_has_an_end() {
        let endless = std::io::repeat(b'x');
        let why = bounded(endless.take(LIMIT * 2)).expect_err("too large");
        assert!(why.to_string().contains("64 MiB"), "{why}");
    }
}
