//! The first minute of a new user, from an empty home and without the README: three feeds, an article, a source, a key in
//! the help. Once in a pseudo-terminal, once in lines of text.

mod support;

use portable_pty::CommandBuilder;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use support::pty::Term;
use support::server::{Server, answer};

/// How long something may take before the test gives up. No figure of speed: a hang ends here.
const PATIENCE: Duration = Duration::from_mins(1);

const SITES: [&str; 3] = ["one", "two", "three"];

/// Sites that a new user may come across, behind a proxy on loopback, so that their names need not be resolved.
fn sites() -> Server {
    let server = Server::start();
    let now = chrono::Utc::now().to_rfc2822();
    let words = "Some words that make a text of it, so that nobody takes it for the beginning of a longer one. ".repeat(4);
    for site in SITES {
        let feed = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Site {site}</title><link>http://{site}.example/</link>\
             <item><title>News of {site}</title><link>http://{site}.example/1</link><guid>{site}-1</guid><pubDate>{now}</pubDate>\
             <description><![CDATA[<p>The text of {site}. {words}</p><p>It rests on <a href=\"http://deep.example/paper\">the paper \
             about it</a>, which says more. {words}</p>]]></description></item></channel></rss>"
        );
        let place = format!("{site}.example/feed.xml");
        server.on(&place, move |_| {
            answer(
                "200 OK",
                &["Content-Type: application/rss+xml"],
                feed.as_bytes(),
            )
        });
    }
    let page = format!(
        "<html><head><title>The paper</title></head><body><article><h1>The paper</h1><p>What the paper says. {words}</p><p>{words}</p></article></body></html>"
    );
    server.on("deep.example/paper", move |_| {
        answer("200 OK", &["Content-Type: text/html"], page.as_bytes())
    });
    server
}

fn variables(home: &Path, server: &Server) -> Vec<(&'static str, String)> {
    vec![
        ("HOME", home.display().to_string()),
        ("http_proxy", format!("http://{}", server.address)),
    ]
}

/// The config that the journey has written: the program says where.
fn config(home: &Path) -> String {
    fs::read_to_string(home.join(".config/bron/config.toml")).expect("a config was written")
}

#[test]
fn the_first_minute_on_the_screen() {
    let server = sites();
    let home = tempfile::tempdir().expect("a home");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bron"));
    command.env_clear();
    for (name, value) in variables(home.path(), &server) {
        command.env(name, value);
    }
    command.cwd(home.path());
    let term = Term::start(command, 120, 35);
    term.shows("Welcome to bron");
    term.shows("a adds an address");
    for site in SITES {
        term.press("a");
        term.shows("add feed: address");
        term.press(&format!("http://{site}.example/feed.xml\r"));
        term.shows(&format!("Subscribed to Site {site}"));
        term.shows(&format!("News of {site}"));
    }
    assert_eq!(config(home.path()).matches("[[feeds]]").count(), 3);
    term.press("\r");
    term.shows("The text of");
    // The hints say so: ] goes to the next source, enter reads it.
    term.shows("next source");
    term.press("]");
    term.press("\r");
    term.shows("What the paper says.");
    term.press("?");
    term.press("/");
    term.press("star");
    term.shows("star, or take the star away");
}

#[test]
fn what_was_subscribed_to_is_undone_in_the_file_too() {
    let server = sites();
    let home = tempfile::tempdir().expect("a home");
    let mut lines = Lines::start(home.path(), &server);
    lines.until("Welcome to bron");
    lines.say("");
    lines.say("add-feed http://one.example/feed.xml");
    lines.until("Subscribed to Site one");
    let before = config(home.path());
    lines.say("add-feed http://two.example/feed.xml");
    lines.until("Subscribed to Site two");
    assert_ne!(config(home.path()), before);
    // Notices may overtake one another; what counts is what stands in the file.
    lines.say("undo");
    lines.until_config(home.path(), |now| now == before);
    lines.say("redo");
    lines.until_config(home.path(), |now| now.contains("two.example"));
    lines.say("quit");
    lines.ends();
}

#[test]
fn the_first_minute_in_lines() {
    let server = sites();
    let home = tempfile::tempdir().expect("a home");
    let mut lines = Lines::start(home.path(), &server);
    lines.until("Welcome to bron");
    lines.until("add takes an address");
    lines.say("add http://one.example/feed.xml");
    lines.until("Subscribed to Site one");
    for site in ["two", "three"] {
        lines.say(&format!("add-feed http://{site}.example/feed.xml"));
        lines.until(&format!("Subscribed to Site {site}"));
    }
    // It may have been said before the last subscription was; and as one story they are one row soon after.
    let all = ", 3 entries";
    if !lines.heard.iter().any(|line| line.contains(all)) {
        lines.until(all);
    }
    lines.say("1");
    lines.until("The text of ");
    lines.until("the paper about it[1]");
    lines.say("1");
    lines.until("The way here: News of");
    lines.until("What the paper says.");
    lines.say("help star");
    lines.until("star, key *: star, or take the star away");
    lines.say("quit");
    lines.ends();
}

/// The program in linear mode, with a hand at its standard input.
struct Lines {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
    heard: Vec<String>,
}

impl Lines {
    fn start(home: &Path, server: &Server) -> Lines {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bron"))
            .arg("--plain")
            .env_clear()
            .envs(variables(home, server))
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("its input");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (said, output) = channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        Lines {
            child,
            input,
            output,
            heard: Vec::new(),
        }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it reads");
    }

    /// Hears on until a line holds `text`.
    #[track_caller]
    fn until(&mut self, text: &str) {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.heard.push(line);
                    if self.heard.last().is_some_and(|line| line.contains(text)) {
                        return;
                    }
                }
                Err(why) => panic!("“{text}” was not said ({why}):\n{}", self.heard.join("\n")),
            }
        }
    }

    /// Hears on until the config file is as wanted.
    #[track_caller]
    fn until_config(&mut self, home: &Path, wanted: impl Fn(&str) -> bool) {
        let begun = std::time::Instant::now();
        while !wanted(&config(home)) {
            assert!(
                begun.elapsed() < PATIENCE,
                "the file stays:\n{}",
                config(home)
            );
            if let Ok(line) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.heard.push(line);
            }
        }
    }

    #[track_caller]
    fn ends(mut self) {
        drop(self.input);
        let status = self.child.wait().expect("it is ours");
        assert!(status.success(), "{status}");
    }
}
