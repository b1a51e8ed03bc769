//! Journeys about what a change leaves on the screen, and what is said of it.

use super::journeys::{Reader, safe};
use super::{Effect, Event};
use crate::feed::FeedId;
use crate::news::{Applied, Changes, Edit, View};

fn applied(reader: &mut Reader, summary: &str, undoable: bool) {
    let done = Applied {
        number: 0,
        summary: safe(summary),
        count: 1,
        undoable,
        error: None,
    };
    reader.tell(Event::Changed(Changes {
        applied: vec![done],
        ..Changes::default()
    }));
}

fn notice(reader: &Reader) -> &str {
    let notice = reader.model.notice.as_ref();
    notice.map_or("", |notice| notice.text.as_str())
}

#[test]
fn several_tags_are_one_change() {
    let mut reader = Reader::new((120, 35));
    reader
        .press("t")
        .type_text("foo -bar #baz")
        .press("<enter>");
    let edits: Vec<Edit> = reader
        .wishes()
        .into_iter()
        .filter_map(|wish| match wish {
            Effect::Apply { edit, .. } => Some(edit),
            _ => None,
        })
        .collect();
    let [Edit::Tags { tags, .. }] = &edits[..] else {
        panic!("{edits:?}");
    };
    let expected = [("foo", true), ("bar", false), ("baz", true)];
    assert_eq!(*tags, expected.map(|(tag, on)| (tag.to_owned(), on)));
}

#[test]
fn what_follows_in_the_lists_does_not_cover_what_was_done() {
    let mut reader = Reader::new((120, 35));
    applied(&mut reader, "undone: removed A feed", false);
    applied(&mut reader, "feeds: 1 added", false);
    assert_eq!(notice(&reader), "Undone: removed A feed.");
    reader.model.notice = None;
    applied(&mut reader, "feeds: 1 added", false);
    assert_eq!(notice(&reader), "Feeds: 1 added.");
    applied(&mut reader, "papers.example is no source", true);
    assert_eq!(notice(&reader), "papers.example is no source.");
}

#[test]
fn the_list_of_a_removed_feed_is_left() {
    let mut reader = Reader::new((120, 35));
    let id = FeedId(2);
    super::update::show(&mut reader.model, View::Feed(id), &mut Vec::new());
    let mut feeds = reader.model.feeds.rows().to_vec();
    let counts = reader.model.counts;
    reader.tell(Event::FeedsLoaded {
        feeds: feeds.clone(),
        counts,
    });
    assert_eq!(reader.model.entries.view, View::Feed(id));
    for feed in &mut feeds {
        feed.hidden |= feed.id == id;
    }
    reader.tell(Event::FeedsLoaded { feeds, counts });
    assert_eq!(reader.model.entries.view, View::Unread);
}

#[test]
fn a_search_that_cannot_be_read_yet_has_no_number_of_matches() {
    let mut reader = Reader::with((120, 35), super::journeys::settings(), 3);
    // So long that the test's store has nothing for it.
    reader.press("/").type_text("nothing is:x");
    assert!(reader.screen().contains("Nothing holds these words."));
    let number = reader.model.number();
    reader.model.entries.asked = Some(number);
    reader.tell(Event::SearchRefused {
        number,
        message: "there is no is:x; is:read is".to_owned(),
        span: 8..12,
    });
    let screen = reader.screen();
    assert!(
        !screen.contains("0 matches") && !screen.contains("Nothing holds these words"),
        "{screen}"
    );
    assert!(
        screen.contains("This cannot be searched for yet"),
        "{screen}"
    );
    reader.type_text(" a");
    assert!(reader.screen().contains("0 matches"));
}

#[test]
fn a_feed_that_is_looked_for_is_said_and_esc_or_ctrl_c_stops_it() {
    for stop in ["<esc>", "<ctrl-c>"] {
        let mut reader = Reader::new((120, 35));
        reader.press("a").type_text("slow.example").press("<enter>");
        let asked = Effect::Subscribe {
            address: "slow.example".to_owned(),
        };
        assert!(reader.wishes().contains(&asked));
        reader.tell(Event::Finding(Some(safe(
            "Looking for a feed at slow.example",
        ))));
        let status = reader.screen().lines().last().map(str::to_owned);
        let status = status.unwrap_or_default();
        assert!(
            status.contains("Looking for a feed at slow.example; esc stops"),
            "{status}"
        );
        // Everything else goes on meanwhile.
        reader.press("j");
        assert!(!reader.wishes().contains(&Effect::StopFinding));
        reader.press(stop);
        assert!(reader.wishes().contains(&Effect::StopFinding), "{stop}");
        assert_eq!(reader.model.finding, None);
        assert!(!reader.model.leaving);
        reader.press(stop);
        assert!(!reader.wishes().contains(&Effect::StopFinding), "{stop}");
    }
}
