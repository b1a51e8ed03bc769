//! The address of a feed.

use std::fmt;
use std::str::FromStr;
use url::Url;

/// The address of a feed: absolute, http or https, without a fragment; or `file:` or `exec:`, which only a
/// file of the reader's own may name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedUrl(Url);

/// Why a text is no address of a feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedUrlError {
    /// Not parseable.
    #[error("“{0}” is not an address; one looks like https://example.org/feed.xml")]
    NotAnAddress(String),
    /// A scheme that feeds do not have.
    #[error("“{0}:” is not an address of a feed; http and https are")]
    Scheme(String),
}

impl FeedUrl {
    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address without a name and a password, where it holds one of them: no list is a place for those.
    pub fn without_credentials(&self) -> Option<FeedUrl> {
        if self.0.username().is_empty() && self.0.password().is_none() {
            return None;
        }
        let mut bare = self.0.clone();
        // Only an address without a host refuses, and that can hold neither.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        Some(FeedUrl(bare))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for FeedUrl {
    type Err = FeedUrlError;

    /// `feed:` in front of an address is taken off; a host alone gets `https://`.
    fn from_str(text: &str) -> Result<Self, FeedUrlError> {
        let text = text.trim();
        let text = text.strip_prefix("feed://").map_or_else(
            || text.strip_prefix("feed:").unwrap_or(text).to_owned(),
            |rest| format!("http://{rest}"),
        );
        let mut url = match Url::parse(&text) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase)
                if text.contains('.') && !text.starts_with(['.', '/']) =>
            {
                Url::parse(&format!("https://{text}"))
                    .map_err(|_| FeedUrlError::NotAnAddress(text.clone()))?
            }
            Err(_) => return Err(FeedUrlError::NotAnAddress(text)),
        };
        if !matches!(url.scheme(), "http" | "https" | "file" | "exec") {
            return Err(FeedUrlError::Scheme(url.scheme().into()));
        }
        url.set_fragment(None);
        Ok(FeedUrl(url))
    }
}

impl fmt::Display for FeedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
