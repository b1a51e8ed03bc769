//! `bron sources`: what an article cites.

use super::args::{SourcesArgs, SourcesFormat};
use super::print::{Out, some, time};
use super::{Context, article};
use crate::address::Kind;
use crate::news::{CardState, CardView};
use crate::source::{Collected, LeftOut, Source, card_of_link, ranked};
use crate::text::SafeText;
use anyhow::Result;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct Row<'a> {
    n: Option<u32>,
    url: &'a str,
    display_url: &'a str,
    key: &'a str,
    site: &'a str,
    role: &'a str,
    primary: bool,
    kind: &'a str,
    anchor: Option<&'a str>,
    context: Option<&'a str>,
    strength: f32,
    rank: usize,
    external: bool,
    title: Option<&'a str>,
    description: Option<&'a str>,
    author: Option<&'a str>,
    published: Option<String>,
    image: Option<&'a str>,
    card: &'a str,
    in_feeds: u32,
    reason: &'a str,
}

#[derive(Serialize)]
struct LeftOutRow<'a> {
    n: Option<u32>,
    url: &'a str,
    anchor: Option<&'a str>,
    left_out: &'a str,
}

/// Prints the sources in reading order.
pub fn run(args: &SourcesArgs, context: &Context) -> Result<()> {
    let read = article::read(&args.target, context)?;
    let mut collected = read.sources();
    leave_out_refused(&mut collected, context);
    let keys: Vec<String> = collected
        .sources
        .iter()
        .map(|source| source.key.clone())
        .collect();
    let known = context
        .reader_if_any()
        .and_then(|reader| reader.cards(&keys).ok())
        .unwrap_or_default();
    let format = args.format.unwrap_or(if args.json {
        SourcesFormat::Json
    } else {
        SourcesFormat::Text
    });
    let mut out = Out::new();
    for (source, rank) in collected.sources.iter().zip(ranks(&collected.sources)) {
        let card = Card::of(source, &known);
        match format {
            SourcesFormat::Json => out.json(&row(source, &card, rank))?,
            SourcesFormat::Markdown => out.line(&format!(
                "- [{}](<{}>)",
                markdown_safe(&card.title_or(source)),
                source.display
            ))?,
            SourcesFormat::Bibtex => {
                for line in bibtex(source, &card).lines() {
                    out.line(line)?;
                }
            }
            SourcesFormat::Text => print_text(source, &card, &mut out)?,
        }
    }
    if args.all {
        for left in &collected.left_out {
            print_left_out(left, format, &mut out)?;
        }
    }
    Ok(out.done()?)
}

/// What the reader said is no source is listed among what was left out.
fn leave_out_refused(collected: &mut Collected, context: &Context) {
    let refused = context
        .reader_if_any()
        .and_then(|reader| reader.not_sources().ok())
        .unwrap_or_default();
    let is_refused = |source: &Source| {
        refused
            .iter()
            .any(|(host, role)| *host == source.site && role.is_none_or(|role| role == source.role))
    };
    let (out, kept) = std::mem::take(&mut collected.sources)
        .into_iter()
        .partition(is_refused);
    collected.sources = kept;
    let out: Vec<Source> = out;
    collected
        .left_out
        .extend(out.into_iter().map(|source| LeftOut {
            url: source.url.to_string(),
            anchor: source.anchor,
            reason: "you said that this site is no source".to_owned(),
            place: source.anchors.first().copied(),
        }));
}

/// What is known of a source: what the article shows of it goes before what the store has, the address names the rest.
struct Card {
    title: Option<SafeText>,
    description: Option<SafeText>,
    author: Option<SafeText>,
    published: Option<chrono::DateTime<chrono::Utc>>,
    state: &'static str,
    in_feeds: u32,
}

impl Card {
    fn of(source: &Source, known: &HashMap<String, CardView>) -> Card {
        let embedded = source.card.as_ref();
        let stored = known.get(&source.key);
        let told = card_of_link(source);
        let state = match (embedded, stored.map(|card| &card.state)) {
            (Some(_), _) | (None, Some(CardState::Embedded)) => "embedded",
            (None, Some(CardState::Fetched)) => "fetched",
            (None, Some(CardState::Failed(_))) => "failed",
            (None, _) => "none",
        };
        Card {
            title: embedded
                .map(|card| card.title.clone())
                .or_else(|| stored?.title.clone())
                .or(told.title),
            description: embedded
                .and_then(|card| card.description.clone())
                .or_else(|| stored?.description.clone())
                .or(told.description),
            author: stored.and_then(|card| card.author.clone()).or(told.author),
            published: stored.and_then(|card| card.published).or(told.published),
            state,
            in_feeds: stored.map_or(0, |card| card.in_feeds),
        }
    }

    fn title_or(&self, source: &Source) -> SafeText {
        let anchor = Some(source.anchor.clone()).filter(|anchor| !anchor.is_empty());
        self.title
            .clone()
            .or(anchor)
            .unwrap_or_else(|| SafeText::line(source.display.as_str()))
    }
}

fn row<'a>(source: &'a Source, card: &'a Card, rank: usize) -> Row<'a> {
    Row {
        n: source.n,
        url: source.url.as_str(),
        display_url: source.display.as_str(),
        key: &source.key,
        site: &source.site,
        role: source.role.name(),
        primary: source.primary,
        kind: source.kind.name(),
        anchor: some(&source.anchor),
        context: some(&source.context),
        strength: source.strength,
        rank,
        external: source.external,
        title: card.title.as_deref(),
        description: card.description.as_deref(),
        author: card.author.as_deref(),
        published: card.published.map(time),
        image: None,
        card: card.state,
        in_feeds: card.in_feeds,
        reason: &source.reason,
    }
}

/// The place of each among all by strength, from 1.
fn ranks(sources: &[Source]) -> Vec<usize> {
    let order = ranked(sources);
    let mut ranks = vec![0; sources.len()];
    for (rank, &place) in order.iter().enumerate() {
        ranks[place] = rank + 1;
    }
    ranks
}

fn print_text(source: &Source, card: &Card, out: &mut Out) -> std::io::Result<()> {
    let number = source
        .n
        .map_or_else(|| "  –".to_owned(), |n| format!("{n:>3}"));
    let star = if source.primary { " ★" } else { "" };
    out.line(&format!("{number}{star} {}", card.title_or(source)))?;
    out.line(&format!(
        "    {} · {} · {}",
        SafeText::line(&source.site),
        source.role.name(),
        source.kind.name()
    ))?;
    out.line(&format!("    {}", SafeText::line(source.display.as_str())))?;
    if let Some(description) = &card.description {
        out.line(&format!("    {description}"))?;
    }
    Ok(())
}

fn print_left_out(left: &LeftOut, format: SourcesFormat, out: &mut Out) -> std::io::Result<()> {
    match format {
        SourcesFormat::Json => out.json(&LeftOutRow {
            n: None,
            url: &left.url,
            anchor: some(&left.anchor),
            left_out: &left.reason,
        }),
        SourcesFormat::Text => {
            out.line(&format!(
                "  × {} ({})",
                if left.anchor.is_empty() {
                    "(no words)"
                } else {
                    &left.anchor
                },
                SafeText::line(&left.reason)
            ))?;
            out.line(&format!("    {}", SafeText::line(&left.url)))
        }
        SourcesFormat::Markdown | SourcesFormat::Bibtex => Ok(()),
    }
}

/// A source as BibTeX has it; papers with their DOI or number.
fn bibtex(source: &Source, card: &Card) -> String {
    let name: String = source
        .site
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let year = card.published.map(|at| at.format("%Y").to_string());
    let mut fields = vec![(
        "title",
        format!("{{{}}}", bibtex_safe(&card.title_or(source))),
    )];
    fields.extend(card.author.as_ref().map(|author| {
        // Names are joined by a word there.
        let people: Vec<String> = author.split(", ").map(bibtex_safe).collect();
        ("author", people.join(" and "))
    }));
    fields.extend(year.clone().map(|year| ("year", year)));
    fields.extend(
        card.published
            .map(|at| ("month", at.format("%m").to_string())),
    );
    match source.key.split_once(':') {
        Some(("doi", doi)) => fields.push(("doi", bibtex_safe(doi))),
        Some(("arxiv", number)) => {
            fields.push(("eprint", bibtex_safe(number)));
            fields.push(("archiveprefix", "arXiv".to_owned()));
        }
        _ => fields.push(("publisher", bibtex_safe(&source.site))),
    }
    fields.push(("url", source.display.to_string().replace(['{', '}'], "")));
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("  {name} = {{{value}}}"))
        .collect();
    format!(
        "@{}{{{name}{}-{},\n{}\n}}",
        if source.kind == Kind::Paper {
            "article"
        } else {
            "online"
        },
        year.unwrap_or_default(),
        source.n.unwrap_or_default(),
        fields.join(",\n")
    )
}

fn bibtex_safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in SafeText::line(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => safe.extend(['\\', c]),
            '{' | '}' => {}
            '\\' => safe.push_str("\\textbackslash "),
            '~' => safe.push_str("\\textasciitilde "),
            '^' => safe.push_str("\\textasciicircum "),
            c => safe.push(c),
        }
    }
    safe
}

fn markdown_safe(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Found, clean};
    use crate::source::{FieldLinks, Subject, collect};

    fn bibtex_of(html: &str) -> String {
        let url = clean("https://example.org/a", Found::default())
            .expect("an address")
            .display;
        let collected = collect(&Subject {
            html,
            url: &url,
            feed_site: None,
            feed_url: None,
            fields: &FieldLinks::default(),
            extracted: false,
            boilerplate: &[],
        });
        let source = &collected.sources[0];
        bibtex(source, &Card::of(source, &HashMap::new()))
    }

    #[test]
    fn a_source_is_an_entry_of_a_bibliography() {
        assert_eq!(
            bibtex_of(
                "<p>See <a href='https://www.example.com/a-b-c'>what 100 % of R&amp;D {wants} to be</a>."
            ),
            "@online{examplecom-1,\n  title = {{what 100 \\% of R\\&D wants to be}},\n  publisher = {example.com},\n  url = {https://www.example.com/a-b-c}\n}"
        );
        assert_eq!(
            bibtex_of(
                "<p>See <a href='https://arxiv.org/abs/2311.09394'>a paper about many things</a>."
            ),
            "@article{arxivorg-1,\n  title = {{a paper about many things}},\n  eprint = {2311.09394},\n  archiveprefix = {arXiv},\n  url = {https://arxiv.org/abs/2311.09394}\n}"
        );
    }
}
