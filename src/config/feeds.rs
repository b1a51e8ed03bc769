//! `[[feeds]]` of the config file, and of list files in TOML.

use super::mistake::{Mistakes, line_of, no_such};
use super::table::FEED_SETTINGS;
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use crate::news::edit::ListedFeed;
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
}

/// A feed without settings of its own.
pub fn plain(listed: Listed) -> ListedFeed {
    ListedFeed {
        listed,
        every_s: None,
        full_text: false,
        item_limit: None,
        hidden: false,
        unread_on_change: false,
    }
}

/// Reads the value of `feeds`; what is wrong with one feed leaves the others alone.
pub fn read(
    value: &Spanned<DeValue<'_>>,
    text: &str,
    mistakes: &mut Mistakes<'_>,
) -> Vec<ListedFeed> {
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
            DeValue::Table(table) => one(table, item.span().start, text, mistakes),
            // An address alone is a feed without settings.
            DeValue::String(address) => finish(
                FeedDraft {
                    url: address.to_string(),
                    ..FeedDraft::default()
                },
                item.span().start,
                text,
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

fn one(
    table: &DeTable<'_>,
    start: usize,
    text: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<ListedFeed> {
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
        if let Err(what) = row.setting.put(&mut draft, value.get_ref()) {
            mistakes.at(value.span().start, format!("{name} {what}"));
            if name == "url" {
                return None;
            }
        }
    }
    finish(draft, at, text, mistakes)
}

fn finish(
    draft: FeedDraft,
    at: usize,
    text: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<ListedFeed> {
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
    Some(ListedFeed {
        listed: Listed {
            url,
            title: draft.title,
            site_url: None,
            tags: draft.tags,
            line: line_of(text, at),
        },
        every_s: draft.every.map(|every| every.as_secs()),
        full_text: draft.full_text,
        item_limit: draft.item_limit,
        hidden: draft.hidden,
        unread_on_change: draft.unread_on_change,
    })
}
