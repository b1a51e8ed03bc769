//! A tokenizer for XML as it is found, not as it should be.
//!
//! - It never fails: what is no tag is text.
//! - Every token knows its place, so that a repair can be written as "replace these bytes".
//! - One pass, linear: each unfinished construct is looked for once, and never past a bound twice.
//! - Names keep their prefix; entities stay as written.

use super::entities;
use std::borrow::Cow;
use std::ops::Range;

/// One piece of markup or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// `<name attributes>`, or `<name attributes/>` if `closed`.
    Start {
        name: &'a str,
        attributes: &'a str,
        closed: bool,
    },
    End {
        name: &'a str,
    },
    /// Text between markup, entities as written. A bare `<` comes as a text of its own.
    Text(&'a str),
    /// What stands in a CDATA section. `whole`: its end was there.
    CData {
        text: &'a str,
        whole: bool,
    },
    Comment {
        whole: bool,
    },
    /// `<?…?>`
    Instruction,
    /// `<!DOCTYPE …>` and other declarations.
    Declaration,
}

/// How far a quoted attribute value that holds a `<` is followed, in bytes, and how often.
const ODD_VALUE: usize = 2_048;
const ODD_VALUES: u32 = 2_000;

/// Reads tokens out of a text.
#[derive(Clone, Debug)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    odd_values: u32,
    /// A declaration did not end: the next ones are not followed through their brackets.
    lost_declaration: bool,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Tokens::starting_at(text, 0)
    }

    /// `at` must be a character boundary.
    pub(crate) fn starting_at(text: &'a str, at: usize) -> Self {
        Tokens {
            text,
            at,
            odd_values: 0,
            lost_declaration: false,
        }
    }

    /// Where the next token begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Everything up to and with `end`, beginning `skip` bytes from here; all that is left if it never comes.
    fn until(&mut self, skip: usize, end: &str) -> (&'a str, bool) {
        let rest = &self.rest()[skip..];
        if let Some(length) = rest.find(end) {
            self.at += skip + length + end.len();
            (&rest[..length], true)
        } else {
            self.at = self.text.len();
            (rest, false)
        }
    }

    fn declaration(&mut self) -> Token<'a> {
        // An internal subset holds `>` in brackets and quotes.
        let rest = if self.lost_declaration {
            ""
        } else {
            self.rest()
        };
        let (mut depth, mut quote) = (0_usize, None);
        for (place, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if open == byte => quote = None,
                (None, b'"' | b'\'') if depth > 0 => quote = Some(byte),
                (None, b'[') => depth += 1,
                (None, b']') => depth = depth.saturating_sub(1),
                (None, b'>') if depth == 0 => {
                    self.at += place + 1;
                    return Token::Declaration;
                }
                _ => {}
            }
        }
        self.lost_declaration = true;
        self.until(0, ">");
        Token::Declaration
    }

    /// Length of the tag that begins here, up to and with its `>`; `None` if it is no tag.
    fn tag_length(&mut self) -> Option<usize> {
        let rest = self.rest().as_bytes();
        let mut place = 1;
        let mut quote: Option<(u8, usize)> = None;
        let mut after_equals = false;
        while let Some(&byte) = rest.get(place) {
            match (quote, byte) {
                (Some((open, _)), byte) if byte == open => quote = None,
                (Some((open, from)), b'<') => {
                    // Not allowed in a value; either the quote was never closed, or somebody wrote HTML there.
                    let closing = self.odd_closing(open, from, place);
                    if let Some(closing) = closing {
                        place = closing;
                        quote = None;
                    } else {
                        return rest[..place].iter().position(|&b| b == b'>').map(|p| p + 1);
                    }
                }
                (None, b'"' | b'\'') if after_equals => quote = Some((byte, place)),
                (None, b'>') => return Some(place + 1),
                (None, b'<') => return None,
                _ => {}
            }
            if quote.is_none() && !byte.is_ascii_whitespace() {
                after_equals = byte == b'=';
            }
            place += 1;
        }
        // The text ends within the tag: an open quote may have swallowed the end of it.
        let (_, from) = quote?;
        rest[from..]
            .iter()
            .position(|&b| b == b'>')
            .map(|p| from + p + 1)
    }

    /// Where the quote closes after all, if something follows it that may follow a value.
    fn odd_closing(&mut self, open: u8, from: usize, place: usize) -> Option<usize> {
        self.odd_values += 1;
        if self.odd_values > ODD_VALUES || place > from + ODD_VALUE {
            return None;
        }
        let rest = self.rest().as_bytes();
        let window = &rest[place..rest.len().min(place + ODD_VALUE)];
        let closing = place + window.iter().position(|&b| b == open)?;
        let next = *rest.get(closing + 1)?;
        // `a="x <b` and then `c="y"`: the next quote opens, it does not close.
        let opens = rest[..closing].last() == Some(&b'=');
        (!opens && (next.is_ascii_whitespace() || matches!(next, b'>' | b'/' | b'?')))
            .then_some(closing)
    }
}

/// Splits the inside of a tag into name and the rest.
fn split_name(inside: &str) -> (&str, &str) {
    let end = inside
        .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '=')
        .unwrap_or(inside.len());
    inside.split_at(end)
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let first = *bytes.first()?;
        if first != b'<' {
            let length = rest.find('<').unwrap_or(rest.len());
            self.at += length;
            return Some((Token::Text(&rest[..length]), start..self.at));
        }
        let token = match bytes.get(1) {
            Some(b'!') if rest.starts_with("<!--") => {
                let (_, whole) = self.until(4, "-->");
                Token::Comment { whole }
            }
            Some(b'!') if rest.starts_with("<![CDATA[") => {
                let (text, whole) = self.until(9, "]]>");
                Token::CData { text, whole }
            }
            Some(b'!') => self.declaration(),
            Some(b'?') => {
                self.until(2, ">");
                Token::Instruction
            }
            Some(b'/') if bytes.get(2).copied().is_some_and(begins_name) => {
                // An end tag that runs into the next tag has lost its `>`.
                let length = rest[2..].find(['<', '>']).unwrap_or(rest.len() - 2);
                let inside = &rest[2..2 + length];
                self.at += 2 + length + usize::from(bytes.get(2 + length) == Some(&b'>'));
                Token::End {
                    name: split_name(inside).0,
                }
            }
            Some(&byte) if begins_name(byte) => match self.tag_length() {
                Some(length) => {
                    self.at += length;
                    let inside = &rest[1..length - 1];
                    let (name, attributes) = split_name(inside);
                    let closed = inside.ends_with('/');
                    let attributes = if closed {
                        attributes.strip_suffix('/').unwrap_or(attributes)
                    } else {
                        attributes
                    };
                    Token::Start {
                        name,
                        attributes,
                        closed,
                    }
                }
                None => self.bare(),
            },
            _ => self.bare(),
        };
        Some((token, start..self.at))
    }
}

impl<'a> Tokens<'a> {
    /// A `<` that begins nothing.
    fn bare(&mut self) -> Token<'a> {
        let text = &self.rest()[..1];
        self.at += 1;
        Token::Text(text)
    }
}

/// One attribute as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    /// Entities as written.
    pub(crate) value: &'a str,
    /// Whether it is as XML wants it: a value, in quotes, without a bare `<`, white space before it.
    pub(crate) sound: bool,
}

impl<'a> Attribute<'a> {
    /// The value with its entities resolved.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        entities::decode(self.value)
    }
}

/// The attributes of a tag, however they are written.
#[derive(Clone, Debug)]
pub(crate) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Attributes(text)
    }

    /// The value of the attribute of that name in any case, entities resolved.
    pub(crate) fn get(text: &'a str, name: &str) -> Option<Cow<'a, str>> {
        Attributes(text)
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map(|attribute| attribute.text())
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let text = self.0.trim_start();
        let mut sound = text.len() < self.0.len();
        let stripped = text.trim_start_matches(['/', '"', '\'', '=', '<', '>']);
        sound &= stripped.len() == text.len();
        let text = stripped.trim_start();
        if text.is_empty() {
            self.0 = "";
            return None;
        }
        let name_end = text
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '"' | '\'' | '/'))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(name_end);
        sound &= name.as_bytes().first().copied().is_some_and(begins_name);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.0 = rest;
            return Some(Attribute {
                name,
                value: "",
                sound: false,
            });
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = if let Some(quote) = quote {
            if let Some(parts) = value[1..].split_once(quote) {
                parts
            } else {
                sound = false;
                (&value[1..], "")
            }
        } else {
            sound = false;
            let end = value
                .find(|c: char| c.is_ascii_whitespace())
                .unwrap_or(value.len());
            value.split_at(end)
        };
        self.0 = rest;
        sound &= !value.contains('<');
        Some(Attribute { name, value, sound })
    }
}

/// A name without its prefix, and the prefix.
pub(crate) fn split_prefix(name: &str) -> (&str, &str) {
    name.rsplit_once(':').unwrap_or(("", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual: Vec<String> = Tokens::new(text)
            .map(|(token, _)| match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => {
                    let list: Vec<String> = Attributes::new(attributes)
                        .map(|a| {
                            format!("{}={}{}", a.name, a.value, if a.sound { "" } else { "!" })
                        })
                        .collect();
                    format!(
                        "<{name}{}{}>",
                        list.iter().map(|a| format!(" {a}")).collect::<String>(),
                        if closed { "/" } else { "" }
                    )
                }
                Token::End { name } => format!("</{name}>"),
                Token::Text(text) => format!("'{text}'"),
                Token::CData { text, whole } => format!("[{text}{}]", if whole { "" } else { "…" }),
                Token::Comment { .. } => "#".into(),
                Token::Instruction => "?".into(),
                Token::Declaration => "!".into(),
            })
            .collect();
        assert_eq!(actual.join(" "), expected);
    }

    #[test]
    fn sound_markup_comes_as_it_is() {
        check("<a b='1' c=\"2\">x</a><d/>", "<a b=1 c=2> 'x' </a> <d/>");
        check("<?xml?><!-- > --><![CDATA[<b>]]>", "? # [<b>]");
        check("<!DOCTYPE a [<!ENTITY b \"]>\">]><a>", "! <a>");
    }

    #[test]
    fn broken_markup_still_comes_apart() {
        check("a < b", "'a ' '<' ' b'");
        check("<a b=1 c>", "<a b=1! c=!>");
        check("<a b=\"x <i>y</i>\" c='1'>", "<a b=x <i>y</i>! c=1>");
        check("<a b=\"x>text</a>", "<a b=x!> 'text' </a>");
        check("<a b=\"1\"c=\"2\">", "<a b=1 c=2!>");
        check("</a<b>", "</a> <b>");
        check("<a <b>", "'<' 'a ' <b>");
        check("<![CDATA[x", "[x…]");
    }

    #[test]
    fn every_byte_belongs_to_one_token() {
        let text = "<a b=\"<c>\" d=><![CDATA[ü]]>&x <e f='</a><!-- <g";
        let mut at = 0;
        for (_, range) in Tokens::new(text) {
            assert_eq!(range.start, at);
            at = range.end;
        }
        assert_eq!(at, text.len());
    }
}
