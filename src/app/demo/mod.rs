//! `bron demo`: not a mock. Sample sites are served on loopback under `.example` hosts, which the client resolves there, and
//! the real poller, store, extractor and screen work on them in a throw-away directory.

pub mod server;
pub mod site;

use chrono::Utc;
use site::Site;
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
    let address = server::serve(Arc::clone(&sites), Utc::now())?;
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
        let start = Utc::now();
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
    fn five_sites_tell_one_story_in_whichever_order_they_come() {
        use crate::feed::FeedId;
        use crate::feed::list::Listed;
        use crate::news::edit::ListedFeed;
        use crate::news::{Edit, Outcome, VisitRecord};
        let start = Utc::now();
        let sites: Vec<Site> = sites()
            .expect("all files can be read")
            .into_iter()
            .filter(|site| !matches!(site.format, Format::None | Format::Missing))
            .collect();
        for turned in [false, true] {
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join("bron.db");
            let writer =
                crate::store::open(&path, crate::store::Settings::default(), Box::new(|_| {}))
                    .expect("a store");
            let listed = sites
                .iter()
                .map(|site| {
                    ListedFeed::plain(Listed {
                        title: Some(site.name.clone()),
                        ..Listed::at(site.feed_url().parse().expect("an address"))
                    })
                })
                .collect();
            writer.apply_now(Edit::SetFeeds(listed)).expect("the feeds");
            let mut order: Vec<usize> = (0..sites.len()).collect();
            if turned {
                order.reverse();
            }
            for at in order {
                let site = &sites[at];
                let url = url::Url::parse(&site.feed_url()).expect("an address");
                let (body, kind) = site.answer(site.feed_path(), start).expect("a feed");
                let feed =
                    crate::feed::parse(&body, &url, Some(&kind)).expect("a feed that can be read");
                let content = crate::poller::ingest::ingest(feed, &url, None, start);
                let record = VisitRecord {
                    feed: FeedId(at as i64 + 1),
                    at: start,
                    took_ms: 1,
                    bytes: 1,
                    http: Some(200),
                    outcome: Outcome::Updated(Box::new(content)),
                    validators: None,
                    not_before: None,
                    fresh_until: None,
                    moved_to: None,
                    body_hash: None,
                };
                writer.record(record, Box::new(()));
                writer.flush(true);
            }
            let page = writer
                .reader()
                .expect("a reader")
                .front_page(&crate::store::Wanted {
                    since: start - chrono::TimeDelta::hours(24),
                    until: start,
                    stories: 20,
                    cited: 5,
                    lone: true,
                    habits: false,
                })
                .expect("a front page");
            let first = &page.stories[0];
            let names: Vec<&str> = first
                .entries
                .iter()
                .map(|told| told.head.feed_title.as_str())
                .collect();
            for name in [
                "Vandaag in Techniek",
                "The Daily Signal",
                "Ledger and Wire",
                "Chip Watch",
                "Quill",
            ] {
                assert!(names.contains(&name), "turned: {turned}: {names:?}");
            }
            assert!(first.sites >= 5);
            let round_up = page
                .stories
                .iter()
                .find(|story| story.title.starts_with("This Fortnight"));
            let glued: Vec<(&str, &str)> = round_up
                .iter()
                .flat_map(|story| &story.entries)
                .map(|told| (told.head.title.as_str(), told.why.as_str()))
                .collect();
            assert!(
                glued.len() < 2,
                "a round-up holds no story together: {glued:?}"
            );
            assert!(!page.cited.is_empty());
            writer.close();
        }
    }
}
