//! Linked sources: an article to what it cites, in reading order, once each.
//!
//! - Pure; the rules are rows in tables, and the first row that matches decides.
//! - Every anchor of the HTML ends as a source or is left out for a reason that can be shown.

mod aggregate;
mod anchor_words;
mod beside;
mod cards;
mod collect;
mod gathered;
mod home;
mod notes;
mod own_card;
mod primary;
mod role;
mod scan;
mod strength;
mod words;

pub use collect::collect;
pub use own_card::{card_of_address, card_of_link};
pub use primary::{Candidate, Origin, origin};

use crate::address::Kind;
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use url::Url;

/// Links that are looked at; nobody reads on, and the time is bounded.
const LINKS_AT_MOST: usize = 5_000;
/// Addresses written out in the text that are looked at.
const BARE_AT_MOST: usize = 500;
/// Graphemes of an anchor that are kept.
const ANCHOR_AT_MOST: usize = 200;
/// Graphemes of a sentence that are kept.
const SENTENCE_AT_MOST: usize = 300;

/// What a link is to the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Source,
    Media,
    Discussion,
    Mention,
    SameSite,
    Shop,
    Recommended,
}

impl Role {
    /// The name in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Role::Source => "source",
            Role::Media => "media",
            Role::Discussion => "discussion",
            Role::Mention => "mention",
            Role::SameSite => "same-site",
            Role::Shop => "shop",
            Role::Recommended => "recommended",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Role> {
        [
            Role::Source,
            Role::Media,
            Role::Discussion,
            Role::Mention,
            Role::SameSite,
            Role::Shop,
            Role::Recommended,
        ]
        .into_iter()
        .find(|role| role.name() == name)
    }
}

/// What the article's own HTML says of a source, where it shows it as a card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EmbeddedCard {
    pub title: SafeText,
    pub description: Option<SafeText>,
    pub site: Option<SafeText>,
}

/// What an article cites.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its number in reading order, from 1; `None` for recommended ones.
    pub n: Option<u32>,
    pub url: Url,
    pub display: Url,
    pub key: String,
    /// Registrable domain, or host, as shown.
    pub site: String,
    pub role: Role,
    pub kind: Kind,
    /// What the entry is about, or what everything goes back to.
    pub primary: bool,
    /// Why it has this role (and is primary): a row of the table, in words.
    pub reason: String,
    pub anchor: SafeText,
    /// The sentence around it.
    pub context: SafeText,
    pub strength: f32,
    /// On another site than the article.
    pub external: bool,
    pub card: Option<EmbeddedCard>,
    /// The anchors that cite it: places among the `a[href]` of the HTML, from 0. Empty for links of the feed's fields.
    pub anchors: Vec<u32>,
    /// Where it stands: 0 at the beginning, 1 at the end.
    pub place: f32,
    /// Comments, where the feed says how many.
    pub comments: Option<u32>,
    pub affiliate: bool,
    pub short: bool,
    pub archived: bool,
    pub warned: bool,
    /// Parameters and wrappers taken off.
    pub removed: Vec<String>,
}

/// An anchor that is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub url: String,
    pub anchor: SafeText,
    /// A row of the role table, in words.
    pub reason: String,
    /// Its place among the `a[href]` of the HTML, where it is one of them.
    pub place: Option<u32>,
}

/// Addresses that the feed's fields name for an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldLinks {
    /// Address and number of comments.
    pub comments: Option<(String, Option<u32>)>,
    pub via: Vec<String>,
    pub related: Vec<String>,
    /// Address and media type.
    pub enclosures: Vec<(String, Option<String>)>,
}

/// What sources are collected from.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// HTML of the entry or of the extracted article; the anchors are counted in this text.
    pub html: &'a str,
    /// Where the article lives: the entry's link or the page's address; base of relative addresses.
    pub url: &'a Url,
    /// The site that the feed names as its own, if it came in a feed.
    pub feed_site: Option<&'a Url>,
    /// The feed's address, if it came in a feed.
    pub feed_url: Option<&'a Url>,
    /// Links of the feed's fields.
    pub fields: &'a FieldLinks,
    /// Whether `html` is extracted from a whole page, not an entry's.
    pub extracted: bool,
    /// Keys that stand in nearly every entry of the feed: boilerplate.
    pub boilerplate: &'a [String],
}

/// What an article cites, and what was left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// In reading order.
    pub sources: Vec<Source>,
    pub left_out: Vec<LeftOut>,
    /// For each `a[href]` of the HTML the number of its source, if it has one; what [`crate::text::LayOut::numbers`] wants.
    pub numbers: Vec<Option<u32>>,
}

/// Places of the sources, the strongest first; equals stay in reading order.
pub fn ranked(sources: &[Source]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by(|a, b| sources[*b].strength.total_cmp(&sources[*a].strength));
    order
}

/// What a source says of itself, as far as it is known, from wherever. Never empty: the address names the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownCard {
    pub title: Option<SafeText>,
    pub description: Option<SafeText>,
    pub author: Option<SafeText>,
    pub published: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests;
