//! What lists and panes are made of.

use crate::address::Kind;
use crate::feed::{EntryId, FeedId, StoryId};
use crate::query::Query;
use crate::source::Role;
use crate::text::{Lines, SafeText};
use chrono::{DateTime, Utc};

/// What a list of entries shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Published since the local midnight given.
    Today {
        since: DateTime<Utc>,
    },
    Unread,
    Starred,
    Later,
    All,
    Feed(FeedId),
    /// A tag of feeds: the group; `a` holds `a/b`.
    Group(String),
    /// A search, or a saved one. `text` is what was typed.
    Search {
        text: String,
        query: Query,
    },
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Newest,
    Oldest,
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// From that row on.
    From(usize),
    /// The rows around this entry; from the top if it is not in the list.
    Around(EntryId),
    /// The last rows.
    End,
}

/// A question for rows. Answers carry it back, so that a late one is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntriesQuestion {
    /// Grows with each question of a pane.
    pub number: u64,
    pub view: View,
    pub order: Order,
    /// Only entries up to this one: what came later is counted, not shown.
    pub up_to: Option<EntryId>,
    /// In unread views: entries read since then stay, so that nothing vanishes under the reader.
    pub kept_since: DateTime<Utc>,
    pub window: Window,
    pub limit: usize,
    /// Only entries of the view that match this, too.
    pub filter: Option<Filter>,
}

/// A query that narrows a view: as typed, and as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub query: Query,
}

/// A search that the reader keeps as a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub name: SafeText,
    /// As it was typed.
    pub query: String,
    /// Unread entries in it; `None` until counted.
    pub unread: Option<u32>,
}

/// Rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntriesPage {
    pub rows: Vec<EntryHead>,
    /// The place of the first of `rows` in the whole list.
    pub offset: usize,
    /// How long the whole list is; `None` while that is not counted (the first page of a start comes without).
    pub total: Option<usize>,
    /// Unread among the whole list, where counted.
    pub unread: Option<usize>,
    /// Entries of this view newer than `up_to`.
    pub newer: usize,
    /// The newest entry that there is: what `up_to` may be from now on.
    pub newest: Option<EntryId>,
    /// The number of the last edit of this instance that these rows know.
    pub edit: u64,
}

/// Marks of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub read: bool,
    pub starred: bool,
    pub later: bool,
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryHead {
    pub id: EntryId,
    pub feed: FeedId,
    pub feed_title: SafeText,
    pub title: SafeText,
    pub url: Option<String>,
    pub authors: SafeText,
    pub published: DateTime<Utc>,
    pub marks: Marks,
    /// How many sources it cites; `None` until collected.
    pub sources: Option<u16>,
    pub comments: Option<u32>,
    /// Its story, and how many sites tell it, where more than one does.
    pub story: Option<(StoryId, u16)>,
    pub tags: Vec<SafeText>,
    pub note: bool,
}

/// How a feed is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Health {
    /// Never visited.
    #[default]
    New,
    Well,
    /// A sentence: what happened, and what can be done.
    Failing(SafeText),
    Gone(SafeText),
}

/// A feed in the feed list.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRow {
    pub id: FeedId,
    pub url: String,
    pub site_url: Option<String>,
    /// The reader's title, else the feed's, else the host.
    pub title: SafeText,
    /// Groups it stands in: `a/b` is a group within a group.
    pub tags: Vec<SafeText>,
    pub description: SafeText,
    pub unread: u32,
    pub entries: u32,
    pub health: Health,
    pub hidden: bool,
    /// Made by bron itself (addresses kept for later): never visited, in no list file.
    pub internal: bool,
    pub last_visit: Option<DateTime<Utc>>,
    /// The status code of the last visit.
    pub http: Option<u16>,
    pub not_before: Option<DateTime<Utc>>,
    pub fresh_until: Option<DateTime<Utc>>,
    /// Where it is visited, if moved.
    pub moved_to: Option<String>,
    pub warnings: Vec<SafeText>,
}

/// Numbers beside the views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub unread: u32,
    pub today_unread: u32,
    pub starred: u32,
    pub later: u32,
    pub all: u32,
}

/// What the article pane can show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Entry(EntryId),
    /// A page, by its key and the address to open.
    Page {
        key: String,
        url: String,
    },
}

/// An article, laid out, with its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleView {
    pub target: Target,
    pub title: SafeText,
    pub site: SafeText,
    pub byline: SafeText,
    pub published: Option<DateTime<Utc>>,
    pub language: Option<String>,
    pub words: usize,
    pub url: Option<String>,
    pub tags: Vec<SafeText>,
    pub note: Option<SafeText>,
    /// Laid out for [`Lines::width`].
    pub lines: Lines,
    /// More lines come behind: these are only the first screen.
    pub partial: bool,
    /// In panel order.
    pub sources: Vec<SourceRow>,
    /// For each anchor of the text the row of `sources` it cites.
    pub anchors: Vec<Option<u32>>,
    /// For each anchor of the text its address, for hyperlinks.
    pub links: Vec<String>,
    /// Where the reader left off at the last visit, as [`crate::text::Line::offset`].
    pub place: Option<usize>,
    /// For each image of the text its address; empty where there is nothing to fetch.
    pub images: Vec<String>,
    /// The feed holds the beginning only, as far as can be told: `x` reads the whole page.
    pub truncated: bool,
    /// This is the whole page, not the feed's text.
    pub whole_page: bool,
    /// A wall, in words.
    pub wall: Option<SafeText>,
    /// What was left out and why, for `i`.
    pub left_out: Vec<(SafeText, SafeText)>,
    pub enclosures: Vec<String>,
    /// The address of the discussion, if the feed names one.
    pub comments_url: Option<String>,
}

/// How far a card is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CardState {
    /// Nothing but the link.
    #[default]
    None,
    /// The article itself shows it as a card, or the address tells.
    Embedded,
    /// Asked for, not begun.
    Queued,
    Loading,
    Fetched,
    /// Why not, in words.
    Failed(SafeText),
}

/// What is known of a source, from wherever.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardView {
    pub state: CardState,
    pub title: Option<SafeText>,
    pub description: Option<SafeText>,
    pub site: Option<SafeText>,
    pub author: Option<SafeText>,
    pub published: Option<DateTime<Utc>>,
    pub words: Option<u32>,
    pub free_to_read: Option<bool>,
    /// It is an entry of a feed of the reader.
    pub entry: Option<EntryId>,
    /// The reader has read it.
    pub read: bool,
    /// Its article is kept: opens without a request.
    pub kept: bool,
    /// How many of the reader's feeds cite it.
    pub in_feeds: u32,
}

/// A source in the panel.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRow {
    pub n: Option<u32>,
    pub key: String,
    /// As written.
    pub url: String,
    pub display_url: String,
    pub site: SafeText,
    pub role: Role,
    pub kind: Kind,
    pub primary: bool,
    pub reason: SafeText,
    pub anchor: SafeText,
    pub context: SafeText,
    pub strength: f32,
    pub external: bool,
    /// Place among all by strength, from 1.
    pub rank: u32,
    /// Where its first citation stands, as [`crate::text::Line::offset`]; `None` for links of the feed's fields.
    pub offset: Option<usize>,
    pub comments: Option<u32>,
    pub archived: bool,
    pub short: bool,
    pub warned: bool,
    pub affiliate: bool,
    pub removed: Vec<String>,
    pub card: CardView,
}

/// Somebody who cites something.
#[derive(Clone, Debug, PartialEq)]
pub struct Citing {
    pub target: Target,
    pub title: SafeText,
    pub site: SafeText,
    pub published: Option<DateTime<Utc>>,
    pub context: SafeText,
}
