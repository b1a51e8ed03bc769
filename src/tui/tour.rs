//! The tour: what a newcomer tries in two minutes, a step at a time. A step is over when it was done; nothing is forbidden
//! meanwhile, and escape ends it.

use super::Model;
use super::action::Action;
use super::pane::{lists, put};
use super::theme::Look;
use super::{fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A step: what is told, with actions in braces, and what is to be done.
struct Stop {
    text: &'static str,
    done: &'static [Action],
}

const STOPS: &[Stop] = &[
    Stop {
        text: "{down} and {up} go through a list. Go down a row.",
        done: &[
            Action::Down,
            Action::NextEntry,
            Action::HalfDown,
            Action::PageDown,
            Action::Bottom,
        ],
    },
    Stop {
        text: "Reading goes right: {open} or {right} reads the entry.",
        done: &[Action::Open, Action::Right, Action::PageOn],
    },
    Stop {
        text: "{page-on} pages on. {next-source} goes to the next source in the text; its card stands beside it, or below.",
        done: &[
            Action::NextSource,
            Action::PageOn,
            Action::Down,
            Action::HalfDown,
        ],
    },
    Stop {
        text: "{open} reads that source here, with its own sources. {browser} opens it in the browser.",
        done: &[Action::Open, Action::Browse, Action::Right, Action::Peek],
    },
    Stop {
        text: "{back} goes one step back, {left} one column to the left.",
        done: &[Action::Back, Action::Left, Action::Leave],
    },
    Stop {
        text: "{star} stars, {later} keeps for later, {tags} tags. Star something; {undo} takes anything back.",
        done: &[
            Action::Star,
            Action::Later,
            Action::ToggleRead,
            Action::Tags,
        ],
    },
    Stop {
        text: "{search} searches everything: words, \"phrases\", feed:, is:unread, age:<2d. {cancel} brings the list back.",
        done: &[Action::Search, Action::Filter],
    },
    Stop {
        text: "{palette} finds any action, feed or setting by its name; {help} shows all keys, {go-feeds} the feeds.",
        done: &[Action::Palette, Action::Help, Action::GoFeeds],
    },
];

/// Begins the tour; when it is on already, goes to its next step.
pub fn begin(model: &mut Model) {
    model.tour = match model.tour {
        None => Some(0),
        Some(at) => next(at),
    };
}

fn next(at: usize) -> Option<usize> {
    Some(at + 1).filter(|at| *at < STOPS.len())
}

/// An action was done: the step may be over.
pub fn done(model: &mut Model, action: Action) {
    let Some(stop) = model.tour.and_then(|at| STOPS.get(at)) else {
        return;
    };
    if stop.done.contains(&action) {
        model.tour = model.tour.and_then(next);
        if model.tour.is_none() {
            let text = model
                .keymap
                .teach("That was the tour. {help} shows all keys; {tour} takes it again.");
            model.say(&text, false);
        }
    }
}

/// What the step is, and what it tells, with `name` in the place of each action.
pub fn told(model: &Model, name: impl Fn(Action) -> String) -> Option<(String, String)> {
    let at = model.tour?;
    let text = super::keymap::named_actions(STOPS.get(at)?.text, name);
    let title = format!("Tour, {} of {}", words::number(at + 1), STOPS.len());
    Some((title, text))
}

/// Draws the step in a corner of the columns.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let key = |action: Action| {
        let keys = model.keymap.keys_of(action);
        keys.into_iter()
            .next()
            .unwrap_or_else(|| format!(":{}", action.row().name))
    };
    let Some((title, text)) = told(model, key) else {
        return;
    };
    let width = area.width.min(48);
    let lines = fit::wrap(&text, usize::from(width.saturating_sub(2)), 4);
    let height = (lines.len() as u16 + 1).min(area.height);
    // Off the edges, where there is room: it lies over the columns and is none of them.
    let aside = u16::from(area.width > width + 2);
    let below = u16::from(area.height > height + 2);
    let place = Rect::new(
        area.right() - width - aside,
        area.bottom() - height - below,
        width,
        height,
    );
    let inner = lists::frame(buf, place, &title, "esc ends it", &model.theme);
    for (at, line) in lines.iter().enumerate().take(usize::from(inner.height)) {
        put(
            buf,
            inner.x,
            inner.y + at as u16,
            line,
            inner.width,
            model.theme.style(Look::Text),
        );
    }
}
