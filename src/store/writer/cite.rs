//! What was cited, written down: sources once each, citations beside them.

use crate::address::Kind;
use crate::source::Collected;
use crate::store::StoreError;
use crate::store::schema::key_hash;
use rusqlite::{Connection, OptionalExtension, Statement, params};
use url::Url;

/// Citing sentences longer than this are cut for the database; in characters.
const CONTEXT: usize = 400;

const KNOWN: &str = "SELECT id FROM source WHERE hash = ?1 AND key = ?2";
const NEW: &str =
    "INSERT INTO source (hash, key, display_url, site, kind) VALUES (?1, ?2, ?3, ?4, ?5)";

/// The source with this key; made where there is none.
pub fn source_of(
    conn: &Connection,
    key: &str,
    display: &Url,
    site: &str,
    kind: Kind,
) -> rusqlite::Result<i64> {
    let (mut known, mut new) = (conn.prepare_cached(KNOWN)?, conn.prepare_cached(NEW)?);
    find(&mut known, &mut new, (key, display, site, kind))
}

fn find(
    known: &mut Statement<'_>,
    new: &mut Statement<'_>,
    (key, display, site, kind): (&str, &Url, &str, Kind),
) -> rusqlite::Result<i64> {
    let hash = key_hash(key);
    let found = known
        .query_row(params![hash, key], |row| row.get(0))
        .optional()?;
    match found {
        Some(id) => Ok(id),
        None => new.insert(params![hash, key, display.as_str(), site, kind.name()]),
    }
}

/// Writes down what an entry or a page cites; answers how many sources are numbered.
pub fn write(
    conn: &Connection,
    collected: &Collected,
    entry: Option<i64>,
    page: Option<i64>,
) -> Result<usize, StoreError> {
    let (mut known, mut new) = (conn.prepare_cached(KNOWN)?, conn.prepare_cached(NEW)?);
    let mut citation = conn.prepare_cached(
        "INSERT INTO citation (from_entry, from_page, source, n, role, anchor, context, place, strength, \"primary\", external)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let mut count = 0;
    for source in collected.sources.iter().filter(|source| source.n.is_some()) {
        count += 1;
        let id = find(
            &mut known,
            &mut new,
            (&source.key, &source.display, &source.site, source.kind),
        )?;
        let end = source.context.char_indices().nth(CONTEXT);
        let context = &source.context[..end.map_or(source.context.len(), |(at, _)| at)];
        citation.execute(params![
            entry,
            page,
            id,
            source.n,
            source.role.name(),
            source.anchor.as_str(),
            context,
            f64::from(source.place),
            f64::from(source.strength),
            source.primary,
            source.external
        ])?;
    }
    Ok(count)
}
