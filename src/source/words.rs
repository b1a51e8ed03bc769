//! The tables of `assets/source-rules.toml`, read and made quick to ask.

use regex::Regex;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;
use url::Url;

/// What the tables say of a link's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Is {
    Share,
    Admin,
    Ad,
    Tracker,
    Thread,
    Comments,
    Newsletter,
    Subscribe,
    Profile,
    Donation,
    Weak,
    Tag,
    Upload,
}

/// What a text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Phrase {
    Comments,
    Buy,
    Credit,
    Follow,
    Subscribe,
    Tail,
    Generic,
    Label,
    References,
    OwnPage,
    Footer,
    Republished,
    Cue,
}

/// The tables, compiled.
#[derive(Debug)]
pub(super) struct Words {
    hosts: HashMap<Box<str>, Vec<HostRow>>,
    segments: HashMap<Box<str>, Vec<Is>>,
    phrases: HashMap<Phrase, Phrases>,
    frames: HashMap<Box<str>, Vec<Frame>>,
}

#[derive(Clone, Debug)]
struct HostRow {
    is: Is,
    path: Option<&'static Regex>,
    query: Option<&'static Regex>,
}

#[derive(Clone, Debug)]
struct Frame {
    path: &'static Regex,
    param: Option<Box<str>>,
    to: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    host: Vec<HostText>,
    segment: Vec<SegmentText>,
    words: Vec<WordsText>,
    frame: Vec<FrameText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostText {
    is: Is,
    #[serde(rename = "why")]
    _why: String,
    hosts: Vec<String>,
    path: Option<String>,
    query: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentText {
    is: Is,
    #[serde(rename = "why")]
    _why: String,
    segments: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsText {
    is: Phrase,
    #[serde(rename = "why")]
    _why: String,
    #[serde(rename = "lang")]
    _lang: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameText {
    hosts: Vec<String>,
    path: String,
    param: Option<String>,
    to: String,
}

impl Words {
    /// The tables that come with the program.
    pub fn bundled() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            let file: File = toml::from_str(include_str!("../../assets/source-rules.toml"))
                .expect("the bundled rules are read by a test");
            Words::of(file)
        })
    }

    fn of(file: File) -> Words {
        // Compiled once and for all: the tables live as long as the program.
        let pattern = |text: &str| -> &'static Regex {
            Box::leak(Box::new(
                Regex::new(text).expect("the bundled rules are read by a test"),
            ))
        };
        let mut words = Words {
            hosts: HashMap::new(),
            segments: HashMap::new(),
            phrases: HashMap::new(),
            frames: HashMap::new(),
        };
        for row in file.host {
            let compiled = HostRow {
                is: row.is,
                path: row.path.as_deref().map(pattern),
                query: row.query.as_deref().map(pattern),
            };
            for host in row.hosts {
                words
                    .hosts
                    .entry(host.into())
                    .or_default()
                    .push(compiled.clone());
            }
        }
        for row in file.segment {
            for segment in row.segments {
                words
                    .segments
                    .entry(segment.into())
                    .or_default()
                    .push(row.is);
            }
        }
        for row in file.words {
            let phrases = words.phrases.entry(row.is).or_default();
            for phrase in row.words {
                phrases.add(&phrase);
            }
        }
        for row in file.frame {
            let frame = Frame {
                path: pattern(&row.path),
                param: row.param.map(Into::into),
                to: row.to.into(),
            };
            for host in row.hosts {
                words
                    .frames
                    .entry(host.into())
                    .or_default()
                    .push(frame.clone());
            }
        }
        words
    }

    /// Whether the host (with path and query, where the row asks) is such a place.
    pub fn host_is(&self, url: &Url, is: Is) -> bool {
        let host = url.host_str().unwrap_or_default();
        suffixes(host)
            .filter_map(|end| self.hosts.get(end))
            .flatten()
            .any(|row| {
                row.is == is
                    && row.path.is_none_or(|path| path.is_match(url.path()))
                    && row
                        .query
                        .is_none_or(|query| query.is_match(url.query().unwrap_or_default()))
            })
    }

    /// Whether a part of the path says so.
    pub fn segment_is(&self, url: &Url, is: Is) -> bool {
        url.path()
            .split('/')
            .filter(|segment| !segment.is_empty() && segment.len() < 40)
            .any(|segment| {
                let row = match self.segments.get(segment) {
                    None if segment.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                        self.segments.get(segment.to_ascii_lowercase().as_str())
                    }
                    row => row,
                };
                row.is_some_and(|row| row.contains(&is))
            })
    }

    /// The phrases of a kind.
    pub fn phrases(&self, kind: Phrase) -> &Phrases {
        static NONE: OnceLock<Phrases> = OnceLock::new();
        self.phrases
            .get(&kind)
            .unwrap_or_else(|| NONE.get_or_init(Phrases::default))
    }

    /// The page of what a frame shows; `None` when the frame is of no known kind.
    pub fn page_of_frame(&self, frame: &Url) -> Option<String> {
        let host = frame.host_str()?;
        suffixes(host)
            .filter_map(|end| self.frames.get(end))
            .flatten()
            .find_map(|row| {
                let groups = row.path.captures(frame.path())?;
                let param = match &row.param {
                    Some(name) => frame
                        .query_pairs()
                        .find(|(key, _)| key == name.as_ref())
                        .map(|(_, value)| value.into_owned())?,
                    None => String::new(),
                };
                if row.to.is_empty() {
                    return Some(frame.to_string());
                }
                let mut page = row.to.replace("{p}", &param);
                for number in 1..groups.len() {
                    page = page.replace(
                        &format!("{{{number}}}"),
                        groups.get(number).map_or("", |group| group.as_str()),
                    );
                }
                Some(page)
            })
    }
}

fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |rest| {
        rest.split_once('.').map(|(_, rest)| rest)
    })
    .take(12)
}

/// Phrases in small letters, found by their first word.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    by_first: HashMap<Box<str>, Vec<Box<str>>>,
    /// In scripts without spaces a phrase may stand anywhere.
    unspaced: Vec<Box<str>>,
}

impl Phrases {
    fn add(&mut self, phrase: &str) {
        if phrase.chars().next().is_some_and(is_unspaced) {
            self.unspaced.push(phrase.into());
        } else {
            self.by_first
                .entry(first_word(phrase).into())
                .or_default()
                .push(phrase.into());
        }
    }

    /// Whether a text (small letters, single spaces) is one of the phrases.
    pub fn is(&self, text: &str) -> bool {
        self.by_first
            .get(first_word(text))
            .is_some_and(|phrases| phrases.iter().any(|phrase| **phrase == *text))
            || self.unspaced.iter().any(|phrase| **phrase == *text)
    }

    /// Length of the longest phrase that the text begins with.
    pub fn begins(&self, text: &str) -> Option<usize> {
        let spaced = self
            .by_first
            .get(first_word(text))
            .into_iter()
            .flatten()
            .filter(|phrase| starts_with_words(text, phrase));
        spaced
            .chain(
                self.unspaced
                    .iter()
                    .filter(|phrase| text.starts_with(&***phrase)),
            )
            .map(|phrase| phrase.len())
            .max()
    }

    /// Whether a phrase stands in the text.
    pub fn within(&self, text: &str) -> bool {
        let mut inside = false;
        for (at, c) in text.char_indices() {
            let word = c.is_alphanumeric();
            if word
                && !inside
                && self
                    .by_first
                    .get(first_word(&text[at..]))
                    .is_some_and(|phrases| {
                        phrases
                            .iter()
                            .any(|phrase| starts_with_words(&text[at..], phrase))
                    })
            {
                return true;
            }
            inside = word;
        }
        text.chars().any(is_unspaced) && self.unspaced.iter().any(|phrase| text.contains(&**phrase))
    }
}

fn starts_with_words(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The first word; a text that begins with a sign has the sign as its first word.
fn first_word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let end = if end == 0 {
        text.chars().next().map_or(0, char::len_utf8)
    } else {
        end
    };
    &text[..end]
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// A text made comparable: small letters, single spaces, no punctuation and arrows at its ends.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '\u{2019}' | '\u{2018}' => out.push('\''),
                c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    let sign = |c: char| !c.is_alphanumeric() && !matches!(c, '★' | '∞' | '¶' | '#');
    let trimmed = out.trim_matches(sign);
    if trimmed.len() < out.len() {
        trimmed.to_owned()
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_tables_are_read() {
        let words = Words::bundled();
        assert!(words.phrases(Phrase::Tail).is("lees ook"));
        assert!(words.host_is(
            &Url::parse("https://www.facebook.com/sharer/sharer.php?u=x").expect("an address"),
            Is::Share
        ));
        assert!(!words.host_is(
            &Url::parse("https://www.facebook.com/somebody").expect("an address"),
            Is::Share
        ));
    }

    #[test]
    fn phrases_are_found_by_whole_words() {
        let words = Words::bundled();
        assert!(
            words
                .phrases(Phrase::Cue)
                .within("meta said, according to reuters")
        );
        assert!(!words.phrases(Phrase::Cue).within("a viable saidnot"));
        assert_eq!(
            words
                .phrases(Phrase::Tail)
                .begins("related articles on apes"),
            Some("related articles".len())
        );
        assert_eq!(words.phrases(Phrase::Tail).begins("relatedness"), None);
        assert!(
            words
                .phrases(Phrase::Footer)
                .within("この投稿は の投稿 です")
        );
        assert_eq!(folded(" Lees\u{a0}OOK » "), "lees ook");
        assert_eq!(folded("Editor\u{2019}s Pick:"), "editor's pick");
    }

    #[test]
    fn a_frame_leads_to_the_page_of_what_it_shows() {
        let page =
            |frame: &str| Words::bundled().page_of_frame(&Url::parse(frame).expect("an address"));
        assert_eq!(
            page("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0").as_deref(),
            Some("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
        );
        assert_eq!(
            page("https://player.vimeo.com/video/12345?h=1").as_deref(),
            Some("https://vimeo.com/12345")
        );
        assert_eq!(
            page("https://platform.twitter.com/embed/Tweet.html?id=20").as_deref(),
            Some("https://x.com/i/web/status/20")
        );
        assert_eq!(
            page("https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b").as_deref(),
            Some("https://soundcloud.com/a/b")
        );
        assert_eq!(page("https://forms.example.com/embed/1"), None);
    }
}
