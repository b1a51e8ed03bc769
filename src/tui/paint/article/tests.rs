use super::*;
use crate::feed::EntryId;
use crate::news::{CardState, CardView, SourceRow, Target};
use crate::source::Role as SourceRole;
use crate::text::{LayOut, SafeText, lay_out};
use chrono::TimeZone;

const HTML: &str = "<p>The money is spent; the product is missing. Analysts now say aloud what engineers have said for a year, and one magazine calls it <a href=a>an AI product problem</a>.</p>
<h2>The bet</h2><p>Capital expenditure reached 19.4 billion dollars in the quarter, says the <a href=b>filing</a>, more than anyone had expected.</p>
<blockquote>Not every dollar that builds a data centre carries the same risk. The <a href=c>difference</a> is who has customers waiting for it.</blockquote>
<ul><li>Research: plenty, and open.<li>Products that somebody pays for: one, and it is an advertisement tool.</ul>
<pre><code class=language-rust>let margin = revenue - spending;
assert!(margin.is_sign_positive()); // not yet, and not for a long while</code></pre>";

pub(crate) fn source(n: u32, title: &str, site: &str) -> SourceRow {
    SourceRow {
        n: Some(n),
        key: format!("{site}/{n}"),
        url: format!("https://{site}/{n}"),
        display_url: format!("https://{site}/{n}"),
        site: SafeText::line(site),
        role: SourceRole::Source,
        kind: crate::address::Kind::Article,
        primary: false,
        reason: SafeText::default(),
        anchor: SafeText::line(title),
        context: SafeText::default(),
        strength: 1.0,
        external: true,
        rank: n,
        offset: None,
        comments: None,
        archived: false,
        short: false,
        warned: false,
        affiliate: false,
        removed: Vec::new(),
        card: CardView {
            state: CardState::Fetched,
            title: Some(SafeText::line(title)),
            ..CardView::default()
        },
    }
}

/// The article of the pictures, laid out for a pane of that width.
pub(crate) fn view(pane: u16) -> ArticleView {
    let lines = lay_out(
        HTML,
        &LayOut {
            width: text_width(pane, 72),
            numbers: &[Some(1), Some(2), Some(3)],
            pictures: &[],
        },
    );
    ArticleView {
        images: Vec::new(),
        image_sizes: Vec::new(),
        place: None,
        target: Target::Entry(EntryId(1)),
        title: SafeText::line("Can Meta turn its AI spending into products?"),
        site: SafeText::line("The Daily Signal"),
        byline: SafeText::line("Ada Quill"),
        published: Utc.with_ymd_and_hms(2025, 11, 2, 9, 0, 0).single(),
        language: None,
        words: 900,
        url: Some("https://signal.example/1".to_owned()),
        tags: Vec::new(),
        note: None,
        lines,
        partial: false,
        sources: vec![
            source(1, "Meta has an AI product problem", "techcrunch.example"),
            source(2, "Form 10-Q, third quarter", "sec.example"),
            source(
                3,
                "In the AI boom, not all capex is created equal",
                "ft.example",
            ),
        ],
        anchors: vec![Some(0), Some(1), Some(2)],
        links: vec![
            "https://techcrunch.example/1".to_owned(),
            "https://sec.example/2".to_owned(),
            "https://ft.example/3".to_owned(),
        ],
        truncated: true,
        whole_page: false,
        wall: None,
        archived: None,
        left_out: Vec::new(),
        enclosures: Vec::new(),
        comments_url: None,
        more: None,
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 11, 3, 13, 7, 0)
        .single()
        .expect("a date that exists")
}

pub(crate) fn zone() -> FixedOffset {
    FixedOffset::east_opt(0).expect("zero is an offset")
}

/// The letters of a buffer, row by row.
pub(crate) fn letters(buf: &Buffer) -> String {
    let area = buf.area;
    let rows: Vec<String> = (area.y..area.bottom())
        .map(|y| {
            let mut row = String::new();
            let mut skip = 0;
            for x in area.x..area.right() {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buf[(x, y)].symbol();
                skip = width::width(symbol).saturating_sub(1);
                row.push_str(symbol);
            }
            row.trim_end().to_owned()
        })
        .collect();
    rows.join("\n")
}

fn theme() -> Theme {
    Theme::named("ink", &[], "unicode", 1 << 24, true)
}

fn shown<'a>(view: &'a ArticleView, theme: &'a Theme) -> Shown<'a> {
    Shown {
        terms: &[],
        view,
        top: 0,
        side: 0,
        source: None,
        find: "",
        theme,
        now: now(),
        zone: zone(),
        measure: 72,
        hyperlink: &|_| None,
        picture: &|_| None,
        related: &[],
    }
}

fn drawn(shown: &Shown<'_>, width: u16, height: u16) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    shown.draw(buf.area, &mut buf);
    buf
}

#[test]
fn an_article_looks_as_drawn() {
    let (view, theme) = (view(64), theme());
    insta::assert_snapshot!(letters(&drawn(&shown(&view, &theme), 64, 34)));
}

#[test]
fn a_narrow_article_is_still_one() {
    let (view, theme) = (view(30), theme());
    insta::assert_snapshot!(letters(&drawn(&shown(&view, &theme), 30, 24)));
}

#[test]
fn code_is_scrolled_sideways_and_says_so() {
    let (view, theme) = (view(44), theme());
    let mut shown = shown(&view, &theme);
    let last = |buf: &Buffer, word: &str| {
        letters(buf)
            .lines()
            .find(|line| line.contains(word))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(last(&drawn(&shown, 44, 60), "is_sign").ends_with('›'));
    shown.side = 30;
    let buf = drawn(&shown, 44, 60);
    assert!(last(&buf, "// not").trim_start().starts_with('‹'));
    assert!(
        letters(&buf)
            .lines()
            .any(|line| line.trim_end().ends_with("rust"))
    );
}

#[test]
fn the_words_that_cite_the_selected_source_are_marked() {
    let (view, theme) = (view(64), theme());
    let mut shown = shown(&view, &theme);
    shown.source = Some(1);
    let buf = drawn(&shown, 64, 34);
    let marked: String = buf
        .content
        .iter()
        .filter(|cell| Some(cell.bg) == theme.style(Look::Selection).bg)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "filing²");
}

#[test]
fn links_carry_their_hyperlinks() {
    let (view, theme) = (view(64), theme());
    let mut shown = shown(&view, &theme);
    let colour = Color::Rgb(0, 0, 9);
    let hyperlink = |address: &str| (address == "https://ft.example/3").then_some(colour);
    shown.hyperlink = &hyperlink;
    let buf = drawn(&shown, 64, 34);
    let linked: String = buf
        .content
        .iter()
        .filter(|cell| cell.underline_color == colour)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(linked, "difference³");
}

#[test]
fn what_is_looked_for_is_found_and_marked() {
    let (view, theme) = (view(64), theme());
    let mut shown = shown(&view, &theme);
    shown.find = "dollar";
    assert_eq!(shown.found(64).len(), 2);
    let buf = drawn(&shown, 64, 34);
    let marked: String = buf
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "dollardollar");
}

#[test]
fn a_place_survives_another_width() {
    let (wide, narrow, theme) = (view(76), view(30), theme());
    let (wide, narrow) = (shown(&wide, &theme), shown(&narrow, &theme));
    let row = narrow.rows(30) / 2;
    let offset = narrow.offset_at(row, 30);
    let same_place = wide.row_of(offset, 76);
    assert!(wide.offset_at(same_place, 76) <= offset);
    assert!(wide.offset_at(same_place + 1, 76) >= offset);
}

#[test]
fn a_click_finds_its_link() {
    let (view, theme) = (view(64), theme());
    let shown = shown(&view, &theme);
    let area = Rect::new(10, 5, 64, 34);
    let text = letters(&drawn(&shown, 64, 34));
    let (y, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains("filing"))
        .expect("the word is there");
    let x = width::width(&line[..line.find("filing").unwrap_or(0)]);
    assert_eq!(shown.anchor_at(area, 10 + x as u16, 5 + y as u16), Some(1));
    assert_eq!(shown.anchor_at(area, 12, 5), None);
}

#[test]
fn letters_alone_are_enough_for_a_terminal_that_has_no_signs() {
    let view = view(64);
    let theme = Theme::named("mono", &[], "ascii", 0, true);
    let text = letters(&drawn(&shown(&view, &theme), 64, 34));
    assert!(text.contains("* Research") && text.contains("| same risk. The difference3"));
}
