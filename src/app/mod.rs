//! The app: the only room that knows both the screen and the world.

pub mod input;
pub mod links;
pub mod loader;
pub mod mailbox;
pub mod signals;
pub mod terminal;
pub mod view;
