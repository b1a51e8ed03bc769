//! Bytes of a feed: read, identified, and only safe text and whole addresses in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://example.org/blog/feed.xml").expect("an address");
    let Ok(feed) = bron::feed::parse(bytes, &base, None) else {
        return;
    };
    assert_eq!(bron::feed::identities(&feed.entries).len(), feed.entries.len());
    for entry in &feed.entries {
        assert!(!entry.title.contains(char::is_control));
        assert!(entry.url.as_deref().is_none_or(|url| Url::parse(url).is_ok()));
        let _ = bron::feed::content_hash(entry);
    }
    // A panic of feed-rs is caught, and still a finding.
    assert!(!feed.warnings.iter().any(|warning| warning.starts_with("reader:")));
});
