//! Bytes to characters: BOM, then the HTTP header, then what the document says, then detection.
//!
//! What is said is believed unless the bytes prove it wrong: bytes that are UTF-8 with characters beyond ASCII are UTF-8
//! whatever they are called, since no text of another encoding looks like that by chance; and bytes that are called
//! UTF-8 and mostly are not, are detected.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Where a document may name its encoding (WHATWG HTML, 13.2.3.2).
const DECLARATION_WITHIN: usize = 1024;

/// How much the detector reads; more does not change its mind.
const DETECT_WITHIN: usize = 512 * 1024;

/// Text, and how it was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text; never holds a BOM at its beginning.
    pub text: String,
    /// The WHATWG name of the encoding, as `UTF-8` or `windows-1252`; `UTF-32LE` and `UTF-32BE`, which WHATWG does not know.
    pub encoding: &'static str,
    /// Whether characters had to be replaced.
    pub lossy: bool,
}

/// Decodes a document. `content_type` is the HTTP header's value, if any.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some(wide) = wide(bytes) {
        return match wide {
            Wide::Four { big_endian, skip } => utf_32(&bytes[skip..], big_endian),
            Wide::Two { encoding, skip } => with(encoding, &bytes[skip..]),
        };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && !(text.is_ascii() && bytes.contains(&0x1b))
    {
        return Decoded {
            text: encoded_once(text).unwrap_or_else(|| text.to_owned()),
            encoding: UTF_8.name(),
            lossy: false,
        };
    }
    let said = [content_type.and_then(of_header), of_document(bytes)];
    for encoding in said.into_iter().flatten().filter(|e| *e != UTF_8) {
        let decoded = with(encoding, bytes);
        if !decoded.lossy {
            return decoded;
        }
    }
    // Called UTF-8, or nothing, or something that it is not. A few broken characters in long UTF-8 (cut in the middle,
    // a stray byte of a quotation) are no reason to leave UTF-8.
    let utf_8 = with(UTF_8, bytes);
    if mostly_utf_8(&utf_8.text) {
        return utf_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(
        &bytes[..bytes.len().min(DETECT_WITHIN)],
        bytes.len() <= DETECT_WITHIN,
    );
    let guessed = with(detector.guess(None, Utf8Detection::Allow), bytes);
    match said.into_iter().flatten().find(|e| *e != UTF_8) {
        // Said and guessed both leave holes: what was said wins.
        Some(encoding) if guessed.lossy => with(encoding, bytes),
        _ => guessed,
    }
}

/// Text that somebody took for windows-1252 when it was UTF-8, and wrote as UTF-8 once more: "donâ€™t". Only where all of
/// it, and twice at least, comes back as UTF-8: a text that was meant as it stands does not look like that by chance.
fn encoded_once(text: &str) -> Option<String> {
    // The first of several bytes of UTF-8, read as a letter.
    let leads = |c: &char| ('\u{c2}'..='\u{f4}').contains(c);
    let first = text.chars().find(|c| !c.is_ascii())?;
    if !leads(&first) || text.chars().filter(leads).nth(1).is_none() {
        return None;
    }
    let (bytes, _, holes) = WINDOWS_1252.encode(text);
    let bytes = (!holes).then_some(bytes)?;
    String::from_utf8(bytes.into_owned()).ok()
}

/// Whether lossy UTF-8 holds more real characters beyond ASCII than holes.
fn mostly_utf_8(text: &str) -> bool {
    let holes = text.chars().filter(|c| *c == '\u{fffd}').count();
    let real = text
        .chars()
        .filter(|c| !c.is_ascii() && *c != '\u{fffd}')
        .count();
    real >= holes * 4 && real > 0
}

enum Wide {
    Two {
        encoding: &'static Encoding,
        skip: usize,
    },
    Four {
        big_endian: bool,
        skip: usize,
    },
}

/// Encodings of two and four bytes a character: by BOM, or by the zeros around a leading `<`.
fn wide(bytes: &[u8]) -> Option<Wide> {
    let four = |big_endian, skip| Some(Wide::Four { big_endian, skip });
    let two = |encoding, skip| Some(Wide::Two { encoding, skip });
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => four(false, 4),
        [0, 0, 0xfe, 0xff, ..] => four(true, 4),
        [0xff, 0xfe, ..] => two(UTF_16LE, 2),
        [0xfe, 0xff, ..] => two(UTF_16BE, 2),
        [b'<', 0, 0, 0, ..] => four(false, 0),
        [0, 0, 0, b'<', ..] => four(true, 0),
        [b'<', 0, _, 0, ..] => two(UTF_16LE, 0),
        [0, b'<', 0, _, ..] => two(UTF_16BE, 0),
        _ => None,
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        lossy,
    }
}

fn utf_32(bytes: &[u8], big_endian: bool) -> Decoded {
    let mut lossy = !bytes.len().is_multiple_of(4);
    let text = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| {
            let code = if big_endian {
                u32::from_be_bytes(*four)
            } else {
                u32::from_le_bytes(*four)
            };
            char::from_u32(code).unwrap_or_else(|| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Decoded {
        text,
        encoding: if big_endian { "UTF-32BE" } else { "UTF-32LE" },
        lossy,
    }
}

/// The encoding that an HTTP header names.
fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    label_after(lower.as_bytes(), b"charset").and_then(Encoding::for_label)
}

/// The encoding that an XML declaration or a `meta` names. One that needs two bytes a character can't be true here:
/// its own declaration would not have been legible.
fn of_document(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_WITHIN)].to_ascii_lowercase();
    let start = head.trim_ascii_start();
    let named = if start.starts_with(b"<?xml") {
        let end = find(start, b"?>").unwrap_or(start.len());
        label_after(&start[..end], b"encoding")
    } else {
        None
    };
    let label = named.map(<[u8]>::to_vec).or_else(|| of_meta(&head))?;
    let encoding = Encoding::for_label(&label)?;
    if encoding == UTF_16BE || encoding == UTF_16LE {
        return Some(UTF_8);
    }
    if encoding.name() == "x-user-defined" {
        return Some(WINDOWS_1252);
    }
    Some(encoding)
}

fn of_meta(head: &[u8]) -> Option<Vec<u8>> {
    let mut rest = head;
    loop {
        let at = rest.iter().position(|b| *b == b'<')?;
        rest = &rest[at..];
        if rest.starts_with(b"<!--") {
            rest = &rest[4 + find(&rest[4..], b"-->")?..];
        } else if rest.starts_with(b"<meta") {
            let end = rest.iter().position(|b| *b == b'>').unwrap_or(rest.len());
            if let Some(label) = label_after(&rest[..end], b"charset") {
                return Some(label.to_vec());
            }
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
}

/// What stands after `name` and an equals sign, without its quotes. Both are lower case.
fn label_after<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        rest = &rest[find(rest, name)? + name.len()..];
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else {
            continue;
        };
        let value = value.trim_ascii_start();
        let value = value
            .strip_prefix(b"\"")
            .or_else(|| value.strip_prefix(b"'"))
            .unwrap_or(value);
        let end = value
            .iter()
            .position(|b| matches!(b, b'"' | b'\'' | b';' | b'>' | b',') || b.is_ascii_whitespace())
            .unwrap_or(value.len());
        return Some(&value[..end]);
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(bytes: &[u8], header: Option<&str>, text: &str, encoding: &str) {
        let decoded = decode(bytes, header);
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
    }

    #[test]
    fn a_bom_wins_over_everything_and_is_not_part_of_the_text() {
        let header = Some("text/html; charset=windows-1251");
        check(b"\xef\xbb\xbfd\xc3\xa9", header, "dé", "UTF-8");
        check(b"\xff\xfed\0\xe9\0", header, "dé", "UTF-16LE");
        check(b"\xfe\xff\0d\0\xe9", header, "dé", "UTF-16BE");
        check(b"\xff\xfe\0\0d\0\0\0\xe9\0\0\0", header, "dé", "UTF-32LE");
        check(b"\0\0\xfe\xff\0\0\0d\0\0\0\xe9", header, "dé", "UTF-32BE");
    }

    #[test]
    fn text_that_was_encoded_twice_is_read_as_it_was_meant() {
        check(
            "Itâ€™s a cafÃ©\u{a0}".trim_end().as_bytes(),
            None,
            "It’s a café",
            "UTF-8",
        );
        check(
            "Â© me, Ã\u{a0} toi".as_bytes(),
            None,
            "© me, à toi",
            "UTF-8",
        );
        for meant in [
            "Ã© once",
            "Ângelo e Ãngela",
            "Itâ€™s “both”, itâ€™s",
            "Ä Ö Ü",
            "日本 â€™ â€™",
        ] {
            check(meant.as_bytes(), None, meant, "UTF-8");
        }
    }

    #[test]
    fn wide_encodings_are_seen_without_a_bom() {
        check(b"<\0a\0>\0", None, "<a>", "UTF-16LE");
        check(b"\0<\0a\0>", None, "<a>", "UTF-16BE");
        check(b"<\0\0\0a\0\0\0", None, "<a", "UTF-32LE");
        check(b"\0\0\0<\0\0\0a", None, "<a", "UTF-32BE");
    }

    #[test]
    fn the_header_wins_over_the_document() {
        let page = b"<meta charset=windows-1252><p>\xcf\xf0\xe8\xe2\xe5\xf2";
        check(
            page,
            Some("text/html; Charset=\"windows-1251\""),
            "<meta charset=windows-1252><p>Привет",
            "windows-1251",
        );
    }

    #[test]
    fn the_document_is_believed_where_there_is_no_header() {
        check(
            b"<?xml version='1.0' encoding = 'KOI8-R'?><a>\xf0\xd2\xc9\xd7\xc5\xd4</a>",
            Some("text/xml"),
            "<?xml version='1.0' encoding = 'KOI8-R'?><a>Привет</a>",
            "KOI8-R",
        );
        check(
            b"<!-- <meta charset=koi8-r> --><META http-equiv=x content='text/html; charset=iso-8859-2'>\xb9",
            None,
            "<!-- <meta charset=koi8-r> --><META http-equiv=x content='text/html; charset=iso-8859-2'>š",
            "ISO-8859-2",
        );
    }

    #[test]
    fn what_is_utf_8_is_utf_8_whatever_it_is_called() {
        check(
            "naïve €".as_bytes(),
            Some("text/html; charset=iso-8859-1"),
            "naïve €",
            "UTF-8",
        );
        check(
            b"<meta charset=utf-16>abc",
            None,
            "<meta charset=utf-16>abc",
            "UTF-8",
        );
    }

    #[test]
    fn a_broken_character_does_not_leave_utf_8() {
        let decoded = decode(b"d\xc3\xa9j\xc3\xa0 vu, \xc3\xa9t\xc3\xa9 \xc3", None);
        assert_eq!(decoded.text, "déjà vu, été \u{fffd}");
        assert!(decoded.lossy);
    }

    #[test]
    fn what_is_called_utf_8_and_is_not_is_detected() {
        let text = "Съешь же ещё этих мягких французских булок, да выпей чаю.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        check(
            &bytes,
            Some("text/html; charset=utf-8"),
            text,
            "windows-1251",
        );
        let text = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。";
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(text);
        check(&bytes, None, text, "Shift_JIS");
        let (bytes, _, _) = encoding_rs::ISO_2022_JP.encode(text);
        check(&bytes, None, text, "ISO-2022-JP");
    }

    proptest! {
        #[test]
        fn any_bytes_become_text(bytes in prop::collection::vec(any::<u8>(), 0..300), header in "[ -~]{0,40}") {
            let _ = decode(&bytes, Some(&header));
        }

        #[test]
        fn utf_8_comes_back_as_it_was(text in "[^\u{feff}\u{0}\u{1b}]{0,80}") {
            let decoded = decode(text.as_bytes(), None);
            prop_assert_eq!(decoded.text, text);
            prop_assert!(!decoded.lossy);
        }
    }
}
