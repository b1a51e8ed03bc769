//! How common a word is: a table for English that ships, and what the reader's own feeds have taught.
//!
//! Only what is older than a week is counted: counting the current days hides exactly the words that make a story.

use super::words::term;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Counts derived from openly licensed pages: on each line a number and the words that stand on so many of them.
const ENGLISH: &str = include_str!("../../assets/story/english.txt");

/// From so many entries on the own counts of a language are enough.
const ENOUGH: u32 = 500;
/// Until then stories of it need so much more.
const CAUTION: f32 = 0.05;

struct Table {
    documents: u32,
    with: HashMap<u32, u32>,
}

fn english() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            documents: 0,
            with: HashMap::with_capacity(22_000),
        };
        for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split(' ');
            let count: u32 = parts
                .next()
                .and_then(|count| count.parse().ok())
                .unwrap_or(0);
            let mut words = parts.peekable();
            if words.peek().is_none() {
                table.documents = count;
            }
            table.with.extend(words.map(|word| (term(word), count)));
        }
        table
    })
}

/// How many documents of a language are known, and in how many of them a term stands.
pub struct Frequencies<'a> {
    table: Option<&'static Table>,
    documents: u32,
    with: Box<dyn Fn(u32) -> u32 + 'a>,
}

impl<'a> Frequencies<'a> {
    /// Those of a language; `documents` and `with` are what was counted of the reader's own feeds.
    pub fn new(language: &str, documents: u32, with: impl Fn(u32) -> u32 + 'a) -> Frequencies<'a> {
        Frequencies {
            table: (language == "en").then(english),
            documents,
            with: Box::new(with),
        }
    }

    /// Those of a language of which nothing was counted yet.
    pub fn none(language: &str) -> Frequencies<'static> {
        Frequencies::new(language, 0, |_| 0)
    }

    /// How much a word says: `ln((N + 1) / (n + ½))`, never quite nothing.
    pub fn weight(&self, term: u32) -> f32 {
        let table = self.table.map_or((0, 0), |table| {
            (table.documents, table.with.get(&term).copied().unwrap_or(0))
        });
        let documents = (table.0 + self.documents) as f32;
        let with = if self.documents == 0 {
            table.1
        } else {
            table.1 + (self.with)(term)
        } as f32;
        ((documents + 1.0) / (with + 0.5)).ln().max(0.05)
    }

    /// How much more alike entries must be while too little is counted.
    pub fn caution(&self) -> f32 {
        if self.table.is_some() || self.documents >= ENOUGH {
            0.0
        } else {
            CAUTION
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_say_less_and_counting_teaches() {
        let english = Frequencies::none("en");
        assert!(english.weight(term("company")) < english.weight(term("borrow")));
        assert!(english.weight(term("borrow")) < english.weight(term("zzyzx")));
        assert!(english.caution() <= 0.0);
        let taught = Frequencies::new(
            "nl",
            600,
            |asked| if asked == term("nieuws") { 300 } else { 0 },
        );
        assert!(taught.weight(term("nieuws")) < 1.0 && taught.weight(term("scheldemond")) > 5.0);
        assert!(taught.caution() <= 0.0);
        assert!(Frequencies::none("nl").caution() >= CAUTION);
    }
}
