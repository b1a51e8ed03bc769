//! Each repair with the smallest feed that shows it; then hostile input: nothing panics, nothing takes long.

use super::{ParsedFeed, parse};
use proptest::prelude::*;
use std::fmt::Write as _;
use url::Url;

fn read(feed: &[u8]) -> Result<ParsedFeed, super::FeedError> {
    let base = Url::parse("https://example.org/blog/feed.xml").expect("an address");
    parse(feed, &base, None)
}

/// The names of the warnings, and each entry as `guid | url | title | text`, with `-` for what is missing.
fn shown(feed: &ParsedFeed) -> String {
    let mut out: Vec<String> = vec![
        feed.warnings
            .iter()
            .filter_map(|warning| warning.split(':').next())
            .collect::<Vec<_>>()
            .join(" "),
    ];
    for entry in &feed.entries {
        let text = entry
            .content_html
            .as_deref()
            .or(entry.summary_html.as_deref());
        out.push(format!(
            "{} | {} | {} | {}",
            entry.guid.as_deref().unwrap_or("-"),
            entry.url.as_deref().unwrap_or("-"),
            if entry.titled {
                entry.title.as_str()
            } else {
                "-"
            },
            text.unwrap_or("-"),
        ));
    }
    out.join("\n")
}

#[track_caller]
fn check(feed: &str, expected: &str) {
    let actual = read(feed.as_bytes()).map_or_else(|error| error.to_string(), |feed| shown(&feed));
    assert_eq!(actual, expected, "{feed}");
}

/// An RSS feed with one item that holds this.
fn item(inner: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>T</title><item>{inner}</item></channel></rss>")
}

/// An Atom feed with one entry that holds this.
fn entry(inner: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title><entry>{inner}</entry></feed>"
    )
}

#[test]
fn a_sound_feed_is_not_touched() {
    check(
        &item(
            "<guid>1</guid><link>https://a.example/1</link><title>One &amp; two</title><description>&lt;p&gt;x&lt;/p&gt;</description>",
        ),
        "\n1 | https://a.example/1 | One & two | <p>x</p>",
    );
    check(
        &entry(
            "<id>1</id><link href='https://a.example/1'/><title>One</title><content type='html'>&lt;p></content>",
        ),
        "\n1 | https://a.example/1 | One | <p>",
    );
}

#[test]
fn what_is_no_feed_is_told_apart() {
    check("", "the answer is empty");
    check(
        "<!DOCTYPE html><html><body>404</body></html>",
        "a web page came in place of a feed",
    );
    check("hello", "no feed in it: neither RSS, Atom nor JSON Feed");
    check("{\"a\": 1}", "no feed in it: JSON, but no JSON Feed");
}

#[test]
fn text_before_and_behind() {
    let feed = item("<guid>1</guid>");
    check(
        &format!("<b>Warning</b>: x.php\n{feed}"),
        "text-before\n1 | - | - | -",
    );
    check(&format!("{feed}<b>x</b>"), "text-after\n1 | - | - | -");
    check(
        &format!("<html><body><div>{feed}</div></body></html>"),
        "in-a-page text-after\n1 | - | - | -",
    );
}

#[test]
fn versions_and_spellings_of_rss() {
    check(
        "<rss><channel><item><guid>1</guid></item></channel></rss>",
        "version\n1 | - | - | -",
    );
    check(
        "<RSS version='2.0'><Channel><ITEM><GUID>1</GUID><TITLE>x</TITLE></ITEM></Channel></RSS>",
        "spelling\n1 | - | x | -",
    );
}

#[test]
fn namespaces_that_are_not_meant() {
    check(
        "<rss version='2.0' xmlns='http://backend.userland.com/rss2'><channel><item><guid>1</guid></item></channel></rss>",
        "\n1 | - | - | -",
    );
    check(
        "<rss version='2.0' xmlns='http://nonsense.example/'><channel><item><guid>1</guid></item></channel></rss>",
        "namespace\n1 | - | - | -",
    );
    check(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>1</id><title>x</title></entry></feed>",
        "\n1 | - | x | -",
    );
    check(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>1</a:id><a:title>x</a:title></a:entry></a:feed>",
        "\n1 | - | x | -",
    );
}

#[test]
fn prefixes_that_are_not_declared() {
    check(
        &item("<guid>1</guid><content:encoded>x</content:encoded>"),
        "prefix\n1 | - | - | x",
    );
    // An unknown one must not be taken for the feed's own.
    check(
        &item("<guid>1</guid><title>x</title><foo:title>y</foo:title>"),
        "\n1 | - | x | -",
    );
}

#[test]
fn signs_that_xml_wants_escaped() {
    check(
        &item("<title>A & B &c</title>"),
        "ampersand\n- | - | A & B &c | -",
    );
    check(
        &item("<title>a < b</title>"),
        "less-than\n- | - | a < b | -",
    );
    check(
        &item("<title>a&nbsp;b&eacute;&#0;</title>"),
        "entity\n- | - | a bé\u{fffd} | -",
    );
    check(
        &item("<title>don\u{92}t</title>"),
        "controls\n- | - | don’t | -",
    );
}

#[test]
fn attributes_as_they_are_written() {
    check(
        &entry("<id>1</id><link rel=alternate href=https://a.example/?a&b>"),
        "attribute unclosed\n1 | https://a.example/?a&b | - | -",
    );
    check(
        &entry("<id>1</id><link HREF='https://a.example/?a&b'/>"),
        "\n1 | https://a.example/?a&b | - | -",
    );
}

#[test]
fn tags_that_do_not_match() {
    check(
        "<rss version='2.0'><channel><item><guid>1</guid><item><guid>2</guid></item></channel></rss>",
        "unclosed\n1 | - | - | -\n2 | - | - | -",
    );
    check(&item("<guid>1</guid></b></i>"), "unmatched\n1 | - | - | -");
    check(&item("<guid>1</guid><x><y></x>"), "unclosed\n1 | - | - | -");
}

#[test]
fn a_feed_that_was_cut_off_keeps_its_whole_entries() {
    check(
        "<rss version='2.0'><channel><item><guid>1</guid></item><item><guid>2</guid><description>so",
        "unclosed cut-off\n1 | - | - | -",
    );
    check(
        "<rss version='2.0'><channel><item><guid>1</guid><title>on",
        "unclosed cut-off\n1 | - | on | -",
    );
    check(
        "<rss version='2.0'><channel><item><guid>1</guid></item>",
        "cut-off\n1 | - | - | -",
    );
}

#[test]
fn markup_that_was_not_escaped() {
    check(
        &item("<title>a <b>c</b></title><description><p>x<br>y</p></description>"),
        "markup\n- | - | a c | <p>x<br>y</p>",
    );
    check(
        &entry("<title>a <b>c</b></title><summary>x</summary>"),
        "markup\n- | - | a c | x",
    );
}

#[test]
fn types_that_nobody_knows_cost_no_feed() {
    check(
        &entry("<title>a</title><content type=''>&lt;p>x</content>"),
        "text-type\n- | - | a | <p>x",
    );
    check(
        &entry("<title>a</title><content type='weird'>x &amp; y</content>"),
        "text-type\n- | - | a | x &amp; y",
    );
    check(
        &entry(
            "<title type='plain'>a</title><content type='application/octet-stream'>PHA+eDwvcD4=</content>",
        ),
        "\n- | - | a | <p>x</p>",
    );
    check(
        &entry("<title>a</title><content type='text/plain'></content>"),
        "\n- | - | a | -",
    );
    check(
        &entry(
            "<title>a</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p title='\"'>x</p></div></content>",
        ),
        "\n- | - | a | <p title='\"'>x</p>",
    );
}

#[test]
fn items_outside_their_channel() {
    check(
        "<rss version='2.0'><channel><title>T</title></channel><item><guid>1</guid></item></rss>",
        "outside-channel\n1 | - | - | -",
    );
    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>T</title></channel><item rdf:about='x'><title>t</title></item></rdf:RDF>";
    check(rdf, "\nx | - | t | -");
}

#[test]
fn what_is_left_out_is_told() {
    check(
        &item("<!ELEMENT x ANY><guid>1</guid>"),
        "declaration\n1 | - | - | -",
    );
    check(
        &item("<guid>1</guid><x xml:base='http://[bad'/>"),
        "base\n1 | - | - | -",
    );
    check(
        &item("<guid>1</guid><pubDate>the day after</pubDate>"),
        "dates\n1 | - | - | -",
    );
    let deep = format!("{}{}", "<x>".repeat(60), "</x>".repeat(60));
    let feed =
        format!("<rss version='2.0'><channel>{deep}<item><guid>1</guid></item></channel></rss>");
    check(&feed, "too-deep\n1 | - | - | -");
    let many = "<item/>".repeat(super::mend::MOST_ENTRIES + 1);
    let many = format!("<rss version='2.0'><channel>{many}</channel></rss>");
    let feed = read(many.as_bytes()).expect("a feed");
    assert!(
        feed.warnings[0].starts_with("too-many:"),
        "{:?}",
        feed.warnings
    );
    // Half a pair of UTF-16.
    let mut odd = vec![0xfe, 0xff];
    for unit in item("<title>a#</title>").encode_utf16() {
        let unit = if unit == u16::from(b'#') {
            0xd800
        } else {
            unit
        };
        odd.extend(unit.to_be_bytes());
    }
    let feed = read(&odd).expect("a feed");
    assert!(
        feed.warnings[0].starts_with("characters:"),
        "{:?}",
        feed.warnings
    );
}

/// The names that the tests above show; those of a reader that failed stand for what no feed is known to do.
#[test]
fn every_repair_has_its_smallest_feed() {
    let shown = include_str!("tests.rs");
    let without: Vec<&str> = super::repairs::names()
        .filter(|name| !matches!(*name, "unmended" | "reader"))
        .filter(|name| {
            let at_first = format!("\"{name}");
            let behind = format!(" {name}");
            ![
                format!("{at_first}\\n"),
                format!("{at_first} "),
                format!("{at_first}:"),
                format!("{behind}\\n"),
            ]
            .iter()
            .any(|form| shown.contains(form.as_str()))
        })
        .collect();
    assert_eq!(without, Vec::<&str>::new());
}

#[test]
fn what_would_make_the_reader_refuse_the_whole_feed_does_not() {
    for inner in [
        "<media:description xmlns:media='http://search.yahoo.com/mrss/'/>",
        "<media:title xmlns:media='http://search.yahoo.com/mrss/' type='odd'>x</media:title>",
        "<podcast:person xmlns:podcast='https://podcastindex.org/namespace/1.0' role='none'>x</podcast:person>",
        "<itunes:duration xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>99999999999999999999:00:00</itunes:duration>",
        "<author>a@b.org\u{b7}ü</author>",
        "<x xml:base='http://[bad'/>",
        "<x xmlns:xml='y'/>",
    ] {
        let feed = read(item(&format!("<guid>1</guid>{inner}")).as_bytes()).expect(inner);
        assert_eq!(feed.entries.len(), 1, "{inner}");
        assert!(
            !feed
                .warnings
                .iter()
                .any(|w| w.starts_with("unmended") || w.starts_with("reader")),
            "{inner}: {:?}",
            feed.warnings
        );
    }
}

#[test]
fn links_by_what_they_are() {
    check(
        &item("<guid>https://a.example/1</guid>"),
        "\nhttps://a.example/1 | https://a.example/1 | - | -",
    );
    check(
        &item("<guid isPermaLink='false'>https://a.example/1</guid>"),
        "\nhttps://a.example/1 | - | - | -",
    );
    check(
        &item("<link>/1</link>"),
        "\n- | https://example.org/1 | - | -",
    );
    check(
        &item("<link>example.com/1</link>"),
        "\n- | https://example.com/1 | - | -",
    );
    check(&item("<link>javascript:alert(1)</link>"), "\n- | - | - | -");
    check(
        &item(
            "<link>https://t.example/1</link><feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>https://a.example/1</feedburner:origLink>",
        ),
        "\n- | https://a.example/1 | - | -",
    );
    check(
        &item("<enclosure url='https://a.example/1.mp3' type='audio/mpeg' length='odd'/>"),
        "\n- | https://a.example/1.mp3 | - | -",
    );
}

#[test]
fn fields_that_lead_to_sources() {
    let feed = read(
        item(
            "<source url='https://s.example/feed'>S</source><comments>https://c.example/1</comments><slash:comments xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>7</slash:comments><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='related' href='https://r.example/'/>",
        )
        .as_bytes(),
    )
    .expect("a feed");
    let entry = &feed.entries[0];
    assert_eq!(entry.via, ["https://s.example/feed"]);
    assert_eq!(entry.related, ["https://r.example/"]);
    let comments = entry.comments.as_ref().expect("comments");
    assert_eq!(
        (comments.url.as_str(), comments.comments),
        ("https://c.example/1", Some(7))
    );
}

#[test]
fn relative_addresses_in_texts_are_those_of_the_page() {
    check(
        &item("<link>https://a.example/p/1</link><description>&lt;img src='i.png'></description>"),
        "\n- | https://a.example/p/1 | - | <img src='https://a.example/p/i.png'>",
    );
    check(
        &entry(
            "<link href='https://a.example/p/1'/><content type='html' xml:base='https://b.example/q/'>&lt;a href='r'></content>",
        ),
        "\n- | https://a.example/p/1 | - | <a href='https://b.example/q/r'>",
    );
}

#[test]
fn a_feed_says_when_to_come_again() {
    let feed = read(b"<rss version='2.0'><channel><ttl>90</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours></channel></rss>").expect("a feed");
    assert_eq!((feed.ttl, feed.skip_hours), (Some(5_400), vec![1, 0]));
    let feed = read(b"<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel></rss>").expect("a feed");
    assert_eq!(feed.ttl, Some(21_600));
}

#[test]
fn json_feeds_with_values_of_other_types() {
    check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": 7, "url": "https://a.example/7", "title": "x", "content_text": "a < b", "tags": [1, "y"], "authors": [{"name": "me@x.org·ü"}], "external_url": "https://e.example/"}]}"#,
        "json-type\n7 | https://a.example/7 | x | a &lt; b",
    );
    check(
        r#"{"version": "http://jsonfeed.org/version/1", "items": [{"id": "1"}, null]}"#,
        "json-version json-type\n1 | - | - | -",
    );
    check(
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": \"1\",}, {\"id\": \"2\", \"ti",
        "json-syntax\n1 | - | - | -",
    );
}

#[test]
fn other_encodings() {
    let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><item><title>caf\xe9</title></item></channel></rss>";
    assert_eq!(shown(&read(latin).expect("a feed")), "\n- | - | café | -");
    let mut wide = vec![0xfe, 0xff];
    for unit in item("<title>é</title>").encode_utf16() {
        wide.extend(unit.to_be_bytes());
    }
    assert_eq!(shown(&read(&wide).expect("a feed")), "\n- | - | é | -");
}

#[test]
fn entities_of_the_document_are_no_bomb() {
    let feed = "<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><item><title>&b;&c;</title></item></channel></rss>";
    check(feed, "\n- | - | &b;&c; | -");
}

/// Many of everything. Each of these took minutes, memory or the stack in some reader; the test ends, or it is not linear.
#[test]
fn hostile_sizes_are_survived() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let feeds = [
        many("<a>", 200_000),
        format!("<rss version='2.0'><channel><item>{}", many("<a>", 200_000)),
        format!(
            "<rss version='2.0'><channel><item><description>{}",
            many("<b>", 200_000)
        ),
        format!(
            "<rss version='2.0'><channel>{}</channel></rss>",
            many("<item/>", 100_000)
        ),
        format!(
            "<rss version='2.0'><channel><item><a {}/></item></channel></rss>",
            many("b='c' d ", 100_000)
        ),
        format!("<rss version='2.0' {}>", many("xmlns:a='b' ", 50_000)),
        many("<a b=\"", 100_000),
        many("<!DOCTYPE a [", 100_000),
        many("<!--", 100_000),
        many("<![CDATA[", 100_000),
        many("</a", 100_000),
        many("&", 200_000),
        many("<?", 100_000),
        format!(
            "<rss version='2.0'><channel><item><title>{}",
            many("&amp", 100_000)
        ),
        format!("<feed>{}", many("<entry><title>", 30_000)),
        format!(
            "{{\"version\": \"https://jsonfeed.org/version/1\", \"items\": {}",
            many("[", 100_000)
        ),
        format!("{{\"items\": [{}]}}", vec!["{}"; 50_000].join(",")),
    ];
    for feed in feeds {
        let read = read(feed.as_bytes());
        assert!(read.map_or(0, |feed| feed.entries.len()) <= super::mend::MOST_ENTRIES);
    }
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64: enough to choose places.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const SEEDS: &[&str] = &[
    include_str!("../../tests/fixtures/feeds/weekly.xml"),
    include_str!("../../tests/fixtures/feeds/notes.atom"),
    include_str!("../../tests/fixtures/feeds/links.json"),
    include_str!("../../tests/fixtures/feeds/old.rdf"),
];

fn mutated(seed: &str, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let end = bytes.len().min(at + dice.below(200));
                bytes.drain(at..end);
            }
            2 => {
                let end = bytes.len().min(at + dice.below(300));
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece.repeat(1 + dice.below(4)));
            }
            3 if !bytes.is_empty() => {
                for _ in 0..=dice.below(20) {
                    let at = dice.below(bytes.len());
                    bytes[at] ^= 1 << dice.below(8);
                }
            }
            _ => {
                const NASTY: &[&str] = &[
                    "<",
                    "&",
                    "\"",
                    "]]>",
                    "<![CDATA[",
                    "<!--",
                    "\u{1b}[2J",
                    "\u{202e}",
                    "&#0;",
                    "</item>",
                    "<item>",
                    "xmlns='",
                    "\0",
                    "é",
                    "&#x1F600;",
                    "<a b='",
                ];
                let piece = NASTY[dice.below(NASTY.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

#[track_caller]
fn check_clean(feed: &ParsedFeed, of: &str) {
    let mut all = format!("{}{}{}", feed.title, feed.description, feed.version);
    for entry in &feed.entries {
        let _ = write!(all, "{}", entry.title);
        for person in &entry.authors {
            let _ = write!(all, "{}", person.name);
        }
        for category in &entry.categories {
            let _ = write!(all, "{category}");
        }
        for url in entry.url.iter().chain(&entry.via).chain(&entry.related) {
            assert!(Url::parse(url).is_ok(), "{url} of {of}");
        }
    }
    assert!(
        !all.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)),
        "{all:?} of {of}"
    );
}

#[test]
fn feeds_with_faults_never_panic_and_give_only_safe_text() {
    let rounds = std::env::var("BRON_MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(400);
    let mut dice = Dice(0x5eed);
    for round in 0..rounds {
        for seed in SEEDS {
            let bytes = mutated(seed, &mut dice);
            if let Ok(feed) = read(&bytes) {
                check_clean(&feed, &format!("round {round}"));
                assert!(
                    !feed.warnings.iter().any(|w| w.starts_with("reader")),
                    "feed-rs panicked in round {round}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes);
    }

    #[test]
    fn markup_of_any_kind_never_panics(text in "(<rss version='2.0'><channel>)?(<item>|</item>|<title>|</title>|<link>|<a b=|'|\"|>|<|&|&amp;|<!\\[CDATA\\[|\\]\\]>|[a-zé ]{1,4}|<feed>|<entry>|</entry>|<content type='xhtml'>|</content>|<!--|-->|/>|<x:y>|\\{|\\}){0,40}") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn lists_of_any_kind_never_panic(text in "(<outline |xmlUrl=|text='|'|\"|>|/>|</outline>|https://a.example/|\n|~|\"|!|[a-z ]{1,4}|&){0,40}") {
        let list = super::list::read(text.as_bytes());
        prop_assert!(list.feeds.iter().all(|feed| feed.line > 0));
        let urls = |list: &super::list::List| list.feeds.iter().map(|feed| feed.url.clone()).collect::<std::collections::BTreeSet<_>>();
        let again = super::list::read(super::list::write_urls(&list.feeds).as_bytes());
        prop_assert_eq!(urls(&list), urls(&again));
        let again = super::opml::read(&super::opml::write("x", &list.feeds));
        prop_assert_eq!(urls(&list), urls(&again));
    }

    #[test]
    fn dates_never_panic(text in "\\PC{0,40}|[0-9:TZ+ ./-]{0,30}|[0-9]{1,14}( [A-Za-z]{2,4}){0,3} ?[0-9:+-]{0,10}") {
        let _ = super::dates::parse(&text);
    }

    #[test]
    fn pages_never_panic(text in "(<link rel=alternate type=application/rss\\+xml href=|<a href=|<script>|</a>|'|\"|>|/feed|//|[a-z]{1,3}|<base href=|:){0,30}") {
        let base = Url::parse("https://example.org/").expect("an address");
        let _ = super::discover::discover(&text, &base);
    }
}
