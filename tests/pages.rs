//! Pages against a server: the road from an address to what is kept, and why it ends early.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

mod support;

use bron::address::{self, Found};
use bron::pages::{Pages, Settings, Want};
use chrono::TimeDelta;
use std::sync::Arc;
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
