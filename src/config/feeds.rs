//! `[[feeds]]` of the config file, and of list files in TOML.

use super::mistake::{Mistakes, no_such};
use super::table::{FEED_SETTINGS, OF_THE_STORE};
use super::value::words;
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use crate::news::edit::ListedFeed;
use crate::poller::{Asking, Secret};
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A feed of a file while its settings are read.
#[derive(Clone, Debug, Default)]
pub struct FeedDraft {
    pub url: String,
    pub title: Option<String>,
    pub tags: Vec<String>,
    pub every: Option<Duration>,
    pub full_text: bool,
    pub item_limit: Option<u32>,
    pub hidden: bool,
    pub unread_on_change: bool,
    /// `Name: value`.
    pub headers: Vec<String>,
    pub asking: Asking,
}

/// A feed of a file, and how it is asked for.
#[derive(Clone, Debug)]
pub struct Feed {
    pub listed: ListedFeed,
    pub asking: Asking,
}

/// What file the feeds stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The config file: all settings count.
    Config,
    /// A list: it may come from elsewhere, so it names no programs and no secrets.
    List,
}

/// A path from the home directory, as a whole path.
pub fn home(word: &str) -> String {
    match (word.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(home)) => home.home_dir().join(rest).display().to_string(),
        _ => word.to_owned(),
    }
}

/// Reads the value of `feeds`; what is wrong with one feed leaves the others alone.
pub fn read(value: &Spanned<DeValue<'_>>, place: Place, mistakes: &mut Mistakes<'_>) -> Vec<Feed> {
    let Some(tables) = value.get_ref().as_array() else {
        mistakes.at(
            value.span().start,
            "feeds are written as [[feeds]] with url = \"https://…\" below",
        );
        return Vec::new();
    };
    tables
        .iter()
        .filter_map(|item| match item.get_ref() {
            DeValue::Table(table) => one(table, item.span().start, place, mistakes),
            // An address alone is a feed without settings.
            DeValue::String(address) => finish(
                FeedDraft {
                    url: address.to_string(),
                    ..FeedDraft::default()
                },
                item.span().start,
                place,
                mistakes,
            ),
            _ => {
                mistakes.at(
                    item.span().start,
                    "a feed is a table with url = \"https://…\"",
                );
                None
            }
        })
        .collect()
}

/// Whether of the feeds written there fewer could be read.
pub fn some_missing(value: &Spanned<DeValue<'_>>, read: usize) -> bool {
    value
        .get_ref()
        .as_array()
        .is_none_or(|written| written.len() > read)
}

fn one(
    table: &DeTable<'_>,
    start: usize,
    place: Place,
    mistakes: &mut Mistakes<'_>,
) -> Option<Feed> {
    let mut draft = FeedDraft::default();
    let mut at = start;
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some(row) = FEED_SETTINGS.iter().find(|row| row.name == name) else {
            mistakes.at(
                key.span().start,
                no_such(
                    "setting of a feed",
                    name,
                    FEED_SETTINGS.iter().map(|row| row.name),
                ),
            );
            continue;
        };
        if name == "url" {
            at = value.span().start;
        }
        if place == Place::List && !OF_THE_STORE.contains(&name) {
            mistakes.at(
                key.span().start,
                format!("{name} belongs under [[feeds]] in the config file itself, not in a list"),
            );
            continue;
        }
        if let Err(what) = row.setting.put(&mut draft, value.get_ref()) {
            mistakes.at(value.span().start, format!("{name} {what}"));
            if name == "url" {
                return None;
            }
        }
    }
    finish(draft, at, place, mistakes)
}

fn finish(
    mut draft: FeedDraft,
    at: usize,
    place: Place,
    mistakes: &mut Mistakes<'_>,
) -> Option<Feed> {
    if draft.url.is_empty() {
        mistakes.at(at, "a feed without url = \"https://…\"");
        return None;
    }
    let url = match draft.url.parse::<FeedUrl>() {
        Ok(url) => url,
        Err(error) => {
            mistakes.at(at, error.to_string());
            return None;
        }
    };
    if url.url().scheme() == "exec" {
        if place == Place::List {
            mistakes.at(
                at,
                "a list may not name programs to run; an exec: feed belongs in the config file itself",
            );
            return None;
        }
        draft.asking.command = command_of(&url);
    }
    for header in std::mem::take(&mut draft.headers) {
        match header_of(&header) {
            Some(header) => draft.asking.headers.push(header),
            None => mistakes.at(at, "a header is written as \"Name: value\""),
        }
    }
    if draft.asking.user.is_some() && draft.asking.token != Secret::None {
        mistakes.at(at, "a feed has a user and password, or a token, not both");
        draft.asking.token = Secret::None;
    }
    let asking = draft.asking;
    let listed = ListedFeed {
        listed: Listed {
            url,
            title: draft.title,
            site_url: None,
            tags: draft.tags,
            line: mistakes.line(at),
        },
        every_s: draft.every.map(|every| every.as_secs()),
        full_text: draft.full_text,
        item_limit: draft.item_limit,
        hidden: draft.hidden,
        unread_on_change: draft.unread_on_change,
    };
    Some(Feed { listed, asking })
}

/// The program of an `exec:` address and its arguments.
fn command_of(url: &FeedUrl) -> Vec<String> {
    let text = url.as_str().strip_prefix("exec:").unwrap_or_default();
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let mut words = words(&text);
    if let Some(program) = words.first_mut() {
        *program = home(program);
    }
    words
}

/// Name and value of a header (RFC 9110, 5.1 and 5.5); those that the request itself makes are none of the reader's.
fn header_of(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    let is_token =
        |letter: u8| letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&letter);
    let made = ["host", "content-length", "transfer-encoding", "connection"];
    let right = !name.is_empty()
        && name.bytes().all(is_token)
        && !made.contains(&name.to_ascii_lowercase().as_str())
        && !value.contains(char::is_control);
    right.then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;
    use std::path::Path;

    #[test]
    fn how_a_feed_is_asked_for_is_read_with_it() {
        let loaded = load::read(
            "[[feeds]]\nurl = \"https://a.example/feed\"\nuser = \"me\"\npassword_command = \"pass show 'my feed'\"\n\
             headers = [\"X-Key: 1: 2\"]\nproxy = \"socks5://localhost:9050\"\ntimeout = \"90s\"\nfilter = [\"jq\", \".\"]\n\
             [[feeds]]\nurl = \"exec:my-feed --of 'two words' a%23b\"\n[[feeds]]\nurl = \"https://b.example/\"\n",
            Path::new("config.toml"),
        );
        assert_eq!(loaded.mistakes, []);
        let asking = &loaded.settings.poller.asking;
        assert_eq!(asking.len(), 2);
        let of = |url: &str| &asking[&url.parse().expect("an address")];
        let first = of("https://a.example/feed");
        assert_eq!(
            first.password,
            Secret::Command(vec!["pass".into(), "show".into(), "my feed".into()])
        );
        assert_eq!(first.headers, [("X-Key".to_owned(), "1: 2".to_owned())]);
        assert_eq!(first.filter, ["jq", "."]);
        assert_eq!(first.timeout, Some(Duration::from_secs(90)));
        let program = of("exec:my-feed --of 'two words' a%23b");
        assert_eq!(program.command, ["my-feed", "--of", "two words", "a#b"]);
    }

    #[test]
    fn headers_that_could_end_a_request_are_none() {
        for text in ["no colon", ": x", "A B: x", "X: a\nb", "Host: b.example"] {
            assert_eq!(header_of(text), None, "{text:?}");
        }
    }
}
