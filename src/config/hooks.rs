//! `[hooks]` of the config file: programs of the reader's own, and when they run.
//!
//! What is told goes into them as arguments or as JSON on standard input; no shell reads it.

use super::feeds::home;
use super::mistake::{Mistakes, no_such};
use super::value::{Setting, texts, words};
use crate::query;
use chrono::DateTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// More than anybody writes.
const MOST: usize = 100;

/// Programs, and when they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// After a round of visits; empty: none.
    pub after_refresh: Vec<String>,
    pub on_new: Vec<OnNew>,
    /// The first that fits opens an address.
    pub open: Vec<OpenWith>,
}

/// Run with the new entries that match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnNew {
    pub query: String,
    pub command: Vec<String>,
}

/// Opens what fits in place of the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenWith {
    /// A pattern over host and path, as `youtube.com/watch*`.
    pub address: Option<String>,
    /// A pattern over media types, as `audio/*`.
    pub kind: Option<String>,
    pub command: Vec<String>,
}

impl Hooks {
    /// The program for an address, if one is named; `kind` is its media type, where that is known.
    pub fn opener(&self, address: &str, kind: Option<&str>) -> Option<&[String]> {
        let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        let fits_both = |open: &&OpenWith| {
            open.address
                .as_deref()
                .is_none_or(|pattern| fits(pattern, bare))
                && open.kind.as_deref().is_none_or(|pattern| {
                    kind.is_some_and(|kind| fits(pattern, &kind.to_ascii_lowercase()))
                })
        };
        self.open
            .iter()
            .find(fits_both)
            .map(|open| open.command.as_slice())
    }

    /// Whether anything runs after a round.
    pub fn listens(&self) -> bool {
        !self.after_refresh.is_empty() || !self.on_new.is_empty()
    }
}

/// Whether a text is what the pattern says: `*` stands for anything, other letters for themselves.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Reads the table; what is wrong with one hook leaves the others alone.
pub fn read(value: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Hooks {
    let mut hooks = Hooks::default();
    let DeValue::Table(table) = value.get_ref() else {
        mistakes.at(value.span().start, "hooks are written below [hooks]");
        return hooks;
    };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "after_refresh" => match command(value.get_ref()) {
                Some(words) => hooks.after_refresh = words,
                None => mistakes.at(value.span().start, WANTED),
            },
            "on_new" => {
                for table in tables(value, "[[hooks.on_new]]", mistakes) {
                    hooks.on_new.extend(on_new(table, mistakes));
                }
            }
            "open" => {
                for table in tables(value, "[[hooks.open]]", mistakes) {
                    hooks.open.extend(open_with(table, mistakes));
                }
            }
            name => mistakes.at(
                key.span().start,
                no_such("hook", name, ["after_refresh", "on_new", "open"]),
            ),
        }
    }
    hooks
}

const WANTED: &str = "a program with its arguments is wanted, as [\"program\", \"argument\"]";

fn command(value: &DeValue<'_>) -> Option<Vec<String>> {
    let mut words = match value.as_str() {
        Some(line) => words(line),
        None => texts(value)?,
    };
    if let Some(program) = words.first_mut() {
        *program = home(program);
    }
    Some(words)
}

fn tables<'t, 'd>(
    value: &'t Spanned<DeValue<'d>>,
    how: &str,
    mistakes: &mut Mistakes<'_>,
) -> Vec<&'t Spanned<DeValue<'d>>> {
    let Some(items) = value.get_ref().as_array() else {
        mistakes.at(
            value.span().start,
            format!("these are written as {how}, one after the other"),
        );
        return Vec::new();
    };
    items.iter().take(MOST).collect()
}

/// The words of one table; `None` where something in it is wrong.
fn fields<T: Default>(
    item: &Spanned<DeValue<'_>>,
    rows: &[(&str, Setting<T>)],
    mistakes: &mut Mistakes<'_>,
) -> Option<T> {
    let Some(table): Option<&DeTable<'_>> = item.get_ref().as_table() else {
        mistakes.at(item.span().start, "a table is wanted");
        return None;
    };
    let mut made = T::default();
    let mut right = true;
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let said = match rows.iter().find(|row| row.0 == name) {
            Some(row) => row
                .1
                .put(&mut made, value.get_ref())
                .map_err(|what| format!("{name} {what}")),
            None => Err(no_such("setting here", name, rows.iter().map(|row| row.0))),
        };
        if let Err(what) = said {
            mistakes.at(value.span().start, what);
            right = false;
        }
    }
    right.then_some(made)
}

fn on_new(item: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Option<OnNew> {
    let mut hook: OnNew = fields(
        item,
        &[
            (
                "query",
                Setting::Words(|hook: &mut OnNew, text| hook.query = text),
            ),
            (
                "command",
                Setting::Command(|hook, words| hook.command = words),
            ),
        ],
        mistakes,
    )?;
    // The moment is of no matter here: only whether it can be read.
    if let Err(error) = query::parse(&hook.query, DateTime::UNIX_EPOCH) {
        mistakes.at(
            item.span().start,
            format!("the query “{}”: {error}", hook.query),
        );
        return None;
    }
    let Some(program) = hook.command.first_mut() else {
        mistakes.at(item.span().start, WANTED);
        return None;
    };
    *program = home(program);
    Some(hook)
}

fn open_with(item: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Option<OpenWith> {
    let mut open: OpenWith = fields(
        item,
        &[
            (
                "address",
                Setting::Words(|open: &mut OpenWith, text| open.address = Some(text)),
            ),
            (
                "type",
                Setting::Words(|open, text| open.kind = Some(text.to_lowercase())),
            ),
            (
                "command",
                Setting::Command(|open, words| open.command = words),
            ),
        ],
        mistakes,
    )?;
    if open.address.is_none() && open.kind.is_none() {
        mistakes.at(
            item.span().start,
            "address = \"host/path*\" or type = \"audio/*\" says what is opened",
        );
        return None;
    }
    let Some(program) = open.command.first_mut() else {
        mistakes.at(item.span().start, WANTED);
        return None;
    };
    *program = home(program);
    Some(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;
    use std::path::Path;

    #[track_caller]
    fn check_fits(pattern: &str, text: &str, expected: bool) {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        check_fits("a.example/*", "a.example/x?y=*", true);
        check_fits("*.example/*", "b.a.example/", true);
        check_fits("a.example", "a.example/", false);
        check_fits("audio/*", "audio/mpeg", true);
        check_fits("*", "", true);
        check_fits("a*a", "a", false);
        check_fits("(x+)+$", "xxxxxxxxxxxxxxxxxxxxxxxx", false);
    }

    #[test]
    fn the_first_that_fits_opens() {
        let loaded = load::read(
            "[hooks]\nafter_refresh = \"say {new}\"\n[[hooks.on_new]]\nquery = \"title:rust\"\ncommand = [\"x\"]\n\
             [[hooks.open]]\naddress = \"youtube.com/watch*\"\ncommand = [\"mpv\", \"%s\"]\n\
             [[hooks.open]]\ntype = \"audio/*\"\ncommand = [\"mpv\"]\n",
            Path::new("config.toml"),
        );
        assert_eq!(loaded.mistakes, []);
        let hooks = &loaded.settings.hooks;
        assert_eq!(hooks.after_refresh, ["say", "{new}"]);
        assert_eq!(hooks.on_new[0].command, ["x"]);
        let opener = |address, kind| hooks.opener(address, kind).map(<[String]>::len);
        assert_eq!(opener("https://www.youtube.com/watch?v=1", None), Some(2));
        assert_eq!(opener("https://evil.example/youtube.com/watch", None), None);
        assert_eq!(
            opener("https://a.example/1.mp3", Some("Audio/MPEG")),
            Some(1)
        );
        assert_eq!(opener("https://a.example/1.mp3", None), None);
    }

    #[test]
    fn mistakes_have_their_lines_and_the_rest_counts() {
        let loaded = load::read(
            "[hooks]\nafter_refesh = \"x\"\n[[hooks.on_new]]\nquery = \"is:x\"\ncommand = [\"x\"]\n[[hooks.open]]\ncommand = [\"x\"]\n\
             [[hooks.open]]\naddress = \"*\"\n[[hooks.open]]\naddress = \"a\"\ncommand = [\"x\"]\n",
            Path::new("config.toml"),
        );
        let lines: Vec<usize> = loaded.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [2, 3, 6, 8], "{:?}", loaded.mistakes);
        assert_eq!(loaded.settings.hooks.open.len(), 1);
    }
}
