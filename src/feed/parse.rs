//! Bytes to [`ParsedFeed`]: decoded, mended, read by feed-rs, and put together with what feed-rs does not tell.

use super::entry::ParsedFeed;
use super::mend::{self, Mended};
use super::repairs::{Repair, Repairs};
use super::{assemble, dates, entities, json};
use crate::text::charset;
use feed_rs::model;
use std::borrow::Cow;
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
    let mut repairs = Repairs::default();
    if decoded.lossy {
        repairs.add(Repair::Characters);
    }
    let text = without_controls(&decoded.text);
    if matches!(text, Cow::Owned(_)) {
        repairs.add(Repair::Controls);
    }
    let text = text.as_ref();
    let start =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if start.is_empty() {
        return Err(FeedError::Empty);
    }
    if start.starts_with(['{', '[']) {
        return json::read(start, base, repairs);
    }
    let mended = mend::mend(text, base)?;
    xml(mended, text, base, repairs)
}

/// Text with U+0080 to U+009F, which no feed means, as the characters of Windows-1252 that were meant.
fn without_controls(text: &str) -> Cow<'_, str> {
    let is_one = |pair: &[u8]| pair[0] == 0xc2 && (0x80..=0x9f).contains(&pair[1]);
    if !text.as_bytes().windows(2).any(is_one) {
        return Cow::Borrowed(text);
    }
    let mend = |c: char| match c as u32 {
        code @ 0x80..=0x9f => entities::character(code),
        _ => c,
    };
    Cow::Owned(text.chars().map(mend).collect())
}

/// Reads mended XML; the text as it came is the last resort.
fn xml(
    mut mended: Mended<'_>,
    text: &str,
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
                &assemble::Head {
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
            let came = without_declarations(text);
            let feed =
                self::read(came.as_bytes(), base)
                    .or(first)
                    .map_err(|failure| match failure {
                        Failure::Panic => {
                            FeedError::NotAFeed("its markup can't be followed".into())
                        }
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
                &head,
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
/// A text without its XML declarations: they name an encoding that it is no longer in, and one in the middle of a document
/// makes the parser panic, which takes it for a change of encoding.
fn without_declarations(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<?xml") {
        let (before, from) = rest.split_at(at);
        left.push_str(before);
        let named = from["<?xml".len()..].starts_with(|c: char| c.is_whitespace() || c == '?');
        if let Some(end) = from.find("?>").filter(|_| named) {
            rest = &from[end + 2..];
        } else {
            let (begin, behind) = from.split_at("<?xml".len());
            left.push_str(begin);
            rest = behind;
        }
    }
    left.push_str(rest);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_go_wherever_they_stand_and_nothing_else_does() {
        for (text, left) in [
            ("<?xml version='1.0' encoding='latin1'?><rss/>", "<rss/>"),
            (
                "<a/><?xml version='1.0' encoding='ISO-8859-1'?><b/>",
                "<a/><b/>",
            ),
            ("<?xml?><a/>", "<a/>"),
            (
                "<?xml-stylesheet href='a'?><a/>",
                "<?xml-stylesheet href='a'?><a/>",
            ),
            ("<a/><?xml version", "<a/><?xml version"),
            ("é<?xml ?>é", "éé"),
        ] {
            assert_eq!(without_declarations(text), left, "{text}");
        }
    }
}
