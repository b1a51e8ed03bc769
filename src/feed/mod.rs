//! Feeds: the vocabulary, and the formats they come in.
//!
//! - [`parse::parse`] never panics and never invents: what a feed does not say is `None`.
//! - What had to be mended is a warning with a name.
//! - Nothing here fetches.

mod assemble;
mod dates;
pub mod discover;
pub(crate) mod entities;
pub mod entry;
mod extra;
pub mod id;
pub mod identity;
mod json;
pub mod list;
mod markup;
mod mend;
pub mod opml;
pub mod parse;
mod places;
mod repairs;
#[cfg(test)]
mod tests;
pub mod url;
mod vocabulary;
mod xml;

pub use entry::{Enclosure, Format, ParsedEntry, ParsedFeed, Person, Thread};
pub use id::{EntryId, FeedId, StoryId};
pub use identity::{content_hash, identities, identity};
pub use parse::{FeedError, parse};
pub use url::{FeedUrl, FeedUrlError};
