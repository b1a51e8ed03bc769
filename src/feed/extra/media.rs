//! Media RSS: files, pictures and what is said of them.

use super::leaf::attribute;
use super::{Extra, Written, push, set};
use crate::feed::entities;
use crate::feed::entry::Enclosure;
use crate::feed::markup;
use crate::feed::mend::Leaf;
use crate::feed::xml::{Token, Tokens, split_prefix};
use std::borrow::Cow;

impl Extra {
    /// `media:group` and what may stand in it or alone.
    pub(super) fn read_media(&mut self, leaf: &Leaf<'_>) {
        self.media_tag(&leaf.local, leaf.attributes);
        let mut open = leaf.local.clone();
        let mut text = String::new();
        for (token, _) in Tokens::new(leaf.inner) {
            match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => {
                    let local = split_prefix(name).1;
                    self.media_tag(local, attributes);
                    if !closed {
                        open = Cow::Owned(local.to_ascii_lowercase());
                        text.clear();
                    }
                }
                Token::Text(piece) => text.push_str(&entities::decode(piece)),
                Token::CData { text: piece, .. } => text.push_str(piece),
                Token::End { .. } => {
                    self.media_text(&open, &text);
                    open = Cow::Borrowed("");
                    text.clear();
                }
                _ => {}
            }
        }
        self.media_text(&open, &text);
    }

    pub(super) fn media_text(&mut self, local: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match local {
            "title" => set(&mut self.other_title, Some(Written::html(text.trim()))),
            "category" => push(&mut self.categories, text.trim().to_owned()),
            "description" => {
                let html = markup::looks_like_html(text);
                let text = text.trim();
                // Video channels write paragraphs with line ends.
                let written = if html {
                    Written::html(text)
                } else {
                    Written::html(paragraphs(text))
                };
                set(&mut self.other_summary, Some(written));
            }
            _ => {}
        }
    }

    pub(super) fn media_tag(&mut self, local: &str, attributes: &str) {
        let is = |name: &str| local.eq_ignore_ascii_case(name);
        if !is("content") && !is("thumbnail") {
            return;
        }
        let Some(url) = attribute(attributes, "url") else {
            return;
        };
        let kind = attribute(attributes, "type");
        let medium = attribute(attributes, "medium");
        let begins = |with: &str| kind.as_deref().is_some_and(|kind| kind.starts_with(with));
        if is("thumbnail") || begins("image/") || medium.as_deref() == Some("image") {
            set(&mut self.image, Some(url));
        } else if begins("audio/")
            || begins("video/")
            || medium.is_some_and(|m| m == "audio" || m == "video")
        {
            let enclosure = Enclosure {
                url,
                kind,
                length: attribute(attributes, "filesize").and_then(|n| n.parse().ok()),
            };
            push(&mut self.media, enclosure);
        }
    }
}

/// Lines of plain text as paragraphs of HTML.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        out.push_str("<p>");
        out.push_str(&markup::escape(paragraph.trim()).replace('\n', "<br>"));
        out.push_str("</p>");
    }
    out
}
