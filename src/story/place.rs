//! Which story an entry tells: decided among the stories nearby, with the reason.

use super::vector::Vector;
use super::words::Subject;
use super::{MERGED_AT_MOST, MERGED_HOURS, REACH_HOURS};

/// So alike an entry must be to what a story tells.
const ALIKE: f32 = 0.29;
/// The same, where one of both is hardly more than a title.
const ALIKE_SHORT: f32 = 0.19;
/// Fewer words of text than these are hardly more than a title.
pub(super) const SHORT: usize = 12;
/// Entries of one feed are a series or a daily format unless they are as alike as that; with other numbers they always
/// are.
const ALIKE_IN_ONE_FEED: f32 = 0.45;
/// More, where the titles carry different numbers.
const OTHER_NUMBER: f32 = 0.10;
/// More, for each e-fold of its entries: what many tell has words of many things in its sum, and would take in everything.
const GROWN: f32 = 0.02;
/// Links alone join nothing: what is said must be so alike, or, in another language, so many words be the same: names.
const WORDS_AT_LEAST: f32 = 0.08;
const NAMES_AT_LEAST: usize = 2;
/// What shared sources are worth.
const LINKS: f32 = 0.35;
/// Hours after which likeness counts e^-½.
const FADES: f32 = 72.0;
/// What likeness to the members is worth; the rest is likeness to all of them together.
const MEMBERS: f32 = 0.5;
const MEMBERS_SHORT: f32 = 0.2;
/// So few entries of a story are placed once more each when one beside it grows.
pub const FEW: usize = 3;
/// Members that count: the nearest.
const NEAREST: usize = 2;
/// Stories become one when what they tell is so alike; shorter ones are alike in fewer words.
const MERGE: f32 = 0.45;
const MERGE_SHORT: f32 = 0.32;

/// How much the words in common prove. Likeness is a part of a whole, and says nothing of how common the words are that
/// make it: two common words are chance, and one rare one may be a name that many things have.
struct Evidence {
    /// A word that says less than this proves nothing,
    common: f32,
    /// and each proves so much for what it says more.
    worth: f32,
    /// What likeness is multiplied with, at least and at most.
    bounds: (f32, f32),
}

const EVIDENCE: Evidence = Evidence {
    common: 0.5,
    worth: 0.15,
    bounds: (0.3, 1.0),
};
/// Of titles: each word of them was chosen.
const EVIDENCE_SHORT: Evidence = Evidence {
    common: 1.25,
    worth: 0.14,
    bounds: (0.55, 1.4),
};

/// What ties an entry to a story beside words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    #[default]
    None,
    /// Both are about one address: a link-blog's target, the subject of a thread, the article itself.
    SameTarget,
}

/// A story nearby.
#[derive(Clone, Debug, Default)]
pub struct Near<'a> {
    pub story: i64,
    /// The members most worth comparing with; three are enough.
    pub members: Vec<&'a Vector>,
    /// The sum of all members.
    pub sum: &'a [(u32, f32)],
    /// How many entries tell it.
    pub entries: usize,
    /// Hours between the entry and the member nearest in time.
    pub hours: f32,
    /// All of it is hardly more than titles.
    pub short: bool,
    /// Words of text of the member that has most, of those to compare with.
    pub words: usize,
    /// All of it is told in other languages than the entry's.
    pub other_language: bool,
    /// All of it came in the entry's own feed.
    pub own_feed: bool,
    /// All of it are entries that collect many stories.
    pub round_up: bool,
    /// Numbers of its members' titles.
    pub numbers: Vec<String>,
    /// Shared numbered sources: strength, and how many entries cited it before this week.
    pub links: Vec<(f32, u32)>,
    pub tie: Tie,
}

/// What was decided for an entry: the story it joins.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub story: i64,
    /// How alike in words, 0 to 1.
    pub text: f32,
    /// How much shared sources say, 0 to 1.
    pub links: f32,
    pub score: f32,
}

/// The story that an entry joins, if any: the one with the best score.
pub fn place(subject: &Subject, near: &[Near<'_>], caution: f32) -> Option<Join> {
    near.iter()
        .filter_map(|near| join(subject, near, caution))
        .max_by(|a, b| a.score.total_cmp(&b.score).then(b.story.cmp(&a.story)))
}

fn join(subject: &Subject, near: &Near<'_>, caution: f32) -> Option<Join> {
    if near.hours.abs() > REACH_HOURS as f32 {
        return None;
    }
    let short = near.short || subject.body_words < SHORT;
    let text = alike(subject, near, short);
    // A round-up tells many things; only what is about the very same address stands with it.
    // Posts of one feed at one address are the parts of a page: a day's notes, each about something else.
    let same_target = near.tie == Tie::SameTarget && !near.own_feed;
    if (subject.round_up || near.round_up) && !same_target {
        return None;
    }
    let links = shared_links(&near.links);
    let fade = (-near.hours * near.hours / (2.0 * FADES * FADES)).exp();
    let mut score = fade * text + LINKS * links;
    if same_target {
        score = score.max(1.0);
    } else {
        let mut wanted = if short {
            // A sentence below a title has words in it that nobody chose as those of a title were.
            let words = subject.body_words.min(near.words).min(SHORT);
            ALIKE_SHORT + (ALIKE - ALIKE_SHORT) * words as f32 / SHORT as f32
        } else {
            ALIKE + GROWN * (near.entries.max(1) as f32).ln()
        } + caution * (1.0 - links);
        if near.own_feed {
            wanted = ALIKE_IN_ONE_FEED;
        }
        if other_numbers(&subject.numbers, &near.numbers) {
            if near.own_feed {
                return None;
            }
            wanted += OTHER_NUMBER;
        }
        let enough = if near.own_feed { fade * text } else { score };
        let words = if near.other_language {
            let holds = |term: u32| near.sum.binary_search_by_key(&term, |pair| pair.0).is_ok();
            let shared = subject.vector.terms().iter().filter(|pair| holds(pair.0));
            shared.count() >= NAMES_AT_LEAST
        } else {
            text >= WORDS_AT_LEAST
        };
        if enough < wanted || !words {
            return None;
        }
    }
    Some(Join {
        story: near.story,
        text,
        links,
        score,
    })
}

fn alike(subject: &Subject, near: &Near<'_>, short: bool) -> f32 {
    let vector = &subject.vector;
    let evidence = if short { &EVIDENCE_SHORT } else { &EVIDENCE };
    let mut best: Vec<f32> = near
        .members
        .iter()
        .map(|member| {
            let proven = evidence.of(subject, |term| member.weight(term) > 0.0);
            (vector.shared(member).0 * proven).min(1.0)
        })
        .collect();
    best.sort_by(|a, b| b.total_cmp(a));
    best.truncate(NEAREST);
    if best.is_empty() {
        return 0.0;
    }
    let members = best.iter().sum::<f32>() / best.len() as f32;
    let length = near
        .sum
        .iter()
        .map(|pair| pair.1 * pair.1)
        .sum::<f32>()
        .sqrt();
    let sum = if length > 0.0 {
        let weight = |term: u32| {
            let at = near.sum.binary_search_by_key(&term, |pair| pair.0);
            at.map_or(0.0, |at| near.sum[at].1)
        };
        let product: f32 = vector
            .terms()
            .iter()
            .map(|(term, own)| own * weight(*term))
            .sum();
        (product / length * evidence.of(subject, |term| weight(term) > 0.0)).min(1.0)
    } else {
        0.0
    };
    let share = if short { MEMBERS_SHORT } else { MEMBERS };
    share * members + (1.0 - share) * sum
}

impl Evidence {
    fn of(&self, subject: &Subject, holds: impl Fn(u32) -> bool) -> f32 {
        let shared: f32 = subject
            .telling
            .iter()
            .filter(|(term, _)| holds(*term))
            .map(|(_, says)| (says - self.common).max(0.0))
            .sum();
        (self.worth * shared).clamp(self.bounds.0, self.bounds.1)
    }
}

/// What shared sources say: each the more the stronger it is cited, and the less the more often it is cited anyway.
fn shared_links(links: &[(f32, u32)]) -> f32 {
    let apart: f32 = links
        .iter()
        .map(|(strength, older)| 1.0 - (strength - 0.6).clamp(0.0, 1.0) / (1.0 + *older as f32))
        .product();
    1.0 - apart
}

/// Both carry numbers, and none is shared: the next issue, the next release.
fn other_numbers(one: &[String], other: &[String]) -> bool {
    !one.is_empty() && !other.is_empty() && !one.iter().any(|number| other.contains(number))
}

/// A story, as one side of a merge.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub sum: &'a Vector,
    pub entries: usize,
    /// Hours of its first and its newest entry, on any common scale.
    pub first: i64,
    pub newest: i64,
    pub short: bool,
}

/// Whether two stories, which an entry has just brought together, become one.
pub fn merges(one: &Side<'_>, other: &Side<'_>, same_primary: bool) -> bool {
    let span = one.newest.max(other.newest) - one.first.min(other.first);
    if one.entries + other.entries > MERGED_AT_MOST || span > MERGED_HOURS {
        return false;
    }
    let wanted = if one.short && other.short {
        MERGE_SHORT
    } else {
        MERGE
    };
    let (product, count) = one.sum.shared(other.sum);
    let lengths = one.sum.length() * other.sum.length();
    let alike = if lengths > 0.0 {
        product / lengths
    } else {
        0.0
    };
    same_primary || (count > 1 && alike >= wanted)
}

#[cfg(test)]
mod tests {
    use super::super::Frequencies;
    use super::super::words::Text;
    use super::*;

    fn subject(title: &str, body: &str) -> Subject {
        Subject::new(
            &Text {
                title,
                body,
                language: "en",
                strong: 0,
            },
            &Frequencies::none("en"),
        )
    }

    /// Whether an entry joins a story of one other entry.
    #[track_caller]
    fn check(
        one: (&str, &str),
        other: (&str, &str),
        change: impl FnOnce(&mut Near<'_>),
        expected: bool,
    ) {
        let (one, other) = (subject(one.0, one.1), subject(other.0, other.1));
        let mut near = Near {
            story: 7,
            members: vec![&other.vector],
            sum: other.vector.terms(),
            short: other.body_words < SHORT,
            words: other.body_words,
            numbers: other.numbers.clone(),
            ..Near::default()
        };
        change(&mut near);
        let joined = place(&one, &[near], 0.0);
        assert_eq!(joined.is_some(), expected, "{joined:?}");
    }

    const ONE: (&str, &str) = (
        "Libya ousts prime minister after ship leaves rebel-held port",
        "",
    );
    const OTHER: (&str, &str) = (
        "Libyan rebels' tanker leaves port, prime minister ousted",
        "",
    );
    const UNRELATED: (&str, &str) = ("Volcanoes helped species survive ice ages", "");

    #[test]
    fn one_event_in_other_words_is_one_story() {
        check(ONE, OTHER, |_| {}, true);
        check(ONE, UNRELATED, |_| {}, false);
    }

    #[test]
    fn a_week_later_it_is_another_story() {
        check(ONE, OTHER, |near| near.hours = 170.0, false);
        check(ONE, ONE, |near| near.hours = 170.0, false);
    }

    #[test]
    fn links_without_words_join_nothing_but_the_same_target_does() {
        let strong = |near: &mut Near<'_>| near.links = vec![(2.0, 0), (2.0, 0)];
        check(ONE, UNRELATED, strong, false);
        check(ONE, UNRELATED, |near| near.tie = Tie::SameTarget, true);
    }

    #[test]
    fn notes_of_one_feed_on_one_page_are_stories_of_their_own() {
        let on_one_page = |near: &mut Near<'_>| {
            near.tie = Tie::SameTarget;
            near.own_feed = true;
        };
        check(ONE, UNRELATED, on_one_page, false);
        check(ONE, ONE, on_one_page, true);
    }

    #[test]
    fn a_shared_source_joins_what_words_alone_would_not() {
        let one = ("Contract of the port is off, minister says", "");
        let other = ("Harbour contract: what was signed by whom", "");
        check(one, other, |_| {}, false);
        check(one, other, |near| near.links = vec![(1.6, 0)], true);
        // What everybody cites all the time says little.
        check(one, other, |near| near.links = vec![(1.6, 40)], false);
    }

    #[test]
    fn the_next_issue_of_a_series_is_another_story() {
        let one = ("Daily photo, day 14: harbour at dawn", "");
        let other = ("Daily photo, day 13: the market hall", "");
        check(one, other, |near| near.own_feed = true, false);
        let (one, other) = (
            ("Photo challenge day 14: harbour", ""),
            ("Photo challenge day 13: harbour", ""),
        );
        check(one, other, |near| near.own_feed = false, true);
    }

    #[test]
    fn a_round_up_is_not_joined_by_its_links() {
        let round_up = ("This week in ports", "");
        let other = ("Ports and their ministers", "");
        check(
            round_up,
            other,
            |near| near.links = vec![(2.0, 0), (2.0, 0), (2.0, 0)],
            false,
        );
    }

    #[test]
    fn stories_merge_when_they_tell_the_same_and_stay_within_bounds() {
        let (a, b, c) = (
            subject(ONE.0, ""),
            subject(OTHER.0, ""),
            subject(UNRELATED.0, ""),
        );
        let side = |subject: &'_ Subject, entries: usize, newest: i64| {
            (subject.vector.clone(), entries, newest)
        };
        let yes = |one: (Vector, usize, i64), other: (Vector, usize, i64), primary: bool| {
            let of =
                |(sum, entries, newest): &(Vector, usize, i64)| (sum.clone(), *entries, *newest);
            let (one, other) = (of(&one), of(&other));
            merges(
                &Side {
                    sum: &one.0,
                    entries: one.1,
                    first: 0,
                    newest: one.2,
                    short: true,
                },
                &Side {
                    sum: &other.0,
                    entries: other.1,
                    first: 0,
                    newest: other.2,
                    short: true,
                },
                primary,
            )
        };
        assert!(yes(side(&a, 3, 5), side(&a, 3, 5), false));
        assert!(!yes(side(&a, 3, 5), side(&c, 3, 5), false));
        assert!(yes(side(&a, 3, 5), side(&c, 3, 5), true));
        assert!(!yes(side(&a, 59, 5), side(&a, 3, 5), true));
        assert!(!yes(side(&a, 3, 5), side(&b, 3, 600), true));
    }
}
