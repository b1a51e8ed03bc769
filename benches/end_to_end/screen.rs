//! The screen in a pseudo-terminal of 200 by 50: from a key to what the terminal gets for it.

use crate::program::{Home, Memory};
use crate::server::Server;
use crate::{bron, ms};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::{Value, json};
use std::io::{Read as _, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// So long without a byte ends what a key has begun.
const QUIET: Duration = Duration::from_millis(60);
/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Keys of a measure.
const PRESSES: usize = 100;

struct Term {
    begun: Instant,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    keys: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    /// Held open: the program ends with it.
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Term {
    fn start(command: CommandBuilder) -> Term {
        let size = PtySize {
            rows: 50,
            cols: 200,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let of = |size| NonZero::new(size).expect("the size above");
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("it starts");
        let (send, chunks) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0
                    || send
                        .send((Instant::now(), bytes[..count].to_vec()))
                        .is_err()
                {
                    return;
                }
            }
        });
        Term {
            begun,
            chunks,
            screen: vt100::Parser::new(of(size.rows), of(size.cols), 0),
            keys,
            child,
            _master: pair.master,
        }
    }

    fn bron(home: &Home, words: &[&str]) -> Term {
        let mut command = CommandBuilder::new(bron());
        command.env_clear();
        for (name, value) in home.variables() {
            command.env(name, value);
        }
        command.args(words);
        Term::start(command)
    }

    fn press(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.keys
            .write_all(keys.as_bytes())
            .and_then(|()| self.keys.flush())
            .expect("the program reads");
        at
    }

    /// When a text came to stand on the screen; `None`: it did not.
    fn shows(&mut self, text: &str) -> Option<Instant> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self
                .chunks
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok((at, bytes)) => {
                    self.screen.process(&bytes);
                    if self.screen.screen().contents().contains(text) {
                        return Some(at);
                    }
                }
                Err(_) => return None,
            }
        }
    }

    /// When the first and the last byte came, until there was quiet.
    fn settle(&mut self) -> Option<(Instant, Instant)> {
        let mut seen: Option<(Instant, Instant)> = None;
        loop {
            match self
                .chunks
                .recv_timeout(if seen.is_some() { QUIET } else { QUIET * 5 })
            {
                Ok((at, bytes)) => {
                    self.screen.process(&bytes);
                    seen = Some((seen.map_or(at, |(first, _)| first), at));
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return seen,
            }
        }
    }

    fn memory(&self) -> Memory {
        self.child.process_id().map(Memory::of).unwrap_or_default()
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(mut figures: Vec<Duration>) -> Duration {
    figures.sort();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The start of a shell that prints a word.
pub fn shell() -> Duration {
    let starts = (0..7).filter_map(|_| {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", "echo ready; sleep 5"]);
        let mut term = Term::start(command);
        let ready = term.shows("ready")?;
        Some(ready - term.begun)
    });
    median(starts.collect())
}

pub struct Idle {
    pub wall: Duration,
    pub anon_mb: f64,
}

/// Opens the screen on a store and waits until all texts are in the index and all sources are known.
pub fn until_idle(home: &Home) -> Idle {
    let mut term = Term::bron(home, &["--offline"]);
    let conn = home.connection();
    let mut anon_mb: f64 = 0.0;
    loop {
        term.settle();
        let left: i64 = conn
            .query_row(
                "SELECT (SELECT count(*) FROM index_queue) + (SELECT count(*) FROM collect_queue)",
                [],
                |row| row.get(0),
            )
            .expect("the store answers");
        anon_mb = anon_mb.max(term.memory().anon_mb);
        if left == 0 {
            break;
        }
    }
    Idle {
        wall: term.begun.elapsed(),
        anon_mb,
    }
}

/// All measures of the screen.
pub fn measure(home: &Home, server: &Server, wants: &dyn Fn(&str) -> bool) -> Vec<Value> {
    let mut lines = Vec::new();
    if wants("start") {
        lines.push(start(home));
    }
    if wants("keys") {
        lines.extend(keys(home));
    }
    if wants("open") {
        lines.extend(open(home));
    }
    if wants("search") {
        lines.extend(search(home));
    }
    if wants("reload") {
        lines.extend(reload(home, server));
    }
    lines
}

fn start(home: &Home) -> Value {
    let shell = shell();
    let starts = (0..7).filter_map(|_| {
        let mut term = Term::bron(home, &["--offline"]);
        let ready = term.shows("Feed000")?;
        Some(ready - term.begun)
    });
    let start = median(starts.collect());
    json!({
        "measure": "start", "ms": ms(start), "limit_ms": ms(shell), "ratio": crate::ratio(start, shell),
    })
}

/// The list of all entries.
fn all(home: &Home, words: &[&str]) -> Option<Term> {
    let mut term = Term::bron(home, words);
    term.shows("Feed000")?;
    term.settle();
    term.press("ge");
    term.shows("E000")?;
    term.settle();
    Some(term)
}

fn spread(name: &str, mut figures: Vec<Duration>) -> Vec<(String, Value)> {
    figures.sort();
    let at = |part: usize| figures.get(figures.len() * part / 100).or(figures.last());
    [(50, "p50"), (95, "p95"), (99, "p99")]
        .into_iter()
        .map(|(part, label)| {
            (
                format!("{name}_{label}_ms"),
                json!(at(part).copied().map(ms)),
            )
        })
        .collect()
}

fn presses(term: &mut Term, count: usize) -> serde_json::Map<String, Value> {
    let (mut first, mut last, mut silent) = (Vec::new(), Vec::new(), 0);
    for press in 0..count {
        let at = term.press(if press % 10 == 9 { "k" } else { "j" });
        match term.settle() {
            Some((begun, ended)) => {
                first.push(begun - at);
                last.push(ended - at);
            }
            None => silent += 1,
        }
    }
    let mut line: serde_json::Map<String, Value> = spread("first", first).into_iter().collect();
    line.extend(spread("last", last));
    line.insert("presses".to_owned(), json!(count));
    line.insert("silent".to_owned(), json!(silent));
    line
}

fn keys(home: &Home) -> Option<Value> {
    let mut term = all(home, &["--offline"])?;
    presses(&mut term, 10);
    let mut line = presses(&mut term, PRESSES);
    let at = term.press(&"j".repeat(100));
    let burst = term.settle().map(|(_, last)| ms(last - at));
    line.insert("measure".to_owned(), json!("keys"));
    line.insert("burst_of_100_ms".to_owned(), json!(burst));
    line.insert("anon_mb".to_owned(), json!(term.memory().anon_mb));
    Some(Value::Object(line))
}

fn open(home: &Home) -> Vec<Value> {
    // From the other end of the list, so that it is not laid out ahead.
    let size = |name: &str, away: &str, keys: &str| {
        let mut term = all(home, &["--offline"])?;
        term.press(away);
        term.settle();
        let at = term.press(keys);
        let shown = term.shows(&format!("TOPMARK{name}"))?;
        term.settle();
        term.press("\r");
        term.settle();
        let steps: Vec<Duration> = (0..20)
            .filter_map(|_| {
                let at = term.press("j");
                term.settle().map(|(_, last)| last - at)
            })
            .collect();
        Some(json!({
            "measure": "open", "size": name, "ms": ms(shown - at), "scroll_ms": ms(median(steps)),
            "anon_mb": term.memory().anon_mb,
        }))
    };
    [("1000K", "G", "gg"), ("0100K", "gg", "G")]
        .into_iter()
        .filter_map(|(name, away, keys)| size(name, away, keys))
        .collect()
}

fn search(home: &Home) -> Vec<Value> {
    let word = |word: &str| {
        let mut term = all(home, &["--offline"])?;
        term.press("/");
        term.settle();
        let mut strokes = Vec::new();
        for letter in word.chars() {
            let at = term.press(&letter.to_string());
            strokes.extend(term.settle().map(|(_, last)| last - at));
        }
        let last = strokes.last().copied();
        strokes.sort();
        Some(json!({
            "measure": "search", "word": word, "last_key_ms": last.map(ms), "slowest_key_ms": strokes.last().copied().map(ms),
        }))
    };
    ["zyzzyva", "conpro", "the"]
        .into_iter()
        .filter_map(word)
        .collect()
}

/// Keys while all feeds are visited, and what 20 rounds of visits leave behind.
fn reload(home: &Home, server: &Server) -> Option<Value> {
    server.set(50, 1);
    let mut term = all(home, &[])?;
    home.forget_when_feeds_were_visited();
    term.press("R");
    let mut line = presses(&mut term, 20);
    let mut before = None;
    server.set(0, 1);
    for round in 0..22 {
        home.forget_when_feeds_were_visited();
        term.press("R");
        term.settle();
        while term.settle().is_some() {}
        if round == 1 {
            before = Some(term.memory().anon_mb);
        }
    }
    let after = term.memory().anon_mb;
    line.insert("measure".to_owned(), json!("reload"));
    line.insert("anon_mb".to_owned(), json!(after));
    line.insert(
        "growth_of_20_mb".to_owned(),
        json!(before.map(|before| ((after - before) * 10.0).round() / 10.0)),
    );
    Some(Value::Object(line))
}
