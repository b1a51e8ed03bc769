//! An article laid out for one width.

/// What a span is; only the theme knows how that looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Text,
    /// The words of a link.
    Link,
    /// The superscript number behind a link.
    LinkNumber,
    /// A heading of that level, 1 to 6.
    Heading(u8),
    Quote,
    /// Code, inline or a block.
    Code,
    /// The language of a code block.
    CodeLabel,
    /// Comment, keyword, string, number, type or function in code.
    CodeComment,
    CodeKeyword,
    CodeString,
    CodeNumber,
    CodeType,
    CodeFunction,
    /// A bullet, a number of a list, the bar of a quote.
    Marker,
    /// A rule, a border of a table.
    Rule,
    /// Captions, hints.
    Dim,
}

/// A run of text of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Safe text without line breaks.
    pub text: String,
    pub role: Role,
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
    /// The anchor this belongs to: its place among the `a[href]` elements of the HTML, counted from 0.
    pub link: Option<u32>,
}

/// What a line as a whole is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineKind {
    #[default]
    Text,
    Blank,
    Heading(u8),
    /// A line of a code block: has the faint ground, is never wrapped, may be scrolled sideways.
    Code,
    Quote,
    Table,
    Rule,
    /// The caption, or the place, of the image with that number in the HTML, counted from 0.
    Image(u32),
    /// A row left for the picture of that image: it begins behind the line's spans. Rows count from 0.
    Picture {
        number: u32,
        row: u16,
    },
}

/// One row of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub spans: Vec<Span>,
    pub kind: LineKind,
    /// Where the line begins: number of characters of text before it, white space and decoration not counted.
    /// The same at every width, so a place in a text survives a resize.
    pub offset: usize,
}

/// An article laid out for one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The width in columns that it was laid out for.
    pub width: u16,
    pub lines: Vec<Line>,
}

impl Span {
    /// Text of one role.
    pub fn new(text: impl Into<String>, role: Role) -> Span {
        Span {
            text: text.into(),
            role,
            ..Span::default()
        }
    }

    /// Other text that looks and links alike.
    #[must_use]
    pub fn like(&self, text: String) -> Span {
        Span {
            text,
            role: self.role,
            bold: self.bold,
            italic: self.italic,
            strike: self.strike,
            link: self.link,
        }
    }
}

impl Line {
    /// The text of the line, without roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Columns of the line.
    pub fn width(&self) -> usize {
        self.spans
            .iter()
            .map(|span| super::width::width(&span.text))
            .sum()
    }
}

impl Lines {
    /// The line in which the place `offset` (as in [`Line::offset`]) stands.
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.offset <= offset)
            .saturating_sub(1)
    }
}
