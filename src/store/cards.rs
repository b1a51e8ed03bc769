//! What is known of a key: an entry of the reader's feeds, a page that was read, a card, who cites it.

use super::reader::StoredPage;
use super::{StoreError, rows, writer};
use crate::address;
use crate::article::Card;
use crate::feed::EntryId;
use crate::news::{CardState, CardView, Citing, Target, Validators};
use crate::text::SafeText;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::HashSet;
use url::Url;

/// The key and what it is the same as: an alias is followed once.
fn same_keys(conn: &Connection, key: &str) -> Result<Vec<String>, StoreError> {
    let mut keys = vec![key.to_owned()];
    let alias: Option<String> = conn
        .prepare_cached("SELECT same_as FROM alias WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    keys.extend(alias.filter(|alias| alias != key));
    Ok(keys)
}

/// The keys under which something may be cited: its own, what it is the same as, and what is the same as it.
fn cited_keys(conn: &Connection, key: &str) -> Result<Vec<String>, StoreError> {
    let mut keys = same_keys(conn, key)?;
    let mut statement = conn.prepare_cached("SELECT key FROM alias WHERE same_as = ?1 LIMIT 20")?;
    for same in statement.query_map([key], |row| row.get::<_, String>(0))? {
        let same = same?;
        if !keys.contains(&same) {
            keys.push(same);
        }
    }
    Ok(keys)
}

/// The entry whose address has this key or an alias of it, and whether it is read. The newest of several.
pub fn entry_of_key(conn: &Connection, key: &str) -> Result<Option<(i64, bool)>, StoreError> {
    for key in cited_keys(conn, key)? {
        let found = conn
            .prepare_cached("SELECT id, read FROM entry WHERE key = ?1 AND key <> '' ORDER BY hidden, id DESC LIMIT 1")?
            .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The page with this key or an alias of it.
pub fn page(conn: &Connection, key: &str) -> Result<Option<StoredPage>, StoreError> {
    let mut found: Option<StoredPage> = None;
    for key in same_keys(conn, key)? {
        let page = conn
            .prepare_cached(
                "SELECT c.key, c.url, c.fetched_at, p.html, c.words, c.why, c.etag, c.last_modified, c.title, c.description, c.site,
                        c.canonical_url, c.author, c.published, c.modified, c.language, c.image, c.free_to_read, c.wall, c.http, c.failures
                 FROM card c LEFT JOIN page p ON p.key = c.key WHERE c.key = ?1",
            )?
            .query_row([&key], stored_page)
            .optional()?;
        // The alias has it only where the key itself has no article.
        if found.as_ref().is_none_or(|found| found.html.is_none())
            && page
                .as_ref()
                .is_some_and(|page| page.html.is_some() || found.is_none())
        {
            found = page;
        }
    }
    Ok(found)
}

fn stored_page(row: &Row<'_>) -> rusqlite::Result<StoredPage> {
    let text = |place: usize| -> rusqlite::Result<Option<SafeText>> {
        Ok(row
            .get::<_, Option<String>>(place)?
            .map(|text| SafeText::line(&text)))
    };
    let address = |place: usize| -> rusqlite::Result<Option<Url>> {
        Ok(row
            .get::<_, Option<String>>(place)?
            .and_then(|url| Url::parse(&url).ok()))
    };
    Ok(StoredPage {
        key: row.get(0)?,
        url: row.get(1)?,
        fetched_at: rows::time(row.get(2)?),
        html: row.get(3)?,
        words: row.get::<_, Option<i64>>(4)?.unwrap_or(0) as usize,
        failed: text(5)?,
        http: row.get(19)?,
        failures: row.get(20)?,
        validators: Validators {
            etag: row.get(6)?,
            last_modified: row.get(7)?,
        },
        card: Card {
            title: text(8)?,
            description: text(9)?,
            site: text(10)?,
            canonical_url: address(11)?,
            author: text(12)?,
            published: rows::maybe_time(row.get(13)?),
            modified: rows::maybe_time(row.get(14)?),
            language: row.get(15)?,
            image: address(16)?,
            free_to_read: row.get(17)?,
            wall: row
                .get::<_, Option<String>>(18)?
                .and_then(|wall| writer::wall_of(&wall)),
        },
    })
}

/// What is known of a key, free first: an entry of a feed, then the card that was fetched.
pub fn card(conn: &Connection, key: &str) -> Result<CardView, StoreError> {
    let mut view = CardView::default();
    if let Some(page) = page(conn, key)? {
        view.state = page.failed.map_or(CardState::Fetched, CardState::Failed);
        view.kept = page.html.is_some();
        view.title = page.card.title;
        view.description = page.card.description;
        view.site = page.card.site;
        view.author = page.card.author;
        view.published = page.card.published;
        view.words = (page.words > 0).then_some(page.words as u32);
        view.free_to_read = page.card.free_to_read;
        if let Ok(url) = Url::parse(&page.url) {
            if address::original(&url).is_some() {
                view.archived = Some(address::year(&url));
            } else {
                view.landed = Some(SafeText::line(&address::site(&url)));
            }
        }
        if view.kept || view.title.is_some() {
            // An older visit brought it; that the last one failed takes nothing away.
            view.state = CardState::Fetched;
        }
    }
    if let Some((entry, read)) = entry_of_key(conn, key)? {
        view.entry = Some(EntryId(entry));
        view.read = read;
        if let Some(head) = rows::heads(conn, &[entry])?.pop() {
            view.state = CardState::Fetched;
            view.title = view.title.or(Some(head.title));
            view.site = view.site.or(Some(head.feed_title));
            view.author = view
                .author
                .or((!head.authors.is_empty()).then_some(head.authors));
            view.published = view.published.or(Some(head.published));
        }
    }
    view.in_feeds = in_feeds(conn, key)?;
    Ok(view)
}

/// How many of the reader's feeds cite a key. A site that links to itself does not count.
fn in_feeds(conn: &Connection, key: &str) -> Result<u32, StoreError> {
    let mut feeds = HashSet::new();
    for key in cited_keys(conn, key)? {
        let mut statement = conn.prepare_cached(
            "SELECT DISTINCT e.feed FROM source s JOIN citation c ON c.source = s.id JOIN entry e ON e.id = c.from_entry
             WHERE s.hash = key_hash(?1) AND s.key = ?1 AND c.role <> 'same-site' AND e.hidden = 0",
        )?;
        for feed in statement.query_map([&key], |row| row.get::<_, i64>(0))? {
            feeds.insert(feed?);
        }
    }
    Ok(feeds.len() as u32)
}

/// Who cites a key: entries and pages, newest first, one of each site before the second of any.
pub fn citing(conn: &Connection, key: &str, limit: usize) -> Result<Vec<Citing>, StoreError> {
    let mut found: Vec<Citing> = Vec::new();
    let mut targets = HashSet::new();
    for key in cited_keys(conn, key)? {
        let mut statement = conn.prepare_cached(
            "SELECT c.from_entry, e.title, f.own_title, f.title, f.url, e.published, c.context
             FROM source s JOIN citation c ON c.source = s.id JOIN entry e ON e.id = c.from_entry JOIN feed f ON f.id = e.feed
             WHERE s.hash = key_hash(?1) AND s.key = ?1 AND e.hidden = 0 AND e.key <> ?1 ORDER BY e.published DESC LIMIT 1000",
        )?;
        let entries = statement.query_map([&key], |row| {
            let feed_title: String = row.get(3)?;
            let feed_url: String = row.get(4)?;
            Ok(Citing {
                target: Target::Entry(EntryId(row.get(0)?)),
                title: SafeText::line(&row.get::<_, String>(1)?),
                site: rows::feed_title(row.get(2)?, &feed_title, &feed_url),
                published: rows::maybe_time(row.get(5)?),
                context: SafeText::line(&row.get::<_, String>(6)?),
            })
        })?;
        for citing in entries {
            let citing = citing?;
            if targets.insert(citing.target.clone()) {
                found.push(citing);
            }
        }
        let mut statement = conn.prepare_cached(
            "SELECT p.key, coalesce(k.url, ''), coalesce(k.title, p.key), coalesce(k.site, ''), k.published, c.context
             FROM source s JOIN citation c ON c.source = s.id JOIN page p ON p.id = c.from_page LEFT JOIN card k ON k.key = p.key
             WHERE s.hash = key_hash(?1) AND s.key = ?1 AND p.key <> ?1 LIMIT 1000",
        )?;
        let pages = statement.query_map([&key], |row| {
            Ok(Citing {
                target: Target::Page {
                    key: row.get(0)?,
                    url: row.get(1)?,
                },
                title: SafeText::line(&row.get::<_, String>(2)?),
                site: SafeText::line(&row.get::<_, String>(3)?),
                published: rows::maybe_time(row.get(4)?),
                context: SafeText::line(&row.get::<_, String>(5)?),
            })
        })?;
        for citing in pages {
            let citing = citing?;
            if targets.insert(citing.target.clone()) {
                found.push(citing);
            }
        }
    }
    found.sort_by_key(|citing| std::cmp::Reverse(citing.published));
    let mut sites = HashSet::new();
    let (mut first, others): (Vec<Citing>, Vec<Citing>) = found
        .into_iter()
        .partition(|citing| sites.insert(citing.site.clone()));
    first.extend(others);
    first.truncate(limit);
    Ok(first)
}

/// Keys that stand in nearly every one of a feed's last entries (in 80 of 100, of five entries at least).
pub fn boilerplate(conn: &Connection, feed: i64) -> Result<Vec<String>, StoreError> {
    let keys = conn
        .prepare_cached(
            "WITH last AS MATERIALIZED (SELECT x.entry AS id FROM entry_feed x INDEXED BY entry_feed_date
                           CROSS JOIN entry e ON e.id = x.entry
                           WHERE x.feed = ?1 AND e.sources IS NOT NULL ORDER BY x.published DESC LIMIT 20)
             SELECT s.key FROM last CROSS JOIN citation c ON c.from_entry = last.id JOIN source s ON s.id = c.source
             GROUP BY c.source
             HAVING (SELECT count(*) FROM last) >= 5 AND count(DISTINCT last.id) * 10 >= (SELECT count(*) FROM last) * 8",
        )?
        .query_map([feed], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(keys)
}
