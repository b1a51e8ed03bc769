//! Tables: columns that fit, or one record per row.

use super::super::blocks::{Block, Cell, Row, Table};
use super::super::wrap::measures;
use super::{Line, LineKind, Prefix, Role, Setter, Span, width};

/// Columns that a long word may ask for before it is broken.
const WORD: usize = 14;
/// Columns of what stands between two cells: ` │ `.
const GAP: usize = 3;
/// Columns of a table that are drawn beside each other.
const COLUMNS: usize = 40;

/// A cell in its place.
struct Placed<'a> {
    cell: &'a Cell,
    column: usize,
    columns: usize,
}

/// A table with its cells in their places.
struct Grid<'a> {
    rows: Vec<(&'a Row, Vec<Placed<'a>>)>,
    columns: usize,
}

impl Setter<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let grid = place(table);
        match self.fit(&grid) {
            Some(widths) => self.grid(&grid, &widths),
            None => self.records(&grid),
        }
        if !table.caption.is_empty() {
            let outer = self.look;
            self.look = super::Around { dim: true, ..outer };
            self.text(&table.caption, LineKind::Table);
            self.look = outer;
        }
    }

    /// Widths of the columns; `None` if they cannot stand beside each other.
    fn fit(&self, grid: &Grid<'_>) -> Option<Vec<usize>> {
        if grid.columns > COLUMNS {
            return None;
        }
        let mut least = vec![1; grid.columns];
        let mut best = vec![1; grid.columns];
        for placed in grid.rows.iter().flat_map(|(_, cells)| cells) {
            let (longest, whole) = self.cell_measures(placed.cell);
            if placed.columns == 1 {
                least[placed.column] = least[placed.column].max(longest);
                best[placed.column] = best[placed.column].max(whole);
            } else {
                // A cell over several columns asks the last of them for what is missing.
                let range = placed.column..placed.column + placed.columns;
                let has: usize =
                    best[range.clone()].iter().sum::<usize>() + GAP * (placed.columns - 1);
                if has < whole.min(self.room()) {
                    best[range.end - 1] += whole.min(self.room()) - has;
                }
            }
        }
        let room = self.room().checked_sub(GAP * (grid.columns - 1))?;
        if best.iter().sum::<usize>() <= room {
            return Some(best);
        }
        let floor: Vec<usize> = least
            .iter()
            .zip(&best)
            .map(|(&least, &best)| least.min(WORD).max(best.min(6)))
            .collect();
        let mut left = room.checked_sub(floor.iter().sum())?;
        let mut widths = floor;
        // Narrow columns get all they want, the wide ones share what is left.
        let mut open: Vec<usize> = (0..grid.columns).collect();
        open.sort_by_key(|&column| best[column] - widths[column]);
        for (index, &column) in open.iter().enumerate() {
            let share = left / (open.len() - index);
            let more = share.min(best[column] - widths[column]);
            widths[column] += more;
            left -= more;
        }
        // Where every line holds a word or two, records are read with less effort.
        let crowded = widths
            .iter()
            .zip(&best)
            .any(|(&has, &wants)| wants > 4 * has && has < 20);
        (!crowded).then_some(widths)
    }

    fn cell_measures(&self, cell: &Cell) -> (usize, usize) {
        let mut longest = 0;
        let mut whole = 0;
        for block in &cell.blocks {
            let (block_longest, block_whole) = match block {
                Block::Paragraph { text, .. } | Block::Heading { text, .. } => text
                    .iter()
                    .map(|line| measures(&self.spans(line)))
                    .fold((0, 0), |sum, line| (sum.0.max(line.0), sum.1.max(line.1))),
                Block::Code { text, .. } => {
                    let wide = text
                        .iter()
                        .map(|line| line.iter().map(|piece| width(&piece.text)).sum::<usize>())
                        .max()
                        .unwrap_or(0)
                        + super::code::INDENT.len();
                    (wide, wide)
                }
                _ => {
                    let mut setter = self.inner(usize::from(u16::MAX / 8));
                    setter.block(block);
                    let wide = setter.lines.iter().map(Line::width).max().unwrap_or(0);
                    (wide.min(WORD), wide)
                }
            };
            longest = longest.max(block_longest);
            whole = whole.max(block_whole);
        }
        (longest, whole)
    }

    /// A setter for the inside of a cell.
    fn inner(&self, columns: usize) -> Setter<'_> {
        let mut setter = Setter::new(self.numbers, columns, self.order);
        setter.look = self.look;
        setter.offset = self.offset;
        setter
    }

    fn grid(&mut self, grid: &Grid<'_>, widths: &[usize]) {
        let right = numeric_columns(grid);
        let head = grid.rows.iter().take_while(|(row, _)| row.header).count();
        let mut before_wrapped = false;
        for (index, (row, cells)) in grid.rows.iter().enumerate() {
            let inside: Vec<Vec<Line>> = cells
                .iter()
                .map(|placed| self.cell_lines(placed, widths, row.header))
                .collect();
            let height = inside.iter().map(Vec::len).max().unwrap_or(0);
            if index > 0 && index == head {
                self.rule(widths, '─', '┼');
            } else if index > head && (height > 1 || before_wrapped) {
                self.rule(widths, '┄', '┼');
            }
            before_wrapped = height > 1;
            let letters = cells
                .iter()
                .map(|placed| letters_of(&placed.cell.blocks))
                .sum();
            for at in 0..height {
                let spans = row_line(cells, &inside, at, widths, &right, row.header);
                self.line(
                    spans,
                    LineKind::Table,
                    if at + 1 == height { letters } else { 0 },
                );
            }
        }
    }

    fn cell_lines(&mut self, placed: &Placed<'_>, widths: &[usize], header: bool) -> Vec<Line> {
        let mut setter = self.inner(span_width(widths, placed));
        setter.look.bold |= header || placed.cell.header;
        setter.blocks(&placed.cell.blocks);
        setter.trim_end();
        setter.lines
    }

    fn rule(&mut self, widths: &[usize], dash: char, cross: char) {
        let mut rule = String::new();
        for (index, &wide) in widths.iter().enumerate() {
            if index > 0 {
                rule.push(dash);
                rule.push(cross);
                rule.push(dash);
            }
            rule.extend(std::iter::repeat_n(dash, wide));
        }
        self.line(vec![Span::new(rule, Role::Rule)], LineKind::Table, 0);
    }

    /// One record per row: `Header: value`.
    fn records(&mut self, grid: &Grid<'_>) {
        let head = grid.rows.iter().take_while(|(row, _)| row.header).count();
        let mut names = vec![String::new(); grid.columns];
        for placed in grid.rows[..head].iter().flat_map(|(_, cells)| cells) {
            let name = super::super::html::plain_of(&placed.cell.blocks).replace('\n', " ");
            for column in &mut names[placed.column..placed.column + placed.columns] {
                if !column.is_empty() {
                    column.push(' ');
                }
                column.push_str(&name);
            }
            self.offset += letters_of(&placed.cell.blocks);
        }
        for (index, (_, cells)) in grid.rows[head..].iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            for placed in cells {
                self.record(placed, &names[placed.column]);
            }
        }
    }

    fn record(&mut self, placed: &Placed<'_>, name: &str) {
        if placed.cell.blocks.is_empty() {
            return;
        }
        let first = self.lines.len();
        let (name, columns) = if name.is_empty() {
            (String::new(), 0)
        } else {
            (format!("{name}: "), 2)
        };
        let name_width = width(&name);
        let outer = self.look;
        self.look.bold |= placed.cell.header;
        if name_width > 0 && name_width < self.room() / 2 {
            self.prefixes.push(Prefix {
                first: Some(vec![Span::new(name, Role::Dim)]),
                rest: vec![Span::new(" ".repeat(name_width), Role::Text)],
                columns: name_width,
            });
        } else {
            if name_width > 0 {
                for wrapped in super::wrap(&[Span::new(name, Role::Dim)], self.room(), self.order) {
                    self.line(wrapped.spans, LineKind::Table, 0);
                }
            }
            self.prefixes.push(Prefix {
                first: None,
                rest: vec![Span::new(" ".repeat(columns), Role::Text)],
                columns,
            });
        }
        self.blocks(&placed.cell.blocks);
        self.prefixes.pop();
        self.look = outer;
        for line in &mut self.lines[first..] {
            if matches!(line.kind, LineKind::Text | LineKind::Quote) {
                line.kind = LineKind::Table;
            }
        }
    }
}

/// Puts the cells where their spans leave room.
fn place(table: &Table) -> Grid<'_> {
    let mut taken: Vec<usize> = Vec::new();
    let mut columns = 1;
    let rows = table
        .rows
        .iter()
        .map(|row| {
            let mut at = 0;
            let mut placed = Vec::new();
            let mut next: Vec<(usize, usize)> = Vec::new();
            for cell in &row.cells {
                while taken.get(at).is_some_and(|&rows| rows > 0) {
                    at += 1;
                }
                let span = cell.columns;
                placed.push(Placed {
                    cell,
                    column: at,
                    columns: span,
                });
                next.extend((at..at + span).map(|column| (column, cell.rows - 1)));
                at += span;
            }
            columns = columns.max(at);
            for rows in &mut taken {
                *rows = rows.saturating_sub(1);
            }
            for (column, rows) in next {
                if taken.len() <= column {
                    taken.resize(column + 1, 0);
                }
                taken[column] = rows;
            }
            (row, placed)
        })
        .collect();
    Grid { rows, columns }
}

fn span_width(widths: &[usize], placed: &Placed<'_>) -> usize {
    widths[placed.column..placed.column + placed.columns]
        .iter()
        .sum::<usize>()
        + GAP * (placed.columns - 1)
}

/// Line `at` of a row: the lines of its cells, padded to their columns.
fn row_line(
    cells: &[Placed<'_>],
    inside: &[Vec<Line>],
    at: usize,
    widths: &[usize],
    right: &[bool],
    header: bool,
) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut column = 0;
    let mut index = 0;
    while column < widths.len() {
        if column > 0 {
            spans.push(Span::new(" │ ", Role::Rule));
        }
        let Some(placed) = cells.get(index).filter(|placed| placed.column == column) else {
            spans.push(Span::new(" ".repeat(widths[column]), Role::Text));
            column += 1;
            continue;
        };
        let wide = span_width(widths, placed);
        let line = inside[index].get(at);
        let pad = wide.saturating_sub(line.map_or(0, Line::width));
        let is_right = placed.columns == 1 && (right[column] || placed.cell.right)
            || header && placed.cell.right;
        if is_right {
            spans.push(Span::new(" ".repeat(pad), Role::Text));
        }
        spans.extend(line.into_iter().flat_map(|line| line.spans.iter().cloned()));
        if !is_right {
            spans.push(Span::new(" ".repeat(pad), Role::Text));
        }
        column += placed.columns;
        index += 1;
    }
    while spans.last().is_some_and(|span| {
        span.role == Role::Text && span.link.is_none() && span.text.trim().is_empty()
    }) {
        spans.pop();
    }
    if let Some(last) = spans.last_mut().filter(|span| span.role == Role::Rule) {
        last.text.truncate(last.text.trim_end().len());
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// Columns whose cells are numbers, and stand at the right.
fn numeric_columns(grid: &Grid<'_>) -> Vec<bool> {
    let mut numbers = vec![0_usize; grid.columns];
    let mut others = vec![0_usize; grid.columns];
    for (row, cells) in &grid.rows {
        for placed in cells
            .iter()
            .filter(|placed| !row.header && placed.columns == 1 && !placed.cell.header)
        {
            let text = super::super::html::plain_of(&placed.cell.blocks);
            match text.trim() {
                "" | "-" | "–" | "—" => {}
                text if is_number(text) => numbers[placed.column] += 1,
                _ => others[placed.column] += 1,
            }
        }
    }
    numbers
        .iter()
        .zip(&others)
        .map(|(&numbers, &others)| numbers > 0 && others == 0)
        .collect()
}

fn is_number(text: &str) -> bool {
    text.len() <= 24
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.chars().filter(|c| c.is_alphabetic()).count() <= 2
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " .,%+-−$€£¥×~<>°".contains(c))
}

fn letters_of(blocks: &[Block]) -> usize {
    super::super::wrap::letters(&super::super::html::plain_of(blocks))
}
