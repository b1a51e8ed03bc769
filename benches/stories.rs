//! What stories and citations cost where much is stored: `cargo bench --bench stories`. The store is made first, which takes
//! a minute or two; `BRON_BENCH_ENTRIES` says of how many entries, 100,000 unless it is set.

mod made;

use bron::feed::list::Listed;
use bron::feed::{self, EntryId, FeedId};
use bron::news::edit::ListedFeed;
use bron::news::{Edit, Listing, Outcome, VisitRecord};
use bron::poller::ingest::ingest;
use bron::store::{self, Reader, Wanted};
use chrono::{DateTime, TimeDelta, Utc};
use divan::{Bencher, black_box};
use std::path::PathBuf;
use std::sync::OnceLock;
use url::Url;

fn main() {
    divan::main();
}

/// Entries of each feed.
const EACH: usize = 50;

fn address(feed: usize) -> Url {
    Url::parse(&format!("https://feed{feed}.example/rss")).expect("an address")
}

/// The end of the month in which all of it happens.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_782_863_999, 0).expect("a time")
}

/// A store that is there for all of a run; the operating system takes it away with its other temporary files.
fn database() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let entries = std::env::var("BRON_BENCH_ENTRIES").ok();
        let entries: usize = entries.and_then(|n| n.parse().ok()).unwrap_or(100_000);
        let feeds = entries / EACH;
        let path = tempfile::tempdir()
            .expect("a directory")
            .keep()
            .join("bron.db");
        let writer =
            store::open(&path, store::Settings::default(), Box::new(|_| {})).expect("a store");
        let listed = |number: usize| {
            let address = address(number).as_str().parse().expect("an address");
            ListedFeed::plain(Listed::at(address))
        };
        writer
            .apply_now(Edit::SetFeeds((0..feeds).map(listed).collect()))
            .expect("feeds");
        for number in 0..feeds {
            let bytes = made::telling_feed(number, EACH);
            let parsed =
                feed::parse(bytes.as_bytes(), &address(number), None).expect("it is a feed");
            let content = ingest(parsed, &address(number), None, now());
            let record = VisitRecord {
                feed: FeedId(number as i64 + 1),
                at: now(),
                took_ms: 1,
                bytes: 1,
                http: Some(200),
                outcome: Outcome::Updated(Box::new(content)),
                validators: None,
                not_before: None,
                fresh_until: None,
                moved_to: None,
                body_hash: None,
            };
            writer.record(record, Box::new(()));
        }
        let begin = std::time::Instant::now();
        writer.flush(true);
        println!(
            "{entries} entries: texts, sources and stories {:.1} s",
            begin.elapsed().as_secs_f64()
        );
        writer.close();
        path
    })
}

fn reader() -> Reader {
    Reader::open(database()).expect("the store")
}

#[divan::bench(args = [1, 7, 30])]
fn most_cited(bencher: Bencher, days: i64) {
    let reader = reader();
    let since = now() - TimeDelta::days(days);
    bencher.bench_local(|| {
        reader
            .most_cited(black_box(since), now(), 60)
            .map(|rows| rows.len())
    });
}

#[divan::bench]
fn front_page(bencher: Bencher) {
    let reader = reader();
    let wanted = Wanted {
        since: now() - TimeDelta::hours(24),
        until: now(),
        stories: 30,
        cited: 10,
        lone: true,
        habits: true,
    };
    bencher.bench_local(|| {
        reader
            .front_page(black_box(&wanted))
            .map(|page| page.stories.len())
    });
}

/// Who cites what is cited most.
#[divan::bench]
fn who_cites(bencher: Bencher) {
    let reader = reader();
    let rows = reader
        .most_cited(now() - TimeDelta::days(30), now(), 1)
        .expect("an answer");
    let listing = Listing::Citing(rows[0].key.clone());
    bencher.bench_local(|| {
        reader
            .listing(black_box(&listing), now(), 100)
            .map(|rows| rows.len())
    });
}

/// What stands beside an entry: its story, threads, and what is related.
#[divan::bench]
fn beside(bencher: Bencher) {
    let reader = reader();
    let mut entry = 0;
    bencher.bench_local(|| {
        entry = entry % 20_000 + 97;
        reader
            .beside(black_box(EntryId(entry)))
            .map(|beside| beside.related.len())
    });
}
