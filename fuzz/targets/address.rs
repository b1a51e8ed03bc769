//! An address to its three forms: what is shown is cleaned once and for all.
#![no_main]

use bron::address::{Found, clean};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let base = Url::parse("https://example.org/2026/page").expect("an address");
    let found = Found {
        base: Some(&base),
        feed: None,
    };
    if let Ok(address) = clean(text, found) {
        assert!(matches!(address.display.scheme(), "http" | "https"));
        assert!(clean(address.display.as_str(), Found::default()).is_ok());
    }
});
