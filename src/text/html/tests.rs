use super::*;
use crate::text::{Line, LineKind, Role};
use dom_query::Document;
use proptest::prelude::*;

fn laid_out(html: &str, width: u16) -> Lines {
    lay_out(
        html,
        &LayOut {
            width,
            numbers: &[],
            pictures: &[],
        },
    )
}

/// What stands on the lines, without the white space at their ends.
fn texts(lines: &Lines) -> Vec<String> {
    lines
        .lines
        .iter()
        .map(|line| line.text().trim_end().to_owned())
        .collect()
}

#[track_caller]
fn check(html: &str, width: u16, expected: &[&str]) {
    assert_eq!(texts(&laid_out(html, width)), expected);
}

/// The links of a text in order, each once, with its words.
fn links(lines: &Lines) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for span in lines.lines.iter().flat_map(|line| &line.spans) {
        let Some(link) = span.link else { continue };
        match found.last_mut() {
            Some((last, words)) if *last == link => words.push_str(&span.text),
            _ => found.push((link, span.text.clone())),
        }
    }
    found
}

#[test]
fn paragraphs_and_headings_have_a_line_between_them() {
    check(
        "<h2>The bet</h2><p>One two three four.<p>Five.",
        10,
        &["The bet", "", "One two", "three", "four.", "", "Five."],
    );
    let lines = laid_out("<h2>The bet</h2>", 10);
    assert_eq!(lines.lines[0].kind, LineKind::Heading(2));
    assert_eq!(lines.lines[0].spans[0].role, Role::Heading(2));
}

#[test]
fn line_breaks_hold_and_two_of_them_make_a_paragraph() {
    check(
        "<p>one<br>two<br><br>three",
        20,
        &["one", "two", "", "three"],
    );
}

#[test]
fn quotations_carry_a_bar_through_their_empty_lines() {
    check(
        "<blockquote><p>one two</p><p>three</p></blockquote>",
        7,
        &["▎ one", "▎ two", "▎", "▎ three"],
    );
}

#[test]
fn lists_hang_and_nest() {
    check(
        "<ul><li>one two<ul><li>in<ul><li>deep</ul></ul><li>last</ul>",
        24,
        &["• one two", "  ◦ in", "    ▪ deep", "• last"],
    );
}

#[test]
fn numbers_of_a_list_are_aligned() {
    check("<ol start=9><li>a<li>b</ol>", 30, &[" 9. a", "10. b"]);
    check(
        "<ol type=i reversed><li>a<li>b</ol>",
        30,
        &["ii. a", " i. b"],
    );
}

#[test]
fn code_is_never_reflowed() {
    let html = "<pre><code class=\"language-rust\">let a =   1;\n\n    b; // a very long line</code></pre>";
    let lines = laid_out(html, 16);
    assert_eq!(
        texts(&lines),
        [
            "           rust",
            "  let a =   1;",
            "",
            "      b; // a very long line"
        ]
    );
    assert!(lines.lines.iter().all(|line| line.kind == LineKind::Code));
}

#[test]
fn a_table_is_drawn_where_it_fits() {
    check(
        "<table><tr><th>Name<th>Value<tr><td>a<td>1,200<tr><td>bc<td>30</table>",
        40,
        &[
            "Name │ Value",
            "─────┼──────",
            "a    │ 1,200",
            "bc   │    30",
        ],
    );
}

#[test]
fn a_table_too_wide_is_a_record_per_row() {
    check(
        "<table><tr><th>Name<th>Address<th>Telephone<tr><td>Ada<td>Long Street<td>555 1234<tr><td>Bob<td>x<td>y</table>",
        20,
        &[
            "Name: Ada",
            "Address: Long Street",
            "Telephone:",
            "  555 1234",
            "",
            "Name: Bob",
            "Address: x",
            "Telephone:",
            "  y",
        ],
    );
}

#[test]
fn a_layout_out_of_tables_is_no_table() {
    check(
        "<table><tr><td><h2>Head</h2><p>text</table>",
        20,
        &["Head", "", "text"],
    );
}

#[test]
fn images_are_lines_with_their_captions() {
    let lines = laid_out(
        "<img src=p width=1><figure><img src=a alt=x><figcaption>A caption</figcaption></figure><p>t <img src=b alt=y></p>",
        30,
    );
    assert_eq!(texts(&lines), ["▣ A caption", "", "t", "", "▣ y"]);
    assert_eq!(lines.lines[0].kind, LineKind::Image(1));
    assert_eq!(lines.lines[4].kind, LineKind::Image(2));
}

#[test]
fn definitions_rules_and_small_things() {
    check(
        "<dl><dt>Term<dd>meaning</dl><hr><p><q>x</q> x<sup>2</sup> 1<sup>st</sup> <kbd>k</kbd></p>",
        10,
        &["Term", "meaning", "", "──────────", "", "“x” x² 1st", "k"],
    );
}

#[test]
fn what_is_no_text_is_left_out() {
    check(
        "<p>a<button>b</button><script>c</script><style>d</style><span hidden>e</span><span style='display: none'>f</span></p>",
        20,
        &["a"],
    );
}

#[test]
fn formulas_are_text() {
    check(
        "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>",
        40,
        &["x^2 = a/(b + 1)"],
    );
}

#[test]
fn a_link_knows_its_place_and_bears_its_number() {
    let html = "<p><a>no</a> <a href=x></a> see <a href=y>two words</a>, <a href=z>three</a>.";
    let lines = lay_out(
        html,
        &LayOut {
            width: 40,
            numbers: &[Some(7), Some(12), None],
            pictures: &[],
        },
    );
    assert_eq!(texts(&lines), ["no see two words¹², three."]);
    assert_eq!(
        links(&lines),
        [(1, "two words¹²".to_owned()), (2, "three".to_owned())]
    );
}

#[test]
fn the_number_stands_once_behind_the_last_word_of_a_link_over_several_elements() {
    let lines = lay_out(
        "<a href=x><p>one <b>two </b></p><p>three </p></a>",
        &LayOut {
            width: 40,
            numbers: &[Some(1)],
            pictures: &[],
        },
    );
    assert_eq!(texts(&lines), ["one two", "", "three¹"]);
}

#[test]
fn the_mark_of_a_note_bears_the_number_of_the_link_in_the_note() {
    let lines = lay_out(
        "<p>said<sup><a href=\"#fn1\">1</a></sup>.</p><p id=fn1>See <a href=https://a.example>a</a>.</p>",
        &LayOut {
            width: 40,
            numbers: &[None, Some(3)],
            pictures: &[],
        },
    );
    assert_eq!(texts(&lines), ["said³.", "", "See a³."]);
    let lines = laid_out("<p>said<sup><a href=\"#fn1\">1</a></sup>.</p>", 40);
    assert_eq!(texts(&lines), ["said[1]."]);
}

#[test]
fn right_to_left_paragraphs_stand_at_the_right() {
    check("<p>שלום עולם</p>", 12, &["   םלוע םולש"]);
    let logical = lay_out_logical(
        "<p>שלום עולם</p>",
        &LayOut {
            width: 12,
            numbers: &[],
            pictures: &[],
        },
    );
    assert_eq!(texts(&logical), ["שלום עולם"]);
}

#[test]
fn escapes_go_whole() {
    check("<p>&#27;[31mred\x1b[0m &#8238;x</p>", 20, &["red x"]);
}

#[test]
fn plain_text_is_whole_paragraphs() {
    assert_eq!(
        plain(
            "<h1>T</h1><p>one\n two<br>three</p><ul><li>a<li>b</ul><pre>x\n  y</pre><table><tr><td>1<td>2<tr><td>3<td>4</table>"
        ),
        "T\n\none two\nthree\n\n• a\n• b\n\nx\n  y\n\n1  2\n3  4"
    );
}

#[test]
fn the_beginning_of_a_long_article_is_its_beginning() {
    let html = "<h2>Head</h2><p>Some words of a paragraph that is wrapped.</p>".repeat(2000);
    let how = LayOut {
        width: 30,
        numbers: &[],
        pictures: &[],
    };
    let beginning = beginning(&html, 24 << 10).expect("it is longer");
    let first = lay_out(beginning, &how);
    assert!(first.lines.len() >= 50);
    let all = lay_out(&html, &how);
    let same = first.lines.len() / 2;
    assert_eq!(first.lines[..same], all.lines[..same]);
    assert_eq!(super::beginning("<p>short", 24 << 10), None);
}

#[test]
fn deep_and_large_html_is_read() {
    for html in [
        "<div>".repeat(20_000) + "x",
        "<b>".repeat(5_000) + "x",
        "<blockquote>".repeat(1_000) + "x",
        "<ul><li>".repeat(1_000) + "x",
        "<table><tr><td>".repeat(200) + "x",
        "<table><tr><td colspan=1000000000 rowspan=1000000000>x</table>".to_owned(),
        format!("<p>{}", "x".repeat(100_000)),
    ] {
        let lines = laid_out(&html, 20);
        assert!(
            lines.lines.iter().any(|line| line.text().contains('x')),
            "{}",
            &html[..30]
        );
    }
}

fn scrap() -> impl Strategy<Value = String> {
    let tag = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<a href=x>",
        "<a>",
        "</a>",
        "<ul>",
        "<li>",
        "</ul>",
        "<ol>",
        "<table>",
        "<tr>",
        "<td>",
        "<th colspan=3>",
        "<td rowspan=2>",
        "</table>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<b>",
        "</b>",
        "<img src=a alt=b>",
        "<h2>",
        "</h2>",
        "<br>",
        "<hr>",
        "<sup>",
        "</sup>",
        "<dl><dt>",
        "<dd>",
        "</dl>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "<button>",
        "</button>",
        "<span>",
        "</span>",
        "<math><msup>",
        "</math>",
        "<svg>",
        "</svg>",
        "<template>",
        "</template>",
        "&#27;[31m",
    ]);
    let word = prop::sample::select(vec![
        "word ",
        " two words",
        "日本語。",
        "عربي ",
        "1",
        "-",
        "a-b",
        "👩\u{200d}👧",
        "e\u{301}",
        "\u{1b}[1m",
        "&lt;",
        "\u{202e}",
    ]);
    prop::collection::vec(prop_oneof![tag, word], 0..40).prop_map(|parts| parts.concat())
}

fn letters(line: &Line) -> usize {
    line.text().chars().filter(|c| !c.is_whitespace()).count()
}

proptest! {
    #[test]
    fn lines_fit_and_are_safe(html in scrap(), width in 1_u16..90) {
        let lines = laid_out(&html, width);
        for line in &lines.lines {
            let free = matches!(line.kind, LineKind::Code | LineKind::Table) || width < 24;
            prop_assert!(free || line.width() <= usize::from(width), "{:?}", line.text());
            for c in line.text().chars() {
                prop_assert!(!c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'), "{:?}", line.text());
            }
        }
    }

    #[test]
    fn anchors_are_counted_as_the_selector_counts_them(html in scrap()) {
        // Escapes go before anything is parsed. Where text stands in a place that HTML forbids, a parser opens an anchor anew
        // for it: with the escape there may be one more or fewer than without.
        let html = html.replace("\u{1b}[1m", "").replace("&#27;[31m", "");
        let anchors = Document::from(html.as_str()).select("a[href]").length();
        for (link, words) in links(&laid_out(&html, 60)) {
            prop_assert!((link as usize) < anchors, "{} of {}: {}", link, anchors, words);
        }
    }

    #[test]
    fn the_places_of_lines_grow_and_are_the_same_at_every_width(html in scrap()) {
        let wide = laid_out(&html, 400);
        let narrow = laid_out(&html, 30);
        for lines in [&wide, &narrow] {
            prop_assert!(lines.lines.windows(2).all(|pair| pair[0].offset <= pair[1].offset));
        }
        let headings = |lines: &Lines| lines.lines.iter().filter(|line| matches!(line.kind, LineKind::Image(_)) && letters(line) > 1).map(|line| (line.kind, line.offset)).collect::<Vec<_>>();
        prop_assert_eq!(headings(&wide).first().copied(), headings(&narrow).first().copied());
    }
}

#[test]
fn tables_within_tables_are_laid_out_in_the_time_that_their_text_takes() {
    // Without a bound each table would take twice the time of the one within it: the test ends, or there is none.
    for wrap in ["", "<ul><li>", "<blockquote>"] {
        let nested = format!("<table><tr><td>a</td><td>b{wrap}").repeat(60);
        let lines = lay_out(
            &nested,
            &LayOut {
                width: 80,
                numbers: &[],
                pictures: &[],
            },
        );
        let text: String = lines.lines.iter().map(Line::text).collect();
        assert!(text.contains('a') && text.contains('b'));
    }
}
