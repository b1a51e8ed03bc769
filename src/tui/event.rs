//! Facts: something has happened, and the screen may have to follow.

use super::action::Action;
use super::picture::Picture;
use crate::feed::{EntryId, FeedId};
use crate::news::{
    ArticleView, Beside, CardView, Changes, Citing, Counts, EntriesPage, EntriesQuestion, FeedPage,
    FeedRow, FrontPage, Listing, Reading, SavedView, Target,
};
use crate::text::SafeText;
use chrono::{DateTime, FixedOffset, Utc};
use ratatui::crossterm::event::{KeyEvent, MouseEvent};
use std::sync::Arc;

/// A fact.
#[derive(Clone, Debug)]
pub enum Event {
    Key(KeyEvent),
    /// An action, by its name: what linear mode makes of a line.
    Act {
        action: Action,
        count: Option<usize>,
    },
    /// A line was typed in linear mode; `None`: there will be no more.
    Line(Option<String>),
    Mouse(MouseEvent),
    Pasted(String),
    /// Columns and rows.
    Resized(u16, u16),
    Focused(bool),
    /// The terminal has gone away, or a signal asks to end.
    TerminalGone,
    /// The program goes on after it was stopped: the frame must be drawn whole.
    Continued,
    /// What time it is, and where: once a second while focused, once a minute otherwise, and with each key.
    Tick {
        now: DateTime<Utc>,
        zone: FixedOffset,
    },
    /// The time asked for with `Effect::After` is over.
    TimeUp(u64),
    /// The terminal's ground is dark or light: what `auto` follows.
    Ground {
        dark: bool,
    },
    FeedsLoaded {
        feeds: Vec<FeedRow>,
        counts: Counts,
    },
    CountsLoaded(Counts),
    /// The names that the reader has given: saved views in their order, tags of entries with how many carry them.
    NamesLoaded {
        views: Vec<SavedView>,
        tags: Vec<(SafeText, u32)>,
    },
    /// How many unread entries a saved view holds.
    SavedCounted {
        name: SafeText,
        unread: u32,
    },
    EntriesLoaded {
        question: EntriesQuestion,
        page: EntriesPage,
    },
    /// A search that cannot be read: what is wrong, and the bytes it stands at.
    SearchRefused {
        number: u64,
        message: String,
        span: std::ops::Range<usize>,
    },
    /// `number` is that of the wish. Comes twice for a long article: the first screen, then the whole.
    ArticleReady {
        number: u64,
        article: Arc<ArticleView>,
    },
    /// A page that is not kept: it is being fetched. The screen says so.
    ArticleAwaited {
        number: u64,
        target: Target,
    },
    ArticleFailed {
        number: u64,
        target: Target,
        why: SafeText,
    },
    /// What is known of sources by now.
    CardsReady(Vec<(String, CardView)>),
    /// The terminal can show pictures, be it as half blocks, and its cells have so many pixels.
    PicturesAble {
        cell: (u16, u16),
    },
    /// A picture that was asked for; `None`: there is nothing to show.
    PictureReady {
        url: String,
        /// The columns that it was asked for.
        columns: u16,
        picture: Option<Picture>,
    },
    /// A card could not be fetched, or a page is now in the store: key, and a sentence where it failed.
    PageVisited {
        key: String,
        failed: Option<SafeText>,
    },
    CitingLoaded {
        key: Listing,
        citing: Vec<Citing>,
    },
    NoteLoaded {
        entry: EntryId,
        text: SafeText,
    },
    FeedPageLoaded {
        feed: FeedId,
        page: Box<FeedPage>,
    },
    ReadingLoaded(Box<Reading>),
    /// The front page, for the wish of that number.
    FrontLoaded {
        number: u64,
        page: Box<FrontPage>,
    },
    /// What stands beside an entry.
    BesideLoaded {
        entry: EntryId,
        beside: Box<Beside>,
    },
    /// The lines of the briefing.
    BriefingReady(Vec<super::pane::briefing::Line>),
    /// One commit of the store.
    Changed(Changes),
    /// How far a round of visits is; `None`: over.
    Progress(Option<Progress>),
    /// How far pages are fetched ahead; `None`: over, and what came of it is said in a notice.
    Ahead(Option<Ahead>),
    /// Something to say in the status line.
    Notice {
        text: SafeText,
        error: bool,
    },
    /// Where the feeds of a page are: to pick from, after `a`.
    FeedsFound {
        asked: String,
        found: Vec<(String, SafeText)>,
    },
    /// A feed is looked for, and where; `None`: no longer.
    Finding(Option<SafeText>),
    /// An edit was sent under this number.
    EditSent {
        wish: u64,
        number: u64,
    },
    /// Something that was wished of the reader's files is done, or failed.
    FilesDone,
    /// Settings, keys or theme were read anew.
    SettingsChanged(Box<super::Settings>),
    /// Where an entry went that was opened by key: `source` is in the store as this entry.
    EntryOfKey {
        key: String,
        entry: Option<EntryId>,
    },
    /// Feeds that were visited just now and failed, for the notice.
    Failed {
        feed: FeedId,
        sentence: SafeText,
    },
}

/// How far pages are fetched for a time without network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    pub done: usize,
    /// As far as it is known by now.
    pub total: usize,
    pub failed: usize,
}

/// How far a round of visits is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
    pub failed: usize,
    /// Feeds under way: where the spinner stands.
    pub visiting: Vec<FeedId>,
    /// The reader asked for this round.
    pub asked: bool,
}
