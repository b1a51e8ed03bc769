//! The store from outside: a process that is killed, and two that write at once.
//!
//! The children are this test binary itself, asked for one test by an environment variable.

#![allow(clippy::unwrap_used)]

use bron::feed::list::Listed;
use bron::feed::{EntryId, FeedId};
use bron::news::edit::ListedFeed;
use bron::news::{Edit, Entry, FeedContent, MarkKind, Outcome, VisitRecord, Which};
use bron::query::{Mark, Query, Test};
use bron::store::{self, Reader, Settings, Writer};
use bron::text::SafeText;
use chrono::DateTime;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const CHILD: &str = "BRON_TEST_STORE";

fn open(path: &Path) -> Writer {
    store::open(path, Settings::default(), Box::new(|_| {})).unwrap()
}

fn feed() -> Edit {
    Edit::SetFeeds(vec![ListedFeed::plain(Listed::at(
        "https://a.example/feed".parse().unwrap(),
    ))])
}

fn visit(round: i64, entries: i64) -> VisitRecord {
    let at = DateTime::from_timestamp(1_700_000_000 + round, 0).unwrap();
    VisitRecord {
        feed: FeedId(1),
        at,
        took_ms: 1,
        bytes: 1,
        http: Some(200),
        outcome: Outcome::Updated(Box::new(FeedContent {
            entries: (0..entries)
                .map(|n| Entry {
                    identity: format!("{round}/{n}"),
                    title: SafeText::line(&format!("Entry {n} of round {round}")),
                    published: Some(at),
                    html: "<p>Some words that are indexed when there is time.</p>".repeat(20),
                    ..Entry::default()
                })
                .collect(),
            ..FeedContent::default()
        })),
        validators: None,
        not_before: None,
        fresh_until: None,
        moved_to: None,
        body_hash: None,
    }
}

fn star(id: i64) -> Edit {
    Edit::Mark {
        which: Which::Entries(vec![EntryId(id)]),
        mark: MarkKind::Starred,
        on: true,
    }
}

/// Starts this binary again, as the child of the given name.
fn child(name: &str, database: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads", "1"])
        .env(CHILD, database)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// As a child: visits and stars without end, and says which stars are committed. As nobody's child: nothing.
#[test]
fn child_that_stars_until_it_is_killed() {
    let Some(database) = std::env::var_os(CHILD) else {
        return;
    };
    let writer = open(Path::new(&database));
    writer.apply_now(feed()).unwrap();
    let first = Reader::open(Path::new(&database))
        .unwrap()
        .counts(DateTime::UNIX_EPOCH)
        .unwrap()
        .all;
    for round in 0.. {
        let round = i64::from(first) + round;
        writer.record(visit(round, 3), Box::new(()));
        let id = round + 1;
        if writer.apply_now(star(id)).unwrap().count == 1 {
            println!("\nstarred {id}");
            std::io::stdout().flush().unwrap();
        }
    }
}

#[test]
fn no_mark_that_was_committed_is_lost_by_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bron.db");
    let mut said = Vec::new();
    for stop in [1, 7, 23, 60] {
        let (mut child, mut out) = child("child_that_stars_until_it_is_killed", &path);
        let mut line = String::new();
        let mut heard = 0;
        while heard < stop {
            line.clear();
            assert!(
                out.read_line(&mut line).unwrap() > 0,
                "the child ended by itself"
            );
            if let Some(id) = line.trim().strip_prefix("starred ") {
                said.push(id.parse::<i64>().unwrap());
                heard += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let writer = open(&path);
    writer.flush(true);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.integrity().unwrap(), Vec::<String>::new());
    let starred: Vec<i64> = reader
        .list(&Query::Test(Test::Is(Mark::Starred)), 100_000)
        .unwrap()
        .iter()
        .map(|head| head.id.0)
        .collect();
    for id in said {
        assert!(starred.contains(&id), "the star of {id} is lost");
    }
}

/// As a child: the marks of one process among two. As nobody's child: nothing.
#[test]
fn child_that_marks_the_even_ones() {
    let Some(database) = std::env::var_os(CHILD) else {
        return;
    };
    let writer = open(Path::new(&database));
    for id in (2..=200).step_by(2) {
        assert_eq!(writer.apply_now(star(id)).unwrap().count, 1);
    }
}

#[test]
fn two_processes_write_at_once_and_nothing_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bron.db");
    let writer = open(&path);
    writer.apply_now(feed()).unwrap();
    writer.record(visit(0, 200), Box::new(()));
    writer.flush(false);
    let (mut child, _out) = child("child_that_marks_the_even_ones", &path);
    for id in (1..=200).step_by(2) {
        assert_eq!(writer.apply_now(star(id)).unwrap().count, 1);
    }
    assert!(child.wait().unwrap().success());
    let reader = writer.reader().unwrap();
    assert_eq!(reader.counts(DateTime::UNIX_EPOCH).unwrap().starred, 200);
    assert_eq!(reader.integrity().unwrap(), Vec::<String>::new());
}
