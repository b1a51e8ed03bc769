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

/// One of two texts that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    pub feed: i64,
    pub title: &'a str,
    /// Plain text.
    pub body: &'a str,
}

/// Whether two entries carry the same text, word for word in most of the shorter one. Alike vectors are not enough: the same
/// agency writes of two matches in the same words. Neither are equal words in one feed: pages made from one template differ
/// in what they are called.
pub fn is_copy(one: &Printed<'_>, other: &Printed<'_>) -> bool {
    part_shared(one.body, other.body)
        .is_some_and(|shared| folds(shared, one.feed == other.feed, one.title, other.title))
}

fn folds(shared: f32, one_feed: bool, title: &str, other: &str) -> bool {
    shared >= SAME && (!one_feed || same_title(title, other))
}

fn same_title(one: &str, other: &str) -> bool {
    let words = |title: &str| -> Vec<String> {
        title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    words(one) == words(other)
}

/// How much of the shorter text stands in the longer one, in rows of words; `None` where one is too short to tell.
fn part_shared(one: &str, other: &str) -> Option<f32> {
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
        return None;
    }
    let long: std::collections::HashSet<Vec<String>> = long.into_iter().collect();
    let same = short.iter().filter(|row| long.contains(*row)).count();
    Some(same as f32 / short.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::super::{Frequencies, Subject, Text};
    use super::*;

    /// Reports as an agency writes them; of our own making.
    const REPORTS: [&str; 10] = [
        "The central bank of Sylvania left its rate where it was on Thursday and said that it would wait for the figures of the summer before it decided anything. Three members of the council would have preferred a cut at once, as the minutes show. Markets had expected as much and hardly moved.",
        "A volcano on Mount Arda erupted in the early morning for the first time in two hundred years, and sent ash over villages that had been cleared the day before. Nobody was hurt, the rescue service said, but roads to the valley stay closed until engineers have looked at two bridges.",
        "Drivers of the trams in Northfield went on strike on Monday over night shifts, which a new timetable had doubled. The company called the strike out of proportion and offered to talk, while commuters walked, cycled, or waited for replacement buses that came every half hour at best.",
        "Quill Labs has recalled forty thousand kettles that may begin to boil by themselves when a neighbour's remote control uses the same code. Owners are asked to unplug the kettle and to send in a photograph of the plate on its bottom; they get their money back, the maker said.",
        "An orchestra in Arlen has got back a violin that was borrowed fifty years ago for a single evening. A family found it while clearing an attic, in its case, with a programme of the concert and a note that thanked the lender and promised to return the instrument the next day.",
        "Lakes below glaciers have grown twice as fast in the last decade as in the one before, a study of satellite pictures finds. The authors looked at eleven thousand lakes on four continents and warn that natural dams of ice and rubble were never made to hold so much water.",
        "The telescope Kestrel has seen a galaxy that is older than any found before, astronomers said. Its light set out when the universe was less than three hundred million years old, and it is brighter than models allow, which means either that stars began earlier or that they were larger.",
        "A girl of fourteen has beaten the world champion at a tournament in Oslo, in a game of seventy moves that experts called faultless. She had learned to play from a book that her grandfather kept in the kitchen, and said afterwards that she had mostly been afraid of the clock.",
        "Parliament voted the prime minister out of office on Tuesday after a harbour deal that he had signed without asking the cabinet became known. His party split over the vote; the president has asked the speaker to form a government that is to prepare elections within ninety days.",
        "Divers have found a wooden ship of the fourteenth century off the coast, with most of its cargo of tiles and millstones on board. It lies in thirty metres of cold water, where worms that eat wood cannot live, and archaeologists hope to lift it within the next five years.",
    ];

    /// What becomes of a report on its way to another site, without becoming another text.
    fn same(report: &str) -> [String; 5] {
        let words: Vec<&str> = report.split(' ').collect();
        [
            format!("(Agency) {report}"),
            format!("{report} This report was made with the help of our correspondents."),
            report.to_uppercase(),
            words[..words.len() - 8].join(" "),
            report.replace(", ", " – "),
        ]
    }

    fn printed(feed: i64, body: &str) -> Printed<'_> {
        Printed {
            feed,
            title: "A report of the day",
            body,
        }
    }

    fn is_folded(one: &str, other: &str) -> bool {
        let subject = |body: &str| {
            let text = Text {
                title: "A report of the day",
                body,
                language: "en",
                strong: 0,
            };
            Subject::new(&text, &Frequencies::none("en"))
        };
        let (a, b) = (subject(one), subject(other));
        may_be_copies(&a.vector, &b.vector, (a.body_words, b.body_words))
            && is_copy(&printed(1, one), &printed(2, other))
    }

    #[test]
    fn of_a_hundred_pairs_those_are_folded_that_are_the_same_text() {
        let (mut folded, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
        for (at, report) in REPORTS.iter().enumerate() {
            for copy in same(report) {
                if is_folded(report, &copy) {
                    folded += 1;
                } else {
                    missed.push(copy);
                }
            }
            // Another report, and the next one in the words of this: the same agency writes of two matches alike.
            let next = REPORTS[(at + 1) % REPORTS.len()];
            let half: Vec<&str> = report.split(' ').collect();
            let tail: Vec<&str> = next.split(' ').collect();
            let others = [
                next.to_owned(),
                REPORTS[(at + 3) % REPORTS.len()].to_owned(),
                format!(
                    "{} {}",
                    half[..half.len() / 2].join(" "),
                    tail[tail.len() / 2..].join(" ")
                ),
                half.iter().rev().copied().collect::<Vec<_>>().join(" "),
                half[..20].join(" "),
            ];
            for other in others {
                if is_folded(report, &other) {
                    wrong.push(other);
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(folded >= 45, "{missed:?}");
    }

    #[test]
    fn pages_of_one_template_in_one_feed_are_no_copies() {
        let page = REPORTS[3];
        let one = Printed {
            title: "A kettle of steel",
            ..printed(1, page)
        };
        let other = Printed {
            title: "A kettle of glass",
            ..printed(1, page)
        };
        assert!(!is_copy(&one, &other));
        assert!(is_copy(&one, &Printed { feed: 2, ..other }));
        assert!(is_copy(&one, &one));
    }

    /// Of pairs met in real feeds, read and labelled one by one.
    #[test]
    fn pairs_of_real_feeds_are_folded_where_they_are_the_same_text() {
        let (mut pairs, mut right, mut wrong, mut missed) = (0, 0, Vec::new(), 0);
        for line in include_str!("../../tests/fixtures/same-text.tsv").lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [label, shared, feeds, _, _, title, other] = cells[..] else {
                continue;
            };
            if line.starts_with('#') {
                continue;
            }
            pairs += 1;
            let shared: f32 = shared.parse().expect("a part");
            match (folds(shared, feeds == "one", title, other), label) {
                (true, "same") => right += 1,
                (true, _) => wrong.push(line),
                (false, "same") => missed += 1,
                (false, _) => {}
            }
        }
        assert!(pairs >= 100, "{pairs}");
        assert!(
            wrong.len() as f32 <= 0.02 * (right + wrong.len()) as f32,
            "{wrong:?}"
        );
        // An agency changed a title, and an author wrote an article anew.
        assert!(missed <= 3, "{missed}");
    }
}
