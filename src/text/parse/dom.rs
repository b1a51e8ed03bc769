//! Looking at html2text's DOM. Its nodes are shared pointers; text nodes cannot be told apart by name, so whatever
//! is no element and no comment is text.

pub(super) use html2text::Handle;
use html2text::{Comment, Element};

/// Elements that begin on a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "xmp",
];

/// Whether an element of that name begins on a line of its own.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// The name of an element; `None` for text.
pub(super) fn name(node: &Handle) -> Option<&str> {
    match &node.data {
        Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

pub(super) fn is_comment(node: &Handle) -> bool {
    matches!(node.data, Comment { .. })
}

/// The value of an attribute.
pub(super) fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    match &node.data {
        Element { attrs, .. } => attrs
            .borrow()
            .iter()
            .find(|attribute| &*attribute.name.local == wanted)
            .map(|attribute| attribute.value.to_string()),
        _ => None,
    }
}

/// Sets an attribute; one that is not there is made out of any other. An element without attributes stays as it is.
pub(super) fn set_attribute(node: &Handle, wanted: &str, value: &str) {
    if let Element { attrs, .. } = &node.data {
        let mut attributes = attrs.borrow_mut();
        if let Some(there) = attributes
            .iter_mut()
            .find(|attribute| &*attribute.name.local == wanted)
        {
            there.value = value.into();
        } else if let Some(mut new) = attributes.first().cloned() {
            new.name.local = wanted.into();
            new.value = value.into();
            attributes.push(new);
        }
    }
}

pub(super) fn children(node: &Handle) -> Vec<Handle> {
    node.children.borrow().clone()
}

/// Whether a block element stands somewhere in it.
pub(super) fn has_block(node: &Handle) -> bool {
    node.children
        .borrow()
        .iter()
        .any(|child| name(child).is_some_and(is_block) || has_block(child))
}

/// Whether it is text of white space only.
pub(super) fn is_blank(node: &Handle) -> bool {
    name(node).is_none() && source(node).bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The node as HTML; for text, the text with its signs escaped.
pub(super) fn source(node: &Handle) -> String {
    let mut bytes = Vec::new();
    match node.serialize(&mut bytes) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// The text in a node, with its signs escaped.
pub(super) fn text_source(node: &Handle, out: &mut String) {
    if name(node).is_none() {
        if !is_comment(node) {
            out.push_str(&source(node));
        }
        return;
    }
    for child in node.children.borrow().iter() {
        text_source(child, out);
    }
}

/// The language of a `pre`: of its own class, of the `code` in it, or of up to two elements around it.
pub(super) fn language(pre: &Handle) -> String {
    let mut places = vec![pre.clone()];
    places.extend(
        pre.children
            .borrow()
            .iter()
            .filter(|child| name(child) == Some("code"))
            .cloned(),
    );
    let mut around = pre.get_parent();
    for _ in 0..2 {
        let Some(parent) = around else { break };
        around = parent.get_parent();
        places.push(parent);
    }
    places.iter().find_map(language_of).unwrap_or_default()
}

fn language_of(node: &Handle) -> Option<String> {
    for key in ["data-lang", "data-language", "lang-name"] {
        if let Some(value) = attribute(node, key).filter(|value| is_language(value)) {
            return Some(value.to_lowercase());
        }
    }
    let class = attribute(node, "class")?;
    let mut words = class.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let found = [
            "language-",
            "lang-",
            "highlight-source-",
            "highlight-text-",
            "sourceCode-",
        ]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix));
        // SyntaxHighlighter: `brush: rust`, `brush:rust;`
        let found = found.or_else(|| {
            word.strip_prefix("brush:").and_then(|rest| {
                if rest.is_empty() {
                    words.next()
                } else {
                    Some(rest)
                }
            })
        });
        let found = found.map(|language| language.trim_end_matches(';'));
        if let Some(language) = found.filter(|language| {
            is_language(language)
                && !matches!(
                    *language,
                    "none" | "plaintext" | "text" | "plain" | "nohighlight"
                )
        }) {
            return Some(language.to_lowercase());
        }
    }
    None
}

fn is_language(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 20
        && word.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_' | b'.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_elements_are_sorted_for_the_search() {
        assert!(BLOCKS.is_sorted());
        assert!(is_block("p") && !is_block("span"));
    }
}
