//! What stands first on the front page, and why.

/// What is known of a story.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Different sites that tell it.
    pub sites: u32,
    pub entries: u32,
    /// A primary source is known.
    pub primary: bool,
    /// Hours since its newest entry.
    pub hours: f32,
    /// Part of the entries of its feeds that the reader opens, 0 to 1; 0 where that is not to count.
    pub opened: f32,
    /// Comments in threads about it.
    pub comments: u32,
    /// Something of it is unread.
    pub unread: bool,
}

/// A rank, and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub score: f32,
    /// In words: "5 sites, a primary source, 2 hours old".
    pub why: String,
}

/// Hours after which a story counts half.
const HALF_LIFE: f32 = 18.0;

/// Ranks a story. Sites count most: what many tell is what matters; then a primary source, freshness, and what the reader
/// is used to open.
pub fn rank(facts: &Facts) -> Ranked {
    let mut why = Vec::new();
    let sites = facts.sites.max(1);
    let mut score = 1.0 + 1.6 * (sites as f32).ln();
    why.push(if sites == 1 {
        "1 site".to_owned()
    } else {
        format!("{sites} sites")
    });
    if facts.primary {
        score += 0.5;
        why.push("a primary source".to_owned());
    }
    if facts.comments > 0 {
        score += (0.12 * (1.0 + facts.comments as f32).ln()).min(0.8);
        why.push(format!("{} comments", facts.comments));
    }
    if facts.opened > 0.0 {
        score *= 1.0 + 0.5 * facts.opened.min(1.0);
        why.push(format!(
            "you open {} % of these feeds",
            (facts.opened.min(1.0) * 100.0).round()
        ));
    }
    let hours = facts.hours.max(0.0);
    score *= (-hours * std::f32::consts::LN_2 / HALF_LIFE).exp();
    why.push(match hours.round() as i64 {
        0 => "just now".to_owned(),
        1 => "1 hour old".to_owned(),
        hours => format!("{hours} hours old"),
    });
    if !facts.unread {
        score *= 0.6;
        why.push("read".to_owned());
    }
    Ranked {
        score,
        why: why.join(", "),
    }
}

/// Entries a month up to which a feed posts seldom.
const SELDOM: u32 = 6;

/// Whether an entry is a rare voice: of a feed that posts seldom and would drown.
pub fn is_rare_voice(entries_in_30_days: u32) -> bool {
    (1..=SELDOM).contains(&entries_in_30_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_before(first: Facts, second: Facts) {
        let (first, second) = (rank(&first), rank(&second));
        assert!(first.score > second.score, "{first:?} {second:?}");
    }

    #[test]
    fn many_sites_a_primary_source_and_freshness_come_first() {
        let plain = Facts {
            sites: 2,
            entries: 2,
            hours: 5.0,
            unread: true,
            ..Facts::default()
        };
        check_before(Facts { sites: 5, ..plain }, plain);
        check_before(
            Facts {
                primary: true,
                ..plain
            },
            plain,
        );
        check_before(
            Facts {
                hours: 1.0,
                ..plain
            },
            plain,
        );
        check_before(
            Facts {
                opened: 0.8,
                ..plain
            },
            plain,
        );
        check_before(
            plain,
            Facts {
                unread: false,
                ..plain
            },
        );
        check_before(
            Facts {
                sites: 6,
                hours: 20.0,
                ..plain
            },
            Facts {
                sites: 1,
                hours: 0.0,
                ..plain
            },
        );
    }

    #[test]
    fn it_says_why() {
        let why = rank(&Facts {
            sites: 3,
            primary: true,
            hours: 2.2,
            opened: 0.5,
            unread: true,
            ..Facts::default()
        })
        .why;
        assert_eq!(
            why,
            "3 sites, a primary source, you open 50 % of these feeds, 2 hours old"
        );
    }

    #[test]
    fn rare_voices_post_seldom() {
        assert!(is_rare_voice(1) && is_rare_voice(6) && !is_rare_voice(7) && !is_rare_voice(0));
    }
}
