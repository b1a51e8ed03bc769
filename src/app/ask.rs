//! What comes from the terminal: keys, the mouse, pasted text, and answers to what it was asked after the first frame.
//!
//! - All of it comes in one stream of bytes, so one parser tells answers from keys; an answer may come as late as it likes.
//! - Why not crossterm's own reader: it waits on the window's size too, and forgets that bytes are there when a size comes
//!   at the same moment; a key pressed then was not seen before the next one.

use ratatui::crossterm::event::{
    Event as Told, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// What the terminal said of itself, as far as it answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its ground is dark.
    pub dark: Option<bool>,
    /// Name and version (XTVERSION).
    pub name: Option<String>,
    /// It draws pictures by kitty's protocol.
    pub kitty: bool,
    pub sixel: bool,
    /// Width and height of a cell in pixels.
    pub cell: Option<(u16, u16)>,
}

/// The questions: ground (OSC 11), name (XTVERSION), pixels of a cell, kitty's pictures, and last what every terminal
/// answers (DA1). `term`: the variable; consoles that print what they do not know are asked nothing.
pub fn questions(term: &str) -> &'static str {
    match term {
        "" | "dumb" | "linux" | "cons25" | "vt100" => "",
        // Multiplexers take kitty's question for the window's title.
        term if term.starts_with("tmux") || term.starts_with("screen") => {
            "\x1b]11;?\x1b\\\x1b[16t\x1b[c"
        }
        _ => "\x1b]11;?\x1b\\\x1b[>q\x1b[16t\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c",
    }
}

/// Bytes of the terminal, taken apart.
#[derive(Debug, Default)]
pub struct Answers {
    pub about: About,
    /// The last answer is there.
    pub done: bool,
    waiting: Vec<u8>,
}

/// What a beginning of bytes is.
enum Part {
    Key(Told),
    /// An answer, or a sequence that means nothing here.
    Taken,
    /// More has to come before it can be told.
    Unfinished,
}

impl Answers {
    /// Takes bytes in; what is no answer comes out as keys.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Told> {
        self.waiting.extend_from_slice(bytes);
        let mut keys = Vec::new();
        while !self.waiting.is_empty() {
            let (part, length) = self.next();
            match part {
                Part::Unfinished if self.waiting.len() < 1 << 16 => break,
                // Nothing that long is an answer: it goes.
                Part::Unfinished => {
                    self.waiting.clear();
                    break;
                }
                Part::Key(key) => keys.push(key),
                Part::Taken => {}
            }
            self.waiting.drain(..length);
        }
        keys
    }

    /// Whether something has begun that is not complete.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Nothing more comes: a lone escape is the key, the rest of a sequence goes.
    pub fn give_up(&mut self) -> Vec<Told> {
        match std::mem::take(&mut self.waiting).as_slice() {
            [0x1b] => vec![key(KeyCode::Esc, KeyModifiers::NONE)],
            _ => Vec::new(),
        }
    }

    fn next(&mut self) -> (Part, usize) {
        let bytes = self.waiting.as_slice();
        match bytes {
            [0x1b] => (Part::Unfinished, 0),
            [0x1b, b'[', ..] => self.csi(),
            [0x1b, b']' | b'P' | b'_' | b'^' | b'X', ..] => self.string(),
            [0x1b, b'O', last, ..] => (ss3(*last).map_or(Part::Taken, Part::Key), 3),
            [0x1b, b'O'] => (Part::Unfinished, 0),
            [0x1b, 0x1b, ..] => (Part::Key(key(KeyCode::Esc, KeyModifiers::NONE)), 1),
            [0x1b, rest @ ..] => match letter(rest) {
                Some((Told::Key(mut pressed), length)) => {
                    pressed.modifiers |= KeyModifiers::ALT;
                    (Part::Key(Told::Key(pressed)), 1 + length)
                }
                Some((_, length)) => (Part::Taken, 1 + length),
                None => (Part::Unfinished, 0),
            },
            bytes => match letter(bytes) {
                Some((pressed, length)) => (Part::Key(pressed), length),
                None => (Part::Unfinished, 0),
            },
        }
    }

    /// `ESC ]`, `ESC P` or `ESC _`: up to its end.
    fn string(&mut self) -> (Part, usize) {
        let bytes = self.waiting.as_slice();
        let bell = bytes.iter().position(|byte| *byte == 7);
        let end = bytes[2..]
            .windows(2)
            .position(|pair| pair == b"\x1b\\")
            .map(|at| at + 2);
        let (end, length) = match (bell, end) {
            (Some(bell), end) if end.is_none_or(|end| bell < end) => (bell, bell + 1),
            (_, Some(end)) => (end, end + 2),
            _ => return (Part::Unfinished, 0),
        };
        let text = String::from_utf8_lossy(&bytes[1..end]).into_owned();
        let about = &mut self.about;
        if let Some(colour) = text.strip_prefix("]11;") {
            about.dark = is_dark(colour).or(about.dark);
        } else if let Some(name) = text.strip_prefix("P>|") {
            about.name = Some(
                name.chars()
                    .filter(char::is_ascii_graphic)
                    .take(60)
                    .collect(),
            );
        } else if text.starts_with("_Gi=31") {
            about.kitty = text.ends_with(";OK");
        }
        (Part::Taken, length)
    }

    fn csi(&mut self) -> (Part, usize) {
        let bytes = self.waiting.as_slice();
        let Some(last) = bytes[2..]
            .iter()
            .position(|byte| (0x40..0x7f).contains(byte))
            .map(|at| at + 2)
        else {
            return (Part::Unfinished, 0);
        };
        let length = last + 1;
        let inside = String::from_utf8_lossy(&bytes[2..last]).into_owned();
        let numbers: Vec<u16> = inside
            .trim_start_matches(['?', '<', '>'])
            .split([';', ':'])
            .map(|number| number.parse().unwrap_or(0))
            .collect();
        match (bytes[last], inside.starts_with('?')) {
            (b'c', true) => {
                self.about.sixel = numbers.contains(&4);
                self.done = true;
                (Part::Taken, length)
            }
            (b't', false) => {
                if let [6, height, width] = numbers[..]
                    && (2..=200).contains(&width)
                    && (2..=400).contains(&height)
                {
                    self.about.cell = Some((width, height));
                }
                (Part::Taken, length)
            }
            (b'M' | b'm', false) if inside.starts_with('<') => (
                mouse(&numbers, bytes[last] == b'M').map_or(Part::Taken, Part::Key),
                length,
            ),
            (b'I', false) => (Part::Key(Told::FocusGained), length),
            (b'O', false) => (Part::Key(Told::FocusLost), length),
            (b'~', false) if numbers == [200] => {
                let text = &bytes[length..];
                let Some(end) = text.windows(6).position(|part| part == b"\x1b[201~") else {
                    return (Part::Unfinished, 0);
                };
                let pasted = String::from_utf8_lossy(&text[..end]).into_owned();
                (Part::Key(Told::Paste(pasted)), length + end + 6)
            }
            (last, false) => (
                csi_key(last, &numbers).map_or(Part::Taken, Part::Key),
                length,
            ),
            _ => (Part::Taken, length),
        }
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Told {
    Told::Key(KeyEvent::new(code, modifiers))
}

/// A key that is a letter or a control character, and its bytes; `None`: unfinished.
fn letter(bytes: &[u8]) -> Option<(Told, usize)> {
    let first = *bytes.first()?;
    let none = KeyModifiers::NONE;
    let pressed = match first {
        b'\r' | b'\n' => key(KeyCode::Enter, none),
        b'\t' => key(KeyCode::Tab, none),
        0x7f | 0x08 => key(KeyCode::Backspace, none),
        0 => key(KeyCode::Char(' '), KeyModifiers::CONTROL),
        1..=26 => key(
            KeyCode::Char(char::from(first - 1 + b'a')),
            KeyModifiers::CONTROL,
        ),
        28..=31 => key(
            KeyCode::Char(char::from(first - 28 + b'4')),
            KeyModifiers::CONTROL,
        ),
        _ => {
            let wide = match first {
                0..0x80 => 1,
                0xc0..0xe0 => 2,
                0xe0..0xf0 => 3,
                0xf0..0xf8 => 4,
                // No beginning of a character.
                _ => return Some((key(KeyCode::Null, none), 1)),
            };
            let text = bytes.get(..wide)?;
            let Some(letter) = std::str::from_utf8(text)
                .ok()
                .and_then(|text| text.chars().next())
            else {
                return Some((key(KeyCode::Null, none), 1));
            };
            let shift = if letter.is_uppercase() {
                KeyModifiers::SHIFT
            } else {
                none
            };
            return Some((key(KeyCode::Char(letter), shift), wide));
        }
    };
    Some((pressed, 1))
}

fn ss3(last: u8) -> Option<Told> {
    csi_key(last, &[0])
}

/// Modifiers as a parameter: one more than their bits.
fn modifiers(number: u16) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
    ] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

/// Keys of the block of digits from the point on, in the order of kitty's protocol.
const KEYPAD: [KeyCode; 18] = [
    KeyCode::Char('.'),
    KeyCode::Char('/'),
    KeyCode::Char('*'),
    KeyCode::Char('-'),
    KeyCode::Char('+'),
    KeyCode::Enter,
    KeyCode::Char('='),
    KeyCode::Char(','),
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Insert,
    KeyCode::Delete,
];

/// What the mouse did, as terminals say it in mode 1006: button and modifiers, column and row from 1, and `M` or `m`.
fn mouse(numbers: &[u16], pressed: bool) -> Option<Told> {
    let &[what, column, row] = numbers else {
        return None;
    };
    let button = match what & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (what & 0b1110_0000, what & 0b11) {
        (64, 0) => MouseEventKind::ScrollUp,
        (64, 1) => MouseEventKind::ScrollDown,
        (64, 2) => MouseEventKind::ScrollLeft,
        (64, _) => MouseEventKind::ScrollRight,
        (32, 3) => MouseEventKind::Moved,
        (32, _) => MouseEventKind::Drag(button),
        (0, 3) => return None,
        (0, _) if pressed => MouseEventKind::Down(button),
        (0, _) => MouseEventKind::Up(button),
        _ => return None,
    };
    let mut held = KeyModifiers::NONE;
    for (bit, modifier) in [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ] {
        if what & bit != 0 {
            held |= modifier;
        }
    }
    Some(Told::Mouse(MouseEvent {
        kind,
        column: column.saturating_sub(1),
        row: row.saturating_sub(1),
        modifiers: held,
    }))
}

fn csi_key(last: u8, numbers: &[u16]) -> Option<Told> {
    let first = numbers.first().copied().unwrap_or(0);
    let held = modifiers(numbers.get(1).copied().unwrap_or(1));
    let code = match (last, first) {
        (b'A', _) => KeyCode::Up,
        (b'B', _) => KeyCode::Down,
        (b'C', _) => KeyCode::Right,
        (b'D', _) => KeyCode::Left,
        (b'H', _) | (b'~', 1 | 7) => KeyCode::Home,
        (b'F', _) | (b'~', 4 | 8) => KeyCode::End,
        (b'Z', _) => KeyCode::BackTab,
        (b'~', 2) => KeyCode::Insert,
        (b'~', 3) => KeyCode::Delete,
        (b'~', 5) => KeyCode::PageUp,
        (b'~', 6) => KeyCode::PageDown,
        (b'P', _) => KeyCode::F(1),
        (b'Q', _) => KeyCode::F(2),
        (b'S', _) => KeyCode::F(4),
        (b'u', 27) => KeyCode::Esc,
        (b'u', 13) => KeyCode::Enter,
        (b'u', 9) => KeyCode::Tab,
        (b'u', 127) => KeyCode::Backspace,
        (b'~', 11..=15) => KeyCode::F((first - 10) as u8),
        (b'~', 17..=21) => KeyCode::F((first - 11) as u8),
        (b'~', 23..=24) => KeyCode::F((first - 12) as u8),
        // The block of digits, as kitty's protocol has it.
        (b'u', 57_399..=57_408) => KeyCode::Char(char::from(b'0' + (first - 57_399) as u8)),
        (b'u', 57_409..=57_426) => KEYPAD[usize::from(first - 57_409)],
        // Keys that have no letter and no use here.
        (b'u', 57_344..=63_743) => return None,
        (b'u', code) => KeyCode::Char(char::from_u32(u32::from(code)).filter(|c| !c.is_control())?),
        _ => return None,
    };
    Some(key(code, held))
}

/// Whether a colour as `rgb:1616/1818/1d1d` is dark; `None`: it is no colour.
fn is_dark(colour: &str) -> Option<bool> {
    let parts = colour
        .strip_prefix("rgb:")
        .or(colour.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(|part| {
        let most = 16_u32.checked_pow(part.len() as u32)?.checked_sub(1)?;
        let value = u32::from_str_radix(part, 16).ok()?;
        (most > 0).then(|| f64::from(value) / f64::from(most))
    });
    let mut next = || parts.next().flatten();
    let (red, green, blue) = (next()?, next()?, next()?);
    Some(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(told: &[Told]) -> String {
        told.iter()
            .map(|told| match told {
                Told::Key(key) => match key.code {
                    KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) => {
                        format!("^{c}")
                    }
                    KeyCode::Char(c) => c.to_string(),
                    code => format!("<{code:?}>"),
                },
                other => format!("<{other:?}>"),
            })
            .collect()
    }

    #[test]
    fn answers_are_taken_out_of_the_keys() {
        let mut answers = Answers::default();
        let stream = "j\x1b]11;rgb:1616/1818/1d1d\x1b\\k\x1bP>|kitty(0.32.1)\x1b\\\x1b[6;20;9t\
                      \x1b_Gi=31;OK\x1b\\\x1b[Al\x1b[?62;4;22cq";
        assert_eq!(letters(&answers.take(stream.as_bytes())), "jk<Up>lq");
        assert!(answers.done && !answers.waits());
        let about = About {
            dark: Some(true),
            name: Some("kitty(0.32.1)".into()),
            kitty: true,
            sixel: true,
            cell: Some((9, 20)),
        };
        assert_eq!(answers.about, about);
    }

    #[test]
    fn it_makes_no_difference_where_the_stream_is_cut() {
        let stream =
            "日\x1b]11;rgb:ff/fe/f0\x07\x1b[?1;2cg\x1b[1;5C\x1b[200~two words\x1b[201~\x1b[27u";
        let mut whole = Answers::default();
        let expected = letters(&whole.take(stream.as_bytes()));
        assert_eq!(expected, "日g<Right><Paste(\"two words\")><Esc>");
        for cut in 1..stream.len() {
            let mut answers = Answers::default();
            let mut told = answers.take(&stream.as_bytes()[..cut]);
            told.extend(answers.take(&stream.as_bytes()[cut..]));
            assert_eq!(letters(&told), expected, "cut at {cut}");
            assert_eq!(answers.about, whole.about);
        }
        assert_eq!(whole.about.dark, Some(false));
    }

    #[test]
    fn the_mouse_says_what_it_did_and_where() {
        let told =
            Answers::default().take(b"\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<65;1;1M\x1b[<36;200;40M");
        let kinds: Vec<(MouseEventKind, u16, u16)> = told
            .iter()
            .filter_map(|told| match told {
                Told::Mouse(mouse) => Some((mouse.kind, mouse.column, mouse.row)),
                _ => None,
            })
            .collect();
        let expected = [
            (MouseEventKind::Down(MouseButton::Left), 4, 2),
            (MouseEventKind::Up(MouseButton::Left), 4, 2),
            (MouseEventKind::ScrollDown, 0, 0),
            (MouseEventKind::Drag(MouseButton::Left), 199, 39),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn keys_come_in_many_spellings() {
        let stream = b"\x1bOA\x1b[1;5B\x1b[5~\x1b[15~\x1b[24~\x1b[57401u\x1b[57414u\x1b[57441u\x1b[99;5u\x1bx";
        let told = Answers::default().take(stream);
        assert_eq!(letters(&told), "<Up><Down><PageUp><F(5)><F(12)>2<Enter>^cx");
    }

    #[test]
    fn a_lone_escape_is_a_key_when_nothing_follows() {
        let mut answers = Answers::default();
        assert!(answers.take(b"\x1b").is_empty() && answers.waits());
        assert_eq!(letters(&answers.give_up()), "<Esc>");
        assert_eq!(
            letters(&answers.take(b"\x03\x1b[99999999;1R\xff~")),
            "^c<Null>~"
        );
    }

    #[test]
    fn anything_may_come() {
        use proptest::prelude::*;
        proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..200))| {
            let mut answers = Answers::default();
            answers.take(&bytes);
            answers.give_up();
            prop_assert!(!answers.waits());
        });
    }
}
