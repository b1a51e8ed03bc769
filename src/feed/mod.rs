//! Feeds: the vocabulary, and the formats they come in.
//!
//! - [`parse::parse`] never panics and never invents: what a feed does not say is `None`.
//! - What had to be mended is a warning with a name.
//! - Nothing here fetches.

pub mod discover;
pub mod entry;
pub mod id;
pub mod list;
pub mod opml;
pub mod parse;
pub mod url;

pub use entry::{Enclosure, Format, ParsedEntry, ParsedFeed, Person, Thread};
pub use id::{EntryId, FeedId, StoryId};
pub use parse::{FeedError, parse};
pub use url::{FeedUrl, FeedUrlError};
