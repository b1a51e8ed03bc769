//! The config file to settings; all mistakes at once.

use super::feeds::{self, Place};
use super::hooks;
use super::mistake::{Mistake, Mistakes, line_of, no_such};
use super::paths::Paths;
use super::rules;
use super::settings::Settings;
use super::table::{FROM_THE_NEXT_START, SETTINGS};
use super::themes;
use super::value::texts;
use crate::news::edit::ListedFeed;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Presets of keys.
pub const PRESETS: &[&str] = &["vim", "newsboat"];

/// Names at the top of the config file that are no rows of the table.
const TABLES: &[&str] = &["lists", "feeds", "keys", "rules", "hooks"];

/// The config file, read.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub settings: Settings,
    /// Whether there is a file.
    pub exists: bool,
    /// Feeds that stand in the file itself; how they are asked for is among the settings of the poller.
    pub feeds: Vec<ListedFeed>,
    /// Names of list files, as written, and their lines.
    pub lists: Vec<(String, usize)>,
    /// What the file says itself: name to value as written, and its line.
    pub said: BTreeMap<&'static str, (String, usize)>,
    /// There is no file, or it could be read only in part: feeds may be missing that nobody took out.
    pub partial: bool,
    /// Names of settings and tables that the file has wrong.
    pub refused: Vec<&'static str>,
    /// Themes of the reader's own, sound: name and text of the file.
    pub themes: Vec<(String, String)>,
    pub mistakes: Vec<Mistake>,
}

/// Reads the config file and the themes beside it. None there: every default holds.
pub fn load(paths: &Paths) -> Loaded {
    let mut loaded = load_file(&paths.config);
    themes::read(paths, &mut loaded);
    loaded
}

fn load_file(file: &Path) -> Loaded {
    let whole = |line: usize, message: String| Loaded {
        exists: true,
        partial: true,
        mistakes: vec![Mistake {
            file: file.to_owned(),
            line,
            column: 0,
            message,
        }],
        ..Loaded::default()
    };
    match fs::read(file) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => read(&text, file),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = line_of(&String::from_utf8_lossy(error.as_bytes()), valid);
                whole(line, "not UTF-8; save the file as UTF-8".to_owned())
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Loaded {
            partial: true,
            ..Loaded::default()
        },
        Err(error) => whole(
            0,
            format!("cannot be read ({error}); --config names another file"),
        ),
    }
}

/// Reads the text of a config file.
pub fn read(text: &str, file: &Path) -> Loaded {
    let mut loaded = Loaded {
        exists: true,
        ..Loaded::default()
    };
    let mut mistakes = Mistakes::new(file, text);
    let table = parse(text, &mut mistakes);
    // An editor that was interrupted leaves an empty file.
    loaded.partial = mistakes.count() > 0 || text.trim().is_empty();
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        if let Some(row) = SETTINGS.iter().find(|row| row.name == name) {
            match row.setting.put(&mut loaded.settings, value.get_ref()) {
                Ok(()) => {
                    let span = value.span();
                    let written = text.get(span.clone()).unwrap_or_default().to_owned();
                    loaded
                        .said
                        .insert(row.name, (written, line_of(text, span.start)));
                }
                Err(what) => {
                    mistakes.at(value.span().start, format!("{name} {what}"));
                    loaded.refused.push(row.name);
                }
            }
            continue;
        }
        let before = mistakes.count();
        match name {
            "lists" => match value.get_ref().as_array() {
                Some(items) => {
                    for item in items {
                        match item.get_ref().as_str() {
                            Some(list) => loaded
                                .lists
                                .push((list.to_owned(), line_of(text, item.span().start))),
                            None => mistakes.at(
                                item.span().start,
                                "a list is named by its file, as \"feeds.opml\"",
                            ),
                        }
                    }
                }
                None => mistakes.at(
                    value.span().start,
                    "lists are written as [\"feeds.opml\", \"urls\"]",
                ),
            },
            "feeds" => {
                let mut asking = HashMap::new();
                let feeds = feeds::read(value, Place::Config, &mut mistakes);
                loaded.partial |= feeds::some_missing(value, feeds.len());
                for feed in feeds {
                    if !feed.asking.is_plain() {
                        asking.insert(feed.listed.listed.url.clone(), feed.asking);
                    }
                    loaded.feeds.push(feed.listed);
                }
                loaded.settings.poller.asking = Arc::new(asking);
            }
            "hooks" => loaded.settings.hooks = hooks::read(value, &mut mistakes),
            "rules" => {
                let name = name_of(file);
                loaded.settings.store.rules = rules::read(value, text, &name, &mut mistakes);
            }
            "keys" => keys(value, text, file, &mut loaded, &mut mistakes),
            _ => {
                // It may be a `[[feed]]`, or a `list = […]`.
                loaded.partial |= value.get_ref().is_array();
                mistakes.at(
                    key.span().start,
                    no_such(
                        "setting",
                        name,
                        SETTINGS
                            .iter()
                            .map(|row| row.name)
                            .chain(TABLES.iter().copied()),
                    ),
                );
            }
        }
        loaded.partial |= name == "lists" && mistakes.count() > before;
        if mistakes.count() > before {
            loaded
                .refused
                .extend(TABLES.iter().find(|table| **table == name));
        }
    }
    loaded.mistakes = mistakes.done();
    loaded
}

impl Loaded {
    /// Where the file was read before, and has something wrong now: what was right then stays in force.
    pub fn keep_what_was_right(&mut self, before: &Loaded) {
        for name in &self.refused {
            if let Some(row) = SETTINGS.iter().find(|row| row.name == *name) {
                // What the file did not say had its default, and has it now.
                if let Some((value, line)) = before.said.get(name)
                    && let Ok(old) = DeValue::parse(value)
                    && row.setting.put(&mut self.settings, old.get_ref()).is_ok()
                {
                    self.said.insert(row.name, (value.clone(), *line));
                }
                continue;
            }
            let (settings, old) = (&mut self.settings, &before.settings);
            match *name {
                "keys" => {
                    settings.screen.keys.clone_from(&old.screen.keys);
                    settings
                        .screen
                        .keys_preset
                        .clone_from(&old.screen.keys_preset);
                }
                "rules" => settings.store.rules.clone_from(&old.store.rules),
                "hooks" => settings.hooks.clone_from(&old.hooks),
                _ => {}
            }
        }
    }

    /// Settings of which another value is in force than was before, and that count from the next start only.
    pub fn for_the_next_start(&self, before: &Loaded) -> Vec<&'static str> {
        let changed = |name: &&'static str| {
            let value = |loaded: &Loaded| loaded.said.get(*name).map(|(value, _)| value.clone());
            value(self) != value(before)
        };
        FROM_THE_NEXT_START
            .iter()
            .copied()
            .filter(changed)
            .collect()
    }
}

/// What somebody typed as the value of a setting, as TOML: as it stands where that is what the setting wants, else in
/// quotes. A sentence where it is neither.
pub fn as_toml(name: &str, typed: &str) -> Result<String, String> {
    let Some(row) = SETTINGS.iter().find(|row| row.name == name) else {
        return Err(no_such(
            "setting",
            name,
            SETTINGS.iter().map(|row| row.name),
        ));
    };
    let typed = typed.trim();
    let quoted = toml::Value::String(typed.to_owned()).to_string();
    let mut why = String::new();
    for text in [typed, &quoted] {
        let Ok(value) = DeValue::parse(text) else {
            continue;
        };
        match row.setting.put(&mut Settings::default(), value.get_ref()) {
            Ok(()) => return Ok(text.to_owned()),
            Err(what) => why = what,
        }
    }
    Err(format!("{name} {why}"))
}

/// What a config file says of the screen and of the keys, as the text of another; empty where it cannot be read.
pub fn looks_of(text: &str) -> String {
    let Ok(mut table) = text.parse::<toml::Table>() else {
        return String::new();
    };
    table.retain(|name, _| {
        name == "keys"
            || SETTINGS
                .iter()
                .any(|row| row.group == "Screen" && row.name == name)
    });
    table.to_string()
}

/// The table of a TOML text, as far as it can be read.
pub fn parse<'t>(text: &'t str, mistakes: &mut Mistakes<'_>) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let message = error
            .message()
            .lines()
            .next()
            .unwrap_or("cannot be read")
            .to_owned();
        mistakes.broken_at(error.span().map_or(0, |span| span.start), message);
    }
    table
}

fn name_of(file: &Path) -> String {
    file.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// `keys = "newsboat"`, or `[keys]` with `preset` and one line for each sequence.
fn keys(
    value: &Spanned<DeValue<'_>>,
    text: &str,
    file: &Path,
    loaded: &mut Loaded,
    mistakes: &mut Mistakes<'_>,
) {
    let mut preset = |value: &Spanned<DeValue<'_>>| match value.get_ref().as_str() {
        Some(name) if PRESETS.contains(&name) => {
            name.clone_into(&mut loaded.settings.screen.keys_preset);
        }
        other => mistakes.at(
            value.span().start,
            no_such(
                "preset of keys",
                other.unwrap_or(""),
                PRESETS.iter().copied(),
            ),
        ),
    };
    let DeValue::Table(table) = value.get_ref() else {
        preset(value);
        return;
    };
    if let Some(value) = table.get("preset") {
        preset(value);
    }
    let name = name_of(file);
    let mut lines: Vec<(usize, String, Vec<String>)> = Vec::new();
    for (key, value) in table.iter().filter(|(key, _)| key.get_ref() != "preset") {
        let actions = match value.get_ref() {
            DeValue::String(action) if action.is_empty() => Some(Vec::new()),
            DeValue::String(action) => Some(vec![action.to_string()]),
            DeValue::Boolean(false) => Some(Vec::new()),
            other => texts(other),
        };
        match actions {
            Some(actions) => lines.push((line_of(text, key.span().start), key.get_ref().to_string(), actions)),
            None => mistakes.at(value.span().start, "a key is given an action, as \"x\" = \"whole-page\", several in a list, or false for none"),
        }
    }
    lines.sort();
    loaded.settings.screen.keys = lines
        .into_iter()
        .map(|(line, keys, actions)| (keys, actions, format!("{name}:{line}")))
        .collect();
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, read};
    use std::path::Path;
    use std::time::Duration;

    #[track_caller]
    fn check_mistakes(text: &str, expected: &[&str]) {
        let loaded = read(text, Path::new("dir/config.toml"));
        let said: Vec<String> = loaded.mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_lines() {
        check_mistakes(
            "tehme = \"ink\"\nmeasure = 20\nmouse = false\n\n[[feeds]]\nurl = \"ftp://example.org\"\n[[feeds]]\nurl = \"https://example.org/feed\"\ntitel = \"x\"\n[[feeds]]\ntitle = \"no address\"\n[keys]\nx = 3\npreset = \"vi\"\n",
            &[
                "config.toml:1: there is no setting “tehme”; did you mean “theme”?",
                "config.toml:2: measure is 20, but a number from 50 to 100 is wanted",
                "config.toml:6: “ftp:” is not an address of a feed; http and https are",
                "config.toml:9: there is no setting of a feed “titel”; did you mean “title”?",
                "config.toml:10: a feed without url = \"https://…\"",
                "config.toml:13: a key is given an action, as \"x\" = \"whole-page\", several in a list, or false for none",
                "config.toml:14: there is no preset of keys “vi”; did you mean “vim”?",
            ],
        );
    }

    #[test]
    fn what_is_right_counts_beside_what_is_wrong() {
        let loaded = read(
            "measure = = 3\nmouse = false\nrefresh_every = \"never\"\n[[feeds]]\nurl = \"example.org/feed\"\nevery = \"2h\"\n",
            Path::new("config.toml"),
        );
        assert_eq!(loaded.mistakes.len(), 1, "{:?}", loaded.mistakes);
        assert_eq!(loaded.mistakes[0].line, 1);
        assert!(!loaded.settings.screen.mouse);
        assert!(!loaded.settings.refresh_timer);
        assert_eq!(loaded.settings.poller.every, Duration::from_mins(30));
        assert_eq!(
            loaded.feeds[0].listed.url.as_str(),
            "https://example.org/feed"
        );
        assert_eq!(loaded.feeds[0].every_s, Some(7200));
        assert_eq!(loaded.feeds[0].listed.line, 5);
    }

    #[test]
    fn what_is_wrong_now_stays_as_it_was_right_before() {
        let file = Path::new("c.toml");
        let before = read(
            "compact = true\nmeasure = 60\nproxy = \"http://a.example\"\n[keys]\nx = \"quit\"\n[[rules]]\nquery = \"title:a\"\ndo = [\"star\"]\n",
            file,
        );
        assert_eq!(before.refused, [""; 0]);
        let mut now = read(
            "compact = \"ture\"\nmeasure = 80\nmouse = 3\n[keys]\nx = 3\n[[rules]]\nquery = \"title:(\"\ndo = [\"star\"]\n",
            file,
        );
        now.keep_what_was_right(&before);
        assert!(now.settings.screen.compact);
        assert_eq!(now.settings.screen.measure, 80);
        assert!(now.settings.screen.mouse, "its default");
        assert_eq!(now.settings.screen.keys, before.settings.screen.keys);
        assert_eq!(now.settings.store.rules.len(), 1);
        assert_eq!(now.for_the_next_start(&before), ["proxy"]);
    }

    #[test]
    fn every_setting_of_the_next_start_is_one() {
        for name in super::FROM_THE_NEXT_START {
            assert!(SETTINGS.iter().any(|row| row.name == *name), "{name}");
        }
    }

    #[test]
    fn the_looks_of_a_file_are_another_file_without_feeds() {
        let text = "theme = \"nord\"\nproxy = \"http://a.example\"\n[keys]\nx = [\"a\", \"b\"]\n[[feeds]]\nurl = \"https://example.org/feed\"\n";
        let looks = super::looks_of(text);
        let loaded = read(&looks, Path::new("c.toml"));
        assert_eq!(loaded.settings.screen.theme, "nord");
        assert_eq!(loaded.settings.screen.keys.len(), 1);
        assert!(
            loaded.feeds.is_empty() && !looks.contains("proxy"),
            "{looks}"
        );
        assert_eq!(super::looks_of("theme = "), "");
    }

    #[test]
    fn keys_are_handed_on_with_their_lines() {
        let loaded = read(
            "[keys]\n\"g u\" = \"unread\"\nx = [\"a\", \"b\"]\nq = false\npreset = \"newsboat\"\n",
            Path::new("c.toml"),
        );
        assert_eq!(loaded.mistakes, []);
        assert_eq!(loaded.settings.screen.keys_preset, "newsboat");
        let expected = [
            ("g u", vec!["unread"], "c.toml:2"),
            ("x", vec!["a", "b"], "c.toml:3"),
            ("q", vec![], "c.toml:4"),
        ];
        let keys: Vec<(&str, Vec<&str>, &str)> = loaded
            .settings
            .screen
            .keys
            .iter()
            .map(|(keys, actions, at)| {
                (
                    keys.as_str(),
                    actions.iter().map(String::as_str).collect(),
                    at.as_str(),
                )
            })
            .collect();
        assert_eq!(keys, expected);
        assert_eq!(
            read("keys = \"newsboat\"", Path::new("c.toml"))
                .settings
                .screen
                .keys_preset,
            "newsboat"
        );
    }

    #[test]
    fn what_is_typed_becomes_toml() {
        for (name, typed, expected) in [
            ("theme", "ink", Ok("\"ink\"")),
            ("theme", "\"ink\"", Ok("\"ink\"")),
            ("mouse", "false", Ok("false")),
            ("measure", " 80 ", Ok("80")),
            ("refresh_every", "2h", Ok("\"2h\"")),
            (
                "browser",
                "[\"firefox\", \"-P\"]",
                Ok("[\"firefox\", \"-P\"]"),
            ),
            ("measure", "20", Err("measure is")),
            ("cards", "alway", Err("cards is “alway”")),
            ("no", "1", Err("there is no setting")),
        ] {
            match (super::as_toml(name, typed), expected) {
                (Ok(text), Ok(expected)) => assert_eq!(text, expected, "{name}"),
                (Err(why), Err(begin)) => assert!(why.starts_with(begin), "{why}"),
                (got, _) => panic!("{name} {typed}: {got:?}"),
            }
        }
    }

    #[test]
    fn rubbish_is_a_mistake_and_no_panic() {
        for text in [
            "\u{0}",
            "[[[",
            "lists = 3",
            "feeds = 3",
            "a.b.c = 1",
            "theme = {x=1}",
            "= = =\n\n[",
            "\u{feff}theme = \"ink\"",
            "[keys",
            "lists = [1, [2]]",
        ] {
            let _ = read(text, Path::new("c.toml"));
        }
    }
}
