//! Rules, saved views, filters, notes in the index, and what was read in numbers.

use super::tests::*;
use crate::feed::{EntryId, FeedId};
use crate::news::*;
use crate::query::{Mark, Query, Test, parse};

fn rule(query: &str, deeds: &[&str]) -> Rule {
    Rule {
        query: query.to_owned(),
        deeds: deeds
            .iter()
            .map(|deed| Deed::read(deed).expect(deed))
            .collect(),
        place: "config.toml:1".to_owned(),
    }
}

fn found(shop: &Shop, text: &str) -> Vec<String> {
    let query = parse(text, time(0)).expect(text);
    let heads = shop.reader().list(&query, 100).unwrap();
    heads.iter().map(|head| head.title.to_string()).collect()
}

fn found_id(shop: &Shop, text: &str) -> EntryId {
    let query = parse(text, time(0)).expect(text);
    shop.reader().list(&query, 1).unwrap()[0].id
}

fn with_text(title: &str, seconds: i64, html: &str) -> Entry {
    Entry {
        html: html.to_owned(),
        ..entry(title, seconds)
    }
}

#[test]
fn rules_are_carried_out_when_entries_arrive_and_only_then() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("old webinar", 10)]);
    shop.apply(Edit::SetRules(vec![
        rule("title:webinar", &["mark-read", "tag:noise"]),
        rule("title:kernel", &["star", "later", "notify"]),
    ]));
    shop.visit(
        1,
        60,
        vec![
            entry("old webinar", 10),
            entry("a webinar", 20),
            entry("kernel news", 30),
            entry("other", 40),
        ],
    );
    assert_eq!(
        found(&shop, "is:unread"),
        ["other", "kernel news", "old webinar"]
    );
    assert_eq!(found(&shop, "tag:noise"), ["a webinar"]);
    assert_eq!(found(&shop, "is:starred is:later"), ["kernel news"]);
    let told: Vec<String> = shop
        .heard
        .lock()
        .unwrap()
        .iter()
        .flat_map(|changes| changes.notify.clone())
        .map(|notify| format!("{}: {}", notify.feed, notify.title))
        .collect();
    assert_eq!(told, ["Feed 1: kernel news"]);
    assert_eq!(shop.reader().feeds().unwrap()[0].unread, 3);
    assert_eq!(
        shop.titles(View::Unread),
        ["other", "kernel news", "old webinar"],
        "what nobody has seen read does not stay"
    );
    shop.is_whole();
}

#[test]
fn a_rule_that_asks_for_the_text_acts_when_it_is_known_and_once() {
    let shop = Shop::with_feeds(&[A]);
    shop.apply(Edit::SetRules(vec![
        rule("scheduler", &["star", "notify"]),
        rule("title:plain -scheduler", &["tag:quiet"]),
        rule("source:paper.example", &["later"]),
    ]));
    shop.visit(
        1,
        60,
        vec![
            with_text("plain one", 10, "<p>About the scheduler.</p>"),
            with_text(
                "plain two",
                20,
                "<p>See <a href='https://paper.example/x'>the paper</a> on it, and more words.</p>",
            ),
            entry("scheduler in the title", 30),
        ],
    );
    assert_eq!(
        found(&shop, "is:starred"),
        ["scheduler in the title"],
        "at once"
    );
    assert_eq!(
        found(&shop, "tag:quiet"),
        Vec::<String>::new(),
        "what it must not hold is not known yet"
    );
    shop.writer.flush(true);
    assert_eq!(
        found(&shop, "is:starred"),
        ["scheduler in the title", "plain one"]
    );
    assert_eq!(found(&shop, "tag:quiet"), ["plain two"]);
    assert_eq!(found(&shop, "is:later"), ["plain two"]);
    let told = || {
        shop.heard
            .lock()
            .unwrap()
            .iter()
            .map(|changes| changes.notify.len())
            .sum::<usize>()
    };
    assert_eq!(told(), 2);
    // Taken back by the reader: an entry that changes is no new one.
    shop.mark(&[1, 2, 3], MarkKind::Starred, false);
    let changed = Entry {
        content_hash: 99,
        ..with_text("plain one", 10, "<p>The scheduler again.</p>")
    };
    shop.visit(1, 70, vec![changed]);
    shop.writer.flush(true);
    assert_eq!(found(&shop, "is:starred"), Vec::<String>::new());
    assert_eq!(told(), 2);
    shop.is_whole();
}

#[test]
fn what_a_rule_hides_is_in_no_list_and_stays_hidden() {
    let shop = Shop::with_feeds(&[A]);
    shop.apply(Edit::SetRules(vec![rule("title:ad", &["hide"])]));
    shop.visit(1, 60, vec![entry("an ad", 10), entry("news", 20)]);
    for view in [View::All, View::Unread, View::Feed(FeedId(1))] {
        assert_eq!(shop.titles(view), ["news"]);
    }
    assert_eq!(found(&shop, "is:hidden"), ["an ad"]);
    shop.apply(Edit::Hide {
        feed: FeedId(1),
        hidden: true,
    });
    shop.apply(Edit::Hide {
        feed: FeedId(1),
        hidden: false,
    });
    assert_eq!(shop.titles(View::All), ["news"]);
    assert_eq!(shop.reader().feeds().unwrap()[0].unread, 1);
    shop.is_whole();
}

#[test]
fn a_view_is_narrowed_by_a_query() {
    let shop = Shop::with_feeds(&[A, B]);
    shop.visit(1, 50, vec![entry("blue two", 20), entry("red one", 10)]);
    shop.visit(2, 50, vec![entry("red three", 30)]);
    shop.mark(&[1], MarkKind::Read, true);
    let narrowed = |view, text: &str| {
        let filter = Filter {
            text: text.to_owned(),
            query: parse(text, time(0)).expect(text),
        };
        let question = EntriesQuestion {
            filter: Some(filter),
            ..question(view)
        };
        let page = shop.reader().entries(&question).unwrap();
        assert_eq!(page.total, Some(page.rows.len()));
        page.rows
            .iter()
            .map(|row| row.title.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(narrowed(View::All, "red"), ["red three", "red one"]);
    assert_eq!(narrowed(View::Feed(FeedId(1)), "red"), ["red one"]);
    assert_eq!(narrowed(View::Unread, "red"), ["red three"]);
    assert_eq!(narrowed(View::All, "title:red is:read"), ["red one"]);
    assert_eq!(
        narrowed(View::Today { since: time(15) }, "red or blue"),
        ["red three", "blue two"]
    );
    assert_eq!(narrowed(View::Starred, "red"), Vec::<String>::new());
    let search = View::Search {
        text: "red".to_owned(),
        query: Query::Test(Test::Title("red".to_owned())),
    };
    assert_eq!(narrowed(search, "three"), ["red three"]);
}

#[test]
fn a_search_is_kept_as_a_view_let_go_and_brought_back() {
    let shop = Shop::with_feeds(&[A]);
    let names = || -> Vec<(String, String)> {
        let views = shop.reader().saved_views().unwrap();
        views
            .into_iter()
            .map(|view| (view.name.to_string(), view.query))
            .collect()
    };
    let view = |name: &str, query: &str| (name.to_owned(), query.to_owned());
    let save = |name: &str, query: &str| {
        shop.apply(Edit::SaveView {
            name: name.to_owned(),
            query: query.to_owned(),
        })
    };
    assert!(save("Rust", "title:rust").undoable);
    save("Audio", "has:audio");
    assert_eq!(save("Rust", "title:rust").count, 0, "as it is");
    save("Rust", "rust or cargo");
    assert_eq!(
        names(),
        [view("Rust", "rust or cargo"), view("Audio", "has:audio")]
    );
    shop.apply(Edit::Undo);
    assert_eq!(names()[0], view("Rust", "title:rust"));
    assert_eq!(
        shop.apply(Edit::DropView {
            name: "Rust".to_owned()
        })
        .summary
        .as_str(),
        "the view Rust is let go"
    );
    assert_eq!(names(), [view("Audio", "has:audio")]);
    shop.apply(Edit::Undo);
    assert_eq!(names().len(), 2);
    assert_eq!(save(" ", "x").count, 0);
}

#[test]
fn the_words_of_a_note_are_found() {
    let shop = Shop::with_feeds(&[A]);
    shop.visit(1, 50, vec![entry("two", 20), entry("one", 10)]);
    shop.writer.flush(true);
    let note = |text: &str| {
        shop.apply(Edit::Note {
            entry: EntryId(1),
            text: text.to_owned(),
        });
        shop.writer.flush(true);
    };
    note("quote this on monday");
    assert_eq!(found(&shop, "monday"), ["one"]);
    assert_eq!(found(&shop, "has:note"), ["one"]);
    note("");
    assert_eq!(found(&shop, "monday"), Vec::<String>::new());
    assert_eq!(
        found(&shop, "text"),
        ["two", "one"],
        "its own text is found all the same"
    );
}

#[test]
fn reading_is_counted_by_local_days_and_hours() {
    // 1_700_000_000 is 2023-11-14 22:13:20 UTC: an hour to the east it is 23 h, two hours to the east the next day.
    let zone = chrono::FixedOffset::east_opt(7200).unwrap();
    let shop = Shop::with_feeds(&[A, B]);
    shop.visit(
        1,
        50,
        vec![
            entry("old", -90 * 86_400),
            entry("two", -86_400),
            entry("one", 10),
        ],
    );
    let id = |title: &str| found_id(&shop, title);
    let old = id("title:old");
    shop.mark(&[old.0], MarkKind::Read, true);
    shop.apply(Edit::Opened {
        entry: old,
        at: time(20),
    });
    shop.apply(Edit::Opened {
        entry: old,
        at: time(30),
    });
    let one = id("title:one");
    shop.mark(&[one.0], MarkKind::Read, true);
    shop.apply(Edit::Opened {
        entry: one,
        at: time(40),
    });
    let reading = shop.reader().reading(time(100), zone, 30).unwrap();
    assert_eq!(reading.days.len(), 30);
    let last = reading.days[29];
    assert_eq!(
        (last.day.to_string().as_str(), last.arrived, last.read),
        ("2023-11-15", 1, 1)
    );
    assert_eq!(reading.days[28].arrived, 1);
    assert_eq!(reading.hours.iter().sum::<u32>(), 3);
    assert_eq!(
        reading.hours[0], 3,
        "half past midnight, where the reader is"
    );
    let [a, b] = reading.feeds.as_slice() else {
        panic!("two feeds");
    };
    assert_eq!((a.arrived, b.arrived, b.last), (2, 0, None));
    let page = shop.reader().feed_page(FeedId(1), time(100), zone).unwrap();
    assert_eq!(page.days[29].arrived, 1);
    assert_eq!(page.visits.len(), 1);
    assert_eq!(page.settings, Vec::<String>::new());
    assert_eq!(
        shop.reader()
            .count(&Query::Test(Test::Is(Mark::Read)))
            .unwrap(),
        2
    );
}
