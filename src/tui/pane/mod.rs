//! The panes: one file each, with its state, its moves and its drawing.

pub mod article;
pub mod briefing;
pub mod entries;
pub mod feeds;
pub mod front;
pub mod help;
pub mod lists;
pub mod report;
pub mod sources;
pub mod status;
pub mod welcome;

use super::letters::Letters;
use super::theme::{Look, Theme};
use crate::text::bidi;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Writes at a place, at most `columns` wide; where the text ended.
pub(super) fn put(buf: &mut Buffer, x: u16, y: u16, text: &str, columns: u16, style: Style) -> u16 {
    if !buf.area.contains((x, y).into()) {
        return x;
    }
    if bidi::has_right_to_left(text) {
        let text = bidi::visual_parts(text);
        buf.letters(x, y, &text, usize::from(columns), style).0
    } else {
        buf.letters(x, y, text, usize::from(columns), style).0
    }
}

/// Writes one line of a text, at the right where the text as a whole runs from right to left.
pub(super) fn put_line(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    text: &str,
    columns: u16,
    right_to_left: bool,
    style: Style,
) {
    if !buf.area.contains((x, y).into()) {
        return;
    }
    // What a line was broken at would stand before its first letter.
    let text = bidi::visual_line_of(text.trim_end(), right_to_left);
    let spare = columns.saturating_sub(super::fit::width(&text) as u16);
    let x = if right_to_left { x + spare } else { x };
    buf.letters(x, y, &text, usize::from(columns), style);
}

/// Writes at the right edge of an area; how many columns it took.
pub(super) fn put_right(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) -> u16 {
    let columns = (super::fit::width(text) as u16).min(area.width);
    put(buf, area.right() - columns, y, text, columns, style);
    columns
}

/// The heading of a column: its name, and something about it at the right.
pub(super) fn heading(
    buf: &mut Buffer,
    area: Rect,
    name: &str,
    right: &str,
    focused: bool,
    theme: &Theme,
) {
    let look = if focused { Look::Accent } else { Look::Dim };
    let style = theme.style(look).add_modifier(Modifier::BOLD);
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let name_width = super::fit::width(name) as u16;
    let room = inner.width.saturating_sub(name_width + 2);
    put(
        buf,
        inner.x,
        area.y,
        &super::fit::cut(name, usize::from(inner.width)),
        inner.width,
        style,
    );
    if super::fit::width(right) as u16 <= room {
        put_right(buf, inner, area.y, right, theme.style(Look::Dim));
    }
}

/// The ground and the bar of a selected row. Where letters are reversed for want of a ground, only the first line is: a block of
/// several would shout.
pub(super) fn select(buf: &mut Buffer, area: Rect, focused: bool, theme: &Theme) {
    let ground = theme.style(Look::Selection);
    let reversed = ground.add_modifier.contains(Modifier::REVERSED);
    let height = if reversed {
        area.height.min(1)
    } else {
        area.height
    };
    buf.set_style(Rect { height, ..area }, ground);
    let look = if focused { Look::Accent } else { Look::Dim };
    let bar = theme.style(look).remove_modifier(Modifier::REVERSED);
    for y in area.top()..area.bottom() {
        put(buf, area.x, y, theme.symbols.bar, 1, bar);
    }
}

/// Takes colour and weight from what lies below a box, so that the eye rests on the box. Pictures stay as they are: their
/// letters and colours are not for reading.
pub(super) fn veil(buf: &mut Buffer, area: Rect, theme: &Theme) {
    let style = Style::reset()
        .patch(theme.ground())
        .patch(theme.style(Look::Dim));
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let Some(cell) = buf.cell_mut((x, y)) else {
                continue;
            };
            if cell.symbol().starts_with(['\u{10eeee}', '▀', '▄']) {
                continue;
            }
            cell.modifier = Modifier::empty();
            cell.set_style(style);
            if cell
                .symbol()
                .starts_with(|letter| ('─'..='╿').contains(&letter))
            {
                cell.set_style(theme.style(Look::Rule));
            }
        }
    }
}

/// Sentences in the middle of an area: what there is to say where there is nothing to show.
pub(super) fn say_in(buf: &mut Buffer, area: Rect, lines: &[&str], theme: &Theme) {
    let mut y = area.y + area.height / 4;
    for (at, line) in lines.iter().enumerate() {
        let look = if at == 0 { Look::Text } else { Look::Dim };
        let room = usize::from(area.width.saturating_sub(2));
        for part in super::fit::wrap(line, room, 4) {
            if y >= area.bottom() {
                return;
            }
            put(
                buf,
                area.x + 1,
                y,
                &part,
                area.width.saturating_sub(1),
                theme.style(look),
            );
            y += 1;
        }
    }
}
