//! Who stands in a story, and what follows from that: its counts, its times, its title, its rows in lists.

use super::super::batch::Batch;
use crate::feed::EntryId;
use crate::store::StoreError;
use crate::story::{self, Vector};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// Seconds within which entries came in one refresh: none of them was there to be looked at before the others.
const ONE_REFRESH: i64 = 120;
/// Terms that the sum of a story keeps.
const SUM: usize = 256;

/// A new story, without entries yet.
pub(super) fn open(conn: &Connection, at: i64) -> rusqlite::Result<i64> {
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

/// The other entries of an entry's story.
pub fn told_with(conn: &Connection, id: i64) -> rusqlite::Result<Vec<i64>> {
    conn.prepare_cached(
        "SELECT entry FROM story_entry WHERE story = (SELECT story FROM story_entry WHERE entry = ?1) AND entry <> ?1",
    )?
    .query_map([id], |row| row.get(0))?
    .collect()
}
