//! Keys that come as fast as a keyboard repeats them, letters as fast as they are typed, sizes as fast as a window is drawn:
//! from each to the first byte that the terminal gets for it.

use crate::program::Home;
use crate::screen::{Term, WIDE, all, spread};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Between two keys of one that is held down.
const REPEAT: Duration = Duration::from_millis(33);
/// Between two letters of a fast typist.
const LETTER: Duration = Duration::from_millis(70);

/// What is done, so often, with so much time from one to the next.
struct Kind {
    name: &'static str,
    /// Keys that lead there.
    before: &'static str,
    times: usize,
    every: Duration,
    does: fn(&mut Term, usize) -> Instant,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "j held for 5 s",
        before: "",
        times: 150,
        every: REPEAT,
        does: |term, _| term.press("j"),
    },
    Kind {
        name: "themes tried on",
        before: "zt",
        times: 60,
        every: REPEAT,
        does: |term, time| term.press(if time % 20 < 10 { "\x1b[B" } else { "\x1b[A" }),
    },
    Kind {
        name: "typing into the palette",
        before: ":",
        times: 80,
        every: LETTER,
        does: |term, time| {
            // A word, and all of it taken back.
            let letters = ["f", "e", "e", "d", "0", "0", "1", "2"];
            let at = time % 16;
            term.press(letters.get(at).copied().unwrap_or("\x7f"))
        },
    },
    Kind {
        name: "a window drawn larger and smaller",
        before: "",
        times: 60,
        every: REPEAT,
        does: |term, time| {
            let step = (time % 20).min(20 - time % 20) as u16;
            term.resize((50 - step, 200 - 4 * step))
        },
    },
];

/// One line a kind.
pub fn measure(home: &Home) -> Vec<Value> {
    KINDS
        .iter()
        .filter_map(|kind| {
            let mut term = all(home, &["--offline"], WIDE)?;
            term.press(kind.before);
            term.listen(Duration::from_millis(500));
            let (mut first, mut silent) = (Vec::new(), 0);
            for time in 0..kind.times {
                let at = (kind.does)(&mut term, time);
                match term.first_within(at, kind.every) {
                    Some(came) => first.push(came - at),
                    None => silent += 1,
                }
            }
            let most = first.iter().max().copied().map(crate::ms);
            let mut line: serde_json::Map<String, Value> =
                spread("first", first).into_iter().collect();
            line.insert("measure".to_owned(), json!("hold"));
            line.insert("kind".to_owned(), json!(kind.name));
            line.insert("first_max_ms".to_owned(), json!(most));
            line.insert("times".to_owned(), json!(kind.times));
            line.insert("silent".to_owned(), json!(silent));
            Some(Value::Object(line))
        })
        .collect()
}
