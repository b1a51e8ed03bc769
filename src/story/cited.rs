//! What everybody cites: one vote a site.

use crate::address::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// One citation of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Number of the source.
    pub source: i64,
    /// As of [`super::site_of`].
    pub site: String,
    /// Seconds.
    pub at: i64,
}

/// A source, and who cites it.
#[derive(Clone, Debug, PartialEq)]
pub struct Votes {
    pub source: i64,
    /// Different sites that cite it in the time asked for.
    pub sites: u32,
    /// Different sites that cited it before.
    pub before: u32,
    pub score: f32,
    /// Seconds: the first and the newest of these citations.
    pub first: i64,
    pub newest: i64,
}

/// Part of a vote that is left when all votes fall into one hour: a wave of copies, not judgement.
const BURST: f32 = 0.7;

/// The sources most cited: one vote a site. What was cited all the time before counts less (an evergreen), and so does what
/// all cite within one hour (a burst). `about` says what a source is, `None` for what is not to be listed at all; `before`
/// how many sites cited it earlier.
pub fn most_cited(
    votes: &[Vote],
    about: impl Fn(i64) -> Option<(Kind, bool)>,
    before: impl Fn(i64) -> u32,
    at_most: usize,
) -> Vec<Votes> {
    let mut by_source: BTreeMap<i64, (BTreeSet<&str>, i64, i64)> = BTreeMap::new();
    for vote in votes {
        let (sites, first, newest) = by_source
            .entry(vote.source)
            .or_insert_with(|| (BTreeSet::new(), vote.at, vote.at));
        sites.insert(&vote.site);
        *first = (*first).min(vote.at);
        *newest = (*newest).max(vote.at);
    }
    let mut found: Vec<Votes> = by_source
        .into_iter()
        .filter_map(|(source, (sites, first, newest))| {
            let (kind, front_page) = about(source)?;
            if front_page || matches!(kind, Kind::Shop | Kind::Encyclopaedia) {
                return None;
            }
            let sites = sites.len() as u32;
            let before = before(source);
            let mut score = sites as f32 / (1.0 + before as f32 / sites as f32).sqrt();
            if sites > 2 && newest - first < 3600 {
                score *= BURST;
            }
            Some(Votes {
                source,
                sites,
                before,
                score,
                first,
                newest,
            })
        })
        .collect();
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(b.newest.cmp(&a.newest))
            .then(a.source.cmp(&b.source))
    });
    found.truncate(at_most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(source: i64, site: &str, at: i64) -> Vote {
        Vote {
            source,
            site: site.into(),
            at,
        }
    }

    #[track_caller]
    fn check(votes: &[Vote], before: &[(i64, u32)], expected: &[i64]) {
        let found = most_cited(
            votes,
            |source| {
                (source < 100).then_some((
                    if source == 50 {
                        Kind::Shop
                    } else {
                        Kind::Article
                    },
                    source == 60,
                ))
            },
            |source| {
                before
                    .iter()
                    .find(|(known, _)| *known == source)
                    .map_or(0, |(_, count)| *count)
            },
            10,
        );
        assert_eq!(
            found.iter().map(|votes| votes.source).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_site_has_one_vote_however_often_it_cites() {
        let votes = [
            vote(1, "a", 0),
            vote(1, "a", 9000),
            vote(1, "a", 20000),
            vote(2, "a", 0),
            vote(2, "b", 9000),
        ];
        check(&votes, &[], &[2, 1]);
    }

    #[test]
    fn evergreens_and_bursts_count_less() {
        let votes = [
            vote(1, "a", 0),
            vote(1, "b", 9000),
            vote(2, "a", 0),
            vote(2, "b", 9000),
        ];
        check(&votes, &[(1, 40)], &[2, 1]);
        let wave = [
            vote(1, "a", 0),
            vote(1, "b", 5),
            vote(1, "c", 9),
            vote(2, "a", 0),
            vote(2, "b", 7),
            vote(2, "c", 9000),
        ];
        check(&wave, &[], &[2, 1]);
    }

    #[test]
    fn shops_front_pages_and_what_is_boilerplate_are_not_listed() {
        check(
            &[
                vote(50, "a", 0),
                vote(60, "a", 0),
                vote(100, "a", 0),
                vote(1, "a", 0),
            ],
            &[],
            &[1],
        );
    }
}
