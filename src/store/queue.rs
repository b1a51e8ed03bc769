//! The queue before the writing thread: edits in one lane, visits and pages in the other.
//!
//! Neither lane is bounded here: edits come from a human or a command line; of a feed one record waits at most, and one that
//! brings entries carries a permit for its size ([`super::Hold`]) that is dropped when it is committed.

use super::{Hold, StoreError};
use crate::news::{Applied, Edit, KeptPage, VisitRecord};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// An edit that waits.
pub struct QueuedEdit {
    pub number: u64,
    pub edit: Edit,
    pub reply: Option<SyncSender<Result<Applied, StoreError>>>,
}

/// What came from the network, and waits.
pub enum Arrived {
    Record(Box<VisitRecord>, Hold),
    Keep(Box<KeptPage>, Hold),
    /// A page is as it was: its key, and when that was seen.
    Renew(String, i64, Hold),
}

#[derive(Default)]
struct State {
    edits: VecDeque<QueuedEdit>,
    arrived: VecDeque<Arrived>,
    /// The last number given to an edit.
    number: u64,
    /// The thread is at work on something taken.
    busy: bool,
    /// The last turn was the edits': what has arrived gets the next, or a stream of edits would keep it waiting for ever.
    edits_had_turn: bool,
    /// Idle work may be left.
    idle_left: bool,
    /// How many wait for idle work to be done: it then begins at once.
    hurried: usize,
    /// When the thread was last done with something that was queued. Idle work takes no rests between its pieces.
    worked: Option<Instant>,
    closing: bool,
    ended: bool,
}

/// Both lanes.
#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    /// Something to do.
    work: Condvar,
    /// Something was done.
    done: Condvar,
}

/// What the thread is to do next.
pub enum Next {
    Edits(Vec<QueuedEdit>),
    /// Take what has arrived with [`Queue::next_arrived`].
    Arrived,
    Idle,
    End,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Queues an edit and answers its number; `None` once closed.
    pub fn push_edit(
        &self,
        edit: Edit,
        reply: Option<SyncSender<Result<Applied, StoreError>>>,
    ) -> Option<u64> {
        let mut state = self.state();
        if state.closing || state.ended {
            return None;
        }
        state.number += 1;
        let number = state.number;
        state.edits.push_back(QueuedEdit {
            number,
            edit,
            reply,
        });
        self.work.notify_one();
        Some(number)
    }

    /// Queues what has arrived; once closed it is dropped.
    pub fn push_arrived(&self, arrived: Arrived) {
        let mut state = self.state();
        if !state.closing && !state.ended {
            state.arrived.push_back(arrived);
            self.work.notify_one();
        }
    }

    /// For the thread: waits for something to do. Idle work begins when nothing has arrived for `rest`, or when somebody waits for it.
    pub fn next(&self, rest: Duration) -> Next {
        let mut state = self.state();
        state.busy = false;
        self.done.notify_all();
        let begin = *state.worked.get_or_insert_with(Instant::now);
        loop {
            let arrived_has_turn = state.edits_had_turn && !state.arrived.is_empty();
            let next = if !state.edits.is_empty() && !arrived_has_turn {
                Some(Next::Edits(state.edits.drain(..).collect()))
            } else if !state.arrived.is_empty() {
                Some(Next::Arrived)
            } else if state.closing {
                Some(Next::End)
            } else if state.idle_left && (state.hurried > 0 || begin.elapsed() >= rest) {
                Some(Next::Idle)
            } else {
                None
            };
            if let Some(next) = next {
                state.edits_had_turn = matches!(next, Next::Edits(_));
                state.busy = true;
                if !matches!(next, Next::Idle) {
                    state.worked = None;
                }
                return next;
            }
            state = if state.idle_left {
                self.work
                    .wait_timeout(state, rest.saturating_sub(begin.elapsed()))
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .0
            } else {
                self.work
                    .wait(state)
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
            };
        }
    }

    /// For the thread: the next that has arrived; unless it is the `first` of a batch, none while an edit waits.
    pub fn next_arrived(&self, first: bool) -> Option<Arrived> {
        let mut state = self.state();
        if first || state.edits.is_empty() {
            state.arrived.pop_front()
        } else {
            None
        }
    }

    /// For the thread: whether something waits that must not wait for idle work.
    pub fn urgent(&self) -> bool {
        let state = self.state();
        !state.edits.is_empty() || !state.arrived.is_empty() || state.closing
    }

    /// For the thread: waits until that is done, or something waits that must not; answers whether it is done. Whoever
    /// does it calls [`Queue::nudge`].
    pub fn wait_for(&self, done: &AtomicBool) -> bool {
        let mut state = self.state();
        loop {
            if done.load(Ordering::Acquire) {
                return true;
            }
            if !state.edits.is_empty() || !state.arrived.is_empty() || state.closing {
                return false;
            }
            state = self
                .work
                .wait(state)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// Has the thread look again at what it waits for.
    pub fn nudge(&self) {
        let _state = self.state();
        self.work.notify_all();
    }

    /// For the thread: whether idle work is left.
    pub fn set_idle_left(&self, left: bool) {
        self.state().idle_left = left;
    }

    /// Waits until everything queued is committed; with `idle`, also until no idle work is left.
    pub fn flush(&self, idle: bool) {
        let mut state = self.state();
        if idle {
            state.hurried += 1;
            self.work.notify_one();
        }
        while !state.ended
            && (state.busy
                || !state.edits.is_empty()
                || !state.arrived.is_empty()
                || (idle && state.idle_left))
        {
            state = self
                .done
                .wait(state)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        if idle {
            state.hurried -= 1;
        }
    }

    /// Nothing is taken any more; waits for the end of the thread, so long at most.
    pub fn close(&self, wait: Duration) {
        let mut state = self.state();
        state.closing = true;
        self.work.notify_one();
        let begin = Instant::now();
        while !state.ended && begin.elapsed() < wait {
            state = self
                .done
                .wait_timeout(state, wait.saturating_sub(begin.elapsed()))
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
    }

    /// For the thread: it ends, however it came to that. What waits is dropped, so that nobody waits for it.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.busy = false;
        state.edits.clear();
        state.arrived.clear();
        self.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{EntryId, FeedId};
    use crate::news::Outcome;

    fn edit() -> Edit {
        Edit::Note {
            entry: EntryId(1),
            text: String::new(),
        }
    }

    fn arrived() -> Arrived {
        let record = VisitRecord {
            feed: FeedId(1),
            at: chrono::DateTime::UNIX_EPOCH,
            took_ms: 0,
            bytes: 0,
            http: None,
            outcome: Outcome::Unchanged,
            validators: None,
            not_before: None,
            fresh_until: None,
            moved_to: None,
            body_hash: None,
        };
        Arrived::Record(Box::new(record), Box::new(()))
    }

    #[test]
    fn edits_go_first_and_never_twice_before_what_has_arrived() {
        let queue = Queue::default();
        queue.push_arrived(arrived());
        queue.push_arrived(arrived());
        queue.push_edit(edit(), None);
        assert!(matches!(queue.next(Duration::ZERO), Next::Edits(edits) if edits.len() == 1));
        queue.push_edit(edit(), None);
        assert!(matches!(queue.next(Duration::ZERO), Next::Arrived));
        assert!(queue.next_arrived(true).is_some());
        assert!(queue.next_arrived(false).is_none());
        assert!(matches!(queue.next(Duration::ZERO), Next::Edits(_)));
        assert!(matches!(queue.next(Duration::ZERO), Next::Arrived));
        assert!(queue.next_arrived(true).is_some());
        queue.set_idle_left(true);
        assert!(matches!(queue.next(Duration::ZERO), Next::Idle));
        queue.close(Duration::ZERO);
        assert!(matches!(queue.next(Duration::ZERO), Next::End));
        assert_eq!(queue.push_edit(edit(), None), None);
    }
}
