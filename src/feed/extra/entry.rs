//! Elements of an entry: those of RSS, of Atom, of Atom in RSS, and of Dublin Core.

use super::leaf::{attribute, hidden_host, inner_text};
use super::{Extra, MOST, Written, push, set};
use crate::feed::dates;
use crate::feed::entry::Enclosure;
use crate::feed::mend::{Leaf, Verdict};
use crate::feed::repairs::{Repair, Repairs};
use crate::feed::vocabulary::Vocabulary;
use crate::feed::xml::{Token, Tokens, split_prefix};

impl Extra {
    /// What the start tag of an entry says.
    pub(in crate::feed) fn of_tag(attributes: &str) -> Extra {
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
    pub(in crate::feed) fn read(
        &mut self,
        leaf: &Leaf<'_>,
        atom: bool,
        repairs: &mut Repairs,
    ) -> Verdict {
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
}
