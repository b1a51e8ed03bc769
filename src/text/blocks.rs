//! An article as blocks: what HTML says, without a width.
//!
//! - Blocks own their text, so they may be kept, sent to another thread and laid out again for another width.
//! - Every piece of text in them is safe for a terminal.

/// An article as blocks, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    pub(super) blocks: Vec<Block>,
    /// For each image of the HTML its address as written, empty where it stands in a part that is not shown; and its width and
    /// height as written, in pixels, 0 where they are not.
    pub(super) images: Vec<(String, (u32, u32))>,
}

/// How a piece of text looks, and where it leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// The anchor: its place among the `a[href]` of the HTML.
    pub link: Option<u32>,
    pub em: bool,
    pub strong: bool,
    pub strike: bool,
    pub code: bool,
    pub raised: bool,
    /// An image: its place among the images of the HTML.
    pub image: Option<u32>,
}

/// A run of text of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    pub look: Look,
    /// The last piece of its anchor: the number of the link stands behind it.
    pub ends_link: bool,
    /// For the mark of a footnote: the first anchor of the note.
    pub note: Option<u32>,
}

/// Text as the HTML breaks it: lines of pieces.
pub(super) type Text = Vec<Vec<Piece>>;

/// A part of an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// Text. `tight`: out of an element that has no space around it.
    Paragraph {
        text: Text,
        tight: bool,
    },
    Heading {
        level: u8,
        text: Text,
    },
    Quote(Vec<Block>),
    List(List),
    /// Code, line by line.
    Code {
        language: String,
        text: Text,
    },
    Table(Table),
    /// Terms and what they mean.
    Definitions(Vec<Definition>),
    Rule,
    Image(Image),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct List {
    pub numbering: Numbering,
    pub items: Vec<Item>,
}

/// What stands before the items of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Numbering {
    #[default]
    Bullet,
    Decimal,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Item {
    pub number: i64,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Definition {
    Term(Text),
    Meaning(Vec<Block>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Image {
    /// Its place among the images of the HTML, counted from 0.
    pub number: u32,
    pub link: Option<u32>,
    /// The caption, or the alternative text; may be empty.
    pub caption: Text,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub caption: Text,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub header: bool,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub blocks: Vec<Block>,
    pub header: bool,
    /// Columns it spans, at least 1.
    pub columns: usize,
    /// Rows it spans, at least 1.
    pub rows: usize,
    pub right: bool,
}

/// Visits every piece in the order of the text.
pub(super) fn each_piece(blocks: &mut [Block], visit: &mut dyn FnMut(&mut Piece)) {
    for block in blocks {
        match block {
            Block::Paragraph { text, .. }
            | Block::Heading { text, .. }
            | Block::Code { text, .. }
            | Block::Image(Image { caption: text, .. }) => each_in_text(text, visit),
            Block::Quote(blocks) => each_piece(blocks, visit),
            Block::List(list) => list
                .items
                .iter_mut()
                .for_each(|item| each_piece(&mut item.blocks, visit)),
            Block::Table(table) => {
                each_in_text(&mut table.caption, visit);
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    each_piece(&mut cell.blocks, visit);
                }
            }
            Block::Definitions(definitions) => {
                for definition in definitions {
                    match definition {
                        Definition::Term(text) => each_in_text(text, visit),
                        Definition::Meaning(blocks) => each_piece(blocks, visit),
                    }
                }
            }
            Block::Rule => {}
        }
    }
}

fn each_in_text(text: &mut Text, visit: &mut dyn FnMut(&mut Piece)) {
    text.iter_mut().flatten().for_each(visit);
}
