//! The first start: pick lists, add an address, import a file.

use super::{put, select};
use crate::tui::overlay::Welcome;
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

const LEAD: &str = "A reader that takes you to the source. Pick some lists to begin with; each feed can be removed again.";

/// Where the lists to pick from stand, which is the first in sight, and the line that says how to begin.
struct Place {
    list: Rect,
    top: usize,
    hints: u16,
}

fn place(welcome: &Welcome, area: Rect) -> Place {
    let width = area.width.saturating_sub(4).min(66);
    let x = area.x + (area.width - width) / 2;
    let lead = fit::wrap(LEAD, usize::from(width), 3).len() as u16;
    let y = area.y + area.height / 10 + 1 + lead + 1;
    let room = area.bottom().saturating_sub(4).saturating_sub(y).max(1);
    let top = (welcome.selected + 1).saturating_sub(usize::from(room));
    let height = (welcome.picked.len() - top.min(welcome.picked.len())) as u16;
    let height = height.min(room);
    Place {
        list: Rect::new(x, y, width, height),
        top,
        hints: y + height + 1,
    }
}

/// What a click on the welcome means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A list to pick, or not to.
    List(usize),
    /// The line that says how to begin.
    Begin,
}

/// What stands at a place of the screen.
pub fn hit(welcome: &Welcome, area: Rect, x: u16, y: u16) -> Option<Hit> {
    let place = place(welcome, area);
    if place.list.contains((x, y).into()) {
        return Some(Hit::List(place.top + usize::from(y - place.list.y)));
    }
    let beside = (place.list.left()..place.list.right()).contains(&x);
    (y == place.hints && beside).then_some(Hit::Begin)
}

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
    let Place { list, top, hints } = place(welcome, area);
    let (x, width) = (list.x, list.width);
    let mut y = area.y + area.height / 10;
    let bold = |look| theme.style(look).add_modifier(Modifier::BOLD);
    put(buf, x, y, "Welcome to bron", width, bold(Look::Accent));
    y += 1;
    for line in fit::wrap(LEAD, usize::from(width), 3) {
        put(buf, x, y, &line, width, theme.style(Look::Dim));
        y += 1;
    }
    y = list.y;
    for (at, (_, title, feeds)) in model
        .settings
        .bundled
        .iter()
        .enumerate()
        .skip(top)
        .take(usize::from(list.height))
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
    y = hints;
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
