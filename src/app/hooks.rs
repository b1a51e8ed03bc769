//! Hooks: programs of the reader's own that run after a round of visits and when entries arrive.
//!
//! What they are told goes in as JSON on standard input, and numbers in place of `{new}`, `{feeds}` and `{failed}`.

use super::command;
use super::told::Told;
use crate::config::hooks::Hooks;
use crate::feed::EntryId;
use crate::poller::Job;
use crate::query;
use crate::store::{Reader, StoreError};
use crate::text::SafeText;
use crate::tui::Event;
use chrono::Utc;
use serde_json::json;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Time for one hook.
const TIME: Duration = Duration::from_mins(1);
/// What a hook prints is not shown; more than this is not read.
const PRINTED: usize = 1 << 20;
/// New entries that one hook is told of.
const MOST: usize = 1000;
/// A round whose last record was written so long ago is over.
const QUIET: Duration = Duration::from_millis(700);

/// A round of visits, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub feeds: usize,
    pub failed: usize,
    /// There was one; without, only new entries are told.
    pub over: bool,
}

/// Runs the hooks for what is new since an entry; answers what went wrong, in sentences.
pub fn run(
    hooks: &Hooks,
    reader: &Reader,
    since: EntryId,
    round: Round,
) -> Result<Vec<String>, StoreError> {
    let mut wrong = Vec::new();
    let all = reader.new_since(&query::Query::All, since, MOST)?;
    let numbers = |words: &[String], new: usize| -> Vec<String> {
        words
            .iter()
            .map(|word| {
                word.replace("{new}", &new.to_string())
                    .replace("{feeds}", &round.feeds.to_string())
                    .replace("{failed}", &round.failed.to_string())
            })
            .collect()
    };
    for hook in &hooks.on_new {
        // The config was read with this query, so it can be read.
        let Ok(query) = query::parse(&hook.query, Utc::now()) else {
            continue;
        };
        let met = reader.new_since(&query, since, MOST)?;
        if met.is_empty() {
            continue;
        }
        let feeds = reader.feeds()?;
        let mut lines = String::new();
        for head in &met {
            let feed = feeds.iter().find(|feed| feed.id == head.feed);
            lines += &json!(Told::of(head, feed)).to_string();
            lines.push('\n');
        }
        wrong.extend(one(numbers(&hook.command, met.len()), lines));
    }
    if round.over && !hooks.after_refresh.is_empty() {
        let told = json!({ "feeds": round.feeds, "failed": round.failed, "new": all.len() });
        wrong.extend(one(
            numbers(&hooks.after_refresh, all.len()),
            format!("{told}\n"),
        ));
    }
    Ok(wrong)
}

fn one(words: Vec<String>, input: String) -> Option<String> {
    let job = Job {
        words,
        input: input.into_bytes(),
        limit: PRINTED,
        time: TIME,
    };
    command::run(&job)
        .err()
        .map(|why| format!("a hook failed: {why}"))
}

enum News {
    /// Entries came.
    New,
    Over(Round),
}

/// The thread that runs hooks while the reader is open.
#[derive(Clone)]
pub struct Listening {
    news: Sender<News>,
    hooks: Arc<Mutex<Hooks>>,
}

impl Listening {
    /// Starts it; it ends when all that can tell it something is dropped.
    pub fn start(
        hooks: Hooks,
        database: PathBuf,
        inbox: Sender<Event>,
    ) -> std::io::Result<Listening> {
        let (news, told) = channel();
        let hooks = Arc::new(Mutex::new(hooks));
        let known = Arc::clone(&hooks);
        thread::Builder::new().name("hooks".into()).spawn(move || {
            let Ok(reader) = Reader::open(&database) else {
                return;
            };
            let mut since = reader.newest().unwrap_or(EntryId(0));
            while let Ok(first) = told.recv() {
                let mut round = Round::default();
                let mut take = |news| {
                    if let News::Over(over) = news {
                        round = over;
                    }
                };
                take(first);
                // Until nothing more comes: records are written after their round is over.
                loop {
                    match told.recv_timeout(QUIET) {
                        Ok(news) => take(news),
                        Err(RecvTimeoutError::Timeout) => break,
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
                let hooks = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let newest = reader.newest().unwrap_or(since);
                let wrong = if hooks.listens() {
                    run(&hooks, &reader, since, round)
                } else {
                    Ok(Vec::new())
                };
                since = newest;
                let wrong = wrong.unwrap_or_else(|error| vec![format!("hooks: {error}")]);
                for why in wrong {
                    let _ = inbox.send(Event::Notice {
                        text: SafeText::line(&why),
                        error: true,
                    });
                }
            }
        })?;
        Ok(Listening { news, hooks })
    }

    /// Other hooks from now on.
    pub fn set(&self, hooks: Hooks) {
        *self.hooks.lock().unwrap_or_else(PoisonError::into_inner) = hooks;
    }

    /// Entries came.
    pub fn new_entries(&self) {
        let _ = self.news.send(News::New);
    }

    /// A round is over.
    pub fn round_is_over(&self, feeds: usize, failed: usize) {
        let _ = self.news.send(News::Over(Round {
            feeds,
            failed,
            over: true,
        }));
    }

    /// The program that opens an address in place of the browser.
    pub fn opener(&self, address: &str, kind: Option<&str>) -> Option<Vec<String>> {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.opener(address, kind).map(<[String]>::to_vec)
    }
}
