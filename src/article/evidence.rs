//! Evidence: what speaks for and against a run being part of the article.

use super::runs::{Run, Runs};
use super::signals::{self, PARTS, Parts};
use super::title;
use dom_query::{NodeId, NodeRef};
use std::collections::HashMap;

/// What is known of a page before its runs are judged.
pub(super) struct Known<'k> {
    pub title: &'k str,
    /// What the first and the second extractor keep.
    pub first: Option<&'k [bool]>,
    pub second: Option<&'k [bool]>,
    /// What the simple rule over the two keeps.
    pub simple: &'k [bool],
    /// The kind of page: `forum`, `documentation`, … or nothing.
    pub kind: &'k str,
    /// The sites that are the page's own: where it was read, and where it says it lives.
    pub own_sites: &'k [String],
}

/// Tags of the nearest block that say what a run is.
const TAGS: &[&[&str]] = &[
    &["p"],
    &["li"],
    &["h1"],
    &["h2"],
    &["h3", "h4", "h5", "h6"],
    &["pre"],
    &["td", "th"],
    &["blockquote"],
    &["figcaption", "caption"],
    &["dt", "dd"],
    &["div"],
    &["section", "article", "main", "body"],
    &[
        "button", "summary", "legend", "option", "select", "fieldset",
    ],
];
/// Tags around, at any distance.
const AROUND: &[&str] = &[
    "article",
    "main",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "figure",
    "table",
    "ul",
    "ol",
    "blockquote",
    "section",
    "dl",
    "a",
    "pre",
    "p",
];
/// Beginnings of what pages say beside their articles, in lower case.
#[rustfmt::skip]
const PHRASES: &[(&str, &[&str])] = &[
    ("copyright", &["©", "copyright", "all rights reserved", "(c) 20"]),
    ("more", &["read more", "see also", "see more", "more:", "read next", "related", "also read", "read also", "you may also", "you might also", "recommended", "trending", "most read", "most popular", "up next", "next:", "previous", "continue reading", "lees ook", "lesen sie auch", "mehr zum thema", "lire aussi", "à lire", "leggi anche", "lea también", "leia também", "latest", "view all", "show more", "load more", "click here", "weiterlesen", "more from", "more on"]),
    ("share", &["share", "tweet", "follow us", "follow ", "like this", "email this", "print", "facebook", "twitter", "whatsapp", "pinterest", "linkedin", "teilen", "partager", "compartir", "delen", "copy link", "save", "bookmark"]),
    ("sign up", &["sign up", "subscribe", "newsletter", "get the", "join ", "log in", "login", "sign in", "register", "enter your email", "become a", "support ", "donate", "get our", "abonnieren", "anmelden", "download", "try ", "start your", "buy ", "shop "]),
    ("advertisement", &["advertisement", "sponsored", "anzeige", "publicité", "publicidad", "ad ", "werbung", "promoted", "affiliate"]),
    ("byline", &["by ", "written by", "posted", "published", "updated", "last updated", "last modified", "von ", "author", "date:", "photo", "image", "credit", "getty", "reuters", "(ap)", "filed under", "tags", "tagged", "category", "categories", "topics", "source:", "foto", "bild", "about the author"]),
    ("comments", &["comment", "leave a reply", "leave a comment", "reply", "add a comment", "post a comment", "no comments", "0 comments", "view comments", "kommentar", "commentaire", "comentario", "reacties", "permalink", "report", "quote", "votes", "upvote"]),
    ("consent", &["we use cookies", "cookie", "privacy", "terms of", "by continuing", "this site uses", "this website uses", "javascript", "your browser", "accept"]),
    ("navigation", &["home", "skip to", "menu", "search", "back to", "jump to", "table of contents", "contents", "go to", "toggle", "close", "edit", "on this page", "in this article", "advertise", "contact", "about us", "faq", "help"]),
];

/// Names and values of one run's evidence, in an order that never changes.
pub(super) type Say<'s> = &'s mut dyn FnMut(&'static str, f32);

/// What a page's runs are surrounded by, computed once.
pub(super) struct Evidence<'e> {
    runs: &'e [Run<'e>],
    known: &'e Known<'e>,
    places: Vec<Place>,
    /// Sums over the runs before: words, words of the first opinion, of the second, linked words, words of the simple rule.
    sums: Vec<[f32; 5]>,
    title_at: Option<usize>,
    spans: [Option<(usize, usize)>; 2],
    repeated: Vec<f32>,
    alike: Vec<(f32, f32)>,
    leads: Vec<Leads>,
}

/// What a run is, as far as rules in words ask.
#[derive(Clone, Default)]
pub(super) struct Facts {
    /// White space folded.
    pub text: String,
    pub words: usize,
    pub linked_words: usize,
    /// Whether some of them lead to another site.
    pub leads_outside: bool,
    /// The name of its block.
    pub block: String,
    /// What its block and those just around it say to be.
    pub near: Parts,
    /// Names of [`AROUND`] that stand around it.
    pub around: Vec<&'static str>,
    /// How far it agrees with the title of the page, 0 to 1.
    pub title: f64,
    pub ends_sentence: bool,
    pub is_date: bool,
}

impl Facts {
    /// Whether it stands in a list.
    pub(super) fn is_in_list(&self) -> bool {
        self.around.iter().any(|name| matches!(*name, "ul" | "ol"))
    }
}

/// How many words of a run lead somewhere: what an author cites leads outside mostly, what a site puts beside it does not.
struct Leads {
    inside: f32,
    outside: f32,
}

impl Leads {
    fn of(run: &Run<'_>, own_sites: &[String]) -> Leads {
        let mut leads = Leads {
            inside: 0.0,
            outside: 0.0,
        };
        for (anchor, words) in &run.anchors {
            let Some(href) = anchor.attr("href") else {
                continue;
            };
            let words = (*words).max(1) as f32;
            match host_of(href.trim()) {
                Some(host) if !is_own(host, own_sites) => leads.outside += words,
                _ => leads.inside += words,
            }
        }
        leads
    }
}

/// The host that an address names; `None` if it names none, or is none of the web.
fn host_of(href: &str) -> Option<&str> {
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| {
        let start = href.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &href[scheme.len()..])
    })?;
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|host| !host.is_empty())
}

/// Whether a host is one of the sites, or lies under one.
fn is_own(host: &str, own_sites: &[String]) -> bool {
    own_sites.iter().any(|site| {
        host.len() >= site.len()
            && host.is_char_boundary(host.len() - site.len())
            && host[host.len() - site.len()..].eq_ignore_ascii_case(site)
            && (host.len() == site.len() || host[..host.len() - site.len()].ends_with('.'))
    })
}

struct Place {
    tag: usize,
    near: Parts,
    far: Parts,
    around: u32,
    depth: usize,
    /// Ranges of runs under the ancestors, from the block upwards.
    ranges: Vec<(usize, usize)>,
}

impl<'e> Evidence<'e> {
    pub(super) fn of(runs: &'e Runs<'e>, known: &'e Known<'e>) -> Evidence<'e> {
        let runs = runs.runs.as_slice();
        let places = places(runs);
        let mut sums = vec![[0.0; 5]];
        let mut sum = [0.0f32; 5];
        for (at, run) in runs.iter().enumerate() {
            let words = run.words as f32;
            sum[0] += words;
            sum[1] += words * vote(known.first, at);
            sum[2] += words * vote(known.second, at);
            sum[3] += run.linked_words as f32;
            sum[4] += words * vote(Some(known.simple), at);
            sums.push(sum);
        }
        let span = |votes: Option<&[bool]>| {
            let votes = votes?;
            let long = |at: &usize| votes[*at] && runs[*at].words >= 5;
            Some((
                (0..votes.len()).find(long)?,
                (0..votes.len()).rev().find(long)?,
            ))
        };
        Evidence {
            runs,
            known,
            title_at: title_at(runs, known.title),
            spans: [span(known.first), span(known.second)],
            repeated: repeated(runs),
            alike: alike(runs, &places),
            leads: runs
                .iter()
                .map(|run| Leads::of(run, known.own_sites))
                .collect(),
            places,
            sums,
        }
    }

    /// Tells all that is known of run `at`.
    #[allow(clippy::similar_names)]
    pub(super) fn tell(&self, at: usize, say: Say<'_>) {
        let run = &self.runs[at];
        let place = &self.places[at];
        let words = run.words;
        let density = if words == 0 {
            1.0
        } else {
            run.linked_words as f32 / words as f32
        };
        let (first, second) = (vote(self.known.first, at), vote(self.known.second, at));
        say("first keeps it", first);
        say("second keeps it", second);
        say("both keep it", first * second);
        say("no first opinion", yes(self.known.first.is_none()));
        say("no second opinion", yes(self.known.second.is_none()));
        let total = self.sums[self.runs.len()];
        let (all, kept_first, kept_second) = (
            total[0].max(1.0),
            total[1] / total[0].max(1.0),
            total[2] / total[0].max(1.0),
        );
        say("share of the first", kept_first);
        say("share of the second", kept_second);
        say(
            "first keeps it, and little else",
            first * yes(kept_first < 0.3),
        );
        say(
            "second keeps it, the first keeps little",
            second * yes(kept_first < 0.3 * kept_second),
        );
        say(
            "first keeps it, the second keeps little",
            first * yes(kept_second < 0.3 * kept_first),
        );
        let simple = |at: usize| vote(Some(self.known.simple), at);
        say("simple rule keeps it", simple(at));
        say("share of the simple rule", total[4] / all);
        for (name, offset) in [
            ("simple -3", -3isize),
            ("simple -2", -2),
            ("simple -1", -1),
            ("simple +1", 1),
            ("simple +2", 2),
            ("simple +3", 3),
        ] {
            let other = at
                .checked_add_signed(offset)
                .filter(|other| *other < self.runs.len());
            say(name, other.map_or(0.0, simple));
        }
        for (name, radius) in [("simple within 5", 5usize), ("simple within 15", 15)] {
            let sums = self.sum(
                at.saturating_sub(radius),
                (at + radius + 1).min(self.runs.len()),
            );
            say(name, sums[4] / sums[0].max(1.0));
        }
        // Neighbours.
        for (name_first, name_second, name_words, name_density, offset) in [
            (
                "first keeps -2",
                "second keeps -2",
                "words -2",
                "links -2",
                -2isize,
            ),
            (
                "first keeps -1",
                "second keeps -1",
                "words -1",
                "links -1",
                -1,
            ),
            (
                "first keeps +1",
                "second keeps +1",
                "words +1",
                "links +1",
                1,
            ),
            (
                "first keeps +2",
                "second keeps +2",
                "words +2",
                "links +2",
                2,
            ),
        ] {
            let other = at
                .checked_add_signed(offset)
                .filter(|other| *other < self.runs.len());
            say(name_first, other.map_or(0.0, |o| vote(self.known.first, o)));
            say(
                name_second,
                other.map_or(0.0, |o| vote(self.known.second, o)),
            );
            say(
                name_words,
                other.map_or(0.0, |o| log_words(self.runs[o].words)),
            );
            say(
                name_density,
                other.map_or(1.0, |o| {
                    self.runs[o].linked_words as f32 / self.runs[o].words.max(1) as f32
                }),
            );
        }
        for (name_first, name_second, name_words, name_links, radius) in [
            (
                "first keeps within 5",
                "second keeps within 5",
                "words within 5",
                "links within 5",
                5usize,
            ),
            (
                "first keeps within 15",
                "second keeps within 15",
                "words within 15",
                "links within 15",
                15,
            ),
        ] {
            let [words, first, second, links, _] = self.sum(
                at.saturating_sub(radius),
                (at + radius + 1).min(self.runs.len()),
            );
            say(name_first, first / words.max(1.0));
            say(name_second, second / words.max(1.0));
            say(name_words, (1.0 + words).ln());
            say(name_links, links / words.max(1.0));
        }
        // Containers.
        for (name_first, name_second, name_share, name_links, level) in [
            (
                "first keeps of block",
                "second keeps of block",
                "share of block",
                "links of block",
                0usize,
            ),
            (
                "first keeps of parent",
                "second keeps of parent",
                "share of parent",
                "links of parent",
                1,
            ),
            (
                "first keeps of grandparent",
                "second keeps of grandparent",
                "share of grandparent",
                "links of grandparent",
                2,
            ),
            (
                "first keeps of 4th",
                "second keeps of 4th",
                "share of 4th",
                "links of 4th",
                4,
            ),
        ] {
            let (from, to) = place
                .ranges
                .get(level)
                .or(place.ranges.last())
                .copied()
                .unwrap_or((at, at + 1));
            let [words, first, second, links, _] = self.sum(from, to);
            say(name_first, first / words.max(1.0));
            say(name_second, second / words.max(1.0));
            say(name_share, words / all);
            say(name_links, links / words.max(1.0));
        }
        for (name, low, high) in [
            ("1 word", 0usize, 1usize),
            ("2-3 words", 2, 3),
            ("4-7 words", 4, 7),
            ("8-14 words", 8, 14),
            ("15-29 words", 15, 29),
            ("30-59 words", 30, 59),
            ("60 words", 60, usize::MAX),
        ] {
            say(name, yes((low..=high).contains(&words)));
        }
        say("log words", log_words(words));
        say("links", density);
        say("all linked", yes(density >= 0.99));
        say("half linked", yes((0.4..0.99).contains(&density)));
        let leads = &self.leads[at];
        say("leads outside", leads.outside / words.max(1) as f32);
        say("leads inside", leads.inside / words.max(1) as f32);
        say("some lead outside", yes(leads.outside > 0.0));
        let around = &self.leads[at.saturating_sub(5)..(at + 6).min(self.runs.len())];
        let (inside, outside) = around.iter().fold((0.0, 0.0), |sum, leads| {
            (sum.0 + leads.inside, sum.1 + leads.outside)
        });
        say("outside within 5", outside / (inside + outside).max(1.0));
        let shape = Shape::of(&run.text);
        say("ends a sentence", yes(shape.ends_sentence));
        say("ends with a colon", yes(shape.ends_colon));
        say(
            "commas",
            (shape.commas as f32 / (words.max(1) as f32)).min(0.3),
        );
        say("sentences", (shape.sentences as f32).min(5.0));
        say("digits", shape.digits);
        say("capitals", shape.capitals);
        say("separators", yes(shape.separators > 0) * yes(words < 20));
        say("starts small", yes(shape.starts_small));
        say("is a date", yes(shape.is_date) * yes(words < 10));
        let lower = run.text.trim_start();
        let lower = lower[..lower.floor_char_boundary(120)].to_lowercase();
        let mut long = 0.0;
        for (name, phrases) in PHRASES {
            let starts = phrases.iter().any(|phrase| lower.starts_with(phrase));
            say(name, yes(starts && words <= 12));
            long += yes(starts && words > 12 && words <= 40);
        }
        say("long phrase", long);
        for (number, _) in TAGS.iter().enumerate() {
            say(TAG_NAMES[number], yes(place.tag == number));
        }
        for (number, name) in AROUND.iter().enumerate() {
            say(name, yes(place.around & (1 << number) != 0));
        }
        for (part, name, _) in PARTS {
            say(name, yes(place.near.has(*part)));
            say(name, yes(place.far.has(*part)));
        }
        say("depth", (place.depth as f32 / 20.0).min(2.0));
        let before = self.sums[at][0] / all;
        say("before", before);
        say("first tenth", yes(before < 0.1));
        say("last tenth", yes(before > 0.9));
        say("is the title", yes(self.title_at == Some(at)));
        say(
            "repeats the title",
            yes(words > 1 && words < 40 && title::agreement(&run.text, self.known.title) > 0.7),
        );
        say(
            "before the title",
            yes(self.title_at.is_some_and(|t| at < t)),
        );
        say(
            "just behind the title",
            yes(self.title_at.is_some_and(|t| at > t && at <= t + 3)),
        );
        say("no title", yes(self.title_at.is_none()));
        for (names, span) in [
            ("inside of first", "before first", "behind first"),
            ("inside of second", "before second", "behind second"),
        ]
        .into_iter()
        .zip(self.spans)
        {
            say(
                names.0,
                yes(span.is_some_and(|(from, to)| (from..=to).contains(&at))),
            );
            say(
                names.1,
                span.map_or(0.0, |(from, _)| log_words(from.saturating_sub(at))),
            );
            say(
                names.2,
                span.map_or(0.0, |(_, to)| log_words(at.saturating_sub(to))),
            );
        }
        say("repeated", self.repeated[at]);
        say("like others", self.alike[at].0);
        say("words of those alike", self.alike[at].1);
        say("many words on the page", (all / 100.0).ln_1p());
        for (name, kind) in [
            ("of a forum", "forum"),
            ("of documentation", "documentation"),
            ("of a listing", "listing"),
            ("of a collection", "collection"),
            ("of a product", "product"),
            ("of a service", "service"),
        ] {
            let is = yes(self.known.kind == kind);
            say(name, is);
            say(name, is * second);
            say(name, is * first);
            say(name, is * yes(words >= 8));
        }
        say(
            "comment on a forum",
            yes(self.known.kind == "forum")
                * yes(place.near.with(place.far).has(signals::Part::Comments)),
        );
        say(
            "post on a forum",
            yes(self.known.kind == "forum")
                * yes(place.near.with(place.far).has(signals::Part::Post)),
        );
    }

    /// What run `at` is.
    pub(super) fn facts(&self, at: usize) -> Facts {
        let (run, place) = (&self.runs[at], &self.places[at]);
        let shape = Shape::of(&run.text);
        let text = run.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Facts {
            title: if self.known.title.is_empty() {
                0.0
            } else {
                title::agreement(&text, self.known.title)
            },
            text,
            words: run.words,
            linked_words: run.linked_words,
            leads_outside: self.leads[at].outside > 0.0,
            block: run
                .block
                .node_name()
                .map(|name| name.to_string())
                .unwrap_or_default(),
            near: place.near,
            around: AROUND
                .iter()
                .enumerate()
                .filter(|(number, _)| place.around & (1 << number) != 0)
                .map(|(_, name)| *name)
                .collect(),
            ends_sentence: shape.ends_sentence,
            is_date: shape.is_date,
        }
    }

    fn sum(&self, from: usize, to: usize) -> [f32; 5] {
        let (low, high) = (self.sums[from], self.sums[to]);
        std::array::from_fn(|i| high[i] - low[i])
    }
}

const TAG_NAMES: &[&str] = &[
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "pre",
    "cell",
    "quote",
    "caption",
    "definition",
    "div",
    "section",
    "control",
];

fn yes(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

fn vote(votes: Option<&[bool]>, at: usize) -> f32 {
    yes(votes.is_some_and(|votes| votes.get(at).copied().unwrap_or(false)))
}

fn log_words(words: usize) -> f32 {
    (words as f32).ln_1p()
}

/// The shape of a text.
struct Shape {
    ends_sentence: bool,
    ends_colon: bool,
    starts_small: bool,
    is_date: bool,
    commas: usize,
    sentences: usize,
    separators: usize,
    digits: f32,
    capitals: f32,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let text = text.trim();
        let (mut letters, mut digits, mut capitals, mut commas, mut sentences, mut separators) =
            (0u32, 0u32, 0u32, 0, 0, 0);
        let mut end = false;
        for c in text.chars() {
            match c {
                ',' | '、' | '،' | ';' => commas += 1,
                '|' | '•' | '·' | '»' | '«' | '›' | '/' => separators += 1,
                '.' | '!' | '?' | '。' | '！' | '？' | '…' | '؟' => end = true,
                c if c.is_whitespace() => {
                    sentences += usize::from(end);
                    end = false;
                    continue;
                }
                c if c.is_numeric() => digits += 1,
                c if c.is_alphabetic() => {
                    letters += 1;
                    capitals += u32::from(c.is_uppercase());
                }
                _ => {}
            }
            end = end && !c.is_alphanumeric();
        }
        sentences += usize::from(end);
        let last = text
            .trim_end_matches(['"', '\'', '”', '’', ')', ']', '»'])
            .chars()
            .last();
        let lower = text.to_lowercase();
        let is_date = digits >= 1 && super::dates::parse(text.trim()).is_some()
            || (digits > 0 && lower.ends_with(" ago"));
        let whole = (letters + digits).max(1) as f32;
        Shape {
            ends_sentence: last
                .is_some_and(|c| matches!(c, '.' | '!' | '?' | '。' | '…' | '！' | '？')),
            ends_colon: last == Some(':'),
            starts_small: text.starts_with(char::is_lowercase),
            is_date,
            commas,
            sentences,
            separators,
            digits: digits as f32 / whole,
            capitals: capitals as f32 / whole,
        }
    }
}

fn title_at(runs: &[Run<'_>], title: &str) -> Option<usize> {
    if title.is_empty() {
        return None;
    }
    let scored = runs
        .iter()
        .enumerate()
        .take(1500)
        .filter(|(_, run)| run.words > 0 && run.words < 60)
        .map(|(at, run)| {
            let heading = run
                .block
                .node_name()
                .is_some_and(|n| n.len() == 2 && n.starts_with('h'));
            (
                at,
                title::agreement(&run.text, title) + 0.15 * f64::from(u8::from(heading)),
            )
        });
    let mut best = (None, 0.75);
    for (at, score) in scored {
        if score > best.1 {
            best = (Some(at), score);
        }
    }
    best.0
}

/// How often a run's text stands on the page, beyond once.
fn repeated(runs: &[Run<'_>]) -> Vec<f32> {
    let mut count: HashMap<&str, u16> = HashMap::new();
    for run in runs {
        *count.entry(run.text.trim()).or_default() += 1;
    }
    runs.iter()
        .map(|run| log_words(usize::from(count[run.text.trim()]) - 1))
        .collect()
}

/// How many runs stand in the same kind of place, and how long they are in the mean.
fn alike(runs: &[Run<'_>], places: &[Place]) -> Vec<(f32, f32)> {
    let keys: Vec<(String, usize)> = runs
        .iter()
        .zip(places)
        .map(|(run, place)| {
            let class = run
                .block
                .attr("class")
                .map(|c| c.to_string())
                .unwrap_or_default();
            (class, place.tag + 100 * place.depth)
        })
        .collect();
    let mut sums: HashMap<&(String, usize), (usize, usize)> = HashMap::new();
    for (key, run) in keys.iter().zip(runs) {
        let sum = sums.entry(key).or_default();
        sum.0 += 1;
        sum.1 += run.words;
    }
    keys.iter()
        .map(|key| {
            let (count, words) = sums[key];
            (log_words(count), log_words(words / count.max(1)))
        })
        .collect()
}

fn places(runs: &[Run<'_>]) -> Vec<Place> {
    struct Seen {
        parts: Parts,
        around: u32,
        depth: usize,
        from: usize,
        to: usize,
    }
    let mut seen: HashMap<NodeId, Seen> = HashMap::new();
    let chains: Vec<Vec<NodeId>> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| {
            let mut chain = Vec::new();
            let mut node: Option<NodeRef<'_>> = run.texts.first().and_then(NodeRef::parent);
            while let Some(here) = node {
                let entry = seen.entry(here.id).or_insert_with(|| {
                    let name = here.node_name().unwrap_or_default();
                    let around = AROUND
                        .iter()
                        .position(|tag| **tag == *name)
                        .map_or(0, |n| 1 << n);
                    Seen {
                        parts: signals::of(&here),
                        around,
                        depth: 0,
                        from: at,
                        to: at,
                    }
                });
                entry.to = at + 1;
                chain.push(here.id);
                node = here.parent();
            }
            for (height, id) in chain.iter().rev().enumerate() {
                if let Some(entry) = seen.get_mut(id) {
                    entry.depth = height;
                }
            }
            chain
        })
        .collect();
    runs.iter()
        .zip(&chains)
        .map(|(run, chain)| {
            let block = chain.iter().position(|id| *id == run.block.id).unwrap_or(0);
            let name = run.block.node_name().unwrap_or_default();
            let mut place = Place {
                tag: TAGS
                    .iter()
                    .position(|tags| tags.contains(&&*name))
                    .unwrap_or(TAGS.len()),
                near: Parts::default(),
                far: Parts::default(),
                around: 0,
                depth: chain.len(),
                ranges: Vec::new(),
            };
            for (level, id) in chain.iter().enumerate() {
                let entry = &seen[id];
                if level <= block + 2 {
                    place.near = place.near.with(entry.parts);
                } else if entry.depth > 1 {
                    place.far = place.far.with(entry.parts);
                }
                place.around |= entry.around;
                if level >= block && place.ranges.len() < 6 {
                    place.ranges.push((entry.from, entry.to));
                }
            }
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;

    #[track_caller]
    fn check(html: &str, inside: f32, outside: f32) {
        let document = dom_query::Document::from(html);
        let found = runs::of_document(&document);
        let own = ["blog.example.com".to_owned(), "example.org".to_owned()];
        let leads = Leads::of(&found.runs[0], &own);
        assert_eq!((leads.inside, leads.outside), (inside, outside), "{html}");
    }

    #[test]
    fn a_link_leads_outside_where_it_names_a_host_that_is_not_the_pages() {
        check("<p>no link at all", 0.0, 0.0);
        check("<p><a href='/x'>two words</a>", 2.0, 0.0);
        check("<p><a href='#x'>1</a> <a>no address</a>", 1.0, 0.0);
        check(
            "<p><a href=' HTTPS://WWW.Example.org:80/x'>one</a>",
            1.0,
            0.0,
        );
        check("<p><a href='//a.blog.example.com'>one</a>", 1.0, 0.0);
        check(
            "<p><a href='https://other.example.com/'>one</a> <a href='http://notexample.org'>a, b</a>",
            0.0,
            3.0,
        );
        check("<p><a href='https://é/'>one</a>", 0.0, 1.0);
        check("<p><a href='mailto:a@b.example'>…</a>.", 1.0, 0.0);
    }
}
