//! Text into columns: cut, wrapped, put together out of parts. Widths are terminal columns; letters are never halved.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that the text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// Where words (in lower case) stand in a line: columns before each, and its own. Letters that change their length in lower
/// case would say wrong places: in such a line nothing is found.
pub fn found(line: &str, words: &[String]) -> Vec<(usize, usize)> {
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return Vec::new();
    }
    let mut places = Vec::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        for (at, found) in lower.match_indices(word.as_str()) {
            // A word is found at its beginning: "art" is not in "start".
            let inside = lower[..at]
                .chars()
                .next_back()
                .is_some_and(char::is_alphanumeric)
                && found.is_ascii();
            if let (Some(before), Some(text), false) =
                (line.get(..at), line.get(at..at + found.len()), inside)
            {
                places.push((before.width(), text.width()));
            }
        }
    }
    places
}

/// The text in at most `columns`, with `…` where something was cut.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    if text.is_ascii() {
        return Cow::Owned(format!("{}…", text[..columns - 1].trim_end()));
    }
    let mut end = 0;
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = grapheme.width();
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        end = at + grapheme.len();
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// The text in at most `most` lines of `columns`; what is left over is cut with `…`.
pub fn wrap(text: &str, columns: usize, most: usize) -> Vec<Cow<'_, str>> {
    let mut lines = Vec::with_capacity(most.min(4));
    let mut rest = text.trim();
    if columns == 0 {
        return lines;
    }
    while lines.len() + 1 < most && width(rest) > columns {
        let end = break_at(rest, columns);
        lines.push(Cow::Borrowed(rest[..end].trim_end()));
        rest = rest[end..].trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(cut_behind_word(rest, columns));
    }
    lines
}

/// The text in at most `columns`, cut behind a word where one ends in the last third: half a word says another thing, or none.
fn cut_behind_word(text: &str, columns: usize) -> Cow<'_, str> {
    let cut = cut(text, columns);
    let Cow::Owned(line) = &cut else {
        return cut;
    };
    let kept = line.trim_end_matches('…');
    let inside = text[kept.len()..].starts_with(|next: char| !next.is_whitespace());
    match kept.rfind(' ') {
        Some(space) if inside && width(&kept[..space]) * 3 >= columns * 2 => {
            let whole = kept[..space].trim_end_matches([' ', ',', ';', ':', '–', '—']);
            Cow::Owned(format!("{whole}…"))
        }
        _ => cut,
    }
}

/// Where a line that is too long ends: behind the last space, hyphen or wide letter that fits, else in the word.
fn break_at(text: &str, columns: usize) -> usize {
    if text.is_ascii() {
        break_of_ascii(text.as_bytes(), columns)
    } else {
        break_of_clusters(text, columns)
    }
}

fn break_of_clusters(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut soft = 0;
    let mut hard = 0;
    let mut before_wide = false;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = grapheme.width();
        if wide == 2 && at > 0 && used <= columns && !closes(grapheme) {
            soft = at;
        }
        if before_wide && !closes(grapheme) && used <= columns {
            soft = at;
        }
        if grapheme == " " && used <= columns {
            soft = at + 1;
        }
        used += wide;
        if used > columns {
            break;
        }
        hard = at + grapheme.len();
        if matches!(grapheme, "-" | "/" | "–" | "—") {
            soft = hard;
        }
        before_wide = wide == 2;
    }
    if soft > 0 {
        soft
    } else if hard > 0 {
        hard
    } else {
        text.graphemes(true).next().map_or(text.len(), str::len)
    }
}

/// [`break_at`] where each letter is a byte and a column: most lines, and each is broken several times for a frame.
fn break_of_ascii(text: &[u8], columns: usize) -> usize {
    // A space may be the first letter that does not fit.
    let fits = &text[..text.len().min(columns + 1)];
    let soft =
        fits.iter().enumerate().rev().find(|(at, letter)| {
            **letter == b' ' || (*at < columns && matches!(letter, b'-' | b'/'))
        });
    match soft {
        Some((at, _)) => at + 1,
        None => columns.clamp(1, text.len().max(1)),
    }
}

/// Punctuation that must not begin a line.
fn closes(grapheme: &str) -> bool {
    matches!(
        grapheme,
        "、" | "。"
            | "，"
            | "．"
            | "」"
            | "』"
            | "）"
            | "】"
            | "！"
            | "？"
            | "："
            | "；"
            | "ー"
            | "々"
            | ","
            | "."
            | ")"
            | "!"
            | "?"
            | ":"
            | ";"
    )
}

/// As many whole parts as fit, joined by ` · `; parts are dropped from the right, and only the first one is ever cut.
pub fn parts<S: AsRef<str>>(parts: &[S], columns: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for part in parts
        .iter()
        .map(AsRef::as_ref)
        .filter(|part| !part.is_empty())
    {
        if text.is_empty() {
            text.push_str(&cut(part, columns));
            used = text.width();
        } else if used + 3 + part.width() <= columns {
            text.push_str(" · ");
            text.push_str(part);
            used += 3 + part.width();
        } else {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_ascii_is_broken_as_any_other() {
        for text in [
            "A title of some words, and a hyphen-ated one",
            "and/or a-b-c--d  two spaces  averyveryverylongword that does not fit",
            " begins with a space",
            "oneword",
            "-",
        ] {
            for columns in 0..text.len() {
                assert_eq!(
                    break_of_ascii(text.as_bytes(), columns),
                    break_of_clusters(text, columns),
                    "{text:?} in {columns}"
                );
            }
        }
    }

    #[track_caller]
    fn check_wrap(text: &str, columns: usize, most: usize, expected: &[&str]) {
        assert_eq!(wrap(text, columns, most), expected);
        for line in wrap(text, columns, most) {
            assert!(line.width() <= columns, "{line:?} is wider than {columns}");
        }
    }

    #[test]
    fn a_title_is_wrapped_at_spaces_and_ends_in_an_ellipsis() {
        check_wrap("one two three", 20, 2, &["one two three"]);
        check_wrap("one two three", 8, 2, &["one two", "three"]);
        check_wrap("one two three four", 8, 2, &["one two", "three f…"]);
        check_wrap("one two", 7, 2, &["one two"]);
        // Behind a word, where that does not cost much.
        check_wrap(
            "a note on capital, spending",
            22,
            1,
            &["a note on capital…"],
        );
        check_wrap("a Donaudampfschifffahrt", 12, 1, &["a Donaudamp…"]);
    }

    #[test]
    fn a_long_word_is_broken_where_it_must_be() {
        check_wrap(
            "Donaudampfschifffahrt",
            10,
            3,
            &["Donaudampf", "schifffahr", "t"],
        );
        check_wrap("hand-made things", 7, 2, &["hand-", "made t…"]);
    }

    #[test]
    fn wide_letters_break_anywhere_but_never_in_half() {
        check_wrap("日本語の組版", 5, 3, &["日本", "語の", "組版"]);
        check_wrap("日本語。", 6, 2, &["日本", "語。"]);
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("日本語", 0), "");
    }

    #[test]
    fn details_drop_whole_parts_from_the_right() {
        let all = ["Daily Signal", "2 h", "3 sources"];
        assert_eq!(parts(&all, 40), "Daily Signal · 2 h · 3 sources");
        assert_eq!(parts(&all, 24), "Daily Signal · 2 h");
        assert_eq!(parts(&all, 14), "Daily Signal");
        assert_eq!(parts(&all, 6), "Daily…");
    }

    #[test]
    fn nothing_fits_in_nothing() {
        assert!(wrap("word", 0, 2).is_empty());
        assert_eq!(wrap("", 10, 2), [""]);
    }
}
