//! Changes of newsboat `urls` files and lists of plain addresses: line by line.

use super::Change;
use crate::feed::FeedUrl;

/// Changes a feed; `None`: it does not stand here.
pub fn change(text: &str, url: &FeedUrl, change: &Change<'_>) -> Option<String> {
    let mut found = false;
    let mut changed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\r', '\n']);
        let end = &line[body.len()..];
        let address = first_word(body);
        if body.trim_start().starts_with('#')
            || address.trim_matches('"').parse::<FeedUrl>().as_ref() != Ok(url)
        {
            changed.push_str(line);
            continue;
        }
        found = true;
        match change {
            Change::Remove => {}
            Change::Move(to) => {
                changed.push_str(&body.replacen(address, to.as_str(), 1));
                changed.push_str(end);
            }
            Change::Retitle(title) => {
                changed.push_str(&retitled(body, title));
                changed.push_str(end);
            }
        }
    }
    found.then_some(changed)
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// newsboat's way to say a title is a tag that begins with `~`.
fn retitled(line: &str, title: &str) -> String {
    let title = format!("\"~{}\"", title.replace('\\', "\\\\").replace('"', "\\\""));
    let quoted = line
        .find("\"~")
        .and_then(|start| Some(start..start + 2 + closing_quote(&line[start + 2..])? + 1));
    let bare = || {
        let start = line
            .match_indices('~')
            .find(|(at, _)| line[..*at].ends_with(char::is_whitespace))?
            .0;
        let length = line[start..]
            .find(char::is_whitespace)
            .unwrap_or(line.len() - start);
        Some(start..start + length)
    };
    match quoted.or_else(bare) {
        Some(range) => format!("{}{title}{}", &line[..range.start], &line[range.end..]),
        None => format!("{} {title}", line.trim_end()),
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| match c {
        _ if escaped => {
            escaped = false;
            None
        }
        '\\' => {
            escaped = true;
            None
        }
        '"' => Some(at),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Change, change};

    #[test]
    fn only_the_line_that_is_meant_changes() {
        let file = "# https://one.example/feed\nhttps://one.example/feed linux \"~One\" daily\nhttps://two.example/\r\n\nhttps://three.example/ ~Three x\n";
        let one = "https://one.example/feed".parse().expect("an address");
        let check = |url: &str, what: &Change<'_>, from: &str, to: &str| {
            assert_eq!(
                change(file, &url.parse().expect("an address"), what),
                Some(file.replacen(from, to, 1))
            );
        };
        check(
            "https://one.example/feed",
            &Change::Remove,
            "https://one.example/feed linux \"~One\" daily\n",
            "",
        );
        check(
            "https://one.example/feed",
            &Change::Retitle("A \"b\""),
            "\"~One\"",
            "\"~A \\\"b\\\"\"",
        );
        check(
            "https://two.example/",
            &Change::Retitle("Two"),
            "https://two.example/",
            "https://two.example/ \"~Two\"",
        );
        check(
            "https://three.example/",
            &Change::Retitle("3"),
            "~Three",
            "\"~3\"",
        );
        check(
            "https://two.example/",
            &Change::Move(&one),
            "https://two.example/",
            "https://one.example/feed",
        );
        assert_eq!(
            change(
                file,
                &"https://four.example/".parse().expect("an address"),
                &Change::Remove
            ),
            None
        );
    }
}
