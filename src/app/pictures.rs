//! Pictures of articles: fetched or found in the cache, decoded, made small, and encoded for the terminal.
//!
//! - Nothing of it runs on the screen's thread. A few are fetched or wait at once, and one is decoded at a time, always by the
//!   same thread: what an allocator keeps for each thread that ever decoded would be some times that.
//! - Bytes, pixels and what is kept on disk are bounded. A decoder that panics ends its picture only.
//! - They are fetched as pages are: through the gate, with the guard against private addresses, never while offline.

use super::ask::About;
use super::placed;
use crate::net::{Ask, Client, Gate, Lane};
use crate::tui::Event;
use crate::tui::picture::{Picture, fit};
use image::{DynamicImage, ImageReader, Limits, imageops::FilterType};
use ratatui::buffer::CellDiffOption;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;
use ratatui_image::FontSize;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::sliced::{SlicedImage, SlicedProtocol};
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Cursor;
use std::num::NonZeroU16;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use url::Url;

const ACCEPT: &str = "image/webp, image/png, image/jpeg, image/gif;q=0.8, image/*;q=0.5";
/// Bytes of a picture as fetched.
const BYTES: usize = 8 << 20;
/// Pixels of a picture as fetched: 50 MB decoded.
const PIXELS: u64 = 13_000_000;
/// Smaller ones are ornaments.
const LEAST: u32 = 24;
/// Pictures in the cache, and their bytes.
const CACHED: usize = 400;
const CACHED_BYTES: u64 = 64 << 20;
const AT_ONCE: usize = 4;

/// How the terminal shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub protocol: ProtocolType,
    /// By kitty's protocol, but without placeholders: see [`placed`].
    pub placed: bool,
    /// Pixels of a cell.
    pub cell: (u16, u16),
}

/// The best way for a terminal; `None`: it has too few colours even for half blocks.
pub fn way(about: &About, colours: u32, variable: impl Fn(&str) -> String) -> Option<Way> {
    let program = variable("TERM_PROGRAM");
    let iterm = [
        "iTerm",
        "WezTerm",
        "mintty",
        "vscode",
        "rio",
        "WarpTerminal",
    ]
    .iter()
    .any(|name| program.contains(name))
        || variable("LC_TERMINAL").contains("iTerm");
    // These say that they know kitty's protocol, and do not know its placeholders.
    let half_kitty = program.contains("WezTerm")
        || !variable("KONSOLE_VERSION").is_empty()
        || about.name.as_deref().is_some_and(is_old_kitty);
    let placed = about.kitty && half_kitty && !iterm && about.cell.is_some();
    let protocol = match () {
        () if about.kitty && !half_kitty => ProtocolType::Kitty,
        () if placed => ProtocolType::Kitty,
        () if iterm => ProtocolType::Iterm2,
        () if about.sixel => ProtocolType::Sixel,
        () if colours >= 256 => ProtocolType::Halfblocks,
        () => return None,
    };
    match (protocol, about.cell) {
        (_, Some(cell)) => Some(Way {
            protocol,
            placed,
            cell,
        }),
        (ProtocolType::Kitty, None) => Some(Way {
            protocol,
            placed: false,
            cell: (10, 20),
        }),
        // Without the size of a cell only what is made of letters comes out right.
        _ if colours >= 256 => Some(Way {
            protocol: ProtocolType::Halfblocks,
            placed: false,
            cell: (10, 20),
        }),
        _ => None,
    }
}

/// A kitty before 0.28 knows pictures, and not the letters that stand for parts of them.
fn is_old_kitty(name: &str) -> bool {
    let Some(version) = name.strip_prefix("kitty(") else {
        return false;
    };
    let mut numbers = version
        .split(['.', ')'])
        .map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < (0, 28)
}

/// Fetches and encodes pictures; cheap to clone.
#[derive(Clone)]
pub struct Pictures(Arc<Inner>);

struct Inner {
    client: Client,
    gate: Gate,
    runtime: Handle,
    directory: PathBuf,
    inbox: Sender<Event>,
    way: OnceLock<Way>,
    /// Pictures that are fetched or decoded at once.
    at_once: Semaphore,
    /// Work for the one thread that decodes; it begins with the first picture and ends with this.
    decoder: OnceLock<Option<Sender<Work>>>,
    /// Numbers of pictures in the terminal's memory.
    next: AtomicU32,
}

impl Pictures {
    /// `directory`: where they are cached; made when it is needed.
    pub fn new(
        client: Client,
        gate: Gate,
        runtime: Handle,
        directory: PathBuf,
        inbox: Sender<Event>,
    ) -> Pictures {
        Pictures(Arc::new(Inner {
            client,
            gate,
            runtime,
            directory,
            inbox,
            way: OnceLock::new(),
            at_once: Semaphore::new(AT_ONCE),
            decoder: OnceLock::new(),
            // Another instance in the same terminal has numbers of its own.
            next: AtomicU32::new(std::process::id() << 12 | 1),
        }))
    }

    /// How the terminal shows them: before the first is wanted.
    pub fn set_way(&self, way: Way) {
        // A second answer would change nothing: the terminal is the same.
        let _ = self.0.way.set(way);
    }

    /// Makes these pictures ready, each for so many columns and rows at most. Answers come as events, one each.
    pub fn want(&self, urls: Vec<String>, columns: u16, rows: u16) {
        for url in urls {
            let pictures = self.clone();
            self.0.runtime.spawn(async move {
                let picture = pictures.make(&url, columns, rows).await;
                // The screen has gone: nobody waits.
                let _ = pictures.0.inbox.send(Event::PictureReady {
                    url,
                    columns,
                    picture,
                });
            });
        }
    }

    async fn make(&self, url: &str, columns: u16, rows: u16) -> Option<Picture> {
        let way = *self.0.way.get()?;
        // Held until it is small: what was fetched and waits to be decoded is bounded too.
        let _place = self.0.at_once.acquire().await.ok()?;
        let bytes = self.bytes(url).await?;
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = tokio::sync::oneshot::channel();
        let work = Box::new(move || {
            // A decoder of foreign bytes may panic: that is a fact about the picture, and ends here.
            let picture = catch_unwind(AssertUnwindSafe(|| {
                encode(small(&bytes, way, columns, rows)?, way, id)
            }));
            // Whoever asked may be gone.
            let _ = answer.send(picture.ok().flatten());
        });
        self.0
            .decoder
            .get_or_init(decoder)
            .as_ref()?
            .send(work)
            .ok()?;
        answered.await.ok().flatten()
    }

    /// The picture as it was fetched.
    async fn bytes(&self, url: &str) -> Option<Vec<u8>> {
        let inner = &self.0;
        let file = inner.directory.join(name(url));
        let kept = {
            let file = file.clone();
            spawn_blocking(move || fs::read(file).ok())
                .await
                .ok()
                .flatten()
        };
        if kept.is_some() {
            return kept;
        }
        if inner.client.offline() {
            return None;
        }
        let url = Url::parse(url).ok()?;
        let _permit = inner
            .gate
            .enter(url.host_str().unwrap_or_default(), Lane::Behind)
            .await;
        let mut ask = Ask::new(url, ACCEPT, BYTES);
        ask.unasked = true;
        let answer = inner.client.get(ask).await.ok()?;
        if !(200..300).contains(&answer.status) || answer.cut {
            return None;
        }
        let body = answer.body;
        let copy = body.clone();
        let directory = inner.directory.clone();
        // A cache that cannot be written is none: the picture is shown all the same.
        let _ = spawn_blocking(move || keep(&directory, &file, &copy)).await;
        Some(body)
    }
}

type Work = Box<dyn FnOnce() + Send>;

/// Starts the thread that decodes; `None`: there can be none, and no picture.
fn decoder() -> Option<Sender<Work>> {
    let (sender, works) = std::sync::mpsc::channel::<Work>();
    let run = move || works.into_iter().for_each(|work| work());
    let thread = std::thread::Builder::new().name("pictures".into());
    thread.spawn(run).ok().map(|_| sender)
}

/// The name of a picture's file in the cache.
fn name(url: &str) -> String {
    let mut hasher = siphasher::sip128::SipHasher13::new();
    url.hash(&mut hasher);
    let low = hasher.finish();
    let mut hasher = siphasher::sip128::SipHasher13::new_with_keys(1, 2);
    url.hash(&mut hasher);
    format!("{low:016x}{:016x}", hasher.finish())
}

/// Writes a picture into the cache, and takes the oldest out where there are too many.
fn keep(directory: &PathBuf, file: &PathBuf, bytes: &[u8]) -> std::io::Result<()> {
    crate::config::paths::make_private_dir(directory)?;
    let mut kept: Vec<(std::time::SystemTime, u64, PathBuf)> = fs::read_dir(directory)?
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        })
        .collect();
    kept.sort();
    let mut size: u64 = kept.iter().map(|(_, size, _)| size).sum();
    let mut count = kept.len();
    for (_, length, path) in kept {
        if count < CACHED && size + bytes.len() as u64 <= CACHED_BYTES {
            break;
        }
        // Another thread may have taken it out.
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        size -= length;
        count -= 1;
    }
    let mut part = tempfile::NamedTempFile::new_in(directory)?;
    std::io::Write::write_all(&mut part, bytes)?;
    part.persist(file)?;
    Ok(())
}

/// Decodes, and makes it as small as it will be shown: whole cells, with what is left over transparent.
fn small(bytes: &[u8], way: Way, columns: u16, rows: u16) -> Option<(DynamicImage, Size)> {
    let reader = || {
        ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .ok()
    };
    let (width, height) = reader()?.into_dimensions().ok()?;
    if width < LEAST || height < LEAST || u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(96 << 20);
    reader.limits(limits);
    let image = reader.decode().ok()?;
    let (cell_width, cell_height) = (u32::from(way.cell.0), u32::from(way.cell.1));
    let most = (
        u32::from(columns) * cell_width,
        u32::from(rows) * cell_height,
    );
    let (wide, high) = fit((width, height), most);
    let image = if (wide, high) == (width, height) {
        image
    } else {
        // Averages first: a large photograph takes a tenth of the time.
        let image = if width > 3 * wide {
            image.thumbnail_exact(2 * wide, 2 * high)
        } else {
            image
        };
        image.resize_exact(wide, high, FilterType::Triangle)
    };
    let size = Size::new(
        wide.div_ceil(cell_width) as u16,
        high.div_ceil(cell_height) as u16,
    );
    Some((image, size))
}

fn encode((image, size): (DynamicImage, Size), way: Way, id: u32) -> Option<Picture> {
    if way.placed {
        return place(&image, size, way.cell.1, id);
    }
    let mut transmission = Vec::new();
    let protocol = if way.protocol == ProtocolType::Kitty {
        let whole = Kitty::new(image, size, id, false, true).ok()?;
        transmission = transmission_of(&SlicedProtocol::Kitty(whole));
        // What draws only says where: it needs the number and the size, and no second copy of the bytes.
        let dot = DynamicImage::new_rgba8(1, 1);
        let protocol = SlicedProtocol::Kitty(Kitty::new(dot, size, id, false, true).ok()?);
        transmission_of(&protocol);
        protocol
    } else {
        // The one constructor that takes a size of cells that was asked for elsewhere.
        #[allow(deprecated)]
        let mut picker = Picker::from_fontsize(FontSize::new(way.cell.0, way.cell.1));
        picker.set_protocol_type(way.protocol);
        SlicedProtocol::new(&picker, image, Some(size)).ok()?
    };
    let size = protocol.size();
    let covers = !matches!(way.protocol, ProtocolType::Kitty | ProtocolType::Halfblocks);
    let draw = move |area: Rect, from: u16, buf: &mut ratatui::buffer::Buffer| {
        SlicedImage::new(&protocol, (0, -(from as i16)).into()).render(area, buf);
    };
    Some(Picture::new(
        (size.width, size.height),
        covers,
        transmission,
        draw,
    ))
}

/// A picture that is placed on a cell; `cell`: pixels of a row.
fn place(image: &DynamicImage, size: Size, cell: u16, id: u32) -> Option<Picture> {
    let mut png = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
        .ok()?;
    let (wide, high) = (image.width(), image.height());
    let cell = u32::from(cell);
    let draw = move |area: Rect, from: u16, buf: &mut ratatui::buffer::Buffer| {
        let from = u32::from(from) * cell;
        let high = high.saturating_sub(from).min(u32::from(area.height) * cell);
        if let Some(corner) = buf.cell_mut((area.x, area.y)).filter(|_| high > 0) {
            corner
                .set_symbol(&placed::symbol(id, area.y + 1, from, wide, high))
                .set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
        }
    };
    let transmission = placed::transmission(&png, id);
    Some(Picture::new(
        (size.width, size.height),
        true,
        transmission,
        draw,
    ))
}

/// The bytes of a picture, which the library hands out with the first cell that it draws: something drawn over that cell
/// would lose them.
fn transmission_of(protocol: &SlicedProtocol) -> Vec<u8> {
    /// What stands for a picture in kitty's protocol, behind the bytes.
    const PLACEHOLDER: char = '\u{10eeee}';
    let area = Rect::new(0, 0, 1, 1);
    let mut buf = ratatui::buffer::Buffer::empty(area);
    SlicedImage::new(protocol, (0, 0).into()).render(area, &mut buf);
    let symbol = buf[(0, 0)].symbol();
    let end = symbol.find(PLACEHOLDER).unwrap_or(symbol.len());
    symbol.as_bytes()[..end].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .expect("a vector takes all");
        bytes
    }

    const WAY: Way = Way {
        protocol: ProtocolType::Halfblocks,
        placed: false,
        cell: (10, 20),
    };

    #[test]
    fn ornaments_giants_and_what_is_no_picture_are_not_shown() {
        assert!(small(&png(300, 200), WAY, 72, 20).is_some());
        assert!(small(&png(8, 200), WAY, 72, 20).is_none());
        assert!(small(b"<svg></svg>", WAY, 72, 20).is_none());
        let mut giant = png(30, 30);
        // Width and height in the header, and its checksum no longer right: refused either way, before anything is decoded.
        giant[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(small(&giant, WAY, 72, 20).is_none());
    }

    #[test]
    fn the_bytes_of_a_picture_are_taken_out_before_it_is_drawn() {
        let way = Way {
            protocol: ProtocolType::Kitty,
            placed: false,
            cell: (10, 20),
        };
        let small = small(&png(300, 200), way, 72, 20).expect("a picture");
        assert_eq!(small.1, Size::new(30, 10));
        let picture = encode(small, way, 7).expect("it can be encoded");
        assert!(picture.transmission.starts_with(b"\x1b_G"));
        assert!(picture.transmission.ends_with(b"\x1b\\"));
        let area = Rect::new(0, 0, 30, 4);
        let mut buf = ratatui::buffer::Buffer::empty(area);
        picture.draw(area, 6, &mut buf);
        assert!(
            buf.content
                .iter()
                .all(|cell| !cell.symbol().contains('\x1b'))
        );
        assert!(buf[(0, 3)].symbol().starts_with('\u{10eeee}'));
    }

    #[test]
    fn without_placeholders_a_corner_says_which_part_stands_there() {
        let way = Way {
            protocol: ProtocolType::Kitty,
            placed: true,
            cell: (10, 20),
        };
        let small = small(&png(300, 190), way, 72, 20).expect("a picture");
        let picture = encode(small, way, 7).expect("it can be encoded");
        assert!(picture.covers && picture.transmission.starts_with(b"\x1b_Ga=t,f=100,"));
        let area = Rect::new(2, 3, 30, 4);
        let mut buf = ratatui::buffer::Buffer::empty(Rect::new(0, 0, 40, 10));
        picture.draw(area, 6, &mut buf);
        assert_eq!(
            buf[(2, 3)].symbol(),
            "\x1b_Ga=p,i=7,p=4,x=0,y=120,w=300,h=70,C=1,q=2\x1b\\ "
        );
        let others = buf.content.iter().filter(|cell| cell.symbol() != " ");
        assert_eq!(others.count(), 1);
    }

    #[test]
    fn the_way_follows_what_the_terminal_says() {
        let none = |_: &str| String::new();
        let about = |kitty, sixel, cell| About {
            kitty,
            sixel,
            cell,
            ..About::default()
        };
        let protocol = |about: &About, colours| way(about, colours, none).map(|way| way.protocol);
        let cell = Some((9, 18));
        assert_eq!(
            protocol(&about(true, true, cell), 256),
            Some(ProtocolType::Kitty)
        );
        for (name, expected) in [
            ("kitty(0.26.5)", true),
            ("kitty(0.28.0)", false),
            ("kitty(1.0.0)", false),
            ("ghostty 1.1.0", false),
        ] {
            let about = About {
                name: Some(name.into()),
                ..about(true, false, cell)
            };
            let way = way(&about, 256, none).expect("a way");
            assert_eq!(way.protocol, ProtocolType::Kitty, "{name}");
            assert_eq!(way.placed, expected, "{name}");
        }
        assert_eq!(
            protocol(&about(false, true, cell), 256),
            Some(ProtocolType::Sixel)
        );
        assert_eq!(
            protocol(&about(false, true, None), 256),
            Some(ProtocolType::Halfblocks)
        );
        assert_eq!(
            protocol(&about(false, false, cell), 256),
            Some(ProtocolType::Halfblocks)
        );
        assert_eq!(protocol(&about(false, false, None), 16), None);
    }

    #[test]
    fn the_cache_lets_the_oldest_go() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().to_owned();
        for n in 0..3 {
            keep(
                &path,
                &path.join(name(&format!("https://e.example/{n}"))),
                b"x",
            )
            .expect("written");
        }
        assert_eq!(fs::read_dir(&path).expect("a directory").count(), 3);
        assert_ne!(name("a"), name("b"));
        assert_eq!(name("a").len(), 32);
    }
}
