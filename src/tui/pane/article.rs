//! The article: its head, its text as laid out, and what stands below it.

use super::{put, say_in};
use crate::news::ArticleView;
use crate::text::{LineKind, Role, Span};
use crate::tui::reading::State;
use crate::tui::theme::{Look, Theme};
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Where the text stands in its column: as wide as it was laid out for, in the middle.
pub fn text_area(area: Rect, width: u16) -> Rect {
    let width = width.min(area.width);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}

/// The width to lay out for, in a column of that size.
pub fn width_in(area: Rect, measure: u16) -> u16 {
    area.width.saturating_sub(4).min(measure).max(10)
}

/// Lines of title and details above the text, and the blank one behind them.
pub fn head_height(view: &ArticleView) -> usize {
    let width = usize::from(view.lines.width);
    let title = fit::wrap(view.title.as_str(), width, 4).len();
    let note = view
        .note
        .as_ref()
        .map_or(0, |note| fit::wrap(note, width, 6).len());
    1 + title + 1 + note + usize::from(view.wall.is_some()) + 1
}

/// Lines below the text.
pub fn tail_height(view: &ArticleView) -> usize {
    if view.truncated && !view.partial {
        2
    } else {
        0
    }
}

/// Site, author, day, minutes, tags.
fn details(model: &Model, view: &ArticleView) -> Vec<String> {
    let mut parts = vec![view.site.to_string(), view.byline.to_string()];
    if let Some(published) = view.published {
        parts.push(words::long_day(model.day_of(published), model.today()));
    }
    if view.words > 0 {
        parts.push(format!("{} min", words::minutes(view.words)));
    }
    if view.whole_page {
        parts.push("whole page".to_owned());
    }
    parts.extend(view.tags.iter().map(|tag| format!("#{tag}")));
    parts
}

/// Draws the article in its column.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let reading = &model.reading;
    let Some(view) = reading.view() else {
        let lines: Vec<String> = match &reading.state {
            State::Empty | State::Ready => Vec::new(),
            State::Waiting => return,
            State::Fetching => vec![
                "Fetching the page.".to_owned(),
                "esc gives up waiting.".to_owned(),
            ],
            State::Failed(why) => vec![
                format!("This could not be opened: {why}."),
                "o opens it in the browser, r tries again, H goes back.".to_owned(),
            ],
        };
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        say_in(buf, area, &lines, theme);
        return;
    };
    let column = text_area(area, view.lines.width);
    let head = head_lines(model, view);
    let head_height = head_height(view);
    let found = reading.find.as_deref().map(str::to_lowercase);
    for y in 0..area.height {
        let at = reading.top + usize::from(y);
        let screen_y = area.y + y;
        if at < head_height {
            if let Some((text, style)) = head.get(at) {
                put(buf, column.x, screen_y, text, column.width, *style);
            }
        } else if let Some(line) = view.lines.lines.get(at - head_height) {
            draw_line(
                model,
                view,
                line,
                Rect::new(column.x, screen_y, column.width, 1),
                buf,
            );
            if let Some(words) = &found {
                mark_found(
                    &line.text().to_lowercase(),
                    words,
                    column.x,
                    screen_y,
                    column,
                    theme,
                    buf,
                );
            }
        } else if at == head_height + view.lines.lines.len() + 1 && view.truncated && !view.partial
        {
            let text = "The feed holds the beginning only. x reads the whole page.";
            put(
                buf,
                column.x,
                screen_y,
                text,
                column.width,
                theme.style(Look::Dim),
            );
        }
    }
}

fn head_lines(model: &Model, view: &ArticleView) -> Vec<(String, Style)> {
    let theme = &model.theme;
    let width = usize::from(view.lines.width);
    let title = theme.style(Look::Unread);
    let mut lines = vec![(String::new(), Style::new())];
    for line in fit::wrap(view.title.as_str(), width, 4) {
        lines.push((line.into_owned(), title));
    }
    lines.push((
        fit::parts(&details(model, view), width),
        theme.style(Look::Dim),
    ));
    if let Some(note) = &view.note {
        for line in fit::wrap(note, width, 6) {
            lines.push((line.into_owned(), theme.style(Look::Warn)));
        }
    }
    if let Some(wall) = &view.wall {
        lines.push((fit::cut(wall, width).into_owned(), theme.style(Look::Warn)));
    }
    lines
}

fn draw_line(
    model: &Model,
    view: &ArticleView,
    line: &crate::text::Line,
    row: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    if line.kind == LineKind::Code {
        buf.set_style(row, theme.style(Look::Faint));
    }
    let mut x = row.x;
    let mut skip = match line.kind {
        LineKind::Code | LineKind::Table => usize::from(model.reading.sideways),
        _ => 0,
    };
    for span in &line.spans {
        let mut text = span.text.as_str();
        if skip > 0 {
            let hidden = crate::text::width::fitting(text, skip);
            skip -= fit::width(hidden);
            text = &text[hidden.len()..];
        }
        if x >= row.right() {
            break;
        }
        let style = style_of(model, view, span, line.kind);
        x = buf
            .set_stringn(x, row.y, text, usize::from(row.right() - x), style)
            .0;
    }
    let whole = line
        .width()
        .saturating_sub(usize::from(model.reading.sideways));
    if line.kind == LineKind::Code && whole > usize::from(row.width) {
        put(
            buf,
            row.right() - 1,
            row.y,
            "›",
            1,
            theme.style(Look::Accent),
        );
    }
}

fn style_of(model: &Model, view: &ArticleView, span: &Span, kind: LineKind) -> Style {
    let theme = &model.theme;
    let mut style = theme.style(match span.role {
        Role::Text if kind == LineKind::Quote => Look::Quote,
        Role::Text => Look::Text,
        Role::Link | Role::LinkNumber => Look::Link,
        Role::Heading(_) => Look::Heading,
        Role::Quote => Look::Quote,
        Role::Code | Role::CodeString | Role::CodeNumber | Role::CodeType => Look::Code,
        Role::CodeKeyword | Role::CodeFunction => Look::Heading,
        Role::CodeLabel | Role::CodeComment | Role::Dim => Look::Dim,
        Role::Marker => Look::Accent,
        Role::Rule => Look::Rule,
    });
    if span.bold {
        style = style.add_modifier(Modifier::BOLD);
    }
    if span.italic {
        style = style.add_modifier(Modifier::ITALIC);
    }
    if span.strike {
        style = style.add_modifier(Modifier::CROSSED_OUT);
    }
    if let Some(anchor) = span.link {
        let row = model.reading.row_of_anchor(anchor);
        let selected = row.is_some_and(|row| {
            model.reading.selected == Some(crate::tui::reading::Item::Card(row))
        });
        if selected {
            style = style
                .patch(theme.style(Look::Selection))
                .add_modifier(Modifier::BOLD);
        }
        let number = view
            .links
            .get(anchor as usize)
            .and_then(|url| model.links.known(url));
        if let Some(number) = number {
            style = style.underline_color(link_colour(number));
        }
    }
    style
}

/// The number of a link as the underline colour that tells the backend of it.
pub fn link_colour(number: u32) -> Color {
    Color::Rgb((number >> 16) as u8, (number >> 8) as u8, number as u8)
}

/// Marks what is searched. Lines that hold right-to-left or letters whose lower case is longer are left as they are.
fn mark_found(
    line: &str,
    words: &str,
    x: u16,
    y: u16,
    column: Rect,
    theme: &Theme,
    buf: &mut Buffer,
) {
    for (at, found) in line.match_indices(words) {
        let from = x + fit::width(&line[..at]) as u16;
        let width = (fit::width(found) as u16).min(column.right().saturating_sub(from));
        if width > 0 {
            let style = theme
                .style(Look::Selection)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
            buf.set_style(Rect::new(from, y, width, 1), style);
        }
    }
}
