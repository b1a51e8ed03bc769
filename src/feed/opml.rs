//! OPML 1 and 2, in and out.

use super::list::{List, Listed};

/// Reads OPML, well-formed or not.
pub fn read(_text: &str) -> List {
    todo!()
}

/// Writes OPML 2.0; the tag `a/b` becomes a folder within a folder.
pub fn write(_title: &str, _feeds: &[Listed]) -> String {
    todo!()
}
