//! Items of aggregators: lists of outlets that tell one story.

use super::scan::{Anchor, Scan};

/// Whether the entry is a list of outlets: "More: Outlet, Outlet", or several times "Outlet: headline".
pub(super) fn is_aggregated(scan: &Scan, outside: &[Option<usize>]) -> bool {
    let out: Vec<&Anchor> = scan
        .anchors
        .iter()
        .zip(outside)
        .filter(|(_, key)| key.is_some())
        .map(|(anchor, _)| anchor)
        .collect();
    if out.len() < 3 || scan.words > 400 {
        return false;
    }
    let named = out
        .iter()
        .filter(|anchor| is_named_before(scan, anchor))
        .count();
    let more = scan.lines.iter().any(|line| {
        let text = scan.slice(&line.range);
        let start = text.get(..12).unwrap_or(text).to_lowercase();
        line.anchors >= 2
            && ["more:", "also:", "see also:", "tweets:", "plus:"]
                .iter()
                .any(|word| start.starts_with(word))
    });
    more || (named >= 3 && named * 2 > out.len())
}

/// "Outlet: " right before the anchor.
fn is_named_before(scan: &Scan, anchor: &Anchor) -> bool {
    let line = scan.line(anchor.text.start).range.start;
    let before = scan
        .slice(&(line.min(anchor.text.start)..anchor.text.start))
        .trim_end();
    let Some(before) = before.strip_suffix(':') else {
        return false;
    };
    let name = before
        .rsplit([',', ';', '|', '.', '—', '•', '/'])
        .next()
        .unwrap_or_default()
        .trim();
    (2..40).contains(&name.len())
        && name.starts_with(char::is_uppercase)
        && name.split_whitespace().count() <= 5
}

/// What an aggregator's item is about: the first link that stands out, else the first.
pub(super) fn lead_of(scan: &Scan, outside: &[Option<usize>]) -> Option<usize> {
    let mut out = (0..outside.len()).filter(|place| {
        outside[*place].is_some() && !scan.slice(&scan.anchors[*place].text).is_empty()
    });
    let first = out.clone().next();
    out.find(|place| scan.anchors[*place].bold).or(first)
}
