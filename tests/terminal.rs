//! Journeys through the real program in a real pseudo-terminal.

mod support;

use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};
use support::pty::{Term, bron};
use support::server::{Server, answer};
use tempfile::TempDir;

/// The demo, at its first list.
fn demo(home: &TempDir, columns: u16, rows: u16) -> Term {
    let mut command = bron(home.path(), &["demo"]);
    command.env_remove("BRON_CONFIG");
    command.env_remove("BRON_DATA_DIR");
    let term = Term::start(command, columns, rows);
    term.shows("Kan Meta zijn AI-ambities");
    term
}

/// Whether the selection's bar stands on a row with `text`.
fn selected(rows: &[String], text: &str) -> bool {
    rows.iter().any(|row| {
        row.split('│')
            .any(|column| column.contains('▌') && column.contains(text))
    })
}

/// Goes down until `text` is selected.
fn go_to(term: &Term, text: &str) {
    for _ in 0..80 {
        let before = term.rows();
        if selected(&before, text) {
            return;
        }
        term.press("j");
        term.until("the selection moves", |rows| {
            rows != before.as_slice() || selected(rows, text)
        });
    }
    panic!("{text} is not in the list:\n{}", term.rows().join("\n"));
}

/// The lines of the article, where feeds and entries stand before it.
fn article(rows: &[String]) -> Vec<String> {
    rows[2..rows.len() - 1]
        .iter()
        .map(|row| {
            row.split('│')
                .nth(2)
                .unwrap_or_default()
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn the_customers_page_shows_its_three_cards_and_leads_to_the_source_of_its_source_and_back() {
    let home = tempfile::tempdir().expect("a home");
    let mut term = demo(&home, 200, 50);
    go_to(&term, "Kan Meta zijn");
    term.press("\r");
    let cards = [
        "Meta has an AI product problem",
        "In the AI boom, not all capex",
        "Maybe the advertisements are",
    ];
    term.until("three cards beside the Dutch page", |rows| {
        let panel: Vec<String> = rows
            .iter()
            .map(|row| row.chars().skip(150).collect())
            .collect();
        cards.iter().enumerate().all(|(n, card)| {
            panel
                .iter()
                .any(|row| row.contains(&format!("{} {card}", n + 1)))
        })
    });
    // A place that is not the first, so that coming back can be told from starting again.
    let mut place = term.rows();
    while place.iter().any(|row| row.contains("vraag van het jaar")) {
        let before = article(&place);
        term.press("j");
        place = term.until("the article moves a line", |rows| article(rows) != before);
    }
    let place = if selected(&place, "1 Meta has an AI") {
        place
    } else {
        term.press("[[[");
        term.until("the first source is selected", |rows| {
            selected(rows, "1 Meta has an AI")
        })
    };
    term.press("1\r");
    term.shows("On the call they asked four times");
    term.press("1\r");
    term.until("the source's source", |rows| {
        rows[0].contains("2 deep")
            && rows
                .iter()
                .any(|row| row.contains("Quarterly report under"))
    });
    term.press("H");
    term.shows("On the call they asked four times");
    term.press("H");
    let back = term.until("the Dutch page", |rows| {
        rows.iter().any(|row| row.contains("FEEDS"))
            && selected(rows, "1 Meta has an AI")
            && !rows[0].contains("deep")
    });
    assert_eq!(article(&back), article(&place), "the line is as it was");
    term.press("Q");
    assert!(term.ends(), "it leaves well");
    let raw = term.raw();
    let end = &raw[raw.len().saturating_sub(400)..];
    assert!(
        end.windows(8).any(|at| at == b"\x1b[?1049l"),
        "the terminal is given back"
    );
}

/// Feeds of `entries` entries each on a server of our own, and a config that lists them.
fn served(home: &TempDir, feeds: usize, entries: usize) -> Server {
    let server = Server::start();
    let mut config = String::from("cards = \"never\"\nstart = \"all\"\n");
    for feed in 0..feeds {
        let host = server.address.to_string();
        let items: String = (0..entries)
            .map(|n| {
                format!(
                    "<item><guid>f{feed}n{n}</guid><title>Entry f{feed:02}n{n:02}.</title><link>http://{host}/f{feed}/n{n}</link><description>{}</description></item>",
                    "words of a text ".repeat(40)
                )
            })
            .collect();
        let text = format!(
            "<rss version=\"2.0\"><channel><title>Feed {feed:02}</title><link>http://{host}/f{feed}</link>{items}</channel></rss>"
        );
        server.on(&format!("{host}/feed{feed}"), move |_| {
            answer(
                "200 OK",
                &["Content-Type: application/rss+xml"],
                text.as_bytes(),
            )
        });
        config.push_str(&format!(
            "\n[[feeds]]\nurl = \"http://{host}/feed{feed}\"\n"
        ));
    }
    fs::write(home.path().join("config.toml"), config).expect("a config");
    server
}

/// The entry under the selection's bar, and whether its mark says read.
fn under_the_bar(rows: &[String]) -> Option<(String, bool)> {
    let row = rows
        .iter()
        .find(|row| row.contains('▌') && row.contains("Entry f"))?;
    let at = row.find("Entry f")?;
    let title = row[at + 6..].split('.').next()?.to_owned();
    Some((title, row.contains('◦')))
}

/// How long a mark must have stood on the screen to outlive a kill.
const KEPT_AFTER: Duration = Duration::from_millis(200);

#[test]
fn what_the_screen_showed_as_read_is_read_after_a_kill() {
    let rounds: u64 = std::env::var("BRON_KILLS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(4);
    let home = tempfile::tempdir().expect("a home");
    let _server = served(&home, 12, 60);
    // Which entries were seen read at the last moment that counts, over all rounds.
    let mut promised: HashMap<String, bool> = HashMap::new();
    for round in 0..rounds {
        let mut term = Term::start(bron(home.path(), &[]), 120, 35);
        term.until("entries", |rows| under_the_bar(rows).is_some());
        // Moments that differ from round to round, over the start, the refresh and the time after it.
        let lives = Duration::from_millis(250 + (round * 7919) % 900);
        let begun = Instant::now();
        // Every second round marks unread again what the one before it marked read.
        let want = round % 2 == 0;
        let mut seen: Vec<(Instant, String, bool)> = Vec::new();
        while begun.elapsed() < lives && seen.len() < 600 {
            let Some((title, read)) = under_the_bar(&term.rows()) else {
                continue;
            };
            if read == want {
                // At the end of a feed the list may end too: then from its top, with what has come in.
                term.press(if title.ends_with("n59") { ".gg" } else { "j" });
                term.until("the selection moves on", |rows| {
                    under_the_bar(rows).is_some_and(|(under, _)| under != title)
                });
            } else {
                term.press("m");
                let rows = term.until("the mark changes", |rows| {
                    under_the_bar(rows).is_some_and(|(_, now)| now == want)
                });
                let (marked, _) = under_the_bar(&rows).expect("just seen");
                seen.push((Instant::now(), marked, want));
            }
        }
        let killed = Instant::now();
        term.kill();
        for (at, title, read) in seen {
            if killed.duration_since(at) >= KEPT_AFTER {
                promised.insert(title, read);
            } else {
                promised.remove(&title);
            }
        }
        let database = Connection::open_with_flags(
            home.path().join("data/bron.db"),
            OpenFlags::SQLITE_OPEN_READ_WRITE,
        )
        .expect("the database");
        let sound: String = database
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("it can be checked");
        assert_eq!(sound, "ok", "round {round}");
        let kept: HashMap<String, bool> = database
            .prepare("SELECT title, read FROM entry")
            .and_then(|mut all| {
                all.query_map([], |row| {
                    let title: String = row.get(0)?;
                    Ok((title[6..].trim_end_matches('.').to_owned(), row.get(1)?))
                })?
                .collect()
            })
            .expect("the entries");
        let entries: i64 = database
            .query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
            .expect("their number");
        assert_eq!(
            entries,
            i64::try_from(kept.len()).expect("few"),
            "round {round}: no entry is there twice"
        );
        for (title, read) in &promised {
            assert_eq!(kept.get(title), Some(read), "round {round}: {title}");
        }
    }
    assert!(!promised.is_empty(), "marks were made at all");
}
