//! Stories, and what stands beside an entry: what is asked about them.

use super::front::{Wanted, front_page};
use super::most_cited::{anchor_of, most_cited};
use super::reader::Reader;
use super::{StoreError, cards, index, rows};
use crate::address::{self, Kind};
use crate::feed::{EntryId, StoryId};
use crate::news::{
    Beside, CitedRow, Citing, EntriesPage, EntryHead, FrontPage, Listing, Primary, StoryRow,
    StorySource, Target, Telling, Thread,
};
use crate::source;
use crate::story::{self, Told};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

const DAY: i64 = 24 * 3600;
/// Graphemes of a lead.
const LEAD: usize = 280;
/// Sources of a story that are listed.
const SOURCES: usize = 12;
impl Reader {
    /// What a time was about.
    pub fn front_page(&self, wanted: &Wanted) -> Result<FrontPage, StoreError> {
        self.at_once(|| front_page(self.conn(), wanted))
    }

    /// A story with its entries, sources and primary source.
    pub fn story(&self, id: StoryId) -> Result<Option<StoryRow>, StoreError> {
        self.at_once(|| story_row(self.conn(), id.0, &HashMap::new()))
    }

    /// The sources that most sites cite, of citations made in a time.
    pub fn most_cited(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
        at_most: usize,
    ) -> Result<Vec<CitedRow>, StoreError> {
        self.at_once(|| most_cited(self.conn(), since.timestamp(), until.timestamp(), at_most))
    }

    /// The newest entry that was opened before a time: when the reader was last here.
    pub fn last_opened(&self, before: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(rows::maybe_time(
            self.conn()
                .prepare_cached("SELECT max(at) FROM read_log WHERE at < ?1")?
                .query_row([before.timestamp()], |row| row.get(0))?,
        ))
    }

    /// Who else tells the story of an entry, and where it is discussed, as a line; `None`: nobody, nowhere.
    pub fn more_on(&self, id: EntryId) -> Result<Option<SafeText>, StoreError> {
        self.at_once(|| more_on(self.conn(), id.0))
    }

    /// The rows of a list that lies over the columns.
    pub fn listing(
        &self,
        listing: &Listing,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Citing>, StoreError> {
        self.at_once(|| {
            let conn = self.conn();
            Ok(match listing {
                Listing::Citing(key) => cards::citing(conn, key, limit)?,
                Listing::Story(id) => {
                    let beside = told_beside(conn, id.0)?;
                    let entries = beside.map(|story| story.entries).unwrap_or_default();
                    let others = entries.into_iter().filter(|told| told.head.id != *id);
                    others
                        .map(|told| {
                            let why = if told.copy {
                                SafeText::line("same text")
                            } else {
                                told.why
                            };
                            row_of(told.head, why)
                        })
                        .collect()
                }
                Listing::Related(id) => {
                    let related = beside(conn, id.0)?.related;
                    related
                        .into_iter()
                        .map(|(head, why)| row_of(head, why))
                        .collect()
                }
                Listing::Threads(id) => threads(conn, id.0)?
                    .into_iter()
                    .map(|thread| Citing {
                        title: SafeText::line(&match thread.comments {
                            Some(count) => {
                                format!("{}, {count} comments", place_name(&thread.place))
                            }
                            None => place_name(&thread.place).to_owned(),
                        }),
                        site: SafeText::line(&host(&thread.url)),
                        target: Target::Page {
                            key: thread.key,
                            url: thread.url,
                        },
                        published: None,
                        context: SafeText::default(),
                    })
                    .collect(),
                Listing::MostCited(days) => {
                    let since = now.timestamp() - i64::from(*days) * DAY;
                    most_cited(conn, since, now.timestamp(), limit.min(60))?
                        .into_iter()
                        .map(|row| Citing {
                            target: match row.entry {
                                Some(entry) => Target::Entry(entry),
                                None => Target::Page {
                                    key: row.key,
                                    url: row.url,
                                },
                            },
                            context: SafeText::line(&format!(
                                "{} sites: {}",
                                row.sites,
                                row.by
                                    .iter()
                                    .map(SafeText::as_str)
                                    .collect::<Vec<_>>()
                                    .join(", ")
                            )),
                            title: row.title,
                            site: row.site,
                            published: Some(row.last),
                        })
                        .collect()
                }
            })
        })
    }

    /// What stands beside an entry: its story, where several tell it, threads about it, and what is related.
    pub fn beside(&self, id: EntryId) -> Result<Beside, StoreError> {
        self.at_once(|| beside(self.conn(), id.0))
    }
}

/// An entry of a story, as it is kept.
struct Member {
    id: i64,
    site: String,
    copy: Option<i64>,
    points: bool,
    why: String,
    key: String,
}

pub fn story_row(
    conn: &Connection,
    id: i64,
    habits: &HashMap<i64, f32>,
) -> Result<Option<StoryRow>, StoreError> {
    let story: Option<(i64, i64, u16, Option<i64>)> = conn
        .prepare_cached("SELECT opened, newest, sites, title_entry FROM story WHERE id = ?1")?
        .query_row([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((first, last, sites, title)) = story else {
        return Ok(None);
    };
    let members: Vec<Member> = conn
        .prepare_cached(
            "SELECT se.entry, se.site, se.copy_of, se.points, coalesce(se.why, ''), e.key
             FROM story_entry se JOIN entry e ON e.id = se.entry WHERE se.story = ?1 AND e.hidden = 0 ORDER BY se.entry LIMIT 200",
        )?
        .query_map([id], |row| {
            Ok(Member {
                id: row.get(0)?,
                site: row.get(1)?,
                copy: row.get(2)?,
                points: row.get(3)?,
                why: row.get(4)?,
                key: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let heads = rows::heads(
        conn,
        &members.iter().map(|member| member.id).collect::<Vec<_>>(),
    )?;
    if heads.len() != members.len() || heads.is_empty() {
        return Ok(None);
    }
    let (sources, primary) = sources_of(
        conn,
        &members
            .iter()
            .map(|m| (m.id, m.site.as_str()))
            .collect::<Vec<_>>(),
        &heads,
    )?;
    let told: Vec<Told> = members
        .iter()
        .zip(&heads)
        .map(|(member, head)| Told {
            entry: member.id,
            site: member.site.clone(),
            at: head.published.timestamp(),
            primary: primary
                .as_ref()
                .is_some_and(|primary| primary.certain && primary.key == member.key),
            points: member.points,
            copy_of: member.copy,
            near: if Some(member.id) == title { 0.3 } else { 0.0 },
            opened: habits.get(&head.feed.0).copied().unwrap_or(0.0),
            title_words: head.title.split_whitespace().count(),
        })
        .collect();
    let order = story::in_order(&told);
    let speaks = story::title_of(&told).unwrap_or(0);
    Ok(Some(StoryRow {
        id: StoryId(id),
        title: heads[speaks].title.clone(),
        lead: lead(conn, members[speaks].id)?,
        speaks: heads[speaks].id,
        unread: heads.iter().filter(|head| !head.marks.read).count() as u32,
        entries: order
            .into_iter()
            .map(|at| Telling {
                head: heads[at].clone(),
                why: SafeText::line(&members[at].why),
                copy: members[at].copy.is_some(),
                points: members[at].points,
            })
            .collect(),
        sites,
        sources,
        primary,
        first: rows::time(first),
        last: rows::time(last),
        score: 0.0,
        why: SafeText::default(),
    }))
}

/// The beginning of an entry, as a line.
fn lead(conn: &Connection, id: i64) -> Result<SafeText, StoreError> {
    let text: Option<String> = conn
        .prepare_cached(
            "SELECT substr(html, 1, 4000), substr(text, 1, 2000) FROM body WHERE entry = ?1",
        )?
        .query_row([id], |row| {
            let html: String = row.get(0)?;
            if html.is_empty() {
                row.get(1)
            } else {
                Ok(index::words(&html).into_owned())
            }
        })
        .optional()?;
    let text = text
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    Ok(SafeText::short(&text, LEAD))
}

struct Cited {
    id: i64,
    key: String,
    display: String,
    kind: Kind,
    sites: HashSet<String>,
    by_pages: Vec<i64>,
}

impl Cited {
    /// Reads `id, key, display_url, kind` of a source; who cites it comes after.
    fn read(row: &Row<'_>) -> rusqlite::Result<Cited> {
        let kind: String = row.get(3)?;
        Ok(Cited {
            id: row.get(0)?,
            key: row.get(1)?,
            display: row.get(2)?,
            kind: Kind::from_name(&kind).unwrap_or(Kind::Article),
            sites: HashSet::new(),
            by_pages: Vec::new(),
        })
    }
}

/// What the entries of a story cite, most cited first, and what it goes back to.
fn sources_of(
    conn: &Connection,
    members: &[(i64, &str)],
    heads: &[EntryHead],
) -> Result<(Vec<StorySource>, Option<Primary>), StoreError> {
    let mut cited: BTreeMap<i64, Cited> = BTreeMap::new();
    let own: HashSet<&str> = members.iter().map(|(_, site)| *site).collect();
    {
        let mut statement = conn.prepare_cached(
            "SELECT s.id, s.key, s.display_url, s.kind FROM citation c JOIN source s ON s.id = c.source
             WHERE c.from_entry = ?1 AND c.role = 'source' AND c.external = 1 ORDER BY c.strength DESC LIMIT 30",
        )?;
        for (entry, site) in members {
            let mut rows = statement.query([entry])?;
            while let Some(row) = rows.next()? {
                let source = Cited::read(row)?;
                let known = cited.entry(source.id).or_insert(source);
                known.sites.insert((*site).to_owned());
            }
        }
    }
    // Two hops: what the pages cite that the entries cite, where they were read.
    let pages: Vec<(i64, i64)> = {
        let mut statement = conn.prepare_cached("SELECT id FROM page WHERE key = ?1")?;
        let mut pages = Vec::new();
        for one in cited.values().take(60) {
            let page: Option<i64> = statement
                .query_row([&one.key], |row| row.get(0))
                .optional()?;
            pages.extend(page.map(|page| (one.id, page)));
        }
        pages
    };
    {
        let mut statement = conn.prepare_cached(
            "SELECT s.id, s.key, s.display_url, s.kind FROM citation c JOIN source s ON s.id = c.source
             WHERE c.from_page = ?1 AND c.role = 'source' AND c.external = 1 ORDER BY c.strength DESC LIMIT 20",
        )?;
        for (from, page) in pages {
            let mut rows = statement.query([page])?;
            while let Some(row) = rows.next()? {
                let source = Cited::read(row)?;
                let known = cited.entry(source.id).or_insert(source);
                known.by_pages.push(from);
            }
        }
    }
    // What the story's own sites write is the story, not its source.
    let mut all: Vec<(Cited, Url)> = cited
        .into_values()
        .filter_map(|one| Url::parse(&one.display).ok().map(|url| (one, url)))
        .filter(|(one, url)| {
            !one.sites
                .iter()
                .all(|site| own.contains(site.as_str()) && *site == address::home(url))
        })
        .collect();
    all.sort_by(|a, b| {
        b.0.sites
            .len()
            .cmp(&a.0.sites.len())
            .then(a.0.id.cmp(&b.0.id))
    });
    let places: HashMap<i64, usize> = all
        .iter()
        .enumerate()
        .map(|(at, (one, _))| (one.id, at))
        .collect();
    let earliest = heads.iter().map(|head| head.published).min();
    let mut cited_by: Vec<Vec<usize>> = Vec::new();
    let mut earlier = Vec::new();
    for (one, _) in &all {
        cited_by.push(
            one.by_pages
                .iter()
                .filter_map(|from| places.get(from))
                .copied()
                .collect(),
        );
        let dated: Option<i64> = conn
            .prepare_cached("SELECT published FROM card WHERE key = ?1")?
            .query_row([&one.key], |row| row.get(0))
            .optional()?
            .flatten();
        earlier.push(
            dated.is_some_and(|dated| earliest.is_some_and(|first| dated < first.timestamp())),
        );
    }
    let candidates: Vec<source::Candidate<'_>> = all
        .iter()
        .enumerate()
        .map(|(at, (one, url))| source::Candidate {
            display: url,
            kind: one.kind,
            sites: one.sites.len(),
            earlier: earlier[at],
            cited_by: &cited_by[at],
        })
        .collect();
    let titles: Vec<&str> = heads.iter().map(|head| head.title.as_str()).collect();
    let origin = source::origin(&candidates, &titles);
    let describe = |one: &Cited, url: &Url| -> Result<(SafeText, SafeText), StoreError> {
        let card = cards::card(conn, &one.key)?;
        let site = SafeText::line(&address::site(url));
        let title = if let Some(title) = card.title {
            title
        } else {
            // A word or two ("the filing") say less than its own name does: a number, a path.
            let called = anchor_of(conn, one.id)?;
            let own = source::card_of_address(&one.key, url).title;
            own.filter(|_| called.split_whitespace().count() < 3)
                .unwrap_or(called)
        };
        Ok((title, site))
    };
    let primary = match origin {
        Some(origin) => {
            let (one, url) = &all[origin.place];
            let (title, site) = describe(one, url)?;
            Some(Primary {
                key: one.key.clone(),
                url: one.display.clone(),
                title,
                site,
                reason: SafeText::line(&origin.reason),
                certain: origin.primary,
                by_way_of: if one.sites.is_empty() {
                    cited_by[origin.place]
                        .first()
                        .map(|by| (all[*by].0.key.clone(), all[*by].0.display.clone()))
                } else {
                    None
                },
            })
        }
        None => None,
    };
    let mut sources = Vec::new();
    for (one, url) in all
        .iter()
        .filter(|(one, _)| !one.sites.is_empty())
        .take(SOURCES)
    {
        let (title, site) = describe(one, url)?;
        sources.push(StorySource {
            key: one.key.clone(),
            url: one.display.clone(),
            title,
            site,
            cited_by: one.sites.len() as u32,
        });
    }
    Ok((sources, primary))
}

fn row_of(head: EntryHead, why: SafeText) -> Citing {
    Citing {
        target: Target::Entry(head.id),
        title: head.title,
        site: head.feed_title,
        published: Some(head.published),
        context: why,
    }
}

/// What a place of discussion is called.
fn place_name(place: &str) -> &str {
    match place {
        "hn" => "Hacker News",
        "lobsters" => "Lobsters",
        "reddit" => "Reddit",
        other => other,
    }
}

fn host(url: &str) -> String {
    Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Names in the line below a title.
const NAMED: usize = 4;

fn more_on(conn: &Connection, id: i64) -> Result<Option<SafeText>, StoreError> {
    let names: Vec<SafeText> = conn
        .prepare_cached(
            "SELECT DISTINCT f.own_title, f.title, f.url FROM story_entry me JOIN story_entry se ON se.story = me.story
             JOIN entry e ON e.id = se.entry JOIN feed f ON f.id = e.feed
             WHERE me.entry = ?1 AND se.entry <> ?1 AND se.site <> me.site AND e.hidden = 0 AND se.points = 0 LIMIT 60",
        )?
        .query_map([id], |row| Ok(rows::feed_title(row.get(0)?, &row.get::<_, String>(1)?, &row.get::<_, String>(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut parts = Vec::new();
    if !names.is_empty() {
        let shown: Vec<&str> = names.iter().take(NAMED).map(SafeText::as_str).collect();
        let left = names.len().saturating_sub(NAMED);
        let left = if left > 0 {
            format!(" (+{left})")
        } else {
            String::new()
        };
        parts.push(format!("More: {}{left}", shown.join(", ")));
    }
    for thread in threads(conn, id)?.iter().take(3) {
        let name = if &*thread.place == "hn" {
            "HN"
        } else {
            place_name(&thread.place)
        };
        parts.push(match thread.comments {
            Some(count) => format!("{name} {count}"),
            None => name.to_owned(),
        });
    }
    Ok((!parts.is_empty()).then(|| SafeText::line(&parts.join(" · "))))
}

/// The rows of a story's list, in the order of the story.
pub fn page(conn: &Connection, id: i64, answer: &mut EntriesPage) -> Result<(), StoreError> {
    let story = story_row(conn, id, &HashMap::new())?;
    answer.rows = story
        .map(|story| story.entries.into_iter().map(|told| told.head).collect())
        .unwrap_or_default();
    answer.total = Some(answer.rows.len());
    answer.unread = Some(answer.rows.iter().filter(|head| !head.marks.read).count());
    Ok(())
}

fn told_beside(conn: &Connection, id: i64) -> Result<Option<StoryRow>, StoreError> {
    let story: Option<i64> = conn
        .prepare_cached("SELECT s.id FROM story_entry se JOIN story s ON s.id = se.story WHERE se.entry = ?1 AND s.entries > 1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    match story {
        Some(story) => story_row(conn, story, &HashMap::new()),
        None => Ok(None),
    }
}

fn beside(conn: &Connection, id: i64) -> Result<Beside, StoreError> {
    let story = told_beside(conn, id)?;
    let threads = threads(conn, id)?;
    let told: HashSet<i64> = story
        .iter()
        .flat_map(|story| story.entries.iter().map(|told| told.head.id.0))
        .chain([id])
        .collect();
    Ok(Beside {
        head: rows::heads(conn, &[id])?.pop(),
        more: more_on(conn, id)?,
        threads,
        related: related(conn, id, &told)?,
        story,
    })
}

/// Threads about an entry, or about what it points at; those with most comments first.
fn threads(conn: &Connection, id: i64) -> Result<Vec<Thread>, StoreError> {
    let threads = conn
        .prepare_cached(
            "SELECT t.key, coalesce(s.display_url, ''), t.place, max(t.comments) FROM thread t LEFT JOIN source s ON s.hash = key_hash(t.key) AND s.key = t.key
             WHERE t.about = (SELECT key FROM entry WHERE id = ?1) OR t.entry = ?1
             GROUP BY t.key ORDER BY max(t.comments) DESC LIMIT 8",
        )?
        .query_map([id], |row| {
            Ok(Thread {
                key: row.get(0)?,
                url: row.get(1)?,
                place: SafeText::line(&row.get::<_, String>(2)?),
                comments: row.get(3)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(threads
        .into_iter()
        .filter(|thread| !thread.url.is_empty())
        .collect())
}

/// Entries that share words of weight, or a strong source.
fn related(
    conn: &Connection,
    id: i64,
    told: &HashSet<i64>,
) -> Result<Vec<(EntryHead, SafeText)>, StoreError> {
    let Some((title, language, body, published)) = conn
        .prepare_cached(
            "SELECT e.title, e.language, substr(b.html, 1, 4000), substr(b.text, 1, 2000), e.published
             FROM entry e JOIN body b ON b.entry = e.id WHERE e.id = ?1",
        )?
        .query_row([id], |row| {
            let html: String = row.get(2)?;
            let text: String = if html.is_empty() { row.get(3)? } else { index::words(&html).into_owned() };
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?, text, row.get::<_, i64>(4)?))
        })
        .optional()?
    else {
        return Ok(Vec::new());
    };
    let language = story::language_of(language.as_deref(), &title, &body);
    let text = story::Text {
        title: &title,
        body: &body,
        language: &language,
        strong: 0,
    };
    let terms = story::terms_of(&text);
    let mut with: HashMap<u32, u32> = HashMap::new();
    let mut documents = 0;
    {
        let mut statement =
            conn.prepare_cached("SELECT entries FROM term_count WHERE lang = ?1 AND term = ?2")?;
        for term in terms.iter().map(|term| i64::from(*term)).chain([-1]) {
            let count: Option<u32> = statement
                .query_row(params![language, term], |row| row.get(0))
                .optional()?;
            match u32::try_from(term) {
                Ok(term) => {
                    with.insert(term, count.unwrap_or(0));
                }
                Err(_) => documents = count.unwrap_or(0),
            }
        }
    }
    let frequencies = story::Frequencies::new(&language, documents, |term| {
        with.get(&term).copied().unwrap_or(0)
    });
    let subject = story::Subject::new(&text, &frequencies);
    let words: HashMap<u32, &str> = subject
        .words
        .iter()
        .map(|(term, word)| (*term, word.as_str()))
        .collect();
    let heavy: Vec<&str> = subject
        .heavy
        .iter()
        .filter_map(|term| words.get(term))
        .copied()
        .collect();
    let mut candidates: HashMap<i64, (f32, bool)> = HashMap::new();
    if heavy.len() >= 2 {
        let asked = heavy
            .iter()
            .map(|word| format!("\"{}\"", index::asked(word).0.replace('"', "")))
            .collect::<Vec<_>>()
            .join(" OR ");
        let mut statement =
            conn.prepare_cached("SELECT rowid, bm25(entry_fts, 3.0, 0.5, 1.0) FROM entry_fts WHERE entry_fts MATCH ?1 ORDER BY rank LIMIT 40")?;
        let mut rows = statement.query([asked])?;
        while let Some(row) = rows.next()? {
            let score: f64 = row.get(1)?;
            candidates.insert(row.get(0)?, (-score as f32, false));
        }
    }
    {
        let mut statement = conn.prepare_cached(
            "SELECT o.from_entry FROM citation c JOIN citation o ON o.source = c.source
             WHERE c.from_entry = ?1 AND c.role = 'source' AND c.strength >= 1.0 AND c.external = 1 AND o.from_entry IS NOT NULL
                   AND o.from_entry <> ?1 AND o.strength >= 1.0 LIMIT 40",
        )?;
        for found in statement.query_map([id], |row| row.get::<_, i64>(0))? {
            candidates.entry(found?).or_insert((1.0, false)).1 = true;
        }
    }
    let mut listed = Vec::new();
    {
        let mut statement = conn.prepare_cached(
            "SELECT e.feed, e.published, e.read, e.title, substr(b.html, 1, 4000), substr(b.text, 1, 2000), e.url, f.url, f.site_url
             FROM entry e JOIN body b ON b.entry = e.id JOIN feed f ON f.id = e.feed WHERE e.id = ?1 AND e.hidden = 0",
        )?;
        for (entry, (score, shared_source)) in candidates
            .into_iter()
            .filter(|(entry, _)| !told.contains(entry))
        {
            let found = statement
                .query_row([entry], |row| {
                    let html: String = row.get(4)?;
                    let body: String = if html.is_empty() {
                        row.get(5)?
                    } else {
                        index::words(&html).into_owned()
                    };
                    let title: String = row.get(3)?;
                    let theirs: HashSet<u32> = story::terms_of(&story::Text {
                        title: &title,
                        body: &body,
                        language: &language,
                        strong: 0,
                    })
                    .into_iter()
                    .collect();
                    let (url, feed_url, feed_site): (Option<String>, String, Option<String>) =
                        (row.get(6)?, row.get(7)?, row.get(8)?);
                    Ok(story::Candidate {
                        entry,
                        feed: row.get(0)?,
                        site: story::site_of(feed_site.as_deref(), &feed_url, url.as_deref()),
                        score,
                        days: (row.get::<_, i64>(1)? - published) as f32 / DAY as f32,
                        read: row.get(2)?,
                        words: subject
                            .heavy
                            .iter()
                            .filter(|term| theirs.contains(term))
                            .filter_map(|term| words.get(term))
                            .map(|word| (*word).to_owned())
                            .collect(),
                        shared_source,
                    })
                })
                .optional()?;
            listed.extend(found);
        }
    }
    let picked = story::related(listed);
    let heads = rows::heads(
        conn,
        &picked.iter().map(|one| one.entry).collect::<Vec<_>>(),
    )?;
    Ok(heads
        .into_iter()
        .filter_map(|head| {
            let why = picked.iter().find(|one| one.entry == head.id.0)?;
            Some((head, SafeText::line(&why.why)))
        })
        .collect())
}
