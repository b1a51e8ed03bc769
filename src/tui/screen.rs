//! Model to frame: the columns, the top and the last line, and what lies over them.

use super::columns::{Column, Layout};
use super::overlay::{Goes, Overlay};
use super::paint::article::Leads;
use super::paint::sources::Seen;
use super::pane::{
    article, entries, feeds, front, help, lists, put, sources, status, veil, welcome,
};
use super::reading::Item;
use super::theme::Look;
use super::{Model, fit};
use crate::source::Role;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

/// Draws the model on all of the buffer, whatever it holds. Where hyperlinks stand on the frame is told by the cells' underline colour: `Rgb` of the link's
/// number in [`super::model::Links`]. Answers where the cursor stands, if it is to be seen.
pub fn draw(model: &Model, buf: &mut Buffer) -> Option<Position> {
    let area = buf.area;
    let layout = model.layout();
    let mut blank = Cell::EMPTY;
    blank.set_style(model.theme.ground());
    buf.content.fill(blank);
    // A resize that the model has not heard of yet: the next frame is right.
    if area.width < model.size.0 || area.height < model.size.1 {
        return None;
    }
    if layout.too_small {
        let text = fit::cut("bron needs a little more room", usize::from(area.width));
        let x = (area.width - fit::width(&text) as u16) / 2;
        put(
            buf,
            x,
            area.height / 2,
            &text,
            area.width,
            model.theme.style(Look::Dim),
        );
        return None;
    }
    if let Some(top) = layout.top {
        status::draw_top(model, top, buf);
    }
    if model.front.as_ref().is_some_and(|front| front.shown) {
        front::draw(model, layout.body, buf);
        return draw_over(model, &layout, buf);
    }
    for rule in layout.rules.into_iter().flatten() {
        draw_rule(model, rule, layout.body, buf);
    }
    if let Some(area) = layout.feeds {
        feeds::draw(model, area, buf);
    }
    if let Some(area) = layout.entries {
        entries::draw(model, area, buf);
    }
    if let Some(area) = layout.article {
        article::draw(model, area, buf);
    }
    if let Some(y) = layout.drawer_rule {
        for x in layout.body.left() + 1..layout.body.right().saturating_sub(1) {
            put(
                buf,
                x,
                y,
                model.theme.symbols.line,
                1,
                model.theme.style(Look::Rule),
            );
        }
    }
    if let Some(area) = layout.sources {
        sources::draw(model, area, buf);
    }
    if let Some(line) = layout.folded_drawer {
        draw_folded(model, line, buf);
    }
    draw_over(model, &layout, buf)
}

/// What lies over the columns, and the last line.
fn draw_over(model: &Model, layout: &Layout, buf: &mut Buffer) -> Option<Position> {
    if is_veiled(model) {
        let above = Rect {
            height: layout.status.y,
            ..buf.area
        };
        veil(buf, above, &model.theme);
    }
    match &model.overlay {
        Some(Overlay::Help(shown)) => help::draw(model, shown, layout.body, buf),
        Some(Overlay::Welcome(shown)) => welcome::draw(model, shown, layout.body, buf),
        Some(Overlay::Prompt(_)) | None => {}
        Some(_) => lists::draw(model, layout.body, buf),
    }
    if matches!(model.overlay, None | Some(Overlay::Prompt(_))) {
        super::tour::draw(model, layout.body, buf);
    }
    if !model.pending.is_empty() {
        help::draw_prefix(model, layout.body, buf);
    }
    status::draw_status(model, layout.status, buf);
    status::cursor(model, layout.status).map(Position::from)
}

/// Whether what lies over the columns wants the eye for itself. A theme that is tried on is to be seen on all.
fn is_veiled(model: &Model) -> bool {
    match &model.overlay {
        None | Some(Overlay::Prompt(_) | Overlay::Labels { .. }) => false,
        Some(Overlay::Palette(palette)) => !palette
            .chosen()
            .is_some_and(|choice| matches!(choice.goes, Goes::Theme(_))),
        Some(_) => true,
    }
}

fn draw_rule(model: &Model, x: u16, body: Rect, buf: &mut Buffer) {
    let style = model.theme.style(Look::Rule);
    for y in body.top()..body.bottom() {
        put(buf, x, y, model.theme.symbols.rule, 1, style);
    }
}

/// The drawer as one line: how many sources there are, and the selected one.
fn draw_folded(model: &Model, line: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let count = model.reading.view().map_or(0, |view| view.sources.len());
    let (name, text) = match model.reading.selected_source() {
        Some(source) => (
            format!("SOURCES {count}"),
            sources::title_of(source).to_owned(),
        ),
        None if count == 0 => ("STORY".to_owned(), model.reading.told_by().join(", ")),
        None => (format!("SOURCES {count}"), String::new()),
    };
    let dim = theme.style(Look::Dim);
    let x = put(buf, line.x + 1, line.y, &name, line.width, dim) + 2;
    let room = line.right().saturating_sub(x + 1);
    let text = fit::cut(&text, usize::from(room)).into_owned();
    put(buf, x, line.y, &text, room, theme.style(Look::Text));
}

/// The labels that go on links in sight: in the text, and on the cards of the panel.
pub fn links_in_sight(model: &Model) -> Vec<(u16, u16, Option<usize>, String)> {
    let layout = model.layout();
    let reading = &model.reading;
    let mut places: Vec<(u16, u16, Option<usize>, String)> = Vec::new();
    let Some(view) = reading.view() else {
        return places;
    };
    if let Some(area) = layout.article {
        article::with_shown(model, view, |shown| {
            for (x, y, anchor) in shown.anchors_in_sight(area) {
                let row = reading.row_of_anchor(anchor);
                let url = view.links.get(anchor as usize).cloned().unwrap_or_default();
                if row.is_some() || !url.is_empty() {
                    places.push((x, y, row, url));
                }
            }
        });
    }
    if let Some(area) = layout.sources {
        for (y, _, item) in panel_rows(model, area) {
            if let Item::Card(row) = item {
                places.push((area.x + 1, y, Some(row), view.sources[row].url.clone()));
            }
        }
    }
    places
}

/// The rows of the panel in sight: first line, lines, and what stands there.
pub fn panel_rows(model: &Model, area: Rect) -> Vec<(u16, u16, Item)> {
    let Some(view) = model.reading.view() else {
        return Vec::new();
    };
    let groups = model.reading.items();
    sources::with_panel(model, view, |panel| panel.in_sight(area.width, area.height))
        .into_iter()
        .filter_map(|(y, height, what)| {
            let item = match what {
                Seen::Card(row) => Item::Card(row),
                Seen::Story => Item::Story,
                Seen::Group(role) => *groups.iter().find(
                    |item| matches!(item, Item::Group { role: other, .. } if *other == role),
                )?,
            };
            Some((area.y + y, height, item))
        })
        .collect()
}

/// The discussion at a column of their line, where the row of the panel is that line.
pub fn discussion_at(model: &Model, area: Rect, item: Item, x: u16) -> Option<usize> {
    let view = model.reading.view()?;
    let Item::Card(row) = item else {
        return None;
    };
    if view.sources.get(row)?.role != Role::Discussion {
        return None;
    }
    sources::with_panel(model, view, |panel| panel.discussion_at(x, area))
}

/// Where a row of the article leads that is none of its text.
pub fn leads_at(model: &Model, y: u16) -> Option<Leads> {
    let area = model.layout().of(Column::Article)?;
    let view = model.reading.view()?;
    article::with_shown(model, view, |shown| shown.leads_at(area, y))
}

/// The anchor at a place of the screen, if a link stands there.
pub fn anchor_at(model: &Model, x: u16, y: u16) -> Option<u32> {
    let area = model.layout().of(Column::Article)?;
    let view = model.reading.view()?;
    article::with_shown(model, view, |shown| shown.anchor_at(area, x, y))
}
