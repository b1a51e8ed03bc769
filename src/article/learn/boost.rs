//! Gradient boosting of small decision trees, as plain as it can be: histograms over 64 bins, logistic loss.

use super::super::judge::{Forest, Node};

/// Bins that a piece of evidence is cut into: finer cuts would only fit the pages at hand.
const BINS: usize = 64;

/// How the trees are grown.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub trees: usize,
    pub leaves: usize,
    /// Weight that each leaf holds at least, in pages.
    pub leaf_weight: f32,
    /// A split is taken only where the leaves hold at least so many rows each.
    pub leaf_rows: usize,
    pub rate: f32,
    /// Pulls the values of small leaves towards nothing.
    pub ridge: f32,
    /// Share of the evidence that a tree may ask.
    pub asked: f32,
    pub seed: u64,
}

/// Rows of evidence with what they should come to. All rows have the same length.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Vec<f32>>,
    pub kept: Vec<bool>,
    pub weights: Vec<f32>,
}

/// Numbers that look random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// Grows a forest.
pub fn grow(table: &Table, settings: &Settings) -> Forest {
    let columns = table.rows.first().map_or(0, Vec::len);
    let limits: Vec<Vec<f32>> = (0..columns).map(|c| limits(table, c)).collect();
    let count = table.rows.len();
    // By column: the walk over one piece of evidence stays in the cache.
    let binned: Vec<Vec<u8>> = (0..columns)
        .map(|c| {
            table
                .rows
                .iter()
                .map(|row| limits[c].partition_point(|limit| *limit < row[c]) as u8)
                .collect()
        })
        .collect();
    let weight: f32 = table.weights.iter().sum();
    let kept: f32 = (0..count)
        .filter(|at| table.kept[*at])
        .map(|at| table.weights[at])
        .sum();
    let share = (kept / weight.max(1e-6)).clamp(0.01, 0.99);
    let base = (share / (1.0 - share)).ln();
    let mut sums = vec![base; count];
    let mut dice = Dice(settings.seed.max(1));
    let mut trees = Vec::with_capacity(settings.trees);
    for _ in 0..settings.trees {
        let slopes: Vec<(f32, f32)> = (0..count)
            .map(|at| {
                let chance = 1.0 / (1.0 + (-sums[at]).exp());
                let target = f32::from(u8::from(table.kept[at]));
                let weight = table.weights[at];
                (
                    (target - chance) * weight,
                    (chance * (1.0 - chance)).max(1e-6) * weight,
                )
            })
            .collect();
        let asked: Vec<usize> = (0..columns)
            .filter(|_| dice.roll() < settings.asked)
            .collect();
        let grower = Grower {
            binned: &binned,
            limits: &limits,
            slopes: &slopes,
            weights: &table.weights,
            asked: &asked,
            settings,
        };
        let (tree, values) = grower.grow(count);
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
        trees.push(tree);
    }
    Forest { base, trees }
}

/// Where a column may be cut: between values that occur, at most so many.
fn limits(table: &Table, column: usize) -> Vec<f32> {
    let mut values: Vec<f32> = table.rows.iter().map(|row| row[column]).collect();
    values.sort_by(f32::total_cmp);
    let mut found: Vec<f32> = Vec::new();
    let distinct = {
        let mut copy = values.clone();
        copy.dedup();
        copy
    };
    if distinct.len() <= BINS {
        found.extend(distinct.windows(2).map(|two| f32::midpoint(two[0], two[1])));
    } else {
        for bin in 1..BINS {
            let at = bin * values.len() / BINS;
            if at > 0 && values[at - 1] < values[at] {
                found.push(f32::midpoint(values[at - 1], values[at]));
            } else if let Some(next) = values[at..].iter().find(|value| **value > values[at]) {
                found.push(f32::midpoint(values[at], *next));
            }
        }
        found.dedup();
    }
    // As they are written into the file, so that what was learnt is what is read.
    for limit in &mut found {
        *limit = format!("{limit:.5}").parse().unwrap_or(*limit);
    }
    found.sort_by(f32::total_cmp);
    found.dedup();
    found
}

struct Grower<'g> {
    binned: &'g [Vec<u8>],
    limits: &'g [Vec<f32>],
    slopes: &'g [(f32, f32)],
    weights: &'g [f32],
    asked: &'g [usize],
    settings: &'g Settings,
}

/// A leaf that may yet be split.
struct Open {
    node: usize,
    rows: Vec<u32>,
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    column: usize,
    bin: u8,
}

impl Grower<'_> {
    /// A tree, and its value for each row.
    fn grow(&self, count: usize) -> (Vec<Node>, Vec<f32>) {
        let mut tree = vec![Node::Leaf(0.0)];
        let all: Vec<u32> = (0..count as u32).collect();
        let mut open = vec![self.open(0, all)];
        while open.len() < self.settings.leaves {
            let Some(place) = (0..open.len())
                .filter(|at| open[*at].best.is_some())
                .max_by(|a, b| {
                    let gain = |at: usize| open[at].best.map_or(0.0, |split| split.gain);
                    gain(*a).total_cmp(&gain(*b))
                })
            else {
                break;
            };
            let leaf = open.swap_remove(place);
            let Some(split) = leaf.best else { break };
            let (left, right): (Vec<u32>, Vec<u32>) = leaf
                .rows
                .iter()
                .partition(|row| self.binned[split.column][**row as usize] <= split.bin);
            let (at_left, at_right) = (tree.len(), tree.len() + 1);
            tree.extend([Node::Leaf(0.0), Node::Leaf(0.0)]);
            tree[leaf.node] = Node::Split {
                evidence: split.column,
                limit: self.limits[split.column][usize::from(split.bin)],
                left: at_left,
                right: at_right,
            };
            open.push(self.open(at_left, left));
            open.push(self.open(at_right, right));
        }
        let mut values = vec![0.0; count];
        for leaf in open {
            let (slope, bend) = self.sum(&leaf.rows);
            let value = self.settings.rate * slope / (bend + self.settings.ridge);
            let value = (value * 1e4).round() / 1e4;
            tree[leaf.node] = Node::Leaf(value);
            for row in leaf.rows {
                values[row as usize] = value;
            }
        }
        (tree, values)
    }

    fn sum(&self, rows: &[u32]) -> (f32, f32) {
        rows.iter().fold((0.0, 0.0), |sum, row| {
            let slope = self.slopes[*row as usize];
            (sum.0 + slope.0, sum.1 + slope.1)
        })
    }

    fn open(&self, node: usize, rows: Vec<u32>) -> Open {
        let best = self.best(&rows);
        Open { node, rows, best }
    }

    fn best(&self, rows: &[u32]) -> Option<Split> {
        if rows.len() < 2 * self.settings.leaf_rows {
            return None;
        }
        let (slope, bend) = self.sum(rows);
        let worth = |slope: f32, bend: f32| slope * slope / (bend + self.settings.ridge);
        let whole = worth(slope, bend);
        let weight: f32 = rows.iter().map(|row| self.weights[*row as usize]).sum();
        let mut best: Option<Split> = None;
        for column in self.asked {
            let cuts = self.limits[*column].len();
            if cuts == 0 {
                continue;
            }
            let mut bins = [(0.0f32, 0.0f32, 0.0f32, 0usize); BINS + 1];
            let column_bins = &self.binned[*column];
            for row in rows {
                let at = *row as usize;
                let bin = &mut bins[usize::from(column_bins[at])];
                bin.0 += self.slopes[at].0;
                bin.1 += self.slopes[at].1;
                bin.2 += self.weights[at];
                bin.3 += 1;
            }
            let mut left = (0.0, 0.0, 0.0, 0);
            for (number, bin) in bins.iter().enumerate().take(cuts) {
                left = (
                    left.0 + bin.0,
                    left.1 + bin.1,
                    left.2 + bin.2,
                    left.3 + bin.3,
                );
                let right = rows.len() - left.3;
                if left.3 < self.settings.leaf_rows
                    || right < self.settings.leaf_rows
                    || left.2 < self.settings.leaf_weight
                    || weight - left.2 < self.settings.leaf_weight
                {
                    continue;
                }
                let gain = worth(left.0, left.1) + worth(slope - left.0, bend - left.1) - whole;
                if gain > 1e-4 && best.is_none_or(|known| gain > known.gain) {
                    best = Some(Split {
                        gain,
                        column: *column,
                        bin: number as u8,
                    });
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_pieces_of_evidence_say_together_is_learnt() {
        let mut dice = Dice(7);
        let mut table = Table::default();
        for _ in 0..2000 {
            let row: Vec<f32> = (0..4).map(|_| dice.roll()).collect();
            table.kept.push((row[1] > 0.5) != (row[2] > 0.3));
            table.rows.push(row);
            table.weights.push(1.0);
        }
        let settings = Settings {
            trees: 40,
            leaves: 6,
            leaf_weight: 1.0,
            leaf_rows: 10,
            rate: 0.3,
            ridge: 1.0,
            asked: 1.0,
            seed: 1,
        };
        let forest = grow(&table, &settings);
        let right = table
            .rows
            .iter()
            .zip(&table.kept)
            .filter(|(row, kept)| (forest.chance(row) > 0.5) == **kept)
            .count();
        assert!(right > 1900, "{right} of 2000");
        // Written down and read again it says the same.
        let names = ["a", "b", "c", "d"];
        let again = Forest::read(&forest.written(&names)).expect("legible");
        for row in table.rows.iter().take(50) {
            assert!((forest.chance(row) - again.chance(row)).abs() < 1e-3);
        }
    }
}
