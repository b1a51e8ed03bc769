//! The query language: an answer or a sentence, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let now = chrono::DateTime::from_timestamp(1_772_000_000, 0).expect("a moment");
    if let Err(error) = bron::query::parse(text, now) {
        assert!(!error.to_string().is_empty());
    }
});
