//! A parsed feed to entries that can be stored. Pure.

use crate::address::{self, Found};
use crate::feed::{self, ParsedEntry, ParsedFeed};
use crate::news::{Entry, FeedContent};
use crate::source::FieldLinks;
use crate::text::SafeText;
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

/// Entries of one visit that are kept, whatever a setting says.
const MOST: usize = 10_000;

/// Makes rows of a feed: identities, hashes, keys, safe text, dates clamped to `now`.
#[must_use]
pub fn ingest(
    feed: ParsedFeed,
    feed_url: &Url,
    limit: Option<u32>,
    now: DateTime<Utc>,
) -> FeedContent {
    let limit = limit.map_or(MOST, |limit| (limit as usize).min(MOST));
    let identities = feed::identities(&feed.entries);
    let entries = feed
        .entries
        .into_iter()
        .zip(identities)
        .take(limit)
        .map(|(entry, identity)| row(entry, identity, feed.language.as_deref(), feed_url, now))
        .collect();
    FeedContent {
        title: feed.title,
        site_url: feed.site_url,
        description: feed.description,
        language: feed.language,
        icon: feed.icon,
        warnings: feed
            .warnings
            .iter()
            .map(|warning| SafeText::short(warning, 300))
            .collect(),
        entries,
    }
}

fn row(
    parsed: ParsedEntry,
    identity: String,
    language: Option<&str>,
    feed_url: &Url,
    now: DateTime<Utc>,
) -> Entry {
    let content_hash = feed::content_hash(&parsed);
    let found = Found {
        base: Some(feed_url),
        feed: Some(feed_url),
    };
    let key = parsed
        .url
        .as_deref()
        .and_then(|url| address::clean(url, found).ok())
        .map(|address| address.key);
    let html = parsed
        .content_html
        .or(parsed.summary_html)
        .unwrap_or_default();
    // A little ahead is a clock that is wrong; more is a date that was never meant. Both would stay on top for good.
    let said = parsed.published.or(parsed.updated);
    let clamped = said.is_some_and(|said| said > now + TimeDelta::minutes(1));
    let authors: Vec<&str> = parsed
        .authors
        .iter()
        .map(|author| author.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    Entry {
        identity,
        content_hash,
        url: parsed.url,
        key: key.unwrap_or_default(),
        title: SafeText::short(&parsed.title, 300),
        authors: SafeText::short(&authors.join(", "), 200),
        published: said.map(|said| said.min(now)),
        published_said: said.filter(|_| clamped),
        updated: parsed.updated.map(|updated| updated.min(now)),
        // Had from the HTML again whenever it is wanted: over a first refresh its making would cost as much as its storing.
        text: String::new(),
        html,
        language: parsed.language.or_else(|| language.map(str::to_owned)),
        image: parsed.image,
        categories: parsed.categories,
        fields: FieldLinks {
            comments: parsed.comments.map(|thread| (thread.url, thread.comments)),
            via: parsed.via,
            related: parsed.related,
            enclosures: parsed
                .enclosures
                .iter()
                .map(|file| (file.url.clone(), file.kind.clone()))
                .collect(),
        },
        enclosures: parsed.enclosures,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ingested(items: &str) -> FeedContent {
        let xml = format!(
            "<rss version=\"2.0\"><channel><title>T</title><link>https://a.example/</link>{items}</channel></rss>"
        );
        let base = Url::parse("https://a.example/feed").expect("an address");
        let feed = feed::parse(xml.as_bytes(), &base, None).expect("a feed");
        ingest(
            feed,
            &base,
            None,
            DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        )
    }

    #[test]
    fn a_date_in_the_future_is_that_of_the_visit_and_what_was_said_is_kept() {
        let content = ingested(
            "<item><guid>1</guid><title>x</title><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item>",
        );
        let entry = &content.entries[0];
        assert_eq!(
            entry.published.map(|date| date.timestamp()),
            Some(1_800_000_000)
        );
        assert!(entry.published_said.is_some());
    }

    #[test]
    fn rows_have_keys_and_stable_identities() {
        let item = "<item><guid>1</guid><title>x</title><link>https://a.example/post/?utm_source=rss</link><description>&lt;p&gt;Hello &lt;b&gt;there&lt;/b&gt;&lt;/p&gt;</description></item>";
        let (one, two) = (ingested(item), ingested(item));
        assert_eq!(one, two);
        assert_eq!(one.entries[0].key, "a.example/post");
        assert_eq!(one.entries[0].html, "<p>Hello <b>there</b></p>");
    }
}
