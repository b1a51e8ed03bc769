//! The app: the only room that knows both the screen and the world.
//!
//! - The screen's thread waits on nothing but its inbox; whatever asks a disk, the network or HTML runs elsewhere.
//! - Wishes go out through [`effects`]; facts come in through the inbox.
//! - The terminal is given back on every way out.

pub mod ahead;
pub mod ask;
pub mod briefing;
pub mod canvas;
pub mod command;
pub mod demo;
mod document;
pub mod effects;
pub mod files;
pub mod hooks;
pub mod input;
pub mod loader;
pub mod mailbox;
pub mod open;
pub mod pen;
#[cfg(feature = "images")]
pub mod pictures;
mod placed;
pub mod plain;
mod shaping;
mod shelf;
pub mod signals;
pub mod start;
pub mod subscribe;
pub mod terminal;
pub mod told;
pub mod ui_loop;
pub mod view;

pub use start::{How, demo, run};
