//! Code blocks: never reflowed, their language at the right of a line of its own.

use super::super::blocks::Text;
use super::super::wrap::letters;
use super::{LineKind, Role, Setter, Span, width};

/// Columns before code: a span of its own, the first of the code in each line.
pub(in super::super) const INDENT: &str = "  ";

impl Setter<'_> {
    pub(super) fn code(&mut self, language: &str, text: &Text) {
        if !language.is_empty() {
            let pad = self.room().saturating_sub(width(language) + 1);
            self.line(
                vec![
                    Span::new(" ".repeat(pad), Role::Code),
                    Span::new(language, Role::CodeLabel),
                ],
                LineKind::Code,
                0,
            );
        }
        for line in text {
            let mut spans = vec![Span::new(INDENT, Role::Code)];
            let mut count = 0;
            for piece in line {
                count += letters(&piece.text);
                let mut piece = piece.clone();
                piece.look.code = true;
                piece.look.raised = false;
                self.push_piece(&piece, &mut spans);
            }
            self.line(spans, LineKind::Code, count);
        }
    }
}
