//! Text: bytes to characters, HTML to lines, and text that cannot harm a terminal.
//!
//! - [`SafeText`] holds no control character, bidi control, tag character or zero-width trick.
//! - Laying out is pure: HTML and a width in, [`Lines`] out. It is never done on the UI thread.
//! - Nothing here knows colours: spans carry roles.

pub mod bidi;
mod blocks;
pub mod charset;
mod escape;
#[cfg(feature = "highlight")]
pub mod highlight;
pub mod html;
mod layout;
pub mod lines;
pub mod markdown;
mod parse;
pub mod safe;
pub mod script;
pub mod width;
mod wrap;

pub use blocks::Blocks;
pub use charset::{Decoded, decode};
pub use escape::escape;
pub use html::{LayOut, beginning, lay_out, lay_out_logical, plain};
pub use lines::{Line, LineKind, Lines, Role, Span};
pub use safe::SafeText;
