//! The contract of the command line, by running the binary: names, flags, JSON keys, exit codes (docs/CLI.md).

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use tempfile::TempDir;

/// A home of its own, with nothing in it.
struct Home(TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().expect("a directory"))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(&path, text).expect("written");
        path
    }

    fn config(&self) -> PathBuf {
        self.0.path().join("config/config.toml")
    }

    fn command(&self) -> Command {
        let mut command = Command::cargo_bin("bron").expect("the binary");
        command
            .env_clear()
            .env("HOME", self.0.path())
            .env("BRON_CONFIG", self.config())
            .env("BRON_DATA_DIR", self.0.path().join("data"))
            .current_dir(self.0.path())
            .arg("--offline");
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command().args(words).output().expect("it runs")
    }

    /// Standard output of a call that must succeed.
    #[track_caller]
    fn ok(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", err(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The objects, one a line, that a call prints.
    #[track_caller]
    fn json(&self, words: &[&str]) -> Vec<Value> {
        self.ok(words)
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    /// The one line that a call fails with.
    #[track_caller]
    fn fails(&self, words: &[&str], code: i32) -> String {
        let output = self.run(words);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{words:?}: {}",
            err(&output)
        );
        assert!(
            output.stdout.is_empty(),
            "{words:?} prints on standard output"
        );
        let said = err(&output);
        assert!(
            said.starts_with("bron: ") && said.trim_end().lines().count() == 1,
            "{words:?}: {said}"
        );
        said
    }
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn check_keys(object: &Value, keys: &[&str]) {
    let object = object.as_object().expect("an object");
    for key in keys {
        assert!(object.contains_key(*key), "{key} is missing in {object:?}");
    }
}

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Weekly</title><link>https://weekly.example/</link>
<item><title>One &amp; two</title><link>https://weekly.example/1</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;See &lt;a href="https://source.example/a"&gt;the paper&lt;/a&gt; for more about it.&lt;/p&gt;</description></item>
</channel></rss>"#;

const PAGE: &str = r#"<html><head><title>A page</title><link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml"></head>
<body><article><h1>A page</h1><p>Words of an article, with <a href="https://source.example/a">a source</a> in it.</p></article></body></html>"#;

const OPML: &str = r#"<opml version="2.0"><head><title>Mine</title></head><body><outline text="Linux"><outline text="Kernel">
<outline text="One" type="rss" xmlUrl="https://one.example/feed"/></outline></outline>
<outline text="Two" xmlUrl="https://two.example/feed"/></body></opml>"#;

#[test]
fn a_config_file_that_is_named_must_be_there() {
    let home = Home::new();
    for words in [
        &["list"][..],
        &["config", "check"],
        &["config", "show"],
        &["refresh"],
        &["doctor"],
        &[],
    ] {
        let said = home.fails(&[words, &["--config", "gone.toml"]].concat(), 1);
        assert!(said.contains("gone.toml"), "{said}");
        assert!(said.contains("config init"), "{said}");
    }
    let said = home.fails(&["list", "--config", "."], 1);
    assert!(said.contains("is a directory"), "{said}");
    home.ok(&["config", "path", "--config", "gone.toml"]);
    home.ok(&["config", "init", "--config", "gone.toml"]);
    home.ok(&["list", "--config", "gone.toml"]);
    home.ok(&["feed", "add", "one.example/feed", "--config", "new.toml"]);
    assert_eq!(
        home.json(&["feed", "list", "--json", "--config", "new.toml"])
            .len(),
        1
    );
}

#[test]
fn what_the_command_line_did_is_taken_back_and_done_again() {
    let home = Home::new();
    let feeds = || home.json(&["feed", "list", "--json"]).len();
    let config = || fs::read_to_string(home.config()).unwrap_or_default();
    assert!(home.fails(&["undo"], 1).contains("nothing to undo"));
    home.ok(&["feed", "add", "one.example/feed", "two.example/feed"]);
    let both = config();
    home.ok(&["feed", "remove", "https://one.example/feed"]);
    assert_eq!(feeds(), 1);
    let said = home.ok(&["undo"]);
    assert!(said.contains("undone: removed"), "{said}");
    assert_eq!((feeds(), config()), (2, both.clone()));
    home.ok(&["redo"]);
    assert_eq!(feeds(), 1);
    home.ok(&["undo"]);
    // Both were added by one call, and go by one.
    home.ok(&["undo"]);
    assert_eq!(feeds(), 0);
    assert!(!home.config().exists());
    home.ok(&["redo"]);
    assert_eq!((feeds(), config()), (2, both));

    let others = OPML.replace("one.", "three.").replace("two.", "four.");
    let list = home.file("feeds.opml", &others);
    home.ok(&["import", list.to_str().expect("UTF-8")]);
    assert_eq!(feeds(), 4);
    // What was written into the config since stays.
    fs::write(home.config(), format!("theme = \"ink\"\n{}", config())).expect("written");
    home.ok(&["undo"]);
    assert_eq!(feeds(), 2);
    assert!(config().starts_with("theme = \"ink\"\n"));
}

#[test]
fn an_undo_that_cannot_be_done_says_so_and_can_be_tried_again() {
    let home = Home::new();
    home.ok(&["feed", "add", "one.example/feed"]);
    home.ok(&["feed", "add", "two.example/feed"]);
    let was = fs::read_to_string(home.config()).expect("a config");
    let changed = was.replace("two.example/feed\"", "two.example/feed\"\ntitle = \"Two\"");
    fs::write(home.config(), &changed).expect("written");
    let said = home.fails(&["undo"], 1);
    assert!(said.contains("changed since at the same place"), "{said}");
    assert_eq!(fs::read_to_string(home.config()).expect("there"), changed);
    fs::write(home.config(), was).expect("written");
    home.ok(&["undo"]);
    assert_eq!(home.json(&["feed", "list", "--json"]).len(), 1);
}

#[test]
fn every_command_has_help_with_an_example() {
    let home = Home::new();
    let commands: [&[&str]; 25] = [
        &["refresh"],
        &["list"],
        &["count"],
        &["show"],
        &["sources"],
        &["mark"],
        &["later"],
        &["feed"],
        &["feed", "add"],
        &["feed", "list"],
        &["feed", "remove"],
        &["feed", "discover"],
        &["feed", "check"],
        &["import"],
        &["undo"],
        &["redo"],
        &["export"],
        &["url"],
        &["config"],
        &["config", "init"],
        &["doctor"],
        &["backup"],
        &["restore"],
        &["completions"],
        &["man"],
    ];
    for command in commands {
        let help = home.ok(&[command, &["--help"]].concat());
        assert!(help.contains("xample"), "{command:?}");
    }
    assert!(home.ok(&["--version"]).starts_with("bron "));
}

#[test]
fn wrong_words_are_2_and_failures_are_1() {
    let home = Home::new();
    for words in [
        &["nonsense"][..],
        &["mark", "x"],
        &["list", "--limit", "many"],
        &["show"],
        &["-v", "-q", "list"],
    ] {
        assert_eq!(home.run(words).status.code(), Some(2), "{words:?}");
    }
    home.fails(&["list", "nosuch:word"], 2);
    home.fails(&["export", "--marks"], 2);
    home.fails(&["feed", "add", "ftp://one.example/"], 2);
    assert!(
        home.fails(&["show", "no-such-file"], 1)
            .contains("no-such-file")
    );
    home.fails(&["show", "4711"], 1);
    home.fails(&["feed", "remove", "nobody"], 1);
    assert!(
        home.fails(&["feed", "discover", "https://one.example/"], 1)
            .contains("offline")
    );
}

#[test]
fn feed_check_says_what_is_in_a_feed() {
    let home = Home::new();
    let file = home.file("feed.xml", FEED);
    let feed = &home.json(&["feed", "check", &file.to_string_lossy(), "--json"])[0];
    check_keys(
        feed,
        &[
            "format",
            "version",
            "url",
            "title",
            "site_url",
            "description",
            "language",
            "updated",
            "icon",
            "entries",
            "warnings",
        ],
    );
    assert_eq!(
        (
            feed["format"].as_str(),
            feed["version"].as_str(),
            feed["title"].as_str()
        ),
        (Some("rss"), Some("2.0"), Some("Weekly"))
    );
    let entry = &feed["entries"][0];
    check_keys(
        entry,
        &[
            "id",
            "url",
            "title",
            "authors",
            "published",
            "updated",
            "summary_html",
            "content_html",
            "categories",
            "enclosures",
            "comments_url",
            "via",
            "related",
        ],
    );
    assert_eq!(
        (entry["title"].as_str(), entry["published"].as_str()),
        (Some("One & two"), Some("2026-03-02T10:00:00Z"))
    );
    let page = home.file("page.html", PAGE);
    home.fails(&["feed", "check", &page.to_string_lossy(), "--json"], 1);
}

#[test]
fn a_page_is_shown_its_sources_and_feeds_are_found() {
    let home = Home::new();
    let base = ["--base-url", "https://weekly.example/page"];
    let with = |words: &[&str]| {
        home.command()
            .args(words)
            .args(base)
            .write_stdin(PAGE)
            .output()
            .expect("it runs")
    };
    let object = |words: &[&str]| -> Value {
        serde_json::from_slice(&with(words).stdout).expect("one object")
    };
    let shown = object(&["show", "-", "--full", "--format", "json"]);
    check_keys(
        &shown,
        &[
            "url",
            "canonical_url",
            "title",
            "byline",
            "site",
            "language",
            "published",
            "modified",
            "excerpt",
            "image",
            "content_html",
            "text",
            "words",
            "extracted",
            "wall",
        ],
    );
    assert_eq!(
        (shown["extracted"].as_bool(), shown["wall"].as_bool()),
        (Some(true), Some(false))
    );
    let source = object(&["sources", "-", "--full", "--json"]);
    check_keys(
        &source,
        &[
            "n",
            "url",
            "display_url",
            "key",
            "site",
            "role",
            "primary",
            "kind",
            "anchor",
            "context",
            "strength",
            "external",
            "title",
            "description",
            "author",
            "published",
            "image",
            "card",
            "in_feeds",
        ],
    );
    assert_eq!(
        (source["n"].as_i64(), source["url"].as_str()),
        (Some(1), Some("https://source.example/a"))
    );
    let feed = object(&["feed", "discover", "-", "--json"]);
    assert_eq!(
        feed["url"].as_str(),
        Some("https://weekly.example/feed.xml")
    );
    check_keys(&feed, &["url", "title", "format", "how"]);
    for format in ["text", "ansi", "markdown", "html"] {
        let output = with(&["show", "-", "--full", "--format", format]);
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("Words of an article"),
            "{format}"
        );
    }
}

#[test]
fn an_address_is_cleaned() {
    let row = &Home::new().json(&["url", "https://example.org/a?utm_source=x&b=1", "--json"])[0];
    check_keys(
        row,
        &[
            "input",
            "display_url",
            "key",
            "kind",
            "removed",
            "unwrapped_from",
        ],
    );
    assert_eq!(
        row["display_url"].as_str(),
        Some("https://example.org/a?b=1")
    );
    assert_eq!(row["removed"][0].as_str(), Some("utm_source"));
}

#[test]
fn feeds_are_added_listed_and_taken_out_and_the_file_keeps_its_comments() {
    let home = Home::new();
    home.file("config/config.toml", "# mine\ntheme = \"ink\" # dark\n");
    home.ok(&[
        "feed",
        "add",
        "https://one.example/feed",
        "--tag",
        "a/b",
        "--title",
        "First",
    ]);
    home.ok(&[
        "feed",
        "add",
        "https://two.example/feed",
        "https://one.example/feed",
    ]);
    let feeds = home.json(&["feed", "list", "--json"]);
    assert_eq!(feeds.len(), 2);
    check_keys(
        &feeds[0],
        &[
            "id",
            "url",
            "title",
            "site_url",
            "tags",
            "unread",
            "entries",
            "status",
            "error",
            "last_visit",
        ],
    );
    assert_eq!(
        (feeds[0]["title"].as_str(), feeds[0]["tags"][0].as_str()),
        (Some("First"), Some("a/b"))
    );
    home.ok(&["feed", "remove", "First"]);
    assert_eq!(home.json(&["feed", "list", "--json"]).len(), 1);
    let text = fs::read_to_string(home.config()).expect("there");
    assert!(
        text.starts_with("# mine\ntheme = \"ink\" # dark\n") && !text.contains("one.example"),
        "{text}"
    );
}

#[test]
fn a_list_is_imported_beside_the_config_and_comes_out_again() {
    let home = Home::new();
    let file = home.file("mine.opml", OPML);
    home.ok(&["import", &file.to_string_lossy()]);
    assert!(home.config().with_file_name("mine.opml").exists());
    let out = home.json(&["export", "--format", "json"]);
    assert_eq!(out.len(), 2);
    check_keys(&out[0], &["url", "title", "site_url", "tags"]);
    let one = out
        .iter()
        .find(|feed| feed["url"] == "https://one.example/feed")
        .expect("imported");
    assert_eq!(
        (one["title"].as_str(), one["tags"][0].as_str()),
        (Some("One"), Some("Linux/Kernel"))
    );
    assert!(
        home.ok(&["export"])
            .contains("xmlUrl=\"https://two.example/feed\"")
    );
    assert!(
        home.ok(&["export", "--format", "urls"])
            .contains("https://two.example/feed")
    );
    home.ok(&["feed", "remove", "Two"]);
    assert!(
        !fs::read_to_string(home.config().with_file_name("mine.opml"))
            .expect("there")
            .contains("two.example")
    );
    let nothing = home.file("nothing.opml", "<opml><body/></opml>");
    home.fails(&["import", &nothing.to_string_lossy()], 1);
}

#[test]
fn a_password_in_an_address_is_not_taken_without_a_word() {
    let home = Home::new();
    let output = home.run(&[
        "feed",
        "add",
        "https://me:secret@one.example/feed",
        "--title",
        "Mine",
    ]);
    let said = err(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("`user`") && said.contains("`password_command`") && !said.contains("secret"),
        "{said}"
    );
    // The feed is called what the call says.
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("Mine is added"));
    let text = fs::read_to_string(home.config()).expect("there");
    assert!(
        text.contains("https://one.example/feed") && !text.contains("secret"),
        "{text}"
    );
}

#[test]
fn a_file_is_read_as_what_its_ending_says() {
    let home = Home::new();
    let file = home.file(
        "notes.md",
        "# A title\n\nSome words with a [link](https://a.example/).\n\n- one\n- two\n",
    );
    let html = home.ok(&[
        "show",
        &file.to_string_lossy(),
        "--full",
        "--format",
        "html",
    ]);
    assert!(
        html.contains("<li>") && html.contains("href=\"https://a.example/\""),
        "{html}"
    );
}

#[test]
fn a_foreign_list_starts_no_programs() {
    let home = Home::new();
    let file = home.file(
        "urls",
        "exec:rm\nfile:///etc/passwd\nhttps://one.example/feed\n",
    );
    home.ok(&["import", &file.to_string_lossy()]);
    let out = home.json(&["export", "--format", "json"]);
    assert_eq!(out.len(), 1);
    assert_eq!(out[0]["url"], "https://one.example/feed");
}

#[test]
fn marks_are_made_counted_exported_and_restored() {
    let home = Home::new();
    home.ok(&[
        "later",
        "https://example.org/long?utm_source=x",
        "--title",
        "A long read",
    ]);
    let entries = home.json(&["list", "--json"]);
    assert_eq!(entries.len(), 1);
    check_keys(
        &entries[0],
        &[
            "id",
            "feed",
            "url",
            "title",
            "authors",
            "published",
            "read",
            "starred",
            "later",
            "tags",
            "story",
            "sources",
        ],
    );
    check_keys(&entries[0]["feed"], &["id", "title", "url"]);
    assert!(entries[0]["sources"].is_u64(), "{}", entries[0]);
    assert!(entries[0]["authors"].is_null(), "{}", entries[0]);
    assert_eq!(
        (entries[0]["later"].as_bool(), entries[0]["title"].as_str()),
        (Some(true), Some("A long read"))
    );
    let said = home.ok(&["mark", "is:later", "--star", "--tag", "quote", "--read"]);
    assert_eq!(said.lines().count(), 3, "{said}");
    assert_eq!(home.ok(&["count", "is:starred"]).trim(), "1");
    assert_eq!(
        home.ok(&["count", "is:unread", "--format", "[{n}|%n]"])
            .trim(),
        "[0|0]"
    );
    assert!(home.ok(&["count", "--help"]).contains("%n"));
    for wrong in [
        &["mark", "", "--unread"][..],
        &["mark", "(", "--unread"],
        &["mark", "is:read (or", "--unread"],
        &["mark", "is:read", "--tag", ""],
        &["mark", "is:read", "--tag", "a\u{1b}[31m"],
        &["digest", "--query", "\"", "--mark-read"],
        &["feed", "remove", ""],
    ] {
        assert_eq!(home.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    for flag in ["--tag", "--untag"] {
        let said = home.ok(&["mark", "is:starred", flag, "one", flag, "two"]);
        assert_eq!(said.lines().count(), 1, "one step: {said}");
        assert!(said.contains("tagged one") && said.contains("tagged two"));
    }
    home.fails(&["mark", "--id", "999", "--star"], 1);
    assert_eq!(home.ok(&["count", "is:unread"]).trim(), "0");
    home.ok(&["mark", "*", "--unread"]);
    assert_eq!(home.ok(&["count", "is:unread"]).trim(), "1");
    home.ok(&["mark", "is:unread", "--read"]);
    home.fails(
        &["backup", &home.file("notes.txt", "mine").to_string_lossy()],
        1,
    );
    let backup = home.0.path().join("backup.db");
    home.ok(&["backup", &backup.to_string_lossy()]);
    let id = entries[0]["id"].to_string();
    home.ok(&["mark", "--id", &id, "--unstar", "--untag", "quote"]);
    assert_eq!(home.ok(&["count", "is:starred"]).trim(), "0");
    home.ok(&["restore", &backup.to_string_lossy()]);
    assert_eq!(home.ok(&["count", "is:starred"]).trim(), "1");
    let marks = home.json(&["export", "--format", "json", "--marks"]);
    let marked = marks
        .iter()
        .find(|row| row.get("entry").is_some())
        .expect("the marked entry");
    assert_eq!(
        (marked["starred"].as_bool(), marked["tags"][0].as_str()),
        (Some(true), Some("quote"))
    );
}

#[test]
fn a_config_is_written_checked_and_shown() {
    let home = Home::new();
    assert_eq!(
        home.ok(&["config", "path"]).trim(),
        home.config().to_string_lossy()
    );
    home.ok(&["config", "init"]);
    home.fails(&["config", "init"], 1);
    home.ok(&["config", "check"]);
    home.file(
        "config/config.toml",
        "tehme = 1\nmeasure = 60\ntheme = \"inc\"\nlists = [\"gone.opml\"]\n[keys]\nx = \"whole-pages\"\n",
    );
    let output = home.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("config.toml:1: there is no setting “tehme”; did you mean “theme”?")
            && said.contains("gone.opml")
            && said.contains("did you mean “ink”")
            && said.contains("whole-page"),
        "{said}"
    );
    assert!(
        home.ok(&["config", "show"])
            .contains("measure = 60  # config.toml:2")
    );
}

#[test]
fn feeds_of_a_list_that_cannot_be_read_stay() {
    let home = Home::new();
    home.file("config/config.toml", "lists = [\"a.urls\"]\n");
    let list = home.file("config/a.urls", "https://one.example/feed\n");
    assert_eq!(home.json(&["feed", "list", "--json"]).len(), 1);
    fs::remove_file(list).expect("removed");
    assert_eq!(home.json(&["feed", "list", "--json"]).len(), 1);
}

#[test]
fn doctor_tells_no_secrets() {
    let home = Home::new();
    home.ok(&[
        "feed",
        "add",
        "https://me:hunter2@one.example/feed?key=hunter2",
    ]);
    let page = home.ok(&["doctor"]);
    for word in ["terminal", "paths", "database", "check: ok"] {
        assert!(page.contains(word), "{page}");
    }
    assert!(!page.contains("hunter2"), "{page}");
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written_is_told_with_the_way_out() {
    let home = Home::new();
    let file = home.file("in-the-way", "");
    let output = home
        .command()
        .args(["--data-dir", &file.join("data").to_string_lossy(), "list"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--data-dir"), "{}", err(&output));
}

#[test]
fn a_log_is_written_on_request() {
    let home = Home::new();
    home.ok(&["--log", "logs/bron.log", "count"]);
    let log = fs::read_to_string(home.0.path().join("logs/bron.log")).expect("there");
    assert!(log.contains("begins"), "{log}");
    home.ok(&["-v", "count"]);
    assert!(home.0.path().join("data/state/bron.log").exists());
}

#[test]
fn scripts_and_the_manual_come_out() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.ok(&["completions", shell]).contains("bron"), "{shell}");
    }
    assert!(home.ok(&["man"]).contains(".TH"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command as Process, Stdio};
    let home = Home::new();
    let binary = assert_cmd::cargo::cargo_bin("bron");
    let mut child = Process::new(binary)
        .env("HOME", home.0.path())
        .args(["--offline", "man"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", err(&output));
    assert!(output.stderr.is_empty(), "{}", err(&output));
}

#[test]
fn rules_are_tried_out_without_doing_anything() {
    let home = Home::new();
    home.file(
        "config/config.toml",
        "[[rules]]\nquery = \"title:webinar\"\ndo = [\"mark-read\", \"tag:noise\"]\n",
    );
    home.ok(&["later", "https://example.org/a", "--title", "A webinar"]);
    home.ok(&["later", "https://example.org/b", "--title", "News"]);
    let rows = home.json(&["rules", "check", "--json"]);
    assert_eq!(rows.len(), 1);
    check_keys(
        &rows[0],
        &[
            "rule", "place", "query", "do", "matches", "recent", "examples",
        ],
    );
    assert_eq!(rows[0]["matches"], 1);
    assert_eq!(rows[0]["place"], "config.toml:1");
    assert_eq!(rows[0]["do"][1], "tag:noise");
    assert_eq!(
        home.ok(&["count", "is:unread"]).trim(),
        "2",
        "nothing was done"
    );
    let text = home.ok(&["rules", "check"]);
    assert!(
        text.contains("1 entry matches, 1 of them of the last 7 days"),
        "{text}"
    );
    home.file(
        "config/config.toml",
        "[[rules]]\nquery = \"is:x\"\ndo = \"star\"\n",
    );
    let output = home.run(&["rules", "check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("config.toml:2: the query “is:x”"),
        "{}",
        err(&output)
    );
}

#[test]
fn stats_are_a_text_and_one_object() {
    let home = Home::new();
    let text = home.ok(&["stats"]);
    assert!(text.contains("Nothing arrived in these days."), "{text}");
    let rows = home.json(&["stats", "--json", "--days", "7"]);
    assert_eq!(rows.len(), 1);
    check_keys(
        &rows[0],
        &[
            "days", "entries", "read", "opened", "hours", "by_day", "feeds",
        ],
    );
    assert_eq!(rows[0]["days"], 7);
    assert_eq!(rows[0]["hours"].as_array().map(Vec::len), Some(24));
}

#[test]
fn what_stands_in_a_file_is_what_there_is_unless_the_file_is_broken() {
    let home = Home::new();
    let folder = home.0.path().join("config");
    fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    let feeds = || -> Vec<String> {
        let mut urls: Vec<String> = home
            .json(&["-q", "feed", "list", "--json"])
            .iter()
            .map(|feed| feed["url"].as_str().unwrap_or_default().to_owned())
            .collect();
        urls.sort();
        urls
    };
    let (one, two) = ("https://one.example/feed", "https://two.example/feed");
    write("config.toml", "lists = [\"urls\"]\n");
    // A line that bron has no use for is no reason to keep what was taken out; nor is that nothing is left.
    write(
        "urls",
        &format!("\"query:Unread:unread = \\\"yes\\\"\"\n{one}\n{two}\n"),
    );
    assert_eq!(feeds(), [one, two]);
    home.ok(&["-q", "feed", "remove", one]);
    assert_eq!(feeds(), [two]);
    home.ok(&["-q", "feed", "remove", two]);
    assert_eq!(feeds(), [""; 0]);
    // A config that is emptied, misspelt or gone has lost its feeds by accident.
    let config = format!("[[feeds]]\nurl = \"{one}\"\n");
    write("config.toml", &config);
    assert_eq!(feeds(), [one]);
    for broken in [
        "",
        "[[feed]]\nurl = \"https://one.example/feed\"\n",
        "[[feeds]\n",
    ] {
        write("config.toml", broken);
        assert_eq!(feeds(), [one], "{broken}");
    }
    fs::remove_file(home.config()).expect("gone");
    assert_eq!(feeds(), [one]);
    write("config.toml", &config);
    home.ok(&["-q", "feed", "remove", one]);
    assert_eq!(feeds(), [""; 0]);
}

#[test]
fn of_several_feeds_none_is_added_where_one_is_no_address() {
    let home = Home::new();
    let feed = home.file("feed.xml", FEED);
    let (there, gone) = (format!("file://{}", feed.display()), "ftp://gone.example/");
    home.fails(&["feed", "add", &there, gone], 2);
    assert!(home.json(&["-q", "feed", "list", "--json"]).is_empty());
    home.ok(&["feed", "add", &there, "https://two.example/feed"]);
    assert_eq!(home.json(&["-q", "feed", "list", "--json"]).len(), 2);
}
