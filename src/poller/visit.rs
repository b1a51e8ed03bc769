//! One feed, one visit: conditional GET, parse, classify. Every end is a record with a sentence that says what happened
//! and what can be done.

use super::Settings;
use super::asking::{Asking, Job, Secrets};
use super::ingest::ingest;
use crate::feed::{self, FeedError, FeedUrl};
use crate::net::conditional::{fresh_until, retry_after};
use crate::net::{Afterwards, Answer, Ask, Client, NetError, Permit, Reach};
use crate::news::{Outcome, Validators, VisitFacts, VisitRecord};
use crate::text::SafeText;
use chrono::{DateTime, TimeDelta, Utc};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// What a feed may come as (RFC 9110, 12.5.1).
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5";

/// Bytes of feeds that are being read or wait to be stored. A feed that is larger has all of it to itself.
const ROOM: usize = 8 << 20;
/// What the room is counted in.
const UNIT: usize = 1 << 10;

/// Where feeds are read: so many at once, and with so much room from then until they are stored. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Parsing {
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

/// Room that a feed takes; given back when dropped.
pub type Room = Option<OwnedSemaphorePermit>;

impl Parsing {
    /// `places`: threads that read feeds at once.
    pub fn new(places: usize) -> Parsing {
        Parsing {
            places: Arc::new(Semaphore::new(places.max(1))),
            room: Arc::new(Semaphore::new(ROOM / UNIT)),
        }
    }

    /// Waits for room for so many bytes.
    async fn room(&self, bytes: usize) -> Room {
        Arc::clone(&self.room)
            .acquire_many_owned(u32::try_from(units(bytes)).unwrap_or(1))
            .await
            .ok()
    }

    /// Makes the room that was taken for what was expected fit what came. More is waited for with empty hands: who
    /// keeps some while waiting for more may wait for somebody who does the same.
    async fn fit(&self, room: Room, bytes: usize) -> Room {
        let taken = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let needed = units(bytes);
        match room {
            Some(mut room) if taken >= needed => {
                drop(room.split(taken - needed));
                Some(room)
            }
            room => {
                drop(room);
                self.room(bytes).await
            }
        }
    }
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT).clamp(1, ROOM / UNIT)
}

/// What a visit needs besides the feed's facts.
pub struct Means<'a> {
    pub client: &'a Client,
    pub settings: &'a Settings,
    /// How this feed is asked for, where it has settings of its own.
    pub asking: Option<&'a Asking>,
    pub secrets: &'a Secrets,
    pub parsing: &'a Parsing,
    /// What becomes of the connection.
    pub afterwards: Afterwards,
    pub now: DateTime<Utc>,
}

/// A visit, done.
pub struct Done {
    pub record: VisitRecord,
    /// The room of the record: to be held until it is stored.
    pub room: Room,
    /// What the visit says of the network.
    pub reach: Reach,
}

/// Visits a feed with leave to ask its host, which is given back as soon as all has come. Never fails: what goes wrong
/// is the record's outcome.
pub async fn visit(facts: &VisitFacts, means: &Means<'_>, leave: Permit) -> Done {
    let begun = Instant::now();
    let way = way_of_reading(means);
    let other_way = facts.body_hash.is_some_and(|known| known & WAY != way);
    let unvalidated = other_way.then(|| VisitFacts {
        validators: Validators::default(),
        ..facts.clone()
    });
    // “Not changed” would leave what the old filter made of it.
    let facts = unvalidated.as_ref().unwrap_or(facts);
    let mut record = VisitRecord {
        feed: facts.feed,
        at: means.now,
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
    // A file, a command and a secret that does not come say nothing about the network.
    let mut reach = Reach::NotAsked;
    let mut room = None;
    let body = match facts.visit_url.url().scheme() {
        "http" | "https" => match ask(facts, means).await {
            Ok(ask) => match come(means.client, ask, means.parsing).await {
                Ok((answer, taken)) => {
                    room = taken;
                    reach = Reach::Here;
                    take(answer, facts, means, &mut record)
                }
                Err(error) => {
                    reach = error.reach();
                    record.outcome = failed(&unreached(&error));
                    None
                }
            },
            Err(why) => {
                record.outcome = failed(&why);
                None
            }
        },
        "file" => take_file(facts, means, &mut record).await,
        _ => take_command(facts, means, &mut record).await,
    };
    if let Some(body) = body {
        // With leave until there is room: what has come and waits is bounded too.
        room = means.parsing.fit(room.take(), body.bytes.len()).await;
        drop(leave);
        match filtered(body, means).await {
            Ok(body) => read(body, facts, means, &mut record).await,
            Err(why) => cannot_be_read(&mut record, &why),
        }
    }
    // An answer without a word about it leaves what was said before (RFC 9111, 4.3.4): the same span, from now on.
    if record.fresh_until.is_none() {
        record.fresh_until = kept_freshness(facts, means.now);
    }
    record.took_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    Done {
        record,
        room,
        reach,
    }
}

/// What cannot be read must not become "unchanged" at the next visit.
fn cannot_be_read(record: &mut VisitRecord, why: &str) {
    record.body_hash = None;
    record.validators = None;
    record.outcome = failed(why);
}

/// The request: validators, and what the feed's settings say.
async fn ask(facts: &VisitFacts, means: &Means<'_>) -> Result<Ask, String> {
    let url = facts.visit_url.url().clone();
    let mut ask = Ask::new(url, ACCEPT, means.settings.size_limit);
    ask.etag.clone_from(&facts.validators.etag);
    ask.last_modified
        .clone_from(&facts.validators.last_modified);
    ask.afterwards = means.afterwards;
    // The host of the feed that the reader subscribed to, and no other, wherever the feed moved since.
    ask.private_host = facts.url.url().host_str().map(str::to_owned);
    if let Some(asking) = means.asking {
        asking
            .fill(&mut ask, &facts.url, means.secrets, means.settings)
            .await?;
    }
    Ok(ask)
}

/// Until when a feed stays fresh that says nothing new about it.
fn kept_freshness(facts: &VisitFacts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let span = facts.fresh_until? - facts.last_visit?;
    (span > TimeDelta::zero()).then(|| now + span.min(TimeDelta::days(1)))
}

/// Asks, and lets the body come when there is room for it.
async fn come(client: &Client, ask: Ask, parsing: &Parsing) -> Result<(Answer, Room), NetError> {
    let coming = client.begin(ask).await?;
    let room = match coming.weight() {
        0 => None,
        weight => parsing.room(weight).await,
    };
    Ok((coming.read().await?, room))
}

/// What came, to be read.
struct Body {
    bytes: Vec<u8>,
    content_type: Option<String>,
    url: url::Url,
}

fn failed(sentence: &str) -> Outcome {
    Outcome::Failed(SafeText::short(sentence, 400))
}

fn unreached(error: &NetError) -> String {
    let advice = match error {
        NetError::Away | NetError::NoWay => "It is visited when the network is back.",
        NetError::Port(_) => "Other services listen there; e edits the list.",
        NetError::Offline => "Start bron without --offline to visit it.",
        NetError::Private(_) => "Set allow_private if that is meant.",
        NetError::UnknownHost(_) => {
            "Its address may be wrong, or the site is gone; e edits the list."
        }
        NetError::Timeout | NetError::Connect(_) => "It is tried again later; r visits now.",
        NetError::TooLarge(_) => "feed_size in the config file allows more.",
        NetError::Certificate(_) => "The site has to mend that; it is tried again later.",
        _ => "It is tried again later.",
    };
    let words = error.to_string();
    let mut letters = words.chars();
    let words: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    format!("{words}. {advice}")
}

/// The server's word for a status, where it helps.
fn status_in_words(status: u16) -> &'static str {
    match status {
        400 => "it does not understand the request",
        401 => "it asks for a password",
        403 => "it refuses us",
        404 => "the feed is not there",
        429 => "too many visits",
        500 | 502 | 504 => "it is broken at the moment",
        503 => "it is too busy",
        _ => "no feed came",
    }
}

/// Takes the answer down; what is to be read comes back.
fn take(
    answer: Answer,
    facts: &VisitFacts,
    means: &Means<'_>,
    record: &mut VisitRecord,
) -> Option<Body> {
    let now = record.at;
    record.http = Some(answer.status);
    record.bytes = answer.wire;
    record.fresh_until = fresh_until(&answer, now);
    let says_freshness = answer.cache_control.is_some() || answer.expires.is_some();
    if record.fresh_until.is_none() && says_freshness && answer.status < 400 {
        // It said: not fresh. That is a word, and what was said before no longer holds.
        record.fresh_until = Some(now);
    }
    record.moved_to = moved_for_good(&answer, facts);
    match answer.status {
        304 if facts.validators == Validators::default() => {
            record.outcome = failed(
                "The server said “not changed” (304) although it was not asked that. It is tried again later.",
            );
        }
        304 => {}
        200..=299 => {
            record.validators = Some(Validators {
                etag: answer.etag.clone(),
                last_modified: answer.last_modified.clone(),
            });
            return unless_known(
                Body {
                    bytes: answer.body,
                    content_type: answer.content_type,
                    url: answer.url,
                },
                facts,
                means,
                record,
            );
        }
        410 => {
            record.outcome = Outcome::Gone(SafeText::line(
                "The server says that this feed is gone for good (410). It is no longer visited; D removes it.",
            ));
        }
        429 | 503 => {
            let wait = retry_after(&answer, now)
                .unwrap_or_else(|| now + back_off(answer.status, facts.failures));
            record.not_before = Some(wait);
            record.outcome = Outcome::Busy(SafeText::line(&format!(
                "The server said {}: {}. It is not asked again before {} UTC.",
                answer.status,
                status_in_words(answer.status),
                wait.format("%-d %b %H:%M"),
            )));
        }
        300..=399 => {
            record.outcome = failed(&format!(
                "The server said {} and sends us to an address that is not followed.",
                answer.status
            ));
        }
        status => {
            if matches!(status, 401 | 403) {
                // A password that was refused is asked for anew next time.
                means.secrets.forget();
            }
            let advice = match status {
                401 if means.asking.is_some_and(Asking::has_secret) => {
                    "What its user, password, token or cookie settings say may be wrong."
                }
                401 | 403 => "o opens its site.",
                404 => "Its address may have changed; e edits the list.",
                _ => "It is tried again later; r visits now.",
            };
            record.outcome = failed(&format!(
                "The server said {status}: {}. {advice}",
                status_in_words(status)
            ));
        }
    }
    None
}

/// How long to leave a server alone that asks for it without saying how long.
fn back_off(status: u16, failures: u32) -> TimeDelta {
    let minutes = if status == 429 { 60 } else { 15 };
    TimeDelta::minutes((minutes << failures.min(5)).min(24 * 60))
}

/// Where a chain of permanent moves (301, 308) leads, up to the first hop that is not permanent.
fn moved_for_good(answer: &Answer, facts: &VisitFacts) -> Option<FeedUrl> {
    let (_, to) = answer
        .hops
        .iter()
        .take_while(|(status, _)| matches!(status, 301 | 308))
        .last()?;
    let to: FeedUrl = to.as_str().parse().ok()?;
    let usable = answer.status < 400
        && to != facts.visit_url
        && matches!(to.url().scheme(), "http" | "https");
    usable.then_some(to)
}

/// A hash of the bytes: a server without validators still says "unchanged" this way.
fn hash(body: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(body);
    hasher.finish()
}

/// The part of a kept hash that says by which filter the body was read.
const WAY: u64 = 0xffff;

/// A feed's filter as a number: 0 for none.
fn way_of_reading(means: &Means<'_>) -> u64 {
    let filter = means.asking.map(|asking| asking.filter.as_slice());
    match filter.unwrap_or_default() {
        [] => 0,
        words => hash(words.join("\0").as_bytes()) & WAY,
    }
}

/// The body, unless it is that of the last visit.
fn unless_known(
    body: Body,
    facts: &VisitFacts,
    means: &Means<'_>,
    record: &mut VisitRecord,
) -> Option<Body> {
    // Read in another way, the same bytes are others.
    let hashed = hash(&body.bytes) & !WAY | way_of_reading(means);
    record.body_hash = Some(hashed);
    (facts.body_hash != Some(hashed)).then_some(body)
}

async fn read(body: Body, facts: &VisitFacts, means: &Means<'_>, record: &mut VisitRecord) {
    let settings = means.settings;
    let limit = Some(facts.item_limit.unwrap_or(settings.item_limit));
    let now = record.at;
    let Ok(_place) = Arc::clone(&means.parsing.places).acquire_owned().await else {
        record.outcome = failed("bron is being closed.");
        return;
    };
    // A parser of foreign bytes may panic: that is a fact about the feed, and ends here.
    let parsed = spawn_blocking(move || {
        let Body {
            bytes,
            content_type,
            url,
        } = body;
        let feed = feed::parse(&bytes, &url, content_type.as_deref())?;
        drop(bytes);
        let ttl = feed.ttl;
        Ok((ingest(feed, &url, limit, now), ttl))
    })
    .await;
    match parsed {
        Ok(Ok((content, ttl))) => {
            if let Some(ttl) = ttl
                .and_then(|ttl| i64::try_from(ttl).ok())
                .and_then(TimeDelta::try_seconds)
            {
                record.fresh_until = record
                    .fresh_until
                    .max(now.checked_add_signed(ttl.min(TimeDelta::days(1))));
            }
            record.outcome = Outcome::Updated(Box::new(content));
        }
        // What cannot be read must not become "unchanged" at the next visit.
        Ok(Err(error)) => {
            record.body_hash = None;
            record.validators = None;
            record.outcome = failed(&match error {
                FeedError::Empty => "The server sent nothing. It is tried again later.".to_owned(),
                FeedError::Html => "A web page came in place of the feed. The site may have moved it: o opens it, e edits the list.".to_owned(),
                FeedError::NotAFeed(why) => format!("What came is no feed ({why}). e edits the list."),
            });
        }
        Err(_) => {
            record.body_hash = None;
            record.validators = None;
            record.outcome =
                failed("This feed could not be read: it trips the parser. Please report it.");
        }
    }
}

/// The body as its filter makes it.
async fn filtered(body: Body, means: &Means<'_>) -> Result<Body, String> {
    match means.asking.map(|asking| &asking.filter) {
        Some(words) if !words.is_empty() => Ok(Body {
            bytes: run(words.clone(), body.bytes, means, "filter").await?,
            content_type: None,
            ..body
        }),
        _ => Ok(body),
    }
}

/// Runs a command of the reader's, within its limits.
async fn run(
    words: Vec<String>,
    input: Vec<u8>,
    means: &Means<'_>,
    what: &str,
) -> Result<Vec<u8>, String> {
    let Some(run) = means.settings.commands.clone() else {
        return Err(format!(
            "Commands as feeds and filters are off: this feed has a {what}. exec = true in the config file allows them."
        ));
    };
    let job = Job {
        words,
        input,
        limit: means.settings.size_limit,
        time: means.settings.command_time,
    };
    spawn_blocking(move || run(&job))
        .await
        .unwrap_or_else(|_| Err("it could not be run".to_owned()))
        .map_err(|why| format!("Its {what} failed: {why}."))
}

/// What a command prints, as a feed.
async fn take_command(
    facts: &VisitFacts,
    means: &Means<'_>,
    record: &mut VisitRecord,
) -> Option<Body> {
    let words = means.asking.map(|asking| asking.command.clone());
    let Some(words) = words.filter(|words| !words.is_empty()) else {
        record.outcome =
            failed("Commands as feeds stand under [[feeds]] in the config file, and nowhere else.");
        return None;
    };
    match run(words, Vec::new(), means, "command").await {
        Ok(bytes) => {
            record.bytes = bytes.len() as u64;
            let url = facts.url.url().clone();
            return unless_known(
                Body {
                    bytes,
                    content_type: None,
                    url,
                },
                facts,
                means,
                record,
            );
        }
        Err(why) => record.outcome = failed(&why),
    }
    None
}

async fn take_file(
    facts: &VisitFacts,
    means: &Means<'_>,
    record: &mut VisitRecord,
) -> Option<Body> {
    let url = facts.visit_url.url().clone();
    let limit = means.settings.size_limit;
    let path = url.to_file_path();
    let read_file = spawn_blocking(move || {
        let path = path.map_err(|()| "it names no file of this machine".to_owned())?;
        let file =
            std::fs::File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(format!("{} is no file", path.display()));
        }
        let mut bytes = Vec::new();
        file.take(limit as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        if bytes.len() > limit {
            Err(format!(
                "{} is larger than feed_size allows",
                path.display()
            ))
        } else {
            Ok(bytes)
        }
    })
    .await;
    match read_file {
        Ok(Ok(bytes)) => {
            record.bytes = bytes.len() as u64;
            return unless_known(
                Body {
                    bytes,
                    content_type: None,
                    url,
                },
                facts,
                means,
                record,
            );
        }
        Ok(Err(why)) => record.outcome = failed(&format!("The file could not be read: {why}.")),
        Err(_) => record.outcome = failed("The file could not be read."),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_freshness_goes_on_from_the_visit_and_ends_at_a_day() {
        let at = |minutes: i64| DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0);
        let url: FeedUrl = "https://a.example/feed".parse().expect("an address");
        let facts = |last, fresh| VisitFacts {
            feed: crate::feed::FeedId(1),
            visit_url: url.clone(),
            url: url.clone(),
            title: SafeText::default(),
            validators: Validators::default(),
            last_visit: last,
            failures: 0,
            not_before: None,
            fresh_until: fresh,
            gone: false,
            moved: None,
            every_s: None,
            body_hash: None,
            item_limit: None,
            full_text: false,
        };
        let now = at(500).expect("a time");
        assert_eq!(kept_freshness(&facts(at(0), at(120)), now), at(620));
        assert_eq!(
            kept_freshness(&facts(at(0), at(99_000)), now),
            at(500 + 1440)
        );
        assert_eq!(kept_freshness(&facts(at(0), at(0)), now), None);
        assert_eq!(kept_freshness(&facts(None, at(9)), now), None);
    }

    #[test]
    fn back_off_grows_and_ends_at_a_day() {
        assert_eq!(back_off(429, 0), TimeDelta::hours(1));
        assert_eq!(back_off(503, 0), TimeDelta::minutes(15));
        assert_eq!(back_off(503, 3), TimeDelta::hours(2));
        assert_eq!(back_off(429, 60), TimeDelta::hours(24));
    }

    #[test]
    fn sentences_begin_with_a_capital_and_say_what_to_do() {
        for error in [
            NetError::Timeout,
            NetError::Offline,
            NetError::UnknownHost("a.example".into()),
            NetError::TooLarge(20),
        ] {
            let sentence = unreached(&error);
            assert!(
                sentence.starts_with(char::is_uppercase)
                    && sentence.matches(". ").count() == 1
                    && sentence.ends_with('.'),
                "{sentence}"
            );
        }
    }
}
