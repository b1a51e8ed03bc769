//! JSON Feed: mended as a value, then read by feed-rs.
//!
//! feed-rs refuses the whole feed for one value of the wrong type; here each is converted or left out first.

use super::assemble::{self, Head};
use super::entry::{Enclosure, Format, ParsedFeed};
use super::extra::{Extra, FeedExtra, Written};
use super::mend::MOST_ENTRIES;
use super::parse::{self, FeedError};
use super::repairs::{Repair, Repairs};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use url::Url;

/// Reads a JSON Feed.
pub(super) fn read(text: &str, base: &Url, mut repairs: Repairs) -> Result<ParsedFeed, FeedError> {
    let value = value(text, &mut repairs)?;
    let Value::Object(mut feed) = value else {
        return Err(FeedError::NotAFeed("JSON, but no JSON Feed".into()));
    };
    let version = feed
        .get("version")
        .and_then(Value::as_str)
        .unwrap_or("")
        .trim()
        .to_owned();
    let items = match feed.remove("items").or_else(|| feed.remove("entries")) {
        Some(Value::Array(items)) => items,
        _ if version.contains("jsonfeed.org") => Vec::new(),
        _ => return Err(FeedError::NotAFeed("JSON, but no JSON Feed".into())),
    };
    if !version.starts_with("https://jsonfeed.org/version/1") {
        repairs.add(Repair::JsonVersion);
    }
    let mut extra = FeedExtra::default();
    let mut out = Map::new();
    out.insert("version".into(), json!("https://jsonfeed.org/version/1.1"));
    out.insert(
        "title".into(),
        json!(text_of(&mut feed, "title", &mut repairs).unwrap_or_default()),
    );
    for key in [
        "home_page_url",
        "description",
        "language",
        "icon",
        "favicon",
    ] {
        if let Some(text) = text_of(&mut feed, key, &mut repairs) {
            out.insert(key.into(), text.into());
        }
    }
    extra.own = text_of(&mut feed, "feed_url", &mut repairs);
    extra.hub = hub(&feed);
    let feed_authors = authors(&mut feed);
    let mut extras = Vec::new();
    let mut entries = Vec::new();
    if items.len() > MOST_ENTRIES {
        repairs.add(Repair::TooMany);
    }
    for item in items.into_iter().take(MOST_ENTRIES) {
        let Value::Object(item) = item else {
            repairs.add(Repair::JsonType);
            continue;
        };
        let (entry, mut extra) = self::item(item, &mut repairs);
        if extra.authors.is_empty() {
            extra.authors.clone_from(&feed_authors);
        }
        entries.push(entry);
        extras.push(extra);
    }
    out.insert("items".into(), Value::Array(entries));
    let bytes = Value::Object(out).to_string();
    let read = parse::read(bytes.as_bytes(), base)
        .map_err(|_| FeedError::NotAFeed("JSON, but no JSON Feed".into()))?;
    let head = Head {
        format: Format::Json,
        version: version
            .rsplit_once("/version/")
            .map_or("", |parts| parts.1)
            .to_owned(),
        base,
    };
    Ok(assemble::feed(&head, read, extra, extras, repairs))
}

/// The JSON, or what can be saved of it.
fn value(text: &str, repairs: &mut Repairs) -> Result<Value, FeedError> {
    let not = |error: serde_json::Error| FeedError::NotAFeed(format!("it is not JSON: {error}"));
    let first = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // Something behind the end, or a byte that JSON wants escaped.
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = stream.next() {
        repairs.add(Repair::After);
        return Ok(value);
    }
    let mended = escaped_controls(text);
    let cut = closed(&mended);
    match serde_json::from_str(&mended).or_else(|_| serde_json::from_str(&cut)) {
        Ok(value) => {
            repairs.add(Repair::JsonSyntax);
            Ok(value)
        }
        Err(_) => Err(not(first)),
    }
}

/// Control characters inside strings, escaped; commas before a closing bracket, dropped.
fn escaped_controls(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut inside, mut escaped) = (false, false);
    let mut comma: Option<usize> = None;
    for c in text.chars() {
        if inside {
            match c {
                _ if escaped => {
                    escaped = false;
                    if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                        out.push('\\');
                    }
                    out.push(c);
                    continue;
                }
                '\\' => escaped = true,
                '"' => inside = false,
                '\n' => {
                    out.push_str("\\n");
                    continue;
                }
                c if (c as u32) < 0x20 => {
                    out.push(' ');
                    continue;
                }
                _ => {}
            }
            out.push(c);
            continue;
        }
        match c {
            '"' => inside = true,
            ']' | '}' => {
                if let Some(place) = comma {
                    out.truncate(place);
                }
            }
            _ => {}
        }
        if c == ',' {
            comma = Some(out.len());
        } else if !c.is_whitespace() {
            comma = None;
        }
        if (c as u32) >= 0x20 || c.is_whitespace() {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A feed that was cut off: up to the last whole object, with what is open closed.
fn closed(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let mut open: Vec<u8> = Vec::new();
    let mut last: Option<(usize, Vec<u8>)> = None;
    for (place, byte) in text.bytes().enumerate() {
        if inside {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => inside = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => inside = true,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                open.pop();
                // An item of the list: two levels are left, the list and the feed.
                if open.len() == 2 {
                    last = Some((place + 1, open.clone()));
                }
            }
            _ => {}
        }
    }
    let Some((place, open)) = last else {
        return String::new();
    };
    let mut out = text[..place].to_owned();
    for byte in open.iter().rev() {
        out.push(*byte as char);
    }
    out
}

/// A text, whatever its type is.
fn text_of(object: &mut Map<String, Value>, key: &str, repairs: &mut Repairs) -> Option<String> {
    match object.remove(key)? {
        Value::String(text) => Some(text),
        Value::Null => None,
        Value::Number(number) => {
            repairs.add(Repair::JsonType);
            Some(number.to_string())
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            repairs.add(Repair::JsonType);
            None
        }
    }
}

fn strings(value: Option<Value>, repairs: &mut Repairs) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list
            .into_iter()
            .take(200)
            .filter_map(|value| match value {
                Value::String(text) => Some(text),
                Value::Number(number) => Some(number.to_string()),
                _ => {
                    repairs.add(Repair::JsonType);
                    None
                }
            })
            .collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}

/// Names of `authors`, or of the `author` of version 1.
fn authors(object: &mut Map<String, Value>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |value: &Value| {
        let name = match value {
            Value::String(name) => Some(name.as_str()),
            Value::Object(person) => person
                .get("name")
                .and_then(Value::as_str)
                .filter(|name| !name.is_empty())
                .or_else(|| person.get("url").and_then(Value::as_str)),
            _ => None,
        };
        if let Some(name) = name
            && !out.iter().any(|known| known == name)
            && out.len() < 50
        {
            out.push(name.to_owned());
        }
    };
    if let Some(author) = object.remove("author") {
        add(&author);
    }
    match object.remove("authors") {
        Some(Value::Array(list)) => list.iter().for_each(add),
        Some(value) => add(&value),
        None => {}
    }
    out
}

fn hub(feed: &Map<String, Value>) -> Option<String> {
    let hubs = feed.get("hubs")?.as_array()?;
    hubs.iter()
        .find_map(|hub| hub.get("url")?.as_str().map(str::to_owned))
}

/// An item in the form that feed-rs takes, and what it does not take.
fn item(mut item: Map<String, Value>, repairs: &mut Repairs) -> (Value, Extra) {
    let mut extra = Extra {
        authors: authors(&mut item),
        image: text_of(&mut item, "image", repairs)
            .or_else(|| text_of(&mut item, "banner_image", repairs)),
        language: text_of(&mut item, "language", repairs),
        categories: strings(item.remove("tags"), repairs),
        ..Extra::default()
    };
    if let Some(external) = text_of(&mut item, "external_url", repairs) {
        extra.related.push(external);
    }
    if let Some(Value::Array(files)) = item.remove("attachments") {
        for file in files.into_iter().take(100) {
            let Value::Object(mut file) = file else {
                continue;
            };
            if let Some(url) = text_of(&mut file, "url", repairs) {
                let length = file
                    .get("size_in_bytes")
                    .and_then(|n| n.as_u64().or_else(|| n.as_str()?.parse().ok()));
                extra.enclosures.push(Enclosure {
                    url,
                    kind: text_of(&mut file, "mime_type", repairs),
                    length,
                });
            }
        }
    }
    let mut out = Map::new();
    for key in [
        "id",
        "url",
        "title",
        "content_html",
        "summary",
        "date_published",
        "date_modified",
    ] {
        if let Some(text) = text_of(&mut item, key, repairs) {
            out.insert(key.into(), text.into());
        }
    }
    if let Some(text) = text_of(&mut item, "content_text", repairs)
        && !out.contains_key("content_html")
    {
        extra.content = Some(Written::plain(text));
    }
    // Several generators nest these under the names of other formats.
    if !out.contains_key("date_published")
        && let Some(date) =
            text_of(&mut item, "published", repairs).or_else(|| text_of(&mut item, "date", repairs))
    {
        out.insert("date_published".into(), date.into());
    }
    (Value::Object(out), extra)
}
