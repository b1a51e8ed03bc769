//! Small work on HTML inside feeds: plain titles, absolute addresses, XHTML as HTML.
//!
//! All of it is linear in the text and needs no tree.

use super::entities;
use super::xml::{Attributes, Token, Tokens, split_prefix};
use crate::text::SafeText;
use std::borrow::Cow;
use std::fmt::Write as _;
use url::Url;

/// A title, which a feed may have written as text or as HTML, as one line of plain text.
///
/// RSS does not say which of the two it is: what holds a known tag or a reference is taken for HTML once more.
pub(super) fn title(text: &str) -> SafeText {
    SafeText::line(&plain(text))
}

/// HTML to its text on one line, tags of unknown names kept as text (`Vec<String>`).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let has_tag = text.contains('<') && {
        Tokens::new(text).any(|(token, _)| match token {
            Token::Start { name, .. } | Token::End { name } => is_html(name),
            Token::Comment { .. } | Token::CData { .. } => true,
            _ => false,
        })
    };
    if !has_tag {
        return entities::decode(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut silent: Option<&str> = None;
    for (token, range) in Tokens::new(text) {
        match token {
            Token::End { name } if silent.is_some_and(|open| open.eq_ignore_ascii_case(name)) => {
                silent = None;
            }
            _ if silent.is_some() => {}
            Token::Start { name, closed, .. } if is_html(name) => {
                if is_silent(name) && !closed {
                    silent = Some(name);
                }
                if breaks(name) {
                    out.push(' ');
                }
            }
            Token::End { name } if is_html(name) => {
                if breaks(name) {
                    out.push(' ');
                }
            }
            Token::Text(text) => out.push_str(&entities::decode(text)),
            Token::CData { text, .. } => out.push_str(text),
            Token::Start { .. } | Token::End { .. } => out.push_str(&text[range]),
            Token::Comment { .. } | Token::Instruction | Token::Declaration => {}
        }
    }
    Cow::Owned(out)
}

/// Whether a text looks like HTML: it holds a known tag, or a reference.
pub(super) fn looks_like_html(text: &str) -> bool {
    Tokens::new(text).any(|(token, _)| match token {
        Token::Start { name, .. } | Token::End { name } => is_html(name),
        Token::Text(text) => text
            .match_indices('&')
            .any(|(place, _)| entities::reference(&text[place..]).is_some()),
        _ => false,
    })
}

/// The first words of a text in HTML, to stand for a title that is missing.
pub(super) fn first_words(html: &str) -> SafeText {
    // Twelve words need no more than this, however long the tags before them are.
    let mut end = html.len().min(4_000);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let text = SafeText::line(&plain(&html[..end]));
    let mut out = String::new();
    let mut words = text.split(' ');
    for word in words.by_ref().take(12) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > 160 {
            return SafeText::short(&out, 80);
        }
    }
    if words.next().is_some() {
        out.push('…');
    }
    SafeText::short(&out, 100)
}

/// Plain text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}

/// Markup out of an XML file as HTML: prefixes gone, `<a/>` as `<a></a>`, CDATA as text. A `div` around it all,
/// which Atom asks for, stays.
pub(super) fn from_xml(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    for (token, range) in Tokens::new(markup) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let name = split_prefix(name).1;
                out.push('<');
                out.push_str(name);
                out.push_str(attributes);
                out.push('>');
                if closed && !is_void(name) {
                    let _ = write!(out, "</{name}>");
                }
            }
            Token::End { name } => {
                let name = split_prefix(name).1;
                if !is_void(name) {
                    let _ = write!(out, "</{name}>");
                }
            }
            Token::Text("<") => out.push_str("&lt;"),
            Token::Text(_) => out.push_str(&markup[range]),
            Token::CData { text, .. } => out.push_str(&escape(text)),
            Token::Comment { .. } | Token::Instruction | Token::Declaration => {}
        }
    }
    out
}

/// HTML with the addresses in it made absolute; borrowed where nothing had to change.
pub(super) fn absolute<'a>(html: &'a str, base: &Url) -> Cow<'a, str> {
    let mut out = String::new();
    let mut done = 0;
    let tokens = Tokens::new(html);
    for (token, range) in tokens {
        let Token::Start {
            name, attributes, ..
        } = token
        else {
            continue;
        };
        if attributes.is_empty() {
            continue;
        }
        for attribute in Attributes::new(attributes) {
            if attribute.value.is_empty() || !holds_address(name, attribute.name) {
                continue;
            }
            let Some(address) = relative(&attribute.text(), base) else {
                continue;
            };
            // Where the value stands in the whole: both are slices of `html`.
            let start = range.start + offset(&html[range.clone()], attribute.value);
            out.push_str(&html[done..start]);
            let quoted = start > 0 && matches!(html.as_bytes()[start - 1], b'"' | b'\'');
            let address = address.replace('&', "&amp;").replace('\'', "%27");
            if quoted {
                out.push_str(&address);
            } else {
                let _ = write!(out, "\"{address}\"");
            }
            done = start + attribute.value.len();
        }
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

/// Where a slice begins in the text that it was cut from.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// The absolute form of an address if it is relative and can be joined.
fn relative(address: &str, base: &Url) -> Option<String> {
    let address = address.trim();
    // A scheme, or only a place on the page itself.
    if address.is_empty() || address.starts_with('#') || has_scheme(address) {
        return None;
    }
    base.join(address).ok().map(String::from)
}

fn has_scheme(address: &str) -> bool {
    let end = address
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')));
    end.is_some_and(|end| end > 0 && address.as_bytes()[end] == b':')
}

fn holds_address(element: &str, attribute: &str) -> bool {
    let is = |name: &str| attribute.eq_ignore_ascii_case(name);
    is("href")
        || is("src")
        || is("poster")
        || is("longdesc")
        || is("action")
        || (is("cite") && !element.eq_ignore_ascii_case("cite"))
        || (is("background") || is("data"))
}

fn is_silent(name: &str) -> bool {
    ["script", "style"]
        .iter()
        .any(|n| n.eq_ignore_ascii_case(name))
}

fn breaks(name: &str) -> bool {
    [
        "br",
        "p",
        "div",
        "li",
        "tr",
        "td",
        "h1",
        "h2",
        "h3",
        "hr",
        "blockquote",
    ]
    .iter()
    .any(|n| n.eq_ignore_ascii_case(name))
}

fn is_void(name: &str) -> bool {
    VOID.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// Elements without an end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements of HTML that are met in titles and summaries.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blink", "blockquote",
    "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details",
    "dfn", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd",
    "label", "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "meter", "nav", "nobr", "noscript", "object", "ol",
    "optgroup", "option", "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script",
    "section", "select", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
];

fn is_html(name: &str) -> bool {
    let (_, name) = split_prefix(name);
    if name.len() > 10 {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    ELEMENTS.binary_search(&lower.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_plain(text: &str, expected: &str) {
        assert_eq!(plain(text), expected);
    }

    #[track_caller]
    fn check_absolute(html: &str, expected: &str) {
        let base = Url::parse("https://example.org/a/b").expect("an address");
        assert_eq!(absolute(html, &base), expected);
    }

    #[test]
    fn titles_lose_their_tags_and_keep_their_words() {
        check_plain("AT&amp;T &lt;b&gt;", "AT&T <b>");
        check_plain("a <b>bold</b> word", "a bold word");
        check_plain("Vec<String> & a < b", "Vec<String> & a < b");
        check_plain("<script>x()</script>after", "after");
        check_plain("<b>Vec<String></b>", "Vec<String>");
    }

    #[test]
    fn relative_addresses_become_absolute() {
        check_absolute("<a href='c'>", "<a href='https://example.org/a/c'>");
        check_absolute("<a href=c>", "<a href=\"https://example.org/a/c\">");
        check_absolute(
            "<img src=\"/x?a=1&amp;b=2\">",
            "<img src=\"https://example.org/x?a=1&amp;b=2\">",
        );
        check_absolute(
            "<a href='//cdn.example/x'>",
            "<a href='https://cdn.example/x'>",
        );
    }

    #[test]
    fn other_addresses_stay() {
        for html in [
            "<a href='#x'>",
            "<a href='mailto:a@b'>",
            "<a href='https://x.example/'>",
            "text",
            "<a name='c'>",
        ] {
            check_absolute(html, html);
        }
    }

    #[test]
    fn xml_becomes_html() {
        assert_eq!(
            from_xml("<h:p>a<h:br/><h:a h='1'/><![CDATA[<]]></h:p>"),
            "<p>a<br><a h='1'></a>&lt;</p>"
        );
    }

    #[test]
    fn a_missing_title_is_twelve_words_of_the_text() {
        assert_eq!(first_words("<p>one two</p>").as_str(), "one two");
        let many = "word ".repeat(40);
        assert_eq!(first_words(&many).split(' ').count(), 12);
        assert!(first_words(&many).ends_with('…'));
    }

    #[test]
    fn the_elements_are_in_order() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
