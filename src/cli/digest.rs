//! `bron digest`: a briefing, for a mail or a cron job.

use super::Context;
use super::args::{DigestArgs, DigestFormat};
use super::list::{ALL, query, query_of_a_change};
use super::print::Out;
use super::stories::front_page;
use crate::app::briefing;
use crate::news::{Edit, FrontPage, MarkKind, Which};
use anyhow::Result;
use chrono::Local;
use std::collections::HashSet;

/// Sources of a briefing.
const CITED: usize = 8;
/// Columns of its text.
const WIDTH: usize = 76;

/// Prints the briefing.
pub fn run(args: &DigestArgs, context: &Context) -> Result<()> {
    let until = args.now.unwrap_or_else(|| context.now());
    let matching = match &args.query {
        Some(words) if args.mark_read => {
            Some(query_of_a_change(std::slice::from_ref(words), context)?)
        }
        Some(words) => Some(query(std::slice::from_ref(words), context)?),
        None => None,
    };
    // With a query the stories that hold none of its entries fall away, so more are asked for.
    let wanted = if matching.is_some() {
        args.limit.saturating_mul(20)
    } else {
        args.limit
    };
    let mut page = front_page(context, until - args.since, until, wanted, CITED)?;
    if let Some(matching) = matching {
        let ids: HashSet<i64> = context
            .reader()?
            .list(&matching, ALL)?
            .iter()
            .map(|head| head.id.0)
            .collect();
        page.stories.retain(|story| {
            story
                .entries
                .iter()
                .any(|told| ids.contains(&told.head.id.0))
        });
        page.rare.retain(|head| ids.contains(&head.id.0));
        page.stories.truncate(args.limit);
    }
    let zone = *until.with_timezone(&Local).offset();
    let mut out = Out::new();
    out.text(&match args.format {
        DigestFormat::Text => briefing::text(&page, zone, WIDTH),
        DigestFormat::Markdown => briefing::markdown(&page, zone),
        DigestFormat::Html => briefing::html(&page, zone),
    })?;
    out.done()?;
    if args.mark_read {
        context.writer()?.apply_now(Edit::Mark {
            which: Which::Entries(entries(&page)),
            mark: MarkKind::Read,
            on: true,
        })?;
    }
    Ok(())
}

fn entries(page: &FrontPage) -> Vec<crate::feed::EntryId> {
    page.stories
        .iter()
        .flat_map(|story| story.entries.iter().map(|told| told.head.id))
        .chain(page.rare.iter().map(|head| head.id))
        .collect()
}
