//! `bron stories`: entries grouped by what they are about.

use super::Context;
use super::args::StoriesArgs;
use super::print::{Out, some, time};
use crate::news::{FrontPage, StoryRow};
use crate::store::Wanted;
use crate::story::{Gathering, Item, Text};
use crate::text::SafeText;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    entries: Vec<Entry>,
    sources: Vec<Source>,
    primary: Option<String>,
    first: Option<String>,
    last: Option<String>,
    score: f32,
}

#[derive(Serialize)]
struct Entry {
    id: serde_json::Value,
    feed: String,
    title: String,
    url: Option<String>,
    published: Option<String>,
}

#[derive(Serialize)]
struct Source {
    url: String,
    title: String,
    cited_by: u32,
}

/// Prints the stories.
pub fn run(args: &StoriesArgs, context: &Context) -> Result<()> {
    let mut out = Out::new();
    if let Some(file) = &args.from_tsv {
        for row in of_table(file)? {
            if args.json {
                out.json(&row)?;
            } else {
                out.line(&format!("{} ({})", row.title, row.entries.len()))?;
            }
        }
        return Ok(out.done()?);
    }
    let until = args.now.unwrap_or_else(|| context.now());
    let page = front_page(
        context,
        until - args.since,
        until,
        args.limit.unwrap_or(200),
        0,
    )?;
    for (at, story) in page.stories.iter().enumerate() {
        if args.json {
            out.json(&row(story))?;
            continue;
        }
        if at > 0 {
            out.line("")?;
        }
        let mark = if story.sites > 1 {
            format!(" ◆ {}", story.sites)
        } else {
            String::new()
        };
        out.line(&format!("{}{mark}", titled(&story.title)))?;
        for told in story
            .entries
            .iter()
            .filter(|told| story.entries.len() > 1 || told.head.title != story.title)
        {
            let copy = if told.copy { " · same text" } else { "" };
            out.line(&format!(
                "  {} · {}{copy}",
                told.head.feed_title,
                titled(&told.head.title)
            ))?;
        }
        if story.entries.len() == 1 {
            out.line(&format!("  {}", story.entries[0].head.feed_title))?;
        }
        if let Some(primary) = &story.primary {
            let name = if primary.certain {
                "primary source"
            } else {
                "most cited"
            };
            out.line(&format!(
                "  {name}: {} · {} ({})",
                titled(&primary.title),
                primary.url,
                primary.reason
            ))?;
        }
    }
    Ok(out.done()?)
}

/// The front page of a time, as the settings want it.
pub fn front_page(
    context: &Context,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    stories: usize,
    cited: usize,
) -> Result<FrontPage> {
    // What is stored and not yet placed is placed first: a cron job comes right after its refresh.
    context.writer()?.flush(true);
    Ok(context.reader()?.front_page(&Wanted {
        since,
        until,
        stories,
        cited,
        lone: true,
        habits: context.settings()?.habits,
    })?)
}

/// A title, or what stands for one.
pub fn titled(title: &SafeText) -> &str {
    if title.trim().is_empty() {
        "(no title)"
    } else {
        title
    }
}

fn row(story: &StoryRow) -> Row {
    Row {
        id: story.id.0,
        title: story.title.to_string(),
        entries: story
            .entries
            .iter()
            .map(|told| Entry {
                id: told.head.id.0.into(),
                feed: told.head.feed_title.to_string(),
                title: told.head.title.to_string(),
                url: told.head.url.clone(),
                published: Some(time(told.head.published)),
            })
            .collect(),
        sources: story
            .sources
            .iter()
            .map(|source| Source {
                url: source.url.clone(),
                title: source.title.to_string(),
                cited_by: source.cited_by,
            })
            .collect(),
        primary: story
            .primary
            .as_ref()
            .filter(|primary| primary.certain)
            .map(|primary| primary.url.clone()),
        first: Some(time(story.first)),
        last: Some(time(story.last)),
        score: story.score,
    }
}

/// The stories of a table of headlines: its first line names the columns; `id` and `title` must be there, `publisher`,
/// `timestamp_ms`, `url` and `text` may. Placed in the order of the lines.
fn of_table(file: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("could not read {}", file.display()))?;
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name);
    let (Some(id), Some(title)) = (column("id"), column("title")) else {
        bail!(
            "{} has no columns id and title in its first line",
            file.display()
        );
    };
    let (feed, at, url, body) = (
        column("publisher"),
        column("timestamp_ms"),
        column("url"),
        column("text"),
    );
    let rows: Vec<Vec<&str>> = lines
        .filter(|line| !line.is_empty())
        .map(|line| line.split('\t').collect())
        .collect();
    let cell = |row: &[&str], place: Option<usize>| -> String {
        let text = place
            .and_then(|place| row.get(place))
            .copied()
            .unwrap_or_default();
        crate::text::SafeText::line(text).into_string()
    };
    let seconds = |row: &[&str]| cell(row, at).parse::<i64>().map_or(0, |ms| ms / 1000);
    let mut feeds: HashMap<String, i64> = HashMap::new();
    let mut gathering = Gathering::default();
    for row in &rows {
        let next = feeds.len() as i64;
        // Without a publisher every line is a feed of its own.
        let name = feed.map_or_else(|| next.to_string(), |feed| cell(row, Some(feed)));
        let feed = *feeds.entry(name).or_insert(next);
        gathering.add(&Item {
            text: Text {
                title: &cell(row, Some(title)),
                body: &cell(row, body),
                language: "en",
                strong: 0,
            },
            feed,
            at: seconds(row),
        });
    }
    let told = |seconds: i64| {
        (seconds > 0).then(|| time(DateTime::from_timestamp(seconds, 0).unwrap_or_default()))
    };
    Ok(gathering
        .stories()
        .iter()
        .enumerate()
        .map(|(number, story)| {
            let times = story.iter().map(|at| seconds(&rows[*at]));
            let speaks = gathering
                .title_of(story)
                .map_or("", |at| rows[at].get(title).copied().unwrap_or_default());
            Row {
                id: number as i64 + 1,
                title: crate::text::SafeText::line(speaks).into_string(),
                entries: story
                    .iter()
                    .map(|at| {
                        let row = &rows[*at];
                        let own = cell(row, Some(id));
                        Entry {
                            id: own.parse::<i64>().map_or_else(|_| own.into(), Into::into),
                            feed: cell(row, feed),
                            title: cell(row, Some(title)),
                            url: some(&cell(row, url)).map(ToOwned::to_owned),
                            published: told(seconds(row)),
                        }
                    })
                    .collect(),
                sources: Vec::new(),
                primary: None,
                first: times.clone().min().and_then(told),
                last: times.max().and_then(told),
                score: story.len() as f32,
            }
        })
        .collect())
}
