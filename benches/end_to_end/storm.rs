//! First fetches with keys pressed all the while: whether the program lives, and leaves when it is told to.

use crate::made::Dice;
use crate::program::Home;
use crate::screen::{End, Term};
use crate::server::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Feeds of a fetch.
pub const FEEDS: usize = 60;
/// Keys of a fetch.
const KEYS: usize = 60;
/// Who takes longer to leave is told of.
const SLOW: Duration = Duration::from_secs(2);
/// Programs side by side.
const AT_ONCE: usize = 4;
/// What is pressed. None of it leaves; what the palette may start ends at once.
const PRESSED: [&str; 24] = [
    "j", "j", "j", "k", "G", "gg", "ge", "gu", "l", "h", "\r", "m", "s", "J", "K", "n", "\t", "/",
    "\u{1b}", "R", "v", "u", ":", "?",
];

/// So many fetches into an empty store, some side by side: how the programs ended, and how long the slowest took to.
pub fn measure(fetches: usize) -> Value {
    let server = Server::start(FEEDS, 0);
    let next = AtomicUsize::new(0);
    let ends: Mutex<BTreeMap<&str, usize>> = Mutex::default();
    let slowest = Mutex::new(Duration::ZERO);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= fetches {
                        return;
                    }
                    let (end, took) = one(&server, number as u64);
                    *ends
                        .lock()
                        .expect("no storm panics")
                        .entry(end)
                        .or_default() += 1;
                    let mut slowest = slowest.lock().expect("no storm panics");
                    *slowest = took.max(*slowest);
                }
            });
        }
    });
    let (ends, slowest) = (ends.into_inner(), slowest.into_inner());
    let ends = ends.expect("no storm panics");
    let peace = ends.get(End::Peace.name()).copied().unwrap_or(0);
    json!({
        "measure": "storm", "fetches": fetches, "keys": fetches * KEYS, "feeds_of_a_fetch": FEEDS,
        "crashes": fetches - peace, "ends": ends, "slowest_leave_ms": crate::ms(slowest.expect("no storm panics")),
    })
}

/// One fetch: how the program ended, and how long it took to.
fn one(server: &Server, seed: u64) -> (&'static str, Duration) {
    let mut dice = Dice::new(100 + seed);
    let home = Home::new(&server.urls());
    let mut term = Term::bron(&home, &[], (50, 200));
    term.press("R");
    let mut pressed = Vec::new();
    for _ in 0..KEYS {
        let key = PRESSED[dice.roll(PRESSED.len())];
        pressed.push(key);
        term.press(key);
        term.listen(Duration::from_millis(dice.roll(40) as u64));
    }
    let begun = Instant::now();
    let end = term.leaves();
    if end != End::Peace || begun.elapsed() > SLOW {
        let took = begun.elapsed();
        eprintln!("{end:?}, {took:?} after {pressed:?}:\n{}", term.words());
    }
    (end.name(), begun.elapsed())
}
