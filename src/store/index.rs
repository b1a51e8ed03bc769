//! What goes into the full-text index, and how it is asked: CJK by pairs of characters, markup taken off.
//!
//! Two indexes: titles and authors of all entries, and the whole of those entries whose text was taken in ([`insert`]).
//! Neither keeps any text (`content = ''`), so an entry goes out of them by its id alone and they cannot rot.

use crate::text::script::is_paired;
use rusqlite::{Connection, params};
use std::borrow::Cow;

/// Text as it is indexed: `日本語` becomes `日本 本語 語`, so that every pair, and every single character as the beginning of a
/// word, is found.
pub fn spread(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_paired) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 3);
    pairs(text, true, &mut out);
    Cow::Owned(out)
}

/// Text as it is asked for, and whether it must be asked as the beginning of a word: as [`spread`], but the last character
/// of a run at the end stands in its pair only, so that `日本` finds `日本語`; a lone character finds all words that begin with it.
pub fn asked(text: &str) -> (Cow<'_, str>, bool) {
    if text.is_ascii() || !text.contains(is_paired) {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(text.len() * 3);
    let lone = pairs(text, false, &mut out);
    (Cow::Owned(out), lone)
}

/// Writes `text` with its runs as pairs; answers whether it ends in a run of one. `last`: write the last character of a run
/// at the end once more by itself.
fn pairs(text: &str, last: bool, out: &mut String) -> bool {
    let mut run: Option<char> = None;
    let mut in_run = 0;
    for c in text.chars() {
        if is_paired(c) {
            if let Some(before) = run {
                out.push(before);
                out.push(c);
                out.push(' ');
            } else {
                out.push(' ');
            }
            run = Some(c);
            in_run += 1;
        } else {
            if let Some(before) = run.take() {
                out.push(before);
                out.push(' ');
            }
            in_run = 0;
            out.push(c);
        }
    }
    if let Some(before) = run
        && (last || in_run == 1)
    {
        out.push(before);
    }
    in_run == 1
}

/// The words of HTML, for the index: without markup, scripts and styles. Much cheaper than laying the text out, which is
/// done only where an entity is met that is not known here.
pub fn words(html: &str) -> Cow<'_, str> {
    if !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(place) = rest.find(['<', '&']) {
        out.push_str(&rest[..place]);
        rest = &rest[place..];
        if rest.starts_with('&') {
            let Some((c, length)) = entity(rest) else {
                return Cow::Owned(crate::text::plain(html));
            };
            out.push(c);
            rest = &rest[length..];
        } else {
            rest = after_tag(rest, &mut out);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Tags that do not end a word.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// What comes behind the tag, comment, script or style with which `rest` begins.
fn after_tag<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    let name = rest[1..]
        .trim_start_matches('/')
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    if name.is_empty()
        && !rest.starts_with("</")
        && !rest.starts_with("<!")
        && !rest.starts_with("<?")
    {
        // A lone "<" of careless text.
        out.push('<');
        return &rest[1..];
    }
    if !INLINE
        .iter()
        .any(|inline| inline.eq_ignore_ascii_case(name))
    {
        out.push(' ');
    }
    let behind = end_of_tag(&rest[1..]);
    for hidden in ["script", "style"] {
        if name.eq_ignore_ascii_case(hidden) && !rest.starts_with("</") {
            let end = behind.as_bytes().windows(2 + hidden.len()).position(|w| {
                w.starts_with(b"</") && w[2..].eq_ignore_ascii_case(hidden.as_bytes())
            });
            return end.map_or("", |end| &behind[end..]);
        }
    }
    behind
}

/// What comes behind the next `>` that stands in no quotes.
fn end_of_tag(rest: &str) -> &str {
    let mut quote = None;
    for (place, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &rest[place + 1..],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that never ends: the tag ends at its first ">" after all.
    rest.split_once('>').map_or("", |(_, behind)| behind)
}

/// The character of the entity with which `rest` begins, and its length; `None`: not known here.
fn entity(rest: &str) -> Option<(char, usize)> {
    let body = &rest[1..];
    let length = body
        .bytes()
        .take(32)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
        .count();
    let name = &body[..length];
    if !body[length..].starts_with(';') || name.is_empty() {
        // A lone "&" of careless text.
        return Some(('&', 1));
    }
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "nbsp" => ' ',
        "ndash" | "mdash" => '-',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, length + 2))
}

/// Puts title and authors of an entry into the index of titles.
pub fn insert_title(
    conn: &Connection,
    id: i64,
    title: &str,
    authors: &str,
) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO title_fts (rowid, title, authors) VALUES (?1, ?2, ?3)")?
        .execute(params![id, spread(title), spread(authors)])?;
    Ok(())
}

/// Puts the whole of an entry into the index, in place of what stands there of it.
pub fn insert(
    conn: &Connection,
    id: i64,
    title: &str,
    authors: &str,
    text: &str,
) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM entry_fts WHERE rowid = ?1")?
        .execute([id])?;
    conn.prepare_cached(
        "INSERT INTO entry_fts (rowid, title, authors, text) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![id, spread(title), spread(authors), spread(text)])?;
    Ok(())
}

/// Takes an entry out of both indexes.
pub fn remove(conn: &Connection, id: i64) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM title_fts WHERE rowid = ?1",
        "DELETE FROM entry_fts WHERE rowid = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// The ids of entries that match a question, as SQL with the question twice as parameter.
pub const MATCHING: &str = "SELECT rowid FROM entry_fts WHERE entry_fts MATCH ? UNION ALL SELECT rowid FROM title_fts WHERE title_fts MATCH ?";

/// The ids of entries that match a question, ascending, once each.
pub fn matching(conn: &Connection, question: &str) -> rusqlite::Result<Vec<i64>> {
    let ask = |sql: &str| -> rusqlite::Result<Vec<i64>> {
        conn.prepare_cached(sql)?
            .query_map([question], |row| row.get(0))?
            .collect()
    };
    let mut hits = ask("SELECT rowid FROM entry_fts WHERE entry_fts MATCH ?1")?;
    // Where all text is in, it has the titles too.
    let behind: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM index_queue)")?
        .query_row([], |row| row.get(0))?;
    if behind {
        hits.extend(ask("SELECT rowid FROM title_fts WHERE title_fts MATCH ?1")?);
        hits.sort_unstable();
        hits.dedup();
    }
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::{asked, spread, words};
    use proptest::prelude::*;

    #[test]
    fn runs_without_spaces_become_pairs() {
        for (text, expected) in [
            ("plain words", "plain words"),
            ("日本語", " 日本 本語 語"),
            ("日", " 日"),
            ("Rustの本", "Rust の本 本"),
            ("本 of", " 本  of"),
        ] {
            assert_eq!(spread(text), expected, "{text}");
        }
    }

    #[test]
    fn asking_leaves_the_last_character_to_its_pair() {
        for (text, expected, lone) in [
            ("words", "words", false),
            ("日本", " 日本 ", false),
            ("日", " 日", true),
            ("本 of", " 本  of", false),
        ] {
            let (asked, is_lone) = asked(text);
            assert_eq!((asked.as_ref(), is_lone), (expected, lone), "{text}");
        }
    }

    #[test]
    fn the_words_of_html_come_without_its_markup() {
        for (html, expected) in [
            ("plain", "plain"),
            ("<p>One</p><p>two</p>", " One  two "),
            ("un<b>believ</b>able", "unbelievable"),
            ("a &amp; b&nbsp;c &#233; &#xe9;", "a & b c é é"),
            ("<script>var x = '<p>';</script>after", "  after"),
            ("<a title=\"a > b\">link</a>", "link"),
            ("1 < 2 & 3", "1 < 2 & 3"),
            ("<!-- no -->yes", "yes"),
            ("cut <a href=\"x", "cut "),
        ] {
            assert_eq!(words(html), expected, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            words(&text);
            spread(&text);
            asked(&text);
        }

        #[test]
        fn no_markup_panics(text in "[<>&;#a-z\"'/! 日-]{0,60}") {
            words(&text);
        }
    }
}
