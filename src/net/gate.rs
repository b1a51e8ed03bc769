//! How many at once: in all, and per host. Feeds and pages meet here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who asks. What a reader waits for has places of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Feeds, cards.
    Behind,
    /// "Read here": two places in all and two a host are reserved.
    Waiting,
}

/// Places that only [`Lane::Waiting`] takes.
const WAITING: usize = 2;

/// The gate; cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    behind: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    per_host: usize,
    /// One semaphore for each host that somebody is at, or waits for.
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// Leave to ask; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    _overall: OwnedSemaphorePermit,
    _host: Option<HostPlace>,
}

/// A place at a host; the last one out takes the host's row away.
#[derive(Debug)]
struct HostPlace {
    gate: Arc<Inner>,
    host: String,
    /// `None` only while it is dropped, or while it still waits.
    place: Option<OwnedSemaphorePermit>,
    semaphore: Arc<Semaphore>,
}

impl Gate {
    /// `overall` at once in all, `per_host` at once to one host; at least one each.
    #[must_use]
    pub fn new(overall: usize, per_host: usize) -> Gate {
        let overall = overall.clamp(1, Semaphore::MAX_PERMITS);
        let per_host = per_host.clamp(1, Semaphore::MAX_PERMITS);
        Gate {
            inner: Arc::new(Inner {
                behind: Arc::new(Semaphore::new(overall)),
                waiting: Arc::new(Semaphore::new(WAITING)),
                per_host,
                hosts: Mutex::new(HashMap::new()),
            }),
        }
    }

    /// Waits for leave to ask this host. The host's place is taken first: who waits for a busy host
    /// must not keep the others from theirs.
    pub async fn enter(&self, host: &str, lane: Lane) -> Permit {
        match lane {
            Lane::Behind => {
                let place = HostPlace::wait(&self.inner, host).await;
                Permit {
                    _overall: take(&self.inner.behind).await,
                    _host: Some(place),
                }
            }
            // Two in all are at most two a host, so the one semaphore keeps both promises.
            Lane::Waiting => Permit {
                _overall: take(&self.inner.waiting).await,
                _host: None,
            },
        }
    }
}

impl HostPlace {
    async fn wait(gate: &Arc<Inner>, host: &str) -> HostPlace {
        let semaphore = {
            let mut hosts = gate.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            hosts
                .entry(host.to_owned())
                .or_insert_with(|| Arc::new(Semaphore::new(gate.per_host)))
                .clone()
        };
        // Made before waiting, so that a wait given up also takes the row away.
        let mut place = HostPlace {
            gate: gate.clone(),
            host: host.to_owned(),
            place: None,
            semaphore,
        };
        place.place = Some(take(&place.semaphore).await);
        place
    }
}

impl Drop for HostPlace {
    fn drop(&mut self) {
        let mut hosts = self
            .gate
            .hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.place = None;
        // The map, and this place; a permit in use or a waiter would hold a third.
        if Arc::strong_count(&self.semaphore) == 2 {
            hosts.remove(&self.host);
        }
    }
}

async fn take(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    semaphore
        .clone()
        .acquire_owned()
        .await
        .expect("the gate's semaphores are never closed")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a panic is how a test fails
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Polls once: inside, or still waiting at the gate.
    fn now<F: Future>(future: F) -> Option<F::Output> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_host_sees_no_more_than_its_places() {
        let gate = Gate::new(64, 2);
        let first = now(gate.enter("a.example", Lane::Behind));
        let _second = now(gate.enter("a.example", Lane::Behind)).unwrap();
        assert!(first.is_some());
        assert!(now(gate.enter("a.example", Lane::Behind)).is_none());
        assert!(now(gate.enter("b.example", Lane::Behind)).is_some());
        drop(first);
        assert!(now(gate.enter("a.example", Lane::Behind)).is_some());
    }

    #[test]
    fn waiting_for_a_busy_host_keeps_nobody_else_out() {
        let gate = Gate::new(2, 1);
        let _busy = now(gate.enter("a.example", Lane::Behind)).unwrap();
        let mut waiting = Box::pin(gate.enter("a.example", Lane::Behind));
        assert!(
            waiting
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        assert!(now(gate.enter("b.example", Lane::Behind)).is_some());
    }

    #[test]
    fn no_more_than_overall_are_inside() {
        let gate = Gate::new(2, 2);
        let _a = now(gate.enter("a.example", Lane::Behind)).unwrap();
        let _b = now(gate.enter("b.example", Lane::Behind)).unwrap();
        assert!(now(gate.enter("c.example", Lane::Behind)).is_none());
    }

    #[test]
    fn what_a_reader_waits_for_has_two_places_of_its_own() {
        let gate = Gate::new(1, 1);
        let _feed = now(gate.enter("a.example", Lane::Behind)).unwrap();
        let _first = now(gate.enter("a.example", Lane::Waiting)).unwrap();
        let _second = now(gate.enter("a.example", Lane::Waiting)).unwrap();
        assert!(now(gate.enter("b.example", Lane::Waiting)).is_none());
    }

    #[test]
    fn a_host_that_nobody_is_at_leaves_no_row() {
        let gate = Gate::new(2, 1);
        let inside = now(gate.enter("a.example", Lane::Behind)).unwrap();
        assert!(now(gate.enter("a.example", Lane::Behind)).is_none());
        drop(inside);
        assert!(gate.inner.hosts.lock().unwrap().is_empty());
    }
}
