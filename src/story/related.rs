//! What else is worth reading beside an article: found by its heaviest words, picked here.

use std::collections::HashMap;

/// An entry that shares words or a source with the article.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    pub entry: i64,
    pub feed: i64,
    pub site: String,
    /// How well it matches, more is better.
    pub score: f32,
    /// Days between both.
    pub days: f32,
    pub read: bool,
    /// Words of weight that both have.
    pub words: Vec<String>,
    /// Both cite one strong source.
    pub shared_source: bool,
}

/// An entry to recommend.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    pub entry: i64,
    /// In words.
    pub why: String,
}

/// So many are recommended at most.
const AT_MOST: usize = 5;
const OF_ONE_FEED: usize = 2;
const OF_ONE_SITE: usize = 3;
/// Words of weight that must be shared, unless a strong source is.
const WORDS: usize = 2;

/// Picks at most five: not one feed's archive, the recent first, what is read last.
pub fn related(mut candidates: Vec<Candidate>) -> Vec<Picked> {
    candidates.retain(|one| one.words.len() >= WORDS || one.shared_source);
    let score = |one: &Candidate| one.score * (0.5 + 0.5 * (-one.days.abs() / 30.0).exp());
    candidates.sort_by(|a, b| {
        a.read
            .cmp(&b.read)
            .then(score(b).total_cmp(&score(a)))
            .then(b.entry.cmp(&a.entry))
    });
    let mut feeds: HashMap<i64, usize> = HashMap::new();
    let mut sites: HashMap<String, usize> = HashMap::new();
    let mut picked = Vec::new();
    for one in candidates {
        let of_feed = feeds.entry(one.feed).or_default();
        let of_site = sites.entry(one.site.clone()).or_default();
        if *of_feed >= OF_ONE_FEED || *of_site >= OF_ONE_SITE {
            continue;
        }
        *of_feed += 1;
        *of_site += 1;
        let mut why = Vec::new();
        if one.shared_source {
            why.push("cites the same source".to_owned());
        }
        if !one.words.is_empty() {
            let words: Vec<&str> = one.words.iter().take(3).map(String::as_str).collect();
            why.push(words.join(", "));
        }
        picked.push(Picked {
            entry: one.entry,
            why: why.join("; "),
        });
        if picked.len() == AT_MOST {
            break;
        }
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(entry: i64, feed: i64, score: f32) -> Candidate {
        Candidate {
            entry,
            feed,
            site: format!("s{feed}"),
            score,
            words: vec!["chip".into(), "export".into()],
            ..Candidate::default()
        }
    }

    #[track_caller]
    fn check(candidates: Vec<Candidate>, expected: &[i64]) {
        let picked: Vec<i64> = related(candidates).iter().map(|one| one.entry).collect();
        assert_eq!(picked, expected);
    }

    #[test]
    fn at_most_five_and_two_of_a_feed() {
        check((1..9).map(|n| candidate(n, 1, n as f32)).collect(), &[8, 7]);
        check(
            (1..9).map(|n| candidate(n, n, n as f32)).collect(),
            &[8, 7, 6, 5, 4],
        );
        let mut of_one_site: Vec<Candidate> = (1..9).map(|n| candidate(n, n, n as f32)).collect();
        for one in &mut of_one_site {
            one.site = "s".into();
        }
        check(of_one_site, &[8, 7, 6]);
    }

    #[test]
    fn one_word_is_not_enough_but_a_shared_source_is() {
        let mut one = candidate(1, 1, 9.0);
        one.words = vec!["chip".into()];
        let mut other = candidate(2, 2, 1.0);
        other.words.clear();
        other.shared_source = true;
        check(vec![one, other], &[2]);
    }

    #[test]
    fn the_recent_come_first_and_what_is_read_last() {
        let mut old = candidate(1, 1, 1.5);
        old.days = 300.0;
        let mut read = candidate(2, 2, 9.0);
        read.read = true;
        check(vec![old, read, candidate(3, 3, 1.0)], &[3, 1, 2]);
    }
}
