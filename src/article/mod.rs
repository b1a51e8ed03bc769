//! Articles: the readable part of a page or entry, and what a page says of itself.
//!
//! - Pure: a page in, an [`Article`] out; nothing is fetched or kept here.
//! - Bounded: nesting, size and time; a page that breaks a bound comes as its sanitised body.
//! - [`Article::html`] is harmless: no script, no style, no form, no frame but those known to hold media; addresses absolute, anchors kept.

use crate::text::SafeText;
use chrono::{DateTime, Utc};
use url::Url;

/// A page that stands in place of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// "Just a moment…"
    BotCheck,
    Login,
    /// The text stops, and one has to pay. What there is, is kept.
    Paywall,
    /// An error page that says 200.
    Error,
}

/// What a page says of itself: the card. `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    pub title: Option<SafeText>,
    pub description: Option<SafeText>,
    pub site: Option<SafeText>,
    /// Its own address, as far as it can be believed.
    pub canonical_url: Option<Url>,
    pub author: Option<SafeText>,
    pub published: Option<DateTime<Utc>>,
    pub modified: Option<DateTime<Utc>>,
    pub language: Option<String>,
    pub image: Option<Url>,
    /// `isAccessibleForFree`, or what the wall table says.
    pub free_to_read: Option<bool>,
    pub wall: Option<Wall>,
}

/// The readable part of a page or entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Where it was read.
    pub url: Url,
    pub card: Card,
    /// Sanitised HTML of the readable part.
    pub html: String,
    /// The same as plain text: unwrapped paragraphs, blank line between blocks.
    pub text: String,
    pub words: usize,
    /// Whether this is an extract of a whole page (else: the HTML of an entry as its feed has it).
    pub extracted: bool,
}

/// The article of a whole page. `content_type` is the HTTP header's value, if any; what is no HTML (plain text, Markdown,
/// PDF) becomes an article that shows it or names it.
pub fn read_page(_bytes: &[u8], _content_type: Option<&str>, _url: &Url) -> Article {
    todo!()
}

/// The article of an entry's own HTML.
pub fn read_entry(_html: &str, _url: &Url) -> Article {
    todo!()
}

/// Only what the page says of itself; reads the head and the beginning, so a cut-off page will do.
pub fn read_card(_bytes: &[u8], _content_type: Option<&str>, _url: &Url) -> Card {
    todo!()
}
