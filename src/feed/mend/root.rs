//! Where a feed begins, whatever stands before it or around it.

use crate::feed::FeedError;
use crate::feed::repairs::{Repair, Repairs};
use crate::feed::xml::{Token, Tokens, split_prefix};
use std::ops::Range;

/// The element that a feed begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Rss,
    Rdf,
    Feed,
    /// An Atom entry alone.
    Entry,
    /// A channel without `rss` around it.
    Channel,
}

pub(super) struct Root<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) attributes: &'a str,
    pub(super) closed: bool,
    /// Of its start tag.
    pub(super) range: Range<usize>,
    pub(super) repairs: Repairs,
}

pub(super) fn find_root(text: &str) -> Result<Root<'_>, FeedError> {
    let mut page = false;
    let mut first = true;
    let mut repairs = Repairs::default();
    for (token, range) in Tokens::new(text) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let local = split_prefix(name).1;
                let kind = match local.to_ascii_lowercase().as_str() {
                    "rss" => Some(Kind::Rss),
                    "rdf" => Some(Kind::Rdf),
                    "feed" => Some(Kind::Feed),
                    "entry" if first => Some(Kind::Entry),
                    "channel" if first => Some(Kind::Channel),
                    "html" | "head" | "body" => {
                        page = true;
                        None
                    }
                    _ => None,
                };
                if let Some(kind) = kind
                    && (!page || holds_entries(&text[range.end..]))
                {
                    if page {
                        repairs.add(Repair::InPage);
                    } else if !first {
                        repairs.add(Repair::Before);
                    }
                    return Ok(Root {
                        kind,
                        name,
                        attributes,
                        closed,
                        range,
                        repairs,
                    });
                }
                first = false;
            }
            Token::Text(text) if !text.trim().is_empty() => repairs.add(Repair::Before),
            Token::Declaration => {
                page |= text[range]
                    .to_ascii_lowercase()
                    .starts_with("<!doctype html");
            }
            _ => {}
        }
    }
    if page {
        return Err(FeedError::Html);
    }
    Err(FeedError::NotAFeed(
        "neither RSS, Atom nor JSON Feed".into(),
    ))
}

/// Whether what follows the name of a feed's root in a page is really a feed.
pub(super) fn holds_entries(text: &str) -> bool {
    ["<item", "<entry", "<channel"]
        .iter()
        .any(|tag| text.contains(tag))
}
