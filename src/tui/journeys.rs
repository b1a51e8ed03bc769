//! Journeys on a model with rows made by hand: keys in, wishes and screens out.

use super::columns::Column;
use super::model::SettingRow;
use super::{Effect, Event, Model, Settings, screen, update};
use crate::address::Kind;
use crate::feed::{EntryId, FeedId};
use crate::news::{
    ArticleView, CardView, Counts, Edit, EntriesPage, EntriesQuestion, EntryHead, FeedRow, Health,
    Marks, Order, SourceRow, Target, View, Which, Window,
};
use crate::source::Role;
use crate::text::{Line, LineKind, Lines, Role as TextRole, SafeText, Span};
use chrono::{DateTime, FixedOffset, TimeDelta, TimeZone, Utc};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use std::sync::Arc;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 11, 3, 13, 7, 0)
        .single()
        .expect("a time that exists")
}

pub(super) fn settings() -> Settings {
    Settings {
        theme: "ink".to_owned(),
        symbols: "unicode".to_owned(),
        measure: 72,
        mouse: true,
        compact: false,
        images: true,
        order: Order::Newest,
        counts: true,
        keys_preset: "vim".to_owned(),
        keys: Vec::new(),
        cards: "demand".to_owned(),
        start: "unread".to_owned(),
        habits: true,
        colours: 16_777_216,
        first_start: false,
        demo: false,
        offline: false,
        own: Vec::new(),
        bundled: vec![
            ("security".to_owned(), "Security".to_owned(), 24),
            ("tech".to_owned(), "Technology".to_owned(), 31),
        ],
        rows: vec![
            SettingRow {
                name: "cards",
                text: "when titles and descriptions of sources are fetched",
                value: "demand".to_owned(),
                choices: ["ask", "visible", "demand", "never"]
                    .map(str::to_owned)
                    .to_vec(),
            },
            SettingRow {
                name: "archive",
                text: "where the archived copy of a page is looked for",
                value: "ask".to_owned(),
                choices: ["ask", "archive.org", "archive.today"]
                    .map(str::to_owned)
                    .to_vec(),
            },
            SettingRow {
                name: "at_once",
                text: "visits under way at once, in all",
                value: "64".to_owned(),
                choices: Vec::new(),
            },
        ],
    }
}

pub(super) fn safe(text: &str) -> SafeText {
    SafeText::line(text)
}

const TITLES: [(&str, &str); 8] = [
    (
        "Can Meta turn its AI spending into products?",
        "Daily Signal",
    ),
    (
        "Linux 7.2 lands with a new scheduler for hybrid cores",
        "LWN",
    ),
    (
        "A bug in a popular archive tool lets a file write anywhere",
        "Krebs on Security",
    ),
    ("Weekend reading", "Daring Fireball"),
    ("Show HN: a debugger that goes backwards", "Hacker News"),
    ("日本語の組版をターミナルで考える", "gihyo"),
    (
        "What the new borrow checker means for async closures",
        "This Week in Rust",
    ),
    (
        "The filing nobody read: a note on capital expenditure",
        "Quill",
    ),
];

fn entry(n: usize) -> EntryHead {
    let (title, feed) = TITLES[n % TITLES.len()];
    EntryHead {
        id: EntryId(1_000_000 - n as i64),
        feed: FeedId((n % TITLES.len()) as i64),
        feed_title: safe(feed),
        title: safe(&if n < TITLES.len() {
            title.to_owned()
        } else {
            format!("{title} ({n})")
        }),
        url: Some(format!("https://example.org/{n}")),
        authors: SafeText::default(),
        published: now() - TimeDelta::hours(2 + 2 * n as i64),
        marks: Marks {
            read: n % 4 == 3,
            starred: n == 2,
            later: false,
        },
        sources: Some(3),
        comments: None,
        story: None,
        tags: Vec::new(),
        note: false,
    }
}

fn feed(n: i64, title: &str, tag: &str, unread: u32) -> FeedRow {
    FeedRow {
        id: FeedId(n),
        url: format!("https://example.org/{n}.xml"),
        site_url: None,
        title: safe(title),
        tags: vec![safe(tag)],
        description: SafeText::default(),
        unread,
        entries: 40,
        health: if n == 3 {
            Health::Failing(safe(
                "the server said 429, next visit at 15:10. r visits now",
            ))
        } else {
            Health::Well
        },
        hidden: false,
        internal: false,
        last_visit: Some(now()),
        http: Some(200),
        not_before: None,
        fresh_until: None,
        moved_to: None,
        warnings: Vec::new(),
    }
}

fn source(n: u32, title: &str, site: &str, role: Role) -> SourceRow {
    SourceRow {
        n: Some(n),
        key: format!("{site}/{n}"),
        url: format!("https://{site}/{n}"),
        display_url: format!("https://{site}/{n}"),
        site: safe(site),
        role,
        kind: Kind::Article,
        primary: n == 2,
        reason: safe("cited in a sentence"),
        anchor: safe(title),
        context: safe("The sentence that cites it."),
        strength: 1.0,
        external: true,
        rank: n,
        offset: Some(n as usize * 40),
        comments: None,
        archived: false,
        short: false,
        warned: false,
        affiliate: false,
        removed: Vec::new(),
        card: CardView::default(),
    }
}

/// An article whose every fourth line cites a source, 40 characters a line.
fn view(target: &Target, width: u16, count: usize) -> ArticleView {
    let name = match target {
        Target::Entry(id) => format!("Article of entry {id}"),
        Target::Page { key, .. } => format!("Page {key}"),
    };
    let lines = (0..count)
        .map(|at| {
            let mut spans = vec![Span::new(
                format!("Line {at} of the text, with words "),
                TextRole::Text,
            )];
            if at % 4 == 1 && at < 12 {
                let mut link = Span::new("and a link", TextRole::Link);
                link.link = Some((at / 4) as u32);
                spans.push(link);
            }
            Line {
                spans,
                kind: if at == 20 {
                    LineKind::Heading(2)
                } else {
                    LineKind::Text
                },
                offset: at * 40,
            }
        })
        .collect();
    let sources = vec![
        source(
            1,
            "Meta has an AI product problem",
            "techcrunch.example",
            Role::Source,
        ),
        source(2, "Form 10-Q, third quarter", "sec.example", Role::Source),
        source(
            3,
            "Not all capex is created equal",
            "ft.example",
            Role::Source,
        ),
        source(
            4,
            "A company named in passing",
            "mention.example",
            Role::Mention,
        ),
    ];
    ArticleView {
        images: Vec::new(),
        image_sizes: Vec::new(),
        place: None,
        target: target.clone(),
        title: safe(&name),
        site: safe("Daily Signal"),
        byline: safe("Ada Quill"),
        published: Some(now()),
        language: None,
        words: 900,
        url: None,
        tags: Vec::new(),
        note: None,
        lines: Lines { width, lines },
        partial: false,
        links: sources.iter().take(3).map(|row| row.url.clone()).collect(),
        anchors: vec![Some(0), Some(1), Some(2)],
        sources,
        truncated: false,
        whole_page: false,
        wall: None,
        archived: None,
        left_out: Vec::new(),
        enclosures: Vec::new(),
        comments_url: None,
        more: None,
    }
}

/// A model and a world that answers at once.
pub(super) struct Reader {
    pub model: Model,
    entries: usize,
    /// Everything wished since the last look.
    wished: Vec<Effect>,
    /// Entries that are read, besides every fourth.
    pub read: std::ops::Range<usize>,
}

impl Reader {
    pub fn new(size: (u16, u16)) -> Reader {
        Reader::with(size, settings(), 8)
    }

    pub fn with(size: (u16, u16), settings: Settings, entries: usize) -> Reader {
        let zone = FixedOffset::east_opt(3600).expect("an hour is a zone");
        let mut reader = Reader {
            model: Model::new(settings, now(), zone, size),
            entries,
            wished: Vec::new(),
            read: 0..0,
        };
        let effects = update::start(&mut reader.model);
        reader.answer(effects);
        reader
    }

    pub fn tell(&mut self, event: Event) -> &mut Reader {
        let effects = update(&mut self.model, event);
        self.answer(effects);
        self
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.wished.push(effect.clone());
            match effect {
                Effect::LoadFeeds => {
                    let counts = Counts {
                        unread: 1_204,
                        today_unread: 6,
                        starred: 12,
                        later: 3,
                        all: 17_642,
                    };
                    let feeds = if self.entries == 0 {
                        Vec::new()
                    } else {
                        let feed_of = |(n, (_, title)): (usize, &(&str, &str))| {
                            let tag = if n < 4 { "News" } else { "Writers/Code" };
                            feed(n as i64, title, tag, (n * n) as u32)
                        };
                        TITLES.iter().enumerate().map(feed_of).collect()
                    };
                    self.tell(Event::FeedsLoaded { feeds, counts });
                }
                Effect::LoadEntries(question) | Effect::Search { question, .. } => {
                    let page = self.page(&question);
                    self.tell(Event::EntriesLoaded { question, page });
                }
                Effect::OpenArticle {
                    number,
                    target,
                    width,
                    ..
                } => {
                    let article = Arc::new(view(&target, width, 60));
                    self.tell(Event::ArticleReady { number, article });
                }
                _ => {}
            }
        }
    }

    fn page(&self, question: &EntriesQuestion) -> EntriesPage {
        let count = match &question.view {
            View::Search { text, .. } => self.entries / (text.len() + 1),
            _ => self.entries,
        };
        let from = match question.window {
            Window::From(from) => from.min(count),
            Window::Around(id) => (1_000_000 - id.0).max(120) as usize - 120,
            Window::End => count.saturating_sub(question.limit),
        };
        let to = (from + question.limit).min(count);
        EntriesPage {
            rows: (from..to)
                .map(|n| EntryHead {
                    marks: Marks {
                        read: entry(n).marks.read || self.read.contains(&n),
                        ..entry(n).marks
                    },
                    ..entry(n)
                })
                .collect(),
            offset: from,
            total: Some(count),
            unread: Some(count * 3 / 4),
            newer: 0,
            newest: Some(EntryId(1_000_000)),
            edit: 0,
        }
    }

    /// Keys as they are written in the config.
    pub fn press(&mut self, keys: &str) -> &mut Reader {
        for key in super::keymap::parse_sequence(keys).expect("the test writes keys that exist") {
            let mut modifiers = KeyModifiers::NONE;
            modifiers.set(KeyModifiers::CONTROL, key.ctrl);
            self.tell(Event::Key(KeyEvent::new(key.code, modifiers)));
        }
        self
    }

    pub fn type_text(&mut self, text: &str) -> &mut Reader {
        for letter in text.chars() {
            self.tell(Event::Key(KeyEvent::new(
                KeyCode::Char(letter),
                KeyModifiers::NONE,
            )));
        }
        self
    }

    pub fn wishes(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.wished)
    }

    pub fn screen(&self) -> String {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        screen::draw(&self.model, &mut buffer);
        (0..height)
            .map(|y| {
                let mut line = String::new();
                let mut x = 0;
                while x < width {
                    let symbol = buffer[(x, y)].symbol();
                    line.push_str(symbol);
                    x += (super::fit::width(symbol) as u16).max(1);
                }
                line.trim_end().to_owned()
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

#[test]
fn browsing_looks_right_at_all_sizes() {
    for (width, height) in [(200, 50), (120, 35), (80, 24), (40, 10)] {
        let reader = Reader::new((width, height));
        insta::assert_snapshot!(format!("browsing_{width}x{height}"), reader.screen());
    }
}

#[test]
fn reading_looks_right_at_all_sizes() {
    for (width, height) in [(200, 50), (120, 35), (80, 24), (40, 10)] {
        let mut reader = Reader::new((width, height));
        reader.press("<enter> j j");
        insta::assert_snapshot!(format!("reading_{width}x{height}"), reader.screen());
    }
}

#[test]
fn overlays_look_right() {
    let mut reader = Reader::new((120, 35));
    insta::assert_snapshot!("prefix", reader.press("g").screen());
    reader.press("<esc>");
    insta::assert_snapshot!("help", reader.press("?").screen());
    reader.press("<esc> :").type_text("star");
    insta::assert_snapshot!("palette", reader.screen());
    reader.press("<esc> gh j j j j");
    insta::assert_snapshot!("feeds", reader.screen());
    let mut empty = Reader::with((80, 24), settings(), 0);
    insta::assert_snapshot!("empty", empty.press("gs").screen());
    let first = Reader::with(
        (80, 24),
        Settings {
            first_start: true,
            ..settings()
        },
        0,
    );
    insta::assert_snapshot!("welcome", first.screen());
}

#[test]
fn every_size_draws_in_every_column() {
    for size in [
        (1, 1),
        (20, 4),
        (25, 5),
        (40, 10),
        (79, 15),
        (80, 16),
        (119, 24),
        (131, 40),
        (180, 50),
        (300, 90),
    ] {
        for keys in [
            "gh",
            "gu",
            "<enter>",
            "<enter> l",
            "<enter> l <enter> l <enter>",
            "?",
            ":",
            "g",
            "/",
            "<enter> f",
            "<enter> zz",
        ] {
            let mut reader = Reader::new(size);
            reader.press(keys);
            reader.screen();
        }
    }
}

#[test]
fn opening_an_entry_reads_it_and_the_way_back_is_exact() {
    let mut reader = Reader::new((120, 35));
    reader.press("j <enter>");
    assert_eq!(reader.model.focus, Column::Article);
    let marked = reader.wishes().iter().any(|wish| {
        matches!(
            wish,
            Effect::Apply {
                edit: Edit::Mark { on: true, .. },
                ..
            }
        )
    });
    assert!(marked, "opening marks read");
    assert!(
        reader.model.entries.rows[1].marks.read,
        "and is seen at once"
    );
    reader.press("12 j").press("] l");
    let before = (
        reader.model.reading.top,
        reader.model.reading.selected,
        reader.screen(),
    );
    reader.press("<enter>");
    assert_eq!(reader.model.reading.trail.depth(), 1);
    reader.press("j j l <enter>");
    assert_eq!(
        reader.model.reading.trail.depth(),
        2,
        "a source of a source"
    );
    reader.press("H H");
    let after = (
        reader.model.reading.top,
        reader.model.reading.selected,
        reader.screen(),
    );
    assert_eq!(before, after, "the same line, selection and panel");
    reader.wishes();
    reader.press("L");
    let asked = reader
        .wishes()
        .iter()
        .any(|wish| matches!(wish, Effect::OpenArticle { .. }));
    assert!(!asked, "forward and back never ask again");
}

#[test]
fn case_20_a_page_that_is_on_the_way_already_is_gone_back_to() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>").press("2 <enter>");
    let page = |reader: &Reader| match reader.model.reading.target() {
        Some(Target::Page { key, .. }) => key.clone(),
        other => panic!("{other:?}"),
    };
    let (first, depth) = (page(&reader), reader.model.reading.trail.depth());
    reader.press("3 <enter>");
    assert_ne!(page(&reader), first);
    assert_eq!(reader.model.reading.trail.depth(), depth + 1);
    // Each page of the journey cites the same sources, so this is A, B, A.
    reader.press("2 <enter>");
    assert_eq!(
        (page(&reader), reader.model.reading.trail.depth()),
        (first, depth)
    );
    reader.press("H");
    assert!(matches!(
        reader.model.reading.target(),
        Some(Target::Entry(_))
    ));
}

#[test]
fn case_21_a_card_that_comes_when_the_reader_has_left_is_not_drawn() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> <tab>");
    let key = reader
        .model
        .reading
        .selected_source()
        .expect("a source")
        .key
        .clone();
    reader.press("<esc> <esc> gu");
    let before = reader.screen();
    let card = CardView {
        title: Some(safe("A title that came late")),
        ..CardView::default()
    };
    reader.tell(Event::CardsReady([(key, card)].into_iter().collect()));
    assert_eq!(reader.screen(), before);
}

#[test]
fn the_place_in_a_text_survives_a_resize() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> 23 j");
    let line = |reader: &Reader| {
        reader
            .screen()
            .lines()
            .find_map(|row| row.find("Line ").map(|at| row[at..at + 8].to_owned()))
    };
    let before = line(&reader);
    reader.tell(Event::Resized(90, 30));
    assert_eq!(line(&reader), before);
}

#[test]
fn a_count_reads_the_source_of_that_number() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> 2 <enter>");
    assert!(
        matches!(reader.model.reading.target(), Some(Target::Page { key, .. }) if key == "sec.example/2")
    );
    reader.press("H 3 o");
    let browsed = reader.wishes().into_iter().find_map(|wish| match wish {
        Effect::Browse(url) => Some(url),
        _ => None,
    });
    assert_eq!(browsed.as_deref(), Some("https://ft.example/3"));
}

#[test]
fn no_source_is_a_site_or_a_role_on_it_and_can_be_taken_back() {
    for (keys, role) in [("<enter>", None), ("j <enter>", Some(Role::Source))] {
        let mut reader = Reader::new((120, 35));
        reader.press("<enter> <tab>");
        assert_eq!(reader.model.focus, Column::Sources);
        let host = reader.model.reading.selected_source();
        let host = host.expect("a source").site.to_string();
        reader.wishes();
        reader.press("-");
        assert!(reader.screen().contains(&format!("nothing of {host}")));
        reader.press("<esc>");
        assert_eq!(reader.wishes(), []);
        reader.press("-").press(keys);
        let refused = Edit::NotASource {
            host,
            role,
            on: true,
        };
        let wishes = reader.wishes();
        let applied = |edit: &Edit| {
            wishes
                .iter()
                .any(|wish| matches!(wish, Effect::Apply { edit: of, .. } if of == edit))
        };
        assert!(applied(&refused), "{wishes:?}");
        reader.press("u");
        let undone = reader.wishes();
        let is_undo = |wish: &Effect| {
            matches!(
                wish,
                Effect::Apply {
                    edit: Edit::Undo,
                    ..
                }
            )
        };
        assert!(undone.iter().any(is_undo), "{undone:?}");
    }
}

#[test]
fn where_an_archived_copy_is_looked_for_is_asked_once() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>");
    reader.wishes();
    let copy = |wishes: Vec<Effect>| -> Vec<Effect> {
        let is_told = |wish: &Effect| matches!(wish, Effect::Browse(_) | Effect::Set { .. });
        wishes.into_iter().filter(is_told).collect()
    };
    reader.press("ga");
    assert_eq!(copy(reader.wishes()), [], "nothing before the answer");
    assert!(reader.screen().contains("Internet Archive"));
    reader.press("j <enter>");
    let first = copy(reader.wishes());
    let [Effect::Set { key, value }, Effect::Browse(url)] = first.as_slice() else {
        panic!("{first:?}");
    };
    assert_eq!((key.as_str(), value.as_str()), ("archive", "archive.today"));
    assert!(
        url.starts_with("https://archive.today/newest/https://"),
        "{url}"
    );
    reader.press("ga");
    assert_eq!(copy(reader.wishes()), [Effect::Browse(url.clone())]);
}

#[test]
fn an_archived_copy_is_read_here_as_a_step_of_the_trail() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>");
    let article = reader.model.reading.target().cloned();
    reader.wishes();
    reader.press("ga <enter>");
    let asked = reader.wishes().into_iter().find_map(|wish| match wish {
        Effect::OpenArticle {
            target: Target::Page { url, .. },
            again,
            ..
        } => Some((url, again)),
        _ => None,
    });
    let (url, again) = asked.expect("the copy is asked for");
    assert!(
        url.starts_with("https://web.archive.org/web/2id_/https://"),
        "{url}"
    );
    assert!(again, "whatever is kept of the page");
    assert_eq!(reader.model.reading.trail.depth(), 1);
    reader.press("H");
    assert_eq!(reader.model.reading.target().cloned(), article);
}

#[test]
fn pages_of_a_list_are_fetched_ahead_and_how_far_stands_in_the_top_line() {
    use super::event::Ahead;
    let mut reader = Reader::new((120, 35));
    let asked = |reader: &mut Reader| -> Vec<Effect> {
        let is_meant =
            |wish: &Effect| matches!(wish, Effect::FetchAhead { .. } | Effect::StopAhead);
        reader.wishes().into_iter().filter(is_meant).collect()
    };
    reader.press("X");
    let first = asked(&mut reader);
    assert!(
        matches!(first.as_slice(), [Effect::FetchAhead { entries, .. }] if entries.is_empty()),
        "{first:?}"
    );
    reader.tell(Event::Ahead(Some(Ahead {
        done: 3,
        total: 12,
        failed: 0,
    })));
    assert!(reader.screen().contains("3 of 12 pages"));
    reader.press("X");
    assert_eq!(asked(&mut reader), [Effect::StopAhead]);
    reader.tell(Event::Ahead(None));
    assert!(!reader.screen().contains("of 12 pages"));
    reader.press("v j X");
    let marked = asked(&mut reader);
    assert!(
        matches!(marked.as_slice(), [Effect::FetchAhead { entries, .. }] if !entries.is_empty()),
        "{marked:?}"
    );
}

#[test]
fn where_no_discussion_is_known_it_is_asked_where_to_look_for_one() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> c");
    let key = crate::news::Listing::Threads(reader.model.entries.rows[0].id);
    let citing = Vec::new();
    reader.wishes();
    reader.tell(Event::CitingLoaded { key, citing });
    assert!(reader.screen().contains("Hacker News"));
    assert!(
        reader.wishes().is_empty(),
        "nobody learns of it before the answer"
    );
    reader.press("<enter>");
    let wishes = reader.wishes();
    let [Effect::Browse(url)] = wishes.as_slice() else {
        panic!("{wishes:?}");
    };
    assert_eq!(url, "https://hn.algolia.com/?query=example.org%2F0");
}

#[test]
fn the_most_cited_of_a_day_a_week_or_a_month_by_key() {
    use crate::news::Listing::MostCited;
    let mut reader = Reader::new((120, 35));
    let asked = |reader: &mut Reader| {
        let found = reader.wishes().into_iter().find_map(|wish| match wish {
            Effect::LoadCiting {
                key: MostCited(days),
            } => Some(days),
            _ => None,
        });
        found.expect("a list is asked for")
    };
    for (keys, days) in [("gc", 7), ("d", 1), ("m", 30), ("w", 7)] {
        reader.press(keys);
        assert_eq!(asked(&mut reader), days);
    }
    assert!(reader.screen().contains("MOST CITED IN 7 DAYS"));
}

#[test]
fn a_lone_digit_reads_its_source_when_its_time_is_up() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter>");
    reader.wishes();
    reader.press("1");
    let token = reader.wishes().into_iter().find_map(|wish| match wish {
        Effect::After { token, .. } => Some(token),
        _ => None,
    });
    assert_eq!(reader.model.reading.trail.depth(), 0);
    reader.tell(Event::TimeUp(token.expect("a timer was asked for")));
    assert_eq!(reader.model.reading.trail.depth(), 1);
}

#[test]
fn a_million_entries_are_walked_with_few_rows_held() {
    let mut reader = Reader::with((120, 35), settings(), 1_000_000);
    for _ in 0..500 {
        reader.press("j");
    }
    assert_eq!(reader.model.entries.place, 500);
    assert!(reader.model.entries.rows.len() <= 240);
    reader.press("G");
    assert_eq!(reader.model.entries.place, 999_999);
    reader.press("ctrl-u");
    assert!(reader.model.entries.place < 999_999);
    reader.press("gg");
    assert_eq!(
        (reader.model.entries.place, reader.model.entries.top),
        (0, 0)
    );
    reader.press("5000 G");
    assert_eq!(reader.model.entries.place, 4_999);
}

#[test]
fn the_next_unread_entry_is_found_however_far_it_is() {
    let mut reader = Reader::with((120, 35), settings(), 20_000);
    reader.read = 3..9_000;
    reader.press("gt 10 j");
    assert_eq!(reader.model.entries.place, 10);
    reader.press("n");
    assert_eq!(reader.model.entries.place, 9_000);
    reader.press("N");
    assert!(reader.model.entries.place < 3);
    reader.read = 0..20_000;
    reader.press("gt n");
    assert!(reader.screen().contains("Nothing unread below"));
    assert_eq!(reader.model.entries.place, 0);
}

#[test]
fn news_never_moves_the_selection() {
    let mut reader = Reader::with((120, 35), settings(), 500);
    reader.press("30 j");
    let (selected, shown) = (reader.model.entries.selected, reader.screen());
    let changes = crate::news::Changes {
        new: 12,
        ..Default::default()
    };
    reader.tell(Event::Changed(changes));
    assert_eq!(reader.model.entries.selected, selected);
    assert_eq!(reader.screen(), shown);
}

#[test]
fn until_a_row_is_chosen_what_is_new_takes_the_first_place() {
    let came_in = |reader: &mut Reader| {
        let changes = crate::news::Changes {
            new: 1,
            ..Default::default()
        };
        reader.tell(Event::Changed(changes));
        reader.model.entries.clone()
    };
    let mut reader = Reader::new((120, 35));
    // An entry above the first one, as when the first feeds of all are coming in.
    reader.model.entries.rows.rotate_left(1);
    reader.model.entries.selected = Some(reader.model.entries.rows[0].id);
    let entries = came_in(&mut reader);
    assert_eq!((entries.place, entries.top), (0, 0));
    assert_eq!(entries.selected, Some(entries.rows[0].id));
    reader.press("j k");
    let chosen = reader.model.entries.selected;
    assert_eq!(came_in(&mut reader).selected, chosen);
}

#[test]
fn a_key_outruns_the_rows_that_were_asked_for_before_it() {
    let mut reader = Reader::new((120, 35));
    reader.model.entries.select = Some(super::pane::entries::Select::First);
    reader.press("j");
    assert_eq!(reader.model.entries.place, 1);
    reader.tell(Event::Changed(crate::news::Changes {
        new: 1,
        ..Default::default()
    }));
    assert_eq!(reader.model.entries.place, 1);
}

#[test]
fn keys_pressed_before_the_rows_are_there_wait_for_them() {
    let mut reader = Reader::new((120, 35));
    let mut wished = Vec::new();
    // The world does not answer yet.
    for keys in ["gs", "j", "<enter>"] {
        for key in super::keymap::parse_sequence(keys).expect("keys that exist") {
            let event = Event::Key(KeyEvent::new(key.code, KeyModifiers::NONE));
            wished.extend(update(&mut reader.model, event));
        }
    }
    assert_eq!(reader.model.focus, Column::Entries);
    reader.answer(wished);
    assert_eq!(reader.model.focus, Column::Article);
    let second = reader.model.entries.rows[1].id;
    assert_eq!(reader.model.reading.target(), Some(&Target::Entry(second)));
}

#[test]
fn a_day_without_entries_starts_with_what_is_unread_until_a_key_says_otherwise() {
    let quiet = Counts {
        unread: 5,
        ..Counts::default()
    };
    let start = Settings {
        start: "today".to_owned(),
        ..settings()
    };
    let mut reader = Reader::with((120, 35), start, 0);
    assert!(matches!(reader.model.entries.view, View::Today { .. }));
    reader.tell(Event::CountsLoaded(quiet));
    assert_eq!(reader.model.entries.view, View::Unread);
    reader.press("gt").tell(Event::CountsLoaded(quiet));
    assert!(matches!(reader.model.entries.view, View::Today { .. }));
}

#[test]
fn the_start_asks_for_counts_then_rows_then_feeds_and_for_feeds_behind_the_rows_that_stay() {
    let mut start = Settings {
        start: "today".to_owned(),
        ..settings()
    };
    let asked = |settings: Settings| -> Vec<&str> {
        let reader = Reader::with((120, 35), settings, 0);
        let name = |effect: &Effect| match effect {
            Effect::LoadCounts => Some("counts"),
            Effect::LoadEntries(_) => Some("rows"),
            Effect::LoadFeeds => Some("feeds"),
            _ => None,
        };
        reader.wished.iter().filter_map(name).collect()
    };
    assert_eq!(asked(start.clone()), ["counts", "rows", "feeds"]);
    start.start = "feeds".to_owned();
    assert_eq!(asked(start.clone()), ["counts", "rows", "feeds"]);
    // Nothing is of today: what is unread comes before the feeds, however many these are.
    start.start = "today".to_owned();
    let mut model = Model::new(
        start,
        now(),
        FixedOffset::east_opt(3600).expect("an hour is a zone"),
        (120, 35),
    );
    let first = update::start(&mut model);
    let question = first.into_iter().find_map(|effect| match effect {
        Effect::LoadEntries(question) => Some(question),
        _ => None,
    });
    let unread = Counts {
        unread: 5,
        ..Counts::default()
    };
    assert!(!update(&mut model, Event::CountsLoaded(unread)).contains(&Effect::LoadFeeds));
    let wished = update(
        &mut model,
        Event::EntriesLoaded {
            question: question.expect("rows are asked for"),
            page: EntriesPage {
                total: Some(0),
                ..EntriesPage::default()
            },
        },
    );
    assert_eq!(model.entries.view, View::Unread);
    assert!(!wished.contains(&Effect::LoadFeeds), "{wished:?}");
}

#[test]
fn a_click_in_a_list_of_articles_picks_and_a_second_one_opens() {
    let mut reader = Reader::new((120, 35));
    reader.press("gc");
    let citing = |n: u32| crate::news::Citing {
        target: Target::Page {
            key: format!("k{n}"),
            url: format!("https://example.org/{n}"),
        },
        title: safe(&format!("Cited {n}")),
        site: safe("example.org"),
        published: None,
        context: safe("3 sites"),
    };
    let key = crate::news::Listing::MostCited(7);
    let list = vec![citing(1), citing(2)];
    reader.tell(Event::CitingLoaded { key, citing: list });
    let screen = reader.screen();
    let y = screen
        .lines()
        .position(|line| line.contains("Cited 2"))
        .expect("the second row is in sight");
    let click = Event::Mouse(ratatui::crossterm::event::MouseEvent {
        kind: ratatui::crossterm::event::MouseEventKind::Down(
            ratatui::crossterm::event::MouseButton::Left,
        ),
        column: 40,
        row: y as u16,
        modifiers: KeyModifiers::NONE,
    });
    reader.tell(click.clone());
    assert!(reader.model.overlay.is_some(), "it stays open");
    reader.tell(click);
    let opened =
        matches!(reader.model.reading.target(), Some(Target::Page { key, .. }) if key == "k2");
    assert!(opened, "{:?}", reader.model.reading.target());
}

#[test]
fn a_mark_newer_than_the_answer_is_laid_over_it() {
    let mut reader = Reader::new((120, 35));
    reader.press("m");
    assert!(reader.model.entries.rows[0].marks.read);
    let wish = reader.wishes().into_iter().find_map(|wish| match wish {
        Effect::Apply { wish, .. } => Some(wish),
        _ => None,
    });
    reader.tell(Event::EditSent {
        wish: wish.expect("an edit was sent"),
        number: 7,
    });
    let changes = crate::news::Changes {
        changed: 1,
        ..Default::default()
    };
    reader.tell(Event::Changed(changes));
    assert!(
        reader.model.entries.rows[0].marks.read,
        "the answer knows edits up to 0 only"
    );
}

#[test]
fn search_replaces_the_list_and_esc_brings_it_back() {
    let mut reader = Reader::with((120, 35), settings(), 300);
    reader.press("40 j /").type_text("abc");
    let searched = reader
        .wishes()
        .iter()
        .filter(|wish| matches!(wish, Effect::Search { .. }))
        .count();
    assert_eq!(searched, 3, "with each key");
    assert!(matches!(reader.model.entries.view, View::Search { .. }));
    reader.press("<esc>");
    assert_eq!(reader.model.entries.view, View::Unread);
    assert_eq!(reader.model.entries.place, 40);
}

#[test]
fn a_search_that_cannot_be_read_is_pointed_at() {
    let mut reader = Reader::new((120, 35));
    reader.press("/").type_text("is:x");
    let number = reader.model.number();
    reader.model.entries.asked = Some(number);
    reader.tell(Event::SearchRefused {
        number,
        message: "there is no is:x; is:read is".to_owned(),
        span: 0..4,
    });
    assert!(reader.screen().contains("there is no is:x"));
}

#[test]
fn marking_many_asks_first() {
    let mut reader = Reader::with((120, 35), settings(), 300);
    reader.press("A");
    assert!(
        reader
            .screen()
            .contains("Mark 225 unread entries in Unread read?")
    );
    reader.wishes();
    reader.press("n");
    assert_eq!(reader.wishes(), []);
    reader.press("A y");
    assert!(reader.wishes().iter().any(|wish| matches!(
        wish,
        Effect::Apply {
            edit: Edit::Mark { .. },
            ..
        }
    )));
}

#[test]
fn what_stands_under_a_row_is_marked_and_counted_with_the_list() {
    let mut reader = Reader::new((120, 35));
    reader.press("ge A");
    let unread = reader.model.counts.unread;
    let matching = |wish: &Effect| {
        matches!(
            wish,
            Effect::Apply {
                edit: Edit::Mark {
                    which: Which::Matching { .. },
                    ..
                },
                ..
            }
        )
    };
    // By the number of the side, in which a story's every entry counts; by the query, which finds them all.
    let words = super::words::plural(unread as usize, "unread entry");
    let asks = format!("Mark {words}");
    assert!(reader.screen().contains(&asks), "{}", reader.screen());
    reader.press("y");
    assert!(reader.wishes().iter().any(matching));
}

#[test]
fn what_stands_above_is_marked_beyond_the_rows_that_are_held() {
    let mut reader = Reader::with((120, 35), settings(), 600);
    reader.press("G M");
    assert!(reader.model.entries.offset > 0);
    assert!(
        reader
            .screen()
            .contains("Mark everything above in Unread read?")
    );
    reader.press("y");
    assert!(reader.wishes().iter().any(|wish| matches!(
        wish,
        Effect::Apply {
            edit: Edit::Mark {
                which: Which::Matching { .. },
                ..
            },
            ..
        }
    )));
}

#[test]
fn no_card_is_fetched_without_consent() {
    let mut ask = Reader::with(
        (120, 35),
        Settings {
            cards: "ask".to_owned(),
            ..settings()
        },
        8,
    );
    ask.press("<enter> l j j");
    assert!(!ask.wishes().iter().any(|wish| matches!(
        wish,
        Effect::FetchCards { .. } | Effect::After { ms: 600, .. }
    )));
    ask.press("zc");
    let token = ask.wishes().into_iter().find_map(|wish| match wish {
        Effect::After { token, ms: 600 } => Some(token),
        _ => None,
    });
    ask.tell(Event::TimeUp(token.expect("cards are waited for")));
    let cards: usize = ask
        .wishes()
        .iter()
        .map(|wish| match wish {
            Effect::FetchCards {
                cards,
                pressed: false,
            } => cards.len(),
            _ => 0,
        })
        .sum();
    assert_eq!(cards, 3, "sources in sight, no mentions");
}

#[test]
fn labels_lead_to_links() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> f a");
    assert_eq!(reader.model.reading.trail.depth(), 1);
}

#[test]
fn esc_leads_from_anywhere_to_the_feeds_and_q_quits_there() {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> l <enter> l <esc> <esc> <esc> <esc> <esc> <esc>");
    assert_eq!(reader.model.focus, Column::Feeds);
    reader.wishes();
    reader.press("q");
    assert_eq!(reader.wishes(), [Effect::Quit]);
}

#[test]
fn the_hint_of_an_order_and_the_order_agree() {
    let mut reader = Reader::new((120, 35));
    reader.press("zo");
    assert_eq!(reader.model.entries.order, Order::Oldest);
    assert!(reader.screen().contains("Oldest first."));
    // It is remembered with the list, and another one begins as it was.
    reader.press("zo zo");
    assert!(reader.screen().contains("By title.") && reader.screen().contains("by title"));
    reader.press("gs");
    assert_eq!(reader.model.entries.order, Order::Newest);
    reader.press("gu");
    assert_eq!(reader.model.entries.order, Order::Title);
    reader.press("zo");
    assert!(reader.screen().contains("Unread first."));
    reader.press("zo");
    assert_eq!(reader.model.entries.order, Order::Newest);
    let settings = Settings {
        order: Order::Feed,
        ..settings()
    };
    let reader = Reader::with((120, 35), settings, 8);
    assert_eq!(reader.model.entries.order, Order::Feed);
}

#[test]
fn counts_are_seen_unless_somebody_wants_to_be_left_alone() {
    for (counts, seen) in [(true, true), (false, false)] {
        let settings = Settings {
            counts,
            ..settings()
        };
        let reader = Reader::with((200, 50), settings, 8);
        let screen = reader.screen();
        assert_eq!(screen.contains("6 unread"), seen, "{screen}");
        assert_eq!(screen.contains("1,204"), seen);
        assert_eq!(screen.contains(" 49"), seen, "beside a feed");
    }
}

#[test]
fn steps_beyond_the_rows_that_are_held_arrive() {
    let mut reader = Reader::new((200, 50));
    reader.entries = 1000;
    reader.press("g e");
    // Not answered until all of them are pressed.
    let mut effects = Vec::new();
    for _ in 0..300 {
        let key = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE);
        effects.extend(update(&mut reader.model, Event::Key(key)));
    }
    reader.answer(effects);
    assert_eq!(reader.model.entries.place, 300);
    reader.press("5 0 0 j");
    assert_eq!(reader.model.entries.place, 800);
    reader.press("9 9 9 9 j");
    assert_eq!(reader.model.entries.place, 999);
}

#[test]
fn what_comes_in_on_the_way_to_the_end_does_not_lead_elsewhere() {
    let mut reader = Reader::new((200, 50));
    reader.entries = 1000;
    reader.press("g e");
    let key = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::NONE);
    let asked = update(&mut reader.model, Event::Key(key));
    let first = asked.iter().any(
        |effect| matches!(effect, Effect::LoadEntries(question) if question.window == Window::End),
    );
    assert!(first, "{asked:?}");
    let news = Event::Changed(crate::news::Changes {
        new: 1,
        ..crate::news::Changes::default()
    });
    let effects = update(&mut reader.model, news);
    reader.answer(effects);
    assert_eq!(reader.model.entries.place, 999);
}

#[test]
fn what_a_round_came_to_is_not_covered_by_the_few_feeds_that_fall_due_after_it() {
    let mut reader = Reader::new((120, 35));
    let mut round = |total, failed, asked| {
        let progress = super::event::Progress {
            done: total,
            total,
            failed,
            visiting: Vec::new(),
            asked,
        };
        reader.tell(Event::Progress(Some(progress)));
        reader.tell(Event::Progress(None));
        reader
            .model
            .notice
            .as_ref()
            .map(|notice| notice.text.clone())
    };
    let first = Some("Visited 18 feeds, 1 failed.".to_owned());
    assert_eq!(round(18, 1, false), first, "the round of the start");
    assert_eq!(round(1, 0, false), first, "by the clock");
    assert_eq!(round(1, 0, true), Some("Visited 1 feed.".to_owned()));
}
