//! A real pseudo-terminal with an emulator behind it: what a reader would see, and what they press.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long something may take to come to the screen before the test gives up. No figure of speed: a hang ends here.
const PATIENCE: Duration = Duration::from_mins(1);

/// Questions a program asks of its terminal, and what a plain one answers.
const ANSWERS: &[(&[u8], &[u8])] = &[
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b[?u", b"\x1b[?0u"),
];

struct Shown {
    parser: vt100::Parser,
    /// Every byte that was written, for what an emulator does not keep.
    raw: Vec<u8>,
    /// What stood on the screen when it was last cleared.
    cleared: Option<Vec<String>>,
    /// Not in the middle of a frame (the synchronized output of terminals, mode 2026).
    whole: bool,
    ended: bool,
}

/// The program in a home where nothing else is.
pub fn bron(home: &Path, words: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bron"));
    command.env_clear();
    command.env("HOME", home);
    command.env("BRON_CONFIG", home.join("config.toml"));
    command.env("BRON_DATA_DIR", home.join("data"));
    command.cwd(home);
    command.args(words);
    command
}

/// A program in its terminal.
pub struct Term {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where `what` was written last.
fn last(raw: &[u8], what: &[u8]) -> Option<usize> {
    raw.windows(what.len()).rposition(|at| at == what)
}

/// What empties the screen before it is drawn whole.
const CLEAR: &[u8] = b"\x1b[2J";

/// Letters and looks of every row.
fn painted(parser: &vt100::Parser) -> Vec<String> {
    let columns = parser.screen().size().1;
    parser.screen().rows_formatted(0, columns.into()).collect()
}

/// A side of a window.
fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a window has cells")
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Term {
    /// Starts `command` in a window of `columns` × `rows` cells.
    pub fn start(mut command: CommandBuilder, columns: u16, rows: u16) -> Term {
        command.env("TERM", "xterm-256color");
        let pair = native_pty_system()
            .openpty(size(columns, rows))
            .expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().expect("its output");
        let keys = Arc::new(Mutex::new(pair.master.take_writer().expect("its input")));
        let shown = Arc::new((
            Mutex::new(Shown {
                parser: vt100::Parser::new(side(rows), side(columns), 0),
                raw: Vec::new(),
                cleared: None,
                whole: true,
                ended: false,
            }),
            Condvar::new(),
        ));
        let (answer_to, screen) = (Arc::clone(&keys), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            loop {
                let read = output.read(&mut bytes).unwrap_or(0);
                let mut shown = lock(&screen.0);
                shown.ended = read == 0;
                let mut rest = &bytes[..read];
                while let Some(at) = rest.windows(CLEAR.len()).position(|at| at == CLEAR) {
                    shown.parser.process(&rest[..at]);
                    shown.cleared = Some(painted(&shown.parser));
                    shown.parser.process(CLEAR);
                    rest = &rest[at + CLEAR.len()..];
                }
                shown.parser.process(rest);
                shown.raw.extend(&bytes[..read]);
                shown.whole = last(&shown.raw, b"\x1b[?2026h") <= last(&shown.raw, b"\x1b[?2026l");
                screen.1.notify_all();
                drop(shown);
                if read == 0 {
                    return;
                }
                for (question, answer) in ANSWERS {
                    if bytes[..read]
                        .windows(question.len())
                        .any(|at| at == *question)
                    {
                        let _ = lock(&answer_to).write_all(answer);
                    }
                }
            }
        });
        Term {
            child,
            master: pair.master,
            keys,
            shown,
        }
    }

    /// Presses keys: what a terminal sends for them.
    pub fn press(&self, keys: &str) {
        lock(&self.keys)
            .write_all(keys.as_bytes())
            .expect("the program reads its keys");
    }

    /// The rows as they stand.
    pub fn rows(&self) -> Vec<String> {
        self.until("a whole frame", |_| true)
    }

    /// Presses ctrl-l, which draws everything anew: letters and looks of every row as they stood before, and as they stand then.
    #[track_caller]
    pub fn redrawn(&self) -> (Vec<String>, Vec<String>) {
        lock(&self.shown.0).cleared = None;
        self.press("\x0c");
        let begun = Instant::now();
        let mut shown = lock(&self.shown.0);
        loop {
            let drawn = shown.whole && !shown.parser.screen().contents().trim().is_empty();
            if drawn && let Some(before) = shown.cleared.take() {
                return (before, painted(&shown.parser));
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(!shown.ended && !left.is_zero(), "it is never drawn anew");
            shown = self
                .shown
                .1
                .wait_timeout(shown, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until nothing has been written for a moment: what was asked for behind has come.
    pub fn settles(&self) {
        const MOMENT: Duration = Duration::from_millis(120);
        let mut shown = lock(&self.shown.0);
        loop {
            let length = shown.raw.len();
            let waited = self
                .shown
                .1
                .wait_timeout(shown, MOMENT)
                .unwrap_or_else(PoisonError::into_inner);
            shown = waited.0;
            if shown.ended || (waited.1.timed_out() && shown.raw.len() == length) {
                return;
            }
        }
    }

    /// Waits until the rows satisfy `holds`, and returns them.
    #[track_caller]
    pub fn until(&self, what: &str, holds: impl Fn(&[String]) -> bool) -> Vec<String> {
        let begun = Instant::now();
        let mut shown = lock(&self.shown.0);
        loop {
            let columns = shown.parser.screen().size().1;
            let rows: Vec<String> = shown.parser.screen().rows(0, columns.into()).collect();
            if shown.whole && holds(&rows) {
                return rows;
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(
                !shown.ended && !left.is_zero(),
                "never came: {what}\n{}",
                rows.join("\n")
            );
            shown = self
                .shown
                .1
                .wait_timeout(shown, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until `text` stands somewhere.
    #[track_caller]
    pub fn shows(&self, text: &str) -> Vec<String> {
        self.until(text, |rows| rows.iter().any(|row| row.contains(text)))
    }

    /// Gives the window another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        lock(&self.shown.0)
            .parser
            .screen_mut()
            .set_size(side(rows), side(columns));
        self.master
            .resize(size(columns, rows))
            .expect("a window can be resized");
    }

    /// All that was written to the terminal so far.
    pub fn raw(&self) -> Vec<u8> {
        lock(&self.shown.0).raw.clone()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("it was started")
    }

    /// Kills it as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        let _ = self.child.wait();
    }

    /// Waits for its end; whether it ended well.
    #[track_caller]
    pub fn ends(&mut self) -> bool {
        let begun = Instant::now();
        let mut shown = lock(&self.shown.0);
        while !shown.ended {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(!left.is_zero(), "it does not end");
            shown = self
                .shown
                .1
                .wait_timeout(shown, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        drop(shown);
        self.child.wait().expect("it ends").success()
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
