//! The screen as a state machine: facts in, wishes out; no input, no output, no clock.
//!
//! - [`update`] is the only place that changes the [`Model`]; it cannot fail and does no I/O.
//! - Drawing takes `&Model` and costs what is seen, not what exists.
//! - A selection is an id: arriving entries never move the cursor.

mod act;
pub mod action;
#[cfg(test)]
mod card_journeys;
#[cfg(test)]
mod change_journeys;
pub mod columns;
pub mod effect;
pub mod event;
#[cfg(test)]
mod finding_journeys;
pub mod fit;
mod fragment;
mod info;
#[cfg(test)]
mod journeys;
pub mod keymap;
pub mod letters;
#[cfg(test)]
mod mark_journeys;
pub mod model;
mod mouse;
#[cfg(test)]
mod mouse_journeys;
mod over;
pub mod overlay;
pub mod paint;
pub mod pane;
pub mod picture;
pub mod plain;
#[cfg(test)]
mod plain_journeys;
pub mod reading;
pub mod screen;
pub mod theme;
pub mod tour;
pub mod trail;
pub mod update;
pub mod words;

pub use effect::Effect;
pub use event::Event;
pub use model::{Model, Settings};
pub use update::update;
