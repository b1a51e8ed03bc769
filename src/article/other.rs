//! What is no HTML: plain text, Markdown, PDF, pictures, sound, archives, feeds.
//!
//! Text is shown as it is, with its paragraphs and its tables of spaces. What holds no text is named: the name of the
//! file, what it is, how large; nobody sees bytes taken for letters.

use super::Card;
use crate::text::escape;
use crate::text::{self, SafeText, markdown};
use percent_encoding::percent_decode_str;
use std::fmt::Write;
use url::Url;

/// What a page came as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Markdown,
    Text,
    /// Not to be read here; in words.
    File(&'static str),
}

/// What begins with these bytes, whatever the server calls it.
#[rustfmt::skip]
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"\x1f\x8b", "compressed file"),
    (b"7z\xbc\xaf", "archive"),
    (b"ID3", "sound"),
    (b"OggS", "sound or film"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"\x7fELF", "program"),
    (b"\xd0\xcf\x11\xe0", "office document"),
];

/// Media types by their beginning. The first row that matches counts.
#[rustfmt::skip]
const TYPES: &[(&str, Form)] = &[
    ("text/html", Form::Html),
    ("application/xhtml", Form::Html),
    ("text/markdown", Form::Markdown),
    ("text/x-markdown", Form::Markdown),
    ("application/pdf", Form::File("PDF")),
    ("application/x-pdf", Form::File("PDF")),
    ("application/postscript", Form::File("PostScript")),
    ("application/epub", Form::File("e-book")),
    ("application/zip", Form::File("ZIP archive")),
    ("application/gzip", Form::File("compressed file")),
    ("application/x-", Form::File("file")),
    ("application/octet-stream", Form::File("file")),
    ("application/msword", Form::File("office document")),
    ("application/vnd.", Form::File("office document")),
    ("application/rss+xml", Form::File("feed")),
    ("application/atom+xml", Form::File("feed")),
    ("application/feed+json", Form::File("feed")),
    ("image/svg", Form::File("picture")),
    ("image/", Form::File("picture")),
    ("audio/", Form::File("sound")),
    ("video/", Form::File("film")),
    ("font/", Form::File("font")),
    // Programs and data that people read as text.
    ("application/json", Form::Text),
    ("application/javascript", Form::Text),
    ("text/", Form::Text),
];

/// Endings of file names, for servers that call everything text or bytes.
#[rustfmt::skip]
const ENDINGS: &[(&[&str], Form)] = &[
    (&["md", "markdown", "mdown", "mkd"], Form::Markdown),
    (&["txt", "text", "log", "rst", "adoc", "org", "csv", "tsv", "diff", "patch"], Form::Text),
    (&["pdf"], Form::File("PDF")),
    (&["epub"], Form::File("e-book")),
];

/// What the bytes are, by their own beginning, the header, and the name.
pub(super) fn form(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Form {
    let start = bytes.trim_ascii_start();
    if let Some((_, what)) = SIGNATURES.iter().find(|(sign, _)| start.starts_with(sign)) {
        return Form::File(what);
    }
    // Pages are mislabelled more often than anybody writes of a page in plain text.
    if looks_like_html(start) {
        return Form::Html;
    }
    let media_type = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let by_type = TYPES
        .iter()
        .find(|(beginning, _)| media_type.starts_with(beginning))
        .map(|(_, form)| *form);
    let by_name = ending(url).and_then(|ending| {
        ENDINGS
            .iter()
            .find(|(endings, _)| endings.contains(&ending.as_str()))
            .map(|(_, form)| *form)
    });
    let form = match (by_type, by_name) {
        // A name says more than "text" or "bytes"; `.md` on a page of HTML is a page about a file.
        (Some(Form::Text | Form::File("file")) | None, Some(form)) => form,
        (Some(form), _) => form,
        (None, None) => Form::Html,
    };
    match form {
        // What is to be text and holds a null is something else (UTF-16 says so at its beginning, or in the header).
        Form::Text | Form::Markdown if is_binary(bytes, content_type) => Form::File("file"),
        Form::Html if media_type.is_empty() && is_binary(bytes, content_type) => Form::File("file"),
        form => form,
    }
}

fn looks_like_html(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let head = &start[..start.len().min(512)];
    let head = String::from_utf8_lossy(head)
        .trim_start()
        .to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| head.starts_with(mark))
}

fn is_binary(bytes: &[u8], content_type: Option<&str>) -> bool {
    let wide = bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || content_type.is_some_and(|header| header.to_ascii_lowercase().contains("utf-16"));
    !wide && bytes.iter().take(4096).any(|byte| *byte == 0)
}

fn ending(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let (stem, ending) = last.rsplit_once('.')?;
    (!stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

/// HTML of what is no HTML (not sanitised), and its card.
pub(super) fn read(
    form: Form,
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
) -> (String, Card) {
    let mut card = Card {
        site: url
            .host_str()
            .map(|host| SafeText::line(host.strip_prefix("www.").unwrap_or(host))),
        ..Card::default()
    };
    let html = match form {
        Form::Markdown => {
            let written = text::decode(bytes, content_type).text;
            let written = without_front_matter(&written);
            card.title = heading(written);
            markdown::to_html(written)
        }
        Form::Text => of_text(&text::decode(bytes, content_type).text),
        Form::File(what) => {
            card.title = Some(SafeText::short(&name(url), 300));
            let size = size(bytes.len());
            card.description = Some(SafeText::line(&format!("{what}, {size}")));
            let address = escape(url.as_str());
            if what == "feed" {
                format!(
                    "<p>This is a feed; <code>bron feed add</code> subscribes to it.</p><p><a href=\"{address}\">{address}</a></p>"
                )
            } else {
                let called = escape(&name(url));
                format!(
                    "<p>{called} is a {what} ({size}). It is not shown here; the browser opens it.</p><p><a href=\"{address}\">{address}</a></p>"
                )
            }
        }
        Form::Html => text::decode(bytes, content_type).text,
    };
    if card.title.is_none() {
        card.title = Some(SafeText::short(&name(url), 300));
    }
    (html, card)
}

/// The name of the file, else the host.
fn name(url: &Url) -> String {
    url.path_segments()
        .and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()))
        .map_or_else(
            || url.host_str().unwrap_or_default().to_owned(),
            |last| percent_decode_str(last).decode_utf8_lossy().into_owned(),
        )
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Settings that some programs keep at the top of their Markdown.
fn without_front_matter(written: &str) -> &str {
    let Some(rest) = written.strip_prefix("---\n") else {
        return written;
    };
    rest.split_once("\n---\n").map_or(written, |(_, text)| text)
}

/// The first heading.
fn heading(written: &str) -> Option<SafeText> {
    let mut before = "";
    for line in written.lines().take(200) {
        let underlined = !before.is_empty()
            && line.len() >= 3
            && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'));
        let title = if underlined {
            before
        } else {
            line.strip_prefix("# ")
                .unwrap_or_default()
                .trim_end_matches(['#', ' '])
        };
        // Badges and pictures are no title.
        let words = text::plain(&markdown::to_html(title));
        if !words.trim().is_empty() {
            return Some(SafeText::short(words.trim(), 300));
        }
        before = line.trim();
    }
    None
}

/// Plain text: what people wrote as paragraphs flows, what they set with spaces stays as it is.
fn of_text(written: &str) -> String {
    let mut html = String::with_capacity(written.len() + written.len() / 8);
    let clean = written.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let mut set: Vec<&str> = Vec::new();
    for block in clean.split("\n\n") {
        let block = block.trim_matches('\n');
        if block.trim().is_empty() {
            continue;
        }
        if is_set(block) {
            set.push(block);
            continue;
        }
        flush(&mut set, &mut html);
        let line = block.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(html, "<p>{}</p>", escape(&line));
    }
    flush(&mut set, &mut html);
    html
}

/// What was set stays in one piece, so that a table with empty lines is one table.
fn flush(set: &mut Vec<&str>, html: &mut String) {
    if !set.is_empty() {
        let _ = write!(html, "<pre>{}</pre>", escape(&set.join("\n\n")));
        set.clear();
    }
}

/// Whether the places of the letters mean something: lists, tables, quotations, code, drawings, short lines.
fn is_set(block: &str) -> bool {
    let lines: Vec<&str> = block.lines().collect();
    let marked = |line: &str| {
        line.starts_with([' ', '\t', '>', '|', '+', '*', '-', '#', '=', '{', '}', '<'])
            || line.trim_end().contains("   ")
            || line.contains('\t')
            || line.chars().any(|c| ('\u{2500}'..='\u{259f}').contains(&c))
    };
    let short = lines.len() > 1
        && lines[..lines.len() - 1]
            .iter()
            .all(|line| line.chars().count() < 45);
    short || lines.iter().any(|line| marked(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse(&format!("https://example.org/{path}")).expect("an address")
    }

    #[track_caller]
    fn check_form(bytes: &[u8], content_type: &str, path: &str, expected: Form) {
        let content_type = Some(content_type).filter(|text| !text.is_empty());
        assert_eq!(form(bytes, content_type, &url(path)), expected, "{path}");
    }

    #[test]
    fn bytes_header_and_name_say_what_it_is() {
        check_form(b"<p>a", "text/html; charset=utf-8", "a", Form::Html);
        check_form(b"<p>a", "", "a", Form::Html);
        check_form(b"# a", "text/plain", "README.md", Form::Markdown);
        check_form(b"# a", "text/html", "README.md", Form::Html);
        check_form(b"a b", "text/plain", "a", Form::Text);
        check_form(b"a b", "", "notes.txt", Form::Text);
        check_form(b"%PDF-1.4 x", "text/html", "a", Form::File("PDF"));
        check_form(b"x", "application/pdf", "a", Form::File("PDF"));
        check_form(b"x", "application/octet-stream", "a.pdf", Form::File("PDF"));
        check_form(b"a\0b", "text/plain", "a", Form::File("file"));
        check_form(b"a\0b", "", "a", Form::File("file"));
        check_form(b"\xff\xfea\0", "text/plain", "a", Form::Text);
        check_form(b"x", "image/png", "a", Form::File("picture"));
        check_form(b"", "", "a", Form::Html);
    }

    #[test]
    fn a_mislabelled_page_is_a_page() {
        check_form(b"\n <!DOCTYPE html><p>a", "text/plain", "a", Form::Html);
        check_form(b"<HTML>", "application/octet-stream", "a.txt", Form::Html);
    }

    #[track_caller]
    fn check_text(written: &str, html: &str) {
        assert_eq!(of_text(written), html);
    }

    #[test]
    fn paragraphs_flow_and_what_was_set_stays() {
        check_text(
            "A paragraph that somebody wrapped by hand, long ago, at\r\nsome column that is not ours <x>.\n\n\nEnd.",
            "<p>A paragraph that somebody wrapped by hand, long ago, at some column that is not ours &lt;x&gt;.</p><p>End.</p>",
        );
        check_text(
            "  1  one\n\n  2  two\n\nEnd of the table, and of the text as well.",
            "<pre>  1  one\n\n  2  two</pre><p>End of the table, and of the text as well.</p>",
        );
        check_text(
            "Roses are red\nViolets are blue",
            "<pre>Roses are red\nViolets are blue</pre>",
        );
        check_text("", "");
    }

    #[test]
    fn markdown_is_read_with_its_title() {
        let (html, card) = read(
            Form::Markdown,
            b"---\nlayout: x\n---\n\n# A *tool*\n\nText with a [link](b.html).\n",
            None,
            &url("README.md"),
        );
        assert_eq!(card.title.as_deref(), Some("A tool"));
        assert!(html.contains("<a href=\"b.html\">link</a>"), "{html}");
    }

    #[test]
    fn what_is_not_text_is_named() {
        let (html, card) = read(
            Form::File("PDF"),
            &vec![0; 1_234_567],
            None,
            &url("files/annual%20report.pdf?a=1&b=2"),
        );
        assert_eq!(card.title.as_deref(), Some("annual report.pdf"));
        assert_eq!(card.description.as_deref(), Some("PDF, 1.2 MB"));
        assert!(
            html.contains("href=\"https://example.org/files/annual%20report.pdf?a=1&amp;b=2\"")
        );
    }
}
