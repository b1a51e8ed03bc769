//! Rules: what is done by itself with entries that have arrived.
//!
//! - A rule's query means what it means in the search prompt: it is asked of the database, about the new entries alone.
//! - At arrival title, feed and date are known. Text and sources are known when idle work has read them: a rule that asks for
//!   those is asked again then, once. One that says "not" of them is asked then only.
//! - What a rule does is not written down for undo: the reader has not done it.

use super::Desk;
use super::batch::Batch;
use crate::feed::EntryId;
use crate::news::{Deed, Notify, Rule};
use crate::query::{self, Query, Test, Thing};
use crate::store::{StoreError, rows, search};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

/// Rules beyond this many are asked at arrival only.
const BITS: usize = 62;

/// What the query of a rule needs to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// What the entry brings with it.
    Nothing,
    /// The text or what is cited; what is found without them is right.
    More,
    /// The same, and what is found without them may be wrong.
    All,
}

/// What a query needs to be known.
pub fn needs(query: &Query) -> Needs {
    match query {
        Query::And(parts) | Query::Or(parts) => {
            let each: Vec<Needs> = parts.iter().map(needs).collect();
            if each.contains(&Needs::All) {
                Needs::All
            } else if each.contains(&Needs::More) {
                Needs::More
            } else {
                Needs::Nothing
            }
        }
        Query::Not(part) => match needs(part) {
            Needs::Nothing => Needs::Nothing,
            Needs::More | Needs::All => Needs::All,
        },
        Query::Test(
            Test::Word { .. }
            | Test::Phrase(_)
            | Test::Source(_)
            | Test::Story(_)
            | Test::Has(Thing::Sources),
        ) => Needs::More,
        Query::All | Query::Test(_) => Needs::Nothing,
    }
}

/// A rule's query, read now; `None`: it cannot be read, which the config's reader has said.
fn read(desk: &Desk, rule: &Rule) -> Option<Query> {
    query::parse(&format!("{} ", rule.query), (desk.clock)()).ok()
}

/// Asks the rules about entries that have just been stored.
pub fn at_arrival(desk: &Desk, batch: &mut Batch) -> Result<(), StoreError> {
    let arrived = std::mem::take(&mut batch.arrived);
    if arrived.is_empty() || desk.settings.rules.is_empty() {
        return Ok(());
    }
    let conn = &desk.conn;
    let mut later = false;
    let mut met: Vec<(usize, Vec<i64>)> = Vec::new();
    for (place, rule) in desk.settings.rules.iter().enumerate() {
        let Some(query) = read(desk, rule) else {
            continue;
        };
        let needs = needs(&query);
        later |= needs != Needs::Nothing;
        if needs != Needs::All {
            met.push((place, matching(conn, &query, &arrived)?));
        }
    }
    if later {
        let mut queue =
            conn.prepare_cached("INSERT OR REPLACE INTO rule_queue (entry, met) VALUES (?1, 0)")?;
        for id in &arrived {
            queue.execute([id])?;
        }
        let mut note =
            conn.prepare_cached("UPDATE rule_queue SET met = met | ?2 WHERE entry = ?1")?;
        for (place, ids) in met.iter().filter(|(place, _)| *place < BITS) {
            for id in ids {
                note.execute([*id, 1 << place])?;
            }
        }
    }
    for (place, ids) in met {
        carry_out(desk, batch, &desk.settings.rules[place], &ids)?;
    }
    Ok(())
}

/// Asks the rules about an entry whose text and sources are known now.
pub fn when_read(desk: &Desk, batch: &mut Batch, id: i64) -> Result<(), StoreError> {
    let conn = &desk.conn;
    let met: Option<i64> = conn
        .prepare_cached("DELETE FROM rule_queue WHERE entry = ?1 RETURNING met")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(met) = met else {
        return Ok(());
    };
    for (place, rule) in desk.settings.rules.iter().enumerate().take(BITS) {
        if met >> place & 1 == 1 {
            continue;
        }
        let Some(query) = read(desk, rule).filter(|query| needs(query) != Needs::Nothing) else {
            continue;
        };
        let ids = matching(conn, &query, &[id])?;
        carry_out(desk, batch, rule, &ids)?;
    }
    Ok(())
}

/// Those of the entries that match.
fn matching(conn: &Connection, query: &Query, among: &[i64]) -> Result<Vec<i64>, StoreError> {
    let mut condition = search::condition(conn, query)?;
    let among = serde_json::to_string(among).unwrap_or_default();
    condition.and("e.id IN (SELECT value FROM json_each(?))", [among.into()]);
    let mut statement =
        conn.prepare_cached(&format!("SELECT e.id FROM entry e WHERE {}", condition.sql))?;
    let ids = statement
        .query_map(params_from_iter(condition.params), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}

fn carry_out(desk: &Desk, batch: &mut Batch, rule: &Rule, ids: &[i64]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let conn = &desk.conn;
    for deed in &rule.deeds {
        match deed {
            Deed::MarkRead => read_unseen(desk, batch, ids)?,
            Deed::Star | Deed::Later => {
                let column = if *deed == Deed::Star {
                    "starred"
                } else {
                    "later"
                };
                let mut mark = conn.prepare_cached(&format!(
                    "UPDATE entry SET {column} = 1 WHERE id = ?1 AND {column} = 0"
                ))?;
                let mut marked = 0;
                for id in ids {
                    marked += mark.execute([id])? as i64;
                }
                if *deed == Deed::Star {
                    batch.tally.marked(marked, 0);
                } else {
                    batch.tally.marked(0, marked);
                }
            }
            Deed::Tag(tag) => {
                let mut add = conn.prepare_cached(
                    "INSERT OR IGNORE INTO entry_tag (entry, tag) VALUES (?1, ?2)",
                )?;
                for id in ids {
                    add.execute(params![id, tag])?;
                }
            }
            Deed::Hide => {
                read_unseen(desk, batch, ids)?;
                let mut keep =
                    conn.prepare_cached("INSERT OR IGNORE INTO kept_back (entry) VALUES (?1)")?;
                for id in ids {
                    keep.execute([id])?;
                    super::feeds::set_entry_hidden(conn, batch, *id, true)?;
                }
            }
            Deed::Notify => {
                batch
                    .changes
                    .notify
                    .extend(rows::heads(conn, ids)?.into_iter().map(|head| Notify {
                        entry: head.id,
                        title: head.title,
                        feed: head.feed_title,
                    }));
            }
        }
    }
    batch
        .changes
        .entries
        .extend(ids.iter().map(|id| EntryId(*id)));
    Ok(())
}

/// Marks read without the time of it: what nobody has seen does not stay in a list of unread entries.
fn read_unseen(desk: &Desk, batch: &mut Batch, ids: &[i64]) -> Result<(), StoreError> {
    super::edit::set_read(&desk.conn, batch, ids, true, (desk.clock)())?;
    let mut forget = desk
        .conn
        .prepare_cached("UPDATE entry SET read_at = NULL WHERE id = ?1")?;
    for id in ids {
        forget.execute([id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Needs, needs};
    use crate::query::parse;
    use chrono::DateTime;

    #[test]
    fn what_is_not_known_at_arrival_is_waited_for() {
        for (text, expected) in [
            ("title:rust feed:lwn", Needs::Nothing),
            ("-title:rust", Needs::Nothing),
            ("rust ", Needs::More),
            ("title:rust or \"memory safe\"", Needs::More),
            ("source:arxiv.org", Needs::More),
            ("title:x -rust ", Needs::All),
            ("-has:sources", Needs::All),
            ("-(-rust )", Needs::All),
        ] {
            let query = parse(text, DateTime::UNIX_EPOCH).expect(text);
            assert_eq!(needs(&query), expected, "{text}");
        }
    }
}
