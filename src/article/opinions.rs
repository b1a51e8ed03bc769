//! What other extractors make of a page: which of its runs they would keep.

use super::runs;
use dom_query::Document;
use dom_smoothie::{Config, Readability};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Elements that the first extractor is given at most; its time grows steeply with them.
const FIRST_ELEMENTS: usize = 10_000;

/// Which of `count` marked runs dom_smoothie keeps; `None` where it finds nothing or the page is too large for it.
pub(super) fn first(document: &Document, count: usize) -> Option<Vec<bool>> {
    let config = Config {
        max_elements_to_parse: FIRST_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let clone = document.clone();
    // Foreign code on foreign bytes: a panic costs the opinion, not the page.
    let text = catch_unwind(AssertUnwindSafe(|| {
        let mut readability = Readability::with_document(clone, None, Some(config)).ok()?;
        readability
            .parse()
            .ok()
            .map(|article| article.text_content.to_string())
    }))
    .ok()
    .flatten()?;
    Some(runs::marked(&text, count))
}
