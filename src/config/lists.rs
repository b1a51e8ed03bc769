//! The lists of feeds: `[[feeds]]` of the config file and the list files that it names.
//!
//! - What these files say wins over what the database remembers.
//! - A line that cannot be read is a mistake with its line; the rest counts.
//! - A feed that stands twice counts once: its first place decides, its tags are put together.

mod edit;
mod import;
mod watch;

pub use edit::{Change, EditError, Written, add, add_list, change, put_back, set, texts};
pub use import::Import;
pub use watch::{Watch, stamp};

use super::feeds;
use super::load::{Loaded, parse};
use super::mistake::{Mistake, Mistakes, line_of};
use super::paths::Paths;
use crate::feed::FeedUrl;
use crate::feed::list::{self, List};
use crate::news::edit::ListedFeed;
use crate::text::SafeText;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The lists, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    /// Each feed once, in the order of the files.
    pub feeds: Vec<ListedFeed>,
    /// The files in which each feed stands.
    pub places: HashMap<FeedUrl, Vec<PathBuf>>,
    /// All files: the config file, then the lists.
    pub files: Vec<PathBuf>,
    pub mistakes: Vec<Mistake>,
    /// A file could not be read, or not all of it, so feeds may be missing that nobody took out.
    pub incomplete: bool,
}

impl Lists {
    /// The files that the config names, itself first.
    pub fn files(paths: &Paths, loaded: &Loaded) -> Vec<PathBuf> {
        let mut files = vec![paths.config.clone()];
        for (name, _) in &loaded.lists {
            let file = place(paths.config_dir(), name);
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    /// Reads all lists that the config names. Mistakes of the config file itself are in [`Loaded::mistakes`].
    pub fn read(paths: &Paths, loaded: &Loaded) -> Lists {
        let mut lists = Lists {
            files: vec![paths.config.clone()],
            incomplete: loaded.partial,
            ..Lists::default()
        };
        lists.take(&paths.config, loaded.feeds.clone());
        for (name, line) in &loaded.lists {
            let file = place(paths.config_dir(), name);
            if lists.files.contains(&file) {
                continue;
            }
            lists.files.push(file.clone());
            match fs::read(&file) {
                Ok(bytes) => lists.take_file(&file, &bytes),
                Err(error) => {
                    lists.incomplete = true;
                    lists.mistakes.push(Mistake {
                        file: paths.config.clone(),
                        line: *line,
                        column: 0,
                        message: format!("the list {name} cannot be read: {error}"),
                    });
                }
            }
        }
        lists
    }

    fn take_file(&mut self, file: &Path, bytes: &[u8]) {
        if bytes.trim_ascii().is_empty() {
            self.cut_short(file, "is empty");
        }
        let feeds = if is_toml(file) {
            let (feeds, mistakes, partial) = read_toml(file, bytes);
            self.mistakes.extend(mistakes);
            self.incomplete |= partial;
            feeds
        } else {
            let List {
                feeds,
                problems,
                cut_short,
                ..
            } = list::read(bytes);
            if cut_short {
                self.cut_short(file, "ends before its </opml>");
            }
            self.mistakes
                .extend(problems.into_iter().map(|(line, message)| Mistake {
                    file: file.to_owned(),
                    line,
                    column: 0,
                    message: SafeText::short(&message, 300).into_string(),
                }));
            feeds.into_iter().map(ListedFeed::plain).collect()
        };
        self.take(file, feeds);
    }

    /// An interrupted save or copy leaves such a file.
    fn cut_short(&mut self, file: &Path, how: &str) {
        self.incomplete = true;
        self.mistakes.push(Mistake {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: format!("{how}; its feeds stay until it is whole, or out of `lists`"),
        });
    }

    fn take(&mut self, file: &Path, feeds: Vec<ListedFeed>) {
        let mut places: HashMap<FeedUrl, usize> = self
            .feeds
            .iter()
            .enumerate()
            .map(|(place, feed)| (feed.listed.url.clone(), place))
            .collect();
        for feed in feeds {
            let files = self.places.entry(feed.listed.url.clone()).or_default();
            if !files.iter().any(|known| known == file) {
                files.push(file.to_owned());
            }
            if let Some(&place) = places.get(&feed.listed.url) {
                let known = &mut self.feeds[place].listed;
                known.title = known.title.take().or(feed.listed.title);
                for tag in feed.listed.tags {
                    if !known.tags.contains(&tag) {
                        known.tags.push(tag);
                    }
                }
            } else {
                places.insert(feed.listed.url.clone(), self.feeds.len());
                self.feeds.push(feed);
            }
        }
    }
}

/// Reads a list file in TOML; the last answer: whether feeds may be missing.
fn read_toml(file: &Path, bytes: &[u8]) -> (Vec<ListedFeed>, Vec<Mistake>, bool) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = line_of(&String::from_utf8_lossy(bytes), error.valid_up_to());
            let message = "is not UTF-8; save the file as UTF-8".to_owned();
            return (
                Vec::new(),
                vec![Mistake {
                    file: file.to_owned(),
                    line,
                    column: 0,
                    message,
                }],
                true,
            );
        }
    };
    let mut mistakes = Mistakes::new(file, text);
    let mut found = Vec::new();
    let table = parse(text, &mut mistakes);
    let mut partial = mistakes.count() > 0;
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "feeds" => {
                let read = feeds::read(value, feeds::Place::List, &mut mistakes);
                partial |= feeds::some_missing(value, read.len());
                found = read.into_iter().map(|feed| feed.listed).collect();
            }
            "title" => {}
            name => {
                partial |= value.get_ref().is_array();
                mistakes.at(
                    key.span().start,
                    super::mistake::no_such("name in a list of feeds", name, ["feeds", "title"]),
                );
            }
        }
    }
    (found, mistakes.done(), partial)
}

/// Whether a list file is one of TOML: the only format that is told by its name.
pub fn is_toml(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// Where a list is that the config names: beside it, from the home directory, or by whole path.
pub fn place(beside: &Path, name: &str) -> PathBuf {
    if let Some(rest) = name.strip_prefix("~/")
        && let Some(home) = directories::BaseDirs::new()
    {
        return home.home_dir().join(rest);
    }
    beside.join(name)
}

#[cfg(test)]
mod tests {
    use super::Lists;
    use crate::config::load::load;
    use crate::config::paths::{Paths, Wanted};
    use std::fs;

    #[test]
    fn toml_lists_are_read_feeds_are_put_together_and_mistakes_have_their_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let write =
            |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("written");
        write(
            "config.toml",
            "lists = [\"a.toml\", \"a.toml\", \"gone.opml\"]\n[[feeds]]\nurl = \"https://one.example/feed\"\ntags = [\"x\"]\n",
        );
        write(
            "a.toml",
            "title = \"A\"\n[[feeds]]\nurl = \"https://one.example/feed\"\ntitle = \"One\"\ntags = [\"x\", \"y\"]\n[[feeds]]\nurl = \"https://two.example/\"\nhidden = true\n[[feeds]]\nurl = 3\n",
        );
        let paths = Paths::find(Wanted {
            config: Some(dir.path().join("config.toml")),
            data_dir: Some(dir.path().into()),
        })
        .expect("named");
        let lists = Lists::read(&paths, &load(&paths));
        let urls: Vec<&str> = lists
            .feeds
            .iter()
            .map(|feed| feed.listed.url.as_str())
            .collect();
        assert_eq!(urls, ["https://one.example/feed", "https://two.example/"]);
        assert_eq!(lists.feeds[0].listed.tags, ["x", "y"]);
        assert_eq!(lists.feeds[0].listed.title.as_deref(), Some("One"));
        assert!(lists.feeds[1].hidden);
        assert_eq!(lists.places[&lists.feeds[0].listed.url].len(), 2);
        let said: Vec<String> = lists.mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert_eq!(said[0], "a.toml:10: url is 3, but a text is wanted");
        assert!(
            said[1].starts_with("config.toml:1: the list gone.opml cannot be read"),
            "{}",
            said[1]
        );
    }

    #[test]
    fn lists_that_can_be_read_only_in_part_are_incomplete() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = Paths::find(Wanted {
            config: Some(dir.path().join("config.toml")),
            data_dir: Some(dir.path().into()),
        })
        .expect("named");
        let incomplete = |config: &str, list: &[u8]| {
            fs::write(&paths.config, config).expect("written");
            for name in ["a.opml", "a.toml"] {
                fs::write(dir.path().join(name), list).expect("written");
            }
            Lists::read(&paths, &load(&paths)).incomplete
        };
        assert!(Lists::read(&paths, &load(&paths)).incomplete, "no file");
        let one = "[[feeds]]\nurl = \"https://one.example/\"\n";
        let (opml, toml) = ("lists = [\"a.opml\"]\n", "lists = [\"a.toml\"]\n");
        for (config, list, expected) in [
            (one, "", false),
            ("measure = 3\ntehme = \"ink\"\n", "", false),
            ("", "", true),
            ("theme = = 1\n", "", true),
            ("[[feed]]\nurl = \"https://one.example/\"\n", "", true),
            ("[[feeds]]\nurl = \"ftp://one.example/\"\n", "", true),
            (toml, one, false),
            (toml, "[[feeds]\n", true),
            (toml, "", true),
            (opml, "<opml><body></body></opml>", false),
            (opml, "<opml><body>", true),
            (opml, "\n", true),
        ] {
            assert_eq!(
                incomplete(config, list.as_bytes()),
                expected,
                "{config} {list}"
            );
        }
        assert!(incomplete(toml, b"title = \"\xff\"\n"));
    }

    #[test]
    fn a_list_says_no_more_of_a_feed_than_the_store_keeps() {
        let text = "[[feeds]]\nurl = \"https://a.example/\"\npassword_command = \"x\"\nfilter = [\"x\"]\nproxy = \"http://p/\"\n\
                    headers = [\"A: b\"]\n[[feeds]]\nurl = \"exec:x\"\n";
        let (feeds, mistakes, partial) =
            super::read_toml(std::path::Path::new("a.toml"), text.as_bytes());
        assert_eq!((feeds.len(), partial), (1, true));
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 8], "{mistakes:?}");
    }
}
