//! Edits: what a reader changes, its SQL, and what is written down of it.

use super::Desk;
use super::batch::Batch;
use super::log::{self, Mark, Op};
use crate::feed::{EntryId, FeedId};
use crate::news::{Applied, Edit, MarkKind, NOTHING_TO_REDO, NOTHING_TO_UNDO, Which};
use crate::store::{StoreError, search};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

/// So many changed entries are named; more than that, and who shows entries asks again anyway.
const NAMED: usize = 5_000;

/// Texts of files that together are larger than this are not kept for undo.
const LARGEST_FILES: usize = 2 << 20;

fn done(summary: &str, count: u64, undoable: bool) -> Applied {
    Applied {
        number: 0,
        summary: SafeText::line(summary),
        count,
        undoable,
        error: None,
    }
}

/// Does what an edit says.
pub fn apply(desk: &Desk, batch: &mut Batch, edit: Edit) -> Result<Applied, StoreError> {
    let conn = &desk.conn;
    match edit {
        Edit::Mark { which, mark, on } => {
            let column = match mark {
                MarkKind::Read => "read",
                MarkKind::Starred => "starred",
                MarkKind::Later => "later",
            };
            let ids = select(conn, &which, &format!("e.{column} <> ?"), on.into())?;
            let summary = format!("{} {}", entries(ids.len()), mark_words(mark.into(), on));
            logged(
                desk,
                batch,
                &Op::Mark {
                    mark: mark.into(),
                    on,
                },
                &ids,
                &summary,
            )
        }
        Edit::Tag { which, tag, on } => {
            let tag = SafeText::line(&tag).into_string();
            if tag.is_empty() {
                return Ok(done("a tag needs a name", 0, false));
            }
            let ids = select(conn, &which, &differs(on), tag.clone().into())?;
            let words = if on { "tagged" } else { "no longer tagged" };
            let summary = format!("{} {words} {tag}", entries(ids.len()));
            logged(desk, batch, &Op::Tag { tag, on }, &ids, &summary)
        }
        Edit::Tags { which, tags } => {
            let (mut changes, mut ids): (Vec<_>, Vec<i64>) = (Vec::new(), Vec::new());
            let mut words = Vec::new();
            for (tag, on) in tags {
                let tag = SafeText::line(&tag).into_string();
                if tag.is_empty() {
                    continue;
                }
                let changed = select(conn, &which, &differs(on), tag.clone().into())?;
                if !changed.is_empty() {
                    let what = if on { "tagged" } else { "no longer tagged" };
                    words.push(format!("{what} {tag}"));
                    ids.extend(&changed);
                    changes.push((tag, on, changed));
                }
            }
            ids.sort_unstable();
            ids.dedup();
            let summary = format!("{} {}", entries(ids.len()), words.join(", "));
            logged(desk, batch, &Op::Tags { tags: changes }, &[], &summary)
        }
        Edit::Note { entry, text } => {
            let before: Option<String> = conn
                .prepare_cached("SELECT text FROM note WHERE entry = ?1")?
                .query_row([entry.0], |row| row.get(0))
                .optional()?;
            let op = Op::Note {
                entry: entry.0,
                before: before.unwrap_or_default(),
                after: SafeText::block(text.trim()).into_string(),
            };
            let summary = if text.trim().is_empty() {
                "note taken away"
            } else {
                "note written"
            };
            logged(desk, batch, &op, &[], summary)
        }
        Edit::SetFeeds(listed) => {
            let (summary, count) = super::feeds::set(desk, batch, &listed, true)?;
            Ok(done(&summary, count, false))
        }
        Edit::AddFeeds(listed) => {
            let (summary, count) = super::feeds::set(desk, batch, &listed, false)?;
            Ok(done(&summary, count, false))
        }
        // The desk has taken them before the transaction began.
        Edit::SetRules(_) => Ok(done("", 0, false)),
        Edit::Hide { feed, hidden } => {
            let words = if hidden { "hidden:" } else { "shown again:" };
            let name = super::feeds::name(conn, feed.0)?;
            let op = Op::Hide {
                feed: feed.0,
                hidden,
            };
            logged(desk, batch, &op, &[], &format!("{words} {name}"))
        }
        Edit::Move { feed, to } => {
            let before = super::feeds::visited(conn, feed.0)?;
            let name = super::feeds::name(conn, feed.0)?;
            let op = Op::Move {
                feed: feed.0,
                before,
                after: Some(to.as_str().to_owned()),
            };
            logged(
                desk,
                batch,
                &op,
                &[],
                &format!("visited at {to} from now on: {name}"),
            )
        }
        Edit::NotASource { host, role, on } => {
            let words = if on {
                "is no source"
            } else {
                "is a source again"
            };
            let what = role.map_or(String::new(), |role| format!(" ({})", role.name()));
            let summary = format!("{host}{what} {words}");
            let op = Op::NotASource {
                host,
                role: role.map_or("", crate::source::Role::name).to_owned(),
                on,
            };
            logged(desk, batch, &op, &[], &summary)
        }
        Edit::Files { summary, files } => {
            let size: usize = files
                .iter()
                .flat_map(|file| [&file.before, &file.after])
                .flatten()
                .map(String::len)
                .sum();
            // The files are written already; the log must not grow with each of two hundred changes of a huge list.
            let undoable = size <= LARGEST_FILES;
            if undoable {
                log::write(desk, &Op::Files { files }, &[], &summary)?;
            }
            Ok(done(&summary, 1, undoable))
        }
        Edit::SaveView { name, query } => {
            let name = SafeText::line(&name).into_string();
            if name.is_empty() || query.trim().is_empty() {
                return Ok(done("a view needs a name and a search", 0, false));
            }
            let summary = format!("kept as the view {name}");
            saved_view(desk, batch, name, Some(query), &summary)
        }
        Edit::DropView { name } => {
            let summary = format!("the view {name} is let go");
            saved_view(desk, batch, name, None, &summary)
        }
        Edit::KeepLater { url, title } => {
            let (id, is_new) = super::feeds::keep_later(desk, batch, &url, &title)?;
            let op = if is_new {
                let on = true;
                Op::Kept { url, title, on }
            } else {
                Op::Mark {
                    mark: Mark::Later,
                    on: true,
                }
            };
            logged(desk, batch, &op, &[id], "kept for later")
        }
        Edit::Opened { entry, at } => {
            if desk.settings.read_log {
                conn.prepare_cached("INSERT INTO read_log (at, entry) VALUES (?1, ?2)")?
                    .execute([at.timestamp(), entry.0])?;
            }
            // Reading is no news: nothing is said of it.
            Ok(done("", 1, false))
        }
        Edit::Place { entry, offset } => {
            if offset == 0 {
                conn.prepare_cached("DELETE FROM place WHERE entry = ?1")?
                    .execute([entry.0])?;
            } else {
                conn.prepare_cached(
                    "INSERT OR REPLACE INTO place (entry, offset) SELECT id, ?2 FROM entry WHERE id = ?1",
                )?
                .execute(params![entry.0, offset as i64])?;
            }
            Ok(done("", 0, false))
        }
        Edit::Apart { entry } => {
            let others = super::place::told_with(conn, entry.0)?;
            if others.is_empty() {
                let parts = super::part::parts(conn, batch, entry.0)?;
                if parts.is_empty() {
                    return Ok(done("it stands alone already", 0, false));
                }
                let op = Op::Part {
                    entry: entry.0,
                    parts,
                    back: false,
                };
                return logged(desk, batch, &op, &[], "an entry for each of its feeds");
            }
            let op = Op::Story {
                entry: entry.0,
                before: others.clone(),
                others,
                apart: true,
                back: false,
            };
            logged(desk, batch, &op, &[], "split from its story")
        }
        Edit::Together { entries, with } => {
            let entries = entries.iter().filter(|entry| **entry != with);
            let op = Op::Join {
                with: with.0,
                entries: entries
                    .map(|entry| Ok((entry.0, super::place::told_with(conn, entry.0)?)))
                    .collect::<Result<_, StoreError>>()?,
                back: false,
            };
            logged(desk, batch, &op, &[], "joined to the story")
        }
        Edit::Undo => Ok(match log::step(desk, batch, true)? {
            Some((summary, count)) => done(&format!("undone: {summary}"), count, false),
            None => done(NOTHING_TO_UNDO, 0, false),
        }),
        Edit::Redo => Ok(match log::step(desk, batch, false)? {
            Some((summary, count)) => done(&format!("done again: {summary}"), count, true),
            None => done(NOTHING_TO_REDO, 0, false),
        }),
        Edit::StepFailed { step, back } => {
            log::put_back(desk, step, back)?;
            Ok(done("", 0, false))
        }
    }
}

fn saved_view(
    desk: &Desk,
    batch: &mut Batch,
    name: String,
    after: Option<String>,
    summary: &str,
) -> Result<Applied, StoreError> {
    let before: Option<String> = desk
        .conn
        .prepare_cached("SELECT query FROM saved_view WHERE name = ?1")?
        .query_row([&name], |row| row.get(0))
        .optional()?;
    let op = Op::View {
        name,
        before,
        after,
    };
    logged(desk, batch, &op, &[], summary)
}

fn entries(count: usize) -> String {
    if count == 1 {
        "1 entry".into()
    } else {
        format!("{count} entries")
    }
}

/// Entries that a tag would be put on, or taken off: the tag is its parameter.
fn differs(on: bool) -> String {
    let not = if on { "NOT" } else { "" };
    format!("{not} EXISTS (SELECT 1 FROM entry_tag t WHERE t.entry = e.id AND t.tag = ?)")
}

fn mark_words(mark: Mark, on: bool) -> &'static str {
    match (mark, on) {
        (Mark::Read, true) => "marked read",
        (Mark::Read, false) => "marked unread",
        (Mark::Starred, true) => "starred",
        (Mark::Starred, false) => "no longer starred",
        (Mark::Later, true) => "kept for later",
        (Mark::Later, false) => "no longer kept for later",
    }
}

/// Does it, and writes it down if it changed anything.
fn logged(
    desk: &Desk,
    batch: &mut Batch,
    op: &Op,
    ids: &[i64],
    summary: &str,
) -> Result<Applied, StoreError> {
    let count = perform(desk, batch, op, ids)?;
    if count > 0 {
        log::write(desk, op, ids, summary)?;
    }
    Ok(done(summary, count, count > 0))
}

/// Which entries an edit would change: those of `which` for which `differs` holds.
fn select(
    conn: &Connection,
    which: &Which,
    differs: &str,
    value: rusqlite::types::Value,
) -> Result<Vec<i64>, StoreError> {
    match which {
        Which::Entries(ids) => {
            let mut statement = conn.prepare_cached(&format!(
                "SELECT EXISTS (SELECT 1 FROM entry e WHERE {differs} AND e.id = ?)"
            ))?;
            let mut chosen = Vec::new();
            for EntryId(id) in ids {
                if statement.query_row(params![value, id], |row| row.get(0))? {
                    chosen.push(*id);
                }
            }
            chosen.sort_unstable();
            chosen.dedup();
            Ok(chosen)
        }
        Which::Stories(ids) => {
            let mut told = conn.prepare_cached(
                "SELECT m.entry FROM story_entry a JOIN story_entry m ON m.story = a.story JOIN entry e ON e.id = m.entry
                 WHERE a.entry = ? AND e.hidden = 0",
            )?;
            let mut all = ids.clone();
            for EntryId(id) in ids {
                let others = told.query_map([id], |row| row.get(0).map(EntryId))?;
                for other in others {
                    all.push(other?);
                }
            }
            select(conn, &Which::Entries(all), differs, value)
        }
        Which::Matching { query, up_to, .. } => {
            let mut condition = search::condition(conn, query)?;
            condition.and(differs, [value]);
            if let Some(EntryId(up_to)) = up_to {
                condition.and("e.id <= ?", [(*up_to).into()]);
            }
            let mut statement =
                conn.prepare_cached(&format!("SELECT e.id FROM entry e WHERE {}", condition.sql))?;
            let ids = statement
                .query_map(rusqlite::params_from_iter(condition.params), |row| {
                    row.get(0)
                })?
                .collect::<Result<_, _>>()?;
            Ok(ids)
        }
    }
}

/// Does an operation; answers how much it changed.
pub fn perform(desk: &Desk, batch: &mut Batch, op: &Op, ids: &[i64]) -> Result<u64, StoreError> {
    let conn = &desk.conn;
    let now = (desk.clock)();
    let changed = match op {
        Op::Mark {
            mark: Mark::Read,
            on,
        } => set_read(conn, batch, ids, *on, now)?,
        Op::Mark { mark, on } => {
            let column = if *mark == Mark::Starred {
                "starred"
            } else {
                "later"
            };
            let mut statement = conn.prepare_cached(&format!(
                "UPDATE entry SET {column} = ?2 WHERE id = ?1 AND {column} <> ?2"
            ))?;
            let mut changed = 0;
            for id in ids {
                changed += statement.execute(params![id, on])?;
            }
            let by = if *on {
                changed as i64
            } else {
                -(changed as i64)
            };
            if *mark == Mark::Starred {
                batch.tally.marked(by, 0);
            } else {
                batch.tally.marked(0, by);
            }
            changed
        }
        Op::Tag { tag, on } => {
            let mut statement = conn.prepare_cached(if *on {
                "INSERT OR IGNORE INTO entry_tag (entry, tag) SELECT id, ?2 FROM entry WHERE id = ?1"
            } else {
                "DELETE FROM entry_tag WHERE entry = ?1 AND tag = ?2"
            })?;
            let mut changed = 0;
            for id in ids {
                changed += statement.execute(params![id, tag])?;
            }
            changed
        }
        Op::Tags { tags } => {
            let mut changed = 0;
            for (tag, on, ids) in tags {
                let (tag, on) = (tag.clone(), *on);
                changed += perform(desk, batch, &Op::Tag { tag, on }, ids)?;
            }
            changed as usize
        }
        Op::Note { entry, after, .. } => {
            batch.changes.entries.push(EntryId(*entry));
            // The words of a note are found like those of the text.
            conn.prepare_cached(
                "INSERT OR IGNORE INTO index_queue (entry) SELECT id FROM entry WHERE id = ?1",
            )?
            .execute([entry])?;
            batch.idle = true;
            if after.is_empty() {
                conn.prepare_cached("DELETE FROM note WHERE entry = ?1")?
                    .execute([entry])?
            } else {
                conn.prepare_cached(
                    "INSERT OR REPLACE INTO note (entry, text, at) SELECT id, ?2, ?3 FROM entry WHERE id = ?1",
                )?
                .execute(params![entry, after, now.timestamp()])?
            }
        }
        Op::Story {
            entry,
            others,
            before,
            apart,
            back,
        } => {
            let hand = super::place::Hand {
                entry: *entry,
                others,
                before,
                apart: *apart,
            };
            if *back {
                hand.take_back(conn, batch)?
            } else {
                hand.put(conn, batch)?
            }
        }
        Op::Join {
            with,
            entries,
            back,
        } => super::place::join(conn, batch, *with, entries, *back)?,
        Op::Part { entry, parts, back } => {
            if *back {
                super::part::put_together(conn, batch, *entry, parts)?
            } else {
                super::part::part(conn, batch, *entry, parts)?
            }
        }
        Op::Hide { feed, hidden } => {
            usize::from(super::feeds::set_hidden(conn, batch, *feed, *hidden)?)
        }
        Op::Move { feed, after, .. } => {
            batch.changes.feed_list = true;
            batch.changes.feeds.push(FeedId(*feed));
            super::feeds::set_visited(conn, *feed, after.as_deref(), now)?
        }
        Op::Kept { url, title, on } => {
            let later = Op::Mark {
                mark: Mark::Later,
                on: *on,
            };
            if *on {
                let (id, _) = super::feeds::keep_later(desk, batch, url, title)?;
                perform(desk, batch, &later, &[id])? as usize
            } else {
                // Done again, it is another entry than it was at first.
                let Some(id) = super::feeds::kept(conn, url)? else {
                    return Ok(0);
                };
                let changed = perform(desk, batch, &later, &[id])? as usize;
                if super::feeds::is_only_kept(conn, id)? {
                    super::retire::retire(conn, batch, id, now.timestamp())?;
                    batch.changes.feed_list = true;
                    batch.changes.entries.push(EntryId(id));
                }
                changed.max(1)
            }
        }
        // Whoever has the files does it.
        Op::Files { files } => files.len(),
        Op::View { name, after, .. } => {
            batch.changes.feed_list = true;
            match after {
                Some(query) => conn
                    .prepare_cached(
                        "INSERT INTO saved_view (name, position, query)
                         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM saved_view), ?2)
                         ON CONFLICT (name) DO UPDATE SET query = excluded.query WHERE query <> excluded.query",
                    )?
                    .execute(params![name, query])?,
                None => conn
                    .prepare_cached("DELETE FROM saved_view WHERE name = ?1")?
                    .execute([name])?,
            }
        }
        Op::NotASource { host, role, on } => {
            batch.changes.sources = true;
            let sql = if *on {
                "INSERT OR IGNORE INTO not_a_source (host, role) VALUES (?1, ?2)"
            } else {
                "DELETE FROM not_a_source WHERE host = ?1 AND role = ?2"
            };
            conn.prepare_cached(sql)?.execute([host, role])?
        }
    };
    if matches!(op, Op::Mark { .. } | Op::Tag { .. }) {
        let room = NAMED.saturating_sub(batch.changes.entries.len());
        batch
            .changes
            .entries
            .extend(ids.iter().take(room).map(|id| EntryId(*id)));
    }
    Ok(changed as u64)
}

/// The feeds in which an entry stands.
pub fn feeds_of(conn: &Connection, id: i64, feed: i64, feeds: i64) -> rusqlite::Result<Vec<i64>> {
    let mut all = vec![feed];
    if feeds > 1 {
        let mut statement =
            conn.prepare_cached("SELECT feed FROM entry_feed WHERE entry = ?1 AND extra = 1")?;
        for other in statement.query_map([id], |row| row.get(0))? {
            all.push(other?);
        }
    }
    Ok(all)
}

/// Marks entries read or unread; answers how many that changed.
pub fn set_read(
    conn: &Connection,
    batch: &mut Batch,
    ids: &[i64],
    read: bool,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut statement = conn.prepare_cached(
        "UPDATE entry SET read = ?2, read_at = CASE WHEN ?2 THEN ?3 END WHERE id = ?1 AND read <> ?2
         RETURNING feed, feeds, hidden",
    )?;
    let by = if read { -1 } else { 1 };
    let mut changed = 0;
    for id in ids {
        let row: Option<(i64, i64, bool)> = statement
            .query_row(params![id, read, now.timestamp()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((feed, feeds, hidden)) = row {
            changed += 1;
            if feeds == 1 {
                batch.tally.unread(&[feed], hidden, by);
            } else {
                batch
                    .tally
                    .unread(&feeds_of(conn, *id, feed, feeds)?, hidden, by);
            }
        }
    }
    Ok(changed)
}
