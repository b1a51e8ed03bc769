//! The screen in a pseudo-terminal, mostly of 200 by 50: from a key to what the terminal gets for it.

use crate::program::{Home, Memory};
use crate::server::Server;
use crate::{bron, made, ms};
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
/// Starts of the program for a measure that wants a fresh one.
const SESSIONS: usize = 5;
/// Keys of a measure.
const PRESSES: usize = 100;

/// Rows and columns.
pub type Size = (u16, u16);
/// All columns stand side by side.
pub const WIDE: Size = (50, 200);
/// The article is not shown before it is opened.
const NARROW: Size = (50, 100);

pub struct Term {
    begun: Instant,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    keys: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    /// Held open: the program ends with it.
    master: Box<dyn portable_pty::MasterPty + Send>,
}

/// How a program ended that was told to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Peace,
    /// With an exit code.
    Failure,
    Signal,
    /// It has not ended.
    Open,
}

impl End {
    pub fn name(self) -> &'static str {
        match self {
            End::Peace => "peace",
            End::Failure => "failure",
            End::Signal => "signal",
            End::Open => "still open",
        }
    }
}

impl Term {
    fn start(command: CommandBuilder, (rows, cols): Size) -> Term {
        let size = PtySize {
            rows,
            cols,
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
            master: pair.master,
        }
    }

    pub fn bron(home: &Home, words: &[&str], size: Size) -> Term {
        let mut command = CommandBuilder::new(bron());
        command.env_clear();
        for (name, value) in home.variables() {
            command.env(name, value);
        }
        command.args(words);
        Term::start(command, size)
    }

    pub fn press(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.keys
            .write_all(keys.as_bytes())
            .and_then(|()| self.keys.flush())
            .expect("the program reads");
        at
    }

    /// The window gets another size.
    pub fn resize(&mut self, (rows, cols): Size) -> Instant {
        let at = Instant::now();
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).expect("it has any size");
        at
    }

    /// Takes in what comes for so long after a key; when the first of it came.
    pub fn first_within(&mut self, key: Instant, time: Duration) -> Option<Instant> {
        let mut first = None;
        while let Ok((at, bytes)) = self
            .chunks
            .recv_timeout((key + time).saturating_duration_since(Instant::now()))
        {
            self.screen.process(&bytes);
            first = first.or(Some(at));
        }
        first
    }

    /// Takes in what comes for so long.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok((_, bytes)) = self
            .chunks
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            self.screen.process(&bytes);
        }
    }

    /// Leaves, out of whatever is open; how the program ended.
    pub fn leaves(&mut self) -> End {
        let end = Instant::now() + PATIENCE / 4;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.child.try_wait() {
                return match (status.success(), status.signal()) {
                    (true, _) => End::Peace,
                    (false, None) => End::Failure,
                    (false, Some(_)) => End::Signal,
                };
            }
            // It may be gone by now: then there is nobody to read it.
            let _ = self
                .keys
                .write_all(b"\x03")
                .and_then(|()| self.keys.flush());
            self.listen(Duration::from_millis(60));
            std::thread::sleep(Duration::from_millis(10));
        }
        End::Open
    }

    /// What stands on the screen, lines that are empty left out.
    pub fn words(&self) -> String {
        let contents = self.screen.screen().contents();
        let lines = contents.lines().map(str::trim_end);
        lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The name of the selected entry, as the list has it and as the article has it. Names of entries are like `E00012x03`.
    fn selected(&self) -> (Option<String>, Option<String>) {
        let screen = self.screen.screen();
        let (rows, _) = screen.size();
        let width = ARTICLE - LIST;
        let list = |row: u16, from: u16, width: u16| -> String {
            (from..from + width)
                .filter_map(|column| screen.cell(row, column))
                .map(|cell| match cell.contents() {
                    "" => " ",
                    letter => letter,
                })
                .collect()
        };
        let in_list = (0..rows.get())
            .map(|row| list(row, LIST, width))
            .find(|line| line.starts_with('▌'))
            .and_then(|line| name_in(&line));
        let in_article = (0..8).find_map(|row| name_in(&list(row, ARTICLE, 60)));
        (in_list, in_article)
    }

    /// From a key to the entry that it selects, in the list and as an article, whatever else changes meanwhile.
    fn follow(&mut self, at: Instant, before: &str) -> (Option<Duration>, Option<Duration>) {
        let end = at + Duration::from_secs(2);
        let mut moved = None;
        while let Ok((came, bytes)) = self
            .chunks
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            self.screen.process(&bytes);
            let (list, article) = self.selected();
            let Some(list) = list.filter(|list| list != before) else {
                continue;
            };
            moved = moved.or(Some(came - at));
            if article.as_ref() == Some(&list) {
                return (moved, Some(came - at));
            }
        }
        (moved, None)
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

/// Where the columns of entries and of the article begin on a wide screen.
const LIST: u16 = 30;
const ARTICLE: u16 = 82;

/// The first name of an entry in a line.
fn name_in(line: &str) -> Option<String> {
    line.split_whitespace()
        .find(|word| {
            let number = |byte: u8| byte.is_ascii_digit() || byte == b'x';
            word.starts_with("BIG")
                || word.len() == 9 && word.starts_with('E') && word[1..].bytes().all(number)
        })
        .map(str::to_owned)
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
        let mut term = Term::start(command, WIDE);
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
    let mut term = Term::bron(home, &["--offline"], WIDE);
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

/// All measures of the screen; each line is told as soon as it is there.
pub fn measure(
    home: &Home,
    server: &Server,
    wants: &dyn Fn(&str) -> bool,
    tell: &mut dyn FnMut(Value),
) {
    if wants("start") {
        tell(start(home));
    }
    if wants("keys") {
        keys(home).into_iter().for_each(&mut *tell);
    }
    if wants("hold") {
        crate::hold::measure(home).into_iter().for_each(&mut *tell);
    }
    if wants("open") {
        open(home).into_iter().for_each(&mut *tell);
    }
    if wants("search") {
        search(home).into_iter().for_each(&mut *tell);
    }
    if wants("reload-keys") {
        reload_keys(home, server).into_iter().for_each(&mut *tell);
    }
    if wants("reload") {
        reload(home, server).into_iter().for_each(&mut *tell);
    }
}

fn start(home: &Home) -> Value {
    let shell = shell();
    let starts = (0..7).filter_map(|_| {
        let mut term = Term::bron(home, &["--offline"], WIDE);
        let ready = term.shows("Feed000")?;
        Some(ready - term.begun)
    });
    let start = median(starts.collect());
    json!({
        "measure": "start", "ms": ms(start), "limit_ms": ms(shell), "ratio": crate::ratio(start, shell),
    })
}

/// The list of all entries.
pub fn all(home: &Home, words: &[&str], size: Size) -> Option<Term> {
    let mut term = Term::bron(home, words, size);
    term.shows("Feed000")?;
    term.settle();
    term.press("ge");
    term.shows("E000")?;
    term.settle();
    Some(term)
}

pub fn spread(name: &str, mut figures: Vec<Duration>) -> Vec<(String, Value)> {
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
    let mut term = all(home, &["--offline"], WIDE)?;
    presses(&mut term, 10);
    let mut line = presses(&mut term, PRESSES);
    let at = term.press(&"j".repeat(100));
    let burst = term.settle().map(|(_, last)| ms(last - at));
    line.insert("measure".to_owned(), json!("keys"));
    line.insert("burst_of_100_ms".to_owned(), json!(burst));
    line.insert("anon_mb".to_owned(), json!(term.memory().anon_mb));
    Some(Value::Object(line))
}

/// Each article is opened by a program that has just started, so nothing of it is laid out ahead.
fn open(home: &Home) -> Vec<Value> {
    let size = |name: &str, keys: &str| {
        let mark = format!("TOPMARK{name}");
        let opened = (0..SESSIONS).filter_map(|_| {
            let mut term = all(home, &["--offline"], NARROW)?;
            term.press(keys);
            term.settle();
            let at = term.press("\r");
            let shown = term.shows(&mark)?;
            Some(shown - at)
        });
        let opened = median(opened.collect());
        let mut term = all(home, &["--offline"], WIDE)?;
        term.press(keys);
        term.settle();
        term.press("\r");
        while term.settle().is_some() {}
        let steps: Vec<Duration> = (0..40)
            .filter_map(|_| {
                let at = term.press("j");
                term.settle().map(|(_, last)| last - at)
            })
            .collect();
        // Else it would be opened where it was left, the next time.
        term.press("gg");
        term.listen(Duration::from_secs(2));
        let mut line: serde_json::Map<String, Value> =
            spread("scroll", steps).into_iter().collect();
        line.insert("measure".to_owned(), json!("open"));
        line.insert("size".to_owned(), json!(name));
        line.insert("ms".to_owned(), json!(ms(opened)));
        line.insert("anon_mb".to_owned(), json!(term.memory().anon_mb));
        Some(Value::Object(line))
    };
    [("1000K", "gg"), ("0100K", "G")]
        .into_iter()
        .filter_map(|(name, keys)| size(name, keys))
        .collect()
}

fn search(home: &Home) -> Vec<Value> {
    let word = |word: &str| {
        let mut term = all(home, &["--offline"], WIDE)?;
        term.press("/");
        term.settle();
        let mut strokes = Vec::new();
        for letter in word.chars() {
            let at = term.press(&letter.to_string());
            strokes.extend(term.settle().map(|(_, last)| last - at));
        }
        Some(json!({
            "measure": "search", "word": word, "last_key_ms": strokes.last().copied().map(ms),
            "slowest_key_ms": strokes.iter().max().copied().map(ms),
            "each_ms": strokes.iter().copied().map(ms).collect::<Vec<_>>(),
        }))
    };
    ["zyzzyva", "conpro", "the"]
        .into_iter()
        .filter_map(word)
        .collect()
}

/// From keys to the entries that they select, in the list and as articles, at uneven distances.
fn followed(
    term: &mut Term,
    most: usize,
    goes_on: &mut dyn FnMut(&mut Term) -> bool,
) -> serde_json::Map<String, Value> {
    let (mut moved, mut read, mut silent, mut presses) = (Vec::new(), Vec::new(), 0, 0);
    let mut dice = made::Dice::new(7);
    let begun = Instant::now();
    while presses < most && begun.elapsed() < PATIENCE && goes_on(term) {
        term.listen(Duration::from_millis(20 + dice.roll(80) as u64));
        let Some(before) = term.selected().0 else {
            continue;
        };
        presses += 1;
        let at = term.press(if presses % 10 == 9 { "k" } else { "j" });
        let (list, article) = term.follow(at, &before);
        moved.extend(list);
        read.extend(article);
        silent += usize::from(list.is_none());
    }
    let most = |figures: &[Duration]| figures.iter().max().copied().map(ms);
    let (most_list, most_article) = (most(&moved), most(&read));
    let mut line: serde_json::Map<String, Value> = spread("list", moved).into_iter().collect();
    line.extend(spread("article", read));
    line.insert("list_max_ms".to_owned(), json!(most_list));
    line.insert("article_max_ms".to_owned(), json!(most_article));
    line.insert("presses".to_owned(), json!(presses));
    line.insert("silent".to_owned(), json!(silent));
    line
}

/// Keys while nothing else happens, while all feeds are visited, and while they are visited for the first time.
fn reload_keys(home: &Home, server: &Server) -> Vec<Value> {
    let named = |kind: &str, mut line: serde_json::Map<String, Value>| {
        line.insert("measure".to_owned(), json!("reload-keys"));
        line.insert("kind".to_owned(), json!(kind));
        Value::Object(line)
    };
    let mut lines = Vec::new();
    server.set(50, 1);
    if let Some(mut term) = all(home, &[], WIDE) {
        lines.push(named(
            "resting",
            followed(&mut term, PRESSES, &mut |_| true),
        ));
        // A round is over soon: the next one begins before that.
        let mut pressed = 0;
        let visited = followed(&mut term, PRESSES, &mut |term| {
            if pressed % 8 == 0 {
                home.forget_when_feeds_were_visited();
                term.press("R");
            }
            pressed += 1;
            true
        });
        lines.push(named("304", visited));
    }
    let fresh = Home::new(&server.urls());
    let mut term = Term::bron(&fresh, &[], WIDE);
    term.listen(Duration::from_millis(300));
    term.press("R");
    term.press("ge");
    if term.shows("E000").is_some() {
        let line = followed(&mut term, PRESSES * 2, &mut |_| true);
        lines.push(named("first fetch", line));
    }
    server.set(0, 1);
    lines
}

/// What 20 rounds of visits leave behind.
fn reload(home: &Home, server: &Server) -> Option<Value> {
    let mut term = all(home, &[], WIDE)?;
    let mut after = Vec::new();
    server.set(0, 1);
    for _ in 0..22 {
        home.forget_when_feeds_were_visited();
        term.press("R");
        term.settle();
        while term.settle().is_some() {}
        after.push(term.memory().anon_mb);
    }
    Some(json!({
        "measure": "reload", "anon_mb": after.last(), "growth_of_20_mb": ((after[21] - after[1]) * 10.0).round() / 10.0,
        "each_mb": after,
    }))
}
