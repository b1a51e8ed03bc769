//! Pages whose readable part people (or a mature program) wrote down, and what that says of each run.

use crate::address;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use url::Url;

/// What is known of a page's readable part.
pub enum Truth {
    /// All of it.
    Text(String),
    /// Some of what is in it, and some of what is not.
    Segments(Vec<String>, Vec<String>),
    /// Its first words.
    Begins(String),
}

/// A page of a labelled set.
pub struct Labelled {
    pub set: &'static str,
    pub name: String,
    /// The kind that people gave it, where they did.
    pub kind: String,
    pub url: String,
    pub bytes: Vec<u8>,
    pub truth: Truth,
    /// The links to other sites that its text cites, where people said so.
    pub cited: Option<Vec<String>>,
}

/// All labelled pages under a folder.
pub fn all(folder: &Path) -> Vec<Labelled> {
    let mut pages = benchmark(folder);
    pages.extend(wcxb(folder));
    pages.extend(readability(folder));
    pages.extend(multilingual(folder));
    pages.extend(sites(folder));
    let mut cited = cited(folder);
    for page in &mut pages {
        let path = match page.set {
            "benchmark" => format!("pages/article-benchmark/html/{}.html.gz", page.name),
            "wcxb" => format!("pages/wcxb/html/{}.html.gz", page.name),
            _ => format!("pages/{}/{}/source.html", page.set, page.name),
        };
        page.cited = cited.remove(&path);
    }
    pages
}

/// What the text of each page cites on other sites, by the page's path.
fn cited(folder: &Path) -> BTreeMap<String, Vec<String>> {
    lines(&folder.join("links-expect.jsonl"))
        .into_iter()
        .map(|value| {
            let base = Url::parse(&said(&value, "page_url")).ok();
            let hrefs = value["cited"].as_array().into_iter().flatten();
            let hrefs = hrefs
                .filter(|link| link["external"].as_bool().unwrap_or(true))
                .map(|link| said(link, "href"));
            (
                said(&value, "path"),
                base.map_or(Vec::new(), |base| links(hrefs, &base)),
            )
        })
        .collect()
}

/// Addresses on other sites, so that they can be compared.
pub fn links<S: AsRef<str>>(hrefs: impl Iterator<Item = S>, page: &Url) -> Vec<String> {
    let mut found: Vec<String> = hrefs
        .filter_map(|href| page.join(href.as_ref().trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .filter(|url| address::site(url) != address::site(page))
        .map(|url| {
            let text = url.as_str().split('#').next().unwrap_or_default();
            let text = text.split_once("://").map_or(text, |(_, rest)| rest);
            text.strip_prefix("www.")
                .unwrap_or(text)
                .trim_end_matches('/')
                .to_owned()
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn benchmark(folder: &Path) -> Vec<Labelled> {
    let truth = json(&folder.join("article-benchmark/ground-truth.json"));
    let mut pages = Vec::new();
    for (key, value) in truth.as_object().into_iter().flatten() {
        let path = folder.join(format!("article-benchmark/html/{key}.html.gz"));
        if let Some(bytes) = unpacked(&path) {
            pages.push(Labelled {
                set: "benchmark",
                name: key.clone(),
                kind: "article".to_owned(),
                url: said(value, "url"),
                bytes,
                truth: Truth::Text(said(value, "articleBody")),
                cited: None,
            });
        }
    }
    pages
}

fn wcxb(folder: &Path) -> Vec<Labelled> {
    let mut pages = Vec::new();
    for path in names(&folder.join("wcxb/ground-truth")) {
        let value = json(&path);
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let html = folder.join(format!("wcxb/html/{name}.html.gz"));
        if let Some(bytes) = unpacked(&html) {
            pages.push(Labelled {
                set: "wcxb",
                name: name.into_owned(),
                kind: said(&value["_internal"]["page_type"], "primary"),
                url: said(&value, "url"),
                bytes,
                truth: Truth::Text(said(&value["ground_truth"], "main_content")),
                cited: None,
            });
        }
    }
    pages
}

fn readability(folder: &Path) -> Vec<Labelled> {
    let mut pages = Vec::new();
    for path in names(&folder.join("readability")) {
        let find = |stem: &str| {
            names(&path)
                .into_iter()
                .find(|p| {
                    p.file_name()
                        .is_some_and(|n| n.to_string_lossy().starts_with(stem))
                })
                .and_then(|p| unpacked(&p))
        };
        let (Some(bytes), Some(expected)) = (find("source"), find("expected.html")) else {
            continue;
        };
        pages.push(Labelled {
            set: "readability",
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            kind: String::new(),
            url: "http://fakehost/test/page.html".to_owned(),
            bytes,
            truth: Truth::Text(crate::text::plain(&String::from_utf8_lossy(&expected))),
            cited: None,
        });
    }
    pages
}

fn multilingual(folder: &Path) -> Vec<Labelled> {
    lines(&folder.join("multilingual-segments.jsonl"))
        .into_iter()
        .filter_map(|value| {
            Some(Labelled {
                set: "multilingual",
                name: said(&value, "path"),
                kind: String::new(),
                url: said(&value, "page_url"),
                bytes: unpacked(&folder.parent()?.join(said(&value, "path")))?,
                truth: Truth::Segments(texts(&value["with"]), texts(&value["without"])),
                cited: None,
            })
        })
        .collect()
}

fn sites(folder: &Path) -> Vec<Labelled> {
    lines(&folder.join("sites-expect.jsonl"))
        .into_iter()
        .filter_map(|value| {
            Some(Labelled {
                set: "sites",
                name: said(&value, "path"),
                kind: String::new(),
                url: said(&value, "page_url"),
                bytes: unpacked(&folder.parent()?.join(said(&value, "path")))?,
                truth: Truth::Begins(value["content_starts_with"].as_str()?.to_owned()),
                cited: None,
            })
        })
        .collect()
}

/// What the truth says of each run: kept, left out, or nothing.
pub fn labels(truth: &Truth, runs: &[String]) -> Vec<Option<bool>> {
    match truth {
        Truth::Text(text) => aligned(text, runs),
        Truth::Segments(with, without) => {
            let squeezed: Vec<String> = runs.iter().map(|run| squeeze(run)).collect();
            let held = |segments: &[String], run: &str| {
                segments
                    .iter()
                    .map(|segment| squeeze(segment))
                    .any(|segment| {
                        !segment.is_empty()
                            && (run.contains(&segment)
                                || (run.len() >= 40 && segment.contains(run)))
                    })
            };
            squeezed
                .iter()
                .map(|run| match (held(with, run), held(without, run)) {
                    (true, false) => Some(true),
                    (false, true) => Some(false),
                    _ => None,
                })
                .collect()
        }
        Truth::Begins(words) => begins(&squeeze(words), runs),
    }
}

/// All runs before the first words are left out; what comes behind is not known.
fn begins(words: &str, runs: &[String]) -> Vec<Option<bool>> {
    let squeezed: Vec<String> = runs.iter().map(|run| squeeze(run)).collect();
    let begins_at = |at: usize| {
        let mut text = String::new();
        for run in &squeezed[at..] {
            text.push_str(run);
            if text.len() >= words.len() {
                break;
            }
        }
        !squeezed[at].is_empty() && text.starts_with(words)
    };
    // Where the words stand twice (a summary above, or in a list of stories), the text goes on behind the real ones.
    let goes_on = |at: usize| -> usize { squeezed[at..].iter().take(6).map(String::len).sum() };
    let Some(start) = (0..runs.len())
        .filter(|at| begins_at(*at))
        .max_by_key(|at| (goes_on(*at), std::cmp::Reverse(*at)))
    else {
        return vec![None; runs.len()];
    };
    (0..runs.len())
        .map(|at| match at.cmp(&start) {
            std::cmp::Ordering::Less => Some(false),
            std::cmp::Ordering::Equal => Some(true),
            std::cmp::Ordering::Greater => None,
        })
        .collect()
}

/// A run belongs to the text if at least half of its words, in order, stand in it.
fn aligned(text: &str, runs: &[String]) -> Vec<Option<bool>> {
    let wanted = words(text);
    let mut tokens: Vec<(usize, String)> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        tokens.extend(words(run).into_iter().map(|word| (at, word)));
    }
    let said: Vec<&str> = tokens.iter().map(|(_, word)| word.as_str()).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let common = common(&said, &wanted);
    let mut of = vec![(0usize, 0usize); runs.len()];
    for ((at, _), hit) in tokens.iter().zip(common) {
        of[*at].0 += usize::from(hit);
        of[*at].1 += 1;
    }
    of.into_iter()
        .map(|(hits, all)| (all > 0).then_some(hits * 2 >= all))
        .collect()
}

/// Which words of the one are in a longest common subsequence of both; long texts are taken in slices.
fn common(one: &[&str], other: &[&str]) -> Vec<bool> {
    const MOST: usize = 400_000_000;
    if one.len().saturating_mul(other.len()) > MOST {
        let half = one.len() / 2;
        let mut found = common(&one[..half], other);
        found.extend(common(&one[half..], other));
        return found;
    }
    let width = other.len() + 1;
    // Lengths row by row would fill the memory; one bit a cell says where the way back goes.
    let mut before = vec![0u16; width];
    let mut here = vec![0u16; width];
    let stride = width.div_ceil(64);
    let mut up = vec![0u64; (one.len() + 1) * stride];
    for (row, word) in one.iter().enumerate() {
        for (column, wanted) in other.iter().enumerate() {
            here[column + 1] = if word == wanted {
                before[column] + 1
            } else if before[column + 1] >= here[column] {
                up[(row + 1) * stride + (column + 1) / 64] |= 1 << ((column + 1) % 64);
                before[column + 1]
            } else {
                here[column]
            };
        }
        std::mem::swap(&mut before, &mut here);
        here.fill(0);
    }
    let mut found = vec![false; one.len()];
    let (mut row, mut column) = (one.len(), other.len());
    while row > 0 && column > 0 {
        if one[row - 1] == other[column - 1] {
            found[row - 1] = true;
            row -= 1;
            column -= 1;
        } else if up[row * stride + column / 64] & (1 << (column % 64)) != 0 {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    found
}

/// Words in lower case; a sign of a script without spaces is a word.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let sign = matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF);
        if !sign && (c.is_alphanumeric() || c == '_') {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if sign {
            found.push(c.to_string());
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// Letters and digits alone.
pub fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn said(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn json(path: &Path) -> Value {
    fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn names(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    found.sort();
    found
}

fn unpacked(path: &Path) -> Option<Vec<u8>> {
    let bytes = fs::read(path).ok()?;
    if path.extension().is_none_or(|ending| ending != "gz") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .ok()?;
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(runs: &[&str]) -> Vec<String> {
        runs.iter().map(|run| (*run).to_owned()).collect()
    }

    #[test]
    fn a_run_belongs_to_the_text_that_holds_half_of_its_words_in_order() {
        let runs = owned(&[
            "Home News",
            "One two three.",
            "four five",
            "share this now",
            "—",
        ]);
        let truth = Truth::Text("one two three four five six".to_owned());
        assert_eq!(
            labels(&truth, &runs),
            [Some(false), Some(true), Some(true), Some(false), None]
        );
    }

    #[test]
    fn segments_and_beginnings_say_what_they_know_and_no_more() {
        let runs = owned(&["By A", "One two.", "Three.", "Cookies!"]);
        let segments = Truth::Segments(owned(&["one two"]), owned(&["cookies"]));
        assert_eq!(
            labels(&segments, &runs),
            [None, Some(true), None, Some(false)]
        );
        let begins = Truth::Begins("One two. Three.".to_owned());
        assert_eq!(
            labels(&begins, &runs),
            [Some(false), Some(true), None, None]
        );
    }
}
