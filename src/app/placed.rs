//! Pictures by kitty's graphics protocol without its placeholders, for terminals that know only that much of it: a kitty
//! before 0.28, Konsole.
//!
//! The terminal is sent a picture once ([`transmission`]). Then a cell's symbol says that it stands here ([`symbol`]): it is
//! drawn over the letters, and stays until it is taken away ([`Placed`]), since letters written below it do not do that.

#[cfg(feature = "images")]
use data_encoding::BASE64;
use ratatui::buffer::Cell;

/// Bytes of base64 in a piece, as the protocol wants it.
#[cfg(feature = "images")]
const PIECE: usize = 4096;
/// How a symbol begins that places a picture.
const PLACES: &str = "\x1b_Ga=p,";

/// What sends the terminal a picture, as PNG, to keep it as number `id`.
#[cfg(feature = "images")]
pub fn transmission(png: &[u8], id: u32) -> Vec<u8> {
    let text = BASE64.encode(png);
    let pieces = text.len().div_ceil(PIECE);
    let mut bytes = Vec::with_capacity(text.len() + 40 * pieces);
    for (n, piece) in text.as_bytes().chunks(PIECE).enumerate() {
        let more = u8::from(n + 1 < pieces);
        let head = match n {
            0 => format!("\x1b_Ga=t,f=100,t=d,i={id},q=2,m={more};"),
            _ => format!("\x1b_Gq=2,m={more};"),
        };
        bytes.extend(head.bytes().chain(piece.iter().copied()).chain(*b"\x1b\\"));
    }
    bytes
}

/// The symbol of the cell at whose corner `wide` × `high` pixels of picture `id` stand, from the row of pixels `from` on.
/// `place` tells two places of one picture apart.
#[cfg(feature = "images")]
pub fn symbol(id: u32, place: u16, from: u32, wide: u32, high: u32) -> String {
    format!("{PLACES}i={id},p={place},x=0,y={from},w={wide},h={high},C=1,q=2\x1b\\ ")
}

/// Which pictures stand where.
#[derive(Debug, Default)]
pub struct Placed {
    /// Cell, and the `i=…,p=…` of what stands there.
    at: Vec<(u16, u16, String)>,
    /// What no longer stands where it stood, as far as is known.
    gone: Vec<String>,
}

impl Placed {
    /// A cell is written.
    pub fn written(&mut self, x: u16, y: u16, cell: &Cell) {
        let places = cell.symbol().strip_prefix(PLACES).and_then(|rest| {
            let end = rest.match_indices(',').nth(1).map(|(end, _)| end)?;
            Some(rest[..end].to_owned())
        });
        if self.at.is_empty() && places.is_none() {
            return;
        }
        if let Some(known) = self.at.iter().position(|at| (at.0, at.1) == (x, y)) {
            self.gone.push(self.at.swap_remove(known).2);
        }
        self.at.extend(places.map(|places| (x, y, places)));
    }

    /// The screen is cleared, and all pictures with it.
    pub fn cleared(&mut self) {
        self.at.clear();
        self.gone.clear();
    }

    /// What takes away the pictures that stand nowhere any more; the terminal keeps their pixels.
    pub fn take_away(&mut self) -> String {
        let at = &self.at;
        self.gone
            .drain(..)
            .filter(|gone| at.iter().all(|(.., stands)| stands != gone))
            .map(|gone| format!("\x1b_Ga=d,d=i,{gone},q=2\x1b\\"))
            .collect()
    }
}

#[cfg(all(test, feature = "images"))]
mod tests {
    use super::*;

    fn cell(symbol: &str) -> Cell {
        let mut cell = Cell::default();
        cell.set_symbol(symbol);
        cell
    }

    #[test]
    fn pieces_are_as_long_as_the_protocol_allows_and_the_last_says_so() {
        let bytes = transmission(&[7; 4000], 9);
        let text = String::from_utf8(bytes).expect("it is ASCII");
        let pieces: Vec<&str> = text.split_terminator("\x1b\\").collect();
        assert_eq!(pieces.len(), 2);
        assert!(pieces[0].starts_with("\x1b_Ga=t,f=100,t=d,i=9,q=2,m=1;"));
        assert!(pieces[1].starts_with("\x1b_Gq=2,m=0;"));
        let body: String = pieces
            .iter()
            .filter_map(|piece| piece.split_once(';'))
            .map(|(_, body)| body)
            .collect();
        assert_eq!(BASE64.decode(body.as_bytes()).expect("base64"), [7; 4000]);
    }

    #[test]
    fn a_picture_is_taken_away_when_letters_take_its_cell_and_not_when_it_moves() {
        let mut placed = Placed::default();
        placed.written(4, 2, &cell("a"));
        placed.written(4, 3, &cell(&symbol(9, 4, 0, 100, 60)));
        assert_eq!(placed.take_away(), "");
        // One row up, and cut at its foot: another place, and the old one is empty.
        placed.written(4, 2, &cell(&symbol(9, 3, 0, 100, 40)));
        placed.written(4, 3, &cell(" "));
        assert_eq!(placed.take_away(), "\x1b_Ga=d,d=i,i=9,p=4,q=2\x1b\\");
        // The same cell, another part: it is replaced where it stands.
        placed.written(4, 2, &cell(&symbol(9, 3, 20, 100, 40)));
        assert_eq!(placed.take_away(), "");
        placed.cleared();
        placed.written(4, 2, &cell("x"));
        assert_eq!(placed.take_away(), "");
    }
}
