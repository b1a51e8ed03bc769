//! Learns the trees of `assets/article/forest.txt`, and says how well they do on pages that they have not seen.
//!
//! Nothing of this is in the program: it is a test, and does its work when it is told where the labelled pages are
//! (`CONTRIBUTING.md` says how). All figures come from whole pages that the trees at work were not learnt on, unless
//! they say so.

mod boost;
mod truth;

use super::evidence::Facts;
use super::judge::{self, Forest};
use super::posts::{self, Posts};
use super::{begin, document_of, extract, manuals, meta};
use crate::text;
use boost::{Settings, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use truth::{Labelled, Truth};
use url::Url;

/// A page, studied.
struct Page {
    set: &'static str,
    name: String,
    /// What people said it is.
    kind: String,
    /// What the second extractor takes it for.
    guessed: String,
    truth: Truth,
    facts: Vec<Facts>,
    texts: Vec<String>,
    labels: Vec<Option<bool>>,
    values: Vec<Vec<f32>>,
    /// The same as if there were no second opinion.
    alone: Vec<Vec<f32>>,
    simple: Vec<bool>,
    posts: Option<Posts>,
    manual: Option<Posts>,
    names: Vec<&'static str>,
    /// The links of each run to other sites.
    links: Vec<Vec<String>>,
    /// Those that the text cites, where that is known.
    cited: Option<Vec<String>>,
}

fn study(page: Labelled) -> Page {
    let url = Url::parse(&page.url)
        .or_else(|_| Url::parse("http://page.example/"))
        .expect("an address");
    let decoded = text::decode(&page.bytes, None);
    let document = document_of(&decoded.text);
    let card = meta::card(&document, &url);
    let title = card.title.as_deref().unwrap_or_default().to_owned();
    extract::study(&document, &title, &url, |found, known, evidence| {
        let count = found.runs.len();
        let mut names = Vec::new();
        let values = (0..count)
            .map(|at| {
                let mut row = Vec::new();
                names.clear();
                evidence.tell(at, &mut |name, value| {
                    names.push(name);
                    row.push(value);
                });
                row
            })
            .collect();
        let alone = super::evidence::Known {
            title: known.title,
            first: known.first,
            second: None,
            simple: &judge::simple(found, known.first, None),
            kind: "",
            own_sites: known.own_sites,
        };
        let without = super::evidence::Evidence::of(found, &alone);
        let alone = (0..count)
            .map(|at| {
                let mut row = Vec::new();
                without.tell(at, &mut |_, value| row.push(value));
                row
            })
            .collect();
        let texts: Vec<String> = found.runs.iter().map(|run| run.text.clone()).collect();
        Page {
            set: page.set,
            name: page.name,
            kind: page.kind,
            guessed: known.kind.to_owned(),
            labels: truth::labels(&page.truth, &texts),
            truth: page.truth,
            facts: (0..count).map(|at| evidence.facts(at)).collect(),
            texts,
            values,
            alone,
            simple: known.simple.to_vec(),
            posts: posts::of(&document, found, known.kind),
            manual: manuals::of(&document, found, known.kind),
            names,
            links: found
                .runs
                .iter()
                .map(|run| {
                    truth::links(
                        run.anchors
                            .iter()
                            .filter_map(|(anchor, _)| anchor.attr("href")),
                        &url,
                    )
                })
                .collect(),
            cited: page.cited,
        }
    })
}

/// What a set's pages weigh against a page that people wrote down whole.
const WEIGHTS: &[(&str, f32)] = &[
    ("benchmark", 1.0),
    ("wcxb", 1.0),
    // Written by a program whose mistakes need not be learnt.
    ("readability", 0.3),
    // A few segments of each page.
    ("multilingual", 0.5),
    ("sites", 0.5),
];
/// A run of more words weighs no more.
const WORDS_AT_MOST: usize = 60;
/// What a page without a second opinion weighs beside itself with one.
const ALONE: f32 = 0.3;

fn table<'p>(pages: impl Iterator<Item = &'p Page>) -> Table {
    let mut table = Table::default();
    for page in pages {
        let of_set = WEIGHTS
            .iter()
            .find(|(set, _)| *set == page.set)
            .map_or(0.0, |(_, weight)| *weight);
        let weight = |at: usize| page.facts[at].words.clamp(1, WORDS_AT_MOST) as f32;
        let labelled: Vec<(usize, bool)> = page
            .labels
            .iter()
            .enumerate()
            .filter_map(|(at, label)| Some((at, (*label)?)))
            .collect();
        let whole: f32 = labelled.iter().map(|(at, _)| weight(*at)).sum();
        for (values, share) in [(&page.values, 1.0), (&page.alone, ALONE)] {
            for (at, kept) in &labelled {
                table.rows.push(values[*at].clone());
                table.kept.push(*kept);
                table
                    .weights
                    .push(share * of_set * weight(*at) / whole.max(1.0));
            }
        }
    }
    table
}

/// Which of its runs a page keeps with these trees.
fn kept(page: &Page, forest: &Forest) -> Vec<bool> {
    let chances: Vec<f32> = page.values.iter().map(|row| forest.chance(row)).collect();
    let mut kept = judge::follow(&chances, &page.simple, &page.guessed);
    judge::join(&page.facts, &chances, &page.guessed, &mut kept);
    let words: Vec<usize> = page.facts.iter().map(|facts| facts.words).collect();
    posts::prefer(page.posts.as_ref(), &words, &page.guessed, &mut kept);
    manuals::prefer(page.manual.as_ref(), &words, &mut kept);
    begin::trim(&page.facts, &page.guessed, &mut kept);
    kept
}

/// Figures by name, one a page.
type Figures = BTreeMap<String, Vec<f64>>;

fn score(page: &Page, kept: &[bool], figures: &mut Figures) -> f64 {
    let text: Vec<&str> = page
        .texts
        .iter()
        .zip(kept)
        .filter(|(_, keep)| **keep)
        .map(|(text, _)| text.as_str())
        .collect();
    let text = text.join("\n");
    let mut say = |name: &str, value: f64| {
        figures.entry(name.to_owned()).or_default().push(value);
        value
    };
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    if let Some(cited) = &page.cited {
        let said: BTreeSet<&String> = page
            .links
            .iter()
            .zip(kept)
            .filter(|(_, keep)| **keep)
            .flat_map(|(links, _)| links)
            .collect();
        let hits = said.iter().filter(|link| cited.contains(link)).count() as f64;
        say("links hits", hits);
        say("links over", said.len() as f64 - hits);
        say("links lost", cited.len() as f64 - hits);
    }
    match &page.truth {
        Truth::Text(wanted) => {
            let (said, wanted) = (truth::words(&text), truth::words(wanted));
            let length = if page.set == "benchmark" { 4 } else { 1 };
            let (hits, too_much, missing) = compare(&said, &wanted, length);
            let (precision, recall) = (share(hits, hits + too_much), share(hits, hits + missing));
            if page.set == "benchmark" {
                if hits + too_much > 0.0 {
                    say("benchmark P", precision);
                }
                say("benchmark R", recall);
            }
            let f1 = share(2.0 * precision * recall, precision + recall);
            if page.set == "wcxb" {
                say("wcxb", f1);
                say(&format!("wcxb {}", page.kind), f1);
            } else {
                say(&format!("{} F1 a page", page.set), f1);
            }
            f1
        }
        Truth::Segments(with, without) => {
            let text = truth::squeeze(&text);
            let held = |segments: &[String]| {
                segments
                    .iter()
                    .filter(|segment| text.contains(&truth::squeeze(segment)))
                    .count() as f64
            };
            let (hits, over) = (held(with), held(without));
            say("multilingual hits", hits);
            say("multilingual lost", with.len() as f64 - hits);
            say("multilingual over", over);
            let all = with.len() as f64 + over;
            share(hits, all)
        }
        Truth::Begins(words) => {
            let (text, words) = (truth::squeeze(&text), truth::squeeze(words));
            say("sites hold", f64::from(u8::from(text.contains(&words))));
            say("sites begin", f64::from(u8::from(text.starts_with(&words))))
        }
    }
}

/// Pieces of so many words in both, in the first alone, in the second alone.
fn compare(said: &[String], wanted: &[String], length: usize) -> (f64, f64, f64) {
    let count = |words: &[String]| {
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        if !words.is_empty() {
            for at in 0..(words.len() + 1).saturating_sub(length).max(1) {
                let piece = words[at..(at + length).min(words.len())].join(" ");
                *found.entry(piece).or_default() += 1;
            }
        }
        found
    };
    let (said, wanted) = (count(said), count(wanted));
    let both: i64 = said
        .iter()
        .map(|(piece, times)| (*times).min(wanted.get(piece).copied().unwrap_or(0)))
        .sum();
    let (all, whole): (i64, i64) = (said.values().sum(), wanted.values().sum());
    (both as f64, (all - both) as f64, (whole - both) as f64)
}

fn summary(figures: &Figures) -> BTreeMap<String, f64> {
    let mean = |name: &str| {
        figures
            .get(name)
            .map(|values| values.iter().sum::<f64>() / values.len() as f64)
    };
    let sum = |name: &str| figures.get(name).map_or(0.0, |values| values.iter().sum());
    let f1 = |p: f64, r: f64| {
        if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        }
    };
    let mut found = BTreeMap::new();
    for name in figures.keys() {
        if !name.starts_with("multilingual") && !name.starts_with("links") {
            found.extend(mean(name).map(|value| (name.clone(), value)));
        }
    }
    if let (Some(p), Some(r)) = (mean("benchmark P"), mean("benchmark R")) {
        found.insert("benchmark F1".to_owned(), f1(p, r));
    }
    let (hits, lost, over) = (
        sum("multilingual hits"),
        sum("multilingual lost"),
        sum("multilingual over"),
    );
    if hits > 0.0 {
        found.insert("multilingual P".to_owned(), hits / (hits + over));
        found.insert("multilingual R".to_owned(), hits / (hits + lost));
        let f1 = f1(hits / (hits + over), hits / (hits + lost));
        found.insert("multilingual F1".to_owned(), f1);
    }
    let (hits, lost, over) = (sum("links hits"), sum("links lost"), sum("links over"));
    found.insert("links P".to_owned(), hits / (hits + over).max(1.0));
    found.insert("links R".to_owned(), hits / (hits + lost).max(1.0));
    found
}

/// A number for a page that has nothing to do with what is on it.
fn hash(page: &Page) -> u64 {
    format!("{} {}", page.set, page.name)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
        >> 20
}

/// The settings of the trees that ship; `BRON_LEARN_WITH="trees=80 leaves=6"` tries others.
fn settings() -> Settings {
    let mut settings = Settings {
        trees: 80,
        leaves: 6,
        leaf_weight: 1.0,
        leaf_rows: 100,
        rate: 0.08,
        ridge: 1.0,
        asked: 0.4,
        seed: 11,
    };
    for word in std::env::var("BRON_LEARN_WITH")
        .unwrap_or_default()
        .split_whitespace()
    {
        let (name, value) = word.split_once('=').expect("name=value");
        let value: f32 = value.parse().expect("a number");
        match name {
            "trees" => settings.trees = value as usize,
            "leaves" => settings.leaves = value as usize,
            "weight" => settings.leaf_weight = value,
            "rows" => settings.leaf_rows = value as usize,
            "rate" => settings.rate = value,
            "ridge" => settings.ridge = value,
            "asked" => settings.asked = value,
            "seed" => settings.seed = value as u64,
            _ => panic!("no setting is called {name}"),
        }
    }
    settings
}

fn print(columns: &[(&str, BTreeMap<String, f64>)]) {
    let mut names: Vec<&String> = columns
        .iter()
        .flat_map(|(_, figures)| figures.keys())
        .collect();
    names.sort();
    names.dedup();
    println!(
        "{:24}{}",
        "",
        columns
            .iter()
            .map(|(name, _)| format!("{name:>14}"))
            .collect::<String>()
    );
    for name in names {
        let cells: String = columns
            .iter()
            .map(|(_, figures)| {
                figures
                    .get(name)
                    .map_or(format!("{:>14}", ""), |value| format!("{value:>14.4}"))
            })
            .collect();
        println!("{name:24}{cells}");
    }
}

#[test]
fn the_trees_are_learnt_when_somebody_names_the_pages() {
    let Some(folder) = std::env::var_os("BRON_LEARN") else {
        return;
    };
    let pages: Vec<Page> = truth::all(Path::new(&folder))
        .into_iter()
        .map(study)
        .collect();
    assert!(
        pages.len() > 100,
        "no labelled pages under {}",
        folder.display()
    );
    let settings = settings();
    println!("{} pages; {settings:?}", pages.len());
    let mut crossed = Figures::new();
    let mut halves = [Figures::new(), Figures::new()];
    let mut worst: Vec<(f64, String)> = Vec::new();
    let folds = 5;
    for fold in 0..folds {
        let is_out = |page: &Page| hash(page) / 2 % folds == fold;
        let forest = boost::grow(&table(pages.iter().filter(|page| !is_out(page))), &settings);
        for page in pages.iter().filter(|page| is_out(page)) {
            let kept = kept(page, &forest);
            let value = score(page, &kept, &mut crossed);
            score(page, &kept, &mut halves[(hash(page) % 2) as usize]);
            worst.push((
                value,
                format!("{} {} {}/{}", page.set, page.name, page.kind, page.guessed),
            ));
        }
    }
    let half = boost::grow(
        &table(pages.iter().filter(|page| hash(page).is_multiple_of(2))),
        &settings,
    );
    let (mut learnt, mut checked, mut simple, mut shipped) = (
        Figures::new(),
        Figures::new(),
        Figures::new(),
        Figures::new(),
    );
    for page in &pages {
        let figures = if hash(page).is_multiple_of(2) {
            &mut learnt
        } else {
            &mut checked
        };
        score(page, &kept(page, &half), figures);
        score(page, &page.simple, &mut simple);
        score(page, &kept(page, Forest::shipped()), &mut shipped);
    }
    let [first, second] = &halves;
    print(&[
        ("simple", summary(&simple)),
        ("crossed", summary(&crossed)),
        ("  of half A", summary(first)),
        ("  of half B", summary(second)),
        ("A: learnt", summary(&learnt)),
        ("A: checked B", summary(&checked)),
        ("shipped", summary(&shipped)),
    ]);
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (value, name) in worst.iter().take(40) {
        println!("{value:.3} {name}");
    }
    if let Some(file) = std::env::var_os("BRON_LEARN_INTO") {
        let forest = boost::grow(&table(pages.iter()), &settings);
        let text = format!(
            "# Decision trees over the evidence for a run of text; README.md says what they were learnt from.\n{}",
            forest.written(&pages[0].names)
        );
        std::fs::write(file, text).expect("the file can be written");
    }
}
