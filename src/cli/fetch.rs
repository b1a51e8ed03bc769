//! Asking the network on behalf of a verb: one request, answered or refused with a sentence.

use super::Context;
use crate::app::command;
use crate::feed::FeedUrl;
use crate::net::{Answer, Ask, Client};
use crate::poller::asking::Secrets;
use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use url::Url;

/// What feeds say they are.
const FEED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";
/// What a web page says it is.
const PAGE: &str = "text/html, application/xhtml+xml, */*;q=0.5";

/// Asks for a feed, once, without validators.
pub fn feed(context: &Context, url: &Url) -> Result<Answer> {
    let mut settings = context.settings()?.clone();
    command::allow(&mut settings);
    command::end_all_with_the_program()?;
    let mut ask = Ask::new(url.clone(), FEED, settings.poller.size_limit);
    let feed: Result<FeedUrl, _> = url.as_str().parse();
    let (runtime, client) = context.network()?;
    if let Ok(feed) = feed
        && let Some(asking) = settings.poller.asking.get(&feed)
    {
        // As a visit of the feed would ask.
        runtime
            .block_on(asking.fill(&mut ask, &feed, &Secrets::default(), &settings.poller))
            .map_err(anyhow::Error::msg)?;
    }
    get(&runtime, &client, ask)
}

/// Asks for a web page, or for a feed if that stands there.
pub fn page(context: &Context, url: &Url) -> Result<Answer> {
    let (runtime, client) = context.network()?;
    let limit = context.settings()?.pages.size_limit;
    get(&runtime, &client, Ask::new(url.clone(), PAGE, limit))
}

fn get(runtime: &Runtime, client: &Client, mut ask: Ask) -> Result<Answer> {
    let url = ask.url.clone();
    // Who names an address on the command line means it, wherever it is.
    ask.private_host = url.host_str().map(str::to_owned);
    let answer = runtime
        .block_on(client.get(ask))
        .with_context(|| format!("could not read {url}"))?;
    ensure!(
        (200..300).contains(&answer.status),
        "could not read {url}: the server answered {}",
        answer.status
    );
    Ok(answer)
}
