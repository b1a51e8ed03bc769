//! Pages against a server: the road from an address to what is kept, and why it ends early.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

mod support;

use bron::address::{self, Found};
use bron::app::ahead::{self, Budget, Fetched};
use bron::feed::EntryId;
use bron::feed::list::Listed;
use bron::news::Edit;
use bron::news::edit::ListedFeed;
use bron::pages::{Pages, Settings, Want};
use bron::poller::run::Watcher;
use bron::poller::{Asked, Poller, Progress, Visited};
use bron::query;
use bron::tui::event::Ahead;
use chrono::TimeDelta;
use std::fs;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, channel};
use support::World;
use support::server::{Reply, answer};
use url::Url;

const WORDS: &str = "<p>A paragraph of the article, long enough to be one, with words that say something about a thing.</p>";

fn page() -> String {
    let words = WORDS.repeat(20);
    format!(
        "<!doctype html><html lang=en><head><title>The page</title><link rel=canonical href=\"http://a.example/canonical\"></head><body><article><h1>The page</h1>{words}</article></body></html>"
    )
}

type Told = Receiver<(String, Result<(), String>)>;

fn pages(world: &World) -> (Pages, Told) {
    let client = world.client();
    let _inside = world.runtime.enter();
    let (tell, told) = channel();
    let settings = Settings {
        size_limit: 4 << 20,
        keep_days: 30,
    };
    let pages = Pages::new(
        client,
        world.gate.clone(),
        world.writer().clone(),
        world.database(),
        settings,
        world.clock(),
        Arc::new(move |key: &str, result| {
            let _ = tell.send((key.to_owned(), result));
        }),
    );
    (pages, told)
}

fn want(url: &str) -> Want {
    let key = address::clean(url, Found::default()).unwrap().key;
    Want {
        key,
        url: Url::parse(url).unwrap(),
        card_only: false,
        waiting: true,
        again: false,
    }
}

/// What is told of one page.
fn told(world: &World, want: Want) -> Result<(), String> {
    let (pages, told) = pages(world);
    let key = want.key.clone();
    pages.want(want);
    let (about, result) = told.recv().unwrap();
    assert_eq!(about, key);
    result
}

fn serving(reply: impl Fn() -> Reply + Send + Sync + 'static) -> World {
    let world = World::with_hosts(["a.example"]);
    world.server.on("a.example/page", move |_| reply());
    world
}

#[test]
fn a_page_is_read_kept_and_not_asked_for_again_within_its_time() {
    let world = serving(|| answer("200 OK", &["Content-Type: text/html"], page().as_bytes()));
    for _ in 0..2 {
        assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    }
    let kept = world.reader().page("a.example/page").unwrap().unwrap();
    assert!(
        kept.html
            .is_some_and(|html| html.contains("A paragraph of the article"))
    );
    assert_eq!(kept.card.title.as_deref(), Some("The page"));
    assert_eq!(world.server.requests("a.example/page").len(), 1);
    world.wait(TimeDelta::days(31));
    assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    assert_eq!(world.server.requests("a.example/page").len(), 2);
}

#[test]
fn redirects_and_canonical_addresses_lead_to_the_same_page() {
    let world = serving(|| answer("302 Found", &["Location: /landed"], b""));
    world.server.on("a.example/landed", |_| {
        answer("200 OK", &["Content-Type: text/html"], page().as_bytes())
    });
    assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    for key in ["a.example/page", "a.example/landed", "a.example/canonical"] {
        assert!(world.reader().page(key).unwrap().is_some(), "{key}");
    }
}

#[test]
fn an_archived_copy_is_kept_as_the_page_that_it_is_one_of() {
    let world = World::with_hosts(["a.example", "web.archive.org"]);
    world
        .server
        .on("a.example/page", |_| answer("410 Gone", &[], b""));
    let copies = "web.archive.org/web/2id_/http://a.example/page";
    let of_2023 = "/web/20231204120000id_/http://a.example/page";
    world.server.on(copies, move |_| {
        answer("302 Found", &[&format!("Location: {of_2023}")], b"")
    });
    world.server.on(&format!("web.archive.org{of_2023}"), |_| {
        let linked = page().replace("a thing.", "a <a href=\"/other\">thing</a>.");
        answer("200 OK", &["Content-Type: text/html"], linked.as_bytes())
    });
    let page = want("http://a.example/page");
    assert!(told(&world, page.clone()).is_err());
    let copy = Want {
        url: address::newest_copy("http://a.example/page")
            .map(|url| Url::parse(&url.as_str().replacen("https", "http", 1)).unwrap())
            .unwrap(),
        again: true,
        ..page
    };
    assert_eq!(told(&world, copy), Ok(()));
    let reader = world.reader();
    let kept = reader.page("a.example/page").unwrap().unwrap();
    assert!(kept.url.ends_with(of_2023), "{}", kept.url);
    let html = kept.html.unwrap();
    assert!(
        html.contains("\"http://a.example/other\""),
        "links are those of the page: {html}"
    );
    let keys = ["a.example/page".to_owned()];
    let card = &reader.cards(&keys).unwrap()["a.example/page"];
    assert_eq!(card.archived, Some(Some(2023)));
}

#[test]
fn where_there_is_no_copy_the_archive_is_named_and_what_is_kept_stays() {
    let world = World::with_hosts(["a.example", "web.archive.org"]);
    world.server.on("a.example/page", |_| {
        answer(
            "200 OK",
            &["Content-Type: text/html", "ETag: \"one\""],
            page().as_bytes(),
        )
    });
    let copies = "web.archive.org/web/2id_/http://a.example/page";
    world
        .server
        .on(copies, |_| answer("404 Not Found", &[], b""));
    let page = want("http://a.example/page");
    assert_eq!(told(&world, page.clone()), Ok(()));
    let copy = Want {
        url: Url::parse(&format!("http://{copies}")).unwrap(),
        again: true,
        ..page
    };
    let why = told(&world, copy).unwrap_err();
    assert!(why.contains("archive has no copy"), "{why}");
    let asked = world.server.requests(copies);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("if-none-match"), None);
    assert!(
        world
            .reader()
            .page("a.example/page")
            .unwrap()
            .unwrap()
            .html
            .is_some()
    );
}

#[test]
fn a_card_reads_no_more_than_it_needs() {
    let world = serving(|| {
        Reply::Endless(
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}",
                page()
            )
            .into_bytes(),
            vec![b' '; 64 << 10],
        )
    });
    assert_eq!(
        told(
            &world,
            Want {
                card_only: true,
                waiting: false,
                ..want("http://a.example/page")
            }
        ),
        Ok(())
    );
    let kept = world.reader().page("a.example/page").unwrap().unwrap();
    assert_eq!(
        (kept.card.title.as_deref(), kept.html),
        (Some("The page"), None)
    );
}

type Failure = (&'static str, fn() -> Reply);

#[rustfmt::skip]
const FAILURES: &[Failure] = &[
    ("not there (404)", || answer("404 Not Found", &[], b"")),
    ("gone for good (410)", || answer("410 Gone", &[], b"")),
    ("refuses us", || answer("403 No", &[], b"")),
    ("asks for a password", || answer("401 Who", &[], b"")),
    ("fewer visits", || answer("429 Slow Down", &[], b"")),
    ("by law", || answer("451 No", &[], b"")),
    ("broken at the moment", || answer("502 Oops", &[], b"")),
    ("did not answer in time", || Reply::Silence),
    ("private network", || answer("302 Found", &["Location: http://192.168.0.1/"], b"")),
    ("not followed", || answer("302 Found", &["Location: file:///etc/passwd"], b"")),
    ("More than 5 redirects", || answer("302 Found", &["Location: /page"], b"")),
    ("larger than 4 MiB", || Reply::Endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec(), vec![b'a'; 64 << 10])),
    ("broke off", || answer("200 OK", &["Content-Length: 9000"], b"<html>")),
];

#[test]
fn failures_are_kept_as_sentences_and_not_tried_again_at_once() {
    for (words, reply) in FAILURES {
        let world = serving(reply);
        let why = told(&world, want("http://a.example/page")).unwrap_err();
        assert!(why.contains(words), "{words}: {why}");
        let asked = world.server.requests("a.example/page").len();
        assert_eq!(told(&world, want("http://a.example/page")), Err(why));
        assert_eq!(
            world.server.requests("a.example/page").len(),
            asked,
            "{words}"
        );
    }
}

#[test]
fn a_page_on_a_private_address_is_not_asked_for() {
    let world = World::with_hosts([]);
    for url in [
        "http://127.0.0.1:9/x",
        "http://10.1.2.3/x",
        "http://[::1]/x",
        "http://localhost/x",
    ] {
        let why = told(&world, want(url)).unwrap_err();
        assert!(why.contains("private network"), "{url}: {why}");
    }
}

#[test]
fn a_page_that_is_as_it_was_is_good_for_its_time_again() {
    let world = World::with_hosts(["a.example"]);
    world.server.on("a.example/page", |request| {
        if request.header("if-none-match").is_some() {
            answer("304 Not Modified", &["ETag: \"one\""], b"")
        } else {
            answer(
                "200 OK",
                &["Content-Type: text/html", "ETag: \"one\""],
                page().as_bytes(),
            )
        }
    });
    let kept = || world.reader().page("a.example/page").unwrap().unwrap();
    assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    let first = kept().fetched_at;
    world.wait(TimeDelta::days(31));
    for _ in 0..2 {
        assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    }
    assert_eq!(world.server.requests("a.example/page").len(), 2);
    assert!(kept().fetched_at >= first + TimeDelta::days(31));
    assert!(kept().html.is_some());
}

#[test]
fn a_page_that_keeps_failing_is_asked_for_less_and_less() {
    let world = serving(|| answer("500 Oops", &[], b""));
    let asked = || {
        let _ = told(&world, want("http://a.example/page"));
        world.server.requests("a.example/page").len()
    };
    assert_eq!(asked(), 1);
    world.wait(TimeDelta::minutes(11));
    assert_eq!(asked(), 2);
    world.wait(TimeDelta::minutes(11));
    assert_eq!(asked(), 2);
    world.wait(TimeDelta::minutes(31));
    assert_eq!(asked(), 3);
}

#[test]
fn cards_keep_to_the_ports_of_the_web() {
    let world = World::with_hosts(["a.example"]);
    for (url, card_only) in [
        ("http://a.example:6379/x", true),
        ("https://a.example:5432/x", true),
        ("http://a.example:22/x", false),
    ] {
        let wanted = Want {
            card_only,
            waiting: !card_only,
            ..want(url)
        };
        let why = told(&world, wanted).unwrap_err();
        assert!(why.contains("is not one of the web"), "{url}: {why}");
    }
}

#[test]
fn case_10_no_redirect_leads_to_a_private_address() {
    for to in [
        "http://127.0.0.1:8080/admin",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
    ] {
        let world = serving(move || answer("302 Found", &[&format!("Location: {to}")], b""));
        let why = told(&world, want("http://a.example/page")).unwrap_err();
        assert!(why.contains("private network"), "{to}: {why}");
        let page = world.reader().page("a.example/page").unwrap();
        assert!(page.is_none_or(|page| page.html.is_none()), "{to}");
    }
}

#[test]
fn case_21_a_card_that_comes_when_nobody_waits_any_more_is_stored() {
    let world = serving(|| answer("200 OK", &["Content-Type: text/html"], page().as_bytes()));
    let (pages, told) = pages(&world);
    pages.want(Want {
        card_only: true,
        waiting: false,
        ..want("http://a.example/page")
    });
    drop(told);
    // The page is looked for until it is there: nobody says so any more.
    let kept = loop {
        if let Some(kept) = world.reader().page("a.example/page").unwrap() {
            break kept;
        }
        std::thread::yield_now();
    };
    assert_eq!(kept.card.title.as_deref(), Some("The page"));
}

#[test]
fn case_22_without_network_what_is_kept_opens_and_the_rest_says_why_not() {
    let mut world = serving(|| answer("200 OK", &["Content-Type: text/html"], page().as_bytes()));
    assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    world.offline = true;
    assert_eq!(told(&world, want("http://a.example/page")), Ok(()));
    let why = told(&world, want("http://a.example/other")).unwrap_err();
    assert!(why.contains("offline"), "{why}");
    assert_eq!(world.server.requests("a.example/page").len(), 1);
    assert_eq!(world.server.requests("a.example/other").len(), 0);
    // Being offline is no fault of the page: with network again, it is asked for at once.
    world.offline = false;
    world.server.on("a.example/other", |_| {
        answer("200 OK", &["Content-Type: text/html"], page().as_bytes())
    });
    assert_eq!(told(&world, want("http://a.example/other")), Ok(()));
}

/// A home whose way to the network is the test's server, which answers for every host.
struct Home {
    folder: tempfile::TempDir,
    server: support::server::Server,
}

impl Home {
    fn new() -> Home {
        let folder = tempfile::tempdir().unwrap();
        let server = support::server::Server::start();
        let config = format!("proxy = \"http://{}\"\n", server.address);
        fs::write(folder.path().join("config.toml"), config).unwrap();
        Home { folder, server }
    }

    fn run(&self, words: &[&str]) -> Output {
        assert_cmd::Command::cargo_bin("bron")
            .unwrap()
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BRON_CONFIG", self.folder.path().join("config.toml"))
            .env("BRON_DATA_DIR", self.folder.path().join("data"))
            .args(words)
            .output()
            .unwrap()
    }

    /// The JSON objects, one a line, of a call that must succeed.
    #[track_caller]
    fn json(&self, words: &[&str]) -> Vec<serde_json::Value> {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// What came of the pages, as `refresh --full-text` tells it.
    #[track_caller]
    fn full_text(&self, more: &[&str]) -> serde_json::Value {
        let words = [&["refresh", "--full-text", "--json"], more].concat();
        let told = self.json(&words);
        let told = told.iter().find_map(|object| object.get("full_text"));
        told.expect("it says what came of the pages").clone()
    }
}

#[test]
fn whole_pages_are_fetched_ahead_within_the_budget_and_read_without_network() {
    let home = Home::new();
    let entries: String = (1..=4)
        .map(|n| format!("<item><title>Entry {n}</title><link>http://weekly.example/{n}</link><guid>{n}</guid><description>An excerpt.</description></item>"))
        .collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Weekly</title><link>http://weekly.example/</link>{entries}</channel></rss>"
    );
    home.server.on("weekly.example/feed", move |_| {
        answer(
            "200 OK",
            &["Content-Type: application/rss+xml"],
            feed.as_bytes(),
        )
    });
    for n in 1..=3 {
        // The head of each page would name one address for all.
        let text = page().replace("canonical\" href", "x\" href");
        home.server.on(&format!("weekly.example/{n}"), move |_| {
            answer("200 OK", &["Content-Type: text/html"], text.as_bytes())
        });
    }
    let added = home.run(&["feed", "add", "http://weekly.example/feed"]);
    assert!(added.status.success(), "{added:?}");

    // One page is the budget, then the rest; the fourth is not there.
    let first = home.full_text(&["--pages-at-most", "1"]);
    assert_eq!(
        (&first["pages"], &first["failed"]),
        (&1.into(), &0.into()),
        "{first}"
    );
    assert_eq!(first["left"], 3, "{first}");
    let second = home.full_text(&[]);
    assert_eq!(
        (&second["pages"], &second["failed"]),
        (&2.into(), &1.into()),
        "{second}"
    );
    assert_eq!(
        (&second["kept_before"], &second["left"]),
        (&1.into(), &0.into()),
        "{second}"
    );
    assert!(second["bytes"].as_u64() > Some(1000), "{second}");
    for n in 1..=3 {
        assert_eq!(
            home.server.requests(&format!("weekly.example/{n}")).len(),
            1
        );
        let shown = home.json(&[
            "--offline",
            "show",
            &format!("http://weekly.example/{n}"),
            "--full",
            "--format",
            "json",
        ]);
        let text = shown[0]["text"].as_str().unwrap();
        assert!(text.contains("A paragraph of the article"), "{text}");
    }
    // What the feed itself is worth is not asked again.
    let third = home.full_text(&["--pages-of", "is:starred"]);
    assert_eq!(
        (&third["pages"], &third["kept_before"]),
        (&0.into(), &0.into()),
        "{third}"
    );
}

/// Nobody looks.
struct Quiet;

impl Watcher for Quiet {
    fn visited(&self, _visited: &Visited) {}
    fn progress(&self, _progress: &Progress) {}
}

/// Two entries on `a.example`, each of which cites four pages of `b.example`, one of which both do.
fn citing() -> World {
    let world = World::with_hosts(["a.example", "b.example"]);
    let items: String = (1..=2)
        .map(|n| format!("<item><guid>{n}</guid><title>Entry {n}</title><link>http://a.example/{n}</link><description>words</description></item>"))
        .collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>A</title><link>http://a.example/</link>{items}</channel></rss>"
    );
    world.server.on("a.example/feed", move |_| {
        answer(
            "200 OK",
            &["Content-Type: application/rss+xml"],
            feed.as_bytes(),
        )
    });
    for n in 1..=2 {
        let cites: String = [format!("{n}1"), format!("{n}2"), format!("{n}3"), "both".into()]
            .iter()
            .map(|page| format!("<p>A report of some length <a href=\"http://b.example/2026/11/the-{page}-report\">says what {page} is about</a>, and it is long.</p>"))
            .collect();
        world.server.on(&format!("a.example/{n}"), move |_| {
            let html = page().replace("</article>", &format!("{cites}</article>"));
            answer("200 OK", &["Content-Type: text/html"], html.as_bytes())
        });
        for source in [
            format!("{n}1"),
            format!("{n}2"),
            format!("{n}3"),
            "both".into(),
        ] {
            let reply = move |_: &support::server::Request| {
                answer("200 OK", &["Content-Type: text/html"], page().as_bytes())
            };
            world
                .server
                .on(&format!("b.example/2026/11/the-{source}-report"), reply);
        }
    }
    let poller = Poller::new(
        world.client(),
        world.gate.clone(),
        world.writer().clone(),
        world.database(),
        bron::poller::Settings::default(),
        world.clock(),
    );
    let feed = ListedFeed::plain(Listed::at("http://a.example/feed".parse().unwrap()));
    world
        .writer()
        .apply_now(Edit::SetFeeds(vec![feed]))
        .unwrap();
    world
        .runtime
        .block_on(poller.round(Asked::All, Arc::new(Quiet)));
    world.writer().flush(false);
    world
}

fn fetched_ahead(world: &World, budget: Budget) -> (Fetched, Vec<Ahead>) {
    let (pages, _told) = pages(world);
    let reader = world.reader();
    let all = query::parse("", (world.clock())()).unwrap();
    let mut entries: Vec<(EntryId, Option<String>)> = reader
        .list(&all, 100)
        .unwrap()
        .into_iter()
        .map(|head| (head.id, head.url))
        .collect();
    entries.sort();
    let mut seen = Vec::new();
    let stop = AtomicBool::new(false);
    let fetched = ahead::run(&reader, entries, budget, &pages, &stop, &mut |progress| {
        seen.push(progress);
    });
    (fetched.unwrap(), seen)
}

const PLENTY: Budget = Budget {
    pages: 100,
    bytes: 1 << 30,
    sources: 3,
};

#[test]
fn pages_are_fetched_ahead_with_what_they_cite_and_each_once() {
    let world = citing();
    let (fetched, seen) = fetched_ahead(&world, PLENTY);
    assert_eq!((fetched.failed, fetched.left), (0, 0));
    assert_eq!(fetched.pages, 2 + fetched.sources);
    assert!(
        (5..=6).contains(&fetched.sources),
        "three of each, what both cite once: {fetched:?}"
    );
    assert!(fetched.bytes > 1000);
    let last = seen.last().unwrap();
    assert_eq!((last.done, last.total), (fetched.pages, fetched.pages));
    for n in 1..=2 {
        let key = format!("a.example/{n}");
        assert!(world.reader().page(&key).unwrap().unwrap().html.is_some());
        assert_eq!(world.server.requests(&key).len(), 1);
    }
    let (again, _) = fetched_ahead(&world, PLENTY);
    assert_eq!(again.in_words(), "These pages are here already.");
    assert_eq!((again.pages, again.kept_before), (0, fetched.pages));
}

#[test]
fn what_a_budget_leaves_is_counted_and_what_is_there_is_whole() {
    let world = citing();
    let budget = Budget { pages: 3, ..PLENTY };
    let (fetched, _) = fetched_ahead(&world, budget);
    assert_eq!((fetched.pages, fetched.left), (3, 0));
    let world = citing();
    let (fetched, _) = fetched_ahead(
        &world,
        Budget {
            sources: 0,
            ..PLENTY
        },
    );
    assert_eq!((fetched.pages, fetched.sources), (2, 0));
    let world = citing();
    let (fetched, _) = fetched_ahead(&world, Budget { pages: 1, ..PLENTY });
    assert_eq!((fetched.pages, fetched.left), (1, 1));
}

#[test]
fn nothing_is_fetched_ahead_when_it_is_stopped() {
    let world = citing();
    let (pages, _told) = pages(&world);
    let entries = vec![(EntryId(1), Some("http://a.example/1".to_owned()))];
    let stop = AtomicBool::new(true);
    let fetched = ahead::run(&world.reader(), entries, PLENTY, &pages, &stop, &mut |_| {});
    let fetched = fetched.unwrap();
    assert_eq!(fetched.in_words(), "Nothing was fetched ahead.");
    assert_eq!(
        fetched,
        Fetched {
            left: 1,
            ..Fetched::default()
        }
    );
    assert!(world.server.requests("a.example/1").is_empty());
}
