//! The source column: what [`crate::tui::paint::sources`] paints.

use super::article::link_colour;
use super::heading;
use crate::news::{ArticleView, SourceRow};
use crate::tui::Model;
use crate::tui::columns::Column;
use crate::tui::paint::sources::Panel;
use crate::tui::reading::Item;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

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

/// The line that asks for consent, where it stands in the panel.
fn question(model: &Model) -> Option<&'static str> {
    let asks =
        model.settings.cards == "ask" && model.reading.has_sources() && !model.settings.offline;
    asks.then_some(
        "Ask sources in sight for title and summary? zc always · zd on demand · zn never",
    )
}

/// Hands the panel, as it is shown now, to a painter's question.
pub fn with_panel<T>(model: &Model, view: &ArticleView, ask: impl FnOnce(Panel<'_>) -> T) -> T {
    let unfolded = model.reading.unfolded();
    let (selected, group) = match model.reading.selected {
        Some(Item::Card(row)) => (Some(row), None),
        Some(Item::Group { role, .. }) => (None, Some(role)),
        Some(Item::Story) | None => (None, None),
    };
    let hyperlink = |url: &str| model.links.known(url).map(link_colour);
    let story = model.reading.told_by();
    ask(Panel {
        view,
        story: &story,
        story_selected: model.reading.selected == Some(Item::Story),
        hyperlink: &hyperlink,
        selected,
        group,
        unfolded: &unfolded,
        top: model.reading.panel_top,
        measured: model
            .reading
            .heights
            .as_ref()
            .map(|(width, heights)| (*width, heights.as_slice())),
        focused: model.focus == Column::Sources,
        question: question(model),
        beat: model.spin,
        theme: &model.theme,
        now: model.now,
        zone: model.zone,
    })
}

/// Measures the cards where that was not done for this article and width.
pub fn measure(model: &mut Model, width: u16) {
    let known = model.reading.heights.as_ref();
    if known.is_none_or(|(of, _)| *of != width)
        && let Some(view) = model.reading.view()
    {
        let heights = with_panel(model, view, |panel| panel.heights(width));
        model.reading.heights = Some((width, heights));
    }
}

/// The first row of the panel to show, so that what is selected is in sight.
pub fn top(model: &Model, area: Rect) -> usize {
    model.reading.view().map_or(0, |view| {
        with_panel(model, view, |panel| {
            panel.top_for_selected(area.width, area.height)
        })
    })
}

/// Draws the panel.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    match model.reading.view() {
        Some(view) => with_panel(model, view, |panel| panel.draw(area, buf)),
        None => heading(
            buf,
            area,
            "SOURCES",
            "",
            model.focus == Column::Sources,
            &model.theme,
        ),
    }
}
