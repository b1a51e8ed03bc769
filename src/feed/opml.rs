//! OPML 1 and 2, in and out.
//!
//! Read with the tokenizer that feeds are mended with: a bare `&`, a missing version, attributes in other letters
//! or an end tag too few cost nothing, and what is broken costs one outline, not the list.

use super::list::{List, Listed};
use super::markup;
use super::url::FeedUrl;
use super::xml::{Attributes, Token, Tokens, split_prefix};
use crate::text::SafeText;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Folders within folders that are followed.
const DEEPEST: usize = 32;
/// Feeds that are read from one list.
pub(super) const MOST_FEEDS: usize = 100_000;

/// Reads OPML, well-formed or not.
pub fn read(text: &str) -> List {
    let mut list = List::default();
    let mut seen: HashMap<FeedUrl, usize> = HashMap::new();
    let mut lines = Lines::new(text);
    // Open outlines: the name of the folder, or `None` for one that is no folder.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut in_title = false;
    let mut unclosed = false;
    for (token, range) in Tokens::new(text) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let name = split_prefix(name).1;
                if name.eq_ignore_ascii_case("outline") {
                    let outline = Outline::of(attributes);
                    let folder = outline.folder();
                    if let Some(address) = &outline.feed {
                        add(
                            &mut list,
                            &mut seen,
                            address,
                            &outline,
                            &open,
                            lines.at(range.start),
                        );
                    }
                    if !closed && open.len() < DEEPEST {
                        open.push(folder);
                    }
                }
                in_title = name.eq_ignore_ascii_case("title") && !closed;
                unclosed |= name.eq_ignore_ascii_case("opml") && !closed;
            }
            Token::End { name } => {
                let name = split_prefix(name).1;
                if name.eq_ignore_ascii_case("outline") {
                    open.pop();
                } else if name.eq_ignore_ascii_case("body") || name.eq_ignore_ascii_case("opml") {
                    open.clear();
                }
                unclosed &= !name.eq_ignore_ascii_case("opml");
                in_title = false;
            }
            Token::Text(text) | Token::CData { text, .. } if in_title => {
                let title = markup::title(text).into_string();
                if list.title.is_none() && !title.is_empty() {
                    list.title = Some(title);
                }
            }
            _ => {}
        }
    }
    list.cut_short = unclosed;
    list
}

/// What an outline says.
struct Outline {
    feed: Option<String>,
    title: Option<String>,
    site: Option<String>,
    categories: Vec<String>,
}

impl Outline {
    fn of(attributes: &str) -> Outline {
        let mut outline = Outline {
            feed: None,
            title: None,
            site: None,
            categories: Vec::new(),
        };
        let (mut text, mut url, mut kind) = (None, None, None);
        for attribute in Attributes::new(attributes).take(100) {
            let value = attribute.text();
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let said = || Some(value.to_owned());
            match attribute.name.to_ascii_lowercase().as_str() {
                "xmlurl" => outline.feed = said(),
                "url" => url = said(),
                "type" => kind = said(),
                "title" => outline.title = said(),
                "text" => text = said(),
                "htmlurl" => outline.site = said(),
                "category" => {
                    outline.categories = value
                        .split(',')
                        .map(|tag| {
                            let tag = SafeText::line(tag).into_string();
                            tag.trim_matches('/').to_owned()
                        })
                        .filter(|tag| !tag.is_empty())
                        .take(50)
                        .collect();
                }
                _ => {}
            }
        }
        let clean = |text: String| {
            let title = markup::title(&text).into_string();
            (!title.is_empty()).then_some(title)
        };
        // OPML 2.0 shows `text`; what a reader called a feed stands there.
        outline.title = text
            .and_then(clean)
            .or_else(|| outline.title.and_then(clean));
        // Some exports write `url` beside a type that can only be a feed's.
        let is_feed = kind.is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            kind.contains("rss") || kind.contains("atom") || kind == "feed" || kind == "pie"
        });
        if outline.feed.is_none() && is_feed {
            outline.feed = url;
        }
        // A list must say something there: for a feed without a name it repeats the address, which is no name.
        outline
            .title
            .take_if(|title| outline.feed.as_ref() == Some(title));
        outline
    }

    fn folder(&self) -> Option<String> {
        if self.feed.is_some() {
            return None;
        }
        // The tag `a/b` is a folder within a folder: a `/` in a name would be read back as one.
        self.title.as_ref().map(|title| title.replace('/', "∕"))
    }
}

fn add(
    list: &mut List,
    seen: &mut HashMap<FeedUrl, usize>,
    address: &str,
    outline: &Outline,
    open: &[Option<String>],
    line: usize,
) {
    let url = match address.parse::<FeedUrl>() {
        Ok(url) => url,
        Err(error) => {
            list.problems.push((line, error.to_string()));
            return;
        }
    };
    if list.feeds.len() >= MOST_FEEDS {
        return;
    }
    if let Some(problem) = super::list::program(&url) {
        list.problems.push((line, problem));
        return;
    }
    let folders: Vec<&str> = open.iter().flatten().map(String::as_str).collect();
    let mut tags = Vec::new();
    if !folders.is_empty() {
        tags.push(folders.join("/"));
    }
    tags.extend(outline.categories.iter().cloned());
    let place = *seen.entry(url.clone()).or_insert(list.feeds.len());
    if let Some(known) = list.feeds.get_mut(place) {
        // The same feed in two folders has two tags.
        for tag in tags {
            if !known.tags.contains(&tag) && known.tags.len() < 100 {
                known.tags.push(tag);
            }
        }
        if known.title.is_none() {
            known.title.clone_from(&outline.title);
        }
        return;
    }
    list.feeds.push(Listed {
        url,
        title: outline.title.clone(),
        site_url: outline.site.clone(),
        tags,
        line,
    });
}

/// Counts lines while going forward.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Lines {
            text,
            at: 0,
            line: 1,
        }
    }

    /// The line, from 1, of a place that is not before the last one asked for.
    fn at(&mut self, place: usize) -> usize {
        self.line += self.text[self.at..place].matches('\n').count();
        self.at = place;
        self.line
    }
}

/// Writes OPML 2.0; the tag `a/b` becomes a folder within a folder.
///
/// A feed with several tags stands in the folder of the first; the others are its `category`.
pub fn write(title: &str, feeds: &[Listed]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n  </head>\n  <body>\n",
        markup::escape(title)
    );
    // Folders in the order in which they are first met; what has no tag stands before them.
    let mut root = Folder::default();
    for feed in feeds {
        let path: Vec<&str> = feed
            .tags
            .first()
            .map(|tag| {
                tag.split('/')
                    .filter(|part| !part.is_empty())
                    .take(DEEPEST - 2)
                    .collect()
            })
            .unwrap_or_default();
        root.at(&path).feeds.push(feed);
    }
    root.write(2, &mut out);
    out.push_str("  </body>\n</opml>\n");
    out
}

#[derive(Default)]
struct Folder<'a> {
    feeds: Vec<&'a Listed>,
    folders: Vec<(&'a str, Folder<'a>)>,
}

impl<'a> Folder<'a> {
    fn at(&mut self, path: &[&'a str]) -> &mut Folder<'a> {
        let Some((first, rest)) = path.split_first() else {
            return self;
        };
        let place = self
            .folders
            .iter()
            .position(|folder| folder.0 == *first)
            .unwrap_or_else(|| {
                self.folders.push((first, Folder::default()));
                self.folders.len() - 1
            });
        self.folders[place].1.at(rest)
    }

    fn write(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        for feed in &self.feeds {
            let _ = write!(out, "{indent}<outline type=\"rss\"");
            let title = feed.title.as_deref().unwrap_or(feed.url.as_str());
            attribute(out, "text", title);
            if feed.title.is_some() {
                attribute(out, "title", title);
            }
            attribute(out, "xmlUrl", feed.url.as_str());
            if let Some(site) = &feed.site_url {
                attribute(out, "htmlUrl", site);
            }
            if feed.tags.len() > 1 {
                attribute(out, "category", &feed.tags[1..].join(","));
            }
            out.push_str("/>\n");
        }
        for (name, folder) in &self.folders {
            let _ = write!(out, "{indent}<outline");
            attribute(out, "text", name);
            attribute(out, "title", name);
            out.push_str(">\n");
            folder.write(depth + 1, out);
            let _ = writeln!(out, "{indent}</outline>");
        }
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(
        out,
        " {name}=\"{}\"",
        markup::escape(value).replace('"', "&quot;")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let list = read(body);
        let actual: Vec<String> = list
            .feeds
            .iter()
            .map(|feed| {
                format!(
                    "{} {} [{}]",
                    feed.url,
                    feed.title.as_deref().unwrap_or("-"),
                    feed.tags.join(",")
                )
            })
            .collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn folders_become_tags() {
        check(
            "<opml><body><outline text='a'><outline text='b'><outline text='T' xmlUrl='https://x.example/f'/></outline></outline></body></opml>",
            &["https://x.example/f T [a/b]"],
        );
    }

    #[test]
    fn broken_lists_are_read_as_far_as_they_make_sense() {
        check(
            "<opml><body><outline text='A & B' XMLURL='https://x.example/f?a=1&b=2'><outline xmlurl='https://y.example/'",
            &["https://x.example/f?a=1&b=2 A & B []"],
        );
        check(
            "<outline text='a'><outline xmlUrl=https://x.example/f title=T nonsense></outline></wrong></outline><outline xmlUrl='https://y.example/f'/>",
            &["https://x.example/f T [a]", "https://y.example/f - []"],
        );
    }

    #[test]
    fn a_list_that_ends_too_early_says_so() {
        let whole = "<opml><body><outline xmlUrl='https://x.example/f'/></body></opml>";
        assert!(!read(whole).cut_short);
        assert!(!read("<outline xmlUrl='https://x.example/f'/>").cut_short);
        for end in ["<opml>".len(), 30, whole.len() - 7] {
            assert!(read(&whole[..end]).cut_short, "{end}");
        }
    }

    #[test]
    fn an_address_that_stands_for_a_name_is_none() {
        let list = read(
            "<opml><outline text='https://x.example/f?a&amp;b' xmlUrl='https://x.example/f?a&amp;b'/></opml>",
        );
        assert_eq!(list.feeds[0].title, None);
        // So the feed may call itself what it likes, also after the list was written.
        assert_eq!(read(&write("x", &list.feeds)).feeds[0].title, None);
    }

    #[test]
    fn one_feed_in_two_folders_has_two_tags() {
        check(
            "<outline text='a'><outline xmlUrl='https://x.example/f'/></outline><outline text='b'><outline xmlUrl='https://x.example/f'/></outline>",
            &["https://x.example/f - [a,b]"],
        );
    }

    #[test]
    fn an_address_that_is_none_is_a_problem_with_its_line() {
        let list = read(
            "<opml>\n<outline xmlUrl='what?'/>\n<outline xmlUrl='https://x.example/'/></opml>",
        );
        assert_eq!(list.feeds.len(), 1);
        assert_eq!(list.problems[0].0, 2);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let first = read(
            "<opml><head><title>Mine &amp; yours</title></head><outline text='a'><outline text='b'><outline text='\"T\" &lt;1>' category='x,y' xmlUrl='https://x.example/f?a&amp;b' htmlUrl='https://x.example/'/></outline></outline></opml>",
        );
        let second = read(&write(first.title.as_deref().unwrap_or(""), &first.feeds));
        assert_eq!(first.title, second.title);
        let without_lines = |list: &List| -> Vec<Listed> {
            list.feeds
                .iter()
                .map(|feed| Listed {
                    line: 0,
                    ..feed.clone()
                })
                .collect()
        };
        assert_eq!(without_lines(&first), without_lines(&second));
    }
}
