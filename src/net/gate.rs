//! How many at once: in all, and per host. Feeds and pages meet here.

/// Who asks. What a reader waits for has places of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Feeds, cards.
    Behind,
    /// "Read here": two places in all and two a host are reserved.
    Waiting,
}

/// The gate; cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {}

/// Leave to ask; given back when dropped.
#[derive(Debug)]
pub struct Permit {}

impl Gate {
    /// `overall` at once in all, `per_host` at once to one host.
    pub fn new(_overall: usize, _per_host: usize) -> Gate {
        todo!()
    }

    /// Waits for leave to ask this host.
    pub async fn enter(&self, _host: &str, _lane: Lane) -> Permit {
        todo!()
    }
}
