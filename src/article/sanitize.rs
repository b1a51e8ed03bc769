//! Harmless HTML.

use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::HashSet;
use url::Url;

/// HTML without script, style, form, frame or handler; addresses absolute and http(s) only; anchors and ids kept,
/// and `class` where it says the language of code.
pub(super) fn harmless(html: &str, base: &Url) -> String {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "main", "address"])
        .rm_tags(["map", "area", "rtc"])
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::RewriteWithBase(base.clone()))
        .link_rel(None)
        .add_generic_attributes(["id", "dir"])
        .add_tag_attributes("a", ["name"])
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("pre", ["class"])
        .add_tag_attributes("ol", ["start", "reversed"])
        .add_tag_attributes("time", ["datetime"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code" | "pre", "class") => language_class(value).map(Cow::Owned),
            // Ornaments and counters, and addresses within the address.
            ("img", "src") if value.starts_with("data:") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    builder.clean(html).to_string()
}

/// The class that says what language code is in.
fn language_class(value: &str) -> Option<String> {
    value
        .split_whitespace()
        .find_map(|class| {
            ["language-", "lang-", "highlight-source-", "brush:"]
                .iter()
                .find_map(|prefix| class.strip_prefix(prefix))
        })
        .filter(|name| {
            !name.is_empty()
                && name.len() <= 30
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+#-._".contains(c))
        })
        .map(|name| format!("language-{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let base = Url::parse("https://example.org/a/b?c=d").expect("an address");
        assert_eq!(harmless(html, &base), expected, "{html}");
    }

    #[test]
    fn what_could_harm_is_taken_out() {
        check(
            "<p onclick=x()>a<script>b</script><style>c</style></p>",
            "<p>a</p>",
        );
        check("<a href='javascript:x()'>a</a>", "<a>a</a>");
        check("<a href='data:text/html,x'>a</a>", "<a>a</a>");
        check("<form action=x><input value=y>a</form>", "a");
        check(
            "<iframe src='https://example.com'></iframe><p style='x'>a",
            "<p>a</p>",
        );
        check(
            "<img src='data:image/png;base64,xx' alt=a>",
            "<img alt=\"a\">",
        );
    }

    #[test]
    fn addresses_become_absolute() {
        check(
            "<a href=../x>a</a>",
            "<a href=\"https://example.org/x\">a</a>",
        );
        check(
            "<a href='#n1' id=r1>1</a>",
            "<a href=\"https://example.org/a/b?c=d#n1\" id=\"r1\">1</a>",
        );
        check(
            "<img src=/i.png>",
            "<img src=\"https://example.org/i.png\">",
        );
    }

    #[test]
    fn the_language_of_code_stays() {
        check(
            "<pre class='x'><code class='hl language-rust y'>a</code></pre>",
            "<pre><code class=\"language-rust\">a</code></pre>",
        );
        check(
            "<code class='lang-c++'>a</code>",
            "<code class=\"language-c++\">a</code>",
        );
        check("<p class='language-rust'>a</p>", "<p>a</p>");
    }
}
