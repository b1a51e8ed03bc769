//! What everybody cites: one vote a site.

use crate::address::Kind;

/// A source that may be among the most cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citable {
    /// Number of the source.
    pub source: i64,
    /// Different sites that cite it, at most.
    pub at_most: u32,
}

/// One citation of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Number of the site, as of [`super::site_of`].
    pub site: u32,
    /// Seconds.
    pub at: i64,
}

/// What is asked about a source while the most cited are looked for.
pub trait Ballot {
    type Error;

    /// The citations of the time asked for. Where there are fewer than `at_least`, nobody looks at them: they may be left out.
    fn votes(&mut self, source: i64, at_least: u32) -> Result<Vec<Vote>, Self::Error>;

    /// What it is, and whether it is the front page of a site; `None` for what is not to be listed at all.
    fn about(&mut self, source: i64) -> Result<Option<(Kind, bool)>, Self::Error>;

    /// How many different sites cited it before that time.
    fn before(&mut self, source: i64) -> Result<u32, Self::Error>;
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
/// all cite within one hour (a burst). Asked about are those alone that can still be among the most cited.
pub fn most_cited<B: Ballot>(
    mut candidates: Vec<Citable>,
    (sites_at_least, at_most): (u32, usize),
    ballot: &mut B,
) -> Result<Vec<Votes>, B::Error> {
    candidates.sort_unstable_by(|a, b| b.at_most.cmp(&a.at_most).then(a.source.cmp(&b.source)));
    let better = |a: &Votes, b: &Votes| {
        b.score
            .total_cmp(&a.score)
            .then(b.newest.cmp(&a.newest))
            .then(a.source.cmp(&b.source))
    };
    let mut found: Vec<Votes> = Vec::new();
    for candidate in candidates {
        // No score is more than the number of sites, and no site has less than one vote.
        let last = found.last().filter(|_| found.len() >= at_most);
        let at_least = last.map_or(sites_at_least, |last| {
            sites_at_least.max(last.score.ceil() as u32)
        });
        if candidate.at_most < at_least {
            break;
        }
        let votes = ballot.votes(candidate.source, at_least)?;
        let counted = counted(candidate.source, &votes);
        let Some(one) = counted.filter(|one| one.sites >= at_least) else {
            continue;
        };
        let Some((kind, front_page)) = ballot.about(one.source)? else {
            continue;
        };
        if front_page || matches!(kind, Kind::Shop | Kind::Encyclopaedia) {
            continue;
        }
        let before = ballot.before(one.source)?;
        let one = damped(one, before);
        let place = found.partition_point(|known| better(known, &one).is_lt());
        found.insert(place, one);
        found.truncate(at_most);
    }
    Ok(found)
}

/// The sites that vote; `None` where nobody does.
fn counted(source: i64, votes: &[Vote]) -> Option<Votes> {
    let mut sites: Vec<u32> = votes.iter().map(|vote| vote.site).collect();
    sites.sort_unstable();
    sites.dedup();
    Some(Votes {
        source,
        sites: sites.len() as u32,
        before: 0,
        score: sites.len() as f32,
        first: votes.iter().map(|vote| vote.at).min()?,
        newest: votes.iter().map(|vote| vote.at).max()?,
    })
}

fn damped(votes: Votes, before: u32) -> Votes {
    let mut score = votes.sites as f32 / (1.0 + before as f32 / votes.sites as f32).sqrt();
    if votes.sites > 2 && votes.newest - votes.first < 3600 {
        score *= BURST;
    }
    Votes {
        before,
        score,
        ..votes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source, who cites it, and when.
    fn vote(source: i64, site: &str, at: i64) -> (i64, Vote) {
        let site = u32::from(site.as_bytes()[0]);
        (source, Vote { site, at })
    }

    struct Told<'a> {
        votes: &'a [(i64, Vote)],
        before: &'a [(i64, u32)],
    }

    impl Ballot for Told<'_> {
        type Error = std::convert::Infallible;

        fn votes(&mut self, source: i64, at_least: u32) -> Result<Vec<Vote>, Self::Error> {
            let votes = self.votes.iter().filter(|(known, _)| *known == source);
            let votes: Vec<Vote> = votes.map(|(_, vote)| *vote).collect();
            Ok(if votes.len() < at_least as usize {
                Vec::new()
            } else {
                votes
            })
        }

        fn about(&mut self, source: i64) -> Result<Option<(Kind, bool)>, Self::Error> {
            let kind = match source {
                50 => Kind::Shop,
                _ => Kind::Article,
            };
            Ok((source < 100).then_some((kind, source == 60)))
        }

        fn before(&mut self, source: i64) -> Result<u32, Self::Error> {
            let known = self.before.iter().find(|(known, _)| *known == source);
            Ok(known.map_or(0, |(_, count)| *count))
        }
    }

    #[track_caller]
    fn check(votes: &[(i64, Vote)], before: &[(i64, u32)], expected: &[i64]) {
        let mut sources: Vec<i64> = votes.iter().map(|(source, _)| *source).collect();
        sources.sort_unstable();
        sources.dedup();
        // Asked for fewer, they are the first of those; and a bound that is too high changes nothing.
        for (at_most, too_high) in [(10, 0), (1, 0), (10, 7), (1, 7)] {
            let candidates = sources
                .iter()
                .map(|source| {
                    let of_it = votes.iter().filter(|(known, _)| known == source);
                    let sites: std::collections::HashSet<u32> =
                        of_it.map(|(_, vote)| vote.site).collect();
                    Citable {
                        source: *source,
                        at_most: sites.len() as u32 + too_high,
                    }
                })
                .collect();
            let found = most_cited(candidates, (1, at_most), &mut Told { votes, before });
            let found: Vec<i64> = found.unwrap().iter().map(|votes| votes.source).collect();
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
