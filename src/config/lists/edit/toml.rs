//! Changes of the config file, and of list files in TOML.

use super::{Change, Refused};
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use std::ops::Range;
use toml_edit::{
    Array, ArrayOfTables, Document, DocumentMut, Item, Table, TableLike, TomlError, Value, value,
};

fn read(text: &str) -> Result<DocumentMut, Refused> {
    text.parse::<DocumentMut>()
        .map_err(|error| unreadable(&error))
}

fn unreadable(error: &TomlError) -> Refused {
    let first = error.message().lines().next();
    Refused::Unreadable(first.unwrap_or("it cannot be read").to_owned())
}

/// Adds a feed. A table is added as text at the end, so that comments at the end of the file stay where they are: the
/// library would put them behind the new table.
pub fn add(text: &str, feed: &Listed) -> Result<String, Refused> {
    let mut document = read(text)?;
    let mut table = Table::new();
    table["url"] = value(feed.url.as_str());
    if let Some(title) = &feed.title {
        table["title"] = value(title);
    }
    if !feed.tags.is_empty() {
        table["tags"] = value(feed.tags.iter().collect::<Array>());
    }
    if let Some(list) = document.get_mut("feeds").and_then(Item::as_array_mut) {
        list.push(table.into_inline_table());
        return Ok(document.to_string());
    }
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let added = format!("{text}{gap}[[feeds]]\n{table}");
    read(&added).map(|_| added)
}

/// Names a list in `lists`, once.
pub fn name_list(text: &str, name: &str) -> Result<String, Refused> {
    let mut document = read(text)?;
    match document.get_mut("lists") {
        None => set(text, "lists", &Value::from_iter([name]).to_string()),
        Some(lists) => {
            let Some(lists) = lists.as_array_mut() else {
                return Err(Refused::Unreadable("lists is no list".into()));
            };
            if !lists.iter().any(|list| list.as_str() == Some(name)) {
                lists.push(name);
            }
            Ok(document.to_string())
        }
    }
}

/// Sets a value at the top of the file. Where the example's commented line stands, that line gets it.
pub fn set(text: &str, name: &str, new: &str) -> Result<String, Refused> {
    let mut document = read(text)?;
    let new: Value = new
        .parse()
        .map_err(|_| Refused::Unreadable(format!("{new} is no value")))?;
    if document.get(name).is_none() {
        let commented = format!("# {name} = ");
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if line.starts_with(&commented) {
                let set = format!(
                    "{}{name} = {}\n{}",
                    &text[..at],
                    new,
                    &text[at + line.len()..]
                );
                // Below a table's header the line would be one of that table: then the library finds the place.
                if read(&set).is_ok_and(|document| document.get(name).is_some()) {
                    return Ok(set);
                }
                break;
            }
            at += line.len();
        }
    }
    match document.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => document[name] = Item::Value(new),
    }
    Ok(document.to_string())
}

/// Changes a feed; `None`: it does not stand here.
pub fn change(text: &str, url: &FeedUrl, change: &Change<'_>) -> Result<Option<String>, Refused> {
    if *change == Change::Remove
        && let Some(cut) = cut_tables(text, url)?
    {
        return Ok(Some(cut));
    }
    let mut document = read(text)?;
    let found = match document.get_mut("feeds") {
        Some(Item::ArrayOfTables(tables)) => in_tables(tables, url, change),
        Some(Item::Value(Value::Array(list))) => in_list(list, url, change),
        _ => false,
    };
    Ok(found.then(|| document.to_string()))
}

/// The text without the tables of a feed: from the header to the last of its lines, with the comment that touches the header.
/// What stands above an empty line is about more than this feed. `None`: it stands in no table.
fn cut_tables(text: &str, url: &FeedUrl) -> Result<Option<String>, Refused> {
    let document = Document::parse(text).map_err(|error| unreadable(&error))?;
    let Some(tables) = document.get("feeds").and_then(Item::as_array_of_tables) else {
        return Ok(None);
    };
    let mut spans: Vec<Range<usize>> = Vec::new();
    for table in tables {
        if !is(table.get("url").and_then(Item::as_str), url) {
            continue;
        }
        let inner = table.iter().filter_map(|(_, item)| item.span());
        let Some(span) = table.span() else {
            return Ok(None);
        };
        let end = inner.map(|inner| inner.end).fold(span.end, usize::max);
        spans.push(lines_of(text, span.start..end));
    }
    if spans.is_empty() {
        return Ok(None);
    }
    let mut cut = text.to_owned();
    for span in spans.into_iter().rev() {
        let last = span.end == cut.len();
        let start = span.start;
        cut.replace_range(span, "");
        // Of the two empty lines around it one stays.
        if cut[..start].ends_with("\n\n") && cut[start..].starts_with('\n') {
            cut.remove(start);
        }
        // The line that stands between a feed and what was there before it was added.
        if last && cut.ends_with("\n\n") {
            cut.pop();
        }
    }
    Ok(Some(cut))
}

/// Whole lines around a range, with the comment lines right above it.
fn lines_of(text: &str, range: Range<usize>) -> Range<usize> {
    let begin_of = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut start = begin_of(range.start);
    while start > 0 {
        let above = begin_of(start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    // A comment at the very beginning, or one that goes on from it, is the file's own.
    if start == 0 && text[..range.start].contains('#') {
        start = begin_of(range.start);
    }
    let end = text[range.end..].find('\n');
    start..end.map_or(text.len(), |newline| range.end + newline + 1)
}

fn in_tables(tables: &mut ArrayOfTables, url: &FeedUrl, change: &Change<'_>) -> bool {
    let places: Vec<usize> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| is(table.get("url").and_then(Item::as_str), url))
        .map(|(n, _)| n)
        .collect();
    for &place in places.iter().rev() {
        match change {
            Change::Remove => {
                tables.remove(place);
            }
            _ => {
                if let Some(table) = tables.get_mut(place) {
                    alter(table, change);
                }
            }
        }
    }
    !places.is_empty()
}

fn in_list(list: &mut Array, url: &FeedUrl, change: &Change<'_>) -> bool {
    let address = |item: &Value| {
        item.as_str()
            .or_else(|| item.as_inline_table()?.get("url")?.as_str())
            .map(str::to_owned)
    };
    let places: Vec<usize> = list
        .iter()
        .enumerate()
        .filter(|(_, item)| is(address(item).as_deref(), url))
        .map(|(n, _)| n)
        .collect();
    for &place in places.iter().rev() {
        match (change, list.get_mut(place)) {
            (Change::Remove, _) => {
                list.remove(place);
            }
            (_, Some(Value::InlineTable(table))) => alter(table, change),
            (Change::Move(to), Some(item)) => *item = Value::from(to.as_str()),
            (Change::Retitle(title), Some(item)) => {
                let mut table = toml_edit::InlineTable::new();
                table.insert("url", url.as_str().into());
                table.insert("title", (*title).into());
                *item = Value::InlineTable(table);
            }
            (_, None) => {}
        }
    }
    !places.is_empty()
}

fn alter(table: &mut dyn TableLike, change: &Change<'_>) {
    let (name, new) = match change {
        Change::Retitle(title) => ("title", (*title).to_owned()),
        Change::Move(to) => ("url", to.to_string()),
        Change::Remove => return,
    };
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = Value::from(new);
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(name, value(new));
        }
    }
}

fn is(text: Option<&str>, url: &FeedUrl) -> bool {
    text.and_then(|text| text.parse::<FeedUrl>().ok()).as_ref() == Some(url)
}

#[cfg(test)]
mod tests {
    use super::{Change, add, change, name_list, set};
    use crate::feed::list::Listed;

    const FILE: &str = "# my settings\ntheme = \"ink\" # dark\n\n# the best\n[[feeds]]\nurl = \"https://one.example/feed\" # here\ntags = [\"a\"]\n\n# another\n[[feeds]]\nurl = \"https://two.example/feed\"\n# the end\n";

    fn ok(result: Result<String, super::Refused>) -> String {
        result.unwrap_or_else(|_| panic!("refused"))
    }

    #[track_caller]
    fn check_change(text: &str, what: &Change<'_>, expected: Option<&str>) {
        let url = "https://one.example/feed".parse().expect("an address");
        let Ok(done) = change(text, &url, what) else {
            panic!("refused")
        };
        assert_eq!(done.as_deref(), expected);
    }

    #[test]
    fn comments_and_order_stay() {
        let moved = "https://new.example/".parse().expect("an address");
        check_change(
            FILE,
            &Change::Move(&moved),
            Some(&FILE.replace("https://one.example/feed", "https://new.example/")),
        );
        check_change(
            FILE,
            &Change::Retitle("One"),
            Some(&FILE.replace("tags = [\"a\"]\n", "tags = [\"a\"]\ntitle = \"One\"\n")),
        );
        check_change(
            FILE,
            &Change::Remove,
            Some(
                "# my settings\ntheme = \"ink\" # dark\n\n# another\n[[feeds]]\nurl = \"https://two.example/feed\"\n# the end\n",
            ),
        );
    }

    #[test]
    fn what_was_there_before_a_feed_was_added_is_there_when_it_is_gone() {
        let feed = Listed {
            url: "https://one.example/feed".parse().expect("an address"),
            title: Some("One".into()),
            site_url: None,
            tags: vec!["a".into()],
            line: 0,
        };
        let example = crate::config::example::example();
        for text in [
            "",
            "# mine\n",
            "theme = \"ink\" # dark\n\n# === all my feeds ===\n\n# the other\n[[feeds]]\nurl = \"https://two.example/\"\n# the end\n",
            "[keys]\nx = \"quit\"\n",
            example.as_str(),
        ] {
            let added = ok(add(text, &feed));
            assert_ne!(added, text);
            check_change(&added, &Change::Remove, Some(text));
        }
    }

    #[test]
    fn a_comment_goes_with_the_feed_it_touches_and_with_no_other() {
        let file = "# === work ===\n# since 2019\n\n# daily\n[[feeds]]\nurl = \"https://one.example/feed\"\ntags = [\n  \"a\", # why\n]\n# of two\n\n[[feeds]]\nurl = \"https://two.example/\"\n";
        check_change(
            file,
            &Change::Remove,
            Some(
                "# === work ===\n# since 2019\n\n# of two\n\n[[feeds]]\nurl = \"https://two.example/\"\n",
            ),
        );
        // At the top of a file a comment is about the file.
        let file = "# my feeds\n[[feeds]]\nurl = \"https://one.example/feed\"\n";
        check_change(file, &Change::Remove, Some("# my feeds\n"));
    }

    #[test]
    fn feeds_in_a_list_are_changed_too() {
        let list = "feeds = [\"one.example/x\", \"https://one.example/feed\", {url = \"https://two.example/\"}]\n";
        check_change(
            list,
            &Change::Remove,
            Some("feeds = [\"one.example/x\", {url = \"https://two.example/\"}]\n"),
        );
        check_change("feeds = []\n", &Change::Remove, None);
        let feed = Listed {
            url: "https://a.example/".parse().expect("an address"),
            title: None,
            site_url: None,
            tags: vec![],
            line: 0,
        };
        assert_eq!(
            ok(add("feeds = []\n", &feed)),
            "feeds = [{ url = \"https://a.example/\" }]\n"
        );
    }

    #[test]
    fn a_new_feed_goes_to_the_end() {
        let feed = Listed {
            url: "https://a.example/".parse().expect("an address"),
            title: Some("A".into()),
            site_url: None,
            tags: vec!["x".into(), "y/z".into()],
            line: 0,
        };
        let table =
            "[[feeds]]\nurl = \"https://a.example/\"\ntitle = \"A\"\ntags = [\"x\", \"y/z\"]\n";
        assert_eq!(ok(add("", &feed)), table);
        assert_eq!(
            ok(add("# only a comment\n", &feed)),
            format!("# only a comment\n\n{table}")
        );
        assert_eq!(
            ok(add("[keys]\nx = \"a\"", &feed)),
            format!("[keys]\nx = \"a\"\n\n{table}")
        );
        assert_eq!(ok(add(FILE, &feed)), format!("{FILE}\n{table}"));
    }

    #[test]
    fn settings_take_the_place_of_their_commented_line() {
        let example = "# about\n# theme = \"auto\"\n\n# [keys]\n";
        assert_eq!(
            ok(set(example, "theme", "\"ink\"")),
            "# about\ntheme = \"ink\"\n\n# [keys]\n"
        );
        assert_eq!(
            ok(set("theme = \"a\" # why\n", "theme", "\"b\"")),
            "theme = \"b\" # why\n"
        );
        assert_eq!(
            ok(set("[keys]\n# mouse = true\nx = \"a\"\n", "mouse", "false")),
            "mouse = false\n[keys]\n# mouse = true\nx = \"a\"\n"
        );
        assert_eq!(
            ok(name_list(
                "# lists = [\"feeds.opml\", \"urls\"]\n",
                "a.opml"
            )),
            "lists = [\"a.opml\"]\n"
        );
        assert_eq!(
            ok(name_list("lists = [\"a.opml\"] # mine\n", "b")),
            "lists = [\"a.opml\", \"b\"] # mine\n"
        );
    }
}
