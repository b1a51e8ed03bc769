//! How an article and its sources are painted, whatever state the panes keep: plain functions of what is shown.
//! They cost what is seen, not what exists.

pub mod article;
pub mod sources;
