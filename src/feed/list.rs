//! A list of feeds, in no format.

use super::opml;
use super::url::FeedUrl;
use super::xml::{Token, Tokens, split_prefix};
use crate::text::{SafeText, decode};
use std::collections::HashMap;
use std::fmt::Write as _;

/// One feed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub url: FeedUrl,
    pub title: Option<String>,
    pub site_url: Option<String>,
    /// Folders become `a/b`.
    pub tags: Vec<String>,
    /// Line in the file, from 1; 0 where there is none.
    pub line: usize,
}

impl Listed {
    /// A feed of which only the address is known.
    #[must_use]
    pub fn at(url: FeedUrl) -> Listed {
        Listed {
            url,
            title: None,
            site_url: None,
            tags: Vec::new(),
            line: 0,
        }
    }
}

/// A list as read: what could be read, and a sentence for each line that could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    pub title: Option<String>,
    pub feeds: Vec<Listed>,
    /// `line: what is wrong and what would be right`.
    pub problems: Vec<(usize, String)>,
    /// The text ends before the list does: feeds may be missing that nobody took out.
    pub cut_short: bool,
}

/// Reads OPML, a newsboat `urls` file or plain addresses, whichever it is.
pub fn read(bytes: &[u8]) -> List {
    let text = decode(bytes, None).text;
    if is_markup(&text) {
        opml::read(&text)
    } else {
        read_urls(&text)
    }
}

/// Whether a text is a list in markup. Addresses in plain text hold no tags.
fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
        || Tokens::new(text).any(|(token, _)| {
            matches!(token, Token::Start { name, .. } if {
                let name = split_prefix(name).1;
                name.eq_ignore_ascii_case("opml") || name.eq_ignore_ascii_case("outline")
            })
        })
}

/// What is wrong with an address that names a program to run, if it does.
pub(super) fn program(url: &FeedUrl) -> Option<String> {
    (url.url().scheme() == "exec").then(|| {
        "a list may not name programs to run; an exec: feed belongs in config.toml, as url = \"exec:…\" under [[feeds]]".to_owned()
    })
}

/// Reads a newsboat `urls` file, or one address a line.
fn read_urls(text: &str) -> List {
    let mut list = List::default();
    let mut seen: HashMap<FeedUrl, usize> = HashMap::new();
    for (number, line) in text.lines().enumerate().take(1_000_000) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        match read_line(line, number + 1) {
            Ok(feed) if list.feeds.len() < opml::MOST_FEEDS => {
                let place = *seen.entry(feed.url.clone()).or_insert(list.feeds.len());
                match list.feeds.get_mut(place) {
                    Some(known) => {
                        for tag in feed.tags {
                            if !known.tags.contains(&tag) {
                                known.tags.push(tag);
                            }
                        }
                    }
                    None => list.feeds.push(feed),
                }
            }
            Ok(_) => break,
            Err(problem) => list.problems.push((number + 1, problem)),
        }
    }
    list
}

fn read_line(line: &str, number: usize) -> Result<Listed, String> {
    let mut words = words(line);
    if words.is_empty() {
        return Err("nothing but quotation marks; an address would be right".to_owned());
    }
    let address = words.remove(0);
    // `!` in front hides a feed from newsboat's list, in front of a tag too.
    let hidden = address.strip_prefix('!').filter(|rest| rest.contains(':'));
    let address = hidden.unwrap_or(&address);
    if address.starts_with("query:") {
        return Err("a query feed of newsboat is no address; a saved search does the same here: [[views]] in config.toml".to_owned());
    }
    if address.starts_with("filter:") {
        return Err("a filter of newsboat; here it is an address with filter = \"…\" under [[feeds]] in config.toml".to_owned());
    }
    if address.starts_with('|') {
        return Err(
            "a list may not name programs to run; an exec: feed belongs in config.toml".to_owned(),
        );
    }
    let url: FeedUrl = address
        .parse()
        .map_err(|error: super::FeedUrlError| SafeText::line(&error.to_string()).into_string())?;
    if let Some(problem) = program(&url) {
        return Err(problem);
    }
    let mut feed = Listed {
        url,
        title: None,
        site_url: None,
        tags: Vec::new(),
        line: number,
    };
    for word in words {
        let word = SafeText::line(&word).into_string();
        if word.starts_with('#') {
            break;
        }
        if let Some(title) = word.strip_prefix('~') {
            feed.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
        } else if word == "!" || word.is_empty() {
            // Hidden in newsboat's list; here every feed of a list is shown.
        } else if !feed.tags.contains(&word) && feed.tags.len() < 100 {
            feed.tags.push(word);
        }
    }
    Ok(feed)
}

/// Words, parted by white space; quotation marks hold one together, `\` takes the next sign as it is within them.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(signs.next()),
            sign if sign.is_whitespace() && !quoted => out.extend(word.take()),
            sign => word.get_or_insert_default().push(sign),
        }
    }
    out.extend(word);
    out.retain(|word| !word.is_empty());
    out
}

/// Writes a newsboat `urls` file.
pub fn write_urls(feeds: &[Listed]) -> String {
    let mut out = String::new();
    for feed in feeds {
        // Odd hosts hold quotation marks.
        if feed.url.as_str().contains(['"', '\\']) {
            out.push_str(&quote(feed.url.as_str()));
        } else {
            out.push_str(feed.url.as_str());
        }
        for tag in &feed.tags {
            let _ = write!(out, " {}", quote(tag));
        }
        if let Some(title) = &feed.title {
            let _ = write!(out, " {}", quote(&format!("~{title}")));
        }
        out.push('\n');
    }
    out
}

fn quote(text: &str) -> String {
    format!(
        "\"{}\"",
        // What looks like a tag would make a list in markup of the file.
        SafeText::line(text)
            .replace('<', "‹")
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let list = read(text.as_bytes());
        let mut actual: Vec<String> = list
            .feeds
            .iter()
            .map(|feed| {
                format!(
                    "{} {:?} {:?} line {}",
                    feed.url,
                    feed.title.as_deref().unwrap_or(""),
                    feed.tags,
                    feed.line
                )
            })
            .collect();
        actual.extend(
            list.problems.iter().map(|(line, problem)| {
                format!("{line}: {}", problem.split(';').next().unwrap_or(""))
            }),
        );
        assert_eq!(actual.join("\n"), expected);
    }

    #[test]
    fn plain_addresses_and_comments() {
        check(
            "# mine\n\nhttps://a.example/f\nb.example/feed\n",
            "https://a.example/f \"\" [] line 3\nhttps://b.example/feed \"\" [] line 4",
        );
    }

    #[test]
    fn lines_of_newsboat() {
        check(
            "https://a.example/f news \"two words\" \"~A \\\"title\\\"\" !\n!https://b.example/f",
            "https://a.example/f \"A \\\"title\\\"\" [\"news\", \"two words\"] line 1\nhttps://b.example/f \"\" [] line 2",
        );
    }

    #[test]
    fn what_is_no_feed_is_reported_with_its_line() {
        check(
            "\"query:Unread:unread = \\\"yes\\\"\"\nfilter:x:https://a.example/\nexec:~/x.sh\nnonsense\nhttps://a.example/",
            "https://a.example/ \"\" [] line 5\n1: a query feed of newsboat is no address\n2: a filter of newsboat\n3: a list may not name programs to run\n4: “nonsense” is not an address",
        );
    }

    #[test]
    fn one_address_twice_is_one_feed() {
        check(
            "https://a.example/ x\nhttps://a.example/ y",
            "https://a.example/ \"\" [\"x\", \"y\"] line 1",
        );
    }

    #[test]
    fn a_host_with_a_quotation_mark_is_read_back() {
        let first = read(br#""https://a\"b.example/" x"#);
        assert_eq!(first.feeds[0].url.as_str(), "https://a\"b.example/");
        assert_eq!(first, read(write_urls(&first.feeds).as_bytes()));
    }

    #[test]
    fn a_tag_that_looks_like_markup_makes_no_markup_of_a_list() {
        let first = List {
            feeds: vec![Listed {
                url: "https://a.example/".parse().expect("an address"),
                title: Some("<outline>".into()),
                site_url: None,
                tags: vec!["<opml>".into()],
                line: 1,
            }],
            ..List::default()
        };
        let again = read(write_urls(&first.feeds).as_bytes());
        assert_eq!(again.feeds.len(), 1);
        assert_eq!(again.feeds[0].tags, ["‹opml>"]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let first = read(b"https://a.example/f \"a \\\"b\\\" c\\\\\" \"~The title\"");
        let second = read(write_urls(&first.feeds).as_bytes());
        assert_eq!(first, second);
    }
}
