//! What feed-rs does not tell of a feed: the fields that it does not know, and those that it reads wrongly or
//! refuses the whole feed for.

use super::dates;
use super::entry::Enclosure;
use super::markup;
use super::mend::{Leaf, Verdict};
use super::repairs::{Repair, Repairs};
use super::vocabulary::Vocabulary;
use super::xml::{Attributes, Token, Tokens, split_prefix};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use url::Url;

/// A text, and whether it is HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) html: bool,
}

impl Written {
    pub(super) fn html(text: impl Into<String>) -> Written {
        Written {
            text: text.into(),
            html: true,
        }
    }

    pub(super) fn plain(text: impl Into<String>) -> Written {
        Written {
            text: text.into(),
            html: false,
        }
    }

    /// As HTML; `None` if there is nothing in it.
    pub(super) fn into_html(self) -> Option<String> {
        if self.text.trim().is_empty() {
            return None;
        }
        Some(if self.html {
            self.text
        } else {
            markup::escape(&self.text)
        })
    }
}

/// Lists of one entry hold no more than this.
const MOST: usize = 200;

/// What is said of an entry beside what feed-rs reads.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// Where there is no GUID: `rdf:about`, `dc:identifier`.
    pub(super) guid: Option<String>,
    pub(super) permalink: Option<bool>,
    pub(super) original: Option<String>,
    /// Instead of what feed-rs has, or where it has none.
    pub(super) link: Option<String>,
    pub(super) title: Option<Written>,
    pub(super) summary: Option<Written>,
    pub(super) content: Option<Written>,
    /// Where nothing better is said: `dc:title`, `media:title` …
    pub(super) other_title: Option<Written>,
    pub(super) other_summary: Option<Written>,
    /// `other_summary` stands beside `description` with the same right.
    pub(super) two_summaries: bool,
    pub(super) authors: Vec<String>,
    /// `itunes:author`, if there is no other.
    pub(super) other_author: Option<String>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
    /// A date of which it is not said what it is.
    pub(super) date: Option<DateTime<Utc>>,
    pub(super) categories: Vec<String>,
    pub(super) enclosures: Vec<Enclosure>,
    /// Sound and video of `media:`, if there is no enclosure.
    pub(super) media: Vec<Enclosure>,
    pub(super) image: Option<String>,
    pub(super) comments: Option<String>,
    pub(super) replies: Option<u32>,
    pub(super) via: Vec<String>,
    pub(super) related: Vec<String>,
    /// Where the feed names one, the base of the entry, and of the one text or the other.
    pub(super) base: Option<Url>,
    pub(super) summary_base: Option<Url>,
    pub(super) content_base: Option<Url>,
    pub(super) language: Option<String>,
}

/// What is said of a feed beside what feed-rs reads.
#[derive(Debug, Default)]
pub(super) struct FeedExtra {
    pub(super) title: Option<Written>,
    pub(super) description: Option<Written>,
    pub(super) other_title: Option<Written>,
    pub(super) other_description: Option<Written>,
    pub(super) link: Option<String>,
    pub(super) language: Option<String>,
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) icon: Option<String>,
    pub(super) logo: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) ttl_minutes: Option<u64>,
    pub(super) period: Option<u64>,
    pub(super) frequency: Option<u64>,
    pub(super) skip_hours: Vec<u8>,
    pub(super) hub: Option<String>,
    pub(super) own: Option<String>,
}

/// Whether an element of an entry means anything to us or to feed-rs, so that it is read to its end at once.
pub(super) fn is_entry_field(vocabulary: Vocabulary, local: &str) -> bool {
    match vocabulary {
        Vocabulary::Core => matches!(
            local,
            "title"
                | "link"
                | "description"
                | "summary"
                | "author"
                | "category"
                | "guid"
                | "id"
                | "enclosure"
                | "pubdate"
                | "published"
                | "issued"
                | "created"
                | "updated"
                | "modified"
                | "date"
                | "comments"
                | "source"
                | "content"
                | "body"
                | "fullitem"
                | "encoded"
                | "image"
                | "thumbnail"
                | "rights"
                | "contributor"
                | "generator"
                | "tags"
                | "lastbuilddate"
                | "abstract"
                | "creator"
                | "name"
                | "copyright"
                | "uri"
                | "url"
                | "tagline"
                | "subject"
        ),
        Vocabulary::Syndication | Vocabulary::Rdf | Vocabulary::Other => false,
        Vocabulary::Xhtml => matches!(local, "body" | "div"),
        Vocabulary::Threads => matches!(local, "total" | "in-reply-to"),
        _ => true,
    }
}

/// The same for a channel.
pub(super) fn is_feed_field(vocabulary: Vocabulary, local: &str) -> bool {
    match vocabulary {
        Vocabulary::Core => matches!(
            local,
            "title"
                | "link"
                | "description"
                | "subtitle"
                | "tagline"
                | "abstract"
                | "language"
                | "pubdate"
                | "lastbuilddate"
                | "updated"
                | "modified"
                | "ttl"
                | "image"
                | "icon"
                | "logo"
                | "skiphours"
                | "managingeditor"
                | "webmaster"
                | "author"
                | "contributor"
                | "rights"
                | "copyright"
                | "generator"
                | "category"
                | "id"
                | "info"
                | "url"
                | "name"
                | "issued"
                | "created"
                | "published"
        ),
        Vocabulary::Atom
        | Vocabulary::DublinCore
        | Vocabulary::Terms
        | Vocabulary::Itunes
        | Vocabulary::Podcast
        | Vocabulary::Media
        | Vocabulary::Syndication => true,
        _ => false,
    }
}

impl Leaf<'_> {
    /// The value of an attribute, trimmed, if it is there and not empty.
    fn attribute(&self, name: &str) -> Option<String> {
        attribute(self.attributes, name)
    }

    /// Its text, entities resolved, tags dropped.
    fn text(&self) -> String {
        if self.markup {
            return markup::plain(&markup::from_xml(self.inner))
                .trim()
                .to_owned();
        }
        character_data(self.inner)
    }

    /// Its text, if there is any, trimmed.
    fn some_text(&self) -> Option<String> {
        let text = self.text();
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// HTML, written with or without escaping.
    fn html(&self) -> Written {
        if self.markup {
            Written::html(markup::from_xml(self.inner).trim())
        } else {
            Written::html(self.text())
        }
    }

    fn date(&self, repairs: &mut Repairs) -> Option<DateTime<Utc>> {
        let text = self.some_text()?;
        let date = dates::parse(&text);
        if date.is_none() {
            repairs.add(Repair::Dates);
        }
        date
    }

    /// A text of Atom that feed-rs can't be trusted with; `None` if it can.
    fn construct(&self, repairs: &mut Repairs) -> Option<Written> {
        let kind =
            Attributes::get(self.attributes, "type").map(|kind| kind.trim().to_ascii_lowercase());
        let written_kind = Attributes::get(self.attributes, "type");
        let mode = self.attribute("mode").map(|mode| mode.to_ascii_lowercase());
        let known = matches!(
            written_kind.as_deref(),
            None | Some("text" | "html" | "text/html")
        );
        if !self.markup && mode.is_none() && known && self.attribute("src").is_none() {
            return None;
        }
        let kind = kind.unwrap_or_default();
        let is_html = kind.contains("html");
        let is_text = matches!(kind.as_str(), "text" | "text/plain" | "plain")
            || (kind.is_empty() && written_kind.is_none());
        if self.markup {
            if is_text || kind == "html" {
                repairs.add(Repair::Markup);
            }
            let html = markup::from_xml(self.inner);
            return Some(Written::html(without_div(html.trim())));
        }
        let text = self.text();
        let is_binary = mode.as_deref() == Some("base64")
            || (!is_html
                && !is_text
                && kind.contains('/')
                && !kind.starts_with("text/")
                && !kind.ends_with("xml"));
        if is_binary && let Some(decoded) = base64(&text) {
            return Some(Written {
                html: is_html || markup::looks_like_html(&decoded),
                text: decoded,
            });
        }
        if is_text {
            return Some(Written::plain(text));
        }
        if kind.contains("xhtml") {
            return Some(Written::plain(text));
        }
        if is_html {
            return Some(Written::html(text));
        }
        repairs.add(Repair::TextType);
        Some(Written {
            html: markup::looks_like_html(&text),
            text,
        })
    }

    /// The name of a person, as Atom or as RSS writes it.
    fn person(&self) -> Option<String> {
        if self.markup {
            let (mut name, mut email) = (None, None);
            let mut open = "";
            for (token, _) in Tokens::new(self.inner) {
                match token {
                    Token::Start { name, closed, .. } => {
                        open = if closed { "" } else { split_prefix(name).1 }
                    }
                    Token::End { .. } => open = "",
                    Token::Text(text) => match open {
                        "name" => push_text(&mut name, &super::entities::decode(text)),
                        "email" => push_text(&mut email, &super::entities::decode(text)),
                        _ => {}
                    },
                    Token::CData { text, .. } => match open {
                        "name" => push_text(&mut name, text),
                        "email" => push_text(&mut email, text),
                        _ => {}
                    },
                    _ => {}
                }
            }
            return name
                .filter(|name| !name.trim().is_empty())
                .or(email)
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .or_else(|| self.some_text());
        }
        person(&self.some_text()?)
    }
}

fn push_text(place: &mut Option<String>, text: &str) {
    place.get_or_insert_default().push_str(text);
}

/// The name in `name <a@b>`, `a@b (name)`, `a@b`.
pub(super) fn person(text: &str) -> Option<String> {
    let text = text.trim();
    let quotes: &[char] = &['"', '\'', ' ', ',', ';'];
    let name = if let Some((before, after)) = text.split_once('(')
        && before.contains('@')
        && let Some((inner, _)) = after.rsplit_once(')')
    {
        inner
    } else if let Some((before, after)) = text.split_once('<')
        && after.contains('@')
    {
        if before.trim_matches(quotes).is_empty() {
            after.trim_end_matches('>')
        } else {
            before
        }
    } else if let Some((before, after)) = text.split_once('(')
        && after.contains('@')
    {
        before
    } else {
        // `a@b.org Name`
        match text.split_once(char::is_whitespace) {
            Some((first, rest)) if first.contains('@') && !rest.trim().is_empty() => rest,
            _ => text,
        }
    };
    let name = name.trim_matches(quotes);
    let name = if name.is_empty() { text } else { name };
    let name = name.strip_prefix("mailto:").unwrap_or(name);
    (!name.is_empty()).then(|| markup::plain(name).trim().to_owned())
}

/// Text and CDATA, entities of the first resolved.
fn character_data(inner: &str) -> String {
    if !inner.contains('<') {
        return super::entities::decode(inner).into_owned();
    }
    let mut out = String::with_capacity(inner.len());
    for (token, _) in Tokens::new(inner) {
        match token {
            Token::Text(text) => out.push_str(&super::entities::decode(text)),
            Token::CData { text, .. } => out.push_str(text),
            _ => {}
        }
    }
    out
}

pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let value = Attributes::get(attributes, name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// XHTML without the one `div` that Atom puts around it.
fn without_div(html: &str) -> &str {
    let inner = || {
        let rest = html.strip_prefix("<div")?;
        if !rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()) {
            return None;
        }
        let inner = rest.split_once('>')?.1.strip_suffix("</div>")?;
        // The last end tag is the first one's only if nothing closes before.
        let mut depth = 0_i32;
        for (token, _) in Tokens::new(inner) {
            match token {
                Token::Start {
                    name: "div",
                    closed: false,
                    ..
                } => depth += 1,
                Token::End { name: "div" } => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return None;
            }
        }
        Some(inner.trim())
    };
    inner().unwrap_or(html)
}

/// Text in base64, which Atom 0.3 and odd types use.
fn base64(text: &str) -> Option<String> {
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let bytes = data_encoding::BASE64.decode(&packed).ok()?;
    String::from_utf8(bytes).ok()
}

impl Extra {
    /// What the start tag of an entry says.
    pub(super) fn of_tag(attributes: &str) -> Extra {
        if attributes.is_empty() {
            return Extra::default();
        }
        Extra {
            guid: attribute(attributes, "rdf:about"),
            // Netscape's channel format had it here.
            link: attribute(attributes, "href"),
            updated: attribute(attributes, "lastmod").and_then(|date| dates::parse(&date)),
            language: attribute(attributes, "xml:lang"),
            ..Extra::default()
        }
    }

    /// Reads an element of the entry.
    pub(super) fn read(&mut self, leaf: &Leaf<'_>, atom: bool, repairs: &mut Repairs) -> Verdict {
        let local = leaf.local.as_ref();
        match leaf.vocabulary {
            Vocabulary::Core if atom => return self.read_atom(leaf, repairs),
            Vocabulary::Core => return self.read_rss(leaf, repairs),
            Vocabulary::Atom => return self.read_atom_in_rss(leaf, repairs),
            Vocabulary::Content => {
                if local == "encoded" {
                    if !leaf.markup && !atom {
                        self.content_base.clone_from(&leaf.base);
                        return Verdict::Keep;
                    }
                    if leaf.markup {
                        repairs.add(Repair::Markup);
                    }
                    self.set_content(leaf, leaf.html());
                }
            }
            Vocabulary::DublinCore => self.read_dublin(leaf, repairs),
            Vocabulary::Terms => match local {
                "created" | "issued" | "available" => {
                    self.published = self.published.or(leaf.date(repairs));
                }
                "modified" => self.updated = leaf.date(repairs).or(self.updated),
                "references" | "source" => self.add_via(leaf),
                _ => return Verdict::Take,
            },
            Vocabulary::Media => self.read_media(leaf),
            Vocabulary::Itunes => match local {
                "author" => self.other_author = leaf.some_text().or(self.other_author.take()),
                "image" => set(
                    &mut self.image,
                    leaf.attribute("href").or_else(|| leaf.some_text()),
                ),
                "title" => set(&mut self.other_title, leaf.some_text().map(Written::plain)),
                "keywords" => self.add_keywords(leaf),
                "category" => self.add_itunes_categories(leaf),
                "summary" | "subtitle" if (local == "summary" || self.other_summary.is_none()) => {
                    self.other_summary = Some(leaf.html());
                }
                _ => {}
            },
            Vocabulary::Comments => {
                if local == "comment" {
                    return Verdict::Take;
                }
                return if leaf.markup {
                    Verdict::Take
                } else {
                    Verdict::Keep
                };
            }
            Vocabulary::Slash => {
                if local == "comments" {
                    self.replies = leaf
                        .some_text()
                        .and_then(|n| n.parse().ok())
                        .or(self.replies);
                }
            }
            Vocabulary::Threads => {
                if local == "total" {
                    self.replies = leaf
                        .some_text()
                        .and_then(|n| n.parse().ok())
                        .or(self.replies);
                } else if let Some(address) = leaf.attribute("href") {
                    push(&mut self.related, address);
                }
            }
            Vocabulary::FeedBurner => {
                if local == "origlink" {
                    self.original = leaf.some_text().or(self.original.take());
                }
            }
            Vocabulary::Xhtml => self.set_content(leaf, leaf.html()),
            Vocabulary::Podcast | Vocabulary::Syndication | Vocabulary::Rdf | Vocabulary::Other => {
            }
        }
        Verdict::Take
    }

    fn set_content(&mut self, leaf: &Leaf<'_>, content: Written) {
        if content.text.trim().is_empty() {
            return;
        }
        self.content_base.clone_from(&leaf.base);
        self.content = Some(content);
    }

    fn set_summary(&mut self, leaf: &Leaf<'_>, summary: Written) {
        self.summary_base.clone_from(&leaf.base);
        self.summary = Some(summary);
    }

    /// Words parted by commas.
    fn add_keywords(&mut self, leaf: &Leaf<'_>) {
        for word in leaf.text().split(',') {
            let word = word.trim();
            if !word.is_empty() {
                push(&mut self.categories, word.to_owned());
            }
        }
    }

    /// The `text` of an `itunes:category` and of those within it.
    fn add_itunes_categories(&mut self, leaf: &Leaf<'_>) {
        self.categories.extend(leaf.attribute("text"));
        for (token, _) in Tokens::new(leaf.inner).take(MOST) {
            if let Token::Start { attributes, .. } = token
                && let Some(text) = attribute(attributes, "text")
            {
                push(&mut self.categories, text);
            }
        }
    }

    fn add_via(&mut self, leaf: &Leaf<'_>) {
        if let Some(address) = leaf
            .attribute("url")
            .or_else(|| leaf.attribute("rdf:resource"))
            .or_else(|| leaf.some_text())
            .filter(|address| address.starts_with("http"))
        {
            push(&mut self.via, address);
        }
    }

    fn read_rss(&mut self, leaf: &Leaf<'_>, repairs: &mut Repairs) -> Verdict {
        match leaf.local.as_ref() {
            "title" => {
                if !leaf.markup {
                    return Verdict::Keep;
                }
                repairs.add(Repair::Markup);
                self.title = Some(leaf.html());
            }
            "link" => match leaf.some_text() {
                Some(text) if leaf.markup => set(&mut self.link, Some(text)),
                Some(text) => match hidden_host(&text) {
                    Some(address) => set(&mut self.link, Some(address)),
                    None => return Verdict::Keep,
                },
                None => {
                    let alternate = leaf.attribute("rel").is_none_or(|rel| rel == "alternate");
                    if alternate {
                        set(
                            &mut self.link,
                            leaf.attribute("href")
                                .or_else(|| leaf.attribute("rdf:resource")),
                        );
                    }
                }
            },
            "url" | "uri" => set(&mut self.link, leaf.some_text()),
            "description" => {
                if !leaf.markup {
                    self.summary_base.clone_from(&leaf.base);
                    return Verdict::Keep;
                }
                repairs.add(Repair::Markup);
                self.set_summary(leaf, leaf.html());
            }
            "summary" | "tagline" | "abstract" => {
                self.other_summary = Some(leaf.html());
                self.two_summaries = true;
            }
            "content" | "body" | "fullitem" | "encoded" => self.set_content(leaf, leaf.html()),
            "author" | "creator" | "name" => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            "tags" => self.add_keywords(leaf),
            "category" | "subject" => {
                if !leaf.markup && leaf.local == "category" && !leaf.inner.trim().is_empty() {
                    return Verdict::Keep;
                }
                let text = leaf
                    .some_text()
                    .or_else(|| leaf.attribute("term"))
                    .or_else(|| leaf.attribute("text"));
                if let Some(text) = text {
                    push(&mut self.categories, text);
                }
            }
            "guid" => {
                self.permalink = leaf
                    .attribute("ispermalink")
                    .map(|said| !said.eq_ignore_ascii_case("false"));
                if !leaf.markup {
                    return Verdict::Keep;
                }
                self.guid = leaf.some_text();
            }
            "id" => set(&mut self.guid, leaf.some_text()),
            "enclosure" => self.add_enclosure(leaf),
            "pubdate" => {
                // feed-rs keeps the last of the dates, whatever is in it.
                self.published = leaf.date(repairs).or(self.published);
                return Verdict::Take;
            }
            "published" | "issued" | "created" => {
                self.published = self.published.or(leaf.date(repairs));
            }
            "updated" | "modified" | "lastbuilddate" => {
                self.updated = leaf.date(repairs).or(self.updated);
            }
            "date" => self.date = leaf.date(repairs).or(self.date),
            "comments" => set(&mut self.comments, leaf.some_text()),
            "source" => self.add_via(leaf),
            "image" | "thumbnail" => {
                let address = leaf
                    .attribute("url")
                    .or_else(|| leaf.attribute("href"))
                    .or_else(|| inner_text(leaf.inner, "url"))
                    .or_else(|| leaf.some_text().filter(|_| !leaf.markup));
                set(&mut self.image, address);
            }
            _ => {}
        }
        Verdict::Take
    }

    fn read_atom(&mut self, leaf: &Leaf<'_>, repairs: &mut Repairs) -> Verdict {
        match leaf.local.as_ref() {
            "title" => match leaf.construct(repairs) {
                Some(title) => self.title = Some(title),
                None => return Verdict::Keep,
            },
            "summary" | "description" | "tagline" => match leaf.construct(repairs) {
                Some(summary) => self.set_summary(leaf, summary),
                None if leaf.local == "summary" => {
                    self.summary_base.clone_from(&leaf.base);
                    return Verdict::Keep;
                }
                None => self.set_summary(leaf, leaf.html()),
            },
            "content" => {
                if let Some(source) = leaf.attribute("src") {
                    let kind = leaf.attribute("type");
                    set(&mut self.link, Some(source.clone()));
                    if kind.as_deref().is_some_and(|k| !k.contains("html")) {
                        push(
                            &mut self.enclosures,
                            Enclosure {
                                url: source,
                                kind,
                                length: None,
                            },
                        );
                    }
                    return Verdict::Take;
                }
                if let Some(content) = leaf.construct(repairs) {
                    self.set_content(leaf, content);
                } else {
                    self.content_base.clone_from(&leaf.base);
                    if let Some(language) = leaf.attribute("xml:lang") {
                        self.language = Some(language);
                    }
                    return Verdict::Keep;
                }
            }
            "id" if !leaf.markup => return Verdict::Keep,
            "id" | "guid" => set(&mut self.guid, leaf.some_text()),
            "link" => {
                if leaf.attribute("href").is_none() {
                    set(&mut self.link, leaf.some_text());
                    return Verdict::Take;
                }
                if leaf.attribute("rel").as_deref() == Some("replies") {
                    self.replies = leaf
                        .attribute("thr:count")
                        .and_then(|n| n.parse().ok())
                        .or(self.replies);
                }
                if leaf.markup {
                    return Verdict::Take;
                }
                return Verdict::Keep;
            }
            "category" => {
                if leaf.attribute("term").is_some()
                    && leaf.attribute("label").is_none()
                    && !leaf.markup
                {
                    return Verdict::Keep;
                }
                // The label is what the term is called where people read it; both, so that a search finds either.
                let said = [leaf.attribute("label"), leaf.attribute("term")];
                for text in said.into_iter().flatten() {
                    push(&mut self.categories, text);
                }
                if let Some(text) = leaf.some_text() {
                    push(&mut self.categories, text);
                }
            }
            "author" | "creator" => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            "published" | "issued" | "pubdate" => {
                self.published = leaf.date(repairs).or(self.published);
            }
            "created" => self.date = leaf.date(repairs).or(self.date),
            "updated" | "modified" => self.updated = leaf.date(repairs).or(self.updated),
            "source" => {
                for (token, _) in Tokens::new(leaf.inner) {
                    if let Token::Start {
                        name, attributes, ..
                    } = token
                        && split_prefix(name).1 == "link"
                        && attribute(attributes, "rel").is_none_or(|rel| rel == "alternate")
                        && let Some(address) = attribute(attributes, "href")
                    {
                        push(&mut self.via, address);
                        break;
                    }
                }
            }
            "enclosure" => self.add_enclosure(leaf),
            "comments" => set(&mut self.comments, leaf.some_text()),
            _ => {}
        }
        Verdict::Take
    }

    fn read_atom_in_rss(&mut self, leaf: &Leaf<'_>, repairs: &mut Repairs) -> Verdict {
        match leaf.local.as_ref() {
            "link" => {
                let Some(address) = leaf.attribute("href") else {
                    return Verdict::Take;
                };
                match leaf.attribute("rel").as_deref() {
                    None | Some("alternate") => set(&mut self.link, Some(address)),
                    Some("via") => push(&mut self.via, address),
                    Some("related") => push(&mut self.related, address),
                    Some("replies")
                        if leaf
                            .attribute("type")
                            .is_none_or(|kind| kind.contains("html")) =>
                    {
                        set(&mut self.comments, Some(address));
                    }
                    Some("enclosure") => self.add_enclosure(leaf),
                    _ => {}
                }
            }
            "title" => {
                self.other_title = Some(leaf.construct(repairs).unwrap_or_else(|| leaf.html()));
            }
            "summary" => {
                self.other_summary = Some(leaf.construct(repairs).unwrap_or_else(|| leaf.html()));
            }
            "content" => {
                let content = leaf.construct(repairs).unwrap_or_else(|| leaf.html());
                self.set_content(leaf, content);
            }
            "id" => set(&mut self.guid, leaf.some_text()),
            "author" => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            "published" => self.published = self.published.or(leaf.date(repairs)),
            "updated" => self.updated = leaf.date(repairs).or(self.updated),
            "category" => {
                if let Some(term) = leaf.attribute("term") {
                    push(&mut self.categories, term);
                }
            }
            _ => {}
        }
        Verdict::Take
    }

    fn read_dublin(&mut self, leaf: &Leaf<'_>, repairs: &mut Repairs) {
        match leaf.local.as_ref() {
            "title" => self.other_title = Some(leaf.html()),
            "creator" | "author" => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            "date" => self.date = leaf.date(repairs).or(self.date),
            "subject" => {
                if let Some(text) = leaf.some_text() {
                    push(&mut self.categories, text);
                }
            }
            "description" => self.other_summary = Some(leaf.html()),
            "identifier" => set(&mut self.guid, leaf.some_text()),
            "source" => self.add_via(leaf),
            "language" => set(&mut self.language, leaf.some_text()),
            _ => {}
        }
    }

    fn add_enclosure(&mut self, leaf: &Leaf<'_>) {
        let address = leaf
            .attribute("url")
            .or_else(|| leaf.attribute("href"))
            .or_else(|| leaf.attribute("rdf:resource"))
            .or_else(|| leaf.some_text());
        if let Some(url) = address {
            let enclosure = Enclosure {
                url,
                kind: leaf.attribute("type"),
                length: leaf.attribute("length").and_then(|n| n.parse().ok()),
            };
            push(&mut self.enclosures, enclosure);
        }
    }

    /// `media:group` and what may stand in it or alone.
    fn read_media(&mut self, leaf: &Leaf<'_>) {
        self.media_tag(&leaf.local, leaf.attributes);
        let mut open = leaf.local.clone();
        let mut text = String::new();
        for (token, _) in Tokens::new(leaf.inner) {
            match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => {
                    let local = split_prefix(name).1;
                    self.media_tag(local, attributes);
                    if !closed {
                        open = Cow::Owned(local.to_ascii_lowercase());
                        text.clear();
                    }
                }
                Token::Text(piece) => text.push_str(&super::entities::decode(piece)),
                Token::CData { text: piece, .. } => text.push_str(piece),
                Token::End { .. } => {
                    self.media_text(&open, &text);
                    open = Cow::Borrowed("");
                    text.clear();
                }
                _ => {}
            }
        }
        self.media_text(&open, &text);
    }

    fn media_text(&mut self, local: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match local {
            "title" => set(&mut self.other_title, Some(Written::html(text.trim()))),
            "category" => push(&mut self.categories, text.trim().to_owned()),
            "description" => {
                let html = markup::looks_like_html(text);
                let text = text.trim();
                // Video channels write paragraphs with line ends.
                let written = if html {
                    Written::html(text)
                } else {
                    Written::html(paragraphs(text))
                };
                set(&mut self.other_summary, Some(written));
            }
            _ => {}
        }
    }

    fn media_tag(&mut self, local: &str, attributes: &str) {
        let is = |name: &str| local.eq_ignore_ascii_case(name);
        if !is("content") && !is("thumbnail") {
            return;
        }
        let Some(url) = attribute(attributes, "url") else {
            return;
        };
        let kind = attribute(attributes, "type");
        let medium = attribute(attributes, "medium");
        let begins = |with: &str| kind.as_deref().is_some_and(|kind| kind.starts_with(with));
        if is("thumbnail") || begins("image/") || medium.as_deref() == Some("image") {
            set(&mut self.image, Some(url));
        } else if begins("audio/")
            || begins("video/")
            || medium.is_some_and(|m| m == "audio" || m == "video")
        {
            let enclosure = Enclosure {
                url,
                kind,
                length: attribute(attributes, "filesize").and_then(|n| n.parse().ok()),
            };
            push(&mut self.media, enclosure);
        }
    }
}

/// Lines of plain text as paragraphs of HTML.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        out.push_str("<p>");
        out.push_str(&markup::escape(paragraph.trim()).replace('\n', "<br>"));
        out.push_str("</p>");
    }
    out
}

/// The text of the first element of that name.
fn inner_text(inner: &str, name: &str) -> Option<String> {
    let mut inside = false;
    for (token, _) in Tokens::new(inner) {
        match token {
            Token::Start { name: found, .. } => {
                inside = split_prefix(found).1.eq_ignore_ascii_case(name);
            }
            Token::Text(text) if inside && !text.trim().is_empty() => {
                return Some(super::entities::decode(text.trim()).into_owned());
            }
            Token::CData { text, .. } if inside && !text.trim().is_empty() => {
                return Some(text.trim().to_owned());
            }
            Token::End { .. } => inside = false,
            _ => {}
        }
    }
    None
}

/// An address whose scheme was forgotten: `example.org/page`, where the first part can be nothing but a host.
///
/// A file name is no host, and many suffixes are domains too (`readme.md`): so a path must follow, or `www.` come first.
pub(super) fn hidden_host(text: &str) -> Option<String> {
    let (host, path) = text.split_once('/')?;
    if host.is_empty()
        || host.contains([':', '?', '#', '@', ' '])
        || !host.contains('.')
        || path.starts_with('/')
    {
        return None;
    }
    let is_host = host.starts_with("www.")
        || psl::suffix(host.as_bytes())
            .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes().len() < host.len());
    is_host.then(|| format!("https://{text}"))
}

/// The first one said stays.
fn set<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < MOST && !list.contains(&value) {
        list.push(value);
    }
}

impl FeedExtra {
    /// Reads an element of the channel.
    pub(super) fn read(&mut self, leaf: &Leaf<'_>, atom: bool, repairs: &mut Repairs) -> Verdict {
        let local = leaf.local.as_ref();
        match (leaf.vocabulary, local) {
            (Vocabulary::Core, "title") if atom => match leaf.construct(repairs) {
                Some(title) => self.title = Some(title),
                None => return Verdict::Keep,
            },
            (Vocabulary::Core, "subtitle" | "tagline" | "description" | "info") if atom => {
                match leaf.construct(repairs) {
                    Some(text) => set(&mut self.description, Some(text)),
                    None if local == "subtitle" => return Verdict::Keep,
                    None => set(&mut self.description, Some(leaf.html())),
                }
            }
            (Vocabulary::Core, "title" | "description") => {
                if !leaf.markup {
                    return Verdict::Keep;
                }
                repairs.add(Repair::Markup);
                let place = if local == "title" {
                    &mut self.title
                } else {
                    &mut self.description
                };
                *place = Some(leaf.html());
            }
            (Vocabulary::Core | Vocabulary::Atom, "link") => {
                if let Some(address) = leaf.attribute("href") {
                    match leaf.attribute("rel").as_deref() {
                        Some("hub") => set(&mut self.hub, Some(address)),
                        Some("self") => set(&mut self.own, Some(address)),
                        None | Some("alternate") if !atom => set(&mut self.link, Some(address)),
                        _ => {}
                    }
                    if atom && !leaf.markup {
                        return Verdict::Keep;
                    }
                } else if !leaf.markup && !leaf.inner.trim().is_empty() {
                    match hidden_host(&leaf.text()) {
                        Some(address) => set(&mut self.link, Some(address)),
                        None if atom => set(&mut self.link, leaf.some_text()),
                        None => return Verdict::Keep,
                    }
                } else {
                    set(&mut self.link, leaf.some_text());
                }
            }
            (Vocabulary::Core | Vocabulary::DublinCore, "language") => {
                self.language = leaf.some_text().or(self.language.take());
            }
            (Vocabulary::Core, "lastbuilddate" | "updated" | "modified") => {
                self.updated = leaf.date(repairs).or(self.updated);
            }
            (Vocabulary::Atom, "updated")
            | (Vocabulary::DublinCore, "date")
            | (Vocabulary::Terms, "modified") => {
                self.updated = self.updated.or(leaf.date(repairs));
            }
            (Vocabulary::Core, "pubdate") if !leaf.markup => return Verdict::Keep,
            (Vocabulary::Core, "ttl") => {
                self.ttl_minutes = leaf.some_text().and_then(|n| n.parse().ok());
            }
            (Vocabulary::Core, "image") => set(
                &mut self.logo,
                inner_text(leaf.inner, "url").or_else(|| leaf.attribute("href")),
            ),
            (Vocabulary::Core, "icon") => self.icon = leaf.some_text(),
            (Vocabulary::Core, "logo") => set(&mut self.logo, leaf.some_text()),
            (Vocabulary::Itunes, "summary") => self.other_description = Some(leaf.html()),
            (Vocabulary::Core, "abstract") => set(&mut self.description, Some(leaf.html())),
            (Vocabulary::Itunes, "image") => {
                set(&mut self.logo, leaf.attribute("href"));
            }
            (Vocabulary::Core, "skiphours") => {
                for (token, _) in Tokens::new(leaf.inner).take(200) {
                    if let Token::Text(text) = token
                        && let Ok(hour) = text.trim().parse::<u8>()
                        && hour <= 24
                    {
                        push(&mut self.skip_hours, hour % 24);
                    }
                }
            }
            (Vocabulary::Core, "author") | (Vocabulary::DublinCore, "creator" | "author") => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            (Vocabulary::Syndication, "updateperiod") => {
                self.period =
                    leaf.some_text()
                        .and_then(|word| match word.to_ascii_lowercase().as_str() {
                            "hourly" => Some(3_600),
                            "daily" => Some(86_400),
                            "weekly" => Some(7 * 86_400),
                            "monthly" => Some(30 * 86_400),
                            "yearly" => Some(365 * 86_400),
                            _ => None,
                        });
            }
            (Vocabulary::Syndication, "updatefrequency") => {
                self.frequency = leaf.some_text().and_then(|n| n.parse().ok());
            }
            (Vocabulary::DublinCore | Vocabulary::Atom, "title") => {
                self.other_title = Some(leaf.html());
            }
            (Vocabulary::Core, "category" | "id") if !leaf.markup => return Verdict::Keep,
            _ => {}
        }
        Verdict::Take
    }

    /// Seconds that the feed asks not to be visited again.
    pub(super) fn ttl(&self) -> Option<u64> {
        let minutes = self.ttl_minutes.filter(|minutes| *minutes > 0);
        minutes
            .map(|minutes| minutes.saturating_mul(60))
            .or_else(|| Some(self.period? / self.frequency.unwrap_or(1).max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_person(text: &str, expected: &str) {
        assert_eq!(person(text).as_deref(), Some(expected));
    }

    #[test]
    fn a_person_is_the_name_beside_the_address() {
        check_person("me@example.org (Ann Example)", "Ann Example");
        check_person("Ann Example <me@example.org>", "Ann Example");
        check_person("Ann Example (me@example.org)", "Ann Example");
        check_person("me@example.org Ann Example", "Ann Example");
        check_person("me@example.org", "me@example.org");
        check_person("mailto:me@example.org", "me@example.org");
        check_person("me@example.org\u{b7}Ünal", "me@example.org\u{b7}Ünal");
        check_person("<me@example.org>", "me@example.org");
    }

    #[test]
    fn a_host_without_its_scheme_is_found() {
        assert_eq!(
            hidden_host("example.org/page").as_deref(),
            Some("https://example.org/page")
        );
        assert_eq!(hidden_host("readme.md"), None);
        assert_eq!(hidden_host("notes/readme.md"), None);
        assert_eq!(hidden_host("/example.org/page"), None);
        assert_eq!(hidden_host("http://example.org/page"), None);
    }

    #[test]
    fn only_the_div_around_everything_goes() {
        assert_eq!(without_div("<div class='x'><p>a</p></div>"), "<p>a</p>");
        assert_eq!(
            without_div("<div>a</div><div>b</div>"),
            "<div>a</div><div>b</div>"
        );
        assert_eq!(without_div("<p>a</p>"), "<p>a</p>");
    }
}
