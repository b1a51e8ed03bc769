//! Cells to the bytes that draw them: moves, colours, letters, hyperlinks (OSC 8), pictures that go.
//!
//! Linked cells carry the number of their link in `underline_color`, which nothing else of ours uses, so a changed target is
//! a changed cell even where letters and style stay. The cells of a link that wraps share their id, so a terminal lights all
//! of it up.

use super::placed::Placed;
use ratatui::buffer::Cell;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

/// Attributes by the numbers of SGR.
const ATTRIBUTES: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// How letters are written.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ink {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// As a terminal begins.
const PLAIN: Ink = Ink {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

/// Gathers the bytes of a frame.
pub struct Pen {
    bytes: Vec<u8>,
    /// Where the terminal writes next; `None`: nobody knows.
    at: Option<(u16, u16)>,
    ink: Ink,
    /// The link that is open.
    link: Option<usize>,
    placed: Placed,
}

impl Default for Pen {
    fn default() -> Self {
        Pen {
            bytes: Vec::with_capacity(1 << 15),
            at: None,
            ink: PLAIN,
            link: None,
            placed: Placed::default(),
        }
    }
}

/// The colour that carries link number `number`.
#[cfg(test)]
fn link_colour(number: usize) -> Color {
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

impl Pen {
    /// A frame begins.
    pub fn begin(&mut self) {
        self.bytes.clear();
        self.at = None;
    }

    /// Whether the frame has anything in it.
    pub fn has_drawn(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Empties the terminal.
    pub fn clear(&mut self) {
        self.placed.cleared();
        self.say("\x1b[0m\x1b[2J");
    }

    /// Writes a cell at column and row.
    pub fn cell(&mut self, place: (u16, u16), cell: &Cell, links: &[String]) {
        let link = link_number(cell.underline_color)
            .filter(|number| links.get(*number).is_some_and(|link| fit_for_escape(link)));
        if link != self.link {
            self.close_link();
            if let Some(address) = link.and_then(|number| links.get(number)) {
                self.say("\x1b]8;id=b");
                self.number(link.unwrap_or(0));
                self.say(";");
                self.say(address);
                self.say("\x1b\\");
                self.link = link;
            }
        }
        if self.at != Some(place) {
            self.move_to(place);
        }
        self.dip(Ink {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        });
        self.placed.written(place.0, place.1, cell);
        self.say(cell.symbol());
        // Behind a wide letter comes no cell at this place, so the next one is moved to.
        self.at = Some((place.0 + 1, place.1));
    }

    /// All cells are written: what stays open would colour what comes.
    pub fn finish(&mut self) {
        self.close_link();
        self.dip(PLAIN);
        let away = self.placed.take_away();
        if !away.is_empty() {
            self.say(&away);
        }
    }

    /// Puts the cursor there, or hides it.
    pub fn cursor(&mut self, cursor: Option<Position>) {
        match cursor {
            Some(place) => {
                self.move_to((place.x, place.y));
                self.say("\x1b[?25h");
            }
            None => self.say("\x1b[?25l"),
        }
    }

    /// The bytes of the frame; none where nothing has changed.
    pub fn end(&mut self) -> &[u8] {
        if !self.bytes.is_empty() {
            self.say("\x1b[?2026l");
        }
        &self.bytes
    }

    fn close_link(&mut self) {
        if self.link.take().is_some() {
            self.say("\x1b]8;;\x1b\\");
        }
    }

    fn move_to(&mut self, (x, y): (u16, u16)) {
        self.say("\x1b[");
        self.number(usize::from(y) + 1);
        self.say(";");
        self.number(usize::from(x) + 1);
        self.say("H");
        self.at = Some((x, y));
    }

    /// Has what follows written so.
    fn dip(&mut self, ink: Ink) {
        if ink == self.ink {
            return;
        }
        self.say("\x1b[");
        let mut before = self.ink;
        let mut first = true;
        if !ink.modifier.contains(before.modifier) || ink == PLAIN {
            // Attributes are taken away all at once, and the colours with them.
            self.say("0");
            before = PLAIN;
            first = false;
        }
        for (modifier, number) in ATTRIBUTES {
            if ink.modifier.contains(modifier) && !before.modifier.contains(modifier) {
                self.separate(&mut first);
                self.number(usize::from(number));
            }
        }
        for (colour, known, ground) in [(ink.fg, before.fg, 0), (ink.bg, before.bg, 10)] {
            if colour != known {
                self.separate(&mut first);
                self.colour(colour, ground);
            }
        }
        self.say("m");
        self.ink = ink;
    }

    fn separate(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.say(";");
        }
    }

    /// The numbers of a colour, of letters (`ground` 0) or of the ground (10).
    fn colour(&mut self, colour: Color, ground: usize) {
        let index = match colour {
            Color::Reset => return self.number(39 + ground),
            Color::Rgb(red, green, blue) => {
                self.number(38 + ground);
                self.say(";2");
                for part in [red, green, blue] {
                    self.say(";");
                    self.number(usize::from(part));
                }
                return;
            }
            Color::Indexed(index) => index,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 8,
            Color::LightRed => 9,
            Color::LightGreen => 10,
            Color::LightYellow => 11,
            Color::LightBlue => 12,
            Color::LightMagenta => 13,
            Color::LightCyan => 14,
            Color::White => 15,
        };
        self.number(38 + ground);
        self.say(";5;");
        self.number(usize::from(index));
    }

    fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.bytes.push(b'0' + (number % 10) as u8);
    }

    /// The first thing that is said begins the synchronized update.
    fn say(&mut self, text: &str) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(b"\x1b[?2026h");
        }
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(cells: &[(u16, char, Option<usize>)], links: &[&str]) -> String {
        let mut pen = Pen::default();
        let links: Vec<String> = links.iter().map(|link| (*link).to_owned()).collect();
        pen.begin();
        for (x, letter, link) in cells {
            let mut cell = Cell::default();
            cell.set_char(*letter);
            if let Some(number) = link {
                cell.underline_color = link_colour(*number);
            }
            pen.cell((*x, 0), &cell, &links);
        }
        pen.finish();
        String::from_utf8_lossy(pen.end()).into_owned()
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
            out,
            "\x1b[?2026h\x1b[1;1Ha\x1b]8;id=b0;https://e.example/x\x1b\\bc\x1b]8;;\x1b\\d\x1b[?2026l"
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
    fn a_link_is_closed_at_the_end_of_a_frame() {
        let out = drawn(&[(0, 'a', Some(0))], &["https://e.example/"]);
        assert!(out.ends_with("a\x1b]8;;\x1b\\\x1b[?2026l"), "{out:?}");
    }

    #[test]
    fn colours_and_attributes_are_said_when_they_change_and_taken_back_at_the_end() {
        let mut pen = Pen::default();
        pen.begin();
        let mut cell = Cell::default();
        cell.set_char('x');
        let mut write = |x: u16, fg, bg, modifier| {
            (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
            pen.cell((x, 0), &cell, &[]);
        };
        let bold = Modifier::BOLD;
        write(0, Color::Red, Color::Reset, bold);
        write(
            1,
            Color::Red,
            Color::Rgb(1, 20, 255),
            bold | Modifier::ITALIC,
        );
        write(
            2,
            Color::Indexed(200),
            Color::Reset,
            bold | Modifier::ITALIC,
        );
        write(3, Color::Indexed(200), Color::Reset, Modifier::ITALIC);
        pen.finish();
        let out = String::from_utf8_lossy(pen.end()).into_owned();
        let parts = [
            "\x1b[?2026h\x1b[1;1H",
            "\x1b[1;38;5;1mx",
            "\x1b[3;48;2;1;20;255mx",
            "\x1b[38;5;200;49mx",
            "\x1b[0;3;38;5;200mx",
            "\x1b[0m\x1b[?2026l",
        ];
        assert_eq!(out, parts.concat());
    }

    #[test]
    fn the_place_behind_a_wide_letter_is_moved_to() {
        assert!(drawn(&[(0, '漢', None), (2, 'a', None)], &[]).contains("漢\x1b[1;3Ha"));
    }

    #[test]
    fn colours_carry_numbers_both_ways() {
        for number in [0, 1, 255, 256, 70_000] {
            assert_eq!(link_number(link_colour(number)), Some(number));
        }
        assert_eq!(link_number(Color::Reset), None);
    }
}
