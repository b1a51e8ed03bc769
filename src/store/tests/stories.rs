//! Stories in the store: placing, splitting and joining by hand, who cites, what is cited most, what is related.

use super::*;
use crate::feed::StoryId;
use crate::store::most_cited;
use std::collections::BTreeSet;

const HOUR: i64 = 3600;

/// An entry with a text, under an address of that site.
fn told(site: &str, title: &str, seconds: i64, html: &str) -> Entry {
    let slug: String = title
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let key = format!("{site}.example/{slug}");
    Entry {
        identity: format!("{key}{seconds}"),
        url: Some(format!("https://{key}")),
        key,
        html: html.to_owned(),
        language: Some("en".into()),
        ..entry(title, seconds)
    }
}

fn shop(count: usize) -> Shop {
    let urls: Vec<String> = (1..=count)
        .map(|n| format!("https://site{n}.example/feed"))
        .collect();
    Shop::with_feeds(&urls.iter().map(String::as_str).collect::<Vec<_>>())
}

impl Shop {
    fn tell(&self, feed: i64, seconds: i64, entries: Vec<Entry>) {
        self.visit(feed, seconds, entries);
        self.writer.flush(true);
    }

    fn story(&self, entry: i64) -> StoryId {
        let id = self
            .reader()
            .conn()
            .query_row(
                "SELECT story FROM story_entry WHERE entry = ?1",
                [entry],
                |row| row.get(0),
            )
            .expect("every entry of this month is in a story");
        StoryId(id)
    }

    fn members(&self, entry: i64) -> BTreeSet<i64> {
        let story = self.reader().story(self.story(entry)).unwrap().unwrap();
        story.entries.iter().map(|told| told.head.id.0).collect()
    }

    /// What is written down of stories is what follows from their entries.
    fn stories_are_whole(&self) {
        let reader = self.reader();
        let number =
            |sql: &str| -> i64 { reader.conn().query_row(sql, [], |row| row.get(0)).unwrap() };
        for sql in [
            "SELECT count(*) FROM story s WHERE entries <> (SELECT count(*) FROM story_entry x WHERE x.story = s.id)",
            "SELECT count(*) FROM story s WHERE sites <> (SELECT count(DISTINCT site) FROM story_entry x WHERE x.story = s.id)",
            "SELECT count(*) FROM story_entry WHERE story NOT IN (SELECT id FROM story)",
            "SELECT count(*) FROM story_entry WHERE entry NOT IN (SELECT id FROM entry)",
            "SELECT count(*) FROM story WHERE title_entry NOT IN (SELECT entry FROM story_entry x WHERE x.story = story.id)",
            "SELECT count(*) FROM posting WHERE entry NOT IN (SELECT entry FROM vector)",
            "SELECT count(*) FROM (SELECT at, entry, source, feed FROM vote EXCEPT
             SELECT e.published, e.id, c.source, e.feed FROM entry e JOIN citation c ON c.from_entry = e.id
             WHERE e.hidden = 0 AND c.role IN ('source', 'media') AND c.external = 1)",
            "SELECT count(*) FROM (SELECT e.published, e.id, c.source, e.feed FROM entry e JOIN citation c ON c.from_entry = e.id
             WHERE e.hidden = 0 AND c.role IN ('source', 'media') AND c.external = 1 EXCEPT SELECT at, entry, source, feed FROM vote)",
            "SELECT count(*) FROM (SELECT source, count(DISTINCT feed) FROM vote GROUP BY source EXCEPT SELECT source, feeds FROM vote_tally)",
            "SELECT count(*) FROM vote v WHERE NOT EXISTS (SELECT 1 FROM vote_tally t WHERE t.source = v.source AND t.newest >= v.at)",
            "SELECT count(*) FROM vote_tally WHERE source NOT IN (SELECT source FROM vote)",
        ] {
            assert_eq!(number(sql), 0, "{sql}");
        }
    }
}

const PORT: &str = "<p>Rebels in Libya loaded oil onto a tanker at a port they hold, and the parliament voted the prime minister out of office.</p>";

#[test]
fn one_event_told_by_several_sites_is_one_story() {
    let shop = shop(3);
    shop.tell(
        1,
        0,
        vec![told(
            "site1",
            "Libya ousts prime minister after rebel tanker leaves port",
            0,
            PORT,
        )],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "Libyan prime minister ousted as oil tanker slips out of rebel port",
            HOUR,
            "<p>The tanker left the port at night; the prime minister of Libya lost the vote.</p>",
        )],
    );
    shop.tell(
        3,
        0,
        vec![told(
            "site3",
            "Volcanoes helped species survive ice ages",
            HOUR,
            "<p>Heat of volcanoes kept refuges free of ice.</p>",
        )],
    );
    assert_eq!(shop.members(1), [1, 2].into());
    assert_eq!(shop.members(3), [3].into());
    let head = shop.reader().head(EntryId(1)).unwrap().unwrap();
    assert_eq!(head.story.map(|(_, sites)| sites), Some(2));
    let story = shop.reader().story(shop.story(1)).unwrap().unwrap();
    assert!(
        story.entries[1].why.contains("tanker"),
        "{}",
        story.entries[1].why
    );
    shop.stories_are_whole();
}

#[test]
fn a_source_of_a_story_is_called_as_those_who_cite_it_call_it() {
    let shop = shop(3);
    let paper = "https://arxiv.org/abs/2011.00001";
    for (feed, words) in [(1, "the paper"), (2, "How long do accelerators last?")] {
        let html = format!("{PORT}<p>Read <a href='{paper}'>{words}</a> about it, they say.</p>");
        let title = format!("Tanker leaves the rebel port of Libya, says site {feed}");
        shop.tell(
            feed,
            0,
            vec![told(&format!("site{feed}"), &title, HOUR, &html)],
        );
    }
    let story = shop.reader().story(shop.story(1)).unwrap().unwrap();
    let titles: Vec<&str> = story.sources.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["How long do accelerators last?"]);
}

#[test]
fn two_feeds_with_one_key_hold_one_entry_where_both_live_there_else_one_story() {
    let shop = shop(3);
    let mut one = told("site1", "Port deal signed", 0, "");
    one.url = Some("https://site1.example/port".into());
    one.key = "site1.example/port".into();
    shop.tell(1, 0, vec![one.clone()]);
    // The same address in another feed, under another title: a link-blog's own words.
    let linked = Entry {
        title: SafeText::line("Worth your time"),
        identity: "b".into(),
        ..one.clone()
    };
    shop.tell(2, 0, vec![linked]);
    assert_eq!(shop.members(1), [1, 2].into());
    // The very same entry: one entry in two feeds.
    shop.tell(
        3,
        0,
        vec![Entry {
            identity: "c".into(),
            ..one
        }],
    );
    assert_eq!(shop.reader().count(&Query::All).unwrap(), 2);
    shop.stories_are_whole();
    shop.is_whole();
}

#[test]
fn a_list_shows_a_story_as_one_row_and_counts_what_it_shows() {
    let shop = shop(3);
    let since = time(-HOUR);
    for (feed, title) in [
        (
            1,
            "Libya ousts prime minister after rebel tanker leaves port",
        ),
        (
            2,
            "Libyan prime minister ousted as rebel tanker leaves port",
        ),
        (
            3,
            "Libya ousts its prime minister over a tanker of a rebel port",
        ),
    ] {
        let site = format!("site{feed}");
        shop.tell(feed, 0, vec![told(&site, title, feed * HOUR, PORT)]);
    }
    shop.tell(
        3,
        0,
        vec![told(
            "site3",
            "Volcanoes helped species survive ice ages",
            4 * HOUR,
            "",
        )],
    );
    let rows = |fold: bool, view: View| {
        let question = EntriesQuestion {
            fold,
            ..question(view)
        };
        let page = shop.reader().entries(&question).unwrap();
        let ids: Vec<i64> = page.rows.iter().map(|head| head.id.0).collect();
        assert_eq!(page.total, Some(ids.len()));
        let unread = page.rows.iter().filter(|head| !head.marks.read).count();
        assert_eq!(page.unread, Some(unread));
        (ids, page.rows)
    };
    assert_eq!(rows(false, View::All).0, [4, 3, 2, 1]);
    let (ids, heads) = rows(true, View::All);
    assert_eq!(ids, [4, 1]);
    assert_eq!(heads[1].story.map(|(_, sites)| sites), Some(3));
    assert_eq!(rows(true, View::Today { since }).0, [4, 1]);
    // The row is of yesterday: what came today is listed all the same.
    let since = time(HOUR + 1);
    assert_eq!(rows(true, View::Today { since }).0, [4, 3, 2]);
    let around = EntriesQuestion {
        fold: true,
        window: Window::Around(EntryId(2)),
        limit: 1,
        ..question(View::Today { since })
    };
    assert_eq!(shop.reader().entries(&around).unwrap().offset, 2);
    // Who asks for the rows around one that is folded gets those around the row it is under.
    let around = EntriesQuestion {
        fold: true,
        window: Window::Around(EntryId(3)),
        limit: 1,
        ..question(View::All)
    };
    assert_eq!(shop.reader().entries(&around).unwrap().offset, 1);
    // The feed of the row is hidden: another entry stands for the story; it stays when the feed comes back.
    let hide = |hidden: bool| {
        let feeds = (1..=3)
            .filter(|feed| !hidden || *feed != 1)
            .map(|feed| listed(&format!("https://site{feed}.example/feed")))
            .collect();
        shop.apply(Edit::SetFeeds(feeds));
    };
    hide(true);
    assert_eq!(rows(true, View::All).0, [4, 2]);
    hide(false);
    assert_eq!(rows(true, View::All).0, [4, 2]);
    // A mark of the row is one of the story, and is taken back as one.
    let read = || {
        let heads = rows(false, View::All).1.into_iter();
        let read = heads.filter(|head| head.marks.read);
        read.map(|head| head.id.0).collect::<Vec<_>>()
    };
    shop.apply(Edit::Mark {
        which: Which::Stories(vec![EntryId(2)]),
        mark: MarkKind::Read,
        on: true,
    });
    assert_eq!(read(), [3, 2, 1]);
    shop.apply(Edit::Undo);
    assert_eq!(read(), [0; 0]);
    // Split by hand, it is a row of its own.
    shop.apply(Edit::Apart { entry: EntryId(3) });
    assert_eq!(rows(true, View::All).0, [4, 3, 2]);
    shop.apply(Edit::Undo);
    assert_eq!(rows(true, View::All).0, [4, 2]);
}

/// The rows of a list that shows a story as one row.
fn rows(shop: &Shop) -> Vec<i64> {
    let question = EntriesQuestion {
        fold: true,
        ..question(View::All)
    };
    let page = shop.reader().entries(&question).unwrap();
    page.rows.iter().map(|head| head.id.0).collect()
}

const OUSTED: [&str; 3] = [
    "Libya ousts prime minister after rebel tanker leaves port",
    "Libya ousts its prime minister after tanker leaves rebel port",
    "Libya ousts prime minister over the tanker of a rebel port",
];

#[test]
fn what_comes_in_one_refresh_is_one_row_and_what_was_there_before_stays() {
    for (later, read, expected) in [
        // The newer one came first, as in its feed.
        (60, false, [2].as_slice()),
        (60, true, &[1]),
        (3 * HOUR, false, &[1, 2]),
    ] {
        let shop = shop(2);
        let two = [0, 1].map(|n| told("site1", OUSTED[n], n as i64 * HOUR, PORT));
        shop.tell(1, 0, two.into());
        assert_eq!(rows(&shop), [1, 2], "one site alone is no story");
        if read {
            shop.mark(&[1], MarkKind::Read, true);
        }
        shop.tell(2, later, vec![told("site2", OUSTED[2], 2 * HOUR, PORT)]);
        assert_eq!(shop.members(1), [1, 2, 3].into());
        assert_eq!(rows(&shop), expected, "{later} {read}");
        shop.stories_are_whole();
    }
}

#[test]
fn where_the_row_of_a_story_is_let_go_another_stands_for_it() {
    let shop = shop(3);
    for (feed, title) in (1..).zip(OUSTED) {
        let site = format!("site{feed}");
        let text = format!(
            "{PORT}<p>Nobody in the capital had seen it coming, and nobody at sea tried to stop the ship, which turned off its lights before midnight.</p>"
        );
        shop.tell(feed, 0, vec![told(&site, title, feed * HOUR, &text)]);
    }
    assert_eq!(rows(&shop), [1]);
    let copies = "SELECT count(*) FROM story_entry WHERE copy_of IS NOT NULL";
    let count = |sql: &str| -> i64 {
        let reader = shop.reader();
        reader.conn().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(copies), 2);
    // Read long ago, and no longer in its feed.
    shop.mark(&[1], MarkKind::Read, true);
    shop.visit(1, 90 * 24 * HOUR, Vec::new());
    shop.clock.store(200 * 24 * HOUR, Ordering::SeqCst);
    shop.heard.lock().unwrap().clear();
    shop.visit(2, 200 * 24 * HOUR, Vec::new());
    shop.writer.flush(true);
    assert_eq!(rows(&shop), [2]);
    assert_eq!(shop.members(2), [2, 3].into());
    assert_eq!(count(copies), 1);
    let heard = shop.heard.lock().unwrap();
    assert!(
        heard
            .iter()
            .any(|changes| changes.entries.contains(&EntryId(2))),
        "the screen is told that another entry is a row"
    );
    drop(heard);
    shop.stories_are_whole();
    shop.is_whole();
}

#[test]
fn case_17_a_daily_format_is_not_one_story() {
    let shop = shop(1);
    let text = "<p>Today we look at a picture that a reader has sent, and say where it was taken and with which camera.</p>";
    shop.tell(
        1,
        0,
        vec![
            told("site1", "Picture of the day 13: the market hall", 0, text),
            told(
                "site1",
                "Picture of the day 14: the harbour",
                24 * HOUR,
                text,
            ),
        ],
    );
    assert_eq!(shop.members(1), [1].into());
    assert_eq!(shop.members(2), [2].into());
}

#[test]
fn case_18_two_languages_meet_in_a_shared_source_and_names() {
    let shop = shop(2);
    let cites = |words: &str| {
        format!(
            "<p>{words} <a href=\"https://filings.example/northfield-10q-2026\">quarterly report of Northfield</a></p>"
        )
    };
    shop.tell(
        1,
        0,
        vec![told(
            "site1",
            "Northfield spends 19 billion on data centres",
            0,
            &cites("According to the filing, Northfield spent more than ever, says the"),
        )],
    );
    let mut dutch = told(
        "site2",
        "Northfield steekt 19 miljard in rekencentra",
        HOUR,
        &cites("Volgens de jaarcijfers gaf Northfield meer uit dan ooit, zegt het"),
    );
    dutch.language = Some("nl".into());
    shop.tell(2, 0, vec![dutch]);
    assert_eq!(shop.members(1), [1, 2].into());
    let story = shop.reader().story(shop.story(1)).unwrap().unwrap();
    assert_eq!(story.sources[0].cited_by, 2);
    assert!(
        story.entries[1].why.contains("cites the same source"),
        "{}",
        story.entries[1].why
    );
}

#[test]
fn case_19_what_is_split_by_hand_stays_split_and_what_is_joined_stays_joined() {
    let shop = shop(3);
    let again = |shop: &Shop| {
        shop.tell(
            1,
            0,
            vec![told(
                "site1",
                "Libya ousts prime minister after rebel tanker leaves port",
                0,
                PORT,
            )],
        );
        let mut changed = told(
            "site2",
            "Libya ousts prime minister after tanker leaves rebel port",
            HOUR,
            PORT,
        );
        changed.content_hash = shop.clock.fetch_add(60, Ordering::SeqCst) as u64;
        shop.tell(2, shop.clock.load(Ordering::SeqCst), vec![changed]);
    };
    again(&shop);
    assert_eq!(shop.members(1), [1, 2].into());
    let applied = shop.apply(Edit::Apart { entry: EntryId(2) });
    assert!(applied.undoable && applied.error.is_none());
    assert_eq!(shop.members(1), [1].into());
    again(&shop);
    assert_eq!(shop.members(2), [2].into(), "split by hand, then refreshed");
    // A third one joins one of them and does not glue them together again.
    shop.tell(
        3,
        0,
        vec![told(
            "site3",
            "Libya ousts prime minister: rebel tanker leaves port",
            HOUR,
            PORT,
        )],
    );
    assert!(shop.members(1) != shop.members(2));
    shop.apply(Edit::Undo);
    assert!(shop.members(2).contains(&1), "the undo brings it back");
    shop.apply(Edit::Apart { entry: EntryId(2) });
    shop.apply(Edit::Together {
        entries: vec![EntryId(2)],
        with: EntryId(1),
    });
    assert!(shop.members(2).contains(&1));
    shop.apply(Edit::Undo);
    assert_eq!(shop.members(2), [2].into());
    shop.stories_are_whole();
}

#[test]
fn one_entry_of_two_feeds_is_taken_apart_and_put_together() {
    let shop = shop(2);
    let one = told("site1", "Port deal signed", 0, PORT);
    shop.tell(1, 0, vec![one.clone()]);
    shop.tell(2, 0, vec![one.clone()]);
    let counts = |shop: &Shop| {
        let unread = |feed: i64| shop.reader().feeds().unwrap()[feed as usize - 1].unread;
        let all = shop.reader().count(&Query::All).unwrap();
        (all, unread(1), unread(2))
    };
    assert_eq!(counts(&shop), (1, 1, 1));
    shop.apply(Edit::Apart { entry: EntryId(1) });
    shop.writer.flush(true);
    assert_eq!(counts(&shop), (2, 1, 1));
    assert_eq!(shop.members(1), [1].into(), "nor are they one story");
    assert_eq!(shop.members(2), [2].into());
    // Each has marks of its own; a visit brings them together no more.
    shop.mark(&[2], MarkKind::Read, true);
    shop.tell(1, 100, vec![one.clone()]);
    shop.tell(2, 100, vec![one]);
    assert_eq!(counts(&shop), (2, 1, 0));
    shop.stories_are_whole();
    shop.is_whole();
    shop.mark(&[2], MarkKind::Read, false);
    for _ in 0..3 {
        shop.apply(Edit::Undo);
    }
    assert_eq!(counts(&shop), (1, 1, 1));
    shop.mark(&[1], MarkKind::Read, true);
    assert_eq!(counts(&shop), (1, 0, 0));
    shop.stories_are_whole();
    shop.is_whole();
}

#[test]
fn several_are_joined_by_one_edit_and_taken_back_by_one() {
    let shop = shop(3);
    for (feed, title) in (1..).zip([OUSTED[0], OUSTED[1], "Volcanoes helped species survive"]) {
        let site = format!("site{feed}");
        let text = if feed < 3 { PORT } else { "" };
        shop.tell(feed, 0, vec![told(&site, title, feed * HOUR, text)]);
    }
    let apart = |shop: &Shop| {
        assert_eq!(shop.members(1), [1, 2].into());
        assert_eq!(shop.members(3), [3].into());
    };
    apart(&shop);
    shop.apply(Edit::Together {
        entries: vec![EntryId(1), EntryId(2)],
        with: EntryId(3),
    });
    assert_eq!(shop.members(3), [1, 2, 3].into());
    shop.apply(Edit::Undo);
    apart(&shop);
    shop.apply(Edit::Redo);
    assert_eq!(shop.members(3), [1, 2, 3].into());
    shop.apply(Edit::Undo);
    apart(&shop);
    shop.stories_are_whole();
}

#[test]
fn a_thread_joins_what_it_is_about_and_is_shown_with_its_comments() {
    let shop = shop(2);
    shop.tell(
        1,
        0,
        vec![told(
            "site1",
            "A debugger that goes backwards",
            0,
            "<p>It records what a program does, and plays it backwards.</p>",
        )],
    );
    let mut thread = Entry {
        identity: "hn".into(),
        url: Some("https://site1.example/a-debugger-that-goes-backwards".into()),
        key: "site1.example/a-debugger-that-goes-backwards".into(),
        html: "<a href=\"https://news.ycombinator.com/item?id=4711\">Comments</a>".into(),
        ..entry("Show: rewind", HOUR)
    };
    thread.fields.comments = Some((
        "https://news.ycombinator.com/item?id=4711".into(),
        Some(312),
    ));
    shop.tell(2, 0, vec![thread]);
    assert_eq!(shop.members(1), [1, 2].into());
    let beside = shop.reader().beside(EntryId(1)).unwrap();
    let threads: Vec<(&str, Option<u32>)> = beside
        .threads
        .iter()
        .map(|t| (t.place.as_str(), t.comments))
        .collect();
    assert_eq!(threads, [("hn", Some(312))]);
    let story = beside.story.unwrap();
    assert_eq!(
        story.speaks,
        EntryId(1),
        "a bare link does not speak for a story"
    );
    assert!(story.entries[1].points);
}

#[test]
fn a_round_up_glues_no_stories_together() {
    let shop = shop(3);
    let cites = |n: u32| {
        format!(
            "<p>The report says so: <a href=\"https://reports.example/report-number-{n}-on-things\">the report number {n}</a>.</p>"
        )
    };
    shop.tell(
        1,
        0,
        vec![told("site1", "Helium is scarce again", 0, &cites(1))],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "Nobody bid for the fibre licence",
            0,
            &cites(2),
        )],
    );
    let all = format!("{}{}", cites(1), cites(2));
    shop.tell(
        3,
        0,
        vec![told("site3", "This week in reports", HOUR, &all)],
    );
    assert_eq!(
        [
            shop.members(1).len(),
            shop.members(2).len(),
            shop.members(3).len()
        ],
        [1, 1, 1]
    );
}

#[test]
fn the_same_text_is_folded_under_the_first() {
    let shop = shop(3);
    let text = "<p>The central bank left its rate where it was on Thursday and said that it would wait for the figures of the summer before it decided anything else. Three members of the council would have preferred a cut at once, as the minutes show. Markets had expected as much, and hardly moved in the afternoon.</p>";
    shop.tell(
        1,
        0,
        vec![told("site1", "Central bank leaves rate unchanged", 0, text)],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "Central bank leaves its rate unchanged",
            HOUR,
            text,
        )],
    );
    let other = "<p>The central bank left its rate alone on Thursday. Analysts think a cut will follow in the autumn, when figures on prices and wages of the summer are there. The decision was not unanimous: three would have cut now. Traders shrugged, and the currency stood in the evening where it had stood in the morning.</p>";
    shop.tell(
        3,
        0,
        vec![told(
            "site3",
            "Why the central bank left its rate unchanged",
            HOUR,
            other,
        )],
    );
    let story = shop.reader().story(shop.story(1)).unwrap().unwrap();
    let copies: Vec<(i64, bool)> = story
        .entries
        .iter()
        .map(|told| (told.head.id.0, told.copy))
        .collect();
    assert_eq!(copies, [(1, false), (3, false), (2, true)]);
}

#[test]
fn the_front_page_ranks_stories_and_keeps_room_for_rare_voices() {
    let shop = shop(4);
    shop.tell(
        1,
        0,
        vec![told(
            "site1",
            "Libya ousts prime minister after rebel tanker leaves port",
            0,
            PORT,
        )],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "Libya ousts prime minister after tanker leaves rebel port",
            HOUR,
            PORT,
        )],
    );
    let many: Vec<Entry> = [
        "helium",
        "fibre",
        "keyboards",
        "satellites",
        "modems",
        "compilers",
        "glaciers",
        "trams",
        "violins",
        "bakeries",
    ]
    .iter()
    .enumerate()
    .map(|(n, word)| told("site3", &format!("Notes on {word}"), HOUR + n as i64, ""))
    .collect();
    shop.tell(3, 0, many);
    shop.tell(4, 0, vec![told("site4", "In praise of text files", 0, "")]);
    let page = shop
        .reader()
        .front_page(&Wanted {
            since: time(-HOUR),
            until: time(2 * HOUR),
            stories: 2,
            cited: 5,
            lone: true,
            habits: true,
        })
        .unwrap();
    assert_eq!(page.stories[0].sites, 2);
    assert!(
        page.stories[0].why.starts_with("2 sites"),
        "{}",
        page.stories[0].why
    );
    assert_eq!(page.entries, 13);
    let rare: Vec<&str> = page.rare.iter().map(|head| head.title.as_str()).collect();
    assert!(rare.contains(&"In praise of text files"), "{rare:?}");
    assert!(
        !rare.iter().any(|title| title.starts_with("Notes")),
        "{rare:?}"
    );
}

#[test]
fn what_is_cited_most_has_one_vote_a_site() {
    let shop = shop(3);
    let cites = |n: u32, words: &str| {
        format!(
            "<p>{words} <a href=\"https://reports.example/report-number-{n}-on-things\">the report number {n}</a>.</p>"
        )
    };
    shop.tell(
        1,
        0,
        vec![
            told("site1", "Helium", 0, &cites(1, "According to")),
            told(
                "site1",
                "More helium",
                HOUR,
                &cites(1, "Again according to"),
            ),
            told("site1", "Fibre", 2 * HOUR, &cites(2, "According to")),
        ],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "Glaciers",
            0,
            &cites(2, "Volcanoes according to"),
        )],
    );
    shop.tell(
        3,
        0,
        vec![told("site3", "Violins", 0, &cites(2, "Music according to"))],
    );
    let cited = shop
        .reader()
        .most_cited(time(-HOUR), time(3 * HOUR), 10)
        .unwrap();
    assert_eq!(
        (cited[0].key.as_str(), cited[0].sites),
        ("reports.example/report-number-2-on-things", 3)
    );
    assert_eq!(cited.len(), 1, "what one site cites is no news");
    // Where votes are too many to be counted, the tally says the same of who can be among the most cited.
    let reader = shop.reader();
    let (since, until) = (time(-HOUR).timestamp(), time(3 * HOUR).timestamp());
    let few = most_cited::of_few_votes(reader.conn(), since, until).unwrap();
    let tally = most_cited::of_the_tally(reader.conn(), since).unwrap();
    assert_eq!(few, Some(tally));
}

#[test]
fn what_is_related_shares_words_and_is_no_part_of_the_story() {
    let shop = shop(3);
    shop.tell(
        1,
        0,
        vec![told(
            "site1",
            "Borrow checker accepts more async closures",
            0,
            "<p>The borrow checker of the compiler accepts closures that it refused.</p>",
        )],
    );
    shop.tell(
        2,
        0,
        vec![told(
            "site2",
            "How a borrow checker thinks about closures",
            -40 * 24 * HOUR,
            "<p>An old introduction to closures, borrowing and the checker.</p>",
        )],
    );
    shop.tell(
        3,
        0,
        vec![told(
            "site3",
            "Sourdough for beginners",
            0,
            "<p>Flour, water, salt, and time.</p>",
        )],
    );
    let related = shop.reader().beside(EntryId(1)).unwrap().related;
    let titles: Vec<&str> = related
        .iter()
        .map(|(head, _)| head.title.as_str())
        .collect();
    assert_eq!(titles, ["How a borrow checker thinks about closures"]);
    assert!(related[0].1.contains("closure"), "{}", related[0].1);
}

#[test]
fn no_question_about_stories_walks_a_whole_table() {
    let shop = shop(1);
    shop.tell(1, 0, vec![told("site1", "Anything", 0, PORT)]);
    let reader = shop.reader();
    for sql in [
        "SELECT entry FROM posting WHERE term = 1 ORDER BY entry DESC LIMIT 200",
        "SELECT id FROM entry WHERE key = 'a/b' AND key <> '' AND published BETWEEN 1 AND 2 AND hidden = 0 LIMIT 40",
        "SELECT e.id FROM citation c JOIN entry e ON e.id = c.from_entry WHERE c.source = 1 AND c.\"primary\" = 1 AND e.published BETWEEN 1 AND 2",
        "SELECT entry FROM vector WHERE published < 1 LIMIT 500",
        "SELECT se.story FROM together t JOIN story_entry se ON se.entry = t.other WHERE t.entry = 1 LIMIT 1",
        "SELECT s.id FROM story s INDEXED BY story_told JOIN entry e ON e.id = s.title_entry WHERE s.sites > 1 AND s.newest >= 1 ORDER BY s.newest DESC LIMIT 9",
        "SELECT c.source FROM entry e INDEXED BY entry_date CROSS JOIN citation c INDEXED BY citation_entry ON c.from_entry = e.id WHERE e.hidden = 0 AND e.published BETWEEN 1 AND 2",
        "SELECT t.key FROM thread t LEFT JOIN source s ON s.hash = key_hash(t.key) AND s.key = t.key WHERE t.about = 'a' OR t.entry = 1",
    ] {
        let mut statement = reader
            .conn()
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let plan: Vec<String> = statement
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let whole = plan
            .iter()
            .find(|line| line.starts_with("SCAN ") && !line.contains("INDEX"));
        assert!(whole.is_none(), "{sql}: {plan:?}");
    }
}

#[test]
fn who_cites_an_entry_joins_it_whichever_comes_first() {
    let quoted = || {
        told(
            "site1",
            "What the exhibit of the filing says",
            0,
            "<p>The leases of Northfield begin when there are products, says the exhibit of its filing.</p>",
        )
    };
    let quoting = || {
        told(
            "site2",
            "An exhibit in a filing",
            HOUR,
            "<p>Worth reading on Northfield and its leases: <a href=\"https://site1.example/what-the-exhibit-of-the-filing-says\">what the exhibit of the filing says about products</a>.</p>",
        )
    };
    for turned in [false, true] {
        let shop = shop(2);
        if turned {
            shop.tell(2, 0, vec![quoting()]);
            shop.tell(1, 0, vec![quoted()]);
        } else {
            shop.tell(1, 0, vec![quoted()]);
            shop.tell(2, 0, vec![quoting()]);
        }
        assert_eq!(shop.members(1), [1, 2].into(), "turned: {turned}");
        shop.stories_are_whole();
    }
}

#[test]
fn an_aggregators_item_becomes_the_article_when_its_own_site_has_it_too() {
    let shop = shop(2);
    let article = || {
        told(
            "site2",
            "A debugger that goes backwards",
            0,
            "<p>It records what a program does.</p>",
        )
    };
    let mut item = Entry {
        identity: "item".into(),
        html: "<a href=\"https://news.ycombinator.com/item?id=4711\">Comments</a>".into(),
        ..article()
    };
    item.fields.comments = Some((
        "https://news.ycombinator.com/item?id=4711".into(),
        Some(312),
    ));
    shop.tell(1, 0, vec![item.clone()]);
    shop.mark(&[1], MarkKind::Starred, true);
    shop.tell(2, 0, vec![article()]);
    assert_eq!(shop.reader().count(&Query::All).unwrap(), 1);
    let entry = shop.reader().entry(EntryId(1)).unwrap().unwrap();
    assert_eq!(entry.feed, FeedId(2), "its own site's words are shown");
    assert!(entry.entry.html.contains("records") && entry.marks.starred);
    let comments = |shop: &Shop| shop.reader().beside(EntryId(1)).unwrap().threads[0].comments;
    assert_eq!(comments(&shop), Some(312));
    item.fields.comments = Some((
        "https://news.ycombinator.com/item?id=4711".into(),
        Some(400),
    ));
    item.content_hash = 99;
    shop.tell(1, 100, vec![item]);
    assert_eq!(
        shop.reader().entry(EntryId(1)).unwrap().unwrap().feed,
        FeedId(2)
    );
    shop.is_whole();
    shop.stories_are_whole();
}
