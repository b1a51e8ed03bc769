//! Stories that become one: those that a new entry has brought together.

use super::super::batch::Batch;
use super::counts::{Counts, frequencies};
use super::entry::Entry;
use super::members::refresh;
use super::nearby::Neighbours;
use super::sources::Sources;
use super::terms::subject;
use crate::store::StoreError;
use crate::story::{self, Join, Side, Subject, Tie, Vector};
use rusqlite::{Connection, OptionalExtension, params};

/// Entries that are placed once more beside a new one, at most.
const AGAIN: usize = 3;

/// Makes one of the stories that an entry has brought together, where they tell the same.
pub(super) fn merge(
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
