//! The poller against a server that does what servers do: each fault its own state and sentence, the good feeds beside
//! it unharmed, and every promise of docs/POLITENESS.md.
#![allow(clippy::unwrap_used)] // a panic is how a test fails

mod support;

use bron::feed::list::Listed;
use bron::news::edit::ListedFeed;
use bron::news::{Edit, FeedRow, Health};
use bron::poller::run::Watcher;
use bron::poller::{Asked, Asking, Job, Poller, Progress, Secret, Settings, Visited};
use chrono::TimeDelta;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::{Duration, Instant};
use support::World;
use support::server::{Reply, answer, kept_open};

const FEED: &str = "<rss version=\"2.0\"><channel><title>Good</title><link>http://a.example/</link><item><guid>1</guid><title>One</title><link>http://a.example/1</link><description>words</description></item></channel></rss>";

/// Keeps what it is told.
#[derive(Default)]
struct Told(Mutex<Vec<Visited>>, Mutex<Vec<Instant>>);

impl Told {
    /// When the last of those was visited.
    fn when_all(&self, those: impl Fn(&Visited) -> bool, begun: Instant) -> Duration {
        let visited = self.0.lock().unwrap();
        let at = self.1.lock().unwrap();
        let those = visited
            .iter()
            .zip(at.iter())
            .filter(|(visited, _)| those(visited));
        those.map(|(_, at)| *at - begun).max().unwrap_or_default()
    }
}

impl Watcher for Told {
    fn visited(&self, visited: &Visited) {
        let mut all = self.0.lock().unwrap();
        all.push(visited.clone());
        self.1.lock().unwrap().push(Instant::now());
    }

    fn progress(&self, _progress: &Progress) {}
}

fn subscribe(world: &World, urls: &[String]) {
    let feeds = urls
        .iter()
        .map(|url| ListedFeed::plain(Listed::at(url.parse().unwrap())));
    world
        .writer()
        .apply_now(Edit::SetFeeds(feeds.collect()))
        .unwrap();
}

fn round(world: &World, asked: Asked) -> Vec<Visited> {
    round_with(world, asked, Settings::default())
}

fn round_with(world: &World, asked: Asked, settings: Settings) -> Vec<Visited> {
    let told = Arc::new(Told::default());
    round_told(world, asked, settings, &told);
    std::mem::take(&mut *told.0.lock().unwrap())
}

fn round_told(world: &World, asked: Asked, settings: Settings, told: &Arc<Told>) {
    let poller = poller(world, settings);
    world.runtime.block_on(poller.round(asked, told.clone()));
    world.writer().flush(false);
}

fn poller(world: &World, settings: Settings) -> Poller {
    Poller::new(
        world.client(),
        world.gate.clone(),
        world.writer().clone(),
        world.database(),
        settings,
        world.clock(),
    )
}

fn feed(world: &World, url: &str) -> FeedRow {
    world
        .reader()
        .feeds()
        .unwrap()
        .into_iter()
        .find(|feed| feed.url == url)
        .unwrap_or_else(|| panic!("no feed {url}"))
}

/// A world with one feed at `http://a.example/feed`.
fn one(handler: impl Fn(&support::server::Request) -> Reply + Send + Sync + 'static) -> World {
    let world = World::with_hosts(["a.example"]);
    world.server.on("a.example/feed", handler);
    subscribe(&world, &["http://a.example/feed".into()]);
    world
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn feed_of(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>T</title><link>http://a.example/</link>{items}</channel></rss>"
    )
}

type Fault = (&'static str, Option<u16>, &'static str, fn() -> Reply);

/// Name, status code that is kept, words of the sentence, what the server does.
#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    ("not-found", Some(404), "404: the feed is not there", || answer("404 Not Found", &[], b"")),
    ("gone", Some(410), "gone for good", || answer("410 Gone", &[], b"")),
    ("broken", Some(500), "500: it is broken", || answer("500 Oops", &[], b"")),
    ("bad-gateway", Some(502), "502: it is broken", || answer("502 Bad Gateway", &[], b"")),
    ("busy-seconds", Some(503), "503: it is too busy", || answer("503 Busy", &["Retry-After: 120"], b"")),
    ("busy-date", Some(503), "not asked again before", || answer("503 Busy", &["Retry-After: Thu, 01 Jan 2099 00:00:00 GMT"], b"")),
    ("too-many", Some(429), "429: too many visits", || answer("429 Slow Down", &["Retry-After: 3600"], b"")),
    ("too-many-bare", Some(429), "not asked again before", || answer("429 Slow Down", &[], b"")),
    ("password", Some(401), "asks for a password", || answer("401 Who", &[], b"")),
    ("forbidden", Some(403), "it refuses us", || answer("403 No", &[], b"")),
    ("teapot", Some(418), "418: no feed came", || answer("418 Teapot", &[], b"")),
    ("loop", None, "More than 5 redirects", || answer("302 Found", &["Location: /feed"], b"")),
    ("to-file", None, "file:, which is not followed", || answer("301 Moved", &["Location: file:///etc/passwd"], b"")),
    ("to-scheme", None, "gopher:, which is not followed", || answer("302 Found", &["Location: gopher://a.example/"], b"")),
    ("to-private", None, "private network (10.0.0.1)", || answer("302 Found", &["Location: http://10.0.0.1/admin"], b"")),
    ("to-loopback-spelt", None, "private network (127.0.0.1)", || answer("302 Found", &["Location: http://2130706433/"], b"")),
    ("to-metadata-v6", None, "private network", || answer("302 Found", &["Location: http://[::ffff:169.254.169.254]/"], b"")),
    ("to-nowhere", Some(301), "an address that is not followed", || answer("301 Moved", &[], b"")),
    ("silent", None, "did not answer in time", || Reply::Silence),
    ("slow-head", None, "did not answer in time", || Reply::Drip(b"HTTP/1.1 200 OK\r\nX-Slow:".to_vec())),
    ("slow-body", None, "too slowly", || Reply::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n<rss".to_vec())),
    ("hangs-up", None, "broke off or is garbled", || Reply::Raw(Vec::new())),
    ("no-http", None, "broke off or is garbled", || Reply::Raw(b"hello, this is no HTTP\r\n\r\n".to_vec())),
    ("short-body", None, "broke off or is garbled", || answer("200 OK", &["Content-Length: 5000"], FEED.as_bytes())),
    ("broken-chunk", None, "broke off or is garbled", || answer("200 OK", &["Transfer-Encoding: chunked"], b"zz\r\nnot a chunk")),
    ("short-gzip", None, "its packing breaks off", || { let whole = gzip(FEED.as_bytes()); answer("200 OK", &["Content-Encoding: gzip"], &whole[..whole.len() - 12]) }),
    ("zstd", None, "packed as zstd", || answer("200 OK", &["Content-Encoding: zstd"], b"(\xb5/\xfd....")),
    ("bomb", None, "two hundred times its size", || answer("200 OK", &["Content-Encoding: gzip"], &gzip(&vec![0; 64 << 20]))),
    ("endless", None, "larger than 20 MiB", || Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'<'; 1 << 20])),
    ("says-huge", None, "larger than 20 MiB", || answer("200 OK", &["Content-Length: 99999999999"], b"<rss")),
    ("many-headers", None, "broke off or is garbled", || { let line = "X-Many: 1"; answer("200 OK", &vec![line; 2000], FEED.as_bytes()) }),
    ("web-page", Some(200), "A web page came", || answer("200 OK", &["Content-Type: text/html"], b"<!doctype html><html><head><title>Home</title></head><body><p>Hello</p></body></html>")),
    ("empty", Some(200), "sent nothing", || answer("200 OK", &[], b"")),
    ("words", Some(200), "What came is no feed", || answer("200 OK", &["Content-Type: text/plain"], b"no feed, only words")),
    ("unasked-304", Some(304), "not asked that", || answer("304 Not Modified", &[], b"")),
];

#[test]
fn each_fault_has_its_own_state_and_sentence_and_good_feeds_are_unharmed() {
    let good: Vec<String> = (0..10).map(|n| format!("good-{n}.example")).collect();
    let hosts = FAULTS
        .iter()
        .map(|(name, ..)| format!("{name}.example"))
        .chain(good.iter().cloned());
    let hosts: Vec<String> = hosts.chain(["tls.example".into()]).collect();
    let world = World::with_hosts(hosts.iter().map(String::as_str));
    let mut urls = Vec::new();
    for (name, _, _, reply) in FAULTS {
        world
            .server
            .on(&format!("{name}.example/feed"), move |_| reply());
        urls.push(format!("http://{name}.example/feed"));
    }
    urls.extend([
        "https://tls.example/feed".into(),
        "http://refused.example/feed".into(),
    ]);
    for host in &good {
        world.server.on(&format!("{host}/feed"), |_| {
            answer("200 OK", &[], FEED.as_bytes())
        });
        urls.push(format!("http://{host}/feed"));
    }
    subscribe(&world, &urls);
    let begun = Instant::now();
    let told = Arc::new(Told::default());
    round_told(&world, Asked::Due, Settings::default(), &told);
    let last = told.when_all(|visited| visited.url.contains("good-"), begun);
    println!("good feeds beside the faults: {last:?}");

    let mut wrong = Vec::new();
    let mut check = |url: &str, http: Option<u16>, words: &str| {
        let row = feed(&world, url);
        let sentence = match &row.health {
            Health::Failing(sentence) | Health::Gone(sentence) => sentence.to_string(),
            other => format!("{other:?}"),
        };
        if row.http != http
            || !sentence.contains(words)
            || matches!(row.health, Health::Gone(_)) != (http == Some(410))
        {
            wrong.push(format!("{url}: {:?} {sentence}", row.http));
        }
    };
    for (name, http, words, _) in FAULTS {
        check(&format!("http://{name}.example/feed"), *http, words);
    }
    check("https://tls.example/feed", None, "no secure connection");
    check("http://refused.example/feed", None, "nobody listens there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for host in &good {
        let row = feed(&world, &format!("http://{host}/feed"));
        assert_eq!((row.health, row.entries), (Health::Well, 1), "{host}");
    }
}

type Oddity = (&'static str, u32, fn() -> Reply);

/// Name, entries, what the server does.
#[rustfmt::skip]
const ODD_BUT_READABLE: &[Oddity] = &[
    ("bom", 1, || answer("200 OK", &[], format!("\u{feff}{FEED}").as_bytes())),
    ("utf-16", 1, || answer("200 OK", &[], &std::iter::once(0xfeff).chain(FEED.encode_utf16()).flat_map(u16::to_be_bytes).collect::<Vec<u8>>())),
    ("latin-1", 1, || answer("200 OK", &["Content-Type: text/xml; charset=utf-8"], &FEED.replace("words", "caf#").bytes().map(|byte| if byte == b'#' { 0xe9 } else { byte }).collect::<Vec<u8>>())),
    ("gzip", 1, || answer("200 OK", &["Content-Encoding: gzip"], &gzip(FEED.as_bytes()))),
    ("no-gzip", 1, || answer("200 OK", &["Content-Encoding: gzip"], FEED.as_bytes())),
    ("says-html", 1, || answer("200 OK", &["Content-Type: text/html"], FEED.as_bytes())),
    ("no-length", 1, || Reply::Raw([b"HTTP/1.0 200 OK\r\n\r\n", FEED.as_bytes()].concat())),
    ("one-guid-two-entries", 2, || answer("200 OK", &[], feed_of("<item><guid>1</guid><link>http://a.example/1</link><title>a</title></item><item><guid>1</guid><link>http://a.example/2</link><title>b</title></item>").as_bytes())),
    ("future", 1, || answer("200 OK", &[], feed_of("<item><guid>1</guid><title>a</title><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item>").as_bytes())),
    ("ten-thousand", 1000, || answer("200 OK", &[], feed_of(&(0..10_000).map(|n| format!("<item><guid>{n}</guid><title>a{n}</title></item>")).collect::<String>()).as_bytes())),
];

#[test]
fn odd_feeds_are_read() {
    let hosts: Vec<String> = ODD_BUT_READABLE
        .iter()
        .map(|(name, ..)| format!("{name}.example"))
        .collect();
    let world = World::with_hosts(hosts.iter().map(String::as_str));
    for (name, _, reply) in ODD_BUT_READABLE {
        world
            .server
            .on(&format!("{name}.example/feed"), move |_| reply());
    }
    subscribe(
        &world,
        &hosts
            .iter()
            .map(|host| format!("http://{host}/feed"))
            .collect::<Vec<_>>(),
    );
    round(&world, Asked::Due);
    for (name, entries, _) in ODD_BUT_READABLE {
        let row = feed(&world, &format!("http://{name}.example/feed"));
        assert_eq!(
            (row.health, row.entries),
            (Health::Well, *entries),
            "{name}"
        );
    }
}

#[test]
fn validators_go_back_byte_for_byte_and_a_304_keeps_them() {
    const ETAG: &[u8] = b"W/\"a,b \xe9\"";
    const DATE: &[u8] = b"Sat, 1 Jan 2022 00:00:00 +0000";
    let world = one(|request| {
        if request.header("if-none-match") == Some(ETAG)
            && request.header("if-modified-since") == Some(DATE)
        {
            answer("304 Not Modified", &[], b"")
        } else {
            let head = [
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nETag: ",
                ETAG,
                b"\r\nLast-Modified: ",
                DATE,
                b"\r\n\r\n",
            ]
            .concat();
            Reply::Raw([&head, FEED.as_bytes()].concat())
        }
    });
    let mut http = Vec::new();
    for _ in 0..3 {
        http.extend(
            round(&world, Asked::All)
                .iter()
                .map(|visited| visited.record.http),
        );
        world.wait(TimeDelta::minutes(2));
    }
    assert_eq!(http, [Some(200), Some(304), Some(304)]);
    let row = feed(&world, "http://a.example/feed");
    assert_eq!((row.health, row.entries), (Health::Well, 1));
}

#[test]
fn the_same_bytes_without_validators_are_unchanged() {
    let world = one(|_| answer("200 OK", &[], FEED.as_bytes()));
    round(&world, Asked::All);
    world.wait(TimeDelta::minutes(2));
    let again = round(&world, Asked::All);
    assert!(matches!(
        again[0].record.outcome,
        bron::news::Outcome::Unchanged
    ));
}

#[test]
fn retry_after_is_remembered_over_a_restart_for_the_host_whoever_asks() {
    let mut world = one(|_| answer("429 Slow Down", &["Retry-After: 3600"], b""));
    world.server.on("a.example/other", |_| {
        answer("200 OK", &[], FEED.as_bytes())
    });
    round(&world, Asked::All);
    subscribe(
        &world,
        &[
            "http://a.example/feed".into(),
            "http://a.example/other".into(),
        ],
    );
    world.restart();
    world.wait(TimeDelta::minutes(50));
    let told = round(&world, Asked::All);
    assert_eq!(told.len(), 2);
    for visited in told {
        let why = visited.skipped.unwrap_or_default();
        assert!(
            why.contains("asked to be left alone until"),
            "{}: {why}",
            visited.url
        );
    }
    assert_eq!(world.server.requests("a.example/feed").len(), 1);
    world.wait(TimeDelta::minutes(11));
    round(&world, Asked::All);
    assert_eq!(world.server.requests("a.example/feed").len(), 2);
    assert_eq!(world.server.requests("a.example/other").len(), 1);
}

#[test]
fn a_feed_is_not_asked_twice_within_a_minute() {
    let world = one(|_| answer("200 OK", &[], FEED.as_bytes()));
    round(&world, Asked::All);
    world.wait(TimeDelta::seconds(59));
    let told = round(&world, Asked::All);
    assert!(told[0].skipped.is_some());
    assert_eq!(world.server.requests("a.example/feed").len(), 1);
    world.wait(TimeDelta::seconds(2));
    round(&world, Asked::All);
    assert_eq!(world.server.requests("a.example/feed").len(), 2);
}

#[test]
fn what_is_fresh_waits_for_its_time_but_not_for_the_reader() {
    let world = one(|_| answer("200 OK", &["Cache-Control: max-age=7200"], FEED.as_bytes()));
    round(&world, Asked::Due);
    world.wait(TimeDelta::minutes(100));
    round(&world, Asked::Due);
    assert_eq!(world.server.requests("a.example/feed").len(), 1);
    round(&world, Asked::All);
    assert_eq!(world.server.requests("a.example/feed").len(), 2);
}

#[test]
fn what_is_gone_is_never_asked_again() {
    let world = one(|_| answer("410 Gone", &[], b""));
    for _ in 0..3 {
        round(&world, Asked::All);
        world.wait(TimeDelta::days(3));
    }
    assert_eq!(world.server.requests("a.example/feed").len(), 1);
}

#[test]
fn a_host_with_many_feeds_sees_two_requests_at_once() {
    let world = World::with_hosts(["a.example"]);
    let urls: Vec<String> = (0..20).map(|n| format!("http://a.example/{n}")).collect();
    // Nobody is answered before a second one is there: fewer than two at once would not come to an end.
    let pair = Arc::new(Barrier::new(2));
    for n in 0..20 {
        let pair = pair.clone();
        world.server.on(&format!("a.example/{n}"), move |_| {
            pair.wait();
            answer("200 OK", &[], FEED.as_bytes())
        });
    }
    subscribe(&world, &urls);
    let told = round(&world, Asked::All);
    assert!(told.iter().all(|visited| visited.record.http == Some(200)));
    assert_eq!(
        (told.len(), world.server.most_at_once("a.example")),
        (20, 2)
    );
}

#[test]
fn we_say_who_we_are_and_carry_nothing_from_visit_to_visit() {
    let world = one(|_| {
        answer(
            "302 Found",
            &["Location: /moved", "Set-Cookie: id=1; Path=/"],
            b"",
        )
    });
    world.server.on("a.example/moved", |_| {
        answer("200 OK", &["Set-Cookie: id=2; Path=/"], FEED.as_bytes())
    });
    round(&world, Asked::All);
    world.wait(TimeDelta::minutes(2));
    round(&world, Asked::All);
    let requests = [
        world.server.requests("a.example/feed"),
        world.server.requests("a.example/moved"),
    ]
    .concat();
    assert_eq!(requests.len(), 4);
    for request in requests {
        assert_eq!(
            request.header("user-agent"),
            Some(&b"bron/test (+https://bron.example)"[..])
        );
        assert!(
            request
                .header("accept")
                .is_some_and(|accept| accept.starts_with(b"application/atom+xml"))
        );
        assert_eq!(
            request.header("accept-encoding"),
            Some(&b"gzip, br, deflate"[..])
        );
        assert_eq!(
            (request.header("cookie"), request.header("referer")),
            (None, None)
        );
    }
}

#[test]
fn a_move_for_good_is_told_and_a_passing_one_is_not() {
    for (status, moved) in [
        ("301 Moved", true),
        ("308 Moved", true),
        ("302 Found", false),
        ("307 Found", false),
    ] {
        let world = one(move |_| answer(status, &["Location: /moved"], b""));
        world.server.on("a.example/moved", |_| {
            answer("200 OK", &[], FEED.as_bytes())
        });
        let told = round(&world, Asked::All);
        let to = told[0].record.moved_to.as_ref().map(ToString::to_string);
        assert_eq!(
            to,
            moved.then(|| "http://a.example/moved".to_owned()),
            "{status}"
        );
    }
}

#[test]
fn a_feed_in_a_file_is_read_and_a_redirect_never_leads_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed.xml");
    std::fs::write(&path, FEED).unwrap();
    let world = World::with_hosts([]);
    let url = url::Url::from_file_path(&path).unwrap().to_string();
    let absent = url::Url::from_file_path(folder.path().join("absent.xml"))
        .unwrap()
        .to_string();
    subscribe(&world, &[url.clone(), absent.clone(), "exec:ls".into()]);
    round(&world, Asked::All);
    assert_eq!(feed(&world, &url).entries, 1);
    assert!(
        matches!(feed(&world, &absent).health, Health::Failing(why) if why.contains("could not be read"))
    );
    assert!(
        matches!(feed(&world, "exec:ls").health, Health::Failing(why) if why.contains("in the config file, and nowhere else"))
    );
}

#[test]
fn what_a_feed_asks_for_itself_is_kept_after_a_304_without_a_word() {
    let world = one(|request| {
        if request.header("if-none-match").is_some() {
            return answer("304 Not Modified", &[], b"");
        }
        let feed = FEED.replace("<title>Good", "<ttl>180</ttl><title>Good");
        answer("200 OK", &["ETag: \"1\""], feed.as_bytes())
    });
    let asked = |minutes| {
        world.wait(TimeDelta::minutes(minutes));
        round(&world, Asked::Due);
        world.server.requests("a.example/feed").len()
    };
    assert_eq!([asked(0), asked(100), asked(90)], [1, 1, 2]);
    // The span counts from the 304.
    assert_eq!([asked(100), asked(90)], [2, 3]);
}

#[test]
fn a_server_that_says_not_fresh_is_believed_over_what_it_said_before() {
    let world = one(|request| {
        if request.header("if-none-match").is_some() {
            return answer("304 Not Modified", &["Cache-Control: max-age=0"], b"");
        }
        answer(
            "200 OK",
            &["ETag: \"1\"", "Cache-Control: max-age=43200"],
            FEED.as_bytes(),
        )
    });
    round(&world, Asked::All);
    world.wait(TimeDelta::minutes(5));
    round(&world, Asked::All);
    world.wait(TimeDelta::minutes(40));
    round(&world, Asked::Due);
    assert_eq!(world.server.requests("a.example/feed").len(), 3);
}

#[test]
fn a_network_that_is_away_is_no_fault_of_the_feeds_and_they_are_visited_when_it_is_back() {
    let mut world = World::with_hosts(["a.example", "b.example"]);
    let urls = ["http://a.example/feed", "http://b.example/feed"];
    for host in ["a.example", "b.example"] {
        world.server.on(&format!("{host}/feed"), |_| {
            answer("200 OK", &[], FEED.as_bytes())
        });
    }
    subscribe(&world, &urls.map(str::to_owned));
    for how in ["away", "offline"] {
        (world.away, world.offline) = (how == "away", how == "offline");
        for _ in 0..3 {
            let told = round(&world, Asked::Due);
            assert_eq!(told.len(), 2, "{how}");
            for visited in told {
                let why = visited.skipped.unwrap_or_default();
                assert!(why.contains("network is away"), "{how}: {why}");
            }
            world.wait(TimeDelta::minutes(1));
        }
        for url in urls {
            let row = feed(&world, url);
            assert_eq!((row.health, row.last_visit), (Health::New, None), "{how}");
        }
    }
    (world.away, world.offline) = (false, false);
    round(&world, Asked::Due);
    for url in urls {
        assert_eq!(feed(&world, url).health, Health::Well);
    }
}

#[test]
fn a_feed_that_nobody_was_asked_for_says_nothing_about_the_network() {
    let mut world = World::with_hosts(["a.example", "b.example"]);
    world.away = true;
    let hosts = ["http://a.example/feed", "http://b.example/feed"];
    let odd = "http://c.example:22/feed";
    subscribe(&world, &[hosts[0].into(), hosts[1].into(), odd.into()]);
    for _ in 0..2 {
        round(&world, Asked::Due);
        world.wait(TimeDelta::minutes(1));
    }
    for url in hosts {
        assert_eq!(feed(&world, url).health, Health::New, "{url}");
    }
    assert!(matches!(feed(&world, odd).health, Health::Failing(_)));
}

#[test]
fn when_to_come_again_is_not_lost_with_a_body_that_cannot_be_read() {
    for headers in [
        &["Retry-After: 7200", "Content-Encoding: zstd"][..],
        &["Retry-After: 7200", "Content-Length: 99999999999"][..],
        &["Retry-After: 7200", "Content-Encoding: gzip"][..],
    ] {
        let world = one(move |_| answer("429 Slow Down", headers, b"no body of that kind"));
        let told = round(&world, Asked::All);
        assert_eq!(told[0].record.http, Some(429), "{headers:?}");
        world.wait(TimeDelta::minutes(90));
        round(&world, Asked::All);
        assert_eq!(world.server.requests("a.example/feed").len(), 1);
    }
}

#[test]
fn a_password_of_the_address_stays_with_its_server_over_a_redirect() {
    let world = World::with_hosts(["a.example", "b.example"]);
    for (from, to) in [
        ("feed", "http://a.example/feed/"),
        ("feed/", "http://b.example/feed"),
    ] {
        world.server.on(&format!("a.example/{from}"), move |_| {
            answer("302 Found", &[&format!("Location: {to}")], b"")
        });
    }
    world
        .server
        .on("b.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    subscribe(&world, &["http://me:word@a.example/feed".into()]);
    round(&world, Asked::All);
    let sent = |place: &str| {
        world.server.requests(place)[0]
            .header("authorization")
            .map(<[u8]>::to_vec)
    };
    let mine = Some(b"Basic bWU6d29yZA==".to_vec());
    assert_eq!(sent("a.example/feed"), mine);
    assert_eq!(sent("a.example/feed/"), mine);
    assert_eq!(sent("b.example/feed"), None);
}

#[test]
fn a_server_that_is_away_while_others_answer_is_a_failure() {
    let world = World::with_hosts(["a.example"]);
    world
        .server
        .on("a.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    subscribe(
        &world,
        &[
            "http://a.example/feed".into(),
            "http://nobody.invalid/feed".into(),
        ],
    );
    round(&world, Asked::All);
    assert_eq!(feed(&world, "http://a.example/feed").health, Health::Well);
    assert!(matches!(
        feed(&world, "http://nobody.invalid/feed").health,
        Health::Failing(_)
    ));
}

/// Feeds of hosts that nobody knows. Labels of more than 63 letters cannot exist, so nobody is asked whether they do.
fn dead_hosts() -> [String; 2] {
    ["d", "g"].map(|letter| format!("http://{}.example/feed", letter.repeat(70)))
}

#[test]
fn servers_that_are_away_again_do_not_pass_for_a_network_that_is() {
    let mut world = World::with_hosts(["a.example"]);
    world
        .server
        .on("a.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    let dead = dead_hosts();
    let all = [dead[0].as_str(), &dead[1], "http://a.example/feed"];
    subscribe(&world, &all.map(str::to_owned));
    round(&world, Asked::All);
    let failing: Vec<_> = dead.iter().map(|url| feed(&world, url).id).collect();
    for _ in 0..2 {
        world.wait(TimeDelta::minutes(2));
        let told = round(&world, Asked::Feeds(failing.clone()));
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|visited| visited.skipped.is_none()));
    }
    // With one among them that was well, it is the network.
    world.wait(TimeDelta::minutes(2));
    world.away = true;
    let told = round(&world, Asked::All);
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|visited| visited.skipped.is_some()));
    assert_eq!(feed(&world, all[2]).health, Health::Well);
}

#[test]
fn feeds_that_never_came_are_no_network_that_is_away_for_ever() {
    let world = World::with_hosts(["a.example"]);
    let dead = dead_hosts();
    subscribe(&world, &dead);
    let poller = poller(&world, Settings::default());
    for _ in 0..4 {
        world.wait(TimeDelta::minutes(2));
        let told: Arc<Told> = Arc::default();
        world.runtime.block_on(poller.round(Asked::All, told));
        world.writer().flush(false);
    }
    for url in &dead {
        assert!(matches!(feed(&world, url).health, Health::Failing(_)));
    }
}

#[test]
fn a_clock_that_was_ahead_silences_nobody() {
    let world = one(|_| answer("429 Slow Down", &["Retry-After: 3600"], b""));
    world.wait(TimeDelta::days(4000));
    round(&world, Asked::Due);
    assert_eq!(world.server.requests("a.example/feed").len(), 1);
    // The clock is set right: what was to be waited for lies ten years ahead.
    world.wait(TimeDelta::days(-4000));
    round(&world, Asked::Due);
    assert_eq!(world.server.requests("a.example/feed").len(), 2);
}

#[test]
fn good_feeds_do_not_wait_for_those_that_hang() {
    let hosts: Vec<String> = (0..10).map(|n| format!("good-{n}.example")).collect();
    let hanging: Vec<String> = (0..30).map(|n| format!("hangs-{n}.example")).collect();
    let world = World::with_hosts(hosts.iter().chain(&hanging).map(String::as_str));
    // Those that hang answer when every good feed was asked for: if one waited for them, nobody would come to an end.
    let all_asked = Arc::new((Mutex::new(0), Condvar::new()));
    for host in &hosts {
        let all_asked = Arc::clone(&all_asked);
        world.server.on(&format!("{host}/feed"), move |_| {
            *all_asked.0.lock().unwrap() += 1;
            all_asked.1.notify_all();
            answer("200 OK", &[], FEED.as_bytes())
        });
    }
    for host in &hanging {
        let all_asked = Arc::clone(&all_asked);
        world.server.on(&format!("{host}/feed"), move |_| {
            let asked = all_asked.0.lock().unwrap();
            drop(all_asked.1.wait_while(asked, |asked| *asked < 10).unwrap());
            answer("500 Oops", &[], b"")
        });
    }
    let urls: Vec<String> = hanging
        .iter()
        .chain(&hosts)
        .map(|host| format!("http://{host}/feed"))
        .collect();
    subscribe(&world, &urls);
    let told = round(&world, Asked::All);
    let statuses = |status| {
        told.iter()
            .filter(|visited| visited.record.http == Some(status))
            .count()
    };
    assert_eq!((statuses(200), statuses(500)), (10, 30));
}

#[test]
fn connections_are_used_again() {
    let world = World::with_hosts(["a.example"]);
    let urls: Vec<String> = (0..20).map(|n| format!("http://a.example/{n}")).collect();
    for n in 0..20 {
        world
            .server
            .on(&format!("a.example/{n}"), |_| kept_open(FEED.as_bytes()));
    }
    subscribe(&world, &urls);
    let told = round(&world, Asked::All);
    assert_eq!(
        told.iter()
            .filter(|visited| visited.record.http == Some(200))
            .count(),
        20
    );
    // Two at once; on a busy machine a request may go out before the connection of the last one is back in the pool.
    // Without the pool there would be twenty.
    let connections = world.server.connections("a.example");
    assert!(connections <= 6, "{connections}");
}

/// Settings with one feed that is asked for in a way of its own.
fn asking(url: &str, asking: Asking) -> Settings {
    Settings {
        asking: Arc::new([(url.parse().unwrap(), asking)].into()),
        secret_commands: Some(Arc::new(|job: &Job| {
            Ok(format!("{}\n", job.words.join("-")).into_bytes())
        })),
        ..Settings::default()
    }
}

#[test]
fn a_feed_s_own_headers_and_secrets_go_to_its_own_host_alone() {
    let world = World::with_hosts(["a.example", "b.example"]);
    world.server.on("a.example/feed", |_| {
        answer("302 Found", &["Location: http://b.example/feed"], b"")
    });
    world
        .server
        .on("b.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    subscribe(&world, &["http://a.example/feed".into()]);
    let settings = asking(
        "http://a.example/feed",
        Asking {
            user_agent: Some("mine/1".into()),
            headers: vec![("X-Key".into(), "key".into())],
            user: Some("me".into()),
            password: Secret::Command(vec!["the".into(), "password".into()]),
            cookie: Secret::Command(vec!["id=1".into()]),
            ..Asking::default()
        },
    );
    let told = round_with(&world, Asked::All, settings);
    assert_eq!(told[0].record.http, Some(200));
    let first = &world.server.requests("a.example/feed")[0];
    assert_eq!(first.header("user-agent"), Some(&b"mine/1"[..]));
    assert_eq!(first.header("x-key"), Some(&b"key"[..]));
    assert_eq!(
        first.header("authorization"),
        Some(&b"Basic bWU6dGhlLXBhc3N3b3Jk"[..])
    );
    assert_eq!(first.header("cookie"), Some(&b"id=1"[..]));
    let second = &world.server.requests("b.example/feed")[0];
    for name in ["x-key", "authorization", "cookie"] {
        assert_eq!(second.header(name), None, "{name}");
    }
    // No record of the visit holds what was sent.
    let written = std::fs::read(world.database()).unwrap();
    let wal = std::fs::read(world.database().with_file_name("bron.db-wal")).unwrap_or_default();
    for bytes in [written, wal] {
        assert!(!bytes.windows(12).any(|piece| piece == b"the-password"));
    }
}

#[test]
fn a_proxy_of_its_own_is_asked_for_a_feed() {
    let world = World::with_hosts([]);
    let proxy = format!("http://{}", world.server.address);
    world
        .server
        .on("a.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    subscribe(&world, &["http://a.example/feed".into()]);
    let settings = asking(
        "http://a.example/feed",
        Asking {
            proxy: Some(proxy),
            ..Asking::default()
        },
    );
    assert_eq!(
        round_with(&world, Asked::All, settings)[0].record.http,
        Some(200)
    );
}

#[cfg(unix)]
#[test]
fn a_feed_whose_filter_has_changed_is_read_anew_though_the_server_says_unchanged() {
    let world = one(|request| {
        if request.header("if-none-match") == Some(b"\"1\"".as_slice()) {
            answer("304 Not Modified", &["ETag: \"1\""], b"")
        } else {
            answer("200 OK", &["ETag: \"1\""], FEED.as_bytes())
        }
    });
    let url = "http://a.example/feed";
    let round = |filter: &[&str]| {
        let filter = filter.iter().map(|word| (*word).to_owned()).collect();
        let asking = Asking {
            filter,
            ..Asking::default()
        };
        let settings = Settings {
            asking: Arc::new([(url.parse().unwrap(), asking)].into()),
            commands: Some(Arc::new(bron::app::command::run)),
            ..Settings::default()
        };
        let http = round_with(&world, Asked::All, settings)[0].record.http;
        world.wait(TimeDelta::minutes(2));
        (http, feed(&world, url).title.into_string())
    };
    let (title, other) = ("Good".to_owned(), "Better".to_owned());
    let renames: &[&str] = &["sed", "s/Good/Better/"];
    assert_eq!(round(&[]), (Some(200), title.clone()));
    assert_eq!(round(&[]), (Some(304), title.clone()));
    assert_eq!(round(renames), (Some(200), other.clone()));
    assert_eq!(round(renames), (Some(304), other));
    assert_eq!(round(&[]), (Some(200), title));
}

#[cfg(unix)]
#[test]
fn programs_make_feeds_and_filter_them_where_the_config_says_so() {
    let world = one(|_| answer("200 OK", &[], b"words, no feed"));
    subscribe(
        &world,
        &["http://a.example/feed".into(), "exec:a-program".into()],
    );
    let sh = |script: &str| vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()];
    let both = |commands| Settings {
        asking: Arc::new(
            [
                (
                    "http://a.example/feed".parse().unwrap(),
                    Asking {
                        filter: sh(&format!(
                            "test \"$(cat)\" = 'words, no feed' && printf %s '{FEED}'"
                        )),
                        ..Asking::default()
                    },
                ),
                (
                    "exec:a-program".parse().unwrap(),
                    Asking {
                        command: sh(&format!("printf %s '{FEED}'")),
                        ..Asking::default()
                    },
                ),
            ]
            .into(),
        ),
        commands,
        ..Settings::default()
    };
    round_with(&world, Asked::All, both(None));
    for url in ["http://a.example/feed", "exec:a-program"] {
        assert!(
            matches!(feed(&world, url).health, Health::Failing(why) if why.contains("exec = true")),
            "{url}"
        );
    }
    world.wait(TimeDelta::minutes(2));
    round_with(
        &world,
        Asked::All,
        both(Some(Arc::new(bron::app::command::run))),
    );
    for url in ["http://a.example/feed", "exec:a-program"] {
        let row = feed(&world, url);
        assert_eq!((row.health, row.entries), (Health::Well, 1), "{url}");
    }
}

/// Waits for a round's first visit to be counted.
#[derive(Default)]
struct Counting(Mutex<usize>, Condvar);

impl Watcher for Counting {
    fn visited(&self, _: &Visited) {}

    fn progress(&self, progress: &Progress) {
        *self.0.lock().unwrap() = progress.done;
        self.1.notify_all();
    }
}

#[test]
fn what_is_done_is_told_while_the_last_server_still_thinks() {
    let world = World::with_hosts(["a.example", "b.example"]);
    let counting = Arc::new(Counting::default());
    let seen = Arc::clone(&counting);
    world
        .server
        .on("a.example/feed", |_| answer("200 OK", &[], FEED.as_bytes()));
    // This one answers when the screen has been told of the other; after a minute it gives up, and the count below is wrong.
    let told = Arc::new(Mutex::new(false));
    let was_told = Arc::clone(&told);
    world.server.on("b.example/feed", move |_| {
        let done = seen.0.lock().unwrap();
        let (done, _) = seen
            .1
            .wait_timeout_while(done, Duration::from_mins(1), |done| *done == 0)
            .unwrap();
        *was_told.lock().unwrap() = *done == 1;
        answer("200 OK", &[], FEED.as_bytes())
    });
    subscribe(
        &world,
        &[
            "http://a.example/feed".into(),
            "http://b.example/feed".into(),
        ],
    );
    let poller = Poller::new(
        world.client(),
        world.gate.clone(),
        world.writer().clone(),
        world.database(),
        Settings::default(),
        world.clock(),
    );
    world
        .runtime
        .block_on(poller.round(Asked::All, counting.clone()));
    assert!(*told.lock().unwrap());
    assert_eq!(*counting.0.lock().unwrap(), 2);
}
