//! Breaking a line of text into lines of a width.

use super::bidi::{self, Paragraph};
use super::lines::{Role, Span};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A line as wrapped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wrapped {
    /// In visual order, left to right.
    pub spans: Vec<Span>,
    /// Columns.
    pub width: usize,
    /// Characters of text, white space and decoration not counted: what [`super::Line::offset`] counts.
    pub letters: usize,
    /// The paragraph runs from right to left: the line belongs to the right.
    pub right: bool,
}

/// In which order right-to-left letters come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As a terminal wants them.
    Visual,
    /// As they are read: for pipes and files. Numbers of links stand in brackets there.
    Logical,
}

/// Breaks spans of text into lines of at most `columns`.
///
/// Breaks at spaces, after hyphens, between letters of scripts without spaces (never before what may not begin a
/// line, as 。 and 、, never after what may not end one), and within words only when they are longer than a line.
pub(super) fn wrap(spans: &[Span], columns: usize, order: Order) -> Vec<Wrapped> {
    let columns = columns.max(1);
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let ranges = break_lines(&text, columns);
    let paragraph =
        (order == Order::Visual && bidi::has_right_to_left(&text)).then(|| Paragraph::new(&text));
    let mut cutter = Cutter::new(spans);
    ranges
        .into_iter()
        .map(|range| match &paragraph {
            None => cutter.straight(range),
            Some(paragraph) => {
                let clusters = paragraph.visual(range);
                cutter.ordered(&text, &clusters, paragraph.is_right_to_left())
            }
        })
        .collect()
}

/// Columns of the longest part that cannot be broken, and of the whole text unbroken.
pub(super) fn measures(spans: &[Span]) -> (usize, usize) {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let mut longest = 0;
    let mut whole = 0;
    each_part(&text, |part| {
        longest = longest.max(part.width);
        whole += part.width + usize::from(part.space);
    });
    (longest, whole)
}

/// A part of a text that is not broken, if it need not be.
struct Part {
    range: Range<usize>,
    width: usize,
    /// A space stands before it.
    space: bool,
}

fn break_lines(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut line: Option<(Range<usize>, usize)> = None;
    each_part(text, |part| {
        if let Some((range, used)) = &mut line {
            let needed = part.width + usize::from(part.space);
            if *used + needed <= columns {
                range.end = part.range.end;
                *used += needed;
                return;
            }
        }
        if part.width <= columns {
            lines.extend(line.take().map(|(range, _)| range));
            line = Some((part.range, part.width));
            return;
        }
        // Longer than a line. It begins where the text stands, if a good piece of it fits there.
        let mut start = part.range.start;
        let mut used = 0;
        if let Some((range, taken)) = line.take() {
            let taken = taken + usize::from(part.space);
            if taken + columns / 3 < columns {
                start = range.start;
                used = taken;
            } else {
                lines.push(range);
            }
        }
        let mut good: Option<(usize, usize)> = None;
        for (at, cluster) in text[part.range.clone()].grapheme_indices(true) {
            let at = part.range.start + at;
            let wide = cluster.width();
            if used + wide > columns && at > start {
                // An address is cut behind one of its separators, when there is one near.
                let (end, rest) = good
                    .take()
                    .filter(|(end, _)| *end > start && at - end < columns / 3)
                    .map_or((at, 0), |(end, before)| (end, used - before));
                lines.push(start..end);
                start = end;
                used = rest;
            }
            used += wide;
            if matches!(cluster, "/" | "-" | "_" | "." | "?" | "&" | "=" | ",") {
                good = Some((at + cluster.len(), used));
            }
        }
        line = Some((start..part.range.end, used));
    });
    lines.extend(line.map(|(range, _)| range));
    lines
}

/// Calls `each` with the unbreakable parts of the text in order.
fn each_part(text: &str, mut each: impl FnMut(Part)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut space = false;
    while start < text.len() {
        if bytes[start] == b' ' {
            space = true;
            start += 1;
            continue;
        }
        let end = bytes[start..]
            .iter()
            .position(|&byte| byte == b' ')
            .map_or(text.len(), |length| start + length);
        let word = &text[start..end];
        let plain = word.is_ascii();
        if plain && !word.contains('-') {
            each(Part {
                range: start..end,
                width: word.len(),
                space,
            });
        } else {
            each_part_of_word(word, start, space, plain, &mut each);
        }
        space = false;
        start = end;
    }
}

fn each_part_of_word(
    word: &str,
    offset: usize,
    space: bool,
    plain: bool,
    each: &mut impl FnMut(Part),
) {
    let mut part = Part {
        range: offset..offset,
        width: 0,
        space,
    };
    let mut before: Option<char> = None;
    let mut second = ' ';
    let mut step = |at: usize, cluster: &str, wide: usize| {
        let first = cluster.chars().next().unwrap_or(' ');
        if before.is_some_and(|before| may_break(second, before, first)) {
            let done = std::mem::replace(
                &mut part,
                Part {
                    range: offset + at..offset + at,
                    width: 0,
                    space: false,
                },
            );
            each(done);
        }
        part.range.end = offset + at + cluster.len();
        part.width += wide;
        second = before.unwrap_or(' ');
        before = cluster.chars().next_back();
    };
    if plain {
        for at in 0..word.len() {
            step(at, &word[at..=at], 1);
        }
    } else {
        for (at, cluster) in word.grapheme_indices(true) {
            step(at, cluster, cluster.width());
        }
    }
    each(part);
}

/// Whether a line may end between two letters that no space divides; `second` stands before `before`.
fn may_break(second: char, before: char, after: char) -> bool {
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || is_superscript(after) {
        return false;
    }
    if matches!(before, '-' | '–' | '—' | '\u{2010}') {
        return second.is_alphanumeric() && after.is_alphanumeric();
    }
    // A dash belongs to what it follows.
    if after == '—' {
        return false;
    }
    has_no_spaces(before) || has_no_spaces(after)
}

/// What a line must not begin with (kinsoku shori, JIS X 4051, and closing signs of other scripts).
const NOT_FIRST: &str = "。、，．・：；！？‼⁇⁈⁉）］｝〕〉》」』】〙〗〟’”｠»›,.:;!?)]}%‐゠–〜～ー々〻ヽヾゝゞぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ…‥％℃°\u{a0}";
/// What a line must not end with.
const NOT_LAST: &str = "（［｛〔〈《「『【〘〖〝‘“｟«‹([{$£¥€＄￥\u{a0}";

/// Superscript digits: the number of a link stays with its last letter.
fn is_superscript(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{207f}')
}

/// Scripts that are written without spaces and broken anywhere. Hangul has spaces.
fn has_no_spaces(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{312f}' | '\u{3190}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
        || matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Cuts spans into the spans of lines, walking forward.
struct Cutter<'a> {
    spans: &'a [Span],
    /// Where each span ends in the text.
    ends: Vec<usize>,
    at: usize,
}

impl<'a> Cutter<'a> {
    fn new(spans: &'a [Span]) -> Cutter<'a> {
        let mut end = 0;
        let ends = spans
            .iter()
            .map(|span| {
                end += span.text.len();
                end
            })
            .collect();
        Cutter { spans, ends, at: 0 }
    }

    /// The spans of a line whose letters stand in the order of the text. Lines come in order.
    fn straight(&mut self, range: Range<usize>) -> Wrapped {
        let mut line = Wrapped::default();
        let mut start = range.start;
        while self.at < self.spans.len() && self.ends[self.at] <= start {
            self.at += 1;
        }
        let mut at = self.at;
        while start < range.end && at < self.spans.len() {
            let span = &self.spans[at];
            let base = self.ends[at] - span.text.len();
            let end = range.end.min(self.ends[at]);
            line.push(span, &span.text[start - base..end - base]);
            start = end;
            at += 1;
        }
        line
    }

    fn ordered(&self, text: &str, clusters: &[(Range<usize>, bool)], right: bool) -> Wrapped {
        let mut line = Wrapped {
            right,
            ..Wrapped::default()
        };
        let mut piece = String::new();
        let mut current = usize::MAX;
        for (range, mirrored) in clusters {
            let at = self.ends.partition_point(|&end| end <= range.start);
            if at != current {
                if let Some(span) = self.spans.get(current) {
                    line.push(span, &piece);
                }
                piece.clear();
                current = at;
            }
            bidi::push_cluster(&mut piece, &text[range.clone()], *mirrored);
        }
        if let Some(span) = self.spans.get(current) {
            line.push(span, &piece);
        }
        line
    }
}

impl Wrapped {
    fn push(&mut self, span: &Span, text: &str) {
        if text.is_empty() {
            return;
        }
        self.width += super::width::width(text);
        if !matches!(span.role, Role::LinkNumber | Role::Marker | Role::Rule) {
            self.letters += letters(text);
        }
        let text = if text.contains('\u{a0}') {
            text.replace('\u{a0}', " ")
        } else {
            text.to_owned()
        };
        self.spans.push(span.like(text));
    }
}

/// Characters that are not white space.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, columns: usize, expected: &[&str]) {
        let span = Span {
            text: text.to_owned(),
            ..Span::default()
        };
        let lines = wrap(&[span], columns, Order::Visual);
        let texts: Vec<String> = lines
            .iter()
            .map(|line| line.spans.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(texts, expected);
        assert!(lines.iter().all(|line| line.width <= columns.max(2)));
    }

    #[test]
    fn lines_break_at_spaces() {
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 100, &["one two three"]);
        check("", 10, &[]);
        check("a no\u{a0}break b", 9, &["a", "no break", "b"]);
    }

    #[test]
    fn lines_break_behind_hyphens() {
        check("a well-known word", 9, &["a well-", "known", "word"]);
        check("minus -5 stays", 7, &["minus", "-5", "stays"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("x abcdefghij", 4, &["x ab", "cdef", "ghij"]);
        check(
            "see https://example.org/path/to",
            24,
            &["see https://example.org/", "path/to"],
        );
    }

    #[test]
    fn japanese_breaks_anywhere_but_before_its_points() {
        check("日本語の組版", 6, &["日本語", "の組版"]);
        check("日本語。組版", 6, &["日本", "語。組", "版"]);
        check("日本「語」版", 6, &["日本", "「語」", "版"]);
        check("日本語とRust", 8, &["日本語と", "Rust"]);
    }

    #[test]
    fn korean_breaks_at_spaces() {
        check("한국어 문장", 9, &["한국어", "문장"]);
    }

    #[test]
    fn a_cluster_is_never_split() {
        check(
            "👩\u{200d}👩\u{200d}👧👩\u{200d}👩\u{200d}👧",
            3,
            &["👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧"],
        );
    }

    #[test]
    fn one_column_is_enough_to_go_on() {
        check("日本", 1, &["日", "本"]);
    }

    #[test]
    fn right_to_left_lines_are_ordered_after_wrapping() {
        check("אב גד הו", 5, &["דג בא", "וה"]);
        let lines = wrap(
            &[Span {
                text: "אב".to_owned(),
                ..Span::default()
            }],
            5,
            Order::Visual,
        );
        assert!(lines[0].right);
    }

    #[test]
    fn a_number_never_leaves_its_word() {
        let spans = [
            Span {
                text: "日本".to_owned(),
                ..Span::default()
            },
            Span {
                text: "¹²".to_owned(),
                role: Role::LinkNumber,
                ..Span::default()
            },
        ];
        let lines = wrap(&spans, 5, Order::Visual);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1]
                .spans
                .iter()
                .map(|span| span.text.as_str())
                .collect::<String>(),
            "本¹²"
        );
        assert_eq!(lines[1].letters, 1);
    }
}
