//! Bounds for HTML before it is parsed: length, number of tags, nesting, unclosed formatting, attributes.
//!
//! Parsers of HTML are linear on what people write and quadratic or worse on what nobody writes: 20,000 nested `div`
//! keep one busy for minutes, and a thread cannot be cancelled. So one pass over the characters follows the open
//! elements as a parser would, and leaves out the tags that break a bound; their text stays.

use std::borrow::Cow;

/// Characters beyond this are cut off.
const MAX_BYTES: usize = 4 << 20;
/// Tags beyond this are cut off, with what is between them.
const MAX_TAGS: usize = 100_000;
/// Elements nested deeper are unwrapped. The deepest page of several hundred real ones had fewer than 100.
const MAX_DEPTH: usize = 200;
/// Formatting left open is opened again in every block that follows: few of them, or blocks times elements.
const MAX_FORMATTING: usize = 16;
/// A longer tag loses its attributes: they are compared each with each.
const MAX_TAG_BYTES: usize = 16 << 10;

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
];
const FORMATTING: &[&str] = &[
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// An element of these ends an open one of its group, if no other barrier stands between them.
const SELF_CLOSING: &[&str] = &["p", "li", "dd", "dt", "option", "tr", "td", "th"];
/// What an end tag or an implied end does not reach through.
const BARRIERS: &[&str] = &[
    "table", "td", "th", "caption", "button", "object", "template", "marquee", "applet", "select",
    "ul", "ol", "dl",
];

/// The HTML within the bounds, and whether something had to be left out.
pub(super) fn bounded(html: &str) -> (Cow<'_, str>, bool) {
    let cut = html.len() > MAX_BYTES;
    let html = &html[..html.floor_char_boundary(MAX_BYTES)];
    let mut pass = Pass {
        html,
        copied: 0,
        out: None,
        open: Vec::new(),
        dropped: Vec::new(),
        formatting: 0,
        foreign: 0,
    };
    let whole = pass.run();
    let changed = cut || !whole || pass.out.is_some();
    (pass.finish(), changed)
}

/// A page that keeps its text for those who run no scripts: so many words are no warning and no counter.
const WORDS_FOR_NO_SCRIPTS: usize = 200;

/// The HTML with what it shows to those who run no scripts (as we do not) laid open, where that is a text: pages that are
/// made by scripts keep the whole of theirs there. The parser takes what `noscript` holds for characters.
pub(super) fn with_text_for_no_scripts(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = find_tag(&html[at..], "<noscript") {
        let start = at + found;
        let inner = tag_end(html.as_bytes(), start + "<noscript".len());
        let Some(length) = find_tag(&html[inner..], "</noscript") else {
            break;
        };
        let end = inner + length;
        let after = tag_end(html.as_bytes(), end + "</noscript".len());
        if words_outside_tags(&html[inner..end]) >= WORDS_FOR_NO_SCRIPTS {
            out.push_str(&html[copied..start]);
            out.push_str(&html[inner..end]);
            copied = after;
        }
        at = after;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

/// Where a tag begins, in letters of either case.
fn find_tag(html: &str, tag: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| *byte == b'<') {
        let at = from + found;
        if bytes.len() >= at + tag.len()
            && bytes[at..at + tag.len()].eq_ignore_ascii_case(tag.as_bytes())
        {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn words_outside_tags(html: &str) -> usize {
    html.split('<')
        .map(|piece| piece.split_once('>').map_or("", |(_, text)| text))
        .map(|text| text.split_whitespace().count())
        .sum()
}

struct Pass<'a> {
    html: &'a str,
    /// Up to here the input is in `out`, or was left out.
    copied: usize,
    out: Option<String>,
    open: Vec<&'a str>,
    dropped: Vec<&'a str>,
    formatting: usize,
    /// Open `svg` and `math`: no implied ends in there.
    foreign: usize,
}

impl<'a> Pass<'a> {
    /// Goes through all tags; false if there were too many.
    fn run(&mut self) -> bool {
        let bytes = self.html.as_bytes();
        let mut at = 0;
        let mut tags = 0;
        while let Some(found) = bytes[at..].iter().position(|b| *b == b'<') {
            let start = at + found;
            let rest = &self.html[start..];
            if rest.starts_with("<!--") {
                at = rest[4..]
                    .find("-->")
                    .map_or(self.html.len(), |end| start + 4 + end + 3);
                continue;
            }
            let closing = rest.as_bytes().get(1) == Some(&b'/');
            let name_at = start + 1 + usize::from(closing);
            let name = name_of(&self.html[name_at..]);
            if name.is_empty() {
                at = start + 1;
                continue;
            }
            tags += 1;
            if tags > MAX_TAGS {
                self.html = &self.html[..start];
                return false;
            }
            let end = tag_end(bytes, name_at + name.len());
            at = end;
            if closing {
                self.close(name, start, end);
            } else {
                self.open(name, start, end);
                if is_one_of(name, RAW) && self.foreign == 0 {
                    at = raw_end(self.html, end, name);
                }
            }
        }
        true
    }

    fn open(&mut self, name: &'a str, start: usize, end: usize) {
        if end - start > MAX_TAG_BYTES {
            self.replace(start, end, name);
        }
        if is_one_of(name, VOID)
            || (self.foreign > 0 && self.html[..end].ends_with("/>"))
            || is_one_of(name, RAW)
        {
            return;
        }
        if is_one_of(name, FORMATTING) {
            if self.formatting >= MAX_FORMATTING {
                self.leave_out(start, end);
                return;
            }
            self.formatting += 1;
        }
        if self.foreign == 0
            && is_one_of(name, SELF_CLOSING)
            && let Some(place) = self.implied_end(name)
        {
            self.open.truncate(place);
        }
        if self.open.len() >= MAX_DEPTH {
            self.leave_out(start, end);
            self.dropped.push(name);
            return;
        }
        self.foreign += usize::from(is_foreign(name));
        self.open.push(name);
    }

    fn close(&mut self, name: &str, start: usize, end: usize) {
        if is_one_of(name, FORMATTING) {
            self.formatting = self.formatting.saturating_sub(1);
        }
        if let Some(last) = self.dropped.last() {
            if last.eq_ignore_ascii_case(name) {
                self.dropped.pop();
                self.leave_out(start, end);
                return;
            }
            if self.dropped.len() > MAX_TAGS / 4 {
                self.dropped.clear();
            }
        }
        if let Some(place) = self.reachable(name) {
            for gone in self.open.drain(place..) {
                self.foreign -= usize::from(is_foreign(gone));
            }
        }
    }

    /// The innermost open element of that name, if no barrier stands between.
    fn reachable(&self, name: &str) -> Option<usize> {
        for (place, open) in self.open.iter().enumerate().rev() {
            if open.eq_ignore_ascii_case(name) {
                return Some(place);
            }
            if is_one_of(open, BARRIERS) && !is_one_of(name, BARRIERS) {
                return None;
            }
        }
        None
    }

    /// The open element that a start tag of the same name ends: nothing but text level stands above it.
    fn implied_end(&self, name: &str) -> Option<usize> {
        for (place, open) in self.open.iter().enumerate().rev() {
            if open.eq_ignore_ascii_case(name) {
                return Some(place);
            }
            if !is_one_of(open, SELF_CLOSING)
                && !is_one_of(open, FORMATTING)
                && !is_one_of(open, &["a", "span"])
            {
                return None;
            }
        }
        None
    }

    fn leave_out(&mut self, start: usize, end: usize) {
        let html = self.html;
        let out = self.out.get_or_insert_default();
        out.push_str(&html[self.copied..start]);
        self.copied = end;
    }

    fn replace(&mut self, start: usize, end: usize, name: &str) {
        self.leave_out(start, end);
        if let Some(out) = &mut self.out {
            out.push('<');
            out.push_str(name);
            out.push('>');
        }
    }

    fn finish(self) -> Cow<'a, str> {
        match self.out {
            None => Cow::Borrowed(self.html),
            Some(mut out) => {
                if self.copied < self.html.len() {
                    out.push_str(&self.html[self.copied..]);
                }
                Cow::Owned(out)
            }
        }
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

fn is_foreign(name: &str) -> bool {
    is_one_of(name, &["svg", "math"])
}

fn name_of(text: &str) -> &str {
    if !text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        return "";
    }
    let end = text
        .bytes()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
        .unwrap_or(text.len());
    &text[..end]
}

/// Behind the `>` of a tag; one in quotes does not count.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut value = false;
    for (offset, byte) in bytes[from..].iter().enumerate() {
        match (quote, byte) {
            (Some(open), b) if *b == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if value => quote = Some(*byte),
            (None, b'>') => return from + offset + 1,
            (None, b) => value = *b == b'=' || (value && b.is_ascii_whitespace()),
        }
    }
    bytes.len()
}

/// Where the end tag of a raw text element begins.
fn raw_end(html: &str, from: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(found) = bytes[at..].iter().position(|b| *b == b'<') {
        let start = at + found;
        let after = start + 2 + name.len();
        if bytes.get(start + 1) == Some(&b'/')
            && bytes
                .get(start + 2..after)
                .is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
        {
            return start;
        }
        at = start + 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_for_those_without_scripts_is_laid_open_and_a_warning_is_not() {
        let text = "word ".repeat(WORDS_FOR_NO_SCRIPTS);
        let page = format!(
            "<p>a<NOSCRIPT data-x='>'><div>{text}</div></noscript><noscript>Turn it on!</noscript>b"
        );
        assert_eq!(
            with_text_for_no_scripts(&page),
            format!("<p>a<div>{text}</div><noscript>Turn it on!</noscript>b")
        );
        for page in [
            "<noscript>a",
            "<noscript",
            "a</noscript>",
            "<noscript>é</noscript",
        ] {
            assert_eq!(with_text_for_no_scripts(page), page);
        }
    }
    use proptest::prelude::*;

    fn depth(html: &str) -> usize {
        let document = dom_query::Document::from(html);
        let mut deepest = 0;
        let mut level = vec![(document.root(), 0)];
        while let Some((node, depth)) = level.pop() {
            deepest = deepest.max(depth);
            level.extend(node.children_it(false).map(|child| (child, depth + 1)));
        }
        deepest
    }

    #[test]
    fn ordinary_html_is_left_alone() {
        let html = "<!doctype html><p>a<br>b <a title='>' href=x>c</a><ul><li>d<li>e</ul><script>'<div>'</script>";
        assert!(matches!(bounded(html), (Cow::Borrowed(text), false) if text == html));
    }

    #[test]
    fn many_unclosed_items_are_no_nesting() {
        let html = format!("<table>{}</table>", "<tr><td>a<p>b<p>c".repeat(3000));
        assert!(matches!(bounded(&html), (Cow::Borrowed(_), false)));
    }

    #[test]
    fn text_below_the_depth_stays_and_so_does_what_follows() {
        let html = format!(
            "{}deep{}<p>after</p>",
            "<div>".repeat(10_000),
            "</div>".repeat(10_000)
        );
        let (text, changed) = bounded(&html);
        assert!(changed && text.contains("deep") && text.ends_with("<p>after</p>"));
        assert_eq!(
            text.matches("<div>").count(),
            text.matches("</div>").count()
        );
    }

    #[track_caller]
    fn check_shallow(unit: &str) {
        let html = unit.repeat(5000);
        let (text, _) = bounded(&html);
        let depth = depth(&text);
        assert!(depth < 700, "{unit}: {depth}");
    }

    #[test]
    fn nothing_nests_without_end() {
        for unit in [
            "<div>",
            "<b>",
            "<span></b>",
            "<blockquote><p>",
            "<div><table></div></table>",
            "<table><tr><td>",
            "<svg><td>",
            "<ul><li>",
            "<section><b></section>",
            "<select><option><b>",
            "<button><p>",
        ] {
            check_shallow(unit);
        }
    }

    #[test]
    fn a_tag_with_thousands_of_attributes_loses_them() {
        let html = format!("<p {}>text</p>", "a=b ".repeat(10_000));
        assert_eq!(bounded(&html).0, "<p>text</p>");
    }

    #[test]
    fn too_many_tags_are_cut_off() {
        let html = "<i>x</i>".repeat(80_000);
        let (text, changed) = bounded(&html);
        assert!(changed && text.len() < html.len() && text.starts_with("<i>x</i>"));
    }

    proptest! {
        #[test]
        fn anything_goes_through(html in "(<[a-z/!-]{0,5}[ =\"'a-z]{0,6}>?|[a-zé]{0,3}){0,40}") {
            let (text, changed) = bounded(&html);
            prop_assert!(changed || text == html);
        }
    }
}
