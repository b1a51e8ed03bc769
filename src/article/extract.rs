//! The readable part of a page.
//!
//! The page is cut into runs; two extractors say which of them they would keep; what they say is evidence beside the
//! shape, the place and the names around a run, and [`super::judge`] weighs it. What stays is the page's own tree without
//! the runs that were left out: anchors, ids, languages of code, tables and lists are as their author wrote them.

use super::begin;
use super::evidence::{Evidence, Facts, Known};
use super::runs::{self, Runs};
use super::{embeds, judge, manuals, opinions, posts};
use crate::address;
use dom_query::{Document, NodeRef};
use url::Url;

/// Elements that hold nothing to read.
const NOISE: &str = "script, style, template, link, meta, noscript, svg, canvas, input, textarea, select, option, datalist, applet, ins.adsbygoogle";

/// Captions that are made as a part of a line.
const CAPTIONS: &str =
    "span[class*='caption'], span[class*='image-credit'], span[class*='photo-credit']";

/// What was made of a page.
pub(super) struct Extract {
    /// Not sanitised.
    pub html: String,
}

/// Takes the readable part out of a document; consumes it.
pub(super) fn extract(document: &Document, title: &str, url: &Url) -> Extract {
    study(document, title, url, |found, known, evidence| {
        let mut kept = judge::judge(found, known, evidence);
        let words: Vec<usize> = found.runs.iter().map(|run| run.words).collect();
        posts::prefer(
            posts::of(document, found, known.kind).as_ref(),
            &words,
            known.kind,
            &mut kept,
        );
        manuals::prefer(
            manuals::of(document, found, known.kind).as_ref(),
            &words,
            &mut kept,
        );
        let facts: Vec<Facts> = (0..kept.len()).map(|at| evidence.facts(at)).collect();
        begin::trim(&facts, known.kind, &mut kept);
        leave_out(found, &kept);
    });
    let root = document.body().unwrap_or_else(|| document.root());
    prune(&root);
    Extract {
        html: runs::without_marks(&root.inner_html()),
    }
}

/// Hands over what there is to judge a page by.
pub(super) fn study<T>(
    document: &Document,
    title: &str,
    url: &Url,
    judge: impl FnOnce(&Runs<'_>, &Known<'_>, &Evidence<'_>) -> T,
) -> T {
    let own_sites = own_sites(document, url);
    prepare(document);
    embeds::to_links(document);
    let marked = runs::of_document(document);
    runs::mark(&marked);
    let count = marked.runs.len();
    drop(marked);
    let first = opinions::first(document, count);
    let (second, kind) = second_opinion(document, url, count).unzip();
    let found = runs::of_document(document);
    let simple = judge::simple(&found, first.as_deref(), second.as_deref());
    let known = Known {
        title,
        first: first.as_deref(),
        second: second.as_deref(),
        simple: &simple,
        kind: kind.as_deref().unwrap_or_default(),
        own_sites: &own_sites,
    };
    let evidence = Evidence::of(&found, &known);
    judge(&found, &known, &evidence)
}

/// The sites that are the page's own: where it was read, and where it says it lives.
fn own_sites(document: &Document, url: &Url) -> Vec<String> {
    let mut sites = vec![address::site(url)];
    for (selector, attribute) in [
        ("link[rel~='canonical'][href]", "href"),
        ("meta[property='og:url'][content]", "content"),
    ] {
        let said = document.select_single(selector).attr(attribute);
        let said = said.and_then(|said| Url::parse(said.trim()).ok());
        sites.extend(
            said.as_ref()
                .filter(|said| said.has_host())
                .map(address::site),
        );
    }
    sites.retain(|site| site.contains('.'));
    sites.dedup();
    sites
}

#[cfg(feature = "second-opinion")]
fn second_opinion(document: &Document, url: &Url, count: usize) -> Option<(Vec<bool>, String)> {
    super::second_opinion::second(&document.html(), url, count)
}

#[cfg(not(feature = "second-opinion"))]
fn second_opinion(_document: &Document, _url: &Url, _count: usize) -> Option<(Vec<bool>, String)> {
    None
}

/// Takes out what is never read, and sets right what lazy loading hides.
pub(super) fn prepare(document: &Document) {
    document.select(NOISE).remove();
    // A caption that is called so is a line of its own, wherever it stands.
    document.select(CAPTIONS).rename("figcaption");
    for image in document.select("img").nodes() {
        for name in [
            "data-src",
            "data-original",
            "data-lazy-src",
            "data-hi-res-src",
        ] {
            if let Some(source) = image.attr(name).filter(|s| !s.is_empty()) {
                image.set_attr("src", &source);
                break;
            }
        }
    }
}

/// Takes the runs that are not kept out of the tree, and the images that belong to none.
fn leave_out(found: &Runs<'_>, kept: &[bool]) {
    for (run, keep) in found.runs.iter().zip(kept) {
        if !keep {
            for text in &run.texts {
                text.remove_from_parent();
            }
        }
    }
    let near = |at: Option<usize>| at.and_then(|at| kept.get(at)).copied().unwrap_or(false);
    for media in &found.media {
        if !(near(media.after.checked_sub(1)) && near(Some(media.after))) {
            media.node.remove_from_parent();
        }
    }
}

/// Elements that mean something though they are empty.
const MEANINGFUL: &[&str] = &[
    "img", "br", "hr", "video", "audio", "source", "td", "th", "math", "picture", "wbr", "col",
];

/// Takes out the elements that have become empty.
fn prune(root: &NodeRef<'_>) {
    let mut order = vec![*root];
    let mut at = 0;
    while at < order.len() {
        let node = order[at];
        order.extend(node.children_it(false).filter(NodeRef::is_element));
        at += 1;
    }
    for node in order.iter().skip(1).rev() {
        let name = node.node_name().unwrap_or_default();
        if MEANINGFUL.contains(&&*name) {
            continue;
        }
        let empty = node.children_it(false).all(|child| {
            child.is_comment()
                || (child.is_text() && child.text().trim().is_empty())
                || child.node_name().is_some_and(|n| {
                    matches!(&*n, "br" | "hr" | "td" | "th") && is_empty_cell(&child)
                })
        });
        // Code is coloured piece by piece, and its spaces are pieces too.
        let is_space = empty && node.first_child().is_some_and(|child| child.is_text());
        if is_space && is_within_code(node) {
            continue;
        }
        // An empty anchor may be the target of a footnote.
        if empty && !(&*name == "a" && node.has_attr("id") && !node.has_attr("href")) {
            node.remove_from_parent();
        }
    }
}

/// Whether white space means something there.
fn is_within_code(node: &NodeRef<'_>) -> bool {
    let mut here = node.parent();
    while let Some(around) = here {
        match around.node_name().as_deref() {
            Some("pre" | "code") => return true,
            Some(name) if runs::is_block(name) => return false,
            _ => here = around.parent(),
        }
    }
    false
}

fn is_empty_cell(node: &NodeRef<'_>) -> bool {
    node.children_it(false)
        .all(|child| child.is_comment() || (child.is_text() && child.text().trim().is_empty()))
}
