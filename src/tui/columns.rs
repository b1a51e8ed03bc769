//! Feeds › entries › article › sources: which columns fit, and where they stand.

use ratatui::layout::Rect;

/// A column, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Feeds,
    Entries,
    Article,
    Sources,
}

/// What decides where columns stand, besides the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub focus: Column,
    /// Only the article.
    pub zen: bool,
    /// The source panel is not hidden.
    pub panel: bool,
    /// Whether there is anything for the panel.
    pub sources: bool,
    pub measure: u16,
    /// What the reader dragged: the widths of feeds, entries and sources, and the height of the drawer.
    pub dragged: [Option<u16>; 4],
}

/// Where everything stands. A column that is not shown is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub top: Option<Rect>,
    pub status: Rect,
    pub feeds: Option<Rect>,
    pub entries: Option<Rect>,
    pub article: Option<Rect>,
    pub sources: Option<Rect>,
    /// The sources stand below the article, not beside it.
    pub drawer: bool,
    /// The drawer, folded to one line.
    pub folded_drawer: Option<Rect>,
    /// The columns of the rules, and the row of the drawer's.
    pub rules: [Option<u16>; 3],
    pub drawer_rule: Option<u16>,
    /// The rows that rules cross.
    pub body: Rect,
    /// Room for two lines a row.
    pub tall: bool,
    pub too_small: bool,
}

impl Layout {
    /// Where a column stands.
    pub fn of(&self, column: Column) -> Option<Rect> {
        match column {
            Column::Feeds => self.feeds,
            Column::Entries => self.entries,
            Column::Article => self.article,
            Column::Sources => self.sources,
        }
    }

    /// The column at a place.
    pub fn column_at(&self, x: u16, y: u16) -> Option<Column> {
        [
            Column::Feeds,
            Column::Entries,
            Column::Article,
            Column::Sources,
        ]
        .into_iter()
        .find(|column| {
            self.of(*column)
                .is_some_and(|area| area.contains((x, y).into()))
        })
    }
}

/// Lays the columns out on a screen of `width` and `height`.
pub fn lay_out((width, height): (u16, u16), wanted: Wanted) -> Layout {
    let mut layout = Layout {
        tall: height >= 16,
        ..Layout::default()
    };
    if width < 20 || height < 4 {
        layout.too_small = true;
        return layout;
    }
    layout.status = Rect::new(0, height - 1, width, 1);
    let above = match height {
        0..16 => 0,
        16..24 => 1,
        _ => 2,
    };
    if above > 0 {
        layout.top = Some(Rect::new(0, 0, width, 1));
    }
    let body = Rect::new(0, above, width, height - 1 - above);
    layout.body = body;
    place(&mut layout, wanted);
    if layout.tall
        && let Some(article) = &mut layout.article
    {
        // The title stands level with the first row of the lists, below their headings.
        article.y += 1;
        article.height -= 1;
    }
    layout
}

fn place(layout: &mut Layout, wanted: Wanted) {
    let body = layout.body;
    let width = body.width;
    let reading = wanted.focus >= Column::Article;
    if wanted.zen && reading {
        layout.article = Some(body);
        if wanted.focus == Column::Sources {
            drawer(layout, body, wanted);
        }
        return;
    }
    let [feeds, entries, sources, _] = wanted.dragged;
    let feeds = |usual: u16| feeds.unwrap_or(usual).clamp(14, width / 3);
    let entries = |usual: u16| entries.unwrap_or(usual).clamp(20, width / 2);
    let sources = |usual: u16| sources.unwrap_or(usual).clamp(24, width / 2);
    let panel = wanted.panel || wanted.focus == Column::Sources;
    match width {
        180.. => {
            let sources = if panel { sources(46) } else { 0 };
            side_by_side(layout, body, feeds(28), entries(50), sources);
        }
        120..180 if reading => {
            let sources = if panel {
                sources((width * 3 / 10).min(42))
            } else {
                0
            };
            // Entries give way first, down to what still shows a title: in fewer columns every word would stand alone.
            let entries = entries(36).min(width.saturating_sub(sources + 56)).max(30);
            side_by_side(layout, body, 0, entries, sources);
        }
        120..180 => side_by_side(layout, body, feeds(26), entries(42), 0),
        80..120 if reading => {
            layout.article = Some(body);
            if wanted.focus == Column::Sources || (wanted.panel && wanted.sources) {
                drawer(layout, body, wanted);
            } else if wanted.sources && body.height > 6 {
                let line = Rect::new(0, body.bottom() - 1, width, 1);
                layout.folded_drawer = Some(line);
                layout.article = Some(Rect {
                    height: body.height - 1,
                    ..body
                });
            }
        }
        80..120 => {
            let left = feeds(26);
            layout.feeds = Some(Rect {
                width: left,
                ..body
            });
            layout.rules[0] = Some(left);
            layout.entries = Some(right_of(body, left));
        }
        _ => match wanted.focus {
            Column::Feeds => layout.feeds = Some(body),
            Column::Entries => layout.entries = Some(body),
            Column::Article => layout.article = Some(body),
            Column::Sources => layout.sources = Some(body),
        },
    }
}

/// What is left of `body` behind a column and its rule, with a column of air.
fn right_of(body: Rect, used: u16) -> Rect {
    let from = used + 2;
    Rect::new(
        body.x + from,
        body.y,
        body.width.saturating_sub(from),
        body.height,
    )
}

fn side_by_side(layout: &mut Layout, body: Rect, feeds: u16, entries: u16, sources: u16) {
    let mut rest = body;
    if feeds > 0 {
        layout.feeds = Some(Rect {
            width: feeds,
            ..rest
        });
        layout.rules[0] = Some(rest.x + feeds);
        rest = right_of(rest, feeds);
    }
    layout.entries = Some(Rect {
        width: entries,
        ..rest
    });
    layout.rules[1] = Some(rest.x + entries);
    rest = right_of(rest, entries);
    if sources > 0 {
        let left = rest.width.saturating_sub(sources + 2);
        let panel = Rect::new(
            rest.x + left + 2,
            rest.y,
            rest.width - left - 2,
            rest.height,
        );
        layout.sources = Some(panel);
        layout.rules[2] = Some(rest.x + left);
        rest.width = left;
    }
    layout.article = Some(rest);
}

/// A drawer of a third of the height, or of the height that it was dragged to, below the article: both keep a few rows.
fn drawer(layout: &mut Layout, body: Rect, wanted: Wanted) {
    if body.height < 12 {
        // No room for both: the one in focus.
        if wanted.focus == Column::Sources {
            layout.article = None;
            layout.sources = Some(body);
        }
        return;
    }
    let height = wanted.dragged[3]
        .unwrap_or((body.height / 3).max(6))
        .clamp(4, body.height - 5);
    layout.drawer = true;
    layout.article = Some(Rect {
        height: body.height - height - 1,
        ..body
    });
    layout.drawer_rule = Some(body.bottom() - height - 1);
    layout.sources = Some(Rect::new(
        body.x,
        body.bottom() - height,
        body.width,
        height,
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(focus: Column) -> Wanted {
        Wanted {
            focus,
            zen: false,
            panel: true,
            sources: true,
            measure: 72,
            dragged: [None; 4],
        }
    }

    #[track_caller]
    fn check(size: (u16, u16), focus: Column, shown: [bool; 4]) {
        let layout = lay_out(size, wanted(focus));
        let columns = [layout.feeds, layout.entries, layout.article, layout.sources];
        assert_eq!(
            columns.map(|column| column.is_some()),
            shown,
            "{size:?} {focus:?}"
        );
        assert!(layout.of(focus).is_some(), "the focus is always in sight");
        for area in columns.into_iter().flatten() {
            assert!(
                area.right() <= size.0 && area.bottom() < size.1,
                "{size:?}: {area:?}"
            );
            assert!(area.width > 0 && area.height > 0, "{size:?}: {area:?}");
        }
    }

    #[test]
    fn as_many_columns_as_fit_and_always_the_one_in_focus() {
        use Column::{Article, Entries, Feeds, Sources};
        check((200, 50), Feeds, [true; 4]);
        check((200, 50), Sources, [true; 4]);
        check((150, 40), Entries, [true, true, true, false]);
        check((150, 40), Article, [false, true, true, true]);
        check((120, 35), Article, [false, true, true, true]);
        check((80, 24), Feeds, [true, true, false, false]);
        check((80, 24), Article, [false, false, true, true]);
        check((80, 12), Sources, [false, false, false, true]);
        for focus in [Feeds, Entries, Article, Sources] {
            let shown = [Feeds, Entries, Article, Sources].map(|column| column == focus);
            check((40, 10), focus, shown);
        }
        assert!(lay_out((19, 50), wanted(Feeds)).too_small);
        assert!(lay_out((80, 3), wanted(Feeds)).too_small);
    }

    #[test]
    fn no_size_and_no_drag_leaves_the_screen() {
        for width in 20..260 {
            for height in [4, 10, 16, 24, 50] {
                for focus in [
                    Column::Feeds,
                    Column::Entries,
                    Column::Article,
                    Column::Sources,
                ] {
                    for dragged in [[None; 4], [Some(0); 4], [Some(500); 4]] {
                        for zen in [false, true] {
                            let wanted = Wanted {
                                zen,
                                dragged,
                                ..wanted(focus)
                            };
                            let layout = lay_out((width, height), wanted);
                            let areas =
                                [layout.feeds, layout.entries, layout.article, layout.sources];
                            assert!(layout.of(focus).is_some(), "{width}x{height}");
                            for area in areas.into_iter().flatten() {
                                assert!(area.right() <= width && area.bottom() < height);
                            }
                        }
                    }
                }
            }
        }
    }
}
