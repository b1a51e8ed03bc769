//! What entries cite, found out on a second thread while the writing one takes their texts into the index: the one is work
//! with HTML, the other with the database, and each would have to wait for the other for nothing.

use super::Extra;
use super::place::{self, Languages, Stored};
use crate::news::Entry;
use crate::source::{self, Collected, Subject};
use crate::store::{StoreError, cards};
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use url::Url;

/// How many entries may be found out before they are written down.
pub const AHEAD: usize = 32;

/// What an entry cites, and what placing it needs; `None`: it went meanwhile, or has no address to start from.
pub struct Found {
    pub entry: i64,
    pub collected: Option<(Collected, place::Entry)>,
}

/// Looks at entries one after the other until somebody says stop.
pub fn look(
    conn: &Connection,
    entries: &[i64],
    stop: &AtomicBool,
    found: &SyncSender<Found>,
) -> Result<(), StoreError> {
    // What stands in nearly every entry of a feed.
    let mut boilerplate = HashMap::new();
    let mut languages = Languages::default();
    for entry in entries {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let collected = of_entry(conn, *entry, &mut boilerplate, &mut languages)?;
        let answer = Found {
            entry: *entry,
            collected,
        };
        if found.send(answer).is_err() {
            break;
        }
    }
    Ok(())
}

fn of_entry(
    conn: &Connection,
    id: i64,
    boilerplate: &mut HashMap<i64, Vec<String>>,
    languages: &mut Languages,
) -> Result<Option<(Collected, place::Entry)>, StoreError> {
    let Some(stored) = Stored::load(conn, id)? else {
        return Ok(None);
    };
    let feed_url = Url::parse(&stored.feed_url).ok();
    let parsed = |url: &Option<String>| url.as_deref().and_then(|url| Url::parse(url).ok());
    let (site, own) = (parsed(&stored.feed_site), parsed(&stored.url));
    let Some(own) = own.as_ref().or(site.as_ref()).or(feed_url.as_ref()) else {
        return Ok(None);
    };
    if let std::collections::hash_map::Entry::Vacant(vacant) = boilerplate.entry(stored.feed) {
        vacant.insert(cards::boilerplate(conn, stored.feed)?);
    }
    let mut entry = Entry::default();
    Extra::fill(stored.extra.as_deref(), &mut entry);
    let collected = collect(&Subject {
        html: &stored.html,
        url: own,
        feed_site: site.as_ref(),
        feed_url: feed_url.as_ref(),
        fields: &entry.fields,
        extracted: false,
        boilerplate: &boilerplate[&stored.feed],
    });
    let told = place::Entry::of(id, &stored, languages);
    Ok(Some((collected, told)))
}

/// Collects, and takes a panic of a parser of foreign markup for nothing found.
pub fn collect(subject: &Subject<'_>) -> Collected {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| source::collect(subject)))
        .unwrap_or_default()
}
