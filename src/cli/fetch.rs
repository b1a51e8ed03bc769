//! Asking the network on behalf of a verb: one request, answered or refused with a sentence.

use super::Context;
use crate::net::{Answer, Ask};
use anyhow::{Context as _, Result, ensure};
use url::Url;

/// What feeds say they are.
const FEED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";
/// What a web page says it is.
const PAGE: &str = "text/html, application/xhtml+xml, */*;q=0.5";

/// Asks for a feed, once, without validators.
pub fn feed(context: &Context, url: &Url) -> Result<Answer> {
    get(context, url, FEED, context.settings()?.poller.size_limit)
}

/// Asks for a web page, or for a feed if that stands there.
pub fn page(context: &Context, url: &Url) -> Result<Answer> {
    get(context, url, PAGE, context.settings()?.pages.size_limit)
}

fn get(context: &Context, url: &Url, accept: &'static str, limit: usize) -> Result<Answer> {
    let (runtime, client) = context.network()?;
    let mut ask = Ask::new(url.clone(), accept, limit);
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
