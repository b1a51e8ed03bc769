//! What a title says beside its words: that it is one of a series, that it collects many things.

/// From so many strong sources on an entry is a round-up.
const ROUND_UP_SOURCES: usize = 12;

/// Words of titles of round-ups, in lower case: a whole word, or words. A row for each habit met.
const ROUND_UP_WORDS: &[&str] = &[
    "weekly",
    "this week",
    "this fortnight",
    "this month in",
    "links for",
    "link roundup",
    "links:",
    "daily links",
    "digest",
    "roundup",
    "round-up",
    "week in review",
    "newsletter",
    "linkdump",
    "news of the week",
    "wochenrückblick",
    "weekoverzicht",
    "revue de presse",
    "morning briefing",
    "what we're reading",
    "reading list",
    "friday links",
    "sunday links",
    "weekend reading",
    "interesting links",
    // "A has died. And, B is set for talks": a letter of several.
    ". and,",
    "list of key events",
];

/// Whether an entry collects many stories.
pub fn is_round_up(title: &str, strong_sources: usize) -> bool {
    if strong_sources >= ROUND_UP_SOURCES {
        return true;
    }
    let title = title.to_lowercase();
    ROUND_UP_WORDS.iter().any(|words| {
        title.match_indices(words).any(|(at, _)| {
            let before = title[..at].chars().next_back();
            let after = title[at + words.len()..].chars().next();
            let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            (apart(before) || words.starts_with('.')) && (words.ends_with(':') || apart(after))
        })
    })
}

/// Version and day numbers of a title: what tells an issue, a release, a day of a series from the next. A year is none,
/// and neither is an amount.
pub fn numbers(title: &str) -> Vec<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let mut numbers = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word.trim_matches(|c: char| {
            !c.is_alphanumeric() && c != '#' && c != '$' && c != '€' && c != '£' && c != '%'
        });
        let bare = word.trim_start_matches('#');
        let bare = bare.strip_prefix(['v', 'V']).unwrap_or(bare);
        if !bare.starts_with(|c: char| c.is_ascii_digit()) || bare.len() > 12 {
            continue;
        }
        let version = bare.contains('.')
            && bare
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
        let plain = bare.chars().all(|c| c.is_ascii_digit());
        let before = at.checked_sub(1).map(|at| words[at].to_lowercase());
        let after = words.get(at + 1).map(|next| next.to_lowercase());
        let counted = word.starts_with('#')
            || before.is_some_and(|before| {
                let before = before.trim_matches(|c: char| !c.is_alphanumeric());
                SERIES.contains(&before)
            })
            || (at + 1 == words.len() && plain && bare.len() < 4);
        let amount =
            after.is_some_and(|after| AMOUNTS.iter().any(|amount| after.starts_with(amount)));
        if (version && !amount) || (plain && counted) {
            numbers.push(bare.to_owned());
        }
    }
    numbers
}

/// Words before the number of an issue, a release, a day.
const SERIES: &[&str] = &[
    "issue",
    "episode",
    "ep",
    "part",
    "day",
    "week",
    "no",
    "nr",
    "number",
    "chapter",
    "volume",
    "vol",
    "version",
    "release",
    "edition",
    "aflevering",
    "deel",
    "dag",
    "folge",
    "teil",
    "tag",
    "ausgabe",
    "épisode",
    "jour",
    "numéro",
    "capítulo",
    "parte",
    "season",
    "stage",
    "round",
    "lesson",
    "kernel",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];

/// Words behind an amount.
const AMOUNTS: &[&str] = &[
    "million",
    "billion",
    "percent",
    "per",
    "trillion",
    "miljard",
    "miljoen",
    "milliarden",
    "millionen",
    "milliard",
    "%",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_ups_are_known_by_title_or_by_their_many_sources() {
        for title in [
            "This Week in Rust 600",
            "Links for 2026-01-02",
            "Weekly digest",
            "The roundup: chips",
            "Links: many",
            "Old statesman has died. And, two countries set for talks",
        ] {
            assert!(is_round_up(title, 0), "{title}");
        }
        for title in [
            "Digestible code",
            "Two weeks later",
            "Roundups considered",
            "Newsletters are back",
        ] {
            assert!(!is_round_up(title, 3), "{title}");
        }
        assert!(is_round_up("Plain", 12));
    }

    #[track_caller]
    fn check(title: &str, expected: &[&str]) {
        assert_eq!(numbers(title), expected, "{title}");
    }

    #[test]
    fn versions_issues_and_days_are_numbers_years_and_amounts_are_not() {
        check("Linux 7.2 lands", &["7.2"]);
        check("This Fortnight in Rust, issue 88", &["88"]);
        check("curl v8.11.0 released", &["8.11.0"]);
        check("Photo of the day 14", &["14"]);
        check("Link list #231", &["231"]);
        check("The best of 2026", &[]);
        check("Meta spends 19.4 billion", &[]);
        check("Top 10 IPO filed", &[]);
        check("March 14 open thread", &["14"]);
    }
}
