//! Settings: one table, files and flags.
//!
//! - Every setting is a row of [`table`]: its name, type, default and text. The example config, the manual and `config show`
//!   are made from the rows.
//! - Each room gets its own settings as a struct and looks nothing up.
//! - All mistakes of a file are reported at once, each with its line and the nearest name that exists; what is right counts.
//! - A file of the reader's is changed in its own format: comments and order stay, and it is replaced whole or not at all.

pub mod bundled;
pub mod example;
pub mod feeds;
pub mod hooks;
pub mod lists;
pub mod load;
pub mod mistake;
pub mod paths;
pub mod rules;
pub mod settings;
pub mod table;
pub mod themes;
pub mod value;

pub use lists::Lists;
pub use load::{Loaded, load, looks_of};
pub use mistake::Mistake;
pub use paths::Paths;
pub use settings::Settings;
