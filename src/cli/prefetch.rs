//! `bron refresh --full-text`: the whole pages of entries and of what they cite, fetched ahead for a time without network.

use super::Context;
use super::args::RefreshArgs;
use super::list;
use crate::app::ahead::{self, Budget, Fetched};
use crate::net::Gate;
use crate::pages::Pages;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Fetches the pages of the entries that the call names.
pub fn run(args: &RefreshArgs, context: &Context) -> Result<Fetched> {
    let words = args
        .pages_of
        .clone()
        .unwrap_or_else(|| "is:unread".to_owned());
    let query = list::query(&[words], context)?;
    let reader = context.reader()?;
    let entries = reader.list(&query, list::ALL)?;
    let entries = entries.into_iter().map(|head| (head.id, head.url));
    let settings = context.settings()?;
    let (runtime, client) = context.network()?;
    let pages = {
        let _inside = runtime.enter();
        Pages::new(
            client,
            Gate::new(settings.overall, settings.per_host),
            context.writer()?.clone(),
            context.paths.database(),
            settings.pages.clone(),
            Arc::new(chrono::Utc::now),
            // Each run hears of its own pages.
            Arc::new(|_, _| {}),
        )
    };
    let bar = context.progress().then(bar);
    let fetched = ahead::run(
        &reader,
        entries.collect(),
        Budget {
            pages: args.pages_at_most,
            bytes: args.megabytes_at_most.saturating_mul(1_000_000),
            sources: args.sources_of_each,
        },
        &pages,
        &AtomicBool::new(false),
        &mut |progress| {
            if let Some(bar) = &bar {
                bar.set_length(progress.total as u64);
                bar.set_position(progress.done as u64);
                bar.set_message(progress.failed.to_string());
            }
        },
    )?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    context.writer()?.flush(false);
    Ok(fetched)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {pos} of {len} pages, {msg} failed, {elapsed}")
    {
        bar.set_style(style.progress_chars("█▌░"));
    }
    bar
}
