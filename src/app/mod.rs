//! The app: the only room that knows both the screen and the world.

pub mod input;
pub mod links;
pub mod signals;
pub mod terminal;
