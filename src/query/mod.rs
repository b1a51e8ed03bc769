//! The search language: what a reader types, as a value.
//!
//! Words, `"phrases"`, `-not`, `or`, parentheses, and
//! `title: author: feed: tag: feedtag: site: source: lang: story: is:unread|read|starred|later|updated|hidden`
//! `has:sources|image|audio|note before: after: age:<2d /regex/`.
//! Pure: what a query means in SQL is the store's business.

mod parse;
mod times;
mod words;

pub use parse::{parse, parse_whole};
pub use words::{FIELDS, complete, terms};

use chrono::{DateTime, Utc};

/// A query, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Everything.
    All,
    And(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    Test(Test),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A word anywhere in title, author or text; `prefix`: the last word while it is being typed, or `word*`.
    Word {
        text: String,
        prefix: bool,
    },
    Phrase(String),
    Title(String),
    Author(String),
    /// A feed's title holds it, or its address or id is it.
    Feed(String),
    /// A tag of the entry.
    Tag(String),
    /// A tag of its feed.
    FeedTag(String),
    Site(String),
    /// Cites an address or site that holds this.
    Source(String),
    Language(String),
    Story(i64),
    Is(Mark),
    Has(Thing),
    Before(DateTime<Utc>),
    After(DateTime<Utc>),
    Regex(String),
}

/// What `is:` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Unread,
    Read,
    Starred,
    Later,
    Updated,
    Hidden,
}

/// What `has:` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Sources,
    Image,
    Audio,
    Note,
}

/// What is wrong in a query, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// A sentence for the reader, with the nearest word that exists.
    pub message: String,
    /// Byte range in the text.
    pub span: std::ops::Range<usize>,
}
