//! All that the screen depends on.

use crate::feed::FeedId;
use chrono::{DateTime, FixedOffset, Utc};

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
    /// The view a start shows: `today`, `unread`, `all`, `feeds` …
    pub start: String,
    /// Colours that the terminal has: 0 (`NO_COLOR`), 8, 16, 256 or 16,777,216.
    pub colours: u32,
    /// No config file was there at the start: welcome.
    pub first_start: bool,
    /// `bron demo`.
    pub demo: bool,
    pub offline: bool,
    /// Names and titles of the bundled lists, with how many feeds each has.
    pub bundled: Vec<(String, String, usize)>,
    /// Feed a key press names, as `file:line` of the config, for `i`.
    pub feed_of_start: Option<FeedId>,
}

/// The model.
#[derive(Clone, Debug)]
pub struct Model {
    pub settings: Settings,
    pub now: DateTime<Utc>,
    pub zone: FixedOffset,
    pub size: (u16, u16),
}

impl Model {
    /// A screen of that size before anything is known.
    pub fn new(
        settings: Settings,
        now: DateTime<Utc>,
        zone: FixedOffset,
        size: (u16, u16),
    ) -> Model {
        Model {
            settings,
            now,
            zone,
            size,
        }
    }
}
