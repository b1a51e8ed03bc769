//! `bron feed remove`: takes feeds out of the files they stand in.

use super::args::FeedRemoveArgs;
use super::print::Out;
use super::{Context, refresh};
use crate::config::lists::{self, Change};
use crate::text::SafeText;
use anyhow::{Context as _, Result};
use serde::Serialize;

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    url: &'a str,
    title: &'a str,
    files: Vec<String>,
}

/// Removes each feed; its starred entries stay.
pub fn run(args: &FeedRemoveArgs, context: &Context) -> Result<()> {
    let mut feeds = context.reader()?.feeds()?;
    feeds.retain(|feed| !feed.hidden);
    let mut out = Out::new();
    for id in refresh::find(&feeds, &args.feeds, refresh::Named::Whole)? {
        let Some(feed) = feeds.iter().find(|feed| feed.id == id) else {
            continue;
        };
        let url = feed.url.parse().context("the feed's address")?;
        let written = lists::change(&context.lists(), &url, &Change::Remove)?;
        let files: Vec<String> = written
            .iter()
            .map(|written| written.file.display().to_string())
            .collect();
        if args.json {
            out.json(&Row {
                id: id.0,
                url: &feed.url,
                title: &feed.title,
                files,
            })?;
        } else if !context.global.quiet {
            out.line(&SafeText::line(&format!(
                "{} is taken out of {}; its starred entries stay",
                feed.title,
                files.join(", ")
            )))?;
        }
    }
    context.sync_again()?;
    Ok(out.done()?)
}
