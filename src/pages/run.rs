//! What is wanted, in which order.

use super::fetch::{Fetched, endpoint, fetch, title_told};
use crate::address;
use crate::net::{Client, Gate, Lane};
use crate::news::Validators;
use crate::store::{Reader, Writer};
use crate::text::SafeText;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use url::Url;

/// Cards under way at once; an article that cites sixty things is no reason to ask sixty sites at once.
const CARDS_AT_ONCE: usize = 2;
/// Pages that readers wait for, at once.
const WAITING_AT_ONCE: usize = 4;
/// A failed page is not asked for again before this, unless a reader says so; four times as long after each failure more.
const FAILED_FOR: TimeDelta = TimeDelta::minutes(10);
const FAILED_FOR_AT_MOST: TimeDelta = TimeDelta::days(1);
/// What is not there will hardly come back.
const GONE_FOR: TimeDelta = TimeDelta::days(7);

/// How long a page that failed is left alone.
fn pause(http: Option<u16>, failures: u32) -> TimeDelta {
    if matches!(http, Some(404 | 410)) {
        return GONE_FOR;
    }
    let times = 4i32.saturating_pow(failures.saturating_sub(1).min(8));
    FAILED_FOR
        .checked_mul(times)
        .unwrap_or(FAILED_FOR_AT_MOST)
        .min(FAILED_FOR_AT_MOST)
}

/// When cards are fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cards {
    /// Asked once, with the first article that has sources.
    #[default]
    Ask,
    /// Of rows in sight.
    Visible,
    /// On a key press.
    Demand,
    Never,
}

/// How pages behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decoded bytes of a page.
    pub size_limit: usize,
    /// Days that a page or card is good for.
    pub keep_days: u32,
}

/// A page that somebody wants.
#[derive(Clone, Debug)]
pub struct Want {
    pub key: String,
    pub url: Url,
    /// Only the card.
    pub card_only: bool,
    /// A reader waits: goes first.
    pub waiting: bool,
    /// Even if it is kept and fresh, or failed just now.
    pub again: bool,
}

/// Told what became of a want: its key, and a sentence where it failed. The page itself is in the store by then.
pub type Told = Arc<dyn Fn(&str, Result<(), String>) + Send + Sync>;

/// Fetches pages; cheap to clone.
#[derive(Clone)]
pub struct Pages(Arc<Inner>);

struct Inner {
    client: Client,
    gate: Gate,
    writer: Writer,
    database: PathBuf,
    settings: Settings,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    told: Told,
    runtime: Handle,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Want>,
    behind: VecDeque<Want>,
    /// Keys under way, and whether for a card only.
    under_way: HashSet<(String, bool)>,
    waiting_now: usize,
    cards_now: usize,
}

impl Queue {
    /// Puts a want in, once.
    fn put(&mut self, want: Want) {
        let same = |known: &Want| known.key == want.key && known.card_only == want.card_only;
        if self.under_way.contains(&(want.key.clone(), want.card_only))
            || self.waiting.iter().any(same)
        {
            return;
        }
        self.behind.retain(|known| !same(known));
        // The newest that a reader waits for goes first: they have moved on from the older.
        if want.waiting {
            self.waiting.push_front(want);
        } else {
            self.behind.push_back(want);
        }
    }

    /// The next that may begin.
    fn take(&mut self) -> Option<Want> {
        let want = if self.waiting_now < WAITING_AT_ONCE {
            self.waiting.pop_front()
        } else {
            None
        };
        let want = match want {
            Some(want) => {
                self.waiting_now += 1;
                want
            }
            None if self.cards_now < CARDS_AT_ONCE => {
                let want = self.behind.pop_front()?;
                self.cards_now += 1;
                want
            }
            None => return None,
        };
        self.under_way.insert((want.key.clone(), want.card_only));
        Some(want)
    }

    fn done(&mut self, want: &Want) {
        self.under_way.remove(&(want.key.clone(), want.card_only));
        if want.waiting {
            self.waiting_now -= 1;
        } else {
            self.cards_now -= 1;
        }
    }
}

/// Dropped by the writer when the page is committed: then it can be told of.
struct Commit {
    told: Told,
    key: String,
    failed: Option<String>,
}

impl Drop for Commit {
    fn drop(&mut self) {
        (self.told)(&self.key, self.failed.take().map_or(Ok(()), Err));
    }
}

impl Pages {
    /// `database`: for a reader of its own. Must be made on a runtime.
    pub fn new(
        client: Client,
        gate: Gate,
        writer: Writer,
        database: PathBuf,
        settings: Settings,
        clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
        told: Told,
    ) -> Pages {
        Pages(Arc::new(Inner {
            client,
            gate,
            writer,
            database,
            settings,
            clock,
            told,
            runtime: Handle::current(),
            queue: Mutex::default(),
        }))
    }

    /// The same with a queue of its own, and somebody else who is told.
    #[must_use]
    pub fn telling(&self, told: Told) -> Pages {
        let inner = &self.0;
        Pages(Arc::new(Inner {
            client: inner.client.clone(),
            gate: inner.gate.clone(),
            writer: inner.writer.clone(),
            database: inner.database.clone(),
            settings: inner.settings.clone(),
            clock: Arc::clone(&inner.clock),
            told,
            runtime: inner.runtime.clone(),
            queue: Mutex::default(),
        }))
    }

    /// Queues a want; the same key twice is one.
    pub fn want(&self, want: Want) {
        self.queue().put(want);
        self.begin();
    }

    /// Withdraws what is not begun and nobody waits for.
    pub fn withdraw(&self) {
        self.queue().behind.clear();
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        while let Some(want) = { self.queue().take() } {
            let pages = self.clone();
            self.0.runtime.spawn(async move {
                pages.carry_out(&want).await;
                pages.queue().done(&want);
                pages.begin();
            });
        }
    }

    /// What is kept of a want: `Err` where it answers the want by itself, else what to ask with.
    async fn kept(&self, want: &Want) -> Result<Validators, Option<String>> {
        let (database, key) = (self.0.database.clone(), want.key.clone());
        let page =
            spawn_blocking(move || Reader::open(&database).and_then(|reader| reader.page(&key)))
                .await;
        let Ok(Ok(Some(page))) = page else {
            return Ok(Validators::default());
        };
        let copy = |url: &Url| address::original(url).is_some();
        if Url::parse(&page.url).is_ok_and(|kept| copy(&kept) != copy(&want.url)) && want.again {
            // What an archive says of its copy says nothing of the page itself, and the other way round.
            return Ok(Validators::default());
        }
        let age = (self.0.clock)() - page.fetched_at;
        if let Some(why) = page.failed {
            if want.again || age > pause(page.http, page.failures) {
                return Ok(Validators::default());
            }
            // An article that is kept is better than the sentence why there is no newer one.
            return Err(page.html.is_none().then(|| why.into_string()));
        }
        let enough = want.card_only || page.html.is_some();
        if enough && !want.again && age < TimeDelta::days(i64::from(self.0.settings.keep_days)) {
            return Err(None);
        }
        Ok(if enough {
            page.validators
        } else {
            Validators::default()
        })
    }

    /// The title of a video, from where its host tells it: a request of its own, through the gate like any other.
    async fn told_elsewhere(&self, want: &Want, lane: Lane) -> Option<SafeText> {
        let endpoint = endpoint(&want.url)?;
        let _permit = self.0.gate.enter(&address::site(&endpoint), lane).await;
        title_told(&self.0.client, endpoint).await
    }

    async fn carry_out(&self, want: &Want) {
        let inner = &self.0;
        let known = match self.kept(want).await {
            Ok(known) => known,
            Err(failed) => return (inner.told)(&want.key, failed.map_or(Ok(()), Err)),
        };
        let lane = if want.waiting {
            Lane::Waiting
        } else {
            Lane::Behind
        };
        let told = if want.card_only {
            self.told_elsewhere(want, lane).await
        } else {
            None
        };
        let host = want.url.host_str().unwrap_or_default();
        // Cards ask one site once at a time; what a reader waits for does not queue behind them.
        let permit = inner
            .gate
            .enter(
                if want.waiting {
                    host.to_owned()
                } else {
                    address::site(&want.url)
                }
                .as_str(),
                lane,
            )
            .await;
        let fetched = fetch(
            &inner.client,
            &want.url,
            &want.key,
            &known,
            want.card_only,
            inner.settings.size_limit,
            told,
            (inner.clock)(),
        )
        .await;
        match fetched {
            Fetched::Away(why) => (inner.told)(&want.key, Err(why.into_string())),
            Fetched::Same => {
                let commit = Commit {
                    told: Arc::clone(&inner.told),
                    key: want.key.clone(),
                    failed: None,
                };
                inner
                    .writer
                    .renew(&want.key, (inner.clock)(), Box::new((permit, commit)));
            }
            Fetched::Page(page) => {
                let failed = page
                    .result
                    .as_ref()
                    .err()
                    .map(|why| why.as_str().to_owned());
                // A page that is kept is not thrown away because the site is broken today.
                let is_kept = failed.is_some() && known != Validators::default();
                let commit = Commit {
                    told: Arc::clone(&inner.told),
                    key: want.key.clone(),
                    failed,
                };
                if is_kept {
                    // It counts as seen long enough ago that it is asked for again tomorrow.
                    let keep =
                        TimeDelta::days(i64::from(inner.settings.keep_days.saturating_sub(1)));
                    let seen = (inner.clock)() - keep;
                    inner
                        .writer
                        .renew(&want.key, seen, Box::new((permit, commit)));
                } else {
                    inner.writer.keep(*page, Box::new((permit, commit)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(key: &str, waiting: bool) -> Want {
        let url = Url::parse(&format!("https://{key}.example/")).expect("an address");
        Want {
            key: key.into(),
            url,
            card_only: !waiting,
            waiting,
            again: false,
        }
    }

    #[test]
    fn what_a_reader_waits_for_goes_first_and_cards_two_at_once() {
        let mut queue = Queue::default();
        for key in ["a", "b", "c"] {
            queue.put(want(key, false));
        }
        queue.put(want("now", true));
        let taken: Vec<Want> = std::iter::from_fn(|| queue.take()).collect();
        assert_eq!(
            taken
                .iter()
                .map(|want| want.key.as_str())
                .collect::<Vec<_>>(),
            ["now", "a", "b"]
        );
        queue.done(&taken[1]);
        assert_eq!(queue.take().map(|want| want.key), Some("c".into()));
    }

    #[test]
    fn the_pause_grows_with_each_failure_up_to_a_day_and_what_is_gone_stays_gone() {
        for (http, failures, minutes) in [
            (None, 0, 10),
            (Some(500), 1, 10),
            (Some(500), 2, 40),
            (None, 3, 160),
            (Some(403), 4, 640),
            (Some(403), 5, 1440),
            (None, 99, 1440),
            (Some(404), 1, 7 * 1440),
            (Some(410), 9, 7 * 1440),
        ] {
            assert_eq!(
                pause(http, failures).num_minutes(),
                minutes,
                "{http:?} {failures}"
            );
        }
    }

    #[test]
    fn the_same_want_twice_is_one() {
        let mut queue = Queue::default();
        queue.put(want("a", false));
        queue.put(want("a", false));
        assert_eq!(queue.behind.len(), 1);
        let taken = queue.take().expect("one");
        queue.put(want("a", false));
        assert!(queue.behind.is_empty());
        queue.done(&taken);
        queue.put(want("a", false));
        assert_eq!(queue.behind.len(), 1);
    }
}
