//! Footnotes: their links belong where their marks stand.

use super::LINKS_AT_MOST;
use super::scan::Scan;
use std::collections::HashMap;
use url::Url;

/// Footnotes: where their marks stand.
#[derive(Default)]
pub(super) struct Notes {
    /// Anchor of a note → place of the mark's anchor.
    pub order_of: HashMap<usize, usize>,
    /// The mark's anchor → anchors of its note.
    pub marks: Vec<(usize, Vec<usize>)>,
}

pub(super) fn notes(scan: &Scan, url: &Url) -> Notes {
    let mut notes = Notes::default();
    let own = url.as_str().split('#').next().unwrap_or_default();
    for (mark, anchor) in scan.anchors.iter().enumerate().take(LINKS_AT_MOST) {
        let Some((before, id)) = anchor.href.split_once('#') else {
            continue;
        };
        let short = scan
            .slice(&anchor.text)
            .trim_matches(['[', ']', '(', ')', ' '])
            .chars()
            .count()
            <= 4;
        if id.is_empty() || !short || !(before.is_empty() || before == own) {
            continue;
        }
        let Some(place) = scan.ids.get(id) else {
            continue;
        };
        let mut element = &scan.elements[*place];
        if element.text.start <= anchor.text.start {
            continue;
        }
        // A mark may lead to an empty anchor at the beginning of the note.
        if element.text.len() < 8 {
            element = &scan.elements[element.parent];
        }
        if element.text.start <= anchor.text.start || element.text.len() > 2_000 {
            continue;
        }
        let within: Vec<usize> = element
            .anchors
            .clone()
            .filter(|note| {
                *note > mark
                    && !scan
                        .anchors
                        .get(*note)
                        .is_some_and(|note| note.href.starts_with('#'))
            })
            .collect();
        for note in &within {
            notes.order_of.entry(*note).or_insert(mark);
        }
        if !within.is_empty() {
            notes.marks.push((mark, within));
        }
    }
    notes
}
