//! `bron import`: a list of feeds from elsewhere becomes a list file beside the config.

use super::Context;
use super::args::ImportArgs;
use super::print::{Out, complain_words};
use crate::config::lists;
use crate::feed::list::{self, Listed};
use crate::feed::opml;
use crate::text::SafeText;
use crate::tui::words::plural;
use anyhow::{Context as _, Result, ensure};
use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;

/// No list of feeds is larger.
const LIMIT: u64 = 64 << 20;

/// Writes the list, names it in the config, and says what is new.
pub fn run(args: &ImportArgs, context: &Context) -> Result<()> {
    let name = args.file.display();
    let bytes = read(&args.file).with_context(|| format!("could not import {name}"))?;
    let mut list = list::read(&bytes);
    let programs = list
        .feeds
        .extract_if(.., |feed| {
            !matches!(feed.url.url().scheme(), "http" | "https")
        })
        .count();
    if !context.global.quiet {
        for (line, problem) in list.problems.iter().take(10) {
            complain_words(&if *line == 0 {
                format!("{name}: {problem}")
            } else {
                format!("{name}:{line}: {problem}")
            });
        }
        if list.problems.len() > 10 {
            complain_words(&format!(
                "{name}: and {} more that cannot be read",
                plural(list.problems.len() - 10, "line")
            ));
        }
        if programs > 0 {
            complain_words(&format!(
                "{name}: {} left out that visits programs or files; write such feeds into your config yourself",
                plural(programs, "feed")
            ));
        }
    }
    ensure!(
        !list.feeds.is_empty(),
        "no feed was found in {name}; OPML, a newsboat urls file and plain addresses can be read"
    );
    let known = context.lists();
    let new = list
        .feeds
        .iter()
        .map(|feed| &feed.url)
        .filter(|url| !known.places.contains_key(url))
        .collect::<HashSet<_>>()
        .len();
    let title = list.title.clone().unwrap_or_else(|| stem(&args.file));
    let text = opml::write(&title, &merged(list.feeds));
    let written = lists::add_list(&context.paths, &stem(&args.file), "opml", text.as_bytes())?;
    context.sync_again()?;
    if !context.global.quiet {
        let mut out = Out::new();
        let whereto = written.first().map_or_else(
            || "it was imported before".to_owned(),
            |written| format!("the list is {}", written.file.display()),
        );
        out.line(&SafeText::line(&format!(
            "{}; {whereto}",
            plural(new, "new feed")
        )))?;
        if new > 0 {
            out.line("`bron refresh` visits them.")?;
        }
        out.done()?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)?;
    }
    ensure!(
        bytes.len() as u64 <= LIMIT,
        "it is larger than {} MiB; no list of feeds is",
        LIMIT >> 20
    );
    Ok(bytes)
}

/// Each feed once, with all its tags.
fn merged(feeds: Vec<Listed>) -> Vec<Listed> {
    let mut merged: Vec<Listed> = Vec::with_capacity(feeds.len());
    let mut places = std::collections::HashMap::new();
    for feed in feeds {
        if let Some(&place) = places.get(&feed.url) {
            let known: &mut Listed = &mut merged[place];
            for tag in feed.tags {
                if !known.tags.contains(&tag) {
                    known.tags.push(tag);
                }
            }
        } else {
            places.insert(feed.url.clone(), merged.len());
            merged.push(feed);
        }
    }
    merged
}

/// A file name that is safe anywhere, made of the name of what was imported.
fn stem(file: &Path) -> String {
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    match safe.trim_matches('-') {
        "" | "config" => "imported".to_owned(),
        safe => safe.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;
    use std::path::Path;

    #[test]
    fn file_names_are_safe() {
        for (from, expected) in [
            ("-", "imported"),
            ("../My Feeds.opml", "my-feeds"),
            ("a\u{1b}b.xml", "a-b"),
            ("urls", "urls"),
            ("日本.opml", "imported"),
        ] {
            assert_eq!(stem(Path::new(from)), expected);
        }
    }
}
