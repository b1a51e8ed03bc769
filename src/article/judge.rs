//! Decides which runs are the article.

use super::evidence::Known;
use super::runs::Runs;

/// Where the first extractor keeps less than this share of what the second keeps, it has found the wrong thing.
const THIN: (usize, usize) = (6, 10);

/// Which runs are kept.
pub(super) fn judge(found: &Runs<'_>, known: &Known<'_>) -> Vec<bool> {
    let words = |kept: &[bool]| -> usize {
        found
            .runs
            .iter()
            .zip(kept)
            .filter(|(_, keep)| **keep)
            .map(|(run, _)| run.words)
            .sum()
    };
    match (known.first, known.second) {
        (Some(first), Some(second)) if words(first) * THIN.1 < words(second) * THIN.0 => {
            second.to_vec()
        }
        (Some(first), _) => first.to_vec(),
        (None, Some(second)) => second.to_vec(),
        (None, None) => vec![true; found.runs.len()],
    }
}
