//! The first start: pick lists, add an address, import a file.

use super::{put, select};
use crate::tui::overlay::Welcome;
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Draws the welcome over the whole body.
pub fn draw(model: &Model, welcome: &Welcome, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    buf.set_style(area, theme.ground());
    for y in area.top()..area.bottom() {
        put(
            buf,
            area.x,
            y,
            &" ".repeat(usize::from(area.width)),
            area.width,
            theme.ground(),
        );
    }
    let width = area.width.saturating_sub(4).min(66);
    let x = area.x + (area.width - width) / 2;
    let mut y = area.y + area.height / 10;
    let bold = |look| theme.style(look).add_modifier(Modifier::BOLD);
    put(buf, x, y, "Welcome to bron", width, bold(Look::Accent));
    y += 1;
    let lead = "A reader that takes you to the source. Pick some lists to begin with; each feed can be removed again.";
    for line in fit::wrap(lead, usize::from(width), 3) {
        put(buf, x, y, &line, width, theme.style(Look::Dim));
        y += 1;
    }
    y += 1;
    let bottom = area.bottom().saturating_sub(4);
    let room = usize::from(bottom.saturating_sub(y)).max(1);
    let top = (welcome.selected + 1).saturating_sub(room);
    for (at, (_, title, feeds)) in model
        .settings
        .bundled
        .iter()
        .enumerate()
        .skip(top)
        .take(room)
    {
        let row = Rect::new(x, y, width, 1);
        if at == welcome.selected {
            select(buf, row, true, theme);
        }
        let picked = welcome.picked.get(at).copied().unwrap_or(false);
        let (sign, look) = if picked {
            (theme.symbols.unread, Look::Accent)
        } else {
            (theme.symbols.read, Look::Dim)
        };
        put(buf, x + 2, y, sign, 1, theme.style(look));
        let count = words::plural(*feeds, "feed");
        put(
            buf,
            x + 4,
            y,
            &fit::cut(title, usize::from(width.saturating_sub(16))),
            width,
            theme.style(Look::Text),
        );
        super::put_right(
            buf,
            Rect {
                width: width - 1,
                ..row
            },
            y,
            &count,
            theme.style(Look::Dim),
        );
        y += 1;
    }
    y += 1;
    let picked = welcome.picked.iter().filter(|picked| **picked).count();
    let first = match picked {
        0 => "space picks a list, enter starts".to_owned(),
        n => format!("enter subscribes to {}", words::plural(n, "list")),
    };
    let others = "a adds an address, i imports a file, t takes a tour of two minutes, esc starts empty. bron demo shows what it is like.";
    let lines = [
        fit::wrap(&first, usize::from(width), 1),
        fit::wrap(others, usize::from(width), 2),
    ];
    for text in lines.iter().flatten() {
        if y < area.bottom() {
            put(buf, x, y, text, width, theme.style(Look::Dim));
            y += 1;
        }
    }
}
