//! Right-to-left text in the order in which a terminal has to be given it.
//!
//! Terminals differ in what they do with bidi controls, so none is ever printed: each line, once wrapped, is put
//! in visual order by the Unicode algorithm (UAX #9), cluster by cluster.

use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation;

/// Whether the text holds letters that run from right to left.
pub fn has_right_to_left(text: &str) -> bool {
    // The first right-to-left letter is U+0590; its first byte is 0xD6, and nothing below can hold one.
    text.bytes().any(|byte| byte >= 0xd6)
        && text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'))
}

/// A paragraph whose letters run both ways.
pub struct Paragraph<'a> {
    info: BidiInfo<'a>,
}

impl<'a> Paragraph<'a> {
    /// Looks at a whole paragraph, before it is wrapped.
    pub fn new(text: &'a str) -> Paragraph<'a> {
        Paragraph {
            info: BidiInfo::new(text, None),
        }
    }

    /// Whether the paragraph as a whole runs from right to left, and stands at the right.
    pub fn is_right_to_left(&self) -> bool {
        self.info
            .paragraphs
            .first()
            .is_some_and(|paragraph| paragraph.level.is_rtl())
    }

    /// The clusters of one line in visual order: where each stands in the text, and whether it is seen mirrored.
    pub fn visual(&self, line: Range<usize>) -> Vec<(Range<usize>, bool)> {
        let Some(paragraph) = self
            .info
            .paragraphs
            .iter()
            .find(|paragraph| paragraph.range.contains(&line.start))
        else {
            return vec![(line, false)];
        };
        let line = line.start..line.end.min(paragraph.range.end);
        let (levels, runs) = self.info.visual_runs(paragraph, line);
        let mut clusters = Vec::new();
        for run in runs {
            let mirrored = levels
                .get(run.start)
                .copied()
                .is_some_and(|level: Level| level.is_rtl());
            let start = clusters.len();
            clusters.extend(
                self.info.text[run.clone()]
                    .grapheme_indices(true)
                    .map(|(at, cluster)| {
                        (run.start + at..run.start + at + cluster.len(), mirrored)
                    }),
            );
            if mirrored {
                clusters[start..].reverse();
            }
        }
        clusters
    }
}

/// Whether a text as a whole runs from right to left: its first letter does.
pub fn is_right_to_left(text: &str) -> bool {
    has_right_to_left(text) && Paragraph::new(text).is_right_to_left()
}

/// The one-line text in visual order: for titles, cards and whatever is not laid out by [`super::lay_out`].
pub fn visual_line(text: &str) -> String {
    ordered(text, None)
}

/// One line of a text of several, which as a whole runs from right to left, or not.
pub fn visual_line_of(text: &str, right_to_left: bool) -> String {
    let level = if right_to_left {
        Level::rtl()
    } else {
        Level::ltr()
    };
    ordered(text, Some(level))
}

/// Details in visual order: parts between ` · ` keep their places, and each is put in order by itself.
pub fn visual_parts(text: &str) -> String {
    if !has_right_to_left(text) {
        return text.to_owned();
    }
    let parts: Vec<String> = text.split(" · ").map(visual_line).collect();
    parts.join(" · ")
}

fn ordered(text: &str, level: Option<Level>) -> String {
    if !has_right_to_left(text) {
        return text.to_owned();
    }
    let paragraph = Paragraph {
        info: BidiInfo::new(text, level),
    };
    let mut line = String::with_capacity(text.len());
    for (range, mirrored) in paragraph.visual(0..text.len()) {
        push_cluster(&mut line, &text[range], mirrored);
    }
    line
}

/// Appends a cluster; brackets turn round in right-to-left text (rule L4).
pub fn push_cluster(line: &mut String, cluster: &str, mirrored: bool) {
    let turned = cluster.chars().next().filter(|_| mirrored).and_then(mirror);
    match turned {
        Some(c) => line.push(c),
        None => line.push_str(cluster),
    }
}

fn mirror(c: char) -> Option<char> {
    const PAIRS: [(char, char); 12] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
        ('≤', '≥'),
        ('「', '」'),
        ('『', '』'),
        ('⟨', '⟩'),
        ('⁅', '⁆'),
        ('（', '）'),
    ];
    PAIRS.iter().find_map(|&(open, close)| {
        if c == open {
            Some(close)
        } else if c == close {
            Some(open)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_to_right_text_stays() {
        assert_eq!(visual_line("plain (text)"), "plain (text)");
        assert!(!has_right_to_left("日本語 and ελληνικά"));
    }

    #[test]
    fn hebrew_is_reversed_and_its_brackets_turn() {
        assert_eq!(visual_line("שלום (אב)"), "(בא) םולש");
    }

    #[test]
    fn numbers_inside_arabic_keep_their_order() {
        assert_eq!(visual_line("عام 2026"), "2026 ماع");
    }

    #[test]
    fn a_word_of_hebrew_in_a_latin_sentence_is_turned_in_its_place() {
        assert_eq!(visual_line("the word שלום means"), "the word םולש means");
    }

    #[test]
    fn details_keep_their_places() {
        assert_eq!(
            visual_parts("שלום עולם · 2 h · 3 sources"),
            "םלוע םולש · 2 h · 3 sources"
        );
    }

    #[test]
    fn a_line_of_a_text_runs_as_the_whole() {
        assert_eq!(visual_line_of("RSS ועוד", true), "דועו RSS");
        assert_eq!(visual_line_of("RSS ועוד", false), "RSS דועו");
        assert!(is_right_to_left("עוד RSS") && !is_right_to_left("RSS עוד"));
    }

    #[test]
    fn marks_stay_with_their_letters() {
        assert_eq!(visual_line("שָׁלוֹם").chars().next(), Some('ם'));
    }
}
