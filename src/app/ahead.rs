//! Pages fetched ahead, for a time without network: those of entries, and the strongest of what each cites.
//!
//! One entry after the other with its sources, so that what is there when a budget is used up is whole.

use super::view::{self, Built, Extent};
use crate::address::{self, Found};
use crate::feed::EntryId;
use crate::news::{CardState, EntriesQuestion, Target, View, Window};
use crate::pages::{Pages, Want};
use crate::query::{self, Query};
use crate::source::Role;
use crate::store::{Reader, StoreError};
use crate::tui::event::Ahead;
use crate::tui::words::plural;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Pages that are asked for before the answers to earlier ones are in: the budget is looked at between.
const AT_ONCE: usize = 4;
/// How soon it is seen that somebody stops it.
const GLANCE: Duration = Duration::from_millis(200);

/// How much may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Pages asked for.
    pub pages: usize,
    /// Bytes of the articles that are kept of them; what is under way when it is used up still comes.
    pub bytes: usize,
    /// Sources of each entry, the strongest first.
    pub sources: usize,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fetched {
    /// Pages fetched, those of sources among them.
    pub pages: usize,
    /// Pages of sources fetched.
    pub sources: usize,
    pub kept_before: usize,
    pub failed: usize,
    /// Bytes of the articles that are kept now.
    pub bytes: usize,
    /// Entries whose page was not asked for, since the budget was used up or somebody stopped it.
    pub left: usize,
}

impl Fetched {
    /// What came of it, in a sentence.
    pub fn in_words(&self) -> String {
        let pages = plural(self.pages, "page");
        match (self.pages, self.failed) {
            (0, 0) if self.left > 0 => "Nothing was fetched ahead.".to_owned(),
            (0, 0) if self.kept_before > 0 => "These pages are here already.".to_owned(),
            (0, 0) => "There is no page to fetch.".to_owned(),
            (_, 0) => format!("{pages} fetched ahead."),
            (_, failed) => format!("{pages} fetched ahead, {failed} failed."),
        }
    }
}

/// What the screen fetches at one press of a key.
pub const A_PRESS: Budget = Budget {
    pages: 200,
    bytes: 50_000_000,
    sources: 3,
};
/// Rows of a list that are looked at for it.
const ROWS: usize = 200;

/// The entries that are meant, with their addresses: those given, else the first of the list that are unread, else the first.
pub fn meant(
    reader: &Reader,
    given: &[EntryId],
    list: &EntriesQuestion,
    now: DateTime<Utc>,
) -> Result<Vec<(EntryId, Option<String>)>, StoreError> {
    let mut heads = Vec::new();
    for entry in given {
        heads.extend(reader.head(*entry)?);
    }
    if given.is_empty() {
        let mut question = EntriesQuestion {
            window: Window::From(0),
            limit: ROWS,
            fold: false,
            ..list.clone()
        };
        // What cannot be read has no rows on the screen either, and is said there.
        if let View::Search { text, query } = &mut question.view {
            *query = query::parse(text, now).unwrap_or(Query::And(Vec::new()));
        }
        if let Some(filter) = &mut question.filter {
            filter.query = query::parse(&filter.text, now).unwrap_or(Query::And(Vec::new()));
        }
        heads = reader.entries(&question)?.rows;
        if heads.iter().any(|head| !head.marks.read) {
            heads.retain(|head| !head.marks.read);
        }
    }
    Ok(heads.into_iter().map(|head| (head.id, head.url)).collect())
}

/// What is known of the sources of one entry's text is taken from its whole page, where that is kept.
struct Run<'a> {
    reader: &'a Reader,
    budget: Budget,
    entries: VecDeque<(EntryId, Option<String>)>,
    sources: VecDeque<Want>,
    /// Under way: the key, and the entry whose page it is.
    under_way: HashMap<String, Option<EntryId>>,
    /// Keys that were asked for, or need not be.
    seen: HashSet<String>,
    fetched: Fetched,
}

/// Fetches the pages of these entries (with their addresses), and of what they cite, through the queue of `pages` that a
/// reader waits for in nothing. `each` is told how far it is. Ends early when `stop` is set.
pub fn run(
    reader: &Reader,
    entries: Vec<(EntryId, Option<String>)>,
    budget: Budget,
    pages: &Pages,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Ahead),
) -> Result<Fetched, StoreError> {
    let (tell, told) = channel();
    let pages = pages.telling(Arc::new(move |key: &str, result: Result<(), String>| {
        // Nobody listens any more when the budget is used up.
        let _ = tell.send((key.to_owned(), result.is_ok()));
    }));
    let mut run = Run {
        reader,
        budget,
        entries: entries.into(),
        sources: VecDeque::new(),
        under_way: HashMap::new(),
        seen: HashSet::new(),
        fetched: Fetched::default(),
    };
    loop {
        while run.under_way.len() < AT_ONCE && !stop.load(Ordering::Relaxed) {
            match run.next()? {
                Some(want) => pages.want(want),
                None => break,
            }
        }
        each(run.progress());
        if run.under_way.is_empty() {
            break;
        }
        match answer(&told, stop) {
            Some((key, well)) => run.told(&key, well)?,
            None => break,
        }
    }
    run.fetched.left = run.entries.len();
    Ok(run.fetched)
}

/// The next page that has come, or not; `None`: it is to stop.
fn answer(told: &Receiver<(String, bool)>, stop: &AtomicBool) -> Option<(String, bool)> {
    loop {
        match told.recv_timeout(GLANCE) {
            Ok(told) => return Some(told),
            Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Relaxed) => {}
            Err(_) => return None,
        }
    }
}

impl Run<'_> {
    /// The next page to ask for, within the budget.
    fn next(&mut self) -> Result<Option<Want>, StoreError> {
        loop {
            let asked = self.fetched.pages + self.fetched.failed + self.under_way.len();
            if asked >= self.budget.pages || self.fetched.bytes >= self.budget.bytes {
                return Ok(None);
            }
            if let Some(want) = self.sources.pop_front() {
                self.under_way.insert(want.key.clone(), None);
                return Ok(Some(want));
            }
            let Some((entry, url)) = self.entries.pop_front() else {
                return Ok(None);
            };
            let address = url.and_then(|url| address::clean(&url, Found::default()).ok());
            let Some(address) = address.filter(|address| !address.archived) else {
                self.cited_by(entry)?;
                continue;
            };
            if !self.seen.insert(address.key.clone()) {
                continue;
            }
            if self.is_kept(&address.key)? {
                self.fetched.kept_before += 1;
                self.cited_by(entry)?;
                continue;
            }
            self.under_way.insert(address.key.clone(), Some(entry));
            return Ok(Some(want(address.key, address.display)));
        }
    }

    fn is_kept(&self, key: &str) -> Result<bool, StoreError> {
        let page = self.reader.page(key)?;
        Ok(page.is_some_and(|page| page.html.is_some()))
    }

    /// Takes up what an entry cites.
    fn cited_by(&mut self, entry: EntryId) -> Result<(), StoreError> {
        if self.budget.sources == 0 {
            return Ok(());
        }
        let target = Target::Entry(entry);
        let whole = view::build(self.reader, &target, true, Extent::Whole)?;
        let built = match whole {
            Built::Ready(_) => whole,
            _ => view::build(self.reader, &target, false, Extent::Whole)?,
        };
        let Built::Ready(prepared) = built else {
            return Ok(());
        };
        let mut rows: Vec<_> = prepared.view().sources.iter().collect();
        rows.retain(|row| row.role == Role::Source && !row.short);
        rows.sort_by_key(|row| row.rank);
        for row in rows.into_iter().take(self.budget.sources) {
            // What failed is tried again in its time, when somebody looks at it.
            let failed = matches!(row.card.state, CardState::Failed(_));
            if failed || !self.seen.insert(row.key.clone()) {
                continue;
            }
            if row.card.kept {
                self.fetched.kept_before += 1;
            } else if let Some(url) = address::to_visit(row.opens()) {
                self.sources.push_back(want(row.key.clone(), url));
            }
        }
        Ok(())
    }

    /// A page has come, or not.
    fn told(&mut self, key: &str, well: bool) -> Result<(), StoreError> {
        let Some(entry) = self.under_way.remove(key) else {
            return Ok(());
        };
        if well {
            self.fetched.pages += 1;
            self.fetched.sources += usize::from(entry.is_none());
            let html = self.reader.page(key)?.and_then(|page| page.html);
            self.fetched.bytes += html.map_or(0, |html| html.len());
        } else {
            self.fetched.failed += 1;
        }
        entry.map_or(Ok(()), |entry| self.cited_by(entry))
    }

    fn progress(&self) -> Ahead {
        let done = self.fetched.pages + self.fetched.failed;
        let ahead = self.under_way.len() + self.sources.len() + self.entries.len();
        Ahead {
            done,
            total: (done + ahead).min(self.budget.pages),
            failed: self.fetched.failed,
        }
    }
}

fn want(key: String, url: url::Url) -> Want {
    Want {
        key,
        url,
        card_only: false,
        waiting: false,
        again: false,
    }
}
