//! The whole program, measured from outside: N feeds on loopback are fetched, kept, listed, read and searched by the real
//! binary in a real pseudo-terminal, and each figure stands beside the limit of the same run. One JSON line a measure.
//!
//! ```text
//! cargo bench --bench end_to_end -- --feeds 500 --runs 3
//! cargo bench --bench end_to_end -- --feeds 2800 --latency 50 --only refresh,idle
//! cargo bench --bench end_to_end -- --feeds 2800 --keep FOLDER --only keys,open,search
//! ```
//!
//! `--program` names another build to be measured, to compare two.
//!
//! With `--keep` the store is made once and used again: what is measured on the screen is there in a minute.
//!
//! Linux: every feed has an address of its own in 127.0.0.0/8, and memory is read from `/proc`.

#[path = "../made/mod.rs"]
mod made;

mod faults;
mod hold;
mod limits;
mod program;
mod screen;
mod server;
mod storm;

use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::OnceLock;

/// What is to be measured.
struct Wanted {
    feeds: usize,
    runs: usize,
    /// Milliseconds before each answer.
    latencies: Vec<u64>,
    only: Vec<String>,
    /// A folder whose store is used again.
    keep: Option<PathBuf>,
    /// First fetches with keys pressed.
    storms: usize,
    /// A program in place of the one that was just built.
    program: Option<PathBuf>,
}

impl Wanted {
    fn wants(&self, measure: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == measure)
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut wanted = Wanted {
        feeds: 500,
        runs: 3,
        latencies: vec![0, 50],
        only: Vec::new(),
        keep: None,
        storms: 100,
        program: None,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_default();
        match word.as_str() {
            // This program, again, as the other side.
            "--serve" => {
                let mut number = || value().parse().unwrap_or(0);
                return server::serve(number(), number() as u16);
            }
            "--keep" => wanted.keep = Some(value().into()),
            "--program" => wanted.program = Some(value().into()),
            "--storms" => wanted.storms = value().parse().expect("a number of fetches"),
            "--feeds" => wanted.feeds = value().parse().expect("a number of feeds"),
            "--runs" => wanted.runs = value().parse().expect("a number of runs"),
            "--latency" => {
                wanted.latencies = value()
                    .split(',')
                    .map(|ms| ms.parse().expect("milliseconds"))
                    .collect();
            }
            "--only" => wanted.only = value().split(',').map(str::to_owned).collect(),
            // What `cargo bench` says to every program.
            _ => {}
        }
    }
    if let Some(program) = wanted.program.take() {
        // Set once, here.
        let _ = PROGRAM.set(program);
    }
    if wanted.only == ["storm"] {
        let mut line = storm::measure(wanted.storms);
        line["feeds"] = json!(storm::FEEDS);
        println!("{line}");
        return;
    }
    // The store of a folder that is kept knows its feeds by their port.
    let port_file = wanted.keep.as_ref().map(|folder| folder.join("port"));
    let port = port_file
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok()?.trim().parse().ok());
    let server = server::Server::start(wanted.feeds, port.unwrap_or(0));
    let entries: usize = (0..wanted.feeds).map(made::entries_of).sum::<usize>() + 2;
    let tell = |mut line: Value| {
        line["feeds"] = json!(wanted.feeds + 1);
        line["entries"] = json!(entries);
        println!("{line}");
    };
    let on_the_screen = |home: &program::Home, run: usize| {
        screen::measure(
            home,
            &server,
            &|measure| wanted.wants(measure),
            &mut |mut line| {
                line["run"] = json!(run);
                tell(line);
            },
        );
    };
    if let (Some(folder), Some(file)) = (&wanted.keep, port_file) {
        let home = program::Home::kept(folder, &server.urls());
        if port.is_none() {
            home.run(&["refresh", "--quiet"]);
            screen::until_idle(&home);
            std::fs::write(file, server.port().to_string()).expect("it can be written");
        }
        for run in 0..wanted.runs {
            on_the_screen(&home, run);
        }
        return;
    }
    for run in 0..wanted.runs {
        let limit = limits::measure(&server, wanted.feeds);
        tell(limit.line(run));
        let home = program::Home::new(&server.urls());
        for latency in &wanted.latencies {
            if !wanted.wants("refresh") {
                break;
            }
            let fresh = program::Home::new(&server.urls());
            let fetch = limits::fetch(&server, *latency, false);
            let unchanged = limits::fetch(&server, *latency, true);
            let insert = limit.inflate + limit.parse + limit.insert_titles;
            for (kind, version, limit) in [
                ("cold", 1, fetch + insert),
                ("unchanged", 1, unchanged),
                ("some new", 2, unchanged),
            ] {
                server.set(*latency, version);
                fresh.forget_when_feeds_were_visited();
                let measured = fresh.run(&["refresh", "--quiet"]);
                let mut line = measured.line(limit);
                line["measure"] = json!("refresh");
                line["kind"] = json!(kind);
                line["latency_ms"] = json!(latency);
                line["run"] = json!(run);
                tell(line);
            }
        }
        server.set(0, 1);
        let cold = home.run(&["refresh", "--quiet"]);
        let full =
            limits::fetch(&server, 0, false) + limit.inflate + limit.parse + limit.insert_all;
        if wanted.wants("idle") {
            let idle = screen::until_idle(&home);
            let wall = cold.wall + idle.wall;
            tell(json!({
                "measure": "idle", "run": run, "from": "an empty store to all texts and sources",
                "ms": wall.as_millis(), "limit_ms": full.as_millis(),
                "ratio": ratio(wall, full), "anon_mb": idle.anon_mb, "database_mb": home.database_mb(),
            }));
        } else {
            screen::until_idle(&home);
        }
        on_the_screen(&home, run);
        if wanted.wants("faults") {
            let mut line = faults::measure(&server);
            line["run"] = json!(run);
            tell(line);
        }
    }
    if wanted.wants("storm") {
        tell(storm::measure(wanted.storms));
    }
}

/// How often the one goes into the other, to two digits.
fn ratio(figure: std::time::Duration, limit: std::time::Duration) -> f64 {
    (figure.as_secs_f64() / limit.as_secs_f64().max(1e-9) * 100.0).round() / 100.0
}

/// Milliseconds, to two digits.
fn ms(figure: std::time::Duration) -> f64 {
    (figure.as_secs_f64() * 100_000.0).round() / 100.0
}

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The program that is measured.
fn bron() -> PathBuf {
    let built = || PathBuf::from(env!("CARGO_BIN_EXE_bron"));
    PROGRAM.get_or_init(built).clone()
}
