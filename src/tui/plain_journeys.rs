//! Journeys in linear mode: lines in, lines and wishes out, on the model and the world of the other journeys.

use super::action::{ACTIONS, Action};
use super::columns::Column;
use super::journeys::{Reader, safe, settings};
use super::plain::Plain;
use super::{Effect, Event, Settings};
use crate::news::{Citing, Edit, FrontPage, MarkKind, Target, View, Which};

/// Somebody who reads in lines.
struct Talk {
    reader: Reader,
    face: Plain,
}

impl Talk {
    fn new() -> Talk {
        Talk::with(settings(), 8)
    }

    fn with(settings: Settings, entries: usize) -> Talk {
        let mut talk = Talk {
            reader: Reader::with((79, 40), settings, entries),
            face: Plain::default(),
        };
        talk.reader.wishes();
        talk
    }

    /// Carries out what is left to do, and answers what is said then.
    fn hear(&mut self) -> String {
        let mut said = Vec::new();
        loop {
            while let Some(event) = self.face.next(&self.reader.model) {
                self.reader.tell(event);
            }
            said.extend(self.face.say(&self.reader.model));
            match self.face.next(&self.reader.model) {
                Some(event) => self.reader.tell(event),
                None => break,
            };
        }
        for line in &said {
            let drawn = line.chars().find(|sign| {
                sign.is_control() || matches!(sign, '●' | '★' | '◷' | '◆' | '▎' | '│' | '─' | '•')
            });
            assert_eq!(drawn, None, "{line}");
        }
        said.join("\n")
    }

    fn line(&mut self, line: &str) -> String {
        self.face.take(&self.reader.model, line);
        self.hear()
    }

    fn question(&self) -> String {
        Plain::question(&self.reader.model).unwrap_or_default()
    }

    fn edits(&mut self) -> Vec<Edit> {
        let wishes = self.reader.wishes().into_iter();
        wishes
            .filter_map(|wish| match wish {
                Effect::Apply { edit, .. } => Some(edit),
                _ => None,
            })
            .collect()
    }
}

#[track_caller]
fn holds(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "“{part}” is not in:\n{said}");
    }
}

#[test]
fn a_list_is_numbered_lines_and_an_empty_line_shows_more() {
    let mut talk = Talk::with(settings(), 50);
    let said = talk.hear();
    holds(
        &said,
        &[
            "Unread, 50 entries, 37 unread.",
            "1 Can Meta turn its AI spending into products? (Daily Signal, 2 h, 3 sources, unread)",
            "An empty line shows more.",
            "help tells all actions",
        ],
    );
    let said = talk.line("");
    holds(&said, &["\n21 ", "\n40 "]);
    assert!(!said.contains("\n20 "), "{said}");
    holds(&talk.line(""), &["\n50 "]);
    assert_eq!(talk.line(""), "That is all.");
    let said = talk.line("down");
    assert!(
        said.starts_with("42 ") && said.lines().count() == 1,
        "only the row that is selected now: {said}"
    );
}

#[test]
fn a_number_reads_an_entry_and_empty_lines_read_on_to_its_end() {
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line("2");
    holds(
        &said,
        &[
            "Article of entry 999999\nDaily Signal, Ada Quill, ",
            "Line 0 of the text",
            "and a link",
            "percent. An empty line reads on.",
        ],
    );
    assert!(talk.edits().iter().any(|edit| matches!(
        edit,
        Edit::Mark {
            mark: MarkKind::Read,
            on: true,
            ..
        }
    )));
    let said = talk.line("");
    holds(&said, &["Line 59 of the text", "End. It cites 4 sources"]);
    assert!(
        !said.contains("Line 20 of the text"),
        "nothing is said twice:\n{said}"
    );
    holds(&talk.line("left"), &["Unread, 8 entries"]);
}

#[test]
fn a_source_is_read_by_its_number_and_back_is_where_it_was() {
    let mut talk = Talk::new();
    talk.line("1");
    let said = talk.line("2");
    holds(&said, &["Page sec.example/2", "The way here: "]);
    holds(&talk.line("1"), &["Page techcrunch.example/1"]);
    assert_eq!(talk.reader.model.reading.trail.depth(), 2);
    talk.line("back");
    holds(&talk.line("back"), &["Article of entry 1000000"]);
    holds(&talk.line("forward"), &["Page sec.example/2"]);
}

#[test]
fn sources_are_listed_with_what_is_known_of_them() {
    let mut talk = Talk::new();
    talk.line("1");
    let said = talk.line("right");
    holds(
        &said,
        &[
            "Sources, 3 shown.",
            "2 Form 10-Q, third quarter (sec.example, ",
            "primary source",
            "mentions: 1, folded",
        ],
    );
    talk.line("down");
    let said = talk.line("who-cites");
    assert_eq!(said, "", "the answer is waited for");
    talk.reader.tell(Event::CitingLoaded {
        key: crate::news::Listing::Citing("sec.example/2".to_owned()),
        citing: vec![Citing {
            target: Target::Entry(crate::feed::EntryId(999_997)),
            title: safe("Weekend reading"),
            site: safe("Daring Fireball"),
            published: None,
            context: safe(""),
        }],
    });
    holds(
        &talk.hear(),
        &["Who cites this:", "1 Weekend reading (Daring Fireball)"],
    );
    assert_eq!(talk.question(), "number; empty closes:");
    holds(&talk.line("1"), &["Article of entry 999997"]);
}

#[test]
fn marks_go_by_name_and_by_key() {
    let mut talk = Talk::new();
    talk.hear();
    holds(&talk.line("star"), &["1 Can Meta", "starred"]);
    talk.line("m");
    talk.line("later");
    talk.line("undo");
    let edits = talk.edits();
    let marked = |mark| {
        edits
            .iter()
            .any(|edit| matches!(edit, Edit::Mark { mark: kind, on: true, .. } if *kind == mark))
    };
    assert!(marked(MarkKind::Starred) && marked(MarkKind::Read) && marked(MarkKind::Later));
    assert!(edits.contains(&Edit::Undo));
}

#[test]
fn words_behind_an_action_answer_what_it_asks() {
    let mut talk = Talk::new();
    talk.hear();
    talk.line("tags linux -old");
    talk.line("note to quote on monday");
    let edits = talk.edits();
    // One line is one step: `undo` takes all of it back.
    let tags = edits.iter().find_map(|edit| match edit {
        Edit::Tags { tags, .. } => Some(tags.as_slice()),
        _ => None,
    });
    let expected = [("linux".to_owned(), true), ("old".to_owned(), false)];
    assert_eq!(tags, Some(&expected[..]));
    assert!(
        edits
            .iter()
            .any(|edit| matches!(edit, Edit::Note { text, .. } if text == "to quote on monday"))
    );
    talk.line("tags");
    holds(&talk.question(), &["tags"]);
    talk.line("");
    assert!(
        talk.reader.model.overlay.is_none(),
        "an empty line answers nothing"
    );
}

#[test]
fn a_search_is_a_line_and_what_is_wrong_in_it_is_said() {
    let mut talk = Talk::with(settings(), 40);
    talk.hear();
    let said = talk.line("/abc");
    holds(&said, &["“abc”, 10 entries"]);
    assert!(matches!(&talk.reader.model.entries.view, View::Search { text, .. } if text == "abc"));
    talk.line("search is:x");
    let number = talk.reader.model.number();
    talk.reader.model.entries.asked = Some(number);
    talk.reader.tell(Event::SearchRefused {
        number,
        message: "there is no “is:x”".to_owned(),
        span: 0..4,
    });
    holds(&talk.hear(), &["there is no “is:x”"]);
    holds(&talk.line("cancel"), &["Unread, 40 entries"]);
}

#[test]
fn marking_many_asks_and_takes_a_word_for_an_answer() {
    let mut talk = Talk::with(settings(), 300);
    talk.hear();
    holds(
        &talk.line("mark-all"),
        &["Mark 225 unread entries in Unread read?"],
    );
    assert_eq!(talk.question(), "y or n:");
    talk.line("no");
    assert_eq!(talk.edits(), []);
    talk.line("mark all");
    talk.line("yes");
    assert_eq!(talk.edits().len(), 1);
}

#[test]
fn feeds_are_lines_with_what_ails_them() {
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line("go-feeds");
    holds(
        &said,
        &[
            "Feeds, ",
            "group News",
            "Daring Fireball, 9 unread. Failing: the server said 429",
        ],
    );
    let n = said
        .lines()
        .find(|line| line.contains(" LWN"))
        .and_then(|line| line.split(' ').next())
        .expect("LWN is a row");
    holds(&talk.line(n), &["LWN, 8 entries"]);
    assert_eq!(talk.reader.model.focus, Column::Entries);
    talk.line("gh");
    holds(
        &talk.line("filter hacker"),
        &["Feeds with “hacker”", "Hacker News"],
    );
}

#[test]
fn a_feed_is_added_by_its_address_and_picked_among_several() {
    let mut talk = Talk::new();
    talk.hear();
    talk.line("https://example.org/");
    holds(
        &talk.question(),
        &["add feed: address [https://example.org/]:"],
    );
    talk.line("");
    let asked = Effect::Subscribe {
        address: "https://example.org/".to_owned(),
    };
    assert!(talk.reader.wishes().contains(&asked));
    let found = vec![
        ("https://example.org/a.xml".to_owned(), safe("News")),
        ("https://example.org/b.xml".to_owned(), safe("Comments")),
    ];
    talk.reader.tell(Event::FeedsFound {
        asked: "example.org".to_owned(),
        found,
    });
    holds(
        &talk.hear(),
        &["1 News (https://example.org/a.xml)", "2 Comments"],
    );
    talk.line("2");
    assert!(talk.reader.wishes().iter().any(
        |wish| matches!(wish, Effect::SubscribeTo { address, .. } if address.ends_with("b.xml"))
    ));
}

#[test]
fn a_feed_page_is_said_when_its_numbers_are_there() {
    let mut talk = Talk::new();
    talk.hear();
    talk.line("go-feeds");
    talk.line("bottom");
    talk.reader.wishes();
    talk.face.take(&talk.reader.model, "about");
    while let Some(event) = talk.face.next(&talk.reader.model) {
        talk.reader.tell(event);
    }
    assert!(super::plain::waits(&talk.reader.model));
    let asked = talk
        .reader
        .wishes()
        .into_iter()
        .find_map(|wish| match wish {
            Effect::LoadFeedPage(feed) => Some(feed),
            _ => None,
        });
    talk.reader.tell(Event::FeedPageLoaded {
        feed: asked.expect("its numbers are asked for"),
        page: Box::default(),
    });
    holds(
        &talk.hear(),
        &[
            "address",
            "health",
            "The last 30 days",
            "Nothing arrived in these days.",
        ],
    );
    assert!(talk.reader.model.overlay.is_none());
}

#[test]
fn the_front_page_is_said_in_its_parts_and_a_number_opens() {
    let mut talk = Talk::new();
    talk.hear();
    talk.face.take(&talk.reader.model, "front");
    while let Some(event) = talk.face.next(&talk.reader.model) {
        talk.reader.tell(event);
    }
    assert!(super::plain::waits(&talk.reader.model));
    let number = talk
        .reader
        .wishes()
        .into_iter()
        .find_map(|wish| match wish {
            Effect::LoadFront { number, .. } => Some(number),
            _ => None,
        });
    let now = talk.reader.model.now;
    let page = FrontPage {
        since: now,
        until: now,
        stories: Vec::new(),
        cited: Vec::new(),
        rare: talk.reader.model.entries.rows[1..3].to_vec(),
        entries: 12,
        more: 0,
    };
    talk.reader.tell(Event::FrontLoaded {
        number: number.expect("it is asked for"),
        page: Box::new(page),
    });
    holds(
        &talk.hear(),
        &[
            "Front page, 12 entries.",
            "Seldom heard:",
            "2 A bug in a popular archive tool",
        ],
    );
    holds(&talk.line("2"), &["Article of entry 999998"]);
    holds(&talk.line("left"), &["Front page, 12 entries."]);
}

#[test]
fn the_palette_answers_with_numbers() {
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line(":sta");
    holds(&said, &["star: star, or take the star away, key *"]);
    assert_eq!(talk.question(), "number, or other words; empty closes:");
    let n = said
        .lines()
        .find(|line| line.contains(" star: "))
        .and_then(|line| line.split(' ').next())
        .expect("it has a number");
    talk.line(n);
    assert!(talk.edits().iter().any(|edit| matches!(
        edit,
        Edit::Mark {
            mark: MarkKind::Starred,
            ..
        }
    )));
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line("palette daring fireball");
    holds(&said, &["Daring Fireball, 8 entries"]);
}

#[test]
fn help_is_searched_and_closes_by_itself() {
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line("help");
    for row in ACTIONS {
        holds(&said, &[&format!("  {}", row.name)]);
    }
    assert!(talk.reader.model.overlay.is_none());
    let said = talk.line("? whole page");
    holds(&said, &["  whole-page, key x: "]);
    assert!(!said.contains("go-today"), "{said}");
}

#[test]
fn the_first_start_offers_lists_in_lines() {
    let first = Settings {
        first_start: true,
        ..settings()
    };
    let mut talk = Talk::with(first, 0);
    holds(
        &talk.hear(),
        &[
            "Welcome to bron",
            "1 Security, 24 feeds",
            "2 Technology, 31 feeds",
        ],
    );
    holds(&talk.line("2"), &["2 Technology, 31 feeds, picked"]);
    talk.line("start");
    assert!(
        talk.reader
            .wishes()
            .contains(&Effect::PickLists(vec!["tech".to_owned()]))
    );
}

#[test]
fn what_is_no_action_is_answered_with_what_is_near() {
    let mut talk = Talk::new();
    talk.hear();
    holds(
        &talk.line("serch"),
        &["There is no action “serch”; the nearest is search."],
    );
    holds(&talk.line("next"), &["may be next-entry, next-unread"]);
    holds(&talk.line("g"), &["gt go-today"]);
    holds(&talk.line("today"), &["Today, 8 entries"]);
}

#[test]
fn counts_stand_before_or_behind() {
    let mut talk = Talk::new();
    talk.line("1");
    talk.line("2o");
    talk.line("browser 3");
    let opened: Vec<Effect> = talk
        .reader
        .wishes()
        .into_iter()
        .filter(|wish| matches!(wish, Effect::Browse(_)))
        .collect();
    let url = |url: &str| Effect::Browse(url.to_owned());
    assert_eq!(
        opened,
        [url("https://sec.example/2"), url("https://ft.example/3")]
    );
}

#[test]
fn several_entries_are_selected_and_marked_together() {
    let mut talk = Talk::new();
    talk.hear();
    talk.line("select");
    talk.line("select");
    talk.line("star");
    let together = talk.edits().into_iter().any(|edit| {
        matches!(edit, Edit::Mark { which: Which::Entries(ids), mark: MarkKind::Starred, .. } if ids.len() == 2)
    });
    assert!(together);
}

#[test]
fn every_action_can_be_asked_for_by_its_name_from_every_column() {
    for column in [
        Column::Feeds,
        Column::Entries,
        Column::Article,
        Column::Sources,
    ] {
        for row in ACTIONS {
            let mut talk = Talk::new();
            if column >= Column::Article {
                talk.line("1");
            }
            if column == Column::Sources {
                talk.line("right");
            }
            if column == Column::Feeds {
                talk.line("go-feeds");
            }
            assert_eq!(talk.reader.model.focus, column);
            talk.reader.wishes();
            let said = talk.line(row.name);
            let waits = matches!(row.action, Action::WhoCites | Action::Quit | Action::Leave);
            assert!(
                !said.is_empty() || !talk.question().is_empty() || waits,
                "{} in {column:?} says nothing",
                row.name
            );
        }
    }
}

#[test]
fn a_number_that_no_row_has_is_refused_and_lines_wait_for_what_comes_first() {
    let mut talk = Talk::new();
    talk.hear();
    let said = talk.line("99");
    assert_eq!(said, "There is no 99: the list ends at 8.");
    assert_eq!(talk.reader.model.focus, Column::Entries);
    assert!(!super::plain::waits(&talk.reader.model));
    let progress = super::event::Progress {
        total: 3,
        ..super::event::Progress::default()
    };
    let all = talk.reader.model.counts.all;
    talk.reader.tell(Event::Progress(Some(progress)));
    assert!(
        !super::plain::waits(&talk.reader.model),
        "there is something"
    );
    talk.reader.model.counts.all = 0;
    assert!(super::plain::waits(&talk.reader.model));
    talk.reader.model.counts.all = all;
    talk.reader.tell(Event::Progress(None));
    assert!(!super::plain::waits(&talk.reader.model));
}
