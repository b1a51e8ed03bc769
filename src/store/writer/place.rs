//! Placing: which story an entry tells. Done once an entry, right after its sources are known; `crate::story` decides.
//!
//! - An entry that stands in a story with others stays there, whatever its feed does to its text later.
//! - What the reader split or joined by hand is asked first, and outranks what words and links say.
//! - Entries that are older than a week, and not among the two thousand newest, are counted, and joined no more.

use super::batch::Batch;
use super::cite;
use crate::address::{self, Found, Kind};
use crate::feed::EntryId;
use crate::source::FieldLinks;
use crate::store::{StoreError, index};
use crate::story::{self, Frequencies, Join, Near, Side, Subject, Text, Tie, Vector};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

const DAY: i64 = 24 * 3600;
/// The collection is as new as its hundredth entry: a single date in the future moves nothing.
const HUNDREDTH: i64 = 100;
/// Entries up to so many days older than that can be joined,
const JOINED_DAYS: i64 = 8;
/// and so many of the newest in any case: a collection that stood still for a month has its stories, too.
const NEWEST: i64 = 2_000;
/// Terms of an entry by which others find it.
const POSTED: usize = 24;
/// Entries looked at of those that share a word, the newest first; then those of them that share most.
const OF_ONE_WORD: i64 = 200;
const COMPARED: usize = 40;
/// Entries that are placed once more beside a new one, at most; and how alike one of theirs must be to it, or share a source.
const AGAIN: usize = 3;
const WORTH_AGAIN: f32 = 0.2;
/// Seconds within which entries came in one refresh: none of them was there to be looked at before the others.
const ONE_REFRESH: i64 = 120;
/// Terms that the sum of a story keeps.
const SUM: usize = 256;
/// Sources of an entry, and citations of a source, that are looked at.
const SOURCES: i64 = 40;
const CITATIONS: i64 = 40;
/// Letters of HTML in which the beginning of the text is looked for.
const BEGINNING: usize = 6_000;
/// From so many counted entries on only one in eight is: a sample is enough.
const SAMPLED_FROM: u32 = 5_000;
/// So many entries in a row tell the language of a feed; then every so-manieth is asked again.
const SURE: u32 = 6;
/// Counts that are remembered.
const REMEMBERED: usize = 60_000;

/// What placing remembers from entry to entry. All of it is in the database, or will be at the end of the transaction.
#[derive(Debug, Default)]
pub struct Counts {
    /// From when on entries are placed; forgotten after each transaction.
    from: Option<i64>,
    known: HashMap<(String, i64), u32>,
    /// Not written yet.
    added: HashMap<(String, i64), u32>,
    /// Entries placed in this transaction, and how long each took; for the log.
    took: Vec<Duration>,
}

/// The term under which the number of counted entries stands.
const ENTRIES: i64 = -1;

impl Counts {
    fn of(&mut self, conn: &Connection, language: &str, term: i64) -> rusqlite::Result<u32> {
        let key = (language.to_owned(), term);
        let added = self.added.get(&key).copied().unwrap_or(0);
        if let Some(known) = self.known.get(&key) {
            return Ok(known + added);
        }
        let known: u32 = conn
            .prepare_cached("SELECT entries FROM term_count WHERE lang = ?1 AND term = ?2")?
            .query_row(params![language, term], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, known);
        Ok(known + added)
    }

    /// Counts the terms of an entry that can be joined no more.
    fn count(&mut self, conn: &Connection, id: i64, text: &Text<'_>) -> rusqlite::Result<()> {
        if self.of(conn, text.language, ENTRIES)? >= SAMPLED_FROM && id % 8 != 0 {
            return Ok(());
        }
        for term in story::terms_of(text) {
            *self
                .added
                .entry((text.language.to_owned(), i64::from(term)))
                .or_default() += 1;
        }
        *self
            .added
            .entry((text.language.to_owned(), ENTRIES))
            .or_default() += 1;
        Ok(())
    }

    /// Writes what was counted: at the end of each transaction.
    pub fn write(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        self.from = None;
        if !self.took.is_empty() {
            self.took.sort_unstable();
            let (entries, median) = (self.took.len(), self.took[self.took.len() / 2]);
            let whole: Duration = self.took.drain(..).sum();
            tracing::debug!(entries, ?median, ?whole, "placed");
        }
        if self.added.is_empty() {
            return Ok(());
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO term_count (lang, term, entries) VALUES (?1, ?2, ?3)
             ON CONFLICT (lang, term) DO UPDATE SET entries = entries + excluded.entries",
        )?;
        for ((language, term), count) in std::mem::take(&mut self.added) {
            statement.execute(params![language, term, count])?;
            if let Some(known) = self.known.get_mut(&(language, term)) {
                *known += count;
            }
        }
        Ok(())
    }

    /// The transaction was given up.
    pub fn forget(&mut self) {
        *self = Counts::default();
    }

    /// From when on entries can be joined.
    fn from(&mut self, conn: &Connection) -> rusqlite::Result<i64> {
        if let Some(from) = self.from {
            return Ok(from);
        }
        let mut statement = conn.prepare_cached(
            "SELECT published FROM entry INDEXED BY entry_date WHERE hidden = 0 ORDER BY published DESC LIMIT 1 OFFSET ?1",
        )?;
        let mut published = |place: i64| -> rusqlite::Result<i64> {
            let found = statement.query_row([place], |row| row.get(0)).optional()?;
            Ok(found.unwrap_or(i64::MIN / 2))
        };
        let from = published(HUNDREDTH)?
            .saturating_sub(JOINED_DAYS * DAY)
            .min(published(NEWEST)?);
        self.from = Some(from);
        Ok(from)
    }
}

/// An entry, its body and its feed as they stand in the database: what collecting and placing read, once for both.
pub struct Stored {
    pub html: String,
    pub extra: Option<String>,
    pub url: Option<String>,
    pub feed: i64,
    pub feed_url: String,
    pub feed_site: Option<String>,
    text: String,
    published: i64,
    title: String,
    key: String,
    language: Option<String>,
    hidden: bool,
}

impl Stored {
    pub fn load(conn: &Connection, id: i64) -> rusqlite::Result<Option<Stored>> {
        conn.prepare_cached(
            "SELECT b.html, b.extra, e.url, e.feed, f.url, f.site_url, b.text, e.published, e.title, e.key, e.language, e.hidden
             FROM entry e JOIN body b ON b.entry = e.id JOIN feed f ON f.id = e.feed WHERE e.id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Stored {
                html: row.get(0)?,
                extra: row.get(1)?,
                url: row.get(2)?,
                feed: row.get(3)?,
                feed_url: row.get(4)?,
                feed_site: row.get(5)?,
                text: row.get(6)?,
                published: row.get(7)?,
                title: row.get(8)?,
                key: row.get(9)?,
                language: row.get(10)?,
                hidden: row.get(11)?,
            })
        })
        .optional()
    }
}

/// The first so many bytes of a text, and not half a letter.
fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// What feeds that declare no language have turned out to be written in.
#[derive(Default)]
pub struct Languages {
    /// The language of a feed's last entries, and how many in a row were in it.
    of_feed: HashMap<i64, (String, u32)>,
}

impl Languages {
    /// The language of an entry. A feed that was found to speak one language several times in a row is asked only now and
    /// then: to find out costs more than all else that placing reads.
    fn of(&mut self, stored: &Stored, body: &str) -> String {
        let known = self.of_feed.get_mut(&stored.feed);
        if let Some((language, times)) = known
            && *times >= SURE
            && *times % SURE != 0
            && stored.language.is_none()
        {
            *times += 1;
            return language.clone();
        }
        let found = story::language_of(stored.language.as_deref(), &stored.title, body);
        match self.of_feed.get_mut(&stored.feed) {
            Some((language, times)) if *language == found => *times += 1,
            _ => {
                self.of_feed.insert(stored.feed, (found.clone(), 1));
            }
        }
        found
    }
}

/// What placing must know of an entry.
pub struct Entry {
    id: i64,
    feed: i64,
    published: i64,
    title: String,
    key: String,
    language: String,
    body: String,
    site: String,
    /// Its address is on another site than its feed's.
    away: bool,
    hidden: bool,
}

impl Entry {
    pub fn load(conn: &Connection, id: i64) -> Result<Option<Entry>, StoreError> {
        Ok(Stored::load(conn, id)?.map(|stored| Entry::of(id, &stored, &mut Languages::default())))
    }

    /// What placing needs of an entry as it is stored.
    pub fn of(id: i64, stored: &Stored, languages: &mut Languages) -> Entry {
        let html = beginning(&stored.html, BEGINNING);
        let body = if html.is_empty() {
            beginning(&stored.text, BEGINNING).to_owned()
        } else {
            index::words(html).into_owned()
        };
        let site = story::site_of(
            stored.feed_site.as_deref(),
            &stored.feed_url,
            stored.url.as_deref(),
        );
        Entry {
            id,
            feed: stored.feed,
            published: stored.published,
            key: stored.key.clone(),
            language: languages.of(stored, &body),
            title: stored.title.clone(),
            away: stored
                .url
                .as_deref()
                .is_some_and(|url| story::site_of(None, url, None) != site),
            body,
            site,
            hidden: stored.hidden,
        }
    }

    fn printed(&self) -> story::Printed<'_> {
        story::Printed {
            feed: self.feed,
            title: &self.title,
            body: &self.body,
        }
    }

    fn text(&self, strong: usize) -> Text<'_> {
        Text {
            title: &self.title,
            body: &self.body,
            language: &self.language,
            strong,
        }
    }
}

/// Places an entry.
pub fn place(
    conn: &Connection,
    batch: &mut Batch,
    counts: &mut Counts,
    entry: &Entry,
) -> Result<(), StoreError> {
    let begin = Instant::now();
    let placed = place_entry(conn, batch, counts, entry);
    counts.took.push(begin.elapsed());
    placed
}

fn place_entry(
    conn: &Connection,
    batch: &mut Batch,
    counts: &mut Counts,
    entry: &Entry,
) -> Result<(), StoreError> {
    let id = entry.id;
    note_threads(conn, entry)?;
    let from = counts.from(conn)?;
    let others: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM story_entry WHERE story = (SELECT story FROM story_entry WHERE entry = ?1) AND entry <> ?1",
        )?
        .query_row([id], |row| row.get(0))?;
    if entry.hidden || entry.published < from {
        if others == 0 && !entry.hidden {
            counts.count(conn, id, &entry.text(0))?;
        }
        return Ok(());
    }
    let sources = Sources::load(conn, entry)?;
    let subject = subject(conn, counts, entry, sources.cited_strongly())?;
    forget_vector(conn, id)?;
    remember(conn, entry, &subject)?;
    if others > 0 {
        // It stays, but may have another home now: first came who points at it, then its own site.
        let story: Option<i64> = conn
            .prepare_cached(
                "UPDATE story_entry SET site = ?2, points = ?3 WHERE entry = ?1 AND (site <> ?2 OR points <> ?3) RETURNING story",
            )?
            .query_row(params![id, entry.site, sources.points(entry, &subject)], |row| row.get(0))
            .optional()?;
        if let Some(story) = story {
            refresh(conn, batch, story)?;
            if !subject.round_up {
                let near = Neighbours::load(conn, entry, &subject, &sources)?;
                merge(conn, batch, counts, story, &near, &subject)?;
            }
        }
        return Ok(());
    }
    leave(conn, batch, id)?;
    let caution = frequencies(conn, counts, &entry.language, &[])?.caution();
    let near = Neighbours::load(conn, entry, &subject, &sources)?;
    let joined = match together(conn, id)? {
        Some(story) => Some((
            Join {
                story,
                text: 1.0,
                links: 0.0,
                score: 1.0,
            },
            "joined by you".to_owned(),
        )),
        None => story::place(&subject, &near.all(), caution).map(|join| {
            let why = near.why(&join, &subject);
            (join, why)
        }),
    };
    let copy = match &joined {
        Some((join, _)) => near.copied(conn, join.story, entry, &subject)?,
        None => None,
    };
    let story = match &joined {
        Some((join, _)) => join.story,
        None => open(conn, entry.published)?,
    };
    let (text, links, why) = joined.map_or((0.0, 0.0, String::new()), |(join, why)| {
        (join.text, join.links, why)
    });
    conn.prepare_cached(
        "INSERT INTO story_entry (entry, story, text, links, why, site, copy_of, points, in_list) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
    )?
    .execute(params![id, story, text, links, why, entry.site, copy, sources.points(entry, &subject)])?;
    refresh(conn, batch, story)?;
    if !subject.round_up {
        merge(conn, batch, counts, story, &near, &subject)?;
    }
    Ok(())
}

fn frequencies<'a>(
    conn: &Connection,
    counts: &mut Counts,
    language: &str,
    terms: &[u32],
) -> rusqlite::Result<Frequencies<'a>> {
    let documents = counts.of(conn, language, ENTRIES)?;
    let mut with = HashMap::with_capacity(terms.len());
    if documents > 0 {
        for term in terms {
            with.insert(*term, counts.of(conn, language, i64::from(*term))?);
        }
    }
    Ok(Frequencies::new(language, documents, move |term| {
        with.get(&term).copied().unwrap_or(0)
    }))
}

fn subject(
    conn: &Connection,
    counts: &mut Counts,
    entry: &Entry,
    strong: usize,
) -> rusqlite::Result<Subject> {
    let text = entry.text(strong);
    let terms = if counts.of(conn, &entry.language, ENTRIES)? > 0 {
        story::terms_of(&text)
    } else {
        Vec::new()
    };
    Ok(Subject::new(
        &text,
        &frequencies(conn, counts, &entry.language, &terms)?,
    ))
}

fn remember(conn: &Connection, entry: &Entry, subject: &Subject) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO vector (entry, published, lang, words, numbers, round_up, terms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            entry.id,
            entry.published,
            entry.language,
            subject.body_words as i64,
            subject.numbers.join("\n"),
            subject.round_up,
            subject.vector.to_bytes()
        ])?;
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO posting (term, entry) VALUES (?1, ?2)")?;
    for term in subject.vector.heaviest(POSTED) {
        statement.execute([i64::from(term), entry.id])?;
    }
    Ok(())
}

/// The vector of an entry goes, and what finds it by.
pub fn forget_vector(conn: &Connection, id: i64) -> rusqlite::Result<()> {
    let terms: Option<Vec<u8>> = conn
        .prepare_cached("DELETE FROM vector WHERE entry = ?1 RETURNING terms")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(terms) = terms {
        let mut statement =
            conn.prepare_cached("DELETE FROM posting WHERE term = ?1 AND entry = ?2")?;
        for term in Vector::from_bytes(&terms).heaviest(POSTED) {
            statement.execute([i64::from(term), id])?;
        }
    }
    Ok(())
}

/// A new story, without entries yet.
fn open(conn: &Connection, at: i64) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "INSERT INTO story (opened, newest, entries, sites) VALUES (?1, ?1, 0, 0)",
    )?
    .execute([at])?;
    Ok(conn.last_insert_rowid())
}

/// Takes an entry out of its story; a story without entries goes.
pub fn leave(conn: &Connection, batch: &mut Batch, id: i64) -> Result<(), StoreError> {
    let story: Option<i64> = conn
        .prepare_cached("DELETE FROM story_entry WHERE entry = ?1 RETURNING story")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(story) = story else {
        return Ok(());
    };
    // The next of those that have its text has it first now.
    let first: Option<i64> = conn
        .prepare_cached("SELECT min(entry) FROM story_entry WHERE story = ?1 AND copy_of = ?2")?
        .query_row([story, id], |row| row.get(0))?;
    if let Some(first) = first {
        conn.prepare_cached(
            "UPDATE story_entry SET copy_of = nullif(?3, entry) WHERE story = ?1 AND copy_of = ?2",
        )?
        .execute([story, id, first])?;
    }
    refresh(conn, batch, story)?;
    // Who is left alone looks different, too.
    let alone: Option<i64> = conn
        .prepare_cached("SELECT title_entry FROM story WHERE id = ?1 AND entries = 1")?
        .query_row([story], |row| row.get(0))
        .optional()?;
    batch.changes.entries.extend(alone.map(EntryId));
    Ok(())
}

/// What a story is made of follows from its entries: counts, times, sum, title. A story without entries goes.
pub fn refresh(conn: &Connection, batch: &mut Batch, story: i64) -> Result<(), StoreError> {
    struct Member {
        entry: i64,
        published: i64,
        site: String,
        points: bool,
        copy: Option<i64>,
        words: Option<i64>,
        vector: Vector,
        title_words: usize,
        hidden: bool,
        in_list: bool,
        folded: bool,
        first_seen: i64,
        read: bool,
    }
    let members: Vec<Member> = conn
        .prepare_cached(
            "SELECT se.entry, e.published, se.site, se.points, se.copy_of, v.words, v.terms, e.title,
                    e.hidden, se.in_list, e.folded, e.first_seen, e.read
             FROM story_entry se JOIN entry e ON e.id = se.entry LEFT JOIN vector v ON v.entry = se.entry WHERE se.story = ?1",
        )?
        .query_map([story], |row| {
            Ok(Member {
                entry: row.get(0)?,
                published: row.get(1)?,
                site: row.get(2)?,
                points: row.get(3)?,
                copy: row.get(4)?,
                words: row.get(5)?,
                vector: Vector::from_bytes(&row.get::<_, Option<Vec<u8>>>(6)?.unwrap_or_default()),
                title_words: row.get::<_, String>(7)?.split_whitespace().count(),
                hidden: row.get(8)?,
                in_list: row.get(9)?,
                folded: row.get(10)?,
                first_seen: row.get(11)?,
                read: row.get(12)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let (Some(first), Some(newest)) = (
        members.iter().map(|member| member.published).min(),
        members.iter().map(|member| member.published).max(),
    ) else {
        conn.prepare_cached("DELETE FROM story WHERE id = ?1")?
            .execute([story])?;
        return Ok(());
    };
    let mut sum = Vector::default();
    for member in &members {
        sum.add(&member.vector, SUM);
    }
    // Who is hidden speaks for nobody.
    let all_hidden = members.iter().all(|member| member.hidden);
    let told: Vec<story::Told> = members
        .iter()
        .filter(|member| !member.hidden || all_hidden)
        .map(|member| story::Told {
            entry: member.entry,
            site: member.site.clone(),
            at: member.published,
            points: member.points,
            copy_of: member.copy,
            near: member.vector.cosine(&sum),
            title_words: member.title_words,
            ..story::Told::default()
        })
        .collect();
    let sites: HashSet<&str> = members.iter().map(|member| member.site.as_str()).collect();
    conn.prepare_cached(
        "UPDATE story SET opened = ?2, newest = ?3, entries = ?4, sites = ?5, title_entry = ?6, sum = ?7, short = ?8 WHERE id = ?1",
    )?
    .execute(params![
        story,
        first,
        newest,
        members.len() as i64,
        sites.len() as i64,
        story::title_of(&told).map(|at| told[at].entry),
        sum.to_bytes(),
        members.iter().all(|member| member.words.unwrap_or(0) < 12),
    ])?;
    let last_came = members.iter().map(|member| member.first_seen).max();
    let rows = story::rows(
        &members
            .iter()
            .map(|member| story::Listed {
                entry: member.entry,
                at: member.published,
                hidden: member.hidden,
                points: member.points,
                row: member.in_list,
                settled: member.read
                    || last_came.is_some_and(|last| last - member.first_seen > ONE_REFRESH),
            })
            .collect::<Vec<_>>(),
        sites.len() > 1,
    );
    for (member, row) in members.iter().zip(rows) {
        if member.in_list != row {
            conn.prepare_cached("UPDATE story_entry SET in_list = ?2 WHERE entry = ?1")?
                .execute(params![member.entry, row])?;
        }
        if member.folded == row {
            conn.prepare_cached("UPDATE entry SET folded = ?2 WHERE id = ?1")?
                .execute(params![member.entry, !row])?;
        }
    }
    if members.len() > 1 {
        batch
            .changes
            .entries
            .extend(members.iter().map(|member| EntryId(member.entry)));
    }
    Ok(())
}

/// The story of an entry that the reader joined to this one by hand.
fn together(conn: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT se.story FROM together t JOIN story_entry se ON se.entry = t.other WHERE t.entry = ?1 LIMIT 1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// What an entry is about and rests on.
struct Sources {
    /// Sources with their strength, the strong ones alone.
    strong: Vec<(i64, String, f32)>,
    /// What it points at: the target of a link-blog, the subject of a thread.
    targets: Vec<(i64, String)>,
}

impl Sources {
    fn load(conn: &Connection, entry: &Entry) -> rusqlite::Result<Sources> {
        let mut strong = Vec::new();
        let mut targets = Vec::new();
        let mut statement = conn.prepare_cached(
            "SELECT c.source, c.strength, c.\"primary\", s.key, s.kind FROM citation c JOIN source s ON s.id = c.source
             WHERE c.from_entry = ?1 AND c.role IN ('source', 'mention') AND c.external = 1 ORDER BY c.strength DESC LIMIT ?2",
        )?;
        let mut rows = statement.query([entry.id, SOURCES])?;
        while let Some(row) = rows.next()? {
            let (source, strength): (i64, f64) = (row.get(0)?, row.get(1)?);
            let kind: String = row.get(4)?;
            let kind = Kind::from_name(&kind).unwrap_or(Kind::Article);
            if row.get(2)? {
                targets.push((source, row.get(3)?));
            }
            if strength > 0.6 && !matches!(kind, Kind::Shop | Kind::Encyclopaedia) {
                strong.push((source, row.get(3)?, strength as f32));
            }
        }
        // A list of outlets is about its lead; who names many things points at none.
        if targets.len() > 1 {
            targets.truncate(1);
        }
        Ok(Sources { strong, targets })
    }

    /// How many things it rests on: what many strong sources have is a round-up.
    fn cited_strongly(&self) -> usize {
        self.strong
            .iter()
            .filter(|(_, _, strength)| *strength >= 1.0)
            .count()
    }

    /// It says little itself and points at something.
    fn points(&self, entry: &Entry, subject: &Subject) -> bool {
        (entry.away || !self.targets.is_empty()) && subject.body_words < 40
    }
}

struct Neighbour {
    vector: Vector,
    words: i64,
    numbers: Vec<String>,
    round_up: bool,
    language: String,
}

struct Story {
    id: i64,
    sum: Vector,
    opened: i64,
    newest: i64,
    entries: i64,
    short: bool,
    /// The language of the entry that is placed.
    language: String,
    own_feed: bool,
    hours: f32,
    members: Vec<(i64, Neighbour)>,
    links: Vec<(f32, u32)>,
    tie: Tie,
}

/// The stories nearby.
struct Neighbours {
    stories: Vec<Story>,
}

impl Neighbours {
    fn load(
        conn: &Connection,
        entry: &Entry,
        subject: &Subject,
        sources: &Sources,
    ) -> Result<Neighbours, StoreError> {
        let reach = story::REACH_HOURS * 3600;
        let (from, to) = (entry.published - reach, entry.published + reach);
        // Who shares a word, and how much of it.
        let mut shared: HashMap<i64, u32> = HashMap::new();
        {
            let mut statement = conn.prepare_cached(
                "SELECT entry FROM posting WHERE term = ?1 ORDER BY entry DESC LIMIT ?2",
            )?;
            for (rank, term) in subject.heavy.iter().enumerate() {
                let mut rows = statement.query([i64::from(*term), OF_ONE_WORD])?;
                while let Some(row) = rows.next()? {
                    // The heaviest words weigh most; this only picks whom to compare with.
                    *shared.entry(row.get(0)?).or_default() += 24 - rank as u32;
                }
            }
        }
        shared.remove(&entry.id);
        let mut likely: Vec<(u32, i64)> = shared
            .into_iter()
            .map(|(id, weight)| (weight, id))
            .collect();
        likely.sort_unstable_by(|a, b| b.cmp(a));
        likely.truncate(COMPARED);
        let mut candidates: Vec<i64> = likely.into_iter().map(|(_, id)| id).collect();
        // Who is about the same thing.
        let mut tied: HashSet<i64> = HashSet::new();
        let mut add_tied = |sql: &str, value: rusqlite::types::Value| -> rusqlite::Result<()> {
            let mut statement = conn.prepare_cached(sql)?;
            for found in statement.query_map(params![value, from, to, CITATIONS], |row| {
                row.get::<_, i64>(0)
            })? {
                tied.insert(found?);
            }
            Ok(())
        };
        let by_key = "SELECT id FROM entry WHERE key = ?1 AND key <> '' AND published BETWEEN ?2 AND ?3 AND hidden = 0 LIMIT ?4";
        let by_target = "SELECT e.id FROM citation c JOIN entry e ON e.id = c.from_entry LEFT JOIN vector v ON v.entry = e.id
             WHERE c.source = ?1 AND c.\"primary\" = 1 AND c.role = 'source' AND e.published BETWEEN ?2 AND ?3 AND e.hidden = 0
                   AND coalesce(v.round_up, 0) = 0 LIMIT ?4";
        if entry.key.contains(['/', ':']) {
            add_tied(by_key, entry.key.clone().into())?;
            let known: Option<i64> = conn
                .prepare_cached("SELECT id FROM source WHERE hash = key_hash(?1) AND key = ?1")?
                .query_row([&entry.key], |row| row.get(0))
                .optional()?;
            if let Some(source) = known {
                add_tied(by_target, source.into())?;
            }
        }
        if !subject.round_up {
            for (source, key) in &sources.targets {
                add_tied(by_key, key.clone().into())?;
                add_tied(by_target, (*source).into())?;
            }
        }
        tied.remove(&entry.id);
        candidates.extend(tied.iter());
        // Who cites the same.
        let mut links: HashMap<i64, Vec<(i64, f32)>> = HashMap::new();
        let mut older: HashMap<i64, u32> = HashMap::new();
        if !subject.round_up {
            let mut statement = conn.prepare_cached(
                "SELECT e.id, e.published, c.strength FROM citation c JOIN entry e ON e.id = c.from_entry LEFT JOIN vector v ON v.entry = e.id
                 WHERE c.source = ?1 AND c.from_entry IS NOT NULL AND e.hidden = 0 AND coalesce(v.round_up, 0) = 0
                 ORDER BY c.id DESC LIMIT ?2",
            )?;
            let mut cited = conn.prepare_cached(
                "SELECT id FROM entry WHERE key = ?1 AND key <> '' AND published BETWEEN ?2 AND ?3 AND hidden = 0 LIMIT 3",
            )?;
            let mut citing = conn.prepare_cached(
                "SELECT e.id, c.strength FROM source s JOIN citation c ON c.source = s.id JOIN entry e ON e.id = c.from_entry
                 LEFT JOIN vector v ON v.entry = e.id
                 WHERE s.hash = key_hash(?1) AND s.key = ?1 AND c.role = 'source' AND e.published BETWEEN ?2 AND ?3 AND e.hidden = 0 AND coalesce(v.round_up, 0) = 0
                 LIMIT 20",
            )?;
            // Who cites this entry tells the same, as far as words agree; 0 stands for the entry itself.
            if entry.key.contains(['/', ':']) {
                let mut rows = citing.query(params![entry.key, from, to])?;
                while let Some(row) = rows.next()? {
                    let (id, strength): (i64, f64) = (row.get(0)?, row.get(1)?);
                    if id != entry.id {
                        candidates.push(id);
                        links.entry(id).or_default().push((0, strength as f32));
                    }
                }
            }
            for (source, key, strength) in &sources.strong {
                for id in cited.query_map(params![key, from, to], |row| row.get::<_, i64>(0))? {
                    let id = id?;
                    if id != entry.id {
                        candidates.push(id);
                        links.entry(id).or_default().push((*source, *strength));
                    }
                }
                let mut rows = statement.query([*source, CITATIONS])?;
                while let Some(row) = rows.next()? {
                    let (id, at, theirs): (i64, i64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    if id == entry.id {
                        continue;
                    }
                    if at < from {
                        *older.entry(*source).or_default() += 1;
                    } else if at <= to {
                        candidates.push(id);
                        links
                            .entry(id)
                            .or_default()
                            .push((*source, strength.min(theirs as f32)));
                    }
                }
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let apart: HashSet<i64> = conn
            .prepare_cached("SELECT other FROM apart WHERE entry = ?1")?
            .query_map([entry.id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut stories: BTreeMap<i64, Story> = BTreeMap::new();
        let mut strongest: HashMap<i64, HashMap<i64, f32>> = HashMap::new();
        let mut member = conn.prepare_cached(
            "SELECT se.story, v.words, v.numbers, v.terms, e.published, coalesce(v.round_up, 0), coalesce(v.lang, '') FROM story_entry se JOIN entry e ON e.id = se.entry
             LEFT JOIN vector v ON v.entry = se.entry WHERE se.entry = ?1",
        )?;
        for id in candidates {
            let found = member
                .query_row([id], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        Neighbour {
                            words: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
                            numbers: row
                                .get::<_, Option<String>>(2)?
                                .unwrap_or_default()
                                .lines()
                                .map(str::to_owned)
                                .collect(),
                            round_up: row.get(5)?,
                            language: row.get(6)?,
                            vector: Vector::from_bytes(
                                &row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(),
                            ),
                        },
                        row.get::<_, i64>(4)?,
                    ))
                })
                .optional()?;
            let Some((story, neighbour, at)) = found else {
                continue;
            };
            if !(from..=to).contains(&at) {
                continue;
            }
            let story = match stories.entry(story) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    let Some(loaded) = Self::story(conn, story, entry)? else {
                        continue;
                    };
                    new.insert(loaded)
                }
            };
            if tied.contains(&id) {
                story.tie = Tie::SameTarget;
            }
            for (source, strength) in links.remove(&id).unwrap_or_default() {
                let best = strongest
                    .entry(story.id)
                    .or_default()
                    .entry(source)
                    .or_insert(0.0);
                *best = best.max(strength);
            }
            story.members.push((id, neighbour));
        }
        for story in stories.values_mut() {
            story.links = strongest
                .remove(&story.id)
                .unwrap_or_default()
                .into_iter()
                .map(|(source, strength)| (strength, older.get(&source).copied().unwrap_or(0)))
                .collect();
        }
        if !apart.is_empty() {
            let mut statement =
                conn.prepare_cached("SELECT entry FROM story_entry WHERE story = ?1")?;
            let mut split = HashSet::new();
            for story in stories.keys() {
                for member in statement.query_map([story], |row| row.get::<_, i64>(0))? {
                    if apart.contains(&member?) {
                        split.insert(*story);
                    }
                }
            }
            stories.retain(|id, _| !split.contains(id));
        }
        Ok(Neighbours {
            stories: stories.into_values().collect(),
        })
    }

    fn story(conn: &Connection, id: i64, entry: &Entry) -> rusqlite::Result<Option<Story>> {
        conn.prepare_cached(
            "SELECT s.sum, s.opened, s.newest, s.entries, s.short,
                    NOT EXISTS (SELECT 1 FROM story_entry se JOIN entry e ON e.id = se.entry WHERE se.story = s.id AND e.feed <> ?2)
             FROM story s WHERE s.id = ?1",
        )?
        .query_row([id, entry.feed], |row| {
            let (opened, newest): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Story {
                id,
                sum: Vector::from_bytes(&row.get::<_, Vec<u8>>(0)?),
                opened,
                newest,
                entries: row.get(3)?,
                short: row.get(4)?,
                language: entry.language.clone(),
                own_feed: row.get(5)?,
                hours: (entry.published - entry.published.clamp(opened, newest.max(opened))) as f32 / 3600.0,
                members: Vec::new(),
                links: Vec::new(),
                tie: Tie::None,
            })
        })
        .optional()
    }

    fn all(&self) -> Vec<Near<'_>> {
        self.stories.iter().map(Story::near).collect()
    }

    /// In words, why an entry joins.
    fn why(&self, join: &Join, subject: &Subject) -> String {
        let Some(story) = self.stories.iter().find(|story| story.id == join.story) else {
            return String::new();
        };
        let mut why = Vec::new();
        if story.tie == Tie::SameTarget {
            why.push("about the same address".to_owned());
        }
        if !story.links.is_empty() && join.links > 0.0 {
            let count = story.links.len();
            why.push(if count == 1 {
                "cites the same source".to_owned()
            } else {
                format!("cites {count} of the same sources")
            });
        }
        let words = subject.shared_words(&story.sum, 5);
        if !words.is_empty() {
            why.push(format!("same words: {}", words.join(", ")));
        }
        why.join("; ")
    }

    /// The entry of a story whose text this one repeats.
    fn copied(
        &self,
        conn: &Connection,
        story: i64,
        entry: &Entry,
        subject: &Subject,
    ) -> Result<Option<i64>, StoreError> {
        let Some(story) = self.stories.iter().find(|known| known.id == story) else {
            return Ok(None);
        };
        for (id, member) in &story.members {
            if !story::may_be_copies(
                &subject.vector,
                &member.vector,
                (subject.body_words, member.words as usize),
            ) {
                continue;
            }
            if let Some(other) = Entry::load(conn, *id)?
                && story::is_copy(&entry.printed(), &other.printed())
            {
                let first: Option<i64> = conn
                    .prepare_cached("SELECT copy_of FROM story_entry WHERE entry = ?1")?
                    .query_row([id], |row| row.get(0))
                    .optional()?
                    .flatten();
                return Ok(Some(first.unwrap_or(*id)));
            }
        }
        Ok(None)
    }
}

impl Story {
    /// Whether it is worth to place its entries once more beside what was just placed.
    fn worth(&self, subject: &Subject) -> bool {
        !self.links.is_empty()
            || self
                .members
                .iter()
                .any(|(_, member)| subject.vector.shared(&member.vector).0 >= WORTH_AGAIN)
    }

    fn near(&self) -> Near<'_> {
        Near {
            story: self.id,
            members: self
                .members
                .iter()
                .map(|(_, member)| &member.vector)
                .collect(),
            sum: self.sum.terms(),
            entries: self.entries as usize,
            hours: self.hours,
            short: self.short,
            other_language: !self.members.is_empty()
                && self
                    .members
                    .iter()
                    .all(|(_, member)| member.language != self.language),
            own_feed: self.own_feed,
            round_up: !self.members.is_empty()
                && self.entries == self.members.len() as i64
                && self.members.iter().all(|(_, member)| member.round_up),
            numbers: self
                .members
                .iter()
                .flat_map(|(_, member)| member.numbers.clone())
                .collect(),
            links: self.links.clone(),
            tie: self.tie,
        }
    }
}

/// Makes one of the stories that an entry has brought together, where they tell the same.
fn merge(
    conn: &Connection,
    batch: &mut Batch,
    counts: &mut Counts,
    story: i64,
    near: &Neighbours,
    subject: &Subject,
) -> Result<(), StoreError> {
    let tie_of_entry = near
        .stories
        .iter()
        .any(|known| known.id == story && known.tie == Tie::SameTarget);
    let mut again = 0;
    for other in near.stories.iter().filter(|other| other.id != story) {
        let Some((sum, opened, newest, entries, short)) = conn
            .prepare_cached("SELECT sum, opened, newest, entries, short FROM story WHERE id = ?1")?
            .query_row([story], |row| {
                Ok((
                    Vector::from_bytes(&row.get::<_, Vec<u8>>(0)?),
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, bool>(4)?,
                ))
            })
            .optional()?
        else {
            return Ok(());
        };
        let one = Side {
            sum: &sum,
            entries: entries as usize,
            first: opened / 3600,
            newest: newest / 3600,
            short,
        };
        let two = Side {
            sum: &other.sum,
            entries: other.entries as usize,
            first: other.opened / 3600,
            newest: other.newest / 3600,
            short: other.short,
        };
        let same_primary = tie_of_entry && other.tie == Tie::SameTarget;
        let merges = (same_primary || !other.own_feed) && story::merges(&one, &two, same_primary);
        let (small, large, few) = if other.entries <= entries {
            (other.id, story, other.entries as usize)
        } else {
            (story, other.id, entries as usize)
        };
        let bounded = (entries + other.entries) as usize <= story::MERGED_AT_MOST;
        let mut placed = Vec::new();
        if !merges && bounded && few <= story::FEW && again + few <= AGAIN && other.worth(subject) {
            again += few;
            placed = place_again(conn, counts, small, large)?;
        }
        if (merges || !placed.is_empty()) && !split_by_hand(conn, story, other.id)? {
            absorb(conn, story, other.id)?;
            for placed in placed {
                placed.write(conn)?;
            }
            refresh(conn, batch, story)?;
        }
    }
    Ok(())
}

/// How an entry joins that stood in a story of few, or alone.
struct PlacedAgain {
    entry: i64,
    join: Join,
    why: String,
    copy: Option<i64>,
}

impl PlacedAgain {
    fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached(
            "UPDATE story_entry SET text = ?2, links = ?3, why = ?4, copy_of = coalesce(copy_of, ?5) WHERE entry = ?1",
        )?
        .execute(params![
            self.entry,
            self.join.text,
            self.join.links,
            self.why,
            self.copy
        ])?;
        Ok(())
    }
}

/// The few entries of a story are placed once more where one beside it has grown: now there is more to compare them with. So
/// it does not matter whether they came before the entries that link them to the others, or after them. Empty, unless every
/// one of them would join; who only points at one of them goes with it.
fn place_again(
    conn: &Connection,
    counts: &mut Counts,
    small: i64,
    large: i64,
) -> Result<Vec<PlacedAgain>, StoreError> {
    let entries: Vec<i64> = conn
        .prepare_cached(
            "SELECT entry FROM story_entry WHERE story = ?1
             AND points = (SELECT min(points) FROM story_entry WHERE story = ?1)",
        )?
        .query_map([small], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut placed = Vec::with_capacity(entries.len());
    for id in entries {
        let Some(entry) = Entry::load(conn, id)? else {
            return Ok(Vec::new());
        };
        let sources = Sources::load(conn, &entry)?;
        let subject = subject(conn, counts, &entry, sources.cited_strongly())?;
        let mut near = Neighbours::load(conn, &entry, &subject, &sources)?;
        near.stories.retain(|story| story.id != small);
        let caution = frequencies(conn, counts, &entry.language, &[])?.caution();
        let Some(join) =
            story::place(&subject, &near.all(), caution).filter(|join| join.story == large)
        else {
            return Ok(Vec::new());
        };
        placed.push(PlacedAgain {
            entry: id,
            why: near.why(&join, &subject),
            copy: near.copied(conn, large, &entry, &subject)?,
            join,
        });
    }
    Ok(placed)
}

/// All entries of a story go to another one.
fn absorb(conn: &Connection, story: i64, other: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE story_entry SET story = ?1 WHERE story = ?2")?
        .execute([story, other])?;
    conn.prepare_cached("DELETE FROM story WHERE id = ?1")?
        .execute([other])?;
    Ok(())
}

fn split_by_hand(conn: &Connection, one: i64, other: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM story_entry a JOIN apart p ON p.entry = a.entry JOIN story_entry b ON b.entry = p.other
                        WHERE a.story = ?1 AND b.story = ?2)",
    )?
    .query_row([one, other], |row| row.get(0))
}

/// Where entries that are older than a week are no longer joined: counts them, and lets go of what finds them by. Answers
/// whether any is left.
pub fn age(
    conn: &Connection,
    counts: &mut Counts,
    mut may_go_on: impl FnMut() -> bool,
) -> Result<bool, StoreError> {
    let before = counts.from(conn)?;
    let old: Vec<i64> = conn
        .prepare_cached("SELECT entry FROM vector WHERE published < ?1 LIMIT 500")?
        .query_map([before], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &old {
        if let Some(entry) = Entry::load(conn, *id)? {
            counts.count(conn, *id, &entry.text(0))?;
        }
        forget_vector(conn, *id)?;
        if !may_go_on() {
            return Ok(true);
        }
    }
    Ok(old.len() == 500)
}

/// Whether [`age`] has anything to do.
pub fn any_old(conn: &Connection, counts: &mut Counts) -> Result<bool, StoreError> {
    let before = counts.from(conn)?;
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM vector WHERE published < ?1)")?
        .query_row([before], |row| row.get(0))?)
}

/// The discussions that an entry is or names, about what it is about.
fn note_threads(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM thread WHERE entry = ?1")?
        .execute([entry.id])?;
    let any: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM citation WHERE from_entry = ?1 AND role = 'discussion')",
        )?
        .query_row([entry.id], |row| row.get(0))?;
    if !any {
        // What follows could fail half-way, so SQLite makes a savepoint for it, and with each of those the full-text index
        // writes what it has gathered: a segment an entry.
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO thread (about, key, place, entry, comments)
         SELECT coalesce((SELECT t.key FROM citation p JOIN source t ON t.id = p.source
                          WHERE p.from_entry = ?1 AND p.\"primary\" = 1 AND p.role = 'source' LIMIT 1), e.key),
                s.key, CASE WHEN s.key LIKE 'hn:%' THEN 'hn' WHEN s.key LIKE 'lobsters:%' THEN 'lobsters'
                            WHEN s.key LIKE 'reddit:%' THEN 'reddit' ELSE s.site END, ?1, e.comments
         FROM citation c JOIN source s ON s.id = c.source JOIN entry e ON e.id = c.from_entry
         WHERE c.from_entry = ?1 AND c.role = 'discussion' AND e.key <> '' LIMIT 5",
    )?
    .execute([entry.id])?;
    Ok(())
}

/// The discussion that a feed names for an entry which it shares with the entry's own site.
pub fn note_thread(conn: &Connection, about: &str, fields: &FieldLinks) -> Result<(), StoreError> {
    let Some((url, comments)) = &fields.comments else {
        return Ok(());
    };
    let Ok(address) = address::clean(url, Found::default()) else {
        return Ok(());
    };
    let site = address::site(&address.display);
    let place = match address.key.split_once(':') {
        Some((place @ ("hn" | "lobsters" | "reddit"), _)) => place,
        _ => &site,
    };
    cite::source_of(conn, &address.key, &address.display, &site, address.kind)?;
    conn.prepare_cached(
        "INSERT INTO thread (about, key, place, comments) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (about, key) DO UPDATE SET comments = excluded.comments, entry = NULL",
    )?
    .execute(params![about, address.key, place, comments])?;
    Ok(())
}

/// The other entries of an entry's story.
pub fn told_with(conn: &Connection, id: i64) -> rusqlite::Result<Vec<i64>> {
    conn.prepare_cached(
        "SELECT entry FROM story_entry WHERE story = (SELECT story FROM story_entry WHERE entry = ?1) AND entry <> ?1",
    )?
    .query_map([id], |row| row.get(0))?
    .collect()
}

/// Joins entries to the story of another by hand, or takes that back: each stands where it stood before, with those that it
/// stood with. Answers how many moved.
pub fn join(
    conn: &Connection,
    batch: &mut Batch,
    with: i64,
    entries: &[(i64, Vec<i64>)],
    back: bool,
) -> Result<usize, StoreError> {
    let mut moved = 0;
    for (at, (entry, before)) in entries.iter().enumerate() {
        // Who stood with it and is not taken back yet, is still in the story that it leaves.
        let waiting = &entries[at..];
        let before: Vec<i64> = before
            .iter()
            .copied()
            .filter(|other| !back || !waiting.iter().any(|(waiting, _)| waiting == other))
            .collect();
        let hand = Hand {
            entry: *entry,
            others: &[with],
            before: &before,
            apart: false,
        };
        moved += if back {
            hand.take_back(conn, batch)?
        } else {
            hand.put(conn, batch)?
        };
    }
    Ok(moved)
}

/// What the reader does to a story by hand.
pub struct Hand<'a> {
    pub entry: i64,
    /// Those it is split from, or joined to.
    pub others: &'a [i64],
    /// Those it stood with before.
    pub before: &'a [i64],
    pub apart: bool,
}

impl Hand<'_> {
    /// Does it, and writes down that it outranks what words say. Answers whether the entry moved.
    pub fn put(&self, conn: &Connection, batch: &mut Batch) -> Result<usize, StoreError> {
        for other in self.others.iter().filter(|other| **other != self.entry) {
            for pair in [[self.entry, *other], [*other, self.entry]] {
                let (add, take) = if self.apart {
                    ("apart", "together")
                } else {
                    ("together", "apart")
                };
                conn.prepare_cached(&format!(
                    "INSERT OR IGNORE INTO {add} (entry, other) VALUES (?1, ?2)"
                ))?
                .execute(pair)?;
                conn.prepare_cached(&format!(
                    "DELETE FROM {take} WHERE entry = ?1 AND other = ?2"
                ))?
                .execute(pair)?;
            }
        }
        let with = if self.apart { &[] } else { self.others };
        let why = if self.apart {
            "split by you"
        } else {
            "joined by you"
        };
        self.go(conn, batch, with, why)
    }

    /// Takes it back: the entry stands where it stood before.
    pub fn take_back(&self, conn: &Connection, batch: &mut Batch) -> Result<usize, StoreError> {
        let table = if self.apart { "apart" } else { "together" };
        for other in self.others {
            conn.prepare_cached(&format!(
                "DELETE FROM {table} WHERE (entry = ?1 AND other = ?2) OR (entry = ?2 AND other = ?1)"
            ))?
            .execute([self.entry, *other])?;
        }
        self.go(conn, batch, self.before, "")
    }

    /// To the story of the first of `with` that is in one; alone where none is.
    fn go(
        &self,
        conn: &Connection,
        batch: &mut Batch,
        with: &[i64],
        why: &str,
    ) -> Result<usize, StoreError> {
        let story_of = |id: i64| -> rusqlite::Result<Option<i64>> {
            conn.prepare_cached("SELECT story FROM story_entry WHERE entry = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()
        };
        let Some(entry) = Entry::load(conn, self.entry)? else {
            return Ok(0);
        };
        let was = story_of(self.entry)?;
        let mut to = None;
        for other in with.iter().filter(|other| **other != self.entry) {
            to = to.or(story_of(*other)?);
        }
        if was.is_some() && was == to
            || to.is_none() && !self.apart && with.iter().any(|other| *other != self.entry)
        {
            return Ok(0);
        }
        let to = match to {
            Some(story) => story,
            None => open(conn, entry.published)?,
        };
        conn.prepare_cached(
            "INSERT INTO story_entry (entry, story, why, site, in_list) VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (entry) DO UPDATE SET story = excluded.story, why = excluded.why, copy_of = NULL, in_list = 0",
        )?
        .execute(params![self.entry, to, why, entry.site])?;
        batch.changes.entries.push(EntryId(self.entry));
        for story in was.into_iter().chain([to]) {
            refresh(conn, batch, story)?;
        }
        // Those it has left look different, too: they may stand alone now.
        batch
            .changes
            .entries
            .extend(self.before.iter().chain(self.others).map(|id| EntryId(*id)));
        Ok(1)
    }
}
