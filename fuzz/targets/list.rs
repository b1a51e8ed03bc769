//! A list of feeds in any format, written again in both: the same feeds come back.
#![no_main]

use bron::feed::{list, opml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let first = list::read(bytes);
    let urls = |read: &list::List| read.feeds.iter().map(|feed| feed.url.clone()).collect::<std::collections::BTreeSet<_>>();
    let again = opml::read(&opml::write(first.title.as_deref().unwrap_or(""), &first.feeds));
    assert_eq!(urls(&first), urls(&again));
    let again = list::read(list::write_urls(&first.feeds).as_bytes());
    assert_eq!(urls(&first), urls(&again));
});
