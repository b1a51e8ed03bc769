//! The stories nearby: of entries that share words, cite the same, or are about the same address.

use super::entry::Entry;
use super::sources::Sources;
use crate::store::StoreError;
use crate::story::{self, Join, Near, Subject, Tie, Vector};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Entries looked at of those that share a word, the newest first; then those of them that share most.
const OF_ONE_WORD: i64 = 200;
const COMPARED: usize = 40;
/// Citations of a source that are looked at.
const CITATIONS: i64 = 40;
/// How alike an entry must be to one of a story that is placed once more beside it, unless they share a source.
const WORTH_AGAIN: f32 = 0.2;

struct Neighbour {
    vector: Vector,
    words: i64,
    numbers: Vec<String>,
    round_up: bool,
    language: String,
}

pub(super) struct Story {
    pub(super) id: i64,
    pub(super) sum: Vector,
    pub(super) opened: i64,
    pub(super) newest: i64,
    pub(super) entries: i64,
    pub(super) short: bool,
    /// The language of the entry that is placed.
    language: String,
    pub(super) own_feed: bool,
    pub(super) hours: f32,
    members: Vec<(i64, Neighbour)>,
    pub(super) links: Vec<(f32, u32)>,
    pub(super) tie: Tie,
}

/// The stories nearby.
pub(super) struct Neighbours {
    pub(super) stories: Vec<Story>,
}

impl Neighbours {
    pub(super) fn load(
        conn: &Connection,
        entry: &Entry,
        subject: &Subject,
        sources: &Sources,
    ) -> Result<Neighbours, StoreError> {
        let reach = story::REACH_HOURS * 3600;
        let time = (entry.published - reach, entry.published + reach);
        let mut candidates = sharing_words(conn, entry, subject)?;
        let tied = about_the_same(conn, entry, subject, sources, time)?;
        candidates.extend(tied.iter());
        let mut linked = if subject.round_up {
            Linked::default()
        } else {
            Linked::load(conn, entry, sources, time)?
        };
        candidates.extend(linked.by_entry.keys());
        candidates.sort_unstable();
        candidates.dedup();
        let mut stories: BTreeMap<i64, Story> = BTreeMap::new();
        let mut strongest: HashMap<i64, HashMap<i64, f32>> = HashMap::new();
        for id in candidates {
            let Some((story, neighbour, at)) = Neighbour::load(conn, id)? else {
                continue;
            };
            if !(time.0..=time.1).contains(&at) {
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
            for (source, strength) in linked.by_entry.remove(&id).unwrap_or_default() {
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
                .map(|(source, strength)| {
                    (strength, linked.older.get(&source).copied().unwrap_or(0))
                })
                .collect();
        }
        let split = split_from(conn, entry.id, stories.keys())?;
        stories.retain(|id, _| !split.contains(id));
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

    pub(super) fn all(&self) -> Vec<Near<'_>> {
        self.stories.iter().map(Story::near).collect()
    }

    /// In words, why an entry joins.
    pub(super) fn why(&self, join: &Join, subject: &Subject) -> String {
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
    pub(super) fn copied(
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

/// The entries that share most of the words by which this one is found.
fn sharing_words(
    conn: &Connection,
    entry: &Entry,
    subject: &Subject,
) -> rusqlite::Result<Vec<i64>> {
    let mut shared: HashMap<i64, u32> = HashMap::new();
    let mut statement = conn
        .prepare_cached("SELECT entry FROM posting WHERE term = ?1 ORDER BY entry DESC LIMIT ?2")?;
    for (rank, term) in subject.heavy.iter().enumerate() {
        let mut rows = statement.query([i64::from(*term), OF_ONE_WORD])?;
        while let Some(row) = rows.next()? {
            // The heaviest words weigh most; this only picks whom to compare with.
            *shared.entry(row.get(0)?).or_default() += 24 - rank as u32;
        }
    }
    shared.remove(&entry.id);
    let mut likely: Vec<(u32, i64)> = shared
        .into_iter()
        .map(|(id, weight)| (weight, id))
        .collect();
    likely.sort_unstable_by(|a, b| b.cmp(a));
    likely.truncate(COMPARED);
    Ok(likely.into_iter().map(|(_, id)| id).collect())
}

/// The entries that are about the very address this one is about: a link-blog's target, the subject of a thread, the article.
fn about_the_same(
    conn: &Connection,
    entry: &Entry,
    subject: &Subject,
    sources: &Sources,
    (from, to): (i64, i64),
) -> rusqlite::Result<HashSet<i64>> {
    let mut tied: HashSet<i64> = HashSet::new();
    let mut add = |sql: &str, value: rusqlite::types::Value| -> rusqlite::Result<()> {
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
        add(by_key, entry.key.clone().into())?;
        let known: Option<i64> = conn
            .prepare_cached("SELECT id FROM source WHERE hash = key_hash(?1) AND key = ?1")?
            .query_row([&entry.key], |row| row.get(0))
            .optional()?;
        if let Some(source) = known {
            add(by_target, source.into())?;
        }
    }
    if !subject.round_up {
        for (source, key) in &sources.targets {
            add(by_key, key.clone().into())?;
            add(by_target, (*source).into())?;
        }
    }
    tied.remove(&entry.id);
    Ok(tied)
}

/// Stands in [`Linked::by_entry`] for the entry itself where a source is meant: somebody cites it.
const ITSELF: i64 = 0;

/// The entries that cite what this one cites, that it cites, or that cite it.
#[derive(Default)]
struct Linked {
    /// Per entry the sources in common, and how strongly they are cited.
    by_entry: HashMap<i64, Vec<(i64, f32)>>,
    /// How many cited a source before the time that is looked at.
    older: HashMap<i64, u32>,
}

impl Linked {
    fn load(
        conn: &Connection,
        entry: &Entry,
        sources: &Sources,
        (from, to): (i64, i64),
    ) -> rusqlite::Result<Linked> {
        let mut linked = Linked::default();
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
        // Who cites this entry tells the same, as far as words agree.
        if entry.key.contains(['/', ':']) {
            let mut rows = citing.query(params![entry.key, from, to])?;
            while let Some(row) = rows.next()? {
                linked.add(entry, row.get(0)?, ITSELF, row.get::<_, f64>(1)? as f32);
            }
        }
        for (source, key, strength) in &sources.strong {
            for id in cited.query_map(params![key, from, to], |row| row.get::<_, i64>(0))? {
                linked.add(entry, id?, *source, *strength);
            }
            let mut rows = statement.query([*source, CITATIONS])?;
            while let Some(row) = rows.next()? {
                let (id, at, theirs): (i64, i64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                if id != entry.id && at < from {
                    *linked.older.entry(*source).or_default() += 1;
                } else if at <= to {
                    linked.add(entry, id, *source, strength.min(theirs as f32));
                }
            }
        }
        Ok(linked)
    }

    fn add(&mut self, entry: &Entry, id: i64, source: i64, strength: f32) {
        if id != entry.id {
            self.by_entry
                .entry(id)
                .or_default()
                .push((source, strength));
        }
    }
}

/// Those of the stories which the reader split the entry from.
fn split_from<'a>(
    conn: &Connection,
    id: i64,
    stories: impl Iterator<Item = &'a i64>,
) -> rusqlite::Result<HashSet<i64>> {
    let apart: HashSet<i64> = conn
        .prepare_cached("SELECT other FROM apart WHERE entry = ?1")?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut split = HashSet::new();
    if apart.is_empty() {
        return Ok(split);
    }
    let mut statement = conn.prepare_cached("SELECT entry FROM story_entry WHERE story = ?1")?;
    for story in stories {
        for member in statement.query_map([story], |row| row.get::<_, i64>(0))? {
            if apart.contains(&member?) {
                split.insert(*story);
            }
        }
    }
    Ok(split)
}

impl Neighbour {
    /// An entry, the story it stands in, and when it was published.
    fn load(conn: &Connection, id: i64) -> rusqlite::Result<Option<(i64, Neighbour, i64)>> {
        conn.prepare_cached(
            "SELECT se.story, v.words, v.numbers, v.terms, e.published, coalesce(v.round_up, 0), coalesce(v.lang, '') FROM story_entry se JOIN entry e ON e.id = se.entry
             LEFT JOIN vector v ON v.entry = se.entry WHERE se.entry = ?1",
        )?
        .query_row([id], |row| {
            let neighbour = Neighbour {
                words: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
                numbers: row
                    .get::<_, Option<String>>(2)?
                    .unwrap_or_default()
                    .lines()
                    .map(str::to_owned)
                    .collect(),
                vector: Vector::from_bytes(&row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default()),
                round_up: row.get(5)?,
                language: row.get(6)?,
            };
            Ok((row.get(0)?, neighbour, row.get(4)?))
        })
        .optional()
    }
}

impl Story {
    /// Whether it is worth to place its entries once more beside what was just placed.
    pub(super) fn worth(&self, subject: &Subject) -> bool {
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
            words: self
                .members
                .iter()
                .map(|(_, member)| member.words as usize)
                .max()
                .unwrap_or(0),
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
