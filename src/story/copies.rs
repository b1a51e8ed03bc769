//! The same text under another address: agency copy, a press release, a mirror.

use super::vector::Vector;

/// Words of text that both must have: all of them, and those that say something.
const WORDS: usize = 40;
const TELLING: usize = 20;
/// So alike the vectors must be before texts are compared.
const ALIKE: f32 = 0.85;
/// Words in a row that are compared.
const ROW: usize = 4;
/// So much of the shorter text must stand in the longer one.
const SAME: f32 = 0.7;

/// Whether two entries are alike enough that it is worth to compare their texts.
pub fn may_be_copies(one: &Vector, other: &Vector, words: (usize, usize)) -> bool {
    words.0 >= TELLING && words.1 >= TELLING && one.cosine(other) >= ALIKE
}

/// Whether two texts are the same, word for word in most of the shorter one. Alike vectors are not enough: the same agency
/// writes of two matches in the same words.
pub fn is_copy(one: &str, other: &str) -> bool {
    let rows = |text: &str| -> Vec<Vec<String>> {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(300)
            .map(str::to_lowercase)
            .collect();
        words.windows(ROW).map(<[String]>::to_vec).collect()
    };
    let (one, other) = (rows(one), rows(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() + ROW <= WORDS {
        return false;
    }
    let long: std::collections::HashSet<Vec<String>> = long.into_iter().collect();
    let same = short.iter().filter(|row| long.contains(*row)).count();
    same as f32 >= SAME * short.len() as f32
}
