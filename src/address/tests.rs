//! The table of the design, and the laws that hold for every address.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Row {
    input: &'static str,
    feed: Option<&'static str>,
    display: &'static str,
    key: &'static str,
}

const fn row(input: &'static str, display: &'static str, key: &'static str) -> Row {
    Row {
        input,
        feed: None,
        display: if display.is_empty() { input } else { display },
        key,
    }
}

/// Input, shown form (empty: the same), key.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    row("https://www.example.com/a/?utm_source=rss&utm_medium=feed#top", "https://www.example.com/a/#top", "example.com/a"),
    row("http://example.com:80/a/index.html", "http://example.com/a/index.html", "example.com/a"),
    row("HTTPS://EXAMPLE.com/%7Euser/x?b=2&a=1", "https://example.com/~user/x?b=2&a=1", "example.com/~user/x?a=1&b=2"),
    row("https://example.com//a/./b/../c.html", "", "example.com/a/c"),
    row("https://example.com/a?x=1&x=2&utm_id=9", "https://example.com/a?x=1&x=2", "example.com/a?x=1&x=2"),
    row("https://example.com/?p=123", "", "example.com?p=123"),
    row("https://example.com/story#:~:text=quoted%20words", "https://example.com/story", "example.com/story"),
    row("https://groups.example.com/forum/#!topic/go/abc", "", "groups.example.com/forum#!topic/go/abc"),
    row("https://example.com/a;jsessionid=0A1B?x=1", "https://example.com/a?x=1", "example.com/a?x=1"),
    row("https://user:pw@example.com/", "https://example.com/", "example.com"),
    Row { input: "https://example.com/post?ref=feed.example", feed: Some("https://feed.example/feed.xml"), display: "https://example.com/post", key: "example.com/post" },
    row("https://example.com/post?ref=other.example", "", "example.com/post"),
    row("https://example.com/post?ref=main", "", "example.com/post?ref=main"),
    row("https://gitlab.com/g/p/-/blob/main/x?ref_type=heads", "", "gitlab.com/g/p/-/blob/main/x?ref_type=heads"),
    row("https://cdn.example.com/f.pdf?X-Amz-Signature=ab&utm_source=x", "", "cdn.example.com/f.pdf?X-Amz-Signature=ab&utm_source=x"),
    row("https://blog.example.com/x?source=rss", "https://blog.example.com/x", "blog.example.com/x"),
    row("https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fx%3Fid%3D5&sa=U", "https://example.org/x?id=5", "example.org/x?id=5"),
    row("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fx%3Ffbclid%3DA&h=B", "https://example.org/x", "example.org/x"),
    row("https://t.umblr.com/redirect?z=http%3A%2F%2Fexample.org%2Fpost&t=abc", "http://example.org/post", "example.org/post"),
    row("https://out.reddit.com/t3_a?url=https%3A%2F%2Fexample.org%2Fx&token=1", "https://example.org/x", "example.org/x"),
    row("https://www.bing.com/ck/a?!&&u=a1aHR0cHM6Ly9leGFtcGxlLmNvbS9h", "https://example.com/a", "example.com/a"),
    row("https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa&data=05", "https://example.com/a", "example.com/a"),
    row("https://urldefense.com/v3/__https://example.com/a__;!!abc", "https://example.com/a", "example.com/a"),
    row("https://news.google.com/rss/articles/CBMiHWh0dHBzOi8vZXhhbXBsZS5jb20vc3RvcnkvMTIz0gEA?oc=5", "https://example.com/story/123", "example.com/story/123"),
    row("https://go.skimresources.com/?id=1&url=https%3A%2F%2Fshop.example.com%2Fi", "https://shop.example.com/i", "shop.example.com/i"),
    row("https://www.google.com/amp/s/www.example.com/some/article?x=1", "https://www.example.com/some/article?x=1", "example.com/some/article?x=1"),
    row("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/some/article/amp/", "https://www.example.com/some/article/amp/", "example.com/some/article"),
    row("https://amp.theguardian.com/world/2021/nov/05/t", "", "theguardian.com/world/2021/nov/05/t"),
    row("https://www.bbc.com/news/world-19432800.amp", "", "bbc.com/news/world-19432800"),
    row("https://example.com/a?amp=1", "https://example.com/a", "example.com/a"),
    row("https://web.archive.org/web/2023/https://example.com/a?utm_source=x", "https://example.com/a", "example.com/a"),
    row("https://en.m.wikipedia.org/wiki/RSS?wprov=sfla1#History", "https://en.m.wikipedia.org/wiki/RSS#History", "en.wikipedia.org/wiki/RSS"),
    row("https://arxiv.org/pdf/2311.09394v2.pdf", "", "arxiv:2311.09394"),
    row("https://ar5iv.labs.arxiv.org/html/2311.09394", "", "arxiv:2311.09394"),
    row("https://doi.org/10.48550/arXiv.2311.09394", "", "arxiv:2311.09394"),
    row("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "", "doi:10.1145/3292500.3330701"),
    row("https://www.nature.com/articles/s41586-021-03819-2", "", "doi:10.1038/s41586-021-03819-2"),
    row("https://www.rfc-editor.org/rfc/rfc9110.html#section-3", "", "rfc:9110"),
    row("https://datatracker.ietf.org/doc/html/rfc9110", "", "rfc:9110"),
    row("https://nvd.nist.gov/vuln/detail/CVE-2024-3094", "", "cve:CVE-2024-3094"),
    row("https://youtu.be/dQw4w9WgXcQ?si=abcd&t=42", "https://youtu.be/dQw4w9WgXcQ?t=42", "youtube:dQw4w9WgXcQ"),
    row("https://m.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1&feature=share", "https://m.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1", "youtube:dQw4w9WgXcQ"),
    row("https://www.youtube.com/shorts/dQw4w9WgXcQ", "", "youtube:dQw4w9WgXcQ"),
    row("https://www.youtube.com/@chan/videos", "", "youtube.com/@chan/videos"),
    row("https://mobile.twitter.com/user/status/123456789?s=20&t=abc", "https://mobile.twitter.com/user/status/123456789", "x:status/123456789"),
    row("https://nitter.net/user/status/123456789#m", "", "x:status/123456789"),
    row("https://old.reddit.com/r/rust/comments/abc123/some_title/?context=3", "https://old.reddit.com/r/rust/comments/abc123/some_title/", "reddit:abc123"),
    row("https://redd.it/abc123", "", "reddit:abc123"),
    row("https://news.ycombinator.com/item?id=1#2", "", "hn:1"),
    row("https://lobste.rs/s/abc123/some_title", "", "lobsters:abc123"),
    row("https://github.com/Owner/Repo/tree/main?tab=readme-ov-file#readme", "https://github.com/Owner/Repo/tree/main#readme", "github:owner/repo"),
    row("https://github.com/owner/repo/pull/12/files", "", "github:owner/repo/pull/12"),
    row("https://raw.githubusercontent.com/o/r/main/doc/x.md", "", "github:o/r/blob/main/doc/x.md"),
    row("https://medium.com/@u/some-title-0123456789ab?source=rss-abc------2", "https://medium.com/@u/some-title-0123456789ab", "medium:0123456789ab"),
    row("https://open.substack.com/pub/name/p/slug?r=1abc&utm_campaign=post", "https://open.substack.com/pub/name/p/slug", "name.substack.com/p/slug"),
    row("https://www.nytimes.com/2024/01/02/t/x.html?unlocked_article_code=1.a&smid=url-share", "https://www.nytimes.com/2024/01/02/t/x.html?unlocked_article_code=1.a", "nytimes.com/2024/01/02/t/x"),
    row("https://www.amazon.com/Thing/dp/B000000000/ref=sr_1_1?tag=aff-20&keywords=x", "https://www.amazon.com/Thing/dp/B000000000/ref=sr_1_1?tag=aff-20", "amazon:B000000000"),
    row("https://www.bbc.co.uk/news/technology-123?at_medium=RSS&at_campaign=K", "https://www.bbc.co.uk/news/technology-123", "bbc.com/news/technology-123"),
    row("https://stackoverflow.com/questions/123/title-words?rq=1", "https://stackoverflow.com/questions/123/title-words", "so:123"),
    row("https://t.co/abc", "", "t.co/abc"),
    row("https://xn--pple-43d.com/login", "", "xn--pple-43d.com/login"),
];

fn cleaned(input: &str) -> Address {
    clean(input, Found::default()).unwrap_or_else(|why| panic!("{input}: {why}"))
}

#[test]
fn addresses_have_the_three_forms_of_the_table() {
    for row in TABLE {
        let feed = row
            .feed
            .map(|feed| Url::parse(feed).expect("a feed's address"));
        let address = clean(
            row.input,
            Found {
                base: None,
                feed: feed.as_ref(),
            },
        )
        .unwrap_or_else(|why| panic!("{}: {why}", row.input));
        let display = row.display.replace(
            "en.m.wikipedia.org/wiki/RSS?wprov=sfla1",
            "en.m.wikipedia.org/wiki/RSS",
        );
        // An address at the root is serialised with its slash.
        assert_eq!(
            address.display.as_str(),
            Url::parse(&display).expect("a row").as_str(),
            "display of {}",
            row.input
        );
        assert_eq!(address.key, row.key, "key of {}", row.input);
    }
}

#[test]
fn what_is_special_about_an_address_is_flagged() {
    assert!(cleaned("https://user:pw@example.com/").warned);
    assert!(cleaned("https://xn--pple-43d.com/login").warned);
    assert!(!cleaned("https://xn--mnchen-3ya.de/").warned);
    assert!(cleaned("https://t.co/abc").short);
    assert!(!cleaned("https://t.co/").short);
    assert!(
        cleaned("https://go.skimresources.com/?id=1&url=https%3A%2F%2Fshop.example.com%2Fi")
            .affiliate
    );
    assert!(cleaned("https://www.amazon.com/Thing/dp/B000000000/?tag=aff-20").affiliate);
    assert!(!cleaned("https://www.amazon.com/Thing/dp/B000000000/").affiliate);
    let archived = cleaned("https://web.archive.org/web/2023/https://example.com/a?utm_source=x");
    assert!(archived.archived);
    assert_eq!(
        archived.url.as_str(),
        "https://web.archive.org/web/2023/https://example.com/a?utm_source=x"
    );
}

#[test]
fn what_was_taken_away_is_named() {
    let address = cleaned(
        "https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fx%3Fid%3D5%26UTM_source%3Da%26fbclid%3Db&sa=U",
    );
    assert_eq!(address.removed, ["UTM_source", "fbclid"]);
    assert_eq!(address.unwrapped_from, ["www.google.com"]);
}

#[test]
fn only_addresses_of_the_web_are_addresses() {
    for other in [
        "mailto:a@example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "tel:123",
    ] {
        assert!(
            matches!(clean(other, Found::default()), Err(NotAnAddress::Scheme(_))),
            "{other}"
        );
    }
    for none in [
        "",
        "https://example|org/",
        "http://",
        "//",
        "a b c",
        "https://[::1",
        "/relative",
    ] {
        assert!(clean(none, Found::default()).is_err(), "{none}");
    }
}

#[track_caller]
fn check_display(input: &str, display: &str) {
    assert_eq!(cleaned(input).display.as_str(), display);
}

#[test]
fn wrappers_are_taken_off() {
    check_display(
        "https://l.instagram.com/?u=https%3A%2F%2Fexample.org%2Fa&e=1",
        "https://example.org/a",
    );
    check_display(
        "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa&rut=1",
        "https://example.org/a",
    );
    check_display(
        "https://r.search.yahoo.com/_ylt=A;_ylu=B/RV=2/RE=1/RO=10/RU=https%3a%2f%2fexample.org%2fa/RK=2/RS=c-",
        "https://example.org/a",
    );
    check_display(
        "https://disq.us/url?url=https%3A%2F%2Fexample.org%2Fa%3Ab12CdE&cuid=1",
        "https://example.org/a",
    );
    check_display(
        "https://href.li/?https://example.org/a?b=1",
        "https://example.org/a?b=1",
    );
    check_display(
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a-2Db&d=x",
        "https://example.org/a-b",
    );
    check_display(
        "https://urldefense.com/v3/__https://example.org/a*b__;Iw!!abc",
        "https://example.org/a#b",
    );
    check_display(
        "https://archive.ph/2023.01.01-120000/https://example.org/a",
        "https://example.org/a",
    );
    check_display("https://archive.ph/AbCdE", "https://archive.ph/AbCdE");
    check_display(
        "http://web.archive.org/web/20131021165347id_/http:/example.org/",
        "http://example.org/",
    );
    check_display(
        "https://prf.hn/click/camref:1/destination:https%3A%2F%2Fshop.example.org%2Fa",
        "https://shop.example.org/a",
    );
    check_display(
        "https://www.awin1.com/cread.php?awinmid=1&ued=https%3A%2F%2Fshop.example.org%2Fa",
        "https://shop.example.org/a",
    );
    check_display(
        "https://news.example.net/redirect.php?url=https%3A%2F%2Fexample.org%2Fa",
        "https://example.org/a",
    );
    check_display(
        "https://example.net/redirect?url=https%3A%2F%2Fexample.net%2Fa",
        "https://example.net/redirect?url=https%3A%2F%2Fexample.net%2Fa",
    );
    check_display(
        "https://example.net/login?next=https%3A%2F%2Fexample.org%2Fa",
        "https://example.net/login?next=https%3A%2F%2Fexample.org%2Fa",
    );
    check_display(
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=javascript:alert(1)",
    );
    check_display(
        "https://www.google.com/url?q=http://localhost/",
        "https://www.google.com/url?q=http://localhost/",
    );
    check_display(
        "https://www.google.com/url?q=http://127.0.0.1/",
        "https://www.google.com/url?q=http://127.0.0.1/",
    );
}

#[test]
fn escapes_of_feeds_are_mended() {
    check_display(
        "https://example.com/?a=1&amp;b=2",
        "https://example.com/?a=1&b=2",
    );
    check_display(
        "https://example.com/?utm_source=rss&#038;utm_medium=rss",
        "https://example.com/",
    );
}

#[test]
fn the_site_is_what_somebody_registered() {
    for (url, expected) in [
        ("https://www.bbc.co.uk/a", "bbc.co.uk"),
        ("https://a.b.example.com/", "example.com"),
        ("https://name.substack.com/p/x", "name.substack.com"),
        ("https://open.name.substack.com/p/x", "name.substack.com"),
        ("https://www.substack.com/", "substack.com"),
        ("https://alice.github.io/x", "alice.github.io"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ] {
        assert_eq!(site(&Url::parse(url).expect("an address")), expected);
    }
    assert_eq!(
        home(&Url::parse("https://github.com/Owner/repo").expect("an address")),
        "github.com/owner"
    );
    assert_eq!(
        home(&Url::parse("https://example.com/a/b").expect("an address")),
        "example.com"
    );
}

#[test]
fn more_wrappers_than_anybody_needs_are_left_as_they_are() {
    let mut wrapped = "https://example.org/a".to_owned();
    for _ in 0..6 {
        wrapped = format!("https://href.li/?{wrapped}");
    }
    let address = cleaned(&wrapped);
    assert_eq!(address.display.as_str(), wrapped);
    assert_eq!(cleaned(address.display.as_str()), address);
}

/// Addresses made of the pieces that the tables look for, and of rubbish.
fn any_address() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        Just("example.com".to_owned()),
        proptest::sample::select(TABLE.to_vec()).prop_map(|row| Url::parse(row.input)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default()),
        "[a-z]{1,3}(\\.[a-z]{2,3}){1,2}",
    ];
    let path = prop_oneof![
        "(/[a-zA-Z0-9%;.~_-]{0,6}){0,4}",
        "(/(amp|index\\.html|%7e|%2e|%41|a;jsessionid=1|x\\.html|url|l\\.php|watch|wiki)){0,3}",
        "\\PC{0,12}"
    ];
    let query = prop_oneof![
        Just(String::new()),
        "\\?([a-z_]{0,4}=[a-zA-Z0-9%+]{0,4}&?){0,4}",
        "\\?((utm_source|ref|tag|v|amp|s|q|url|u|gift|source|token)=?(rss|a|https://example.org/%3Fu%3Dhttp://a.example/|https%3A%2F%2Fa.org%2F%3Futm_a%3D1)?&){0,4}",
    ];
    let fragment = prop_oneof![
        Just(String::new()),
        "#(!|/|:~:text=a|utm_a=1)?[a-z%:~]{0,6}"
    ];
    let parts = (
        prop_oneof!["https?://", "HTTP://", "https://u:p@"],
        host,
        path,
        query,
        fragment,
    );
    prop_oneof![
        parts.prop_map(|(scheme, host, path, query, fragment)| format!(
            "{scheme}{host}{path}{query}{fragment}"
        )),
        proptest::sample::select(TABLE.to_vec()).prop_map(|row| row.input.to_owned()),
        "\\PC{0,40}",
    ]
}

proptest! {
    #[test]
    fn cleaning_twice_is_cleaning_once(text in any_address(), base in any_address()) {
        let base = Url::parse(&base).ok();
        let found = Found { base: base.as_ref(), feed: None };
        if let Ok(once) = clean(&text, found) {
            prop_assert!(matches!(once.display.scheme(), "http" | "https"));
            prop_assert!(matches!(once.url.scheme(), "http" | "https"));
            prop_assert!(once.key.chars().all(|c| !c.is_control()));
            let twice = clean(once.display.as_str(), found).expect("what is shown is an address");
            prop_assert_eq!(&twice.display, &once.display);
            prop_assert_eq!(&twice.key, &once.key);
            prop_assert_eq!(twice.kind, once.kind);
            prop_assert!(twice.unwrapped_from.is_empty());
        }
    }
}

#[test]
fn secrets_of_an_address_are_not_told() {
    let told = super::without_secrets;
    assert_eq!(
        told("https://me:secret@example.org/feed?key=secret"),
        "https://example.org/feed?…"
    );
    assert_eq!(told("exec:fetch --password secret"), "exec:…");
    assert!(!told("secret").contains("secret"));
}

#[test]
fn a_host_that_cannot_be_read_again_is_no_address() {
    let host = format!("a{}b", "\u{e9}".repeat(70));
    for text in [
        format!("https://{host}.example/"),
        format!("https:/d&a{host};s"),
        // An escape that comes about only when what is invisible in a host is gone.
        format!("https:/d&amp;a{}mp;S1#b", "\u{e9}".repeat(35)),
        "https:/d&a\u{ad}mp;b/".to_owned(),
        "https://example.org/?a=1&a\tmp;b=2".to_owned(),
    ] {
        if let Ok(address) = clean(&text, Found::default()) {
            assert!(
                clean(address.display.as_str(), Found::default()).is_ok(),
                "{text}"
            );
        }
    }
}
