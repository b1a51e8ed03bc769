//! What feed-rs read and what it does not tell, put together: fields after parsing.

use super::entry::{Enclosure, Format, ParsedEntry, ParsedFeed, Person, Thread};
use super::extra::{self, Extra, FeedExtra, Written};
use super::markup;
use super::repairs::Repairs;
use crate::text::SafeText;
use feed_rs::model;
use url::Url;

/// What is known of the feed as a whole.
pub(super) struct Head<'a> {
    pub(super) format: Format,
    pub(super) version: String,
    pub(super) base: &'a Url,
}

/// Puts a feed together. `extras` stand in the order of the entries.
pub(super) fn feed(
    head: &Head<'_>,
    feed: model::Feed,
    mut extra: FeedExtra,
    extras: Vec<Extra>,
    repairs: Repairs,
) -> ParsedFeed {
    let base = head.base;
    let mut site = None;
    for link in &feed.links {
        match link.rel.as_deref() {
            None | Some("alternate") => {
                // `alternate` of another type than a page is the feed in another format.
                let page = link
                    .media_type
                    .as_deref()
                    .is_none_or(|kind| kind.contains("html"));
                if page && site.is_none() {
                    site = absolute(&link.href, base);
                }
            }
            _ => {}
        }
    }
    let site_url = site.or_else(|| extra.link.take().and_then(|link| absolute(&link, base)));
    let title = written(extra.title.take(), feed.title)
        .filter(|title| !title.text.trim().is_empty())
        .or_else(|| extra.other_title.take());
    let description = written(extra.description.take(), feed.description)
        .or_else(|| extra.other_description.take());
    let icon = extra
        .icon
        .take()
        .or_else(|| extra.logo.take())
        .or_else(|| feed.icon.or(feed.logo).map(|image| image.uri));
    let authors = std::mem::take(&mut extra.authors);
    let place = Place {
        base,
        site: site_url.as_deref().and_then(|site| Url::parse(site).ok()),
        // RFC 4287 §4.1.2: an entry without an author has the feed's.
        authors: if head.format == Format::Atom {
            authors
        } else {
            Vec::new()
        },
    };
    ParsedFeed {
        format: head.format,
        version: SafeText::line(&head.version).into_string(),
        url: extra.own.as_deref().and_then(|own| absolute(own, base)),
        title: title.as_ref().map(plain).unwrap_or_default(),
        site_url,
        description: description.as_ref().map(plain).unwrap_or_default(),
        language: extra
            .language
            .take()
            .or(feed.language)
            .map(|said| language(&said))
            .filter(|said| !said.is_empty()),
        updated: extra.updated.or(feed.updated).or(feed.published),
        icon: icon.and_then(|icon| absolute(&icon, base)),
        entries: feed
            .entries
            .into_iter()
            .zip(extras)
            .map(|(found, extra)| entry(found, extra, &place, head.format))
            .collect(),
        ttl: extra.ttl(),
        skip_hours: std::mem::take(&mut extra.skip_hours),
        hub: extra.hub.as_deref().and_then(|hub| absolute(hub, base)),
        warnings: repairs.warnings(),
    }
}

/// Where an entry stands.
struct Place<'a> {
    base: &'a Url,
    site: Option<Url>,
    authors: Vec<String>,
}

fn entry(found: model::Entry, mut extra: Extra, place: &Place<'_>, format: Format) -> ParsedEntry {
    let link_base = extra.base.clone().unwrap_or_else(|| place.base.clone());
    let join = |address: &str| absolute(address, &link_base);
    let said_id = found.id.trim();
    let guid = if said_id.is_empty() {
        extra.guid.take()
    } else {
        Some(said_id.to_owned())
    };

    let mut links = Links::default();
    for link in &found.links {
        links.take(link, &mut extra);
    }
    let mut enclosures = std::mem::take(&mut extra.enclosures);
    enclosures.append(&mut links.enclosures);
    if enclosures.is_empty() {
        enclosures = std::mem::take(&mut extra.media);
    }
    for enclosure in &mut enclosures {
        enclosure.url = join(&enclosure.url).unwrap_or_default();
        enclosure.kind = enclosure.kind.take().map(|kind| clean(&kind));
    }
    enclosures.retain(|enclosure| !enclosure.url.is_empty());

    let as_link = guid
        .as_deref()
        .filter(|guid| extra.permalink != Some(false) && is_web(guid));
    let url = extra
        .original
        .as_deref()
        .and_then(join)
        .or_else(|| {
            extra
                .link
                .as_deref()
                .filter(|_| links.page.is_none())
                .and_then(join)
        })
        .or_else(|| links.page.as_deref().and_then(join))
        .or_else(|| as_link.and_then(join))
        .or_else(|| links.other.as_deref().and_then(join))
        .or_else(|| enclosures.first().map(|file| file.url.clone()));

    // Relative addresses in its text: what the feed says; else the page it is on; else the site, else the feed.
    let page = url.as_deref().and_then(|url| Url::parse(url).ok());
    let base = extra
        .content_base
        .clone()
        .or_else(|| extra.base.clone())
        .or(page)
        .or_else(|| place.site.clone())
        .unwrap_or_else(|| place.base.clone());
    let summary_base = extra
        .summary_base
        .as_ref()
        .or(extra.base.as_ref())
        .unwrap_or(&base);
    let mut summary = written(extra.summary.take(), found.summary).and_then(Written::into_html);
    let mut content =
        written(extra.content.take(), found.content.and_then(body)).and_then(Written::into_html);
    if let Some(other) = extra.other_summary.take().and_then(Written::into_html) {
        match &summary {
            None => summary = Some(other),
            // Two summaries and no content: the longer one is the content.
            Some(first) if extra.two_summaries && content.is_none() && *first != other => {
                let longer = first.len() > other.len();
                let (short, long) = if longer {
                    (Some(other), summary)
                } else {
                    (summary, Some(other))
                };
                (summary, content) = (short, long);
            }
            Some(_) => {}
        }
    }
    let summary = summary.map(|html| made_absolute(html, summary_base));
    let content = content.map(|html| made_absolute(html, &base));

    let own_title = written(extra.title.take(), found.title)
        .as_ref()
        .map(plain)
        .filter(|title| !title.is_empty())
        .or_else(|| extra.other_title.as_ref().map(plain))
        .filter(|title| !title.is_empty());
    let titled = own_title.is_some();
    let title = own_title.unwrap_or_else(|| {
        let text = content.as_deref().or(summary.as_deref()).unwrap_or("");
        markup::first_words(text)
    });

    let mut authors = std::mem::take(&mut extra.authors);
    for person in &found.authors {
        let name = person
            .name
            .as_deref()
            .or(person.email.as_deref())
            .unwrap_or("");
        if !authors.iter().any(|known| known == name) {
            authors.push(name.to_owned());
        }
    }
    if authors.is_empty() {
        authors.extend(extra.other_author.take());
    }
    if authors.is_empty() {
        authors.clone_from(&place.authors);
    }

    let categories = found
        .categories
        .iter()
        .map(|category| category.term.as_str())
        .chain(extra.categories.iter().map(String::as_str))
        .map(markup::title)
        .filter(|category| !category.is_empty())
        .collect();

    let replies = extra.replies;
    let comments = extra
        .comments
        .take()
        .or(links.replies)
        .and_then(|address| join(&address))
        .map(|url| Thread {
            url,
            comments: replies,
        });
    let image = extra
        .image
        .take()
        .or_else(|| {
            enclosures
                .iter()
                .find(|file| {
                    file.kind
                        .as_deref()
                        .is_some_and(|kind| kind.starts_with("image/"))
                })
                .map(|file| file.url.clone())
        })
        .and_then(|image| join(&image));
    let (published, updated) = match format {
        // feed-rs copies the one date of RSS into both.
        Format::Rss => (
            extra
                .published
                .or(found.published)
                .or(extra.date.filter(|_| extra.updated.is_none())),
            extra
                .updated
                .or(extra.date.filter(|_| extra.published.is_some())),
        ),
        _ => (
            extra.published.or(found.published).or(extra.date),
            extra.updated.or(found.updated),
        ),
    };
    ParsedEntry {
        guid: guid
            .map(|guid| guid.trim().to_owned())
            .filter(|guid| !guid.is_empty()),
        url,
        title,
        titled,
        authors: authors
            .iter()
            .map(|name| Person {
                name: markup::title(name),
            })
            .filter(|person| !person.name.is_empty())
            .collect(),
        published,
        updated,
        summary_html: summary,
        content_html: content,
        categories,
        enclosures,
        image,
        comments,
        via: addresses(extra.via.into_iter().chain(links.via), &link_base),
        related: addresses(extra.related.into_iter().chain(links.related), &link_base),
        base: Some(base),
        language: extra
            .language
            .take()
            .or(found.language)
            .map(|said| language(&said))
            .filter(|said| !said.is_empty()),
    }
}

/// The links of an entry by what they are.
#[derive(Default)]
struct Links {
    page: Option<String>,
    /// `alternate` that is no page.
    other: Option<String>,
    replies: Option<String>,
    via: Vec<String>,
    related: Vec<String>,
    enclosures: Vec<Enclosure>,
}

impl Links {
    fn take(&mut self, link: &model::Link, extra: &mut Extra) {
        if link.target.is_some() || link.href.is_empty() {
            return;
        }
        let page = link
            .media_type
            .as_deref()
            .is_none_or(|kind| kind.contains("html"));
        let set = |place: &mut Option<String>| {
            if place.is_none() {
                *place = Some(link.href.clone());
            }
        };
        match link.rel.as_deref().map(str::trim) {
            None | Some("alternate" | "") if page => set(&mut self.page),
            None | Some("alternate" | "") => set(&mut self.other),
            Some("via") => self.via.push(link.href.clone()),
            Some("related") => self.related.push(link.href.clone()),
            Some("replies") if page => set(&mut self.replies),
            Some("enclosure") => self.enclosures.push(Enclosure {
                url: link.href.clone(),
                kind: link.media_type.clone(),
                length: link.length,
            }),
            Some(rel) if rel.ends_with("/original") => extra.original = Some(link.href.clone()),
            Some(_) => {}
        }
    }
}

/// What was read by us, else what feed-rs has.
fn written(ours: Option<Written>, theirs: Option<impl Into<Text>>) -> Option<Written> {
    ours.or_else(|| {
        let Text(text) = theirs?.into();
        Some(text)
    })
}

struct Text(Written);

impl From<model::Text> for Text {
    fn from(text: model::Text) -> Self {
        Text(Written {
            html: text.content_type.subty() != "plain",
            text: text.content,
        })
    }
}

impl From<Written> for Text {
    fn from(text: Written) -> Self {
        Text(text)
    }
}

fn body(content: model::Content) -> Option<Written> {
    Some(Written {
        html: content.content_type.subty() != "plain",
        text: content.body?,
    })
}

/// Text of either kind on one line. Plain text is read as HTML once more where it looks like it: RSS does not say.
fn plain(text: &Written) -> SafeText {
    markup::title(&text.text)
}

fn clean(text: &str) -> String {
    SafeText::line(text).into_string()
}

/// A language's code as RFC 5646 writes it, with `-`.
fn language(text: &str) -> String {
    clean(text).replace('_', "-")
}

fn is_web(address: &str) -> bool {
    let start = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// An address that can be followed, absolute; `None` for what is no address, or one that runs in a browser.
pub(super) fn absolute(address: &str, base: &Url) -> Option<String> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let url = match extra::hidden_host(address) {
        Some(whole) => Url::parse(&whole).ok()?,
        None => base.join(address).ok()?,
    };
    if matches!(
        url.scheme(),
        "javascript" | "data" | "vbscript" | "blob" | "about" | "file"
    ) && url.scheme() != base.scheme()
    {
        return None;
    }
    Some(url.into())
}

fn addresses(found: impl Iterator<Item = String>, base: &Url) -> Vec<String> {
    let mut out = Vec::new();
    for address in found {
        if let Some(address) = absolute(&address, base)
            && !out.contains(&address)
        {
            out.push(address);
        }
    }
    out
}

fn made_absolute(html: String, base: &Url) -> String {
    match markup::absolute(&html, base) {
        std::borrow::Cow::Borrowed(_) => html,
        std::borrow::Cow::Owned(html) => html,
    }
}
