//! What is done by itself with an entry when it arrives.

use std::fmt;

/// What a rule does with an entry that meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    MarkRead,
    Star,
    Later,
    Tag(String),
    /// Read, and in no list; `is:hidden` finds it.
    Hide,
    Notify,
}

impl Deed {
    /// How deeds are written, for who has written another one.
    pub const NAMES: [&'static str; 6] = ["mark-read", "star", "later", "tag:x", "hide", "notify"];

    /// Reads a deed as it is written: `mark-read`, `tag:linux`.
    pub fn read(text: &str) -> Option<Deed> {
        Some(match text.trim() {
            "mark-read" => Deed::MarkRead,
            "star" => Deed::Star,
            "later" => Deed::Later,
            "hide" => Deed::Hide,
            "notify" => Deed::Notify,
            other => {
                let tag = other.strip_prefix("tag:")?.trim().trim_start_matches('#');
                Deed::Tag(Some(tag.to_owned()).filter(|tag| !tag.is_empty())?)
            }
        })
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deed::MarkRead => f.write_str("mark-read"),
            Deed::Star => f.write_str("star"),
            Deed::Later => f.write_str("later"),
            Deed::Tag(tag) => write!(f, "tag:{tag}"),
            Deed::Hide => f.write_str("hide"),
            Deed::Notify => f.write_str("notify"),
        }
    }
}

/// A rule: what is done with entries that match when they arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// In the search language; read anew each time, since `age:` means another day tomorrow.
    pub query: String,
    pub deeds: Vec<Deed>,
    /// Where it is written: `config.toml:12`.
    pub place: String,
}

#[cfg(test)]
mod tests {
    use super::Deed;

    #[test]
    fn deeds_are_read_as_they_are_written() {
        for text in ["mark-read", "star", "later", "tag:a/b", "hide", "notify"] {
            assert_eq!(Deed::read(text).expect(text).to_string(), text);
        }
        assert_eq!(Deed::read(" tag: #x "), Some(Deed::Tag("x".to_owned())));
        for text in ["", "tag:", "tag:#", "markread", "tag"] {
            assert_eq!(Deed::read(text), None, "{text}");
        }
    }
}
