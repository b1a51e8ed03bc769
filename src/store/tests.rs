//! The store by its doors: a writer, a reader, a directory that goes away.

mod stories;

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
pub(super) struct Shop {
    _directory: tempfile::TempDir,
    path: std::path::PathBuf,
    pub writer: Writer,
    pub heard: Arc<Mutex<Vec<Changes>>>,
    clock: Arc<AtomicI64>,
}

pub(super) fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time of this century")
}

pub(super) fn open_at(
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
    pub fn new() -> Shop {
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
    pub fn with_feeds(urls: &[&str]) -> Shop {
        let shop = Shop::new();
        shop.set_feeds(urls);
        shop
    }

    pub fn set_feeds(&self, urls: &[&str]) -> Applied {
        let feeds = urls.iter().map(|url| listed(url)).collect();
        self.apply(Edit::SetFeeds(feeds))
    }

    pub fn apply(&self, edit: Edit) -> Applied {
        self.writer.apply_now(edit).unwrap()
    }

    pub fn visit(&self, feed: i64, seconds: i64, entries: Vec<Entry>) {
        self.record(VisitRecord {
            outcome: Outcome::Updated(Box::new(FeedContent {
                title: SafeText::line(&format!("Feed {feed}")),
                entries,
                ..FeedContent::default()
            })),
            ..record(feed, seconds)
        });
    }

    pub fn record(&self, record: VisitRecord) {
        self.writer.record(record, Box::new(()));
        self.writer.flush(false);
    }

    pub fn reader(&self) -> Reader {
        self.writer.reader().unwrap()
    }

    pub fn titles(&self, view: View) -> Vec<String> {
        let page = self.reader().entries(&question(view)).unwrap();
        assert_eq!(page.total, Some(page.rows.len()));
        page.rows.iter().map(|row| row.title.to_string()).collect()
    }

    pub fn mark(&self, ids: &[i64], mark: MarkKind, on: bool) -> Applied {
        self.apply(Edit::Mark {
            which: Which::Entries(ids.iter().map(|id| EntryId(*id)).collect()),
            mark,
            on,
        })
    }

    pub fn is_whole(&self) {
        assert_eq!(self.reader().integrity().unwrap(), Vec::<String>::new());
    }
}

pub(super) fn listed(url: &str) -> ListedFeed {
    ListedFeed::plain(Listed::at(url.parse().unwrap()))
}

pub(super) fn record(feed: i64, seconds: i64) -> VisitRecord {
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

pub(super) fn entry(title: &str, seconds: i64) -> Entry {
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

pub(super) fn question(view: View) -> EntriesQuestion {
    EntriesQuestion {
        number: 1,
        view,
        order: Order::Newest,
        up_to: None,
        kept_since: time(1_000_000),
        window: Window::From(0),
        limit: 100,
        filter: None,
        fold: false,
    }
}

pub(super) const A: &str = "https://a.example/feed";
pub(super) const B: &str = "https://b.example/feed";

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

#[test]
fn the_same_visit_again_brings_nothing_and_a_change_keeps_marks() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10)]);
    shop.mark(&[1], MarkKind::Read, true);
    shop.mark(&[1], MarkKind::Starred, true);
    shop.visit(1, 60, vec![entry("one", 10)]);
    let changed = Entry {
        content_hash: 99,
        title: SafeText::line("one, mended"),
        ..entry("one", 10)
    };
    shop.visit(1, 70, vec![changed]);
    let visits: Vec<_> = shop
        .heard
        .lock()
        .unwrap()
        .iter()
        .flat_map(|changes| changes.visits.clone())
        .map(|visited| (visited.new, visited.changed))
        .collect();
    assert_eq!(visits, [(1, 0), (0, 0), (0, 1)]);
    let full = shop.reader().entry(EntryId(1)).unwrap().unwrap();
    assert_eq!(full.entry.title.as_str(), "one, mended");
    assert!(full.marks.read && full.marks.starred);
    assert_eq!(
        shop.reader()
            .count(&Query::Test(Test::Is(Mark::Updated)))
            .unwrap(),
        1
    );
    shop.is_whole();
}

#[test]
fn everything_of_an_entry_comes_back() {
    let shop = Shop::with_feeds(&[A]);
    let whole = Entry {
        identity: "guid:1".into(),
        content_hash: u64::MAX,
        url: Some("https://www.site.example/a".into()),
        key: "site.example/a".into(),
        title: SafeText::line("A title"),
        authors: SafeText::line("Ann, Bob"),
        published: Some(time(10)),
        published_said: Some(time(9_000_000)),
        updated: Some(time(20)),
        html: "<p>Text.</p>".into(),
        text: "Text.".into(),
        language: Some("nl".into()),
        image: Some("https://site.example/i.png".into()),
        categories: vec![SafeText::line("news")],
        enclosures: vec![crate::feed::Enclosure {
            url: "https://site.example/a.mp3".into(),
            kind: Some("audio/mpeg".into()),
            length: Some(7),
        }],
        fields: crate::source::FieldLinks {
            comments: Some(("https://site.example/c".into(), Some(12))),
            via: vec!["https://via.example/".into()],
            related: vec!["https://rel.example/".into()],
            enclosures: vec![("https://site.example/a.mp3".into(), None)],
        },
    };
    shop.visit(1, 50, vec![whole.clone()]);
    // Its text is that of its HTML, and is made by whoever wants it.
    let whole = Entry {
        text: String::new(),
        ..whole
    };
    let full = shop.reader().entry(EntryId(1)).unwrap().unwrap();
    assert_eq!(full.entry, whole);
    assert_eq!(full.feed_url, A);
    let head = shop.reader().head(EntryId(1)).unwrap().unwrap();
    assert_eq!((head.comments, head.sources), (Some(12), None));
}

#[test]
fn two_entries_with_one_identity_are_one_and_the_first_counts() {
    let shop = Shop::with_feeds(&[A]);
    let second = Entry {
        title: SafeText::line("second"),
        content_hash: 5,
        ..entry("one", 10)
    };
    for _ in 0..2 {
        shop.visit(1, 50, vec![entry("one", 10), second.clone()]);
    }
    assert_eq!(shop.titles(View::All), ["one"]);
    assert_eq!(shop.heard.lock().unwrap().last().unwrap().changed, 0);
}

#[test]
fn entries_without_dates_keep_the_order_of_their_feed() {
    let shop = Shop::with_feeds(&[A]);
    let undated = |title| Entry {
        published: None,
        ..entry(title, 0)
    };
    shop.visit(
        1,
        50,
        vec![undated("first"), undated("second"), undated("third")],
    );
    assert_eq!(shop.titles(View::All), ["first", "second", "third"]);
}

#[test]
fn an_entry_of_two_feeds_is_one_entry() {
    let shop = Shop::with_feeds(&[A, B]);
    shop.visit(1, 50, vec![entry("one", 10), entry("mine", 11)]);
    shop.visit(
        2,
        60,
        vec![entry("one", 10), entry("one", 10), entry("other", 12)],
    );
    shop.visit(2, 65, vec![entry("one", 10), entry("other", 12)]);
    assert_eq!(shop.titles(View::All), ["other", "mine", "one"]);
    assert_eq!(shop.titles(View::Feed(FeedId(2))), ["other", "one"]);
    let unread = |shop: &Shop| {
        let feeds = shop.reader().feeds().unwrap();
        (feeds[0].unread, feeds[1].unread)
    };
    assert_eq!(unread(&shop), (2, 2));
    shop.mark(&[1, 2], MarkKind::Read, true);
    assert_eq!(unread(&shop), (0, 1));
    shop.is_whole();
    // Hidden in one, it stays in the other.
    shop.apply(Edit::Hide {
        feed: FeedId(1),
        hidden: true,
    });
    assert_eq!(shop.titles(View::All), ["other", "one"]);
    shop.is_whole();
    shop.apply(Edit::Hide {
        feed: FeedId(2),
        hidden: true,
    });
    assert_eq!(shop.titles(View::All), Vec::<String>::new());
    shop.apply(Edit::Undo);
    shop.apply(Edit::Undo);
    assert_eq!(shop.titles(View::All), ["other", "mine", "one"]);
    shop.is_whole();
}

#[test]
fn edits_are_taken_back_in_order_and_done_again() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(
        1,
        50,
        vec![entry("one", 10), entry("two", 20), entry("three", 30)],
    );
    shop.mark(&[1], MarkKind::Read, true);
    let all = shop.mark(&[1, 2, 3], MarkKind::Read, true);
    assert_eq!(
        (all.summary.as_str(), all.count, all.undoable),
        ("2 entries marked read", 2, true)
    );
    let none = shop.mark(&[1, 2, 3], MarkKind::Read, true);
    assert_eq!((none.count, none.undoable), (0, false));
    let unread = |shop: &Shop| shop.reader().counts(time(0)).unwrap().unread;
    let undone = shop.apply(Edit::Undo);
    assert_eq!(
        (undone.summary.as_str(), undone.count),
        ("undone: 2 entries marked read", 2)
    );
    assert_eq!(unread(&shop), 2);
    shop.apply(Edit::Undo);
    assert_eq!(unread(&shop), 3);
    assert_eq!(shop.apply(Edit::Undo).summary.as_str(), "nothing to undo");
    shop.apply(Edit::Redo);
    assert_eq!(unread(&shop), 2);
    shop.apply(Edit::Redo);
    assert_eq!(unread(&shop), 0);
    shop.apply(Edit::Undo);
    // A new edit: what was taken back cannot be done again.
    shop.mark(&[3], MarkKind::Starred, true);
    assert_eq!(shop.apply(Edit::Redo).count, 0);
    shop.is_whole();
}

#[test]
fn each_kind_of_edit_is_taken_back() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10)]);
    let which = || Which::Entries(vec![EntryId(1)]);
    let to = "https://moved.example/feed".parse().unwrap();
    let state = |shop: &Shop| {
        let reader = shop.reader();
        let full = reader.entry(EntryId(1)).unwrap().unwrap();
        let feed = reader.feeds().unwrap().remove(0);
        (
            full.marks,
            full.tags,
            full.note,
            feed.hidden,
            feed.moved_to,
            reader.not_sources().unwrap(),
        )
    };
    let before = state(&shop);
    let edits = vec![
        Edit::Mark {
            which: which(),
            mark: MarkKind::Read,
            on: true,
        },
        Edit::Mark {
            which: which(),
            mark: MarkKind::Starred,
            on: true,
        },
        Edit::Mark {
            which: which(),
            mark: MarkKind::Later,
            on: true,
        },
        Edit::Tag {
            which: which(),
            tag: "work".into(),
            on: true,
        },
        Edit::Note {
            entry: EntryId(1),
            text: "a note".into(),
        },
        Edit::Hide {
            feed: FeedId(1),
            hidden: true,
        },
        Edit::Move {
            feed: FeedId(1),
            to,
        },
        Edit::NotASource {
            host: "ads.example".into(),
            role: None,
            on: true,
        },
    ];
    for edit in edits {
        let applied = shop.apply(edit.clone());
        assert!(
            applied.undoable && applied.error.is_none(),
            "{edit:?}: {applied:?}"
        );
        let after = state(&shop);
        assert_ne!(after, before, "{edit:?}");
        shop.apply(Edit::Undo);
        assert_eq!(state(&shop), before, "{edit:?}");
        shop.apply(Edit::Redo);
        assert_eq!(state(&shop), after, "{edit:?}");
        shop.apply(Edit::Undo);
    }
    shop.is_whole();
}

#[test]
fn undo_survives_a_restart_and_is_of_the_own_instance() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10), entry("two", 20)]);
    let other = open_at(&shop.path, &shop.clock, &Arc::default());
    shop.mark(&[1], MarkKind::Starred, true);
    assert_eq!(other.apply_now(Edit::Undo).unwrap().count, 0);
    other
        .apply_now(Edit::Mark {
            which: Which::Entries(vec![EntryId(2)]),
            mark: MarkKind::Read,
            on: true,
        })
        .unwrap();
    assert_eq!(
        shop.apply(Edit::Undo).summary.as_str(),
        "undone: 1 entry starred"
    );
    shop.mark(&[1], MarkKind::Later, true);
    other.close();
    let Shop {
        writer,
        path,
        clock,
        heard,
        _directory,
    } = shop;
    writer.close();
    let again = open_at(&path, &clock, &heard);
    assert_eq!(
        again.apply_now(Edit::Undo).unwrap().summary.as_str(),
        "undone: 1 entry kept for later"
    );
}

#[test]
fn only_the_last_200_edits_are_kept() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10)]);
    for round in 0..205 {
        shop.writer.apply(Edit::Mark {
            which: Which::Entries(vec![EntryId(1)]),
            mark: MarkKind::Starred,
            on: round % 2 == 0,
        });
    }
    shop.writer.flush(false);
    let undone = (0..300)
        .take_while(|_| shop.apply(Edit::Undo).count > 0)
        .count();
    assert_eq!(undone, 200);
}

#[test]
fn marking_all_that_match_stops_at_what_the_reader_had_seen() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10), entry("two", 20)]);
    let newest = shop.reader().entries(&question(View::All)).unwrap().newest;
    shop.visit(1, 60, vec![entry("three", 30)]);
    let applied = shop.apply(Edit::Mark {
        which: Which::Matching {
            query: Query::All,
            now: time(60),
            up_to: newest,
        },
        mark: MarkKind::Read,
        on: true,
    });
    assert_eq!(applied.count, 2);
    assert_eq!(shop.titles(View::Unread), ["three"]);
}

#[test]
fn arriving_entries_are_counted_and_not_shown_until_asked_for() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10), entry("two", 20)]);
    let reader = shop.reader();
    let newest = reader.entries(&question(View::All)).unwrap().newest;
    shop.visit(1, 60, vec![entry("three", 30), entry("zero", 5)]);
    let views = [
        View::All,
        View::Unread,
        View::Feed(FeedId(1)),
        View::Today { since: time(0) },
        View::Search {
            text: "text".into(),
            query: Query::Test(Test::Is(Mark::Unread)),
        },
        View::Search {
            text: "o".into(),
            query: word("feed"),
        },
    ];
    for view in views {
        let question = EntriesQuestion {
            up_to: newest,
            ..question(view.clone())
        };
        let page = reader.entries(&question).unwrap();
        if let View::Search { text, .. } = &view
            && text == "o"
        {
            assert_eq!(page.rows.len(), 0);
            continue;
        }
        let titles: Vec<&str> = page.rows.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(
            (titles, page.total, page.newer),
            (vec!["two", "one"], Some(2), 2),
            "{view:?}"
        );
    }
}

fn word(text: &str) -> Query {
    Query::Test(Test::Word {
        text: text.into(),
        prefix: false,
    })
}

#[test]
fn windows_fit_together_from_both_ends_and_around() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(
        1,
        500,
        (0..97)
            .map(|n| entry(&format!("entry {n:02}"), n / 3))
            .collect(),
    );
    let reader = shop.reader();
    for view in [
        View::All,
        View::Unread,
        View::Feed(FeedId(1)),
        View::Search {
            text: String::new(),
            query: Query::Test(Test::Is(Mark::Unread)),
        },
        View::Search {
            text: String::new(),
            query: word("entry"),
        },
    ] {
        for (order, ..) in Order::ALL {
            let ask = |window, limit| {
                let question = EntriesQuestion {
                    order,
                    window,
                    limit,
                    ..question(view.clone())
                };
                reader.entries(&question).unwrap()
            };
            let all = ask(Window::From(0), 1_000).rows;
            assert_eq!(all.len(), 97);
            for offset in [0, 1, 40, 60, 90, 96] {
                let page = ask(Window::From(offset), 10);
                assert_eq!(
                    page.rows,
                    all[offset..(offset + 10).min(97)],
                    "{view:?} {offset}"
                );
                assert_eq!(page.total, Some(97));
            }
            assert_eq!(ask(Window::From(200), 10).rows, []);
            let end = ask(Window::End, 10);
            assert_eq!((end.offset, &end.rows[..]), (87, &all[87..]));
            for place in [0, 3, 50, 96] {
                let around = ask(Window::Around(all[place].id), 10);
                assert!(around.rows.contains(&all[place]), "{view:?} {place}");
                assert_eq!(
                    around.rows,
                    all[around.offset..(around.offset + 10).min(97)]
                );
            }
            assert_eq!(ask(Window::Around(EntryId(12_345)), 10).offset, 0);
        }
    }
}

#[test]
fn lists_are_ordered_by_feed_by_title_and_by_what_is_unread() {
    let shop = Shop::new();
    let feeds = [(B, "Zeta"), (A, "eta")].map(|(url, title)| {
        let mut feed = listed(url);
        feed.listed.title = Some(title.to_owned());
        feed
    });
    shop.apply(Edit::SetFeeds(feeds.to_vec()));
    shop.visit(1, 50, vec![entry("“beta”", 10), entry("delta", 30)]);
    shop.visit(2, 50, vec![entry("Alpha", 20), entry("gamma", 40)]);
    shop.clock.store(100, Ordering::SeqCst);
    let reader = shop.reader();
    let ask = |order, kept_since| -> Vec<String> {
        let page = reader.entries(&EntriesQuestion {
            order,
            kept_since: time(kept_since),
            ..question(View::All)
        });
        let rows = page.unwrap().rows;
        rows.iter().map(|row| row.title.to_string()).collect()
    };
    assert_eq!(ask(Order::Title, 0), ["Alpha", "“beta”", "delta", "gamma"]);
    assert_eq!(ask(Order::Feed, 0), ["gamma", "Alpha", "delta", "“beta”"]);
    shop.mark(&[4], MarkKind::Read, true);
    // What is read while the list is open stays where it is.
    assert_eq!(
        ask(Order::Unread, 90),
        ["gamma", "delta", "Alpha", "“beta”"]
    );
    assert_eq!(
        ask(Order::Unread, 101),
        ["gamma", "delta", "“beta”", "Alpha"]
    );
}

#[test]
fn what_is_read_stays_in_the_unread_view_until_it_is_opened_anew() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(
        1,
        50,
        vec![entry("one", 10), entry("two", 20), entry("three", 30)],
    );
    shop.clock.store(100, Ordering::SeqCst);
    shop.mark(&[2], MarkKind::Read, true);
    let reader = shop.reader();
    for (kept_since, rows, unread) in [(90, 3, 2), (101, 2, 2)] {
        let page = reader
            .entries(&EntriesQuestion {
                kept_since: time(kept_since),
                ..question(View::Unread)
            })
            .unwrap();
        assert_eq!(
            (page.rows.len(), page.total, page.unread),
            (rows, Some(rows), Some(unread))
        );
    }
}

#[test]
fn groups_hold_the_groups_below_them() {
    let shop = Shop::new();
    let tagged = |url: &str, tags: &[&str]| {
        let mut feed = listed(url);
        feed.listed.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        feed
    };
    shop.apply(Edit::SetFeeds(vec![
        tagged(A, &["tech/rust", "tech"]),
        tagged(B, &["techno"]),
        tagged("https://c.example/feed", &["Tech/web"]),
    ]));
    for feed in 1..=3 {
        shop.visit(feed, 50, vec![entry(&format!("of {feed}"), feed)]);
    }
    shop.visit(3, 60, vec![entry("of 3", 3), entry("of 1", 1)]);
    assert_eq!(shop.titles(View::Group("tech".into())), ["of 3", "of 1"]);
    assert_eq!(shop.titles(View::Group("tech/rust".into())), ["of 1"]);
    assert_eq!(
        shop.titles(View::Group("none".into())),
        Vec::<String>::new()
    );
    // Small among many: gathered instead of walked.
    shop.visit(
        2,
        70,
        (0..60).map(|n| entry(&format!("more {n}"), n)).collect(),
    );
    assert_eq!(shop.titles(View::Group("tech".into())), ["of 3", "of 1"]);
}

#[test]
fn lists_of_feeds_are_made_true() {
    let shop = Shop::with_feeds(&[A, B]);
    shop.visit(1, 50, vec![entry("one", 10), entry("two", 20)]);
    shop.mark(&[1], MarkKind::Starred, true);
    assert_eq!(shop.set_feeds(&[A, B]).count, 0);
    let removed = shop.set_feeds(&[B]);
    assert_eq!(removed.summary.as_str(), "feeds: 1 removed");
    assert_eq!(shop.titles(View::All), Vec::<String>::new());
    assert_eq!(shop.titles(View::Starred).len(), 1);
    assert_eq!(shop.reader().visit_facts().unwrap().len(), 1);
    // A visit that was under way is dropped.
    shop.visit(1, 60, vec![entry("three", 30)]);
    assert_eq!(
        shop.reader()
            .count(&Query::Test(Test::Is(Mark::Hidden)))
            .unwrap(),
        2
    );
    shop.is_whole();
    let back = shop.set_feeds(&[B, A]);
    assert_eq!(back.summary.as_str(), "feeds: 1 added");
    assert_eq!(shop.titles(View::All), ["two", "one"]);
    let order: Vec<String> = shop
        .reader()
        .feeds()
        .unwrap()
        .into_iter()
        .map(|feed| feed.url)
        .collect();
    assert_eq!(order, [B, A]);
    shop.is_whole();
}

#[test]
fn a_list_that_changes_scheme_or_follows_a_move_keeps_its_feed() {
    let shop = Shop::with_feeds(&["http://www.a.example/feed/", B]);
    shop.apply(Edit::Move {
        feed: FeedId(2),
        to: "https://new.example/b".parse().unwrap(),
    });
    let set = shop.set_feeds(&[A, "https://new.example/b"]);
    assert_eq!(set.summary.as_str(), "feeds: 2 changed");
    let feeds = shop.reader().feeds().unwrap();
    assert_eq!((feeds[0].id, feeds[1].id), (FeedId(1), FeedId(2)));
    assert_eq!(
        (feeds[1].url.as_str(), &feeds[1].moved_to),
        ("https://new.example/b", &None)
    );
}

#[test]
fn three_moves_to_one_place_move_a_feed() {
    let shop = Shop::with_feeds(&[A]);
    let moved = |seconds, to: &str| VisitRecord {
        moved_to: Some(to.parse().unwrap()),
        ..record(1, seconds)
    };
    let facts = |shop: &Shop| shop.reader().visit_facts().unwrap().remove(0);
    shop.record(moved(1, "https://x.example/"));
    shop.record(moved(2, "https://y.example/"));
    shop.record(moved(3, "https://y.example/"));
    shop.record(VisitRecord {
        outcome: Outcome::Failed(SafeText::line("no")),
        ..record(1, 4)
    });
    assert_eq!(
        facts(&shop).moved,
        Some(("https://y.example/".parse().unwrap(), 2))
    );
    assert_eq!(facts(&shop).visit_url.as_str(), A);
    shop.record(moved(5, "https://y.example/"));
    assert_eq!(facts(&shop).visit_url.as_str(), "https://y.example/");
    assert_eq!(facts(&shop).moved, None);
    assert!(shop.heard.lock().unwrap().last().unwrap().feed_list);
    // Back to what the file says.
    shop.apply(Edit::Move {
        feed: FeedId(1),
        to: A.parse().unwrap(),
    });
    assert_eq!(facts(&shop).visit_url.as_str(), A);
}

#[test]
fn how_a_feed_is_doing_is_remembered() {
    let shop = Shop::with_feeds(&[A]);
    let health = |shop: &Shop| shop.reader().feeds().unwrap().remove(0).health;
    assert_eq!(health(&shop), Health::New);
    shop.record(VisitRecord {
        validators: Some(Validators {
            etag: Some(b"\"\xff\"".to_vec()),
            last_modified: None,
        }),
        fresh_until: Some(time(100)),
        body_hash: Some(u64::MAX),
        ..record(1, 1)
    });
    assert_eq!(health(&shop), Health::Well);
    for _ in 0..2 {
        shop.record(VisitRecord {
            outcome: Outcome::Busy(SafeText::line("asked to wait")),
            not_before: Some(time(900)),
            ..record(1, 2)
        });
    }
    assert_eq!(
        health(&shop),
        Health::Failing(SafeText::line("asked to wait"))
    );
    let facts = shop.reader().visit_facts().unwrap().remove(0);
    assert_eq!((facts.failures, facts.not_before), (2, Some(time(900))));
    assert_eq!(facts.validators.etag.as_deref(), Some(&b"\"\xff\""[..]));
    assert_eq!(facts.body_hash, Some(u64::MAX));
    assert_eq!(
        shop.reader().hosts().unwrap(),
        [("a.example".to_owned(), time(900))]
    );
    shop.record(record(1, 1_000));
    assert_eq!(shop.reader().hosts().unwrap(), []);
    shop.record(VisitRecord {
        outcome: Outcome::Gone(SafeText::line("it ended")),
        ..record(1, 1_001)
    });
    assert!(shop.reader().visit_facts().unwrap()[0].gone);
    assert_eq!(shop.reader().past_visits(FeedId(1)).unwrap().len(), 5);
    for seconds in 2_000..2_040 {
        shop.record(record(1, seconds));
    }
    let visits = shop.reader().past_visits(FeedId(1)).unwrap();
    assert_eq!((visits.len(), visits[0].at), (20, time(2_039)));
}

#[test]
fn an_address_is_kept_for_later() {
    let shop = Shop::with_feeds(&[A]);
    let keep = |url: &str| {
        shop.apply(Edit::KeepLater {
            url: url.into(),
            title: String::new(),
        })
    };
    keep("https://x.example/page?utm_source=y");
    assert_eq!(shop.titles(View::Later), ["https://x.example/page"]);
    keep("https://x.example/page");
    assert_eq!(shop.titles(View::Later).len(), 1);
    let feeds = shop.reader().feeds().unwrap();
    assert!(feeds.last().unwrap().internal);
    assert_eq!(shop.reader().visit_facts().unwrap().len(), 1);
    // A list file knows nothing of it.
    shop.set_feeds(&[A]);
    assert_eq!(shop.titles(View::Later).len(), 1);
    shop.apply(Edit::Undo);
    assert_eq!(shop.titles(View::Later).len(), 0);
    assert_eq!(shop.titles(View::All), [""; 0], "it is not left behind");
    shop.apply(Edit::Redo);
    assert_eq!(shop.titles(View::Later), ["https://x.example/page"]);
    let id = shop.reader().entries(&question(View::Later)).unwrap().rows[0].id;
    shop.mark(&[id.0], MarkKind::Starred, true);
    shop.apply(Edit::Undo);
    assert_eq!(shop.titles(View::All).len(), 1);
    shop.apply(Edit::Undo);
    assert_eq!(shop.titles(View::All), [""; 0]);
    shop.is_whole();
    // An entry that is there is marked.
    shop.visit(1, 50, vec![entry("one", 10)]);
    keep("https://site.example/one");
    assert_eq!(shop.titles(View::Later), ["one"]);
    shop.is_whole();
}

#[test]
fn words_are_found_in_titles_at_once_and_in_texts_when_idle() {
    let shop = Shop::with_feeds(&[A]);
    let with = |title: &str, html: &str| Entry {
        html: html.into(),
        ..entry(title, 10)
    };
    shop.visit(
        1,
        50,
        vec![
            with("Café communities", "<p>About the <b>uni</b>versity.</p>"),
            with("日本語の本", "<p>東京都の天気</p>"),
            with("Plain", "<p>a needle &amp; thread</p>"),
        ],
    );
    let find = |text: &str| {
        let query = crate::query::parse(text, time(0)).unwrap();
        let mut titles: Vec<String> = shop
            .reader()
            .list(&query, 10)
            .unwrap()
            .iter()
            .map(|head| head.title.to_string())
            .collect();
        titles.sort();
        let page = shop
            .reader()
            .entries(&question(View::Search {
                text: text.into(),
                query: query.clone(),
            }))
            .unwrap();
        assert_eq!(page.rows.len(), titles.len(), "{text}");
        assert_eq!(
            shop.reader().count(&query).unwrap(),
            titles.len() as u64,
            "{text}"
        );
        titles
    };
    assert_eq!(find("cafe "), ["Café communities"]);
    assert_eq!(find("needle "), Vec::<String>::new());
    shop.writer.flush(true);
    for (text, expected) in [
        ("needle ", vec!["Plain"]),
        ("CAFÉ", vec!["Café communities"]),
        ("universit", vec!["Café communities"]),
        ("communit", vec!["Café communities"]),
        ("title:communities", vec!["Café communities"]),
        ("title:university", vec![]),
        ("\"needle thread\"", vec!["Plain"]),
        ("\"thread needle\"", vec![]),
        ("needle -thread", vec![]),
        ("needle or cafe ", vec!["Café communities", "Plain"]),
        ("日本 ", vec!["日本語の本"]),
        ("本語 ", vec!["日本語の本"]),
        ("日 ", vec!["日本語の本"]),
        ("京都 ", vec!["日本語の本"]),
        ("京語 ", vec![]),
        ("天気", vec!["日本語の本"]),
        ("/need.e/", vec!["Plain"]),
        ("/^plain$/", vec!["Plain"]),
        ("a\"b*^:(c ", vec![]),
        ("+++ ", vec![]),
        ("-+++", vec!["Café communities", "Plain", "日本語の本"]),
        ("is:unread needle ", vec!["Plain"]),
        ("-is:read -needle", vec!["Café communities", "日本語の本"]),
    ] {
        assert_eq!(find(text), expected, "{text}");
    }
}

#[test]
fn every_word_of_the_language_has_its_meaning() {
    let shop = Shop::new();
    let mut feed = listed(A);
    feed.listed.tags = vec!["tech/rust".into()];
    feed.listed.title = Some("My Feed".into());
    shop.apply(Edit::SetFeeds(vec![feed, listed(B)]));
    let full = Entry {
        authors: SafeText::line("Ann Author"),
        language: Some("nl-BE".into()),
        html:
            "<p>See <a href=\"https://cited.example/paper\">the long paper of it</a> for more.</p>"
                .into(),
        image: Some("https://site.example/i.png".into()),
        enclosures: vec![crate::feed::Enclosure {
            url: "https://site.example/a.mp3".into(),
            kind: None,
            length: None,
        }],
        url: Some("https://www.blog.site.example/x".into()),
        ..entry("full", 1_000)
    };
    shop.visit(1, 2_000, vec![full]);
    shop.visit(2, 2_000, vec![entry("bare", 10)]);
    shop.writer.flush(true);
    shop.mark(&[1], MarkKind::Starred, true);
    shop.apply(Edit::Tag {
        which: Which::Entries(vec![EntryId(1)]),
        tag: "Work/now".into(),
        on: true,
    });
    shop.apply(Edit::Note {
        entry: EntryId(1),
        text: "n".into(),
    });
    for text in [
        "author:ann",
        "feed:1",
        "feed:\"my feed\"",
        "feed:https://a.example/feed",
        "tag:work",
        "tag:work/now",
        "feedtag:tech",
        "site:site.example full ",
        "site:blog.site.example",
        "source:cited.example",
        "source:https://cited.example/paper?utm_source=x",
        "lang:nl",
        "is:starred",
        "has:sources",
        "has:image",
        "has:audio",
        "has:note",
        "after:2023-11-14T22:20:00Z",
        "-before:2023-11-14T22:20:00Z",
    ] {
        let query = crate::query::parse(text, time(2_000)).unwrap();
        let ids: Vec<i64> = shop
            .reader()
            .list(&query, 10)
            .unwrap()
            .iter()
            .map(|head| head.id.0)
            .collect();
        assert_eq!(ids, [1], "{text}");
    }
    for text in [
        "tag:wor",
        "feedtag:tec",
        "site:e",
        "lang:n",
        "story:999999",
        "is:later",
        "is:hidden",
        "feed:nobody",
    ] {
        let query = crate::query::parse(text, time(2_000)).unwrap();
        assert_eq!(shop.reader().count(&query).unwrap(), 0, "{text}");
    }
}

#[test]
fn several_tags_are_one_step_back() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10), entry("two", 20)]);
    let tagged = |shop: &Shop, tag: &str| {
        let query =
            crate::query::parse(&format!("tag:{tag} "), chrono::Utc::now()).expect("a query");
        shop.reader().list(&query, 10).expect("a list").len()
    };
    shop.apply(Edit::Tag {
        which: Which::Entries(vec![EntryId(1)]),
        tag: "old".into(),
        on: true,
    });
    let done = shop.apply(Edit::Tags {
        which: Which::Entries(vec![EntryId(1), EntryId(2)]),
        tags: vec![
            ("foo".into(), true),
            ("ba".into(), true),
            ("old".into(), false),
        ],
    });
    assert_eq!(
        done.summary.as_str(),
        "2 entries tagged foo, tagged ba, no longer tagged old"
    );
    assert_eq!(
        ["foo", "ba", "old"].map(|tag| tagged(&shop, tag)),
        [2, 2, 0]
    );
    shop.apply(Edit::Undo);
    assert_eq!(
        ["foo", "ba", "old"].map(|tag| tagged(&shop, tag)),
        [0, 0, 1]
    );
    shop.apply(Edit::Redo);
    assert_eq!(
        ["foo", "ba", "old"].map(|tag| tagged(&shop, tag)),
        [2, 2, 0]
    );
}

#[test]
fn what_is_cited_is_known_by_its_key() {
    let shop = Shop::with_feeds(&[A, B]);
    let citing = |title: &str, seconds| {
        Entry {
        html: "<p>The council published <a href=\"https://cited.example/report-on-it\">a long report on it</a> yesterday.</p>".into(),
        ..entry(title, seconds)
    }
    };
    shop.visit(1, 50, vec![citing("one", 10), citing("two", 20)]);
    shop.visit(2, 50, vec![citing("three", 30)]);
    shop.writer.flush(true);
    let reader = shop.reader();
    assert_eq!(reader.head(EntryId(1)).unwrap().unwrap().sources, Some(1));
    let key = "cited.example/report-on-it";
    let who: Vec<String> = reader
        .citing(key, 10)
        .unwrap()
        .iter()
        .map(|c| c.title.to_string())
        .collect();
    assert_eq!(who, ["three", "two", "one"]);
    let card = reader
        .cards(&[key.to_owned()])
        .unwrap()
        .remove(key)
        .unwrap();
    assert_eq!((card.state, card.in_feeds), (CardState::None, 2));

    let article = crate::article::Article {
        url: "https://cited.example/report-on-it".parse().unwrap(),
        card: crate::article::Card {
            title: Some(SafeText::line("The report")),
            ..Default::default()
        },
        html: "<p>Report.</p>".into(),
        text: "Report.".into(),
        words: 1,
        extracted: true,
    };
    let page = |result, card_only| KeptPage {
        key: key.into(),
        url: "https://cited.example/report-on-it".into(),
        fetched_at: time(60),
        http: Some(200),
        validators: Validators::default(),
        aliases: vec![("short.example/r".into(), "redirect")],
        result,
        card_only,
    };
    shop.writer
        .keep(page(Ok(Box::new(article.clone())), true), Box::new(()));
    shop.writer.flush(false);
    assert_eq!(reader.page("short.example/r").unwrap().unwrap().html, None);
    shop.writer
        .keep(page(Ok(Box::new(article)), false), Box::new(()));
    shop.writer
        .keep(page(Err(SafeText::line("gone")), false), Box::new(()));
    shop.writer.flush(true);
    // A visit that failed takes nothing away.
    let stored = reader.page("short.example/r").unwrap().unwrap();
    assert_eq!(
        (stored.html.as_deref(), stored.failed.as_deref()),
        (Some("<p>Report.</p>"), Some("gone"))
    );
    let cards = reader
        .cards(&["short.example/r".into(), "none.example/".into()])
        .unwrap();
    let card = &cards["short.example/r"];
    assert_eq!(
        (card.state.clone(), card.kept, card.in_feeds),
        (CardState::Fetched, true, 2)
    );
    assert_eq!(card.title.as_deref(), Some("The report"));
    assert_eq!(cards["none.example/"], CardView::default());
    let card = reader
        .cards(&["site.example/one".into()])
        .unwrap()
        .remove("site.example/one")
        .unwrap();
    assert_eq!((card.entry, card.read), (Some(EntryId(2)), false));
    assert_eq!(
        reader.entry_of_key("site.example/one").unwrap(),
        Some(EntryId(2))
    );
}

#[test]
fn what_is_old_read_and_gone_from_its_feed_is_let_go_and_does_not_come_back() {
    let shop = Shop::with_feeds(&[A]);
    let day = 24 * 3600;
    let titles = ["read", "starred", "unread", "tagged", "listed"];
    let entries = |titles: &[&str]| {
        titles
            .iter()
            .map(|title| entry(title, 10))
            .collect::<Vec<_>>()
    };
    shop.visit(1, 50, entries(&titles));
    let id = |title: &str| {
        let all = shop.reader().list(&Query::All, 100).unwrap();
        all.iter()
            .find(|head| head.title.as_str() == title)
            .unwrap()
            .id
            .0
    };
    for title in ["read", "starred", "tagged", "listed"] {
        shop.mark(&[id(title)], MarkKind::Read, true);
    }
    shop.mark(&[id("starred")], MarkKind::Starred, true);
    shop.apply(Edit::Tag {
        which: Which::Entries(vec![EntryId(id("tagged"))]),
        tag: "t".into(),
        on: true,
    });
    shop.clock.store(89 * day, Ordering::SeqCst);
    shop.visit(1, 89 * day, entries(&["listed"]));
    shop.writer.flush(true);
    assert_eq!(shop.titles(View::All).len(), 5);
    shop.clock.store(91 * day, Ordering::SeqCst);
    shop.record(record(1, 91 * day));
    shop.writer.flush(true);
    let mut left = shop.titles(View::All);
    left.sort();
    assert_eq!(left, ["listed", "starred", "tagged", "unread"]);
    shop.is_whole();
    shop.visit(1, 92 * day, entries(&titles));
    assert_eq!(shop.titles(View::All).len(), 4);
    // Ids are never given twice.
    shop.visit(1, 93 * day, entries(&["new"]));
    assert_eq!(id("new"), 6);
    shop.is_whole();
}

#[test]
fn a_feed_is_visited_by_whoever_holds_its_claim() {
    let shop = Shop::with_feeds(&[A]);
    let other = open_at(&shop.path, &shop.clock, &Arc::default());
    let soon = Utc::now() + TimeDelta::minutes(5);
    assert!(shop.writer.claim(FeedId(1), soon));
    assert!(shop.writer.claim(FeedId(1), soon));
    assert!(!other.claim(FeedId(1), soon));
    assert!(other.claim(FeedId(2), soon));
    shop.record(record(1, 10));
    // The other one may not know yet that it was visited, and leaves it alone for a minute; who knows may decide.
    assert!(!other.claim(FeedId(1), soon));
    assert!(shop.writer.claim(FeedId(1), soon));
    other.close();
    assert!(shop.writer.claim(FeedId(2), soon));
}

#[test]
fn two_instances_see_each_other() {
    let shop = Shop::with_feeds(&[A]);
    let other = open_at(&shop.path, &shop.clock, &Arc::default());
    let reader = shop.reader();
    let before = reader.data_version().unwrap();
    other.record(
        VisitRecord {
            outcome: Outcome::Updated(Box::new(FeedContent {
                entries: vec![entry("theirs", 5)],
                ..FeedContent::default()
            })),
            ..record(1, 10)
        },
        Box::new(()),
    );
    other.flush(false);
    assert_ne!(reader.data_version().unwrap(), before);
    shop.visit(1, 20, vec![entry("theirs", 5), entry("ours", 6)]);
    assert_eq!(shop.titles(View::All), ["ours", "theirs"]);
    shop.is_whole();
}

#[test]
fn answers_say_which_edit_they_know() {
    let shop = Shop::with_feeds(&[A]);
    let edit = shop.writer.apply(Edit::Note {
        entry: EntryId(1),
        text: String::new(),
    });
    shop.writer.flush(false);
    assert_eq!(
        shop.reader().entries(&question(View::All)).unwrap().edit,
        edit
    );
}

#[test]
fn what_cannot_be_done_says_so_and_harms_nothing() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10)]);
    for edit in [
        Edit::Mark {
            which: Which::Entries(vec![EntryId(9)]),
            mark: MarkKind::Read,
            on: true,
        },
        Edit::Tag {
            which: Which::Entries(vec![EntryId(9)]),
            tag: "t".into(),
            on: true,
        },
        Edit::Tag {
            which: Which::Entries(vec![EntryId(1)]),
            tag: " ".into(),
            on: true,
        },
        Edit::Note {
            entry: EntryId(9),
            text: "n".into(),
        },
        Edit::Hide {
            feed: FeedId(9),
            hidden: true,
        },
        Edit::Move {
            feed: FeedId(9),
            to: B.parse().unwrap(),
        },
    ] {
        let applied = shop.apply(edit.clone());
        assert_eq!((applied.count, applied.undoable), (0, false), "{edit:?}");
    }
    let unreadable = shop.apply(Edit::Mark {
        which: Which::Matching {
            query: Query::Test(Test::Regex("[".into())),
            now: time(0),
            up_to: None,
        },
        mark: MarkKind::Read,
        on: true,
    });
    assert!(unreadable.error.is_some());
    shop.record(record(77, 10));
    shop.is_whole();
    assert_eq!(shop.apply(Edit::Undo).count, 0);
}

#[test]
fn a_backup_is_taken_while_running_and_put_back() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 10)]);
    let to = shop.path.with_file_name("copy.db");
    backup(&shop.path, &to).unwrap();
    backup(&shop.path, &to).unwrap();
    // Nothing else is written over: no other file, and not the database.
    let notes = shop.path.with_file_name("notes.txt");
    std::fs::write(&notes, "mine").unwrap();
    for refused in [
        notes.clone(),
        shop.path.clone(),
        super::instance::beside(&shop.path, "-wal"),
    ] {
        assert!(
            backup(&shop.path, &refused).is_err(),
            "{}",
            refused.display()
        );
    }
    assert_eq!(std::fs::read(&notes).unwrap(), b"mine");
    shop.mark(&[1], MarkKind::Starred, true);
    assert!(matches!(restore(&to, &shop.path), Err(StoreError::InUse)));
    let Shop {
        writer,
        path,
        clock,
        heard,
        _directory,
    } = shop;
    writer.close();
    let old = restore(&to, &path).unwrap().unwrap();
    assert!(old.exists());
    let kept = schema::open_for_reading(&old).unwrap();
    let starred: i64 = kept
        .query_row("SELECT count(*) FROM entry WHERE starred = 1", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(starred, 1, "what was there is kept whole");
    let writer = open_at(&path, &clock, &heard);
    let reader = writer.reader().unwrap();
    assert_eq!(
        reader.counts(time(0)).unwrap(),
        Counts {
            unread: 1,
            all: 1,
            today_unread: 1,
            ..Counts::default()
        }
    );
    assert_eq!(reader.integrity().unwrap(), Vec::<String>::new());
    let nothing = path.with_file_name("nothing.db");
    std::fs::write(&nothing, b"").unwrap();
    drop(reader);
    writer.close();
    assert!(restore(&nothing, &path).is_err());
}

#[test]
fn a_damaged_database_is_known_and_what_can_be_read_is_saved() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(
        1,
        50,
        (0..300).map(|n| entry(&format!("entry {n}"), n)).collect(),
    );
    shop.mark(&[7], MarkKind::Starred, true);
    shop.writer.flush(true);
    let Shop {
        writer,
        path,
        clock,
        heard,
        _directory,
    } = shop;
    writer.close();
    let mut bytes = std::fs::read(&path).unwrap();
    // Three pages in the middle are lost.
    let middle = bytes.len() / 8192 * 4096;
    bytes[middle..middle + 3 * 4096].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let saved = salvage(&path).unwrap().unwrap();
    assert_eq!(saved.feeds, 1);
    assert!(saved.entries > 200, "{saved:?}");
    assert!(saved.old.exists());
    let writer = open_at(&path, &clock, &heard);
    writer.flush(true);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.integrity().unwrap(), Vec::<String>::new());
    assert_eq!(reader.counts(time(0)).unwrap().starred, 1);
    drop(reader);
    writer.close();

    std::fs::write(&path, b"this is no database, and it is longer than a header of one hundred bytes would be, so it is looked at").unwrap();
    let error = open(&path, Settings::default(), Box::new(|_| {}))
        .err()
        .unwrap();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        salvage(&path),
        Err(StoreError::NothingSaved { .. })
    ));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(!path.with_file_name("bron.db.salvaged").exists());
}

#[test]
fn a_step_of_files_that_could_not_be_done_can_be_tried_again() {
    let shop = Shop::with_feeds(&[A]);
    let file = crate::news::FileText {
        path: "urls".into(),
        before: None,
        after: Some("x".into()),
    };
    shop.apply(Edit::Files {
        summary: "subscribed".into(),
        files: vec![file],
    });
    for (edit, back, words) in [
        (Edit::Undo, true, "undone: subscribed"),
        (Edit::Redo, false, "done again: subscribed"),
    ] {
        for _ in 0..2 {
            assert_eq!(shop.apply(edit.clone()).summary.as_str(), words);
            let step = shop.heard.lock().unwrap().last().unwrap().steps[0].clone();
            assert_eq!(step.back, back);
            assert_eq!(step.files[0].before.is_none(), !back);
            shop.apply(Edit::StepFailed {
                step: step.step,
                back,
            });
        }
        assert_eq!(shop.apply(edit).summary.as_str(), words);
    }
}

#[test]
fn the_command_line_takes_back_its_own_whichever_call_made_it() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("one", 1), entry("two", 2)]);
    let call = || {
        let settings = Settings {
            command_line: true,
            ..Settings::default()
        };
        open(&shop.path, settings, Box::new(|_| {})).unwrap()
    };
    let star = |id: i64| Edit::Mark {
        which: Which::Entries(vec![EntryId(id)]),
        mark: MarkKind::Starred,
        on: true,
    };
    let (first, second) = (call(), call());
    first.apply_now(star(1)).unwrap();
    shop.apply(star(2));
    assert_eq!(second.apply_now(Edit::Undo).unwrap().count, 1);
    let kept = shop.reader().entries(&question(View::Starred)).unwrap();
    assert_eq!(kept.rows[0].id, EntryId(2));
    assert_eq!(kept.rows.len(), 1);
    assert_eq!(
        second.apply_now(Edit::Undo).unwrap().summary.as_str(),
        crate::news::NOTHING_TO_UNDO
    );
    assert_eq!(shop.apply(Edit::Undo).count, 1);
}

#[test]
fn a_sound_database_is_not_salvaged() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("entry", 1)]);
    let Shop {
        writer,
        path,
        _directory,
        ..
    } = shop;
    writer.close();
    let files = || {
        let folder = std::fs::read_dir(path.parent().unwrap()).unwrap();
        let mut names: Vec<_> = folder
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with("bron.db-"))
            .collect();
        names.sort();
        names
    };
    let before = (std::fs::read(&path).unwrap(), files());
    assert_eq!(salvage(&path).unwrap(), None);
    assert_eq!((std::fs::read(&path).unwrap(), files()), before);
    // A count that is off is damage, too.
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute("UPDATE counter SET starred = starred + 1", [])
        .unwrap();
    drop(conn);
    assert_eq!(salvage(&path).unwrap().unwrap().entries, 1);
    assert_eq!(salvage(&path).unwrap(), None);
}

#[test]
fn a_newer_database_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bron.db");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x); PRAGMA user_version = 99;")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = open(&path, Settings::default(), Box::new(|_| {}))
        .err()
        .unwrap();
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
    assert!(matches!(
        Reader::open(&path).err(),
        Some(StoreError::Newer { found: 99, .. })
    ));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let shop = Shop::with_feeds(&[A]);
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(shop.path.parent().unwrap()), 0o700);
    for file in std::fs::read_dir(shop.path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn lists_never_scan_the_entries() {
    let shop = Shop::with_feeds(&[A]);
    let reader = shop.reader();
    for view in [
        View::All,
        View::Unread,
        View::Starred,
        View::Later,
        View::Feed(FeedId(1)),
        View::Today { since: time(0) },
        View::Group("x".into()),
    ] {
        for plan in list::plans(&reader, &question(view.clone())).unwrap() {
            let scans = plan.contains("SCAN")
                && !plan.contains("INDEX")
                && !plan.contains("json_each")
                && !plan.contains("VIRTUAL")
                && !plan.ends_with("SCAN e");
            assert!(!scans, "{view:?}: {plan}");
            assert!(
                !plan.contains("TEMP B-TREE") || matches!(view, View::Group(_)),
                "{view:?}: {plan}"
            );
        }
    }
}

#[test]
fn what_a_feed_had_outlives_its_place_in_the_lists_and_comes_back_with_it() {
    const DAY: i64 = 24 * 3600;
    let shop = Shop::with_feeds(&[A, B]);
    shop.visit(1, 0, vec![entry("Unread", -10 * DAY)]);
    let at = |days: i64| {
        shop.clock.store(days * DAY, Ordering::SeqCst);
        shop.record(record(2, days * DAY));
        shop.writer.flush(true);
        let count = "SELECT count(*) FROM entry";
        let conn = shop.reader();
        conn.conn()
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    // Unread, it stays however old it is.
    assert_eq!(at(200), 1);
    // A list was broken: what could be read of it is told, and takes nothing away.
    shop.apply(Edit::AddFeeds(Vec::new()));
    assert_eq!(shop.titles(View::All), ["Unread"]);
    shop.set_feeds(&[B]);
    assert_eq!(shop.titles(View::All), [""; 0]);
    assert_eq!(at(201), 1, "a day after it left the lists");
    assert_eq!(at(289), 1);
    assert_eq!(at(292), 0, "longer than anything is kept");
    shop.set_feeds(&[A, B]);
    shop.visit(1, 293 * DAY, vec![entry("Unread", -10 * DAY)]);
    assert_eq!(shop.titles(View::All), ["Unread"]);
    shop.is_whole();
}

#[test]
fn what_a_newer_bron_wrote_is_not_salvaged_into_an_older_shape() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bron.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE newer (x); PRAGMA user_version = 99;")
        .unwrap();
    drop(conn);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        salvage(&path),
        Err(StoreError::Newer { found: 99, .. })
    ));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_question_stopped_while_the_index_is_opened_counts_as_stopped() {
    let failed = |text: &str| {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ERROR);
        StoreError::from(rusqlite::Error::SqliteFailure(code, Some(text.to_owned())))
    };
    assert!(failed("vtable constructor failed: entry_fts").may_be_a_stop());
    assert!(!failed("no such table: entry").may_be_a_stop());
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT);
    assert!(StoreError::from(rusqlite::Error::SqliteFailure(code, None)).may_be_a_stop());
}
