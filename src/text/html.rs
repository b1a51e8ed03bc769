//! HTML to text: laid out for a width, or plain.

use super::lines::Lines;

/// How to lay out.
#[derive(Clone, Copy, Debug)]
pub struct LayOut<'a> {
    /// Columns.
    pub width: u16,
    /// For each anchor of the HTML (`a[href]` in document order) the number to set behind its words, if it has one.
    pub numbers: &'a [Option<u32>],
}

/// HTML, sanitised or not, to lines. Never fails: what cannot be laid out comes as plain paragraphs.
pub fn lay_out(_html: &str, _how: &LayOut<'_>) -> Lines {
    todo!()
}

/// HTML to plain text: whole, unwrapped paragraphs, one blank line between blocks, code and tables line by line.
pub fn plain(_html: &str) -> String {
    todo!()
}
