//! A web page to the feeds it names.

use super::entry::Format;
use crate::text::SafeText;
use url::Url;

/// How a feed was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Itself,
    Link,
    Anchor,
    Rule,
    WellKnown,
}

impl How {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            How::Itself => "itself",
            How::Link => "link",
            How::Anchor => "anchor",
            How::Rule => "rule",
            How::WellKnown => "well-known",
        }
    }
}

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub url: Url,
    pub title: SafeText,
    pub format: Option<Format>,
    pub how: How,
}

/// The feeds that a page names, best first. Pure: `WellKnown` are guesses that nobody has visited.
pub fn discover(_html: &str, _base: &Url) -> Vec<Found> {
    todo!()
}
