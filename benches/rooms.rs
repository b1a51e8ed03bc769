//! What each room costs by itself: `cargo bench --bench rooms`.

mod made;

use bron::app::canvas::Canvas;
use bron::feed;
use bron::feed::list::Listed;
use bron::news::edit::ListedFeed;
use bron::news::{Edit, EntriesQuestion, Order, Outcome, View, VisitRecord, Window};
use bron::poller::ingest::ingest;
use bron::source::{self, FieldLinks, Subject};
use bron::store::{self, Reader};
use bron::text::{LayOut, beginning, lay_out};
use bron::tui::{self, Event, Model};
use bron::{news, query};
use chrono::{DateTime, FixedOffset, Utc};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use std::path::PathBuf;
use std::sync::OnceLock;
use url::Url;

fn main() {
    divan::main();
}

/// Feeds in the store that lists and searches are asked of: about 7,000 entries.
const FEEDS: usize = 200;

fn address(feed: usize) -> Url {
    Url::parse(&format!("https://feed{feed}.example/rss")).expect("an address")
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_783_000_000, 0).expect("a time")
}

fn record(feed: i64, content: news::FeedContent) -> VisitRecord {
    VisitRecord {
        feed: feed::FeedId(feed),
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
    }
}

fn content(feed: usize) -> news::FeedContent {
    let bytes = made::feed(feed, 1);
    let parsed = feed::parse(bytes.as_bytes(), &address(feed), None).expect("it is a feed");
    ingest(parsed, &address(feed), None, now())
}

fn listed(feeds: usize) -> Edit {
    let feed = |number: usize| {
        ListedFeed::plain(Listed::at(
            address(number).as_str().parse().expect("an address"),
        ))
    };
    Edit::SetFeeds((0..feeds).map(feed).collect())
}

fn filled(path: &std::path::Path, feeds: usize) -> store::Writer {
    let writer = store::open(path, store::Settings::default(), Box::new(|_| {})).expect("a store");
    writer.apply_now(listed(feeds)).expect("feeds");
    let ids = writer
        .reader()
        .and_then(|reader| reader.feeds())
        .expect("feeds");
    for (number, row) in ids.iter().enumerate() {
        writer.record(record(row.id.0, content(number)), Box::new(()));
    }
    writer.flush(true);
    writer
}

/// A store that is there for all of a run; the operating system takes it away with its other temporary files.
fn database() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = tempfile::tempdir()
            .expect("a directory")
            .keep()
            .join("bron.db");
        filled(&path, FEEDS).close();
        path
    })
}

fn question(view: View, window: Window) -> EntriesQuestion {
    EntriesQuestion {
        number: 1,
        view,
        order: Order::Newest,
        up_to: None,
        kept_since: now(),
        window,
        limit: 100,
        filter: None,
        fold: false,
    }
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let bytes = made::feed(7, 1);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| feed::parse(black_box(bytes.as_bytes()), &address(7), None).is_ok());
}

#[divan::bench]
fn ingest_of_what_was_parsed(bencher: Bencher) {
    let bytes = made::feed(7, 1);
    bencher
        .counter(ItemsCount::new(made::entries_of(7)))
        .with_inputs(|| feed::parse(bytes.as_bytes(), &address(7), None).expect("it is a feed"))
        .bench_values(|parsed| ingest(parsed, &address(7), None, now()).entries.len());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn store_titles_of_50_feeds(bencher: Bencher) {
    let contents: Vec<news::FeedContent> = (0..50).map(content).collect();
    let entries: usize = contents.iter().map(|content| content.entries.len()).sum();
    bencher
        .counter(ItemsCount::new(entries))
        .with_inputs(|| {
            let folder = tempfile::tempdir().expect("a directory");
            let path = folder.path().join("bron.db");
            let writer =
                store::open(&path, store::Settings::default(), Box::new(|_| {})).expect("a store");
            writer.apply_now(listed(50)).expect("feeds");
            (folder, writer, contents.clone())
        })
        .bench_values(|(folder, writer, contents)| {
            for (id, content) in (1..).zip(contents) {
                writer.record(record(id, content), Box::new(()));
            }
            writer.flush(false);
            (folder, writer)
        });
}

#[divan::bench(args = ["first", "middle", "last"])]
fn list_all(bencher: Bencher, place: &str) {
    let reader = Reader::open(database()).expect("the store");
    let window = match place {
        "first" => Window::From(0),
        "middle" => Window::From(made::entries_of(0) * FEEDS / 2),
        _ => Window::End,
    };
    let question = question(View::All, window);
    bencher.bench_local(|| {
        reader
            .entries(black_box(&question))
            .map(|page| page.rows.len())
    });
}

#[divan::bench(args = ["zyzzyva ", "conpro", "co", "the ", "title:conpro", "source:example ", "site:feed7.example "])]
fn search(bencher: Bencher, text: &str) {
    let reader = Reader::open(database()).expect("the store");
    let query = query::parse(text, now()).expect("a query");
    let view = View::Search {
        text: text.to_owned(),
        query,
    };
    let question = question(view, Window::From(0));
    bencher.bench_local(|| {
        reader
            .entries(black_box(&question))
            .map(|page| page.rows.len())
    });
}

#[divan::bench(args = [5_000, 100_000, 1_000_000])]
fn lay_out_whole(bencher: Bencher, bytes: usize) {
    let html = made::article(&mut made::Dice::new(1), bytes);
    let how = LayOut {
        width: 72,
        numbers: &[],
        pictures: &[],
    };
    bencher
        .counter(BytesCount::new(html.len()))
        .bench(|| lay_out(black_box(&html), &how).lines.len());
}

#[divan::bench(args = [100_000, 1_000_000])]
fn lay_out_first_screen(bencher: Bencher, bytes: usize) {
    let html = made::article(&mut made::Dice::new(1), bytes);
    let how = LayOut {
        width: 72,
        numbers: &[],
        pictures: &[],
    };
    bencher.bench(|| {
        let first = beginning(black_box(&html), 24 << 10).unwrap_or(&html);
        lay_out(first, &how).lines.len()
    });
}

#[divan::bench(args = [5_000, 100_000])]
fn collect(bencher: Bencher, bytes: usize) {
    let html = made::article(&mut made::Dice::new(1), bytes);
    let (url, feed_url) = (address(7), address(7));
    let subject = Subject {
        html: &html,
        url: &url,
        feed_site: None,
        feed_url: Some(&feed_url),
        fields: &FieldLinks::default(),
        extracted: false,
        boilerplate: &[],
    };
    bencher.bench(|| source::collect(black_box(&subject)).sources.len());
}

#[divan::bench(args = [(200, 50), (80, 24)])]
fn draw(bencher: Bencher, size: (u16, u16)) {
    let reader = Reader::open(database()).expect("the store");
    let settings = tui::Settings {
        theme: "ink".to_owned(),
        symbols: "unicode".to_owned(),
        measure: 72,
        mouse: true,
        compact: false,
        images: false,
        order: bron::news::Order::Newest,
        counts: true,
        keys_preset: "vim".to_owned(),
        keys: Vec::new(),
        cards: "never".to_owned(),
        habits: true,
        start: "all".to_owned(),
        colours: 1 << 24,
        first_start: false,
        demo: false,
        offline: true,
        own: Vec::new(),
        bundled: Vec::new(),
        rows: Vec::new(),
    };
    let zone = FixedOffset::east_opt(0).expect("no offset is one");
    let mut model = Model::new(settings, now(), zone, size);
    let mut wishes = tui::update::start(&mut model);
    while let Some(wish) = wishes.pop() {
        let fact = match wish {
            tui::Effect::LoadFeeds => Event::FeedsLoaded {
                feeds: reader.feeds().expect("feeds"),
                counts: reader.counts(now()).expect("counts"),
            },
            tui::Effect::LoadEntries(question) => Event::EntriesLoaded {
                page: reader.entries(&question).expect("entries"),
                question,
            },
            _ => continue,
        };
        wishes.extend(tui::update(&mut model, fact));
    }
    let mut canvas = Canvas::new(std::io::sink());
    bencher.bench_local(|| {
        let drawn = canvas.draw(size, &[], |buf| tui::screen::draw(black_box(&model), buf));
        drawn.is_ok()
    });
}
