//! How much a link looks like what the article rests on.

use super::role::Link;
use super::words::{Is, Phrase, Words};
use crate::address::Kind;
use url::Url;

/// From here on a link is a source, below a mention.
pub(super) const SOURCE_FROM: f32 = 1.0;

/// The strength of a link: a sum of what was seen (linked sources, section 2).
pub(super) fn strength(link: &Link<'_>, primary: bool) -> f32 {
    let words = Words::bundled();
    let url = &link.address.display;
    let mut sum = 1.0 + of_kind(link.address.kind);
    let anchor_words = link.text.split_whitespace().count();
    let rows: &[(bool, f32)] = &[
        (primary, 3.0),
        (link.in_card, 1.5),
        (link.aggregated, 0.3),
        (has_slug(url), 0.45),
        (is_front_page(url), -1.0),
        (has_one_short_segment(url), -0.45),
        (words.host_is(url, Is::Weak), -0.8),
        (words.segment_is(url, Is::Weak), -0.4),
        (words.phrases(Phrase::Cue).within(link.sentence), 0.25),
        ((3..=14).contains(&anchor_words), 0.25),
        (
            anchor_words == 1 && link.text.starts_with(char::is_uppercase),
            -0.15,
        ),
    ];
    sum += rows
        .iter()
        .filter(|(seen, _)| *seen)
        .map(|(_, weight)| weight)
        .sum::<f32>();
    sum - 0.25 * link.place
}

fn of_kind(kind: Kind) -> f32 {
    match kind {
        Kind::Paper | Kind::Filing | Kind::Primary | Kind::Advisory => 0.6,
        Kind::Press | Kind::Pdf => 0.5,
        Kind::Code | Kind::Release => 0.45,
        Kind::Company => 0.35,
        Kind::Video | Kind::Audio => 0.3,
        Kind::News | Kind::Article => 0.25,
        Kind::Discussion => 0.2,
        Kind::Social => 0.15,
        Kind::Docs | Kind::Encyclopaedia => 0.0,
        Kind::Shop => -0.7,
    }
}

pub(super) fn is_front_page(url: &Url) -> bool {
    url.query().is_none()
        && url.path().split('/').all(|segment| {
            segment.is_empty() || segment.starts_with("index.") || segment.starts_with("default.")
        })
}

fn segments(url: &Url) -> impl DoubleEndedIterator<Item = &str> {
    url.path().split('/').filter(|segment| !segment.is_empty())
}

fn has_one_short_segment(url: &Url) -> bool {
    let mut segments = segments(url);
    url.query().is_none()
        && segments
            .next()
            .is_some_and(|first| first.len() <= 14 && !has_digits(first, 4))
        && segments.next().is_none()
}

/// A date, five digits in a row, or three hyphens: addresses of articles have one of these.
fn has_slug(url: &Url) -> bool {
    let dated = || {
        let mut segments = segments(url);
        segments.any(|segment| {
            segment.len() == 4
                && (segment.starts_with("19") || segment.starts_with("20"))
                && has_digits(segment, 4)
        })
    };
    let slug = segments(url).next_back().is_some_and(|last| {
        last.bytes()
            .filter(|byte| matches!(byte, b'-' | b'_'))
            .count()
            >= 3
            || has_digits(last, 5)
    });
    slug || dated() || url.query().is_some_and(|query| has_digits(query, 5))
}

fn has_digits(text: &str, run: usize) -> bool {
    let mut now = 0;
    text.bytes().any(|byte| {
        now = if byte.is_ascii_digit() { now + 1 } else { 0 };
        now >= run
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn addresses_of_articles_are_known_by_their_form() {
        for slug in [
            "https://a.example/2024/05/x",
            "https://a.example/meta-has-an-ai-problem",
            "https://a.example/story/12345",
            "https://a.example/?id=123456",
        ] {
            assert!(has_slug(&url(slug)), "{slug}");
        }
        for none in [
            "https://a.example/",
            "https://a.example/about",
            "https://a.example/meta-ai",
        ] {
            assert!(!has_slug(&url(none)), "{none}");
        }
        assert!(is_front_page(&url("https://a.example/index.html")));
        assert!(!is_front_page(&url("https://a.example/?p=1")));
        assert!(has_one_short_segment(&url("https://a.example/about/")));
        assert!(!has_one_short_segment(&url("https://a.example/about/us")));
    }
}
