//! Articles: the readable part of a page or entry, and what a page says of itself.
//!
//! - Pure: a page in, an [`Article`] out; nothing is fetched or kept here.
//! - Bounded: nesting, size and time; a page that breaks a bound comes as its sanitised body.
//! - [`Article::html`] is harmless: no script, no style, no form, no frame but those known to hold media; addresses absolute, anchors kept.

mod begin;
mod bounds;
mod dates;
mod embeds;
mod evidence;
mod extract;
mod jsonld;
mod judge;
#[cfg(test)]
mod learn;
mod manuals;
mod meta;
mod opinions;
mod other;
mod posts;
mod runs;
mod sanitize;
#[cfg(feature = "second-opinion")]
mod second_opinion;
mod signals;
mod title;
mod told;
mod wall;

use crate::text::{self, SafeText};
use chrono::{DateTime, Utc};
use dom_query::Document;
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
pub fn read_page(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Article {
    let form = other::form(bytes, content_type, url);
    if form != other::Form::Html {
        return read_other(form, bytes, content_type, url);
    }
    let decoded = text::decode(bytes, content_type);
    let document = document_of(&decoded.text);
    let mut card = meta::card(&document, url);
    let base = meta::base(&document, url);
    let title = card.title.as_deref().unwrap_or_default().to_owned();
    let told = told::of(&document, &base);
    let extract = extract::extract(&document, &title, url);
    let mut html = sanitize::harmless(&extract.html, &base);
    let mut text = text::plain(&html);
    if told.add_to(&mut html, &text) {
        html = sanitize::harmless(&html, &base);
        text = text::plain(&html);
    }
    let mut words = runs::count_words(&text);
    if words < WALL_WORDS {
        card.wall = wall::of_title(&title);
    }
    if card.wall.is_none() {
        card.wall = wall::of_text(&text, words, card.free_to_read);
    }
    // A page that a script fills holds a menu at most: what it tells others about itself says more.
    if card.wall.is_none()
        && let Some(description) = &card.description
        && words * 2 < runs::count_words(description)
        && !html.contains("<img")
    {
        html = format!("<p>{}</p>", text::escape(description));
        text = text::plain(&html);
        words = runs::count_words(&text);
    }
    Article {
        url: url.clone(),
        card,
        html,
        text,
        words,
        extracted: true,
    }
}

fn read_other(form: other::Form, bytes: &[u8], content_type: Option<&str>, url: &Url) -> Article {
    let (html, card) = other::read(form, bytes, content_type, url);
    let (html, _) = bounds::bounded(&html);
    let html = sanitize::harmless(&html, url);
    let text = text::plain(&html);
    Article {
        url: url.clone(),
        card,
        words: runs::count_words(&text),
        html,
        text,
        extracted: true,
    }
}

/// The article of an entry's own HTML.
pub fn read_entry(html: &str, url: &Url) -> Article {
    let html = harmless(html, url);
    let text = text::plain(&html);
    let words = runs::count_words(&text);
    Article {
        url: url.clone(),
        card: Card::default(),
        html,
        text,
        words,
        extracted: false,
    }
}

/// The HTML of an entry, made harmless, with what is embedded as links.
pub fn harmless(html: &str, url: &Url) -> String {
    let document = document_of(html);
    let base = meta::base(&document, url);
    extract::prepare(&document);
    embeds::to_links(&document);
    let root = document.body().unwrap_or_else(|| document.root());
    let mut clean = sanitize::harmless(&root.inner_html(), &base);
    // Space before anything else is none when it is read again (HTML standard, 13.2.6.4.3).
    let space = clean.len() - clean.trim_ascii_start().len();
    clean.drain(..space);
    clean
}

/// Words of a text: runs of letters and digits; a character of a script without spaces is a word.
pub fn words_in(text: &str) -> usize {
    runs::count_words(text)
}

/// Only what the page says of itself; reads the head and the beginning, so a cut-off page will do.
pub fn read_card(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Card {
    let form = other::form(bytes, content_type, url);
    if form != other::Form::Html {
        return other::read(form, bytes, content_type, url).1;
    }
    let decoded = text::decode(bytes, content_type);
    let document = document_of(&decoded.text);
    let mut card = meta::card(&document, url);
    // As for the article: a long text is no wall, whatever it is called.
    let words: usize = document
        .select("p, li, pre")
        .nodes()
        .iter()
        .map(|node| runs::count_words(&node.text()))
        .sum();
    if words < WALL_WORDS {
        card.wall = card.title.as_deref().and_then(wall::of_title);
    }
    card
}

/// A page with more words is no wall.
const WALL_WORDS: usize = 400;

/// The tree of a page, within bounds and without characters that could be taken for marks.
fn document_of(html: &str) -> Document {
    let html = bounds::with_text_for_no_scripts(html);
    let (html, _) = bounds::bounded(&html);
    if runs::has_marks(&html) {
        Document::from(runs::without_marks(&html))
    } else {
        Document::from(html.as_ref())
    }
}

#[cfg(test)]
mod tests;
