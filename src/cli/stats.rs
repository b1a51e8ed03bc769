//! `bron stats`: what was read, feeds by it, hours of the day.

use super::Context;
use super::args::StatsArgs;
use super::print::{Out, time};
use crate::news::Reading;
use crate::text::SafeText;
use crate::tui::pane::report::{For, Setting, of_reading};
use crate::tui::theme::{ASCII, UNICODE};
use anyhow::Result;
use chrono::Local;
use serde::Serialize;

#[derive(Serialize)]
struct Whole<'a> {
    days: usize,
    entries: u32,
    read: u32,
    opened: u32,
    /// Entries opened, by the local hour of the day.
    hours: [u32; 24],
    by_day: Vec<OfDay>,
    feeds: Vec<Feed<'a>>,
}

#[derive(Serialize)]
struct OfDay {
    day: String,
    entries: u32,
    read: u32,
}

#[derive(Serialize)]
struct Feed<'a> {
    id: i64,
    title: &'a str,
    url: &'a str,
    entries: u32,
    read: u32,
    opened: u32,
    last: Option<String>,
    error: Option<&'a str>,
}

/// Prints the statistics.
pub fn run(args: &StatsArgs, context: &Context) -> Result<()> {
    let zone = *Local::now().offset();
    let now = context.now();
    let reading = context.reader()?.reading(now, zone, args.days)?;
    let mut out = Out::new();
    if args.json {
        out.json(&whole(&reading))?;
    } else {
        let ascii = context.settings()?.screen.symbols == "ascii";
        let symbols = if ascii { ASCII } else { UNICODE };
        let setting = Setting {
            now,
            zone,
            blocks: symbols.blocks,
        };
        for row in of_reading(&reading, setting) {
            if row.whom != For::Ears {
                out.line(row.text.trim_end())?;
            }
        }
    }
    Ok(out.done()?)
}

fn whole(reading: &Reading) -> Whole<'_> {
    let feeds = &reading.feeds;
    Whole {
        days: reading.days.len(),
        entries: feeds.iter().map(|feed| feed.arrived).sum(),
        read: feeds.iter().map(|feed| feed.read).sum(),
        opened: feeds.iter().map(|feed| feed.opened).sum(),
        hours: reading.hours,
        by_day: reading
            .days
            .iter()
            .map(|day| OfDay {
                day: day.day.to_string(),
                entries: day.arrived,
                read: day.read,
            })
            .collect(),
        feeds: feeds
            .iter()
            .map(|feed| Feed {
                id: feed.feed.0,
                title: &feed.title,
                url: &feed.url,
                entries: feed.arrived,
                read: feed.read,
                opened: feed.opened,
                last: feed.last.map(time),
                error: feed.ill.as_ref().map(SafeText::as_str),
            })
            .collect(),
    }
}
