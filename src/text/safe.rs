//! Text that cannot harm a terminal.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Text of the network that may reach a terminal, a title bar, a clipboard, a log.
///
/// Holds no C0 or C1 control, no DEL, no bidi control, no zero-width character outside emoji and scripts
/// that need joiners, no tag character, no U+2028/2029. White space is folded to single spaces by [`SafeText::line`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SafeText(String);

impl SafeText {
    /// One line: what would harm is dropped, runs of white space become one space, ends are trimmed.
    pub fn line(text: &str) -> SafeText {
        if is_plain_line(text) {
            return SafeText(text.to_owned());
        }
        let clean = clean(text);
        let mut line = String::with_capacity(clean.len());
        for word in clean.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        SafeText(without_leading_marks(line))
    }

    /// Several lines: as [`SafeText::line`], but `\n` stays and white space is not folded.
    pub fn block(text: &str) -> SafeText {
        SafeText(clean(text).into_owned())
    }

    /// The first `graphemes` grapheme clusters of [`SafeText::line`], with `…` where something was cut.
    pub fn short(text: &str, graphemes: usize) -> SafeText {
        let line = SafeText::line(text);
        if line.0.len() <= graphemes {
            return line;
        }
        match line.0.grapheme_indices(true).nth(graphemes) {
            Some((end, _)) => SafeText(format!("{}…", line.0[..end].trim_end())),
            None => line,
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Marks on one letter that are kept; what is beyond climbs over the lines above.
const MARKS_PER_LETTER: usize = 8;

/// Length of a control string (title, link, clipboard) that is looked through for its end, in characters.
const CONTROL_STRING: usize = 4096;

/// Drops what would harm; line breaks stay as `\n`, tabs become spaces.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_plain(c) || c == '\n') {
        return Cow::Borrowed(text);
    }
    let text = without_escapes(text);
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_plain(c) {
            out.push(c);
            marks = 0;
            continue;
        }
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{200c}' | '\u{200d}' => {
                let joins = out.chars().next_back().zip(chars.peek().copied());
                if joins.is_some_and(|(before, after)| may_join(before, c, after)) {
                    out.push(c);
                }
            }
            '\u{fe00}'..='\u{fe0f}' => {
                let selectable = out
                    .chars()
                    .next_back()
                    .is_some_and(|before| !before.is_whitespace() && !is_selector(before));
                if selectable {
                    out.push(c);
                }
            }
            _ if is_harmful(c) => {}
            _ if UnicodeWidthChar::width(c) == Some(0) => {
                marks += 1;
                if marks <= MARKS_PER_LETTER {
                    out.push(c);
                }
            }
            _ => {
                out.push(c);
                marks = 0;
            }
        }
    }
    Cow::Owned(out)
}

/// Drops terminal control sequences whole: the ESC (or C1) and all that belongs to it. A control string without
/// an end loses its beginning only, so that a stray byte cannot swallow an article.
pub(super) fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains(begins_sequence) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(begins_sequence) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[sequence_length(rest)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn begins_sequence(c: char) -> bool {
    matches!(
        c,
        '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}'
    )
}

/// Length in bytes of the control sequence (ECMA-48) that `text` begins with.
fn sequence_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let first = chars.next().map_or('\0', |(_, c)| c);
    let after_first = first.len_utf8();
    let (kind, body) = match first {
        '\u{1b}' => match text[after_first..].chars().next() {
            Some(c) => (c, after_first + c.len_utf8()),
            None => return after_first,
        },
        '\u{9b}' => ('[', after_first),
        _ => (']', after_first),
    };
    let end_of_run = |from: usize, belongs: fn(u8) -> bool| {
        text[from..]
            .bytes()
            .position(|byte| !belongs(byte))
            .map_or(text.len(), |length| from + length)
    };
    match kind {
        '[' => {
            let end = end_of_run(body, |byte| (0x20..=0x3f).contains(&byte));
            match text.as_bytes().get(end) {
                Some(0x40..=0x7e) => end + 1,
                _ => end,
            }
        }
        ']' | 'P' | 'X' | '^' | '_' => {
            let string = text[body..].char_indices().take(CONTROL_STRING);
            for (at, c) in string {
                match c {
                    '\u{7}' | '\u{9c}' => return body + at + c.len_utf8(),
                    '\u{1b}' if text[body + at + 1..].starts_with('\\') => return body + at + 2,
                    '\u{1b}' => return body + at,
                    _ => {}
                }
            }
            body
        }
        ' '..='/' => {
            let end = end_of_run(body, |byte| (0x20..=0x2f).contains(&byte));
            match text.as_bytes().get(end) {
                Some(0x30..=0x7e) => end + 1,
                _ => end,
            }
        }
        '0'..='~' => body,
        _ => after_first,
    }
}

/// Whether the text is one clean line already: the case of nearly every title.
fn is_plain_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
        return false;
    }
    let mut before = b'x';
    let ascii = bytes.iter().all(|&byte| {
        let fits = matches!(byte, b' '..=b'~') && !(byte == b' ' && before == b' ');
        before = byte;
        fits
    });
    ascii
        || (!text.contains("  ")
            && text
                .chars()
                .all(|c| is_plain(c) && (c == ' ' || !c.is_whitespace())))
}

/// Letters, signs and spaces that are never dropped, have a width, and stand alone.
fn is_plain(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{58f}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2070}'..='\u{20bf}' | '\u{2100}'..='\u{2bff}'
        | '\u{3001}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309b}'..='\u{3163}' | '\u{3165}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9f}'
        | '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Characters that steer, hide or smuggle, and show nothing.
#[rustfmt::skip]
fn is_harmful(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'                       // C0, DEL, C1
        | '\u{61c}' | '\u{200e}' | '\u{200f}'                       // bidi marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'         // bidi embeddings, overrides, isolates
        | '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'            // soft hyphen, grapheme joiner, zero-width spaces
        | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'         // word joiner, invisible operators, shaping switches
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'         // Hangul fillers: letters that show nothing
        | '\u{17b4}' | '\u{17b5}' | '\u{2028}' | '\u{2029}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'     // shorthand and musical format controls
        | '\u{e0000}'..='\u{e0fff}'                                 // tags, more selectors
    ) || (c as u32) & 0xfffe == 0xfffe
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{200c}' | '\u{200d}')
}

/// Whether a joiner between the two has a meaning: it makes one emoji, or shapes letters of a joining script.
fn may_join(before: char, joiner: char, after: char) -> bool {
    let emoji = |c: char| matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{3299}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}');
    let script = |c: char| {
        matches!(c, '\u{600}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a20}'..='\u{1c4f}'
            | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10a00}'..='\u{11fff}')
    };
    // What follows must stay, or the joiner would be left over.
    if is_harmful(after) || UnicodeWidthChar::width(after).unwrap_or(0) == 0 {
        return false;
    }
    (joiner == '\u{200d}' && emoji(before) && emoji(after)) || (script(before) && script(after))
}

/// A mark without a letter would sit on whatever stands before the text.
fn without_leading_marks(line: String) -> String {
    let sits = |c: char| c.is_whitespace() || UnicodeWidthChar::width(c).unwrap_or(0) == 0;
    let first = line.trim_start_matches(sits);
    if first.len() == line.len() {
        line
    } else {
        first.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check_line(text: &str, expected: &str) {
        assert_eq!(SafeText::line(text).as_str(), expected);
    }

    #[test]
    fn clean_text_stays_as_it_is() {
        for text in [
            "",
            "A plain title",
            "Ünïcödé “quotes” – dash…",
            "日本語の見出し",
            "Заголовок",
            "👍🏽 fine",
            "٣ عناوين",
            "नमस्ते",
        ] {
            check_line(text, text);
        }
    }

    #[test]
    fn white_space_is_folded_and_trimmed() {
        check_line("  two\t\n words \u{a0}here ", "two words here");
        check_line("line\u{2028}new\u{2029}par", "line new par");
        check_line("over\rline\r\nnext", "over line next");
    }

    #[test]
    fn control_sequences_go_whole() {
        check_line("\x1b[31mred\x1b[0m", "red");
        check_line("\x1b[2J\x1b[Hhome", "home");
        check_line("\x1b]0;owned\x07title", "title");
        check_line(
            "\x1b]8;;https://evil.example/\x1b\\here\x1b]8;;\x1b\\",
            "here",
        );
        check_line("\x1bP1;1|17/ab\x1b\\x", "x");
        check_line("\u{9b}31mred", "red");
        check_line("\u{9d}0;x\u{9c}y", "y");
        check_line("\x1bcreset", "reset");
        check_line("\x1b(Bset", "set");
        check_line("end\x1b", "end");
        check_line("\x1b[", "");
    }

    #[test]
    fn a_control_string_without_an_end_swallows_nothing() {
        check_line("\x1b]0;the rest stays", "0;the rest stays");
    }

    #[test]
    fn what_steers_or_hides_is_dropped() {
        check_line("a\u{202e}gnp.exe", "agnp.exe");
        check_line("a\u{2066}b\u{2069}c\u{200e}\u{200f}\u{61c}", "abc");
        check_line("in\u{200b}vis\u{2060}ible\u{feff}\u{ad}", "invisible");
        check_line("tag\u{e0041}\u{e007f}", "tag");
        check_line("\0\u{7}\u{8}\u{7f}x", "x");
    }

    #[test]
    fn joiners_stay_where_they_mean_something() {
        check_line("👩\u{200d}👩\u{200d}👧", "👩\u{200d}👩\u{200d}👧");
        check_line("❤\u{fe0f}\u{200d}🔥", "❤\u{fe0f}\u{200d}🔥");
        check_line("می\u{200c}خواهم", "می\u{200c}خواهم");
        check_line("क्\u{200d}ष", "क्\u{200d}ष");
        check_line("pay\u{200d}pal \u{200c}x", "paypal x");
    }

    #[test]
    fn marks_do_not_climb() {
        let text = format!("a{}b", "\u{300}".repeat(200));
        assert_eq!(SafeText::line(&text).chars().count(), 2 + MARKS_PER_LETTER);
        check_line("\u{301} \u{301}abc", "abc");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(
            SafeText::block("a  b\r\n\tc\x1b[1m\n").as_str(),
            "a  b\n c\n"
        );
    }

    #[test]
    fn a_cut_never_splits_a_cluster() {
        assert_eq!(SafeText::short("abcdef", 6).as_str(), "abcdef");
        assert_eq!(SafeText::short("abcdef", 3).as_str(), "abc…");
        assert_eq!(
            SafeText::short("👩\u{200d}👩\u{200d}👧 family", 1).as_str(),
            "👩\u{200d}👩\u{200d}👧…"
        );
        assert_eq!(SafeText::short("e\u{301}e\u{301}", 1).as_str(), "e\u{301}…");
        assert_eq!(SafeText::short("two words", 4).as_str(), "two…");
    }

    fn any_text() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(vec![
            '\u{1b}',
            '[',
            ']',
            '\\',
            '\u{7}',
            '\u{9b}',
            '\u{9d}',
            '\u{200d}',
            '\u{200c}',
            '\u{202e}',
            '\u{fe0f}',
            '\u{300}',
            'a',
            ' ',
            '\n',
            '\r',
            '👩',
            '\u{e0041}',
            'ع',
            '日',
            '\u{2028}',
            '\u{feff}',
        ]);
        prop::collection::vec(prop_oneof![3 => nasty, 1 => any::<char>()], 0..60)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_that_harms_comes_out(text in any_text()) {
            for (safe, lines) in [(SafeText::line(&text), false), (SafeText::block(&text), true), (SafeText::short(&text, 5), false)] {
                for c in safe.chars() {
                    prop_assert!(!is_harmful(c) || (lines && c == '\n'), "{:?} in {:?}", c, safe.as_str());
                }
                let joiners = safe.contains("\u{200d}\u{200d}") || safe.contains("\u{200c}\u{200c}");
                prop_assert!(!joiners);
            }
        }

        #[test]
        fn a_safe_line_is_safe_again_unchanged(text in any_text()) {
            let once = SafeText::line(&text);
            prop_assert_eq!(SafeText::line(&once), once.clone());
            prop_assert!(!once.contains("  ") && once.trim() == once.as_str());
        }
    }
}
