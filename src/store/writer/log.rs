//! What was done, so that it can be taken back: operations whose inverse is another operation, kept in `edit_log`.

use super::Desk;
use super::batch::Batch;
use crate::news::{FileStep, FileText, MarkKind};
use crate::store::StoreError;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// How many edits are kept for undo.
const KEPT: i64 = 200;

/// One thing done; with the ids it was done to, and only those that it changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    Mark {
        mark: Mark,
        on: bool,
    },
    Tag {
        tag: String,
        on: bool,
    },
    /// Each with the entries that it changed.
    Tags {
        tags: Vec<(String, bool, Vec<i64>)>,
    },
    Note {
        entry: i64,
        before: String,
        after: String,
    },
    Hide {
        feed: i64,
        hidden: bool,
    },
    Move {
        feed: i64,
        before: Option<String>,
        after: Option<String>,
    },
    NotASource {
        host: String,
        role: String,
        on: bool,
    },
    /// Texts of the reader's files.
    Files {
        files: Vec<FileText>,
    },
    /// An entry, the entries it was split from or joined to, and those it stood with before.
    Story {
        entry: i64,
        others: Vec<i64>,
        before: Vec<i64>,
        apart: bool,
        /// Takes it back.
        back: bool,
    },
    /// The entry whose story others join; those, and with whom each stood before.
    Join {
        with: i64,
        entries: Vec<(i64, Vec<i64>)>,
        /// Takes it back.
        back: bool,
    },
    /// One entry of several feeds, and for each of the others its feed and the entry that it gets.
    Part {
        entry: i64,
        parts: Vec<(i64, i64)>,
        /// Takes it back.
        back: bool,
    },
    /// An address that is kept as an entry of its own, and was none before.
    Kept {
        url: String,
        title: String,
        on: bool,
    },
    /// A saved view; `None`: there is none of that name.
    View {
        name: String,
        before: Option<String>,
        after: Option<String>,
    },
}

/// [`MarkKind`], as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Read,
    Starred,
    Later,
}

impl From<MarkKind> for Mark {
    fn from(mark: MarkKind) -> Self {
        match mark {
            MarkKind::Read => Mark::Read,
            MarkKind::Starred => Mark::Starred,
            MarkKind::Later => Mark::Later,
        }
    }
}

impl Op {
    /// What takes it back.
    pub fn inverse(self) -> Op {
        match self {
            Op::Mark { mark, on } => Op::Mark { mark, on: !on },
            Op::Tag { tag, on } => Op::Tag { tag, on: !on },
            Op::Tags { tags } => Op::Tags {
                // The last one put on goes first.
                tags: tags
                    .into_iter()
                    .rev()
                    .map(|(tag, on, ids)| (tag, !on, ids))
                    .collect(),
            },
            Op::Note {
                entry,
                before,
                after,
            } => Op::Note {
                entry,
                before: after,
                after: before,
            },
            Op::Hide { feed, hidden } => Op::Hide {
                feed,
                hidden: !hidden,
            },
            Op::Move {
                feed,
                before,
                after,
            } => Op::Move {
                feed,
                before: after,
                after: before,
            },
            Op::NotASource { host, role, on } => Op::NotASource {
                host,
                role,
                on: !on,
            },
            Op::Files { files } => Op::Files {
                // The last one written goes first.
                files: files
                    .into_iter()
                    .rev()
                    .map(|file| FileText {
                        path: file.path,
                        before: file.after,
                        after: file.before,
                    })
                    .collect(),
            },
            Op::Story {
                entry,
                others,
                before,
                apart,
                back,
            } => Op::Story {
                entry,
                others,
                before,
                apart,
                back: !back,
            },
            Op::Join {
                with,
                entries,
                back,
            } => Op::Join {
                with,
                entries,
                back: !back,
            },
            Op::Part { entry, parts, back } => Op::Part {
                entry,
                parts,
                back: !back,
            },
            Op::Kept { url, title, on } => Op::Kept {
                url,
                title,
                on: !on,
            },
            Op::View {
                name,
                before,
                after,
            } => Op::View {
                name,
                before: after,
                after: before,
            },
        }
    }
}

/// Ids as a blob: differences of the sorted ids, seven bits a byte. A million of them take a megabyte, not seven.
fn pack(ids: &[i64]) -> Vec<u8> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let mut blob = Vec::with_capacity(sorted.len() * 2);
    let mut before = 0;
    for id in sorted {
        let mut difference = (id - before) as u64;
        before = id;
        while difference >= 0x80 {
            blob.push((difference as u8 & 0x7f) | 0x80);
            difference >>= 7;
        }
        blob.push(difference as u8);
    }
    blob
}

fn unpack(blob: &[u8]) -> Vec<i64> {
    let mut ids = Vec::new();
    let (mut id, mut value, mut shift) = (0_i64, 0_u64, 0);
    for byte in blob {
        if shift < 64 {
            value |= u64::from(byte & 0x7f) << shift;
        }
        if byte & 0x80 == 0 {
            id = id.wrapping_add(value as i64);
            ids.push(id);
            value = 0;
            shift = 0;
        } else {
            shift += 7;
        }
    }
    ids
}

/// Writes down what was done; what had been taken back can no longer be done again.
pub fn write(desk: &Desk, op: &Op, ids: &[i64], summary: &str) -> Result<(), StoreError> {
    let conn = &desk.conn;
    conn.prepare_cached("DELETE FROM edit_log WHERE instance = ?1 AND undone = 1")?
        .execute([desk.log_of()])?;
    conn.prepare_cached(
        "INSERT INTO edit_log (instance, at, summary, op, ids) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        desk.log_of(),
        (desk.clock)().timestamp(),
        summary,
        serde_json::to_string(op).unwrap_or_default(),
        (!ids.is_empty()).then(|| pack(ids))
    ])?;
    conn.prepare_cached(
        "DELETE FROM edit_log WHERE id <= (SELECT id FROM edit_log ORDER BY id DESC LIMIT 1 OFFSET ?1)",
    )?
    .execute([KEPT])?;
    Ok(())
}

/// A step that was tried and could not be done: it is where it was before.
pub fn put_back(desk: &Desk, step: i64, back: bool) -> Result<(), StoreError> {
    desk.conn
        .prepare_cached("UPDATE edit_log SET undone = ?3 WHERE id = ?1 AND instance = ?2")?
        .execute(params![step, desk.log_of(), !back])?;
    Ok(())
}

/// Takes back the newest, or does again what was taken back last; answers what it was, in words, and how much it changed.
/// `None`: there is nothing.
pub fn step(
    desk: &Desk,
    batch: &mut Batch,
    back: bool,
) -> Result<Option<(String, u64)>, StoreError> {
    let conn = &desk.conn;
    let sql = if back {
        "SELECT id, summary, op, ids FROM edit_log WHERE instance = ?1 AND undone = 0 ORDER BY id DESC LIMIT 1"
    } else {
        "SELECT id, summary, op, ids FROM edit_log WHERE instance = ?1 AND undone = 1 ORDER BY id LIMIT 1"
    };
    let found = conn
        .prepare_cached(sql)?
        .query_row([desk.log_of()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, Option<Vec<u8>>>(3)?,
            ))
        })
        .optional()?;
    let Some((id, summary, op, ids)) = found else {
        return Ok(None);
    };
    conn.prepare_cached("UPDATE edit_log SET undone = ?2 WHERE id = ?1")?
        .execute(params![id, back])?;
    let Ok(op) = serde_json::from_str::<Op>(&op) else {
        // Written by a newer bron: it cannot be taken back here, and must not stand in the way of what can.
        return step(desk, batch, back);
    };
    let op = if back { op.inverse() } else { op };
    let ids = ids.map(|blob| unpack(&blob)).unwrap_or_default();
    let changed = super::edit::perform(desk, batch, &op, &ids)?;
    if let Op::Files { files } = op {
        batch.changes.steps.push(FileStep {
            step: id,
            back,
            files,
        });
    }
    Ok(Some((summary, changed)))
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_ids_come_back_sorted(mut ids in prop::collection::vec(0..i64::MAX, 0..50)) {
            let back = unpack(&pack(&ids));
            ids.sort_unstable();
            prop_assert_eq!(back, ids);
        }

        #[test]
        fn any_bytes_unpack_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            unpack(&bytes);
        }
    }
}
