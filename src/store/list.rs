//! Lists of entries: which rows, in which order, how many in all.
//!
//! A list is a [`Walk`]: an index in the order of the list, and a condition. Rows are taken from it by offset, from whichever
//! end is nearer, and only the ids; what is shown of them is looked up for the rows of the window. How long a list is comes
//! from the counts that the writer keeps, or from the index.

use super::reader::Reader;
use super::search::{self, Condition, Shown};
use super::{StoreError, index, rows};
use crate::feed::EntryId;
use crate::news::{EntriesPage, EntriesQuestion, EntryHead, Order, View, Window};
use crate::query::{Mark, Query, Test};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// So many hits of a search are looked up one by one; of more, the list by date is walked and compared with the hits.
const FEW_HITS: usize = 2_000;

/// Above so many unread entries those among many hits are not counted.
const FEW_UNREAD: i64 = 30_000;

/// An index in order, with a condition.
#[derive(Clone, Debug)]
struct Walk {
    from: String,
    id: &'static str,
    date: &'static str,
    condition: Condition,
    total: Option<i64>,
    unread: Option<i64>,
}

impl Walk {
    fn new(from: &str, condition: &str, params: Vec<Value>) -> Walk {
        Walk {
            from: from.into(),
            id: "e.id",
            date: "e.published",
            condition: Condition {
                sql: condition.into(),
                params,
            },
            total: None,
            unread: None,
        }
    }

    fn sql(&self, by: &[Term], reversed: bool, offset: usize, limit: usize) -> String {
        let by: Vec<String> = by
            .iter()
            .map(|term| {
                let falls = term.falls != reversed;
                format!("{} {}", term.sql, if falls { "DESC" } else { "ASC" })
            })
            .collect();
        format!(
            "SELECT {id} FROM {from} WHERE {condition} ORDER BY {by} LIMIT {limit} OFFSET {offset}",
            id = self.id,
            from = self.from,
            condition = self.condition.sql,
            by = by.join(", "),
        )
    }

    /// Ids of a stretch of the list.
    fn ids(
        &self,
        conn: &Connection,
        by: &[Term],
        reversed: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let ids = conn
            .prepare_cached(&self.sql(by, reversed, offset, limit))?
            .query_map(params_from_iter(&self.condition.params), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    fn count(&self, conn: &Connection, more: &str, params: Vec<Value>) -> Result<i64, StoreError> {
        let mut condition = self.condition.clone();
        if !more.is_empty() {
            condition.and(more, params);
        }
        let sql = format!("SELECT count(*) FROM {} WHERE {}", self.from, condition.sql);
        Ok(conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(condition.params), |row| row.get(0))?)
    }
}

/// Something that a list is ordered by.
struct Term {
    sql: String,
    /// The largest first.
    falls: bool,
}

/// What an order is, first the coarse; `id` and `date` are the columns of the list. `kept_since`: what was read after that
/// stands among the unread, so that no row runs away while it is read.
fn terms(order: Order, id: &str, date: &str, kept_since: i64) -> Vec<Term> {
    let term = |sql: String, falls| Term { sql, falls };
    let of_entry = |what: &str| {
        format!("(SELECT {what} FROM entry t JOIN feed f ON f.id = t.feed WHERE t.id = {id})")
    };
    let mut terms = match order {
        Order::Newest | Order::Oldest => Vec::new(),
        Order::Feed => {
            let name = of_entry("coalesce(f.own_title, nullif(f.title, ''), f.url)");
            vec![term(format!("{name} COLLATE NOCASE"), false)]
        }
        Order::Title => {
            let title = of_entry("trim(t.title, ' \"“”‘’«»')");
            vec![term(format!("{title} COLLATE NOCASE"), false)]
        }
        Order::Unread => {
            let read = format!("t.read = 1 AND coalesce(t.read_at, 0) < {kept_since}");
            vec![term(of_entry(&read), false)]
        }
    };
    let falls = order != Order::Oldest;
    terms.push(term(date.to_owned(), falls));
    terms.push(term(id.to_owned(), falls));
    terms
}

fn opposite(order: Order) -> Order {
    match order {
        Order::Oldest => Order::Newest,
        _ => Order::Oldest,
    }
}

fn counter(conn: &Connection, column: &str) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {column} FROM counter"))?
        .query_row([], |row| row.get(0))?)
}

/// The walk of a view that is no search.
fn walk_of(conn: &Connection, question: &EntriesQuestion) -> Result<Walk, StoreError> {
    Ok(match &question.view {
        View::All if question.fold && question.filter.is_none() => {
            let (folded, unread) = folded(conn)?;
            Walk {
                total: Some(counter(conn, "entries")? - folded),
                unread: Some(counter(conn, "unread")? - unread),
                ..Walk::new(
                    "entry e INDEXED BY entry_row",
                    "e.hidden = 0 AND e.folded = 0",
                    vec![],
                )
            }
        }
        View::Today { since } if question.fold && question.filter.is_none() => {
            let since = since.timestamp();
            // A row of yesterday is not in this list: what stands under it is.
            let mut walk = Walk::new(
                "entry e INDEXED BY entry_date",
                &format!("e.hidden = 0 AND e.published >= ? AND (e.folded = 0 OR NOT {ROW_SINCE})"),
                vec![since.into(), since.into()],
            );
            let (folded, unread) = folded_today(conn, since)?;
            walk.total = Some(today(conn, since)? - folded);
            walk.unread = Some(today_unread(conn, since)? - unread);
            walk
        }
        View::All => Walk {
            total: Some(counter(conn, "entries")?),
            unread: Some(counter(conn, "unread")?),
            ..Walk::new("entry e INDEXED BY entry_date", "e.hidden = 0", vec![])
        },
        View::Today { since } => {
            let since = since.timestamp();
            let mut walk = Walk::new(
                "entry e INDEXED BY entry_date",
                "e.hidden = 0 AND e.published >= ?",
                vec![since.into()],
            );
            walk.total = Some(walk.count(conn, "", vec![])?);
            walk.unread = Some(today_unread(conn, since)?);
            walk
        }
        View::Unread => {
            let kept_since: Value = question.kept_since.timestamp().into();
            let kept: i64 = conn
                .prepare_cached(
                    "SELECT count(*) FROM entry INDEXED BY entry_read_at WHERE read_at >= ?1 AND hidden = 0",
                )?
                .query_row([&kept_since], |row| row.get(0))?;
            let unread = counter(conn, "unread")?;
            let mut walk = if kept == 0 {
                Walk::new(
                    "entry e INDEXED BY entry_unread",
                    "e.hidden = 0 AND e.read = 0",
                    vec![],
                )
            } else {
                // Both halves come in order, so the union is a merge and stops where the window ends.
                Walk::new(
                    "(SELECT id, published FROM entry INDEXED BY entry_unread WHERE hidden = 0 AND read = 0
                      UNION ALL
                      SELECT id, published FROM entry INDEXED BY entry_read_at WHERE read_at >= ? AND hidden = 0) e",
                    "1",
                    vec![kept_since],
                )
            };
            walk.total = Some(unread + kept);
            walk.unread = Some(unread);
            walk
        }
        View::Starred => {
            let mut walk = Walk::new("entry e INDEXED BY entry_starred", "e.starred = 1", vec![]);
            walk.unread = Some(walk.count(conn, "e.read = 0", vec![])?);
            walk.total = Some(counter(conn, "starred")?);
            walk
        }
        View::Later => {
            let mut walk = Walk::new("entry e INDEXED BY entry_later", "e.later = 1", vec![]);
            walk.unread = Some(walk.count(conn, "e.read = 0", vec![])?);
            walk.total = Some(counter(conn, "later")?);
            walk
        }
        View::Feed(feed) => {
            let counts: Option<(i64, i64)> = conn
                .prepare_cached("SELECT entries, unread FROM feed WHERE id = ?1")?
                .query_row([feed.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let kept_back = kept_back(conn, feed.0)?;
            let mut walk = Walk {
                id: "x.entry",
                date: "x.published",
                total: Some(counts.unwrap_or_default().0 - kept_back),
                unread: Some(counts.unwrap_or_default().1),
                ..Walk::new(
                    "entry_feed x INDEXED BY entry_feed_date",
                    "x.feed = ?",
                    vec![feed.0.into()],
                )
            };
            if kept_back > 0 {
                walk.condition
                    .and("x.entry NOT IN (SELECT entry FROM kept_back)", []);
            }
            walk
        }
        View::Group(tag) => group(conn, tag)?,
        View::Search { query, .. } => {
            let condition = search::condition(conn, query)?;
            Walk {
                condition,
                ..Walk::new("entry e", "1", vec![])
            }
        }
    })
}

/// The walk of a view that is narrowed by a query.
fn filtered(
    conn: &Connection,
    question: &EntriesQuestion,
    filter: &Query,
) -> Result<Walk, StoreError> {
    let test = |test| vec![Query::Test(test)];
    let mut all = match &question.view {
        View::All | View::Unread | View::Feed(_) => Vec::new(),
        View::Today { since } => test(Test::After(*since)),
        View::Starred => test(Test::Is(Mark::Starred)),
        View::Later => test(Test::Is(Mark::Later)),
        View::Group(tag) => test(Test::FeedTag(tag.clone())),
        View::Search { query, .. } => vec![query.clone()],
    };
    all.push(filter.clone());
    let mut condition = search::condition(conn, &Query::And(all))?;
    match &question.view {
        View::Unread => {
            let kept_since = question.kept_since.timestamp();
            condition.and("e.read = 0 OR e.read_at >= ?", [kept_since.into()]);
        }
        View::Feed(feed) => condition.and(
            "e.id IN (SELECT entry FROM entry_feed WHERE feed = ?)",
            [feed.0.into()],
        ),
        _ => {}
    }
    Ok(Walk {
        condition,
        ..Walk::new("entry e", "1", vec![])
    })
}

/// How many entries of a feed a rule hides.
fn kept_back(conn: &Connection, feed: i64) -> Result<i64, StoreError> {
    let any: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM kept_back)")?
        .query_row([], |row| row.get(0))?;
    if !any {
        return Ok(0);
    }
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM entry_feed INDEXED BY entry_feed_date
             WHERE feed = ?1 AND entry IN (SELECT entry FROM kept_back)",
        )?
        .query_row([feed], |row| row.get(0))?)
}

/// Entries that are folded under the row of their story, and how many of those are unread.
fn folded(conn: &Connection) -> Result<(i64, i64), StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(read = 0), 0) FROM entry INDEXED BY entry_folded
             WHERE hidden = 0 AND folded = 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Whether the story of the entry `e` has a row that was published since.
const ROW_SINCE: &str = "EXISTS (
    SELECT 1 FROM story_entry a JOIN story_entry b ON b.story = a.story AND b.in_list = 1 JOIN entry r ON r.id = b.entry
    WHERE a.entry = e.id AND r.hidden = 0 AND r.folded = 0 AND r.published >= ?)";

/// Entries published since that are folded under a row published since, and how many of those are unread.
fn folded_today(conn: &Connection, since: i64) -> Result<(i64, i64), StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(e.read = 0), 0) FROM entry e INDEXED BY entry_folded
             WHERE e.hidden = 0 AND e.folded = 1 AND e.published >= ? AND {ROW_SINCE}"
        ))?
        .query_row([since, since], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Entries published since.
fn today(conn: &Connection, since: i64) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM entry INDEXED BY entry_date WHERE hidden = 0 AND published >= ?1",
        )?
        .query_row([since], |row| row.get(0))?)
}

/// Unread entries published since.
pub fn today_unread(conn: &Connection, since: i64) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM entry INDEXED BY entry_unread WHERE hidden = 0 AND read = 0 AND published >= ?1",
        )?
        .query_row([since], |row| row.get(0))?)
}

fn group(conn: &Connection, tag: &str) -> Result<Walk, StoreError> {
    let tagged = search::feeds_tagged(conn, tag)?;
    let mut feeds = Vec::new();
    let (mut entries, mut unread, mut hidden) = (0, 0, 0);
    {
        let mut statement =
            conn.prepare_cached("SELECT entries, unread FROM feed WHERE id = ?1 AND hidden = 0")?;
        for feed in tagged {
            let counts: Option<(i64, i64)> = statement
                .query_row([feed], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((e, u)) = counts {
                feeds.push(feed);
                hidden += kept_back(conn, feed)?;
                entries += e;
                unread += u;
            }
        }
    }
    let list = serde_json::to_string(&feeds).unwrap_or_default();
    let many: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry INDEXED BY entry_many WHERE feeds > 1)",
        )?
        .query_row([], |row| row.get(0))?;
    // A large group is found by walking all entries by date; a small one is gathered from its feeds and sorted.
    let mut walk = if entries * 8 > counter(conn, "entries")? {
        let mut condition =
            "e.hidden = 0 AND (e.feed IN (SELECT value FROM json_each(?))".to_owned();
        let mut params: Vec<Value> = vec![list.clone().into()];
        if many {
            condition.push_str(
                " OR (e.feeds > 1 AND EXISTS (SELECT 1 FROM entry_feed x WHERE x.entry = e.id AND x.extra = 1
                      AND x.feed IN (SELECT value FROM json_each(?))))",
            );
            params.push(list.into());
        }
        condition.push(')');
        Walk::new("entry e INDEXED BY entry_date", &condition, params)
    } else {
        Walk::new(
            "(SELECT DISTINCT x.entry AS id, x.published FROM json_each(?) j
              CROSS JOIN entry_feed x INDEXED BY entry_feed_date ON x.feed = j.value) e",
            "1",
            vec![list.into()],
        )
    };
    if hidden > 0 {
        walk.condition
            .and("e.id NOT IN (SELECT entry FROM kept_back)", []);
    }
    (walk.total, walk.unread) = if many {
        // An entry in two feeds of the group counts once.
        let total = walk.count(conn, "", vec![])?;
        let shared = walk.count(
            conn,
            "e.id IN (SELECT id FROM entry INDEXED BY entry_many WHERE feeds > 1)",
            vec![],
        )?;
        (Some(total), (shared == 0).then_some(unread))
    } else {
        (Some(entries - hidden), Some(unread))
    };
    Ok(walk)
}

/// Rows of a list.
pub fn page(reader: &Reader, question: &EntriesQuestion) -> Result<EntriesPage, StoreError> {
    let conn = reader.conn();
    let newest = counter(conn, "last_entry")?;
    let mut answer = EntriesPage {
        newest: (newest > 0).then_some(EntryId(newest)),
        edit: reader.edit()?,
        ..EntriesPage::default()
    };
    if let View::Search {
        query: Query::Test(Test::Story(id)),
        ..
    } = &question.view
        && question.filter.is_none()
    {
        super::stories::page(conn, *id, &mut answer)?;
        return Ok(answer);
    }
    let up_to = question.up_to.map_or(i64::MAX, |id| id.0).min(newest);
    if let View::Search { query, .. } = &question.view
        && question.filter.is_none()
        && let Some(text) = search::text_only(query)
        && search::shown(query) == Shown::Ordinary
        && question.order.is_by_day()
    {
        text_page(conn, question, &text, up_to, &mut answer)?;
        return Ok(answer);
    }
    let mut walk = match &question.filter {
        Some(filter) => filtered(conn, question, &filter.query)?,
        None => walk_of(conn, question)?,
    };
    if up_to < newest {
        let id = walk.id;
        let newer = walk.count(conn, &format!("{id} > ?"), vec![up_to.into()])?;
        if newer > 0 {
            answer.newer = newer as usize;
            walk.total = walk.total.map(|total| total - newer);
            walk.condition.and(&format!("{id} <= ?"), [up_to.into()]);
        }
    }
    let total = match walk.total {
        Some(total) => total.max(0),
        None => walk.count(conn, "", vec![])?,
    } as usize;
    let kept_since = question.kept_since.timestamp();
    let by = terms(question.order, walk.id, walk.date, kept_since);
    let offset = match question.window {
        Window::From(offset) => offset,
        Window::End => total.saturating_sub(question.limit),
        Window::Around(entry) => {
            let row = row_of(conn, question, entry)?;
            around(conn, &walk, &by, question, row)?
        }
    };
    let ids = if offset > total / 2 && offset < total {
        // Nearer from the other end.
        let limit = question.limit.min(total - offset);
        let mut ids = walk.ids(conn, &by, true, total - offset - limit, limit)?;
        ids.reverse();
        ids
    } else {
        walk.ids(conn, &by, false, offset, question.limit)?
    };
    answer.rows = rows::heads(conn, &ids)?;
    answer.offset = offset;
    answer.total = Some(total);
    answer.unread = walk.unread.map(|unread| unread.max(0) as usize);
    Ok(answer)
}

/// The entry itself, or the row under which it is folded.
fn row_of(
    conn: &Connection,
    question: &EntriesQuestion,
    entry: EntryId,
) -> Result<EntryId, StoreError> {
    if !question.fold {
        return Ok(entry);
    }
    // A row that is in this list.
    let since = match &question.view {
        View::Today { since } => since.timestamp(),
        _ => i64::MIN,
    };
    let row: Option<i64> = conn
        .prepare_cached(
            "SELECT x.entry FROM entry m JOIN story_entry me ON me.entry = m.id JOIN story_entry x ON x.story = me.story
             JOIN entry e ON e.id = x.entry WHERE m.id = ?1 AND m.folded = 1 AND x.in_list = 1 AND e.hidden = 0
               AND e.published >= ?2
             ORDER BY abs(e.published - m.published) LIMIT 1",
        )?
        .query_row([entry.0, since], |row| row.get(0))
        .optional()?;
    Ok(row.map_or(entry, EntryId))
}

/// The offset at which a window begins that has this entry in its middle; 0 if it is not in the list.
fn around(
    conn: &Connection,
    walk: &Walk,
    by: &[Term],
    question: &EntriesQuestion,
    entry: EntryId,
) -> Result<usize, StoreError> {
    let there = walk.count(conn, &format!("{} = ?", walk.id), vec![entry.0.into()])?;
    if there == 0 {
        return Ok(0);
    }
    let own = terms(
        question.order,
        "e.id",
        "e.published",
        question.kept_since.timestamp(),
    );
    let columns: Vec<&str> = own.iter().map(|term| term.sql.as_str()).collect();
    let values: Option<Vec<Value>> = conn
        .prepare_cached(&format!(
            "SELECT {} FROM entry e WHERE e.id = ?1",
            columns.join(", ")
        ))?
        .query_row([entry.0], |row| {
            (0..own.len()).map(|at| row.get(at)).collect()
        })
        .optional()?;
    let Some(values) = values else {
        return Ok(0);
    };
    let (sql, params) = before(by, &values);
    let before = walk.count(conn, &sql, params)?;
    Ok((before as usize).saturating_sub(question.limit / 2))
}

/// The condition that a row stands before the one with these values.
fn before(by: &[Term], values: &[Value]) -> (String, Vec<Value>) {
    let falls = by.iter().all(|term| term.falls);
    let rises = by.iter().all(|term| !term.falls);
    let sign = |falls| if falls { ">" } else { "<" };
    if falls || rises {
        // One comparison, which an index answers.
        let columns: Vec<&str> = by.iter().map(|term| term.sql.as_str()).collect();
        let marks = vec!["?"; by.len()].join(", ");
        let sql = format!("({}) {} ({marks})", columns.join(", "), sign(falls));
        return (sql, values.to_vec());
    }
    let mut ways = Vec::with_capacity(by.len());
    let mut params = Vec::new();
    for (at, term) in by.iter().enumerate() {
        let mut way: Vec<String> = by[..at]
            .iter()
            .map(|same| format!("{} = ?", same.sql))
            .collect();
        way.push(format!("{} {} ?", term.sql, sign(term.falls)));
        params.extend_from_slice(&values[..=at]);
        ways.push(format!("({})", way.join(" AND ")));
    }
    (format!("({})", ways.join(" OR ")), params)
}

/// Rows of a search for text alone.
fn text_page(
    conn: &Connection,
    question: &EntriesQuestion,
    text: &str,
    up_to: i64,
    answer: &mut EntriesPage,
) -> Result<(), StoreError> {
    let hits = index::matching(conn, text)?;
    if hits.len() <= FEW_HITS {
        few_hits(conn, question, &hits, up_to, answer)
    } else {
        many_hits(conn, question, hits, up_to, answer)
    }
}

fn few_hits(
    conn: &Connection,
    question: &EntriesQuestion,
    hits: &[i64],
    up_to: i64,
    answer: &mut EntriesPage,
) -> Result<(), StoreError> {
    let mut found: Vec<(i64, i64)> = Vec::with_capacity(hits.len());
    let mut unread = 0;
    {
        let mut statement =
            conn.prepare_cached("SELECT published, read, hidden FROM entry WHERE id = ?1")?;
        for id in hits {
            let row: Option<(i64, bool, bool)> = statement
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            match row {
                Some((_, _, false)) if *id > up_to => answer.newer += 1,
                Some((published, read, false)) => {
                    found.push((published, *id));
                    unread += usize::from(!read);
                }
                _ => {}
            }
        }
    }
    found.sort_unstable();
    if question.order == Order::Newest {
        found.reverse();
    }
    let offset = match question.window {
        Window::From(offset) => offset,
        Window::End => found.len().saturating_sub(question.limit),
        Window::Around(entry) => found
            .iter()
            .position(|(_, id)| *id == entry.0)
            .map_or(0, |place| place.saturating_sub(question.limit / 2)),
    };
    let ids: Vec<i64> = found
        .iter()
        .skip(offset)
        .take(question.limit)
        .map(|(_, id)| *id)
        .collect();
    answer.rows = rows::heads(conn, &ids)?;
    answer.offset = offset;
    answer.total = Some(found.len());
    answer.unread = Some(unread);
    Ok(())
}

/// A set of ids: hits of a search.
struct Bits(Vec<u64>);

impl Bits {
    fn of(ids: &[i64]) -> Bits {
        let last = ids.last().copied().unwrap_or(0) as usize;
        let mut bits = vec![0; last / 64 + 1];
        for id in ids {
            bits[*id as usize / 64] |= 1 << (*id as usize % 64);
        }
        Bits(bits)
    }

    fn has(&self, id: i64) -> bool {
        self.0
            .get(id as usize / 64)
            .is_some_and(|word| word >> (id as usize % 64) & 1 == 1)
    }

    fn count(&self, conn: &Connection, sql: &str) -> Result<usize, StoreError> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += usize::from(self.has(row.get(0)?));
        }
        Ok(count)
    }
}

fn many_hits(
    conn: &Connection,
    question: &EntriesQuestion,
    mut hits: Vec<i64>,
    up_to: i64,
    answer: &mut EntriesPage,
) -> Result<(), StoreError> {
    // Hits come by id, and ids grow.
    let shown = hits.partition_point(|id| *id <= up_to);
    answer.newer = hits.len() - shown;
    hits.truncate(shown);
    let bits = Bits::of(&hits);
    let hidden = bits.count(
        conn,
        "SELECT id FROM entry INDEXED BY entry_hidden WHERE hidden = 1",
    )?;
    let total = hits.len() - hidden;
    if counter(conn, "unread")? <= FEW_UNREAD {
        answer.unread = Some(bits.count(
            conn,
            "SELECT id FROM entry INDEXED BY entry_unread WHERE hidden = 0 AND read = 0",
        )?);
    }
    let limit = question.limit;
    let (mut order, mut reversed) = (question.order, false);
    let mut offset = match question.window {
        Window::From(offset) => offset,
        Window::End => total.saturating_sub(limit),
        Window::Around(_) => 0,
    };
    let mut skip = offset;
    let mut take = limit;
    if !matches!(question.window, Window::Around(_)) && offset > total / 2 && offset < total {
        take = limit.min(total - offset);
        skip = total - offset - take;
        order = opposite(order);
        reversed = true;
    }
    let direction = if order == Order::Newest {
        "DESC"
    } else {
        "ASC"
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id FROM entry INDEXED BY entry_date WHERE hidden = 0 ORDER BY published {direction}, id {direction}"
    ))?;
    let mut rows = statement.query([])?;
    let mut ids = Vec::with_capacity(take);
    if let Window::Around(entry) = question.window {
        // The window slides along until the entry stands in its middle; without it, the first rows are the answer.
        let mut place = 0;
        let mut first = Vec::new();
        let mut after = bits.has(entry.0).then_some(limit / 2);
        let mut met = false;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if !bits.has(id) {
                continue;
            }
            if after.is_none() && ids.len() == limit {
                break;
            }
            if met {
                match &mut after {
                    Some(0) | None => break,
                    Some(left) => *left -= 1,
                }
            }
            if ids.len() == limit {
                if first.is_empty() {
                    first.clone_from(&ids);
                }
                ids.remove(0);
                place += 1;
            }
            ids.push(id);
            met |= id == entry.0;
        }
        offset = place;
        if !met && !first.is_empty() {
            ids = first;
            offset = 0;
        }
    } else {
        while ids.len() < take
            && let Some(row) = rows.next()?
        {
            let id: i64 = row.get(0)?;
            if bits.has(id) {
                if skip > 0 {
                    skip -= 1;
                } else {
                    ids.push(id);
                }
            }
        }
    }
    drop(rows);
    if reversed {
        ids.reverse();
    }
    answer.rows = rows::heads(conn, &ids)?;
    answer.offset = offset;
    answer.total = Some(total);
    Ok(())
}

/// The entries of a query, newest first. For the command line.
pub fn list(conn: &Connection, query: &Query, limit: usize) -> Result<Vec<EntryHead>, StoreError> {
    let condition = search::condition(conn, query)?;
    let walk = Walk {
        condition,
        ..Walk::new("entry e", "1", vec![])
    };
    let by = terms(Order::Newest, walk.id, walk.date, 0);
    let ids = walk.ids(conn, &by, false, 0, limit)?;
    rows::heads(conn, &ids)
}

/// The entries of a query that came after that one, newest first.
pub fn new_since(
    conn: &Connection,
    query: &Query,
    after: i64,
    limit: usize,
) -> Result<Vec<EntryHead>, StoreError> {
    let mut condition = search::condition(conn, query)?;
    condition.and("e.id > ?", vec![Value::Integer(after)]);
    let walk = Walk {
        condition,
        ..Walk::new("entry e", "1", vec![])
    };
    let by = terms(Order::Newest, walk.id, walk.date, 0);
    let ids = walk.ids(conn, &by, false, 0, limit)?;
    rows::heads(conn, &ids)
}

/// How many entries match.
pub fn count(conn: &Connection, query: &Query) -> Result<u64, StoreError> {
    if *query == Query::All {
        return Ok(counter(conn, "entries")? as u64);
    }
    let condition = search::condition(conn, query)?;
    let walk = Walk {
        condition,
        ..Walk::new("entry e", "1", vec![])
    };
    Ok(walk.count(conn, "", vec![])? as u64)
}

/// The planner's words about the question for the rows of a list.
#[cfg(test)]
pub fn plans(reader: &Reader, question: &EntriesQuestion) -> Result<Vec<String>, StoreError> {
    let walk = walk_of(reader.conn(), question)?;
    let kept_since = question.kept_since.timestamp();
    let by = terms(question.order, walk.id, walk.date, kept_since);
    let sql = format!("EXPLAIN QUERY PLAN {}", walk.sql(&by, false, 0, 50));
    let mut statement = reader.conn().prepare(&sql)?;
    let plans = statement
        .query_map(params_from_iter(&walk.condition.params), |row| row.get(3))?
        .collect::<Result<_, _>>()?;
    Ok(plans)
}
