//! Journeys about finding things: nothing that the screen can do is out of reach of somebody who types its name.

use super::action::ACTIONS;
use super::columns::Column;
use super::journeys::{Reader, safe, settings};
use super::overlay::{Asks, Goes, Overlay, Palette};
use super::pane::help;
use super::{Effect, Event, Settings};
use crate::news::{Edit, Filter, SavedView, Target, View};
use crate::query::{self, Query};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

fn palette(reader: &mut Reader, words: &str) -> Vec<(String, Goes)> {
    reader.press(":").type_text(words);
    let Some(Overlay::Palette(palette)) = &reader.model.overlay else {
        panic!("the palette is open");
    };
    let found = (0..palette.shown.len())
        .map(|at| {
            (
                palette.choice(at).text.clone(),
                palette.choice(at).goes.clone(),
            )
        })
        .collect();
    reader.press("<esc>");
    found
}

#[test]
fn every_action_is_in_the_palette_by_its_name_with_its_key_and_in_the_help() {
    let mut reader = Reader::new((120, 35));
    for row in ACTIONS {
        let found = palette(&mut reader, &row.name.replace('-', " "));
        assert!(
            found
                .iter()
                .take(3)
                .any(|(_, goes)| *goes == Goes::Action(row.action)),
            "{} is not among the first: {found:?}",
            row.name
        );
        assert!(help::holds(&reader.model, row, row.name), "{}", row.name);
    }
    let palette = Palette::new(&reader.model);
    for at in 0..palette.shown.len() {
        let choice = palette.choice(at);
        if let Goes::Action(action) = choice.goes {
            let keys = reader.model.keymap.keys_of(action);
            assert_eq!(choice.keys, keys.first().cloned().unwrap_or_default());
        }
    }
}

#[test]
fn every_setting_is_in_the_palette_and_is_set_there() {
    let mut reader = Reader::new((120, 35));
    for row in reader.model.settings.rows.clone() {
        let found = palette(&mut reader, row.name);
        assert!(
            found
                .iter()
                .any(|(_, goes)| *goes == Goes::Setting(row.name)),
            "{}",
            row.name
        );
    }
    reader.press(":").type_text("cards: dem");
    reader.press("<enter>");
    let Some(Overlay::Palette(values)) = &reader.model.overlay else {
        panic!("its values are offered");
    };
    assert_eq!(values.shown.len(), 4);
    assert_eq!(
        values.choice(values.selected).text,
        "cards: demand",
        "the one in force"
    );
    reader.press("<down> <enter>");
    let set = |key: &str, value: &str| Effect::Set {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    assert!(reader.wishes().contains(&set("cards", "never")));
    reader.press(":").type_text("at_once");
    reader
        .press("<enter> ctrl-u")
        .type_text("8")
        .press("<enter>");
    assert!(reader.wishes().contains(&set("at_once", "8")));
}

#[test]
fn views_tags_feeds_and_open_sources_are_found_by_name() {
    let mut reader = Reader::new((120, 35));
    reader.tell(Event::NamesLoaded {
        views: vec![SavedView {
            name: safe("Rust news"),
            query: "title:rust".to_owned(),
            unread: None,
        }],
        tags: vec![(safe("to quote"), 3), (safe("linux"), 9)],
    });
    reader.press("<enter>");
    for (words, goes) in [
        ("rust news", Goes::Search("title:rust".to_owned())),
        ("#to quote", Goes::Search("tag:\"to quote\"".to_owned())),
        ("#linux", Goes::Search("tag:linux".to_owned())),
        ("krebs", Goes::Feed(crate::feed::FeedId(2))),
        ("form 10-q", Goes::Source(1)),
        ("tokyo-night", Goes::Theme("tokyo-night".to_owned())),
    ] {
        let found = palette(&mut reader, words);
        assert_eq!(found.first().map(|(_, goes)| goes), Some(&goes), "{words}");
    }
    reader.press(":").type_text("#linux").press("<enter>");
    assert!(matches!(&reader.model.entries.view, View::Search { text, .. } if text == "tag:linux"));
}

#[test]
fn a_search_is_kept_as_a_view_among_the_feeds_with_its_count() {
    let mut reader = Reader::with((120, 35), settings(), 40);
    reader.press("V");
    assert!(
        reader.screen().contains("Search first"),
        "{}",
        reader.screen()
    );
    reader
        .press("/")
        .type_text("title:rust")
        .press("<enter> V ctrl-u")
        .type_text("Rust")
        .press("<enter>");
    let kept = reader.wishes().into_iter().any(|wish| {
        matches!(wish, Effect::Apply { edit: Edit::SaveView { name, query }, .. } if name == "Rust" && query == "title:rust")
    });
    assert!(kept);
    let view = SavedView {
        name: safe("Rust"),
        query: "title:rust".to_owned(),
        unread: None,
    };
    reader.tell(Event::NamesLoaded {
        views: vec![view],
        tags: Vec::new(),
    });
    reader.tell(Event::SavedCounted {
        name: safe("Rust"),
        unread: 17,
    });
    reader.press("gh gg");
    let screen = reader.screen();
    assert!(
        screen
            .lines()
            .any(|line| line.contains(" Rust ") && line.contains(" 17 ")),
        "{screen}"
    );
    assert!(
        screen.contains("│  Rust "),
        "its name is the heading of its list: {screen}"
    );
    reader.wishes();
    reader.press("D");
    let dropped = Edit::DropView {
        name: "Rust".to_owned(),
    };
    assert!(
        reader
            .wishes()
            .iter()
            .any(|wish| matches!(wish, Effect::Apply { edit, .. } if *edit == dropped))
    );
}

#[test]
fn a_list_is_narrowed_with_the_whole_language_and_shown_again() {
    let mut reader = Reader::with((120, 35), settings(), 40);
    reader.press("\\").type_text("is:starred");
    assert!(
        matches!(&reader.model.entries.filter, Some(Filter { text, .. }) if text == "is:starred")
    );
    let asked = reader.wishes().into_iter().any(|wish| {
        matches!(wish, Effect::LoadEntries(question) if question.filter.as_ref().is_some_and(|filter| filter.text == "is:starred"))
    });
    assert!(asked, "with each key");
    reader.press("<enter>");
    assert!(
        reader.screen().contains("with “is:starred”"),
        "{}",
        reader.screen()
    );
    reader.press("<esc>");
    assert_eq!(reader.model.entries.filter, None);
    assert_eq!(reader.model.entries.view, View::Unread);
}

#[test]
fn names_and_values_of_the_language_are_completed() {
    let mut reader = Reader::new((120, 35));
    reader.tell(Event::NamesLoaded {
        views: Vec::new(),
        tags: vec![(safe("linux"), 9)],
    });
    reader.press("/").type_text("-fee");
    reader
        .press("<tab>")
        .type_text("kre")
        .press("<tab>")
        .type_text("tag:l")
        .press("<tab>");
    let Some(Overlay::Prompt(prompt)) = &reader.model.overlay else {
        panic!("the prompt is open");
    };
    assert_eq!(
        prompt.input.value(),
        "-feed:\"Krebs on Security\" tag:linux "
    );
}

#[test]
fn tags_are_completed_the_most_used_first() {
    let mut reader = Reader::new((120, 35));
    let tags = vec![
        (safe("later/paper"), 1),
        (safe("linux"), 9),
        (safe("lisp"), 2),
    ];
    reader.tell(Event::NamesLoaded {
        views: Vec::new(),
        tags,
    });
    reader.press("t").type_text("l");
    assert!(
        reader.screen().contains("linux  lisp  later/paper"),
        "{}",
        reader.screen()
    );
    reader.press("<tab> <enter>");
    assert!(reader.wishes().iter().any(|wish| matches!(wish, Effect::Apply { edit: Edit::Tag { tag, on: true, .. }, .. } if tag == "linux")));
}

#[test]
fn what_was_searched_is_marked_in_the_list_and_in_the_article() {
    let mut reader = Reader::with((120, 35), settings(), 40);
    reader
        .press("/")
        .type_text("scheduler line")
        .press("<enter>");
    let query = query::parse("scheduler line ", reader.model.now).expect("a query");
    reader.model.entries.view = View::Search {
        text: "scheduler line".to_owned(),
        query,
    };
    reader.model.entries.find_terms();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 35));
    super::screen::draw(&reader.model, &mut buffer);
    let marked = |with: Modifier, word: &str| {
        let cells = buffer.content.iter();
        let text: String = cells
            .map(|cell| {
                if cell.modifier.contains(with) {
                    cell.symbol()
                } else {
                    " "
                }
            })
            .collect();
        text.contains(word)
    };
    assert!(
        marked(Modifier::UNDERLINED, "scheduler"),
        "{}",
        reader.screen()
    );
    assert!(marked(Modifier::BOLD, "Line"), "{}", reader.screen());
    assert!(!marked(Modifier::BOLD, "of the text"));
}

#[test]
fn a_note_that_is_there_is_edited_not_written_over() {
    let mut reader = Reader::new((80, 24));
    let id = reader.model.entries.rows[0].id;
    reader.model.entries.rows[0].note = true;
    reader.press(";");
    assert!(reader.wishes().contains(&Effect::LoadNote(id)));
    reader.tell(Event::NoteLoaded {
        entry: id,
        text: safe("quote this"),
    });
    reader.type_text(" on monday").press("<enter>");
    assert!(reader.wishes().iter().any(|wish| matches!(wish, Effect::Apply { edit: Edit::Note { text, .. }, .. } if text == "quote this on monday")));
}

#[test]
fn the_tour_goes_on_with_what_is_done_and_ends_with_escape() {
    let first = Settings {
        first_start: true,
        ..settings()
    };
    let mut reader = Reader::with((120, 35), first, 8);
    assert!(reader.screen().contains("t takes a tour"));
    reader.press("t");
    assert!(
        reader.screen().contains("Tour, 1 of 8") || reader.screen().contains("TOUR, 1 OF 8"),
        "{}",
        reader.screen()
    );
    reader.press("j");
    assert_eq!(reader.model.tour, Some(1));
    reader.press("<enter>");
    assert_eq!(reader.model.tour, Some(2));
    reader.press("] <enter> H *");
    assert_eq!(reader.model.tour, Some(6));
    reader.press("/ <esc> ?");
    assert_eq!(reader.model.tour, None, "the last step was done");
    reader
        .press("<esc>")
        .press(":")
        .type_text("tour")
        .press("<enter>");
    assert_eq!(reader.model.tour, Some(0));
    let column = reader.model.focus;
    reader.press("<esc>");
    assert_eq!((reader.model.tour, reader.model.focus), (None, column));
}

#[test]
fn empty_lists_teach_the_readers_own_keys() {
    let own = Settings {
        keys: vec![(
            "ctrl-x".to_owned(),
            vec!["visit-all".to_owned()],
            "config.toml:3".to_owned(),
        )],
        ..settings()
    };
    let mut reader = Reader::with((120, 35), own, 1);
    reader.model.entries.rows.clear();
    assert!(
        reader.screen().contains("Nothing unread."),
        "{}",
        reader.screen()
    );
    assert!(
        reader.screen().contains("R visits all feeds"),
        "the preset's key still stands: {}",
        reader.screen()
    );
    let newsboat = Settings {
        keys_preset: "newsboat".to_owned(),
        ..settings()
    };
    let mut reader = Reader::with((120, 35), newsboat, 1);
    reader.press("gl");
    reader.model.entries.rows.clear();
    assert!(
        reader
            .screen()
            .contains("e on an entry or a source keeps it here"),
        "{}",
        reader.screen()
    );
}

#[test]
fn a_refused_search_is_said_when_enter_was_faster() {
    let mut reader = Reader::new((120, 35));
    reader.press("/").type_text("is:x").press("<enter>");
    assert_eq!(reader.model.focus, Column::Entries);
    let number = reader.model.number();
    reader.model.entries.asked = Some(number);
    reader.tell(Event::SearchRefused {
        number,
        message: "there is no “is:x”".to_owned(),
        span: 0..4,
    });
    assert!(reader.screen().contains("there is no “is:x”"));
    assert_eq!(
        reader.model.entries.view,
        View::Search {
            text: "is:x".to_owned(),
            query: Query::All
        }
    );
    assert!(
        !matches!(&reader.model.overlay, Some(Overlay::Prompt(prompt)) if prompt.asks == Asks::Search)
    );
}

#[test]
fn the_mouse_picks_in_the_palette_and_the_wheel_turns_what_lies_over_the_columns() {
    let mut reader = Reader::new((120, 35));
    reader.press(":").type_text("all");
    let screen = reader.screen();
    let place = screen
        .lines()
        .enumerate()
        .find_map(|(y, line)| {
            let at = line.find("visit all ")?;
            Some((line[..at].chars().count() as u16, y as u16))
        })
        .expect("it is in the palette");
    let mouse = |kind, (column, row)| {
        Event::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        })
    };
    let click = MouseEventKind::Down(MouseButton::Left);
    reader.tell(mouse(click, place));
    if reader.model.overlay.is_some() {
        reader.tell(mouse(click, place));
    }
    assert!(reader.wishes().contains(&Effect::Visit(Vec::new())));
    assert!(reader.model.overlay.is_none());
    reader.press("?");
    reader.tell(mouse(MouseEventKind::ScrollDown, (60, 10)));
    assert!(matches!(&reader.model.overlay, Some(Overlay::Help(help)) if help.top == 3));
    reader.tell(mouse(click, (0, 0)));
    assert!(reader.model.overlay.is_none(), "beside it closes");
}

#[test]
fn names_in_the_top_line_are_clicked_where_they_stand() {
    let mut reader = Reader::new((160, 35));
    let view = SavedView {
        name: safe("Rust"),
        query: "title:rust".to_owned(),
        unread: Some(4),
    };
    reader.tell(Event::NamesLoaded {
        views: vec![view],
        tags: Vec::new(),
    });
    reader.tell(Event::SavedCounted {
        name: safe("Rust"),
        unread: 4,
    });
    for (name, expected) in [
        ("Starred", Some(View::Starred)),
        ("All ", Some(View::All)),
        ("Rust 4", None),
    ] {
        let screen = reader.screen();
        let line = screen.lines().next().unwrap_or_default();
        let at = line
            .find(name)
            .unwrap_or_else(|| panic!("{name} in {line}"));
        reader.tell(Event::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: line[..at].chars().count() as u16,
            row: 0,
            modifiers: KeyModifiers::NONE,
        }));
        match expected {
            Some(view) => assert_eq!(reader.model.entries.view, view),
            None => assert!(
                matches!(&reader.model.entries.view, View::Search { text, .. } if text == "title:rust")
            ),
        }
    }
}

#[test]
fn the_help_knows_the_search_language() {
    let mut reader = Reader::new((120, 35));
    reader.press("? /").type_text("has:").press("<enter>");
    let screen = reader.screen();
    assert!(
        screen.contains("Search language") && screen.contains("sources, image, audio or note"),
        "{screen}"
    );
}

#[test]
fn a_theme_of_ones_own_is_listed_seen_while_it_is_walked_over_and_kept_while_it_is_broken() {
    use super::theme::Look;
    let own = |text: &str| Settings {
        theme: "dusk".to_owned(),
        own: vec![("dusk".to_owned(), text.to_owned())],
        ..settings()
    };
    let accent = |reader: &Reader| reader.model.theme.style(Look::Accent).fg;
    let mut reader = Reader::with(
        (120, 35),
        own("base = \"ink\"\n[looks]\naccent = \"#010203\""),
        8,
    );
    let dusk = accent(&reader);
    assert_eq!(dusk, Some(Color::Rgb(1, 2, 3)));
    reader.press("zt").type_text("nord");
    assert_ne!(accent(&reader), dusk, "nord is seen before it is chosen");
    reader.press("<esc>");
    assert_eq!(accent(&reader), dusk, "esc goes back");
    let changed = |settings: Settings| Event::SettingsChanged(Box::new(settings));
    reader.tell(changed(Settings {
        own: Vec::new(),
        ..own("")
    }));
    assert_eq!(
        accent(&reader),
        dusk,
        "a file that cannot be read changes nothing"
    );
    reader.tell(changed(own("[looks]\naccent = \"#040506\"")));
    assert_eq!(accent(&reader), Some(Color::Rgb(4, 5, 6)));
}

#[test]
fn an_empty_list_offers_keys_that_do_something_there() {
    let status = |reader: &Reader| {
        let screen = reader.screen();
        screen.lines().last().unwrap_or_default().to_owned()
    };
    let mut reader = Reader::with((120, 35), settings(), 0);
    for keys in [".", "gh"] {
        reader.press(keys);
        let shown = status(&reader);
        assert!(shown.contains("a add feed"), "{shown}");
        assert!(
            !shown.contains("star") && !shown.contains("read/unread"),
            "{shown}"
        );
    }
    let reader = Reader::with((120, 35), settings(), 8);
    assert!(status(&reader).contains("read/unread"));
}

#[test]
fn a_description_is_searched_for_what_was_typed_and_not_for_its_letters() {
    let mut reader = Reader::new((120, 35));
    let found = palette(&mut reader, "undo");
    assert_eq!(found[0].0, "undo");
    let settings = &reader.model.settings;
    let text = |goes: &Goes| match goes {
        Goes::Action(action) => action.row().help.to_lowercase(),
        Goes::Setting(name) => settings
            .rows
            .iter()
            .find(|row| row.name == *name)
            .map_or_else(String::new, |row| row.text.to_lowercase()),
        _ => String::new(),
    };
    for (name, goes) in &found {
        let letters = name
            .chars()
            .filter(|letter| "undo".contains(*letter))
            .count();
        assert!(letters >= 4 || text(goes).contains("undo"), "{name}");
    }
}

#[test]
fn the_addresses_of_the_briefing_are_walked_read_and_opened() {
    use super::pane::briefing::{Kind, Line};
    let mut lines = Vec::new();
    for n in 0..20 {
        for (kind, text) in [
            (Kind::Title, format!("* Story {n}")),
            (Kind::Text, "What it is about.".to_owned()),
            (Kind::Address, format!("https://example.org/{n}")),
        ] {
            lines.push(Line {
                indent: if kind == Kind::Title { 0 } else { 2 },
                text,
                kind,
            });
        }
    }
    let mut reader = Reader::new((80, 24));
    reader.press("gd");
    assert!(matches!(
        reader.wishes().last(),
        Some(Effect::LoadBriefing { .. })
    ));
    reader.tell(Event::BriefingReady(lines));
    let selected = |reader: &Reader| match &reader.model.overlay {
        Some(Overlay::Briefing(shown)) => shown.address().map(str::to_owned),
        _ => None,
    };
    for n in [1, 2] {
        reader.press("j");
        assert_eq!(selected(&reader), Some(format!("https://example.org/{n}")));
    }
    for _ in 0..14 {
        reader.press("j");
        let (screen, address) = (reader.screen(), selected(&reader).unwrap_or_default());
        let n = address.rsplit('/').next().unwrap_or_default();
        assert!(screen.contains(&format!("* Story {n}")) && screen.contains(&address));
    }
    reader.press("o k y");
    let wishes = reader.wishes();
    assert!(wishes.contains(&Effect::Browse("https://example.org/16".to_owned())));
    assert!(
        matches!(wishes.last(), Some(Effect::Copy { text, .. }) if text == "https://example.org/15")
    );
    reader.press("G <space> g");
    assert_eq!(selected(&reader).as_deref(), Some("https://example.org/0"));
    let (x, y) = reader
        .screen()
        .lines()
        .enumerate()
        .find_map(|(y, line)| Some((line.find("https://example.org/3")? as u16, y as u16)))
        .expect("it is in sight");
    reader.tell(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: x,
        row: y,
        modifiers: KeyModifiers::NONE,
    }));
    assert!(reader.model.overlay.is_none());
    assert!(
        matches!(reader.model.reading.target(), Some(Target::Page { url, .. }) if url == "https://example.org/3")
    );
}
