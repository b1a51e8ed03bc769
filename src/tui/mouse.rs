//! Clicks, wheel and drags.

use super::act;
use super::action::Action;
use super::columns::Column;
use super::keymap::Key;
use super::overlay::{Overlay, Palette};
use super::pane::entries::Shape;
use super::pane::feeds::Item as FeedItem;
use super::pane::lists::{self, Hit};
use super::pane::status::{self, Top};
use super::reading::Item;
use super::update::{show, view_of};
use super::{Effect, Model, over, screen};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// Lines a turn of the wheel.
const WHEEL: isize = 3;

/// Takes a mouse event.
pub(super) fn take(model: &mut Model, mouse: MouseEvent, effects: &mut Vec<Effect>) {
    let (x, y) = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::ScrollDown => wheel(model, x, y, WHEEL, effects),
        MouseEventKind::ScrollUp => wheel(model, x, y, -WHEEL, effects),
        MouseEventKind::Down(MouseButton::Left) => click(model, x, y, effects),
        MouseEventKind::Drag(MouseButton::Left) => drag(model, x),
        MouseEventKind::Up(MouseButton::Left) => model.dragging = None,
        _ => {}
    }
}

fn wheel(model: &mut Model, x: u16, y: u16, by: isize, effects: &mut Vec<Effect>) {
    if model.overlay.is_some() {
        let code = if by > 0 { KeyCode::Down } else { KeyCode::Up };
        for _ in 0..WHEEL {
            press(model, code, effects);
        }
        return;
    }
    match model.layout().column_at(x, y) {
        Some(Column::Feeds) => {
            model.feeds.step(by);
            if model.focus == Column::Feeds {
                act::open_feed_row(model, effects);
            }
        }
        Some(Column::Entries) => {
            model.entries.step(by.signum());
        }
        Some(Column::Article) => {
            let height = act::article_height(model);
            model.reading.scroll(by, height);
        }
        Some(Column::Sources) => {
            let height = act::article_height(model);
            model.reading.move_in_panel(by.signum(), height);
        }
        None => {}
    }
}

/// What the keyboard would say of it.
fn press(model: &mut Model, code: KeyCode, effects: &mut Vec<Effect>) {
    let event = KeyEvent::new(code, KeyModifiers::NONE);
    over::key(model, Key::of(&event), effects);
}

fn drag(model: &mut Model, x: u16) {
    let Some(rule) = model.dragging else {
        return;
    };
    let layout = model.layout();
    match rule {
        0 => model.dragged[0] = Some(x),
        1 => model.dragged[1] = layout.entries.map(|area| x.saturating_sub(area.x)),
        _ => model.dragged[2] = Some(model.size.0.saturating_sub(x + 2)),
    }
}

fn click(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let hit = lists::hit(model, model.layout().body, x, y);
    match &mut model.overlay {
        Some(Overlay::Prompt(_) | Overlay::Welcome(_)) => return,
        // A click selects; one on what is selected takes it.
        Some(
            Overlay::Palette(Palette { selected, .. })
            | Overlay::Found { selected, .. }
            | Overlay::Choose { selected, .. }
            | Overlay::Citing { selected, .. },
        ) if hit != Hit::Beside => {
            match hit {
                Hit::Row(at) if at == *selected => press(model, KeyCode::Enter, effects),
                Hit::Row(at) => *selected = at,
                Hit::Beside | Hit::Within => {}
            }
            return;
        }
        Some(_) => {
            model.overlay = None;
            return;
        }
        None => {}
    }
    let layout = model.layout();
    if y == 0 && layout.top.is_some() {
        let names = status::top_names(model, model.size.0);
        let hit = names
            .into_iter()
            .find(|name| (name.from..name.to).contains(&x));
        match hit.map(|name| name.goes) {
            Some(Top::Front) => act::act(model, Action::GoFront, None, effects),
            Some(Top::View(kind)) => {
                model.front = None;
                act::go_view(model, kind, effects);
            }
            Some(Top::Saved(name)) => {
                model.front = None;
                model.focus = Column::Entries;
                model.entries.before = None;
                let view = view_of(model, &FeedItem::Saved(name));
                show(model, view, effects);
            }
            None => {}
        }
        return;
    }
    if let Some(rule) = layout.rules.iter().position(|rule| *rule == Some(x)) {
        model.dragging = Some(rule);
        return;
    }
    match layout.column_at(x, y) {
        Some(Column::Feeds) => {
            let Some(area) = layout.feeds.filter(|area| y > area.y) else {
                return;
            };
            let place = model.feeds.top + usize::from(y - area.y - 1);
            if place < model.feeds.items().len() {
                model.focus = Column::Feeds;
                model.feeds.select_place(place);
                act::open_feed_row(model, effects);
            }
        }
        Some(Column::Entries) => {
            let Some(area) = layout.entries.filter(|area| y > area.y) else {
                return;
            };
            let line = y - area.y - 1;
            let rows = model.entries.placed(Shape::of(model, area));
            let hit = rows
                .iter()
                .find(|row| (row.y..row.y + row.height).contains(&line));
            let Some(row) = hit else {
                return;
            };
            let id = model.entries.rows[row.at].id;
            let open = model.entries.selected == Some(id);
            model.entries.select_row(row.at);
            model.focus = Column::Entries;
            if open {
                act::read_entry(model, effects);
            }
        }
        Some(Column::Article) => {
            if model.focus < Column::Article {
                act::read_entry(model, effects);
            }
            model.focus = Column::Article;
            if let Some(anchor) = screen::anchor_at(model, x, y) {
                if let Some(row) = model.reading.row_of_anchor(anchor) {
                    act::read_source(model, row, effects);
                } else {
                    let url = model
                        .reading
                        .view()
                        .and_then(|view| view.links.get(anchor as usize).cloned());
                    effects.extend(url.filter(|url| !url.is_empty()).map(Effect::Browse));
                }
            }
        }
        Some(Column::Sources) => {
            let Some(area) = layout.sources else {
                return;
            };
            model.focus = Column::Sources;
            let rows = screen::panel_rows(model, area);
            let hit = rows
                .into_iter()
                .find(|(from, height, _)| (*from..from + height).contains(&y));
            if let Some((_, _, item)) = hit {
                let open = model.reading.selected == Some(item);
                model.reading.selected = Some(item);
                match item {
                    Item::Group { .. } => model.reading.turn_group(),
                    Item::Story if open => act::open(model, effects),
                    Item::Story => {}
                    Item::Card(row) if open => act::read_source(model, row, effects),
                    Item::Card(_) => {
                        let height = act::article_height(model);
                        model.reading.follow_panel(height);
                    }
                }
            }
        }
        None => {}
    }
}
