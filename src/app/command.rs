//! Commands of the reader's own, run with limits: filters, `exec:` feeds, what prints a secret, hooks.
//!
//! - A command is a program and its arguments. No shell stands between, so nothing in an address or a title can become a
//!   command.
//! - What it prints is bounded, and so is its time; when either is over, it is killed, and with it all that it has started:
//!   each command is a process group of its own. So are those that run when the program ends before them ([`end_all`]).

use crate::config::Settings;
use crate::poller::Job;
use crate::text::SafeText;
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes of what it says went wrong that are read.
const COMPLAINT: u64 = 4 << 10;
/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(5);

/// Lets the poller run what the settings allow: what prints a secret, and with `exec` also feeds and filters.
pub fn allow(settings: &mut Settings) {
    settings.poller.secret_commands = Some(Arc::new(run));
    settings.poller.commands = settings.exec.then(|| Arc::new(run) as _);
}

/// Runs a command; answers what it printed, or a sentence without full stop.
pub fn run(job: &Job) -> Result<Vec<u8>, String> {
    let Some((program, arguments)) = job.words.split_first() else {
        return Err("no program is named".to_owned());
    };
    let name = SafeText::short(program, 60);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| format!("“{name}” could not be started ({error})"))?;
    let mut group = Group::of(&child);
    let result = attend(&mut child, &mut group, job, &name);
    // A zombie otherwise. It has ended, or is killed here.
    drop(group);
    let _ = child.wait();
    result
}

/// Groups of the commands that run at this moment.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Kills all commands that run, with what they started: for the end of the program, which nobody outlives to look after them.
pub fn end_all() {
    for group in running().drain(..) {
        // It may have ended just now.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// From now on a signal that ends the program ends its commands first. For the command line: the screen ends in its own way.
pub fn end_all_with_the_program() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    spawn("signals", move || {
        if let Some(signal) = signals.forever().next() {
            end_all();
            // Ends the program as the signal would have, so that whoever called it can tell.
            let _ = emulate_default_handler(signal);
        }
    })
    .map_err(std::io::Error::other)
}

fn running() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The processes that a command has become: killed when dropped, unless the command ended by itself.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Group {
        let group = Pid::from_child(child);
        running().push(group);
        Group(Some(group))
    }

    /// It has ended, and its number may become another's: what it left running was meant to stay.
    fn ended(&mut self) {
        let group = self.0.take();
        running().retain(|other| Some(*other) != group);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended just now; nobody has asked for its end yet, so the number is still its own.
            let _ = kill_process_group(group, Signal::KILL);
            self.ended();
        }
    }
}

fn attend(child: &mut Child, group: &mut Group, job: &Job, name: &str) -> Result<Vec<u8>, String> {
    let until = Instant::now() + job.time;
    let too_long = || format!("“{name}” took longer than {} s", job.time.as_secs());
    if let Some(mut stdin) = child.stdin.take() {
        let input = job.input.clone();
        // It need not read what it is given: a closed pipe is no failure. Ends with the child at the latest.
        spawn("command-in", move || {
            let _ = stdin.write_all(&input);
        })?;
    }
    let (complain, complaint) = channel();
    if let Some(stderr) = child.stderr.take() {
        spawn("command-err", move || {
            let mut bytes = Vec::new();
            let mut stderr = stderr;
            let _ = stderr.by_ref().take(COMPLAINT).read_to_end(&mut bytes);
            let _ = complain.send(bytes);
            // What is left is read away, so that it never waits for us.
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        })?;
    }
    let (send, printed) = channel();
    if let Some(stdout) = child.stdout.take() {
        let limit = job.limit as u64 + 1;
        spawn("command-out", move || {
            let mut bytes = Vec::new();
            let read = stdout.take(limit).read_to_end(&mut bytes);
            let _ = send.send(read.map(|_| bytes));
        })?;
    }
    let bytes = match printed.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(format!("“{name}” could not be read ({error})")),
        Err(RecvTimeoutError::Timeout) => return Err(too_long()),
        Err(RecvTimeoutError::Disconnected) => return Err(format!("“{name}” printed nothing")),
    };
    if bytes.len() > job.limit {
        return Err(format!("“{name}” printed more than is read"));
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => {
                group.ended();
                return Ok(bytes);
            }
            Ok(Some(status)) => {
                group.ended();
                let said = complaint.recv_timeout(LOOK * 20).unwrap_or_default();
                let said = String::from_utf8_lossy(&said);
                let line = said.lines().find(|line| !line.trim().is_empty());
                let line = line.map_or_else(String::new, |line| {
                    format!(": {}", SafeText::short(line, 200))
                });
                return Err(format!("“{name}” ended with {status}{line}"));
            }
            Ok(None) if Instant::now() >= until => return Err(too_long()),
            Ok(None) => thread::sleep(LOOK),
            Err(error) => return Err(format!("“{name}” was lost ({error})")),
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    thread::Builder::new()
        .name(name.into())
        .spawn(work)
        .map(|_| ())
        .map_err(|error| format!("no thread could be started ({error})"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn job(words: &[&str], input: &str) -> Job {
        Job {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            input: input.as_bytes().to_vec(),
            limit: 1 << 20,
            time: Duration::from_secs(30),
        }
    }

    #[test]
    fn input_goes_in_and_what_is_printed_comes_out() {
        let big = "line\n".repeat(100_000);
        assert_eq!(run(&job(&["cat"], &big)), Ok(big.clone().into_bytes()));
        assert_eq!(run(&job(&["true"], &big)), Ok(Vec::new()));
    }

    #[test]
    fn no_shell_reads_the_words() {
        let words = "$(touch x) `id` ; ls | cat > y && z";
        assert_eq!(
            run(&job(&["printf", "%s", words], "")),
            Ok(words.as_bytes().to_vec())
        );
    }

    #[test]
    fn a_command_that_fails_says_why() {
        let why = run(&job(&["ls", "/nowhere-at-all"], "")).expect_err("it is not there");
        assert!(
            why.starts_with("“ls” ended with") && why.contains("nowhere"),
            "{why}"
        );
        let why = run(&job(&["no-such-program-anywhere"], "")).expect_err("it is not there");
        assert!(why.contains("could not be started"), "{why}");
        assert!(run(&job(&[], "")).is_err());
    }

    #[test]
    fn too_much_and_too_long_come_to_an_end() {
        let mut endless = job(&["yes"], "");
        endless.limit = 1000;
        assert_eq!(
            run(&endless),
            Err("“yes” printed more than is read".to_owned())
        );
        let mut slow = job(&["sleep", "1000"], "");
        slow.time = Duration::from_millis(50);
        assert!(run(&slow).expect_err("too long").contains("took longer"));
        let mut silent = job(&["sh", "-c", "exec 1>&-; exec sleep 1000"], "");
        silent.time = Duration::from_millis(50);
        assert!(run(&silent).expect_err("too long").contains("took longer"));
    }

    /// What a command left running, by a pipe that it holds open: its end closes it.
    fn grandchild(words: &str, time: Duration) -> (Job, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a directory");
        let pipe = folder.path().join("held");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo is there").success());
        let mut job = job(&["sh", "-c", words, "sh", &pipe.display().to_string()], "");
        job.time = time;
        (job, folder)
    }

    #[test]
    fn what_a_command_has_started_ends_with_it() {
        // The first waits in vain for its own child; the second has ended, and its child holds what it printed open.
        for words in [
            "sh -c 'exec 3>\"$1\"; exec sleep 1000' sh \"$1\" & wait",
            "sh -c 'exec 3>\"$1\"; exec sleep 1000' sh \"$1\" & exit 0",
        ] {
            let (job, folder) = grandchild(words, Duration::from_secs(1));
            let pipe = folder.path().join("held");
            let running = thread::spawn(move || run(&job));
            // Opens when the grandchild has it open, and ends when that has ended.
            let mut held = std::fs::File::open(pipe).expect("the grandchild opens it");
            assert_eq!(held.read(&mut [0]).expect("it can be read"), 0, "{words}");
            let why = running.join().expect("it ends").expect_err("too long");
            assert!(why.contains("took longer"), "{words}: {why}");
        }
    }

    #[test]
    fn what_a_command_leaves_running_on_purpose_stays() {
        let (job, folder) = grandchild(
            "(exec >&- 2>&-; exec 3>\"$1\"; echo stayed >&3) & exit 0",
            Duration::from_secs(30),
        );
        assert_eq!(run(&job), Ok(Vec::new()));
        let said = std::fs::read_to_string(folder.path().join("held"));
        assert_eq!(said.expect("it still writes"), "stayed\n");
    }
}
