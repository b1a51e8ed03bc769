//! Text to [`Query`].
//!
//! ```text
//! either := both ("or" both)*
//! both   := not*
//! not    := "-" not | "not" not | "(" either ")" | word | "phrase" | /regex/ | name:value
//! ```
//!
//! What is open at the end (a quote, a parenthesis, a regex) is closed there: a query is read while it is being typed.

use super::words::{FIELDS, MARKS, THINGS, nearest};
use super::{Query, QueryError, Test, times};
use chrono::{DateTime, Utc};
use std::ops::Range;

/// How deep parentheses and negations may stand in one another.
const DEEPEST: usize = 50;

/// How long a query may be, in bytes.
const LONGEST: usize = 4_000;

/// Words shorter than this are not taken for the beginning of longer ones: too much begins with one letter.
const PREFIX_FROM: usize = 2;

/// Reads a query. `now` gives `age:` its meaning. Blank text is [`Query::All`].
pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Query, QueryError> {
    read(text, now).map(|(query, _)| query)
}

/// Reads a query that nobody is typing any more: what is open at its end is an error.
pub fn parse_whole(text: &str, now: DateTime<Utc>) -> Result<Query, QueryError> {
    match read(text, now)? {
        (_, Some((mark, place))) => Err(wrong(
            format!("this “{mark}” is not closed"),
            place..place + mark.len_utf8(),
        )),
        (query, None) => Ok(query),
    }
}

/// The query, and the first mark that is left open with its place in bytes.
fn read(text: &str, now: DateTime<Utc>) -> Result<(Query, Option<(char, usize)>), QueryError> {
    if text.len() > LONGEST {
        return Err(wrong("a query of this length is not read", 0..text.len()));
    }
    let mut reader = Reader {
        text,
        place: 0,
        depth: 0,
        open: None,
        now,
    };
    let query = reader.either()?;
    reader.skip_space();
    match reader.rest().chars().next() {
        None => Ok((query, reader.open)),
        // `either` stops at nothing else.
        Some(c) => Err(wrong(
            "this “)” closes nothing",
            reader.place..reader.place + c.len_utf8(),
        )),
    }
}

fn wrong(message: impl Into<String>, span: Range<usize>) -> QueryError {
    QueryError {
        message: message.into(),
        span,
    }
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
    depth: usize,
    /// A quote, parenthesis or regex that nothing closed, and where it begins.
    open: Option<(char, usize)>,
    now: DateTime<Utc>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.place..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.place += rest.len() - rest.trim_start().len();
    }

    /// A word of the language, which is a word only where it stands alone.
    fn keyword(&self, word: &str) -> bool {
        let rest = self.rest();
        rest.get(..word.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
            && rest[word.len()..]
                .chars()
                .next()
                .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'))
    }

    fn either(&mut self) -> Result<Query, QueryError> {
        let mut any = vec![self.both()?];
        loop {
            self.skip_space();
            if !self.keyword("or") {
                break;
            }
            let span = self.place..self.place + 2;
            self.place += 2;
            let next = self.both()?;
            if any.last() == Some(&Query::All) || next == Query::All {
                return Err(wrong("“or” needs something on both sides", span));
            }
            any.push(next);
        }
        Ok(if any.len() == 1 {
            any.swap_remove(0)
        } else {
            Query::Or(any)
        })
    }

    fn both(&mut self) -> Result<Query, QueryError> {
        let mut all = Vec::new();
        loop {
            self.skip_space();
            if self.rest().is_empty() || self.rest().starts_with(')') || self.keyword("or") {
                break;
            }
            if self.keyword("and") {
                self.place += 3;
                continue;
            }
            match self.not()? {
                Query::All => {}
                query => all.push(query),
            }
        }
        Ok(match all.len() {
            0 => Query::All,
            1 => all.swap_remove(0),
            _ => Query::And(all),
        })
    }

    fn not(&mut self) -> Result<Query, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(wrong(
                "parentheses this deep are not read",
                self.place..self.text.len(),
            ));
        }
        let query = self.not_deeper();
        self.depth -= 1;
        query
    }

    fn not_deeper(&mut self) -> Result<Query, QueryError> {
        let rest = self.rest();
        let minus = rest.starts_with('-')
            && rest[1..]
                .chars()
                .next()
                .is_some_and(|c| !c.is_whitespace() && c != ')');
        if minus || self.keyword("not") {
            let begin = self.place;
            self.place += if minus { 1 } else { 3 };
            self.skip_space();
            if self.rest().is_empty() || self.rest().starts_with(')') || self.keyword("or") {
                return Err(wrong("“not” needs something behind it", begin..self.place));
            }
            return Ok(match self.not()? {
                Query::All => Query::All,
                query => Query::Not(Box::new(query)),
            });
        }
        if rest.starts_with('(') {
            let begin = self.place;
            self.place += 1;
            let query = self.either()?;
            self.skip_space();
            if self.rest().starts_with(')') {
                self.place += 1;
            } else {
                self.open.get_or_insert(('(', begin));
            }
            return Ok(query);
        }
        if rest.starts_with('"') {
            let text = self.quoted();
            return Ok(phrase(&text, Test::Phrase));
        }
        if rest.starts_with('/') && rest.len() > 1 {
            return self.regex();
        }
        self.word()
    }

    /// What stands in double quotes; `""` is a quote within.
    fn quoted(&mut self) -> String {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        let mut end = self.rest().len();
        let mut closed = false;
        while let Some((place, c)) = chars.next() {
            if c != '"' {
                text.push(c);
            } else if chars.peek().is_some_and(|(_, next)| *next == '"') {
                text.push('"');
                chars.next();
            } else {
                end = place + 1;
                closed = true;
                break;
            }
        }
        if !closed {
            self.open.get_or_insert(('"', self.place));
        }
        self.place += end;
        text
    }

    fn regex(&mut self) -> Result<Query, QueryError> {
        let begin = self.place;
        let mut pattern = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        let mut end = self.rest().len();
        let mut closed = false;
        while let Some((place, c)) = chars.next() {
            match c {
                '\\' if chars.peek().is_some_and(|(_, next)| *next == '/') => {
                    pattern.push('/');
                    chars.next();
                }
                '\\' => {
                    pattern.push('\\');
                    pattern.extend(chars.next().map(|(_, next)| next));
                }
                '/' => {
                    end = place + 1;
                    closed = true;
                    break;
                }
                _ => pattern.push(c),
            }
        }
        if !closed {
            self.open.get_or_insert(('/', begin));
        }
        self.place += end;
        if pattern.is_empty() {
            return Ok(Query::All);
        }
        match regex::RegexBuilder::new(&pattern)
            .size_limit(1 << 20)
            .build()
        {
            Ok(_) => Ok(Query::Test(Test::Regex(pattern))),
            Err(error) => {
                let text = error.to_string();
                let last = text
                    .lines()
                    .rev()
                    .find_map(|line| line.strip_prefix("error: "))
                    .unwrap_or("it is too large")
                    .to_owned();
                Err(wrong(
                    format!("this pattern cannot be read: {last}"),
                    begin..self.place,
                ))
            }
        }
    }

    /// A word, or `name:value`.
    fn word(&mut self) -> Result<Query, QueryError> {
        let begin = self.place;
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        if let Some((name, _)) = word.split_once(':')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphabetic())
        {
            if name.eq_ignore_ascii_case("http") || name.eq_ignore_ascii_case("https") {
                // An address: what cites it.
                let address = rest.split_whitespace().next().unwrap_or(word);
                self.place += address.len();
                return Ok(Query::Test(Test::Source(address.to_owned())));
            }
            self.place += name.len() + 1;
            return self.field(name, begin);
        }
        // Such a character at the beginning has been dealt with, but for a stray one.
        if word.is_empty() {
            self.place += rest.chars().next().map_or(0, char::len_utf8);
            return Ok(Query::All);
        }
        self.place += end;
        if let Some(stem) = word.strip_suffix('*') {
            return Ok(if stem.is_empty() {
                Query::All
            } else {
                Query::Test(Test::Word {
                    text: stem.to_owned(),
                    prefix: true,
                })
            });
        }
        // While it is being typed, the last word is a beginning.
        let prefix = self.rest().is_empty() && word.chars().count() >= PREFIX_FROM;
        Ok(Query::Test(Test::Word {
            text: word.to_owned(),
            prefix,
        }))
    }

    fn field(&mut self, name: &str, begin: usize) -> Result<Query, QueryError> {
        let name_span = begin..begin + name.len();
        let field = name.to_ascii_lowercase();
        let Some((_, what)) = FIELDS.iter().find(|(known, _)| *known == field) else {
            let near = nearest(name, FIELDS.iter().map(|(known, _)| *known));
            let hint = near.map_or_else(
                || "; to find these words, put them in quotes".to_owned(),
                |near| format!("; did you mean “{near}:”?"),
            );
            return Err(wrong(format!("there is no “{name}:”{hint}"), name_span));
        };
        let value_begin = self.place;
        let value = if self.rest().starts_with('"') {
            self.quoted()
        } else {
            let rest = self.rest();
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
                .unwrap_or(rest.len());
            self.place += end;
            rest[..end].to_owned()
        };
        let span = begin..self.place;
        let value_span = value_begin..self.place;
        let value = value.trim();
        if value.is_empty() {
            return Err(wrong(format!("behind “{field}:” stands {what}"), span));
        }
        let text = value.to_owned();
        Ok(Query::Test(match field.as_str() {
            "title" => return Ok(phrase(value, Test::Title)),
            "author" => return Ok(phrase(value, Test::Author)),
            "feed" => Test::Feed(text),
            "tag" => Test::Tag(text.trim_start_matches('#').to_owned()),
            "feedtag" => Test::FeedTag(text.trim_start_matches('#').to_owned()),
            "site" => Test::Site(text),
            "source" => Test::Source(text),
            "lang" => Test::Language(text.to_lowercase()),
            "story" => Test::Story(
                value
                    .parse()
                    .map_err(|_| wrong(format!("“{value}” is no story's number"), value_span))?,
            ),
            "is" => Test::Is(one_of(value, MARKS, "is", value_span)?),
            "has" => Test::Has(one_of(value, THINGS, "has", value_span)?),
            "before" => Test::Before(self.moment(value, value_span)?),
            "after" => Test::After(self.moment(value, value_span)?),
            _ => {
                let (older, length) = match value.strip_prefix('>') {
                    Some(length) => (true, length),
                    None => (false, value.strip_prefix('<').unwrap_or(value)),
                };
                let age = times::age(&length.to_lowercase()).ok_or_else(|| {
                    wrong(
                        format!("“{value}” is no age; one looks like <2d or >3w"),
                        value_span,
                    )
                })?;
                let then = self.now - age;
                if older {
                    Test::Before(then)
                } else {
                    Test::After(then)
                }
            }
        }))
    }

    fn moment(&self, value: &str, span: Range<usize>) -> Result<DateTime<Utc>, QueryError> {
        times::moment(value, self.now).ok_or_else(|| {
            wrong(
                format!("“{value}” is no day; one looks like 2026-11-03, yesterday or 2d"),
                span,
            )
        })
    }
}

/// Nothing to look for is no condition.
fn phrase(text: &str, make: impl Fn(String) -> Test) -> Query {
    let text = text.trim();
    if text.is_empty() {
        Query::All
    } else {
        Query::Test(make(text.to_owned()))
    }
}

fn one_of<T: Copy>(
    value: &str,
    names: &[(&str, T)],
    field: &str,
    span: Range<usize>,
) -> Result<T, QueryError> {
    let folded = value.to_lowercase();
    if let Some((_, meant)) = names.iter().find(|(name, _)| *name == folded) {
        return Ok(*meant);
    }
    let hint = if let Some(near) = nearest(&folded, names.iter().map(|(name, _)| *name)) {
        format!("; did you mean “{field}:{near}”?")
    } else {
        let all: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        format!("; there is {}", all.join(", "))
    };
    Err(wrong(format!("there is no “{field}:{value}”{hint}"), span))
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_whole};
    use crate::query::{Mark, Query, Test, Thing};
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn word(text: &str) -> Query {
        Query::Test(Test::Word {
            text: text.into(),
            prefix: false,
        })
    }

    #[test]
    fn what_nobody_types_any_more_must_be_closed() {
        for (text, open) in [
            ("(", 0..1),
            ("a (b or", 2..3),
            ("a \"b", 2..3),
            ("title:\"b", 6..7),
            ("a /b", 2..3),
        ] {
            if let Ok(found) = parse(text, now()) {
                let error = parse_whole(text, now()).expect_err(&format!("{found:?}"));
                assert_eq!(error.span, open, "{text}");
            }
        }
        for text in ["", "(a)", "\"a\" /b/ (c or -d)", "*"] {
            assert_eq!(parse_whole(text, now()), parse(text, now()), "{text}");
        }
    }

    fn begun(text: &str) -> Query {
        Query::Test(Test::Word {
            text: text.into(),
            prefix: true,
        })
    }

    fn test(test: Test) -> Query {
        Query::Test(test)
    }

    fn not(query: Query) -> Query {
        Query::Not(Box::new(query))
    }

    #[track_caller]
    fn check(text: &str, expected: Query) {
        assert_eq!(parse(text, now()), Ok(expected), "{text}");
    }

    #[track_caller]
    fn check_wrong(text: &str, message: &str, marked: &str) {
        let error = parse(text, now()).unwrap_err();
        assert_eq!(
            (error.message.as_str(), &text[error.span.clone()]),
            (message, marked)
        );
    }

    #[test]
    fn words_phrases_and_their_combinations() {
        check("", Query::All);
        check("  ", Query::All);
        check("rust", begun("rust"));
        check("rust ", word("rust"));
        check("r", word("r"));
        check("rust lang", Query::And(vec![word("rust"), begun("lang")]));
        check("rust* lang ", Query::And(vec![begun("rust"), word("lang")]));
        check("\"memory safe\"", test(Test::Phrase("memory safe".into())));
        check(
            "\"say \"\"no\"\"\"",
            test(Test::Phrase("say \"no\"".into())),
        );
        check("\"still typing", test(Test::Phrase("still typing".into())));
        check("a or b ", Query::Or(vec![word("a"), word("b")]));
        check(
            "a OR b c ",
            Query::Or(vec![word("a"), Query::And(vec![word("b"), word("c")])]),
        );
        check(
            "(a or b) c ",
            Query::And(vec![Query::Or(vec![word("a"), word("b")]), word("c")]),
        );
        check("(a or b", Query::Or(vec![word("a"), word("b")]));
        check("-a ", not(word("a")));
        check("not (a b) ", not(Query::And(vec![word("a"), word("b")])));
        check("a and b ", Query::And(vec![word("a"), word("b")]));
        check("- a ", Query::And(vec![word("-"), word("a")]));
        check("oracle ", word("oracle"));
        check("well-known ", word("well-known"));
        check("()", Query::All);
        check("日本", begun("日本"));
    }

    #[test]
    fn names_and_values() {
        check("title:rust", test(Test::Title("rust".into())));
        check("title:\"two words\"", test(Test::Title("two words".into())));
        check("AUTHOR:ann", test(Test::Author("ann".into())));
        check("feed:3", test(Test::Feed("3".into())));
        check("tag:#later/work", test(Test::Tag("later/work".into())));
        check("feedtag:news", test(Test::FeedTag("news".into())));
        check("site:example.org", test(Test::Site("example.org".into())));
        check(
            "source:https://x.example/a?b=(c",
            test(Test::Source("https://x.example/a?b=".into())).and_word("c"),
        );
        check(
            "https://x.example/(a)",
            test(Test::Source("https://x.example/(a)".into())),
        );
        check("lang:NL", test(Test::Language("nl".into())));
        check("story:12", test(Test::Story(12)));
        check("-is:read", not(test(Test::Is(Mark::Read))));
        check("has:audio", test(Test::Has(Thing::Audio)));
        check(
            "before:2026-11",
            test(Test::Before("2026-11-01T00:00:00Z".parse().unwrap())),
        );
        check(
            "after:today",
            test(Test::After("2026-11-24T00:00:00Z".parse().unwrap())),
        );
        check(
            "age:<2d",
            test(Test::After("2026-11-22T12:00:00Z".parse().unwrap())),
        );
        check(
            "age:>1w",
            test(Test::Before("2026-11-17T12:00:00Z".parse().unwrap())),
        );
        check("/a\\/b+/", test(Test::Regex("a/b+".into())));
        check("/open", test(Test::Regex("open".into())));
        check("12:30 ", word("12:30"));
    }

    impl Query {
        fn and_word(self, text: &str) -> Query {
            Query::And(vec![self, begun_or_word(text)])
        }
    }

    fn begun_or_word(text: &str) -> Query {
        if text.chars().count() > 1 {
            begun(text)
        } else {
            word(text)
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        check_wrong(
            "a titel:x",
            "there is no “titel:”; did you mean “title:”?",
            "titel",
        );
        check_wrong(
            "foo:bar",
            "there is no “foo:”; to find these words, put them in quotes",
            "foo",
        );
        check_wrong(
            "is:unred",
            "there is no “is:unred”; did you mean “is:unread”?",
            "unred",
        );
        check_wrong(
            "has:pears",
            "there is no “has:pears”; there is sources, image, audio, note",
            "pears",
        );
        check_wrong(
            "is:",
            "behind “is:” stands unread, read, starred, later, updated or hidden",
            "is:",
        );
        check_wrong(
            "before:soon",
            "“soon” is no day; one looks like 2026-11-03, yesterday or 2d",
            "soon",
        );
        check_wrong(
            "age:old",
            "“old” is no age; one looks like <2d or >3w",
            "old",
        );
        check_wrong("story:x", "“x” is no story's number", "x");
        check_wrong("a)", "this “)” closes nothing", ")");
        check_wrong("a or", "“or” needs something on both sides", "or");
        check_wrong("or b", "“or” needs something on both sides", "or");
        check_wrong("a not", "“not” needs something behind it", "not");
        check_wrong(
            "/[/",
            "this pattern cannot be read: unclosed character class",
            "/[/",
        );
    }

    #[test]
    fn depth_and_length_are_bounded() {
        assert!(parse(&"(".repeat(3_000), now()).is_err());
        assert!(parse(&"-(".repeat(1_500), now()).is_err());
        assert!(parse(&"x ".repeat(3_000), now()).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text, now());
        }

        #[test]
        fn no_query_like_text_panics(text in "(title:|is:|age:|before:|or |not |-|\\(|\\)|\"|/|<|>|[a-z]{1,3}|[0-9]{1,20}[a-z]?| |日){0,12}") {
            if let Err(error) = parse(&text, now()) {
                prop_assert!(text.get(error.span).is_some());
            }
        }
    }
}
