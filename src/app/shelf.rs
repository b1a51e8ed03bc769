//! Articles that are laid out ahead, where the screen's side finds them without asking the thread that has laid them out.
//!
//! That thread puts here what it keeps. What a commit makes stale is taken away at once by whoever hears of it; the thread
//! hears of it later, and what it would put here until then is refused.

use crate::feed::EntryId;
use crate::news::{ArticleView, Target};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An article of the store, laid out without pictures.
pub struct Ahead<V = ArticleView> {
    pub entry: EntryId,
    /// The whole page, not what the feed gave.
    pub whole_page: bool,
    pub width: u16,
    pub view: Arc<V>,
}

struct Inner<V> {
    articles: Vec<Ahead<V>>,
    /// How often something became stale.
    stale: u64,
}

/// One end puts, the other looks; both hold a clone. Nothing long is done under its lock.
pub struct Shelf<V = ArticleView>(Arc<Mutex<Inner<V>>>);

impl<V> Clone for Shelf<V> {
    fn clone(&self) -> Self {
        Shelf(Arc::clone(&self.0))
    }
}

impl<V> Default for Shelf<V> {
    fn default() -> Self {
        Shelf(Arc::new(Mutex::new(Inner {
            articles: Vec::new(),
            stale: 0,
        })))
    }
}

impl<V> Shelf<V> {
    /// These stand here now. `stale`: how often the one who puts them was told that something is.
    pub fn put(&self, articles: Vec<Ahead<V>>, stale: u64) {
        let mut inner = self.lock();
        if inner.stale == stale {
            // What stood here is freed outside the lock.
            let _before = std::mem::replace(&mut inner.articles, articles);
            drop(inner);
        }
    }

    /// Nothing here is certain any more.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.stale += 1;
        let _before = std::mem::take(&mut inner.articles);
        drop(inner);
    }

    /// The article, if it stands here in this width.
    pub fn find(&self, target: &Target, whole_page: bool, width: u16) -> Option<Arc<V>> {
        let Target::Entry(entry) = target else {
            return None;
        };
        let inner = self.lock();
        let found = inner
            .articles
            .iter()
            .find(|ahead| {
                (ahead.entry, ahead.whole_page, ahead.width) == (*entry, whole_page, width)
            })
            .map(|ahead| Arc::clone(&ahead.view));
        drop(inner);
        found
    }

    fn lock(&self) -> MutexGuard<'_, Inner<V>> {
        // Nothing that could fail half-way is done under it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(entry: i64, whole_page: bool, width: u16) -> Ahead<()> {
        Ahead {
            entry: EntryId(entry),
            whole_page,
            width,
            view: Arc::default(),
        }
    }

    #[test]
    fn an_article_is_found_as_it_was_laid_out_and_not_otherwise() {
        let shelf = Shelf::default();
        shelf.put(vec![ahead(1, false, 72), ahead(2, true, 72)], 0);
        let finds = |id, whole, width| {
            let target = Target::Entry(EntryId(id));
            shelf.find(&target, whole, width).is_some()
        };
        assert!(finds(1, false, 72) && finds(2, true, 72));
        assert!(!finds(1, false, 80), "another width");
        assert!(!finds(1, true, 72), "the whole page");
        assert!(!finds(3, false, 72), "another entry");
    }

    #[test]
    fn what_was_laid_out_before_a_change_does_not_come_back() {
        let shelf = Shelf::default();
        let target = Target::Entry(EntryId(1));
        shelf.put(vec![ahead(1, false, 72)], 0);
        shelf.clear();
        assert!(shelf.find(&target, false, 72).is_none());
        // Who puts it has not heard of the change yet.
        shelf.put(vec![ahead(1, false, 72)], 0);
        assert!(shelf.find(&target, false, 72).is_none());
        shelf.put(vec![ahead(1, false, 72)], 1);
        assert!(shelf.find(&target, false, 72).is_some());
    }
}
