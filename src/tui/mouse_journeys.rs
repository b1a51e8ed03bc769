//! Journeys with the mouse: what is clicked does what its key does, and what is seen is turned.

use super::columns::Column;
use super::journeys::{Reader, safe, settings};
use super::overlay::Overlay;
use super::reading::Item;
use super::screen::panel_rows;
use super::{Effect, Event, Settings};
use crate::news::{Beside, FrontPage, Listing, StoryRow, Target};
use crate::source::Role;
use chrono::TimeDelta;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::sync::Arc;

fn mouse(reader: &mut Reader, kind: MouseEventKind, (column, row): (u16, u16)) {
    reader.tell(Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

fn click(reader: &mut Reader, place: (u16, u16)) {
    mouse(reader, MouseEventKind::Down(MouseButton::Left), place);
    mouse(reader, MouseEventKind::Up(MouseButton::Left), place);
}

/// Where words stand on the screen.
#[track_caller]
fn find(reader: &Reader, words: &str) -> (u16, u16) {
    let screen = reader.screen();
    let found = screen.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(words)?;
        Some((super::fit::width(&line[..at]) as u16, y as u16))
    });
    found.unwrap_or_else(|| panic!("{words} is not on\n{screen}"))
}

#[test]
fn the_drawer_is_dragged_higher_and_lower() {
    let mut reader = Reader::new((80, 24));
    reader.press("<enter>");
    let rule = |reader: &Reader| {
        reader
            .model
            .layout()
            .drawer_rule
            .expect("there is a drawer")
    };
    let before = rule(&reader);
    let left = MouseButton::Left;
    for (to, expected) in [(before - 4, before - 4), (0, 6), (60, 18)] {
        let from = rule(&reader);
        mouse(&mut reader, MouseEventKind::Down(left), (30, from));
        mouse(&mut reader, MouseEventKind::Drag(left), (33, to));
        mouse(&mut reader, MouseEventKind::Up(left), (33, to));
        assert_eq!(rule(&reader), expected);
        assert!(reader.model.dragging.is_none());
    }
    assert_eq!(reader.model.focus, Column::Article, "a rule is no column");
}

#[test]
fn lists_of_the_welcome_are_picked_and_begun_with() {
    let settings = Settings {
        first_start: true,
        ..settings()
    };
    let mut reader = Reader::with((80, 24), settings, 0);
    for picked in [true, false, true] {
        let place = find(&reader, "Technology");
        click(&mut reader, place);
        let Some(Overlay::Welcome(welcome)) = &reader.model.overlay else {
            panic!("the welcome stays");
        };
        assert_eq!(welcome.picked, [false, picked]);
    }
    click(&mut reader, (2, 20));
    assert!(matches!(reader.model.overlay, Some(Overlay::Welcome(_))));
    let place = find(&reader, "enter subscribes to");
    click(&mut reader, place);
    let lists = Effect::PickLists(vec!["tech".to_owned()]);
    assert!(reader.wishes().contains(&lists));
    assert!(reader.model.overlay.is_none());
}

#[test]
fn a_question_is_answered_with_a_click_on_its_words() {
    let asked = || {
        let mut reader = Reader::with((120, 35), settings(), 100);
        reader.press("A");
        assert!(matches!(
            reader.model.overlay,
            Some(Overlay::Confirm { .. })
        ));
        reader.wishes();
        reader
    };
    let edits = |reader: &mut Reader| {
        let wishes = reader.wishes().into_iter();
        wishes
            .filter(|wish| matches!(wish, Effect::Apply { .. }))
            .count()
    };
    for (words, done) in [("yes", 1), ("no", 0)] {
        let mut reader = asked();
        let answers = find(&reader, "y yes   n no");
        let (x, y) = find(&reader, words);
        let at = if words == "no" { answers.0 + 10 } else { x };
        click(&mut reader, (at, y));
        assert!(reader.model.overlay.is_none());
        assert_eq!(edits(&mut reader), done, "{words}");
    }
    let mut reader = asked();
    click(&mut reader, (1, 30));
    assert!(reader.model.overlay.is_none());
    assert_eq!(edits(&mut reader), 0, "beside it nothing is done");
}

#[test]
fn in_a_line_that_is_typed_a_click_sets_the_cursor_and_results_are_taken() {
    let mut reader = Reader::new((120, 35));
    reader.press("/").type_text("i");
    let status = reader.model.layout().status.y;
    let (x, y) = find(&reader, "search i");
    assert_eq!(y, status);
    click(&mut reader, (x + 7, y));
    reader.type_text("s");
    let Some(Overlay::Prompt(prompt)) = &reader.model.overlay else {
        panic!("the line stays");
    };
    assert_eq!(prompt.input.value(), "si");
    mouse(&mut reader, MouseEventKind::ScrollDown, (40, 10));
    assert_eq!(reader.model.entries.place, 1, "the list is turned below it");
    let place = find(&reader, "Can Meta");
    click(&mut reader, place);
    assert!(reader.model.overlay.is_none(), "the search is done");
    assert_eq!(reader.model.entries.place, 0);
    // What is half typed for something else stays.
    reader.press("a").type_text("https://");
    click(&mut reader, place);
    assert!(matches!(reader.model.overlay, Some(Overlay::Prompt(_))));
}

#[test]
fn a_card_a_discussion_and_the_folded_drawer_open() {
    let mut reader = Reader::new((200, 50));
    reader.press("<enter>");
    let place = find(&reader, "Form 10-Q");
    click(&mut reader, place);
    assert!(
        matches!(reader.model.reading.target(), Some(Target::Page { key, .. }) if key == "sec.example/2")
    );
    reader.press("H");
    let mut view = reader.model.reading.view().cloned().expect("it is read");
    for (row, place) in [(1, "news.ycombinator.com"), (2, "lobste.rs")] {
        view.sources[row].role = Role::Discussion;
        view.sources[row].site = safe(place);
        view.sources[row].comments = Some(12);
    }
    let number = reader.model.reading.number;
    let article = Arc::new(view);
    reader.tell(Event::ArticleReady { number, article });
    let place = find(&reader, "Lobsters 12");
    click(&mut reader, place);
    assert!(
        matches!(reader.model.reading.target(), Some(Target::Page { key, .. }) if key == "ft.example/3")
    );

    let mut reader = Reader::new((100, 30));
    reader.press("<enter> zs");
    let line = reader.model.layout().folded_drawer.expect("it is folded");
    click(&mut reader, (20, line.y));
    assert_eq!(reader.model.focus, Column::Sources);
    let area = reader.model.layout().sources.expect("it is open");
    assert!(matches!(
        panel_rows(&reader.model, area)[0].2,
        Item::Card(0)
    ));
}

#[test]
fn what_stands_around_the_text_leads_on() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>");
    let entry = reader.model.entries.rows[0].id;
    let other = reader.model.entries.rows[1].clone();
    let beside = Beside {
        more: Some(safe("More: LWN")),
        related: vec![(other.clone(), safe("shared words"))],
        ..Beside::default()
    };
    let beside = Box::new(beside);
    reader.tell(Event::BesideLoaded { entry, beside });
    reader.wishes();
    let place = find(&reader, "More: LWN");
    click(&mut reader, place);
    let key = Listing::Threads(entry);
    assert!(reader.wishes().contains(&Effect::LoadCiting { key }));
    reader.press("<esc> G");
    let place = find(&reader, "RECOMMENDED");
    click(&mut reader, place);
    assert_eq!(reader.model.reading.target(), Some(&Target::Entry(entry)));
    click(&mut reader, (place.0, place.1 + 2));
    assert_eq!(
        reader.model.reading.target(),
        Some(&Target::Entry(other.id))
    );
}

#[test]
fn the_front_page_is_clicked_and_turned() {
    for size in [(80, 24), (140, 40)] {
        let mut reader = Reader::new(size);
        reader.press("gf");
        let heads = reader.model.entries.rows.clone();
        let story = |at: usize| StoryRow {
            title: heads[at].title.clone(),
            speaks: heads[at].id,
            ..super::card_journeys::story_of(&heads[at], &heads[at])
        };
        let page = FrontPage {
            since: reader.model.now - TimeDelta::days(1),
            until: reader.model.now,
            entries: 8,
            stories: vec![story(0), story(1)],
            cited: Vec::new(),
            rare: vec![heads[3].clone()],
            more: 0,
        };
        let asked = reader.wishes().into_iter().find_map(|wish| match wish {
            Effect::LoadFront { number, .. } => Some(number),
            _ => None,
        });
        let number = asked.expect("the page is asked for");
        let page = Box::new(page);
        reader.tell(Event::FrontLoaded { number, page });
        let selected = |reader: &Reader| reader.model.front.as_ref().map(|front| front.selected);
        mouse(&mut reader, MouseEventKind::ScrollDown, (3, 4));
        assert_eq!(selected(&reader), Some(1));
        let place = find(&reader, "Weekend reading");
        click(&mut reader, place);
        assert_eq!(selected(&reader), Some(2));
        let place = find(&reader, "Linux 7.2");
        click(&mut reader, place);
        assert_eq!(selected(&reader), Some(1), "a click selects");
        assert_eq!(
            reader.model.focus,
            Column::Entries,
            "nothing below it is hit"
        );
        click(&mut reader, place);
        assert_eq!(
            reader.model.reading.target(),
            Some(&Target::Entry(heads[1].id))
        );
    }
}
