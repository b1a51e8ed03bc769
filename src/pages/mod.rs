//! Pages: visits to web pages, when asked. What a reader waits for first, then cards worth having ahead.
//!
//! - Looks in the store first; nothing is fetched twice within its time.
//! - Every request goes through the gate; private addresses are refused where the connection is made.

pub mod fetch;
pub mod run;

pub use run::{Cards, Pages, Settings, Told, Want};
