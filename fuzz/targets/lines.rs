//! HTML to lines of a width.
#![no_main]

#[allow(dead_code)] // each target uses one of its functions
#[path = "../../tests/support/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::lines(bytes));
