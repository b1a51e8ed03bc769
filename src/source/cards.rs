//! Cards that the article's own HTML shows: a box with a heading, a few words, and one link.

use super::EmbeddedCard;
use super::role::is_generic;
use super::scan::{Scan, Tag};
use super::words::{Phrase, Words, folded};
use crate::text::SafeText;

/// Steps upwards from the link, and characters that the box may have.
const CLIMB_AT_MOST: usize = 5;
const BOX_AT_MOST: usize = 700;

/// The card around an anchor. `key_of` says where an anchor leads, if to another site.
pub(super) fn card(
    scan: &Scan,
    anchor: usize,
    key_of: impl Fn(usize) -> Option<usize>,
) -> Option<EmbeddedCard> {
    let own = key_of(anchor)?;
    let link = &scan.anchors[anchor];
    if !stands_alone(scan, anchor) {
        return None;
    }
    let mut card = None;
    for place in scan.around(link.element).take(CLIMB_AT_MOST) {
        let element = &scan.elements[place];
        let others = element
            .anchors
            .clone()
            .any(|other| key_of(other).is_some_and(|key| key != own));
        if element.text.len() > BOX_AT_MOST || others {
            break;
        }
        if !matches!(element.tag, Tag::Box | Tag::Other | Tag::Item | Tag::Anchor) {
            continue;
        }
        // The widest box that still is about this link alone.
        card = in_box(scan, place).or(card);
    }
    // A link may hold the whole card.
    card.or_else(|| in_box(scan, link.element))
}

/// A link inside a sentence belongs to the sentence: only one that fills its line, or a heading, may belong to a card.
fn stands_alone(scan: &Scan, anchor: usize) -> bool {
    let linked = &scan.anchors[anchor];
    let line = scan.line(linked.text.start);
    let in_heading = scan
        .around(linked.element)
        .take(CLIMB_AT_MOST)
        .any(|place| matches!(scan.elements[place].tag, Tag::Heading(_)));
    let filled = linked.text.len() + 6 >= line.range.len() || line.linked + 6 >= line.range.len();
    // "news.example · read more": a short line that ends with a link that names nothing.
    let closing = line.range.len() < 80
        && linked.text.end + 3 >= line.range.end
        && is_generic(scan.slice(&linked.text));
    in_heading || filled || closing
}

fn in_box(scan: &Scan, place: usize) -> Option<EmbeddedCard> {
    let element = &scan.elements[place];
    let inside = place + 1..element.until.min(scan.elements.len());
    let is_title = |place: &usize| {
        let inner = &scan.elements[*place];
        let named = || {
            ["title", "headline", "heading"]
                .iter()
                .any(|word| inner.class.contains(word))
        };
        let text = scan.slice(&inner.text).trim();
        (matches!(inner.tag, Tag::Heading(_)) || named())
            && (4..300).contains(&text.len())
            && !text.contains('\n')
            && !is_generic(text)
            && !Words::bundled().phrases(Phrase::Label).is(&folded(text))
    };
    let title_range = inside
        .clone()
        .find(is_title)
        .map(|place| scan.elements[place].text.clone())?;
    let title = scan.slice(&title_range).trim();
    let mut description = "";
    for line in scan.slice(&element.text).split('\n').map(str::trim) {
        let other = !line.is_empty() && line != title && !title.contains(line) && !is_generic(line);
        if other && line.len() > description.len() {
            description = line;
        }
    }
    if !(20..=420).contains(&description.chars().count()) {
        return None;
    }
    let site = inside
        .map(|place| &scan.elements[place])
        .filter(|inner| {
            ["source", "publisher", "site", "domain", "bron"]
                .iter()
                .any(|word| inner.class.split([' ', '-', '_']).any(|part| part == *word))
        })
        .map(|inner| scan.slice(&inner.text).trim())
        .find(|text| {
            (2..60).contains(&text.len())
                && !text.contains('\n')
                && *text != title
                && *text != description
        });
    Some(EmbeddedCard {
        title: SafeText::short(without_site(title, site), 300),
        description: Some(SafeText::short(description, 500)),
        site: site.map(SafeText::line),
    })
}

/// A title without the name of its site at its end.
fn without_site<'a>(title: &'a str, site: Option<&str>) -> &'a str {
    let Some(site) = site else { return title };
    [" | ", " - ", " – ", " — ", " · ", " • "]
        .iter()
        .filter_map(|between| title.rsplit_once(between))
        .find(|(rest, end)| end.eq_ignore_ascii_case(site) && rest.len() > 8)
        .map_or(title, |(rest, _)| rest)
}
