//! The cases of the design (linked sources, section 10), and the laws that hold for every HTML.
#![allow(clippy::format_collect)]
use super::*;
use proptest::prelude::*;

/// A link as the cases see it: number, role, key, anchor.
type Seen<'a> = (Option<u32>, &'a str, &'a str);

struct Entry<'a> {
    html: &'a str,
    url: &'a str,
    feed_site: Option<&'a str>,
    fields: FieldLinks,
    extracted: bool,
    boilerplate: Vec<String>,
}

fn entry(html: &str) -> Entry<'_> {
    Entry {
        html,
        url: "https://blog.example.com/2026/11/post",
        feed_site: None,
        fields: FieldLinks::default(),
        extracted: false,
        boilerplate: vec![],
    }
}

impl<'a> Entry<'a> {
    fn at(mut self, url: &'a str, feed_site: &'a str) -> Self {
        self.url = url;
        self.feed_site = Some(feed_site);
        self
    }

    fn collect(&self) -> Collected {
        let url = Url::parse(self.url).expect("an address");
        let feed_site = self
            .feed_site
            .map(|site| Url::parse(site).expect("an address"));
        collect(&Subject {
            html: self.html,
            url: &url,
            feed_site: feed_site.as_ref(),
            feed_url: None,
            fields: &self.fields,
            extracted: self.extracted,
            boilerplate: &self.boilerplate,
        })
    }
}

fn seen(collected: &Collected) -> Vec<Seen<'_>> {
    collected
        .sources
        .iter()
        .map(|source| (source.n, source.role.name(), source.key.as_str()))
        .collect()
}

#[track_caller]
fn check(html: &str, expected: &[Seen<'_>]) {
    assert_eq!(seen(&entry(html).collect()), expected);
}

#[track_caller]
fn check_left_out(html: &str, row: &str) {
    let collected = entry(html).collect();
    assert_eq!(seen(&collected), [], "{html}");
    assert!(
        collected.left_out[0].reason.starts_with(row),
        "{}: {html}",
        collected.left_out[0].reason
    );
}

const DUTCH: &str = r#"
<article><h1>Kan Meta zijn AI-plannen in producten omzetten?</h1>
<p><strong>De beurs vraagt zich af waar al dat geld naartoe gaat.</strong></p>
<h2>Rekencentra eerst</h2>
<p>Volgens Bloomberg en The Information, zonder link, stijgen de uitgaven. De <em>Financial Times</em> schreef hetzelfde.</p>
<div class="card"><h3>Meta has an AI product problem</h3><p>Its spending is starting to make Wall Street nervous, and the products are not there yet.</p><span class="source">news-one.example</span> <a href="https://news-one.example/2025/11/02/meta-has-an-ai-product-problem/">ontdek meer</a></div>
<p>Nog een alinea, met <a href="/archief/eerder-schreven-we-dit">een eerder stuk</a> van ons.</p>
<div class="card"><h3>Not all capex is created equal</h3><p>Investors tell the spending of one company from that of another.</p><a href="https://news-two.example/content/abc-123-def">ontdek meer</a></div>
<div class="card"><h3>What the market wants to see</h3><p>Three charts that show where the patience of the market ends.</p><a href="https://news-three.example/markets/patience-of-the-market-ends">ontdek meer</a></div>
<p>Slot.</p>
<section><h2>Aanbevolen voor jou</h2><ul><li><a href="/2025/a-b-c-d">Een ander stuk</a></li><li><a href="/2025/e-f-g-h">Nog een</a></li></ul></section>
<section><h2>In de kijker</h2><a href="https://partner.example/aanbieding-van-de-week">Aanbieding</a></section>
<section><h3>Updates</h3><a href="/updates/kort-nieuws-van-vandaag">Kort nieuws</a></section>
<section><h3>Nieuwsbrief</h3><a href="/nieuwsbrief">Schrijf je in</a></section></article>"#;

#[test]
fn case_1_the_three_cards_are_the_sources_and_the_rest_is_folded() {
    let collected = entry(DUTCH).collect();
    let sources: Vec<&Source> = collected
        .sources
        .iter()
        .filter(|source| source.role == Role::Source)
        .collect();
    let cards: Vec<&str> = sources
        .iter()
        .map(|source| source.card.as_ref().map_or("", |card| card.title.as_str()))
        .collect();
    assert_eq!(
        cards,
        [
            "Meta has an AI product problem",
            "Not all capex is created equal",
            "What the market wants to see"
        ]
    );
    let first = sources[0].card.as_ref().expect("a card");
    assert_eq!(first.site.as_deref(), Some("news-one.example"));
    assert_eq!(
        first.description.as_deref(),
        Some(
            "Its spending is starting to make Wall Street nervous, and the products are not there yet."
        )
    );
    let roles: Vec<(Option<u32>, &str)> = collected
        .sources
        .iter()
        .map(|source| (source.n, source.role.name()))
        .collect();
    assert_eq!(
        roles,
        [
            (Some(1), "source"),
            (Some(2), "same-site"),
            (Some(3), "source"),
            (Some(4), "source"),
            (None, "recommended"),
            (None, "recommended"),
            (None, "recommended")
        ]
    );
    let left_out: Vec<&str> = collected
        .left_out
        .iter()
        .map(|left| left.anchor.as_str())
        .collect();
    assert_eq!(left_out, ["Aanbieding", "Schrijf je in"]);
}

#[test]
fn case_2_a_card_and_a_link_in_the_text_are_one_source_with_two_places() {
    let html = r#"<p>As <a href="https://a.example/2026/story-of-the-year?utm_source=x">reported</a> today.</p>
        <div><h3>The story of the year</h3><p>What happened, and what did not happen at all.</p><a href="https://a.example/2026/story-of-the-year">Read more</a></div>"#;
    let collected = entry(html).collect();
    assert_eq!(
        seen(&collected),
        [(Some(1), "source", "a.example/2026/story-of-the-year")]
    );
    let source = &collected.sources[0];
    assert_eq!(source.anchors, [0, 1]);
    assert_eq!(
        source.card.as_ref().map(|card| card.title.as_str()),
        Some("The story of the year")
    );
    assert_eq!(source.context.as_str(), "As reported today.");
    assert_eq!(collected.numbers, [Some(1), Some(1)]);
}

#[test]
fn case_3_the_target_of_a_link_blog_is_the_primary_source() {
    let mut entry = entry(r#"<p>Worth your time, and see <a href="https://other.example/2026/answer-to-the-essay">this answer</a>.</p><p><a href="https://blog.example.net/linked/1">★</a></p>"#)
        .at("https://essay.example/2026/11/an-essay", "https://blog.example.net/");
    entry
        .fields
        .related
        .push("https://blog.example.net/linked/1".to_owned());
    let collected = entry.collect();
    assert_eq!(
        seen(&collected),
        [
            (Some(1), "source", "essay.example/2026/11/an-essay"),
            (Some(2), "source", "other.example/2026/answer-to-the-essay")
        ]
    );
    assert!(
        collected.sources[0].primary
            && collected.sources[0].external
            && !collected.sources[1].primary
    );
    assert!(collected.left_out[0].reason.starts_with("R8"));
}

#[test]
fn case_4_threads_are_discussion_and_their_link_is_primary() {
    let reddit = entry(
        r#"submitted by <a href="https://www.reddit.com/user/somebody"> /u/somebody </a> <br/> <span><a href="https://news.example/2026/a-story">[link]</a></span> <span><a href="https://www.reddit.com/r/rust/comments/abc123/a_story/">[comments]</a></span>"#,
    )
    .at("https://www.reddit.com/r/rust/comments/abc123/a_story/", "https://www.reddit.com/r/rust/");
    let collected = reddit.collect();
    let primary: Vec<&str> = collected
        .sources
        .iter()
        .filter(|source| source.primary)
        .map(|source| source.key.as_str())
        .collect();
    assert_eq!(primary, ["news.example/2026/a-story"]);
    let discussion: Vec<&str> = collected
        .sources
        .iter()
        .filter(|source| source.role == Role::Discussion)
        .map(|source| source.key.as_str())
        .collect();
    assert_eq!(discussion, ["reddit:abc123"]);

    let mut hn = entry(r#"<a href="https://news.ycombinator.com/item?id=42">Comments</a>"#).at(
        "https://news.example/2026/a-story",
        "https://news.ycombinator.com/",
    );
    hn.fields.comments = Some((
        "https://news.ycombinator.com/item?id=42".to_owned(),
        Some(17),
    ));
    let collected = hn.collect();
    assert_eq!(
        seen(&collected),
        [
            (Some(1), "source", "news.example/2026/a-story"),
            (Some(2), "discussion", "hn:42")
        ]
    );
    assert_eq!(collected.sources[1].comments, Some(17));
}

#[test]
fn case_5_what_a_machine_writes_under_each_entry_is_left_out() {
    check_left_out(
        r#"<p>The post <a href="https://blog.example.com/2026/11/post">A post</a> appeared first on <a href="https://blog.example.com">A blog</a>.</p>"#,
        "R8",
    );
    let collected = entry(r#"<p>The post <a href="/other">A post</a> appeared first on <a href="https://blog.example.com">A blog</a>.</p>"#).collect();
    assert_eq!(collected.sources, []);
    assert!(
        collected
            .left_out
            .iter()
            .all(|left| left.reason.starts_with("R11"))
    );
    check(
        r#"<p>Originally published at <a href="https://there.example/">there</a>.</p>"#,
        &[(Some(1), "source", "there.example")],
    );
}

#[test]
fn case_6_what_an_affiliate_wrapper_holds_is_judged_by_itself() {
    let html = r#"<p>According to <a href="https://go.skimresources.com/?id=1&url=https%3A%2F%2Fpaper.example%2F2026%2Fa-long-story-here">the paper</a>, and
        buy <a href="https://go.skimresources.com/?id=1&url=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB000000000">this thing</a> or <a href="https://amzn.to/xyz">that</a>.</p>"#;
    check(
        html,
        &[
            (Some(1), "source", "paper.example/2026/a-long-story-here"),
            (Some(2), "shop", "amazon:B000000000"),
            (Some(3), "shop", "amzn.to/xyz"),
        ],
    );
}

#[test]
fn case_7_a_round_up_is_numbered_to_its_end() {
    let html: String = (0..80)
        .map(|n| {
            format!(
                "<li><a href=\"https://site{n}.example/2026/a-story\">The story number {n}</a></li>"
            )
        })
        .collect();
    let collected = entry(&html).collect();
    assert_eq!(
        collected.sources.last().and_then(|source| source.n),
        Some(80)
    );
    assert!(
        collected
            .sources
            .iter()
            .all(|source| source.role == Role::Source)
    );
}

#[test]
fn case_8_a_footnotes_links_stand_where_its_mark_stands() {
    let html = r##"<p>A claim<sup><a href="#fn1">1</a></sup> and <a href="https://b.example/2026/second">a second thing</a>.</p>
        <ol><li id="fn1"><p>See <a href="https://a.example/2026/first">the study</a>. <a href="#fnref1">↩</a></p></li></ol>"##;
    let collected = entry(html).collect();
    assert_eq!(
        seen(&collected),
        [
            (Some(1), "source", "a.example/2026/first"),
            (Some(2), "source", "b.example/2026/second")
        ]
    );
    assert_eq!(collected.numbers, [Some(1), Some(2), Some(1), None]);
    assert!(
        collected
            .left_out
            .iter()
            .all(|left| left.reason.starts_with("R3"))
    );
}

#[test]
fn case_9_a_picture_that_leads_to_a_page_is_a_link_and_one_that_leads_to_a_picture_is_not() {
    check(
        r#"<a href="https://a.example/2026/page-about-it"><img src=x alt="A chart"></a>"#,
        &[(Some(1), "source", "a.example/2026/page-about-it")],
    );
    check_left_out(
        r#"<a href="https://cdn.example/big.jpg?w=1"><img src=x alt="A chart"></a>"#,
        "R10",
    );
    check_left_out(
        r#"<a href="https://blog.example.com/gallery"><img src=x alt="A chart"></a>"#,
        "R10",
    );
    check_left_out(r#"<a href="https://a.example/2026/page"></a>"#, "R10");
}

#[test]
fn case_12_nothing_of_the_network_reaches_a_terminal_unchecked() {
    let collected = entry("<p>\u{1b}]8;;https://evil.example\u{7}A\u{202e}bc <a href=\"https://a.example/\u{1b}[2J\u{202e}x\">wo\u{1b}[31mrds \u{200b}here</a></p>").collect();
    let source = &collected.sources[0];
    for text in [
        source.anchor.as_str(),
        source.context.as_str(),
        source.key.as_str(),
        source.display.as_str(),
        source.site.as_str(),
    ] {
        assert!(
            !text
                .chars()
                .any(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{200b}')),
            "{text:?}"
        );
    }
}

#[test]
fn case_16_one_key_is_one_source() {
    check(
        r#"<a href="https://arxiv.org/abs/2311.09394">The paper</a>, <a href="https://arxiv.org/pdf/2311.09394v2.pdf">as a PDF</a>"#,
        &[(Some(1), "source", "arxiv:2311.09394")],
    );
}

#[test]
fn case_23_every_anchor_has_a_source_or_a_reason() {
    let collected = entry(r##"<a href="mailto:a@b.example">m</a><a href="">e</a><a href="#x">x</a><a name=y>y</a><a href="javascript:void(0)">j</a><a href="http://[">b</a><a href="https://a.example/x-y-z">a</a><nav><a href="/tag/x">#x</a></nav>"##).collect();
    assert_eq!(accounted(&collected), (0..7).collect::<Vec<u32>>());
    assert!(
        collected
            .left_out
            .iter()
            .all(|left| !left.reason.is_empty())
    );
}

/// Places of the anchors that are named, in order.
fn accounted(collected: &Collected) -> Vec<u32> {
    let mut places: Vec<u32> = collected
        .sources
        .iter()
        .flat_map(|source| source.anchors.iter().copied())
        .chain(collected.left_out.iter().filter_map(|left| left.place))
        .collect();
    places.sort_unstable();
    places
}

#[test]
fn each_row_of_the_table_decides_what_it_is_for() {
    check_left_out(r#"<a href="tel:123">call</a>"#, "R1");
    check_left_out(
        r#"<a href="https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fblog.example.com">Facebook</a>"#,
        "R2",
    );
    check_left_out(
        r#"<a href="https://twitter.com/intent/tweet?url=x">Tweet</a>"#,
        "R2",
    );
    check_left_out(r##"<a href="#part-2">below</a>"##, "R3");
    check(
        r##"<a href="#comments">12 comments</a>"##,
        &[(Some(1), "discussion", "blog.example.com/2026/11/post")],
    );
    check(
        r#"<a href="https://lobste.rs/s/abc123/x">Discuss on Lobsters</a>"#,
        &[(Some(1), "discussion", "lobsters:abc123")],
    );
    check_left_out(
        r#"<a href="https://ad.doubleclick.net/clk;1">A thing</a>"#,
        "R5",
    );
    check_left_out(
        r#"<iframe src="https://forms.example/subscribe"></iframe>"#,
        "R5",
    );
    check(
        r#"<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>"#,
        &[(Some(1), "source", "youtube:dQw4w9WgXcQ")],
    );
    check_left_out(
        r#"<a href="https://blog.example.com/2026/11/post?utm_source=x">this post</a>"#,
        "R8",
    );
    check(
        r#"<a rel="sponsored noopener" href="https://thing.example/a-b-c-d">a thing</a>"#,
        &[(Some(1), "shop", "thing.example/a-b-c-d")],
    );
    check_left_out(r#"<a href="/newsletter">Our newsletter</a>"#, "R12");
    check_left_out(
        r#"<p>Follow us on <a href="https://x.com/blog">X</a></p>"#,
        "R12",
    );
    check_left_out(
        r#"<p>Get it at <a href="https://www.amazon.com/dp/B000000000?tag=x-20">Amazon for $39</a></p>"#,
        "R9",
    );
    check_left_out(
        r#"<a href="https://www.blogger.com/comment/delete/1/2">Delete</a>"#,
        "R2",
    );
    check_left_out(
        r#"<h4>12 comments:</h4><p><a href="https://a.example/2026/x-y-z">Somebody</a> said it well, and said it long.</p>"#,
        "R13",
    );
    check_left_out(r#"<a href="/tag/rust">Rust</a>"#, "R14");
    check_left_out(r#"<a href="/">Home</a>"#, "R14");
    check(
        r#"<a href="/files/episode.mp3">Listen</a>"#,
        &[(Some(1), "media", "blog.example.com/files/episode.mp3")],
    );
    check(
        r#"<p>See <a href="/2025/earlier-post">an earlier post</a>.</p>"#,
        &[(Some(1), "same-site", "blog.example.com/2025/earlier-post")],
    );
    check(
        r#"<p>By <a href="https://x.com/somebody">Somebody</a></p>"#,
        &[(Some(1), "mention", "x.com/somebody")],
    );
    check(
        r#"<p>Made by <a href="https://maker.example/">Maker</a>.</p>"#,
        &[(Some(1), "mention", "maker.example")],
    );
    check(
        r#"<p>Lees ook: <a href="/2025/earlier-post">Een eerder stuk</a></p>"#,
        &[(None, "recommended", "blog.example.com/2025/earlier-post")],
    );
}

#[test]
fn lines_that_no_author_wrote_are_left_out_of_whole_pages_only() {
    for html in [
        r#"<p>Photo by <a href="https://photographer.example/">A. Photographer</a></p>"#,
        r#"<p><a href="https://a.example/2026/page-about-it"><img src=x alt=" "></a></p>"#,
        r#"<p><a href="https://a.example/2026/page-about-it"><img src=x alt="A tidy room"></a></p>"#,
        r#"<p>One of them:</p><h3>3. <a href="https://movers.example/">Blue Movers</a></h3><p>They move.</p>"#,
        r#"<p>Twitter: <a href="https://x.com/somebody">@somebody</a></p>"#,
        r#"<p>He writes about space and more. Follow him on Twitter <a href="https://x.com/somebody">@somebody</a>.</p>"#,
    ] {
        let mut entry = entry(html);
        assert_eq!(entry.collect().sources.len(), 1, "{html}");
        entry.extracted = true;
        assert_eq!(entry.collect().sources.len(), 0, "{html}");
    }
}

#[test]
fn a_front_page_that_a_sentence_names_and_a_page_that_a_list_names_are_sources_of_a_whole_page() {
    for html in [
        r#"<p>They asked <a href="https://movers.example/">Blue Movers</a> what it costs.</p>"#,
        r#"<ul><li><a href="https://a.example/2026/blue-movers-moved">Blue Movers</a></li></ul>"#,
        r#"<p><a href="https://movers.example/">https://movers.example/</a></p>"#,
    ] {
        let mut entry = entry(html);
        entry.extracted = true;
        assert_eq!(entry.collect().sources.len(), 1, "{html}");
    }
}

#[test]
fn a_line_of_links_below_a_pages_text_is_left_out_unless_a_heading_calls_it_sources() {
    let prose = "A paragraph that somebody wrote, with some words, and then with some words more. "
        .repeat(3);
    let html = format!(
        r#"<p>{prose}</p><p><a href="https://a.example/2026/our-partner-offers">Our partner offers</a></p>"#
    );
    let mut below = entry(&html);
    assert_eq!(below.collect().sources.len(), 1);
    below.extracted = true;
    assert_eq!(below.collect().sources.len(), 0);
    let html = format!(
        r#"<p>{prose}</p><h3>Sources</h3><ul><li><a href="https://a.example/2026/a-study-of-it">A study of it</a></li></ul>"#
    );
    let mut sources = entry(&html);
    sources.extracted = true;
    assert_eq!(sources.collect().sources.len(), 1);
    let html = format!(
        r#"<ul><li>{prose}</li><li><a href="https://a.example/2026/a-study-of-it">A study of it</a></li></ul>"#
    );
    let mut list = entry(&html);
    list.extracted = true;
    assert_eq!(list.collect().sources.len(), 1);
}

#[test]
fn addresses_written_out_in_the_text_are_links_outside_code() {
    check(
        "<p>See https://a.example/2026/a-story. <code>curl https://b.example/x</code></p><p><a href='https://c.example/2026/d-e'>https://c.example/2026/d-e</a></p>",
        &[
            (Some(1), "source", "a.example/2026/a-story"),
            (Some(2), "source", "c.example/2026/d-e"),
        ],
    );
}

#[test]
fn an_item_of_an_aggregator_has_its_first_bold_link_as_primary() {
    let html = r#"<p><b><a href="https://one.example/2026/big-news-today">Big news today</a></b> — Somebody / One: It happened.</p>
        <p>More: <a href="https://two.example/2026/b">Two</a>, <a href="https://three.example/2026/c">Three</a>, and <a href="https://four.example/2026/d">Four</a></p>"#;
    let collected = entry(html)
        .at(
            "https://aggregator.example/261124/p1",
            "https://aggregator.example/",
        )
        .collect();
    assert!(collected.sources[0].primary);
    assert_eq!(collected.sources.len(), 4);
    assert!(
        collected
            .sources
            .iter()
            .all(|source| source.role == Role::Source)
    );
}

#[test]
fn fields_of_the_feed_are_links_too() {
    let mut entry = entry("<p>A text.</p>").at(
        "https://blog.example.com/2026/11/post",
        "https://blog.example.com/",
    );
    entry.fields = FieldLinks {
        comments: Some((
            "https://blog.example.com/2026/11/post#comments".to_owned(),
            Some(3),
        )),
        via: vec!["https://via.example/2026/a".to_owned()],
        related: vec!["https://related.example/2026/b".to_owned()],
        enclosures: vec![
            (
                "https://cdn.example/a.mp3".to_owned(),
                Some("audio/mpeg".to_owned()),
            ),
            (
                "https://cdn.example/a.jpg".to_owned(),
                Some("image/jpeg".to_owned()),
            ),
        ],
    };
    let collected = entry.collect();
    let roles: Vec<(&str, &str)> = collected
        .sources
        .iter()
        .map(|source| (source.role.name(), source.site.as_str()))
        .collect();
    assert_eq!(
        roles,
        [
            ("source", "via.example"),
            ("source", "related.example"),
            ("discussion", "example.com"),
            ("media", "cdn.example")
        ]
    );
    assert_eq!(collected.sources[2].comments, Some(3));
}

#[test]
fn what_stands_in_every_entry_of_a_feed_is_left_out() {
    let mut entry =
        entry(r#"<p><a href="https://patron.example/me-and-my-work">Support my work</a></p>"#);
    entry
        .boilerplate
        .push("patron.example/me-and-my-work".to_owned());
    assert!(entry.collect().left_out[0].reason.starts_with("R12"));
}

#[test]
fn strong_sources_come_before_weak_ones() {
    let html = r#"<p><a href="https://en.wikipedia.org/wiki/Meta">Meta</a> said in <a href="https://www.sec.gov/Archives/edgar/data/1/10-q-2026.htm">its quarterly filing</a> that
        <a href="https://maker.example/">Maker</a> sells less, <a href="https://www.reuters.com/business/maker-sells-less-2026-11-02/">Reuters reported</a>.</p>"#;
    let collected = entry(html).collect();
    let order: Vec<&str> = ranked(&collected.sources)
        .into_iter()
        .map(|place| collected.sources[place].site.as_str())
        .collect();
    assert_eq!(order[..2], ["sec.gov", "reuters.com"]);
}

#[test]
fn hostile_html_is_bounded() {
    let many: String = (0..100_000)
        .map(|n| format!("<a href=/{n}>x</a>"))
        .collect();
    let collected = entry(&many).collect();
    assert_eq!(collected.numbers.len(), 100_000);
    assert_eq!(accounted(&collected).len(), 100_000);
    let deep = format!(
        "{}<a href=https://a.example/b-c-d>x</a>",
        "<div><b>".repeat(10_000)
    );
    assert!(entry(&deep).collect().left_out[0].reason.contains("deeper"));
    let headings = "<h2>Related</h2><p><b>x</b></p>".repeat(20_000);
    assert_eq!(entry(&headings).collect().sources, []);
    let bare = "https://a.example/b ".repeat(20_000);
    assert!(entry(&bare).collect().sources.len() <= 1);
    let notes: String = (0..3_000)
        .map(|n| format!("<a href=#n{n}>{n}</a>"))
        .chain(
            (0..3_000)
                .map(|n| format!("<p id=n{n}>note note <a href=https://a.example/{n}>x</a></p>")),
        )
        .collect();
    assert_eq!(entry(&notes).collect().numbers.len(), 6_000);
}

fn any_html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("<div class=title>".to_owned()),
        Just("</div></a>".to_owned()),
        Just("<h2>Related</h2>".to_owned()),
        Just("<b>".to_owned()),
        Just("<li id=n1>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("<pre> \n ".to_owned()),
        Just("<noscript><svg><a href=q>z</a>".to_owned()),
        Just("</svg></noscript>".to_owned()),
        Just("<iframe src=https://youtu.be/x></iframe>".to_owned()),
        Just("<a href='#n1'>1</a>".to_owned()),
        Just("<img alt=\" 日本 \">".to_owned()),
        "<a href='(https?://[a-c]\\.example/[a-z-]{0,9}|/[a-z]{0,3}|mailto:x|)'>[a-zé日 ]{0,9}(</a>)?",
        "[a-z日é. \n]{0,12}",
        "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_anchor_ends_as_a_source_or_with_a_reason(html in any_html()) {
        let collected = entry(&html).collect();
        let count = dom_query::Document::from(html.as_str()).select("a[href]").length();
        prop_assert_eq!(accounted(&collected), (0..count as u32).collect::<Vec<u32>>());
        prop_assert_eq!(collected.numbers.len(), count);
        let numbers: Vec<u32> = collected.sources.iter().filter_map(|source| source.n).collect();
        prop_assert_eq!(numbers.clone(), (1..=numbers.len() as u32).collect::<Vec<u32>>());
        for source in &collected.sources {
            prop_assert!(matches!(source.display.scheme(), "http" | "https"));
            prop_assert!((0.0..=1.0).contains(&source.place));
            prop_assert!(!source.reason.is_empty());
        }
    }
}

#[track_caller]
fn check_label(html: &str, label: &str) {
    let collected = entry(html).collect();
    assert_eq!(
        card_of_link(&collected.sources[0]).title.as_deref(),
        Some(label)
    );
}

#[test]
fn a_source_is_called_by_its_card_its_anchor_or_its_address() {
    check_label(
        r#"<p><a href="https://a.example/2026/11/x-y">The whole of the study</a></p>"#,
        "The whole of the study",
    );
    check_label(
        r#"<p><a href="https://a.example/2026/11/apes-eat-more-fruit-now">here</a></p>"#,
        "Apes eat more fruit now",
    );
    check_label(
        r#"<p><a href="https://a.example/2026/11/apes-eat-more-fruit-now">the study</a></p>"#,
        "Apes eat more fruit now",
    );
    check_label(
        r#"<p><a href="https://a.example/12345">the study</a></p>"#,
        "the study",
    );
    check_label(
        r#"<p><a href="https://arxiv.org/abs/2311.09394">[pdf]</a></p>"#,
        "arXiv:2311.09394",
    );
    check_label(
        DUTCH.split_once("<h2>").map_or("", |(_, rest)| rest),
        "Meta has an AI product problem",
    );
}

/// One entry of tests/fixtures/strong-sources.tsv: for each link whether it is strong, and its paragraph.
type Labelled = Vec<(bool, String)>;

fn labelled_entries() -> Vec<Labelled> {
    let rows = include_str!("../../tests/fixtures/strong-sources.tsv");
    let mut entries: Vec<(&str, Labelled)> = Vec::new();
    for row in rows.lines().filter(|row| !row.starts_with('#')) {
        let mut columns = row.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (number, strong, cue, address, anchor) =
            (next(), next() == "strong", next() == "cue", next(), next());
        let words = if cue {
            "It was reported in"
        } else {
            "There is"
        };
        let paragraph = format!(
            "<p>{words} <a href=\"{}\">{anchor}</a> for all that care about it.</p>",
            address.replace('&', "&amp;")
        );
        if entries.last().is_none_or(|(last, _)| *last != number) {
            entries.push((number, Vec::new()));
        }
        if let Some((_, links)) = entries.last_mut() {
            links.push((strong, paragraph));
        }
    }
    entries.into_iter().map(|(_, links)| links).collect()
}

#[test]
fn nine_in_ten_of_the_first_three_are_strong() {
    let (mut right, mut asked) = (0, 0);
    for links in labelled_entries() {
        let html: String = links
            .iter()
            .map(|(_, paragraph)| paragraph.as_str())
            .collect();
        let collected = entry(&html).collect();
        let strong = |source: &Source| {
            source
                .anchors
                .iter()
                .any(|anchor| links[*anchor as usize].0)
        };
        let first = collected
            .sources
            .iter()
            .filter(|source| strong(source))
            .count()
            .min(3);
        right += ranked(&collected.sources)
            .into_iter()
            .take(first)
            .filter(|place| strong(&collected.sources[*place]))
            .count();
        asked += first;
    }
    println!("{right} of {asked}");
    assert!(asked >= 80, "{asked}");
    assert!(right * 10 >= asked * 9, "{right} of {asked}");
}
