//! Bytes to [`ParsedFeed`].

use super::entry::ParsedFeed;
use url::Url;

/// Why no feed could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Nothing there.
    #[error("the answer is empty")]
    Empty,
    /// A web page in place of a feed.
    #[error("a web page came in place of a feed")]
    Html,
    /// Neither RSS, Atom nor JSON Feed.
    #[error("no feed in it: {0}")]
    NotAFeed(String),
}

/// Reads a feed. `base` is the address it came from after redirects; `content_type` the HTTP header, if any.
pub fn parse(
    _bytes: &[u8],
    _base: &Url,
    _content_type: Option<&str>,
) -> Result<ParsedFeed, FeedError> {
    todo!()
}
