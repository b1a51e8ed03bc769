//! The article pane: the head, the text as laid out, and what is to be said at its end.
//!
//! The text keeps its measure and stands in the middle of what room it has. Rows are counted over head, text and
//! tail together, so everything scrolls as one.

use crate::news::ArticleView;
use crate::text::{Line, LineKind, Role, Span, bidi, width};
use crate::tui::fit;
use crate::tui::letters::Letters;
use crate::tui::picture::Picture;
use crate::tui::theme::{ASCII, Look, Theme};
use crate::tui::words;
use chrono::{DateTime, FixedOffset, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// An article as it is shown.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub view: &'a ArticleView,
    /// The first row that is seen.
    pub top: usize,
    /// Columns that code is scrolled to the left.
    pub side: usize,
    /// The row of `view.sources` that is selected: the words that cite it are marked.
    pub source: Option<usize>,
    /// Words that are looked for, in lower case; empty for none.
    pub find: &'a str,
    /// Words that the list was searched for, in lower case: they are marked, too, less loudly.
    pub terms: &'a [String],
    pub theme: &'a Theme,
    pub now: DateTime<Utc>,
    pub zone: FixedOffset,
    /// Columns of text that the reader wants at most.
    pub measure: u16,
    /// The colour that carries an address to the terminal as a hyperlink, if it can.
    pub hyperlink: &'a dyn Fn(&str) -> Option<Color>,
    /// The picture of an image, by its number, where one can be drawn.
    pub picture: &'a dyn Fn(u32) -> Option<&'a Picture>,
    /// What is recommended below the text, and why.
    pub related: &'a [(crate::news::EntryHead, crate::text::SafeText)],
}

/// One styled row of head or tail.
struct Row {
    text: String,
    style: Style,
    leads: Option<Leads>,
}

/// Where a row above or below the text leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To who else tells it, and where it is talked about.
    Elsewhere,
    /// To a row of what is recommended.
    Related(usize),
}

fn row(text: String, style: Style) -> Row {
    Row {
        text,
        style,
        leads: None,
    }
}

/// Columns of text in a pane of that width: what an article is laid out for.
pub fn text_width(pane: u16, measure: u16) -> u16 {
    let air = if pane >= 40 { 4 } else { 2 };
    pane.saturating_sub(air).min(measure).max(1)
}

/// Where the text stands in a pane.
fn text_area(area: Rect, measure: u16) -> Rect {
    let wide = text_width(area.width, measure);
    let left = area.width.saturating_sub(wide) / 2;
    Rect::new(area.x + left, area.y, wide.min(area.width), area.height)
}

impl Shown<'_> {
    /// Rows above the text.
    pub fn head_rows(&self, pane: u16) -> usize {
        self.head(usize::from(text_width(pane, self.measure))).len()
    }

    /// Rows of all.
    pub fn rows(&self, pane: u16) -> usize {
        let wide = usize::from(text_width(pane, self.measure));
        self.head(wide).len() + self.view.lines.lines.len() + self.tail(wide).len()
    }

    /// The row in which the place `offset` of the text stands.
    pub fn row_of(&self, offset: usize, pane: u16) -> usize {
        self.head_rows(pane) + self.view.lines.line_at(offset)
    }

    /// The place of the text that stands in a row, or at the nearest row of the text.
    pub fn offset_at(&self, row: usize, pane: u16) -> usize {
        let line = row.saturating_sub(self.head_rows(pane));
        let lines = &self.view.lines.lines;
        lines
            .get(line.min(lines.len().saturating_sub(1)))
            .map_or(0, |line| line.offset)
    }

    /// The anchor that stands at a cell of the pane.
    pub fn anchor_at(&self, area: Rect, x: u16, y: u16) -> Option<u32> {
        let text = text_area(area, self.measure);
        let row = self.top + usize::from(y.checked_sub(area.y)?);
        let line = self
            .view
            .lines
            .lines
            .get(row.checked_sub(self.head_rows(area.width))?)?;
        let mut column = usize::from(x.checked_sub(text.x)?);
        if line.kind == LineKind::Code {
            column += self.side;
        }
        let mut end = 0;
        line.spans.iter().find_map(|span| {
            end += width::width(&span.text);
            (column < end).then_some(span.link)
        })?
    }

    /// Where the row above or below the text leads that stands at a line of the pane.
    pub fn leads_at(&self, area: Rect, y: u16) -> Option<Leads> {
        let wide = usize::from(text_width(area.width, self.measure));
        let at = self.top + usize::from(y.checked_sub(area.y)?);
        let head = self.head(wide);
        let text = head.len() + self.view.lines.lines.len();
        match at.checked_sub(text) {
            None => head.get(at)?.leads,
            Some(below) => self.tail(wide).get(below)?.leads,
        }
    }

    /// Where links begin that are seen, each once: column, line, anchor.
    pub fn anchors_in_sight(&self, area: Rect) -> Vec<(u16, u16, u32)> {
        let text = text_area(area, self.measure);
        let head = self.head_rows(area.width);
        let mut found: Vec<(u16, u16, u32)> = Vec::new();
        for y in area.y..area.bottom() {
            let row = self.top + usize::from(y - area.y);
            let line = row
                .checked_sub(head)
                .and_then(|at| self.view.lines.lines.get(at));
            let mut x = text.x;
            for span in line.iter().flat_map(|line| &line.spans) {
                if let Some(anchor) = span.link
                    && found.last().is_none_or(|(_, _, last)| *last != anchor)
                    && x < text.right()
                {
                    found.push((x, y, anchor));
                }
                x = x.saturating_add(width::width(&span.text) as u16);
            }
        }
        found
    }

    /// Rows, counted over all, whose text holds what is looked for.
    pub fn found(&self, pane: u16) -> Vec<usize> {
        if self.find.is_empty() {
            return Vec::new();
        }
        let head = self.head_rows(pane);
        let lines = self.view.lines.lines.iter().enumerate();
        lines
            .filter(|(_, line)| line.text().to_lowercase().contains(self.find))
            .map(|(at, _)| head + at)
            .collect()
    }

    /// Draws what is seen.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) {
        let text = text_area(area, self.measure);
        let wide = usize::from(text.width);
        let head = self.head(wide);
        let lines = &self.view.lines.lines;
        let tail = if self.top + usize::from(area.height) >= head.len() + lines.len() {
            self.tail(wide)
        } else {
            Vec::new()
        };
        let mut drawn = None;
        for (at, y) in (area.y..area.bottom()).enumerate() {
            let row = self.top + at;
            if let Some(line) = row.checked_sub(head.len()).and_then(|row| lines.get(row))
                && let LineKind::Picture { number, row } = line.kind
            {
                if (self.picture)(number).is_none() {
                    // It is still to come: a ground a little apart holds its place.
                    let pad = (line.width() as u16).min(text.width / 2);
                    let room = Rect::new(text.x + pad, y, text.width - 2 * pad, 1);
                    buf.set_style(room, self.theme.style(Look::Faint));
                } else if drawn != Some(number) {
                    drawn = Some(number);
                    let rest = Rect {
                        y,
                        height: area.bottom() - y,
                        ..text
                    };
                    self.draw_picture(number, row, line, rest, buf);
                }
            } else if let Some(row) = head.get(row) {
                buf.letters(text.x, y, &row.text, wide, row.style);
            } else if let Some(line) = lines.get(row - head.len()) {
                self.draw_line(line, text, y, buf);
            } else if let Some(row) = tail.get(row - head.len() - lines.len()) {
                buf.letters(text.x, y, &row.text, wide, row.style);
            }
        }
    }

    /// Draws a picture from its row `from` on, behind what stands before it in the line.
    fn draw_picture(&self, number: u32, from: u16, line: &Line, area: Rect, buf: &mut Buffer) {
        let x = area.x.saturating_add(line.width() as u16);
        let Some(picture) = (self.picture)(number).filter(|picture| picture.rows > from) else {
            return;
        };
        let room = Rect {
            x,
            width: picture.columns.min(area.right().saturating_sub(x)),
            height: (picture.rows - from).min(area.height),
            ..area
        };
        if room.width == picture.columns {
            picture.draw(room, from, buf);
        }
    }

    /// Title, details, note and wall, and an empty row.
    fn head(&self, wide: usize) -> Vec<Row> {
        let view = self.view;
        let style = |look| self.theme.style(look);
        let mut rows: Vec<Row> = Vec::new();
        let title = if view.title.trim().is_empty() {
            "(no title)"
        } else {
            view.title.as_str()
        };
        push_wrapped(&mut rows, title, wide, 6, style(Look::Unread));
        let zone = self.zone;
        let today = self.now.with_timezone(&zone).date_naive();
        let date = view
            .published
            .map(|published| words::long_day(published.with_timezone(&zone).date_naive(), today));
        let minutes = (view.words > 0).then(|| format!("{} min", words::minutes(view.words)));
        let mut parts: Vec<String> = Vec::new();
        parts.push(view.site.to_string());
        if !same(&view.byline, &view.site) {
            parts.push(view.byline.to_string());
        }
        parts.extend(date);
        parts.extend(minutes);
        parts.extend(
            view.tags
                .iter()
                .map(|tag| format!("#{}", tag.as_str().replace(' ', "-"))),
        );
        parts.retain(|part| !part.trim().is_empty());
        for line in in_lines(&parts, wide) {
            rows.push(row(line, style(Look::Dim)));
        }
        if let Some(more) = &view.more {
            let sign = self.theme.symbols.story;
            push_wrapped(
                &mut rows,
                &format!("{sign} {more}"),
                wide,
                2,
                style(Look::Accent),
            )
            .leads_to(Leads::Elsewhere);
        }
        if let Some(note) = &view.note {
            let sign = self.theme.symbols.note;
            push_wrapped(
                &mut rows,
                &format!("{sign} {}", note.as_str()),
                wide,
                8,
                style(Look::Accent),
            );
        }
        if let Some(archived) = &view.archived {
            push_wrapped(&mut rows, archived, wide, 2, style(Look::Warn));
        }
        if let Some(wall) = &view.wall {
            push_wrapped(&mut rows, wall, wide, 3, style(Look::Warn));
        }
        rows.push(row(String::new(), Style::new()));
        rows
    }

    /// What is to be said behind the text.
    fn tail(&self, wide: usize) -> Vec<Row> {
        let view = self.view;
        let mut rows = Vec::new();
        let mut say = |words: &str, look| {
            rows.push(row(String::new(), Style::new()));
            push_wrapped(&mut rows, words, wide, 3, self.theme.style(look));
        };
        if view.partial {
            say(self.theme.symbols.more, Look::Dim);
        } else if view.lines.lines.is_empty() && view.truncated {
            say(
                "The feed holds the title only. x reads the whole page.",
                Look::Dim,
            );
        } else if view.lines.lines.is_empty() {
            say(
                "Nothing to read here. o opens it in the browser.",
                Look::Dim,
            );
        } else if view.truncated && !view.whole_page {
            say(
                "The feed holds the beginning only. x reads the whole page.",
                Look::Dim,
            );
        }
        if !view.partial && !self.related.is_empty() {
            rows.push(row(String::new(), Style::new()));
            rows.push(row(
                "RECOMMENDED".to_owned(),
                self.theme.style(Look::Dim).add_modifier(Modifier::BOLD),
            ));
            for (at, (head, why)) in self.related.iter().enumerate() {
                push_wrapped(
                    &mut rows,
                    &head.title,
                    wide,
                    2,
                    self.theme.style(Look::Text),
                )
                .leads_to(Leads::Related(at));
                let details = [head.feed_title.as_str(), why.as_str()];
                let details = bidi::visual_parts(&fit::parts(&details, wide));
                rows.push(Row {
                    leads: Some(Leads::Related(at)),
                    ..row(details, self.theme.style(Look::Dim))
                });
            }
        }
        rows
    }

    fn draw_line(&self, line: &Line, text: Rect, y: u16, buf: &mut Buffer) {
        let is_code = line.kind == LineKind::Code;
        let is_label = is_code && line.spans.iter().any(|span| span.role == Role::CodeLabel);
        let code_at = if is_code {
            code_start(line)
        } else {
            line.spans.len()
        };
        let mut x = text.x;
        // What stands before code (the bar of a quotation, an indent) does not scroll and has no ground.
        for span in &line.spans[..code_at.min(line.spans.len())] {
            x = self.draw_span(span, &span.text, (x, y), text.right(), Style::new(), buf);
        }
        if is_code {
            let ground = self.theme.style(Look::Faint);
            buf.set_style(Rect::new(x, y, text.right().saturating_sub(x), 1), ground);
            let side = if is_label { 0 } else { self.side };
            let left = x;
            let mut skip = side;
            for span in &line.spans[code_at..] {
                let shown = skipped(&span.text, &mut skip);
                x = self.draw_span(span, shown, (x, y), text.right(), ground, buf);
            }
            let wide: usize = line.spans[code_at..]
                .iter()
                .map(|span| width::width(&span.text))
                .sum();
            let row = Rect::new(left, y, text.right().saturating_sub(left), 1);
            self.draw_cuts(wide, side, row, buf);
        }
        if !self.terms.is_empty() {
            self.mark_terms(line, text, y, buf);
        }
        if !self.find.is_empty() {
            self.mark_found(line, text, y, buf);
        }
    }

    fn draw_span(
        &self,
        span: &Span,
        words: &str,
        (x, y): (u16, u16),
        right: u16,
        ground: Style,
        buf: &mut Buffer,
    ) -> u16 {
        let mut style = self.theme.span(span).patch(ground);
        if let Some(link) = span.link {
            let place = link as usize;
            let cites = self.view.anchors.get(place).copied().flatten();
            if cites.is_some() && cites.map(|row| row as usize) == self.source {
                style = style
                    .patch(self.theme.style(Look::Selection))
                    .add_modifier(Modifier::BOLD);
            }
            if let Some(colour) = self
                .view
                .links
                .get(place)
                .and_then(|address| (self.hyperlink)(address))
            {
                style = style.underline_color(colour);
            }
        }
        let room = usize::from(right.saturating_sub(x));
        let is_sign = matches!(span.role, Role::Marker | Role::Rule | Role::LinkNumber);
        if is_sign && self.theme.symbols == ASCII {
            let words: String = words.chars().map(ascii_sign).collect();
            return buf.letters(x, y, words, room, style).0;
        }
        buf.letters(x, y, words, room, style).0
    }

    /// Signs that code goes on to the left or right of what is seen.
    fn draw_cuts(&self, wide: usize, side: usize, row: Rect, buf: &mut Buffer) {
        let style = self
            .theme
            .style(Look::Accent)
            .patch(self.theme.style(Look::Faint));
        if wide > side + usize::from(row.width) && row.width > 0 {
            buf.letters(row.right() - 1, row.y, self.theme.symbols.step, 1, style);
        }
        if side > 0 && wide > 0 {
            let back = if self.theme.symbols.step == "›" {
                "‹"
            } else {
                "<"
            };
            buf.letters(row.x, row.y, back, 1, style);
        }
    }

    /// Marks the words that the list was searched for.
    fn mark_terms(&self, line: &Line, text: Rect, y: u16, buf: &mut Buffer) {
        let words = line.text();
        if bidi::has_right_to_left(&words) {
            return;
        }
        let side = if line.kind == LineKind::Code {
            self.side
        } else {
            0
        };
        let style = self
            .theme
            .style(Look::Selection)
            .add_modifier(Modifier::BOLD);
        for (before, inside) in fit::found(&words, self.terms) {
            let Some(start) = before.checked_sub(side) else {
                continue;
            };
            let start = text
                .x
                .saturating_add(start.min(usize::from(u16::MAX)) as u16);
            let end = start.saturating_add(inside as u16).min(text.right());
            if start < end {
                buf.set_style(Rect::new(start, y, end - start, 1), style);
            }
        }
    }

    /// Marks what is looked for, where it stands in the letters that are seen.
    fn mark_found(&self, line: &Line, text: Rect, y: u16, buf: &mut Buffer) {
        let words = line.text();
        let lower = words.to_lowercase();
        // Lower case of another length would not tell where the words stand.
        if lower.len() != words.len() {
            return;
        }
        let side = if line.kind == LineKind::Code {
            self.side
        } else {
            0
        };
        for (at, found) in lower.match_indices(self.find) {
            let (Some(before), Some(inside)) = (words.get(..at), words.get(at..at + found.len()))
            else {
                continue;
            };
            let Some(start) = width::width(before).checked_sub(side) else {
                continue;
            };
            let start = text
                .x
                .saturating_add(start.min(usize::from(u16::MAX)) as u16);
            let end = start
                .saturating_add(width::width(inside) as u16)
                .min(text.right());
            if start < end {
                buf.set_style(
                    Rect::new(start, y, end - start, 1),
                    Style::new().add_modifier(Modifier::REVERSED),
                );
            }
        }
    }
}

/// Where the code of a line begins among its spans: behind what stands before every line of the block.
fn code_start(line: &Line) -> usize {
    let before = |span: &Span| {
        span.role == Role::Marker || (span.role == Role::Text && span.text.trim().is_empty())
    };
    line.spans.iter().take_while(|span| before(span)).count()
}

/// What is left of a text when its first `skip` columns are not seen; takes off what it used.
fn skipped<'a>(text: &'a str, skip: &mut usize) -> &'a str {
    if *skip == 0 {
        return text;
    }
    let wide = width::width(text);
    if wide <= *skip {
        *skip -= wide;
        return "";
    }
    let gone = width::fitting(text, *skip);
    *skip = 0;
    &text[gone.len()..]
}

/// The signs of typography for terminals that have letters only: as wide as what they stand for.
fn ascii_sign(sign: char) -> char {
    const SIGNS: &str = "▎•◦▪▣─┄│┼¹²³⁰⁴⁵⁶⁷⁸⁹";
    const PLAIN: &str = "|*-+#--|+1230456789";
    let mut pairs = SIGNS.chars().zip(PLAIN.chars());
    pairs
        .find(|(from, _)| *from == sign)
        .map_or(sign, |(_, to)| to)
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Puts a text in rows at the end, and hands these out.
fn push_wrapped<'a>(
    rows: &'a mut Vec<Row>,
    text: &str,
    wide: usize,
    most: usize,
    style: Style,
) -> Pushed<'a> {
    let right_to_left = bidi::is_right_to_left(text);
    let before = rows.len();
    rows.extend(fit::wrap(text, wide, most).into_iter().map(|line| {
        let line = bidi::visual_line_of(&line, right_to_left);
        let pad = wide.saturating_sub(width::width(&line));
        let pad = if right_to_left { pad } else { 0 };
        row(format!("{:pad$}{line}", ""), style)
    }));
    Pushed(&mut rows[before..])
}

/// Rows that were put at the end just now.
struct Pushed<'a>(&'a mut [Row]);

impl Pushed<'_> {
    fn leads_to(self, leads: Leads) {
        for row in self.0 {
            row.leads = Some(leads);
        }
    }
}

/// Parts joined by ` · `, broken between parts where they do not fit, at most two lines; a part is never broken in itself.
fn in_lines(parts: &[String], wide: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let full = lines.len() == 2;
        match lines.last_mut() {
            Some(line) if width::width(line) + 3 + width::width(part) <= wide => {
                line.push_str(" · ");
                line.push_str(part);
            }
            _ if full => break,
            _ => lines.push(width::cut(part, wide)),
        }
    }
    // A short part alone in the second line would look lost.
    if let [first, second] = lines.as_mut_slice()
        && width::width(second) * 4 < wide
        && let Some(at) = first.rfind(" · ")
    {
        let moved = first.split_off(at);
        *second = format!("{} · {second}", &moved[" · ".len()..]);
    }
    lines.iter().map(|line| bidi::visual_parts(line)).collect()
}

#[cfg(test)]
pub(crate) mod tests;
