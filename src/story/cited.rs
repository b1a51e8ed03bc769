//! What everybody cites: one vote a site.

use crate::address::Kind;
use std::collections::HashMap;

/// One citation of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Number of the source.
    pub source: i64,
    /// Number of the site, as of [`super::site_of`].
    pub site: u32,
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
/// how many sites cited it earlier. They are asked about those that can still be among the most cited.
pub fn most_cited<E>(
    votes: &[Vote],
    (sites_at_least, at_most): (u32, usize),
    mut about: impl FnMut(i64) -> Result<Option<(Kind, bool)>, E>,
    mut before: impl FnMut(i64) -> Result<u32, E>,
) -> Result<Vec<Votes>, E> {
    let mut by_source: HashMap<i64, (Vec<u32>, i64, i64)> = HashMap::new();
    for vote in votes {
        let (sites, first, newest) = by_source
            .entry(vote.source)
            .or_insert_with(|| (Vec::new(), vote.at, vote.at));
        // A feed's votes come together, mostly.
        if sites.last() != Some(&vote.site) {
            sites.push(vote.site);
        }
        *first = (*first).min(vote.at);
        *newest = (*newest).max(vote.at);
    }
    let mut counted: Vec<Votes> = by_source
        .into_iter()
        .filter_map(|(source, (mut sites, first, newest))| {
            sites.sort_unstable();
            sites.dedup();
            let sites = sites.len() as u32;
            (sites >= sites_at_least).then_some(Votes {
                source,
                sites,
                before: 0,
                score: sites as f32,
                first,
                newest,
            })
        })
        .collect();
    let better = |a: &Votes, b: &Votes| {
        b.score
            .total_cmp(&a.score)
            .then(b.newest.cmp(&a.newest))
            .then(a.source.cmp(&b.source))
    };
    counted.sort_by(better);
    let mut found: Vec<Votes> = Vec::new();
    for mut one in counted {
        // No score is more than the number of sites: from here on none gets in.
        if found.len() >= at_most && found.last().is_none_or(|last| one.score < last.score) {
            break;
        }
        let Some((kind, front_page)) = about(one.source)? else {
            continue;
        };
        if front_page || matches!(kind, Kind::Shop | Kind::Encyclopaedia) {
            continue;
        }
        one.before = before(one.source)?;
        one.score = one.sites as f32 / (1.0 + one.before as f32 / one.sites as f32).sqrt();
        if one.sites > 2 && one.newest - one.first < 3600 {
            one.score *= BURST;
        }
        let place = found.partition_point(|known| better(known, &one).is_lt());
        found.insert(place, one);
        found.truncate(at_most);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(source: i64, site: &str, at: i64) -> Vote {
        Vote {
            source,
            site: u32::from(site.as_bytes()[0]),
            at,
        }
    }

    #[track_caller]
    fn check(votes: &[Vote], before: &[(i64, u32)], expected: &[i64]) {
        let kind = |source| match source {
            50 => Kind::Shop,
            _ => Kind::Article,
        };
        // Asked for fewer, they are the first of those.
        for at_most in [10, 1] {
            let found = most_cited::<()>(
                votes,
                (1, at_most),
                |source| Ok((source < 100).then(|| (kind(source), source == 60))),
                |source| {
                    let known = before.iter().find(|(known, _)| *known == source);
                    Ok(known.map_or(0, |(_, count)| *count))
                },
            )
            .expect("nothing fails");
            let found: Vec<i64> = found.iter().map(|votes| votes.source).collect();
            assert_eq!(found, expected[..expected.len().min(at_most)]);
        }
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
