//! The source column: what [`crate::tui::paint::sources`] paints.

use super::article::link_colour;
use super::heading;
use crate::news::{ArticleView, SourceRow};
use crate::tui::Model;
use crate::tui::columns::Column;
use crate::tui::paint::sources::Panel;
use crate::tui::reading::{CARDS, Item, may_be_asked};
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

/// Before which row of the sources cards may come by themselves.
fn awaited(model: &Model, view: &ArticleView) -> usize {
    if model.settings.cards != "visible" || model.settings.offline || !model.reading.opened {
        return 0;
    }
    let rows = view.sources.iter().enumerate();
    let mut asked = rows.filter(|(_, row)| may_be_asked(row));
    asked
        .nth(CARDS - 1)
        .map_or(view.sources.len(), |(at, _)| at + 1)
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
        awaited: awaited(model, view),
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

/// Measures the cards that were not measured for this article and width. One that other words came to stand on takes the rows
/// that it wants when it is neither selected nor in sight; what is in sight stays where it is.
pub fn measure(model: &mut Model, area: Rect) {
    let Some(view) = model.reading.view() else {
        return;
    };
    let width = area.width;
    let known = model.reading.heights.as_ref();
    let known = known.filter(|(of, heights)| *of == width && heights.len() == view.sources.len());
    let Some((_, known)) = known else {
        let heights = with_panel(model, view, |panel| panel.heights(width));
        model.reading.heights = Some((width, heights));
        model.reading.late.clear();
        return;
    };
    let mut heights = known.clone();
    let mut top = model.reading.panel_top;
    let mut late = Vec::new();
    with_panel(model, view, |panel| {
        if heights.contains(&0) {
            heights = panel.heights_beside(width, known);
        }
        for &at in &model.reading.late {
            let place = panel.rows_of(at, width);
            let seen = top..top + usize::from(area.height.saturating_sub(panel.head_rows()));
            match place {
                Some(rows)
                    if panel.selected == Some(at)
                        || rows.start < seen.end && rows.end > seen.start =>
                {
                    late.push(at);
                }
                Some(rows) => {
                    let height = panel.height(at, width);
                    if rows.end <= seen.start {
                        top = top - rows.len() + usize::from(height);
                    }
                    heights[at] = height;
                }
                None => heights[at] = 0,
            }
        }
    });
    model.reading.heights = Some((width, heights));
    model.reading.late = late;
    model.reading.panel_top = top;
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
