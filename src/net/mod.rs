//! HTTP: one polite client, its limits, and the gate that says how many at once.
//!
//! - Private addresses are refused at the request, at every redirect and in the resolver.
//! - No cookies, no Referer; sizes are counted on the decoded stream; connect, silence and whole are timed.
//! - Nothing here knows feeds or pages.

pub mod client;
pub mod conditional;
mod decode;
pub mod gate;
mod guard;

pub use client::{Afterwards, Answer, Ask, Client, ClientSettings, Coming, NetError, Reach};
pub use gate::{Gate, Lane, Permit};

/// The runtime that client, poller and pages live on: two threads named `net`, and a pool for what blocks.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("net")
        .enable_all()
        .build()
}
