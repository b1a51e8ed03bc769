//! The poller: visits feeds when they are due and hands what it found to the store.
//!
//! - A feed is never visited by two tasks at once, nor by two instances.
//! - One host sees at most `per_host` visits at a time, however many feeds it serves.
//! - Nothing here knows the screen. Progress leaves as numbers.

pub mod asking;
pub mod ingest;
pub mod run;
pub mod schedule;
pub mod visit;

pub use asking::{Asking, Job, Secret};
pub use run::{Asked, Poller, Progress, Settings, Visited, Watcher};
