//! A target to an [`ArticleView`]: its text laid out, its sources collected, their cards looked up.

use super::document::{About, Form};
use crate::address;
use crate::article::{self, Wall};
use crate::feed::EntryId;
use crate::news::{ArticleView, CardState, CardView, SourceRow, Target};
use crate::source::{self, Collected, FieldLinks, Role, Source, Subject};
use crate::store::{FullEntry, Reader, StoreError, StoredPage};
use crate::text::{self, Blocks, LayOut, Lines, SafeText};
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
    Ready(Box<Prepared>),
    /// It is not kept: fetch this.
    Fetch {
        key: String,
        url: String,
    },
    /// It cannot be shown, in words.
    Not(SafeText),
}

/// How much of a text is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The beginning, for a first screen: of a long text only [`FIRST`] bytes are looked at.
    First,
    Whole,
}

/// Bytes of HTML that are read for a first screen; a text up to twice as long is read whole at once.
const FIRST: usize = 10 << 10;

/// An article that was read: laid out as often as the width changes.
pub struct Prepared {
    /// Without lines.
    view: ArticleView,
    blocks: Blocks,
    /// For each anchor the number of its source.
    numbers: Vec<Option<u32>>,
    /// Bytes of HTML: what it takes in memory is some times that.
    pub weight: usize,
}

impl Prepared {
    /// This is the beginning only.
    pub fn partial(&self) -> bool {
        self.view.partial
    }

    /// The sources' keys, and what is shown.
    pub fn view(&self) -> &ArticleView {
        &self.view
    }

    /// The article for a width; `pictures`: columns and rows to leave for its pictures.
    pub fn lay_out(&self, width: u16, pictures: &[(u16, u16)], order: Order) -> ArticleView {
        let how = LayOut {
            width,
            numbers: &self.numbers,
            pictures,
        };
        let mut lines = match order {
            Order::Seen => self.blocks.lay_out(&how),
            Order::Read => self.blocks.lay_out_logical(&how),
        };
        if self.view.partial {
            // A list or a table at the cut comes out otherwise when it is whole.
            lines.lines.truncate((lines.lines.len() / 2).max(120));
        }
        let mut view = self.view.clone();
        let offsets = offsets(&lines);
        for source in &mut view.sources {
            source.offset = None;
        }
        for (anchor, row) in view.anchors.iter().enumerate() {
            let source = row.and_then(|row| view.sources.get_mut(row as usize));
            if let (Some(source), Some(offset)) = (source, offsets.get(&(anchor as u32))) {
                source.offset = Some(source.offset.map_or(*offset, |known| known.min(*offset)));
            }
        }
        view.lines = lines;
        view
    }
}

/// Whether there is code in an article.
pub fn has_code(view: &ArticleView) -> bool {
    let code = |line: &text::Line| line.kind == text::LineKind::Code;
    view.lines.lines.iter().any(code)
}

/// Gives the code of an article its colours; `false`: there is no code.
pub fn paint_code(view: &mut ArticleView) -> bool {
    let any = has_code(view);
    #[cfg(feature = "highlight")]
    if any {
        text::highlight::paint(&mut view.lines);
    }
    any && cfg!(feature = "highlight")
}

/// An article of all that is common, read and laid out, and gone: what is made when it is first needed, patterns and statements
/// above all, then is there before a reader waits for it.
pub fn warm_up(reader: &Reader) {
    let base = nowhere();
    let links = [
        "https://github.com/a/b/pull/1",
        "https://doi.org/10.1000/1",
        "https://arxiv.org/abs/2001.00001",
        "https://www.youtube.com/watch?v=abcdefghijk",
        "https://en.wikipedia.org/wiki/A",
        "https://a.example/2026/01/01/a-report.pdf?utm_source=b",
        "/b",
    ];
    let links = links.map(|link| format!("<p>A report <a href=\"{link}\">says</a> so.</p>"));
    let html = format!(
        "<h2>A</h2>{}<ul><li><b>b</b></ul><blockquote><p><em>c</em></blockquote><pre>d</pre><table><tr><td>e</table><img src=\"/f.png\">",
        links.concat()
    );
    let html = article::harmless(&html, &base);
    let blocks = Blocks::read(&html);
    let _ = looks_truncated(&blocks.plain(), 1);
    let collected = source::collect(&Subject {
        html: &html,
        url: &base,
        feed_site: None,
        feed_url: None,
        fields: &FieldLinks::default(),
        extracted: false,
        boilerplate: &[],
    });
    let _ = blocks.lay_out(&LayOut {
        width: 72,
        numbers: &collected.numbers,
        pictures: &[],
    });
    // There is no such entry, and no such source: only the statements are made.
    let (none, keys) = (EntryId(0), [String::new()]);
    let _ = reader.entry(none);
    let _ = reader.cards(&keys);
    let _ = reader.more_on(none);
    let _ = reader.not_sources();
}

impl Text {
    /// Its address, unless neither it nor its feed has one.
    fn address(&self) -> Option<&str> {
        let url = self.copy.as_ref().unwrap_or(&self.url);
        (*url != nowhere()).then_some(url.as_str())
    }

    fn about(&self) -> About<'_> {
        About {
            title: &self.title,
            site: &self.site,
            byline: &self.byline,
            published: self.published,
            language: self.language.as_deref(),
            url: self.address(),
            html: &self.html,
        }
    }
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
    /// What `html` becomes, where that is known already.
    blocks: Option<Blocks>,
    tags: Vec<SafeText>,
    note: Option<SafeText>,
    place: Option<usize>,
    truncated: bool,
    /// `html` is the beginning only.
    partial: bool,
    whole_page: bool,
    wall: Option<SafeText>,
    /// The archive's copy that this is.
    copy: Option<Url>,
    fields: FieldLinks,
    feed_site: Option<Url>,
    feed_url: Option<Url>,
    boilerplate: Vec<String>,
    left_out_hosts: Vec<(String, Option<Role>)>,
    comments_url: Option<String>,
}

/// What there is of a target before anything is laid out.
enum Found {
    Text(Box<Text>),
    Fetch { key: String, url: String },
    Not(SafeText),
}

/// Reads a target. Pure but for the questions to the store.
pub fn build(
    reader: &Reader,
    target: &Target,
    whole_page: bool,
    extent: Extent,
) -> Result<Built, StoreError> {
    Ok(match find(reader, target, whole_page, extent)? {
        Found::Text(text) => Built::Ready(Box::new(prepare(reader, *text, extent)?)),
        Found::Fetch { key, url } => Built::Fetch { key, url },
        Found::Not(why) => Built::Not(why),
    })
}

/// An article as a document of its own, to be kept; `None`: its text is not here.
pub fn document(
    reader: &Reader,
    target: &Target,
    whole_page: bool,
    form: Form,
) -> Result<Option<String>, StoreError> {
    Ok(match find(reader, target, whole_page, Extent::Whole)? {
        Found::Text(text) => Some(super::document::write(&text.about(), form)),
        Found::Fetch { .. } | Found::Not(_) => None,
    })
}

fn find(
    reader: &Reader,
    target: &Target,
    whole_page: bool,
    extent: Extent,
) -> Result<Found, StoreError> {
    let text = |text| Ok(Found::Text(Box::new(text)));
    match target {
        Target::Entry(id) => {
            let Some(entry) = reader.entry(*id)? else {
                return Ok(Found::Not(SafeText::line("this entry is no longer there")));
            };
            let whole_page = whole_page || entry.full_text;
            if whole_page
                && !entry.entry.key.is_empty()
                && let Some(url) = &entry.entry.url
            {
                return match reader.page(&entry.entry.key)? {
                    Some(page) if page.html.is_some() => text(of_entry_page(target, &entry, &page)),
                    _ => Ok(Found::Fetch {
                        key: entry.entry.key.clone(),
                        url: url.clone(),
                    }),
                };
            }
            text(of_entry(target, &entry, extent))
        }
        Target::Page { key, url } => {
            if let Some(page) = reader.page(key)?
                && page.html.is_some()
            {
                return text(of_page(target, &page, url));
            }
            // An entry of a feed of the reader's is its own page: no request at all.
            if let Some(id) = reader.entry_of_key(key)?
                && let Some(entry) = reader.entry(id)?
            {
                let read = of_entry(target, &entry, extent);
                if !read.truncated {
                    return text(read);
                }
            }
            Ok(Found::Fetch {
                key: key.clone(),
                url: url.clone(),
            })
        }
    }
}

fn web(text: Option<&str>) -> Option<Url> {
    text.and_then(|text| Url::parse(text).ok())
}

fn nowhere() -> Url {
    Url::parse("http://nowhere.invalid/").expect("this is an address")
}

fn of_entry(target: &Target, full: &FullEntry, extent: Extent) -> Text {
    let entry = &full.entry;
    let url = web(entry.url.as_deref())
        .or_else(|| web(Some(&full.feed_url)))
        .unwrap_or_else(nowhere);
    // Making the whole of a long text harmless takes longer than a first screen may.
    let beginning = beginning(&entry.html, extent);
    let html = article::harmless(beginning.unwrap_or(&entry.html), &url);
    let blocks = Blocks::read(&html);
    let plain = blocks.plain();
    let words = article::words_in(&plain);
    Text {
        target: target.clone(),
        title: entry.title.clone(),
        site: full.feed_title.clone(),
        byline: entry.authors.clone(),
        published: entry.published,
        language: entry.language.clone(),
        words: match beginning {
            Some(part) => words * entry.html.len() / part.len().max(1),
            None => words,
        },
        truncated: beginning.is_none() && looks_truncated(&plain, words) && entry.url.is_some(),
        partial: beginning.is_some(),
        html,
        blocks: Some(blocks),
        url,
        tags: full.tags.clone(),
        note: full.note.clone(),
        place: full.place,
        whole_page: false,
        wall: None,
        copy: None,
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
    text.place = full.place;
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
    // What a copy cites and what is its own site go by the page that it is a copy of.
    let (url, copy) = match address::original(&url) {
        Some(original) => (original, Some(url)),
        None => (url, None),
    };
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
        blocks: None,
        url,
        tags: Vec::new(),
        note: None,
        place: None,
        truncated: false,
        partial: false,
        whole_page: true,
        wall: card.wall.map(in_words),
        copy,
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

/// Whose copy it is, and of when.
fn whose_copy(copy: &Url) -> SafeText {
    let year = address::year(copy).map_or_else(String::new, |year| format!(", taken in {year}"));
    let host = copy.host_str().unwrap_or_default();
    SafeText::line(&format!("A copy kept by {host}{year}."))
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

/// The beginning of long HTML, where only that is asked for.
fn beginning(html: &str, extent: Extent) -> Option<&str> {
    if extent == Extent::Whole || html.len() <= 2 * FIRST {
        return None;
    }
    text::beginning(html, FIRST)
}

fn prepare(reader: &Reader, mut text: Text, extent: Extent) -> Result<Prepared, StoreError> {
    if let Some(part) = beginning(&text.html, extent) {
        text.html = part.to_owned();
        text.blocks = None;
        text.partial = true;
    }
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
    let blocks = text
        .blocks
        .take()
        .unwrap_or_else(|| Blocks::read(&text.html));
    let keys: Vec<String> = collected
        .sources
        .iter()
        .map(|source| source.key.clone())
        .collect();
    let cards = reader.cards(&keys)?;
    let more = match &text.target {
        Target::Entry(id) => reader.more_on(*id)?,
        Target::Page { .. } => None,
    };
    let (sources, anchors) = rows(&collected, &cards, &text.left_out_hosts);
    let address = text.address().map(str::to_owned);
    let view = ArticleView {
        images: pictures(&blocks, &text.url),
        image_sizes: blocks.images().iter().map(|(_, size)| *size).collect(),
        place: text.place,
        target: text.target,
        title: text.title,
        site: text.site,
        byline: text.byline,
        published: text.published,
        language: text.language,
        words: text.words,
        url: address,
        tags: text.tags,
        note: text.note,
        links: addresses(&collected),
        lines: Lines::default(),
        partial: text.partial,
        sources,
        anchors,
        truncated: text.truncated,
        whole_page: text.whole_page,
        wall: text.wall,
        archived: text.copy.as_ref().map(whose_copy),
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
        more,
    };
    Ok(Prepared {
        view,
        blocks,
        numbers: collected.numbers,
        weight: text.html.len(),
    })
}

/// For each image its address; empty where nothing may be fetched.
fn pictures(blocks: &Blocks, base: &Url) -> Vec<String> {
    let absolute = |(source, _): &(String, (u32, u32))| {
        let url = base
            .join(source.trim())
            .ok()
            .filter(|url| !source.trim().is_empty() && matches!(url.scheme(), "http" | "https"));
        url.map_or_else(String::new, String::from)
    };
    blocks.images().iter().map(absolute).collect()
}

/// Where each anchor stands in the text.
fn offsets(lines: &Lines) -> HashMap<u32, usize> {
    let mut offsets: HashMap<u32, usize> = HashMap::new();
    for line in &lines.lines {
        for span in &line.spans {
            if let Some(link) = span.link {
                offsets.entry(link).or_insert(line.offset);
            }
        }
    }
    offsets
}

/// For each anchor of the text its address, for hyperlinks; empty where nothing may be opened.
fn addresses(collected: &Collected) -> Vec<String> {
    let mut links = vec![String::new(); collected.numbers.len()];
    for source in &collected.sources {
        for anchor in &source.anchors {
            if let Some(link) = links.get_mut(*anchor as usize) {
                *link = if source.archived {
                    source.url.to_string()
                } else {
                    source.display.to_string()
                };
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
    not_sources: &[(String, Option<Role>)],
) -> (Vec<SourceRow>, Vec<Option<u32>>) {
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
                // Found when it is laid out.
                offset: None,
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
