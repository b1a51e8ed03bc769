//! The second extractor, rs-trafilatura: young, with an HTML parser of its own, behind the feature `second-opinion`.

use super::runs;
use rs_trafilatura::{Options, extract_with_options};
use std::panic::{AssertUnwindSafe, catch_unwind};
use url::Url;

/// Its time grows steeply: larger pages do without it.
const MAX_BYTES: usize = 300_000;

/// Which of `count` marked runs rs-trafilatura keeps, and what kind of page it takes this for; `None` where it finds
/// nothing or the page is too large for it.
pub(super) fn second(html: &str, url: &Url, count: usize) -> Option<(Vec<bool>, String)> {
    if html.len() > MAX_BYTES {
        return None;
    }
    let options = Options {
        url: Some(url.to_string()),
        ..Options::default()
    };
    let result = catch_unwind(AssertUnwindSafe(|| {
        extract_with_options(html, &options).ok()
    }))
    .ok()
    .flatten()?;
    let kind = result.metadata.page_type.unwrap_or_default();
    Some((runs::marked(&result.content_text, count), kind))
}
