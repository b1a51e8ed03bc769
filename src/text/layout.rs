//! Blocks to lines of a width.

mod code;
mod grid;
mod list;

pub(super) use list::numeral as list_numeral;

use super::blocks::{Block, Blocks, Definition, Image, Piece, Text};
use super::html::LayOut;
use super::lines::{Line, LineKind, Lines, Role, Span};
use super::width::width;
use super::wrap::{Order, Wrapped, wrap};

/// Columns below which indents are given up.
const NARROW: usize = 12;

/// Lays out blocks.
pub(super) fn lay_out(blocks: &Blocks, how: &LayOut<'_>, order: Order) -> Lines {
    let mut setter = Setter::new(how.numbers, usize::from(how.width.max(1)), order);
    setter.pictures = how.pictures;
    setter.blocks(&blocks.blocks);
    setter.trim_end();
    Lines {
        width: how.width,
        lines: setter.lines,
    }
}

/// Sets one block after the other, within what stands before every line.
struct Setter<'a> {
    numbers: &'a [Option<u32>],
    /// Columns and rows of pictures, by the number of the image.
    pictures: &'a [(u16, u16)],
    order: Order,
    lines: Vec<Line>,
    /// Characters of text so far.
    offset: usize,
    /// Columns of the whole line.
    columns: usize,
    prefixes: Vec<Prefix>,
    look: Around,
    /// Depth of lists, for their bullets.
    depth: usize,
}

/// What stands before lines: the bar of a quotation, a bullet and the indent below it.
struct Prefix {
    /// Before the first line, if that is other than the rest.
    first: Option<Vec<Span>>,
    rest: Vec<Span>,
    columns: usize,
}

/// What text is in.
#[derive(Clone, Copy, Default)]
struct Around {
    quote: bool,
    heading: Option<u8>,
    bold: bool,
    dim: bool,
}

impl<'a> Setter<'a> {
    fn new(numbers: &'a [Option<u32>], columns: usize, order: Order) -> Setter<'a> {
        Setter {
            numbers,
            pictures: &[],
            order,
            lines: Vec::new(),
            offset: 0,
            columns,
            prefixes: Vec::new(),
            look: Around::default(),
            depth: 0,
        }
    }

    /// Columns left of the line.
    fn room(&self) -> usize {
        self.columns
            .saturating_sub(self.prefixes.iter().map(|prefix| prefix.columns).sum())
            .max(1)
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 && !self.is_close(&blocks[index - 1], block) {
                self.blank();
            }
            self.block(block);
        }
    }

    /// Whether no empty line stands between two blocks: short lines of text that have no space around them.
    fn is_close(&self, before: &Block, after: &Block) -> bool {
        match (before, after) {
            (
                Block::Paragraph {
                    text: first,
                    tight: true,
                },
                Block::Paragraph {
                    text: second,
                    tight: true,
                },
            ) => {
                let short = |text: &Text| {
                    text.iter()
                        .map(|line| line.iter().map(|piece| piece.text.len()).sum::<usize>())
                        .sum::<usize>()
                        <= 60
                };
                short(first) && short(second)
            }
            (Block::Paragraph { tight: true, .. }, Block::List(_)) => self.depth > 0,
            _ => false,
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { text, .. } => self.text(text, LineKind::Text),
            Block::Heading { level, text } => {
                let outer = self.look;
                self.look = Around {
                    heading: Some(*level),
                    bold: true,
                    ..outer
                };
                self.text(text, LineKind::Heading(*level));
                self.look = outer;
            }
            Block::Quote(blocks) => {
                let outer = self.look;
                self.look = Around {
                    quote: true,
                    ..outer
                };
                let bar = vec![Span::new("▎ ", Role::Marker)];
                self.prefixes.push(Prefix {
                    first: None,
                    rest: bar,
                    columns: 2,
                });
                self.blocks(blocks);
                self.prefixes.pop();
                self.look = outer;
            }
            Block::List(list) => self.list(list),
            Block::Code { language, text } => self.code(language, text),
            Block::Table(table) => self.table(table),
            Block::Definitions(definitions) => self.definitions(definitions),
            Block::Rule => {
                let length = self.room().min(24);
                let pad = (self.room() - length) / 2;
                self.line(
                    vec![
                        Span::new(" ".repeat(pad), Role::Text),
                        Span::new("─".repeat(length), Role::Rule),
                    ],
                    LineKind::Rule,
                    0,
                );
            }
            Block::Image(image) => self.image(image),
        }
    }

    /// Text, wrapped.
    fn text(&mut self, text: &Text, kind: LineKind) {
        let kind = if self.look.quote && kind == LineKind::Text {
            LineKind::Quote
        } else {
            kind
        };
        for line in text {
            let spans = self.spans(line);
            let room = self.room();
            for wrapped in wrap(&spans, room, self.order) {
                self.wrapped(wrapped, kind);
            }
        }
    }

    fn wrapped(&mut self, wrapped: Wrapped, kind: LineKind) {
        let mut spans = wrapped.spans;
        if wrapped.right {
            let pad = self.room().saturating_sub(wrapped.width);
            if pad > 0 {
                spans.insert(0, Span::new(" ".repeat(pad), Role::Text));
            }
        }
        self.line(spans, kind, wrapped.letters);
    }

    /// One line, behind what stands before it.
    fn line(&mut self, spans: Vec<Span>, kind: LineKind, letters: usize) {
        let mut all = Vec::with_capacity(spans.len() + self.prefixes.len());
        for prefix in &mut self.prefixes {
            match prefix.first.take() {
                Some(first) => all.extend(first),
                None => all.extend(prefix.rest.iter().cloned()),
            }
        }
        all.extend(spans);
        self.lines.push(Line {
            spans: all,
            kind,
            offset: self.offset,
        });
        self.offset += letters;
    }

    /// An empty line, unless there is one, or nothing to stand between. The bars of quotations go through.
    fn blank(&mut self) {
        let begins = self.prefixes.iter().any(|prefix| prefix.first.is_some());
        if begins
            || self
                .lines
                .last()
                .is_none_or(|line| line.kind == LineKind::Blank)
        {
            return;
        }
        let last_bar = self
            .prefixes
            .iter()
            .rposition(|prefix| prefix.rest.iter().any(|span| span.role == Role::Marker));
        let mut spans: Vec<Span> = last_bar.map_or_else(Vec::new, |last| {
            self.prefixes[..=last]
                .iter()
                .flat_map(|prefix| prefix.rest.iter().cloned())
                .collect()
        });
        if let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        self.lines.push(Line {
            spans,
            kind: LineKind::Blank,
            offset: self.offset,
        });
    }

    fn trim_end(&mut self) {
        while self
            .lines
            .last()
            .is_some_and(|line| line.kind == LineKind::Blank)
        {
            self.lines.pop();
        }
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        for (index, definition) in definitions.iter().enumerate() {
            match definition {
                Definition::Term(text) => {
                    if index > 0 && matches!(definitions[index - 1], Definition::Meaning(_)) {
                        self.blank();
                    }
                    let outer = self.look;
                    self.look = Around {
                        bold: true,
                        ..outer
                    };
                    self.text(text, LineKind::Text);
                    self.look = outer;
                }
                Definition::Meaning(blocks) => self.indented(3, |setter| setter.blocks(blocks)),
            }
        }
    }

    fn image(&mut self, image: &Image) {
        let kind = LineKind::Image(image.number);
        let outer = self.look;
        self.look = Around { dim: true, ..outer };
        let blank = image
            .caption
            .iter()
            .flatten()
            .all(|piece| piece.text.trim().is_empty());
        if self.picture(image) {
            if !blank {
                self.text(&image.caption, kind);
            }
            self.look = outer;
            return;
        }
        let indent = if self.room() > NARROW { "  " } else { "" };
        self.prefixes.push(Prefix {
            first: Some(vec![Span::new("▣ ", Role::Marker)]),
            rest: vec![Span::new(indent, Role::Text)],
            columns: indent.len(),
        });
        if blank {
            let mut spans = vec![Span {
                link: image.link,
                ..Span::new(
                    "image",
                    if image.link.is_some() {
                        Role::Link
                    } else {
                        Role::Dim
                    },
                )
            }];
            spans.extend(image.link.and_then(|link| self.number(link)));
            self.line(spans, kind, 0);
        } else {
            self.text(&image.caption, kind);
        }
        self.prefixes.pop();
        self.look = outer;
    }

    /// Leaves the rows of a picture, in the middle of the line; `false`: there is none, or no room.
    fn picture(&mut self, image: &Image) -> bool {
        let size = self.pictures.get(image.number as usize);
        let Some(&(columns, rows)) = size.filter(|(columns, rows)| {
            *rows > 0 && *columns > 0 && usize::from(*columns) <= self.room()
        }) else {
            return false;
        };
        let pad = (self.room() - usize::from(columns)) / 2;
        for row in 0..rows {
            let mut spans = Vec::new();
            if pad > 0 {
                spans.push(Span::new(" ".repeat(pad), Role::Text));
            }
            let number = image.number;
            self.line(spans, LineKind::Picture { number, row }, 0);
        }
        true
    }

    /// Sets something further to the right, if there is room for it.
    fn indented(&mut self, columns: usize, set: impl FnOnce(&mut Self)) {
        let columns = if self.room() > NARROW + columns {
            columns
        } else {
            0
        };
        self.prefixes.push(Prefix {
            first: None,
            rest: vec![Span::new(" ".repeat(columns), Role::Text)],
            columns,
        });
        set(self);
        self.prefixes.pop();
    }

    /// Pieces as spans, with the numbers of their links.
    fn spans(&self, line: &[Piece]) -> Vec<Span> {
        let mut spans = Vec::with_capacity(line.len() + 2);
        for piece in line {
            self.push_piece(piece, &mut spans);
        }
        spans
    }

    fn push_piece(&self, piece: &Piece, spans: &mut Vec<Span>) {
        let look = piece.look;
        if (look.raised || piece.note.is_some())
            && let Some(number) = piece.note.and_then(|note| self.number(note))
        {
            spans.push(number);
            return;
        }
        let role = match () {
            () if look.link.is_some() => Role::Link,
            () if look.code => Role::Code,
            () if self.look.dim => Role::Dim,
            () => match self.look.heading {
                Some(level) => Role::Heading(level),
                None if self.look.quote => Role::Quote,
                None => Role::Text,
            },
        };
        let text = if look.raised {
            raised(&piece.text, look.link.is_some())
        } else {
            piece.text.clone()
        };
        let span = Span {
            text,
            role,
            bold: look.strong || self.look.bold,
            italic: look.em != self.look.quote,
            strike: look.strike,
            link: look.link,
        };
        match look
            .link
            .filter(|_| piece.ends_link)
            .and_then(|link| self.number(link))
        {
            Some(number) => {
                // Behind the last word, not behind the space that may follow it.
                let words = span.text.trim_end();
                let space = span.text[words.len()..].to_owned();
                spans.push(span.like(words.to_owned()));
                spans.push(number);
                if !space.is_empty() {
                    spans.push(Span {
                        link: None,
                        ..span.like(space)
                    });
                }
            }
            None => spans.push(span),
        }
    }

    /// The number of a link, if it has one.
    fn number(&self, link: u32) -> Option<Span> {
        let number = self
            .numbers
            .get(link as usize)
            .copied()
            .flatten()?
            .to_string();
        let text = match self.order {
            Order::Visual => superscript(&number).unwrap_or_default(),
            Order::Logical => format!("[{number}]"),
        };
        Some(Span {
            link: Some(link),
            ..Span::new(text, Role::LinkNumber)
        })
    }
}

/// Letters that have a raised form, raised; `None` if one has none.
fn superscript(text: &str) -> Option<String> {
    const PLAIN: &str = "0123456789+-−=()ni";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ";
    text.chars()
        .map(|c| {
            PLAIN
                .chars()
                .zip(RAISED.chars())
                .find(|&(plain, _)| plain == c)
                .map(|(_, raised)| raised)
        })
        .collect()
}

/// Raised text in a line of letters: `²`, `1st`, `[1]`, `^(a+b)`.
fn raised(text: &str, link: bool) -> String {
    let word = text.trim();
    if link {
        // The mark of a note, so written that it is not taken for the number of a source.
        return if word.starts_with(['[', '(']) || !super::parse::is_note_mark(word) {
            text.to_owned()
        } else {
            format!("[{word}]")
        };
    }
    if let Some(raised) = superscript(word) {
        return raised;
    }
    let ordinal = matches!(
        word.to_ascii_lowercase().as_str(),
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "ère"
            | "e"
            | "re"
            | "me"
            | "te"
            | "o"
            | "a"
            | "tm"
            | "sm"
            | "r"
    );
    if ordinal
        || word.is_empty()
        || !word
            .chars()
            .all(|c| c.is_alphanumeric() || "+-−*/ ".contains(c))
        || word.chars().count() > 8
    {
        return text.to_owned();
    }
    if word.chars().count() == 1 {
        format!("^{word}")
    } else {
        format!("^({word})")
    }
}
