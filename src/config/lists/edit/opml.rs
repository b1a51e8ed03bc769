//! Changes of OPML files: only the outline that is meant is touched.

use super::{Change, Refused};
use crate::feed::FeedUrl;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// Changes a feed; `None`: it does not stand here.
pub fn change(text: &str, url: &FeedUrl, change: &Change<'_>) -> Result<Option<String>, Refused> {
    let mut outlines = find(text, url)?;
    if outlines.is_empty() {
        return Ok(None);
    }
    outlines.sort_by_key(|outline| outline.tag.start);
    let mut changed = text.to_owned();
    for Outline { tag, whole } in outlines.iter().rev() {
        match change {
            Change::Remove => changed.replace_range(with_its_line(&changed, whole.clone()), ""),
            Change::Retitle(title) => {
                let new = set_attribute(
                    &set_attribute(&changed[tag.clone()], "title", title, false),
                    "text",
                    title,
                    true,
                );
                changed.replace_range(tag.clone(), &new);
            }
            Change::Move(to) => {
                let new = set_attribute(&changed[tag.clone()], "xmlUrl", to.as_str(), true);
                changed.replace_range(tag.clone(), &new);
            }
        }
    }
    Ok(Some(changed))
}

/// Where an outline stands: its opening tag, and all of it.
struct Outline {
    tag: Range<usize>,
    whole: Range<usize>,
}

fn find(text: &str, url: &FeedUrl) -> Result<Vec<Outline>, Refused> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut found: Vec<Outline> = Vec::new();
    // Open outlines: whether each is one of those found.
    let mut open: Vec<Option<usize>> = Vec::new();
    loop {
        let start = position(&reader);
        let event = reader
            .read_event()
            .map_err(|error| Refused::Unreadable(format!("its XML is broken ({error})")))?;
        let end = position(&reader);
        match event {
            Event::Empty(tag) if is(&tag, url) => found.push(Outline {
                tag: start..end,
                whole: start..end,
            }),
            Event::Start(tag) => {
                let meant = is(&tag, url).then(|| {
                    found.push(Outline {
                        tag: start..end,
                        whole: start..end,
                    });
                    found.len() - 1
                });
                if meant.is_none()
                    && tag.name().as_ref() == "outline"
                    && open.iter().any(Option::is_some)
                {
                    return Err(Refused::Unreadable(
                        "outlines stand within the feed's outline".into(),
                    ));
                }
                open.push(meant);
            }
            Event::Empty(tag)
                if tag.name().as_ref() == "outline" && open.iter().any(Option::is_some) =>
            {
                return Err(Refused::Unreadable(
                    "outlines stand within the feed's outline".into(),
                ));
            }
            Event::End(_) => {
                if let Some(Some(place)) = open.pop() {
                    found[place].whole.end = end;
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn is(tag: &BytesStart<'_>, url: &FeedUrl) -> bool {
    tag.name().as_ref().eq_ignore_ascii_case("outline")
        && tag
            .attributes()
            .with_checks(false)
            .flatten()
            .any(|attribute| {
                attribute.key.as_ref().eq_ignore_ascii_case("xmlUrl") && {
                    let raw = attribute.value.as_ref();
                    let value = quick_xml::escape::unescape(raw)
                        .map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned);
                    value.parse::<FeedUrl>().as_ref() == Ok(url)
                }
            })
}

/// The range, with the whole line where nothing else stands in it.
fn with_its_line(text: &str, range: Range<usize>) -> Range<usize> {
    let begin = text[..range.start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |newline| range.end + newline + 1);
    let alone =
        text[begin..range.start].trim().is_empty() && text[range.end..end].trim().is_empty();
    if alone { begin..end } else { range }
}

/// A tag with this attribute set; one that is not there is added if `add`.
fn set_attribute(tag: &str, name: &str, value: &str, add: bool) -> String {
    let value = quick_xml::escape::escape(value);
    let bytes = tag.as_bytes();
    let mut at = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
    while at < tag.len() {
        while at < tag.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let start = at;
        while at < tag.len()
            && !matches!(bytes[at], b'=' | b'>' | b'/')
            && !bytes[at].is_ascii_whitespace()
        {
            at += 1;
        }
        let key = &tag[start..at];
        while at < tag.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        if key.is_empty() || bytes.get(at) != Some(&b'=') {
            break;
        }
        at += 1;
        while at < tag.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let Some(quote @ (b'"' | b'\'')) = bytes.get(at).copied() else {
            break;
        };
        let Some(length) = tag[at + 1..].find(char::from(quote)) else {
            break;
        };
        let inner = at + 1..at + 1 + length;
        if key.eq_ignore_ascii_case(name) {
            return format!("{}{value}{}", &tag[..inner.start], &tag[inner.end..]);
        }
        at = inner.end + 1;
    }
    if !add {
        return tag.to_owned();
    }
    let close = if tag.ends_with("/>") {
        tag.len() - 2
    } else {
        tag.len() - 1
    };
    format!(
        "{} {name}=\"{value}\"{}",
        tag[..close].trim_end(),
        &tag[close..]
    )
}

#[cfg(test)]
mod tests {
    use super::{Change, change};

    const FILE: &str = "<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><body>\n  <!-- mine -->\n  <outline text=\"Linux\">\n    <outline type=\"rss\" text='One &amp; only' xmlUrl=\"https://one.example/feed?a=1&amp;b=2\"/>\n    <outline text=\"Two\" title=\"Two\" xmlUrl=\"https://two.example/\"></outline>\n  </outline>\n</body></opml>\n";

    #[track_caller]
    fn check(url: &str, what: &Change<'_>, expected: Option<&str>) {
        let Ok(done) = change(FILE, &url.parse().expect("an address"), what) else {
            panic!("refused")
        };
        assert_eq!(done.as_deref(), expected);
    }

    #[test]
    fn only_what_is_meant_changes() {
        let one = "https://one.example/feed?a=1&b=2";
        check(one, &Change::Remove, Some(&FILE.replace("    <outline type=\"rss\" text='One &amp; only' xmlUrl=\"https://one.example/feed?a=1&amp;b=2\"/>\n", "")));
        check("https://two.example/", &Change::Remove, Some(&FILE.replace("    <outline text=\"Two\" title=\"Two\" xmlUrl=\"https://two.example/\"></outline>\n", "")));
        check(
            one,
            &Change::Retitle("A <b>"),
            Some(&FILE.replace("One &amp; only", "A &lt;b&gt;")),
        );
        check(
            "https://two.example/",
            &Change::Retitle("2"),
            Some(&FILE.replace("text=\"Two\" title=\"Two\"", "text=\"2\" title=\"2\"")),
        );
        let to = "https://new.example/?x&y".parse().expect("an address");
        check(
            one,
            &Change::Move(&to),
            Some(&FILE.replace(
                "https://one.example/feed?a=1&amp;b=2",
                "https://new.example/?x&amp;y",
            )),
        );
        check("https://three.example/", &Change::Remove, None);
    }

    #[test]
    fn what_is_broken_or_nested_is_left_alone() {
        let url = "https://a.example/".parse().expect("an address");
        let nested = "<opml><body><outline xmlUrl=\"https://a.example/\"><outline xmlUrl=\"https://b.example/\"/></outline></body></opml>";
        assert!(change(nested, &url, &Change::Remove).is_err());
        let glued = "<opml><body><outline xmlUrl=\"https://a.example/\"/><outline xmlUrl=\"https://b.example/\"/></body></opml>";
        let Ok(Some(done)) = change(glued, &url, &Change::Remove) else {
            panic!("refused")
        };
        assert_eq!(
            done,
            "<opml><body><outline xmlUrl=\"https://b.example/\"/></body></opml>"
        );
    }
}
