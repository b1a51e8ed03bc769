//! A run of text to annotated pieces: html2text with a decorator of our own.

use super::super::blocks::{Look, Piece, Text};
use super::super::safe;
use super::dom::{self, Handle};
use html2text::RcDom;
use html2text::config::{self, Config, ImageRenderMode};
use html2text::render::TextDecorator;

/// Columns that no run is ever as wide as: lines are broken where the HTML breaks them, and later by us.
const ENDLESS: usize = 1 << 40;

/// Stands for an image without words.
const NO_WORDS: &str = "\u{f8f0}";

/// Converts runs.
pub(super) struct Runs {
    config: Config<Marks>,
}

impl Runs {
    pub(super) fn new() -> Runs {
        let config = config::with_decorator(Marks)
            .link_footnotes(false)
            .unicode_strikeout(false)
            .empty_img_mode(ImageRenderMode::ShowAlways)
            .allow_width_overflow();
        Runs { config }
    }

    /// A whole HTML text.
    pub(super) fn parse(&self, html: &str) -> Option<RcDom> {
        self.config.parse_html(html.as_bytes()).ok()
    }

    /// The nodes of a scrap of HTML.
    pub(super) fn snippet(&self, html: &str) -> Vec<Handle> {
        let Some(document) = self.parse(html) else {
            return Vec::new();
        };
        let body = document
            .document
            .nth_child(1)
            .and_then(|html| html.nth_child(2));
        body.map(|body| std::mem::take(&mut *body.children.borrow_mut()))
            .unwrap_or_default()
    }

    /// Siblings to lines of pieces; `look` is what stands around them.
    pub(super) fn convert(&self, run: Vec<Handle>, look: Look) -> Text {
        let part = RcDom::default();
        *part.document.children.borrow_mut() = run;
        let tree = self.config.dom_to_render_tree(&part);
        // A node that is dropped empties its children, and these belong to the article.
        part.document.children.borrow_mut().clear();
        let lines = tree
            .and_then(|tree| self.config.render_to_lines(tree, ENDLESS))
            .unwrap_or_default();
        lines
            .iter()
            .map(|line| {
                line.tagged_strings()
                    .map(|string| piece(&string.s, &string.tag, look))
                    .filter(|piece| !piece.text.is_empty() || piece.look.image.is_some())
                    .collect()
            })
            .collect()
    }
}

fn piece(text: &str, marks: &[Mark], around: Look) -> Piece {
    let mut look = around;
    for mark in marks {
        match *mark {
            Mark::Nothing => {}
            Mark::Link(number) => look.link = number.or(look.link),
            Mark::Em => look.em = true,
            Mark::Strong => look.strong = true,
            Mark::Strike => look.strike = true,
            Mark::Code => look.code = true,
            Mark::Raised => look.raised = true,
            Mark::Image(number) => look.image = Some(number),
        }
    }
    let text = if text == NO_WORDS {
        String::new()
    } else {
        safe::clean(text).replace('\n', " ")
    };
    Piece {
        text,
        look,
        ..Piece::default()
    }
}

/// What an element adds to the look of the text in it, where it is not converted with its text.
pub(super) fn look_of(node: &Handle, around: Look) -> Look {
    let mut look = around;
    match dom::name(node) {
        Some("a") => {
            look.link = dom::attribute(node, "href")
                .and_then(|number| number.parse().ok())
                .or(look.link);
        }
        Some("em" | "i" | "ins") => look.em = true,
        Some("strong" | "b") => look.strong = true,
        Some("s" | "del") => look.strike = true,
        Some("code") => look.code = true,
        Some("sup") => look.raised = true,
        _ => {}
    }
    look
}

/// What html2text says of a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    Nothing,
    Link(Option<u32>),
    Em,
    Strong,
    Strike,
    Code,
    Raised,
    /// An image that stands as a block.
    Image(u32),
}

/// Marks strings, and decorates nothing.
#[derive(Clone, Debug)]
struct Marks;

impl TextDecorator for Marks {
    type Annotation = Mark;

    fn decorate_link_start(&mut self, url: &str) -> (String, Mark) {
        (String::new(), Mark::Link(url.parse().ok()))
    }

    fn decorate_link_end(&mut self) -> String {
        String::new()
    }

    fn decorate_em_start(&self) -> (String, Mark) {
        (String::new(), Mark::Em)
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, Mark) {
        (String::new(), Mark::Strong)
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, Mark) {
        (String::new(), Mark::Strike)
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, Mark) {
        (String::new(), Mark::Code)
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) -> Mark {
        Mark::Nothing
    }

    fn decorate_preformat_cont(&self) -> Mark {
        Mark::Nothing
    }

    fn decorate_image(&mut self, src: &str, title: &str) -> (String, Mark) {
        let mark = src
            .strip_prefix('b')
            .and_then(|number| number.parse().ok())
            .map_or(Mark::Nothing, Mark::Image);
        let words = if title.trim().is_empty() {
            NO_WORDS
        } else {
            title
        };
        (words.to_owned(), mark)
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        String::new()
    }

    fn unordered_item_prefix(&self) -> String {
        String::new()
    }

    fn ordered_item_prefix(&self, _number: i64) -> String {
        String::new()
    }

    fn make_subblock_decorator(&self) -> Marks {
        Marks
    }

    fn decorate_superscript_start(&self) -> (String, Mark) {
        (String::new(), Mark::Raised)
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
}
