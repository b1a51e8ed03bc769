//! `bron demo`: not a mock. Sample sites are served on loopback under `.example` hosts, which the client resolves there, and
//! the real poller, store, extractor and screen work on them in a throw-away directory.

pub mod server;
pub mod site;

use chrono::{Local, Utc};
use site::{Site, Start};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// The sites: one file each. A test holds this list to the folder.
const FILES: &[&str] = &[
    include_str!("../../../assets/demo/vandaag.toml"),
    include_str!("../../../assets/demo/signal.toml"),
    include_str!("../../../assets/demo/ledger.toml"),
    include_str!("../../../assets/demo/maschine.toml"),
    include_str!("../../../assets/demo/masdar.toml"),
    include_str!("../../../assets/demo/threads.toml"),
    include_str!("../../../assets/demo/secwatch.toml"),
    include_str!("../../../assets/demo/kernelnotes.toml"),
    include_str!("../../../assets/demo/chipwatch.toml"),
    include_str!("../../../assets/demo/postmortem.toml"),
    include_str!("../../../assets/demo/rough.toml"),
    include_str!("../../../assets/demo/rustround.toml"),
    include_str!("../../../assets/demo/borrow.toml"),
    include_str!("../../../assets/demo/kumihan.toml"),
    include_str!("../../../assets/demo/quill.toml"),
    include_str!("../../../assets/demo/shortlist.toml"),
    include_str!("../../../assets/demo/kitchen.toml"),
    include_str!("../../../assets/demo/gone.toml"),
    include_str!("../../../assets/demo/techpost.toml"),
    include_str!("../../../assets/demo/marketpaper.toml"),
    include_str!("../../../assets/demo/northfield.toml"),
    include_str!("../../../assets/demo/filings.toml"),
    include_str!("../../../assets/demo/papers.toml"),
    include_str!("../../../assets/demo/code.toml"),
    include_str!("../../../assets/demo/advisories.toml"),
];

/// What stands around an article on a page.
const SHELLS: &[(&str, &str)] = &[
    (
        "shell-news.html",
        include_str!("../../../assets/demo/shell-news.html"),
    ),
    (
        "shell-blog.html",
        include_str!("../../../assets/demo/shell-blog.html"),
    ),
    (
        "shell-plain.html",
        include_str!("../../../assets/demo/shell-plain.html"),
    ),
];

/// The demo, being served.
pub struct Demo {
    /// Its hosts, and where they are.
    pub hosts: HashMap<String, SocketAddr>,
    /// A config file with its feeds.
    pub config: String,
}

/// The bundled sites.
pub fn sites() -> Result<Vec<Site>, toml::de::Error> {
    FILES
        .iter()
        .map(|text| {
            let mut site = Site::read(text)?;
            if let Some((_, shell)) = SHELLS.iter().find(|(name, _)| *name == site.shell) {
                (*shell).clone_into(&mut site.shell);
            }
            Ok(site)
        })
        .collect()
}

/// Begins to serve; ages count back from now. `looks` are settings of the screen for the config, as TOML.
pub fn begin(looks: &str) -> anyhow::Result<Demo> {
    let sites = Arc::new(sites()?);
    let start = Start::at(Utc::now(), *Local::now().offset());
    let address = server::serve(Arc::clone(&sites), start)?;
    let hosts = sites
        .iter()
        .map(|site| (site.host.clone(), address))
        .collect();
    let mut config = format!(
        "# The demo's own settings; this directory goes when the demo ends.\ncards = \"visible\"\n{looks}",
    );
    for site in sites
        .iter()
        .filter(|site| site.format != site::Format::None)
    {
        config.push_str(&format!(
            "\n[[feeds]]\nurl = \"{}\"\ntitle = \"{}\"\ntags = [\"{}\"]\n",
            site.feed_url(),
            site.name,
            site.tag
        ));
    }
    Ok(Demo { hosts, config })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Offset, TimeZone};
    use site::{Format, InFeed};

    #[test]
    fn every_file_of_the_folder_is_a_site_and_there_is_as_much_as_promised() {
        let sites = sites().expect("all files can be read");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo");
        let files = std::fs::read_dir(folder)
            .expect("the folder")
            .flatten()
            .filter(|file| {
                file.path()
                    .extension()
                    .is_some_and(|extension| extension == "toml")
            })
            .count();
        assert_eq!(sites.len(), files);
        let feeds = sites
            .iter()
            .filter(|site| site.format != Format::None)
            .count();
        let entries = sites
            .iter()
            .flat_map(|site| &site.pages)
            .filter(|page| page.feed != InFeed::No)
            .count();
        let pages: usize = sites.iter().map(|site| site.pages.len()).sum();
        assert!(
            feeds >= 12 && entries >= 60 && pages >= 40,
            "{feeds} feeds, {entries} entries, {pages} pages"
        );
        for format in [
            Format::Rss,
            Format::Atom,
            Format::Json,
            Format::Rdf,
            Format::Broken,
            Format::Missing,
            Format::Slow,
        ] {
            assert!(sites.iter().any(|site| site.format == format), "{format:?}");
        }
    }

    #[test]
    fn feeds_are_read_as_what_they_are() {
        let start = Start::at(Utc::now(), *Local::now().offset());
        for site in sites().expect("all files can be read") {
            let Some((body, kind)) = site.answer(site.feed_path(), start) else {
                continue;
            };
            let base = url::Url::parse(&site.feed_url()).expect("an address");
            let feed = crate::feed::parse(&body, &base, Some(&kind))
                .unwrap_or_else(|error| panic!("{}: {error}", site.host));
            // The broken feed is cut off in the middle of its last entry: that one is lost, and no other.
            let cut = usize::from(site.format == Format::Broken);
            let entries = site
                .pages
                .iter()
                .filter(|page| page.feed != InFeed::No)
                .count();
            assert_eq!(feed.entries.len(), entries - cut, "{}", site.host);
            assert_eq!(&*feed.title, site.name, "{}", site.host);
        }
    }

    #[test]
    fn today_is_well_filled_at_every_hour() {
        let sites = sites().expect("all files can be read");
        let zone = chrono::FixedOffset::east_opt(3600).expect("an hour is a zone");
        for minutes in [1, 10, 60, 7 * 60, 13 * 60, 20 * 60, 24 * 60 - 1] {
            let midnight = zone.with_ymd_and_hms(2025, 11, 3, 0, 0, 0).single();
            let midnight = midnight.expect("a time that exists").to_utc();
            let now = midnight + chrono::TimeDelta::minutes(minutes);
            let start = Start::at(now, zone);
            let pages = sites
                .iter()
                .filter(|site| !matches!(site.format, Format::None | Format::Missing))
                .flat_map(|site| &site.pages)
                .filter(|page| page.feed != InFeed::No);
            let times: Vec<DateTime<Utc>> = pages.map(|page| page.published(start)).collect();
            let today = times.iter().filter(|time| **time >= midnight).count();
            assert!(today >= 25, "{today} after {minutes} minutes");
            assert!(times.iter().all(|time| *time <= now));
        }
    }

    /// The demo's feeds, as visits find them.
    struct Told {
        directory: tempfile::TempDir,
        start: chrono::DateTime<Utc>,
        found: Vec<(String, url::Url, crate::news::FeedContent)>,
    }

    impl Told {
        fn new() -> Told {
            // Late in the day: what follows from ages is then what the files say.
            let evening = Utc::now()
                .date_naive()
                .and_time(chrono::NaiveTime::MIN)
                .and_utc();
            let start = evening - chrono::TimeDelta::hours(1);
            let begin = Start::at(start, Utc.fix());
            let found = sites()
                .expect("all files can be read")
                .into_iter()
                .filter(|site| !matches!(site.format, Format::None | Format::Missing))
                .map(|site| {
                    let url = url::Url::parse(&site.feed_url()).expect("an address");
                    let (body, kind) = site.answer(site.feed_path(), begin).expect("a feed");
                    let feed = crate::feed::parse(&body, &url, Some(&kind))
                        .expect("a feed that can be read");
                    let content = crate::poller::ingest::ingest(feed, &url, None, start);
                    (site.name, url, content)
                })
                .collect();
            Told {
                directory: tempfile::tempdir().expect("a directory"),
                start,
                found,
            }
        }

        /// The front page where they come in an order; `at_once`: all of them before any is placed.
        fn front_page(&self, order: &[usize], at_once: bool) -> crate::news::FrontPage {
            use crate::feed::FeedId;
            use crate::feed::list::Listed;
            use crate::news::edit::ListedFeed;
            use crate::news::{Edit, Outcome, VisitRecord};
            let path = self.directory.path().join("bron.db");
            for end in ["", "-wal", "-shm"] {
                // The first store is not there yet.
                let _ = std::fs::remove_file(format!("{}{end}", path.display()));
            }
            let writer =
                crate::store::open(&path, crate::store::Settings::default(), Box::new(|_| {}))
                    .expect("a store");
            let listed = self
                .found
                .iter()
                .map(|(name, url, _)| {
                    ListedFeed::plain(Listed {
                        title: Some(name.clone()),
                        ..Listed::at(url.as_str().parse().expect("an address"))
                    })
                })
                .collect();
            writer.apply_now(Edit::SetFeeds(listed)).expect("the feeds");
            for at in order {
                let record = VisitRecord {
                    feed: FeedId(*at as i64 + 1),
                    at: self.start,
                    took_ms: 1,
                    bytes: 1,
                    http: Some(200),
                    outcome: Outcome::Updated(Box::new(self.found[*at].2.clone())),
                    validators: None,
                    not_before: None,
                    fresh_until: None,
                    moved_to: None,
                    body_hash: None,
                };
                writer.record(record, Box::new(()));
                writer.flush(!at_once);
            }
            writer.flush(true);
            let page = writer
                .reader()
                .expect("a reader")
                .front_page(&crate::store::Wanted {
                    since: self.start - chrono::TimeDelta::hours(24),
                    until: self.start,
                    stories: 20,
                    cited: 5,
                    lone: true,
                    habits: false,
                })
                .expect("a front page");
            writer.close();
            page
        }
    }

    /// Orders of feeds that are tried. They are shuffles of the same list, so what fails fails again.
    const ORDERS: usize = 48;

    #[test]
    fn five_sites_tell_one_story_in_whichever_order_they_come() {
        let told = Told::new();
        let mut order: Vec<usize> = (0..told.found.len()).collect();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut first: Option<Vec<(u16, Vec<String>)>> = None;
        for turn in 0..ORDERS {
            let page = told.front_page(&order, turn % 2 == 1);
            let mut stories: Vec<(u16, Vec<String>)> = page
                .stories
                .iter()
                .filter(|story| story.sites > 1)
                .map(|story| {
                    let told = story.entries.iter();
                    let mut titles: Vec<String> =
                        told.map(|told| told.head.title.to_string()).collect();
                    titles.sort();
                    (story.sites, titles)
                })
                .collect();
            stories.sort();
            let names: Vec<&str> = page.stories[0]
                .entries
                .iter()
                .filter(|told| !told.points)
                .map(|told| told.head.feed_title.as_str())
                .collect();
            for name in [
                "Vandaag in Techniek",
                "The Daily Signal",
                "Ledger and Wire",
                "Chip Watch",
                "Quill",
            ] {
                assert!(names.contains(&name), "{order:?}: {names:?}");
            }
            assert_eq!(names.len(), 5, "{order:?}: {names:?}");
            // And a link-blog that points at it.
            assert_eq!(page.stories[0].sites, 6, "{order:?}");
            let round_up = stories.iter().find(|(_, titles)| {
                titles
                    .iter()
                    .any(|title| title.starts_with("This Fortnight"))
            });
            assert_eq!(round_up, None, "a round-up holds no story together");
            assert!(!page.cited.is_empty());
            let known = first.get_or_insert_with(|| stories.clone());
            assert_eq!(*known, stories, "{order:?}");
            for at in (1..order.len()).rev() {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                order.swap(at, (random >> 33) as usize % (at + 1));
            }
        }
    }
}
