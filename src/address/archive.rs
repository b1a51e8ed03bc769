//! Copies of pages that web archives keep: which address to ask for one, and what its address tells.

use super::{Found, clean};
use chrono::{Datelike, NaiveDate};
use url::Url;

/// The archive that hands out copies as they were: `id_` behind the time leaves out its own frame and lets links be
/// (Internet Archive, "Wayback Machine APIs").
const AS_IT_WAS: &str = "web.archive.org";

/// The newest copy of a page at the Internet Archive, as it was. Whether there is one only a visit tells.
pub fn newest_copy(url: &str) -> Option<Url> {
    // A time that is only begun means the nearest to its end.
    Url::parse(&format!("https://{AS_IT_WAS}/web/2id_/{url}")).ok()
}

/// What to ask a server for, to read an address: its clean form; of an archive's copy the copy, not what it is a copy of.
pub fn to_visit(text: &str) -> Option<Url> {
    let address = clean(text, Found::default()).ok()?;
    if !address.archived {
        return Some(address.display);
    }
    let written = Url::parse(text.trim()).ok()?;
    Some(as_it_was(&written).unwrap_or(written))
}

/// The page that an archive's copy is one of; `None`: it is no copy.
pub fn original(url: &Url) -> Option<Url> {
    let address = clean(url.as_str(), Found::default()).ok()?;
    address.archived.then_some(address.display)
}

/// The year in which a copy was taken, where its address tells.
pub fn year(url: &Url) -> Option<i32> {
    original(url)?;
    let now = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
        let whole = digits.len() == 8 && text.starts_with(|c: char| c.is_ascii_digit());
        NaiveDate::parse_from_str(&digits, "%Y%m%d")
            .ok()
            .filter(|_| whole)
    };
    // Before the original's address, which may have a date of its own.
    let before = url.path_segments()?.take(3);
    before
        .take_while(|part| !part.ends_with(':'))
        .find_map(now)
        .map(|day| day.year())
}

/// The form of a copy without the archive's frame around it.
fn as_it_was(url: &Url) -> Option<Url> {
    if url.host_str() != Some(AS_IT_WAS) {
        return None;
    }
    let rest = url.path().strip_prefix("/web/")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (time, rest) = rest.split_at(digits);
    if time.is_empty() || !rest.starts_with('/') {
        return None;
    }
    let mut bare = url.clone();
    bare.set_path(&format!("/web/{time}id_{rest}"));
    Some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_asked_for_as_it_was_and_any_other_address_in_its_clean_form() {
        for (written, asked) in [
            ("https://a.example/b?utm_source=rss", "https://a.example/b"),
            (
                "https://web.archive.org/web/20231204120000/https://a.example/b?c=d&utm_source=rss",
                "https://web.archive.org/web/20231204120000id_/https://a.example/b?c=d&utm_source=rss",
            ),
            (
                "https://web.archive.org/web/20231204120000if_/https://a.example/b",
                "https://web.archive.org/web/20231204120000if_/https://a.example/b",
            ),
            (
                "https://web.archive.org/web/https://a.example/b",
                "https://web.archive.org/web/https://a.example/b",
            ),
            (
                "https://archive.ph/20230102030405/https://a.example/b",
                "https://archive.ph/20230102030405/https://a.example/b",
            ),
        ] {
            assert_eq!(
                to_visit(written).expect("an address").as_str(),
                asked,
                "{written}"
            );
        }
        assert_eq!(to_visit("mailto:a@b.example"), None);
    }

    #[test]
    fn the_newest_copy_of_a_page_is_a_copy_of_that_page() {
        let copy = newest_copy("https://a.example/b?c=d").expect("an address");
        assert_eq!(
            copy.as_str(),
            "https://web.archive.org/web/2id_/https://a.example/b?c=d"
        );
        assert_eq!(
            original(&copy).map(String::from),
            Some("https://a.example/b?c=d".to_owned())
        );
        assert_eq!(to_visit(copy.as_str()), Some(copy));
    }

    #[test]
    fn the_year_of_a_copy_is_that_of_the_copy() {
        for (url, expected) in [
            (
                "https://web.archive.org/web/20231204120000id_/https://a.example/b",
                Some(2023),
            ),
            (
                "https://web.archive.org/web/2id_/https://a.example/20190101/b",
                None,
            ),
            (
                "https://archive.ph/20220102/https://a.example/b",
                Some(2022),
            ),
            (
                "https://archive.ph/2022.01.02-030405/https://a.example/",
                Some(2022),
            ),
            (
                "https://web.archive.org/web/https://a.example/20190101",
                None,
            ),
            ("https://a.example/20190101/b", None),
        ] {
            let url = Url::parse(url).expect("an address");
            assert_eq!(year(&url), expected, "{url}");
        }
    }
}
