//! HTML to text: laid out for a width, or plain.

use super::blocks::{Block, Blocks, Definition, List, Numbering, Table, Text};
use super::layout::{self, list_numeral};
use super::lines::Lines;
use super::parse;
use super::wrap::Order;

/// How to lay out.
#[derive(Clone, Copy, Debug)]
pub struct LayOut<'a> {
    /// Columns.
    pub width: u16,
    /// For each anchor of the HTML (`a[href]` in document order) the number to set behind its words, if it has one.
    pub numbers: &'a [Option<u32>],
    /// For each image of the HTML the columns and rows to leave for its picture; none where it is missing or empty.
    pub pictures: &'a [(u16, u16)],
}

/// HTML, sanitised or not, to lines. Never fails: what cannot be laid out comes as plain paragraphs.
pub fn lay_out(html: &str, how: &LayOut<'_>) -> Lines {
    Blocks::read(html).lay_out(how)
}

/// As [`lay_out`], for a pipe or a file: right-to-left text in the order in which it is read, numbers of links as `[1]`.
pub fn lay_out_logical(html: &str, how: &LayOut<'_>) -> Lines {
    Blocks::read(html).lay_out_logical(how)
}

/// The beginning of long HTML, about `length` bytes of it, cut where a block begins; `None`: it is not longer.
/// What [`lay_out`] makes of the whole begins with nearly the same lines (a list or a table at the cut may come out
/// otherwise): lay this out for the first screen, the whole behind, and replace.
pub fn beginning(html: &str, length: usize) -> Option<&str> {
    parse::beginning(html, length)
}

/// HTML to plain text: whole, unwrapped paragraphs, one blank line between blocks, code and tables line by line.
pub fn plain(html: &str) -> String {
    Blocks::read(html).plain()
}

impl Blocks {
    /// Reads HTML, sanitised or not. Never fails: what cannot be read comes as plain paragraphs.
    pub fn read(html: &str) -> Blocks {
        parse::read(html)
    }

    /// Lays out; as often as the width changes.
    pub fn lay_out(&self, how: &LayOut<'_>) -> Lines {
        layout::lay_out(self, how, Order::Visual)
    }

    /// Lays out for a pipe or a file, as [`lay_out_logical`].
    pub fn lay_out_logical(&self, how: &LayOut<'_>) -> Lines {
        layout::lay_out(self, how, Order::Logical)
    }

    /// For each image of the HTML its address as written, empty where it stands in a part that is not shown; and its width and
    /// height as written, in pixels, 0 where they are not.
    pub fn images(&self) -> &[(String, (u32, u32))] {
        &self.images
    }

    /// Plain text, as of [`plain`].
    pub fn plain(&self) -> String {
        plain_of(&self.blocks)
    }
}

pub(super) fn plain_of(blocks: &[Block]) -> String {
    let mut out = String::new();
    for (index, block) in blocks.iter().enumerate() {
        let text = plain_block(block);
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            let close = index > 0 && is_close(&blocks[index - 1], block);
            out.push_str(if close { "\n" } else { "\n\n" });
        }
        out.push_str(&text);
    }
    out
}

/// Text that has no space around it: its lines follow each other.
fn is_close(before: &Block, after: &Block) -> bool {
    matches!(before, Block::Paragraph { tight: true, .. })
        && matches!(after, Block::Paragraph { tight: true, .. } | Block::List(_))
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Paragraph { text, .. } | Block::Heading { text, .. } | Block::Code { text, .. } => {
            plain_text(text)
        }
        Block::Quote(blocks) => plain_of(blocks),
        Block::List(list) => plain_list(list),
        Block::Table(table) => plain_table(table),
        Block::Definitions(definitions) => {
            let parts: Vec<String> = definitions
                .iter()
                .map(|definition| match definition {
                    Definition::Term(text) => plain_text(text),
                    Definition::Meaning(blocks) => indented(&plain_of(blocks), "  ", "  "),
                })
                .collect();
            parts.join("\n")
        }
        Block::Rule => String::new(),
        Block::Image(image) => plain_text(&image.caption),
    }
}

fn plain_text(text: &Text) -> String {
    let lines: Vec<String> = text
        .iter()
        .map(|line| {
            line.iter()
                .map(|piece| piece.text.as_str())
                .collect::<String>()
                .replace('\u{a0}', " ")
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

fn plain_list(list: &List) -> String {
    let items: Vec<String> = list
        .items
        .iter()
        .map(|item| {
            let marker = match list.numbering {
                Numbering::Bullet => "• ".to_owned(),
                numbering => format!("{}. ", list_numeral(numbering, item.number)),
            };
            let indent = " ".repeat(marker.chars().count());
            indented(&plain_of(&item.blocks), &marker, &indent)
        })
        .collect();
    items.join("\n")
}

/// Text with something before its first line and something before the others.
fn indented(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::with_capacity(text.len() + first.len());
    out.push_str(first);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(rest);
            }
        }
        out.push_str(line);
    }
    out
}

/// Rows as lines, cells that share a line divided by two spaces.
fn plain_table(table: &Table) -> String {
    let mut lines = Vec::new();
    for row in &table.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| plain_of(&cell.blocks))
            .collect();
        let cells: Vec<Vec<&str>> = cells
            .iter()
            .map(|cell| {
                cell.split('\n')
                    .filter(|line| !line.trim().is_empty())
                    .collect()
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let parts: Vec<&str> = cells
                .iter()
                .filter_map(|cell| cell.get(at).copied())
                .collect();
            lines.push(parts.join("  "));
        }
    }
    if !table.caption.is_empty() {
        lines.push(plain_text(&table.caption));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
