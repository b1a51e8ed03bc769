//! Wishes: nothing has happened yet; the app will try, and answer with events.

use crate::feed::{EntryId, FeedId};
use crate::news::{Edit, EntriesQuestion, Listing, Target};

/// A wish.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum Effect {
    Quit,
    Suspend,
    /// Send `Event::TimeUp` with this token after so many milliseconds.
    After {
        ms: u32,
        token: u64,
    },
    /// Draw everything anew, as after foreign output.
    Redraw,
    LoadFeeds,
    LoadCounts,
    /// A newer question of a pane replaces an older one that is not begun.
    LoadEntries(EntriesQuestion),
    /// A search as it is typed: `text` is read by the app's side of `query`, so that an error comes back with its place.
    Search {
        question: EntriesQuestion,
        text: String,
    },
    /// Lay the target out; a page that is not kept is fetched first. `whole_page`: extract the entry's page (`x`).
    OpenArticle {
        number: u64,
        target: Target,
        width: u16,
        whole_page: bool,
        again: bool,
        /// Columns and rows to leave for pictures, by the number of the image.
        pictures: Vec<(u16, u16)>,
    },
    /// Read ahead what may be opened next. May be ignored.
    Prepare(Vec<Target>),
    /// Fetch these pictures, or find them in the cache, and make them ready for so many columns and rows at most.
    FetchPictures {
        urls: Vec<String>,
        columns: u16,
        rows: u16,
    },
    /// Fetch these cards: key and address. Only sent with consent, or on a key press.
    FetchCards {
        cards: Vec<(String, String)>,
        pressed: bool,
    },
    /// Nobody waits any more for what was asked and not begun.
    Withdraw,
    /// The text of the note that the entry has.
    LoadNote(EntryId),
    /// What the page of a feed shows beside its row.
    LoadFeedPage(FeedId),
    /// The statistics of the last 30 days.
    LoadReading,
    LoadCiting {
        key: Listing,
    },
    /// The front page of the last day, or since the reader was last here.
    LoadFront {
        number: u64,
        habits: bool,
    },
    /// What stands beside an entry: its story, its threads, what is related.
    LoadBeside(EntryId),
    /// Today's briefing, as text of that width.
    LoadBriefing {
        width: u16,
        habits: bool,
    },
    /// Carry out an edit; `wish` comes back in `EditSent`.
    Apply {
        wish: u64,
        edit: Edit,
    },
    /// Ask these feeds now; all with an empty list.
    Visit(Vec<FeedId>),
    /// Fetch the pages of these entries and of what they cite; with an empty list, of the first rows of the question's list that
    /// are unread, or of all where none is.
    FetchAhead {
        entries: Vec<EntryId>,
        list: Box<EntriesQuestion>,
    },
    /// Fetch no further pages ahead.
    StopAhead,
    /// Open in the browser.
    Browse(String),
    /// Open a file attached to the entry, with what opens such files.
    OpenEnclosure(String),
    /// Give the text to this command, and say what it prints.
    Pipe {
        text: String,
        command: String,
    },
    /// Put on the clipboard; `what` is for the notice ("address copied").
    Copy {
        text: String,
        what: String,
    },
    /// Open the feed list, or the config, in $EDITOR, then read it anew.
    /// The file that this feed stands in, else the config.
    EditLists(Option<String>),
    /// Subscribe: an address of a feed, or of a page whose feeds are to be found.
    Subscribe {
        address: String,
    },
    /// Nobody waits any more for feeds that are looked for.
    StopFinding,
    /// Subscribe to this address at once: it was picked.
    SubscribeTo {
        address: String,
        title: String,
        tags: Vec<String>,
    },
    /// Take the feed out of its list file.
    Unsubscribe(FeedId),
    /// Import a list file.
    Import {
        path: String,
    },
    /// Subscribe to these bundled lists (names of `assets/feeds`).
    PickLists(Vec<String>),
    /// Write a setting into the config file, as the cards consent.
    Set {
        key: String,
        value: String,
    },
    /// Have the terminal tell of something, also when its window is not looked at.
    Notify(String),
    /// The terminal's title.
    Title(String),
    /// Save the article in the form that the ending of the file's name asks for; `text` is the plain one.
    SaveArticle {
        target: Target,
        whole_page: bool,
        text: String,
        path: String,
    },
    /// Open the text in the pager.
    Page(String),
}
