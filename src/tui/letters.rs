//! Text into the cells of a frame, as [`Buffer::set_stringn`] does it, but quickly where letters need no looking at: most of
//! what stands on the screen is letters that take one column each and join with nothing.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// What a frame is written with.
pub trait Letters {
    /// Writes at a place, at most `columns` wide; where the text ended. What [`Buffer::set_stringn`] does.
    fn letters(
        &mut self,
        x: u16,
        y: u16,
        text: impl AsRef<str>,
        columns: usize,
        style: Style,
    ) -> (u16, u16);
}

/// Takes one column, and is a cluster by itself where another of these follows. Not all that are: those that are common.
pub fn is_plain(letter: char) -> bool {
    matches!(letter,
        ' '..='~'
        | '\u{a1}'..='\u{ac}'
        | '\u{ae}'..='\u{2ff}'
        | '\u{400}'..='\u{482}'
        | '\u{48a}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{203a}'
        | '\u{2190}'..='\u{21ff}'
        | '\u{2500}'..='\u{25fc}')
}

impl Letters for Buffer {
    fn letters(
        &mut self,
        x: u16,
        y: u16,
        text: impl AsRef<str>,
        columns: usize,
        style: Style,
    ) -> (u16, u16) {
        let text = text.as_ref();
        let room = usize::from(self.area.right().saturating_sub(x)).min(columns);
        if room == 0 || text.is_empty() {
            return (x, y);
        }
        let first = self.index_of(x, y);
        let mut letters = text.char_indices().peekable();
        for at in 0..room {
            let Some(&(begin, letter)) = letters.peek() else {
                return (x + at as u16, y);
            };
            letters.next();
            let alone = letters.peek().is_none_or(|(_, next)| is_plain(*next));
            if !(alone && is_plain(letter)) {
                return self.set_stringn(x + at as u16, y, &text[begin..], room - at, style);
            }
            self.content[first + at].set_char(letter).set_style(style);
        }
        (x + room as u16, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Color;
    use unicode_width::UnicodeWidthChar;

    const AREA: Rect = Rect {
        x: 3,
        y: 2,
        width: 12,
        height: 2,
    };

    fn same(x: u16, text: &str, columns: usize) {
        let style = Style::new().fg(Color::Red);
        let (mut ours, mut theirs) = (Buffer::empty(AREA), Buffer::empty(AREA));
        let end = ours.letters(x, 3, text, columns, style);
        assert_eq!(theirs.set_stringn(x, 3, text, columns, style), end);
        assert_eq!(ours, theirs, "{text:?}");
    }

    #[test]
    fn every_plain_letter_takes_a_column_and_joins_with_no_other() {
        for letter in ('\0'..='\u{ffff}').filter(|letter| is_plain(*letter)) {
            assert_eq!(letter.width(), Some(1), "{letter:?}");
            for other in ['a', '#', '\u{a9}', '\u{2194}', letter] {
                same(4, &format!("{letter}{other}{letter}"), 9);
            }
        }
    }

    #[test]
    fn what_joins_is_left_together() {
        for text in [
            "",
            "e\u{301}te\u{301}",
            "a\u{feff}b\u{ad}c",
            "漢字 and more than fits",
            "\u{a9}\u{fe0f}x",
            "1\u{fe0f}\u{20e3}2",
            "\u{600}12",
            "tab\there",
        ] {
            for columns in [0, 1, 3, 9, 40] {
                same(4, text, columns);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_stands_as_it_would_otherwise(text in "[a-z #’…é\u{301}\u{200d}\u{fe0f}漢👩❤\u{1f3fb}\\PC]{0,20}", x in 3_u16..15, columns in 0_usize..20) {
            same(x, &text, columns);
        }
    }
}
