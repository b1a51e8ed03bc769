//! `bron feed add`: subscribe, by the address of a feed or of a page that names one.

use super::args::FeedAddArgs;
use super::print::{Out, complain, complain_words, some};
use super::{Context, feed_discover};
use crate::config::lists::{self, Written};
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use crate::text::SafeText;
use anyhow::{Result, bail, ensure};
use serde::Serialize;
use url::Url;

#[derive(Serialize)]
struct Row<'a> {
    url: &'a str,
    title: Option<&'a str>,
    how: Option<&'a str>,
    added: bool,
    file: String,
}

/// Adds each feed to the config file.
pub fn run(args: &FeedAddArgs, context: &Context) -> Result<()> {
    ensure!(
        args.title.is_none() || args.urls.len() == 1,
        super::WrongWords("--title is for one feed; leave it out, or add them one by one".into())
    );
    // What cannot be an address is told before anything is done.
    let asked: Vec<FeedUrl> = args
        .urls
        .iter()
        .map(|address| {
            address
                .parse()
                .map_err(|error: crate::feed::FeedUrlError| super::WrongWords(error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    let mut out = Out::new();
    let mut failed = 0;
    let (mut added, mut all) = (Vec::new(), Vec::new());
    let mut trouble = None;
    for asked in &asked {
        match add(asked, args, context, &mut added, &mut all, &mut out) {
            Ok(()) => {}
            Err(error) if args.urls.len() == 1 || super::is_closed_pipe(&error) => {
                trouble = Some(error);
                break;
            }
            Err(error) => {
                complain(&error);
                failed += 1;
            }
        }
    }
    let names = super::feed_remove::names(&added);
    context.changed(format!("subscribed to {names}"), all)?;
    if let Some(error) = trouble {
        return Err(error);
    }
    out.done()?;
    ensure!(
        failed == 0,
        "{failed} of {} could not be added; the others are",
        args.urls.len()
    );
    Ok(())
}

/// Adds one feed: what it is called to `added`, what was written to `all`, unless it was there.
fn add(
    asked: &FeedUrl,
    args: &FeedAddArgs,
    context: &Context,
    added: &mut Vec<String>,
    all: &mut Vec<Written>,
    out: &mut Out,
) -> Result<()> {
    let (url, found, how) = match asked.without_credentials() {
        Some(bare) => {
            if !context.global.quiet {
                complain_words(&format!(
                    "the name and password of {bare} are left out: set `user` and `password_command` at it in {}",
                    context.paths.config.display()
                ));
            }
            // Without them the server would not say what stands there.
            (bare, SafeText::default(), None)
        }
        None => find(asked, context)?,
    };
    let title = args
        .title
        .as_deref()
        .map(SafeText::line)
        .filter(|title| !title.is_empty())
        .unwrap_or(found);
    let there = context.lists().places.contains_key(&url);
    let name = if title.is_empty() {
        url.as_str()
    } else {
        title.as_str()
    };
    if !there {
        let feed = Listed {
            url: url.clone(),
            title: args.title.clone(),
            site_url: None,
            tags: args.tag.clone(),
            line: 0,
        };
        all.push(lists::add(&context.paths, &feed)?);
        added.push(name.to_owned());
    }
    let file = context.paths.config.display().to_string();
    if args.json {
        out.json(&Row {
            url: url.as_str(),
            title: some(&title),
            how,
            added: !there,
            file,
        })?;
    } else if !context.global.quiet {
        let what = if there {
            "is in your lists already".to_owned()
        } else {
            format!("is added to {file}; `bron refresh` visits it")
        };
        out.line(&SafeText::line(&format!("{name} {what}")))?;
    }
    Ok(())
}

/// The feed that is meant: what stands there itself, or the best that the page names.
fn find(asked: &FeedUrl, context: &Context) -> Result<(FeedUrl, SafeText, Option<&'static str>)> {
    if context.offline || !matches!(asked.url().scheme(), "http" | "https") {
        if !context.global.quiet && context.offline {
            complain_words(&format!(
                "{asked} is taken as it stands: bron is offline and cannot look for the feed of a page"
            ));
        }
        return Ok((asked.clone(), SafeText::default(), None));
    }
    let found = feed_discover::of_address(context, asked.url())?;
    let Some(best) = found.first() else {
        bail!("{asked} is no feed and names none; if you know one, say its address");
    };
    let others: Vec<&str> = found
        .iter()
        .skip(1)
        .take(5)
        .map(|feed| Url::as_str(&feed.url))
        .collect();
    if !others.is_empty() && !context.global.quiet {
        complain_words(&format!("the page names others too: {}", others.join(" ")));
    }
    Ok((
        best.url.as_str().parse()?,
        best.title.clone(),
        Some(best.how.name()),
    ))
}
