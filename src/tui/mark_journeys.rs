//! Journeys about what a key means: the article that is read, however it was come to, and not the row that happens to be
//! selected in a list beside it.

use super::columns::Column;
use super::journeys::{Reader, safe, settings};
use super::overlay::Overlay;
use super::{Effect, Event, Settings};
use crate::feed::{EntryId, StoryId};
use crate::news::{
    Applied, Beside, Changes, Citing, Edit, Listing, MarkKind, Primary, StoryRow, Target, Which,
};

const FIRST: EntryId = EntryId(1_000_000);
const FOURTH: EntryId = EntryId(999_997);

/// Reads the first entry, and from there another one that a list over the columns offered.
fn reads_another(target: Target) -> Reader {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> g w");
    let row = Citing {
        target,
        title: safe("Another that tells it"),
        site: safe("example.org"),
        published: None,
        context: safe(""),
    };
    reader.tell(Event::CitingLoaded {
        key: Listing::Story(FIRST),
        citing: vec![row],
    });
    reader.press("<enter>");
    assert_eq!(reader.model.focus, Column::Article);
    reader
}

fn edits(reader: &mut Reader) -> Vec<Edit> {
    let wishes = reader.wishes().into_iter();
    wishes
        .filter_map(|wish| match wish {
            Effect::Apply { edit, .. } => Some(edit),
            _ => None,
        })
        .collect()
}

fn one(entry: EntryId, mark: MarkKind, on: bool) -> Edit {
    Edit::Mark {
        which: Which::Entries(vec![entry]),
        mark,
        on,
    }
}

#[test]
fn marks_are_for_the_entry_that_is_read_and_to_read_it_counts_from_wherever() {
    let mut reader = reads_another(Target::Entry(EntryId(999_994)));
    let done = edits(&mut reader);
    let other = EntryId(999_994);
    assert!(done.contains(&one(other, MarkKind::Read, true)), "{done:?}");
    let opened = |edit: &Edit| matches!(edit, Edit::Opened { entry, .. } if *entry == other);
    assert!(done.iter().any(opened), "{done:?}");
    reader.press("*");
    assert_eq!(edits(&mut reader), [one(other, MarkKind::Starred, true)]);
    reader.press("m");
    assert_eq!(edits(&mut reader), [one(other, MarkKind::Read, false)]);
    // Rows selected in the list are for keys in the list.
    reader.press("<esc> <esc>");
    reader.model.focus = Column::Entries;
    reader.press("vv");
    reader.model.focus = Column::Article;
    reader.press("b");
    assert!(
        !matches!(&edits(&mut reader)[..], [Edit::Mark { which: Which::Entries(many), .. }] if many.len() > 1)
    );
}

#[test]
fn a_source_is_no_entry_and_says_so() {
    let mut reader = reads_another(Target::Page {
        key: "k".into(),
        url: "https://example.org/page".into(),
    });
    edits(&mut reader);
    for key in ["m", "*", ";", "t"] {
        reader.press(key);
        assert_eq!(edits(&mut reader), [], "{key}");
        assert!(reader.model.overlay.is_none(), "{key}");
        let said = reader.model.notice.take().expect("it says why").text;
        assert!(said.contains("no entry of a feed; b keeps"), "{said}");
    }
    reader.press("b");
    assert!(matches!(
        &edits(&mut reader)[..],
        [Edit::KeepLater { url, .. }] if url == "https://example.org/page"
    ));
}

#[test]
fn a_row_that_stands_for_a_story_is_marked_with_all_who_tell_it() {
    let all = Settings {
        start: "all".to_owned(),
        ..settings()
    };
    let mut reader = Reader::with((120, 35), all, 8);
    reader.press("m");
    let story = Edit::Mark {
        which: Which::Stories(vec![FIRST]),
        mark: MarkKind::Read,
        on: true,
    };
    assert_eq!(edits(&mut reader), [story]);
    // Where every entry has its own row it is marked alone; so is what is starred.
    reader.press("*");
    assert_eq!(edits(&mut reader), [one(FIRST, MarkKind::Starred, true)]);
    reader.press("gum");
    assert_eq!(edits(&mut reader), [one(FIRST, MarkKind::Read, false)]);
}

#[test]
fn what_is_said_of_a_row_is_said_of_that_row() {
    let mut reader = Reader::new((84, 26));
    reader.press("<enter> <esc> j j j");
    assert_eq!(reader.model.entries.selected, Some(FOURTH));
    reader.press("i");
    let Some(Overlay::Info { title, lines, .. }) = &reader.model.overlay else {
        panic!("what is known of it is shown");
    };
    assert_eq!(title, "Weekend reading");
    let address = lines.iter().find(|(name, _)| name == "address");
    assert_eq!(
        address.map(|(_, url)| url.as_str()),
        Some("https://example.org/3")
    );
    assert!(lines.iter().all(|(name, _)| name != "words"), "{lines:?}");
    // Nor is the text of the article read before saved, piped or copied as if it were this one's.
    reader.press("<esc>").wishes();
    for key in ["S", "|", "yq", "ys"] {
        reader.press(key);
        assert!(reader.model.overlay.is_none(), "{key}");
        let copies = |wish: &Effect| matches!(wish, Effect::Copy { .. });
        assert!(!reader.wishes().iter().any(copies), "{key}");
    }
}

#[test]
fn what_is_no_source_any_more_goes_from_the_panel_when_the_store_has_it() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>").wishes();
    reader.tell(Event::Changed(Changes {
        sources: true,
        ..Changes::default()
    }));
    let again = |wish: &Effect| matches!(wish, Effect::OpenArticle { target: Target::Entry(entry), .. } if *entry == FIRST);
    assert!(reader.wishes().iter().any(again));
}

#[test]
fn nothing_to_undo_is_said() {
    let mut reader = Reader::new((120, 35));
    let mut said = |count, summary: &str| {
        reader.model.notice = None;
        reader.tell(Event::Changed(Changes {
            applied: vec![Applied {
                number: 900,
                summary: safe(summary),
                count,
                undoable: false,
                error: None,
            }],
            ..Changes::default()
        }));
        reader
            .model
            .notice
            .as_ref()
            .map(|notice| notice.text.clone())
    };
    assert_eq!(
        said(0, "nothing to undo").as_deref(),
        Some("Nothing to undo.")
    );
    assert_eq!(said(0, "0 entries starred"), None);
    assert_eq!(said(0, "feeds as before"), None);
}

#[test]
fn the_primary_source_of_a_row_is_asked_for_and_walked_to() {
    // Where the article stands beside the list its own primary source is known.
    let mut reader = Reader::new((120, 35));
    reader.press("gp");
    assert_eq!(reader.model.reading.trail.depth(), 1);
    let mut reader = Reader::new((84, 26));
    reader.press("gp");
    assert!(reader.wishes().contains(&Effect::LoadBeside(FIRST)));
    let story = StoryRow {
        id: StoryId(1),
        title: safe("A story"),
        lead: safe(""),
        entries: Vec::new(),
        speaks: FIRST,
        sites: 3,
        sources: Vec::new(),
        primary: Some(Primary {
            key: "k".into(),
            url: "https://paper.example/1".into(),
            title: safe("The paper"),
            site: safe("paper.example"),
            reason: safe("three sites cite it"),
            certain: true,
            by_way_of: None,
        }),
        first: reader.model.now,
        last: reader.model.now,
        score: 0.0,
        why: safe(""),
        unread: 0,
    };
    reader.tell(Event::BesideLoaded {
        entry: FIRST,
        beside: Box::new(Beside {
            story: Some(story),
            ..Beside::default()
        }),
    });
    assert!(matches!(reader.model.reading.target(), Some(Target::Page { key, .. }) if key == "k"));
    assert_eq!(reader.model.reading.trail.depth(), 1);
}

#[test]
fn while_rows_are_selected_the_hints_are_about_them() {
    let mut reader = Reader::new((120, 35));
    let hints = |reader: &Reader| {
        reader
            .screen()
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()
    };
    reader.press("vvv");
    assert_eq!(reader.model.entries.marked.len(), 3);
    let shown = hints(&reader);
    assert!(
        shown.contains("gX join") && shown.contains("t tags"),
        "{shown}"
    );
    reader.press("<esc>");
    assert!(reader.model.entries.marked.is_empty());
    assert!(hints(&reader).contains("enter read"));
}
