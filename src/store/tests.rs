//! The store by its doors: a writer, a reader, a directory that goes away.

use super::*;
use crate::feed::list::Listed;
use crate::feed::{EntryId, FeedId};
use crate::news::edit::ListedFeed;
use crate::news::*;
use crate::query::{Mark, Query, Test};
use crate::text::SafeText;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A store in a directory of its own, with a clock that stands still.
struct Shop {
    _directory: tempfile::TempDir,
    path: std::path::PathBuf,
    writer: Writer,
    heard: Arc<Mutex<Vec<Changes>>>,
    clock: Arc<AtomicI64>,
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time of this century")
}

fn open_at(
    path: &std::path::Path,
    clock: &Arc<AtomicI64>,
    heard: &Arc<Mutex<Vec<Changes>>>,
) -> Writer {
    let (clock, heard) = (Arc::clone(clock), Arc::clone(heard));
    open_with_clock(
        path,
        Settings::default(),
        Box::new(move |changes| heard.lock().unwrap().push(changes)),
        Box::new(move || time(clock.load(Ordering::SeqCst))),
    )
    .unwrap()
}

impl Shop {
    fn new() -> Shop {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data/bron.db");
        let (clock, heard) = (Arc::default(), Arc::default());
        Shop {
            writer: open_at(&path, &clock, &heard),
            path,
            _directory: directory,
            heard,
            clock,
        }
    }

    /// With feeds of these addresses.
    fn with_feeds(urls: &[&str]) -> Shop {
        let shop = Shop::new();
        shop.set_feeds(urls);
        shop
    }

    fn set_feeds(&self, urls: &[&str]) -> Applied {
        let feeds = urls.iter().map(|url| listed(url)).collect();
        self.apply(Edit::SetFeeds(feeds))
    }

    fn apply(&self, edit: Edit) -> Applied {
        self.writer.apply_now(edit).unwrap()
    }

    fn visit(&self, feed: i64, seconds: i64, entries: Vec<Entry>) {
        self.record(VisitRecord {
            outcome: Outcome::Updated(Box::new(FeedContent {
                title: SafeText::line(&format!("Feed {feed}")),
                entries,
                ..FeedContent::default()
            })),
            ..record(feed, seconds)
        });
    }

    fn record(&self, record: VisitRecord) {
        self.writer.record(record, Box::new(()));
        self.writer.flush(false);
    }

    fn reader(&self) -> Reader {
        self.writer.reader().unwrap()
    }

    fn titles(&self, view: View) -> Vec<String> {
        let page = self.reader().entries(&question(view)).unwrap();
        assert_eq!(page.total, Some(page.rows.len()));
        page.rows.iter().map(|row| row.title.to_string()).collect()
    }

    fn mark(&self, ids: &[i64], mark: MarkKind, on: bool) -> Applied {
        self.apply(Edit::Mark {
            which: Which::Entries(ids.iter().map(|id| EntryId(*id)).collect()),
            mark,
            on,
        })
    }

    fn is_whole(&self) {
        assert_eq!(self.reader().integrity().unwrap(), Vec::<String>::new());
    }
}

fn listed(url: &str) -> ListedFeed {
    ListedFeed {
        listed: Listed {
            url: url.parse().unwrap(),
            title: None,
            site_url: None,
            tags: Vec::new(),
            line: 0,
        },
        every_s: None,
        full_text: false,
        item_limit: None,
        hidden: false,
        unread_on_change: false,
    }
}

fn record(feed: i64, seconds: i64) -> VisitRecord {
    VisitRecord {
        feed: FeedId(feed),
        at: time(seconds),
        took_ms: 5,
        bytes: 100,
        http: Some(200),
        outcome: Outcome::Unchanged,
        validators: None,
        not_before: None,
        fresh_until: None,
        moved_to: None,
        body_hash: None,
    }
}

fn entry(title: &str, seconds: i64) -> Entry {
    let slug = title.replace(' ', "-");
    Entry {
        identity: title.into(),
        content_hash: seconds as u64,
        url: Some(format!("https://site.example/{slug}")),
        key: format!("site.example/{slug}"),
        title: SafeText::line(title),
        published: Some(time(seconds)),
        html: format!("<p>The text of {title}.</p>"),
        ..Entry::default()
    }
}

fn question(view: View) -> EntriesQuestion {
    EntriesQuestion {
        number: 1,
        view,
        order: Order::Newest,
        up_to: None,
        kept_since: time(1_000_000),
        window: Window::From(0),
        limit: 100,
    }
}

const A: &str = "https://a.example/feed";
const B: &str = "https://b.example/feed";

#[test]
fn what_a_visit_brings_is_listed_newest_first() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(
        1,
        50,
        vec![entry("two", 20), entry("three", 30), entry("one", 10)],
    );
    assert_eq!(shop.titles(View::All), ["three", "two", "one"]);
    assert_eq!(shop.titles(View::Feed(FeedId(1))), ["three", "two", "one"]);
    assert_eq!(
        shop.titles(View::Today { since: time(20) }),
        ["three", "two"]
    );
    assert_eq!(shop.reader().feeds().unwrap()[0].unread, 3);
    shop.is_whole();
}
