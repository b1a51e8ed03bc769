//! Taking one article of several feeds apart, by hand: an entry a feed again.

use super::batch::Batch;
use super::entry;
use super::retire::let_go;
use crate::feed::EntryId;
use crate::store::change::Counted;
use crate::store::{StoreError, index};
use rusqlite::{Connection, OptionalExtension, params};

/// The feeds that an entry stands in beside its own, each with the id that it would have there.
pub fn parts(
    conn: &Connection,
    batch: &mut Batch,
    entry: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let feeds: Vec<i64> = conn
        .prepare_cached("SELECT DISTINCT feed FROM entry_feed WHERE entry = ?1 AND extra = 1")?
        .query_map([entry], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    feeds
        .into_iter()
        .map(|feed| Ok((feed, batch.tally.next_entry(conn)?)))
        .collect()
}

/// Gives each of these feeds an entry of its own. It has the words of the other until its feed is visited again. Answers how
/// many there are now.
pub fn part(
    conn: &Connection,
    batch: &mut Batch,
    entry: i64,
    parts: &[(i64, i64)],
) -> Result<usize, StoreError> {
    let mut count = 0;
    for (feed, id) in parts {
        let row: Option<(String, String, bool, bool)> = conn
            .prepare_cached(
                "INSERT INTO entry (id, feed, published, title, authors, url, key, host, first_seen, updated, changed_at, language,
                                    image, has, comments, read, read_at, hidden)
                 SELECT ?2, f.id, e.published, e.title, e.authors, e.url, e.key, e.host, e.first_seen, e.updated, e.changed_at,
                        e.language, e.image, e.has, e.comments, e.read, e.read_at, f.hidden
                 FROM entry e JOIN feed f ON f.id = ?3
                 WHERE e.id = ?1 AND EXISTS (SELECT 1 FROM entry_feed x WHERE x.entry = ?1 AND x.feed = ?3 AND x.extra = 1)
                 RETURNING title, authors, read, hidden",
            )?
            .query_row([entry, *id, *feed], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((title, authors, read, hidden)) = row else {
            continue;
        };
        conn.prepare_cached("UPDATE entry SET feeds = feeds - 1 WHERE id = ?1")?
            .execute([entry])?;
        conn.prepare_cached(
            "UPDATE entry_feed SET entry = ?2, extra = 0, content_hash = 0 WHERE entry = ?1 AND feed = ?3 AND extra = 1",
        )?
        .execute([entry, *id, *feed])?;
        for sql in [
            "INSERT INTO body (entry, identity, html, text, extra) SELECT ?2, identity, html, text, extra FROM body WHERE entry = ?1",
            "INSERT OR IGNORE INTO apart (entry, other) VALUES (?1, ?2)",
            "INSERT OR IGNORE INTO apart (entry, other) VALUES (?2, ?1)",
        ] {
            conn.prepare_cached(sql)?.execute([entry, *id])?;
        }
        index::insert_title(conn, *id, &title, &authors)?;
        entry::enqueue(conn, batch, *id)?;
        let marks = Counted {
            hidden,
            unread: !read,
            ..Counted::default()
        };
        batch.tally.entry(marks, 1);
        batch.changes.entries.extend([EntryId(entry), EntryId(*id)]);
        count += 1;
    }
    Ok(count)
}

/// Takes that back: one entry again, which stands in all of the feeds.
pub fn put_together(
    conn: &Connection,
    batch: &mut Batch,
    entry: i64,
    parts: &[(i64, i64)],
) -> Result<usize, StoreError> {
    let mut count = 0;
    for (feed, id) in parts {
        let unread = |id: i64| -> rusqlite::Result<Option<bool>> {
            conn.prepare_cached("SELECT read = 0 FROM entry WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()
        };
        let (Some(one), Some(other)) = (unread(entry)?, unread(*id)?) else {
            continue;
        };
        conn.prepare_cached(
            "UPDATE entry_feed SET entry = ?1, extra = 1,
                    published = (SELECT published FROM entry WHERE id = ?1) WHERE feed = ?3 AND entry = ?2",
        )?
        .execute(params![entry, id, feed])?;
        conn.prepare_cached("UPDATE entry SET feeds = feeds + 1 WHERE id = ?1")?
            .execute([entry])?;
        batch.tally.in_feed(*feed, other, -1);
        batch.tally.in_feed(*feed, one, 1);
        let_go(conn, batch, *id)?;
        batch.changes.entries.extend([EntryId(entry), EntryId(*id)]);
        count += 1;
    }
    Ok(count)
}
