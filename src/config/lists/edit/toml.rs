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
        .map_err(|error| Refused::Unreadable(first_line(&error)))
}

fn first_line(error: &TomlError) -> String {
    error
        .message()
        .lines()
        .next()
        .unwrap_or("it cannot be read")
        .to_owned()
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
        text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let mut added = format!("{gap}[[feeds]]\n{table}");
    if text.contains("\r\n") {
        added = added.replace('\n', "\r\n");
    }
    let added = format!("{text}{added}");
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
    if matches!(change, Change::Remove) {
        return remove(text, url);
    }
    let mut document = read(text)?;
    let found = match document.get_mut("feeds") {
        Some(Item::ArrayOfTables(tables)) => in_tables(tables, url, change),
        Some(Item::Value(Value::Array(list))) => in_list(list, url, change),
        _ => false,
    };
    Ok(found.then(|| document.to_string()))
}

/// Cuts a feed out of the text. The library would take along every comment above a table, and those are often of
/// something else: only a comment that touches the header goes.
fn remove(text: &str, url: &FeedUrl) -> Result<Option<String>, Refused> {
    let document =
        Document::parse(text).map_err(|error| Refused::Unreadable(first_line(&error)))?;
    let mut cuts: Vec<Range<usize>> = match document.get("feeds") {
        Some(Item::ArrayOfTables(tables)) => tables
            .iter()
            .filter(|table| is(table.get("url").and_then(Item::as_str), url))
            .filter_map(|table| Some(cut_table(text, table.span()?.start, last_end(table)?)))
            .collect(),
        Some(Item::Value(Value::Array(list))) => list
            .iter()
            .filter(|item| is(address(item).as_deref(), url))
            .filter_map(|item| Some(cut_item(text, item.span()?)))
            .collect(),
        _ => Vec::new(),
    };
    if cuts.is_empty() {
        return Ok(None);
    }
    cuts.sort_by_key(|cut| cut.start);
    let mut changed = text.to_owned();
    // Two that stand side by side both take the comma between them.
    let mut before = text.len();
    for cut in cuts.into_iter().rev() {
        changed.replace_range(cut.start..cut.end.min(before), "");
        before = cut.start;
    }
    read(&changed).map(|_| Some(changed))
}

/// Where the last value of a table ends.
fn last_end(table: &Table) -> Option<usize> {
    table
        .iter()
        .filter_map(|(_, item)| match item {
            Item::Table(inner) => last_end(inner).or(inner.span().map(|span| span.end)),
            Item::ArrayOfTables(tables) => tables.iter().filter_map(last_end).max(),
            other => other.span().map(|span| span.end),
        })
        .max()
}

/// The lines of a table, with the comment that touches its header and one of the empty lines around.
fn cut_table(text: &str, start: usize, last: usize) -> Range<usize> {
    let mut start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut end = text[last..]
        .find('\n')
        .map_or(text.len(), |newline| last + newline + 1);
    let line_above = |at: usize| {
        let above = text[..at].strip_suffix('\n')?;
        let begin = above.rfind('\n').map_or(0, |newline| newline + 1);
        Some((begin, above[begin..].trim()))
    };
    let mut comment = start;
    while let Some((begin, line)) = line_above(comment)
        && line.starts_with('#')
    {
        comment = begin;
    }
    // What stands at the head of the file, or right below other things, is about more than this feed.
    if line_above(comment).is_some_and(|(_, line)| line.is_empty()) {
        start = comment;
    }
    let below = &text[end..];
    match line_above(start) {
        Some((begin, "")) if below.is_empty() => start = begin,
        Some((_, "")) | None => {
            if let Some(newline) = below.find('\n')
                && below[..newline].trim().is_empty()
            {
                end += newline + 1;
            }
        }
        Some(_) => {}
    }
    start..end
}

/// An item of a list, with its comma, and its line where nothing else stands in it.
fn cut_item(text: &str, item: Range<usize>) -> Range<usize> {
    let indent = text[..item.start].trim_end_matches([' ', '\t']).len();
    let rest = &text[item.end..];
    let mut after = rest;
    loop {
        after = after.trim_start();
        if !after.starts_with('#') {
            break;
        }
        after = after.find('\n').map_or("", |newline| &after[newline..]);
    }
    if !after.starts_with(',') {
        // The last one: the comma before it goes, unless a comment stands between them.
        let before = text[..item.start].trim_end();
        return if before.ends_with(',') {
            before.len() - 1..item.end
        } else {
            indent..item.end
        };
    }
    let between = &rest[..rest.len() - after.len()];
    if !between.trim().is_empty() {
        // Its comma stands behind a comment: that comment can only be of this item.
        return indent..text.len() - after.len() + 1;
    }
    let end = text.len() - after.len() + 1;
    let line_end = text[end..].find('\n').map(|newline| end + newline + 1);
    let alone = text[..indent].ends_with('\n')
        && line_end.is_some_and(|line_end| text[end..line_end].trim().is_empty());
    match line_end {
        Some(line_end) if alone => indent..line_end,
        _ if text[..indent].ends_with(['[', '\n']) => {
            item.start
                ..end + (text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len())
        }
        _ => indent..end,
    }
}

fn address(item: &Value) -> Option<String> {
    item.as_str()
        .or_else(|| item.as_inline_table()?.get("url")?.as_str())
        .map(str::to_owned)
}

fn in_tables(tables: &mut ArrayOfTables, url: &FeedUrl, change: &Change<'_>) -> bool {
    let mut found = false;
    for table in tables.iter_mut() {
        if is(table.get("url").and_then(Item::as_str), url) {
            alter(table, change);
            found = true;
        }
    }
    found
}

fn in_list(list: &mut Array, url: &FeedUrl, change: &Change<'_>) -> bool {
    let mut found = false;
    for item in list.iter_mut() {
        if !is(address(item).as_deref(), url) {
            continue;
        }
        found = true;
        match (change, item) {
            (_, Value::InlineTable(table)) => alter(table, change),
            (Change::Move(to), item) => *item = Value::from(to.as_str()),
            (Change::Retitle(title), item) => {
                let mut table = toml_edit::InlineTable::new();
                table.insert("url", url.as_str().into());
                table.insert("title", (*title).into());
                *item = Value::InlineTable(table);
            }
            (Change::Remove, _) => {}
        }
    }
    found
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
    fn a_feed_that_is_added_and_removed_leaves_the_file_as_it_was() {
        let feed = Listed {
            url: "https://added.example/".parse().expect("an address"),
            title: Some("A".into()),
            site_url: None,
            tags: vec!["x".into()],
            line: 0,
        };
        for text in [
            &crate::config::example::example(),
            FILE,
            "# one\n# two\n",
            "# one\r\n# two\r\n",
            "theme = \"ink\"\n[keys]\nx = \"a\" # why\n# end\n",
            "[[feeds]]\nurl = \"https://b.example/\"\n# of nobody\n",
            "feeds = []\n",
            "feeds = [\"https://b.example/\"] # mine\n",
            "feeds = [\n  # first\n  \"https://b.example/\", # of b\n  # last\n]\n",
            "feeds = [\n  \"https://b.example/\",\n  \"https://c.example/\"\n]\n[keys]\nx = \"a\"\n",
        ] {
            let added = ok(add(text, &feed));
            let Ok(Some(removed)) = change(&added, &feed.url, &Change::Remove) else {
                panic!("not removed from {added}");
            };
            assert_eq!(removed, *text);
        }
    }

    #[test]
    fn comments_of_other_things_stay_where_a_feed_goes() {
        check_change(
            "# mine\n[[feeds]]\nurl = \"https://one.example/feed\"\n# next\n\n# the best\n\n[[feeds]]\nurl = \"https://two.example/\"\n",
            &Change::Remove,
            Some("# mine\n# next\n\n# the best\n\n[[feeds]]\nurl = \"https://two.example/\"\n"),
        );
        check_change(
            "feeds = [\n  \"https://a.example/\", # of a\n  \"https://one.example/feed\", # of one\n  # of b\n  \"https://b.example/\",\n]\n",
            &Change::Remove,
            Some(
                "feeds = [\n  \"https://a.example/\", # of a\n  # of one\n  # of b\n  \"https://b.example/\",\n]\n",
            ),
        );
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
