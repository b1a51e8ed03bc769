//! HTML to blocks. html2text parses, and converts each run of text between block elements to annotated pieces;
//! which block stands where is read from its DOM.
//!
//! - The DOM is mended once before: anchors and images are numbered, controls and hidden parts dropped.
//! - html2text is given one run at a time, so its time stays linear in the length of the article.
//! - Nesting is cut at [`DEPTH`] before the parser sees it: html5ever's time grows with the square of the depth.

mod dom;
mod mend;
mod run;
mod shallow;
mod table;

use super::blocks::{
    Block, Blocks, Definition, Image, Item, List, Look, Numbering, Piece, Text, each_piece,
};
use super::safe;
use dom::Handle;
use mend::Mended;
use run::Runs;
pub(super) use shallow::beginning;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Elements in elements that are followed. Real articles stay below 40.
const DEPTH: usize = 120;

/// Reads HTML. Never fails: what cannot be read comes as plain paragraphs.
pub(super) fn read(html: &str) -> Blocks {
    let html = shallow::without_hidden_escapes(html);
    let html = shallow::shallow(&html, DEPTH);
    // html2text is given foreign bytes, and has panicked before.
    catch_unwind(AssertUnwindSafe(|| read_dom(&html)))
        .ok()
        .flatten()
        .unwrap_or_else(|| without_tags(&html))
}

fn read_dom(html: &str) -> Option<Blocks> {
    let runs = Runs::new();
    let document = runs.parse(html)?;
    let mended = mend::mend(&document.document);
    let reader = Reader { runs };
    let mut blocks = reader.blocks(&dom::children(&document.document), Look::default(), true);
    finish_links(&mut blocks, &mended);
    Some(Blocks {
        blocks,
        images: mended.images,
    })
}

/// Marks the last piece of each anchor, and ties the marks of footnotes to the links of their notes.
fn finish_links(blocks: &mut [Block], mended: &Mended) {
    let mut pieces: HashMap<u32, u32> = HashMap::new();
    each_piece(blocks, &mut |piece| {
        if let Some(link) = piece.look.link {
            *pieces.entry(link).or_default() += 1;
        }
    });
    each_piece(blocks, &mut |piece| {
        let Some(link) = piece.look.link else { return };
        let Some(left) = pieces.get_mut(&link) else {
            return;
        };
        *left -= 1;
        piece.ends_link = *left == 0;
        if is_note_mark(&piece.text) {
            piece.note = mended.note_of(link);
        }
    });
}

/// `1`, `[12]`, `*`, `†`: what the mark of a footnote looks like.
pub(super) fn is_note_mark(text: &str) -> bool {
    let text = text.trim_matches(|c: char| matches!(c, '[' | ']' | '(' | ')') || c.is_whitespace());
    !text.is_empty()
        && text.len() <= 4
        && (text.bytes().all(|byte| byte.is_ascii_digit())
            || matches!(text, "*" | "†" | "‡" | "**"))
}

struct Reader {
    runs: Runs,
}

impl Reader {
    /// The blocks of some siblings. `tight`: text directly among them has no space around it.
    fn blocks(&self, siblings: &[Handle], look: Look, tight: bool) -> Vec<Block> {
        let mut out = Vec::new();
        let mut run: Vec<Handle> = Vec::new();
        let mut after_item = false;
        for node in siblings {
            let name = dom::name(node);
            if name.is_none_or(|name| !dom::is_block(name)) {
                if name.is_some() && dom::has_block(node) {
                    self.flush(&mut run, look, tight, &mut out);
                    out.extend(self.blocks(&dom::children(node), run::look_of(node, look), tight));
                } else {
                    run.push(node.clone());
                }
                continue;
            }
            self.flush(&mut run, look, tight, &mut out);
            let is_item = name == Some("li");
            let before = out.len();
            self.block(node, name.unwrap_or_default(), look, &mut out);
            // Items without a list around them still make one list.
            if is_item
                && after_item
                && before > 0
                && out.len() == before + 1
                && let (Some(Block::List(item)), Some(Block::List(list))) =
                    (out.pop(), out.last_mut())
            {
                list.items.extend(item.items);
            }
            after_item = is_item;
        }
        self.flush(&mut run, look, tight, &mut out);
        out
    }

    fn block(&self, node: &Handle, name: &str, look: Look, out: &mut Vec<Block>) {
        let children = dom::children(node);
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                for block in self.blocks(&children, look, true) {
                    out.push(match block {
                        Block::Paragraph { text, .. } => Block::Heading {
                            level,
                            text: without_permalinks(text),
                        },
                        other => other,
                    });
                }
            }
            "p" => out.extend(self.blocks(&children, look, false)),
            "blockquote" => {
                let quoted = self.blocks(&children, look, false);
                if !quoted.is_empty() {
                    out.push(Block::Quote(quoted));
                }
            }
            "ul" | "ol" | "menu" | "dir" => {
                let list = self.list(node, name == "ol", &children, look);
                if !list.items.is_empty() {
                    out.push(Block::List(list));
                }
            }
            "li" => {
                let blocks = self.blocks(&children, look, true);
                if !blocks.is_empty() {
                    out.push(Block::List(List {
                        numbering: Numbering::Bullet,
                        items: vec![Item { number: 1, blocks }],
                    }));
                }
            }
            "dl" => {
                let mut definitions = Vec::new();
                self.definitions(&children, look, &mut definitions);
                if !definitions.is_empty() {
                    out.push(Block::Definitions(definitions));
                }
            }
            "pre" | "listing" | "xmp" | "plaintext" => {
                let text = trimmed_code(self.runs.convert(vec![node.clone()], look));
                if !text.is_empty() {
                    out.push(Block::Code {
                        language: dom::language(node),
                        text,
                    });
                }
            }
            "table" => self.table(node, look, out),
            "hr" => out.push(Block::Rule),
            "figure" => self.figure(&children, look, out),
            "summary" => out.extend(self.blocks(
                &children,
                Look {
                    strong: true,
                    ..look
                },
                false,
            )),
            _ => out.extend(self.blocks(
                &children,
                look,
                !matches!(name, "article" | "section" | "main"),
            )),
        }
    }

    fn list(&self, node: &Handle, ordered: bool, children: &[Handle], look: Look) -> List {
        let mut list = List {
            numbering: numbering(node, ordered),
            items: Vec::new(),
        };
        let mut number = dom::attribute(node, "start")
            .and_then(|start| start.trim().parse().ok())
            .unwrap_or(1_i64);
        let mut step = 1;
        if ordered && dom::attribute(node, "reversed").is_some() {
            step = -1;
            if dom::attribute(node, "start").is_none() {
                number = children
                    .iter()
                    .filter(|child| dom::name(child) == Some("li"))
                    .count() as i64;
            }
        }
        for child in children {
            let is_item = dom::name(child) == Some("li");
            let blocks = if is_item {
                self.blocks(&dom::children(child), look, true)
            } else {
                self.blocks(std::slice::from_ref(child), look, true)
            };
            if blocks.is_empty() && !(is_item && ordered) {
                continue;
            }
            if is_item {
                if let Some(value) =
                    dom::attribute(child, "value").and_then(|value| value.trim().parse().ok())
                {
                    number = value;
                }
                list.items.push(Item { number, blocks });
                number = number.saturating_add(step);
            } else if let Some(last) = list.items.last_mut() {
                // A list directly in a list belongs to the item before it.
                last.blocks.extend(blocks);
            } else {
                list.items.push(Item { number, blocks });
            }
        }
        list
    }

    fn definitions(&self, children: &[Handle], look: Look, out: &mut Vec<Definition>) {
        for child in children {
            match dom::name(child) {
                Some("dt") => {
                    let text = flat(self.blocks(&dom::children(child), look, true));
                    if !text.is_empty() {
                        out.push(Definition::Term(text));
                    }
                }
                Some("dd") => {
                    let blocks = self.blocks(&dom::children(child), look, true);
                    if !blocks.is_empty() {
                        out.push(Definition::Meaning(blocks));
                    }
                }
                Some("div") => self.definitions(&dom::children(child), look, out),
                _ => {
                    let blocks = self.blocks(std::slice::from_ref(child), look, true);
                    if !blocks.is_empty() {
                        out.push(Definition::Meaning(blocks));
                    }
                }
            }
        }
    }

    /// The caption goes to the image above it; without an image it is a paragraph.
    fn figure(&self, children: &[Handle], look: Look, out: &mut Vec<Block>) {
        let mut blocks = Vec::new();
        let mut caption = Vec::new();
        for child in children {
            if dom::name(child) == Some("figcaption") {
                caption.extend(flat(self.blocks(&dom::children(child), look, true)));
            } else {
                blocks.extend(self.blocks(std::slice::from_ref(child), look, true));
            }
        }
        if !caption.is_empty() {
            match blocks.iter_mut().rev().find_map(|block| {
                if let Block::Image(image) = block {
                    Some(image)
                } else {
                    None
                }
            }) {
                Some(image) => image.caption = caption,
                None => blocks.push(Block::Paragraph {
                    text: caption,
                    tight: false,
                }),
            }
        }
        out.extend(blocks);
    }

    /// Converts what has gathered between two block elements.
    fn flush(&self, run: &mut Vec<Handle>, look: Look, tight: bool, out: &mut Vec<Block>) {
        if run.is_empty() {
            return;
        }
        if run.iter().all(dom::is_blank) {
            run.clear();
            return;
        }
        let mut paragraph: Text = Vec::new();
        let finish = |paragraph: &mut Text, out: &mut Vec<Block>| {
            let text = std::mem::take(paragraph);
            if has_letters(&text) {
                out.push(Block::Paragraph { text, tight });
            }
        };
        for line in self.runs.convert(std::mem::take(run), look) {
            if line
                .iter()
                .all(|piece| piece.text.trim().is_empty() && piece.look.image.is_none())
            {
                // Two line breaks in a row are what a paragraph is to many a feed.
                finish(&mut paragraph, out);
                continue;
            }
            let mut words = Vec::new();
            for mut piece in line {
                let Some(number) = piece.look.image.take() else {
                    words.push(piece);
                    continue;
                };
                if words
                    .iter()
                    .any(|word: &Piece| !word.text.trim().is_empty())
                {
                    paragraph.push(std::mem::take(&mut words));
                }
                finish(&mut paragraph, out);
                let link = piece.look.link;
                let caption = if piece.text.trim().is_empty() {
                    Vec::new()
                } else {
                    vec![vec![piece]]
                };
                out.push(Block::Image(Image {
                    number,
                    link,
                    caption,
                }));
                words.clear();
            }
            if words.iter().any(|word| !word.text.trim().is_empty()) {
                paragraph.push(words);
            }
        }
        finish(&mut paragraph, out);
    }
}

fn numbering(node: &Handle, ordered: bool) -> Numbering {
    if !ordered {
        return Numbering::Bullet;
    }
    match dom::attribute(node, "type").as_deref() {
        Some("a") => Numbering::LowerLetter,
        Some("A") => Numbering::UpperLetter,
        Some("i") => Numbering::LowerRoman,
        Some("I") => Numbering::UpperRoman,
        _ => Numbering::Decimal,
    }
}

fn has_letters(text: &Text) -> bool {
    text.iter()
        .flatten()
        .any(|piece| !piece.text.trim().is_empty())
}

/// The text of blocks, where only text can stand.
fn flat(blocks: Vec<Block>) -> Text {
    let mut text = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { text: lines, .. }
            | Block::Heading { text: lines, .. }
            | Block::Code { text: lines, .. } => text.extend(lines),
            Block::Quote(blocks) => text.extend(flat(blocks)),
            Block::List(list) => {
                text.extend(list.items.into_iter().flat_map(|item| flat(item.blocks)));
            }
            Block::Definitions(definitions) => text.extend(definitions.into_iter().flat_map(
                |definition| match definition {
                    Definition::Term(text) => text,
                    Definition::Meaning(blocks) => flat(blocks),
                },
            )),
            Block::Table(table) => text.extend(
                table
                    .rows
                    .into_iter()
                    .flat_map(|row| row.cells)
                    .flat_map(|cell| flat(cell.blocks)),
            ),
            Block::Image(image) => text.extend(image.caption),
            Block::Rule => {}
        }
    }
    text
}

/// Headings carry a link to themselves on many sites: a sign that says nothing in a terminal.
fn without_permalinks(mut text: Text) -> Text {
    for line in &mut text {
        if line.iter().any(|piece| !is_permalink(piece)) {
            line.retain(|piece| !is_permalink(piece));
        }
    }
    text
}

fn is_permalink(piece: &Piece) -> bool {
    piece.look.link.is_some()
        && matches!(
            piece.text.trim(),
            "#" | "¶" | "§" | "🔗" | "⚓" | "⚓︎" | "link"
        )
}

/// Code without the empty lines around it.
fn trimmed_code(mut text: Text) -> Text {
    let is_empty = |line: &Vec<Piece>| line.iter().all(|piece| piece.text.trim().is_empty());
    while text.last().is_some_and(is_empty) {
        text.pop();
    }
    let empty = text.iter().take_while(|line| is_empty(line)).count();
    text.drain(..empty);
    text
}

/// What is left when HTML cannot be read: its text, a paragraph per block element or empty line.
fn without_tags(html: &str) -> Blocks {
    let mut paragraphs = vec![String::new()];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if let Some(last) = paragraphs.last_mut() {
            last.push_str(&rest[..at]);
        }
        let tag = &rest[at..];
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name: String = tag[1..end]
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if dom::is_block(&name.to_ascii_lowercase()) || name.eq_ignore_ascii_case("br") {
            paragraphs.push(String::new());
        }
        rest = &tag[end..];
    }
    if let Some(last) = paragraphs.last_mut() {
        last.push_str(rest);
    }
    let blocks = paragraphs
        .into_iter()
        .map(|text| {
            let text = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&");
            safe::SafeText::line(&text).into_string()
        })
        .filter(|text| !text.is_empty())
        .map(|text| Block::Paragraph {
            text: vec![vec![Piece {
                text,
                ..Piece::default()
            }]],
            tight: false,
        })
        .collect();
    Blocks {
        blocks,
        images: Vec::new(),
    }
}
