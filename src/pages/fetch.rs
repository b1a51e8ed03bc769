//! An address to an article and a card.

use crate::address::{self, Found};
use crate::article::{self, Article, Wall};
use crate::net::{Answer, Ask, Client, NetError, Reach};
use crate::news::{KeptPage, Validators};
use crate::text::SafeText;
use chrono::{DateTime, Utc};
use tokio::task::spawn_blocking;
use url::Url;

/// What a page may come as (RFC 9110, 12.5.1).
const ACCEPT: &str =
    "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8, */*;q=0.5";
/// A card reads no more than this of a page: it holds the head data of all pages that were measured.
pub const CARD_LIMIT: usize = 512 << 10;

/// Pages that hide what they are far down, and say it to oEmbed: host of the page, endpoint (oembed.com, section 2).
const OEMBED: &[(&str, &str)] = &[
    (
        "youtube.com",
        "https://www.youtube.com/oembed?format=json&url=",
    ),
    (
        "youtu.be",
        "https://www.youtube.com/oembed?format=json&url=",
    ),
    ("vimeo.com", "https://vimeo.com/api/oembed.json?url="),
];

/// Fetches a page. Never fails: what went wrong is the page's result. `card_only` reads 512 KiB at most. `told`: the title
/// that somebody else told of it, which goes before its own.
pub async fn fetch(
    client: &Client,
    url: &Url,
    key: &str,
    known: &Validators,
    card_only: bool,
    size_limit: usize,
    told: Option<SafeText>,
    now: DateTime<Utc>,
) -> Fetched {
    let mut ask = Ask::new(
        url.clone(),
        ACCEPT,
        if card_only { CARD_LIMIT } else { size_limit },
    );
    ask.cut = card_only;
    ask.unasked = card_only;
    ask.etag.clone_from(&known.etag);
    ask.last_modified.clone_from(&known.last_modified);
    let mut page = KeptPage {
        key: key.to_owned(),
        url: url.to_string(),
        fetched_at: now,
        http: None,
        validators: Validators::default(),
        aliases: Vec::new(),
        result: Err(SafeText::default()),
        card_only,
    };
    let answer = match client.get(ask).await {
        Ok(answer) => answer,
        Err(error) => {
            let why = in_words(&error);
            if error.reach() == Reach::Away {
                return Fetched::Away(why);
            }
            page.result = Err(why);
            return Fetched::Page(Box::new(page));
        }
    };
    page.http = Some(answer.status);
    if answer.status == 304 && *known != Validators::default() {
        return Fetched::Same;
    }
    if !(200..300).contains(&answer.status) {
        let no_copy = answer.status == 404 && address::original(url).is_some();
        page.result = Err(SafeText::line(if no_copy {
            "The archive has no copy of this page."
        } else {
            status_in_words(answer.status)
        }));
        return Fetched::Page(Box::new(page));
    }
    page.url = answer.url.to_string();
    page.validators = Validators {
        etag: answer.etag.clone(),
        last_modified: answer.last_modified.clone(),
    };
    match read(answer).await {
        Some(mut article) => {
            if let Some(title) = told {
                article.card.title = Some(title);
            }
            page.aliases = aliases(key, &page.url, &article);
            page.result = match article.card.wall {
                Some(Wall::BotCheck) => Err(SafeText::line(
                    "The site shows a bot check in place of the page.",
                )),
                Some(Wall::Login) if article.words < 120 => {
                    Err(SafeText::line("The site asks to log in."))
                }
                Some(Wall::Error) => Err(SafeText::line("The site shows an error page.")),
                _ => Ok(Box::new(article)),
            };
        }
        None => page.result = Err(SafeText::line("This page could not be read.")),
    }
    Fetched::Page(Box::new(page))
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// 304: what is kept is still right.
    Same,
    /// There is no network, and why: no fault of the page, and nothing to keep.
    Away(SafeText),
    Page(Box<KeptPage>),
}

async fn read(answer: Answer) -> Option<Article> {
    // An extractor of foreign pages may panic: that is a fact about the page, and ends here.
    spawn_blocking(move || {
        // The links of a copy are those of the page that it is a copy of.
        let base = address::original(&answer.url).unwrap_or(answer.url);
        article::read_page(&answer.body, answer.content_type.as_deref(), &base)
    })
    .await
    .ok()
}

/// Keys that turned out to be the same thing: where redirects led, and what the page calls itself.
fn aliases(key: &str, url: &str, article: &Article) -> Vec<(String, &'static str)> {
    let mut aliases = Vec::new();
    let key_of = |text: &str| {
        address::clean(text, Found::default())
            .ok()
            .map(|address| address.key)
    };
    if let Some(landed) = key_of(url).filter(|landed| landed != key) {
        aliases.push((landed, "redirect"));
    }
    if let Some(own) = article
        .card
        .canonical_url
        .as_ref()
        .and_then(|own| key_of(own.as_str()))
        && own != key
        && aliases.iter().all(|(known, _)| *known != own)
    {
        aliases.push((own, "canonical"));
    }
    aliases
}

/// Where the host of a video tells its title, if it is one that does.
pub fn endpoint(url: &Url) -> Option<Url> {
    let site = address::site(url);
    let (_, endpoint) = OEMBED.iter().find(|(host, _)| *host == site)?;
    let asked: String =
        percent_encoding::utf8_percent_encode(url.as_str(), percent_encoding::NON_ALPHANUMERIC)
            .to_string();
    Url::parse(&format!("{endpoint}{asked}")).ok()
}

/// The title that a video's host tells at its endpoint, without reading the page.
pub async fn title_told(client: &Client, endpoint: Url) -> Option<SafeText> {
    let mut ask = Ask::new(endpoint, "application/json", 64 << 10);
    ask.unasked = true;
    let answer = client.get(ask).await.ok()?;
    let told: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let title = SafeText::short(told.get("title")?.as_str()?, 300);
    (!title.is_empty()).then_some(title)
}

fn in_words(error: &NetError) -> SafeText {
    let words = error.to_string();
    let mut letters = words.chars();
    let words: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    SafeText::short(&format!("{words}."), 300)
}

fn status_in_words(status: u16) -> &'static str {
    match status {
        401 => "The site asks for a password.",
        402 => "The site asks to pay.",
        403 => "The site refuses us.",
        404 => "The page is not there (404).",
        410 => "The page is gone for good (410).",
        429 => "The site asks for fewer visits.",
        451 => "The page may not be shown here, by law.",
        500..=599 => "The site is broken at the moment.",
        _ => "The site answered with something that is no page.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_sentences() {
        for status in [401, 402, 403, 404, 410, 429, 451, 500, 503, 302] {
            assert!(status_in_words(status).ends_with('.'));
        }
        assert_eq!(
            in_words(&NetError::Timeout).as_str(),
            "The server did not answer in time."
        );
    }
}
