//! HTML to Markdown, Markdown to HTML.

/// Sanitised HTML to Markdown.
pub fn from_html(_html: &str) -> String {
    todo!()
}

/// Markdown (as in a README) to HTML; not sanitised.
pub fn to_html(_markdown: &str) -> String {
    todo!()
}
