//! The reading side: questions and answers. Opened read-only; one per thread that reads.

use super::{StoreError, cards, list, rows, schema, search};
use crate::feed::{EntryId, FeedId, FeedUrl};
use crate::news::{
    CardView, Citing, Counts, EntriesPage, EntriesQuestion, Entry, EntryHead, FeedRow, Health,
    Marks, SavedView, Validators, VisitFacts,
};
use crate::query::Query;
use crate::source::Role;
use crate::store::writer::Extra;
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, InterruptHandle, OptionalExtension, Row};
use std::collections::HashMap;
use std::path::Path;

/// Asks. Read-only; one per thread that reads.
pub struct Reader {
    conn: Connection,
    instance: Option<i64>,
}

/// An entry with everything.
#[derive(Clone, Debug, PartialEq)]
pub struct FullEntry {
    pub id: EntryId,
    pub feed: FeedId,
    pub feed_title: SafeText,
    pub feed_url: String,
    pub feed_site: Option<String>,
    pub entry: Entry,
    pub first_seen: DateTime<Utc>,
    pub marks: Marks,
    /// The feed wants whole pages, always.
    pub full_text: bool,
    pub tags: Vec<SafeText>,
    pub note: Option<SafeText>,
    /// Where the reader left off, as [`crate::text::Line::offset`].
    pub place: Option<usize>,
    /// Keys that stand in nearly every entry of the feed.
    pub boilerplate: Vec<String>,
}

/// A page that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPage {
    pub key: String,
    pub url: String,
    pub fetched_at: DateTime<Utc>,
    /// Sanitised HTML of the article; `None`: only the card is kept.
    pub html: Option<String>,
    pub card: crate::article::Card,
    pub words: usize,
    pub failed: Option<SafeText>,
    /// What the server answered, where it answered.
    pub http: Option<u16>,
    /// Failures one after the other, up to now.
    pub failures: u32,
    pub validators: Validators,
}

/// Numbers for `bron doctor` and `bron stats`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub schema: i64,
    /// Bytes of the database.
    pub size: u64,
    pub feeds: u32,
    pub hidden_feeds: u32,
    pub failing_feeds: u32,
    pub counts: Counts,
    /// Entries whose text is not yet in the index.
    pub to_index: u32,
    pub pages: u32,
    pub cards: u32,
    pub sources: u32,
    pub citations: u32,
    pub oldest: Option<DateTime<Utc>>,
    pub newest: Option<DateTime<Utc>>,
}

impl Reader {
    /// Opens the database for reading; it must exist.
    pub fn open(path: &Path) -> Result<Reader, StoreError> {
        let conn = schema::open_for_reading(path)?;
        search::register(&conn)?;
        Ok(Reader {
            conn,
            instance: None,
        })
    }

    pub(super) fn of_instance(path: &Path, instance: i64) -> Result<Reader, StoreError> {
        let mut reader = Reader::open(path)?;
        reader.instance = Some(instance);
        Ok(reader)
    }

    pub(super) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// What another thread needs to stop a question that is no longer wanted; it then fails with [`StoreError::Interrupted`].
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.conn.get_interrupt_handle()
    }

    /// One question that needs several looks sees one state of the database.
    pub(super) fn at_once<T>(
        &self,
        ask: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _tx = self.conn.unchecked_transaction()?;
        ask()
    }

    /// The newest edit of this instance that is in the database; 0 where the reader knows no instance.
    pub(super) fn edit(&self) -> Result<u64, StoreError> {
        let Some(instance) = self.instance else {
            return Ok(0);
        };
        let edit: Option<i64> = self
            .conn
            .prepare_cached("SELECT edit FROM instance WHERE id = ?1")?
            .query_row([instance], |row| row.get(0))
            .optional()?;
        Ok(edit.unwrap_or(0) as u64)
    }

    /// All feeds, hidden ones last, in the order of the list files. The feed of addresses kept by hand stands last of the
    /// shown ones, once it holds any.
    pub fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        self.at_once(|| {
            let mut tags: HashMap<i64, Vec<SafeText>> = HashMap::new();
            let mut statement = self.conn.prepare_cached("SELECT feed, tag FROM feed_tag ORDER BY feed, tag")?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let tag = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                tags.entry(row.get(0)?).or_default().push(SafeText::line(tag));
            }
            let mut statement = self.conn.prepare_cached(
                "SELECT f.id, f.url, f.site_url, f.own_title, f.title, f.description, f.unread, f.entries, f.health, f.sentence, f.hidden,
                        f.internal, f.last_visit, f.http, f.not_before, f.fresh_until, m.visited_url, f.warnings
                 FROM feed f LEFT JOIN feed_moved m ON m.file_url = f.url
                 WHERE f.internal = 0 OR f.entries > 0 ORDER BY f.hidden, f.position, f.id",
            )?;
            let feeds = statement
                .query_map([], |row| feed_row(row, &mut tags))?
                .collect::<Result<_, _>>()?;
            Ok(feeds)
        })
    }

    /// The feed that somebody means: by id, address, or title (whole, else the only one that holds the text).
    pub fn feed_named(&self, text: &str) -> Result<Option<FeedRow>, StoreError> {
        let feeds = self.feeds()?;
        let folded = text.to_lowercase();
        let by_url = text.parse::<FeedUrl>().ok();
        let exact = feeds.iter().find(|feed| {
            text.parse() == Ok(feed.id.0)
                || feed.url == text
                || by_url.as_ref().is_some_and(|url| feed.url == url.as_str())
                || feed.moved_to.as_deref() == Some(text)
                || feed.title.to_lowercase() == folded
        });
        if exact.is_some() {
            return Ok(exact.cloned());
        }
        let mut held = feeds
            .iter()
            .filter(|feed| !folded.is_empty() && feed.title.to_lowercase().contains(&folded));
        Ok(match (held.next(), held.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        })
    }

    /// Numbers beside the views.
    pub fn counts(&self, today_since: DateTime<Utc>) -> Result<Counts, StoreError> {
        self.at_once(|| {
            let mut counts = self
                .conn
                .prepare_cached("SELECT unread, starred, later, entries FROM counter")?
                .query_row([], |row| {
                    Ok(Counts {
                        unread: row.get(0)?,
                        today_unread: 0,
                        starred: row.get(1)?,
                        later: row.get(2)?,
                        all: row.get(3)?,
                    })
                })?;
            counts.today_unread = list::today_unread(&self.conn, today_since.timestamp())? as u32;
            Ok(counts)
        })
    }

    /// Rows of a list.
    pub fn entries(&self, question: &EntriesQuestion) -> Result<EntriesPage, StoreError> {
        self.at_once(|| list::page(self, question))
    }

    /// The entries of a query, newest first.
    pub fn list(&self, query: &Query, limit: usize) -> Result<Vec<EntryHead>, StoreError> {
        self.at_once(|| list::list(&self.conn, query, limit))
    }

    /// The newest entry that ever was; 0 where there is none.
    pub fn newest(&self) -> Result<EntryId, StoreError> {
        Ok(EntryId(self.conn.query_row(
            "SELECT last_entry FROM counter",
            [],
            |row| row.get(0),
        )?))
    }

    /// Entries that match and came after that one, newest first.
    pub fn new_since(
        &self,
        query: &Query,
        after: EntryId,
        limit: usize,
    ) -> Result<Vec<EntryHead>, StoreError> {
        self.at_once(|| list::new_since(&self.conn, query, after.0, limit))
    }

    /// How many entries match.
    pub fn count(&self, query: &Query) -> Result<u64, StoreError> {
        self.at_once(|| list::count(&self.conn, query))
    }

    /// An entry as a row of a list.
    pub fn head(&self, id: EntryId) -> Result<Option<EntryHead>, StoreError> {
        Ok(rows::heads(&self.conn, &[id.0])?.pop())
    }

    /// An entry with everything; its text only where it has no HTML.
    pub fn entry(&self, id: EntryId) -> Result<Option<FullEntry>, StoreError> {
        self.at_once(|| {
            let found = self
                .conn
                .prepare_cached(
                    "SELECT e.feed, f.own_title, f.title, f.url, f.site_url, b.identity, e.url, e.key, e.title, e.authors, e.published,
                            e.updated, b.html, b.text, e.language, e.image, b.extra, e.first_seen, e.read, e.starred, e.later,
                            f.full_text, (SELECT group_concat(t.tag, char(31)) FROM entry_tag t WHERE t.entry = e.id),
                            (SELECT n.text FROM note n WHERE n.entry = e.id),
                            (SELECT x.content_hash FROM entry_feed x WHERE x.feed = e.feed AND x.published = e.published AND x.entry = e.id),
                            (SELECT p.offset FROM place p WHERE p.entry = e.id)
                     FROM entry e JOIN body b ON b.entry = e.id JOIN feed f ON f.id = e.feed WHERE e.id = ?1",
                )?
                .query_row([id.0], |row| full_entry(id, row))
                .optional()?;
            let Some(mut full) = found else {
                return Ok(None);
            };
            full.boilerplate = cards::boilerplate(&self.conn, full.feed.0)?;
            Ok(Some(full))
        })
    }

    /// The entry whose address has this key (or an alias of it).
    pub fn entry_of_key(&self, key: &str) -> Result<Option<EntryId>, StoreError> {
        self.at_once(|| Ok(cards::entry_of_key(&self.conn, key)?.map(|(id, _)| EntryId(id))))
    }

    /// The page with this key (or an alias of it).
    pub fn page(&self, key: &str) -> Result<Option<StoredPage>, StoreError> {
        self.at_once(|| cards::page(&self.conn, key))
    }

    /// What is known of these keys: cards, entries of the reader's feeds, pages kept, how many feeds cite them.
    pub fn cards(&self, keys: &[String]) -> Result<HashMap<String, CardView>, StoreError> {
        self.at_once(|| {
            keys.iter()
                .map(|key| Ok((key.clone(), cards::card(&self.conn, key)?)))
                .collect()
        })
    }

    /// Who cites this key, newest first; one of each site before the second of any.
    pub fn citing(&self, key: &str, limit: usize) -> Result<Vec<Citing>, StoreError> {
        self.at_once(|| cards::citing(&self.conn, key, limit))
    }

    /// What is known of the visits of all shown feeds.
    pub fn visit_facts(&self) -> Result<Vec<VisitFacts>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT f.id, f.url, m.visited_url, f.own_title, f.title, f.etag, f.last_modified, f.last_visit, f.failures, f.not_before,
                    f.fresh_until, f.health, f.moved_to, f.moved_count, f.every_s, f.body_hash, f.item_limit, f.full_text
             FROM feed f LEFT JOIN feed_moved m ON m.file_url = f.url
             WHERE f.hidden = 0 AND f.internal = 0 ORDER BY f.position, f.id",
        )?;
        let mut found = statement.query([])?;
        let mut facts = Vec::new();
        while let Some(row) = found.next()? {
            // What no address can be made of is not visited; it came from a newer bron or by damage.
            facts.extend(visit_facts(row)?);
        }
        Ok(facts)
    }

    /// Hosts that must not be asked before some time, with that time.
    pub fn hosts(&self) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT host, not_before FROM host ORDER BY host")?;
        let hosts = statement
            .query_map([], |row| Ok((row.get(0)?, rows::time(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        Ok(hosts)
    }

    /// Hosts (and roles) that the reader said are no sources.
    pub fn not_sources(&self) -> Result<Vec<(String, Option<Role>)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT host, role FROM not_a_source ORDER BY host, role")?;
        let hosts = statement
            .query_map([], |row| {
                Ok((row.get(0)?, Role::from_name(&row.get::<_, String>(1)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(hosts)
    }

    /// Searches that the reader keeps as views, in the order in which they were kept; not counted.
    pub fn saved_views(&self) -> Result<Vec<SavedView>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT name, query FROM saved_view ORDER BY position, name")?;
        let views = statement
            .query_map([], |row| {
                Ok(SavedView {
                    name: SafeText::line(&row.get::<_, String>(0)?),
                    query: row.get(1)?,
                    unread: None,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(views)
    }

    /// All tags of entries, with counts.
    pub fn tags(&self) -> Result<Vec<(SafeText, u32)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT tag, count(*) FROM entry_tag GROUP BY tag ORDER BY tag")?;
        let tags = statement
            .query_map([], |row| {
                Ok((SafeText::line(&row.get::<_, String>(0)?), row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(tags)
    }

    /// A number that changes when another instance (or this one) has written: `PRAGMA data_version`.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?)
    }

    /// Numbers for `bron doctor` and `bron stats`.
    pub fn statistics(&self) -> Result<Statistics, StoreError> {
        self.at_once(|| {
            let number = |sql: &str| -> Result<i64, StoreError> {
                Ok(self.conn.query_row(sql, [], |row| row.get(0))?)
            };
            let maybe = |sql: &str| -> Result<Option<i64>, StoreError> {
                Ok(self.conn.query_row(sql, [], |row| row.get(0))?)
            };
            Ok(Statistics {
                schema: number("PRAGMA user_version")?,
                size: (number("PRAGMA page_count")? * number("PRAGMA page_size")?) as u64,
                feeds: number("SELECT count(*) FROM feed WHERE hidden = 0 AND internal = 0")?
                    as u32,
                hidden_feeds: number("SELECT count(*) FROM feed WHERE hidden = 1")? as u32,
                failing_feeds: number("SELECT count(*) FROM feed WHERE hidden = 0 AND health >= 2")?
                    as u32,
                counts: self.conn.query_row(
                    "SELECT unread, starred, later, entries FROM counter",
                    [],
                    |row| {
                        Ok(Counts {
                            unread: row.get(0)?,
                            today_unread: 0,
                            starred: row.get(1)?,
                            later: row.get(2)?,
                            all: row.get(3)?,
                        })
                    },
                )?,
                to_index: number("SELECT count(*) FROM index_queue")? as u32,
                pages: number("SELECT count(*) FROM page")? as u32,
                cards: number("SELECT count(*) FROM card")? as u32,
                sources: number("SELECT count(*) FROM source")? as u32,
                citations: number("SELECT count(*) FROM citation")? as u32,
                oldest: rows::maybe_time(maybe(
                    "SELECT min(published) FROM entry WHERE hidden = 0",
                )?),
                newest: rows::maybe_time(maybe(
                    "SELECT max(published) FROM entry WHERE hidden = 0",
                )?),
            })
        })
    }

    /// What is wrong with the database, a sentence each; empty: nothing. Reads all of it.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        self.at_once(|| {
            let mut wrong: Vec<String> = Vec::new();
            let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let line: String = row.get(0)?;
                if line != "ok" {
                    wrong.push(line);
                }
            }
            for (what, sql) in [
                ("entries counted", "SELECT entries - (SELECT count(*) FROM entry WHERE hidden = 0) FROM counter"),
                ("unread counted", "SELECT unread - (SELECT count(*) FROM entry WHERE hidden = 0 AND read = 0) FROM counter"),
                ("starred counted", "SELECT starred - (SELECT count(*) FROM entry WHERE starred = 1) FROM counter"),
                ("later counted", "SELECT later - (SELECT count(*) FROM entry WHERE later = 1) FROM counter"),
                (
                    "entries of feeds counted",
                    "SELECT count(*) FROM feed f WHERE entries <> (SELECT count(*) FROM entry_feed x WHERE x.feed = f.id)",
                ),
                (
                    "unread of feeds counted",
                    "SELECT count(*) FROM feed f WHERE unread <> (SELECT count(*) FROM entry_feed x JOIN entry e ON e.id = x.entry
                                                                  WHERE x.feed = f.id AND e.read = 0)",
                ),
                ("entries without text", "SELECT count(*) FROM entry WHERE id NOT IN (SELECT entry FROM body)"),
                ("entries without feed", "SELECT count(*) FROM entry_feed WHERE entry NOT IN (SELECT id FROM entry)"),
                (
                    "entries of two feeds",
                    "SELECT count(*) FROM entry e WHERE feeds <> 1 + (SELECT count(*) FROM entry_feed x WHERE x.entry = e.id AND x.extra = 1)",
                ),
                ("dates", "SELECT count(*) FROM entry_feed x JOIN entry e ON e.id = x.entry WHERE x.published <> e.published"),
            ] {
                let off: i64 = self.conn.query_row(sql, [], |row| row.get(0))?;
                if off != 0 {
                    wrong.push(format!("{what}: off by {off}"));
                }
            }
            Ok(wrong)
        })
    }
}

fn health(state: i64, sentence: Option<&str>) -> Health {
    let sentence = SafeText::line(sentence.unwrap_or_default());
    match state {
        0 => Health::New,
        1 => Health::Well,
        2 => Health::Failing(sentence),
        _ => Health::Gone(sentence),
    }
}

fn feed_row(row: &Row<'_>, tags: &mut HashMap<i64, Vec<SafeText>>) -> rusqlite::Result<FeedRow> {
    let id: i64 = row.get(0)?;
    let url: String = row.get(1)?;
    let title: String = row.get(4)?;
    let warnings: Vec<String> = row
        .get::<_, Option<String>>(17)?
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default();
    Ok(FeedRow {
        id: FeedId(id),
        title: rows::feed_title(row.get(3)?, &title, &url),
        url,
        site_url: row.get(2)?,
        tags: tags.remove(&id).unwrap_or_default(),
        description: SafeText::line(&row.get::<_, String>(5)?),
        unread: row.get(6)?,
        entries: row.get(7)?,
        health: health(row.get(8)?, row.get::<_, Option<String>>(9)?.as_deref()),
        hidden: row.get(10)?,
        internal: row.get(11)?,
        last_visit: rows::maybe_time(row.get(12)?),
        http: row.get(13)?,
        not_before: rows::maybe_time(row.get(14)?),
        fresh_until: rows::maybe_time(row.get(15)?),
        moved_to: row.get(16)?,
        warnings: warnings.iter().map(|w| SafeText::line(w)).collect(),
    })
}

fn visit_facts(row: &Row<'_>) -> rusqlite::Result<Option<VisitFacts>> {
    let text: String = row.get(1)?;
    let Ok(url) = text.parse::<FeedUrl>() else {
        return Ok(None);
    };
    let visit_url = row
        .get::<_, Option<String>>(2)?
        .and_then(|moved| moved.parse().ok())
        .unwrap_or_else(|| url.clone());
    let title: String = row.get(4)?;
    let moved: Option<String> = row.get(12)?;
    Ok(Some(VisitFacts {
        feed: FeedId(row.get(0)?),
        title: rows::feed_title(row.get(3)?, &title, &text),
        url,
        visit_url,
        validators: Validators {
            etag: row.get(5)?,
            last_modified: row.get(6)?,
        },
        last_visit: rows::maybe_time(row.get(7)?),
        failures: row.get(8)?,
        not_before: rows::maybe_time(row.get(9)?),
        fresh_until: rows::maybe_time(row.get(10)?),
        gone: row.get::<_, i64>(11)? == 3,
        moved: moved.and_then(|to| to.parse().ok()).zip(row.get(13)?),
        every_s: row.get::<_, Option<i64>>(14)?.map(|every| every as u64),
        body_hash: row.get::<_, Option<i64>>(15)?.map(|hash| hash as u64),
        item_limit: row.get(16)?,
        full_text: row.get(17)?,
    }))
}

fn full_entry(id: EntryId, row: &Row<'_>) -> rusqlite::Result<FullEntry> {
    let feed_title: String = row.get(2)?;
    let feed_url: String = row.get(3)?;
    let html: String = row.get(12)?;
    let text: String = row.get(13)?;
    let mut entry = Entry {
        identity: row.get(5)?,
        content_hash: row.get::<_, Option<i64>>(24)?.unwrap_or_default() as u64,
        url: row.get(6)?,
        key: row.get(7)?,
        title: SafeText::line(&row.get::<_, String>(8)?),
        authors: SafeText::line(&row.get::<_, String>(9)?),
        published: rows::maybe_time(row.get(10)?),
        updated: rows::maybe_time(row.get(11)?),
        // Of an entry with HTML nobody asks for its text, and making it takes longer than a first screen may.
        text,
        html,
        language: row.get(14)?,
        image: row.get(15)?,
        ..Entry::default()
    };
    Extra::fill(row.get::<_, Option<String>>(16)?.as_deref(), &mut entry);
    Ok(FullEntry {
        id,
        feed: FeedId(row.get(0)?),
        feed_title: rows::feed_title(row.get(1)?, &feed_title, &feed_url),
        feed_url,
        feed_site: row.get(4)?,
        entry,
        first_seen: rows::time(row.get(17)?),
        marks: Marks {
            read: row.get(18)?,
            starred: row.get(19)?,
            later: row.get(20)?,
        },
        full_text: row.get(21)?,
        tags: rows::tags(row.get::<_, Option<String>>(22)?.as_deref()),
        note: row
            .get::<_, Option<String>>(23)?
            .map(|note| SafeText::block(&note)),
        place: row
            .get::<_, Option<i64>>(25)?
            .and_then(|offset| usize::try_from(offset).ok()),
        boilerplate: Vec::new(),
    })
}
