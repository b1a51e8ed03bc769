//! What was read, in numbers.

use super::reader::Reader;
use super::{StoreError, rows};
use crate::feed::FeedId;
use crate::news::{DayCount, FeedPage, FeedReading, PastVisit, Reading};
use crate::text::SafeText;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use rusqlite::OptionalExtension;
use std::collections::HashMap;

const DAY_S: i64 = 86_400;
/// Days that the page of a feed shows.
const PAGE_DAYS: u32 = 30;
/// Visits that the page of a feed shows.
const PAGE_VISITS: usize = 5;

/// The local days up to now, and the second at which the first of them began.
fn days(now: DateTime<Utc>, zone: FixedOffset, count: u32) -> (Vec<DayCount>, i64) {
    let today = now.with_timezone(&zone).date_naive();
    let first = today - TimeDelta::days(i64::from(count.max(1)) - 1);
    let days = first
        .iter_days()
        .take(count.max(1) as usize)
        .map(|day| DayCount {
            day,
            arrived: 0,
            read: 0,
        })
        .collect();
    (days, begin(first, zone))
}

fn begin(day: NaiveDate, zone: FixedOffset) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - i64::from(zone.local_minus_utc())
}

impl Reader {
    /// The last visits of a feed, newest first.
    pub fn past_visits(&self, feed: FeedId) -> Result<Vec<PastVisit>, StoreError> {
        let mut statement = self.conn().prepare_cached(
            "SELECT at, took_ms, bytes, http, outcome, sentence, new, changed FROM visit WHERE feed = ?1 ORDER BY at DESC",
        )?;
        let visits = statement
            .query_map([feed.0], |row| {
                Ok(PastVisit {
                    at: rows::time(row.get(0)?),
                    took_ms: row.get(1)?,
                    bytes: row.get::<_, i64>(2)? as u64,
                    http: row.get(3)?,
                    outcome: row.get(4)?,
                    sentence: row.get::<_, Option<String>>(5)?.map(|s| SafeText::line(&s)),
                    new: row.get(6)?,
                    changed: row.get(7)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(visits)
    }

    /// What the page of a feed shows beside its row.
    pub fn feed_page(
        &self,
        feed: FeedId,
        now: DateTime<Utc>,
        zone: FixedOffset,
    ) -> Result<FeedPage, StoreError> {
        let (mut days, since) = days(now, zone, PAGE_DAYS);
        {
            let mut statement = self.conn().prepare_cached(
                "SELECT (x.published - ?2) / 86400, count(*), sum(e.read)
                 FROM entry_feed x INDEXED BY entry_feed_date JOIN entry e ON e.id = x.entry
                 WHERE x.feed = ?1 AND x.published >= ?2 GROUP BY 1",
            )?;
            let mut found = statement.query([feed.0, since])?;
            while let Some(row) = found.next()? {
                let place: i64 = row.get(0)?;
                if let Some(day) = usize::try_from(place).ok().and_then(|at| days.get_mut(at)) {
                    (day.arrived, day.read) = (row.get(1)?, row.get(2)?);
                }
            }
        }
        let opened = self
            .conn()
            .prepare_cached(
                "SELECT count(DISTINCT r.entry) FROM read_log r JOIN entry e ON e.id = r.entry WHERE r.at >= ?2 AND e.feed = ?1",
            )?
            .query_row([feed.0, since], |row| row.get(0))?;
        let mut visits = self.past_visits(feed)?;
        visits.truncate(PAGE_VISITS);
        Ok(FeedPage {
            days,
            opened,
            visits,
            settings: self.feed_settings(feed)?,
        })
    }

    /// The settings of this feed alone, in words.
    fn feed_settings(&self, feed: FeedId) -> Result<Vec<String>, StoreError> {
        let found = self
            .conn()
            .prepare_cached(
                "SELECT every_s, full_text, item_limit, unread_on_change, hidden FROM feed WHERE id = ?1",
            )?
            .query_row([feed.0], |row| {
                let mut said = Vec::new();
                if let Some(every) = row.get::<_, Option<i64>>(0)? {
                    said.push(format!("visited every {} min", every / 60));
                }
                if row.get(1)? {
                    said.push("whole pages".to_owned());
                }
                if let Some(limit) = row.get::<_, Option<u32>>(2)? {
                    said.push(format!("at most {limit} entries a visit"));
                }
                for (column, words) in [(3, "unread again when changed"), (4, "hidden")] {
                    if row.get(column)? {
                        said.push(words.to_owned());
                    }
                }
                Ok(said)
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// What was read in the last days, today among them.
    pub fn reading(
        &self,
        now: DateTime<Utc>,
        zone: FixedOffset,
        count: u32,
    ) -> Result<Reading, StoreError> {
        let conn = self.conn();
        let (mut days, since) = days(now, zone, count);
        let mut arrived: HashMap<i64, (u32, u32)> = HashMap::new();
        {
            let mut statement = conn.prepare_cached(
                "SELECT feed, (published - ?1) / 86400, count(*), sum(read) FROM entry
                 WHERE hidden = 0 AND published >= ?1 GROUP BY 1, 2",
            )?;
            let mut found = statement.query([since])?;
            while let Some(row) = found.next()? {
                let (entries, read): (u32, u32) = (row.get(2)?, row.get(3)?);
                let feed = arrived.entry(row.get(0)?).or_default();
                feed.0 += entries;
                feed.1 += read;
                let place: i64 = row.get(1)?;
                if let Some(day) = usize::try_from(place).ok().and_then(|at| days.get_mut(at)) {
                    day.arrived += entries;
                    day.read += read;
                }
            }
        }
        let mut opened: HashMap<i64, u32> = HashMap::new();
        let mut hours = [0; 24];
        {
            let mut statement = conn.prepare_cached(
                "SELECT e.feed, count(DISTINCT r.entry) FROM read_log r JOIN entry e ON e.id = r.entry WHERE r.at >= ?1 GROUP BY 1",
            )?;
            let mut found = statement.query([since])?;
            while let Some(row) = found.next()? {
                opened.insert(row.get(0)?, row.get(1)?);
            }
            let mut statement = conn.prepare_cached(
                "SELECT (at - ?1) % ?2 / 3600, count(*) FROM read_log WHERE at >= ?1 GROUP BY 1",
            )?;
            let mut found = statement.query([since, DAY_S])?;
            while let Some(row) = found.next()? {
                let hour: i64 = row.get(0)?;
                if let Some(place) = usize::try_from(hour).ok().and_then(|at| hours.get_mut(at)) {
                    *place = row.get(1)?;
                }
            }
        }
        let mut last = conn.prepare_cached(
            "SELECT max(published) FROM entry_feed INDEXED BY entry_feed_date WHERE feed = ?1",
        )?;
        let mut feeds = Vec::new();
        for row in self
            .feeds()?
            .into_iter()
            .filter(|row| !row.hidden && !row.internal)
        {
            let (entries, read) = arrived.get(&row.id.0).copied().unwrap_or_default();
            let last: Option<i64> = last.query_row([row.id.0], |row| row.get(0))?;
            feeds.push(FeedReading {
                feed: row.id,
                title: row.title,
                url: row.url,
                arrived: entries,
                read,
                opened: opened.get(&row.id.0).copied().unwrap_or(0),
                last: rows::maybe_time(last),
                ill: match row.health {
                    crate::news::Health::Failing(why) | crate::news::Health::Gone(why) => Some(why),
                    crate::news::Health::New | crate::news::Health::Well => None,
                },
            });
        }
        Ok(Reading { days, hours, feeds })
    }
}
