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
    /// By the name of the feed, in it the newest first.
    Feed,
    Title,
    /// What is unread first, each half the newest first.
    Unread,
}

impl Order {
    /// All, in the order in which a key goes through them, each with its name in the config file and its words.
    pub const ALL: [(Order, &'static str, &'static str); 5] = [
        (Order::Newest, "newest", "newest first"),
        (Order::Oldest, "oldest", "oldest first"),
        (Order::Feed, "feed", "by feed"),
        (Order::Title, "title", "by title"),
        (Order::Unread, "unread", "unread first"),
    ];

    /// The order of that name; the newest first where there is none.
    pub fn named(name: &str) -> Order {
        let all = Order::ALL.iter();
        let named = all.clone().find(|(_, of, _)| *of == name);
        named.map_or(Order::Newest, |(order, ..)| *order)
    }

    /// What it is called on the screen.
    pub fn words(self) -> &'static str {
        Order::ALL[self as usize].2
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Order {
        Order::ALL[(self as usize + 1) % Order::ALL.len()].0
    }

    /// Whether the days stand one after the other.
    pub fn is_by_day(self) -> bool {
        matches!(self, Order::Newest | Order::Oldest)
    }
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
    /// A story of several sites is one row a day ([`EntryHead::story`] says of how many sites); the entries folded under it
    /// are those of [`crate::news::Listing::Story`]. For [`View::All`] and [`View::Today`] without a filter; others show all.
    pub fold: bool,
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
    /// For each image width and height as its HTML says them, in pixels; 0 where it does not.
    pub image_sizes: Vec<(u32, u32)>,
    /// The feed holds the beginning only, as far as can be told: `x` reads the whole page.
    pub truncated: bool,
    /// This is the whole page, not the feed's text.
    pub whole_page: bool,
    /// A wall, in words.
    pub wall: Option<SafeText>,
    /// It is an archive's copy, in words: whose, and of when.
    pub archived: Option<SafeText>,
    /// What was left out and why, for `i`.
    pub left_out: Vec<(SafeText, SafeText)>,
    pub enclosures: Vec<String>,
    /// The address of the discussion, if the feed names one.
    pub comments_url: Option<String>,
    /// Who else tells its story, and where it is discussed: a line below the title.
    pub more: Option<SafeText>,
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
    /// The site that answered, where it was visited: a short address led there.
    pub landed: Option<SafeText>,
    /// What is kept is an archive's copy, and the year in which that was taken where it is known.
    pub archived: Option<Option<i32>>,
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

impl SourceRow {
    /// What is opened, here or in the browser: an archive's copy as it was written, anything else in its clean form.
    pub fn opens(&self) -> &str {
        if self.archived {
            &self.url
        } else {
            &self.display_url
        }
    }
}

/// A list that lies over the columns, to pick from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Who cites this key.
    Citing(String),
    /// The other entries of an entry's story.
    Story(EntryId),
    /// What is related to an entry.
    Related(EntryId),
    /// Discussions about an entry.
    Threads(EntryId),
    /// What was cited most in so many days.
    MostCited(u32),
}

/// Somebody who cites something, or another row of a [`Listing`].
#[derive(Clone, Debug, PartialEq)]
pub struct Citing {
    pub target: Target,
    pub title: SafeText,
    pub site: SafeText,
    pub published: Option<DateTime<Utc>>,
    pub context: SafeText,
}

/// A day's stories, or a week's: what the front page, `stories` and the briefing are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontPage {
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// The most important first.
    pub stories: Vec<StoryRow>,
    /// What is cited most.
    pub cited: Vec<CitedRow>,
    /// Entries of feeds that post seldom.
    pub rare: Vec<EntryHead>,
    /// How many entries came in that time, and how many stories more there are.
    pub entries: u32,
    pub more: u32,
}

/// A story.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryRow {
    pub id: StoryId,
    pub title: SafeText,
    /// The beginning of the entry whose title it is.
    pub lead: SafeText,
    /// In the order they are listed; the title's entry stands where it belongs.
    pub entries: Vec<Telling>,
    /// The entry whose title it is.
    pub speaks: EntryId,
    /// Different sites.
    pub sites: u16,
    /// What its entries cite, most cited first.
    pub sources: Vec<StorySource>,
    pub primary: Option<Primary>,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    pub score: f32,
    /// What its rank is made of, in words.
    pub why: SafeText,
    pub unread: u32,
}

/// An entry of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    pub head: EntryHead,
    /// Why it is in the story.
    pub why: SafeText,
    /// The same text as another entry of the story.
    pub copy: bool,
    /// It is a thread or a bare link.
    pub points: bool,
}

/// A source of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct StorySource {
    pub key: String,
    pub url: String,
    pub title: SafeText,
    pub site: SafeText,
    /// How many of the story's sites cite it.
    pub cited_by: u32,
}

/// What a story goes back to.
#[derive(Clone, Debug, PartialEq)]
pub struct Primary {
    pub key: String,
    pub url: String,
    pub title: SafeText,
    pub site: SafeText,
    pub reason: SafeText,
    /// `false`: only what most of them cite.
    pub certain: bool,
    /// What leads there from the story's entries, where it is not cited by them: the key of the page, and its address.
    pub by_way_of: Option<(String, String)>,
}

/// A source that many cite.
#[derive(Clone, Debug, PartialEq)]
pub struct CitedRow {
    pub key: String,
    pub url: String,
    pub title: SafeText,
    pub site: SafeText,
    pub kind: Kind,
    /// Different sites that cite it in the time asked for, and before.
    pub sites: u32,
    pub before: u32,
    /// The names of feeds that cite it, at most five.
    pub by: Vec<SafeText>,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// It is an entry of a feed of the reader's.
    pub entry: Option<EntryId>,
}

/// What stands beside an article: its story, its threads, what is related.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// The entry itself, as a list would show it.
    pub head: Option<EntryHead>,
    /// Who else tells it, and where it is talked about, in one line.
    pub more: Option<SafeText>,
    pub story: Option<StoryRow>,
    pub threads: Vec<Thread>,
    /// Entries, and why.
    pub related: Vec<(EntryHead, SafeText)>,
}

/// A discussion.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    pub key: String,
    pub url: String,
    /// `hn`, `lobsters`, `reddit`, else the site.
    pub place: SafeText,
    pub comments: Option<u32>,
}
