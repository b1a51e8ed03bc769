//! Stories of a list of entries, in memory: what the store does with its tables, for lists that are in no store.

use super::frequency::Frequencies;
use super::place::{self, Near, Side};
use super::vector::Vector;
use super::words::{Subject, Text};
use super::{MERGED_AT_MOST, REACH_HOURS};
use std::collections::{BTreeMap, HashMap};

/// Members compared with, of those that share a heavy word.
const COMPARED: usize = 40;
/// Terms that the sum of a story keeps.
pub(super) const SUM: usize = 256;

/// An entry to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub text: Text<'a>,
    /// Which feed it came in.
    pub feed: i64,
    /// Seconds.
    pub at: i64,
}

#[derive(Default)]
struct Story {
    members: Vec<usize>,
    sum: Vector,
    first: i64,
    newest: i64,
}

struct Placed {
    subject: Subject,
    feed: i64,
    at: i64,
    story: usize,
}

/// Entries placed so far.
#[derive(Default)]
pub struct Gathering {
    placed: Vec<Placed>,
    stories: Vec<Story>,
    postings: HashMap<u32, Vec<usize>>,
}

impl Gathering {
    /// Places an entry; entries are numbered from 0 in the order they come.
    pub fn add(&mut self, item: &Item<'_>) {
        let frequencies = Frequencies::none(item.text.language);
        let subject = Subject::new(&item.text, &frequencies);
        let (joined, candidates) = {
            let (near, candidates) = self.near(&subject, item);
            (
                place::place(&subject, &near, frequencies.caution()),
                candidates,
            )
        };
        let story = if let Some(join) = joined {
            join.story as usize
        } else {
            self.stories.push(Story {
                first: item.at,
                newest: item.at,
                ..Story::default()
            });
            self.stories.len() - 1
        };
        let number = self.placed.len();
        for (term, _) in subject.vector.terms() {
            self.postings.entry(*term).or_default().push(number);
        }
        self.put(number, &subject.vector, item.at, story);
        self.placed.push(Placed {
            subject,
            feed: item.feed,
            at: item.at,
            story,
        });
        self.merge(story, &candidates);
    }

    fn put(&mut self, number: usize, vector: &Vector, at: i64, story: usize) {
        let story = &mut self.stories[story];
        story.members.push(number);
        story.sum.add(vector, SUM);
        story.first = story.first.min(at);
        story.newest = story.newest.max(at);
    }

    /// The stories that share a heavy word, and the members of them that share most.
    fn near(&self, subject: &Subject, item: &Item<'_>) -> (Vec<Near<'_>>, Vec<usize>) {
        let mut shared: HashMap<usize, f32> = HashMap::new();
        for term in &subject.heavy {
            let weight = subject.vector.weight(*term);
            for number in self.postings.get(term).into_iter().flatten() {
                *shared.entry(*number).or_default() +=
                    weight * self.placed[*number].subject.vector.weight(*term);
            }
        }
        let mut best: Vec<(usize, f32)> = shared
            .into_iter()
            .filter(|(number, _)| (self.placed[*number].at - item.at).abs() <= REACH_HOURS * 3600)
            .collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(COMPARED);
        let mut by_story: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, _) in best {
            by_story
                .entry(self.placed[number].story)
                .or_default()
                .push(number);
        }
        let near = by_story
            .iter()
            .map(|(story, numbers)| {
                let all = &self.stories[*story];
                Near {
                    story: *story as i64,
                    members: numbers
                        .iter()
                        .map(|number| &self.placed[*number].subject.vector)
                        .collect(),
                    sum: all.sum.terms(),
                    entries: all.members.len(),
                    hours: hours_from(all, item.at),
                    short: all.members.iter().all(|number| self.is_short(*number)),
                    words: self.words(&all.members),
                    own_feed: all
                        .members
                        .iter()
                        .all(|number| self.placed[*number].feed == item.feed),
                    numbers: all
                        .members
                        .iter()
                        .flat_map(|number| self.placed[*number].subject.numbers.clone())
                        .collect(),
                    ..Near::default()
                }
            })
            .collect();
        (near, by_story.into_keys().collect())
    }

    fn words(&self, members: &[usize]) -> usize {
        let words = members
            .iter()
            .map(|number| self.placed[*number].subject.body_words);
        words.max().unwrap_or(0)
    }

    fn is_short(&self, number: usize) -> bool {
        self.placed[number].subject.body_words < place::SHORT
    }

    /// Makes one of the stories that an entry has brought together, where they tell the same.
    fn merge(&mut self, story: usize, candidates: &[usize]) {
        for other in candidates.iter().copied().filter(|other| *other != story) {
            let (one, two) = (&self.stories[story], &self.stories[other]);
            if two.members.is_empty() || one.members.len() + two.members.len() > MERGED_AT_MOST {
                continue;
            }
            let (small, large) = if one.members.len() <= two.members.len() {
                (one, two)
            } else {
                (two, one)
            };
            let again = small.members.len() <= place::FEW
                && small.members.iter().all(|number| {
                    // Few entries are placed once more: now there is more to compare them with.
                    let few = &self.placed[*number];
                    let near = Near {
                        members: large
                            .members
                            .iter()
                            .map(|number| &self.placed[*number].subject.vector)
                            .collect(),
                        sum: large.sum.terms(),
                        entries: large.members.len(),
                        hours: hours_from(large, few.at),
                        short: large.members.iter().all(|number| self.is_short(*number)),
                        words: self.words(&large.members),
                        own_feed: large
                            .members
                            .iter()
                            .all(|number| self.placed[*number].feed == few.feed),
                        numbers: large
                            .members
                            .iter()
                            .flat_map(|number| self.placed[*number].subject.numbers.clone())
                            .collect(),
                        ..Near::default()
                    };
                    place::place(&few.subject, &[near], 0.0).is_some()
                });
            let side = |story: &'_ Story| {
                let short = story.members.iter().all(|number| self.is_short(*number));
                (story.first / 3600, story.newest / 3600, short)
            };
            let (a, b) = (side(one), side(two));
            let merges = again
                || place::merges(
                    &Side {
                        sum: &one.sum,
                        entries: one.members.len(),
                        first: a.0,
                        newest: a.1,
                        short: a.2,
                    },
                    &Side {
                        sum: &two.sum,
                        entries: two.members.len(),
                        first: b.0,
                        newest: b.1,
                        short: b.2,
                    },
                    false,
                );
            if merges {
                let moved = std::mem::take(&mut self.stories[other]);
                for number in moved.members {
                    self.placed[number].story = story;
                    let (vector, at) = (
                        self.placed[number].subject.vector.clone(),
                        self.placed[number].at,
                    );
                    self.put(number, &vector, at, story);
                }
            }
        }
    }

    /// The stories, each with the numbers of its entries; the largest first.
    pub fn stories(&self) -> Vec<Vec<usize>> {
        let mut stories: Vec<Vec<usize>> = self
            .stories
            .iter()
            .filter(|story| !story.members.is_empty())
            .map(|story| story.members.clone())
            .collect();
        stories.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        stories
    }

    /// The entry of a story whose title says best what all of them tell.
    pub fn title_of(&self, story: &[usize]) -> Option<usize> {
        let sum = &self.stories[self.placed[*story.first()?].story].sum;
        story.iter().copied().max_by(|a, b| {
            let near = |number: &usize| self.placed[*number].subject.vector.cosine(sum);
            near(a).total_cmp(&near(b)).then(b.cmp(a))
        })
    }
}

fn hours_from(story: &Story, at: i64) -> f32 {
    let nearest = at.clamp(story.first, story.newest);
    (at - nearest) as f32 / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headlines of our own: a story a paragraph.
    const HEADLINES: &str = "\
Parliament of Freedonia ousts prime minister Volta after harbour deal
Volta ousted: Freedonia's parliament votes prime minister out over harbour deal
Harbour deal costs Freedonia's prime minister Volta his office

Quill Labs recalls smart kettles that boil by themselves
Smart kettles recalled: Quill Labs says kettles may boil by themselves
Quill Labs kettle recall grows to 40,000 kettles

Volcano on Mount Arda wakes after 200 years
Mount Arda volcano erupts for the first time in 200 years
Villages below Mount Arda cleared as volcano erupts

Tram drivers of Northfield strike over night shifts
Northfield trams stand still as drivers strike
Night shifts: tram strike in Northfield enters second day

Borrowed violin returned to Arlen orchestra after 50 years
Orchestra of Arlen gets violin back that was borrowed 50 years ago

Glacier study finds lakes growing twice as fast
Glacier lakes grow twice as fast, study finds
Lakes below glaciers doubled, new glacier study says

Kestrel telescope sees oldest galaxy yet
Oldest galaxy yet found by Kestrel telescope
Kestrel telescope finds galaxy older than any before

Central bank of Sylvania leaves rates unchanged
Sylvania's central bank keeps rates where they are
Rates unchanged in Sylvania, central bank waits for summer

Chess: Ito, 14, beats world champion in Oslo
Fourteen-year-old Ito beats chess world champion
Chess prodigy Ito stuns world champion in Oslo

Dutch polder gets fibre after ten years of waiting

A keyboard that weighs as much as a bicycle

In praise of text files";

    /// Harmonic mean of the B-cubed precision and recall, when the headlines come in that order.
    fn b_cubed(order: impl Fn(usize) -> u64) -> (f32, f32, f32) {
        let labelled: Vec<(usize, &str)> = HEADLINES
            .split("\n\n")
            .enumerate()
            .flat_map(|(story, titles)| titles.lines().map(move |title| (story, title)))
            .collect();
        let mut places: Vec<usize> = (0..labelled.len()).collect();
        places.sort_by_key(|place| order(*place));
        let mut gathering = Gathering::default();
        for (feed, place) in places.iter().enumerate() {
            let text = Text {
                title: labelled[*place].1,
                language: "en",
                ..Text::default()
            };
            gathering.add(&Item {
                text,
                feed: feed as i64,
                at: 60 * *place as i64,
            });
        }
        let (mut precision, mut recall) = (0.0, 0.0);
        for story in gathering.stories() {
            for one in &story {
                let label = labelled[places[*one]].0;
                let same = story
                    .iter()
                    .filter(|other| labelled[places[**other]].0 == label)
                    .count() as f32;
                let all = labelled.iter().filter(|(known, _)| *known == label).count() as f32;
                precision += same / story.len() as f32;
                recall += same / all;
            }
        }
        precision /= labelled.len() as f32;
        recall /= labelled.len() as f32;
        (
            2.0 * precision * recall / (precision + recall),
            precision,
            recall,
        )
    }

    #[test]
    fn headlines_of_a_day_fall_into_their_stories_in_any_order() {
        for seed in 1..20_u64 {
            let (f1, precision, recall) = b_cubed(|place| {
                (place as u64 + 1).wrapping_mul(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            });
            assert!(
                f1 >= 0.9 && precision >= 0.95,
                "seed {seed}: {f1} {precision} {recall}"
            );
        }
    }

    #[test]
    fn every_entry_is_in_one_story() {
        let mut gathering = Gathering::default();
        for n in 0..50 {
            let title = format!(
                "{} {}",
                ["", "the", "日本", "a b c", "same words"][n % 5],
                n / 10
            );
            let text = Text {
                title: &title,
                language: "en",
                ..Text::default()
            };
            gathering.add(&Item {
                text,
                feed: 1,
                at: n as i64 * 100_000,
            });
        }
        let mut all: Vec<usize> = gathering.stories().concat();
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }
}
