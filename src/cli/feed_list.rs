//! `bron feed list`.

use super::Context;
use super::args::FeedListArgs;
use super::print::{Out, time};
use crate::news::{FeedRow, Health};
use crate::text::SafeText;
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    url: &'a str,
    title: &'a str,
    site_url: Option<&'a str>,
    tags: Vec<&'a str>,
    unread: u32,
    entries: u32,
    status: &'a str,
    error: Option<&'a str>,
    last_visit: Option<String>,
    http: Option<u16>,
    moved_to: Option<&'a str>,
}

/// Prints the feeds in the order of the list files; those that are in none stay away.
pub fn run(args: &FeedListArgs, context: &Context) -> Result<()> {
    let feeds = context.reader()?.feeds()?;
    let mut out = Out::new();
    for feed in feeds.iter().filter(|feed| !feed.hidden) {
        let (status, error) = health(feed);
        if args.json {
            out.json(&Row {
                id: feed.id.0,
                url: &feed.url,
                title: &feed.title,
                site_url: feed.site_url.as_deref(),
                tags: feed.tags.iter().map(SafeText::as_str).collect(),
                unread: feed.unread,
                entries: feed.entries,
                status,
                error: error.map(SafeText::as_str),
                last_visit: feed.last_visit.map(time),
                http: feed.http,
                moved_to: feed.moved_to.as_deref(),
            })?;
            continue;
        }
        let sign = if error.is_some() { '!' } else { ' ' };
        out.line(&format!(
            "{:>5} {sign} {} · {} unread of {}",
            feed.id.0, feed.title, feed.unread, feed.entries
        ))?;
        out.line(&format!("        {}", SafeText::line(&feed.url)))?;
        if let Some(error) = error {
            out.line(&format!("        {error}"))?;
        }
    }
    Ok(out.done()?)
}

/// How a feed is doing, as JSON has it, and why.
pub fn health(feed: &FeedRow) -> (&'static str, Option<&SafeText>) {
    match &feed.health {
        Health::New => ("new", None),
        Health::Well => ("well", None),
        Health::Failing(why) => ("failing", Some(why)),
        Health::Gone(why) => ("gone", Some(why)),
    }
}
