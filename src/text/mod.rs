//! Text: bytes to characters, HTML to lines, and text that cannot harm a terminal.
//!
//! - [`SafeText`] holds no control character, bidi control, tag character or zero-width trick.
//! - Laying out is pure: HTML and a width in, [`Lines`] out. It is never done on the UI thread.
//! - Nothing here knows colours: spans carry roles.

pub mod charset;
pub mod html;
pub mod lines;
pub mod markdown;
pub mod safe;

pub use charset::{Decoded, decode};
pub use html::{LayOut, lay_out, plain};
pub use lines::{Line, LineKind, Lines, Role, Span};
pub use safe::SafeText;
