//! Where in a text the fragment of an address leads: `#:~:text=some%20words`, or `#the-name-of-a-heading`. Pure.

use crate::text::{LineKind, Lines};

/// The place of the line to which a fragment (what stands behind `#`) leads, if one does.
pub fn offset(lines: &Lines, fragment: &str) -> Option<usize> {
    let line = match fragment.split_once(":~:") {
        Some((_, directives)) => directives
            .split('&')
            .filter_map(|part| part.strip_prefix("text="))
            .find_map(|text| line_of_words(lines, text)),
        None => line_of_heading(lines, fragment),
    };
    line.map(|line| lines.lines[line].offset)
}

/// The line in which the words begin: `prefix-,start,end,-suffix`, of which all but `start` may be missing.
fn line_of_words(lines: &Lines, text: &str) -> Option<usize> {
    let parts: Vec<&str> = text.split(',').collect();
    let start = parts.iter().position(|part| !part.ends_with('-'))?;
    let words = plain(&decoded(parts[start]));
    let prefix = match start {
        0 => String::new(),
        _ => plain(&decoded(parts[0].trim_end_matches('-'))),
    };
    if words.is_empty() {
        return None;
    }
    // Lines break where the window has them break: they are searched as one text.
    let mut all = String::new();
    let mut begins = Vec::with_capacity(lines.lines.len());
    for line in &lines.lines {
        let words = plain(&line.text());
        if !words.is_empty() && !all.is_empty() {
            all.push(' ');
        }
        begins.push(all.len());
        all.push_str(&words);
    }
    let mut found = all.match_indices(&words).map(|(at, _)| at);
    let after = |at: &usize| all[..*at].trim_end().ends_with(&prefix);
    let at = found.find(after).or_else(|| all.find(&words))?;
    begins.partition_point(|begin| *begin <= at).checked_sub(1)
}

/// The heading whose words make that name: programs that make pages name their headings so.
fn line_of_heading(lines: &Lines, name: &str) -> Option<usize> {
    let wanted = letters(&decoded(name));
    if wanted.is_empty() {
        return None;
    }
    lines.lines.iter().position(|line| {
        matches!(line.kind, LineKind::Heading(_)) && letters(&line.text()) == wanted
    })
}

/// What stands in a text that no page has written there: numbers of links, bars of quotations.
const DRAWN: &str = "¹²³⁴⁵⁶⁷⁸⁹⁰▎";

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Words in lower case, one space between them, without what is only drawn.
fn plain(text: &str) -> String {
    let mut words = text.to_lowercase();
    words.retain(|letter| !DRAWN.contains(letter));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Only letters and digits, in lower case.
fn letters(text: &str) -> String {
    let lower = text.to_lowercase();
    lower
        .chars()
        .filter(|letter| letter.is_alphanumeric() && !DRAWN.contains(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Line, Role, Span};

    fn text() -> Lines {
        let rows = [
            (LineKind::Heading(1), "The report"),
            (LineKind::Text, "What was paid, and by"),
            (LineKind::Text, "whom¹, stands in the note."),
            (LineKind::Heading(2), "How it was paid"),
            (LineKind::Text, "It was paid by whom it served."),
        ];
        let lines = rows.into_iter().enumerate().map(|(at, (kind, text))| Line {
            spans: vec![Span::new(text, Role::Text)],
            kind,
            offset: 100 * at,
        });
        Lines {
            width: 40,
            lines: lines.collect(),
        }
    }

    #[test]
    fn words_and_headings_are_found() {
        for (fragment, expected) in [
            (":~:text=paid%2C%20and%20by%20whom", Some(100)),
            (":~:text=and%20by", Some(100)),
            (":~:text=By%20whom%20it", Some(400)),
            (":~:text=stands%20in,the%20note", Some(200)),
            (":~:text=it%20was-,paid", Some(300)),
            (":~:text=nowhere&text=the%20note", Some(200)),
            ("top:~:text=the%20note", Some(200)),
            (":~:text=", None),
            ("how-it-was-paid", Some(300)),
            ("How_it_was_paid", Some(300)),
            ("fn:1", None),
            ("", None),
        ] {
            assert_eq!(offset(&text(), fragment), expected, "{fragment}");
        }
    }
}
