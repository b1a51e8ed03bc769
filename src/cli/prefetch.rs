//! `bron refresh --full-text`: the whole pages of entries, fetched ahead for a time without network.
//!
//! Pages only, not what they cite; each once; within a budget of pages and of bytes kept.

use super::Context;
use super::args::RefreshArgs;
use super::list;
use crate::address::{self, Found};
use crate::net::Gate;
use crate::pages::{Pages, Want};
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::sync::Arc;
use std::sync::mpsc::channel;

/// Pages that are asked for before the answers to earlier ones are in: the budget is looked at between.
const AT_ONCE: usize = 4;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prefetched {
    pub pages: usize,
    pub kept_before: usize,
    pub failed: usize,
    /// Bytes of the articles that are kept now.
    pub bytes: usize,
    /// Entries whose page was not asked for, since the budget was used up.
    pub left: usize,
}

/// Fetches the pages of the entries that the call names.
pub fn run(args: &RefreshArgs, context: &Context) -> Result<Prefetched> {
    let words = args
        .pages_of
        .clone()
        .unwrap_or_else(|| "is:unread".to_owned());
    let query = list::query(&[words], context)?;
    let reader = context.reader()?;
    let mut wants: Vec<Want> = Vec::new();
    let mut done = Prefetched::default();
    for head in reader.list(&query, list::ALL)? {
        let Some(address) = head
            .url
            .as_deref()
            .and_then(|url| address::clean(url, Found::default()).ok())
        else {
            continue;
        };
        if reader
            .page(&address.key)?
            .is_some_and(|page| page.html.is_some())
        {
            done.kept_before += 1;
        } else if wants.iter().all(|want| want.key != address.key) {
            wants.push(Want {
                key: address.key,
                url: address.display,
                card_only: false,
                waiting: false,
                again: false,
            });
        }
    }
    let settings = context.settings()?;
    let (runtime, client) = context.network()?;
    let (tell, told) = channel();
    let pages = {
        let _inside = runtime.enter();
        Pages::new(
            client,
            Gate::new(settings.overall, settings.per_host),
            context.writer()?.clone(),
            context.paths.database(),
            settings.pages.clone(),
            Arc::new(chrono::Utc::now),
            Arc::new(move |key: &str, result| {
                // Nobody listens any more when the budget is used up.
                let _ = tell.send((key.to_owned(), result));
            }),
        )
    };
    let bar = context
        .progress()
        .then(|| bar(wants.len().min(args.pages_at_most)));
    let most_bytes = args.megabytes_at_most.saturating_mul(1_000_000);
    let mut wants = wants.into_iter();
    let mut under_way = 0;
    loop {
        while under_way < AT_ONCE
            && done.pages + done.failed + under_way < args.pages_at_most
            && done.bytes < most_bytes
            && let Some(want) = wants.next()
        {
            pages.want(want);
            under_way += 1;
        }
        if under_way == 0 {
            break;
        }
        let Ok((key, result)) = told.recv() else {
            break;
        };
        under_way -= 1;
        match result {
            Ok(()) => {
                done.pages += 1;
                done.bytes += reader
                    .page(&key)?
                    .and_then(|page| page.html)
                    .map_or(0, |html| html.len());
            }
            Err(_) => done.failed += 1,
        }
        if let Some(bar) = &bar {
            bar.set_position((done.pages + done.failed) as u64);
            bar.set_message(done.failed.to_string());
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done.left = wants.count();
    context.writer()?.flush(false);
    Ok(done)
}

fn bar(pages: usize) -> ProgressBar {
    let bar = ProgressBar::new(pages as u64);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {pos} of {len} pages, {msg} failed, {elapsed}")
    {
        bar.set_style(style.progress_chars("█▌░"));
    }
    bar
}
