//! The front page: which stories of a time matter most, what is cited, and who seldom speaks.

use super::most_cited::most_cited;
use super::stories::story_row;
use super::{StoreError, rows};
use crate::news::{EntryHead, FrontPage, StoryRow};
use crate::story::{self, Facts};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::{HashMap, HashSet};

const DAY: i64 = 24 * 3600;
/// Stories of one site that are ranked, the newest of them; those of several sites all are.
const LONE: i64 = 300;
/// Stories of several sites that are ranked, at most.
const TOLD: i64 = 3_000;
/// How far back it is counted what the reader opens.
const HABIT_DAYS: i64 = 60;
/// So many stories told by several sites make a front page.
const ENOUGH: usize = 5;
/// Rare voices of a front page.
const RARE: usize = 8;

/// What a front page shows.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub stories: usize,
    pub cited: usize,
    /// Stories of one entry count, too.
    pub lone: bool,
    /// What the reader opens counts for the order.
    pub habits: bool,
}

/// Part of the entries of each feed that the reader opened lately.
fn habits(conn: &Connection, until: i64) -> Result<HashMap<i64, f32>, StoreError> {
    let since = until - HABIT_DAYS * DAY;
    let opened: Vec<(i64, f32)> = conn
        .prepare_cached(
            "SELECT e.feed, count(DISTINCT e.id) FROM read_log r JOIN entry e ON e.id = r.entry WHERE r.at BETWEEN ?1 AND ?2 GROUP BY e.feed",
        )?
        .query_map([since, until], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut statement = conn.prepare_cached(
        "SELECT count(*) FROM entry_feed INDEXED BY entry_feed_date WHERE feed = ?1 AND published BETWEEN ?2 AND ?3",
    )?;
    let mut habits = HashMap::new();
    for (feed, opened) in opened {
        let there: f32 = statement.query_row([feed, since, until], |row| row.get(0))?;
        habits.insert(feed, (opened / there.max(1.0)).min(1.0));
    }
    Ok(habits)
}

/// What a time was about.
pub fn front_page(conn: &Connection, wanted: &Wanted) -> Result<FrontPage, StoreError> {
    let (since, until) = (wanted.since.timestamp(), wanted.until.timestamp());
    let habits = if wanted.habits {
        habits(conn, until)?
    } else {
        HashMap::new()
    };
    let mut found = Vec::new();
    told_by_several(conn, since, until, &habits, &mut found)?;
    if wanted.lone {
        told_by_one(conn, since, until, &habits, &mut found)?;
    }
    let more = found.len().saturating_sub(wanted.stories) as u32;
    // A primary source moves a story up: those that it could bring in are looked at, too.
    let ranked = first_ranked(conn, found, wanted.stories + wanted.stories / 2)?;
    let mut stories = Vec::new();
    for (id, mut facts) in ranked {
        let Some(mut row) = story_row(conn, id, &habits)? else {
            continue;
        };
        facts.primary = row.primary.as_ref().is_some_and(|primary| primary.certain);
        let rank = story::rank(&facts);
        row.score = rank.score;
        row.why = SafeText::line(&rank.why);
        stories.push(row);
    }
    stories.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
    // One feed must not fill the page with what it alone tells.
    let mut alone: HashMap<i64, usize> = HashMap::new();
    stories.retain(|story| {
        let feed = story.entries.first().map_or(0, |told| told.head.feed.0);
        let count = alone.entry(feed).or_default();
        *count += usize::from(story.sites == 1);
        story.sites > 1 || *count <= 2
    });
    // Where enough is told by several, what is told by one feed alone that seldom posts has a place of its own.
    let told = |stories: &[StoryRow], lone: bool| -> HashSet<i64> {
        let kept = stories.iter().filter(|story| lone || story.sites > 1);
        kept.flat_map(|story| story.entries.iter().map(|told| told.head.id.0))
            .collect()
    };
    let several = stories.iter().filter(|story| story.sites > 1).count();
    let rare = rare_voices(conn, since, until, &told(&stories, several < ENOUGH))?;
    if several >= ENOUGH {
        stories.retain(|story| story.sites > 1 || !rare.iter().any(|head| head.id == story.speaks));
    }
    stories.truncate(wanted.stories);
    let entries = conn
        .prepare_cached("SELECT count(*) FROM entry INDEXED BY entry_date WHERE hidden = 0 AND published BETWEEN ?1 AND ?2")?
        .query_row([since, until], |row| row.get(0))?;
    Ok(FrontPage {
        since: wanted.since,
        until: wanted.until,
        cited: most_cited(conn, since, until, wanted.cited)?,
        rare,
        stories,
        entries,
        more,
    })
}

/// A story that may stand on the page.
struct Found {
    id: i64,
    facts: Facts,
    /// Whether all of it is read, and how much it is discussed, is not known yet.
    open: bool,
}

/// The stories of a time that several sites tell.
fn told_by_several(
    conn: &Connection,
    since: i64,
    until: i64,
    habits: &HashMap<i64, f32>,
    found: &mut Vec<Found>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.id, s.entries, s.sites, min(s.newest, ?2), e.feed
         FROM story s INDEXED BY story_told JOIN entry e ON e.id = s.title_entry
         WHERE s.sites > 1 AND s.newest >= ?1 AND s.opened <= ?2 AND e.hidden = 0 ORDER BY s.newest DESC LIMIT ?3",
    )?;
    let mut rows = statement.query(params![since, until, TOLD])?;
    while let Some(row) = rows.next()? {
        let facts = Facts {
            entries: row.get(1)?,
            sites: row.get(2)?,
            hours: (until - row.get::<_, i64>(3)?) as f32 / 3600.0,
            opened: habits.get(&row.get(4)?).copied().unwrap_or(0.0),
            ..Facts::default()
        };
        found.push(Found {
            id: row.get(0)?,
            facts,
            open: true,
        });
    }
    Ok(())
}

/// The newest stories of a time that one site tells.
fn told_by_one(
    conn: &Connection,
    since: i64,
    until: i64,
    habits: &HashMap<i64, f32>,
    found: &mut Vec<Found>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.id, s.entries, s.sites, s.newest, e.feed, e.read = 0, e.comments
         FROM story s INDEXED BY story_newest JOIN entry e ON e.id = s.title_entry
         WHERE s.newest BETWEEN ?1 AND ?2 AND s.sites = 1 AND e.hidden = 0 ORDER BY s.newest DESC LIMIT ?3",
    )?;
    let mut rows = statement.query(params![since, until, LONE])?;
    while let Some(row) = rows.next()? {
        let facts = Facts {
            entries: row.get(1)?,
            sites: row.get(2)?,
            hours: (until - row.get::<_, i64>(3)?) as f32 / 3600.0,
            opened: habits.get(&row.get(4)?).copied().unwrap_or(0.0),
            unread: row.get(5)?,
            comments: row.get::<_, Option<u32>>(6)?.unwrap_or(0),
            primary: false,
        };
        found.push(Found {
            id: row.get(0)?,
            facts,
            open: false,
        });
    }
    Ok(())
}

/// The first of them by rank. What must be asked of each entry is asked of those that can still be among them.
fn first_ranked(
    conn: &Connection,
    found: Vec<Found>,
    at_most: usize,
) -> Result<Vec<(i64, Facts)>, StoreError> {
    let mut bounded: Vec<(f32, Found)> = found
        .into_iter()
        .map(|one| {
            let best = if one.open {
                Facts {
                    unread: true,
                    comments: u32::MAX,
                    ..one.facts
                }
            } else {
                one.facts
            };
            (story::rank(&best).score, one)
        })
        .collect();
    bounded.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.id.cmp(&a.1.id)));
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(max(e.read = 0), 0), coalesce(max(e.comments), 0)
         FROM story_entry x JOIN entry e ON e.id = x.entry WHERE x.story = ?1",
    )?;
    let mut ranked: Vec<(f32, i64, Facts)> = Vec::new();
    for (bound, mut one) in bounded {
        if ranked.len() >= at_most && ranked.last().is_none_or(|last| bound < last.0) {
            break;
        }
        if one.open {
            (one.facts.unread, one.facts.comments) =
                statement.query_row([one.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        }
        let score = story::rank(&one.facts).score;
        let place = ranked
            .partition_point(|known| known.0.total_cmp(&score).then(known.1.cmp(&one.id)).is_gt());
        ranked.insert(place, (score, one.id, one.facts));
        ranked.truncate(at_most);
    }
    Ok(ranked
        .into_iter()
        .map(|(_, id, facts)| (id, facts))
        .collect())
}

/// Entries of feeds that post seldom: the newest of each.
fn rare_voices(
    conn: &Connection,
    since: i64,
    until: i64,
    shown: &HashSet<i64>,
) -> Result<Vec<EntryHead>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, feed FROM entry INDEXED BY entry_date WHERE hidden = 0 AND published BETWEEN ?1 AND ?2 ORDER BY published DESC LIMIT 2000",
    )?;
    let mut month = conn.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM entry_feed INDEXED BY entry_feed_date WHERE feed = ?1 AND published BETWEEN ?2 AND ?3 LIMIT 20)",
    )?;
    let mut looked_at = HashSet::new();
    let mut ids = Vec::new();
    let mut found = statement.query([since, until])?;
    while let Some(row) = found.next()? {
        let (id, feed): (i64, i64) = (row.get(0)?, row.get(1)?);
        if shown.contains(&id) || !looked_at.insert(feed) {
            continue;
        }
        let count: u32 = month.query_row([feed, until - 30 * DAY, until], |row| row.get(0))?;
        if story::is_rare_voice(count) {
            ids.push(id);
        }
        if ids.len() == RARE {
            break;
        }
    }
    rows::heads(conn, &ids)
}
