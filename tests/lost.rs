//! Nothing is lost: the binary killed at any moment, a full disk, a directory that cannot be written, a database that is
//! locked, damaged, older or newer, two instances at once.
//!
//! `BRON_KILLS=500` kills more often than a normal run does.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

mod support;

use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use support::server::{Server, answer};
use tempfile::TempDir;

/// Entries of each feed.
const ENTRIES: usize = 20;

/// A home of its own, and a server whose feeds stand in its config.
struct Home {
    folder: TempDir,
    server: Server,
}

impl Home {
    fn new() -> Home {
        Home {
            folder: tempfile::tempdir().unwrap(),
            server: Server::start(),
        }
    }

    /// The config names so many feeds, which the server has.
    fn subscribe(&self, feeds: usize) {
        let mut config = String::new();
        for feed in 0..feeds {
            let address = self.server.address;
            self.server.on(&format!("{address}/{feed}"), move |_| {
                answer("200 OK", &[], feed_of(feed).as_bytes())
            });
            writeln!(config, "[[feeds]]\nurl = \"http://{address}/{feed}\"").unwrap();
        }
        std::fs::write(self.folder.path().join("config.toml"), config).unwrap();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn database(&self) -> PathBuf {
        self.data().join("bron.db")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bron"));
        self.dress(&mut command, words);
        command
    }

    fn dress(&self, command: &mut Command, words: &[&str]) {
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BRON_CONFIG", self.folder.path().join("config.toml"))
            .env("BRON_DATA_DIR", self.data())
            .args(words)
            .stdin(Stdio::null());
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Standard output of a call that must succeed.
    #[track_caller]
    fn ok(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", err(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, words: &[&str]) -> Vec<Value> {
        self.ok(words)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn begin(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// The database is sound, and each entry of so many feeds is there once.
    #[track_caller]
    fn check_whole(&self, feeds: usize) {
        let doctor = self.ok(&["doctor"]);
        assert!(doctor.contains("check: ok"), "{doctor}");
        let conn = rusqlite::Connection::open(self.database()).unwrap();
        let word: String = conn
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(word, "ok");
        let listed = self.json(&["list", "--json"]);
        let urls: HashSet<&str> = listed
            .iter()
            .map(|entry| entry["url"].as_str().unwrap())
            .collect();
        assert_eq!(
            (listed.len(), urls.len()),
            (feeds * ENTRIES, feeds * ENTRIES)
        );
    }
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn feed_of(feed: usize) -> String {
    let mut items = String::new();
    for n in 0..ENTRIES {
        let words = format!("words of {feed} and {n} ").repeat(40);
        write!(
            items,
            "<item><guid>{feed}-{n}</guid><title>{feed}-{n}</title><link>http://of-{feed}.example/{n}</link><description>{words}</description></item>"
        )
        .unwrap();
    }
    format!(
        "<rss version=\"2.0\"><channel><title>Feed {feed}</title><link>http://of-{feed}.example/</link>{items}</channel></rss>"
    )
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A moment later: nothing ever comes.
fn wait(moment: Duration) {
    let (_never, nothing) = channel::<()>();
    let _ = nothing.recv_timeout(moment);
}

#[test]
fn a_kill_at_any_moment_loses_no_mark_and_doubles_no_entry() {
    let kills: usize = std::env::var("BRON_KILLS")
        .ok()
        .map_or(50, |text| text.parse().expect("BRON_KILLS is a number"));
    let home = Home::new();
    let mut dice = Dice(0x5eed);
    // How long a refresh takes here: kills are to fall into all of it.
    home.subscribe(2);
    let begun = std::time::Instant::now();
    home.ok(&["refresh", "-q"]);
    let whole = u64::try_from(begun.elapsed().as_micros())
        .unwrap()
        .max(1000);
    let mut starred = Vec::new();
    for kill in 0..kills {
        // New feeds, so that there is something to write; those whose visit was cut off are due again.
        home.subscribe(2 + (kill + 1) * 2);
        let mut refresh = home.begin(&["refresh", "-q"]);
        let id = 1 + kill;
        let name = id.to_string();
        let mut mark = home.begin(&["mark", "--id", &name, "--star"]);
        wait(Duration::from_micros(dice.below(whole + whole / 4)));
        let mark_is_killed = dice.below(4) == 0;
        if mark_is_killed {
            let _ = mark.kill();
        }
        let _ = refresh.kill();
        refresh.wait().unwrap();
        // Only what said that it is done must have been done.
        if mark.wait().unwrap().success() {
            starred.push(id as i64);
        }
    }
    assert!(
        starred.len() >= kills / 2,
        "only {} marks were set",
        starred.len()
    );
    // Killed visits hold their claims for a while, and the killed instance is the same one again.
    home.ok(&["refresh", "-q"]);
    let feeds = 2 + kills * 2;
    home.check_whole(feeds);
    let there: HashSet<i64> = home
        .json(&["list", "is:starred", "--json"])
        .iter()
        .map(|entry| entry["id"].as_i64().unwrap())
        .collect();
    let lost: Vec<&i64> = starred.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    println!(
        "{kills} kills within {whole} µs: {} marks, none lost; {} entries, none doubled",
        starred.len(),
        feeds * ENTRIES
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_loses_nothing_and_is_made_good_when_there_is_room() {
    let home = Home::new();
    home.subscribe(2);
    home.ok(&["refresh", "-q"]);
    home.ok(&["mark", "--id", "3", "--star"]);
    home.subscribe(40);
    // Files may not grow: what SQLite is told is what it is told of a full disk. The signal that comes with it is not taken.
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"")
        .arg(env!("CARGO_BIN_EXE_bron"));
    home.dress(&mut limited, &["refresh", "-q"]);
    let output = limited.output().unwrap();
    assert!(!output.status.success(), "nothing was full");
    assert!(!err(&output).trim().is_empty());
    home.ok(&["refresh", "-q"]);
    home.check_whole(40);
    assert_eq!(home.json(&["list", "is:starred", "--json"]).len(), 1);
}

#[test]
fn a_directory_that_cannot_be_written_is_told_with_what_to_do() {
    let home = Home::new();
    home.subscribe(1);
    // Below a file there is no directory, whoever asks.
    std::fs::write(home.folder.path().join("file"), "").unwrap();
    let below = home.folder.path().join("file/data");
    let output = home
        .command(&["refresh"])
        .env("BRON_DATA_DIR", &below)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--data-dir"), "{}", err(&output));
}

#[test]
fn a_database_that_is_locked_is_read_meanwhile_and_written_afterwards() {
    let home = Home::new();
    home.subscribe(1);
    home.ok(&["refresh", "-q"]);
    let conn = rusqlite::Connection::open(home.database()).unwrap();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut mark = home.begin(&["mark", "--id", "1", "--star"]);
    let listed = rusqlite::Connection::open(home.database())
        .unwrap()
        .query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0))
        .unwrap();
    assert_eq!(listed, 20);
    assert!(mark.try_wait().unwrap().is_none());
    conn.execute_batch("COMMIT").unwrap();
    assert!(mark.wait().unwrap().success());
    assert_eq!(home.json(&["list", "is:starred", "--json"]).len(), 1);
}

#[test]
fn a_damaged_database_is_told_and_what_can_be_read_is_saved_beside_the_old_one() {
    let home = Home::new();
    home.subscribe(20);
    home.ok(&["refresh", "-q"]);
    home.ok(&["mark", "--id", "3", "--star"]);
    let mut bytes = std::fs::read(home.database()).unwrap();
    let middle = bytes.len() / 8192 * 4096;
    bytes[middle..middle + 4 * 4096].fill(0xa5);
    std::fs::write(home.database(), &bytes).unwrap();
    let said = home.ok(&["salvage"]);
    assert!(said.contains("is kept as"), "{said}");
    let kept: Vec<_> = std::fs::read_dir(home.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".damaged"))
        .collect();
    assert!(!kept.is_empty());
    assert!(home.ok(&["doctor"]).contains("check: ok"));
    assert_eq!(home.json(&["list", "is:starred", "--json"]).len(), 1);
    let files = std::fs::read_dir(home.data()).unwrap().count();
    let said = home.ok(&["salvage"]);
    assert!(said.contains("nothing to salvage"), "{said}");
    assert_eq!(std::fs::read_dir(home.data()).unwrap().count(), files);

    // No database at all: told with the way out.
    std::fs::write(
        home.database(),
        "no database, but long enough to be looked at as one: ".repeat(100),
    )
    .unwrap();
    let output = home.run(&["list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("bron salvage"), "{}", err(&output));
    let output = home.run(&["salvage"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("bron restore"), "{}", err(&output));
}

#[test]
fn a_newer_database_is_left_as_it_is() {
    let home = Home::new();
    home.subscribe(1);
    home.ok(&["refresh", "-q"]);
    home.ok(&["mark", "--id", "1", "--star"]);
    let set = |version: i64| {
        let conn = rusqlite::Connection::open(home.database()).unwrap();
        conn.pragma_update(None, "user_version", version).unwrap();
    };
    let known: i64 = rusqlite::Connection::open(home.database())
        .unwrap()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    set(known + 1);
    let output = home.run(&["list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("newer bron"), "{}", err(&output));
    set(known);
    assert_eq!(home.json(&["list", "is:starred", "--json"]).len(), 1);
}

#[test]
fn two_at_once_visit_each_feed_once() {
    let home = Home::new();
    home.subscribe(30);
    let mut both = [
        home.begin(&["refresh", "-q"]),
        home.begin(&["refresh", "-q"]),
    ];
    for one in &mut both {
        one.wait().unwrap();
    }
    home.ok(&["refresh", "-q"]);
    home.check_whole(30);
    for feed in 0..30 {
        let asked = home
            .server
            .requests(&format!("{}/{feed}", home.server.address));
        assert_eq!(asked.len(), 1, "feed {feed}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_private_is_for_the_reader_s_eyes_alone_and_links_are_followed_to_what_they_name() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new();
    home.subscribe(1);
    home.ok(&[
        "refresh",
        "-q",
        "--log",
        home.folder.path().join("log").to_str().unwrap(),
    ]);
    home.ok(&[
        "backup",
        home.folder.path().join("copy.db").to_str().unwrap(),
    ]);
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.data()), 0o700);
    let mut files = vec![
        home.folder.path().join("log"),
        home.folder.path().join("copy.db"),
    ];
    for entry in std::fs::read_dir(home.data()).unwrap() {
        files.push(entry.unwrap().path());
    }
    for file in files.into_iter().filter(|file| file.is_file()) {
        assert_eq!(mode(file.clone()) & 0o077, 0, "{}", file.display());
    }
    // A link in the data directory that names another file: nothing is written through it but what it stands for.
    let victim = home.folder.path().join("victim");
    std::fs::write(&victim, "as it was").unwrap();
    for name in ["bron.db.salvaged", "bron.db.restored.part", "lists-seen"] {
        let link = home.data().join(name);
        let _ = std::fs::remove_file(&link);
        symlink(&victim, &link).unwrap();
    }
    home.subscribe(2);
    home.ok(&["refresh", "-q"]);
    home.ok(&[
        "restore",
        home.folder.path().join("copy.db").to_str().unwrap(),
    ]);
    let conn = rusqlite::Connection::open(home.database()).unwrap();
    conn.execute("UPDATE counter SET starred = 1", []).unwrap();
    drop(conn);
    assert!(home.ok(&["salvage"]).contains("is kept as"));
    home.ok(&["list"]);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "as it was");
}
