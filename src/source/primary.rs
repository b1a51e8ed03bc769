//! What a story goes back to: the one source that the others rest on, if there is one (linked sources, section 7).

use super::strength::is_front_page;
use crate::address::{self, Kind};
use url::Url;

/// Something that the entries of a story cite, or that a page cites which they cite.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    pub display: &'a Url,
    pub kind: Kind,
    /// How many different sites of the story cite it.
    pub sites: usize,
    /// It is dated before all entries of the story.
    pub earlier: bool,
    /// Places of the candidates whose pages cite it.
    pub cited_by: &'a [usize],
}

/// What a story goes back to.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its place among the candidates.
    pub place: usize,
    /// The primary source; else only what most of the entries cite.
    pub primary: bool,
    /// Why, in words.
    pub reason: String,
}

/// From here on a candidate is primary, when it is so far ahead of the next.
const PRIMARY_FROM: f32 = 1.4;
const AHEAD: f32 = 0.3;
/// So many sites make "most cited".
const SITES: usize = 3;

/// The primary source among the candidates of a story with these titles; else what is cited most; else none.
pub fn origin(candidates: &[Candidate<'_>], titles: &[&str]) -> Option<Origin> {
    let own: Vec<f32> = candidates
        .iter()
        .map(|candidate| own_weight(candidate, titles))
        .collect();
    // Half the weight of a page that cites it, counted once: pages may cite each other.
    let weight = |place: usize| {
        let best = candidates[place]
            .cited_by
            .iter()
            .filter(|by| **by != place)
            .filter_map(|by| own.get(*by))
            .copied()
            .fold(0.0, f32::max);
        own[place] + best / 2.0
    };
    let mut order: Vec<(f32, usize)> = (0..candidates.len())
        .map(|place| (weight(place), place))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (first, place) = *order.first()?;
    let ahead = order
        .get(1)
        .is_none_or(|(second, _)| first - second >= AHEAD);
    if first >= PRIMARY_FROM && ahead {
        return Some(Origin {
            place,
            primary: true,
            reason: reason(&candidates[place], titles),
        });
    }
    let most = (0..candidates.len())
        .max_by_key(|place| (candidates[*place].sites, std::cmp::Reverse(*place)))?;
    (candidates[most].sites >= SITES).then(|| Origin {
        place: most,
        primary: false,
        reason: format!("cited by {} sites", candidates[most].sites),
    })
}

fn own_weight(candidate: &Candidate<'_>, titles: &[&str]) -> f32 {
    let mut weight = 0.6 * candidate.sites.min(3) as f32 + of_kind(candidate.kind);
    if is_front_page(candidate.display) {
        weight -= 1.0;
    }
    if is_named(candidate.display, titles) {
        weight += 0.6;
    }
    if candidate.earlier {
        weight += 0.4;
    }
    weight
}

fn of_kind(kind: Kind) -> f32 {
    match kind {
        Kind::Filing | Kind::Paper | Kind::Primary => 1.0,
        Kind::Advisory => 0.9,
        Kind::Press | Kind::Release | Kind::Code | Kind::Company => 0.8,
        Kind::Social => 0.5,
        Kind::News | Kind::Video | Kind::Article | Kind::Audio | Kind::Pdf => 0.3,
        Kind::Docs | Kind::Discussion => 0.0,
        Kind::Encyclopaedia | Kind::Shop => -0.5,
    }
}

/// Whether the name of its domain is a word of at least half of the titles: the story is about whoever wrote it.
fn is_named(url: &Url, titles: &[&str]) -> bool {
    let site = address::site(url);
    let name = site.split('.').next().unwrap_or_default();
    if name.len() < 3 || titles.is_empty() {
        return false;
    }
    let named = titles
        .iter()
        .filter(|title| {
            title
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word.eq_ignore_ascii_case(name))
        })
        .count();
    named * 2 >= titles.len()
}

fn reason(candidate: &Candidate<'_>, titles: &[&str]) -> String {
    let mut why = vec![candidate.kind.label().to_owned()];
    if candidate.sites > 0 {
        why.push(format!(
            "cited by {} {}",
            candidate.sites,
            if candidate.sites == 1 {
                "site"
            } else {
                "sites"
            }
        ));
    }
    if is_named(candidate.display, titles) {
        why.push("by whom the story is about".to_owned());
    }
    if candidate.earlier {
        why.push("earlier than the entries".to_owned());
    }
    why.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        candidates: &[(&str, Kind, usize, bool, &[usize])],
        titles: &[&str],
        expected: Option<(usize, bool)>,
    ) {
        let urls: Vec<Url> = candidates
            .iter()
            .map(|candidate| Url::parse(candidate.0).expect("an address"))
            .collect();
        let candidates: Vec<Candidate<'_>> = candidates
            .iter()
            .zip(&urls)
            .map(|((_, kind, sites, earlier, cited_by), display)| Candidate {
                display,
                kind: *kind,
                sites: *sites,
                earlier: *earlier,
                cited_by,
            })
            .collect();
        assert_eq!(
            origin(&candidates, titles).map(|origin| (origin.place, origin.primary)),
            expected
        );
    }

    #[test]
    fn a_filing_that_two_sites_cite_is_primary() {
        check(
            &[
                ("https://news.example/a", Kind::News, 1, false, &[]),
                ("https://sec.example/f", Kind::Filing, 2, true, &[]),
            ],
            &["Meta sells less"],
            Some((1, true)),
        );
    }

    #[test]
    fn the_own_page_of_whom_the_titles_name_is_primary() {
        check(
            &[
                ("https://about.meta.com/x", Kind::Company, 1, false, &[]),
                ("https://news.example/a", Kind::News, 2, false, &[]),
            ],
            &["Meta sells less", "What Meta said"],
            Some((0, true)),
        );
    }

    #[test]
    fn what_an_often_cited_page_rests_on_inherits_half_of_its_weight() {
        check(
            &[
                ("https://news.example/a", Kind::News, 3, false, &[]),
                ("https://paper.example/p", Kind::Paper, 1, true, &[0]),
            ],
            &["A study"],
            Some((1, true)),
        );
    }

    #[test]
    fn without_a_clear_one_the_most_cited_is_named() {
        check(
            &[
                ("https://a.example/a-b", Kind::News, 3, false, &[]),
                ("https://b.example/a-b", Kind::News, 3, false, &[]),
            ],
            &["A"],
            Some((0, false)),
        );
        check(
            &[
                ("https://a.example/a-b", Kind::News, 1, false, &[]),
                ("https://b.example/", Kind::Article, 2, false, &[]),
            ],
            &["A"],
            None,
        );
        check(&[], &["A"], None);
    }

    #[test]
    fn pages_that_cite_each_other_end() {
        check(
            &[
                ("https://a.example/a", Kind::News, 2, false, &[0, 1]),
                ("https://b.example/b", Kind::News, 2, false, &[0]),
            ],
            &[],
            None,
        );
    }
}
