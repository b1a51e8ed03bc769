//! Titles: the name of the site cut off, and the headline on the page preferred.

/// What stands between a title and the name of its site. Those without white space around are signs that titles hardly hold.
const SEPARATORS: &[&str] = &[
    " | ",
    " \u{b7} ",
    " \u{2022} ",
    " \u{2014} ",
    " \u{2013} ",
    " - ",
    " :: ",
    " » ",
    " « ",
    " › ",
    " ‹ ",
    " ✩ ",
    " ★ ",
    " ~ ",
    "|",
];

/// From this share of common words on, a headline on the page is the title, and not that of another thing.
const AGREES: f64 = 0.5;

/// How sure one may be that something has to be cut off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Only what is a name of the site.
    Names,
    /// Also a short last part: `<title>` nearly always ends with the site.
    LastPart,
}

/// The title without the names of its site at either end.
pub(super) fn without_site(title: &str, names: &[String], cut: Cut) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some((shorter, _)) = ends(title).into_iter().find(|(rest, part)| {
            !rest.is_empty() && names.iter().any(|name| same_name(name, part))
        }) else {
            break;
        };
        title = shorter;
    }
    if cut == Cut::LastPart
        && let Some((rest, last)) = ends(title).into_iter().next()
        && words(last).len() <= 4
        && words(rest).len() >= 3
        && words(rest).len() > words(last).len()
    {
        title = rest;
    }
    title.to_owned()
}

/// The headline of the page that agrees best with the title, if one does.
pub(super) fn headline<'a>(title: &str, headlines: &'a [String]) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for headline in headlines {
        let score = agreement(title, headline);
        if score >= AGREES && best.is_none_or(|(other, _)| score > other) {
            best = Some((score, headline));
        }
    }
    best.map(|(_, headline)| headline)
}

/// F1 of the words of two texts.
pub(super) fn agreement(one: &str, other: &str) -> f64 {
    let (one, mut other) = (words(one), words(other));
    let whole = one.len() + other.len();
    if whole == 0 {
        return 0.0;
    }
    let mut both = 0;
    for word in &one {
        if let Some(place) = other.iter().position(|w| w == word) {
            other.swap_remove(place);
            both += 1;
        }
    }
    f64::from(2 * both) / whole as f64
}

/// The ways to take a part off an end: (what stays, what goes), the last part first.
fn ends(title: &str) -> Vec<(&str, &str)> {
    let mut last: Option<(usize, usize)> = None;
    let mut first: Option<(usize, usize)> = None;
    for separator in SEPARATORS {
        if let Some(at) = title.rfind(separator)
            && last.is_none_or(|(other, _)| at > other)
        {
            last = Some((at, separator.len()));
        }
        if let Some(at) = title.find(separator)
            && first.is_none_or(|(other, _)| at < other)
        {
            first = Some((at, separator.len()));
        }
    }
    let mut found = Vec::new();
    if let Some((at, len)) = last {
        found.push((title[..at].trim_end(), title[at + len..].trim()));
    }
    if let Some((at, len)) = first {
        found.push((title[at + len..].trim_start(), title[..at].trim()));
    }
    // A colon is part of many titles: it separates only where a name of the site stands before it.
    if let Some((site, rest)) = title.split_once(": ") {
        found.push((rest.trim(), site.trim()));
    }
    found
}

fn same_name(name: &str, part: &str) -> bool {
    let (name, part) = (squeezed(name), squeezed(part));
    !name.is_empty() && name == part
}

/// Letters and digits alone, without the article and the ending of a host name.
fn squeezed(text: &str) -> String {
    let lower = text.to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    let lower = lower.strip_prefix("www.").unwrap_or(lower);
    let lower = [".com", ".org", ".net"]
        .iter()
        .find_map(|end| lower.strip_suffix(end))
        .unwrap_or(lower);
    lower.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, names: &[&str], cut: Cut, expected: &str) {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        assert_eq!(without_site(title, &names, cut), expected);
    }

    #[test]
    fn the_site_is_cut_off_either_end() {
        check(
            "The bridge is closed | The Herald",
            &["Herald"],
            Cut::Names,
            "The bridge is closed",
        );
        check(
            "Herald - The bridge is closed",
            &["herald.com"],
            Cut::Names,
            "The bridge is closed",
        );
        check(
            "Herald: The bridge is closed",
            &["Herald"],
            Cut::Names,
            "The bridge is closed",
        );
        check(
            "The bridge is closed - Local - Herald",
            &["Herald"],
            Cut::Names,
            "The bridge is closed - Local",
        );
        check("Rust - a language", &[], Cut::Names, "Rust - a language");
        check("Herald", &["Herald"], Cut::Names, "Herald");
    }

    #[test]
    fn a_short_last_part_goes_where_one_may_guess() {
        check(
            "The bridge is closed – The Daily Planet",
            &[],
            Cut::LastPart,
            "The bridge is closed",
        );
        check(
            "Rust – a language for everyone",
            &[],
            Cut::LastPart,
            "Rust – a language for everyone",
        );
        check("Why - and how", &[], Cut::LastPart, "Why - and how");
    }

    #[test]
    fn the_headline_that_agrees_is_taken() {
        let heads = [
            "The Herald".to_owned(),
            "The old bridge is closed".to_owned(),
        ];
        assert_eq!(
            headline("Old bridge is closed", &heads),
            Some("The old bridge is closed")
        );
        assert_eq!(headline("Something else", &heads), None);
        assert_eq!(headline("", &[]), None);
    }
}
