//! Entries: made, changed, joined to a second feed.

use super::Extra;
use super::batch::Batch;
use super::vote;
use crate::news::Entry;
use crate::store::StoreError;
use crate::store::change::Counted;
use crate::store::index;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// What an entry needs to know of its feed.
pub struct Home {
    pub feed: i64,
    pub hidden: bool,
    pub language: Option<String>,
    pub unread_on_change: bool,
    pub at: DateTime<Utc>,
}

const HAS_IMAGE: i64 = 1;
const HAS_AUDIO: i64 = 2;

/// The hash under which an identity is kept. 64 bits: two of a million identities of one feed meet once in 40 million feeds.
pub fn identity_hash(identity: &str) -> i64 {
    let mut hasher = SipHasher13::new_with_keys(0x6272_6f6e, 0x0073_746f_7265);
    hasher.write(identity.as_bytes());
    hasher.finish() as i64
}

/// The host of an address as `site:` compares it.
fn host_of(url: Option<&str>) -> String {
    url.and_then(|url| url::Url::parse(url).ok())
        .and_then(|url| url.host_str().map(str::to_ascii_lowercase))
        .map(|host| host.strip_prefix("www.").unwrap_or(&host).to_owned())
        .unwrap_or_default()
}

fn has(entry: &Entry) -> i64 {
    let mut has = 0;
    if entry.image.is_some() || entry.html.contains("<img") {
        has |= HAS_IMAGE;
    }
    let audio = |kind: &Option<String>, url: &str| {
        kind.as_deref()
            .is_some_and(|kind| kind.starts_with("audio/"))
            || [".mp3", ".m4a", ".ogg", ".opus"]
                .iter()
                .any(|end| url.ends_with(end))
    };
    if entry.enclosures.iter().any(|e| audio(&e.kind, &e.url)) {
        has |= HAS_AUDIO;
    }
    has
}

/// Keeps the text only where it cannot be had from the HTML again.
fn text_to_keep(entry: &Entry) -> &str {
    if entry.html.is_empty() {
        &entry.text
    } else {
        ""
    }
}

/// Stores a new entry, or joins it to the same one of another feed; answers whether it is new.
pub fn insert(
    conn: &Connection,
    batch: &mut Batch,
    home: &Home,
    entry: &Entry,
    identity: i64,
) -> Result<bool, StoreError> {
    let published = entry.published.unwrap_or(home.at).timestamp();
    if let Some(twin) = twin(conn, home.feed, entry)? {
        join(conn, batch, home, &twin, entry, identity)?;
        super::place::note_thread(conn, &entry.key, &entry.fields)?;
        if twin.away {
            adopt(conn, batch, home, twin.id, entry, identity)?;
        }
        return Ok(false);
    }
    let id = batch.tally.next_entry(conn)?;
    conn.prepare_cached(
        "INSERT INTO entry (id, feed, published, title, authors, url, key, host, first_seen, updated, language, image, has,
                            comments, hidden)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        id,
        home.feed,
        published,
        entry.title.as_str(),
        entry.authors.as_str(),
        entry.url,
        entry.key,
        host_of(entry.url.as_deref()),
        home.at.timestamp(),
        entry.updated.map(|updated| updated.timestamp()),
        entry.language.as_ref().or(home.language.as_ref()),
        entry.image,
        has(entry),
        entry.fields.comments.as_ref().and_then(|(_, count)| *count),
        home.hidden,
    ])?;
    conn.prepare_cached(
        "INSERT INTO entry_feed (feed, identity, entry, published, content_hash) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![home.feed, identity, id, published, entry.content_hash as i64])?;
    conn.prepare_cached(
        "INSERT INTO body (entry, identity, html, text, extra) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        id,
        entry.identity,
        entry.html,
        text_to_keep(entry),
        Extra::of(entry)
    ])?;
    index::insert_title(conn, id, &entry.title, &entry.authors)?;
    enqueue(conn, batch, id)?;
    batch.tally.entry(
        Counted {
            hidden: home.hidden,
            unread: true,
            ..Counted::default()
        },
        1,
    );
    batch.tally.in_feed(home.feed, true, 1);
    batch.arrived.push(id);
    Ok(true)
}

/// Puts an entry into the queue of what is to be indexed and collected.
pub fn enqueue(conn: &Connection, batch: &mut Batch, id: i64) -> rusqlite::Result<()> {
    for queue in [
        "INSERT OR IGNORE INTO index_queue (entry) VALUES (?1)",
        "INSERT OR IGNORE INTO collect_queue (entry) VALUES (?1)",
    ] {
        conn.prepare_cached(queue)?.execute([id])?;
    }
    batch.idle = true;
    Ok(())
}

struct Twin {
    id: i64,
    read: bool,
    hidden: bool,
    /// The known one only points here (an aggregator's); the new one is of the site itself.
    away: bool,
}

/// The same entry, in another feed: the same address, which is more than a front page, and the same title; or another
/// title, where both feeds are of the site that the entry lives on (an editor changed it; a link-blog has words of its own).
fn twin(conn: &Connection, feed: i64, entry: &Entry) -> rusqlite::Result<Option<Twin>> {
    if !entry.key.contains(['/', ':']) {
        return Ok(None);
    }
    let mut statement = conn.prepare_cached(
        "SELECT e.id, e.read, e.hidden, e.title, f.site_url, f.url, (SELECT coalesce(o.site_url, o.url) FROM feed o WHERE o.id = ?2)
         FROM entry e JOIN feed f ON f.id = e.feed
         WHERE e.key = ?1 AND e.feed <> ?2 AND e.key <> '' ORDER BY e.title <> ?3 LIMIT 1",
    )?;
    let found = statement
        .query_row(params![entry.key, feed, entry.title.as_str()], |row| {
            let title: String = row.get(3)?;
            let theirs: String = row.get::<_, Option<String>>(4)?.unwrap_or(row.get(5)?);
            let ours: Option<String> = row.get(6)?;
            let site = |url: &str| crate::story::site_of(None, url, None);
            let lives = site(entry.url.as_deref().unwrap_or_default());
            let (theirs, ours) = (
                site(&theirs) == lives,
                ours.is_some_and(|ours| site(&ours) == lives),
            );
            let twin = Twin {
                id: row.get(0)?,
                read: row.get(1)?,
                hidden: row.get(2)?,
                away: ours && !theirs,
            };
            Ok((title == entry.title.as_str() || (ours && theirs)).then_some(twin))
        })
        .optional()?;
    Ok(found.flatten())
}

/// An aggregator had it first; now its own site has it, too: that one's words are shown from now on.
fn adopt(
    conn: &Connection,
    batch: &mut Batch,
    home: &Home,
    id: i64,
    entry: &Entry,
    identity: i64,
) -> Result<(), StoreError> {
    let stands: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry_feed WHERE feed = ?1 AND identity = ?2 AND entry = ?3)",
        )?
        .query_row([home.feed, identity, id], |row| row.get(0))?;
    if !stands {
        return Ok(());
    }
    let kept: Option<String> = conn
        .prepare_cached("SELECT extra FROM body WHERE entry = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    let mut before = Entry::default();
    Extra::fill(kept.as_deref(), &mut before);
    super::place::note_thread(conn, &entry.key, &before.fields)?;
    conn.prepare_cached("UPDATE entry SET feed = ?2 WHERE id = ?1")?
        .execute([id, home.feed])?;
    conn.prepare_cached("UPDATE entry_feed SET extra = (feed <> ?2) WHERE entry = ?1")?
        .execute([id, home.feed])?;
    change(conn, batch, home, id, entry, identity)?;
    Ok(())
}

fn join(
    conn: &Connection,
    batch: &mut Batch,
    home: &Home,
    twin: &Twin,
    entry: &Entry,
    identity: i64,
) -> Result<(), StoreError> {
    let stands: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry_feed WHERE entry = ?1 AND feed = ?2 AND extra = 1)",
        )?
        .query_row([twin.id, home.feed], |row| row.get(0))?;
    if stands {
        // The same feed has it twice, under two identities: the second is looked up again at every visit, and is no row.
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT INTO entry_feed (feed, identity, entry, published, content_hash, extra)
         SELECT ?1, ?2, id, published, ?4, 1 FROM entry WHERE id = ?3",
    )?
    .execute(params![
        home.feed,
        identity,
        twin.id,
        entry.content_hash as i64
    ])?;
    conn.prepare_cached("UPDATE entry SET feeds = feeds + 1 WHERE id = ?1")?
        .execute([twin.id])?;
    batch.tally.in_feed(home.feed, !twin.read, 1);
    if twin.hidden && !home.hidden && !super::feeds::is_kept_back(conn, twin.id)? {
        super::feeds::set_entry_hidden(conn, batch, twin.id, false)?;
    }
    Ok(())
}

/// Lays new content over an entry; its marks stay. Answers whether it was this feed's to change.
pub fn change(
    conn: &Connection,
    batch: &mut Batch,
    home: &Home,
    id: i64,
    entry: &Entry,
    identity: i64,
) -> Result<bool, StoreError> {
    conn.prepare_cached(
        "UPDATE entry_feed SET content_hash = ?3 WHERE feed = ?1 AND identity = ?2",
    )?
    .execute(params![home.feed, identity, entry.content_hash as i64])?;
    let old: Option<(i64, i64)> = conn
        .prepare_cached("SELECT feed, published FROM entry WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((_, old_published)) = old.filter(|(feed, _)| *feed == home.feed) else {
        return Ok(false);
    };
    // A feed without dates must not make an old entry the newest by changing it.
    let published = entry.published.map_or(old_published, |at| at.timestamp());
    vote::withdraw(conn, id)?;
    conn.prepare_cached(
        "UPDATE entry SET published = ?2, title = ?3, authors = ?4, url = ?5, key = ?6, host = ?7, updated = ?8,
                changed_at = ?9, language = ?10, image = ?11, has = ?12, comments = ?13, sources = NULL
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        published,
        entry.title.as_str(),
        entry.authors.as_str(),
        entry.url,
        entry.key,
        host_of(entry.url.as_deref()),
        entry.updated.map(|updated| updated.timestamp()),
        home.at.timestamp(),
        entry.language.as_ref().or(home.language.as_ref()),
        entry.image,
        has(entry),
        entry.fields.comments.as_ref().and_then(|(_, count)| *count),
    ])?;
    if published != old_published {
        conn.prepare_cached(
            "UPDATE entry_feed SET published = ?3 WHERE feed = ?1 AND published = ?2 AND entry = ?4",
        )?
        .execute([home.feed, old_published, published, id])?;
        conn.prepare_cached("UPDATE entry_feed SET published = ?2 WHERE entry = ?1 AND extra = 1")?
            .execute([id, published])?;
    }
    conn.prepare_cached("UPDATE body SET html = ?2, text = ?3, extra = ?4 WHERE entry = ?1")?
        .execute(params![
            id,
            entry.html,
            text_to_keep(entry),
            Extra::of(entry)
        ])?;
    index::remove(conn, id)?;
    index::insert_title(conn, id, &entry.title, &entry.authors)?;
    enqueue(conn, batch, id)?;
    if home.unread_on_change {
        super::edit::set_read(conn, batch, &[id], false, home.at)?;
    }
    Ok(true)
}
