//! Content codings, counted: what comes over the wire and what it becomes.
//!
//! Done here and not by the HTTP library because only so both sides of the ratio are known:
//! a megabyte that came out of five kilobytes is no feed.

use super::client::NetError;
use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Write};

/// What we can read; sent as `Accept-Encoding`.
pub const ACCEPT: &str = "gzip, br, deflate";
/// From here on the ratio counts.
const RATIO_FROM: usize = 1 << 20;
/// More than this many bytes out of one: a bomb.
const RATIO: usize = 200;

/// Takes a body chunk by chunk.
pub struct Body {
    coding: Coding,
    /// As the header says; the first bytes decide whether it is believed.
    named: String,
    wire: u64,
    limit: usize,
    cut: bool,
}

enum Coding {
    /// Nothing came yet.
    Unknown,
    Plain(Sink),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Zlib(Box<ZlibDecoder<Sink>>),
    Deflate(Box<DeflateDecoder<Sink>>),
    Brotli(Box<DecompressorWriter<Sink>>),
}

/// Where decoded bytes go.
struct Sink {
    bytes: Vec<u8>,
    limit: usize,
    wire: usize,
    full: Option<Full>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Full {
    Limit,
    Ratio,
}

/// Whether more is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    Yes,
    /// Cut at the limit.
    Cut,
}

impl Body {
    /// `named`: the Content-Encoding header. `cut`: an answer over the limit is cut instead of refused.
    pub fn new(named: Option<&str>, limit: usize, cut: bool) -> Body {
        let named = named.unwrap_or_default().trim().to_ascii_lowercase();
        Body {
            coding: Coding::Unknown,
            named,
            wire: 0,
            limit,
            cut,
        }
    }

    /// Takes the next bytes of the wire.
    pub fn take(&mut self, chunk: &[u8]) -> Result<More, NetError> {
        if chunk.is_empty() {
            return Ok(More::Yes);
        }
        if matches!(self.coding, Coding::Unknown) {
            self.coding = self.choose(chunk)?;
        }
        self.wire += chunk.len() as u64;
        let wire = usize::try_from(self.wire).unwrap_or(usize::MAX);
        if let Some(sink) = self.coding.sink() {
            sink.wire = wire;
        }
        let written = self.coding.write_all(chunk);
        match (self.coding.sink().and_then(|sink| sink.full), written) {
            (Some(Full::Limit), _) if self.cut => Ok(More::Cut),
            (Some(Full::Limit), _) => Err(NetError::too_large(self.limit)),
            (Some(Full::Ratio), _) => Err(NetError::Bomb),
            (None, Ok(())) => Ok(More::Yes),
            (None, Err(error)) => Err(garbled(&error)),
        }
    }

    /// The decoded bytes, how many came over the wire, and whether the limit cut them.
    pub fn finish(mut self, more: More) -> Result<(Vec<u8>, u64, bool), NetError> {
        let finished = match (&mut self.coding, more) {
            (_, More::Cut) | (Coding::Unknown | Coding::Plain(_), _) => Ok(()),
            (Coding::Gzip(decoder), _) => decoder.try_finish(),
            (Coding::Zlib(decoder), _) => decoder.try_finish(),
            (Coding::Deflate(decoder), _) => decoder.try_finish(),
            (Coding::Brotli(decoder), _) => decoder.close(),
        };
        let Some(sink) = self.coding.sink() else {
            return Ok((Vec::new(), 0, false));
        };
        // The decoders keep some output back, so the last of it meets the limit only here.
        match sink.full {
            Some(Full::Limit) if !self.cut => return Err(NetError::too_large(self.limit)),
            Some(Full::Ratio) => return Err(NetError::Bomb),
            Some(Full::Limit) => {}
            None => finished.map_err(|error| garbled(&error))?,
        }
        Ok((
            std::mem::take(&mut sink.bytes),
            self.wire,
            sink.full.is_some(),
        ))
    }

    /// Servers name codings that they did not apply (a file already packed, a header left over), and one that
    /// is none (`utf-8`): where the first bytes are no gzip, the body is what it is.
    fn choose(&self, first: &[u8]) -> Result<Coding, NetError> {
        let sink = Sink {
            bytes: Vec::new(),
            limit: self.limit,
            wire: 0,
            full: None,
        };
        Ok(match self.named.as_str() {
            "gzip" | "x-gzip" if first.starts_with(&[0x1f]) => {
                Coding::Gzip(Box::new(MultiGzDecoder::new(sink)))
            }
            // "deflate" is zlib by the RFC and bare in some servers; zlib's first two bytes are a multiple of 31.
            "deflate" => match first {
                [0x78] => Coding::Zlib(Box::new(ZlibDecoder::new(sink))),
                [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0 => {
                    Coding::Zlib(Box::new(ZlibDecoder::new(sink)))
                }
                _ => Coding::Deflate(Box::new(DeflateDecoder::new(sink))),
            },
            "br" => Coding::Brotli(Box::new(DecompressorWriter::new(sink, 16 << 10))),
            "zstd" | "compress" | "x-compress" | "dcb" | "dcz" => {
                return Err(NetError::Garbled(format!(
                    "it is packed as {}, which was not asked for",
                    self.named
                )));
            }
            other if other.contains(',') => {
                return Err(NetError::Garbled("it is packed more than once".into()));
            }
            _ => Coding::Plain(sink),
        })
    }
}

impl Coding {
    fn sink(&mut self) -> Option<&mut Sink> {
        match self {
            Coding::Unknown => None,
            Coding::Plain(sink) => Some(sink),
            Coding::Gzip(decoder) => Some(decoder.get_mut()),
            Coding::Zlib(decoder) => Some(decoder.get_mut()),
            Coding::Deflate(decoder) => Some(decoder.get_mut()),
            Coding::Brotli(decoder) => Some(decoder.get_mut()),
        }
    }

    fn write_all(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Coding::Unknown => Ok(()),
            Coding::Plain(sink) => sink.write_all(chunk),
            Coding::Gzip(decoder) => decoder.write_all(chunk),
            Coding::Zlib(decoder) => decoder.write_all(chunk),
            Coding::Deflate(decoder) => decoder.write_all(chunk),
            Coding::Brotli(decoder) => decoder.write_all(chunk),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.limit.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        if room < bytes.len() {
            self.full = Some(Full::Limit);
        } else if self.bytes.len() > RATIO_FROM && self.bytes.len() / RATIO > self.wire {
            self.full = Some(Full::Ratio);
        }
        match self.full {
            None => Ok(bytes.len()),
            Some(_) => Err(io::Error::other("full")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn garbled(error: &io::Error) -> NetError {
    NetError::Garbled(match error.kind() {
        io::ErrorKind::UnexpectedEof => "its packing breaks off".into(),
        _ => "its packing is damaged".into(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a panic is how a test fails
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(
        named: Option<&str>,
        limit: usize,
        cut: bool,
        wire: &[u8],
        piece: usize,
    ) -> Result<(Vec<u8>, u64, bool), NetError> {
        let mut body = Body::new(named, limit, cut);
        let mut more = More::Yes;
        for chunk in wire.chunks(piece) {
            more = body.take(chunk)?;
            if more == More::Cut {
                break;
            }
        }
        body.finish(more)
    }

    #[track_caller]
    fn check(named: &str, wire: &[u8], expected: Result<&[u8], &NetError>) {
        for piece in [1, 7, 4096] {
            let actual = read(Some(named), 1000, false, wire, piece).map(|(bytes, ..)| bytes);
            assert_eq!(
                actual.as_deref().map_err(std::string::ToString::to_string),
                expected.map_err(ToString::to_string),
                "{named}, pieces of {piece}"
            );
        }
    }

    #[test]
    fn codings_are_undone() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"words").unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"words").unwrap();
        check("", b"words", Ok(b"words"));
        check("gzip", &gzip(b"words"), Ok(b"words"));
        check("X-Gzip", &gzip(b"words"), Ok(b"words"));
        check("deflate", &bare.finish().unwrap(), Ok(b"words"));
        check("deflate", &zlib.finish().unwrap(), Ok(b"words"));
        check(
            "br",
            &[0x0b, 0x02, 0x80, b'w', b'o', b'r', b'd', b's', 0x03],
            Ok(b"words"),
        );
    }

    #[test]
    fn a_coding_that_was_not_applied_does_no_harm() {
        check("gzip", b"<rss/>", Ok(b"<rss/>"));
        check("utf-8", b"<rss/>", Ok(b"<rss/>"));
        check("identity", b"<rss/>", Ok(b"<rss/>"));
    }

    #[test]
    fn damaged_packing_is_named() {
        let whole = gzip(b"some words that are packed");
        check(
            "gzip",
            &whole[..whole.len() - 9],
            Err(&NetError::Garbled("its packing breaks off".into())),
        );
        let mut damaged = whole.clone();
        damaged[3] = 0xff;
        damaged[12] ^= 0xff;
        assert!(matches!(
            read(Some("gzip"), 1000, false, &damaged, 4096),
            Err(NetError::Garbled(_))
        ));
        check(
            "zstd",
            b"(\xb5/\xfd",
            Err(&NetError::Garbled(
                "it is packed as zstd, which was not asked for".into(),
            )),
        );
        check(
            "gzip, gzip",
            &whole,
            Err(&NetError::Garbled("it is packed more than once".into())),
        );
    }

    #[test]
    fn the_limit_counts_decoded_bytes() {
        let wire = gzip(&[b'a'; 2000]);
        assert_eq!(
            read(Some("gzip"), 1000, false, &wire, 64),
            Err(NetError::too_large(1000))
        );
        for piece in [1, 64] {
            let (bytes, _, cut) = read(Some("gzip"), 1000, true, &wire, piece).unwrap();
            assert_eq!((bytes.len(), cut), (1000, true));
        }
        let (bytes, _, cut) = read(None, 1000, true, &[b'a'; 1000], 64).unwrap();
        assert_eq!((bytes.len(), cut), (1000, false));
    }

    #[test]
    fn a_bomb_is_left_soon_after_its_first_megabyte() {
        let wire = gzip(&vec![0; 32 << 20]);
        assert_eq!(
            read(Some("gzip"), 64 << 20, false, &wire, 512),
            Err(NetError::Bomb)
        );
        let words = "feed ".repeat(100_000);
        assert!(read(Some("gzip"), 64 << 20, false, &gzip(words.as_bytes()), 4096).is_ok());
    }
}
