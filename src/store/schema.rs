//! Opening and migrating the database.

use super::StoreError;
use super::instance::beside;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use siphasher::sip::SipHasher13;
use std::fs::OpenOptions;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// Migrations in order; `user_version` says how many of them a database has seen. A migration that was released never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/schema/0001.sql"),
    include_str!("../../assets/schema/0002.sql"),
    include_str!("../../assets/schema/0003.sql"),
    include_str!("../../assets/schema/0004.sql"),
    include_str!("../../assets/schema/0005.sql"),
    include_str!("../../assets/schema/0006.sql"),
    include_str!("../../assets/schema/0007.sql"),
    include_str!("../../assets/schema/0008.sql"),
    include_str!("../../assets/schema/0009.sql"),
    include_str!("../../assets/schema/0010.sql"),
];

/// Pages that the writing connection keeps, as `PRAGMA cache_size` wants it: 16 MB, and 32 while texts are taken in.
pub const CACHE: i32 = -16_384;
pub const LARGE_CACHE: i32 = -32_768;

/// The newest schema that this bron knows.
pub const KNOWN: i64 = MIGRATIONS.len() as i64;

/// Opens the database for writing: made and migrated where needed.
pub fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    make_private(path)?;
    let mut conn = Connection::open(path).map_err(|error| unwritable(path, error))?;
    conn.execute_batch("PRAGMA busy_timeout = 5000;")?;
    steady(&conn)?;
    let found = version(&conn)?;
    if found > KNOWN {
        return Err(StoreError::Newer {
            found,
            known: KNOWN,
        });
    }
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .map_err(|error| unwritable(path, error))?;
    conn.execute_batch(&format!(
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = {CACHE}; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 0;",
    ))?;
    if found < KNOWN {
        if found > 0 {
            super::backup::copy(&conn, &beside(path, &format!(".before-schema-{KNOWN}")))?;
        }
        migrate(&mut conn, MIGRATIONS).map_err(|error| match error {
            StoreError::Sqlite(error) => unwritable(path, error),
            other => other,
        })?;
    }
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

/// Opens the database for reading; it must exist and have our schema.
pub fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.execute_batch(
        "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;
         PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;",
    )?;
    steady(&conn)?;
    let found = version(&conn)?;
    if found > KNOWN {
        return Err(StoreError::Newer {
            found,
            known: KNOWN,
        });
    }
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// What every connection has: plans that stay, and the numbers of keys.
fn steady(conn: &Connection) -> rusqlite::Result<()> {
    // Without this, a statement that could use a partial index is planned anew each time its values change, which took
    // longer than to run it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.create_scalar_function(
        "key_hash",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(key_hash(context.get_raw(0).as_str()?)),
    )
}

/// The number under which the key of a source is found: `hash = key_hash(?) AND key = ?` in SQL.
pub fn key_hash(key: &str) -> i64 {
    let mut hasher = SipHasher13::new_with_keys(0x6272_6f6e, 0x736f_7572_6365);
    hasher.write(key.as_bytes());
    hasher.finish() as i64
}

/// The schema of a database: how many migrations it has seen.
pub fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Applies the migrations that are missing, each in a transaction of its own. Two instances may come at once: the
/// version is read again under the lock.
fn migrate(conn: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    loop {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seen = version(&tx)?;
        let Some(next) = usize::try_from(seen)
            .ok()
            .and_then(|seen| migrations.get(seen))
        else {
            return Ok(());
        };
        tx.execute_batch(next)?;
        tx.pragma_update(None, "user_version", seen + 1)?;
        tx.commit()?;
    }
}

/// Makes directory and file readable by their owner only; what exists keeps its directory's rights.
pub(super) fn make_private(path: &Path) -> Result<(), StoreError> {
    make_room(path)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map_err(|error| failed(&error, path))?;
    Ok(())
}

fn failed(error: &std::io::Error, at: &Path) -> StoreError {
    StoreError::Unwritable {
        path: at.display().to_string(),
        why: error.to_string(),
    }
}

/// Makes the directory of a file, for nobody else to read.
pub(super) fn make_room(path: &Path) -> Result<(), StoreError> {
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder
            .create(directory)
            .map_err(|error| failed(&error, directory))?;
    }
    Ok(())
}

/// Says which directory cannot be written, where that is what went wrong.
pub fn unwritable(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::DiskFull
            | ErrorCode::PermissionDenied,
        ) => StoreError::Unwritable {
            path: path
                .parent()
                .map_or_else(PathBuf::new, Path::to_path_buf)
                .display()
                .to_string(),
            why: error.to_string(),
        },
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_every_older_schema_is_copied_and_then_brought_up_to_date() {
        let directory = tempfile::tempdir().expect("a directory");
        for seen in 1..MIGRATIONS.len() {
            let path = directory.path().join(format!("{seen}/bron.db"));
            make_private(&path).expect("a file");
            let mut conn = Connection::open(&path).expect("a database");
            steady(&conn).expect("functions");
            migrate(&mut conn, &MIGRATIONS[..seen]).expect("an older schema");
            conn.execute("INSERT INTO feed (url) VALUES ('https://a.example/')", [])
                .expect("a feed");
            let source = if seen < 6 {
                "INSERT INTO source (id, key, url, display_url, site, kind)
                 VALUES (7, 'a.example/x', 'https://a.example/x?utm=1', 'https://a.example/x', 'a.example', 'article')"
            } else {
                "INSERT INTO source (id, hash, key, display_url, site, kind)
                 VALUES (7, key_hash('a.example/x'), 'a.example/x', 'https://a.example/x', 'a.example', 'article')"
            };
            conn.execute(source, []).expect("a source");
            drop(conn);
            let conn = open_for_writing(&path).expect("migrated");
            assert_eq!(version(&conn).expect("a number"), KNOWN);
            let copy = beside(&path, &format!(".before-schema-{KNOWN}"));
            let copy = Connection::open(copy).expect("the copy");
            assert_eq!(version(&copy).expect("a number"), seen as i64);
            let source: i64 = conn
                .query_row(
                    "SELECT id FROM source WHERE hash = key_hash(?1) AND key = ?1",
                    ["a.example/x"],
                    |row| row.get(0),
                )
                .expect("the source is found by the number of its key");
            assert_eq!(source, 7);
            for conn in [&conn, &copy] {
                let feeds: i64 = conn
                    .query_row("SELECT count(*) FROM feed", [], |row| row.get(0))
                    .expect("a count");
                assert_eq!(feeds, 1);
            }
        }
    }
}
