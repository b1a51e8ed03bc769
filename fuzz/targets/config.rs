//! A config file: settings, and all its mistakes with their lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let _ = bron::config::load::read(text, Path::new("config.toml"));
});
