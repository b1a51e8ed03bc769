//! A copy while running, and back; what can be saved of a broken database.

use super::instance::{Alone, beside};
use super::{Reader, StoreError, schema};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::{Path, PathBuf};

/// What was saved of a broken database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    pub feeds: u64,
    pub entries: u64,
    /// Where the broken database is kept.
    pub old: PathBuf,
    /// Tables of which not everything could be read.
    pub partly: Vec<String>,
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unwritable {
        path: path.display().to_string(),
        why: error.to_string(),
    }
}

fn private(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
            .map_err(|error| io(path, &error))?;
    }
    Ok(())
}

/// Writes a copy of a database, whole and of one moment, beside its place and then into it: never half a copy.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<(), StoreError> {
    let part = beside(to, ".part");
    // Also a link that leads nowhere: it would be written through.
    if part.symlink_metadata().is_ok() {
        std::fs::remove_file(&part).map_err(|error| io(&part, &error))?;
    }
    conn.execute("VACUUM INTO ?1", [part.to_string_lossy()])
        .map_err(|error| schema::unwritable(to, error))?;
    private(&part)?;
    std::fs::rename(&part, to).map_err(|error| io(to, &error))
}

/// Copies the database at `path` to `to` while it is in use. An older backup that is there is replaced; any other file, and
/// the database itself, is left alone.
pub fn backup(path: &Path, to: &Path) -> Result<(), StoreError> {
    if belongs_to(path, to) {
        return Err(StoreError::Unwritable {
            path: to.display().to_string(),
            why: "that is the database itself; a backup goes to a file of its own".into(),
        });
    }
    if to.exists() && !is_backup(to) {
        return Err(StoreError::Unwritable {
            path: to.display().to_string(),
            why: "there is a file of that name that is no backup of bron; it is left as it is"
                .into(),
        });
    }
    let conn = schema::open_for_reading(path)?;
    conn.execute_batch("PRAGMA query_only = OFF")?;
    copy(&conn, to)
}

/// Whether a file is the database or one that it keeps beside itself, whatever links lead to it.
fn belongs_to(path: &Path, file: &Path) -> bool {
    let whole = |path: &Path| {
        let directory = path.parent().filter(|d| !d.as_os_str().is_empty());
        path.canonicalize().ok().or_else(|| {
            let directory = directory.unwrap_or(Path::new(".")).canonicalize().ok()?;
            Some(directory.join(path.file_name()?))
        })
    };
    let (Some(database), Some(file)) = (whole(path), whole(file)) else {
        return false;
    };
    if file == database {
        return true;
    }
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    file.parent() == database.parent()
        && name(&file)
            .strip_prefix(&name(&database))
            .is_some_and(|end| end.starts_with('-'))
}

/// Whether a file is a database that bron made.
fn is_backup(file: &Path) -> bool {
    schema::open_for_reading(file)
        .and_then(|conn| schema::version(&conn))
        .is_ok_and(|version| version > 0)
}

/// Puts a backup in the place of the database; answers where the old one is kept, if there was one. No instance may be
/// running, and none begins meanwhile. At every moment there is a whole database at `path`, if there was one.
pub fn restore(backup: &Path, path: &Path) -> Result<Option<PathBuf>, StoreError> {
    schema::make_room(path)?;
    let _alone = Alone::take(path).ok_or(StoreError::InUse)?;
    let conn = schema::open_for_reading(backup)?;
    if schema::version(&conn)? == 0 {
        return Err(StoreError::Damaged(format!(
            "{} is no backup of bron",
            backup.display()
        )));
    }
    let word: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if word != "ok" {
        return Err(StoreError::Damaged(word));
    }
    let new = beside(path, ".restored");
    conn.execute_batch("PRAGMA query_only = OFF")?;
    copy(&conn, &new)?;
    let old = keep(path, ".before-restore")?;
    replace(&new, path)?;
    Ok(old)
}

/// Gives a database a second name, and its log too; a name that is taken is never overwritten.
fn keep(path: &Path, what: &str) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    // What stands in the log only goes into the database, where that can be done; a broken one keeps its log.
    if let Ok(conn) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        let _ = conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    let old = (0..u32::MAX)
        .map(|n| {
            beside(
                path,
                &if n == 0 {
                    what.to_owned()
                } else {
                    format!("{what}-{n}")
                },
            )
        })
        .find(|old| !old.exists())
        .expect("no directory holds four thousand million files of one name");
    for end in ["", "-wal"] {
        let (from, to) = (beside(path, end), beside(&old, end));
        if from.exists() {
            // A file system without hard links gets a copy.
            std::fs::hard_link(&from, &to)
                .or_else(|_| std::fs::copy(&from, &to).map(drop))
                .map_err(|error| io(&to, &error))?;
        }
    }
    Ok(Some(old))
}

/// Puts a database in the place of one that is kept under another name. The old log goes first: it must never be taken for
/// the new one's.
fn replace(new: &Path, path: &Path) -> Result<(), StoreError> {
    std::fs::File::open(new)
        .and_then(|file| file.sync_all())
        .map_err(|error| io(new, &error))?;
    for end in ["-wal", "-shm"] {
        let left = beside(path, end);
        if left.symlink_metadata().is_ok() {
            std::fs::remove_file(&left).map_err(|error| io(&left, &error))?;
        }
    }
    std::fs::rename(new, path).map_err(|error| io(path, &error))?;
    // Not every system lets a directory be synced, and the new name is there either way.
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        let _ = std::fs::File::open(directory).and_then(|directory| directory.sync_all());
    }
    Ok(())
}

/// Tables in the order of their worth. What can be made again (index, citations) is left to idle time.
const SAVED: &[&str] = &[
    "feed",
    "feed_tag",
    "feed_moved",
    "entry",
    "entry_feed",
    "body",
    "entry_tag",
    "note",
    "tombstone",
    "kept_back",
    "saved_view",
    "not_a_source",
    "alias",
    "card",
    "page",
    "host",
    "visit",
    "read_log",
    "apart",
    "together",
];

/// Whether a database of ours is as it should be. One of an older schema is asked only what SQLite can tell.
fn is_sound(path: &Path) -> bool {
    let check = || -> Result<bool, StoreError> {
        let conn = schema::open_for_reading(path)?;
        match schema::version(&conn)? {
            0 => Ok(false),
            schema::KNOWN => {
                drop(conn);
                Ok(Reader::open(path)?.integrity()?.is_empty())
            }
            _ => Ok(conn.query_row("PRAGMA integrity_check(1)", [], |row| {
                Ok(row.get::<_, String>(0)? == "ok")
            })?),
        }
    };
    check().unwrap_or(false)
}

/// Saves what can be read of a broken database into a new one in its place; the broken one is kept beside it. `None`: nothing
/// is wrong with it, and it is left alone; so it is where nothing of it can be read.
/// No instance may be running. One that a newer bron wrote is left alone: what it knows more would be lost.
pub fn salvage(path: &Path) -> Result<Option<Salvaged>, StoreError> {
    let _alone = Alone::take(path).ok_or(StoreError::InUse)?;
    let found = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(StoreError::from)
        .and_then(|from| schema::version(&from));
    if let Ok(found) = found
        && found > schema::KNOWN
    {
        return Err(StoreError::Newer {
            found,
            known: schema::KNOWN,
        });
    }
    if is_sound(path) {
        return Ok(None);
    }
    let new = beside(path, ".salvaged");
    remove(&new)?;
    let to = schema::open_for_writing(&new)?;
    let mut partly = Vec::new();
    let mut rows = 0;
    if let Ok(from) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // The schema may be read even where a page of it is broken.
        let _ = from.execute_batch("PRAGMA writable_schema = RESET; PRAGMA cell_size_check = ON;");
        to.execute_batch("BEGIN")?;
        for table in SAVED {
            let (saved, whole) = save_table(&from, &to, table)?;
            rows += saved;
            if !whole {
                partly.push((*table).to_owned());
            }
        }
        mend(&to)?;
        to.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")?;
    } else {
        partly.extend(SAVED.iter().map(|table| (*table).to_owned()));
    }
    if rows == 0 {
        drop(to);
        remove(&new)?;
        return Err(StoreError::NothingSaved {
            path: path.display().to_string(),
        });
    }
    let count = |sql: &str| -> Result<u64, StoreError> {
        Ok(to.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
    };
    let (feeds, entries) = (
        count("SELECT count(*) FROM feed")?,
        count("SELECT count(*) FROM entry")?,
    );
    drop(to);
    let old = keep(path, ".damaged")?.unwrap_or_else(|| path.to_path_buf());
    replace(&new, path)?;
    Ok(Some(Salvaged {
        feeds,
        entries,
        old,
        partly,
    }))
}

/// Removes what is left of a database, or a link of its name.
fn remove(database: &Path) -> Result<(), StoreError> {
    for end in ["", "-wal", "-shm"] {
        let left = beside(database, end);
        if left.symlink_metadata().is_ok() {
            std::fs::remove_file(&left).map_err(|error| io(&left, &error))?;
        }
    }
    Ok(())
}

/// Copies the rows of a table that can be read, from the front and, where that stops, from the back; answers how many were, and
/// whether all.
fn save_table(
    from: &Connection,
    to: &Connection,
    table: &str,
) -> Result<(usize, bool), StoreError> {
    let columns: Vec<String> = to
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let quoted: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{column}\""))
        .collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = to.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})",
        quoted.join(", ")
    ))?;
    // Without an index: an index may be whole where the table is not, and the other way round.
    let by = if has_rowid(from, table) {
        "rowid".to_owned()
    } else {
        quoted[0].clone()
    };
    let mut saved = 0;
    for direction in ["ASC", "DESC"] {
        let Ok(mut select) = from.prepare(&format!(
            "SELECT {} FROM {table} NOT INDEXED ORDER BY {by} {direction}",
            quoted.join(", ")
        )) else {
            return Ok((saved, false));
        };
        let Ok(mut rows) = select.query([]) else {
            continue;
        };
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let values: Result<Vec<Value>, _> =
                        (0..columns.len()).map(|place| row.get(place)).collect();
                    if let Ok(values) = values {
                        // A row that breaks a rule of the new table is not saved; the others are.
                        saved += insert.execute(params_from_iter(values)).unwrap_or(0);
                    }
                }
                Ok(None) => return Ok((saved, true)),
                Err(_) => break,
            }
        }
    }
    Ok((saved, false))
}

fn has_rowid(conn: &Connection, table: &str) -> bool {
    conn.prepare(&format!("SELECT rowid FROM {table}")).is_ok()
}

/// Makes what was saved fit together: rows without their other half go, counts are counted, all is indexed anew.
fn mend(to: &Connection) -> Result<(), StoreError> {
    to.execute_batch(
        "INSERT OR IGNORE INTO feed (id, url) SELECT DISTINCT feed, 'https://lost.invalid/' || feed FROM entry WHERE feed NOT IN (SELECT id FROM feed);
         DELETE FROM entry_feed WHERE entry NOT IN (SELECT id FROM entry);
         INSERT OR IGNORE INTO body (entry, identity, html, text) SELECT id, 'lost:' || id, '', title FROM entry
             WHERE id NOT IN (SELECT entry FROM body);
         INSERT OR IGNORE INTO entry_feed (feed, identity, entry, published, content_hash)
             SELECT feed, -id, id, published, 0 FROM entry e
             WHERE NOT EXISTS (SELECT 1 FROM entry_feed x WHERE x.feed = e.feed AND x.entry = e.id);
         UPDATE entry_feed SET published = (SELECT published FROM entry e WHERE e.id = entry);
         UPDATE entry SET sources = NULL,
             feeds = 1 + (SELECT count(*) FROM entry_feed x WHERE x.entry = entry.id AND x.extra = 1);
         DELETE FROM body WHERE entry NOT IN (SELECT id FROM entry);
         DELETE FROM note WHERE entry NOT IN (SELECT id FROM entry);
         DELETE FROM entry_tag WHERE entry NOT IN (SELECT id FROM entry);
         UPDATE page SET collected = 0;
         INSERT INTO index_queue SELECT id FROM entry;
         UPDATE feed SET entries = (SELECT count(*) FROM entry_feed x WHERE x.feed = feed.id),
             unread = (SELECT count(*) FROM entry_feed x JOIN entry e ON e.id = x.entry WHERE x.feed = feed.id AND e.read = 0);
         UPDATE counter SET entries = (SELECT count(*) FROM entry WHERE hidden = 0),
             unread = (SELECT count(*) FROM entry WHERE hidden = 0 AND read = 0),
             starred = (SELECT count(*) FROM entry WHERE starred = 1), later = (SELECT count(*) FROM entry WHERE later = 1),
             last_entry = (SELECT coalesce(max(id), 0) FROM entry);",
    )?;
    Ok(())
}
