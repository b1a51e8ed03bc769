//! Journeys in the column of sources: how its rows are reached, and what they do.

use super::Event;
use super::columns::Column;
use super::journeys::{Reader, safe};
use super::reading::Item;
use super::screen::panel_rows;
use crate::feed::StoryId;
use crate::news::{Beside, CardState, CardView, EntryHead, SourceRow, StoryRow, Telling};
use crate::text::SafeText;
use std::sync::Arc;

/// An article is read, and the focus stands on its sources.
fn among_sources() -> Reader {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> l");
    assert_eq!(reader.model.focus, Column::Sources);
    reader
}

#[test]
fn a_count_before_the_last_row_is_the_number_of_a_row() {
    let mut reader = among_sources();
    let items = reader.model.reading.items();
    assert!(items.len() > 2);
    reader.press("G");
    assert_eq!(reader.model.reading.selected, items.last().copied());
    for _ in 0..2 {
        // From wherever, and as often as one likes.
        reader.press("2G");
        assert_eq!(reader.model.reading.selected, Some(items[1]));
    }
    reader.press("gg");
    assert_eq!(reader.model.reading.selected, Some(items[0]));
    reader.press("99G");
    assert_eq!(reader.model.reading.selected, items.last().copied());
}

/// The card of a source comes, with much to say.
fn card_comes(reader: &mut Reader, row: usize) {
    let view = reader.model.reading.view().expect("an article is read");
    let card = CardView {
        state: CardState::Fetched,
        title: Some(safe(
            "A title that is so long that it takes two lines of the panel at the least",
        )),
        description: Some(safe(
            "A description that would take two lines more, and then some words which there is no room for.",
        )),
        ..CardView::default()
    };
    let key = view.sources[row].key.clone();
    reader.tell(Event::CardsReady(vec![(key, card)]));
}

/// Where the rows of the panel stand.
fn places(reader: &Reader) -> Vec<(u16, u16, Item)> {
    let area = reader.model.layout().sources.expect("the panel is shown");
    panel_rows(&reader.model, area)
}

#[test]
fn a_card_that_comes_late_fills_its_place_and_moves_nothing() {
    let mut reader = among_sources();
    let before = places(&reader);
    for row in 0..3 {
        card_comes(&mut reader, row);
        assert_eq!(places(&reader), before);
        assert!(reader.screen().contains("A title that is so long"));
    }
    // Nor does it when the article is laid out anew, as after an edit, or when the selection goes on.
    let target = reader.model.reading.target().cloned();
    let view = reader.model.reading.view().cloned();
    let (Some(_), Some(view)) = (target, view) else {
        panic!("an article is read");
    };
    let number = reader.model.reading.number;
    let article = Arc::new(view);
    reader.tell(Event::ArticleReady { number, article });
    assert_eq!(places(&reader), before);
    reader.press("j j k");
    assert_eq!(places(&reader), before);
}

#[test]
fn out_of_sight_a_card_takes_the_rows_it_wants_and_what_is_seen_stays() {
    let mut reader = among_sources();
    // Fewer than three cards fit: the first goes out of sight above the third.
    reader.tell(Event::Resized(120, 9));
    reader.press("gg j j");
    let before = places(&reader);
    assert!(before.iter().all(|(.., item)| *item != Item::Card(0)));
    let top = reader.model.reading.panel_top;
    card_comes(&mut reader, 0);
    assert_eq!(places(&reader), before, "the eye stays where it is");
    assert!(reader.model.reading.panel_top > top);
    reader.press("gg");
    let (_, height, item) = places(&reader)[0];
    assert_eq!((height, item), (5, Item::Card(0)));
}

#[test]
fn the_row_of_the_story_is_reached_where_nothing_is_cited() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>");
    let mut view = reader
        .model
        .reading
        .view()
        .cloned()
        .expect("an article is read");
    view.sources.clear();
    view.anchors.clear();
    let number = reader.model.reading.number;
    let article = Arc::new(view);
    reader.tell(Event::ArticleReady { number, article });
    reader.press("l");
    assert_eq!(reader.model.focus, Column::Article, "there is nothing");
    let rows = &reader.model.entries.rows;
    let story = story_of(&rows[0], &rows[1]);
    let entry = rows[0].id;
    let beside = Box::new(Beside {
        story: Some(story),
        ..Beside::default()
    });
    reader.tell(Event::BesideLoaded { entry, beside });
    assert!(reader.screen().contains("STORY  LWN"));
    reader.press("l");
    assert_eq!(reader.model.focus, Column::Sources);
    assert_eq!(reader.model.reading.selected, Some(Item::Story));
    reader.wishes();
    reader.press("<enter>");
    let asked = reader.wishes().into_iter().any(|wish| {
        matches!(wish, super::Effect::LoadCiting { key: crate::news::Listing::Story(of) } if of == entry)
    });
    assert!(asked, "who tells it is listed");
}

/// One story of two entries.
pub(super) fn story_of(one: &EntryHead, other: &EntryHead) -> StoryRow {
    let telling = |head: &EntryHead| Telling {
        head: head.clone(),
        why: safe("shared words"),
        copy: false,
        points: false,
    };
    StoryRow {
        id: StoryId(1),
        title: one.title.clone(),
        lead: safe(""),
        entries: vec![telling(one), telling(other)],
        speaks: one.id,
        sites: 2,
        sources: Vec::new(),
        primary: None,
        first: one.published,
        last: one.published,
        score: 1.0,
        why: safe("two sites"),
        unread: 2,
    }
}

#[test]
fn a_card_says_where_a_short_address_leads_and_of_what_year_a_copy_is() {
    let mut reader = among_sources();
    let show = |reader: &mut Reader, change: &dyn Fn(&mut SourceRow)| {
        let mut view = reader.model.reading.view().expect("an article").clone();
        change(&mut view.sources[0]);
        reader.tell(Event::ArticleReady {
            number: reader.model.reading.number,
            article: Arc::new(view),
        });
        reader.screen()
    };
    let short = show(&mut reader, &|row| row.short = true);
    assert!(short.contains("→ ?"), "not followed yet: {short}");
    let landed = show(&mut reader, &|row| {
        row.card.landed = Some(SafeText::line("landed.example"));
    });
    assert!(landed.contains("→ landed.example"), "{landed}");
    reader.press("i");
    assert!(reader.screen().contains("leads to"));
    reader.press("<esc>");
    let written = show(&mut reader, &|row| {
        row.short = false;
        row.archived = true;
        row.url = "https://web.archive.org/web/20190102030405/https://a.example/".to_owned();
    });
    assert!(written.contains("archive 2019"), "{written}");
    let kept = show(&mut reader, &|row| row.card.archived = Some(Some(2021)));
    assert!(
        kept.contains("archive 2021"),
        "what is kept is newer: {kept}"
    );
}

#[test]
fn an_address_with_words_or_a_heading_opens_there() {
    for (fragment, seen) in [
        (":~:text=line%2050%20of%20the%20text", true),
        (":~:text=nothing%20of%20this", false),
    ] {
        let mut reader = Reader::new((80, 24));
        reader.press("<enter>");
        let view = reader.model.reading.view().cloned();
        let mut view = view.expect("an article is read");
        view.sources[0].url = format!("https://techcrunch.example/1#{fragment}");
        let number = reader.model.reading.number;
        let article = Arc::new(view);
        reader.tell(Event::ArticleReady { number, article });
        reader.press("1 <enter>");
        assert_eq!(reader.model.reading.trail.depth(), 1);
        assert_eq!(reader.screen().contains("Line 50 of the text"), seen);
        // The way back, and forth again, leads to where the reader was.
        reader.press("k H L");
        assert_eq!(reader.screen().contains("Line 50 of the text"), seen);
    }
}
