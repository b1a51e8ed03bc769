//! Many visits at once, politely.

use super::asking::{Asking, Run, Secrets};
use super::schedule::{Due, due};
use super::visit::{Done, Means, Parsing, visit};
use crate::feed::{FeedId, FeedUrl};
use crate::net::{Afterwards, Client, Gate, Lane, Reach, conditional};
use crate::news::{Outcome, VisitFacts, VisitRecord};
use crate::store::{Reader, StoreError, Writer};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::{JoinSet, spawn_blocking};

/// A claim outlives the longest visit by far, and ends by itself when its holder was killed.
const CLAIM: TimeDelta = TimeDelta::minutes(3);
/// A visit that begins so long after its feed was claimed claims it again.
const CLAIM_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// Between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// The plan is looked at again after this at the latest: clocks jump, machines sleep.
const LONGEST_SLEEP: Duration = Duration::from_mins(5);

/// After the first round in which nobody could be reached.
const AWAY: Duration = Duration::from_secs(30);

/// So many rounds in which nobody could be reached, and feeds that were never visited count as not to be reached.
const TRIED_FOR_NOTHING: u32 = 3;

/// How the poller behaves.
#[derive(Clone)]
pub struct Settings {
    /// Between timed visits of a feed.
    pub every: Duration,
    /// Decoded bytes of a feed.
    pub size_limit: usize,
    /// Threads for parsing.
    pub parsers: usize,
    /// Visits under way at once.
    pub overall: usize,
    /// Most entries of one visit that are kept.
    pub item_limit: u32,
    /// How feeds are asked for that have settings of their own, by the address that the config file names.
    pub asking: Arc<HashMap<FeedUrl, Asking>>,
    /// Runs `exec:` feeds and filters; `None`: they are off.
    pub commands: Option<Run>,
    /// Runs what prints a secret; `None`: nothing is run here.
    pub secret_commands: Option<Run>,
    /// Time for a command.
    pub command_time: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("every", &self.every)
            .field("size_limit", &self.size_limit)
            .field("item_limit", &self.item_limit)
            .field("asking", &self.asking.len())
            .field("commands", &self.commands.is_some())
            .finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            every: Duration::from_mins(30),
            size_limit: 20 << 20,
            parsers: 1,
            overall: 64,
            item_limit: 1000,
            asking: Arc::default(),
            commands: None,
            secret_commands: None,
            command_time: Duration::from_secs(30),
        }
    }
}

/// Which feeds to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those due by plan.
    Due,
    /// By hand: all.
    All,
    /// By hand: these.
    Feeds(Vec<FeedId>),
}

/// How far a round is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
    pub failed: usize,
    /// Feeds under way.
    pub visiting: Vec<FeedId>,
    /// Somebody asked for this round.
    pub by_hand: bool,
}

/// One visit of a round, for who wants to print it.
#[derive(Clone, Debug)]
pub struct Visited {
    /// What happened; the content of an updated feed went to the store and is empty here.
    pub record: VisitRecord,
    pub url: String,
    pub title: String,
    /// A sentence where the feed was skipped: why.
    pub skipped: Option<String>,
}

/// Told of each visit and of progress; must not block.
pub trait Watcher: Send + Sync {
    /// A visit has ended (its record may not be committed yet).
    fn visited(&self, visited: &Visited);
    /// How far it is; at most some ten a second.
    fn progress(&self, progress: &Progress);
}

/// The poller; lives on the runtime's threads. Cheap to clone.
#[derive(Clone)]
pub struct Poller(Arc<Inner>);

struct Inner {
    client: Client,
    gate: Gate,
    writer: Writer,
    database: PathBuf,
    /// Facts are asked for by whichever thread is free: opened anew, each of them would keep the room for it.
    reader: Arc<Mutex<Option<Reader>>>,
    /// Replaced as a whole when the config file has changed.
    settings: Mutex<Arc<Settings>>,
    secrets: Secrets,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    parsing: Parsing,
    wake: Notify,
    /// Rounds one after the other in which nobody could be reached.
    away: AtomicU32,
    /// Feeds that are being visited by this instance: never twice at once.
    under_way: Arc<Mutex<HashSet<FeedId>>>,
}

/// A feed's place among those under way. It is given up when the visit's record is committed (only then do the facts
/// say when the last visit was), or when the visit is called off.
struct UnderWay {
    feeds: Arc<Mutex<HashSet<FeedId>>>,
    feed: FeedId,
}

impl UnderWay {
    /// `None`: somebody is at it.
    fn begin(feeds: &Arc<Mutex<HashSet<FeedId>>>, feed: FeedId) -> Option<UnderWay> {
        lock(feeds).insert(feed).then(|| UnderWay {
            feeds: Arc::clone(feeds),
            feed,
        })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        lock(&self.feeds).remove(&self.feed);
    }
}

/// Whether a feed is ours to visit, as of when.
struct Claim {
    ours: bool,
    at: DateTime<Utc>,
}

/// A round's progress, and when it was last told.
struct Meter {
    progress: Progress,
    told: Option<Instant>,
    /// Something has changed since.
    stale: bool,
}

impl Meter {
    fn tell(&mut self, watcher: &dyn Watcher) {
        self.told = Some(Instant::now());
        self.stale = false;
        watcher.progress(&self.progress);
    }
}

/// Visits of a round in which nobody was reached. Whether the servers are away or the network is, only the others can
/// tell: as soon as one is reached, these are failures; when nobody was at all, they are none.
#[derive(Default)]
struct Unreached {
    reached: bool,
    held: Vec<Held>,
}

struct Held {
    record: VisitRecord,
    facts: VisitFacts,
    reach: Reach,
    under_way: UnderWay,
}

impl Unreached {
    /// Nobody was reached, and it was no single server's doing. `rounds`: how many were thought to be so before this one.
    fn network_is_away(&self, rounds: u32) -> bool {
        let hosts: HashSet<_> = self
            .held
            .iter()
            .map(|held| held.facts.visit_url.url().host_str().unwrap_or_default())
            .collect();
        // Servers that could not be reached the last time either say nothing about the network, and those that never
        // were say little: alone, they would pass for a network that is away for ever.
        let says_something = |held: &Held| match (held.facts.failures, held.facts.last_visit) {
            (0, Some(_)) => true,
            (0, None) => rounds < TRIED_FOR_NOTHING,
            _ => false,
        };
        !self.reached
            && !self.held.is_empty()
            && (self.held.iter().all(|held| held.reach == Reach::Away)
                || (hosts.len() > 1 && self.held.iter().any(says_something)))
    }
}

impl Poller {
    /// `database`: for a reader of its own. `clock`: what time it is.
    pub fn new(
        client: Client,
        gate: Gate,
        writer: Writer,
        database: PathBuf,
        settings: Settings,
        clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    ) -> Poller {
        let parsing = Parsing::new(settings.parsers);
        Poller(Arc::new(Inner {
            client,
            gate,
            writer,
            database,
            reader: Arc::default(),
            settings: Mutex::new(Arc::new(settings)),
            secrets: Secrets::default(),
            clock,
            parsing,
            wake: Notify::new(),
            away: AtomicU32::new(0),
            under_way: Arc::default(),
        }))
    }

    /// The list of feeds has changed: look at the plan again.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Other settings, from the next visit on.
    pub fn set(&self, settings: Settings) {
        *lock(&self.0.settings) = Arc::new(settings);
        self.0.secrets.forget();
        self.wake();
    }

    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&lock(&self.0.settings))
    }

    /// Visits what is asked for, and waits until all records are handed to the writer.
    pub async fn round(&self, asked: Asked, watcher: Arc<dyn Watcher>) {
        let Ok((facts, hosts)) = self.facts().await else {
            return;
        };
        self.visit_those(facts, &hosts, &asked, &watcher).await;
    }

    /// Visits feeds as they fall due, until the task is dropped or aborted.
    pub async fn run(&self, watcher: Arc<dyn Watcher>) {
        loop {
            let mut sleep = LONGEST_SLEEP;
            if let Ok((facts, hosts)) = self.facts().await {
                let now = (self.0.clock)();
                for facts in &facts {
                    if let Due::At(at) = due(facts, &self.settings(), false, now) {
                        sleep = sleep.min((at - now).to_std().unwrap_or_default());
                    }
                }
                self.visit_those(facts, &hosts, &Asked::Due, &watcher).await;
            }
            // Not more than one look a second, whatever the plan says: a visit that left no record must not spin. While
            // the network is away, whoever is due is tried again after half a minute, then less and less often.
            let away = self.0.away.load(Ordering::Relaxed);
            let sleep = sleep.max(if away == 0 {
                Duration::from_secs(1)
            } else {
                (AWAY * 2_u32.saturating_pow(away.min(8) - 1)).min(LONGEST_SLEEP)
            });
            let _ = tokio::time::timeout(sleep, self.0.wake.notified()).await;
        }
    }

    async fn facts(&self) -> Result<(Vec<VisitFacts>, HashMap<String, DateTime<Utc>>), StoreError> {
        let (database, kept) = (self.0.database.clone(), Arc::clone(&self.0.reader));
        spawn_blocking(move || {
            let known = lock(&kept).take();
            let reader = known.map_or_else(|| Reader::open(&database), Ok)?;
            let facts = (reader.visit_facts()?, reader.hosts()?.into_iter().collect());
            *lock(&kept) = Some(reader);
            Ok(facts)
        })
        .await
        .unwrap_or(Err(StoreError::Closed))
    }

    async fn visit_those(
        &self,
        facts: Vec<VisitFacts>,
        hosts: &HashMap<String, DateTime<Utc>>,
        asked: &Asked,
        watcher: &Arc<dyn Watcher>,
    ) {
        let now = (self.0.clock)();
        let settings = self.settings();
        let by_hand = *asked != Asked::Due;
        let wanted: Option<HashSet<FeedId>> = match asked {
            Asked::Feeds(feeds) => Some(feeds.iter().copied().collect()),
            Asked::All | Asked::Due => None,
        };
        let mut visits = Vec::new();
        for mut facts in facts {
            if wanted
                .as_ref()
                .is_some_and(|wanted| !wanted.contains(&facts.feed))
            {
                continue;
            }
            if let Some(until) = facts
                .visit_url
                .url()
                .host_str()
                .and_then(|host| hosts.get(host))
            {
                // A time that no server may ask for was written by a clock that was wrong.
                let until = Some(*until).filter(|until| *until <= now + conditional::AT_MOST);
                facts.not_before = facts.not_before.max(until);
            }
            match due(&facts, &settings, by_hand, now) {
                Due::Now => visits.extend(
                    UnderWay::begin(&self.0.under_way, facts.feed)
                        .map(|under_way| (facts, under_way)),
                ),
                _ if !by_hand => {}
                Due::At(at) => watcher.visited(&skipped(&facts, now, &why_not(&facts, at, now))),
                Due::Never => watcher.visited(&skipped(
                    &facts,
                    now,
                    "the server said that it is gone for good",
                )),
            }
        }
        if visits.is_empty() {
            if by_hand {
                watcher.progress(&Progress::default());
            }
            return;
        }
        let meter = Arc::new(Mutex::new(Meter {
            progress: Progress {
                total: visits.len(),
                by_hand,
                ..Progress::default()
            },
            told: None,
            stale: false,
        }));
        // All at once: one after the other they would cost as much as a visit that is answered with 304.
        let others = self
            .claim(visits.iter().map(|(facts, _)| facts.feed).collect(), now)
            .await;
        let unreached = Arc::new(Mutex::new(Unreached::default()));
        let mut feeds_of: HashMap<String, u32> = HashMap::new();
        for (facts, _) in &visits {
            *feeds_of.entry(host_of(facts)).or_default() += 1;
        }
        let mut tasks = JoinSet::new();
        for (facts, under_way) in visits {
            let claim = Claim {
                ours: !others.contains(&facts.feed),
                at: now,
            };
            let alone = feeds_of.get(&host_of(&facts)) == Some(&1);
            tasks.spawn(self.clone().one(
                facts,
                under_way,
                claim,
                if alone {
                    Afterwards::Close
                } else {
                    Afterwards::Keep
                },
                Arc::clone(&meter),
                Arc::clone(&unreached),
                Arc::clone(watcher),
            ));
        }
        // What changed within the pause between two reports is told when it is over, not with the next visit that ends.
        let mut pause = tokio::time::interval(REPORT_EVERY);
        loop {
            tokio::select! {
                joined = tasks.join_next() => if joined.is_none() { break },
                _ = pause.tick() => {
                    let mut meter = lock(&meter);
                    if meter.stale {
                        meter.tell(&**watcher);
                    }
                }
            }
        }
        let unreached = std::mem::take(&mut *lock(&unreached));
        if unreached.network_is_away(self.0.away.load(Ordering::Relaxed)) {
            self.0.away.fetch_add(1, Ordering::Relaxed);
            for held in unreached.held {
                let why = "the network is away; nothing is counted against the feed";
                watcher.visited(&skipped(&held.facts, now, why));
                self.0.writer.give_back(held.facts.feed);
            }
        } else {
            if unreached.reached {
                self.0.away.store(0, Ordering::Relaxed);
            }
            for held in unreached.held {
                self.record_failure(held, &meter, &**watcher);
            }
        }
        watcher.progress(&lock(&meter).progress);
    }

    /// Claims feeds; answers those that another instance has.
    async fn claim(&self, feeds: Vec<FeedId>, now: DateTime<Utc>) -> HashSet<FeedId> {
        let writer = self.0.writer.clone();
        spawn_blocking(move || writer.claim_all(&feeds, now + CLAIM))
            .await
            .unwrap_or_default()
            .into_iter()
            .collect()
    }

    /// A server that was not reached, though the network was there.
    fn record_failure(&self, held: Held, meter: &Mutex<Meter>, watcher: &dyn Watcher) {
        let told = Visited {
            record: without_content(&held.record),
            url: held.facts.url.to_string(),
            title: held.facts.title.to_string(),
            skipped: None,
        };
        lock(meter).progress.failed += 1;
        self.0.writer.record(held.record, Box::new(held.under_way));
        watcher.visited(&told);
    }

    async fn one(
        self,
        facts: VisitFacts,
        under_way: UnderWay,
        claim: Claim,
        afterwards: Afterwards,
        meter: Arc<Mutex<Meter>>,
        unreached: Arc<Mutex<Unreached>>,
        watcher: Arc<dyn Watcher>,
    ) {
        let inner = &self.0;
        let permit = inner.gate.enter(&host_of(&facts), Lane::Behind).await;
        report(&meter, &*watcher, |progress| {
            progress.visiting.push(facts.feed);
        });
        let now = (inner.clock)();
        let mut claimed = claim.ours;
        if claimed && now - claim.at > CLAIM_AGAIN {
            claimed = self.claim(vec![facts.feed], now).await.is_empty();
        }
        let mut failed = false;
        if claimed {
            let settings = self.settings();
            let means = Means {
                client: &inner.client,
                settings: &settings,
                asking: settings.asking.get(&facts.url),
                secrets: &inner.secrets,
                parsing: &inner.parsing,
                afterwards,
                now,
            };
            // In a box, and only now: thousands wait here for their turn, and what they will need is large.
            let done = Box::pin(visit(&facts, &means, permit)).await;
            if matches!(done.reach, Reach::Here | Reach::NotAsked) {
                let held = {
                    let mut unreached = lock(&unreached);
                    unreached.reached |= done.reach == Reach::Here;
                    if unreached.reached {
                        std::mem::take(&mut unreached.held)
                    } else {
                        Vec::new()
                    }
                };
                for held in held {
                    self.record_failure(held, &meter, &*watcher);
                }
                let Done { record, room, .. } = done;
                failed = !matches!(record.outcome, Outcome::Updated(_) | Outcome::Unchanged);
                let told = Visited {
                    record: without_content(&record),
                    url: facts.url.to_string(),
                    title: facts.title.to_string(),
                    skipped: None,
                };
                // The room rides along until the record is committed: visits slow down to what the disk can take.
                inner.writer.record(record, Box::new((room, under_way)));
                watcher.visited(&told);
            } else {
                let held = Held {
                    record: done.record,
                    facts: facts.clone(),
                    reach: done.reach,
                    under_way,
                };
                let known = {
                    let mut unreached = lock(&unreached);
                    if unreached.reached {
                        Some(held)
                    } else {
                        unreached.held.push(held);
                        None
                    }
                };
                if let Some(held) = known {
                    self.record_failure(held, &meter, &*watcher);
                }
            }
        } else {
            watcher.visited(&skipped(&facts, now, "another bron is visiting it"));
        }
        report(&meter, &*watcher, |progress| {
            progress.done += 1;
            progress.failed += usize::from(failed);
            progress.visiting.retain(|feed| *feed != facts.feed);
        });
    }
}

/// The host that is asked; none for a file.
fn host_of(facts: &VisitFacts) -> String {
    let host = facts.visit_url.url().host_str();
    host.unwrap_or_default().to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is done under these locks that could leave half a change behind.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn report(meter: &Mutex<Meter>, watcher: &dyn Watcher, change: impl FnOnce(&mut Progress)) {
    let mut meter = lock(meter);
    change(&mut meter.progress);
    meter.stale = true;
    if meter.told.is_none_or(|told| told.elapsed() >= REPORT_EVERY) {
        meter.tell(watcher);
    }
}

/// A copy of the record to be told, with its content's numbers but not its entries.
fn without_content(record: &VisitRecord) -> VisitRecord {
    let outcome = match &record.outcome {
        Outcome::Updated(_) => Outcome::Updated(Box::default()),
        other => other.clone(),
    };
    VisitRecord {
        feed: record.feed,
        at: record.at,
        took_ms: record.took_ms,
        bytes: record.bytes,
        http: record.http,
        outcome,
        validators: None,
        not_before: record.not_before,
        fresh_until: record.fresh_until,
        moved_to: record.moved_to.clone(),
        body_hash: record.body_hash,
    }
}

fn skipped(facts: &VisitFacts, now: DateTime<Utc>, why: &str) -> Visited {
    let record = VisitRecord {
        feed: facts.feed,
        at: now,
        took_ms: 0,
        bytes: 0,
        http: None,
        outcome: Outcome::Unchanged,
        validators: None,
        not_before: facts.not_before,
        fresh_until: facts.fresh_until,
        moved_to: None,
        body_hash: None,
    };
    Visited {
        record,
        url: facts.url.to_string(),
        title: facts.title.to_string(),
        skipped: Some(why.to_owned()),
    }
}

fn why_not(facts: &VisitFacts, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if facts.not_before.is_some_and(|until| until > now) {
        format!(
            "the server asked to be left alone until {} UTC",
            at.format("%-d %b %H:%M")
        )
    } else {
        "it was visited less than a minute ago".to_owned()
    }
}
