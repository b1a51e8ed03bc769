//! `bron rules check`: what the rules of the config file would have done, without doing it.

use super::Context;
use super::args::RulesCheckArgs;
use super::list::ALL;
use super::print::Out;
use crate::query;
use crate::store::Reader;
use crate::text::SafeText;
use crate::tui::words::plural;
use anyhow::{Result, bail};
use chrono::TimeDelta;
use serde::Serialize;

/// Entries that are named of each rule.
const EXAMPLES: usize = 3;
/// What counts as of late.
const LATELY_DAYS: i64 = 7;

#[derive(Serialize)]
struct Row<'a> {
    rule: usize,
    place: &'a str,
    query: &'a str,
    #[serde(rename = "do")]
    deeds: Vec<String>,
    matches: usize,
    recent: usize,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    id: i64,
    title: String,
    feed: String,
    published: String,
}

/// Says of each rule how many of the entries that are there it would have met.
pub fn check(args: &RulesCheckArgs, context: &Context) -> Result<()> {
    let loaded = context.loaded();
    let rules = &loaded.settings.store.rules;
    let reader = context.reader()?;
    let mut out = Out::new();
    for (at, rule) in rules.iter().enumerate() {
        let row = row(context, &reader, at + 1, rule)?;
        if args.json {
            out.json(&row)?;
            continue;
        }
        out.line(&SafeText::line(&format!(
            "{}  {}  {}",
            row.place,
            row.query,
            row.deeds.join(", ")
        )))?;
        out.line(&format!(
            "    {} {}, {} of them of the last {LATELY_DAYS} days",
            plural(row.matches, "entry"),
            if row.matches == 1 { "matches" } else { "match" },
            row.recent
        ))?;
        for example in &row.examples {
            out.line(&format!(
                "    {}  {} · {}",
                &example.published[..10],
                example.title,
                example.feed
            ))?;
        }
    }
    if rules.is_empty() && !args.json && loaded.mistakes.is_empty() {
        out.line("no rules; [[rules]] in the config file holds them, as in `bron config init`")?;
    }
    out.done()?;
    if !loaded.mistakes.is_empty() {
        bail!(
            "the config file has mistakes; `bron config check` tells all, and a rule with one does nothing"
        );
    }
    Ok(())
}

fn row<'a>(
    context: &Context,
    reader: &Reader,
    number: usize,
    rule: &'a crate::news::Rule,
) -> Result<Row<'a>> {
    // The word at the end is whole: a rule is not being typed.
    let query = query::parse(&format!("{} ", rule.query), context.now())?;
    let heads = reader.list(&query, ALL)?;
    let lately = context.now() - TimeDelta::days(LATELY_DAYS);
    Ok(Row {
        rule: number,
        place: &rule.place,
        query: &rule.query,
        deeds: rule.deeds.iter().map(ToString::to_string).collect(),
        matches: heads.len(),
        recent: heads.iter().filter(|head| head.published >= lately).count(),
        examples: heads
            .iter()
            .take(EXAMPLES)
            .map(|head| Example {
                id: head.id.0,
                title: head.title.to_string(),
                feed: head.feed_title.to_string(),
                published: super::print::time(head.published),
            })
            .collect(),
    })
}
