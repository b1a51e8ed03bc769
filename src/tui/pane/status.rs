//! The top line (views, or the way back in a chain) and the status line (hints, notices, place).

use super::{put, put_right};
use crate::news::{Health, Listing, View};
use crate::tui::action::Action;
use crate::tui::columns::Column;
use crate::tui::keymap;
use crate::tui::overlay::{Asks, Overlay, Prompt};
use crate::tui::pane::entries;
use crate::tui::pane::feeds::ViewKind;
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// What can be gone to from the top line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Top {
    Front,
    View(ViewKind),
    /// A saved view, by its name.
    Saved(String),
}

/// A name in the top line: where it stands, with its number, and whether it is what is open.
#[derive(Clone, Debug)]
pub struct TopName {
    pub from: u16,
    pub to: u16,
    pub goes: Top,
    name: String,
    number: String,
    open: bool,
}

/// The columns of the top line that names may take.
fn room_in_top(model: &Model, width: u16) -> (u16, u16) {
    let right = fit::width(&right_of_top(model, width)) as u16;
    (8, width.saturating_sub(1 + right + 2))
}

/// The way back stands there, not the views.
fn shows_way(model: &Model, width: u16) -> bool {
    let reading = model.focus >= Column::Article && !front_is_shown(model);
    reading && (model.reading.trail.depth() > 0 || width < 120)
}

/// The names that stand in a top line of that width: the front page, the views, the saved ones as far as there is room.
pub fn top_names(model: &Model, width: u16) -> Vec<TopName> {
    if shows_way(model, width) {
        return Vec::new();
    }
    let front = front_is_shown(model);
    let mut all = vec![(Top::Front, "Front page".to_owned(), 0, front)];
    for kind in ViewKind::ALL {
        let open = !front && kind.is(&model.entries.view);
        let count = kind.count(model);
        all.push((Top::View(kind), kind.name().to_owned(), count, open));
    }
    for saved in model.feeds.saved() {
        let open = matches!(&model.entries.view, View::Search { text, .. } if *text == saved.query);
        let name = saved.name.to_string();
        let unread = saved.unread.unwrap_or(0);
        all.push((Top::Saved(name.clone()), name, unread, open && !front));
    }
    let (mut from, end) = room_in_top(model, width);
    let mut names = Vec::new();
    for (goes, name, count, open) in all {
        if width < 80 && !open {
            continue;
        }
        let number = if count > 0 && model.settings.counts {
            format!(" {}", words::number(count as usize))
        } else {
            String::new()
        };
        let to = from + (fit::width(&name) + fit::width(&number)) as u16;
        if to > end {
            break;
        }
        names.push(TopName {
            from,
            to,
            goes,
            name,
            number,
            open,
        });
        from = to + 3;
    }
    names
}

/// Draws the top line.
pub fn draw_top(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let bold = |look| theme.style(look).add_modifier(Modifier::BOLD);
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let right = right_of_top(model, area.width);
    put_right(buf, inner, area.y, &right, theme.style(Look::Dim));
    let (begin, end) = room_in_top(model, area.width);
    put(buf, inner.x, area.y, "bron", 4, bold(Look::Accent));
    if shows_way(model, area.width) {
        draw_way(model, begin, area.y, end, buf);
        return;
    }
    let names = top_names(model, area.width);
    for name in &names {
        let (style, number) = if name.open {
            (bold(Look::Unread), theme.style(Look::Accent))
        } else {
            (theme.style(Look::Dim), theme.style(Look::Dim))
        };
        let width = name.to - name.from;
        let x = put(buf, name.from, area.y, &name.name, width, style);
        put(buf, x, area.y, &name.number, width, number);
    }
    let x = names.last().map_or(begin, |name| name.to + 3);
    if !names.iter().any(|name| name.open) && !front_is_shown(model) && x < end {
        let name = entries::view_name(model, &model.entries.view);
        let room = end - x;
        put(
            buf,
            x,
            area.y,
            &fit::cut(&name, usize::from(room)),
            room,
            bold(Look::Unread),
        );
    }
}

/// Whether the front page lies over the columns.
fn front_is_shown(model: &Model) -> bool {
    model.front.as_ref().is_some_and(|front| front.shown)
}

/// The hints of the front page.
const FRONT: &[Action] = &[
    Action::Open,
    Action::Browse,
    Action::GoPrimary,
    Action::NextColumn,
    Action::MarkAll,
    Action::Star,
    Action::Help,
];

/// The way back: view › article › source › its source.
fn draw_way(model: &Model, x: u16, y: u16, end: u16, buf: &mut Buffer) {
    let theme = &model.theme;
    let mut names = vec![entries::view_name(model, &model.entries.view)];
    let way = model.reading.trail.way();
    names.extend(way.iter().map(|step| step.name.clone()));
    if way.len() < 2 && model.size.0 < 120 {
        names.truncate(1);
        names.extend(
            model
                .reading
                .view()
                .map(|view| view.site.as_str().to_owned()),
        );
    }
    let room = usize::from(end.saturating_sub(x));
    let last = names.len() - 1;
    let share = (room / names.len()).saturating_sub(3).max(8);
    let mut x = x;
    for (at, name) in names.iter().enumerate() {
        if x >= end {
            break;
        }
        if at > 0 {
            x = put(
                buf,
                x,
                y,
                &format!(" {} ", theme.symbols.step),
                3,
                theme.style(Look::Dim),
            );
        }
        let room = end.saturating_sub(x);
        let text = fit::cut(name, if at == last { usize::from(room) } else { share });
        let style = match at {
            0 => theme.style(Look::Unread),
            at if at == last => theme.style(Look::Text),
            _ => theme.style(Look::Dim),
        };
        x = put(buf, x, y, &text, room, style);
    }
}

fn right_of_top(model: &Model, width: u16) -> String {
    let clock = model
        .now
        .with_timezone(&model.zone)
        .format("%H:%M")
        .to_string();
    let depth = model.reading.trail.depth();
    if model.focus >= Column::Article && depth >= 2 {
        return format!(
            "{depth} deep, {} back   {clock}",
            first_key(model, Action::Back)
        );
    }
    match &model.progress {
        Some(progress) if width >= 60 => format!(
            "{} {} of {} feeds   {clock}",
            model.theme.symbols.spinner[model.spin % 8],
            words::number(progress.done),
            words::number(progress.total)
        ),
        None if width >= 60
            && let Some(ahead) = &model.ahead =>
        {
            format!(
                "{} {} of {} pages   {clock}",
                model.theme.symbols.spinner[model.spin % 8],
                words::number(ahead.done),
                words::number(ahead.total)
            )
        }
        _ if model.settings.offline && width >= 60 => format!("offline   {clock}"),
        _ => clock,
    }
}

/// The hints while entries are selected.
const SELECTING: &[Action] = &[
    Action::Select,
    Action::ToggleRead,
    Action::Star,
    Action::Tags,
    Action::Together,
    Action::Cancel,
];

/// The hints of a list with nothing in it.
const EMPTY: &[Action] = &[
    Action::AddFeed,
    Action::VisitAll,
    Action::GoAll,
    Action::Search,
    Action::Palette,
    Action::Help,
];

/// The hints of a place, the most useful first.
const HINTS: &[(Column, &[Action])] = &[
    (
        Column::Feeds,
        &[
            Action::Open,
            Action::Visit,
            Action::AddFeed,
            Action::Fold,
            Action::MarkAll,
            Action::About,
            Action::Help,
        ],
    ),
    (
        Column::Entries,
        &[
            Action::Open,
            Action::ToggleRead,
            Action::Star,
            Action::Later,
            Action::Search,
            Action::Browse,
            Action::Help,
        ],
    ),
    (
        Column::Article,
        &[
            Action::NextSource,
            Action::Open,
            Action::PageOn,
            Action::Browse,
            Action::WholePage,
            Action::Star,
            Action::Help,
        ],
    ),
    (
        Column::Sources,
        &[
            Action::Open,
            Action::Browse,
            Action::WhoCites,
            Action::Back,
            Action::Later,
            Action::About,
            Action::Help,
        ],
    ),
];

/// The first key of an action, as shown.
pub fn first_key(model: &Model, action: Action) -> String {
    model
        .keymap
        .keys_of(action)
        .first()
        .cloned()
        .unwrap_or_default()
}

/// Draws the status line.
pub fn draw_status(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    buf.set_style(area, theme.style(Look::Faint));
    if let Some(Overlay::Prompt(prompt)) = &model.overlay {
        draw_prompt(model, prompt, area, buf);
        return;
    }
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let mut right = String::new();
    if let Some(count) = model.count {
        right = format!("{count} …");
    } else if !model.pending.is_empty() {
        right = format!("{} …", keymap::sequence_name(&model.pending));
    } else if model.focus >= Column::Article
        && !front_is_shown(model)
        && let Some(area) = model.layout().article
    {
        right = format!("{} %", model.reading.percent(usize::from(area.height)));
    } else if model.size.1 < 16 && model.focus == Column::Entries && model.entries.length() > 0 {
        right = format!(
            "{} of {}",
            words::number(model.entries.place + 1),
            words::number(model.entries.length())
        );
    }
    let used = put_right(buf, inner, area.y, &right, theme.style(Look::Text));
    let mut end = inner
        .right()
        .saturating_sub(if used > 0 { used + 3 } else { 0 });
    if let Some((text, look)) = sentence(model) {
        let text = fit::cut(&text, usize::from(end.saturating_sub(inner.x))).into_owned();
        let width = fit::width(&text) as u16;
        // A notice gives the hints as much room as is left.
        put(
            buf,
            end.saturating_sub(width).max(inner.x),
            area.y,
            &text,
            width,
            theme.style(look),
        );
        end = end.saturating_sub(width + 3).max(inner.x);
    }
    draw_hints(
        model,
        Rect {
            width: end.saturating_sub(inner.x),
            ..inner
        },
        buf,
    );
}

/// Keys that make sense here and now. The one for all keys is the last to go.
fn draw_hints(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let hints = match &model.overlay {
        Some(overlay) => overlay_hints(overlay)
            .iter()
            .map(|(key, label)| ((*key).to_owned(), *label))
            .collect(),
        None => column_hints(model),
    };
    let wide = |(key, label): &(String, &str)| (fit::width(key) + 1 + fit::width(label)) as u16;
    let last = hints
        .last()
        .filter(|_| hints.len() > 1)
        .map_or(0, |hint| wide(hint) + 3);
    let mut x = area.x;
    for (at, hint) in hints.iter().enumerate() {
        let spare = if at + 1 == hints.len() { 0 } else { last };
        if x + wide(hint) + spare > area.right() {
            continue;
        }
        let bold = theme.style(Look::Accent).add_modifier(Modifier::BOLD);
        x = put(buf, x, area.y, &hint.0, wide(hint), bold) + 1;
        x = put(buf, x, area.y, hint.1, wide(hint), theme.style(Look::Dim)) + 3;
    }
}

/// Whether the list in focus has no row that a key could mean.
fn nothing_to_act_on(model: &Model) -> bool {
    match model.focus {
        Column::Feeds => model.feeds.loaded && model.feeds.is_empty(),
        _ => model.entries.loaded && model.entries.total == Some(0),
    }
}

/// The hints of the column in focus.
fn column_hints(model: &Model) -> Vec<(String, &'static str)> {
    let front = front_is_shown(model);
    let actions = match HINTS.iter().find(|(column, _)| *column == model.focus) {
        _ if front => FRONT,
        Some((Column::Entries, _)) if !model.entries.marked.is_empty() => SELECTING,
        Some((Column::Feeds | Column::Entries, _)) if nothing_to_act_on(model) => EMPTY,
        Some((_, actions)) => actions,
        None => &[],
    };
    let fits = |action: &&Action| **action != Action::Back || model.reading.trail.depth() > 0;
    actions
        .iter()
        .filter(fits)
        .map(|action| {
            let label = match action {
                Action::Open if front => "read",
                Action::Open if model.focus == Column::Feeds => "entries",
                Action::Open if model.focus >= Column::Article => "read source",
                _ => action.row().short,
            };
            (first_key(model, *action), label)
        })
        .filter(|(key, _)| !key.is_empty())
        .collect()
}

/// The hints of what lies over the columns: its keys are its own.
fn overlay_hints(overlay: &Overlay) -> &'static [(&'static str, &'static str)] {
    match overlay {
        Overlay::Palette(_) => &[("enter", "takes it"), ("tab", "next"), ("esc", "closes")],
        Overlay::Help(_) => &[("j k", "scroll"), ("/", "searches"), ("esc", "closes")],
        Overlay::Confirm { .. } => &[("y", "yes"), ("n", "no")],
        Overlay::Briefing(_) => &[
            ("j k", "next address"),
            ("enter", "reads it here"),
            ("o", "browser"),
            ("space", "page on"),
            ("esc", "closes"),
        ],
        Overlay::Info { .. } | Overlay::Page { .. } => &[("j k", "scroll"), ("esc", "closes")],
        Overlay::Citing {
            key: Listing::MostCited(_),
            ..
        } => &[
            ("j k", "choose"),
            ("enter", "takes it"),
            ("d", "day"),
            ("w", "week"),
            ("m", "month"),
            ("esc", "closes"),
        ],
        Overlay::Citing { .. } | Overlay::Found { .. } | Overlay::Choose { .. } => {
            &[("j k", "choose"), ("enter", "takes it"), ("esc", "closes")]
        }
        Overlay::Labels { .. } => &[("letters", "open their link"), ("esc", "closes")],
        Overlay::Welcome(_) => &[
            ("space", "picks"),
            ("enter", "starts"),
            ("a", "adds an address"),
            ("i", "imports a file"),
            ("esc", "starts empty"),
        ],
        Overlay::Prompt(_) => &[],
    }
}

/// What there is to say: a notice, else what ails the selected feed.
fn sentence(model: &Model) -> Option<(String, Look)> {
    if let Some(notice) = &model.notice {
        let look = if notice.error {
            Look::Error
        } else {
            Look::Text
        };
        let undo = if notice.undoable {
            format!(" {} undoes", first_key(model, Action::Undo))
        } else {
            String::new()
        };
        return Some((format!("{}{undo}", notice.text), look));
    }
    if let Some(text) = &model.finding {
        let turning = model.theme.symbols.spinner[model.spin % 8];
        let stops = first_key(model, Action::Cancel);
        return Some((format!("{turning} {text}; {stops} stops"), Look::Text));
    }
    let feed = match (model.focus, &model.entries.view) {
        (Column::Feeds, _) => model.feeds.selected_feed(),
        (Column::Entries, View::Feed(id)) => model.feeds.row(*id),
        _ => None,
    }?;
    match &feed.health {
        Health::Failing(why) | Health::Gone(why) => {
            Some((format!("{}: {why}", feed.title), Look::Error))
        }
        Health::New | Health::Well => None,
    }
}

fn draw_prompt(model: &Model, prompt: &Prompt, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let label = format!("{} ", prompt.label());
    let x = put(
        buf,
        area.x + 1,
        area.y,
        &label,
        area.width,
        theme.style(Look::Accent),
    );
    let room = area.right().saturating_sub(x + 1);
    let scroll = prompt.input.visual_scroll(usize::from(room.max(1)));
    let value = prompt.input.value();
    let skipped = crate::text::width::fitting(value, scroll).len();
    put(
        buf,
        x,
        area.y,
        &value[skipped..],
        room,
        theme.style(Look::Text),
    );
    if let Some((_, span)) = &prompt.wrong
        && let Some(before) = value.get(..span.start)
    {
        let from = x + (fit::width(before).saturating_sub(scroll)) as u16;
        let bad = value.get(span.clone()).unwrap_or_default();
        let width = (fit::width(bad) as u16)
            .max(1)
            .min(area.right().saturating_sub(from));
        buf.set_style(
            Rect::new(from.min(area.right() - 1), area.y, width, 1),
            theme.style(Look::Error).add_modifier(Modifier::UNDERLINED),
        );
    }
    let help = match (&prompt.wrong, &prompt.asks) {
        (Some((message, _)), _) => message.clone(),
        (None, Asks::Search) if value.is_empty() => {
            "words, \"phrases\", -not, feed: tag: is:unread age:<2d".to_owned()
        }
        _ => prompt.picks.join("  "),
    };
    let typed = x + fit::width(&value[skipped..]) as u16 + 3;
    if typed < area.right() {
        let room = area.right() - typed - 1;
        let look = if prompt.wrong.is_some() {
            Look::Error
        } else {
            Look::Dim
        };
        let text = fit::cut(&help, usize::from(room)).into_owned();
        put(
            buf,
            area.right() - 1 - fit::width(&text) as u16,
            area.y,
            &text,
            room,
            theme.style(look),
        );
    }
}

/// The letter of a prompt's line that stands at a column.
pub fn letter_at(prompt: &Prompt, area: Rect, x: u16) -> Option<usize> {
    let from = area.x + 2 + fit::width(prompt.label()) as u16;
    let room = usize::from(area.right().saturating_sub(from + 1)).max(1);
    let column = usize::from(x.checked_sub(from)?) + prompt.input.visual_scroll(room);
    let value = prompt.input.value();
    Some(crate::text::width::fitting(value, column).chars().count())
}

/// Where the cursor of a prompt stands.
pub fn cursor(model: &Model, area: Rect) -> Option<(u16, u16)> {
    let Some(Overlay::Prompt(prompt)) = &model.overlay else {
        return None;
    };
    let x = area.x + 2 + fit::width(prompt.label()) as u16;
    let room = usize::from(area.right().saturating_sub(x + 1)).max(1);
    let at = prompt
        .input
        .visual_cursor()
        .saturating_sub(prompt.input.visual_scroll(room)) as u16;
    Some(((x + at).min(area.right() - 1), area.y))
}
