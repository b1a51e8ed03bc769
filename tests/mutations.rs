//! Mutations: what reads foreign bytes is given its seeds with faults in them, the same ones in every run.
//!
//! A normal run tries a few of each. More, and files of one's own, by the environment:
//!
//! - `BRON_MUTATIONS=1000000` so many for each target (`BRON_MUTATE=feed,opml`: of these only);
//! - `BRON_MUTATE_FOLDER=DIR` with `BRON_MUTATIONS`: so many mutations over the files below a folder;
//! - `BRON_MUTATE_SEED=7` another row of faults;
//! - `BRON_FINDING=FILE BRON_MUTATE=feed` a finding again.
//!
//! A finding is written to a file whose name is in the message.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

#[path = "support/targets.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use targets::TARGETS;

/// What counts as a hang in a run that was asked for.
const HANG: Duration = Duration::from_secs(10);

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*: enough to choose places.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % limit.max(1) as u64) as usize
    }
}

/// Pieces that have meaning somewhere, or must have none.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "/>",
    "</",
    "\u{1b}[2J",
    "\u{1b}]0;x\u{7}",
    "\u{9b}31m",
    "\u{202e}",
    "\u{2066}",
    "\u{e0041}",
    "\u{200b}",
    "\u{feff}",
    "\0",
    "\r",
    "&#0;",
    "&#x1b;",
    "&nbsp;",
    "&amp;amp;",
    "&#xD800;",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "<!ENTITY a SYSTEM \"file:///etc/passwd\">",
    "</item>",
    "<item>",
    "<entry>",
    "</entry>",
    "xmlns='",
    "xml:base='//x/'",
    "<a b='",
    "<a href=\"javascript:x\">",
    "<table><tr><td>",
    "<svg><script>",
    "<p>",
    "<pre>",
    "<ul><li>",
    "<blockquote>",
    "é",
    "😀",
    "שלום",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "1e999",
    "\\u0000",
    "\\ud800",
    "//",
    "../",
    "%00",
    "%2e",
    "%",
    "?",
    "#",
    "@",
    "[::1]",
    "file:",
    "data:,",
    "exec:",
    "-",
    "(",
    ")",
    "or",
    "is:",
    "age:<",
    "/",
    "\"\"\"",
    "= ",
    "[[feeds]]",
    "\n",
    "\t",
    "99999999999999999999",
    "-1",
];

fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1).min(bytes.len());
        match dice.below(8) {
            0 if dice.below(4) == 0 => bytes.truncate(at),
            0 | 1 => {
                let end = bytes.len().min(at + dice.below(200));
                bytes.drain(at..end);
            }
            2 => {
                let end = bytes.len().min(at + dice.below(300));
                let piece = bytes[at..end].repeat(1 + dice.below(4));
                let to = dice.below(bytes.len() + 1).min(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 if !bytes.is_empty() => {
                for _ in 0..=dice.below(20) {
                    let at = dice.below(bytes.len());
                    bytes[at] ^= 1 << dice.below(8);
                }
            }
            4 if !bytes.is_empty() => {
                let at = dice.below(bytes.len());
                bytes[at] = dice.below(256) as u8;
            }
            5 => {
                let piece = PIECES[dice.below(PIECES.len())].repeat(1 + dice.below(40));
                bytes.splice(at..at, piece.bytes());
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes.truncate(4 << 20);
    bytes
}

/// A finding, kept where it can be looked at.
fn keep(name: &str, round: u64, bytes: &[u8], what: &str) -> String {
    let path = std::env::temp_dir().join(format!("bron-finding-{name}-{round}"));
    std::fs::write(&path, bytes).unwrap();
    format!("{name}, round {round}: {what}; kept as {}", path.display())
}

/// Runs one; answers what went wrong.
fn run(name: &str, round: u64, target: fn(&[u8]), bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    match result {
        Err(why) => {
            let why = why
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| why.downcast_ref::<&str>().map(|why| (*why).to_owned()));
            Some(keep(name, round, bytes, &why.unwrap_or_default()))
        }
        Ok(()) if asked().is_some() && begun.elapsed() > HANG => Some(keep(
            name,
            round,
            bytes,
            &format!("took {:?}", begun.elapsed()),
        )),
        Ok(()) => None,
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// How many mutations somebody asked for.
fn asked() -> Option<u64> {
    variable("BRON_MUTATIONS").map(|text| text.parse().expect("BRON_MUTATIONS is a number"))
}

fn dice() -> Dice {
    let seed: u64 = variable("BRON_MUTATE_SEED").map_or(0, |text| {
        text.parse().expect("BRON_MUTATE_SEED is a number")
    });
    Dice(0x5eed ^ (seed << 32) ^ seed.wrapping_mul(0x9e37_79b9))
}

#[test]
fn seeds_with_faults_break_no_promise() {
    if variable("BRON_MUTATE_FOLDER").is_some() {
        return;
    }
    let only = variable("BRON_MUTATE");
    let wanted = |name: &str| {
        only.as_deref()
            .is_none_or(|only| only.split(',').any(|word| word == name))
    };
    let mut findings = Vec::new();
    for (name, target, seeds) in TARGETS.iter().filter(|(name, ..)| wanted(name)) {
        let begun = Instant::now();
        let mut dice = dice();
        let rounds = asked().unwrap_or(300);
        // Faults on faults: what was read without complaint is now and then the seed of what follows.
        let mut pool: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
        for round in 0..rounds {
            let from = dice.below(pool.len());
            let bytes = mutated(&pool[from], &mut dice);
            match run(name, round, *target, &bytes) {
                Some(finding) => findings.push(finding),
                None if bytes.len() < 4096 && dice.below(50) == 0 => {
                    if pool.len() < 64 {
                        pool.push(bytes);
                    } else {
                        let at = seeds.len() + dice.below(pool.len() - seeds.len());
                        pool[at] = bytes;
                    }
                }
                None => {}
            }
            if findings.len() > 20 {
                break;
            }
            if round % 100_000 == 99_999 {
                println!(
                    "{name}: {} so far, {} findings, {:?}",
                    round + 1,
                    findings.len(),
                    begun.elapsed()
                );
            }
        }
        println!("{name}: {rounds} mutations, {:?}", begun.elapsed());
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// A finding, as it was kept: `BRON_FINDING=FILE BRON_MUTATE=feed`.
#[test]
fn a_finding_is_tried_again() {
    let (Some(file), Some(wanted)) = (variable("BRON_FINDING"), variable("BRON_MUTATE")) else {
        return;
    };
    let bytes = std::fs::read(file).unwrap();
    let (_, target, _) = TARGETS
        .iter()
        .find(|(name, ..)| *name == wanted)
        .expect("a target");
    let begun = Instant::now();
    target(&bytes);
    println!("{wanted}: {:?}", begun.elapsed());
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The targets that files of such content are meant for.
fn meant_for(bytes: &[u8]) -> &'static [&'static str] {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).to_lowercase();
    if head.contains("<opml") {
        &["opml", "feed"]
    } else if head.contains("<rss")
        || head.contains("<feed")
        || head.contains("<rdf")
        || head.contains("jsonfeed")
    {
        &["feed"]
    } else if head.contains("<html") || head.contains("<!doctype") || head.contains("<head") {
        &["article", "lines"]
    } else {
        &["feed", "lines", "entry", "opml", "query", "config"]
    }
}

/// Only where a folder is named: its files are no part of this package.
#[test]
fn files_of_a_folder_with_faults_break_no_promise() {
    let Some(folder) = variable("BRON_MUTATE_FOLDER") else {
        return;
    };
    let mut files = Vec::new();
    files_below(Path::new(&folder), &mut files);
    let rounds = asked().unwrap_or(1000);
    let mut dice = dice();
    let mut findings = Vec::new();
    let (mut runs, mut slowest) = (0_u64, (Duration::ZERO, String::new()));
    for round in 0..rounds {
        let file = &files[dice.below(files.len())];
        let seed = std::fs::read(file).unwrap();
        let bytes = mutated(&seed, &mut dice);
        for name in meant_for(&seed) {
            let (_, target, _) = TARGETS.iter().find(|(known, ..)| known == name).unwrap();
            let begun = Instant::now();
            runs += 1;
            findings.extend(
                run(name, round, *target, &bytes)
                    .map(|finding| format!("{finding} (of {})", file.display())),
            );
            if begun.elapsed() > slowest.0 {
                slowest = (begun.elapsed(), format!("{name} of {}", file.display()));
            }
        }
        if findings.len() > 20 {
            break;
        }
    }
    println!(
        "{rounds} mutations of {} files, {runs} runs; slowest {slowest:?}",
        files.len()
    );
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
