//! Decides which runs are the article.
//!
//! A simple rule chooses between the two extractors; a small forest of decision trees weighs the evidence run by run.
//! The forest was learnt on pages whose text people had written down (`assets/article/README.md` says on which, and how
//! well it does on pages that it had not seen); the rows of [`POLICY`] say how far it is followed on which kind of page.

use super::evidence::{Evidence, Facts, Known};
use super::runs::Runs;
use std::sync::OnceLock;

/// Where the first extractor keeps less than this share of what the second keeps, it has found the wrong thing.
const THIN: (usize, usize) = (6, 10);

/// For a kind of page: how much the simple rule's word counts beside the forest's, and how sure one has to be.
/// Articles are of one make, and the forest knows it. Documentation and lists are not: on pages that the forest has not
/// seen, the choice between two extractors alone does better there (1.0 leaves the forest no say). In threads a post too
/// many does less harm than a question without answers.
const POLICY: &[(&str, f32, f32)] = &[
    ("documentation", 1.0, 0.5),
    ("forum", 0.3, 0.4),
    ("listing", 1.0, 0.5),
    ("collection", 1.0, 0.5),
    ("product", 0.8, 0.4),
    ("service", 0.2, 0.45),
    ("", 0.0, 0.6),
];

/// Which runs are kept.
pub(super) fn judge(found: &Runs<'_>, known: &Known<'_>, evidence: &Evidence<'_>) -> Vec<bool> {
    let forest = Forest::shipped();
    let mut values = Vec::new();
    let chances: Vec<f32> = (0..found.runs.len())
        .map(|at| {
            values.clear();
            evidence.tell(at, &mut |_, value| values.push(value));
            forest.chance(&values)
        })
        .collect();
    let mut kept = follow(&chances, known.simple, known.kind);
    let facts: Vec<Facts> = (0..kept.len()).map(|at| evidence.facts(at)).collect();
    join(&facts, &chances, known.kind, &mut kept);
    kept
}

/// A heading over a line that is kept may be this much less likely.
const HEADING: f32 = 0.3;
/// A line that ends with a colon, above a list.
const ANNOUNCEMENT: f32 = 0.4;
/// A line of the list that it announces.
const ANNOUNCED: f32 = 0.15;
/// Lines of a list that are looked at.
const LIST: usize = 80;

/// Lines that belong to their neighbours are kept with them, on pages that the forest decides: a heading with the line
/// below it, a list with the line that announces it. By itself such a line looks like one of a menu.
pub(super) fn join(facts: &[Facts], chances: &[f32], kind: &str, kept: &mut [bool]) {
    if POLICY
        .iter()
        .any(|(of, _, _)| !of.is_empty() && *of == kind)
    {
        return;
    }
    let announces = |at: usize| {
        facts[at].text.ends_with([':', '：'])
            && !facts[at].is_in_list()
            && facts.get(at + 1).is_some_and(Facts::is_in_list)
    };
    for at in 0..kept.len() {
        if !announces(at) || is_heading(&facts[at]) {
            continue;
        }
        kept[at] = kept[at] || (facts[at].block == "p" && chances[at] > ANNOUNCEMENT);
        if kept[at] {
            let list = (at + 1..kept.len()).take(LIST);
            for line in list.take_while(|line| facts[*line].is_in_list()) {
                kept[line] = kept[line] || chances[line] > ANNOUNCED;
            }
        }
    }
    let Some(first) = kept.iter().position(|keep| *keep) else {
        return;
    };
    for at in (first + 1..kept.len().saturating_sub(1)).rev() {
        let opens = is_heading(&facts[at]) && facts[at].block != "h1" && kept[at + 1];
        kept[at] = kept[at] || (opens && chances[at] > HEADING);
    }
}

fn is_heading(facts: &Facts) -> bool {
    matches!(
        facts.block.as_str(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    )
}

/// Which runs are kept, by their chances, what the simple rule keeps, and the kind of page.
pub(super) fn follow(chances: &[f32], simple: &[bool], kind: &str) -> Vec<bool> {
    let row = POLICY
        .iter()
        .find(|(of, _, _)| *of == kind)
        .or(POLICY.last());
    let (trust, sure) = row.map_or((0.0, 0.5), |(_, trust, sure)| (*trust, *sure));
    let kept: Vec<bool> = chances
        .iter()
        .zip(simple)
        .map(|(chance, simple)| {
            let rule = if *simple { 0.5 } else { -0.5 };
            chance + trust * rule > sure
        })
        .collect();
    // Better the plain choice than an empty page.
    if kept.contains(&true) {
        kept
    } else {
        simple.to_vec()
    }
}

/// What the simple rule keeps: what the first extractor does, unless it found little where the second found much.
pub(super) fn simple(
    found: &Runs<'_>,
    first: Option<&[bool]>,
    second: Option<&[bool]>,
) -> Vec<bool> {
    let words = |kept: &[bool]| -> usize {
        found
            .runs
            .iter()
            .zip(kept)
            .filter(|(_, keep)| **keep)
            .map(|(run, _)| run.words)
            .sum()
    };
    match (first, second) {
        (Some(first), Some(second)) if words(first) * THIN.1 < words(second) * THIN.0 => {
            second.to_vec()
        }
        (Some(first), _) => first.to_vec(),
        (None, Some(second)) => second.to_vec(),
        (None, None) => vec![true; found.runs.len()],
    }
}

/// Decision trees whose leaves add up to the log odds of being kept.
pub(super) struct Forest {
    pub(super) base: f32,
    pub(super) trees: Vec<Vec<Node>>,
}

#[derive(Clone, Copy)]
pub(super) enum Node {
    /// Goes left where the value of the evidence is at most the limit.
    Split {
        evidence: usize,
        limit: f32,
        left: usize,
        right: usize,
    },
    Leaf(f32),
}

impl Forest {
    /// The forest in assets/.
    pub(super) fn shipped() -> &'static Forest {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| {
            Forest::read(include_str!("../../assets/article/forest.txt"))
                .expect("the forest that ships is legible: a test reads it")
        })
    }

    /// Reads the names of the evidence (a line), the base, and a tree a line: `evidence,limit,left,right` or `=value`.
    pub(super) fn read(text: &str) -> Option<Forest> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let names = lines.next()?.split(';').count();
        let base = lines.next()?.parse().ok()?;
        let tree = |line: &str| -> Option<Vec<Node>> {
            let words: Vec<&str> = line.split(' ').collect();
            let node = |(at, word): (usize, &&str)| -> Option<Node> {
                if let Some(value) = word.strip_prefix('=') {
                    return value.parse().ok().map(Node::Leaf);
                }
                let mut parts = word.split(',');
                let evidence = parts.next()?.parse().ok().filter(|e| *e < names)?;
                let limit = parts.next()?.parse().ok()?;
                // Children stand behind their parent, so a walk ends.
                let mut child = || {
                    parts
                        .next()?
                        .parse()
                        .ok()
                        .filter(|c| (at + 1..words.len()).contains(c))
                };
                Some(Node::Split {
                    evidence,
                    limit,
                    left: child()?,
                    right: child()?,
                })
            };
            words.iter().enumerate().map(node).collect()
        };
        Some(Forest {
            base,
            trees: lines.map(tree).collect::<Option<_>>()?,
        })
    }

    /// As [`Forest::read`] reads it.
    #[cfg(test)]
    pub(super) fn written(&self, names: &[&str]) -> String {
        let node = |node: &Node| match node {
            Node::Split {
                evidence,
                limit,
                left,
                right,
            } => format!("{evidence},{limit},{left},{right}"),
            Node::Leaf(value) => format!("={value:.4}"),
        };
        let trees: String = self
            .trees
            .iter()
            .map(|tree| tree.iter().map(node).collect::<Vec<_>>().join(" ") + "\n")
            .collect();
        format!("{}\n{}\n{trees}", names.join(";"), self.base)
    }

    /// The chance, from 0 to 1, that a run with this evidence is kept.
    pub(super) fn chance(&self, values: &[f32]) -> f32 {
        let sum: f32 = self.trees.iter().map(|tree| leaf(tree, values)).sum();
        1.0 / (1.0 + (-(self.base + sum)).exp())
    }
}

fn leaf(tree: &[Node], values: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Split {
                evidence,
                limit,
                left,
                right,
            }) => {
                at = if values.get(*evidence).copied().unwrap_or(0.0) <= *limit {
                    *left
                } else {
                    *right
                };
            }
            Some(Node::Leaf(value)) => return *value,
            None => return 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;

    #[test]
    fn the_forest_that_ships_is_about_the_evidence_that_is_told() {
        let page = dom_query::Document::from("<p>A line of text.</p>");
        let found = runs::of_document(&page);
        let known = Known {
            title: "",
            first: None,
            second: None,
            simple: &[true],
            kind: "",
            own_sites: &[],
        };
        let mut names = Vec::new();
        Evidence::of(&found, &known).tell(0, &mut |name, _| names.push(name));
        let text = include_str!("../../assets/article/forest.txt");
        let header = text
            .lines()
            .find(|line| !line.starts_with('#'))
            .unwrap_or_default();
        assert_eq!(header, names.join(";"));
        assert!(Forest::read(text).is_some_and(|forest| forest.trees.len() > 10));
    }

    fn line(text: &str, block: &str, around: &[&'static str]) -> Facts {
        Facts {
            text: text.to_owned(),
            block: block.to_owned(),
            around: around.to_vec(),
            ..Facts::default()
        }
    }

    #[test]
    fn a_heading_stays_with_its_text_and_a_list_with_the_line_that_announces_it() {
        let facts = [
            line("Before all text", "h2", &[]),
            line("Text.", "p", &[]),
            line("What is new", "h2", &[]),
            line("These were sent:", "p", &[]),
            line("One", "p", &["ul"]),
            line("Two", "li", &["ul"]),
            line("Menu", "li", &["ul"]),
            line("Ours", "h3", &[]),
            line("Next", "p", &[]),
        ];
        let chances = [0.5, 0.9, 0.4, 0.5, 0.2, 0.2, 0.1, 0.2, 0.1];
        let mut kept = follow(&chances, &[false; 9], "article");
        assert_eq!(kept.iter().filter(|keep| **keep).count(), 1);
        join(&facts, &chances, "article", &mut kept);
        assert_eq!(
            kept,
            [false, true, true, true, true, true, false, false, false]
        );
        let mut kept = vec![false; 9];
        join(&facts, &chances, "listing", &mut kept);
        assert_eq!(kept, [false; 9]);
    }

    #[test]
    fn a_page_is_not_left_without_a_line_where_an_extractor_found_one() {
        assert_eq!(follow(&[0.1, 0.2], &[false, true], ""), [false, true]);
        assert_eq!(follow(&[0.1, 0.9], &[true, false], ""), [false, true]);
    }

    #[test]
    fn a_forest_adds_its_leaves_up() {
        let forest = Forest::read("a;b\n0\n1,0.5,1,2 =-1 =2\n=1").expect("legible");
        assert!(forest.chance(&[0.0, 1.0]) > 0.95);
        assert!((forest.chance(&[0.0, 0.0]) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn a_broken_forest_is_none() {
        for text in [
            "",
            "a",
            "a\n0\n1,0,1,2 =1 =1",
            "a\n0\n0,0,0,0",
            "a\n0\n0,0,9,9",
            "a\n0\nx",
        ] {
            assert!(Forest::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_second_extractor_is_followed_where_the_first_is_thin() {
        let page = dom_query::Document::from("<p>one two three four five<p>six<p>seven eight");
        let found = runs::of_document(&page);
        let (much, little) = ([true, false, true], [false, true, false]);
        assert_eq!(simple(&found, Some(&little), Some(&much)), much);
        assert_eq!(simple(&found, Some(&much), Some(&little)), much);
        assert_eq!(simple(&found, Some(&little), None), little);
        assert_eq!(simple(&found, None, None), [true; 3]);
    }
}
