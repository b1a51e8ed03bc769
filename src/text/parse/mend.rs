//! One pass over the DOM before anything is converted: what html2text has no name for is given one it knows,
//! what is no text is dropped, and anchors and images are numbered.

use super::dom::{self, Handle};
use super::run::Runs;
use std::collections::HashMap;

/// Controls, scripts, and fallbacks of what a terminal cannot show. Their anchors still count.
const DROPPED: &[&str] = &[
    "applet", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "map",
    "meter", "noscript", "object", "progress", "rp", "script", "select", "style", "svg",
    "template", "textarea", "title", "video",
];

/// What was found out while mending.
#[derive(Default)]
pub(super) struct Mended {
    /// For each anchor the fragment of its address, if it has one.
    fragments: Vec<Option<String>>,
    /// For each `id` the anchors in its element.
    places: HashMap<String, (u32, u32)>,
    /// For each image its address, empty where it is not shown; and width and height as written, 0 where they are not.
    pub(super) images: Vec<(String, (u32, u32))>,
}

/// Mends the tree below `node`.
pub(super) fn mend(node: &Handle) -> Mended {
    let mut mended = Mended::default();
    Mender {
        mended: &mut mended,
        runs: Runs::new(),
    }
    .children(node);
    mended
}

impl Mended {
    /// For an anchor that leads to a note in the same text: the first anchor of the note that leads elsewhere.
    pub(super) fn note_of(&self, link: u32) -> Option<u32> {
        let fragment = self.fragments.get(link as usize)?.as_ref()?;
        let &(first, end) = self.places.get(fragment)?;
        // A note has a few links; what has more is a section.
        (first..end.min(first + 8)).find(|&anchor| {
            anchor != link
                && self
                    .fragments
                    .get(anchor as usize)
                    .is_some_and(Option::is_none)
        })
    }
}

struct Mender<'a> {
    mended: &'a mut Mended,
    runs: Runs,
}

impl Mender<'_> {
    fn children(&mut self, node: &Handle) {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        let mut kept = Vec::with_capacity(children.len());
        for child in children {
            self.child(child, &mut kept);
        }
        *node.children.borrow_mut() = kept;
    }

    fn child(&mut self, node: Handle, kept: &mut Vec<Handle>) {
        let Some(name) = dom::name(&node) else {
            if !dom::is_comment(&node) {
                kept.push(node);
            }
            return;
        };
        if DROPPED.contains(&name) || is_hidden(&node) {
            self.count(&node);
            return;
        }
        let first = self.mended.fragments.len() as u32;
        let id = dom::attribute(&node, "id");
        match name {
            "a" => self.number_anchor(&node),
            "img" => {
                if self.number_image(&node) {
                    kept.push(node);
                }
                return;
            }
            "math" => {
                self.count(&node);
                kept.extend(self.runs.snippet(&format!("<span>{}</span>", math(&node))));
                return;
            }
            _ => {}
        }
        let name = name.to_owned();
        self.children(&node);
        if let Some(id) = id {
            let end = self.mended.fragments.len() as u32;
            self.mended.places.entry(id).or_insert((first, end));
        }
        match name.as_str() {
            "kbd" | "samp" | "tt" => kept.push(self.renamed(&node, "code")),
            "cite" | "var" | "dfn" => kept.push(self.renamed(&node, "em")),
            "q" => {
                kept.extend(self.runs.snippet("<span>“</span>"));
                kept.push(node);
                kept.extend(self.runs.snippet("<span>”</span>"));
            }
            "rt" => {
                kept.extend(self.runs.snippet("<span>（</span>"));
                kept.push(node);
                kept.extend(self.runs.snippet("<span>）</span>"));
            }
            // html2text turns digits alone into superscript digits, which could not be told from numbers of links.
            "sup" => {
                node.children
                    .borrow_mut()
                    .extend(self.runs.snippet("<i></i>"));
                kept.push(node);
            }
            _ => kept.push(node),
        }
    }

    /// The children of an element under another name.
    fn renamed(&self, node: &Handle, name: &str) -> Handle {
        let Some(new) = self
            .runs
            .snippet(&format!("<{name}></{name}>"))
            .into_iter()
            .next()
        else {
            return node.clone();
        };
        *new.children.borrow_mut() = std::mem::take(&mut *node.children.borrow_mut());
        new
    }

    /// Numbers what stands in a dropped part, since the numbers count the whole HTML.
    fn count(&mut self, node: &Handle) {
        match dom::name(node) {
            Some("a") => self.number_anchor(node),
            Some("img") => self.mended.images.push(Default::default()),
            _ => {}
        }
        for child in node.children.borrow().iter() {
            self.count(child);
        }
    }

    fn number_anchor(&mut self, node: &Handle) {
        let Some(href) = dom::attribute(node, "href") else {
            return;
        };
        let number = self.mended.fragments.len();
        self.mended.fragments.push(
            href.split_once('#')
                .map(|(_, fragment)| fragment.to_owned())
                .filter(|fragment| !fragment.is_empty()),
        );
        dom::set_attribute(node, "href", &number.to_string());
    }

    /// Numbers an image; whether it is to be shown. Its `src` becomes `b` (a block) or `s` (as small as a letter) and the number.
    fn number_image(&mut self, node: &Handle) -> bool {
        let number = self.mended.images.len();
        self.mended.images.push(Default::default());
        let side = |name| {
            dom::attribute(node, name)
                .and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok())
        };
        let (width, height) = (side("width"), side("height"));
        // A picture of one or two pixels counts readers.
        if width.is_some_and(|width| width <= 2) || height.is_some_and(|height| height <= 2) {
            return false;
        }
        let class = dom::attribute(node, "class").unwrap_or_default();
        let small = height.is_some_and(|height| height <= 32)
            || width.is_some_and(|width| width <= 32)
            || ["emoji", "smiley", "icon", "latex", "mwe-math", "tex"]
                .iter()
                .any(|word| class.contains(word));
        let alt = dom::attribute(node, "alt").unwrap_or_default();
        if small && alt.trim().is_empty() {
            return false;
        }
        self.mended.images[number] = (
            dom::attribute(node, "src").unwrap_or_default(),
            (width.unwrap_or(0), height.unwrap_or(0)),
        );
        dom::set_attribute(
            node,
            "src",
            &format!("{}{number}", if small { 's' } else { 'b' }),
        );
        true
    }
}

fn is_hidden(node: &Handle) -> bool {
    dom::attribute(node, "hidden").is_some()
        || dom::attribute(node, "style").is_some_and(|style| {
            let style: String = style
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
                .to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// Math as one line of text, with its signs escaped: `x^2`, `a/b`, `√(x)`.
fn math(node: &Handle) -> String {
    let mut out = String::new();
    math_part(node, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn math_part(node: &Handle, out: &mut String) {
    let Some(name) = dom::name(node) else {
        dom::text_source(node, out);
        return;
    };
    let children: Vec<Handle> = node
        .children
        .borrow()
        .iter()
        .filter(|child| dom::name(child).is_some())
        .cloned()
        .collect();
    let mut two = |sign: &str| {
        if let [first, second] = children.as_slice() {
            grouped(first, out);
            out.push_str(sign);
            grouped(second, out);
            true
        } else {
            false
        }
    };
    let done = match name {
        "annotation" | "annotation-xml" => true,
        "msup" => two("^"),
        "msub" => two("_"),
        "mfrac" => two("/"),
        "msqrt" => {
            out.push_str("√(");
            for child in &children {
                math_part(child, out);
            }
            out.push(')');
            true
        }
        "mo" => {
            let mut sign = String::new();
            dom::text_source(node, &mut sign);
            let sign = sign.trim();
            // Invisible operators say nothing in a line.
            if !sign.chars().all(|c| matches!(c, '\u{2061}'..='\u{2064}')) {
                let spaced = matches!(
                    sign,
                    "=" | "+"
                        | "-"
                        | "−"
                        | "±"
                        | "≤"
                        | "≥"
                        | "≈"
                        | "≠"
                        | "→"
                        | "&lt;"
                        | "&gt;"
                        | "∈"
                        | "×"
                        | "⇒"
                );
                if spaced {
                    out.push(' ');
                }
                out.push_str(sign);
                if spaced {
                    out.push(' ');
                }
            }
            true
        }
        _ => false,
    };
    if !done {
        for child in node.children.borrow().iter() {
            math_part(child, out);
        }
    }
}

/// A part of a formula, in brackets unless it is one sign or number.
fn grouped(node: &Handle, out: &mut String) {
    let mut part = String::new();
    math_part(node, &mut part);
    let part = part.trim();
    if part.chars().count() <= 1 || part.chars().all(char::is_alphanumeric) {
        out.push_str(part);
    } else {
        out.push('(');
        out.push_str(part);
        out.push(')');
    }
}
