//! TARGET to an article and its sources: what `show` and `sources` have in common.

use super::args::TargetArgs;
use super::target::Target;
use super::{Context, fetch};
use crate::address::{self, Found};
use crate::article::{self, Article};
use crate::source::{Collected, FieldLinks, Subject, collect};
use crate::store::{FullEntry, StoredPage};
use crate::text::{SafeText, decode};
use anyhow::{Result, bail};
use url::Url;

/// An article, and what is known of where it came from.
pub struct Read {
    pub article: Article,
    feed_site: Option<Url>,
    feed_url: Option<Url>,
    fields: FieldLinks,
    boilerplate: Vec<String>,
}

impl Read {
    fn page(article: Article) -> Read {
        Read {
            article,
            feed_site: None,
            feed_url: None,
            fields: FieldLinks::default(),
            boilerplate: Vec::new(),
        }
    }

    /// What it cites.
    pub fn sources(&self) -> Collected {
        collect(&Subject {
            html: &self.article.html,
            url: &self.article.url,
            feed_site: self.feed_site.as_ref(),
            feed_url: self.feed_url.as_ref(),
            fields: &self.fields,
            extracted: self.article.extracted,
            boilerplate: &self.boilerplate,
        })
    }
}

/// Reads the target: from the store where it is kept, else from the file or the network.
pub fn read(args: &TargetArgs, context: &Context) -> Result<Read> {
    match Target::read(&args.target, args.base_url.as_deref())? {
        Target::File { bytes, base } if args.full => Ok(Read::page(article::read_page(
            &bytes,
            kind_of_file(&args.target),
            &base,
        ))),
        Target::File { bytes, base } => Ok(Read::page(article::read_entry(
            &decode(&bytes, None).text,
            &base,
        ))),
        Target::Web(url) => Ok(Read::page(read_web(context, &url)?)),
        Target::Entry(id) => {
            let Some(full) = context.reader()?.entry(id)? else {
                bail!("there is no entry {id}; `bron list` names them");
            };
            read_entry(full, args.full, context)
        }
    }
}

/// The media type of a file that is no HTML, by the end of its name: no server says what it is.
fn kind_of_file(name: &str) -> Option<&'static str> {
    let end = name.rsplit_once('.')?.1.to_ascii_lowercase();
    match end.as_str() {
        "md" | "markdown" => Some("text/markdown"),
        "txt" | "text" => Some("text/plain"),
        _ => None,
    }
}

fn read_entry(full: FullEntry, whole_page: bool, context: &Context) -> Result<Read> {
    let parse = |text: &Option<String>| text.as_deref().and_then(|text| Url::parse(text).ok());
    let feed_url = Url::parse(&full.feed_url).ok();
    let url = parse(&full.entry.url);
    let article = match (whole_page, &url) {
        (true, Some(url)) => read_web(context, url)?,
        (true, None) => {
            bail!("the entry has no address, so there is no whole page of it; leave --full out")
        }
        (false, _) => {
            let Some(url) = url
                .or_else(|| parse(&full.feed_site))
                .or_else(|| feed_url.clone())
            else {
                bail!("the entry and its feed have no address");
            };
            let mut article = article::read_entry(&full.entry.html, &url);
            article.card.title = Some(full.entry.title.clone()).filter(|title| !title.is_empty());
            article.card.author =
                Some(full.entry.authors.clone()).filter(|authors| !authors.is_empty());
            article.card.site = Some(full.feed_title.clone()).filter(|title| !title.is_empty());
            article.card.published = full.entry.published;
            article.card.modified = full.entry.updated;
            article.card.language = full.entry.language.clone().or(article.card.language);
            article
        }
    };
    Ok(Read {
        article,
        feed_site: parse(&full.feed_site),
        feed_url,
        fields: full.entry.fields,
        boilerplate: full.boilerplate,
    })
}

/// The article at an address: kept, or fetched.
fn read_web(context: &Context, url: &Url) -> Result<Article> {
    let key = address::clean(url.as_str(), Found::default())
        .map(|address| address.key)
        .unwrap_or_default();
    let kept = context
        .reader_if_any()
        .and_then(|reader| reader.page(&key).ok().flatten());
    if let Some(StoredPage {
        html: Some(html),
        url: from,
        card,
        words,
        ..
    }) = kept
    {
        let from = Url::parse(&from).unwrap_or_else(|_| url.clone());
        let text = crate::text::plain(&html);
        return Ok(Article {
            url: from,
            card,
            html,
            text,
            words,
            extracted: true,
        });
    }
    let answer = fetch::page(context, url)?;
    Ok(article::read_page(
        &answer.body,
        answer.content_type.as_deref(),
        &answer.url,
    ))
}

/// The title, or what there is in its place.
pub fn title(article: &Article) -> SafeText {
    article
        .card
        .title
        .clone()
        .unwrap_or_else(|| SafeText::line(article.url.as_str()))
}
