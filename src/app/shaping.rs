//! Right-to-left words for a terminal that turns them round by itself.
//!
//! Frames hold right-to-left text in the order in which it is seen. Kitty hands each run of letters of one font to a shaper,
//! which turns a run of Arabic or Hebrew round once more, so there such runs are put back into the order in which they are
//! read. What stands between them (spaces, digits, Latin) stays where it is, and so do colours.

use crate::text::bidi;
use ratatui::buffer::Buffer;

/// Puts every run of right-to-left letters back into the order in which it is read.
pub fn turn_words_back(buf: &mut Buffer) {
    let width = usize::from(buf.area.width);
    if width == 0 {
        return;
    }
    for row in buf.content.chunks_mut(width) {
        let mut at = 0;
        while at < row.len() {
            let length = row[at..]
                .iter()
                .take_while(|cell| bidi::has_right_to_left(cell.symbol()))
                .count();
            if length > 1 {
                let letters: Vec<String> = row[at..at + length]
                    .iter()
                    .map(|cell| cell.symbol().to_owned())
                    .collect();
                for (cell, letter) in row[at..at + length].iter_mut().zip(letters.iter().rev()) {
                    cell.set_symbol(letter);
                }
            }
            at += length.max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};

    #[test]
    fn words_are_turned_back_one_by_one_and_colours_stay() {
        let mut buf = Buffer::empty(ratatui::layout::Rect::new(0, 0, 14, 1));
        let seen = bidi::visual_line("שלום עולם 2026");
        buf.set_string(0, 0, &seen, Style::new());
        buf[(5, 0)].set_fg(Color::Red);
        turn_words_back(&mut buf);
        let text: String = buf
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(text, "2026 עולם שלום");
        assert_eq!(buf[(5, 0)].fg, Color::Red);
    }
}
