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

/// Draws the help over the columns.
pub fn draw(model: &Model, help: &Help, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let width = area.width.min(84);
    let area = Rect::new(
        area.x + (area.width - width) / 2,
        area.y,
        width,
        area.height,
    );
    let title = if help.searching || !help.input.value().is_empty() {
        format!("KEYS with “{}”", help.input.value())
    } else {
        "KEYS".to_owned()
    };
    let inner = frame(buf, area, &title, "/ searches, esc closes", theme);
    let column = 22.min(inner.width / 3);
    let lines = lines(model, help);
    for (at, line) in lines
        .iter()
        .skip(help.top)
        .take(usize::from(inner.height))
        .enumerate()
    {
        let y = inner.y + at as u16;
        match line {
            HelpLine::Heading(title) => {
                put(
                    buf,
                    inner.x,
                    y,
                    title,
                    inner.width,
                    theme.style(Look::Heading),
                );
            }
            HelpLine::Keys(keys, text) => {
                let style = theme.style(Look::Accent).add_modifier(Modifier::BOLD);
                put(
                    buf,
                    inner.x + 2,
                    y,
                    &fit::cut(keys, usize::from(column)),
                    column,
                    style,
                );
                let room = inner.width.saturating_sub(column + 3);
                put(
                    buf,
                    inner.x + column + 3,
                    y,
                    &fit::cut(text, usize::from(room)),
                    room,
                    theme.style(Look::Text),
                );
            }
        }
    }
}

/// Draws the box of what may follow the keys pressed so far.
pub fn draw_prefix(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let following = model.keymap.following(&model.pending);
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
    let columns = rows
        .len()
        .div_ceil(fits)
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
