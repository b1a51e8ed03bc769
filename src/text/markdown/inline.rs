//! What stands inside a paragraph.

use super::escape;
use std::collections::HashMap;
use std::fmt::Write;

/// Addresses by the names that links use for them.
pub(super) type References = HashMap<String, String>;

/// `[name]: address` lines.
pub(super) fn references(lines: &[&str]) -> References {
    lines.iter().filter_map(|line| reference(line)).collect()
}

pub(super) fn is_reference(line: &str) -> bool {
    reference(line).is_some()
}

fn reference(line: &str) -> Option<(String, String)> {
    let text = line.trim_start().strip_prefix('[')?;
    let (name, rest) = text.split_once("]:")?;
    if name.contains(['[', ']']) || name.starts_with('^') {
        return None;
    }
    let address = rest.split_whitespace().next()?;
    Some((
        name.to_lowercase(),
        address.trim_matches(['<', '>']).to_owned(),
    ))
}

/// Markers that are open, and where in the output they stand.
struct Open {
    sign: char,
    length: usize,
    at: usize,
}

/// The text of a paragraph as HTML.
pub(super) fn inline(text: &str, references: &References) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let used = match c {
            '\\' => match rest[1..].chars().next().filter(char::is_ascii_punctuation) {
                Some(next) => {
                    out.push_str(&escape(&next.to_string()));
                    2
                }
                None => 0,
            },
            '`' => code(rest, &mut out),
            '<' => angle(rest, &mut out),
            '!' if rest.starts_with("![") => link(&rest[1..], references).map_or(0, |link| {
                let _ = write!(
                    out,
                    "<img src=\"{}\" alt=\"{}\">",
                    escape(&link.address),
                    escape(link.words)
                );
                link.length + 1
            }),
            '[' => link(rest, references).map_or(0, |link| {
                let words = if link.words.len() < text.len() {
                    inline(link.words, references)
                } else {
                    escape(link.words)
                };
                let _ = write!(out, "<a href=\"{}\">{words}</a>", escape(&link.address));
                link.length
            }),
            '*' | '_' | '~' => emphasis(rest, c, before, &mut open, &mut out),
            'h' if before.is_whitespace() || before == '(' => bare_address(rest, &mut out),
            _ => 0,
        };
        if used == 0 {
            match c {
                '<' => out.push_str("&lt;"),
                '"' => out.push_str("&quot;"),
                _ => out.push(c),
            }
        }
        let used = used.max(c.len_utf8());
        before = text[..at + used].chars().next_back().unwrap_or(' ');
        at += used;
    }
    out
}

fn code(rest: &str, out: &mut String) -> usize {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let fence = &rest[..ticks];
    let Some(end) = rest[ticks..].find(fence) else {
        out.push_str(fence);
        return ticks;
    };
    let code = &rest[ticks..ticks + end];
    let trimmed = code
        .strip_prefix(' ')
        .and_then(|code| code.strip_suffix(' '))
        .unwrap_or(code);
    let _ = write!(out, "<code>{}</code>", escape(trimmed));
    ticks * 2 + end
}

/// A tag passes; an address becomes a link.
fn angle(rest: &str, out: &mut String) -> usize {
    let Some(end) = rest.find('>') else { return 0 };
    let inside = &rest[1..end];
    if (inside.starts_with("http://") || inside.starts_with("https://"))
        && !inside.contains(char::is_whitespace)
    {
        let _ = write!(out, "<a href=\"{0}\">{0}</a>", escape(inside));
        return end + 1;
    }
    if inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
        out.push_str(&rest[..=end]);
        return end + 1;
    }
    0
}

fn bare_address(rest: &str, out: &mut String) -> usize {
    if !rest.starts_with("http://") && !rest.starts_with("https://") {
        return 0;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(rest.len());
    let mut address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '\'']);
    if address.ends_with(')') && !address.contains('(') {
        address = address.trim_end_matches(')');
    }
    if address.len() < 10 {
        return 0;
    }
    let _ = write!(out, "<a href=\"{0}\">{0}</a>", escape(address));
    address.len()
}

struct Link<'a> {
    words: &'a str,
    address: String,
    length: usize,
}

/// A link that `rest` begins with: `[words](address "title")`, `[words][name]`, `[name]`.
fn link<'a>(rest: &'a str, references: &References) -> Option<Link<'a>> {
    let close = matching(rest, '[', ']')?;
    let words = &rest[1..close];
    let after = &rest[close + 1..];
    if after.starts_with('(') {
        let end = matching(after, '(', ')')?;
        let inside = after[1..end].trim();
        let address = match inside.strip_prefix('<') {
            Some(angled) => angled.split('>').next().unwrap_or(angled),
            None => inside.split_whitespace().next().unwrap_or(""),
        };
        return Some(Link {
            words,
            address: address.to_owned(),
            length: close + 1 + end + 1,
        });
    }
    let (name, length) = match after
        .strip_prefix('[')
        .and_then(|after| after.split_once(']'))
    {
        Some((name, _)) => (
            if name.is_empty() { words } else { name },
            close + 1 + name.len() + 2,
        ),
        None => (words, close + 1),
    };
    let address = references.get(&name.to_lowercase())?.clone();
    Some(Link {
        words,
        address,
        length,
    })
}

/// Characters that are looked through for the end of a bracket.
const BRACKET: usize = 2000;

fn matching(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices().take(BRACKET) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Opens or closes emphasis; returns how much it took.
fn emphasis(rest: &str, sign: char, before: char, open: &mut Vec<Open>, out: &mut String) -> usize {
    let run = rest.len() - rest.trim_start_matches(sign).len();
    let length = run.min(2);
    if sign == '~' && length < 2 {
        return 0;
    }
    let after = rest[run..].chars().next().unwrap_or(' ');
    let inside_word = sign == '_' && before.is_alphanumeric() && after.is_alphanumeric();
    if !before.is_whitespace()
        && !inside_word
        && let Some(index) = open
            .iter()
            .rposition(|open| open.sign == sign && open.length == length)
    {
        let name = name_of(sign, length);
        let start = open[index].at;
        open.truncate(index);
        out.replace_range(start..start + length, &format!("<{name}>"));
        let _ = write!(out, "</{name}>");
        return length;
    }
    if !(after.is_whitespace() || inside_word || (sign == '_' && before.is_alphanumeric())) {
        open.push(Open {
            sign,
            length,
            at: out.len(),
        });
    }
    out.push_str(&rest[..length]);
    length
}

fn name_of(sign: char, length: usize) -> &'static str {
    match (sign, length) {
        ('~', _) => "del",
        (_, 1) => "em",
        _ => "strong",
    }
}
