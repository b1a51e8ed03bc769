//! Hyperlinks (OSC 8) around ratatui's cells.
//!
//! Linked cells carry the number of their link in `underline_color`, which nothing else of ours uses, so the diff sees
//! a changed target even where letters and style stay. Here the stream of changed cells is cut into runs of one number,
//! each run is drawn between the escapes, with the colour reset. Width never comes into it, and the cells of a link that
//! wraps share their id, so a terminal lights all of it up.

use super::placed::Placed;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::crossterm::queue;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::layout::{Position, Size};
use ratatui::style::Color;
use std::io::{self, Write};

/// A backend that knows hyperlinks.
pub struct LinkBackend<W: Write> {
    inner: CrosstermBackend<W>,
    /// Number to address; only grows, so a number on the screen keeps its meaning.
    links: Vec<String>,
    /// The cursor is hidden for certain.
    hidden: bool,
    /// A synchronized update was begun.
    begun: bool,
    placed: Placed,
}

/// The colour that carries link number `number`.
pub fn link_colour(number: usize) -> Color {
    let number = u32::try_from(number + 1).unwrap_or(0);
    Color::Rgb((number >> 16) as u8, (number >> 8) as u8, number as u8)
}

fn link_number(colour: Color) -> Option<usize> {
    match colour {
        Color::Rgb(r, g, b) => {
            ((usize::from(r) << 16) | (usize::from(g) << 8) | usize::from(b)).checked_sub(1)
        }
        _ => None,
    }
}

/// Whether an address may stand in an escape: printable ASCII only, and of the web.
fn fit_for_escape(address: &str) -> bool {
    (address.starts_with("http://") || address.starts_with("https://"))
        && address.len() <= 2_000
        && address.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

impl<W: Write> LinkBackend<W> {
    /// Around a backend of ratatui's.
    pub fn new(inner: CrosstermBackend<W>) -> Self {
        LinkBackend {
            inner,
            links: Vec::new(),
            hidden: false,
            begun: false,
            placed: Placed::default(),
        }
    }

    /// Somebody else has written to the terminal: nothing is certain.
    pub fn forget(&mut self) {
        self.hidden = false;
    }

    /// Ends the synchronized update that a frame has begun. A frame in which nothing changes sends nothing at all.
    pub fn end_update(&mut self) -> io::Result<()> {
        let away = self.placed.take_away();
        self.inner.write_all(away.as_bytes())?;
        if std::mem::take(&mut self.begun) {
            queue!(self.inner, EndSynchronizedUpdate)?;
        }
        Ok(())
    }

    fn begin_update(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            queue!(self.inner, BeginSynchronizedUpdate)?;
        }
        Ok(())
    }

    /// Learns the addresses that numbers stand for: `links` holds the earlier ones too.
    pub fn know(&mut self, links: &[String]) {
        if links.len() < self.links.len() {
            self.links.clear();
        }
        let known = self.links.len();
        self.links.extend(links[known..].iter().cloned());
    }

    fn draw_run(&mut self, link: Option<usize>, run: &[(u16, u16, Cell)]) -> io::Result<()> {
        let address = link
            .and_then(|number| self.links.get(number))
            .filter(|address| fit_for_escape(address))
            .cloned();
        if let (Some(number), Some(address)) = (link, &address) {
            write!(self.inner, "\x1b]8;id=b{number};{address}\x1b\\")?;
        }
        self.inner
            .draw(run.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        if address.is_some() {
            write!(self.inner, "\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }
}

impl<W: Write> Write for LinkBackend<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for LinkBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut run: Vec<(u16, u16, Cell)> = Vec::new();
        let mut link = None;
        for (x, y, cell) in content {
            let number = link_number(cell.underline_color);
            if number != link && !run.is_empty() {
                self.draw_run(link, &run)?;
                run.clear();
            }
            link = number;
            let mut cell = cell.clone();
            if number.is_some() {
                cell.underline_color = Color::Reset;
            }
            if run.is_empty() {
                self.begin_update()?;
            }
            self.placed.written(x, y, &cell);
            run.push((x, y, cell));
        }
        if run.is_empty() {
            Ok(())
        } else {
            self.draw_run(link, &run)
        }
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.hidden, true) {
            return Ok(());
        }
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.hidden = false;
        self.inner.show_cursor()
    }

    /// The corner, whatever it is. Asking the terminal would take the answer out of the stream of keys, which is read
    /// elsewhere; ratatui wants it only to put the cursor back after clearing, and every frame sets its own.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.begin_update()?;
        self.placed.cleared();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.begin_update()?;
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    /// A frame goes out as a whole, when its update has ended.
    fn flush(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// A writer that two can hold.
    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn drawn(cells: &[(u16, char, Option<usize>)], links: &[&str]) -> String {
        let out = Shared::default();
        let mut backend = LinkBackend::new(CrosstermBackend::new(out.clone()));
        backend.know(
            &links
                .iter()
                .map(|link| (*link).to_owned())
                .collect::<Vec<_>>(),
        );
        let cells: Vec<(u16, Cell)> = cells
            .iter()
            .map(|(x, letter, link)| {
                let mut cell = Cell::default();
                cell.set_char(*letter);
                if let Some(number) = link {
                    cell.underline_color = link_colour(*number);
                }
                (*x, cell)
            })
            .collect();
        backend
            .draw(cells.iter().map(|(x, cell)| (*x, 0, cell)))
            .expect("a vector takes all");
        let bytes = out.0.borrow();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_frame_in_which_nothing_changes_sends_nothing() {
        let out = Shared::default();
        let mut backend = LinkBackend::new(CrosstermBackend::new(out.clone()));
        let length = || out.0.borrow().len();
        let frame = |backend: &mut LinkBackend<Shared>, cells: &[Cell]| {
            backend
                .draw(cells.iter().map(|cell| (0, 0, cell)))
                .and_then(|()| backend.hide_cursor())
                .and_then(|()| backend.end_update())
                .expect("a vector takes all");
        };
        frame(&mut backend, &[Cell::default()]);
        let first = String::from_utf8_lossy(&out.0.borrow()).into_owned();
        assert!(
            first.starts_with("\x1b[?2026h") && first.ends_with("\x1b[?2026l"),
            "{first:?}"
        );
        let before = length();
        frame(&mut backend, &[]);
        assert_eq!(length(), before);
        // Another program may have shown the cursor.
        backend.forget();
        frame(&mut backend, &[]);
        assert!(length() > before);
    }

    /// Counts how often it is told to send.
    #[derive(Clone, Default)]
    struct Sent(Rc<RefCell<usize>>);

    impl Write for Sent {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            *self.0.borrow_mut() += 1;
            Ok(())
        }
    }

    #[test]
    fn a_frame_is_sent_as_one_piece() {
        let sent = Sent::default();
        let mut backend = LinkBackend::new(CrosstermBackend::new(sent.clone()));
        let cell = Cell::default();
        let drawn = backend.draw(std::iter::once((0, 0, &cell)));
        drawn
            .and_then(|()| Backend::flush(&mut backend))
            .expect("it takes all");
        assert_eq!(*sent.0.borrow(), 0, "its update has not ended");
        backend
            .end_update()
            .and_then(|()| Write::flush(&mut backend))
            .expect("it takes all");
        assert_eq!(*sent.0.borrow(), 1);
        Backend::flush(&mut backend).expect("it takes all");
        assert_eq!(*sent.0.borrow(), 2, "with no update begun");
    }

    #[test]
    fn a_run_of_one_link_stands_between_one_pair_of_escapes() {
        let out = drawn(
            &[
                (0, 'a', None),
                (1, 'b', Some(0)),
                (2, 'c', Some(0)),
                (3, 'd', None),
            ],
            &["https://e.example/x"],
        );
        assert_eq!(
            out.matches("\x1b]8;id=b0;https://e.example/x\x1b\\")
                .count(),
            1
        );
        assert_eq!(out.matches("\x1b]8;;\x1b\\").count(), 1);
        let at = |text: &str| {
            out.find(text)
                .unwrap_or_else(|| panic!("{text:?} in {out:?}"))
        };
        assert!(
            at("\x1b]8;id") < at("bc") && at("bc") < at("\x1b]8;;"),
            "{out:?}"
        );
    }

    #[test]
    fn an_address_that_is_not_of_the_web_or_not_ascii_makes_no_escape() {
        for address in [
            "javascript:alert(1)",
            "https://e.example/\u{1b}]",
            "https://e.example/ä",
            "file:///etc/passwd",
        ] {
            assert!(
                !drawn(&[(0, 'a', Some(0))], &[address]).contains("\x1b]8"),
                "{address}"
            );
        }
    }

    #[test]
    fn colours_carry_numbers_both_ways() {
        for number in [0, 1, 255, 256, 70_000] {
            assert_eq!(link_number(link_colour(number)), Some(number));
        }
        assert_eq!(link_number(Color::Reset), None);
    }
}
