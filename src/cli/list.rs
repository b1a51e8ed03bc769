//! `bron list`: entries that match a query, newest first.

use super::args::ListArgs;
use super::print::Out;
use super::{Context, WrongWords};
use crate::app::told::Told;
use crate::news::FeedRow;
use crate::query::{self, Query};
use anyhow::Result;
use std::collections::HashMap;

/// More entries than any collection has; SQLite counts in `i64`.
pub const ALL: usize = i32::MAX as usize;

/// Prints the entries.
pub fn run(args: &ListArgs, context: &Context) -> Result<()> {
    let query = query(&args.query, context)?;
    let reader = context.reader()?;
    let limit = args.limit.unwrap_or(ALL);
    let mut heads = reader.list(&query, limit)?;
    // How many sources an entry has is found out when nothing else is to be done; who asks for it waits for that. A store
    // that cannot be written has no answer yet.
    if args.json
        && heads.iter().any(|head| head.sources.is_none())
        && let Ok(writer) = context.writer()
    {
        writer.flush(true);
        heads = reader.list(&query, limit)?;
    }
    let mut out = Out::new();
    if args.json {
        let feeds = reader.feeds()?;
        let feeds: HashMap<i64, &FeedRow> = feeds.iter().map(|feed| (feed.id.0, feed)).collect();
        for head in &heads {
            out.json(&Told::of(head, feeds.get(&head.feed.0).copied()))?;
        }
    } else {
        let width = heads
            .iter()
            .map(|head| head.id.to_string().len())
            .max()
            .unwrap_or(1);
        for head in &heads {
            let mark = match (head.marks.starred, head.marks.later, head.marks.read) {
                (true, _, _) => '★',
                (_, true, _) => '◷',
                (_, _, false) => '●',
                _ => ' ',
            };
            let day = head.published.format("%Y-%m-%d");
            let title = if head.title.is_empty() {
                "(no title)"
            } else {
                &head.title
            };
            out.line(&format!(
                "{:>width$}  {day}  {mark} {title} · {}",
                head.id.0, head.feed_title
            ))?;
        }
    }
    Ok(out.done()?)
}

/// The query that the words of a call make which changes what it finds: it must be said in full, and nothing is not
/// everything (`*` is).
pub fn query_of_a_change(words: &[String], context: &Context) -> Result<Query> {
    let text = words.join(" ");
    let query = query::parse_whole(&text, context.now())
        .map_err(|error| WrongWords(format!("the query: {error}")))?;
    if query == Query::All && text.trim() != "*" {
        let why = "the query is empty; `*` means every entry".to_owned();
        return Err(WrongWords(why).into());
    }
    Ok(query)
}

/// The query that the words of the call make.
pub fn query(words: &[String], context: &Context) -> Result<Query> {
    query::parse(&words.join(" "), context.now())
        .map_err(|error| WrongWords(format!("the query: {error}")).into())
}
