//! `bron doctor`: one page to paste in a bug report. No secrets: no address of the reader's but those of feeds that fail,
//! without their user names, passwords and queries.

use super::print::Out;
use super::{Context, feed_list};
use crate::address;
use crate::config::Lists;
use crate::store::Reader;
use crate::text::SafeText;
use anyhow::Result;
use std::path::Path;

/// Variables that say what a terminal can do.
const TERMINAL: &[&str] = &[
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "NO_COLOR",
    "TMUX",
    "STY",
    "SSH_TTY",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
];
/// Variables of which only is said whether they are set: their values may hold passwords or names.
const SET: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "BROWSER",
    "PAGER",
    "EDITOR",
    "VISUAL",
];

/// Prints the page.
pub fn run(context: &Context) -> Result<()> {
    let mut out = Out::new();
    out.line(&format!(
        "bron {} on {} {}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    ))?;
    terminal(&mut out)?;
    paths(context, &mut out)?;
    config(context, &mut out)?;
    out.line("\ndatabase")?;
    let database = context.paths.database();
    if !database.is_file() {
        out.line("  none yet; `bron refresh` makes one")?;
        return Ok(out.done()?);
    }
    match Reader::open(&database) {
        Ok(reader) => {
            if let Err(error) = store(&reader, &mut out) {
                out.line(&format!(
                    "  {}",
                    SafeText::line(&format!("cannot be read: {error:#}"))
                ))?;
            }
        }
        Err(error) => out.line(&format!(
            "  {}",
            SafeText::line(&format!("cannot be opened: {error}"))
        ))?,
    }
    Ok(out.done()?)
}

fn terminal(out: &mut Out) -> Result<()> {
    out.line("\nterminal")?;
    match ratatui::crossterm::terminal::size() {
        Ok((columns, rows)) => out.line(&format!("  size {columns} × {rows}"))?,
        Err(_) => out.line("  no terminal")?,
    }
    let colours = match (
        std::env::var("COLORTERM").as_deref(),
        std::env::var("TERM").as_deref(),
    ) {
        (Ok("truecolor" | "24bit"), _) => "16,777,216",
        (_, Ok(term)) if term.contains("256color") => "256",
        (_, Ok("dumb" | "") | Err(_)) => "none",
        _ => "16",
    };
    out.line(&format!("  colours, as the variables say: {colours}"))?;
    for name in TERMINAL {
        if let Ok(value) = std::env::var(name) {
            out.line(&format!("  {}", SafeText::line(&format!("{name}={value}"))))?;
        }
    }
    let set: Vec<&str> = SET
        .iter()
        .copied()
        .filter(|name| std::env::var_os(name).is_some())
        .collect();
    out.line(&format!(
        "  also set: {}",
        if set.is_empty() {
            "none".to_owned()
        } else {
            set.join(", ")
        }
    ))?;
    Ok(())
}

fn paths(context: &Context, out: &mut Out) -> Result<()> {
    out.line("\npaths")?;
    for (name, path) in [
        ("config", &context.paths.config),
        ("data", &context.paths.data_dir),
        ("cache", &context.paths.cache_dir),
        ("state", &context.paths.state_dir),
    ] {
        let safe = SafeText::line(&path.display().to_string());
        out.line(&format!("  {name:<6} {safe} ({})", state(path)))?;
    }
    Ok(())
}

fn state(path: &Path) -> &'static str {
    match std::fs::metadata(path) {
        Err(_) => "not there yet",
        Ok(about) if about.permissions().readonly() => {
            "cannot be written; --data-dir and --config name other places"
        }
        Ok(_) => "there",
    }
}

fn config(context: &Context, out: &mut Out) -> Result<()> {
    let loaded = context.loaded();
    let lists = Lists::read(&context.paths, loaded);
    out.line("\nconfig")?;
    out.line(&format!(
        "  {} settings, {} lists, {} feeds",
        loaded.said.len(),
        loaded.lists.len(),
        lists.feeds.len()
    ))?;
    for mistake in loaded.mistakes.iter().chain(&lists.mistakes).take(20) {
        out.line(&format!("  {}", SafeText::line(&mistake.to_string())))?;
    }
    Ok(())
}

fn store(reader: &Reader, out: &mut Out) -> Result<()> {
    let numbers = reader.statistics()?;
    out.line(&format!(
        "  schema {}, {:.1} MB",
        numbers.schema,
        numbers.size as f64 / 1e6
    ))?;
    out.line(&format!(
        "  {} entries, {} unread, {} starred, {} later; {} pages, {} cards; {} to index",
        numbers.counts.all,
        numbers.counts.unread,
        numbers.counts.starred,
        numbers.counts.later,
        numbers.pages,
        numbers.cards,
        numbers.to_index
    ))?;
    let wrong = reader.integrity()?;
    out.line(if wrong.is_empty() {
        "  check: ok"
    } else {
        "  check: DAMAGED; `bron salvage` saves what can be read, `bron restore` puts a backup back"
    })?;
    for line in wrong.iter().take(10) {
        out.line(&format!("    {}", SafeText::line(line)))?;
    }
    out.line(&format!(
        "\nfeeds: {}, hidden: {}, failing: {}",
        numbers.feeds, numbers.hidden_feeds, numbers.failing_feeds
    ))?;
    for feed in reader.feeds()?.iter().filter(|feed| !feed.hidden) {
        if let (_, Some(error)) = feed_list::health(feed) {
            out.line(&format!(
                "  {}: {error}",
                SafeText::line(&address::without_secrets(&feed.url))
            ))?;
        }
    }
    Ok(())
}
