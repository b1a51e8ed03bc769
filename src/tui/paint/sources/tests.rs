use super::*;
use crate::text::SafeText;
use crate::tui::paint::article::tests::{letters, now, source, view, zone};

/// The panel of the pictures, with discussions and folded groups.
fn cited() -> ArticleView {
    let mut view = view(64);
    let [first, second, third] = view.sources.as_mut_slice() else {
        unreachable!("the article cites three")
    };
    first.card.description = Some(SafeText::line(
        "Its spending is starting to make Wall Street nervous.",
    ));
    first.card.words = Some(600);
    second.primary = true;
    second.kind = Kind::Pdf;
    second.card.in_feeds = 4;
    second.context =
        SafeText::line("Capital expenditure reached 19.4 billion dollars in the quarter");
    third.card.free_to_read = Some(false);
    third.card.description = Some(SafeText::line(
        "There are big differences in the level of risk and likely returns.",
    ));
    for (site, comments) in [("news.ycombinator.com", 312), ("lobste.rs", 45)] {
        let mut row = source(0, "comments", site);
        row.n = None;
        row.role = Role::Discussion;
        row.comments = Some(comments);
        view.sources.push(row);
    }
    for (role, many) in [(Role::SameSite, 4), (Role::Shop, 2)] {
        for _ in 0..many {
            let mut row = source(0, "more", "signal.example");
            row.n = None;
            row.role = role;
            view.sources.push(row);
        }
    }
    view
}

fn theme() -> Theme {
    Theme::named("ink", &[], "unicode", 1 << 24, true)
}

fn panel<'a>(view: &'a ArticleView, theme: &'a Theme) -> Panel<'a> {
    Panel {
        view,
        selected: Some(1),
        group: None,
        story: &[],
        story_selected: false,
        unfolded: &[],
        top: 0,
        awaited: 0,
        measured: None,
        focused: true,
        question: None,
        beat: 0,
        theme,
        hyperlink: &|_| None,
        now: now(),
        zone: zone(),
    }
}

fn drawn(panel: &Panel<'_>, width: u16, height: u16) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panel.draw(buf.area, &mut buf);
    letters(&buf)
}

#[test]
fn the_panel_looks_as_drawn() {
    let (view, theme) = (cited(), theme());
    insta::assert_snapshot!(drawn(&panel(&view, &theme), 46, 24));
}

#[test]
fn a_narrow_panel_drops_whole_details() {
    let (view, theme) = (cited(), theme());
    insta::assert_snapshot!(drawn(&panel(&view, &theme), 26, 24));
}

#[test]
fn groups_unfold_and_a_question_stands_above_all() {
    let (view, theme) = (cited(), theme());
    let mut panel = panel(&view, &theme);
    panel.unfolded = &[Role::Shop];
    panel.question = Some("Fetch cards of sources? y always, n never");
    insta::assert_snapshot!(drawn(&panel, 46, 32));
}

#[test]
fn states_are_words() {
    let (mut view, theme) = (cited(), theme());
    view.sources[0].card.state =
        CardState::Failed(SafeText::line("the server said 404: it is gone"));
    view.sources[1].card.state = CardState::Loading;
    view.sources[2].card.read = true;
    insta::assert_snapshot!(drawn(&panel(&view, &theme), 46, 16));
}

#[test]
fn nothing_cited_is_said() {
    let (mut view, theme) = (cited(), theme());
    view.sources.clear();
    assert!(drawn(&panel(&view, &theme), 46, 5).contains("This article cites nothing."));
}

#[test]
fn who_else_tells_it_is_said_also_where_nothing_is_cited() {
    let (mut view, theme) = (cited(), theme());
    view.sources.clear();
    let panel = Panel {
        story: &["Chip Watch"],
        ..panel(&view, &theme)
    };
    let text = drawn(&panel, 46, 5);
    assert!(text.contains("STORY  Chip Watch"), "{text}");
    let seen = panel.in_sight(46, 5);
    assert_eq!(seen.first().map(|(.., what)| *what), Some(Seen::Story));
}

#[test]
fn what_is_said_of_a_card_fills_the_place_it_has() {
    let (view, theme) = (cited(), theme());
    let drawn_in = |rows: u16| {
        let heights = vec![rows; view.sources.len()];
        let measured = Panel {
            measured: Some((46, &heights)),
            ..panel(&view, &theme)
        };
        let text = drawn(&measured, 46, 4 * rows + 4);
        let card = text.lines().skip(2 + usize::from(rows));
        let card: Vec<&str> = card.take(usize::from(rows) + 1).collect();
        card.join("\n")
    };
    // The third line is there to be seen as selected, though nothing stands on it.
    for (rows, wanted) in [
        (1, "▌ 2 Form 10-Q, third quarter        primary ★"),
        (2, "▌   sec.example · PDF · cited by 4 feeds"),
        (3, "▌   “Capital expenditure reached 19.4…"),
        (4, "▌   dollars in the quarter”"),
        (5, "▌"),
    ] {
        let card = drawn_in(rows);
        let last = card.lines().nth(usize::from(rows) - 1).unwrap_or_default();
        assert_eq!(last.trim_end(), wanted, "{card}");
    }
}

#[test]
fn the_selected_card_is_always_whole_in_sight() {
    let (view, theme) = (cited(), theme());
    for height in 6..20 {
        let mut panel = panel(&view, &theme);
        for selected in panel.order() {
            panel.selected = Some(selected);
            panel.top = panel.top_for_selected(46, height);
            let body = usize::from(height - panel.head_rows());
            let part = panel
                .parts(46)
                .into_iter()
                .find(|part| panel.holds_selected(part))
                .expect("it is shown");
            assert!(
                part.rows.start >= panel.top
                    && (part.rows.end <= panel.top + body || part.rows.len() > body)
            );
        }
    }
}

#[test]
fn a_click_finds_its_card_or_group() {
    let (view, theme) = (cited(), theme());
    let panel = panel(&view, &theme);
    let text = drawn(&panel, 46, 24);
    let row = |word: &str| {
        text.lines()
            .position(|line| line.contains(word))
            .expect("it is shown") as u16
    };
    assert_eq!(panel.source_at(46, row("Form 10-Q")), Some(1));
    assert_eq!(panel.source_at(46, 0), None);
    assert_eq!(panel.group_at(46, row("SHOPS")), Some(Role::Shop));
    assert_eq!(panel.order(), [0, 1, 2, 3, 4]);
}

#[test]
fn cards_that_were_measured_stand_where_they_would_stand_anyway() {
    let (view, theme) = (cited(), theme());
    for unfolded in [&[][..], &[Role::SameSite, Role::Shop]] {
        for width in [24, 46] {
            let panel = Panel {
                unfolded,
                ..panel(&view, &theme)
            };
            let heights = panel.heights(width);
            let measured = Panel {
                measured: Some((width, &heights)),
                ..panel
            };
            assert_eq!(measured.in_sight(width, 99), panel.in_sight(width, 99));
            assert_eq!(drawn(&measured, width, 40), drawn(&panel, width, 40));
            // What was measured for another width is not believed.
            let stale = [1; 64];
            let other = Panel {
                measured: Some((width + 1, &stale[..view.sources.len()])),
                ..panel
            };
            assert_eq!(other.in_sight(width, 99), panel.in_sight(width, 99));
        }
    }
}

#[test]
fn who_else_tells_it_stands_on_one_line_before_what_is_folded() {
    let (view, theme) = (cited(), theme());
    let names = ["Chip Watch", "Ledger and Wire", "The Daily Signal"];
    let panel = Panel {
        story: &names,
        ..panel(&view, &theme)
    };
    let seen = panel.in_sight(46, 60);
    let at = seen.iter().position(|(.., what)| *what == Seen::Story);
    let before = at.and_then(|at| seen.get(at + 1)).map(|(.., what)| *what);
    assert_eq!(before, Some(Seen::Group(Role::SameSite)));
    assert_eq!(
        named(&names, 60),
        "Chip Watch, Ledger and Wire, The Daily Signal"
    );
    assert_eq!(named(&names, 32), "Chip Watch, Ledger and Wire (+1)");
    assert_eq!(named(&names, 9), "Chip Wat…");
}

#[test]
fn a_link_that_names_another_site_says_where_it_leads() {
    let source = |anchor: &str| SourceRow {
        anchor: SafeText::line(anchor),
        site: SafeText::line("evil.example"),
        ..cited().sources[0].clone()
    };
    for (anchor, feigned) in [
        ("https://bank.com/login", true),
        ("www.bank.com", true),
        ("evil.example/page", false),
        ("https://www.evil.example", false),
        ("the bank's page", false),
        ("v1.2", false),
        ("Node.js", false),
        ("", false),
    ] {
        assert_eq!(feigned_host(&source(anchor)), feigned, "{anchor}");
    }
}
