//! JSON-LD: what a page says of itself in scripts.

use dom_query::Document;
use serde_json::Value;

/// Blocks beyond are not read; nobody needs that many.
const MAX_BLOCKS: usize = 20;
/// Larger blocks are data of the page's own program, or the whole article once more.
const MAX_BLOCK_BYTES: usize = 256 << 10;
const MAX_NODES: usize = 500;

/// Types whose headline is the title of the page.
const ARTICLES: &[&str] = &[
    "Article",
    "Posting",
    "Report",
    "Review",
    "Recipe",
    "HowTo",
    "Thesis",
    "Claim",
    "Podcast",
    "VideoObject",
    "SocialMedia",
    "LiveBlog",
    "Book",
    "Course",
];

/// All objects of the page's JSON-LD, in order, `@graph` and arrays opened.
pub(super) struct JsonLd(Vec<Value>);

impl JsonLd {
    /// Reads the blocks of a page; broken ones are skipped.
    pub(super) fn of(document: &Document) -> JsonLd {
        let mut nodes = Vec::new();
        for script in document
            .select("script[type*='ld+json']")
            .nodes()
            .iter()
            .take(MAX_BLOCKS)
        {
            let text = script.text();
            if text.len() <= MAX_BLOCK_BYTES
                && let Some(value) = read(&text)
            {
                flatten(value, &mut nodes, 0);
            }
        }
        JsonLd(nodes)
    }

    /// The objects that are articles of a kind.
    pub(super) fn articles(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(|node| is_article(node))
    }

    /// All objects.
    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        self.0.iter()
    }

    /// The first object whose type is this.
    pub(super) fn of_type(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|node| types(node).any(|t| t == name))
    }
}

/// The text of a key: a string, the first of a list, or the `@value` of an object.
pub(super) fn text<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    let value = &node[key];
    let value = value
        .as_array()
        .and_then(|list| list.first())
        .unwrap_or(value);
    value
        .as_str()
        .or_else(|| value["@value"].as_str())
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The names of the people or organisations of a key.
pub(super) fn names(node: &Value, key: &str) -> Vec<String> {
    let one = |value: &Value| -> Option<String> {
        let name = value
            .as_str()
            .or_else(|| text(value, "name"))
            .or_else(|| text(value, "alternateName"))?;
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    };
    match &node[key] {
        Value::Array(list) => list.iter().take(20).filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

/// Whether a key says false, as the word or as the value.
pub(super) fn says_false(node: &Value, key: &str) -> bool {
    match &node[key] {
        Value::Bool(value) => !value,
        Value::String(text) => text
            .trim_start_matches("http://schema.org/")
            .eq_ignore_ascii_case("false"),
        _ => false,
    }
}

fn types(node: &Value) -> impl Iterator<Item = &str> {
    let value = &node["@type"];
    let list = value.as_array().map_or(&[] as &[Value], Vec::as_slice);
    value
        .as_str()
        .into_iter()
        .chain(list.iter().filter_map(Value::as_str))
}

fn is_article(node: &Value) -> bool {
    types(node).any(|name| ARTICLES.iter().any(|part| name.contains(part)))
}

fn read(text: &str) -> Option<Value> {
    let mut text = text.trim();
    for (before, behind) in [
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("<![CDATA[", "]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
    ] {
        text = text.strip_prefix(before).unwrap_or(text).trim();
        text = text.strip_suffix(behind).unwrap_or(text).trim();
    }
    let text = text.trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        // Line breaks within strings are what people get wrong most.
        let mended: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        serde_json::from_str(&mended).ok()
    })
}

fn flatten(value: Value, nodes: &mut Vec<Value>, depth: usize) {
    if depth > 4 || nodes.len() >= MAX_NODES {
        return;
    }
    match value {
        Value::Array(list) => list
            .into_iter()
            .for_each(|value| flatten(value, nodes, depth + 1)),
        Value::Object(mut object) => {
            let graph = object.remove("@graph");
            let main = object.get("mainEntity").filter(|v| is_article(v)).cloned();
            nodes.push(Value::Object(object));
            for inner in [graph, main].into_iter().flatten() {
                flatten(inner, nodes, depth + 1);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[&str]) -> JsonLd {
        let html: String = blocks
            .iter()
            .map(|b| format!("<script type=\"application/ld+json\">{b}</script>"))
            .collect();
        JsonLd::of(&Document::from(html))
    }

    #[track_caller]
    fn check_headline(block: &str, expected: Option<&str>) {
        let found = of(&[block]);
        assert_eq!(
            found.articles().find_map(|a| text(a, "headline")),
            expected,
            "{block}"
        );
    }

    #[test]
    fn headlines_are_found_wherever_they_stand() {
        check_headline(r#"{"@type": "NewsArticle", "headline": "A"}"#, Some("A"));
        check_headline(
            r#"[{"@type": ["WebPage", "BlogPosting"], "headline": "A"}]"#,
            Some("A"),
        );
        check_headline(
            r#"{"@graph": [{"@type": "WebSite"}, {"@type": "Article", "headline": ["A"]}]}"#,
            Some("A"),
        );
        check_headline(
            r#"{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "A"}}"#,
            Some("A"),
        );
        check_headline(
            "//<![CDATA[\n{\"@type\": \"Article\", \"headline\": \"A\"}\n//]]>",
            Some("A"),
        );
        check_headline(
            "{\"@type\": \"Article\", \"headline\": \"A\nB\"}",
            Some("A B"),
        );
        check_headline(r#"{"@type": "WebSite", "headline": "A"}"#, None);
        check_headline("{broken", None);
    }

    #[test]
    fn a_broken_or_huge_block_does_not_hide_the_next() {
        let huge = format!(
            "{{\"@type\": \"Article\", \"headline\": \"{}\"}}",
            "x".repeat(300_000)
        );
        let found = of(&["{", &huge, r#"{"@type": "Article", "headline": "A"}"#]);
        assert_eq!(
            found.articles().find_map(|a| text(a, "headline")),
            Some("A")
        );
        let deep = "[".repeat(100_000);
        assert_eq!(of(&[&deep]).all().count(), 0);
    }

    #[test]
    fn names_come_out_of_strings_objects_and_lists() {
        let found = of(&[
            r#"{"a": "X", "b": {"name": "Y"}, "c": ["X", {"name": "Z"}], "d": 3, "free": "False"}"#,
        ]);
        let node = found.all().next().expect("one object");
        assert_eq!(names(node, "a"), ["X"]);
        assert_eq!(names(node, "b"), ["Y"]);
        assert_eq!(names(node, "c"), ["X", "Z"]);
        assert!(names(node, "d").is_empty() && names(node, "e").is_empty());
        assert!(says_false(node, "free") && !says_false(node, "a"));
    }
}
