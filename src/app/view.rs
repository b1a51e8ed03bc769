//! A target to an [`ArticleView`]: its text laid out, its sources collected, their cards looked up.

use crate::article::{self, Wall};
use crate::news::{ArticleView, CardState, CardView, SourceRow, Target};
use crate::source::{self, Collected, FieldLinks, Role, Source, Subject};
use crate::store::{FullEntry, Reader, StoreError, StoredPage};
use crate::text::{LayOut, Lines, SafeText, lay_out, lay_out_logical};
use std::collections::HashMap;
use url::Url;

/// The order of letters in lines, where a text runs from right to left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As a terminal is given them to be seen.
    Seen,
    /// As they are read out.
    Read,
}

/// What comes of asking for a target.
pub enum Built {
    Ready(Box<ArticleView>),
    /// It is not kept: fetch this.
    Fetch {
        key: String,
        url: String,
    },
    /// It cannot be shown, in words.
    Not(SafeText),
}

/// What is laid out, wherever it came from.
struct Text {
    target: Target,
    title: SafeText,
    site: SafeText,
    byline: SafeText,
    published: Option<chrono::DateTime<chrono::Utc>>,
    language: Option<String>,
    words: usize,
    url: Url,
    html: String,
    tags: Vec<SafeText>,
    note: Option<SafeText>,
    truncated: bool,
    whole_page: bool,
    wall: Option<SafeText>,
    fields: FieldLinks,
    feed_site: Option<Url>,
    feed_url: Option<Url>,
    boilerplate: Vec<String>,
    left_out_hosts: Vec<(String, Option<Role>)>,
    comments_url: Option<String>,
}

/// Builds the view of a target at a width. Pure but for the questions to the store.
pub fn build(
    reader: &Reader,
    target: &Target,
    width: u16,
    whole_page: bool,
    order: Order,
) -> Result<Built, StoreError> {
    match target {
        Target::Entry(id) => {
            let Some(entry) = reader.entry(*id)? else {
                return Ok(Built::Not(SafeText::line("this entry is no longer there")));
            };
            let whole_page = whole_page || entry.full_text;
            if whole_page
                && !entry.entry.key.is_empty()
                && let Some(url) = &entry.entry.url
            {
                match reader.page(&entry.entry.key)? {
                    Some(page) if page.html.is_some() => {
                        return Ok(Built::Ready(Box::new(lay(
                            reader,
                            of_entry_page(target, &entry, &page),
                            width,
                            order,
                        )?)));
                    }
                    _ => {
                        return Ok(Built::Fetch {
                            key: entry.entry.key.clone(),
                            url: url.clone(),
                        });
                    }
                }
            }
            Ok(Built::Ready(Box::new(lay(
                reader,
                of_entry(target, &entry),
                width,
                order,
            )?)))
        }
        Target::Page { key, url } => {
            if let Some(page) = reader.page(key)?
                && page.html.is_some()
            {
                return Ok(Built::Ready(Box::new(lay(
                    reader,
                    of_page(target, &page, url),
                    width,
                    order,
                )?)));
            }
            // An entry of a feed of the reader's is its own page: no request at all.
            if let Some(id) = reader.entry_of_key(key)?
                && let Some(entry) = reader.entry(id)?
            {
                let text = of_entry(target, &entry);
                if !text.truncated {
                    return Ok(Built::Ready(Box::new(lay(reader, text, width, order)?)));
                }
            }
            Ok(Built::Fetch {
                key: key.clone(),
                url: url.clone(),
            })
        }
    }
}

/// The entry behind a page that could not be fetched: better its beginning than nothing.
pub fn build_stand_in(
    reader: &Reader,
    target: &Target,
    width: u16,
) -> Result<Option<Box<ArticleView>>, StoreError> {
    let id = match target {
        Target::Entry(id) => Some(*id),
        Target::Page { key, .. } => reader.entry_of_key(key)?,
    };
    let Some(entry) = id.map(|id| reader.entry(id)).transpose()?.flatten() else {
        return Ok(None);
    };
    Ok(Some(Box::new(lay(
        reader,
        of_entry(target, &entry),
        width,
        Order::Seen,
    )?)))
}

fn web(text: Option<&str>) -> Option<Url> {
    text.and_then(|text| Url::parse(text).ok())
}

fn nowhere() -> Url {
    Url::parse("http://nowhere.invalid/").expect("this is an address")
}

fn of_entry(target: &Target, full: &FullEntry) -> Text {
    let entry = &full.entry;
    let url = web(entry.url.as_deref())
        .or_else(|| web(Some(&full.feed_url)))
        .unwrap_or_else(nowhere);
    let article = article::read_entry(&entry.html, &url);
    Text {
        target: target.clone(),
        title: entry.title.clone(),
        site: full.feed_title.clone(),
        byline: entry.authors.clone(),
        published: entry.published,
        language: entry.language.clone(),
        words: article.words,
        truncated: looks_truncated(&article.text, article.words) && entry.url.is_some(),
        html: article.html,
        url,
        tags: full.tags.clone(),
        note: full.note.clone(),
        whole_page: false,
        wall: None,
        fields: entry.fields.clone(),
        feed_site: web(full.feed_site.as_deref()),
        feed_url: web(Some(&full.feed_url)),
        boilerplate: full.boilerplate.clone(),
        left_out_hosts: Vec::new(),
        comments_url: entry.fields.comments.as_ref().map(|(url, _)| url.clone()),
    }
}

fn of_entry_page(target: &Target, full: &FullEntry, page: &StoredPage) -> Text {
    let mut text = of_page(target, page, full.entry.url.as_deref().unwrap_or(&page.url));
    text.title = full.entry.title.clone();
    text.site = full.feed_title.clone();
    if !full.entry.authors.is_empty() {
        text.byline = full.entry.authors.clone();
    }
    text.published = full.entry.published.or(text.published);
    text.tags = full.tags.clone();
    text.note = full.note.clone();
    text.fields = full.entry.fields.clone();
    text.feed_site = web(full.feed_site.as_deref());
    text.feed_url = web(Some(&full.feed_url));
    text.comments_url = full
        .entry
        .fields
        .comments
        .as_ref()
        .map(|(url, _)| url.clone());
    text
}

fn of_page(target: &Target, page: &StoredPage, asked: &str) -> Text {
    let url = web(Some(&page.url))
        .or_else(|| web(Some(asked)))
        .unwrap_or_else(nowhere);
    let card = &page.card;
    let host = SafeText::line(url.host_str().unwrap_or_default());
    Text {
        target: target.clone(),
        title: card
            .title
            .clone()
            .unwrap_or_else(|| SafeText::line(url.as_str())),
        site: card.site.clone().unwrap_or(host),
        byline: card.author.clone().unwrap_or_default(),
        published: card.published,
        language: card.language.clone(),
        words: page.words,
        html: page.html.clone().unwrap_or_default(),
        url,
        tags: Vec::new(),
        note: None,
        truncated: false,
        whole_page: true,
        wall: card.wall.map(in_words),
        fields: FieldLinks::default(),
        feed_site: None,
        feed_url: None,
        boilerplate: Vec::new(),
        left_out_hosts: Vec::new(),
        comments_url: None,
    }
}

fn in_words(wall: Wall) -> SafeText {
    SafeText::line(match wall {
        Wall::BotCheck => {
            "The site showed a bot check in place of the article. o opens the browser."
        }
        Wall::Login => "The site asks to log in. o opens the browser.",
        Wall::Paywall => "The text stops at a paywall. o opens the browser.",
        Wall::Error => "The site answered with an error page.",
    })
}

/// Whether an entry's text is only the beginning of an article, as far as its end tells.
fn looks_truncated(text: &str, words: usize) -> bool {
    let end = text.trim_end();
    let marks = ["…", "...", "[…]", "[...]", "[&#8230;]", "→", "»"];
    let says = [
        "read more",
        "continue reading",
        "lees verder",
        "weiterlesen",
        "lire la suite",
        "leer más",
        "read the full article",
    ];
    let tail: String = end
        .chars()
        .rev()
        .take(60)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<String>()
        .to_lowercase();
    words < 30
        || marks.iter().any(|mark| end.ends_with(mark))
        || says.iter().any(|word| tail.contains(word))
}

fn lay(
    reader: &Reader,
    mut text: Text,
    width: u16,
    order: Order,
) -> Result<ArticleView, StoreError> {
    text.left_out_hosts = reader.not_sources()?;
    let collected = source::collect(&Subject {
        html: &text.html,
        url: &text.url,
        feed_site: text.feed_site.as_ref(),
        feed_url: text.feed_url.as_ref(),
        fields: &text.fields,
        extracted: text.whole_page,
        boilerplate: &text.boilerplate,
    });
    let how = LayOut {
        width,
        numbers: &collected.numbers,
    };
    let lines = match order {
        Order::Seen => lay_out(&text.html, &how),
        Order::Read => lay_out_logical(&text.html, &how),
    };
    let keys: Vec<String> = collected
        .sources
        .iter()
        .map(|source| source.key.clone())
        .collect();
    let cards = reader.cards(&keys)?;
    let (sources, anchors) = rows(&collected, &cards, &lines, &text.left_out_hosts);
    Ok(ArticleView {
        target: text.target,
        title: text.title,
        site: text.site,
        byline: text.byline,
        published: text.published,
        language: text.language,
        words: text.words,
        url: Some(text.url.to_string()).filter(|url| !url.contains("nowhere.invalid")),
        tags: text.tags,
        note: text.note,
        links: addresses(&collected),
        lines,
        partial: false,
        sources,
        anchors,
        truncated: text.truncated,
        whole_page: text.whole_page,
        wall: text.wall,
        left_out: collected
            .left_out
            .iter()
            .map(|out| (SafeText::line(&out.url), SafeText::line(&out.reason)))
            .collect(),
        enclosures: text
            .fields
            .enclosures
            .iter()
            .map(|(url, _)| url.clone())
            .collect(),
        comments_url: text.comments_url,
    })
}

/// For each anchor of the text its address, for hyperlinks; empty where nothing may be opened.
fn addresses(collected: &Collected) -> Vec<String> {
    let mut links = vec![String::new(); collected.numbers.len()];
    for source in &collected.sources {
        for anchor in &source.anchors {
            if let Some(link) = links.get_mut(*anchor as usize) {
                *link = source.display.to_string();
            }
        }
    }
    for out in &collected.left_out {
        if let Some(link) = out.place.and_then(|place| links.get_mut(place as usize))
            && (out.url.starts_with("http://") || out.url.starts_with("https://"))
        {
            link.clone_from(&out.url);
        }
    }
    links
}

/// Groups of the panel, in order.
fn group(role: Role) -> u8 {
    match role {
        Role::Source => 0,
        Role::Media => 1,
        Role::Discussion => 2,
        Role::Mention => 3,
        Role::SameSite => 4,
        Role::Shop => 5,
        Role::Recommended => 6,
    }
}

fn rows(
    collected: &Collected,
    cards: &HashMap<String, CardView>,
    lines: &Lines,
    not_sources: &[(String, Option<Role>)],
) -> (Vec<SourceRow>, Vec<Option<u32>>) {
    let mut offsets: HashMap<u32, usize> = HashMap::new();
    for line in &lines.lines {
        for span in &line.spans {
            if let Some(link) = span.link {
                offsets.entry(link).or_insert(line.offset);
            }
        }
    }
    let refused = |source: &Source| {
        not_sources
            .iter()
            .any(|(host, role)| *host == source.site && role.is_none_or(|role| role == source.role))
    };
    let mut order: Vec<&Source> = collected
        .sources
        .iter()
        .filter(|source| !refused(source))
        .collect();
    let mut by_strength: Vec<&str> = Vec::new();
    {
        let mut ranked = order.clone();
        ranked.sort_by(|a, b| {
            b.primary
                .cmp(&a.primary)
                .then(b.strength.total_cmp(&a.strength))
        });
        by_strength.extend(ranked.iter().map(|source| source.key.as_str()));
    }
    let rank: HashMap<&str, u32> = by_strength
        .iter()
        .zip(1..)
        .map(|(key, rank)| (*key, rank))
        .collect();
    order.sort_by_key(|source| (group(source.role), source.n.unwrap_or(u32::MAX)));

    let mut anchors = vec![None; collected.numbers.len()];
    let sources: Vec<SourceRow> = order
        .iter()
        .enumerate()
        .map(|(row, source)| {
            for anchor in &source.anchors {
                if let Some(place) = anchors.get_mut(*anchor as usize) {
                    *place = Some(row as u32);
                }
            }
            SourceRow {
                n: source.n,
                key: source.key.clone(),
                url: source.url.to_string(),
                display_url: source.display.to_string(),
                site: SafeText::line(&source.site),
                role: source.role,
                kind: source.kind,
                primary: source.primary,
                reason: SafeText::line(&source.reason),
                anchor: source.anchor.clone(),
                context: source.context.clone(),
                strength: source.strength,
                external: source.external,
                rank: rank.get(source.key.as_str()).copied().unwrap_or(u32::MAX),
                offset: source
                    .anchors
                    .iter()
                    .filter_map(|anchor| offsets.get(anchor))
                    .min()
                    .copied(),
                comments: source.comments,
                archived: source.archived,
                short: source.short,
                warned: source.warned,
                affiliate: source.affiliate,
                removed: source.removed.clone(),
                card: card(source, cards.get(&source.key)),
            }
        })
        .collect();
    (sources, anchors)
}

/// What is known of a source: from the store, else from the article's own HTML, else from its address.
pub fn card(source: &Source, stored: Option<&CardView>) -> CardView {
    let mut card = stored.cloned().unwrap_or_default();
    if let Some(embedded) = &source.card {
        card.title.get_or_insert_with(|| embedded.title.clone());
        if card.description.is_none() {
            card.description.clone_from(&embedded.description);
        }
        if card.site.is_none() {
            card.site.clone_from(&embedded.site);
        }
        if card.state == CardState::None {
            card.state = CardState::Embedded;
        }
    }
    let own = source::card_of_link(source);
    if card.title.is_none() && own.title.is_some() {
        card.title = own.title;
        if card.state == CardState::None {
            card.state = CardState::Embedded;
        }
    }
    card.description = card.description.or(own.description);
    card.author = card.author.or(own.author);
    card.published = card.published.or(own.published);
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_promises_more_is_a_beginning_only() {
        let long = "word ".repeat(80);
        for (end, expected) in [
            ("", false),
            ("…", true),
            ("[...]", true),
            ("Read more", true),
            ("The end.", false),
        ] {
            let text = format!("{long}{end}");
            assert_eq!(looks_truncated(&text, 80), expected, "{end}");
        }
        assert!(looks_truncated("three short words", 3));
    }
}
