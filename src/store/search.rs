//! A [`Query`] as SQL. What is text becomes one question to the full-text index, the rest conditions on `entry e`.

use super::{StoreError, index};
use crate::query::{Mark, Query, Test, Thing};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, Error};

/// How large a compiled regular expression may get, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// A condition on `entry e`, with its values in order.
#[derive(Clone, Debug)]
pub struct Condition {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Condition {
    /// Everything.
    pub fn all() -> Condition {
        Condition {
            sql: "1".into(),
            params: Vec::new(),
        }
    }

    /// One more thing that must hold.
    pub fn and(&mut self, sql: &str, params: impl IntoIterator<Item = Value>) {
        if self.sql == "1" {
            self.sql.clear();
        } else {
            self.sql.push_str(" AND ");
        }
        self.sql.push('(');
        self.sql.push_str(sql);
        self.sql.push(')');
        self.params.extend(params);
    }
}

/// Makes the functions of conditions known to a connection.
pub fn register(conn: &Connection) -> Result<(), StoreError> {
    conn.create_scalar_function(
        "entry_matches",
        4,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| {
            let regex = context.get_or_create_aux(0, |value| -> Result<_, Error> {
                regex::RegexBuilder::new(value.as_str()?)
                    .case_insensitive(true)
                    .size_limit(REGEX_SIZE)
                    .dfa_size_limit(REGEX_SIZE)
                    .build()
                    .map_err(|error| Error::UserFunctionError(Box::new(error)))
            })?;
            for text in 1..=2 {
                if context
                    .get_raw(text)
                    .as_str_or_null()?
                    .is_some_and(|text| regex.is_match(text))
                {
                    return Ok(true);
                }
            }
            let html = context.get_raw(3);
            Ok(html
                .as_str_or_null()?
                .is_some_and(|html| regex.is_match(&index::words(html))))
        },
    )?;
    Ok(())
}

/// The condition of a query, hidden entries left out unless it asks for them.
pub fn condition(conn: &Connection, query: &Query) -> Result<Condition, StoreError> {
    let mut condition = Condition::all();
    match shown(query) {
        Shown::All => {}
        Shown::Marked => condition.and("e.hidden = 0 OR e.starred = 1 OR e.later = 1", []),
        Shown::Ordinary => condition.and("e.hidden = 0", []),
    }
    let mut params = Vec::new();
    let sql = compile(conn, query, &mut params)?;
    condition.and(&sql, params);
    Ok(condition)
}

/// Which entries a query is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those of hidden feeds too: it says `is:hidden`.
    All,
    /// Those that are starred or kept for later too.
    Marked,
    Ordinary,
}

/// Which entries a query is about.
pub fn shown(query: &Query) -> Shown {
    match query {
        Query::And(parts) | Query::Or(parts) => {
            let each: Vec<Shown> = parts.iter().map(shown).collect();
            if each.contains(&Shown::All) {
                Shown::All
            } else if each.contains(&Shown::Marked) {
                Shown::Marked
            } else {
                Shown::Ordinary
            }
        }
        Query::Not(part) => shown(part),
        Query::Test(Test::Is(Mark::Hidden)) => Shown::All,
        Query::Test(Test::Is(Mark::Starred | Mark::Later)) => Shown::Marked,
        Query::All | Query::Test(_) => Shown::Ordinary,
    }
}

/// The question to the full-text index, where the whole query is one.
pub fn text_only(query: &Query) -> Option<String> {
    match query {
        Query::Test(Test::Word { text, prefix }) => phrase(None, text, *prefix),
        Query::Test(Test::Phrase(text)) => phrase(None, text, false),
        Query::Test(Test::Title(text)) => phrase(Some("title"), text, false),
        Query::Test(Test::Author(text)) => phrase(Some("authors"), text, false),
        Query::And(parts) if !parts.is_empty() => joined(parts, " AND "),
        Query::Or(parts) if !parts.is_empty() => joined(parts, " OR "),
        _ => None,
    }
}

fn joined(parts: &[Query], word: &str) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(text_only).collect();
    Some(format!("({})", parts?.join(word)))
}

/// A word or phrase for FTS5: in double quotes, so that nothing in it is syntax. `None`: it has no letter or digit, and the
/// index cannot know it.
fn phrase(column: Option<&str>, text: &str, prefix: bool) -> Option<String> {
    if !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    let (asked, lone) = index::asked(text);
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut sql = if lone || prefix {
        let mut forms = vec![format!("{} *", quote(&asked))];
        if prefix {
            forms.extend(stems_of_beginning(&asked).map(|stem| format!("{} *", quote(stem))));
        }
        if forms.len() == 1 {
            forms.remove(0)
        } else {
            format!("({})", forms.join(" OR "))
        }
    } else {
        quote(&asked)
    };
    if let Some(column) = column {
        sql = format!("{{{column}}} : {sql}");
    }
    Some(sql)
}

/// Endings that the stemmer of the index takes off English words.
const ENDINGS: &[&str] = &[
    "ational", "ization", "iveness", "fulness", "ousness", "tional", "ation", "ments", "ement",
    "alism", "ities", "ility", "ances", "ences", "ness", "ment", "ence", "ance", "able", "ible",
    "ings", "ator", "izer", "ity", "ing", "ion", "ive", "ous", "ies", "ful", "ize", "al", "ed",
    "er", "es", "ic", "ly",
];

/// While a word is being typed, its end may be the beginning of an ending that the index does not hold: "universit" must find
/// what is indexed as "univers". The word without such a beginning, where at least four letters stay.
fn stems_of_beginning(word: &str) -> impl Iterator<Item = &str> {
    let longest = (2..word.len().saturating_sub(3))
        .rev()
        .filter(|length| word.is_char_boundary(word.len() - length))
        .find(|length| {
            let end = &word[word.len() - length..];
            ENDINGS
                .iter()
                .any(|ending| ending.len() > end.len() && ending.starts_with(end))
        });
    // One letter may be the beginning of an ending too: "communit" gives "commun", "communi" as well.
    let one =
        (longest.is_none() && word.len() > 4 && word.ends_with(['i', 'a', 'e', 'y'])).then_some(1);
    longest
        .or(one)
        .map(|length| &word[..word.len() - length])
        .into_iter()
}

fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}

fn compile(
    conn: &Connection,
    query: &Query,
    params: &mut Vec<Value>,
) -> Result<String, StoreError> {
    if let Some(text) = text_only(query) {
        return Ok(matching(text, params));
    }
    Ok(match query {
        Query::All => "1".into(),
        Query::And(parts) => {
            // All text of it in one question: the index intersects faster than SQL does.
            let (text, rest): (Vec<&Query>, Vec<&Query>) =
                parts.iter().partition(|part| text_only(part).is_some());
            let mut all = Vec::new();
            if !text.is_empty() {
                let text: Vec<String> = text.into_iter().filter_map(text_only).collect();
                all.push(matching(text.join(" AND "), params));
            }
            for part in rest {
                all.push(compile(conn, part, params)?);
            }
            if all.is_empty() {
                "1".into()
            } else {
                format!("({})", all.join(" AND "))
            }
        }
        Query::Or(parts) => {
            let any = parts
                .iter()
                .map(|part| compile(conn, part, params))
                .collect::<Result<Vec<_>, _>>()?;
            if any.is_empty() {
                "0".into()
            } else {
                format!("({})", any.join(" OR "))
            }
        }
        Query::Not(part) => format!("NOT coalesce({}, 0)", compile(conn, part, params)?),
        Query::Test(test) => compile_test(conn, test, params)?,
    })
}

/// `e` matches a question to the full-text index.
fn matching(question: String, params: &mut Vec<Value>) -> String {
    params.extend([question.clone().into(), question.into()]);
    format!("e.id IN ({})", index::MATCHING)
}

/// `e` stands in one of the feeds of the JSON list that is pushed.
fn in_feeds(feeds: &[i64], params: &mut Vec<Value>) -> String {
    if let [feed] = feeds {
        params.push((*feed).into());
        params.push((*feed).into());
        return "(e.feed = ? OR (e.feeds > 1 AND EXISTS (SELECT 1 FROM entry_feed x WHERE x.entry = e.id AND x.extra = 1 AND x.feed = ?)))"
            .into();
    }
    let list = serde_json::to_string(feeds).unwrap_or_default();
    params.push(list.clone().into());
    params.push(list.into());
    "(e.feed IN (SELECT value FROM json_each(?))
      OR (e.feeds > 1 AND EXISTS (SELECT 1 FROM entry_feed x WHERE x.entry = e.id AND x.extra = 1
                                  AND x.feed IN (SELECT value FROM json_each(?)))))"
        .into()
}

/// Columns that hold few different values, each with an index.
#[derive(Clone, Copy, Debug)]
enum Column {
    /// Of entries.
    Host,
    /// Of sources.
    Site,
}

/// The different values of a column that fit. The index is walked from value to value, not from row to row.
fn values_of(
    conn: &Connection,
    column: Column,
    fits: impl Fn(&str) -> bool,
) -> Result<Vec<String>, StoreError> {
    let mut next = conn.prepare_cached(match column {
        Column::Host => "SELECT min(host) FROM entry INDEXED BY entry_host WHERE host > ?1",
        Column::Site => "SELECT min(site) FROM source INDEXED BY source_site WHERE site > ?1",
    })?;
    let mut values = Vec::new();
    let mut last = String::new();
    while let Some(value) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
        if fits(&value) {
            values.push(value.clone());
        }
        last = value;
    }
    Ok(values)
}

/// The feeds that `feed:` means: by id, by address, or by a part of the title.
pub fn feeds_meant(conn: &Connection, text: &str) -> Result<Vec<i64>, StoreError> {
    let folded = text.to_lowercase();
    let mut statement =
        conn.prepare_cached("SELECT id, url, coalesce(own_title, title), title FROM feed")?;
    let mut rows = statement.query([])?;
    let mut feeds = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let url: String = row.get(1)?;
        let titles: [String; 2] = [row.get(2)?, row.get(3)?];
        if url == text
            || url.trim_end_matches('/') == text.trim_end_matches('/')
            || text.parse() == Ok(id)
            || titles
                .iter()
                .any(|title| title.to_lowercase().contains(&folded))
        {
            feeds.push(id);
        }
    }
    Ok(feeds)
}

/// The feeds of a group: with the tag, or one below it (`a` holds `a/b`).
pub fn feeds_tagged(conn: &Connection, tag: &str) -> Result<Vec<i64>, StoreError> {
    let folded = tag.to_lowercase();
    let mut statement = conn.prepare_cached("SELECT feed, tag FROM feed_tag ORDER BY feed")?;
    let mut rows = statement.query([])?;
    let mut feeds: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let tag = row
            .get_ref(1)?
            .as_str()
            .map_err(Error::from)?
            .to_lowercase();
        let below = tag
            .strip_prefix(&folded)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let feed = row.get(0)?;
        if below && feeds.last() != Some(&feed) {
            feeds.push(feed);
        }
    }
    Ok(feeds)
}

fn compile_test(
    conn: &Connection,
    test: &Test,
    params: &mut Vec<Value>,
) -> Result<String, StoreError> {
    let mut push = |value: Value| params.push(value);
    Ok(match test {
        // Without a letter or digit: the index does not know it.
        Test::Word { text, .. } | Test::Phrase(text) | Test::Title(text) => {
            push(like(text).into());
            r"e.title LIKE ? ESCAPE '\'".into()
        }
        Test::Author(name) => {
            push(like(name).into());
            r"e.authors LIKE ? ESCAPE '\'".into()
        }
        Test::Feed(meant) => in_feeds(&feeds_meant(conn, meant)?, params),
        Test::FeedTag(tag) => in_feeds(&feeds_tagged(conn, tag)?, params),
        Test::Tag(tag) => {
            let tag = tag.to_lowercase();
            let below = format!("{tag}/");
            push(tag.into());
            push(below.clone().into());
            push(below.into());
            "e.id IN (SELECT entry FROM entry_tag WHERE lower(tag) = ? OR substr(lower(tag), 1, length(?)) = ?)".into()
        }
        Test::Site(site) => {
            let site = site.to_lowercase();
            let site = site
                .split_once("://")
                .map_or(site.as_str(), |(_, rest)| rest)
                .trim_end_matches('/');
            let site = site.strip_prefix("www.").unwrap_or(site);
            let below = format!(".{site}");
            let hosts = values_of(conn, Column::Host, |host| {
                host == site || host.ends_with(&below)
            })?;
            push(serde_json::to_string(&hosts).unwrap_or_default().into());
            "e.host IN (SELECT value FROM json_each(?))".into()
        }
        Test::Source(cited) => {
            let key = crate::address::clean(cited, crate::address::Found::default())
                .map_or_else(|_| cited.to_lowercase(), |address| address.key);
            let folded = cited.to_lowercase();
            let sites = values_of(conn, Column::Site, |site| site.contains(&folded))?;
            push(serde_json::to_string(&sites).unwrap_or_default().into());
            push(key.clone().into());
            push(key.into());
            let mut ids = "SELECT id FROM source WHERE site IN (SELECT value FROM json_each(?))
                           UNION SELECT id FROM source WHERE hash = key_hash(?) AND key = ?"
                .to_owned();
            // A part of a path stands in the keys alone; they are many, so what is a site is not looked for there.
            if cited.contains('/') || sites.is_empty() {
                push(like(cited.split_once("://").map_or(cited, |(_, rest)| rest)).into());
                ids.push_str(r" UNION SELECT id FROM source WHERE key LIKE ? ESCAPE '\'");
            }
            format!(
                "e.id IN (SELECT c.from_entry FROM citation c INDEXED BY citation_source
                          WHERE c.source IN ({ids}) AND c.from_entry IS NOT NULL)"
            )
        }
        Test::Language(language) => {
            let language = language.to_lowercase();
            push(language.clone().into());
            push(format!("{language}-%").into());
            "(lower(e.language) = ? OR lower(e.language) LIKE ?)".into()
        }
        Test::Story(story) => {
            push((*story).into());
            "e.id IN (SELECT entry FROM story_entry WHERE story = ?)".into()
        }
        Test::Is(mark) => match mark {
            Mark::Unread => "e.read = 0",
            Mark::Read => "e.read = 1",
            Mark::Starred => "e.starred = 1",
            Mark::Later => "e.later = 1",
            Mark::Updated => "e.changed_at IS NOT NULL",
            Mark::Hidden => "e.hidden = 1",
        }
        .into(),
        Test::Has(thing) => match thing {
            Thing::Sources => "coalesce(e.sources, 0) > 0",
            Thing::Image => "e.has & 1",
            Thing::Audio => "e.has & 2",
            Thing::Note => "EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id)",
        }
        .into(),
        Test::Before(time) => {
            push(time.timestamp().into());
            "e.published < ?".into()
        }
        Test::After(time) => {
            push(time.timestamp().into());
            "e.published >= ?".into()
        }
        Test::Regex(pattern) => {
            push(pattern.clone().into());
            "entry_matches(?, e.title, e.authors, (SELECT iif(b.html = '', b.text, b.html) FROM body b WHERE b.entry = e.id))".into()
        }
    })
}
