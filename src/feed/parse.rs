//! Bytes to [`ParsedFeed`]: decoded, mended, read by feed-rs, and put together with what feed-rs does not tell.

use super::entry::ParsedFeed;
use super::mend::{self, Mended};
use super::repairs::{Repair, Repairs};
use super::{assemble, dates, json};
use crate::text::charset;
use feed_rs::model;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    bytes: &[u8],
    base: &Url,
    content_type: Option<&str>,
) -> Result<ParsedFeed, FeedError> {
    // feed-rs needs a whole address to join to; one that nothing can be joined to is no base.
    let nowhere = Url::parse("http://localhost/").ok();
    let base = match &nowhere {
        Some(nowhere) if base.cannot_be_a_base() => nowhere,
        _ => base,
    };
    let decoded = charset::decode(bytes, content_type);
    let text = decoded.text.as_str();
    let mut repairs = Repairs::default();
    if decoded.lossy {
        repairs.add(Repair::Characters);
    }
    let start =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if start.is_empty() {
        return Err(FeedError::Empty);
    }
    if start.starts_with(['{', '[']) {
        return json::read(start, base, repairs);
    }
    let mended = mend::mend(text, base)?;
    xml(mended, bytes, base, repairs)
}

/// Reads mended XML; the bytes as they came are the last resort.
fn xml(
    mut mended: Mended<'_>,
    bytes: &[u8],
    base: &Url,
    repairs: Repairs,
) -> Result<ParsedFeed, FeedError> {
    mended.repairs.join(repairs);
    let read = read(mended.text.as_bytes(), base);
    match read {
        Ok(feed) if feed.entries.len() == mended.entries.len() => {
            let Mended {
                format,
                version,
                feed: extra,
                entries,
                repairs,
                ..
            } = mended;
            Ok(assemble::feed(
                assemble::Head {
                    format,
                    version,
                    base,
                },
                feed,
                extra,
                entries,
                repairs,
            ))
        }
        first => {
            mended.repairs.add(if matches!(first, Err(Failure::Panic)) {
                Repair::Panic
            } else {
                Repair::AsItCame
            });
            let feed = self::read(bytes, base)
                .or(first)
                .map_err(|failure| match failure {
                    Failure::Panic => FeedError::NotAFeed("its markup can't be followed".into()),
                    Failure::Refused(why) => FeedError::NotAFeed(why),
                })?;
            let entries = feed
                .entries
                .iter()
                .map(|_| super::extra::Extra::default())
                .collect();
            let head = assemble::Head {
                format: mended.format,
                version: mended.version,
                base,
            };
            Ok(assemble::feed(
                head,
                feed,
                mended.feed,
                entries,
                mended.repairs,
            ))
        }
    }
}

/// Why feed-rs gave nothing.
#[derive(Debug)]
pub(super) enum Failure {
    Panic,
    Refused(String),
}

/// Runs feed-rs. It makes up ids where there are none: we want to know that there are none.
pub(super) fn read(bytes: &[u8], base: &Url) -> Result<model::Feed, Failure> {
    let run = || {
        feed_rs::parser::Builder::new()
            .sanitize_content(false)
            .base_uri(Some(base))
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(dates::parse)
            .build()
            .parse(bytes)
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(Failure::Refused(error.to_string())),
        Err(_) => Err(Failure::Panic),
    }
}
