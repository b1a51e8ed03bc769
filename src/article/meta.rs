//! What a page says of itself.
//!
//! Each field has an order of places where pages say it, best first; the orders were measured on several hundred pages.
//! What a page says is believed only as far as it can be: a canonical address on another site, a front page, a staging
//! host is none.

use super::jsonld::{self, JsonLd};
use super::title::{self, Cut};
use super::{Card, dates};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use dom_query::{Document, NodeRef};
use url::Url;

/// Longer descriptions are articles.
const MAX_DESCRIPTION: usize = 1000;
const MAX_TITLE: usize = 400;
/// The first paragraph that is long enough stands for a description.
const MIN_PARAGRAPH: usize = 80;

/// Names under which `meta` elements say a thing, best first.
const TITLES: &[&str] = &[
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "citation_title",
];
const DESCRIPTIONS: &[&str] = &[
    "og:description",
    "description",
    "twitter:description",
    "sailthru.description",
    "dc.description",
];
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dcterms.issued",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "article.published",
    "article_date_original",
    "og:pubdate",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "prism.publicationdate",
    "release_date",
    "created",
    "last-modified-date",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
];
const AUTHORS: &[&str] = &[
    "author",
    "parsely-author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "article:author_name",
    "byl",
    "cxenseparse:author",
];
const SITES: &[&str] = &["og:site_name"];
const SITES_LATER: &[&str] = &[
    "application-name",
    "publisher",
    "dc.publisher",
    "apple-mobile-web-app-title",
    "citation_journal_title",
];
const IMAGES: &[&str] = &[
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "thumbnail",
];
const LANGUAGES: &[&str] = &["content-language", "og:locale", "language", "dc.language"];

/// First labels of hosts where pages are tried out; their addresses are of no use to a reader.
const STAGING: &[&str] = &[
    "localhost",
    "staging",
    "stage",
    "dev",
    "test",
    "preview",
    "beta-staging",
    "local",
    "internal",
    "preprod",
];

/// The card of a page.
pub(super) fn card(document: &Document, url: &Url) -> Card {
    let page = Said::of(document, url);
    let site = page.site();
    let title = page.title(site.as_deref());
    let description = page.description(title.as_deref(), site.as_deref());
    let free = page
        .data
        .all()
        .any(|node| jsonld::says_false(node, "isAccessibleForFree"));
    Card {
        title: title.map(|t| SafeText::short(&t, MAX_TITLE)),
        description: description.map(|d| SafeText::short(&d, MAX_DESCRIPTION)),
        site: site
            .or_else(|| host_name(url))
            .map(|s| SafeText::short(&s, 100)),
        canonical_url: page.canonical(),
        author: page.author().map(|a| SafeText::short(&a, 200)),
        published: page.published(),
        modified: page.modified(),
        language: page.language(),
        image: page.image(),
        free_to_read: free.then_some(false),
        wall: None,
    }
}

/// The address that relative addresses of the page start from.
pub(super) fn base(document: &Document, url: &Url) -> Url {
    document
        .select_single("base[href]")
        .attr("href")
        .and_then(|href| url.join(href.trim()).ok())
        .filter(|base| matches!(base.scheme(), "http" | "https"))
        .unwrap_or_else(|| url.clone())
}

struct Said<'a> {
    document: &'a Document,
    url: &'a Url,
    base: Url,
    metas: Vec<(String, String)>,
    data: JsonLd,
}

impl<'a> Said<'a> {
    fn of(document: &'a Document, url: &'a Url) -> Said<'a> {
        Said {
            document,
            url,
            base: base(document, url),
            metas: metas(document),
            data: JsonLd::of(document),
        }
    }

    fn meta(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        names.iter().flat_map(|name| {
            self.metas
                .iter()
                .filter(move |(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        })
    }

    fn site(&self) -> Option<String> {
        self.meta(SITES)
            .map(str::to_owned)
            .chain(
                self.data
                    .articles()
                    .flat_map(|a| jsonld::names(a, "publisher")),
            )
            .chain(self.data.all().flat_map(|n| jsonld::names(n, "publisher")))
            .chain(
                self.data
                    .of_type("WebSite")
                    .and_then(|site| jsonld::text(site, "name"))
                    .map(str::to_owned),
            )
            .chain(self.meta(SITES_LATER).map(str::to_owned))
            .map(|name| line(&name))
            .find(|name| {
                !name.is_empty() && name.chars().count() <= 120 && !name.starts_with("http")
            })
    }

    /// Names of the site that a title may carry.
    fn site_names(&self, site: Option<&str>) -> Vec<String> {
        let mut names: Vec<String> = site.map(str::to_owned).into_iter().collect();
        names.extend(
            self.meta(&[
                "og:site_name",
                "application-name",
                "twitter:site",
                "apple-mobile-web-app-title",
            ])
            .map(str::to_owned),
        );
        names.extend(self.data.all().flat_map(|n| jsonld::names(n, "publisher")));
        names.extend(
            self.data
                .of_type("WebSite")
                .map(|s| jsonld::names(s, "name"))
                .into_iter()
                .flatten(),
        );
        if let Some(host) = host_name(self.url) {
            if let Some(label) = host.rsplit('.').nth(1) {
                names.push(label.to_owned());
            }
            names.push(host);
        }
        names
    }

    fn title(&self, site: Option<&str>) -> Option<String> {
        let names = self.site_names(site);
        let titled = |cut| {
            let names = &names;
            move |text: &str| {
                let text = line(text);
                let short = title::without_site(&text, names, cut);
                Some(if short.is_empty() { text } else { short }).filter(|t| !t.is_empty())
            }
        };
        let heads = self.headlines();
        let headline = self
            .data
            .articles()
            .filter_map(|node| jsonld::text(node, "headline"))
            .chain(self.meta(TITLES))
            .filter_map(titled(Cut::Names))
            // A page that calls itself by its site's name has a better title elsewhere.
            .find(|title| !names.iter().any(|name| name.eq_ignore_ascii_case(title)));
        let of_head = || {
            let text = self.document.select("head > title").text();
            let text = if text.trim().is_empty() {
                self.document.select_single("title").text()
            } else {
                text
            };
            titled(Cut::LastPart)(&text)
        };
        let title = headline.or_else(of_head);
        match title {
            Some(title) => Some(title::headline(&title, &heads).map_or(title, str::to_owned)),
            None => heads.first().cloned(),
        }
    }

    fn headlines(&self) -> Vec<String> {
        self.document
            .select("h1")
            .nodes()
            .iter()
            .take(8)
            .map(|node| {
                line(&node.text())
                    .trim_end_matches(['¶', '#', '§', ' '])
                    .to_owned()
            })
            .filter(|text| !text.is_empty() && text.chars().count() <= MAX_TITLE)
            .collect()
    }

    fn description(&self, title: Option<&str>, site: Option<&str>) -> Option<String> {
        let own = |text: &String| {
            !text.is_empty() && [title, site].into_iter().flatten().all(|t| !same(t, text))
        };
        self.meta(DESCRIPTIONS)
            .chain(
                self.data
                    .articles()
                    .filter_map(|node| jsonld::text(node, "description")),
            )
            .chain(
                self.data
                    .all()
                    .filter_map(|node| jsonld::text(node, "description")),
            )
            .map(plain_line)
            .find(own)
            .or_else(|| self.first_paragraph().filter(own))
    }

    fn first_paragraph(&self) -> Option<String> {
        self.document
            .select("article p, main p, p")
            .nodes()
            .iter()
            .take(60)
            .map(|node| line(&node.text()))
            .find(|text| text.chars().count() >= MIN_PARAGRAPH)
    }

    fn published(&self) -> Option<DateTime<Utc>> {
        let data = self
            .data
            .articles()
            .chain(self.data.all())
            .filter_map(|node| {
                jsonld::text(node, "datePublished").or_else(|| jsonld::text(node, "dateCreated"))
            });
        data.chain(self.meta(PUBLISHED))
            .find_map(dates::parse)
            .or_else(|| self.elements("[itemprop~='datePublished']"))
            .or_else(|| dates::of_address(self.url.path()))
            .or_else(|| self.elements("time[datetime], time[pubdate]"))
            .or_else(|| {
                self.elements(
                    "abbr.published, .entry-date, .post-date, .date-published, .dt-published",
                )
            })
            .or_else(|| self.date_in_sight())
    }

    /// A date that the page shows where its names say that one stands.
    fn date_in_sight(&self) -> Option<DateTime<Utc>> {
        self.document
            .select("[class*='publish'], [class*='Publish'], [class*='date'], [class*='Date'], [class*='timestamp'], [class*='byline'], [class*='meta']")
            .nodes()
            .iter()
            .take(60)
            .map(|node| line(&node.text()))
            .filter(|text| (6..=60).contains(&text.chars().count()))
            .find_map(|text| {
                dates::parse(&text).or_else(|| {
                    let (_, rest) = text.split_once([':', '|', '•', '·'])?;
                    dates::parse(rest.trim())
                })
            })
    }

    /// A name that the page shows where its names say that of an author stands.
    fn author_in_sight(&self) -> Option<String> {
        [
            "[class*='byline'] a[href*='author'], [class*='author'] a[href*='author'], [class*='byline'] [class*='name'], [class*='author'] [class*='name']",
            "[class*='author-name'], [class*='author__name'], [class*='author_name'], [class*='authorName'], [class*='byline-author'], [class*='byline__author']",
            "[class*='byline'] a, [class*='Byline'] a",
            "a[href*='/author/'], a[href*='/authors/'], a[href*='/contributor/']",
            "[class*='byline'], [class*='Byline'], [class*='author']",
        ]
        .iter()
        .find_map(|selector| {
            self.document
                .select(selector)
                .nodes()
                .iter()
                .take(12)
                .map(|node| line(&node.text()))
                .find_map(|text| people([text.as_str()].into_iter()).filter(|name| reads_as_name(name)))
        })
    }

    fn modified(&self) -> Option<DateTime<Utc>> {
        self.data
            .articles()
            .filter_map(|node| jsonld::text(node, "dateModified"))
            .chain(self.meta(MODIFIED))
            .find_map(dates::parse)
    }

    /// The first date of elements, as an attribute or as text.
    fn elements(&self, selector: &str) -> Option<DateTime<Utc>> {
        self.document
            .select(selector)
            .nodes()
            .iter()
            .take(10)
            .find_map(|node| {
                ["datetime", "content", "title"]
                    .iter()
                    .filter_map(|name| node.attr(name))
                    .find_map(|value| dates::parse(&value))
                    .or_else(|| dates::parse(&line(&node.text())))
            })
    }

    fn author(&self) -> Option<String> {
        let of_data = || {
            self.data
                .articles()
                .chain(self.data.all())
                .map(|node| jsonld::names(node, "author"))
                .find_map(|names| people(names.iter().map(String::as_str)))
        };
        let of_meta = || AUTHORS.iter().find_map(|name| people(self.meta(&[name])));
        let of_elements = || {
            [
                "[itemprop~='author'] [itemprop~='name']",
                "[itemprop~='author']",
                "a[rel~='author'], [rel~='author']",
                ".p-author .p-name, .author.vcard .fn, .byline .author, .byline-name, .author-name",
            ]
            .iter()
            .find_map(|selector| {
                let names: Vec<String> = self
                    .document
                    .select(selector)
                    .nodes()
                    .iter()
                    .take(3)
                    .map(|n| name_in(n))
                    .collect();
                names
                    .iter()
                    .find_map(|name| people([name.as_str()].into_iter()))
            })
        };
        of_data()
            .or_else(of_meta)
            .or_else(|| people(self.meta(&["article:author"])))
            .or_else(of_elements)
            .or_else(|| self.author_in_sight())
    }

    fn canonical(&self) -> Option<Url> {
        let links = self
            .document
            .select("link[rel~='canonical'][href]")
            .attr("href")
            .map(|href| href.to_string());
        let stated: Vec<Url> = links
            .into_iter()
            .chain(self.meta(&["og:url"]).map(str::to_owned))
            .filter_map(|href| self.base.join(href.trim()).ok())
            .collect();
        stated.into_iter().find(|url| self.is_credible(url))
    }

    fn is_credible(&self, url: &Url) -> bool {
        let Some(host) = url.domain().filter(|host| host.contains('.')) else {
            return false;
        };
        let first = host.split('.').next().unwrap_or_default();
        let own_first = self.url.domain().and_then(|h| h.split('.').next());
        matches!(url.scheme(), "http" | "https")
            && registrable(url) == registrable(self.url)
            && (!is_front(url) || is_front(self.url))
            && (!STAGING.contains(&first) || own_first == Some(first))
    }

    fn language(&self) -> Option<String> {
        let html = self
            .document
            .select("html[lang]")
            .attr("lang")
            .map(|lang| lang.to_string());
        html.into_iter()
            .chain(self.meta(LANGUAGES).map(str::to_owned))
            .chain(
                self.data
                    .articles()
                    .filter_map(|n| jsonld::text(n, "inLanguage"))
                    .map(str::to_owned),
            )
            .map(|lang| lang.trim().replace('_', "-"))
            .find(|lang| {
                let first = lang.split('-').next().unwrap_or_default();
                (2..=3).contains(&first.len())
                    && lang.len() <= 20
                    && lang.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            })
    }

    fn image(&self) -> Option<Url> {
        let data = self.data.articles().filter_map(|node| {
            jsonld::text(node, "image")
                .or_else(|| jsonld::text(&node["image"], "url"))
                .or_else(|| jsonld::text(&node["image"][0], "url"))
        });
        self.meta(IMAGES)
            .chain(data)
            .filter_map(|href| self.base.join(href.trim()).ok())
            .find(|url| matches!(url.scheme(), "http" | "https"))
    }
}

/// Names and values of all `meta` elements, in order. `property` may hold several names.
fn metas(document: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // Some write "value" where "content" is meant.
    let nodes = document.select("meta[content], meta[value]");
    for node in nodes.nodes().iter().take(400) {
        let content = node.attr("content").or_else(|| node.attr("value"));
        let Some(content) = content.filter(|c| !c.trim().is_empty()) else {
            continue;
        };
        for attribute in ["property", "name", "itemprop", "http-equiv"] {
            let Some(names) = node.attr(attribute) else {
                continue;
            };
            for name in names.split_whitespace().take(5) {
                found.push((
                    name.to_lowercase().replace("dc:", "dc."),
                    content.trim().to_owned(),
                ));
            }
        }
    }
    found
}

fn name_in(node: &NodeRef<'_>) -> String {
    node.attr("content")
        .map_or_else(|| line(&node.text()), |c| c.trim().to_owned())
}

/// Two to five words, most of them with a capital, without numbers: what people are called (scripts without capitals are
/// not told from other text, so they are none here).
fn reads_as_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = words
        .iter()
        .filter(|word| word.starts_with(char::is_uppercase))
        .count();
    (2..=5).contains(&words.len())
        && capital * 3 >= words.len() * 2
        && !text.contains(|c: char| {
            c.is_ascii_digit() || matches!(c, '|' | '@' | '?' | '!' | ':' | '/')
        })
        && ![
            "read more",
            "all posts",
            "more from",
            "view all",
            "follow",
            "about the author",
            "posted",
            "share",
        ]
        .iter()
        .any(|other| text.to_lowercase().contains(other))
}

/// Names joined, without those that are addresses or handles.
fn people<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let name = plain_line(name);
        let lower = name.to_lowercase();
        let name = ["by ", "von ", "by: ", "author: ", "written by "]
            .iter()
            .find(|prefix| lower.starts_with(**prefix))
            .and_then(|prefix| name.get(prefix.len()..))
            .unwrap_or(&name)
            .trim()
            .to_owned();
        let is_name = name.chars().any(char::is_alphabetic)
            && name.chars().count() <= 150
            && !name.contains("://")
            && !name.starts_with(['@', '#', '/'])
            && !name.contains("www.")
            && !["null", "undefined", "none", "admin"].contains(&lower.as_str());
        if is_name && !found.contains(&name) && found.len() < 20 {
            found.push(name);
        }
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// One line of text, without mark-up that was escaped once too often.
fn plain_line(text: &str) -> String {
    let text = line(text);
    if text.contains('<') || text.contains('&') {
        line(&Document::from(text.as_str()).text())
    } else {
        text
    }
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn is_front(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

fn host_name(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

fn registrable(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    psl::domain_str(host).unwrap_or(host).to_owned()
}
