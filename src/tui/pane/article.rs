//! The article column: what [`crate::tui::paint::article`] paints, or what is said where there is no article yet.

use super::say_in;
use crate::news::ArticleView;
use crate::tui::Model;
use crate::tui::paint::article::{Shown, text_width};
use crate::tui::reading::{Item, State};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

/// The width to lay out for, in a column of that size.
pub fn width_in(area: Rect, measure: u16) -> u16 {
    text_width(area.width, measure)
}

/// Hands the article, as it is shown now, to a painter's question.
pub fn with_shown<T>(model: &Model, view: &ArticleView, ask: impl FnOnce(Shown<'_>) -> T) -> T {
    let hyperlink = |url: &str| model.links.known(url).map(link_colour);
    // What is painted by the terminal itself would lie over a box.
    let covered = model.overlay.is_some() || !model.pending.is_empty();
    let picture = |number: u32| {
        let url = view.images.get(number as usize)?;
        model
            .pictures
            .get(url)
            .filter(|picture| !(picture.covers && covered))
    };
    let find = model
        .reading
        .find
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let source = match model.reading.selected {
        Some(Item::Card(row)) => Some(row),
        _ => None,
    };
    let related = match (&model.reading.beside, &view.target) {
        (Some((entry, beside)), crate::news::Target::Entry(shown)) if entry == shown => {
            beside.related.as_slice()
        }
        _ => &[],
    };
    ask(Shown {
        view,
        top: model.reading.top,
        side: usize::from(model.reading.sideways),
        source,
        find: &find,
        // A source is another text: what was searched is not looked for in it.
        terms: if model.reading.trail.depth() == 0 {
            &model.entries.terms
        } else {
            &[]
        },
        theme: &model.theme,
        now: model.now,
        zone: model.zone,
        measure: model.measure,
        hyperlink: &hyperlink,
        picture: &picture,
        related,
    })
}

/// Rows above and below the text.
pub fn frame(model: &Model, view: &ArticleView) -> (usize, usize) {
    let pane = model
        .layout()
        .article
        .map_or(model.size.0, |area| area.width);
    with_shown(model, view, |shown| {
        let head = shown.head_rows(pane);
        (head, shown.rows(pane) - head - view.lines.lines.len())
    })
}

/// Draws the article in its column.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    if let Some(view) = model.reading.view() {
        with_shown(model, view, |shown| shown.draw(area, buf));
        return;
    }
    let lines: [String; 2] = match &model.reading.state {
        State::Empty | State::Ready | State::Waiting => return,
        State::Fetching => [
            "Fetching the page.".to_owned(),
            "h goes back, o opens it in the browser.".to_owned(),
        ],
        State::Failed(why) => [
            format!("{}.", why.trim_end_matches('.')),
            "o opens it in the browser, r tries again, ga reads an archived copy, H goes back."
                .to_owned(),
        ],
    };
    say_in(
        buf,
        area,
        &lines.each_ref().map(String::as_str),
        &model.theme,
    );
}

/// The number of a link as the underline colour that tells the backend of it.
pub fn link_colour(number: u32) -> Color {
    Color::Rgb((number >> 16) as u8, (number >> 8) as u8, number as u8)
}
