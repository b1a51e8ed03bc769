//! `bron cited`: the sources that most sites cite, or who cites one address.

use super::args::CitedArgs;
use super::print::{Out, time};
use super::stories::titled;
use super::{Context, WrongWords};
use crate::address::{self, Found};
use crate::news::{CitedRow, Citing, Target};
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    url: &'a str,
    title: &'a str,
    site: &'a str,
    kind: &'a str,
    sites: u32,
    before: u32,
    by: Vec<&'a str>,
    first: String,
    last: String,
    entry: Option<i64>,
}

#[derive(Serialize)]
struct By<'a> {
    entry: Option<i64>,
    url: Option<&'a str>,
    title: &'a str,
    site: &'a str,
    published: Option<String>,
    context: &'a str,
}

/// Prints what is cited, or who cites.
pub fn run(args: &CitedArgs, context: &Context) -> Result<()> {
    context.writer()?.flush(true);
    let reader = context.reader()?;
    let mut out = Out::new();
    if let Some(address) = &args.address {
        let clean = address::clean(address, Found::default())
            .map_err(|error| WrongWords(format!("{address}: {error}")))?;
        for citing in reader.citing(&clean.key, args.limit.unwrap_or(100))? {
            print_citing(&mut out, &citing, args.json)?;
        }
        return Ok(out.done()?);
    }
    let until = args.now.unwrap_or_else(|| context.now());
    for row in reader.most_cited(until - args.since, until, args.limit.unwrap_or(20))? {
        print_cited(&mut out, &row, args.json)?;
    }
    Ok(out.done()?)
}

fn print_cited(out: &mut Out, row: &CitedRow, json: bool) -> Result<()> {
    let by: Vec<&str> = row.by.iter().map(crate::text::SafeText::as_str).collect();
    if json {
        out.json(&Row {
            key: &row.key,
            url: &row.url,
            title: &row.title,
            site: &row.site,
            kind: row.kind.name(),
            sites: row.sites,
            before: row.before,
            by,
            first: time(row.first),
            last: time(row.last),
            entry: row.entry.map(|entry| entry.0),
        })?;
    } else {
        out.line(&format!(
            "{:>3}  {} · {}",
            row.sites,
            titled(&row.title),
            row.site
        ))?;
        out.line(&format!("     {}", row.url))?;
        out.line(&format!("     cited by {}", by.join(", ")))?;
    }
    Ok(())
}

fn print_citing(out: &mut Out, citing: &Citing, json: bool) -> Result<()> {
    let (entry, url) = match &citing.target {
        Target::Entry(id) => (Some(id.0), None),
        Target::Page { url, .. } => (None, Some(url.as_str())),
    };
    if json {
        out.json(&By {
            entry,
            url,
            title: &citing.title,
            site: &citing.site,
            published: citing.published.map(time),
            context: &citing.context,
        })?;
    } else {
        let day = citing.published.map_or_else(
            || "          ".to_owned(),
            |at| at.format("%Y-%m-%d").to_string(),
        );
        out.line(&format!(
            "{day}  {} · {}",
            titled(&citing.title),
            citing.site
        ))?;
        if !citing.context.is_empty() {
            out.line(&format!("            “{}”", citing.context))?;
        }
    }
    Ok(())
}
