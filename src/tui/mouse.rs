//! Clicks, wheel and drags.

use super::act;
use super::action::Action;
use super::columns::Column;
use super::keymap::Key;
use super::overlay::{Asks, Overlay, Palette};
use super::paint::article::Leads;
use super::pane::entries::Shape;
use super::pane::feeds::Item as FeedItem;
use super::pane::lists::{self, Hit};
use super::pane::status::{self, Top};
use super::pane::{briefing, front, welcome};
use super::reading::Item;
use super::update::{show, view_of};
use super::{Effect, Model, over, screen};
use crate::news::Target;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use tui_input::InputRequest;

/// Lines a turn of the wheel.
const WHEEL: isize = 3;

/// Takes a mouse event.
pub(super) fn take(model: &mut Model, mouse: MouseEvent, effects: &mut Vec<Effect>) {
    let (x, y) = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::ScrollDown => wheel(model, x, y, WHEEL, effects),
        MouseEventKind::ScrollUp => wheel(model, x, y, -WHEEL, effects),
        MouseEventKind::Down(MouseButton::Left) => click(model, x, y, effects),
        MouseEventKind::Drag(MouseButton::Left) => drag(model, x, y),
        MouseEventKind::Up(MouseButton::Left) => model.dragging = None,
        _ => {}
    }
}

fn wheel(model: &mut Model, x: u16, y: u16, by: isize, effects: &mut Vec<Effect>) {
    match &model.overlay {
        // Below a line that is typed the columns are seen, and turned.
        None | Some(Overlay::Prompt(_)) => {}
        // Letters on links would stand beside them.
        Some(Overlay::Labels { .. }) => model.overlay = None,
        Some(_) => {
            let code = if by > 0 { KeyCode::Down } else { KeyCode::Up };
            for _ in 0..WHEEL {
                press(model, code, effects);
            }
            return;
        }
    }
    if model.front.as_ref().is_some_and(|front| front.shown) {
        let action = if by > 0 { Action::Down } else { Action::Up };
        act::act(model, action, None, effects);
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

/// The rule above the drawer, among those that are dragged.
const DRAWER: usize = 3;

fn drag(model: &mut Model, x: u16, y: u16) {
    let Some(rule) = model.dragging else {
        return;
    };
    let layout = model.layout();
    model.dragged[rule] = match rule {
        0 => Some(x),
        1 => layout.entries.map(|area| x.saturating_sub(area.x)),
        DRAWER => Some(layout.body.bottom().saturating_sub(y + 1)),
        _ => Some(model.size.0.saturating_sub(x + 2)),
    };
}

fn click(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    if model.overlay.is_some() && click_over(model, x, y, effects) {
        return;
    }
    let layout = model.layout();
    if y == 0 && layout.top.is_some() {
        click_top(model, x, effects);
        return;
    }
    if model.front.as_ref().is_some_and(|front| front.shown) {
        front::click(model, x, y, effects);
        return;
    }
    let rule = layout.rules.iter().position(|rule| *rule == Some(x));
    let rule = rule.filter(|_| layout.body.contains((x, y).into()));
    if let Some(rule) = rule.or((layout.drawer_rule == Some(y)).then_some(DRAWER)) {
        model.dragging = Some(rule);
        return;
    }
    if layout
        .folded_drawer
        .is_some_and(|line| line.contains((x, y).into()))
    {
        model.focus = Column::Article;
        act::act(model, Action::Right, None, effects);
        return;
    }
    match layout.column_at(x, y) {
        Some(Column::Feeds) => click_feeds(model, y, effects),
        Some(Column::Entries) => click_entries(model, y, effects),
        Some(Column::Article) => click_article(model, x, y, effects),
        Some(Column::Sources) => click_sources(model, x, y, effects),
        None => {}
    }
}

/// A click while something lies over the columns; `false`: it was for what lies below.
fn click_over(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) -> bool {
    let layout = model.layout();
    let hit = lists::hit(model, layout.body, x, y);
    match &mut model.overlay {
        None => return false,
        Some(Overlay::Prompt(prompt)) if y == layout.status.y => {
            if let Some(letter) = status::letter_at(prompt, layout.status, x) {
                let _ = prompt.input.handle(InputRequest::SetCursor(letter));
            }
        }
        // What was searched stands in sight: to click there is to be content with it.
        Some(Overlay::Prompt(prompt))
            if matches!(prompt.asks, Asks::Search | Asks::Filter | Asks::Find) =>
        {
            press(model, KeyCode::Enter, effects);
            return model.overlay.is_some();
        }
        // What is half typed is not thrown away by a slip of the hand.
        Some(Overlay::Prompt(_)) => {}
        Some(Overlay::Welcome(welcome)) => match welcome::hit(welcome, layout.body, x, y) {
            Some(welcome::Hit::List(at)) => {
                welcome.selected = at;
                if let Some(picked) = welcome.picked.get_mut(at) {
                    *picked = !*picked;
                }
            }
            Some(welcome::Hit::Begin) => press(model, KeyCode::Enter, effects),
            None => {}
        },
        Some(Overlay::Confirm { question, .. }) => {
            match lists::answer_at(question, layout.body, x, y) {
                Some(answer) => press(model, KeyCode::Char(answer), effects),
                None => model.overlay = None,
            }
        }
        Some(Overlay::Briefing(shown)) => match briefing::address_at(shown, layout.body, x, y) {
            briefing::Hit::Address(at) => {
                shown.select(at);
                press(model, KeyCode::Enter, effects);
            }
            briefing::Hit::Within => {}
            briefing::Hit::Beside => model.overlay = None,
        },
        Some(Overlay::Labels { .. }) => {
            model.overlay = None;
            return false;
        }
        // A click selects; one on what is selected takes it.
        Some(
            Overlay::Palette(Palette { selected, .. })
            | Overlay::Found { selected, .. }
            | Overlay::Choose { selected, .. }
            | Overlay::Citing { selected, .. },
        ) if hit != Hit::Beside => match hit {
            Hit::Row(at) if at == *selected => press(model, KeyCode::Enter, effects),
            Hit::Row(at) => *selected = at,
            Hit::Beside | Hit::Within => {}
        },
        // Beside it. The palette takes a theme back that was only tried on.
        Some(_) => press(model, KeyCode::Esc, effects),
    }
    true
}

fn click_top(model: &mut Model, x: u16, effects: &mut Vec<Effect>) {
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
}

fn click_feeds(model: &mut Model, y: u16, effects: &mut Vec<Effect>) {
    let Some(area) = model.layout().feeds.filter(|area| y > area.y) else {
        return;
    };
    let place = model.feeds.top + usize::from(y - area.y - 1);
    if place < model.feeds.items().len() {
        model.focus = Column::Feeds;
        model.feeds.select_place(place);
        act::open_feed_row(model, effects);
    }
}

fn click_entries(model: &mut Model, y: u16, effects: &mut Vec<Effect>) {
    let Some(area) = model.layout().entries.filter(|area| y > area.y) else {
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

fn click_article(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let anchor = screen::anchor_at(model, x, y);
    let leads = screen::leads_at(model, y);
    if model.focus < Column::Article {
        act::read_entry(model, effects);
    }
    model.focus = Column::Article;
    match (anchor, leads) {
        (Some(anchor), _) => {
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
        (None, Some(Leads::Elsewhere)) => {
            let told = !model.reading.told_by().is_empty();
            let action = if told {
                Action::GoStory
            } else {
                Action::Discussions
            };
            act::act(model, action, None, effects);
        }
        (None, Some(Leads::Related(at))) => {
            let beside = model.reading.beside.as_ref();
            let related = beside.and_then(|(_, beside)| beside.related.get(at));
            if let Some((head, _)) = related {
                let (target, name) = (Target::Entry(head.id), head.title.to_string());
                over::open_target(model, target, name, effects);
            }
        }
        (None, None) => {}
    }
}

/// A click on a card opens it, as one on a link does.
fn click_sources(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let Some(area) = model.layout().sources else {
        return;
    };
    model.focus = Column::Sources;
    let rows = screen::panel_rows(model, area);
    let hit = rows
        .into_iter()
        .find(|(from, height, _)| (*from..from + height).contains(&y));
    let Some((_, _, item)) = hit else {
        model.reading.select_any();
        return;
    };
    let discussion = screen::discussion_at(model, area, item, x);
    model.reading.selected = Some(discussion.map_or(item, Item::Card));
    act::open(model, effects);
}
