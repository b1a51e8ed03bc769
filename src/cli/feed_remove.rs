//! `bron feed remove`: takes feeds out of the files they stand in.

use super::args::FeedRemoveArgs;
use super::print::Out;
use super::{Context, refresh};
use crate::config::lists::{self, Change};
use crate::news::FeedRow;
use crate::text::SafeText;
use crate::tui::words::plural;
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
    let ids = refresh::find(&feeds, &args.feeds, refresh::Named::Whole)?;
    let mut named = ids
        .iter()
        .filter_map(|id| feeds.iter().find(|feed| feed.id == *id));
    let mut out = Out::new();
    let (mut removed, mut all) = (Vec::new(), Vec::new());
    let result = named.try_for_each(|feed| {
        let url = feed.url.parse().context("the feed's address")?;
        let written = lists::change(&context.lists(), &url, &Change::Remove)?;
        let files: Vec<String> = written
            .iter()
            .map(|written| written.file.display().to_string())
            .collect();
        removed.push(feed.title.to_string());
        all.extend(written);
        say(feed, files, args, context, &mut out)
    });
    // What is done is written down, also where the next could not be done.
    context.changed(format!("removed {}", names(&removed)), all)?;
    result?;
    Ok(out.done()?)
}

fn say(
    feed: &FeedRow,
    files: Vec<String>,
    args: &FeedRemoveArgs,
    context: &Context,
    out: &mut Out,
) -> Result<()> {
    if args.json {
        out.json(&Row {
            id: feed.id.0,
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
    Ok(())
}

/// What was changed, in a few words.
pub fn names(names: &[String]) -> String {
    match names {
        [name] => name.clone(),
        names => plural(names.len(), "feed"),
    }
}
