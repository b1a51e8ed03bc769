//! The names that a query knows, in one table.

use super::{Mark, Query, Test, Thing};

/// Names before a colon, with what stands behind it.
pub const FIELDS: &[(&str, &str)] = &[
    ("title", "words of the title"),
    ("author", "a name"),
    ("feed", "a feed's title, address or number"),
    ("tag", "a tag of the entry"),
    ("feedtag", "a tag of its feed"),
    ("site", "example.org"),
    ("source", "what it cites: an address, or a part of one"),
    ("lang", "en, nl, ja …"),
    ("story", "a story's number"),
    ("is", "unread, read, starred, later, updated or hidden"),
    ("has", "sources, image, audio or note"),
    ("before", "2026-11-03, yesterday or 2d"),
    ("after", "2026-11-03, yesterday or 2d"),
    ("age", "<2d or >3w"),
];

/// What `is:` may say.
pub(super) const MARKS: &[(&str, Mark)] = &[
    ("unread", Mark::Unread),
    ("read", Mark::Read),
    ("starred", Mark::Starred),
    ("later", Mark::Later),
    ("updated", Mark::Updated),
    ("hidden", Mark::Hidden),
];

/// What `has:` may say.
pub(super) const THINGS: &[(&str, Thing)] = &[
    ("sources", Thing::Sources),
    ("image", Thing::Image),
    ("audio", Thing::Audio),
    ("note", Thing::Note),
];

/// The name that is meant, where one is near enough.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| {
            (
                strsim::damerau_levenshtein(&word.to_lowercase(), name),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 2 && *distance < name.len())
        .min()
        .map(|(_, name)| name)
}

/// How the word that is being typed can go on: `ti` gives `title:`, `is:st` gives `is:starred`. Names in the order of the table.
pub fn complete(word: &str) -> Vec<String> {
    let (minus, word) = match word.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", word),
    };
    let word = word.to_lowercase();
    if let Some((field, value)) = word.split_once(':') {
        let names: Vec<&str> = match field {
            "is" => MARKS.iter().map(|(name, _)| *name).collect(),
            "has" => THINGS.iter().map(|(name, _)| *name).collect(),
            _ => Vec::new(),
        };
        return names
            .into_iter()
            .filter(|name| name.starts_with(value))
            .map(|name| format!("{minus}{field}:{name}"))
            .collect();
    }
    FIELDS
        .iter()
        .filter(|(name, _)| !word.is_empty() && name.starts_with(&word))
        .map(|(name, _)| format!("{minus}{name}:"))
        .collect()
}

/// The words that a query looks for in texts, as far as they can be pointed at: in lower case, none that it wants away.
pub fn terms(query: &Query) -> Vec<String> {
    let mut terms = Vec::new();
    gather(query, &mut terms);
    terms.sort();
    terms.dedup();
    terms
}

fn gather(query: &Query, terms: &mut Vec<String>) {
    match query {
        Query::And(parts) | Query::Or(parts) => {
            for part in parts {
                gather(part, terms);
            }
        }
        Query::Test(Test::Word { text, .. } | Test::Phrase(text) | Test::Title(text)) => {
            let text = text.trim().to_lowercase();
            if text.chars().any(char::is_alphanumeric) {
                terms.push(text);
            }
        }
        Query::All | Query::Not(_) | Query::Test(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{complete, terms};
    use crate::query::parse;

    #[test]
    fn what_is_looked_for_can_be_pointed_at() {
        for (text, expected) in [
            (
                "Rust title:\"memory safe\" -go is:unread",
                vec!["memory safe", "rust"],
            ),
            ("a or (b \"c d\")", vec!["a", "b", "c d"]),
            ("feed:lwn", vec![]),
            ("… rust rust", vec!["rust"]),
        ] {
            let query = parse(text, chrono::DateTime::UNIX_EPOCH).expect(text);
            assert_eq!(terms(&query), expected, "{text}");
        }
    }

    #[test]
    fn what_is_typed_goes_on_as_a_name_or_a_value() {
        for (word, expected) in [
            ("ti", vec!["title:"]),
            ("-f", vec!["-feed:", "-feedtag:"]),
            ("is:st", vec!["is:starred"]),
            (
                "-has:",
                vec!["-has:sources", "-has:image", "-has:audio", "-has:note"],
            ),
            ("a", vec!["author:", "after:", "age:"]),
            ("rust", vec![]),
            ("", vec![]),
            ("title:x", vec![]),
        ] {
            assert_eq!(complete(word), expected, "{word}");
        }
    }
}
