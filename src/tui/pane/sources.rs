//! The panel: a card for each source, in groups.

use super::{heading, put, put_right, say_in, select};
use crate::news::{CardState, SourceRow};
use crate::source::Role;
use crate::tui::columns::Column;
use crate::tui::pane::article::link_colour;
use crate::tui::reading::{Item, Reading, State};
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Lines that a row takes in a panel of that width, with the blank one behind it.
pub fn item_height(reading: &Reading, item: Item, width: u16) -> usize {
    match item {
        Item::Group { folded: true, .. } => 1,
        Item::Group { .. } => 2,
        Item::Card(row) => reading
            .view()
            .and_then(|view| view.sources.get(row))
            .map_or(0, |source| card_lines(source, width).len() + 1),
    }
}

/// A line of a card: what it says and how that looks.
type CardLine = (String, Look);

/// Title, details, description or the citing sentence.
fn card_lines(source: &SourceRow, width: u16) -> Vec<CardLine> {
    let room = usize::from(width.saturating_sub(5));
    let mut lines: Vec<CardLine> = fit::wrap(title_of(source), room, 2)
        .into_iter()
        .map(|line| (line.into_owned(), Look::Text))
        .collect();
    lines.push((String::new(), Look::Dim));
    let text = source
        .card
        .description
        .as_ref()
        .filter(|text| !text.is_empty());
    let (text, quoted) = match text {
        Some(text) => (text.as_str().to_owned(), false),
        None => (source.context.as_str().to_owned(), true),
    };
    if matches!(source.role, Role::Source | Role::Media) && !text.is_empty() {
        let text = if quoted {
            format!("“{text}”")
        } else {
            text
        };
        lines.extend(
            fit::wrap(&text, room, 2)
                .into_iter()
                .map(|line| (line.into_owned(), Look::Quote)),
        );
    }
    lines
}

/// What names a source: its card's title, the words of the link, its address.
pub fn title_of(source: &SourceRow) -> &str {
    let card = source
        .card
        .title
        .as_ref()
        .filter(|title| !title.trim().is_empty());
    match card {
        Some(title) => title.as_str(),
        None if !source.anchor.trim().is_empty() => source.anchor.as_str(),
        None => source.display_url.as_str(),
    }
}

/// The heading of a group.
pub fn group_name(role: Role) -> &'static str {
    match role {
        Role::Source => "SOURCES",
        Role::Media => "MEDIA",
        Role::Discussion => "DISCUSSION",
        Role::Mention => "MENTIONS",
        Role::SameSite => "ON THIS SITE",
        Role::Shop => "SHOPS",
        Role::Recommended => "RECOMMENDED",
    }
}

/// Site, kind, date, minutes, feeds.
fn details(model: &Model, source: &SourceRow) -> Vec<String> {
    let card = &source.card;
    let mut parts = Vec::with_capacity(5);
    if let CardState::Failed(why) = &card.state {
        parts.push(source.site.to_string());
        parts.push(why.to_string());
        return parts;
    }
    parts.push(card.site.as_ref().unwrap_or(&source.site).to_string());
    if source.kind != crate::address::Kind::Article {
        parts.push(source.kind.label().to_owned());
    }
    if let Some(published) = card.published {
        parts.push(words::age(published, model.now, model.zone));
    }
    if let Some(words) = card.words.filter(|words| *words > 0) {
        parts.push(format!("{} min", words::minutes(words as usize)));
    }
    if card.in_feeds > 1 {
        parts.push(format!("cited by {} feeds", card.in_feeds));
    }
    if let Some(comments) = source.comments {
        parts.push(words::plural(comments as usize, "comment"));
    }
    parts
}

/// One word about the state of a card.
fn badge(model: &Model, source: &SourceRow) -> (String, Look) {
    let symbols = &model.theme.symbols;
    if source.primary {
        return (format!("{} primary", symbols.star), Look::Accent);
    }
    match &source.card.state {
        CardState::Failed(_) => (symbols.warn.to_owned(), Look::Error),
        CardState::Queued | CardState::Loading => (symbols.more.to_owned(), Look::Dim),
        _ if source.card.read => (symbols.tick.to_owned(), Look::Ok),
        _ if source.card.free_to_read == Some(false) => ("locked".to_owned(), Look::Warn),
        _ => (String::new(), Look::Dim),
    }
}

/// Whether the line that asks for consent stands in the panel.
pub fn asks_consent(model: &Model) -> bool {
    model.settings.cards == "ask" && model.reading.has_sources() && !model.settings.offline
}

/// Rows of the panel that are no cards: heading and consent.
pub fn chrome_height(model: &Model) -> u16 {
    1 + if asks_consent(model) { 3 } else { 0 }
}

/// Draws the panel.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let reading = &model.reading;
    let focused = model.focus == Column::Sources;
    let Some(view) = reading.view() else {
        heading(buf, area, "SOURCES", "", focused, theme);
        return;
    };
    let count = view
        .sources
        .iter()
        .filter(|row| row.role == Role::Source)
        .count();
    let name = if count > 0 {
        format!("SOURCES {count}")
    } else {
        "SOURCES".to_owned()
    };
    let folded = reading.folded_away();
    let right = if folded > 0 {
        format!("{folded} more folded")
    } else {
        String::new()
    };
    heading(buf, area, &name, &right, focused, theme);
    let mut body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if view.sources.is_empty() {
        if reading.state == State::Ready && !view.partial {
            let teach = if view.truncated {
                "x reads the whole page, and finds what it cites."
            } else {
                ""
            };
            say_in(buf, body, &["It cites nothing.", teach], theme);
        }
        return;
    }
    if asks_consent(model) && body.height > 6 {
        let rows = [
            "Ask the sources in sight for title and summary?",
            "zc always · zd on demand · zn never",
        ];
        for (at, text) in rows.iter().enumerate() {
            let look = if at == 0 { Look::Text } else { Look::Accent };
            let room = body.width.saturating_sub(2);
            put(
                buf,
                body.x + 1,
                body.y + at as u16,
                &fit::cut(text, usize::from(room)),
                room,
                theme.style(look),
            );
        }
        body.y += 3;
        body.height -= 3;
    }
    let mut y = body.y;
    let items = reading.items();
    let selected = reading.selected_item(&items);
    for (at, item) in items.iter().enumerate().skip(reading.panel_top) {
        if y >= body.bottom() {
            break;
        }
        let chosen = selected == Some(at);
        match item {
            Item::Group {
                role,
                count,
                folded,
            } => {
                let row = Rect {
                    y,
                    height: 1,
                    ..body
                };
                if chosen && focused {
                    select(buf, row, focused, theme);
                }
                let sign = if *folded {
                    theme.symbols.folded
                } else {
                    theme.symbols.open
                };
                let x = put(buf, row.x + 1, y, sign, 1, theme.style(Look::Dim)) + 1;
                let x = put(
                    buf,
                    x,
                    y,
                    group_name(*role),
                    row.width,
                    theme.style(Look::Dim).add_modifier(Modifier::BOLD),
                );
                put(buf, x + 1, y, &count.to_string(), 6, theme.style(Look::Dim));
                y += if *folded { 1 } else { 2 };
            }
            Item::Card(row) => {
                let source = &view.sources[*row];
                let lines = card_lines(source, body.width);
                let height = (lines.len() as u16).min(body.bottom() - y);
                let area = Rect { y, height, ..body };
                if chosen {
                    select(buf, area, focused, theme);
                }
                draw_card(model, source, &lines, area, buf);
                y += lines.len() as u16 + 1;
            }
        }
    }
}

fn draw_card(model: &Model, source: &SourceRow, lines: &[CardLine], area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let text = area.x + 4;
    let width = area.width.saturating_sub(5);
    if let Some(n) = source.n {
        let number = format!("{n:>2}");
        put(
            buf,
            area.x + 1,
            area.y,
            &number,
            3,
            theme.style(Look::Accent).add_modifier(Modifier::BOLD),
        );
    }
    let (badge, badge_look) = badge(model, source);
    let badge_width = fit::width(&badge) as u16;
    let titles = lines
        .iter()
        .take_while(|(_, look)| *look == Look::Text)
        .count();
    for (at, (line, look)) in lines.iter().enumerate().take(usize::from(area.height)) {
        let y = area.y + at as u16;
        if at < titles {
            let look = if source.card.read {
                Look::Dim
            } else {
                Look::Unread
            };
            let mut style = theme.style(look);
            if let Some(number) = model.links.known(&source.url) {
                style = style.underline_color(link_colour(number));
            }
            put(buf, text, y, line, width, style);
        } else if at == titles {
            let room = width.saturating_sub(if badge_width > 0 { badge_width + 2 } else { 0 });
            put(
                buf,
                text,
                y,
                &fit::parts(&details(model, source), usize::from(room)),
                room,
                theme.style(Look::Dim),
            );
            let row = Rect {
                width: area.width.saturating_sub(1),
                ..area
            };
            put_right(buf, row, y, &badge, theme.style(badge_look));
        } else {
            put(buf, text, y, line, width, theme.style(*look));
        }
    }
}
