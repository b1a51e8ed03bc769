//! First fetches with keys pressed all the while: whether the program lives, and leaves when it is told to.

use crate::made::Dice;
use crate::program::Home;
use crate::screen::Term;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::Duration;

/// Feeds of a fetch.
const FEEDS: usize = 60;
/// Keys of a fetch.
const KEYS: usize = 60;
/// What is pressed; none of it leaves, or opens another program.
const PRESSED: [&str; 24] = [
    "j", "j", "j", "k", "G", "gg", "ge", "gu", "l", "h", "\r", "m", "s", "J", "K", "n", "\t", "/",
    "\u{1b}", "R", "v", "u", ":", "?",
];

/// So many fetches into an empty store.
pub fn measure(fetches: usize) -> Value {
    let server = Server::start(FEEDS, 0);
    let mut dice = Dice::new(100);
    let mut died = 0;
    for _ in 0..fetches {
        let home = Home::new(&server.urls());
        let mut term = Term::bron(&home, &[], (50, 200));
        term.press("R");
        for _ in 0..KEYS {
            term.press(PRESSED[dice.roll(PRESSED.len())]);
            term.listen(Duration::from_millis(dice.roll(40) as u64));
        }
        died += usize::from(!term.leaves_in_peace());
    }
    json!({"measure": "storm", "fetches": fetches, "keys": fetches * KEYS, "feeds_of_a_fetch": FEEDS, "crashes": died})
}
