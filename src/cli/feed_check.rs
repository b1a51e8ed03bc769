//! `bron feed check`: what is in a feed, and what had to be mended.

use super::args::FeedCheckArgs;
use super::print::{Out, some, time};
use super::target::Target;
use super::{Context, fetch};
use crate::feed::{self, ParsedEntry, ParsedFeed};
use crate::text::SafeText;
use anyhow::{Context as _, Result, bail};
use serde::Serialize;

#[derive(Serialize)]
struct Feed<'a> {
    format: &'a str,
    version: &'a str,
    url: Option<&'a str>,
    title: &'a str,
    site_url: Option<&'a str>,
    description: Option<&'a str>,
    language: Option<&'a str>,
    updated: Option<String>,
    icon: Option<&'a str>,
    entries: Vec<Entry<'a>>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Entry<'a> {
    id: Option<&'a str>,
    url: Option<&'a str>,
    title: &'a str,
    authors: Vec<&'a str>,
    published: Option<String>,
    updated: Option<String>,
    summary_html: Option<&'a str>,
    content_html: Option<&'a str>,
    categories: Vec<&'a str>,
    enclosures: Vec<Enclosure<'a>>,
    comments_url: Option<&'a str>,
    via: &'a [String],
    related: &'a [String],
}

#[derive(Serialize)]
struct Enclosure<'a> {
    url: &'a str,
    r#type: Option<&'a str>,
    length: Option<u64>,
}

impl<'a> From<&'a ParsedEntry> for Entry<'a> {
    fn from(entry: &'a ParsedEntry) -> Self {
        Entry {
            id: entry.guid.as_deref(),
            url: entry.url.as_deref(),
            // What the feed says, not what stands in for it.
            title: if entry.titled { &entry.title } else { "" },
            authors: entry
                .authors
                .iter()
                .map(|person| person.name.as_str())
                .collect(),
            published: entry.published.map(time),
            updated: entry.updated.map(time),
            summary_html: entry.summary_html.as_deref(),
            content_html: entry.content_html.as_deref(),
            categories: entry.categories.iter().map(SafeText::as_str).collect(),
            enclosures: entry
                .enclosures
                .iter()
                .map(|file| Enclosure {
                    url: &file.url,
                    r#type: file.kind.as_deref(),
                    length: file.length,
                })
                .collect(),
            comments_url: entry.comments.as_ref().map(|thread| thread.url.as_str()),
            via: &entry.via,
            related: &entry.related,
        }
    }
}

/// Reads the feed, or fails with what stands there instead.
pub fn run(args: &FeedCheckArgs, context: &Context) -> Result<()> {
    let parsed = match Target::read(&args.target, args.base_url.as_deref())? {
        Target::File { bytes, base } => feed::parse(&bytes, &base, None),
        Target::Web(url) => {
            let answer = fetch::feed(context, &url)?;
            feed::parse(&answer.body, &answer.url, answer.content_type.as_deref())
        }
        Target::Entry(id) => {
            let feeds = context.reader()?.feeds()?;
            let Some(row) = feeds.iter().find(|row| row.id.0 == id.0) else {
                bail!("there is no feed {id}; `bron feed list` names them");
            };
            let answer = fetch::feed(context, &row.url.parse().context("the feed's address")?)?;
            feed::parse(&answer.body, &answer.url, answer.content_type.as_deref())
        }
    }
    .with_context(|| format!("no feed can be read from {}", args.target))?;
    let mut out = Out::new();
    if args.json {
        print_json(&parsed, &mut out)?;
    } else {
        print_text(&parsed, &mut out)?;
    }
    Ok(out.done()?)
}

fn print_json(feed: &ParsedFeed, out: &mut Out) -> std::io::Result<()> {
    out.json(&Feed {
        format: feed.format.name(),
        version: &feed.version,
        url: feed.url.as_deref(),
        title: &feed.title,
        site_url: feed.site_url.as_deref(),
        description: some(&feed.description),
        language: feed.language.as_deref(),
        updated: feed.updated.map(time),
        icon: feed.icon.as_deref(),
        entries: feed.entries.iter().map(Entry::from).collect(),
        warnings: &feed.warnings,
    })
}

fn print_text(feed: &ParsedFeed, out: &mut Out) -> std::io::Result<()> {
    out.line(if feed.title.is_empty() {
        "(no title)"
    } else {
        &feed.title
    })?;
    out.line(&format!(
        "{} {}, {} entries",
        feed.format.name(),
        SafeText::line(&feed.version),
        feed.entries.len()
    ))?;
    if let Some(site) = &feed.site_url {
        out.line(&SafeText::line(site))?;
    }
    for warning in &feed.warnings {
        out.line(&format!("mended: {}", SafeText::line(warning)))?;
    }
    for entry in &feed.entries {
        let day = entry.published.or(entry.updated).map_or_else(
            || "          ".to_owned(),
            |at| at.format("%Y-%m-%d").to_string(),
        );
        out.line("")?;
        out.line(&format!(
            "{day}  {}",
            if entry.title.is_empty() {
                "(no title)"
            } else {
                &entry.title
            }
        ))?;
        if let Some(url) = &entry.url {
            out.line(&format!("            {}", SafeText::line(url)))?;
        }
    }
    Ok(())
}
