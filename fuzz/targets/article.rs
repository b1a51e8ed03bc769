//! A web page to its article.
#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let url = Url::parse("https://example.org/2026/page").expect("an address");
    let _ = bron::article::read_page(bytes, None, &url);
});
