//! An address that a reader types to the feed that is meant: the feed itself, or what its page names.

use crate::feed::discover::{Found, How, discover};
use crate::feed::{self, FeedUrl};
use crate::net::{Answer, Ask, Client};
use crate::text::{SafeText, decode};
use url::Url;

/// What to take when a feed or a page with feeds is asked for (RFC 9110, 12.5.1).
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";
/// A page whose feeds are looked for, or a feed.
const LIMIT: usize = 20 << 20;

/// What was found.
#[derive(Clone, Debug)]
pub enum Wanted {
    One(Found),
    /// Best first.
    Several(Vec<Found>),
}

/// Asks the address, and reads it as a feed, else as a page. Errors are sentences for the reader; so is what `told` hears
/// when it takes longer.
pub async fn find(
    client: &Client,
    address: &str,
    told: impl Fn(&str) + Send + Sync,
) -> Result<Wanted, String> {
    let url: FeedUrl = address
        .parse()
        .map_err(|error: feed::FeedUrlError| error.to_string())?;
    if let Some(bare) = url.without_credentials() {
        return Err(format!(
            "a name and a password do not belong in an address; write {bare} into the config file with `user` and `password_command`"
        ));
    }
    let answer = get(client, url.url()).await?;
    if let Some(found) = as_feed(&answer, How::Itself) {
        return Ok(Wanted::One(found));
    }
    let page = decode(&answer.body, answer.content_type.as_deref());
    let mut named = discover(&page.text, &answer.url);
    let guesses = named.split_off(named.partition_point(|found| found.how != How::WellKnown));
    match named.len() {
        1 => Ok(Wanted::One(named.remove(0))),
        0 => {
            // Nobody says where it is: the usual places, until one answers with a feed.
            for guess in guesses.into_iter().take(6) {
                told(&format!("Looking for a feed at {}", guess.url));
                if let Ok(answer) = get(client, &guess.url).await
                    && let Some(found) = as_feed(&answer, How::WellKnown)
                {
                    return Ok(Wanted::One(found));
                }
            }
            Err(format!(
                "no feed was found at {url}; its own address may be on the page"
            ))
        }
        _ => Ok(Wanted::Several(named)),
    }
}

async fn get(client: &Client, url: &Url) -> Result<Answer, String> {
    let mut ask = Ask::new(url.clone(), ACCEPT, LIMIT);
    // The reader typed this address: it may be their own machine.
    ask.private_host = url.host_str().map(str::to_owned);
    let answer = client
        .get(ask)
        .await
        .map_err(|error| format!("{url}: {error}"))?;
    if (200..300).contains(&answer.status) {
        Ok(answer)
    } else {
        Err(format!("{url}: the server said {}", answer.status))
    }
}

fn as_feed(answer: &Answer, how: How) -> Option<Found> {
    let parsed = feed::parse(&answer.body, &answer.url, answer.content_type.as_deref()).ok()?;
    let title = if parsed.title.is_empty() {
        SafeText::line(answer.url.host_str().unwrap_or_default())
    } else {
        parsed.title
    };
    Some(Found {
        url: answer.url.clone(),
        title,
        format: Some(parsed.format),
        how,
    })
}
