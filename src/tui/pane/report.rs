//! Pages of facts and charts: the page of a feed, and the statistics. Made of rows, so that the command line prints the
//! same ones.

use super::lists::frame;
use super::put;
use crate::news::{DayCount, FeedPage, FeedReading, Reading};
use crate::tui::theme::{Look, Theme};
use crate::tui::{Model, fit, words};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Columns of a page.
pub const WIDTH: u16 = 80;
/// Feeds that a table of the statistics names.
const NAMED: usize = 10;
/// A feed whose newest entry is older is quiet.
const QUIET_DAYS: i64 = 90;
/// Rows of a chart.
const HEIGHT: usize = 4;

/// Whom a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    All,
    /// A drawing, which says nothing to who listens.
    Eyes,
    /// The same in words.
    Ears,
}

/// A row of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub text: String,
    pub look: Look,
    pub whom: For,
}

fn row(text: impl Into<String>, look: Look) -> Row {
    Row {
        text: text.into(),
        look,
        whom: For::All,
    }
}

/// What rows depend on besides the numbers.
#[derive(Clone, Copy)]
pub struct Setting {
    pub now: DateTime<Utc>,
    pub zone: FixedOffset,
    /// From one eighth to a full block.
    pub blocks: [&'static str; 8],
}

impl Setting {
    /// As the screen is now.
    pub fn of(model: &Model) -> Setting {
        Setting {
            now: model.now,
            zone: model.zone,
            blocks: model.theme.symbols.blocks,
        }
    }
}

/// Facts as rows: names in one column, texts wrapped in another.
pub fn facts(lines: &[(String, String)]) -> Vec<Row> {
    let room = usize::from(WIDTH) - 18;
    let mut rows = Vec::new();
    for (name, text) in lines {
        for (at, part) in fit::wrap(text, room, 8).iter().enumerate() {
            let name = if at == 0 { name.as_str() } else { "" };
            rows.push(row(format!("{}{part}", padded(name, 15)), Look::Text));
        }
    }
    rows
}

/// The rows of a feed's page: its facts, the last thirty days, its last visits.
pub fn of_feed(lines: &[(String, String)], page: &FeedPage, setting: Setting) -> Vec<Row> {
    let mut rows = facts(lines);
    let arrived: u32 = page.days.iter().map(|day| day.arrived).sum();
    let read: u32 = page.days.iter().map(|day| day.read).sum();
    if !page.settings.is_empty() {
        rows.extend(facts(&[("settings".to_owned(), page.settings.join(", "))]));
    }
    rows.push(row("", Look::Text));
    rows.push(row("The last 30 days", Look::Heading));
    rows.extend(days_chart(&page.days, setting));
    rows.push(row(share_words(arrived, read, page.opened), Look::Text));
    if !page.visits.is_empty() {
        rows.push(row("", Look::Text));
        rows.push(row("Last visits", Look::Heading));
    }
    for visit in &page.visits {
        let mut parts = vec![visit.outcome.clone()];
        parts.extend(visit.http.map(|code| format!("the server said {code}")));
        for (count, word) in [(visit.new, "new"), (visit.changed, "changed")] {
            if count > 0 {
                parts.push(format!("{} {word}", words::number(count as usize)));
            }
        }
        parts.push(format!("{} ms", words::number(visit.took_ms as usize)));
        if visit.bytes > 0 {
            parts.push(format!(
                "{} KB",
                words::number(visit.bytes.div_ceil(1024) as usize)
            ));
        }
        let when = words::time(visit.at, setting.now, setting.zone);
        let mut lines = vec![(when, parts.join(", "))];
        lines.extend(
            visit
                .sentence
                .iter()
                .map(|why| (String::new(), why.to_string())),
        );
        rows.extend(facts(&lines));
    }
    rows
}

fn share_words(arrived: u32, read: u32, opened: u32) -> String {
    if arrived == 0 {
        return "Nothing arrived in these days.".to_owned();
    }
    format!(
        "{}, {} % of them read, {} opened.",
        words::plural(arrived as usize, "entry"),
        percent(read, arrived),
        words::number(opened as usize)
    )
}

fn percent(part: u32, whole: u32) -> u32 {
    (u64::from(part) * 100 / u64::from(whole.max(1))) as u32
}

/// Entries a day as bars, with the days below, and in words for who listens.
fn days_chart(days: &[DayCount], setting: Setting) -> Vec<Row> {
    let values: Vec<u32> = days.iter().map(|day| day.arrived).collect();
    if values.iter().all(|count| *count == 0) {
        // The sentence below says it; an empty frame would look like something that is still to come.
        return Vec::new();
    }
    let wide = (usize::from(WIDTH) - 10) / values.len().max(1);
    let mut rows = chart(&values, wide.clamp(1, 2), setting.blocks);
    let name = |day: &DayCount| day.day.format("%-d %b").to_string();
    if let (Some(first), Some(last)) = (days.first(), days.last()) {
        let room = values.len() * wide.clamp(1, 2);
        let (first, last) = (name(first), name(last));
        let gap = room
            .saturating_sub(fit::width(&first) + fit::width(&last))
            .max(1);
        rows.push(Row {
            whom: For::Eyes,
            ..row(
                format!("{}{first}{}{last}", " ".repeat(8), " ".repeat(gap)),
                Look::Dim,
            )
        });
    }
    let said: Vec<String> = values.iter().map(ToString::to_string).collect();
    rows.push(Row {
        whom: For::Ears,
        ..row(
            format!("Entries a day, oldest first: {}.", said.join(", ")),
            Look::Text,
        )
    });
    rows
}

/// Bars, the highest as high as the chart; its number stands at the left.
fn chart(values: &[u32], wide: usize, blocks: [&str; 8]) -> Vec<Row> {
    let most = values.iter().copied().max().unwrap_or(0);
    let mut rows = Vec::new();
    for level in (0..HEIGHT).rev() {
        let bars: String = values
            .iter()
            .map(|value| {
                // Eighths of a row; what is there at all is seen.
                let full = u64::from(*value) * (HEIGHT as u64) * 8;
                let eighths = full.div_ceil(u64::from(most.max(1))) as usize;
                let here = eighths.saturating_sub(level * 8).min(8);
                let block = here.checked_sub(1).map_or(" ", |at| blocks[at]);
                if wide > 1 {
                    format!("{block} ")
                } else {
                    block.to_owned()
                }
            })
            .collect();
        let label = if level + 1 == HEIGHT {
            words::number(most as usize)
        } else if level == 0 {
            "0".to_owned()
        } else {
            String::new()
        };
        rows.push(Row {
            whom: For::Eyes,
            ..row(format!("{label:>6}  {}", bars.trim_end()), Look::Accent)
        });
    }
    rows
}

/// The rows of the statistics.
pub fn of_reading(reading: &Reading, setting: Setting) -> Vec<Row> {
    let feeds = &reading.feeds;
    let sum = |count: fn(&FeedReading) -> u32| feeds.iter().map(count).sum::<u32>();
    let mut rows = vec![row(
        share_words(
            sum(|feed| feed.arrived),
            sum(|feed| feed.read),
            sum(|feed| feed.opened),
        ),
        Look::Text,
    )];
    rows.extend(days_chart(&reading.days, setting));
    let section = |rows: &mut Vec<Row>, title: String| {
        rows.push(row("", Look::Text));
        rows.push(row(title, Look::Heading));
    };
    section(
        &mut rows,
        "Hours of the day in which you open entries".to_owned(),
    );
    if reading.hours.iter().all(|count| *count == 0) {
        rows.push(row(
            "Nothing was opened yet, or read_log is off.",
            Look::Dim,
        ));
    } else {
        rows.extend(chart(&reading.hours, 2, setting.blocks));
        rows.push(Row {
            whom: For::Eyes,
            ..row(
                format!("{}0           6           12          18", " ".repeat(8)),
                Look::Dim,
            )
        });
        let busy: Vec<String> = (0..24)
            .filter(|hour| reading.hours[*hour] > 0)
            .map(|hour| format!("{hour} h {}", reading.hours[hour]))
            .collect();
        rows.push(Row {
            whom: For::Ears,
            ..row(format!("{}.", busy.join(", ")), Look::Text)
        });
    }

    let mut by_reading: Vec<&FeedReading> = feeds.iter().filter(|feed| feed.arrived > 0).collect();
    by_reading.sort_by_key(|feed| std::cmp::Reverse((feed.opened, feed.read, feed.arrived)));
    let most: Vec<&FeedReading> = by_reading
        .iter()
        .copied()
        .filter(|feed| feed.opened > 0 || feed.read > 0)
        .take(NAMED)
        .collect();
    if !most.is_empty() {
        section(&mut rows, "Read most".to_owned());
        rows.push(row(columns("", "opened", "read", "entries"), Look::Dim));
        rows.extend(most.into_iter().map(feed_row));
    }
    let mut least: Vec<&FeedReading> = by_reading
        .iter()
        .copied()
        .filter(|feed| feed.opened == 0 && percent(feed.read, feed.arrived) < 50)
        .collect();
    least.sort_by_key(|feed| std::cmp::Reverse(feed.arrived));
    if !least.is_empty() {
        section(&mut rows, "Arrives, and is not opened".to_owned());
        rows.push(row(columns("", "opened", "read", "entries"), Look::Dim));
        rows.extend(least.into_iter().take(NAMED).map(feed_row));
    }
    let before = setting.now - TimeDelta::days(QUIET_DAYS);
    let mut quiet: Vec<&FeedReading> = feeds
        .iter()
        .filter(|feed| feed.ill.is_none() && feed.last.is_some_and(|last| last < before))
        .collect();
    quiet.sort_by_key(|feed| feed.last);
    if !quiet.is_empty() {
        section(
            &mut rows,
            format!("Quiet for more than {QUIET_DAYS} days ({})", quiet.len()),
        );
        for feed in quiet.into_iter().take(NAMED) {
            let last = feed.last.map_or_else(String::new, |last| {
                words::age(last, setting.now, setting.zone)
            });
            rows.push(row(
                named(&feed.title, &format!("last entry {last}")),
                Look::Text,
            ));
        }
    }
    let ill: Vec<&FeedReading> = feeds.iter().filter(|feed| feed.ill.is_some()).collect();
    if !ill.is_empty() {
        section(&mut rows, format!("Cannot be visited ({})", ill.len()));
        for feed in ill.into_iter().take(NAMED) {
            let why = feed.ill.as_ref().map_or("", |why| why.as_str());
            rows.push(row(named(&feed.title, why), Look::Text));
        }
    }
    rows
}

fn feed_row(feed: &FeedReading) -> Row {
    let read = format!("{} %", percent(feed.read, feed.arrived));
    let number = |n: u32| words::number(n as usize);
    let text = columns(
        &feed.title,
        &number(feed.opened),
        &read,
        &number(feed.arrived),
    );
    row(text, Look::Text)
}

fn columns(name: &str, opened: &str, read: &str, arrived: &str) -> String {
    let name = fit::cut(name, 44);
    format!("{}{opened:>8}{read:>8}{arrived:>9}", padded(&name, 46))
}

fn named(name: &str, about: &str) -> String {
    format!("{}{}", padded(&fit::cut(name, 32), 34), fit::cut(about, 42))
}

fn padded(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(fit::width(text));
    format!("{text}{}", " ".repeat(gap))
}

/// Draws a page over the columns, from a row on.
pub fn draw(theme: &Theme, title: &str, rows: &[Row], top: usize, area: Rect, buf: &mut Buffer) {
    let seen: Vec<&Row> = rows.iter().filter(|row| row.whom != For::Ears).collect();
    let width = area.width.min(WIDTH + 2);
    let height = area.height.min(seen.len() as u16 + 2);
    let place = Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 4,
        width,
        height,
    );
    let title = fit::cut(title, usize::from(width.saturating_sub(16)));
    let inner = frame(buf, place, &title, "esc closes", theme);
    for (at, row) in seen
        .into_iter()
        .skip(top)
        .take(usize::from(inner.height))
        .enumerate()
    {
        let style = theme.style(row.look);
        let style = if row.look == Look::Heading {
            style.add_modifier(Modifier::BOLD)
        } else {
            style
        };
        put(
            buf,
            inner.x,
            inner.y + at as u16,
            &row.text,
            inner.width,
            style,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::FeedId;
    use crate::text::SafeText;
    use chrono::{NaiveDate, TimeZone};

    fn setting() -> Setting {
        Setting {
            now: Utc
                .with_ymd_and_hms(2025, 11, 3, 13, 0, 0)
                .single()
                .expect("a time"),
            zone: FixedOffset::east_opt(0).expect("no offset is one"),
            blocks: crate::tui::theme::UNICODE.blocks,
        }
    }

    fn days(values: &[u32]) -> Vec<DayCount> {
        let first = NaiveDate::from_ymd_opt(2025, 10, 5).expect("a day");
        first
            .iter_days()
            .zip(values)
            .map(|(day, n)| DayCount {
                day,
                arrived: *n,
                read: n / 2,
            })
            .collect()
    }

    fn feed(n: i64, arrived: u32, read: u32, opened: u32, age_days: i64) -> FeedReading {
        FeedReading {
            feed: FeedId(n),
            title: SafeText::line(&format!("Feed {n}")),
            url: format!("https://{n}.example/"),
            arrived,
            read,
            opened,
            last: Some(setting().now - TimeDelta::days(age_days)),
            ill: (n == 9).then(|| SafeText::line("the server said 404")),
        }
    }

    fn text(rows: &[Row], whom: For) -> String {
        rows.iter()
            .filter(|row| row.whom == For::All || row.whom == whom)
            .map(|row| row.text.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_feed_page_shows_its_month_and_says_it_too() {
        let mut values = vec![0; 30];
        (values[0], values[28], values[29]) = (1, 8, 4);
        let page = FeedPage {
            days: days(&values),
            opened: 2,
            ..FeedPage::default()
        };
        let rows = of_feed(
            &[("address".to_owned(), "https://e.example/".to_owned())],
            &page,
            setting(),
        );
        let seen = text(&rows, For::Eyes);
        assert!(
            seen.contains("13 entries, 46 % of them read, 2 opened."),
            "{seen}"
        );
        assert!(seen.contains("     8  "), "{seen}");
        assert!(seen.contains("5 Oct") && seen.contains("3 Nov"), "{seen}");
        let heard = text(&rows, For::Ears);
        assert!(
            heard.contains("Entries a day, oldest first: 1, 0,") && !heard.contains('█'),
            "{heard}"
        );
    }

    #[test]
    fn bars_are_as_high_as_their_values() {
        let rows = chart(&[0, 1, 8], 1, setting().blocks);
        let column = |n: usize| -> String {
            rows.iter()
                .map(|row| row.text.chars().nth(8 + n).unwrap_or(' '))
                .collect()
        };
        assert_eq!(column(0), "    ");
        assert_eq!(column(1), "   ▄");
        assert_eq!(column(2), "████");
    }

    #[test]
    fn statistics_name_what_is_read_what_is_not_and_what_is_gone() {
        let mut hours = [0; 24];
        hours[8] = 3;
        let reading = Reading {
            days: days(&[3, 5]),
            hours,
            feeds: vec![
                feed(1, 10, 9, 5, 0),
                feed(2, 40, 2, 0, 1),
                feed(3, 0, 0, 0, 200),
                feed(9, 0, 0, 0, 5),
            ],
        };
        let said = text(&of_reading(&reading, setting()), For::Ears);
        for part in [
            "50 entries, 22 % of them read, 5 opened.",
            "8 h 3.",
            "Read most",
            "Arrives, and is not opened",
            "Quiet for more than 90 days (1)",
            "Cannot be visited (1)",
            "the server said 404",
        ] {
            assert!(said.contains(part), "“{part}” is not in:\n{said}");
        }
        let at = |name: &str| said.find(name).expect(name);
        assert!(at("Feed 1") < at("Feed 2") && at("Feed 2") < at("Feed 3"));
    }

    #[test]
    fn nothing_at_all_is_said_so() {
        let said = text(&of_reading(&Reading::default(), setting()), For::Eyes);
        assert!(said.contains("Nothing arrived in these days."), "{said}");
    }
}
