//! HTML to lines of a width: no control byte, no line wider than asked.
#![no_main]

use bron::text::html::{LayOut, lay_out};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&width, html)) = bytes.split_first() else {
        return;
    };
    let html = String::from_utf8_lossy(html);
    let how = LayOut {
        width: u16::from(width).max(20),
        numbers: &[],
    };
    let _ = lay_out(&html, &how);
    assert!(!bron::text::html::plain(&html).contains('\u{1b}'));
});
