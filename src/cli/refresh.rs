//! `bron refresh`: one round of visits.

use super::args::RefreshArgs;
use super::print::{Out, complain_words};
use super::{Context, Exit, WrongWords, prefetch};
use crate::app::command;
use crate::app::hooks::{self, Round};
use crate::config::Settings;
use crate::feed::FeedId;
use crate::net::Gate;
use crate::news::{FeedRow, Notify, Outcome};
use crate::poller::run::Watcher;
use crate::poller::{Asked, Job, Poller, Progress, Visited};
use crate::text::SafeText;
use crate::tui::words::plural;
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[derive(Serialize)]
struct Row {
    feed: FeedNumber,
    url: String,
    status: &'static str,
    http: Option<u16>,
    new: u32,
    changed: u32,
    ms: u32,
    bytes: u64,
    error: Option<String>,
    moved_to: Option<String>,
}

type FeedNumber = i64;

#[derive(Clone, Copy, Default, Serialize)]
struct Summary {
    feeds: usize,
    updated: usize,
    unchanged: usize,
    /// Not asked: another instance does, or the network is away.
    skipped: usize,
    failed: usize,
    new: u32,
    changed: u32,
    ms: u64,
}

/// So many entries that a rule wants to be told of are named, one each; a first visit may bring a year of them.
const TOLD: usize = 20;

/// Tells of what a rule wants to be told of: by the command for it, else on standard error, where cron mails it.
fn tell(told: &[Notify], settings: &Settings, args: &RefreshArgs, context: &Context) {
    for entry in told.iter().take(TOLD) {
        let text = format!("{}: {}", entry.feed, entry.title);
        if settings.notify_command.is_empty() {
            if !args.json && !context.global.quiet {
                complain_words(&text);
            }
            continue;
        }
        let mut words = settings.notify_command.clone();
        words.push(SafeText::short(&text, 200).into_string());
        let job = Job {
            words,
            input: Vec::new(),
            limit: 1 << 16,
            time: Duration::from_secs(20),
        };
        if let Err(why) = command::run(&job) {
            complain_words(&format!("notify_command: {why}"));
            return;
        }
    }
    if told.len() > TOLD && !context.global.quiet {
        complain_words(&format!(
            "and {} more that rules tell of",
            told.len() - TOLD
        ));
    }
}

/// Visits the feeds and says what came.
pub fn run(args: &RefreshArgs, context: &Context) -> Result<Exit> {
    let begun = Instant::now();
    let writer = context.writer()?.clone();
    let asked = if args.feeds.is_empty() {
        Asked::All
    } else {
        Asked::Feeds(find(&context.reader()?.feeds()?, &args.feeds, Named::Part)?)
    };
    let mut settings = context.settings()?.clone();
    command::allow(&mut settings);
    command::end_all_with_the_program()?;
    let before = context.reader()?.newest()?;
    let (runtime, client) = context.network()?;
    let gate = Gate::new(settings.overall, settings.per_host);
    let poller = Poller::new(
        client,
        gate,
        writer.clone(),
        context.paths.database(),
        settings.poller.clone(),
        Arc::new(chrono::Utc::now),
    );
    let watcher = Arc::new(Collecting {
        rows: Mutex::default(),
        bar: context.progress().then(bar),
    });
    runtime.block_on(poller.round(asked, watcher.clone()));
    writer.flush(false);
    if let Some(bar) = &watcher.bar {
        bar.finish_and_clear();
    }
    let mut rows =
        std::mem::take(&mut *watcher.rows.lock().unwrap_or_else(PoisonError::into_inner));
    let reader = context.reader()?;
    tell(&context.told(), &settings, args, context);
    let failed = rows
        .iter()
        .filter(|row| matches!(row.status, "failed" | "gone"))
        .count();
    if settings.hooks.listens() {
        let round = Round {
            feeds: rows.len(),
            failed,
            over: true,
        };
        for why in hooks::run(&settings.hooks, &reader, before, round)? {
            complain_words(&why);
        }
    }
    for row in rows.iter_mut().filter(|row| row.status == "updated") {
        // What was new is known when it is stored, and stands in the record of the visit.
        if let Some(visit) = reader.past_visits(FeedId(row.feed))?.first() {
            row.new = visit.new;
            row.changed = visit.changed;
        }
    }
    let mut summary = Summary {
        ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..Summary::default()
    };
    let mut out = Out::new();
    for row in &rows {
        summary.feeds += 1;
        match row.status {
            "updated" => summary.updated += 1,
            "unchanged" => summary.unchanged += 1,
            "skipped" => summary.skipped += 1,
            _ => summary.failed += 1,
        }
        summary.new += row.new;
        summary.changed += row.changed;
        if args.json {
            out.json(row)?;
        } else if let (Some(error), false) = (&row.error, context.global.quiet) {
            complain_words(&format!("{}: {error}", row.url));
        }
    }
    let prefetched = args
        .full_text
        .then(|| prefetch::run(args, context))
        .transpose()?;
    if args.json {
        if let Some(prefetched) = &prefetched {
            out.json(&serde_json::json!({ "full_text": prefetched }))?;
        }
        out.json(&serde_json::json!({ "summary": summary }))?;
    } else if !context.global.quiet {
        let Summary {
            feeds,
            updated,
            skipped,
            failed,
            new,
            changed,
            ..
        } = summary;
        let left = if skipped > 0 {
            format!(", {skipped} skipped")
        } else {
            String::new()
        };
        let visited = feeds - skipped;
        let (visited, new) = (plural(visited, "feed"), plural(new as usize, "entry"));
        out.line(&format!("{visited} visited: {updated} updated, {failed} failed{left}; {new} new, {changed} changed"))?;
    }
    if let (Some(prefetched), false, false) = (prefetched, args.json, context.global.quiet) {
        out.line(&format!(
            "{} fetched, {} of them of sources ({} KB), {} kept before, {} failed, {} left out by the budget",
            plural(prefetched.pages, "page"),
            prefetched.sources,
            prefetched.bytes / 1000,
            prefetched.kept_before,
            prefetched.failed,
            prefetched.left
        ))?;
    }
    out.done()?;
    Ok(if summary.failed == 0 {
        Exit::Done
    } else {
        Exit::FeedsFailed
    })
}

struct Collecting {
    rows: Mutex<Vec<Row>>,
    bar: Option<ProgressBar>,
}

/// How far it is, on standard error.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {pos} of {len} feeds, {msg} failed, {elapsed}")
    {
        bar.set_style(style.progress_chars("█▌░"));
    }
    bar
}

impl Watcher for Collecting {
    fn visited(&self, visited: &Visited) {
        let record = &visited.record;
        let (status, error) = match (&visited.skipped, &record.outcome) {
            (Some(why), _) => ("skipped", Some(why.clone())),
            (None, Outcome::Updated(_)) => ("updated", None),
            (None, Outcome::Unchanged) => ("unchanged", None),
            (None, Outcome::Failed(why) | Outcome::Busy(why)) => ("failed", Some(why.to_string())),
            (None, Outcome::Gone(why)) => ("gone", Some(why.to_string())),
        };
        let row = Row {
            feed: record.feed.0,
            url: visited.url.clone(),
            status,
            http: record.http,
            new: 0,
            changed: 0,
            ms: record.took_ms,
            bytes: record.bytes,
            error,
            moved_to: record.moved_to.as_ref().map(ToString::to_string),
        };
        self.rows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(row);
    }

    fn progress(&self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_length(progress.total as u64);
            bar.set_message(progress.failed.to_string());
            bar.set_position(progress.done as u64);
        }
    }
}

/// How much of a feed's name a call must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// All of its address or title, or its id: what is done cannot be undone by the next call.
    Whole,
    /// A part that no other has will do.
    Part,
}

/// The feeds that the words of a call name: by id, address or title.
pub fn find(feeds: &[FeedRow], words: &[String], named: Named) -> Result<Vec<FeedId>> {
    let mut found = Vec::new();
    for word in words {
        if word.trim().is_empty() {
            return Err(WrongWords("an empty word names no feed".into()).into());
        }
        let wanted = word
            .parse::<crate::feed::FeedUrl>()
            .map(|url| url.to_string())
            .unwrap_or_default();
        let lower = word.to_lowercase();
        let by = |test: &dyn Fn(&FeedRow) -> bool| {
            feeds
                .iter()
                .filter(|feed| test(feed))
                .map(|feed| feed.id)
                .collect::<Vec<_>>()
        };
        let same = by(&|feed| {
            feed.id.to_string() == *word
                || feed.url == *word
                || feed.url == wanted
                || feed.title.to_lowercase() == lower
        });
        let matching = if same.is_empty() && named == Named::Part {
            by(&|feed| {
                feed.title.to_lowercase().contains(&lower) || feed.url.contains(word.as_str())
            })
        } else {
            same
        };
        match matching.as_slice() {
            [] => bail!("no feed is called “{word}”; `bron feed list` names them"),
            [one] => found.push(*one),
            many => bail!(
                "“{word}” may be one of {} feeds; say its id (`bron feed list`)",
                many.len()
            ),
        }
    }
    Ok(found)
}
