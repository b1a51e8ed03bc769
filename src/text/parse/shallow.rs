//! What is done to HTML before it is parsed.

use super::super::safe;
use std::borrow::Cow;

/// Elements that do not nest by themselves: void ones, those that the next of their kind closes, and anchors (which
/// must all stay, since they are counted).
const NOT_COUNTED: &[&str] = &[
    "a", "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
    "meta", "option", "p", "param", "rb", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
];

/// HTML whose elements nest no deeper than `depth`: tags of deeper ones are left out, what stands in them stays.
pub(super) fn shallow(html: &str, depth: usize) -> Cow<'_, str> {
    let mut deepest = 0;
    each_tag(html, |_, level, _| deepest = deepest.max(level));
    if deepest <= depth {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    each_tag(html, |range, level, _| {
        if level > depth {
            out.push_str(&html[copied..range.start]);
            copied = range.end;
        }
    });
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

/// A place near the end of the first `length` bytes where an article can be cut: just before a block of its topmost level.
pub(in super::super) fn beginning(html: &str, length: usize) -> Option<&str> {
    if html.len() <= length {
        return None;
    }
    let mut best: Option<(usize, usize)> = None;
    each_tag(html, |range, level, opens_block| {
        if opens_block
            && range.start > length / 2
            && range.start <= length
            && best.is_none_or(|(_, depth)| level <= depth)
        {
            best = Some((range.start, level));
        }
    });
    best.map(|(at, _)| &html[..at])
}

/// Calls `each` with the counted tags, the level of their element, and whether a block element begins.
fn each_tag(html: &str, mut each: impl FnMut(std::ops::Range<usize>, usize, bool)) {
    let bytes = html.as_bytes();
    let mut level = 0_usize;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'<') {
        let start = at + found;
        let rest = &bytes[start..];
        if rest.starts_with(b"<!--") {
            at = html[start..]
                .find("-->")
                .map_or(html.len(), |end| start + end + 3);
            continue;
        }
        let closing = rest.get(1) == Some(&b'/');
        let name_at = start + 1 + usize::from(closing);
        let name_end = bytes[name_at..]
            .iter()
            .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
            .map_or(html.len(), |length| name_at + length);
        if name_end == name_at || !bytes[name_at].is_ascii_alphabetic() {
            at = start + 1;
            continue;
        }
        let end = tag_end(bytes, name_end);
        let mut name = [0_u8; 12];
        let length = (name_end - name_at).min(name.len());
        name[..length].copy_from_slice(&bytes[name_at..name_at + length]);
        name.make_ascii_lowercase();
        let name = std::str::from_utf8(&name[..length]).unwrap_or_default();
        at = end;
        if NOT_COUNTED.binary_search(&name).is_ok() {
            if !closing {
                each(
                    start..start,
                    level,
                    matches!(name, "p" | "hr" | "li" | "tr" | "dt"),
                );
            }
            continue;
        }
        if closing {
            each(start..end, level, false);
            level = level.saturating_sub(1);
        } else {
            level += 1;
            each(start..end, level, super::dom::is_block(name));
            if matches!(name, "script" | "style" | "textarea" | "title") {
                at = raw_end(html, end, name);
            }
        }
    }
}

/// Where a tag ends whose name ends at `at`: behind its `>`, not one in quotes.
fn tag_end(bytes: &[u8], at: usize) -> usize {
    let mut quote = None;
    for (offset, &byte) in bytes[at..].iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + offset + 1,
            (None, b'"' | b'\'') if offset > 0 && bytes[at + offset - 1] == b'=' => {
                quote = Some(byte);
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    bytes.len()
}

/// Where the text of a raw element ends.
fn raw_end(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = html[at..].find("</") {
        let close = at + found;
        let word = html.as_bytes().get(close + 2..close + 2 + name.len());
        if word.is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes())) {
            return close;
        }
        at = close + 2;
    }
    html.len()
}

/// Drops terminal control sequences whole. html2text drops the ESC alone and prints the rest; and `&#27;` is one too.
pub(super) fn without_hidden_escapes(html: &str) -> Cow<'_, str> {
    let html = decoded_escapes(html);
    if !html.contains('\u{1b}') && !html.contains('\u{9b}') {
        return html;
    }
    // Between tags only: a sequence never swallows one, since anchors are counted.
    let mut out = String::with_capacity(html.len());
    for (index, part) in html.split('<').enumerate() {
        if index > 0 {
            out.push('<');
        }
        out.push_str(&safe::without_escapes(part));
    }
    Cow::Owned(out)
}

/// `&#27;`, `&#x1b;`, `&#0027` to the character.
fn decoded_escapes(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find("&#") {
        let start = at + found;
        let digits = &html[start + 2..];
        let hex = digits.starts_with(['x', 'X']);
        let digits = &digits[usize::from(hex)..];
        let length = digits
            .bytes()
            .take_while(|byte| {
                if hex {
                    byte.is_ascii_hexdigit()
                } else {
                    byte.is_ascii_digit()
                }
            })
            .count();
        let value = digits[..length].trim_start_matches('0');
        let mut end = start + 2 + usize::from(hex) + length;
        if (hex && value.eq_ignore_ascii_case("1b")) || (!hex && value == "27") {
            if html[end..].starts_with(';') {
                end += 1;
            }
            out.push_str(&html[copied..start]);
            out.push('\u{1b}');
            copied = end;
        }
        at = end;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shallow_html_stays() {
        assert!(matches!(
            shallow("<div><p>a<p>b<br></div>", 1),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn deep_html_loses_tags_but_no_text_and_no_anchor() {
        let html = "<div><div><div><a href=x title='>'>deep</a></div>er</div>";
        assert_eq!(
            shallow(html, 2),
            "<div><div><a href=x title='>'>deep</a>er</div>"
        );
    }

    #[test]
    fn a_thousand_open_paragraphs_are_not_deep() {
        assert!(matches!(
            shallow(&"<p>x<li>y".repeat(1000), 3),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn tags_in_comments_and_scripts_do_not_count() {
        assert!(matches!(
            shallow("<!-- <b><b><b> --><script>'<b><b><b>'</script>", 1),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn escapes_written_as_references_go_whole() {
        assert_eq!(
            without_hidden_escapes("<p>&#27;[31mred&#x1B;[0m</p>"),
            "<p>red</p>"
        );
        assert_eq!(without_hidden_escapes("a &#270; b"), "a &#270; b");
    }

    #[test]
    fn an_article_is_cut_before_a_block() {
        let html = format!("<div>{}</div>", "<p>some words</p>".repeat(100));
        let cut = beginning(&html, 500).expect("it is long enough");
        assert!(cut.len() <= 500 && cut.ends_with("</p>"));
        assert_eq!(beginning("<p>short", 500), None);
    }
}
