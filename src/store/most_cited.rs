//! What everybody cites: asked about those sources alone that can be among the most cited.

use super::{StoreError, cards, rows};
use crate::address::{self, Kind};
use crate::news::CitedRow;
use crate::story::{self, Ballot, Citable, Vote, Votes};
use crate::text::SafeText;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{HashMap, HashSet};
use url::Url;

/// Votes for one source that are looked at: the newest of the time, and the newest before it.
const VOTES: i64 = 4_000;
/// Fewer votes than these in a time are all read: of each source it is known at once how many cite it.
const FEW: i64 = 60_000;
const EARLIER: i64 = 300;
/// Feeds that are named.
const NAMED: usize = 5;

/// The sources that most sites cite in a time.
pub fn most_cited(
    conn: &Connection,
    since: i64,
    until: i64,
    at_most: usize,
) -> Result<Vec<CitedRow>, StoreError> {
    let candidates = match of_few_votes(conn, since, until)? {
        Some(candidates) => candidates,
        None => of_the_tally(conn, since)?,
    };
    let mut stored = Stored {
        conn,
        since,
        until,
        sites: Sites::default(),
    };
    let found = story::most_cited(candidates, (2, at_most), &mut stored)?;
    let mut cited = Vec::new();
    for votes in found {
        cited.extend(stored.row(&votes)?);
    }
    Ok(cited)
}

/// The sources cited in a time with few votes, all of which are counted; `None` where there are more.
pub(super) fn of_few_votes(
    conn: &Connection,
    since: i64,
    until: i64,
) -> Result<Option<Vec<Citable>>, StoreError> {
    // To count them is a twentieth of the work of reading them.
    let count: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM vote WHERE at BETWEEN ?1 AND ?2 LIMIT ?3)",
        )?
        .query_row([since, until, FEW], |row| row.get(0))?;
    if count == FEW {
        return Ok(None);
    }
    let mut votes: Vec<(i64, i64)> = Vec::with_capacity(count as usize);
    let mut statement =
        conn.prepare_cached("SELECT source, feed FROM vote WHERE at BETWEEN ?1 AND ?2")?;
    let mut rows = statement.query([since, until])?;
    while let Some(row) = rows.next()? {
        votes.push((row.get(0)?, row.get(1)?));
    }
    votes.sort_unstable();
    votes.dedup();
    let sources = votes.chunk_by(|one, other| one.0 == other.0);
    Ok(Some(
        sources
            .filter(|feeds| feeds.len() > 1)
            .map(|feeds| Citable {
                source: feeds[0].0,
                at_most: feeds.len() as u32,
            })
            .collect(),
    ))
}

/// The sources that several feeds cite, and one of them since then.
pub(super) fn of_the_tally(conn: &Connection, since: i64) -> Result<Vec<Citable>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT source, feeds FROM vote_tally INDEXED BY vote_tally_newest WHERE newest >= ?1 AND feeds > 1",
        )?
        .query_map([since], |row| {
            Ok(Citable {
                source: row.get(0)?,
                at_most: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// The votes as the database has them.
struct Stored<'a> {
    conn: &'a Connection,
    since: i64,
    until: i64,
    sites: Sites,
}

impl Ballot for Stored<'_> {
    type Error = StoreError;

    fn votes(&mut self, source: i64, at_least: u32) -> Result<Vec<Vote>, StoreError> {
        // To count them is much less work than to read them, and most need not be read.
        let enough: bool = self
            .conn
            .prepare_cached(
                "SELECT count(*) >= ?4 FROM vote INDEXED BY vote_source WHERE source = ?1 AND at BETWEEN ?2 AND ?3",
            )?
            .query_row(params![source, self.since, self.until, at_least], |row| row.get(0))?;
        if !enough {
            return Ok(Vec::new());
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT feed, at FROM vote INDEXED BY vote_source WHERE source = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC LIMIT ?4",
        )?;
        let mut votes = Vec::new();
        let mut rows = statement.query(params![source, self.since, self.until, VOTES])?;
        while let Some(row) = rows.next()? {
            votes.push(Vote {
                site: self.sites.of(self.conn, row.get(0)?)?,
                at: row.get(1)?,
            });
        }
        Ok(votes)
    }

    fn about(&mut self, source: i64) -> Result<Option<(Kind, bool)>, StoreError> {
        let found: Option<(String, String)> = self
            .conn
            .prepare_cached("SELECT kind, display_url FROM source WHERE id = ?1")?
            .query_row([source], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.map(|(kind, url)| {
            let front =
                Url::parse(&url).is_ok_and(|url| url.path().len() <= 1 && url.query().is_none());
            (Kind::from_name(&kind).unwrap_or(Kind::Article), front)
        }))
    }

    fn before(&mut self, source: i64) -> Result<u32, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT feed FROM (SELECT feed FROM vote INDEXED BY vote_source WHERE source = ?1 AND at < ?2 ORDER BY at DESC LIMIT ?3)",
        )?;
        let mut before: HashSet<u32> = HashSet::new();
        let mut rows = statement.query(params![source, self.since, EARLIER])?;
        while let Some(row) = rows.next()? {
            before.insert(self.sites.of(self.conn, row.get(0)?)?);
        }
        Ok(before.len() as u32)
    }
}

impl Stored<'_> {
    /// A source as it is listed; `None` where its address is none.
    fn row(&self, votes: &Votes) -> Result<Option<CitedRow>, StoreError> {
        let conn = self.conn;
        let (key, display, kind): (String, String, String) = conn
            .prepare_cached("SELECT key, display_url, kind FROM source WHERE id = ?1")?
            .query_row([votes.source], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let Ok(url) = Url::parse(&display) else {
            return Ok(None);
        };
        let card = cards::card(conn, &key)?;
        Ok(Some(CitedRow {
            title: card
                .title
                .map_or_else(|| anchor_of(conn, votes.source), Ok)?,
            site: SafeText::line(&address::site(&url)),
            key,
            url: display,
            kind: Kind::from_name(&kind).unwrap_or(Kind::Article),
            sites: votes.sites,
            before: votes.before,
            by: self.names(votes.source)?,
            first: rows::time(votes.first),
            last: rows::time(votes.newest),
            entry: card.entry,
        }))
    }

    /// Who cites it, the newest first.
    fn names(&self, source: i64) -> Result<Vec<SafeText>, StoreError> {
        let names = self
            .conn
            .prepare_cached(
                "SELECT f.own_title, f.title, f.url FROM (
                     SELECT feed, max(at) AS at FROM (
                         SELECT feed, at FROM vote INDEXED BY vote_source WHERE source = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC LIMIT ?4)
                     GROUP BY feed ORDER BY max(at) DESC LIMIT ?5) v
                 JOIN feed f ON f.id = v.feed ORDER BY v.at DESC",
            )?
            .query_map(
                params![source, self.since, self.until, EARLIER, NAMED as i64],
                |row| {
                    Ok(rows::feed_title(
                        row.get(0)?,
                        &row.get::<_, String>(1)?,
                        &row.get::<_, String>(2)?,
                    ))
                },
            )?
            .collect::<Result<_, _>>()?;
        Ok(names)
    }
}

/// The site of each feed, as a number, for as long as one question takes.
#[derive(Default)]
struct Sites {
    of_feed: HashMap<i64, u32>,
    numbers: HashMap<String, u32>,
}

impl Sites {
    fn of(&mut self, conn: &Connection, feed: i64) -> Result<u32, StoreError> {
        if let Some(known) = self.of_feed.get(&feed) {
            return Ok(*known);
        }
        let found: Option<(Option<String>, String)> = conn
            .prepare_cached("SELECT site_url, url FROM feed WHERE id = ?1")?
            .query_row([feed], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // Who votes for a feed that is gone is one voice, whichever it was.
        let site = found.map_or_else(String::new, |(own, url)| {
            story::site_of(own.as_deref(), &url, None)
        });
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(site).or_insert(next);
        self.of_feed.insert(feed, number);
        Ok(number)
    }
}

/// What those who cite it call it: the longest anchor; else its address.
pub(super) fn anchor_of(conn: &Connection, source: i64) -> Result<SafeText, StoreError> {
    let anchor: Option<String> = conn
        .prepare_cached(
            "SELECT anchor FROM (SELECT anchor FROM citation WHERE source = ?1 LIMIT 50) ORDER BY length(anchor) > 120, length(anchor) DESC LIMIT 1",
        )?
        .query_row([source], |row| row.get(0))
        .optional()?;
    match anchor.filter(|anchor| !anchor.trim().is_empty()) {
        Some(anchor) => Ok(SafeText::line(&anchor)),
        None => Ok(SafeText::line(
            &conn
                .prepare_cached("SELECT display_url FROM source WHERE id = ?1")?
                .query_row([source], |row| row.get::<_, String>(0))?,
        )),
    }
}
