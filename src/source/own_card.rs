//! The card that an address makes by itself, without a request.

use super::role::is_generic;
use super::{KnownCard, Source};
use crate::text::SafeText;
use percent_encoding::percent_decode_str;
use url::Url;

/// The card that an address makes by itself, without a request: arXiv number, DOI, RFC, CVE, owner/repo, file name.
pub fn card_of_address(key: &str, display: &Url) -> KnownCard {
    let (title, description) = of_key(key).unwrap_or_else(|| (of_path(display), None));
    KnownCard {
        title: Some(SafeText::short(&title, 300)),
        description: description.map(SafeText::line),
        author: None,
        published: None,
    }
}

/// What is known of a source before anybody asked it: the card that the article shows of it, the words of its link, its address.
pub fn card_of_link(source: &Source) -> KnownCard {
    let own = card_of_address(&source.key, &source.display);
    if let Some(card) = &source.card {
        return KnownCard {
            title: Some(card.title.clone()),
            description: card.description.clone().or(own.description),
            ..own
        };
    }
    let spoken = own
        .title
        .as_ref()
        .map_or(0, |title| title.split_whitespace().count());
    let anchor = source.anchor.split_whitespace().count();
    // Few words ("the study") say less than an address that is a whole title.
    let anchor_names = !is_generic(&source.anchor)
        && !source.anchor.contains("://")
        && (anchor >= 3 || spoken < 4);
    KnownCard {
        title: if anchor_names {
            Some(source.anchor.clone())
        } else {
            own.title
        },
        ..own
    }
}

fn of_key(key: &str) -> Option<(String, Option<&'static str>)> {
    let (scheme, rest) = key.split_once(':')?;
    Some(match scheme {
        "arxiv" => (format!("arXiv:{rest}"), Some("A paper on arXiv")),
        "doi" => (format!("doi:{rest}"), Some("A paper")),
        "rfc" => (format!("RFC {rest}"), Some("A standard of the Internet")),
        "cve" => (rest.to_owned(), Some("A known weakness")),
        "ghsa" => (rest.to_owned(), Some("An advisory")),
        "github" => return Some(of_repository(rest)),
        "gist" => (
            format!("gist {}", rest.get(..8).unwrap_or(rest)),
            Some("A piece of code"),
        ),
        "youtube" => (format!("YouTube video {rest}"), None),
        "vimeo" => (format!("Vimeo video {rest}"), None),
        "dailymotion" => (format!("Dailymotion video {rest}"), None),
        "x" => ("A post on X".to_owned(), None),
        "bsky" => (
            format!("A post of {}", rest.split('/').next().unwrap_or(rest)),
            None,
        ),
        "hn" => ("Hacker News thread".to_owned(), None),
        "lobsters" => ("Lobsters thread".to_owned(), None),
        "gdoc" => ("Google document".to_owned(), None),
        "so" => (format!("Stack Overflow question {rest}"), None),
        "playstore" => (rest.to_owned(), Some("An application for Android")),
        // Their addresses have words of their own.
        _ => return None,
    })
}

fn of_repository(rest: &str) -> (String, Option<&'static str>) {
    let mut parts = rest.splitn(4, '/');
    let (owner, name) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let repository = format!("{owner}/{name}");
    match (parts.next(), parts.next()) {
        (Some("pull"), Some(number)) => (format!("{repository} #{number}"), Some("A pull request")),
        (Some("issues"), Some(number)) => (format!("{repository} #{number}"), Some("An issue")),
        (Some("discussions"), Some(number)) => {
            (format!("{repository} #{number}"), Some("A conversation"))
        }
        (Some("commit"), Some(id)) => (
            format!("{repository} {}", id.get(..8).unwrap_or(id)),
            Some("A commit"),
        ),
        (Some("releases"), Some(tag)) => (
            format!("{repository} {}", tag.strip_prefix("tag/").unwrap_or(tag)),
            Some("A release"),
        ),
        (Some("releases"), None) => (format!("{repository} releases"), Some("Releases")),
        (Some("blob" | "tree"), Some(path)) => (
            format!(
                "{repository}: {}",
                path.split_once('/').map_or(path, |(_, path)| path)
            ),
            Some("A file of a repository"),
        ),
        (Some(part), _) => (format!("{repository} {part}"), None),
        (None, _) => (repository, Some("A repository of code")),
    }
}

/// A file's name, the words of a name with hyphens, else the host.
fn of_path(display: &Url) -> String {
    let host = display.host_str().unwrap_or_default();
    let host = crate::address::shown_host(host.strip_prefix("www.").unwrap_or(host));
    let last = display
        .path()
        .split('/')
        .rfind(|segment| !segment.is_empty() && !segment.starts_with("index."));
    let Some(last) = last else { return host };
    let last = percent_decode_str(last).decode_utf8_lossy();
    let (stem, ending) = last.rsplit_once('.').unwrap_or((&last, ""));
    if matches!(
        ending.to_ascii_lowercase().as_str(),
        "pdf"
            | "ps"
            | "epub"
            | "zip"
            | "txt"
            | "csv"
            | "md"
            | "mp3"
            | "mp4"
            | "doc"
            | "docx"
            | "xlsx"
            | "pptx"
    ) {
        return format!("{last} ({host})");
    }
    let stem = if matches!(ending, "html" | "htm" | "php" | "aspx" | "shtml" | "jsp") {
        stem
    } else {
        &last
    };
    let words: Vec<&str> = stem
        .split(['-', '_', '+', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    let spoken = words
        .iter()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count();
    if words.len() < 2 || spoken < 2 {
        return format!("{host}: {stem}");
    }
    let mut text = words.join(" ");
    if let Some(first) = text.chars().next().filter(|first| first.is_lowercase()) {
        text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Found, clean};

    #[track_caller]
    fn check(input: &str, title: &str) {
        let address = clean(input, Found::default()).expect("an address");
        assert_eq!(
            card_of_address(&address.key, &address.display)
                .title
                .as_deref(),
            Some(title)
        );
    }

    #[test]
    fn an_address_names_what_stands_there() {
        check("https://arxiv.org/pdf/2311.09394v2.pdf", "arXiv:2311.09394");
        check(
            "https://doi.org/10.1145/3292500.3330701",
            "doi:10.1145/3292500.3330701",
        );
        check("https://www.rfc-editor.org/rfc/rfc9110.html", "RFC 9110");
        check(
            "https://nvd.nist.gov/vuln/detail/CVE-2024-3094",
            "CVE-2024-3094",
        );
        check("https://github.com/Owner/Repo", "owner/repo");
        check("https://github.com/owner/repo/issues/7", "owner/repo #7");
        check(
            "https://github.com/owner/repo/blob/main/src/lib.rs",
            "owner/repo: src/lib.rs",
        );
        check(
            "https://example.com/files/annual-report.pdf",
            "annual-report.pdf (example.com)",
        );
        check(
            "https://www.example.com/2024/01/meta-has-an-ai-problem/",
            "Meta has an ai problem",
        );
        check("https://www.example.com/story/12345", "example.com: 12345");
        check("https://www.example.com/", "example.com");
        check("https://xn--mnchen-3ya.de/", "münchen.de");
    }
}
