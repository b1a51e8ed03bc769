//! A story's title, and the order in which its entries are listed ("More:").

use std::collections::HashSet;
use url::Url;

/// An entry of a story.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub entry: i64,
    /// As of [`site_of`].
    pub site: String,
    /// Seconds.
    pub at: i64,
    /// It is the primary source itself.
    pub primary: bool,
    /// It is a thread or a bare link to another entry of the story.
    pub points: bool,
    /// The entry whose text it repeats.
    pub copy_of: Option<i64>,
    /// How near it is to what all of them tell.
    pub near: f32,
    /// Part of the entries of its feed that the reader opens, 0 to 1.
    pub opened: f32,
    /// Words of the title.
    pub title_words: usize,
}

/// Places of the entries in the order they are listed: the primary source, then the first of each site by time, then the
/// others by time, copies last.
pub fn in_order(told: &[Told]) -> Vec<usize> {
    let mut by_time: Vec<usize> = (0..told.len()).collect();
    by_time.sort_by_key(|at| (told[*at].at, told[*at].entry));
    let mut sites = HashSet::new();
    let mut first = vec![false; told.len()];
    for at in by_time
        .iter()
        .filter(|at| told[**at].copy_of.is_none() && !told[**at].points)
    {
        first[*at] = sites.insert(told[*at].site.as_str());
    }
    by_time.sort_by_key(|at| {
        let one = &told[*at];
        let rank = match one {
            _ if one.primary => 0,
            _ if first[*at] => 1,
            Told {
                copy_of: None,
                points: false,
                ..
            } => 2,
            Told { copy_of: None, .. } => 3,
            _ => 4,
        };
        (rank, one.at, one.entry)
    });
    by_time
}

/// The entry that speaks for the story: nearest to what all tell, from a feed the reader opens; never a bare link where
/// there is another, nor a copy.
pub fn title_of(told: &[Told]) -> Option<usize> {
    (0..told.len()).max_by(|a, b| {
        let weight = |at: usize| {
            let one = &told[at];
            let mut weight = one.near + 0.3 * one.opened;
            if one.points {
                weight -= 1.0;
            }
            if one.copy_of.is_some() {
                weight -= 0.5;
            }
            if !(3..=20).contains(&one.title_words) {
                weight -= 0.3;
            }
            weight
        };
        weight(*a)
            .total_cmp(&weight(*b))
            .then(told[*b].at.cmp(&told[*a].at))
            .then(told[*b].entry.cmp(&told[*a].entry))
    })
}

/// Seconds within which entries of a story stand under one row of a list: what is told on another day is news of that day.
const UNDER_ONE_ROW: i64 = 24 * 3600;

/// An entry of a story, as lists ask for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listed {
    pub entry: i64,
    /// Seconds.
    pub at: i64,
    /// In no list.
    pub hidden: bool,
    /// It is a thread or a bare link to another entry of the story.
    pub points: bool,
    /// It is a row already.
    pub row: bool,
    /// It came before the newest of them, or was read: the reader has seen it where it stands.
    pub settled: bool,
}

/// Which entries of a story are rows in a list; the others are folded under them. A row that is settled stays one, so that
/// nothing moves under the reader, unless it only points at what has come since; of those that came together one is. `several`: several sites tell it; else each is a row.
pub fn rows(entries: &[Listed], several: bool) -> Vec<bool> {
    if !several {
        return vec![true; entries.len()];
    }
    let near = |one: &Listed, other: &Listed| (one.at - other.at).abs() <= UNDER_ONE_ROW;
    let tells = |one: &Listed| {
        entries
            .iter()
            .any(|other| !other.hidden && !other.points && near(one, other))
    };
    let mut rows: Vec<bool> = entries
        .iter()
        .map(|one| one.row && one.settled && !one.hidden && !(one.points && tells(one)))
        .collect();
    let mut by_time: Vec<usize> = (0..entries.len()).collect();
    by_time.sort_by_key(|at| {
        let one = &entries[*at];
        (one.points, !one.row, one.at, one.entry)
    });
    for at in by_time {
        let one = &entries[at];
        let under = (0..entries.len()).any(|row| rows[row] && near(one, &entries[row]));
        rows[at] = rows[at] || !under && !one.hidden;
    }
    rows
}

/// Which site tells it: two feeds of one site are one voice. The site of the feed, where that is known, else the entry's own.
pub fn site_of(feed_site: Option<&str>, feed_url: &str, entry_url: Option<&str>) -> String {
    let site = |text: &str| {
        Url::parse(text)
            .ok()
            .filter(|url| {
                url.has_host() && !crate::address::is_proxy(url.host_str().unwrap_or_default())
            })
            .map(|url| crate::address::home(&url))
    };
    feed_site
        .and_then(site)
        .or_else(|| site(feed_url))
        .or_else(|| entry_url.and_then(site))
        .unwrap_or_else(|| feed_url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(entry: i64, site: &str, at: i64) -> Told {
        Told {
            entry,
            site: site.into(),
            at,
            title_words: 6,
            ..Told::default()
        }
    }

    #[test]
    fn primary_first_then_one_of_each_site_then_the_rest_then_copies() {
        let mut all = [
            told(1, "a", 1),
            told(2, "a", 2),
            told(3, "b", 3),
            told(4, "c", 9),
            told(5, "d", 4),
            told(6, "hn", 0),
        ];
        all[3].primary = true;
        all[4].copy_of = Some(3);
        all[5].points = true;
        assert_eq!(in_order(&all), [3, 0, 2, 1, 5, 4]);
    }

    #[test]
    fn the_title_is_the_nearest_that_is_no_bare_link() {
        let mut all = [told(1, "a", 1), told(2, "b", 2), told(3, "hn", 3)];
        (all[0].near, all[1].near, all[2].near) = (0.5, 0.7, 0.9);
        all[2].points = true;
        assert_eq!(title_of(&all), Some(1));
        all[0].opened = 1.0;
        assert_eq!(title_of(&all), Some(0));
        assert_eq!(title_of(&[]), None);
    }

    #[track_caller]
    fn check_rows(entries: &[(i64, &str)], expected: &[bool]) {
        let listed: Vec<Listed> = entries
            .iter()
            .zip(1..)
            .map(|((hours, what), entry)| Listed {
                entry,
                at: hours * 3600,
                hidden: what.contains("hidden"),
                points: what.contains("points"),
                row: what.contains("row"),
                settled: !what.contains("new"),
            })
            .collect();
        assert_eq!(rows(&listed, true), expected, "{entries:?}");
        assert!(rows(&listed, false).iter().all(|row| *row));
    }

    #[test]
    fn a_story_is_one_row_a_day_and_the_row_stays() {
        check_rows(&[(0, ""), (1, ""), (2, "")], &[true, false, false]);
        check_rows(&[(1, ""), (0, ""), (5, "row")], &[false, false, true]);
        check_rows(&[(0, "row"), (30, ""), (40, "")], &[true, true, false]);
        check_rows(&[(0, "row hidden"), (1, "")], &[false, true]);
        check_rows(&[(0, "row points"), (1, "")], &[false, true]);
        check_rows(&[(0, "row points"), (1, "points")], &[true, false]);
        check_rows(&[(0, "row"), (1, "row")], &[true, true]);
    }

    #[test]
    fn of_what_came_in_one_refresh_one_is_a_row() {
        check_rows(&[(0, "row new"), (1, "row new")], &[true, false]);
        check_rows(&[(0, "new"), (1, "row new")], &[false, true]);
        check_rows(&[(0, "row new"), (1, "row")], &[false, true]);
        check_rows(&[(0, "row new"), (30, "row new")], &[true, true]);
    }

    #[test]
    fn two_feeds_of_one_site_are_one_voice() {
        let one = site_of(
            Some("https://www.paper.example/"),
            "https://feeds.paper.example/a",
            None,
        );
        let other = site_of(
            None,
            "https://paper.example/politics.xml",
            Some("https://elsewhere.example/x"),
        );
        assert_eq!(one, other);
        assert_eq!(site_of(None, "bron:later", None), "bron:later");
    }
}
