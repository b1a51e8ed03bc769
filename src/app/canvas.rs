//! What stands on the terminal, and the letters that bring it up to date: one piece of output a frame, or none.
//!
//! Two buffers: what was drawn, and what is to be. The cells in which they differ go to the [`Pen`].

use super::pen::Pen;
use crate::tui::letters::is_plain;
use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use std::io::{self, Write};

/// What is seen of a cell without letters.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Where the cursor was left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Unknown,
    Hidden,
    At(Position),
}

/// The terminal's cells, as far as we know them.
pub struct Canvas<W: Write> {
    out: W,
    pen: Pen,
    drawn: Buffer,
    next: Buffer,
    cursor: Cursor,
    /// Somebody else may have written to the terminal.
    foreign: bool,
}

impl<W: Write> Canvas<W> {
    /// A terminal that is empty.
    pub fn new(out: W) -> Self {
        Canvas {
            out,
            pen: Pen::default(),
            drawn: Buffer::default(),
            next: Buffer::default(),
            cursor: Cursor::Unknown,
            foreign: false,
        }
    }

    /// What frames are written to.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Nothing is certain any more: the next frame is drawn whole, on an empty terminal.
    pub fn forget(&mut self) {
        self.foreign = true;
    }

    /// Draws a frame of so many columns and rows as one synchronized update; `paint` finds any frame in its
    /// buffer, writes all of it, and answers where the cursor stands.
    /// `links`: the addresses that the numbers stand for which linked cells carry.
    pub fn draw(
        &mut self,
        (columns, rows): (u16, u16),
        links: &[String],
        paint: impl FnOnce(&mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        let area = Rect::new(0, 0, columns, rows);
        self.pen.begin();
        let resized = self.drawn.area != area;
        if resized || self.foreign {
            // An empty terminal needs no clearing.
            if self.foreign || self.drawn.area.area() > 0 {
                self.pen.clear();
            }
            self.drawn = Buffer::empty(area);
            self.cursor = Cursor::Unknown;
            self.foreign = false;
        }
        if self.next.area != area {
            self.next = Buffer::empty(area);
        }
        let cursor = paint(&mut self.next);
        let width = usize::from(columns).max(1);
        let rows = self.next.content.chunks(width);
        for (y, (row, drawn)) in rows.zip(self.drawn.content.chunks(width)).enumerate() {
            differences(row, drawn, |x| {
                self.pen.cell((x as u16, y as u16), &row[x], links);
            });
        }
        self.pen.finish();
        let wanted = cursor.map_or(Cursor::Hidden, Cursor::At);
        if self.cursor != wanted || cursor.is_some() && self.pen.has_drawn() {
            self.pen.cursor(cursor);
            self.cursor = wanted;
        }
        std::mem::swap(&mut self.drawn, &mut self.next);
        let bytes = self.pen.end();
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

/// Columns that a cell takes.
fn width(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    let mut letters = symbol.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if is_plain(letter) => 1,
        _ => usize::from(cell.cell_width()),
    }
}

/// Whether two cells look the same; ratatui's own comparison, with what differs most often first.
fn same(a: &Cell, b: &Cell) -> bool {
    a.fg == b.fg
        && a.bg == b.bg
        && a.modifier == b.modifier
        && a.underline_color == b.underline_color
        && a.diff_option == b.diff_option
        && a.symbol() == b.symbol()
}

/// Tells the columns of a row that are to be written, from left to right; what ratatui's diff of two buffers tells.
fn differences(row: &[Cell], drawn: &[Cell], mut write: impl FnMut(usize)) {
    let mut x = 0;
    while let (Some(cell), Some(old)) = (row.get(x), drawn.get(x)) {
        let equal = match cell.diff_option {
            CellDiffOption::Skip => true,
            CellDiffOption::AlwaysUpdate => false,
            CellDiffOption::None | CellDiffOption::ForcedWidth(_) => same(cell, old),
        };
        if let CellDiffOption::ForcedWidth(width) = cell.diff_option {
            if !equal {
                write(x);
            }
            x += usize::from(width.get());
            continue;
        }
        if cell.diff_option == CellDiffOption::Skip {
            x += 1;
            continue;
        }
        let wide = width(cell);
        if equal {
            x += wide.max(1);
            continue;
        }
        write(x);
        let covered = width(old);
        let (end, all) = if wide > 1 {
            // Some terminals leave what stood under the second half of an emoji made so by U+FE0F.
            if cell.symbol().contains('\u{fe0f}') {
                (x + wide, false)
            } else {
                x += wide;
                continue;
            }
        } else if covered > wide
            && (old.bg != Color::Reset || old.modifier.intersects(SEEN_ON_BLANK))
        {
            // What lay under a wide letter may still show its ground.
            (x + covered, true)
        } else {
            x += 1;
            continue;
        };
        x += 1;
        while x < end
            && let (Some(cell), Some(old)) = (row.get(x), drawn.get(x))
        {
            if cell.diff_option != CellDiffOption::Skip && (all || cell.symbol() != old.symbol()) {
                write(x);
            }
            x += width(cell).max(1);
        }
        x = x.max(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::{Color, Style};
    use std::num::NonZero;

    /// Counts how often it is written to.
    #[derive(Default)]
    struct Out {
        bytes: Vec<u8>,
        writes: usize,
    }

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes += 1;
            self.bytes.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn write(canvas: &mut Canvas<Out>, text: &str, cursor: Option<Position>) -> String {
        let before = canvas.out.bytes.len();
        canvas
            .draw((12, 2), &[], |buf| {
                buf.reset();
                buf.set_string(0, 0, text, Style::new());
                cursor
            })
            .expect("a vector takes all");
        String::from_utf8_lossy(&canvas.out.bytes[before..]).into_owned()
    }

    #[test]
    fn a_frame_is_one_write_and_one_in_which_nothing_changes_none() {
        let mut canvas = Canvas::new(Out::default());
        let first = write(&mut canvas, "one", None);
        assert!(
            first.starts_with("\x1b[?2026h") && first.ends_with("\x1b[?2026l"),
            "{first:?}"
        );
        assert!(!first.contains("\x1b[2J"), "an empty terminal: {first:?}");
        assert_eq!(canvas.out.writes, 1);
        assert_eq!(write(&mut canvas, "one", None), "");
        assert_eq!(canvas.out.writes, 1);
        assert!(write(&mut canvas, "two", None).contains("two"));
        assert_eq!(canvas.out.writes, 2);
    }

    #[test]
    fn what_somebody_else_may_have_written_over_is_drawn_whole() {
        let mut canvas = Canvas::new(Out::default());
        write(&mut canvas, "one", None);
        canvas.forget();
        let again = write(&mut canvas, "one", None);
        let at = |text| again.find(text).unwrap_or_else(|| panic!("{again:?}"));
        assert!(at("\x1b[?2026h") < at("\x1b[2J") && at("\x1b[2J") < at("one"));
        assert!(again.contains("\x1b[?25l"), "the cursor, too: {again:?}");
    }

    #[test]
    fn the_cursor_goes_back_where_it_stood_when_something_was_drawn() {
        let mut canvas = Canvas::new(Out::default());
        let place = Some(Position::new(4, 1));
        assert!(write(&mut canvas, "one", place).ends_with("\x1b[2;5H\x1b[?25h\x1b[?2026l"));
        assert_eq!(write(&mut canvas, "one", place), "");
        assert!(write(&mut canvas, "two", place).contains("\x1b[2;5H"));
        let moved = write(&mut canvas, "two", Some(Position::new(5, 1)));
        assert!(
            moved.contains("\x1b[2;6H") && !moved.contains("two"),
            "{moved:?}"
        );
        assert!(write(&mut canvas, "two", None).contains("\x1b[?25l"));
    }

    fn cell() -> impl Strategy<Value = (String, bool, bool, u8)> {
        let symbol = prop_oneof![
            4 => "[a-c]",
            2 => Just(" ".to_owned()),
            2 => Just("漢".to_owned()),
            1 => Just("❤\u{fe0f}".to_owned()),
            1 => Just("…".to_owned()),
        ];
        (symbol, any::<bool>(), prop::bool::weighted(0.2), 0_u8..8)
    }

    fn row(cells: &[(String, bool, bool, u8)]) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 16, 1));
        let mut x = 0;
        for (symbol, ground, reversed, option) in cells {
            let mut style = Style::new();
            if *ground {
                style = style.bg(Color::Red);
            }
            if *reversed {
                style = style.add_modifier(Modifier::REVERSED);
            }
            let end = buf.set_stringn(x, 0, symbol, usize::from(16 - x), style).0;
            if end > x {
                let option = match option {
                    0 => CellDiffOption::Skip,
                    1 => CellDiffOption::AlwaysUpdate,
                    2 => CellDiffOption::ForcedWidth(NonZero::<u16>::MIN),
                    _ => CellDiffOption::None,
                };
                buf[(x, 0)].set_diff_option(option);
            }
            x = end;
        }
        buf
    }

    proptest! {
        #[test]
        fn what_differs_is_what_ratatui_finds(
            old in prop::collection::vec(cell(), 0..16),
            new in prop::collection::vec(cell(), 0..16),
        ) {
            let (old, new) = (row(&old), row(&new));
            let theirs: Vec<usize> = old.diff(&new).into_iter().map(|(x, ..)| usize::from(x)).collect();
            let mut ours = Vec::new();
            differences(&new.content, &old.content, |x| ours.push(x));
            prop_assert_eq!(ours, theirs);
        }
    }
}
