//! All that the screen depends on.

use super::columns::{self, Column, Layout, Wanted};
use super::event::{Ahead, Progress};
use super::keymap::{Key, Keymap};
use super::overlay::Overlay;
use super::pane::entries::Entries;
use super::pane::feeds::Feeds;
use super::picture::Pictures;
use super::reading::Reading;
use super::theme::{self, Theme};
use crate::news::{Counts, Order};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use std::collections::HashMap;

/// What the screen is told once, and again when settings are read anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// A theme's name, or `auto`.
    pub theme: String,
    /// `unicode` or `ascii`.
    pub symbols: String,
    /// Columns of text, 50 to 100.
    pub measure: u16,
    pub mouse: bool,
    /// One-line rows.
    pub compact: bool,
    /// `vim` or `newsboat`.
    pub keys_preset: String,
    /// Sequences to names of actions, with where they stand, out of `[keys]`.
    pub keys: Vec<(String, Vec<String>, String)>,
    /// `ask`, `visible`, `demand` or `never`.
    pub cards: String,
    /// Show the images of articles.
    pub images: bool,
    /// How lists begin.
    pub order: Order,
    /// Show how many entries are unread.
    pub counts: bool,
    /// The view a start shows: `today`, `unread`, `all`, `feeds` …
    pub start: String,
    /// What the reader opens counts for the order of the front page.
    pub habits: bool,
    /// Colours that the terminal has: 0 (`NO_COLOR`), 8, 16, 256 or 16,777,216.
    pub colours: u32,
    /// No config file was there at the start: welcome.
    pub first_start: bool,
    /// `bron demo`.
    pub demo: bool,
    pub offline: bool,
    /// Names and titles of the bundled lists, with how many feeds each has.
    pub bundled: Vec<(String, String, usize)>,
    /// Themes of the reader's own: name and text of the file.
    pub own: Vec<(String, String)>,
    /// All settings of the config file, for the palette.
    pub rows: Vec<SettingRow>,
}

impl Settings {
    /// The names of all themes: `auto`, the reader's own, the bundled ones.
    pub fn themes(&self) -> impl Iterator<Item = &str> {
        let bundled = theme::bundled().filter(|name| self.own.iter().all(|(own, _)| own != name));
        let own = self.own.iter().map(|(name, _)| name.as_str());
        ["auto"].into_iter().chain(own).chain(bundled)
    }

    /// The theme in force on a dark ground or a light one.
    fn theme(&self, dark: bool) -> Theme {
        Theme::named(&self.theme, &self.own, &self.symbols, self.colours, dark)
    }
}

/// A setting of the config file, as data: the screen does not know what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    pub name: &'static str,
    pub text: &'static str,
    /// What is in force, without quotes.
    pub value: String,
    /// All values that it may have, where they are few.
    pub choices: Vec<String>,
}

/// Something said in the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub error: bool,
    pub at: DateTime<Utc>,
    /// `u` takes it back.
    pub undoable: bool,
}

/// Addresses of links on the screen, by number from 1. Only grows, so a number on the screen keeps its meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    urls: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Links {
    /// The number of an address, given now if it has none. Only `http` and `https` without control characters get one.
    pub fn number(&mut self, url: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(url) {
            return Some(*number);
        }
        let web = url.starts_with("http://") || url.starts_with("https://");
        let clean = url.bytes().all(|byte| byte.is_ascii_graphic());
        if !web || !clean || self.urls.len() >= 0x00ff_ffff {
            return None;
        }
        self.urls.push(url.to_owned());
        let number = self.urls.len() as u32;
        self.numbers.insert(url.to_owned(), number);
        Some(number)
    }

    /// The number of an address that has one.
    pub fn known(&self, url: &str) -> Option<u32> {
        self.numbers.get(url).copied()
    }

    /// All addresses, in the order of their numbers.
    pub fn all(&self) -> &[String] {
        &self.urls
    }

    /// The address of a number.
    pub fn url(&self, number: u32) -> Option<&str> {
        self.urls
            .get((number as usize).checked_sub(1)?)
            .map(String::as_str)
    }
}

/// What a timer was set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A lone digit: read that source.
    Digit,
    /// A half-typed sequence is given up.
    Sequence,
    /// The sources in sight have been in sight long enough to ask for their cards.
    Cards,
    /// A frame of the spinner.
    Spin,
    /// The place in the article is kept.
    Place,
}

/// Edits that nothing is said of when they are done.
#[derive(Clone, Debug, Default)]
pub struct Quiet {
    wishes: Vec<u64>,
    numbers: Vec<u64>,
}

impl Quiet {
    /// Nothing is said of this wish.
    pub fn wish(&mut self, wish: u64) {
        self.wishes.push(wish);
    }

    /// It was sent, and has a number from now on.
    pub fn sent(&mut self, wish: u64, number: u64) {
        let before = self.wishes.len();
        self.wishes.retain(|known| *known != wish);
        if self.wishes.len() < before {
            self.numbers.push(number);
        }
    }

    /// Whether nothing is to be said of the edit of that number, which is done.
    pub fn done(&mut self, number: u64) -> bool {
        let before = self.numbers.len();
        self.numbers.retain(|known| *known != number);
        self.numbers.len() < before
    }
}

/// The model.
#[derive(Clone, Debug)]
pub struct Model {
    pub settings: Settings,
    pub now: DateTime<Utc>,
    pub zone: FixedOffset,
    pub size: (u16, u16),
    pub theme: Theme,
    /// The terminal's ground is dark.
    pub dark: bool,
    pub keymap: Keymap,
    pub focus: Column,
    pub feeds: Feeds,
    pub entries: Entries,
    pub reading: Reading,
    pub counts: Counts,
    /// The front page, while it is open or to be gone back to.
    pub front: Option<super::pane::front::Front>,
    /// Tags of entries, with how many carry them.
    pub tags: Vec<(String, u32)>,
    pub overlay: Option<Overlay>,
    /// The step of the tour, while it is taken.
    pub tour: Option<usize>,
    pub notice: Option<Notice>,
    pub progress: Option<Progress>,
    /// A feed is looked for: where, in words.
    pub finding: Option<String>,
    /// Pages are being fetched ahead.
    pub ahead: Option<Ahead>,
    pub links: Links,
    pub pictures: Pictures,
    pub quiet: Quiet,
    /// Keys of a sequence that is not complete.
    pub pending: Vec<Key>,
    /// The count typed before an action.
    pub count: Option<usize>,
    pub zen: bool,
    pub panel: bool,
    pub measure: u16,
    pub compact: bool,
    /// What the reader dragged: the widths of feeds, entries and sources, and the height of the drawer.
    pub dragged: [Option<u16>; 4],
    /// The rule that is being dragged.
    pub dragging: Option<usize>,
    pub focused: bool,
    /// Frames of the spinner.
    pub spin: usize,
    /// `ctrl-c` was pressed with nothing open: once more leaves.
    pub leaving: bool,
    /// The last title given to the terminal.
    pub title: String,
    /// Numbers given to wishes and questions so far.
    numbers: u64,
    timers: Vec<(u64, Timer)>,
    pub feeds_asked: bool,
    /// The first feeds are asked for when the first rows are there.
    pub feeds_wait: bool,
    pub feeds_stale: bool,
    /// The reader has said what to show.
    pub used: bool,
    /// A round of visits is over, and what it came to was said.
    pub visited: bool,
}

impl Model {
    /// A screen of that size before anything is known.
    pub fn new(
        settings: Settings,
        now: DateTime<Utc>,
        zone: FixedOffset,
        size: (u16, u16),
    ) -> Model {
        let (keymap, problems) = Keymap::new(&settings.keys_preset, &settings.keys);
        let mut model = Model {
            theme: settings.theme(true),
            dark: true,
            keymap,
            focus: Column::Entries,
            feeds: Feeds::default(),
            entries: Entries::new(now),
            reading: Reading::default(),
            counts: Counts::default(),
            front: None,
            tags: Vec::new(),
            overlay: None,
            tour: None,
            notice: None,
            progress: None,
            finding: None,
            ahead: None,
            links: Links::default(),
            pictures: Pictures::wanted(settings.images),
            quiet: Quiet::default(),
            pending: Vec::new(),
            count: None,
            zen: false,
            panel: true,
            measure: settings.measure.clamp(50, 100),
            compact: settings.compact,
            dragged: [None; 4],
            dragging: None,
            focused: true,
            spin: 0,
            leaving: false,
            title: String::new(),
            numbers: 0,
            timers: Vec::new(),
            feeds_asked: false,
            feeds_wait: false,
            feeds_stale: false,
            used: false,
            visited: false,
            settings,
            now,
            zone,
            size,
        };
        model.entries.set_usual(model.settings.order);
        model.say_problems(&problems);
        model
    }

    /// Takes settings that were read anew; what is selected stays.
    pub fn set_settings(&mut self, settings: Settings) {
        let (keymap, problems) = Keymap::new(&settings.keys_preset, &settings.keys);
        self.keymap = keymap;
        if settings.measure != self.settings.measure {
            self.measure = settings.measure.clamp(50, 100);
        }
        if settings.compact != self.settings.compact {
            self.compact = settings.compact;
        }
        if settings.order != self.settings.order {
            self.entries.set_usual(settings.order);
        }
        if settings.images != self.settings.images {
            self.pictures.on = settings.images;
        }
        self.settings = settings;
        self.retheme();
        self.say_problems(&problems);
    }

    /// Makes the theme anew out of the settings and the terminal's ground. Where there is none of that name the old one
    /// stays: a theme file that is being edited is broken now and then.
    pub fn retheme(&mut self) {
        let wanted = self.settings.theme.as_str();
        if self.settings.themes().any(|name| name == wanted) {
            self.theme = self.settings.theme(self.dark);
        }
    }

    fn say_problems(&mut self, problems: &[String]) {
        if let Some(first) = problems.first() {
            let more = match problems.len() {
                1 => String::new(),
                n => format!(" (and {} more)", n - 1),
            };
            self.say(&format!("{first}{more}"), true);
        }
    }

    /// Says something in the status line.
    pub fn say(&mut self, text: &str, error: bool) {
        self.notice = Some(Notice {
            text: text.to_owned(),
            error,
            at: self.now,
            undoable: false,
        });
    }

    /// The next number for a wish or a question.
    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A token for a timer; an older timer of the same purpose counts no more.
    pub fn timer(&mut self, timer: Timer) -> u64 {
        let token = self.number();
        self.timers.retain(|(_, other)| *other != timer);
        self.timers.push((token, timer));
        token
    }

    /// What the token was for, if it still counts.
    pub fn time_up(&mut self, token: u64) -> Option<Timer> {
        let at = self.timers.iter().position(|(known, _)| *known == token)?;
        Some(self.timers.remove(at).1)
    }

    /// A timer counts no more.
    pub fn stop(&mut self, timer: Timer) {
        self.timers.retain(|(_, other)| *other != timer);
    }

    /// Whether a timer of that purpose runs.
    pub fn runs(&self, timer: Timer) -> bool {
        self.timers.iter().any(|(_, other)| *other == timer)
    }

    /// Whether the frame changes with the clock alone: the time in the top line, or a notice that will go.
    pub fn shows_time_passing(&self) -> bool {
        self.size.1 >= 16 || self.notice.is_some()
    }

    /// Where everything stands.
    pub fn layout(&self) -> Layout {
        columns::lay_out(self.size, self.wanted())
    }

    /// What decides where everything stands.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            focus: self.focus,
            zen: self.zen,
            panel: self.panel,
            sources: self.reading.has_rows(),
            measure: self.measure,
            dragged: self.dragged,
        }
    }

    /// The local day of a time.
    pub fn day_of(&self, time: DateTime<Utc>) -> NaiveDate {
        time.with_timezone(&self.zone).date_naive()
    }

    /// The local day it is.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now)
    }

    /// When the local day began.
    pub fn midnight(&self) -> DateTime<Utc> {
        let midnight = self.today().and_time(chrono::NaiveTime::MIN);
        midnight.and_utc() - chrono::TimeDelta::seconds(i64::from(self.zone.local_minus_utc()))
    }
}
