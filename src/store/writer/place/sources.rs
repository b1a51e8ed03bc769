//! What an entry rests on and points at.

use super::entry::Entry;
use crate::address::Kind;
use crate::story::Subject;
use rusqlite::Connection;

/// Sources of an entry that are looked at.
const SOURCES: i64 = 40;

/// What an entry is about and rests on.
pub(super) struct Sources {
    /// Sources with their strength, the strong ones alone.
    pub(super) strong: Vec<(i64, String, f32)>,
    /// What it points at: the target of a link-blog, the subject of a thread.
    pub(super) targets: Vec<(i64, String)>,
}

impl Sources {
    pub(super) fn load(conn: &Connection, entry: &Entry) -> rusqlite::Result<Sources> {
        let mut strong = Vec::new();
        let mut targets = Vec::new();
        let mut statement = conn.prepare_cached(
            "SELECT c.source, c.strength, c.\"primary\", s.key, s.kind FROM citation c JOIN source s ON s.id = c.source
             WHERE c.from_entry = ?1 AND c.role IN ('source', 'mention') AND c.external = 1 ORDER BY c.strength DESC LIMIT ?2",
        )?;
        let mut rows = statement.query([entry.id, SOURCES])?;
        while let Some(row) = rows.next()? {
            let (source, strength): (i64, f64) = (row.get(0)?, row.get(1)?);
            let kind: String = row.get(4)?;
            let kind = Kind::from_name(&kind).unwrap_or(Kind::Article);
            if row.get(2)? {
                targets.push((source, row.get(3)?));
            }
            if strength > 0.6 && !matches!(kind, Kind::Shop | Kind::Encyclopaedia) {
                strong.push((source, row.get(3)?, strength as f32));
            }
        }
        // A list of outlets is about its lead; who names many things points at none.
        if targets.len() > 1 {
            targets.truncate(1);
        }
        Ok(Sources { strong, targets })
    }

    /// How many things it rests on: what many strong sources have is a round-up.
    pub(super) fn cited_strongly(&self) -> usize {
        self.strong
            .iter()
            .filter(|(_, _, strength)| *strength >= 1.0)
            .count()
    }

    /// It says little itself and points at something.
    pub(super) fn points(&self, entry: &Entry, subject: &Subject) -> bool {
        (entry.away || !self.targets.is_empty()) && subject.body_words < 40
    }
}
