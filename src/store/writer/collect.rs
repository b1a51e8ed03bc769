//! What entries cite, found out on a second thread while the writing one takes their texts into the index: the one is work
//! with HTML, the other with the database, and each would have to wait for the other for nothing.

use super::Extra;
use crate::news::Entry;
use crate::source::{self, Collected, Subject};
use crate::store::{StoreError, cards};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use url::Url;

/// How many entries may be found out before they are written down.
pub const AHEAD: usize = 32;

/// What an entry cites; `None`: it went meanwhile, or has no address to start from.
pub struct Found {
    pub entry: i64,
    pub collected: Option<Collected>,
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
    for entry in entries {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let collected = of_entry(conn, *entry, &mut boilerplate)?;
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
) -> Result<Option<Collected>, StoreError> {
    let row = conn
        .prepare_cached(
            "SELECT b.html, b.extra, e.url, e.feed, f.url, f.site_url
             FROM entry e JOIN body b ON b.entry = e.id JOIN feed f ON f.id = e.feed WHERE e.id = ?1",
        )?
        .query_row([id], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, String>(4)?,
                row.get::<_, Option<String>>(5)?,
            ))
        })
        .optional()?;
    let Some((html, extra, url, feed, feed_url, site)) = row else {
        return Ok(None);
    };
    let feed_url = Url::parse(&feed_url).ok();
    let site = site.and_then(|site| Url::parse(&site).ok());
    let own = url.and_then(|url| Url::parse(&url).ok());
    let Some(own) = own.as_ref().or(site.as_ref()).or(feed_url.as_ref()) else {
        return Ok(None);
    };
    if let std::collections::hash_map::Entry::Vacant(vacant) = boilerplate.entry(feed) {
        vacant.insert(cards::boilerplate(conn, feed)?);
    }
    let mut entry = Entry::default();
    Extra::fill(extra.as_deref(), &mut entry);
    Ok(Some(collect(&Subject {
        html: &html,
        url: own,
        feed_site: site.as_ref(),
        feed_url: feed_url.as_ref(),
        fields: &entry.fields,
        extracted: false,
        boilerplate: &boilerplate[&feed],
    })))
}

/// Collects, and takes a panic of a parser of foreign markup for nothing found.
pub fn collect(subject: &Subject<'_>) -> Collected {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| source::collect(subject)))
        .unwrap_or_default()
}
