//! Pages as the web has them, whole: what is made of them. The numbers are those of the cases every part of bron is held to.

use super::*;
use proptest::prelude::*;

const LONG: &str = "This is a sentence of the article, long enough to be one, and it says something about a thing. ";

fn url() -> Url {
    Url::parse("https://news.example.com/2024/05/a-thing-happened").expect("an address")
}

fn page(head: &str, body: &str) -> Article {
    let text = LONG.repeat(8);
    let html = format!(
        "<!doctype html><html lang=en><head>{head}</head><body>{body}<article><p>{text}</p><p>{text}</p></article></body></html>"
    );
    read_page(html.as_bytes(), Some("text/html; charset=utf-8"), &url())
}

#[track_caller]
fn check_title(head: &str, body: &str, title: &str) {
    assert_eq!(
        page(head, body).card.title.as_deref(),
        Some(title),
        "{head} {body}"
    );
}

#[track_caller]
fn check_canonical(head: &str, expected: Option<&str>) {
    let found = page(head, "").card.canonical_url.map(|url| url.to_string());
    assert_eq!(found.as_deref(), expected, "{head}");
}

#[test]
fn case_11_bytes_are_read_in_the_letters_they_were_written_in() {
    let html = format!(
        "<html><head><title>Grüße</title></head><body><p>{}</p></body></html>",
        "Ein Satz über Bäume und Äpfel. ".repeat(20)
    );
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(html.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let latin: Vec<u8> = html.chars().map(|c| c as u8).collect();
    for bytes in [html.as_bytes(), &wide, &latin] {
        let article = read_page(bytes, None, &url());
        assert_eq!(article.card.title.as_deref(), Some("Grüße"));
        assert!(
            article.text.contains("über Bäume und Äpfel"),
            "{}",
            article.text
        );
    }
}

#[test]
fn case_11_what_nobody_writes_costs_no_time_and_ends_as_an_article() {
    let deep = format!("{}{LONG}", "<div><b>".repeat(10_000));
    let head = format!("<head>{}", "<meta name=a content=b>".repeat(50_000));
    for html in [
        "",
        "<",
        "\0\0\0",
        "<html",
        "<p",
        "<!--",
        "&#0;&#xd800;",
        deep.as_str(),
        head.as_str(),
    ] {
        let article = read_page(html.as_bytes(), Some("text/html"), &url());
        assert!(article.text.len() <= html.len() + 16);
    }
}

#[test]
fn a_page_that_a_script_fills_says_what_it_tells_of_itself_and_a_wall_stays_one() {
    let of = |title: &str| {
        let html = format!(
            "<head><title>{title}</title><meta name=description content='What is the range of it? I did 24 miles &amp; more.'></head><body><div id=app><a href=/>Home</a> <a href=/new>New</a></div>"
        );
        read_page(html.as_bytes(), None, &url())
    };
    assert_eq!(
        of("What is the range?").text,
        "What is the range of it? I did 24 miles & more."
    );
    assert!(!of("Just a moment...").text.contains("24 miles"));
}

#[test]
fn a_head_that_says_value_where_content_is_meant_is_understood() {
    check_title(
        "<meta property='og:title' value='A thing happened in May'>",
        "",
        "A thing happened in May",
    );
}

#[test]
fn a_caption_that_stands_in_a_paragraph_is_no_part_of_it() {
    let text = LONG.repeat(8);
    let html = format!(
        "<html><body><article><h1>A thing happened</h1><p><span class=image><img src=a.jpg><span class='caption truncate'>© An Agency</span></span>{text}</p><p>{text}</p></article></body></html>"
    );
    let article = read_page(html.as_bytes(), None, &url());
    assert!(article.text.starts_with(LONG.trim()), "{}", article.text);
}

#[test]
fn case_13_an_own_address_is_believed_as_far_as_it_can_be() {
    let link = |href: &str| format!("<link rel=canonical href='{href}'>");
    let own = "https://news.example.com/2024/05/thing";
    check_canonical(&link(own), Some(own));
    check_canonical(&link("/2024/05/thing"), Some(own));
    check_canonical(&link("https://news.example.com/"), None);
    check_canonical(&link("https://staging.example.com/2024/05/thing"), None);
    check_canonical(&link("https://other.example.net/thing"), None);
    check_canonical(&link("javascript:x()"), None);
    check_canonical(
        &format!("{}{}", link("https://news.example.com/"), link(own)),
        None,
    );
    check_canonical(
        &format!(
            "{}<meta property=og:url content='{own}'>",
            link("https://localhost/thing")
        ),
        Some(own),
    );
}

#[test]
fn case_14_a_wall_is_no_article() {
    for title in [
        "Just a moment...",
        "Just a moment…",
        "Attention Required! | Cloudflare",
    ] {
        let html = format!("<title>{title}</title><p>Checking your browser.");
        let article = read_page(html.as_bytes(), None, &url());
        assert_eq!(article.card.wall, Some(Wall::BotCheck), "{title}");
        assert_eq!(
            read_card(html.as_bytes(), None, &url()).wall,
            Some(Wall::BotCheck)
        );
        // A long text is an article about such a page.
        let long = format!("<title>{title}</title><p>{}", LONG.repeat(40));
        assert_eq!(read_page(long.as_bytes(), None, &url()).card.wall, None);
        assert_eq!(read_card(long.as_bytes(), None, &url()).wall, None);
    }
}

#[test]
fn case_15_a_page_that_calls_itself_by_its_site_has_a_better_title() {
    check_title(
        "<title>A thing happened | The Paper</title><meta property=og:title content='The Paper'><meta property=og:site_name content='The Paper'>",
        "<h1>The Paper</h1>",
        "A thing happened",
    );
    check_title(
        "<meta property=og:title content='A thing happened - The Paper'><meta property=og:site_name content='The Paper'>",
        "<h1><img alt='The Paper' src=l.png></h1><h1>A thing happened</h1>",
        "A thing happened",
    );
}

#[test]
fn author_and_date_are_read_off_the_page_where_its_head_tells_neither() {
    let address = Url::parse("https://news.example.com/a-thing").expect("an address");
    let html = format!(
        "<title>T</title><div class=byline-x>By <a href='/author/ann'>Ann Other</a></div><div class=post-datum>no</div><div class=pub-date>Published: May 2, 2024</div><p>{}",
        LONG.repeat(8)
    );
    let card = read_page(html.as_bytes(), None, &address).card;
    assert_eq!(card.author.as_deref(), Some("Ann Other"));
    assert_eq!(
        card.published
            .map(|at| at.date_naive().to_string())
            .as_deref(),
        Some("2024-05-02")
    );
    let html = format!(
        "<title>T</title><div class=byline>Read more stories here</div><div class=date>soon</div><p>{}",
        LONG.repeat(8)
    );
    let card = read_page(html.as_bytes(), None, &address).card;
    assert_eq!((card.author, card.published), (None, None));
}

#[test]
fn what_is_no_html_is_shown_or_named() {
    let text = read_page(b"One line.\n\nAnother <line>.", Some("text/plain"), &url());
    assert_eq!(text.text, "One line.\n\nAnother <line>.");
    let address = Url::parse("https://example.org/files/report.pdf").expect("an address");
    let file = read_page(b"%PDF-1.7 \x00\x01", Some("application/pdf"), &address);
    assert_eq!(file.card.title.as_deref(), Some("report.pdf"));
    assert!(
        file.text.contains("is a PDF") && !file.text.contains("%PDF"),
        "{}",
        file.text
    );
    assert_eq!(
        read_card(b"%PDF-1.7", None, &address).title.as_deref(),
        Some("report.pdf")
    );
    let address = Url::parse("https://example.org/README.md").expect("an address");
    let markdown = read_page(
        b"# A tool\n\n[docs](docs/a.md) <script>x</script>",
        Some("text/plain"),
        &address,
    );
    assert_eq!(markdown.card.title.as_deref(), Some("A tool"));
    assert!(
        markdown.html.contains("https://example.org/docs/a.md")
            && !markdown.html.contains("script")
    );
}

#[test]
fn space_that_an_unknown_element_leaves_at_the_beginning_goes_at_once() {
    for (html, clean) in [("<a;> ", ""), ("<a;> x", "x"), (" <p>x</p> ", "<p>x</p> ")] {
        let once = read_entry(html, &url()).html;
        assert_eq!(once, clean, "{html}");
        assert_eq!(read_entry(&once, &url()).html, clean, "{html}");
    }
}

/// HTML as it comes, and worse.
fn any_html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("<div class=x>".to_owned()),
        Just("</div>".to_owned()),
        Just("<a href='/x?y=1&z'>".to_owned()),
        Just("<a href=javascript:x()>".to_owned()),
        Just("<a href='data:text/html,x'>".to_owned()),
        Just("</a>".to_owned()),
        Just("<ul><li>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("<pre><code class=language-rust>".to_owned()),
        Just("</code></pre>".to_owned()),
        Just("<iframe src='https://www.youtube.com/embed/a'></iframe>".to_owned()),
        Just("<svg><script>".to_owned()),
        Just("<math><mi>".to_owned()),
        Just("<noscript>".to_owned()),
        Just("<img src=x onerror=y()>".to_owned()),
        "[a-z<>&;\"' é\u{202e}\u{7}]{0,20}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cleaning_twice_is_cleaning_once_and_nothing_but_the_web_comes_out(html in any_html()) {
        let once = read_entry(&html, &url());
        let twice = read_entry(&once.html, &url());
        prop_assert_eq!(&once.html, &twice.html);
        let page = Document::from(once.html.as_str());
        for node in page.select("[href], [src]").nodes() {
            for name in ["href", "src"] {
                if let Some(address) = node.attr(name) {
                    prop_assert!(address.starts_with("http://") || address.starts_with("https://"), "{}", address);
                }
            }
        }
        prop_assert!(page.select("script, style, iframe, form, svg, [onerror]").is_empty());
    }
}

#[test]
fn rules_over_beginnings_of_lines_hold_on_whole_pages() {
    let paragraph = "<p>A paragraph that somebody wrote, with words enough to be one, and with a point at its end.</p>";
    let page = format!(
        "<html><body><article><h1>A title</h1><p>By Ann Author</p>{}<p>Read also: <a href='/other'>Another article of this site</a></p>{}</article></body></html>",
        paragraph.repeat(4),
        paragraph.repeat(4)
    );
    let article = read_page(page.as_bytes(), Some("text/html"), &url());
    assert!(!article.text.contains("Ann Author"), "{}", article.text);
    assert!(!article.text.contains("Read also"), "{}", article.text);
    assert!(article.text.starts_with("A paragraph"), "{}", article.text);
}

#[test]
fn the_spaces_of_coloured_code_stay() {
    let code = "<div class=highlight><pre><span class=kn>from</span><span class=w> </span><span class=nn>os</span> <span class=kn>import</span><span class=w>\n    </span><span class=n>path</span></pre></div>";
    let article = page(
        "",
        &format!(
            "<article><p>{0}</p>{code}<p>{0}</p></article>",
            LONG.repeat(4)
        ),
    );
    assert!(
        article.text.contains("from os import\n    path"),
        "{}",
        article.text
    );
}
