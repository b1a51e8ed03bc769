//! What a reader sees of a link: its words, the sentence and the line around it.

use super::SENTENCE_AT_MOST;
use super::scan::{Anchor, Scan};
use super::words::folded;
use std::ops::Range;

/// What a reader sees of an anchor.
pub(super) struct AnchorWords {
    pub text: String,
    pub folded: String,
    pub sentence: String,
    /// The line, folded; empty where it is long.
    pub line: String,
    /// Share of the line that is links.
    pub linked: f32,
    /// The words are those of images, or missing.
    pub image: bool,
}

impl AnchorWords {
    pub(super) fn of(scan: &Scan, anchor: &Anchor) -> AnchorWords {
        let mut text = scan.slice(&anchor.text).replace('\n', " ");
        let image = text.trim().is_empty();
        if image {
            let alt = anchor.images.as_deref().unwrap_or_default();
            alt.clone_into(&mut text);
            if text.trim().is_empty() {
                anchor.title.clone_into(&mut text);
            }
        }
        let line = scan.line(anchor.text.start);
        let whole = scan.slice(&line.range);
        let linked = if line.range.is_empty() {
            1.0
        } else {
            line.linked as f32 / line.range.len() as f32
        };
        // Rows over lines look at short ones; a long paragraph needs no second copy.
        let line_text = if whole.len() < 600 {
            folded(whole)
        } else {
            String::new()
        };
        AnchorWords {
            folded: folded(&text),
            text,
            sentence: sentence(scan, &anchor.text),
            line: line_text,
            linked,
            image,
        }
    }
}

/// The sentence around a place, within its line, and not more of a long one than can be shown.
pub(super) fn sentence(scan: &Scan, range: &Range<usize>) -> String {
    let (before, text, after) = scan.window(range, 2 * SENTENCE_AT_MOST);
    let begin = ends_of_sentences(before).last().unwrap_or(0);
    let until = ends_of_sentences(after).next().unwrap_or(after.len());
    let text = if text.len() > 2 * SENTENCE_AT_MOST {
        ""
    } else {
        text
    };
    let (before, after) = (
        before.get(begin..).unwrap_or_default(),
        after.get(..until).unwrap_or_default(),
    );
    format!("{before}{text}{after}").trim().to_owned()
}

/// Places behind the marks that end sentences.
fn ends_of_sentences(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, c)) = chars.next() {
            let ends = match c {
                '.' | '!' | '?' | '…' => chars.peek().is_none_or(|(_, next)| {
                    next.is_whitespace() || matches!(next, '"' | '”' | '»' | ')')
                }),
                '。' | '！' | '？' => true,
                _ => false,
            };
            if ends {
                return Some(at + c.len_utf8());
            }
        }
        None
    })
}
