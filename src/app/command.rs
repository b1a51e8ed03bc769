//! Commands of the reader's own, run with limits: filters, `exec:` feeds, what prints a secret, hooks.
//!
//! - A command is a program and its arguments. No shell stands between, so nothing in an address or a title can become a
//!   command.
//! - What it prints is bounded, and so is its time; when either is over, it is killed.

use crate::config::Settings;
use crate::poller::Job;
use crate::text::SafeText;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
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
        .spawn()
        .map_err(|error| format!("“{name}” could not be started ({error})"))?;
    let result = attend(&mut child, job, &name);
    if result.is_err() {
        // It may have ended by itself; then there is nothing to kill.
        let _ = child.kill();
    }
    // A zombie otherwise. It has ended, or was killed.
    let _ = child.wait();
    result
}

fn attend(child: &mut Child, job: &Job, name: &str) -> Result<Vec<u8>, String> {
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
            Ok(Some(status)) if status.success() => return Ok(bytes),
            Ok(Some(status)) => {
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
}
