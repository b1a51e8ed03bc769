//! HTTP: one polite client, its limits, and the gate that says how many at once.
//!
//! - Private addresses are refused at the request, at every redirect and in the resolver.
//! - No cookies, no Referer; sizes are counted on the decoded stream; connect, silence and whole are timed.
//! - Nothing here knows feeds or pages.

pub mod client;
pub mod conditional;
pub mod gate;

pub use client::{Answer, Ask, Client, ClientSettings, NetError};
pub use gate::{Gate, Lane, Permit};
