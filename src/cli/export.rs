//! `bron export`: the list of feeds, and with `--marks` what the reader has marked.

use super::args::{ExportArgs, ExportFormat};
use super::list::ALL;
use super::print::{Out, some, time};
use super::{Context, WrongWords};
use crate::feed::list::{self, Listed};
use crate::feed::opml;
use crate::query::{Mark, Query, Test, Thing};
use crate::store::Reader;
use crate::text::SafeText;
use anyhow::{Result, ensure};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct Feed<'a> {
    url: &'a str,
    title: Option<&'a str>,
    site_url: Option<&'a str>,
    tags: &'a [String],
}

#[derive(Serialize)]
struct Marked<'a> {
    entry: Option<&'a str>,
    title: &'a str,
    feed: &'a str,
    published: String,
    starred: bool,
    later: bool,
    tags: Vec<&'a str>,
    note: Option<&'a str>,
}

/// Prints the feeds as the files have them; what the files do not say is taken from the store.
pub fn run(args: &ExportArgs, context: &Context) -> Result<()> {
    ensure!(
        !args.marks || args.format == ExportFormat::Json,
        WrongWords("--marks goes with --format json".into())
    );
    let mut feeds: Vec<Listed> = context
        .lists()
        .feeds
        .into_iter()
        .map(|feed| feed.listed)
        .collect();
    let reader = context.reader_if_any();
    if let Some(reader) = &reader {
        complete(&mut feeds, reader)?;
    }
    let mut out = Out::new();
    match args.format {
        ExportFormat::Opml => out.text(&opml::write("Feeds of bron", &feeds))?,
        ExportFormat::Urls => out.text(&list::write_urls(&feeds))?,
        ExportFormat::Json => {
            for feed in &feeds {
                out.json(&Feed {
                    url: feed.url.as_str(),
                    title: feed.title.as_deref(),
                    site_url: feed.site_url.as_deref(),
                    tags: &feed.tags,
                })?;
            }
        }
    }
    if let (true, Some(reader)) = (args.marks, &reader) {
        marks(reader, &mut out)?;
    }
    Ok(out.done()?)
}

fn complete(feeds: &mut [Listed], reader: &Reader) -> Result<()> {
    let rows = reader.feeds()?;
    let rows: HashMap<&str, _> = rows.iter().map(|row| (row.url.as_str(), row)).collect();
    for feed in feeds {
        if let Some(row) = rows.get(feed.url.as_str()) {
            feed.title = feed
                .title
                .take()
                .or_else(|| some(&row.title).map(str::to_owned));
            feed.site_url = feed.site_url.take().or_else(|| row.site_url.clone());
        }
    }
    Ok(())
}

/// Entries that carry anything that the reader put there, a read mark aside.
fn marks(reader: &Reader, out: &mut Out) -> Result<()> {
    let mut tests = vec![
        Test::Is(Mark::Starred),
        Test::Is(Mark::Later),
        Test::Has(Thing::Note),
    ];
    tests.extend(
        reader
            .tags()?
            .into_iter()
            .map(|(tag, _)| Test::Tag(tag.into_string())),
    );
    let query = Query::Or(tests.into_iter().map(Query::Test).collect());
    for head in reader.list(&query, ALL)? {
        let full = if head.note {
            reader.entry(head.id)?
        } else {
            None
        };
        let note = full.and_then(|full| full.note);
        out.json(&Marked {
            entry: head.url.as_deref(),
            title: &head.title,
            feed: &head.feed_title,
            published: time(head.published),
            starred: head.marks.starred,
            later: head.marks.later,
            tags: head.tags.iter().map(SafeText::as_str).collect(),
            note: note.as_ref().map(SafeText::as_str),
        })?;
    }
    Ok(())
}
