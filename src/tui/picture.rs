//! Pictures of an article: which are wanted, which are there, and how large they are.
//!
//! - A picture is asked for when it comes in sight (or nearly), never before, and only in an article that is read.
//! - What encodes a picture for the terminal is the app's business: here it is a size, and something that draws.
//! - So many are held as two screens may show; what was let go of is asked for again, and is in the cache by then.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Pictures held ready.
const HELD: usize = 16;

/// Pixels of a picture as shown: what a terminal takes without the reader noticing.
const SHOWN: u32 = 420_000;
/// The shape that is expected of a picture of which nothing is known: most photographs of news have it.
const USUAL: (u32, u32) = (1600, 900);

/// Columns and rows at most for a picture in a text of that width, in a column of that height.
pub fn most(columns: u16, height: usize) -> (u16, u16) {
    (columns, (height * 3 / 5).clamp(5, 24) as u16)
}

/// The pixels in which a picture is shown: never more than it has, within `most`, and so many that a terminal can take them
/// in.
pub fn fit((width, height): (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let pixels = (f64::from(SHOWN) / (width * height)).sqrt();
    let scale = (f64::from(most.0) / width)
        .min(f64::from(most.1) / height)
        .min(pixels)
        .min(1.0);
    (
        ((width * scale).round() as u32).max(1),
        ((height * scale).round() as u32).max(1),
    )
}

/// Columns and rows that a picture of so many pixels will take.
fn expected(size: (u32, u32), cell: (u16, u16), most: (u16, u16)) -> (u16, u16) {
    let cell = (u32::from(cell.0.max(1)), u32::from(cell.1.max(1)));
    let (wide, high) = match size {
        // What HTML says is foreign: no number of it may overflow.
        (1..=20_000, 1..=20_000) => size,
        _ => USUAL,
    };
    let room = (u32::from(most.0) * cell.0, u32::from(most.1) * cell.1);
    let (wide, high) = fit((wide, high), room);
    (wide.div_ceil(cell.0) as u16, high.div_ceil(cell.1) as u16)
}

/// Draws a picture into an area, from a row of it on.
type Draw = dyn Fn(Rect, u16, &mut Buffer) + Send + Sync;

/// A picture, ready for the terminal.
#[derive(Clone)]
pub struct Picture {
    pub columns: u16,
    pub rows: u16,
    /// Letters cannot lie over it: it is not drawn while something lies over the columns.
    pub covers: bool,
    /// What the terminal must be sent once, before it is drawn.
    pub transmission: Arc<[u8]>,
    draw: Arc<Draw>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} × {})", self.columns, self.rows)
    }
}

impl Picture {
    /// A picture of that size. `draw` is given the area, the first row of the picture to draw there, and the buffer.
    pub fn new(
        (columns, rows): (u16, u16),
        covers: bool,
        transmission: Vec<u8>,
        draw: impl Fn(Rect, u16, &mut Buffer) + Send + Sync + 'static,
    ) -> Picture {
        Picture {
            columns,
            rows,
            covers,
            transmission: transmission.into(),
            draw: Arc::new(draw),
        }
    }

    /// Draws it into an area of at most its size, from its row `from` on.
    pub fn draw(&self, area: Rect, from: u16, buf: &mut Buffer) {
        (self.draw)(area, from, buf);
    }
}

/// What is known of a picture.
#[derive(Clone, Debug)]
struct Known {
    /// The columns that it was asked for; 0: it was let go of.
    asked: u16,
    /// Columns and rows; stays when the picture is let go of, so that the text keeps its place.
    size: (u16, u16),
    picture: Option<Picture>,
    /// There is nothing to show.
    failed: bool,
}

/// All pictures that are known of.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// The reader wants them.
    pub on: bool,
    /// The terminal can show them: pixels of a cell.
    pub able: Option<(u16, u16)>,
    /// By address.
    known: HashMap<String, Known>,
    /// Addresses of those that are ready, the longest unseen first.
    order: Vec<String>,
}

impl Pictures {
    /// Before the terminal has said whether it can show any.
    pub fn wanted(on: bool) -> Pictures {
        Pictures {
            on,
            ..Pictures::default()
        }
    }

    /// Of these addresses those to ask for, each once, for a text of that width. They count as asked for from now on.
    pub fn ask<'a>(&mut self, urls: impl Iterator<Item = &'a str>, columns: u16) -> Vec<String> {
        let mut wanted: Vec<String> = Vec::new();
        for url in urls.filter(|url| !url.is_empty()) {
            self.seen(url);
            let known = self.known.entry(url.to_owned()).or_insert(Known {
                asked: 0,
                size: (0, 0),
                picture: None,
                failed: false,
            });
            if known.asked != columns && !known.failed {
                known.asked = columns;
                wanted.push(url.to_owned());
            }
        }
        wanted
    }

    fn seen(&mut self, url: &str) {
        if let Some(at) = self.order.iter().position(|known| known == url) {
            let url = self.order.remove(at);
            self.order.push(url);
        }
    }

    /// Takes a picture in; an answer to an older question is dropped.
    pub fn ready(&mut self, url: String, columns: u16, picture: Option<Picture>) {
        let Some(known) = self
            .known
            .get_mut(&url)
            .filter(|known| known.asked == columns)
        else {
            return;
        };
        known.failed = picture.is_none();
        known.size = picture
            .as_ref()
            .map_or((0, 0), |picture| (picture.columns, picture.rows));
        known.picture = picture;
        self.order.retain(|known| *known != url);
        if known.picture.is_some() {
            self.order.push(url);
        }
        while self.order.len() > HELD {
            let oldest = self.order.remove(0);
            if let Some(known) = self.known.get_mut(&oldest) {
                known.picture = None;
                known.asked = 0;
            }
        }
    }

    /// The picture at that address, if it is ready.
    pub fn get(&self, url: &str) -> Option<&Picture> {
        let known = self.known.get(url).filter(|_| self.shown())?;
        known.picture.as_ref()
    }

    fn shown(&self) -> bool {
        self.on && self.able.is_some()
    }

    /// Columns and rows to leave for each of these images. `written`: pixels as the HTML says them; `most`: the room for one
    /// that is still to come, where it will: so that no text moves when it is there.
    pub fn sizes(
        &self,
        urls: &[String],
        written: &[(u32, u32)],
        most: Option<(u16, u16)>,
    ) -> Vec<(u16, u16)> {
        let Some(cell) = self.able.filter(|_| self.on) else {
            return Vec::new();
        };
        let size = |(at, url): (usize, &String)| match self.known.get(url) {
            _ if url.is_empty() => (0, 0),
            Some(known) if known.failed || known.size != (0, 0) => known.size,
            _ => most.map_or((0, 0), |most| {
                expected(written.get(at).copied().unwrap_or_default(), cell, most)
            }),
        };
        let mut sizes: Vec<(u16, u16)> = urls.iter().enumerate().map(size).collect();
        while sizes.last() == Some(&(0, 0)) {
            sizes.pop();
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Picture {
        Picture::new((10, 4), false, Vec::new(), |_, _, _| {})
    }

    fn able() -> Pictures {
        Pictures {
            on: true,
            able: Some((10, 20)),
            ..Pictures::default()
        }
    }

    #[test]
    fn a_picture_is_asked_for_once_and_again_for_another_width() {
        let mut pictures = able();
        assert_eq!(pictures.ask(["a", "", "a"].into_iter(), 72), ["a"]);
        pictures.ready("a".into(), 72, Some(picture()));
        assert!(pictures.ask(["a"].into_iter(), 72).is_empty());
        assert_eq!(pictures.ask(["a"].into_iter(), 60), ["a"]);
        // The answer to the older question comes late.
        pictures.ready("a".into(), 72, None);
        assert!(pictures.get("a").is_some());
    }

    #[test]
    fn sizes_stand_at_the_numbers_of_images() {
        let mut pictures = able();
        let urls: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert_eq!(pictures.ask(urls.iter().map(String::as_str), 72).len(), 3);
        pictures.ready("b".into(), 72, Some(picture()));
        pictures.ready("c".into(), 72, None);
        assert_eq!(pictures.sizes(&urls, &[], None), [(0, 0), (10, 4)]);
        pictures.on = false;
        assert!(pictures.sizes(&urls, &[], None).is_empty());
    }

    #[test]
    fn a_picture_fits_and_is_never_enlarged() {
        assert_eq!(fit((100, 50), (720, 400)), (100, 50));
        assert_eq!(fit((1440, 400), (720, 400)), (720, 200));
        assert_eq!(fit((400, 4000), (720, 400)), (40, 400));
        let (wide, high) = fit((9000, 9000), (9000, 9000));
        assert!(wide * high <= SHOWN + 2 * wide);
    }

    #[test]
    fn room_is_left_before_a_picture_comes_and_given_back_where_none_does() {
        let mut pictures = able();
        let urls: Vec<String> = ["a", "", "b"].map(String::from).into();
        let written = [(300, 200), (0, 0), (0, 0)];
        let most = Some((72, 20));
        let sizes = pictures.sizes(&urls, &written, most);
        assert_eq!(sizes, [(30, 10), (0, 0), (72, 20)]);
        assert!(pictures.sizes(&urls, &written, None).is_empty());
        pictures.ask(urls.iter().map(String::as_str), 72);
        pictures.ready("b".into(), 72, None);
        assert_eq!(pictures.sizes(&urls, &written, most), [(30, 10)]);
        // Numbers that no picture has are as good as none.
        let wild = pictures.sizes(&urls, &[(u32::MAX, 1)], most);
        assert_eq!(wild, [(72, 20)]);
    }

    #[test]
    fn those_that_were_not_seen_for_long_are_let_go_of() {
        let mut pictures = able();
        let urls: Vec<String> = (0..HELD + 4).map(|n| n.to_string()).collect();
        pictures.ask(urls.iter().map(String::as_str), 72);
        for url in &urls {
            pictures.ready(url.clone(), 72, Some(picture()));
        }
        assert!(pictures.get("0").is_none());
        assert_eq!(pictures.sizes(&urls, &[], None).first(), Some(&(10, 4)));
        assert_eq!(pictures.ask(["0"].into_iter(), 72), ["0"]);
        assert!(pictures.get("19").is_some());
    }
}
