//! HTML in one walk: its text, its anchors and frames, and the boxes that these stand in.

use super::words::{Phrase, Words, folded};
use dom_query::{Document, NodeData, NodeRef};
use std::collections::HashMap;
use std::ops::Range;

/// What the walk found. Ranges are bytes of `text`, in which white space is folded and blocks end with a line feed.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub text: String,
    /// In document order; the first is the document.
    pub elements: Vec<Element>,
    /// Every `a[href]`, in document order.
    pub anchors: Vec<Anchor>,
    /// Frames, players, cited addresses, in document order.
    pub embeds: Vec<Embed>,
    /// Elements by their id.
    pub ids: HashMap<String, usize>,
    pub lines: Vec<Line>,
    /// Where the last paragraph ends that is long and no list of links: what an author wrote, ends here at the latest.
    pub prose_ends: usize,
    /// Headings, in order, as ranges of the text.
    pub headings: Vec<Range<usize>>,
    /// Ranges that are code.
    pub code: Vec<Range<usize>>,
    pub words: usize,
}

#[derive(Debug)]
pub(super) struct Element {
    pub tag: Tag,
    /// Its parent's place; the document is its own.
    pub parent: usize,
    /// The place after its last descendant.
    pub until: usize,
    pub text: Range<usize>,
    /// Places of the anchors within.
    pub anchors: Range<usize>,
    /// Class and id, in small letters.
    pub class: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Heading(u8),
    Paragraph,
    Item,
    Cell,
    Quote,
    Code,
    /// `div`, `section`, `article` and the like.
    Box,
    Anchor,
    Bold,
    Raised,
    Other,
}

#[derive(Debug)]
pub(super) struct Anchor {
    pub href: String,
    pub text: Range<usize>,
    /// Its own place among the elements.
    pub element: usize,
    /// The `alt` of the images within, if there are images.
    pub images: Option<String>,
    pub rel: String,
    pub title: String,
    /// The heading of the tail that it stands under, as a range of the text.
    pub tail: Option<Range<usize>>,
    pub bold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Frame,
    Player,
    Cite,
    /// Written out in the text.
    Bare,
}

#[derive(Debug)]
pub(super) struct Embed {
    pub how: How,
    pub address: String,
    pub at: usize,
    /// How many anchors stand before it.
    pub after: usize,
    pub title: String,
}

/// A line of the text: what a reader sees as one paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub range: Range<usize>,
    /// Bytes of it that belong to anchors.
    pub linked: usize,
    pub anchors: usize,
}

impl Scan {
    /// The line that a place of the text stands on.
    pub fn line(&self, at: usize) -> &Line {
        static NONE: Line = Line {
            range: 0..0,
            linked: 0,
            anchors: 0,
        };
        let place = self.lines.partition_point(|line| line.range.end < at);
        self.lines.get(place).or(self.lines.last()).unwrap_or(&NONE)
    }

    /// The text of a range.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The text of a range with at most so many bytes on either side, within its line.
    pub fn window(&self, range: &Range<usize>, most: usize) -> (&str, &str, &str) {
        let line = &self.line(range.start).range;
        let start = range.start.clamp(line.start, line.end.max(line.start));
        let end = range.end.clamp(start, line.end.max(start));
        let fit = |mut at: usize| {
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let from = fit(line.start.max(start.saturating_sub(most)));
        let to = fit(line.end.min(end + most).max(end));
        (
            self.slice(&(from..start)),
            self.slice(&(start..end)),
            self.slice(&(end..to)),
        )
    }

    /// Whether an anchor stands below all prose; a list that began before it is part of the text.
    pub fn is_below_prose(&self, anchor: &Anchor) -> bool {
        let list_began = |place: usize| {
            self.elements[place].tag == Tag::Item
                && self.elements[self.elements[place].parent].text.start < self.prose_ends
        };
        self.prose_ends > 0
            && anchor.text.start > self.prose_ends
            && !self.around(anchor.element).take(12).any(list_began)
    }

    /// The heading above a place of the text.
    pub fn heading_above(&self, at: usize) -> &str {
        let next = self.headings.partition_point(|heading| heading.end <= at);
        next.checked_sub(1)
            .and_then(|place| self.headings.get(place))
            .map_or("", |heading| self.slice(heading))
    }

    /// Whether a place of the text is code.
    pub fn is_code(&self, at: usize) -> bool {
        let next = self.code.partition_point(|range| range.start <= at);
        next > 0 && self.code[next - 1].contains(&at)
    }

    /// Places of the elements around one, the nearest first, without the document.
    pub fn around(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        let up =
            |place: &usize| Some(self.elements[*place].parent).filter(|parent| parent != place);
        std::iter::successors(up(&element), up).take_while(|place| *place != 0)
    }
}

/// Elements looked at; what a page has beyond is nobody's article.
const ELEMENTS_AT_MOST: usize = 300_000;

/// Bytes from which a line is a paragraph that somebody wrote.
const PROSE_FROM: usize = 160;

/// Open elements within each other. A parser's time grows with the square of it: 10,000 take a second, and a megabyte of
/// `<div>` would take hours.
pub(super) const DEPTH_AT_MOST: usize = 3_000;

/// Whether elements may stand deeper in each other than is looked at. Counts tags only: cheap, and rather too many than too few.
pub(super) fn is_too_deep(html: &str) -> bool {
    const CLOSED_BY_THEMSELVES: &[&[u8]] = &[
        b"p", b"li", b"br", b"img", b"hr", b"td", b"th", b"tr", b"dt", b"dd", b"input", b"meta",
        b"link", b"source", b"wbr", b"area", b"col", b"embed", b"option",
    ];
    let bytes = html.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'<') {
        at += next + 1;
        let closes = bytes.get(at) == Some(&b'/');
        let name = &bytes[at + usize::from(closes)..];
        let name = &name[..name
            .iter()
            .position(|byte| !byte.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
        if name.is_empty()
            || CLOSED_BY_THEMSELVES
                .iter()
                .any(|other| name.eq_ignore_ascii_case(other))
        {
            continue;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        if depth > DEPTH_AT_MOST {
            return true;
        }
    }
    false
}

/// Walks a document.
pub(super) fn scan(html: &str) -> Scan {
    let document = Document::from(html);
    let mut walk = Walk::default();
    walk.scan.elements.push(Element {
        tag: Tag::Other,
        parent: 0,
        until: 0,
        text: 0..0,
        anchors: 0..0,
        class: Box::default(),
    });
    walk.open.push(Open {
        element: 0,
        hidden: false,
        anchor: None,
        heading: None,
        kept_space: false,
        bold: false,
    });
    let root = document.root();
    let mut next = root.first_child();
    let mut depth = 0usize;
    while let Some(node) = next {
        let entered = walk.enter(&node);
        if entered && let Some(child) = node.first_child() {
            depth += 1;
            next = Some(child);
            continue;
        }
        if entered {
            walk.leave();
        }
        let mut node = node;
        loop {
            if let Some(sibling) = node.next_sibling() {
                next = Some(sibling);
                break;
            }
            if depth == 0 {
                next = None;
                break;
            }
            depth -= 1;
            let Some(parent) = node.parent() else {
                next = None;
                break;
            };
            node = parent;
            walk.leave();
        }
    }
    walk.finish()
}

#[derive(Default)]
struct Walk {
    scan: Scan,
    open: Vec<Open>,
    /// Level and range of the heading whose tail we are in, and the element that ends it.
    tail: Option<(u8, Range<usize>, usize)>,
    count: usize,
}

struct Open {
    element: usize,
    hidden: bool,
    anchor: Option<usize>,
    heading: Option<u8>,
    kept_space: bool,
    bold: bool,
}

enum Node {
    Text(String),
    Element(Opened),
    Skip,
}

struct Opened {
    name: Name,
    attrs: Attrs,
}

#[derive(Default)]
struct Attrs {
    href: Option<String>,
    src: Option<String>,
    cite: Option<String>,
    class: String,
    id: String,
    rel: String,
    title: String,
    alt: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Tag(Tag, bool),
    Break,
    Image,
    Frame,
    Player,
    Hidden,
}

fn name_of(name: &str) -> Name {
    match name {
        "a" => Name::Tag(Tag::Anchor, false),
        "p" => Name::Tag(Tag::Paragraph, true),
        "h1" => Name::Tag(Tag::Heading(1), true),
        "h2" => Name::Tag(Tag::Heading(2), true),
        "h3" => Name::Tag(Tag::Heading(3), true),
        "h4" => Name::Tag(Tag::Heading(4), true),
        "h5" => Name::Tag(Tag::Heading(5), true),
        "h6" => Name::Tag(Tag::Heading(6), true),
        "li" | "dd" | "dt" => Name::Tag(Tag::Item, true),
        "td" | "th" => Name::Tag(Tag::Cell, true),
        "blockquote" => Name::Tag(Tag::Quote, true),
        "q" => Name::Tag(Tag::Quote, false),
        "pre" => Name::Tag(Tag::Code, true),
        "code" | "kbd" | "samp" => Name::Tag(Tag::Code, false),
        "div" | "section" | "article" | "aside" | "main" | "header" | "footer" | "nav"
        | "figure" | "figcaption" | "ul" | "ol" | "dl" | "table" | "tbody" | "tr" | "details"
        | "summary" | "form" | "fieldset" | "address" | "center" | "hr" | "body" | "html"
        | "caption" | "menu" => Name::Tag(Tag::Box, true),
        "b" | "strong" | "big" => Name::Tag(Tag::Bold, false),
        "sup" => Name::Tag(Tag::Raised, false),
        "br" => Name::Break,
        "img" | "picture" | "svg" | "video-js" => Name::Image,
        "iframe" | "embed" | "object" | "frame" | "amp-iframe" | "amp-youtube" => Name::Frame,
        "video" | "audio" | "source" | "amp-video" | "amp-audio" => Name::Player,
        "script" | "style" | "head" | "template" | "noscript" | "title" | "textarea" | "select"
        | "option" | "math" => Name::Hidden,
        _ => Name::Tag(Tag::Other, false),
    }
}

fn read(node: &NodeRef<'_>) -> Node {
    node.query_or(Node::Skip, |node| match &node.data {
        NodeData::Text { contents } => Node::Text(contents.to_string()),
        NodeData::Element(element) => {
            let mut attrs = Attrs::default();
            for attr in &element.attrs {
                let value = || attr.value.to_string();
                match &*attr.name.local {
                    "href" if attr.name.ns.is_empty() => attrs.href = Some(value()),
                    "src" | "data-src" if attrs.src.is_none() || &*attr.name.local == "src" => {
                        attrs.src = Some(value());
                    }
                    "data" | "data-videoid" if attrs.src.is_none() => attrs.src = Some(value()),
                    "cite" => attrs.cite = Some(value()),
                    "class" => attrs.class = value(),
                    "id" | "name" if attrs.id.is_empty() || &*attr.name.local == "id" => {
                        attrs.id = value();
                    }
                    "rel" => attrs.rel = value().to_ascii_lowercase(),
                    "title" | "aria-label" if attrs.title.is_empty() => attrs.title = value(),
                    "alt" => attrs.alt = Some(value()),
                    _ => {}
                }
            }
            Node::Element(Opened {
                name: name_of(&element.name.local),
                attrs,
            })
        }
        _ => Node::Skip,
    })
}

impl Walk {
    /// Takes a node in; says whether it has to be left again.
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        self.count += 1;
        match read(node) {
            Node::Text(text) => {
                self.text(&text);
                false
            }
            Node::Skip => false,
            Node::Element(opened) => {
                self.element(opened);
                true
            }
        }
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.open.last().filter(|open| !open.hidden) else {
            return;
        };
        if open.kept_space {
            for (place, line) in text.split('\n').enumerate() {
                if place > 0 {
                    self.scan.text.push('\n');
                }
                self.scan.text.push_str(line.trim_end_matches('\r'));
            }
            return;
        }
        let out = &mut self.scan.text;
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end_matches(char::is_whitespace);
            out.push_str(word);
            if word.len() < part.len() && !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        }
    }

    fn element(&mut self, opened: Opened) {
        let Opened { name, attrs } = opened;
        let (parent, mut hidden, mut anchor, mut heading, mut kept_space, mut bold) = self
            .open
            .last()
            .map_or((0, false, None, None, false, false), |open| {
                (
                    open.element,
                    open.hidden,
                    open.anchor,
                    open.heading,
                    open.kept_space,
                    open.bold,
                )
            });
        let mut tag = Tag::Other;
        let at = |scan: &Scan| scan.text.len();
        match name {
            Name::Tag(of, block) => {
                tag = of;
                if block {
                    self.end_line();
                }
            }
            Name::Break => self.scan.text.push('\n'),
            Name::Image => {
                self.image(anchor, &attrs);
                hidden = true;
            }
            Name::Frame | Name::Player => {
                if let Some(address) = attrs
                    .src
                    .as_deref()
                    .or(attrs.href.as_deref())
                    .filter(|src| !src.trim().is_empty())
                {
                    let how = if name == Name::Frame {
                        How::Frame
                    } else {
                        How::Player
                    };
                    let (at, after) = (at(&self.scan), self.scan.anchors.len());
                    self.scan.embeds.push(Embed {
                        how,
                        address: address.to_owned(),
                        at,
                        after,
                        title: attrs.title.clone(),
                    });
                }
                hidden = true;
            }
            Name::Hidden => hidden = true,
        }
        if self.count > ELEMENTS_AT_MOST {
            hidden = true;
        }
        let place = self.scan.elements.len();
        match tag {
            Tag::Heading(level) => {
                heading = Some(level);
                if self.tail.as_ref().is_some_and(|(of, _, _)| level <= *of) {
                    self.tail = None;
                }
            }
            Tag::Code => kept_space = kept_space || matches!(name, Name::Tag(_, true)),
            Tag::Bold => bold = true,
            Tag::Quote => {
                if let Some(address) = attrs.cite.as_deref().filter(|cite| cite.contains("://")) {
                    let (at, after) = (at(&self.scan), self.scan.anchors.len());
                    self.scan.embeds.push(Embed {
                        how: How::Cite,
                        address: address.to_owned(),
                        at,
                        after,
                        title: String::new(),
                    });
                }
            }
            Tag::Anchor => {
                if let Some(href) = attrs.href {
                    anchor = Some(self.scan.anchors.len());
                    let at = at(&self.scan);
                    self.scan.anchors.push(Anchor {
                        href,
                        text: at..at,
                        element: place,
                        images: None,
                        rel: attrs.rel,
                        title: attrs.title,
                        tail: self.tail.as_ref().map(|(_, range, _)| range.clone()),
                        bold: bold || heading.is_some(),
                    });
                }
            }
            _ => {}
        }
        if !attrs.id.is_empty() {
            self.scan.ids.entry(attrs.id.clone()).or_insert(place);
        }
        let class = if attrs.class.is_empty() && attrs.id.is_empty() {
            Box::default()
        } else {
            format!("{} {}", attrs.class, attrs.id)
                .to_ascii_lowercase()
                .into()
        };
        let (text, anchors) = (self.scan.text.len(), self.scan.anchors.len());
        self.scan.elements.push(Element {
            tag,
            parent,
            until: place + 1,
            text: text..text,
            anchors: anchors
                - usize::from(tag == Tag::Anchor && anchor.is_some_and(|a| a + 1 == anchors))
                ..anchors,
            class,
        });
        self.open.push(Open {
            element: place,
            hidden,
            anchor,
            heading,
            kept_space,
            bold,
        });
    }

    fn image(&mut self, anchor: Option<usize>, attrs: &Attrs) {
        let Some(anchor) = anchor.and_then(|place| self.scan.anchors.get_mut(place)) else {
            return;
        };
        let alt = attrs.alt.as_deref().unwrap_or_default();
        let images = anchor.images.get_or_insert_default();
        if !alt.is_empty() && images.len() < 400 {
            if !images.is_empty() {
                images.push(' ');
            }
            images.push_str(alt);
        }
    }

    fn leave(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let (end, anchors, until) = (
            self.scan.text.len(),
            self.scan.anchors.len(),
            self.scan.elements.len(),
        );
        let element = &mut self.scan.elements[open.element];
        element.until = until;
        element.text.end = end;
        element.anchors.end = anchors;
        let (tag, start) = (element.tag, element.text.start);
        if tag == Tag::Anchor
            && let Some(anchor) = open
                .anchor
                .and_then(|place| self.scan.anchors.get_mut(place))
                .filter(|anchor| anchor.element == open.element)
        {
            anchor.text.end = end;
        }
        if matches!(
            tag,
            Tag::Heading(_) | Tag::Paragraph | Tag::Item | Tag::Cell | Tag::Box
        ) || (tag == Tag::Quote)
            || (tag == Tag::Code && open.kept_space)
        {
            self.end_line();
        }
        if self
            .tail
            .as_ref()
            .is_some_and(|(_, heading, within)| *within == open.element && end > heading.end + 1)
        {
            self.tail = None;
        }
        let level = match tag {
            Tag::Heading(level) => level,
            // A paragraph that is bold as a whole stands for a heading.
            Tag::Paragraph | Tag::Box if end - start < 60 && self.is_all_bold(open.element) => 6,
            _ => return,
        };
        let heading = folded(self.scan.slice(&(start..end)));
        if is_tail_heading(&heading) {
            self.tail = Some((level, start..end, self.scan.elements[open.element].parent));
        }
    }

    fn is_all_bold(&self, element: usize) -> bool {
        let text = &self.scan.elements[element].text;
        let inner = self
            .scan
            .elements
            .iter()
            .skip(element + 1)
            .take(4)
            .find(|inner| inner.tag == Tag::Bold);
        let whole = self.scan.slice(text).trim().len();
        whole > 2
            && inner.is_some_and(|inner| self.scan.slice(&inner.text).trim().len() + 1 >= whole)
    }

    fn end_line(&mut self) {
        let out = &mut self.scan.text;
        if out.ends_with(' ') {
            out.pop();
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    }

    fn finish(mut self) -> Scan {
        while !self.open.is_empty() {
            self.leave();
        }
        let scan = &mut self.scan;
        let text = std::mem::take(&mut scan.text);
        for anchor in &mut scan.anchors {
            anchor.text = fitted(&text, &anchor.text, true);
        }
        for element in &mut scan.elements {
            element.text = fitted(&text, &element.text, false);
        }
        scan.text = text;
        let mut start = 0;
        for line in scan.text.split_inclusive('\n') {
            scan.lines.push(Line {
                range: start..start + line.trim_end_matches('\n').len(),
                linked: 0,
                anchors: 0,
            });
            start += line.len();
        }
        for anchor in &scan.anchors {
            let place = scan
                .lines
                .partition_point(|line| line.range.end < anchor.text.start);
            if let Some(line) = scan.lines.get_mut(place) {
                line.linked += anchor.text.len();
                line.anchors += 1;
            }
        }
        for element in scan
            .elements
            .iter()
            .filter(|element| element.tag == Tag::Code)
        {
            // Code within code is within the outer one.
            if scan
                .code
                .last()
                .is_none_or(|outer| outer.end <= element.text.start)
            {
                scan.code.push(element.text.clone());
            }
        }
        scan.headings = scan
            .elements
            .iter()
            .filter(|element| matches!(element.tag, Tag::Heading(_)) && !element.text.is_empty())
            .map(|element| element.text.clone())
            .collect();
        let prose = scan
            .lines
            .iter()
            .rfind(|line| line.range.len() >= PROSE_FROM && line.linked * 3 < line.range.len());
        scan.prose_ends = prose.map_or(0, |line| line.range.end);
        scan.words = scan.text.split_whitespace().count();
        self.scan
    }
}

/// A range moved to where the text really is: white space that ended a line was taken back while elements were open.
fn fitted(text: &str, range: &Range<usize>, trimmed: bool) -> Range<usize> {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (fit(range.start), fit(range.end));
    let start = start.min(end);
    if !trimmed {
        return start..end;
    }
    let within = &text[start..end];
    let start = start + (within.len() - within.trim_start().len());
    start..start + within.trim().len()
}

/// Whether a heading (folded) stands over what the site wants one to read next.
fn is_tail_heading(heading: &str) -> bool {
    if heading.is_empty() || heading.len() > 90 {
        return false;
    }
    let tail = Words::bundled().phrases(Phrase::Tail);
    let heading = super::role::without_number(heading);
    tail.begins(heading).is_some_and(|length| {
        let rest = heading[length..].split_whitespace().count();
        // "More from the Verge" is one, "More women vote than men did" is none; one word alone begins many a heading.
        if heading[..length].contains(' ') {
            rest <= 4
        } else {
            rest == 0
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_counted_as_elements_with_an_address() {
        let scan = scan(
            "<p><a href=1>one</a> <a name=x>no</a><a href=''>two</a></p><noscript><a href=3>three</a></noscript><a href=4><img alt=four></a>",
        );
        assert_eq!(
            scan.anchors
                .iter()
                .map(|anchor| anchor.href.as_str())
                .collect::<Vec<_>>(),
            ["1", "", "3", "4"]
        );
        assert_eq!(scan.slice(&scan.anchors[0].text), "one");
        assert_eq!(scan.slice(&scan.anchors[2].text), "");
        assert_eq!(scan.anchors[3].images.as_deref(), Some("four"));
    }

    #[test]
    fn the_text_has_one_line_a_block() {
        let scan = scan("<h2>A <b>title</b> </h2><div>One\n two<p>three</p>four<br>five</div>");
        assert_eq!(scan.text, "A title\nOne two\nthree\nfour\nfive\n");
        assert_eq!(scan.lines.len(), 5);
    }

    #[test]
    fn a_tail_ends_with_the_next_heading_or_with_its_box() {
        let scan = scan(
            "<a href=0>0</a><aside><h3>Lees ook</h3><a href=1>1</a></aside><a href=2>2</a><h2>Related articles</h2><h3>x</h3><a href=3>3</a><h2>Part two</h2><a href=4>4</a><p><b>Read next:</b></p><a href=5>5</a>",
        );
        let tails: Vec<bool> = scan
            .anchors
            .iter()
            .map(|anchor| anchor.tail.is_some())
            .collect();
        assert_eq!(tails, [false, true, false, true, false, true]);
    }

    #[test]
    fn headings_of_articles_are_no_tails() {
        for heading in [
            "share prices fall",
            "latest findings on apes suggest more",
            "more women vote than men did before",
            "explore mars with us",
            "",
        ] {
            assert!(!is_tail_heading(heading), "{heading}");
        }
        for heading in [
            "share",
            "more from the verge",
            "aanbevolen voor jou",
            "in de kijker",
            "mehr zum thema",
            "関連記事",
        ] {
            assert!(is_tail_heading(heading), "{heading}");
        }
    }

    #[test]
    fn deep_nesting_is_walked_without_deep_calls() {
        let html = format!("{}<a href=x>y</a>", "<div>".repeat(DEPTH_AT_MOST));
        assert!(!is_too_deep(&html[..html.len() - 20]));
        assert_eq!(scan(&html).anchors.len(), 1);
        assert!(is_too_deep(&"<DIV class=x>".repeat(DEPTH_AT_MOST + 1)));
        assert!(!is_too_deep(
            &"<div><br><p>x</div>".repeat(DEPTH_AT_MOST + 1)
        ));
    }
}
