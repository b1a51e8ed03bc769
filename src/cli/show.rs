//! `bron show`: an article, in one of five forms.

use super::args::{ShowArgs, ShowFormat};
use super::print::{Out, time};
use super::{Context, article};
use crate::article::{Article, Wall};
use crate::text::{self, LayOut, Line, Role, SafeText, Span};
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Json<'a> {
    url: &'a str,
    canonical_url: Option<&'a str>,
    title: Option<&'a str>,
    byline: Option<&'a str>,
    site: Option<&'a str>,
    language: Option<&'a str>,
    published: Option<String>,
    modified: Option<String>,
    excerpt: Option<&'a str>,
    image: Option<&'a str>,
    content_html: &'a str,
    text: &'a str,
    words: usize,
    extracted: bool,
    wall: bool,
}

/// Prints the article.
pub fn run(args: &ShowArgs, context: &Context) -> Result<()> {
    let read = article::read(&args.target, context)?;
    let mut out = Out::new();
    match args.format.unwrap_or(if context.colour() {
        ShowFormat::Ansi
    } else {
        ShowFormat::Text
    }) {
        ShowFormat::Json => out.json(&json(&read.article))?,
        ShowFormat::Html => out.text(&SafeText::block(&read.article.html))?,
        ShowFormat::Markdown => {
            out.line(&format!("# {}\n", article::title(&read.article)))?;
            out.text(&text::markdown::from_html(&read.article.html))?;
        }
        ShowFormat::Text if args.width.is_none() => out.text(&read.article.text)?,
        format => {
            let colour = format == ShowFormat::Ansi;
            let width = args.width.unwrap_or_else(|| terminal_width().min(80));
            let collected = read.sources();
            if let Some(title) = &read.article.card.title {
                out.line(&paint(title, "1", colour))?;
                out.line("")?;
            }
            let how = LayOut {
                width,
                numbers: &collected.numbers,
                pictures: &[],
            };
            let lines = if colour {
                let lines = text::lay_out(&read.article.html, &how);
                #[cfg(feature = "highlight")]
                let lines = {
                    let mut lines = lines;
                    text::highlight::paint(&mut lines);
                    lines
                };
                lines
            } else {
                text::lay_out_logical(&read.article.html, &how)
            };
            for line in &lines.lines {
                out.line(&painted(line, colour))?;
            }
        }
    }
    Ok(out.done()?)
}

fn json(article: &Article) -> Json<'_> {
    let card = &article.card;
    Json {
        url: article.url.as_str(),
        canonical_url: card.canonical_url.as_ref().map(url::Url::as_str),
        title: card.title.as_deref(),
        byline: card.author.as_deref(),
        site: card.site.as_deref(),
        language: card.language.as_deref(),
        published: card.published.map(time),
        modified: card.modified.map(time),
        excerpt: card.description.as_deref(),
        image: card.image.as_ref().map(url::Url::as_str),
        content_html: &article.html,
        text: &article.text,
        words: article.words,
        extracted: article.extracted,
        // A paywall leaves what there is of the article; the others stand in its place.
        wall: card.wall.is_some_and(|wall| wall != Wall::Paywall),
    }
}

fn terminal_width() -> u16 {
    ratatui::crossterm::terminal::size().map_or(80, |(columns, _)| columns.max(20))
}

fn painted(line: &Line, colour: bool) -> String {
    line.spans
        .iter()
        .map(|span| paint(&span.text, &codes(span), colour))
        .collect()
}

/// SGR parameters of a span: the sixteen colours that every theme of a terminal has.
fn codes(span: &Span) -> String {
    let mut codes: Vec<&str> = Vec::new();
    codes.extend(span.bold.then_some("1"));
    codes.extend(span.italic.then_some("3"));
    codes.extend(span.strike.then_some("9"));
    codes.extend(match span.role {
        Role::Text => None,
        Role::Link => Some("4"),
        Role::LinkNumber => Some("36"),
        Role::Heading(_) => Some("1"),
        Role::Quote
        | Role::CodeComment
        | Role::CodeLabel
        | Role::Marker
        | Role::Rule
        | Role::Dim => Some("2"),
        Role::CodeKeyword | Role::CodeType => Some("35"),
        Role::CodeString => Some("32"),
        Role::Code | Role::CodeNumber => Some("33"),
        Role::CodeFunction => Some("34"),
    });
    codes.join(";")
}

fn paint(text: &str, codes: &str, colour: bool) -> String {
    if colour && !codes.is_empty() {
        format!("\x1b[{codes}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
