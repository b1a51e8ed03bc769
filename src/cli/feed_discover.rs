//! `bron feed discover`: the feeds that a web page names.

use super::args::FeedDiscoverArgs;
use super::print::{Out, some};
use super::target::Target;
use super::{Context, fetch};
use crate::feed::discover::{Found, How, discover};
use crate::feed::{self, FeedUrl};
use crate::text::{SafeText, decode};
use anyhow::{Result, bail};
use serde::Serialize;
use url::Url;

#[derive(Serialize)]
struct Row<'a> {
    url: &'a str,
    title: Option<&'a str>,
    format: Option<&'a str>,
    how: &'a str,
}

/// Prints the feeds, best first.
pub fn run(args: &FeedDiscoverArgs, context: &Context) -> Result<()> {
    let found = match Target::read(&args.target, args.base_url.as_deref()) {
        Ok(Target::File { bytes, base }) => of_page(&bytes, None, &base),
        Ok(Target::Web(url)) => of_address(context, &url)?,
        Ok(Target::Entry(_)) => bail!("{} is no address and no file", args.target),
        // A host alone will do, as it does for `feed add`.
        Err(error) => match args.target.parse::<FeedUrl>() {
            Ok(url) => of_address(context, url.url())?,
            Err(_) => return Err(error),
        },
    };
    if found.is_empty() {
        bail!(
            "{} names no feed; if you know one, `bron feed add` takes its address",
            args.target
        );
    }
    let mut out = Out::new();
    for feed in &found {
        let format = feed.format.map(feed::Format::name);
        if args.json {
            out.json(&Row {
                url: feed.url.as_str(),
                title: some(&feed.title),
                format,
                how: feed.how.name(),
            })?;
        } else {
            let title = if feed.title.is_empty() {
                String::new()
            } else {
                format!("  {}", feed.title)
            };
            out.line(&format!("{}{title}", SafeText::line(feed.url.as_str())))?;
        }
    }
    Ok(out.done()?)
}

/// The feeds of what stands at an address; guesses that nobody names are visited here, and only those that are feeds stay.
pub fn of_address(context: &Context, url: &Url) -> Result<Vec<Found>> {
    let answer = fetch::page(context, url)?;
    let mut found = of_page(&answer.body, answer.content_type.as_deref(), &answer.url);
    if found.iter().all(|feed| feed.how == How::WellKnown) {
        found.retain(|guess| {
            fetch::feed(context, &guess.url).is_ok_and(|answer| {
                feed::parse(&answer.body, &answer.url, answer.content_type.as_deref()).is_ok()
            })
        });
    }
    Ok(found)
}

/// The feeds of a page, or the feed itself if it is one.
fn of_page(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Vec<Found> {
    match feed::parse(bytes, url, content_type) {
        Ok(parsed) => vec![Found {
            url: url.clone(),
            title: parsed.title,
            format: Some(parsed.format),
            how: How::Itself,
        }],
        Err(_) => discover(&decode(bytes, content_type).text, url),
    }
}
