//! The keys, out of the table, searchable; and the box of what may follow a prefix.

use super::lists::frame;
use super::put;
use crate::tui::action::{ACTIONS, Group, Row};
use crate::tui::overlay::Help;
use crate::tui::theme::{ASCII, Look};
use crate::tui::{Model, fit, keymap};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// A line of the help: a heading, or keys and what they do.
pub enum HelpLine {
    Heading(&'static str),
    Keys(String, &'static str),
}

/// The lines that hold the words searched.
pub fn lines(model: &Model, help: &Help) -> Vec<HelpLine> {
    let words = help.input.value().to_lowercase();
    let mut lines = Vec::with_capacity(ACTIONS.len() + 20);
    for group in Group::ALL {
        let before = lines.len();
        for row in ACTIONS.iter().filter(|row| row.group == group) {
            if holds(model, row, &words) {
                let keys: Vec<String> = model.keymap.keys_of(row.action);
                let keys: Vec<&str> = keys.iter().map(|key| arrow(model, key)).collect();
                let keys = keys.join("  ");
                let keys = if keys.is_empty() {
                    format!(":{}", row.name)
                } else {
                    keys
                };
                lines.push(HelpLine::Keys(keys, row.help));
            }
        }
        if lines.len() > before {
            lines.insert(before, HelpLine::Heading(group.title()));
            if before > 0 {
                lines.insert(before, HelpLine::Keys(String::new(), ""));
            }
        }
    }
    let language: Vec<HelpLine> = language()
        .filter(|(written, text)| {
            let all = format!("{written} {text} {LANGUAGE}").to_lowercase();
            all.contains(&words)
        })
        .map(|(written, text)| HelpLine::Keys(written, text))
        .collect();
    if !language.is_empty() {
        if !lines.is_empty() {
            lines.push(HelpLine::Keys(String::new(), ""));
        }
        lines.push(HelpLine::Heading(LANGUAGE));
        lines.extend(language);
    }
    lines
}

/// The heading of what a search understands.
pub const LANGUAGE: &str = "Search language";

/// What a search understands: as it is written, and what it finds.
pub fn language() -> impl Iterator<Item = (String, &'static str)> {
    let forms = [
        ("word", "in title, author, text or note"),
        ("\"two words\"", "side by side"),
        ("-word", "not with this word"),
        ("a or b", "with one of them; parentheses hold together"),
        ("/regex/", "a regular expression"),
    ];
    let forms = forms.map(|(written, text)| (written.to_owned(), text));
    let fields = crate::query::FIELDS.iter();
    forms
        .into_iter()
        .chain(fields.map(|(name, text)| (format!("{name}:"), *text)))
}

/// Arrows as they stand on the keys.
fn arrow<'a>(model: &Model, key: &'a str) -> &'a str {
    match key {
        _ if model.theme.symbols == ASCII => key,
        "up" => "↑",
        "down" => "↓",
        "left" => "←",
        "right" => "→",
        key => key,
    }
}

/// Whether name, keys, meaning or chapter of an action hold the words (in lower case).
pub fn holds(model: &Model, row: &Row, words: &str) -> bool {
    let keys = model.keymap.keys_of(row.action).join("  ");
    [row.help, row.name, row.group.title(), keys.as_str()]
        .iter()
        .any(|text| text.to_lowercase().contains(words))
}

/// Rows of the box of what may follow a prefix, where the screen is wide.
const PREFIX_ROWS: usize = 7;
/// Columns of keys, of one column of the help.
const KEYS: u16 = 18;
/// The widest that one column of the help grows.
const COLUMN: u16 = 84;
/// Between two columns.
const GAP: u16 = 3;

/// A row of the help as it is drawn: a heading, or keys beside a part of what they do.
struct HelpRow {
    heading: bool,
    left: String,
    right: String,
}

/// Where the help stands, in how many columns, and how wide each is.
fn place(area: Rect) -> (Rect, u16, u16) {
    let columns = (area.width / 70).clamp(1, 3);
    let each = ((area.width - 2 - (columns - 1) * GAP) / columns).min(COLUMN);
    let width = each * columns + (columns - 1) * GAP + 2;
    let width = width.min(area.width);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    };
    (place, columns, each)
}

/// The rows of the help in columns of that width: what is long goes on below.
fn rows(model: &Model, help: &Help, each: u16) -> Vec<HelpRow> {
    let room = usize::from(each.saturating_sub(keys_in(each) + 3)).max(1);
    let mut rows = Vec::new();
    for line in lines(model, help) {
        match line {
            HelpLine::Heading(title) => rows.push(HelpRow {
                heading: true,
                left: title.to_owned(),
                right: String::new(),
            }),
            HelpLine::Keys(keys, text) => {
                let parts = fit::wrap(text, room, 4);
                let mut parts = parts.iter().map(ToString::to_string);
                rows.push(HelpRow {
                    heading: false,
                    left: keys,
                    right: parts.next().unwrap_or_default(),
                });
                rows.extend(parts.map(|right| HelpRow {
                    heading: false,
                    left: String::new(),
                    right,
                }));
            }
        }
    }
    rows
}

fn keys_in(each: u16) -> u16 {
    KEYS.min(each / 3)
}

/// The last row that may stand first, so that what is below it fills the screen.
pub fn last_top(model: &Model, help: &Help, area: Rect) -> usize {
    let (place, columns, each) = place(area);
    let seen = usize::from(columns) * usize::from(place.height.saturating_sub(1));
    rows(model, help, each).len().saturating_sub(seen)
}

/// Draws the help over the columns.
pub fn draw(model: &Model, help: &Help, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let (area, _, each) = place(area);
    let title = if help.searching || !help.input.value().is_empty() {
        format!("KEYS with “{}”", help.input.value())
    } else {
        "KEYS".to_owned()
    };
    let inner = frame(buf, area, &title, "/ searches, esc closes", theme);
    let height = usize::from(inner.height).max(1);
    let keys = keys_in(each);
    let text = each.saturating_sub(keys + 3);
    for (at, row) in rows(model, help, each).iter().skip(help.top).enumerate() {
        let x = inner.x + (at / height) as u16 * (each + GAP);
        let y = inner.y + (at % height) as u16;
        if x + each > inner.right() {
            break;
        }
        if row.heading {
            put(buf, x, y, &row.left, each, theme.style(Look::Heading));
            continue;
        }
        let style = theme.style(Look::Accent).add_modifier(Modifier::BOLD);
        let left = fit::cut(&row.left, usize::from(keys));
        put(buf, x + 2, y, &left, keys, style);
        put(
            buf,
            x + keys + 3,
            y,
            &row.right,
            text,
            theme.style(Look::Text),
        );
    }
}

/// Draws the box of what may follow the keys pressed so far.
pub fn draw_prefix(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let mut following = model.keymap.following(&model.pending);
    // As in a dictionary: small and large letters side by side.
    following.sort_by_key(|(keys, _)| (keys.to_lowercase(), keys.to_uppercase() == *keys));
    let rows: Vec<(String, &str)> = following
        .iter()
        .map(|(keys, actions)| {
            (
                keys.clone(),
                actions.first().map_or("", |action| action.row().short),
            )
        })
        .collect();
    let widest = rows
        .iter()
        .map(|(keys, text)| fit::width(keys) + fit::width(text) + 3)
        .max()
        .unwrap_or(10) as u16;
    let fits = usize::from(area.height.saturating_sub(2)).max(1);
    // A low box at the bottom leaves what is read in sight; a narrow screen makes it higher.
    let columns = rows
        .len()
        .div_ceil(fits.min(PREFIX_ROWS))
        .max(1)
        .min(usize::from((area.width / (widest + 2)).max(1)));
    let height = rows.len().div_ceil(columns).min(fits) as u16;
    let width = (columns as u16 * (widest + 2) + 2).min(area.width);
    let place = Rect::new(
        area.right() - width,
        area.bottom().saturating_sub(height + 1),
        width,
        height + 1,
    );
    let inner = frame(
        buf,
        place,
        &keymap::sequence_name(&model.pending),
        "",
        theme,
    );
    for (at, (keys, text)) in rows.iter().enumerate() {
        let column = (at / usize::from(height.max(1))) as u16;
        let y = inner.y + (at % usize::from(height.max(1))) as u16;
        let x = inner.x + column * (widest + 2);
        if y >= inner.bottom() || x + widest > place.right() {
            continue;
        }
        let next = put(
            buf,
            x,
            y,
            keys,
            widest,
            theme.style(Look::Accent).add_modifier(Modifier::BOLD),
        ) + 2;
        put(buf, next, y, text, widest, theme.style(Look::Text));
    }
}
