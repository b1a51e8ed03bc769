//! What each room is handed.

use super::hooks::Hooks;
use super::table::SETTINGS;
use crate::net::ClientSettings;
use crate::pages::run::Cards;
use crate::{pages, poller, store};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use toml::de::DeValue;

/// What each room is handed.
#[derive(Clone, Debug)]
pub struct Settings {
    pub net: ClientSettings,
    /// Requests at once, in all and to one host: what [`crate::net::Gate::new`] wants.
    pub overall: usize,
    pub per_host: usize,
    pub poller: poller::Settings,
    /// Visit what is due when the reader opens.
    pub refresh_on_start: bool,
    /// Visit feeds by the clock while the reader is open.
    pub refresh_timer: bool,
    pub pages: pages::Settings,
    pub cards: Cards,
    pub store: store::Settings,
    /// What the reader opens counts for the order of the front page.
    pub habits: bool,
    pub screen: Screen,
    /// Program and arguments; empty: from the environment.
    pub browser: Vec<String>,
    pub pager: Vec<String>,
    /// `osc9`, `osc777` or `off`.
    pub notify: String,
    /// Program and arguments in place of it; empty: none.
    pub notify_command: Vec<String>,
    /// Feeds may be programs, and programs may filter feeds.
    pub exec: bool,
    pub hooks: Hooks,
}

/// What the screen is told, as far as the config says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    pub theme: String,
    pub symbols: String,
    /// Where an archived copy is looked for: `ask`, or an archive's name.
    pub archive: String,
    pub measure: u16,
    pub compact: bool,
    pub images: bool,
    /// A name of [`crate::news::Order`].
    pub order: String,
    pub counts: bool,
    pub start: String,
    pub mouse: bool,
    /// `vim` or `newsboat`.
    pub keys_preset: String,
    /// Out of `[keys]`: the sequence, the names of its actions (none: the key does nothing), and `file:line`.
    pub keys: Vec<(String, Vec<String>, String)>,
}

/// Who we are, unless the reader says otherwise.
pub fn user_agent() -> String {
    format!("bron/{} (terminal news reader)", env!("CARGO_PKG_VERSION"))
}

impl Default for Settings {
    /// Every row's default; what no row says stands here.
    fn default() -> Self {
        let mut settings = Settings {
            net: ClientSettings {
                user_agent: user_agent(),
                connect: Duration::ZERO,
                silence: Duration::ZERO,
                whole: Duration::ZERO,
                redirects: 0,
                proxy: None,
                allow_private: false,
                hosts: Arc::new(HashMap::new()),
                authorities: Arc::default(),
                offline: false,
            },
            overall: 1,
            per_host: 1,
            poller: poller::Settings {
                every: Duration::ZERO,
                size_limit: 0,
                parsers: std::thread::available_parallelism()
                    .map_or(1, |cores| cores.get().saturating_sub(1).max(1)),
                overall: 1,
                item_limit: 0,
                ..poller::Settings::default()
            },
            refresh_on_start: true,
            refresh_timer: true,
            pages: pages::Settings {
                size_limit: 0,
                keep_days: 0,
            },
            cards: Cards::Ask,
            store: store::Settings::default(),
            habits: true,
            screen: Screen {
                keys_preset: "vim".into(),
                ..Screen::default()
            },
            browser: Vec::new(),
            pager: Vec::new(),
            notify: String::new(),
            notify_command: Vec::new(),
            exec: false,
            hooks: Hooks::default(),
        };
        for row in SETTINGS {
            let value = DeValue::parse(row.default).expect("a test holds every default to be TOML");
            row.setting
                .put(&mut settings, value.get_ref())
                .expect("a test holds every default to what its setting wants");
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::config::feeds::FeedDraft;
    use crate::config::table::{FEED_SETTINGS, SETTINGS};
    use crate::config::value::Setting;
    use crate::pages::run::Cards;
    use std::collections::HashSet;
    use std::time::Duration;
    use toml::de::DeValue;

    #[test]
    fn every_default_is_what_its_setting_wants() {
        let mut settings = Settings::default();
        let mut feed = FeedDraft::default();
        for row in SETTINGS {
            let value = DeValue::parse(row.default).expect(row.name);
            row.setting
                .put(&mut settings, value.get_ref())
                .expect(row.name);
        }
        for row in FEED_SETTINGS.iter().filter(|row| row.name != "url") {
            let value = DeValue::parse(row.default).expect(row.name);
            row.setting.put(&mut feed, value.get_ref()).expect(row.name);
        }
    }

    #[test]
    fn names_stand_once_and_texts_are_sentences_without_ends() {
        let names: HashSet<&str> = SETTINGS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), SETTINGS.len());
        for (name, text) in SETTINGS
            .iter()
            .map(|row| (row.name, row.text))
            .chain(FEED_SETTINGS.iter().map(|row| (row.name, row.text)))
        {
            assert!(!text.is_empty() && !text.ends_with('.'), "{name}");
        }
    }

    #[test]
    fn the_table_reaches_each_room() {
        let settings = Settings::default();
        assert_eq!(
            (settings.overall, settings.per_host, settings.poller.overall),
            (64, 2, 64)
        );
        assert_eq!(settings.poller.every, Duration::from_mins(30));
        assert_eq!(
            (settings.poller.size_limit, settings.pages.size_limit),
            (20 << 20, 5 << 20)
        );
        assert_eq!(
            (settings.net.redirects, settings.net.whole),
            (5, Duration::from_mins(1))
        );
        assert_eq!((settings.store.keep_days, settings.cards), (90, Cards::Ask));
        assert_eq!(
            (settings.screen.measure, settings.screen.theme.as_str()),
            (72, "auto")
        );
    }

    #[test]
    fn a_wrong_value_is_told_what_is_wanted() {
        for (name, value, sentence) in [
            ("mouse", "1", "is 1, but true or false is wanted"),
            (
                "measure",
                "500",
                "is 500, but a number from 50 to 100 is wanted",
            ),
            (
                "refresh_every",
                "\"5\"",
                "is “5”, but a time from \"1m\" to \"7d\", or \"never\" is wanted",
            ),
            (
                "symbols",
                "\"asci\"",
                "is “asci”, but one of \"unicode\", \"ascii\" is wanted; did you mean “ascii”?",
            ),
            (
                "feed_size",
                "\"20 apples\"",
                "is “20 apples”, but a size from \"1K\" to \"1G\" is wanted",
            ),
            (
                "browser",
                "[1]",
                "is a list, but a program with its arguments is wanted",
            ),
        ] {
            let row = SETTINGS.iter().find(|row| row.name == name).expect(name);
            let value = DeValue::parse(value).expect("TOML");
            let answer = row.setting.put(&mut Settings::default(), value.get_ref());
            assert_eq!(answer, Err(sentence.to_owned()), "{name}");
        }
        assert!(matches!(SETTINGS[0].setting, Setting::Flag(_)));
    }
}
