//! Lists that lie over the columns: palette, picks, who cites this, information, questions, labels.

use super::{heading, put, put_right, select};
use crate::news::{Citing, Listing};
use crate::tui::overlay::{Overlay, Palette};
use crate::tui::theme::{Look, Theme};
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::borrow::Cow;

/// Clears an area for something that lies over the columns: a faint ground and a heading. What is left inside.
pub fn frame(buf: &mut Buffer, area: Rect, title: &str, right: &str, theme: &Theme) -> Rect {
    clear_around(buf, area, theme);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(theme.ground().patch(theme.style(Look::Faint)));
            }
        }
    }
    heading(buf, area, title, right, true, theme);
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    }
}

/// Air around a box, so that what lies below does not run into it: two columns, and a row above and below, but never the top
/// and the status line.
fn clear_around(buf: &mut Buffer, area: Rect, theme: &Theme) {
    let rows = buf.area.height;
    let top = area.top().saturating_sub(1).max(1).min(area.top());
    let bottom = (area.bottom() + 1)
        .min(rows.saturating_sub(1))
        .max(area.bottom());
    let (left, right) = (
        area.left().saturating_sub(2),
        area.right().saturating_add(2),
    );
    for y in top..bottom {
        // Half of a wide letter cannot be covered.
        if left > 0
            && let Some(cell) = buf.cell_mut((left - 1, y))
            && fit::width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
        for x in left..right.min(buf.area.right()) {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(theme.ground());
            }
        }
    }
}

/// The place of a list over the columns: in the middle, at the top.
pub(super) fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 4,
        width,
        height,
    )
}

/// Draws what lies over the columns, but for prompts (status line), help and welcome.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    match &model.overlay {
        Some(Overlay::Palette(palette)) => draw_palette(model, palette, area, buf),
        Some(Overlay::Confirm { question, .. }) => {
            let (place, rows) = question_place(question, area);
            let inner = frame(buf, place, "", "", theme);
            for (at, line) in rows.iter().enumerate() {
                put(
                    buf,
                    inner.x,
                    inner.y + at as u16,
                    line,
                    inner.width,
                    theme.style(Look::Text),
                );
            }
            let y = answers_line(place, rows.len());
            let style = theme.style(Look::Accent);
            let answers = ANSWERS.map(|(key, word)| format!("{key} {word}"));
            let text = answers.join(&" ".repeat(APART));
            put(buf, inner.x, y, &text, inner.width, style);
        }
        Some(Overlay::Info { title, lines, top }) => {
            draw_info(model, title, lines, *top, area, buf);
        }
        Some(Overlay::Briefing(shown)) => super::briefing::draw(model, shown, area, buf),
        Some(Overlay::Page {
            title, rows, top, ..
        }) => super::report::draw(theme, title, rows, *top, area, buf),
        Some(Overlay::Citing {
            key,
            list,
            selected,
        }) => draw_listing(model, key, list.as_deref(), *selected, area, buf),
        Some(Overlay::Choose {
            title,
            options,
            selected,
        }) => {
            let place = found_place(options.len(), area);
            let rows: Vec<(String, String)> = options
                .iter()
                .map(|option| (option.text.clone(), option.detail.clone()))
                .collect();
            draw_rows(model, title, &rows, *selected, "", place, buf);
        }
        Some(Overlay::Found {
            found,
            selected,
            asked,
        }) => {
            let place = found_place(found.len(), area);
            let rows: Vec<(String, String)> = found
                .iter()
                .map(|(url, title)| (title.clone(), url.clone()))
                .collect();
            let title = format!("FEEDS OF {asked}");
            draw_rows(
                model,
                &title,
                &rows,
                *selected,
                "No feed was found there.",
                place,
                buf,
            );
        }
        Some(Overlay::Labels { labels, typed, .. }) => {
            let style = theme
                .style(Look::Accent)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED);
            for label in labels
                .iter()
                .filter(|label| label.text.starts_with(typed.as_str()))
            {
                put(buf, label.x, label.y, &label.text[typed.len()..], 2, style);
            }
        }
        _ => {}
    }
}

/// What may be answered to a question: key and word.
const ANSWERS: [(char, &str); 2] = [('y', "yes"), ('n', "no")];
/// Columns between two answers.
const APART: usize = 3;

/// Where a question stands, and its lines.
fn question_place(question: &str, area: Rect) -> (Rect, Vec<Cow<'_, str>>) {
    let rows = fit::wrap(question, usize::from(area.width.min(60)) - 2, 4);
    (middle(area, 60, rows.len() as u16 + 3), rows)
}

fn answers_line(place: Rect, rows: usize) -> u16 {
    (place.y + 2 + rows as u16).min(place.bottom().saturating_sub(1))
}

/// The answer that stands at a place of the screen, while a question is open.
pub fn answer_at(question: &str, area: Rect, x: u16, y: u16) -> Option<char> {
    let (place, rows) = question_place(question, area);
    if y != answers_line(place, rows.len()) {
        return None;
    }
    let column = usize::from(x.checked_sub(place.x + 1)?);
    let mut from = 0;
    ANSWERS.into_iter().find_map(|(key, word)| {
        let here = from..from + 2 + word.len();
        from = here.end + APART;
        here.contains(&column).then_some(key)
    })
}

/// Columns of the palette in which names stand.
const NAMES: u16 = 22;
/// The heading of a list, and what is said where it is empty.
pub fn listing_words(listing: &Listing) -> (String, &'static str) {
    match listing {
        Listing::Citing(_) => (
            "Who cites this".to_owned(),
            "Nobody else among your feeds cites this.",
        ),
        Listing::Story(_) => (
            "More on this".to_owned(),
            "Nobody else among your feeds tells this.",
        ),
        Listing::Related(_) => (
            "Recommended".to_owned(),
            "Nothing related is known among your feeds.",
        ),
        Listing::Threads(_) => ("Discussions".to_owned(), "No discussion of this is known."),
        Listing::MostCited(1) => (
            "Most cited today".to_owned(),
            "No two sites cited the same in that time.",
        ),
        Listing::MostCited(days) => (
            format!("Most cited in {days} days"),
            "No two sites cited the same in that time.",
        ),
    }
}

/// Articles to pick from, each with its sentence below where it has one.
fn draw_listing(
    model: &Model,
    listing: &Listing,
    list: Option<&[Citing]>,
    selected: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let (title, empty) = listing_words(listing);
    let rows = list.unwrap_or_default();
    let (place, each, top) = listing_place(rows, selected, area);
    let tall = each > 1;
    let inner = frame(
        buf,
        place,
        &title.to_uppercase(),
        "enter takes it, esc closes",
        theme,
    );
    if rows.is_empty() {
        let said = if list.is_some() { empty } else { "" };
        put(
            buf,
            inner.x,
            inner.y,
            said,
            inner.width,
            theme.style(Look::Dim),
        );
        return;
    }
    let fit_in = usize::from((inner.height / each).max(1));
    for (at, row) in rows.iter().enumerate().skip(top).take(fit_in) {
        let y = inner.y + (at - top) as u16 * each;
        if at == selected {
            let height = each.min(place.bottom().saturating_sub(y));
            select(buf, Rect::new(place.x, y, place.width, height), true, theme);
        }
        let age = row
            .published
            .map(|then| words::age(then, model.now, model.zone))
            .unwrap_or_default();
        let detail = fit::parts(&[row.site.as_str(), &age], usize::from(inner.width / 2));
        let used = put_right(buf, inner, y, &detail, theme.style(Look::Dim));
        let room = inner.width.saturating_sub(used + 3);
        put(
            buf,
            inner.x + 1,
            y,
            &fit::cut(&row.title, usize::from(room)),
            room,
            theme.style(Look::Text),
        );
        if tall && y + 1 < inner.bottom() {
            put(
                buf,
                inner.x + 3,
                y + 1,
                &fit::cut(&row.context, usize::from(inner.width.saturating_sub(4))),
                inner.width.saturating_sub(4),
                theme.style(Look::Dim),
            );
        }
    }
}

/// Where a list of articles stands, how many lines each takes, and which is the first in sight.
fn listing_place(rows: &[Citing], selected: usize, area: Rect) -> (Rect, u16, usize) {
    let tall = rows.iter().any(|row| !row.context.is_empty());
    let each = if tall { 2 } else { 1 };
    let wanted = (rows.len() as u16 * each + 2).clamp(5, 26);
    let place = middle(area, 84, wanted.min(area.height.saturating_sub(2)));
    let fit_in = usize::from((place.height.saturating_sub(1) / each).max(1));
    (place, each, (selected + 1).saturating_sub(fit_in))
}

/// Where the palette stands.
fn palette_place(palette: &Palette, area: Rect) -> Rect {
    let height = (palette.shown.len() as u16 + 3).clamp(5, 20);
    middle(area, 72, height)
}

/// The first line of the palette that is shown.
fn palette_top(palette: &Palette, place: Rect) -> usize {
    let rows = usize::from(place.height.saturating_sub(2));
    palette.selected.saturating_sub(rows.saturating_sub(1))
}

/// Where the feeds found on a page stand.
fn found_place(count: usize, area: Rect) -> Rect {
    middle(area, 76, (count as u16 + 2).max(5))
}

/// What was hit of a list that lies over the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Nothing of it.
    Beside,
    /// The list, but none of its rows.
    Within,
    Row(usize),
}

/// What stands at a place of the screen, while a list to pick from is open.
pub fn hit(model: &Model, area: Rect, x: u16, y: u16) -> Hit {
    let mut each = 1;
    let (place, top, count) = match &model.overlay {
        Some(Overlay::Citing { list, selected, .. }) => {
            let rows = list.as_deref().unwrap_or_default();
            let (place, lines, top) = listing_place(rows, *selected, area);
            each = lines;
            (place, top, rows.len())
        }
        Some(Overlay::Palette(palette)) => {
            let place = palette_place(palette, area);
            (place, palette_top(palette, place), palette.shown.len())
        }
        Some(Overlay::Choose {
            options, selected, ..
        }) => {
            let place = found_place(options.len(), area);
            let height = usize::from(place.height.saturating_sub(1)).max(1);
            (place, (selected + 1).saturating_sub(height), options.len())
        }
        Some(Overlay::Found {
            found, selected, ..
        }) => {
            let place = found_place(found.len(), area);
            let height = usize::from(place.height.saturating_sub(1)).max(1);
            (place, (selected + 1).saturating_sub(height), found.len())
        }
        _ => return Hit::Beside,
    };
    if !place.contains((x, y).into()) {
        return Hit::Beside;
    }
    match y.checked_sub(place.y + 1) {
        Some(line) if top + usize::from(line / each) < count => {
            Hit::Row(top + usize::from(line / each))
        }
        _ => Hit::Within,
    }
}

fn draw_palette(model: &Model, palette: &Palette, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let place = palette_place(palette, area);
    let count = words::number(palette.shown.len());
    let inner = frame(buf, place, "", &count, theme);
    let x = put(buf, inner.x, place.y, ": ", 2, theme.style(Look::Accent));
    put(
        buf,
        x,
        place.y,
        palette.input.value(),
        inner.width.saturating_sub(8),
        theme.style(Look::Text),
    );
    let rows = usize::from(inner.height.saturating_sub(1));
    let top = palette_top(palette, place);
    for at in top..palette.shown.len().min(top + rows) {
        let choice = palette.choice(at);
        let row = Rect::new(place.x, inner.y + (at - top) as u16, place.width, 1);
        if at == palette.selected {
            select(buf, row, true, theme);
        }
        let keys = put_right(
            buf,
            Rect {
                width: inner.width,
                ..inner
            },
            row.y,
            &choice.keys,
            theme.style(Look::Accent),
        );
        let room = inner.width.saturating_sub(keys + 3);
        let name = fit::cut(&choice.text, usize::from(room)).into_owned();
        let style = theme
            .style(Look::Text)
            .add_modifier(if at == palette.selected {
                Modifier::BOLD
            } else {
                Modifier::empty()
            });
        // What it is stands in a column of its own, where names leave room for that.
        let next = (put(buf, inner.x + 1, row.y, &name, room, style) + 2).max(inner.x + NAMES);
        let room = (inner.x + room + 1).saturating_sub(next);
        put(
            buf,
            next,
            row.y,
            &fit::cut(choice.kind, usize::from(room)),
            room,
            theme.style(Look::Dim),
        );
    }
    if palette.shown.is_empty() {
        put(
            buf,
            inner.x + 1,
            inner.y,
            "Nothing has this name.",
            inner.width,
            theme.style(Look::Dim),
        );
    }
}

fn draw_rows(
    model: &Model,
    title: &str,
    rows: &[(String, String)],
    selected: usize,
    empty: &str,
    place: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let title = fit::cut(title, usize::from(place.width.saturating_sub(26)));
    let inner = frame(buf, place, &title, "enter takes it, esc closes", theme);
    if rows.is_empty() {
        put(
            buf,
            inner.x,
            inner.y,
            empty,
            inner.width,
            theme.style(Look::Dim),
        );
    }
    let height = usize::from(inner.height);
    let top = (selected + 1).saturating_sub(height.max(1));
    for (at, (name, detail)) in rows.iter().enumerate().skip(top).take(height) {
        let row = Rect::new(place.x, inner.y + (at - top) as u16, place.width, 1);
        if at == selected {
            select(buf, row, true, theme);
        }
        let detail = fit::cut(detail, usize::from(inner.width / 2)).into_owned();
        let used = put_right(buf, inner, row.y, &detail, theme.style(Look::Dim));
        let room = inner.width.saturating_sub(used + 3);
        put(
            buf,
            inner.x + 1,
            row.y,
            &fit::cut(name, usize::from(room)),
            room,
            theme.style(Look::Text),
        );
    }
}

fn draw_info(
    model: &Model,
    title: &str,
    lines: &[(String, String)],
    top: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let width = area.width.min(80);
    let named = lines.iter().any(|(name, _)| !name.is_empty());
    let indent = if named { 15 } else { 0 };
    let room = usize::from(width.saturating_sub(indent + 3));
    let mut rows: Vec<(String, String)> = Vec::new();
    for (name, text) in lines {
        for (at, part) in fit::wrap(text, room, 8).iter().enumerate() {
            let name = if at == 0 { name.clone() } else { String::new() };
            rows.push((name, part.to_string()));
        }
    }
    let place = middle(area, width, rows.len() as u16 + 2);
    let inner = frame(
        buf,
        place,
        &fit::cut(title, usize::from(width - 16)),
        "esc closes",
        theme,
    );
    for (at, (name, text)) in rows
        .iter()
        .skip(top)
        .take(usize::from(inner.height))
        .enumerate()
    {
        let y = inner.y + at as u16;
        put(
            buf,
            inner.x,
            y,
            &fit::cut(name, 14),
            14,
            theme.style(Look::Dim),
        );
        put(
            buf,
            inner.x + indent,
            y,
            text,
            inner.width.saturating_sub(indent),
            theme.style(Look::Text),
        );
    }
}
