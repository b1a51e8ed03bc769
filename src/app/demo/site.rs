//! A site of the demo: one TOML file of `assets/demo`, as pages and a feed.
//!
//! Ages count back from the start of the demo, so its news is always of today: what is some hours old is so also soon after
//! midnight, when the hours of the day are drawn together for it.

use crate::text::escape;
use chrono::{DateTime, Duration, FixedOffset, SecondsFormat, Timelike, Utc};
use serde::Deserialize;
use std::fmt::Write as _;

/// Pictures of the sites, by the name of their file.
const PICTURES: [(&str, &[u8]); 1] = [("die.png", include_bytes!("../../../assets/demo/die.png"))];

/// When the demo begins, and how long its day has lasted by then.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub now: DateTime<Utc>,
    day: Duration,
}

/// So old is the oldest of what is of today.
const DAY: Duration = Duration::hours(21);

impl Start {
    /// Now, in a time zone.
    pub fn at(now: DateTime<Utc>, zone: FixedOffset) -> Start {
        let since_midnight = now.with_timezone(&zone).num_seconds_from_midnight();
        Start {
            now,
            day: Duration::seconds(i64::from(since_midnight)),
        }
    }

    /// A time that is so long ago on a long day; on one that has just begun less, but today and in its order.
    fn today(self, age: Duration) -> DateTime<Utc> {
        if self.day >= DAY {
            return self.now - age;
        }
        let seconds = age.num_seconds() * self.day.num_seconds() / DAY.num_seconds();
        self.now - Duration::seconds(seconds)
    }
}

/// In which format a site's feed comes, or what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Rss,
    Atom,
    Json,
    /// RSS 1.0, RDF.
    Rdf,
    /// RSS that no strict parser reads: a bare `&`, an undeclared prefix, cut off before its end.
    Broken,
    /// 404.
    Missing,
    /// RSS that takes a while.
    Slow,
    /// Pages only.
    None,
}

/// A site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub host: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "english")]
    pub language: String,
    pub format: Format,
    /// Group in the demo's feed list.
    #[serde(default)]
    pub tag: String,
    /// Page furniture before and after the article: `{title}`, `{name}`, `{host}`, `{body}` are filled in.
    pub shell: String,
    #[serde(default, rename = "page")]
    pub pages: Vec<Page>,
}

fn english() -> String {
    "en".to_owned()
}

/// What the feed says of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InFeed {
    /// All of its text.
    Full,
    /// Its lead only.
    #[default]
    Lead,
    /// Not at all: a page that others cite.
    No,
}

/// A page, and perhaps an entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub path: String,
    pub title: String,
    #[serde(default)]
    pub author: String,
    /// As `40m`, `2h`, `3d`.
    pub age: String,
    #[serde(default)]
    pub lead: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub feed: InFeed,
    /// A link-blog's or an aggregator's target: the entry's link.
    #[serde(default)]
    pub link: Option<String>,
    /// How many comments its own page has, as the feed says.
    #[serde(default)]
    pub comments: Option<u32>,
    /// What people say on its page; not in the feed.
    #[serde(default)]
    pub talk: Vec<Said>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// Sent instead of the shell and the body, as this type: `text/plain`, `image/png`. The body of a picture is the name of
    /// its file.
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub enclosure: Option<String>,
}

/// A comment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub by: String,
    /// HTML.
    pub text: String,
}

impl Page {
    /// Its comments, marked as the programs mark them that make such pages.
    fn thread(&self) -> String {
        self.talk.iter().fold(String::new(), |mut thread, said| {
            let _ = write!(
                thread,
                "<div class=\"comment\"><p class=\"byline\"><a class=\"u-author\" href=\"/~{by}\">{by}</a></p>\
                 <div class=\"comment_text\">{}</div></div>",
                said.text,
                by = escape(&said.by),
            );
            thread
        })
    }

    /// When it was published.
    pub fn published(&self, start: Start) -> DateTime<Utc> {
        let (number, unit) = self.age.split_at(self.age.len().saturating_sub(1));
        let number: i64 = number.parse().unwrap_or(1);
        match unit {
            "d" => start.now - Duration::days(number),
            "m" => start.today(Duration::minutes(number)),
            _ => start.today(Duration::hours(number)),
        }
    }
}

impl Site {
    /// Reads a file of `assets/demo`.
    pub fn read(text: &str) -> Result<Site, toml::de::Error> {
        toml::from_str(text)
    }

    /// The path of its feed.
    pub fn feed_path(&self) -> &'static str {
        match self.format {
            Format::Json => "/feed.json",
            Format::Atom => "/atom.xml",
            Format::Rdf => "/index.rdf",
            _ => "/feed.xml",
        }
    }

    /// The address of its feed.
    pub fn feed_url(&self) -> String {
        format!("http://{}{}", self.host, self.feed_path())
    }

    /// Body and media type of a path; `None`: 404.
    pub fn answer(&self, path: &str, start: Start) -> Option<(Vec<u8>, String)> {
        if path == self.feed_path() {
            return self.feed(start).map(|(feed, kind)| (feed.into(), kind));
        }
        if path == "/" {
            return Some((self.front().into(), "text/html; charset=utf-8".into()));
        }
        let page = self.pages.iter().find(|page| page.path == path)?;
        Some(match &page.kind {
            Some(kind) => {
                let picture = PICTURES.iter().find(|(name, _)| *name == page.body);
                let body = picture.map_or(page.body.as_bytes(), |(_, bytes)| *bytes);
                (body.to_vec(), kind.clone())
            }
            None => (
                self.page(page, start).into(),
                "text/html; charset=utf-8".into(),
            ),
        })
    }

    fn page(&self, page: &Page, start: Start) -> String {
        let published = page.published(start);
        let url = format!("http://{}{}", self.host, page.path);
        let head = format!(
            "<meta charset=\"utf-8\"><title>{title} | {name}</title><link rel=\"canonical\" href=\"{url}\">\
             <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:site_name\" content=\"{name}\">\
             <meta property=\"og:description\" content=\"{lead}\"><meta name=\"author\" content=\"{author}\">\
             <meta property=\"article:published_time\" content=\"{date}\">\
             <link rel=\"alternate\" type=\"application/rss+xml\" title=\"{name}\" href=\"{feed}\">",
            title = escape(&page.title),
            name = escape(&self.name),
            lead = escape(&page.lead),
            author = escape(&page.author),
            date = published.to_rfc3339_opts(SecondsFormat::Secs, true),
            feed = self.feed_path(),
        );
        let lead = if page.lead.is_empty() {
            String::new()
        } else {
            format!("<p class=\"lead\">{}</p>", escape(&page.lead))
        };
        let byline = if page.author.is_empty() {
            String::new()
        } else {
            format!(
                "<p class=\"byline\">By <span rel=\"author\">{}</span></p>",
                escape(&page.author)
            )
        };
        let body = if page.talk.is_empty() {
            page.body.clone()
        } else {
            format!(
                "<div class=\"story_text\">{}</div>{}",
                page.body,
                page.thread()
            )
        };
        let article = format!(
            "<article><h1>{}</h1>{byline}<time datetime=\"{}\">{}</time>{lead}{body}</article>",
            escape(&page.title),
            published.to_rfc3339_opts(SecondsFormat::Secs, true),
            published.format("%-d %B %Y"),
        );
        let filled = self
            .shell
            .replace("{title}", &escape(&page.title))
            .replace("{name}", &escape(&self.name))
            .replace("{host}", &self.host)
            .replace("{body}", &article);
        format!(
            "<!doctype html><html lang=\"{}\"><head>{head}</head><body>{filled}</body></html>",
            self.language
        )
    }

    fn front(&self) -> String {
        let mut rows = String::new();
        for page in self.pages.iter().filter(|page| page.feed != InFeed::No) {
            let _ = write!(
                rows,
                "<li><a href=\"{}\">{}</a></li>",
                page.path,
                escape(&page.title)
            );
        }
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
             <link rel=\"alternate\" type=\"application/rss+xml\" href=\"{}\"></head><body><h1>{}</h1><ul>{rows}</ul></body></html>",
            self.language,
            escape(&self.name),
            self.feed_path(),
            escape(&self.name),
        )
    }

    fn feed(&self, start: Start) -> Option<(String, String)> {
        let entries: Vec<&Page> = self
            .pages
            .iter()
            .filter(|page| page.feed != InFeed::No)
            .collect();
        Some(match self.format {
            Format::Rss | Format::Slow => (
                self.rss(&entries, start),
                "application/rss+xml; charset=utf-8".into(),
            ),
            Format::Broken => {
                let whole = self
                    .rss(&entries, start)
                    .replace("<channel>", "<channel><!-- R&D --><category>R&D</category>");
                let cut = whole.rfind("</item>").unwrap_or(whole.len());
                (whole[..cut].to_owned(), "text/html".into())
            }
            Format::Atom => (self.atom(&entries, start), "application/atom+xml".into()),
            Format::Json => (self.json(&entries, start), "application/feed+json".into()),
            Format::Rdf => (self.rdf(&entries, start), "application/rdf+xml".into()),
            Format::Missing | Format::None => return None,
        })
    }

    fn own_url(&self, page: &Page) -> String {
        format!("http://{}{}", self.host, page.path)
    }

    fn html(page: &Page) -> String {
        match page.feed {
            InFeed::Full => format!(
                "{}{}",
                if page.lead.is_empty() {
                    String::new()
                } else {
                    format!("<p>{}</p>", escape(&page.lead))
                },
                page.body
            ),
            _ => format!("<p>{}</p>", escape(&page.lead)),
        }
    }

    fn rss(&self, entries: &[&Page], start: Start) -> String {
        let mut items = String::new();
        for page in entries {
            let own = self.own_url(page);
            let _ = write!(
                items,
                "<item><title>{}</title><link>{}</link><guid isPermaLink=\"true\">{own}</guid><pubDate>{}</pubDate><dc:creator>{}</dc:creator>",
                escape(&page.title),
                escape(page.link.as_deref().unwrap_or(&own)),
                page.published(start).to_rfc2822(),
                escape(&page.author),
            );
            for tag in &page.tags {
                let _ = write!(items, "<category>{}</category>", escape(tag));
            }
            if let Some(comments) = page.comments {
                let _ = write!(
                    items,
                    "<comments>{own}</comments><slash:comments>{comments}</slash:comments>"
                );
            }
            if let Some(enclosure) = &page.enclosure {
                let _ = write!(
                    items,
                    "<enclosure url=\"{}\" type=\"audio/mpeg\" length=\"1048576\"/>",
                    escape(enclosure)
                );
            }
            let field = if page.feed == InFeed::Full {
                "content:encoded"
            } else {
                "description"
            };
            let _ = write!(
                items,
                "<{field}>{}</{field}></item>",
                escape(&Self::html(page))
            );
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"><channel>\
             <title>{}</title><link>http://{}/</link><description>{}</description><language>{}</language>{items}</channel></rss>",
            escape(&self.name),
            self.host,
            escape(&self.description),
            self.language,
        )
    }

    fn atom(&self, entries: &[&Page], start: Start) -> String {
        let mut items = String::new();
        for page in entries {
            let own = self.own_url(page);
            let date = page
                .published(start)
                .to_rfc3339_opts(SecondsFormat::Secs, true);
            let _ = write!(
                items,
                "<entry><id>{own}</id><title>{}</title><link rel=\"alternate\" href=\"{}\"/>",
                escape(&page.title),
                escape(page.link.as_deref().unwrap_or(&own)),
            );
            if page.link.is_some() {
                let _ = write!(items, "<link rel=\"related\" href=\"{own}\"/>");
            }
            let _ = write!(
                items,
                "<published>{date}</published><updated>{date}</updated><author><name>{}</name></author><content type=\"html\">{}</content></entry>",
                escape(&page.author),
                escape(&Self::html(page)),
            );
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\"><title>{}</title>\
             <subtitle>{}</subtitle><id>http://{host}/</id><link href=\"http://{host}/\"/><link rel=\"self\" href=\"{}\"/><updated>{}</updated>{items}</feed>",
            self.language,
            escape(&self.name),
            escape(&self.description),
            self.feed_url(),
            start.now.to_rfc3339_opts(SecondsFormat::Secs, true),
            host = self.host,
        )
    }

    fn json(&self, entries: &[&Page], start: Start) -> String {
        let items: Vec<serde_json::Value> = entries
            .iter()
            .map(|page| {
                serde_json::json!({
                    "id": self.own_url(page),
                    "url": self.own_url(page),
                    "external_url": page.link,
                    "title": page.title,
                    "content_html": Self::html(page),
                    "date_published": page.published(start).to_rfc3339_opts(SecondsFormat::Secs, true),
                    "authors": [{"name": page.author}],
                    "tags": page.tags,
                })
            })
            .collect();
        serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.name,
            "description": self.description,
            "home_page_url": format!("http://{}/", self.host),
            "feed_url": self.feed_url(),
            "language": self.language,
            "items": items,
        })
        .to_string()
    }

    fn rdf(&self, entries: &[&Page], start: Start) -> String {
        let mut items = String::new();
        for page in entries {
            let own = self.own_url(page);
            let _ = write!(
                items,
                "<item rdf:about=\"{own}\"><title>{}</title><link>{own}</link><dc:date>{}</dc:date><dc:creator>{}</dc:creator><description>{}</description></item>",
                escape(&page.title),
                page.published(start)
                    .to_rfc3339_opts(SecondsFormat::Secs, true),
                escape(&page.author),
                escape(&Self::html(page)),
            );
        }
        format!(
            "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"http://{host}/\"><title>{}</title><link>http://{host}/</link>\
             <description>{}</description></channel>{items}</rdf:RDF>",
            escape(&self.name),
            escape(&self.description),
            host = self.host,
        )
    }
}
