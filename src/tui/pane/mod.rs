//! The panes: one file each. Drawing is a pure function of what is shown; it costs what is seen.

pub mod article;
pub mod sources;
