//! Model to frame.

use super::Model;
use ratatui::Frame;

/// Where hyperlinks stand on the last drawn frame is told by the cells' underline colour: `Rgb` of the link's number in
/// [`Model`]'s table of links.
pub fn draw(_model: &Model, _frame: &mut Frame<'_>) {
    todo!()
}
