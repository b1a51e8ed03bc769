//! A queue of questions in which a newer question replaces an older one that is not begun.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

struct Inner<Q> {
    waiting: Mutex<(VecDeque<Q>, bool)>,
    come: Condvar,
}

/// One end asks, the other answers; both hold a clone. Short by construction: see [`Mailbox::ask`].
pub struct Mailbox<Q>(Arc<Inner<Q>>);

impl<Q> Clone for Mailbox<Q> {
    fn clone(&self) -> Self {
        Mailbox(Arc::clone(&self.0))
    }
}

impl<Q> Default for Mailbox<Q> {
    fn default() -> Self {
        Mailbox(Arc::new(Inner {
            waiting: Mutex::new((VecDeque::new(), false)),
            come: Condvar::new(),
        }))
    }
}

impl<Q> Mailbox<Q> {
    /// Puts a question in; those that `superseded` says are answered by it are taken out.
    pub fn ask(&self, question: Q, superseded: impl Fn(&Q) -> bool) {
        let mut waiting = self.lock();
        waiting.0.retain(|old| !superseded(old));
        waiting.0.push_back(question);
        self.0.come.notify_one();
    }

    /// Takes out what nobody waits for any more.
    pub fn withdraw(&self, superseded: impl Fn(&Q) -> bool) {
        self.lock().0.retain(|old| !superseded(old));
    }

    /// The next question; `None` when the mailbox was closed.
    pub fn next(&self) -> Option<Q> {
        let mut waiting = self.lock();
        loop {
            if waiting.1 {
                return None;
            }
            if let Some(question) = waiting.0.pop_front() {
                return Some(question);
            }
            waiting = self
                .0
                .come
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a question waits for which `urgent` holds: who does something long and optional looks now and then.
    pub fn any(&self, urgent: impl Fn(&Q) -> bool) -> bool {
        self.lock().0.iter().any(urgent)
    }

    /// Ends the answering side; what waits is not answered.
    pub fn close(&self) {
        self.lock().1 = true;
        self.0.come.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, (VecDeque<Q>, bool)> {
        // A panic while holding the lock leaves a whole queue behind: nothing is done under it that could fail half-way.
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_question_replaces_the_older_of_its_kind() {
        let mailbox = Mailbox::default();
        mailbox.ask(("list", 1), |_| false);
        mailbox.ask(("feeds", 2), |old| old.0 == "feeds");
        mailbox.ask(("list", 3), |old| old.0 == "list");
        assert_eq!(mailbox.next(), Some(("feeds", 2)));
        assert_eq!(mailbox.next(), Some(("list", 3)));
        assert!(!mailbox.any(|_| true));
        mailbox.close();
        assert_eq!(mailbox.next(), None);
    }
}
