//! Tables: of data, or a layout that is no table to a reader.

use super::super::blocks::{Block, Cell, Definition, Look, Row, Table, Text};
use super::dom::{self, Handle};
use super::{Reader, flat};

/// Columns and rows that a cell may say it spans.
const SPAN: usize = 64;

/// Characters in one cell beyond which a table is a layout of texts.
const LONG_CELL: usize = 600;

impl Reader {
    pub(super) fn table(&self, node: &Handle, look: Look, out: &mut Vec<Block>) {
        let mut table = Table::default();
        let mut head = false;
        self.rows(node, look, &mut head, &mut table);
        table
            .rows
            .retain(|row| row.cells.iter().any(|cell| !cell.blocks.is_empty()));
        drop_line_numbers(&mut table);
        if table.rows.is_empty() {
            out.extend((!table.caption.is_empty()).then_some(Block::Paragraph {
                text: table.caption,
                tight: false,
            }));
            return;
        }
        let presentation = dom::attribute(node, "role")
            .is_some_and(|role| matches!(role.as_str(), "presentation" | "none"));
        if presentation || is_layout(&table) {
            if !table.caption.is_empty() {
                out.push(Block::Paragraph {
                    text: table.caption,
                    tight: false,
                });
            }
            out.extend(
                table
                    .rows
                    .into_iter()
                    .flat_map(|row| row.cells)
                    .flat_map(|cell| cell.blocks),
            );
        } else {
            out.push(Block::Table(table));
        }
    }

    fn rows(&self, node: &Handle, look: Look, head: &mut bool, table: &mut Table) {
        for child in dom::children(node) {
            match dom::name(&child) {
                Some("caption") => {
                    table
                        .caption
                        .extend(flat(self.blocks(&dom::children(&child), look, true)));
                }
                Some("thead") => {
                    let first = table.rows.len();
                    self.rows(&child, look, head, table);
                    table.rows[first..]
                        .iter_mut()
                        .for_each(|row| row.header = true);
                }
                Some("tbody" | "tfoot") => self.rows(&child, look, head, table),
                Some("tr") => {
                    let row = self.row(&child, look);
                    *head |= row.header;
                    table.rows.push(row);
                }
                _ => {}
            }
        }
    }

    fn row(&self, node: &Handle, look: Look) -> Row {
        let cells: Vec<Cell> = dom::children(node)
            .iter()
            .filter(|child| matches!(dom::name(child), Some("td" | "th")))
            .map(|child| {
                let span = |name| {
                    dom::attribute(child, name)
                        .and_then(|value| value.trim().parse().ok())
                        .unwrap_or(1_usize)
                        .clamp(1, SPAN)
                };
                let header = dom::name(child) == Some("th");
                let right = dom::attribute(child, "align")
                    .is_some_and(|align| align.eq_ignore_ascii_case("right"))
                    || dom::attribute(child, "style")
                        .is_some_and(|style| style.replace(' ', "").contains("text-align:right"));
                Cell {
                    blocks: self.blocks(&dom::children(child), look, true),
                    header,
                    columns: span("colspan"),
                    rows: span("rowspan"),
                    right,
                }
            })
            .collect();
        Row {
            header: cells.len() > 1 && cells.iter().all(|cell| cell.header),
            cells,
        }
    }
}

/// Whether the table only puts texts beside each other.
fn is_layout(table: &Table) -> bool {
    let columns = table
        .rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or(0);
    columns <= 1
        || table
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|cell| is_page_like(&cell.blocks) || tables_deep(&cell.blocks) > 1)
}

/// How many tables stand within each other. A table of tables of tables is a page laid out, and to lay one out takes twice
/// the time of what is in it: the widths are measured first.
fn tables_deep(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match block {
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                1 + cells
                    .map(|cell| tables_deep(&cell.blocks))
                    .max()
                    .unwrap_or(0)
            }
            Block::Quote(blocks) => tables_deep(blocks),
            Block::List(list) => list
                .items
                .iter()
                .map(|item| tables_deep(&item.blocks))
                .max()
                .unwrap_or(0),
            Block::Definitions(definitions) => definitions
                .iter()
                .map(|definition| match definition {
                    Definition::Term(_) => 0,
                    Definition::Meaning(blocks) => tables_deep(blocks),
                })
                .max()
                .unwrap_or(0),
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::Rule
            | Block::Image(_) => 0,
        })
        .max()
        .unwrap_or(0)
}

fn is_page_like(blocks: &[Block]) -> bool {
    let paragraphs = blocks
        .iter()
        .filter(|block| matches!(block, Block::Paragraph { tight: false, .. }))
        .count();
    paragraphs > 2
        || length(blocks) > LONG_CELL
        || blocks
            .iter()
            .any(|block| matches!(block, Block::Heading { .. } | Block::Image(_) | Block::Rule))
}

fn length(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { text, .. } | Block::Heading { text, .. } => text_length(text),
            Block::Quote(blocks) => length(blocks),
            Block::List(list) => list.items.iter().map(|item| length(&item.blocks)).sum(),
            Block::Definitions(definitions) => definitions
                .iter()
                .map(|definition| match definition {
                    Definition::Term(text) => text_length(text),
                    Definition::Meaning(blocks) => length(blocks),
                })
                .sum(),
            Block::Table(_) | Block::Code { .. } | Block::Rule | Block::Image(_) => 0,
        })
        .sum()
}

fn text_length(text: &Text) -> usize {
    text.iter().flatten().map(|piece| piece.text.len()).sum()
}

/// Some sites put code into a table, the numbers of its lines in a cell of their own.
fn drop_line_numbers(table: &mut Table) {
    for row in &mut table.rows {
        let [first, second] = row.cells.as_slice() else {
            continue;
        };
        let digits = |text: &Text| {
            text.iter().flatten().all(|piece| {
                piece
                    .text
                    .chars()
                    .all(|c| c.is_ascii_digit() || c.is_whitespace())
            })
        };
        let numbers = match first.blocks.as_slice() {
            [Block::Code { text, .. } | Block::Paragraph { text, .. }] => digits(text),
            [] => true,
            _ => false,
        };
        if numbers && matches!(second.blocks.as_slice(), [Block::Code { .. }]) {
            row.cells.remove(0);
        }
    }
}
