//! HTML to the text that is searched. Not laid out and not read by anybody: what counts is that every word is there and
//! that it costs next to nothing. A whole HTML parser over the bodies of a first refresh would be its dearest part.

use crate::feed::entities;
use crate::text::SafeText;

/// Elements whose content is no text of the entry.
const SILENT: &[&str] = &["script", "style", "template", "title", "noscript", "svg"];
/// Elements that stand within a word or a sentence; all others end one.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// The words of some HTML, one line a block.
pub fn strip(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        words(&mut out, &rest[..open]);
        rest = &rest[open..];
        match markup(rest) {
            None => {
                out.push('<');
                rest = &rest[1..];
            }
            Some((name, end)) => {
                if !INLINE
                    .iter()
                    .any(|inline| inline.eq_ignore_ascii_case(name))
                {
                    end_line(&mut out);
                }
                rest = &rest[end..];
                if let Some(silent) = SILENT
                    .iter()
                    .find(|silent| silent.eq_ignore_ascii_case(name))
                {
                    rest = after(rest, silent);
                }
            }
        }
    }
    words(&mut out, rest);
    SafeText::block(out.trim()).into_string()
}

/// Name and length of the tag, comment or declaration at the beginning; `None`: a bare `<`. End tags and comments have
/// the name of what they end, or none.
fn markup(text: &str) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    if text.starts_with("<!--") {
        return Some(("wbr", text.find("-->").map_or(text.len(), |end| end + 3)));
    }
    let begin = match bytes.get(1)? {
        b'/' => 2,
        b'!' | b'?' => return Some(("wbr", text.find('>').map_or(text.len(), |end| end + 1))),
        _ => 1,
    };
    if !bytes.get(begin)?.is_ascii_alphabetic() {
        return None;
    }
    let named = bytes[begin..]
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric())
        .map_or(bytes.len(), |end| begin + end);
    let mut quote = None;
    let mut end = named;
    while let Some(byte) = bytes.get(end) {
        end += 1;
        match (quote, *byte) {
            (None, b'>') => break,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed would swallow the rest: then the first `>` ends the tag, as the eye would have it.
    if quote.is_some() {
        end = text.find('>').map_or(text.len(), |end| end + 1);
    }
    // What an end tag ends is silent no longer.
    let name = if begin == 2
        && SILENT
            .iter()
            .any(|silent| silent.eq_ignore_ascii_case(&text[begin..named]))
    {
        "p"
    } else {
        &text[begin..named]
    };
    Some((name, end))
}

/// What follows the end tag of a silent element; nothing where it has none.
fn after<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// Adds words with single spaces between them.
fn words(out: &mut String, text: &str) {
    let text = entities::decode(text);
    let mut space = text.starts_with(char::is_whitespace);
    for word in text.split_whitespace() {
        if space && !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
        out.push_str(word);
        space = true;
    }
    if text.ends_with(char::is_whitespace) && !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn end_line(out: &mut String) {
    if out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(strip(html), expected, "{html}");
    }

    #[test]
    fn blocks_become_lines_and_inline_elements_nothing() {
        check("<p>Hello <b>th</b>ere</p><p>you</p>", "Hello there\nyou");
        check("one<br>two<BR/>three", "one\ntwo\nthree");
        check("<ul><li>a<li>b</ul>", "a\nb");
        check("<td>a</td><td>b</td>", "a\nb");
        check("  white \n\t space  ", "white space");
        check("a <i>b</i> c<i> d</i>", "a b c d");
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        check("a<script>if (a < b) { x = '</p>' }</script>b", "a\nb");
        check("a<style>p > a { color: red }</style> b", "a\nb");
        check("a<!-- <p>not this</p> -->b", "ab");
        check("<a title=\"x > y\" href='/'>word</a>", "word");
        check("a<script>never closed", "a");
        check("<![CDATA[x]]>", "");
    }

    #[test]
    fn references_are_decoded_once() {
        check(
            "Tom &amp; Jerry &#233;t&eacute; &amp;lt;b&amp;gt;",
            "Tom & Jerry été &lt;b&gt;",
        );
        check("a&nbsp;b", "a b");
    }

    #[test]
    fn broken_markup_loses_no_words() {
        check("1 < 2 and 3 <4", "1 < 2 and 3 <4");
        check("<a href=\"x>word</a> more", "word more");
        check("word <", "word <");
        check("cut <b", "cut");
    }

    proptest! {
        #[test]
        fn any_text_is_stripped_without_harm(text in any::<String>(), tags in "[<>/!a-z\"' &;#0-9-]{0,60}") {
            let out = strip(&format!("{text}{tags}"));
            prop_assert!(!out.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
