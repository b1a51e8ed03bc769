//! Terms and their weights.

use std::collections::HashMap;

/// Terms and weights, sorted by term.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vector(Vec<(u32, f32)>);

/// Bytes of a pair.
const PAIR: usize = 8;

impl Vector {
    /// The heaviest `kept` of these, scaled to length 1.
    pub fn unit(weights: HashMap<u32, f32>, kept: usize) -> Vector {
        let mut pairs: Vec<(u32, f32)> = weights
            .into_iter()
            .filter(|(_, weight)| weight.is_finite() && *weight > 0.0)
            .collect();
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        pairs.truncate(kept);
        pairs.sort_unstable_by_key(|pair| pair.0);
        let mut vector = Vector(pairs);
        let length = vector.length();
        if length > 0.0 {
            for pair in &mut vector.0 {
                pair.1 /= length;
            }
        }
        vector
    }

    pub fn terms(&self) -> &[(u32, f32)] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The weight of a term; 0 if it has none.
    pub fn weight(&self, term: u32) -> f32 {
        self.0
            .binary_search_by_key(&term, |pair| pair.0)
            .map_or(0.0, |at| self.0[at].1)
    }

    /// The heaviest terms.
    pub fn heaviest(&self, count: usize) -> Vec<u32> {
        let mut pairs = self.0.clone();
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        pairs.iter().take(count).map(|pair| pair.0).collect()
    }

    pub fn length(&self) -> f32 {
        self.0
            .iter()
            .map(|pair| pair.1 * pair.1)
            .sum::<f32>()
            .sqrt()
    }

    /// Product of the weights of shared terms, and how many those are.
    pub fn shared(&self, other: &Vector) -> (f32, usize) {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let (mut product, mut count) = (0.0, 0);
        while let (Some(one), Some(two)) = (a.peek(), b.peek()) {
            match one.0.cmp(&two.0) {
                std::cmp::Ordering::Less => {
                    a.next();
                }
                std::cmp::Ordering::Greater => {
                    b.next();
                }
                std::cmp::Ordering::Equal => {
                    product += one.1 * two.1;
                    count += 1;
                    a.next();
                    b.next();
                }
            }
        }
        (product, count)
    }

    /// The cosine: 1 for the same, 0 for nothing in common.
    pub fn cosine(&self, other: &Vector) -> f32 {
        let lengths = self.length() * other.length();
        if lengths > 0.0 {
            self.shared(other).0 / lengths
        } else {
            0.0
        }
    }

    /// Adds another vector to this one; at most `kept` terms stay.
    pub fn add(&mut self, other: &Vector, kept: usize) {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut a, mut b) = (
            self.0.iter().copied().peekable(),
            other.0.iter().copied().peekable(),
        );
        loop {
            let next = match (a.peek().copied(), b.peek().copied()) {
                (Some(one), Some(two)) if one.0 == two.0 => {
                    a.next();
                    b.next();
                    (one.0, one.1 + two.1)
                }
                (Some(one), Some(two)) if one.0 < two.0 => {
                    a.next();
                    one
                }
                (_, Some(two)) => {
                    b.next();
                    two
                }
                (Some(one), None) => {
                    a.next();
                    one
                }
                (None, None) => break,
            };
            sum.push(next);
        }
        if sum.len() > kept {
            sum.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            sum.truncate(kept);
            sum.sort_unstable_by_key(|pair| pair.0);
        }
        self.0 = sum;
    }

    /// As the database keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0
            .iter()
            .flat_map(|(term, weight)| {
                let mut pair = [0; PAIR];
                pair[..4].copy_from_slice(&term.to_le_bytes());
                pair[4..].copy_from_slice(&weight.to_le_bytes());
                pair
            })
            .collect()
    }

    /// Out of the database; what is no vector is an empty one.
    pub fn from_bytes(bytes: &[u8]) -> Vector {
        let pairs: Vec<(u32, f32)> = bytes
            .chunks_exact(PAIR)
            .map(|pair| {
                let half = |at: usize| [pair[at], pair[at + 1], pair[at + 2], pair[at + 3]];
                (u32::from_le_bytes(half(0)), f32::from_le_bytes(half(4)))
            })
            .collect();
        let sound =
            pairs.is_sorted_by(|a, b| a.0 < b.0) && pairs.iter().all(|pair| pair.1.is_finite());
        if sound {
            Vector(pairs)
        } else {
            Vector::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vector(pairs: &[(u32, f32)]) -> Vector {
        Vector::unit(pairs.iter().copied().collect(), 64)
    }

    #[test]
    fn the_cosine_is_what_is_shared() {
        let (a, b) = (vector(&[(1, 3.0), (2, 4.0)]), vector(&[(2, 1.0), (3, 0.0)]));
        assert!((a.cosine(&b) - 0.8).abs() < 1e-6);
        assert_eq!(a.shared(&b).1, 1);
        assert!((a.cosine(&a) - 1.0).abs() < 1e-6);
        assert!(a.cosine(&Vector::default()).abs() < 1e-6);
    }

    /// Weights in hundredths: proptest's sampler of ranges of floats fails, once in
    /// millions of draws, on an assertion of its own about the lower end.
    fn weights(to: u32) -> impl Strategy<Value = f32> {
        (1..to).prop_map(|hundredths| hundredths as f32 / 100.0)
    }

    proptest! {
        #[test]
        fn bytes_come_back(pairs in prop::collection::hash_map(any::<u32>(), weights(1000), 0..80)) {
            let vector = Vector::unit(pairs, 64);
            prop_assert_eq!(Vector::from_bytes(&vector.to_bytes()), vector);
        }

        #[test]
        fn any_bytes_are_a_vector_or_an_empty_one(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let vector = Vector::from_bytes(&bytes);
            prop_assert!(vector.length() >= 0.0);
        }

        #[test]
        fn a_sum_holds_both(a in prop::collection::hash_map(0u32..50, weights(100), 0..20), b in prop::collection::hash_map(0u32..50, weights(100), 0..20)) {
            let (one, other) = (Vector::unit(a, 64), Vector::unit(b, 64));
            let mut sum = one.clone();
            sum.add(&other, 64);
            for (term, weight) in sum.terms() {
                prop_assert!((weight - one.weight(*term) - other.weight(*term)).abs() < 1e-5);
            }
            prop_assert!(sum.terms().is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
