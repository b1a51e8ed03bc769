//! Settings: one table, files and flags.
//!
//! - Every setting is a row of [`table`]: its name, type, default and text. The example config, the manual and `config show`
//!   are made from the rows.
//! - Each room gets its own settings as a struct and looks nothing up.
//! - All mistakes of a file are reported at once, each with its line and the nearest name that exists; what is right counts.

pub mod load;
pub mod paths;

pub use load::Settings;
pub use paths::Paths;
