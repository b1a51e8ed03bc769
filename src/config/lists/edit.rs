//! Changes of list files, in their own format: what is not meant stays byte for byte.

mod merge;
mod opml;
mod toml;
mod urls;

use super::{Lists, is_toml};
use crate::config::feeds;
use crate::config::load::parse;
use crate::config::mistake::Mistakes;
use crate::config::paths::{Paths, make_private_dir};
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use crate::news::FileText;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What is to become of a feed in the files it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    Remove,
    Retitle(&'a str),
    Move(&'a FeedUrl),
}

/// A file that was changed: enough to take it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub file: PathBuf,
    /// `None`: there was no file.
    pub before: Option<Vec<u8>>,
    pub after: Vec<u8>,
}

/// Why a file was not changed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("{file} cannot be written: {why}")]
    Unwritable { file: String, why: io::Error },
    #[error("{file} cannot be changed before it is mended: {why}; `bron config check` says where")]
    Unreadable { file: String, why: String },
    #[error("the place of {url} in {file} was not found; it can be changed by hand")]
    NotFound { url: String, file: String },
    #[error("{url} stands in no list")]
    NotListed { url: String },
    #[error("{file} was changed since at the same place, and is left as it is")]
    ChangedSince { file: String },
}

/// Adds a feed to the config file, which is made if there is none.
pub fn add(paths: &Paths, feed: &Listed) -> Result<Written, EditError> {
    rewrite(&paths.config, |text| toml::add(text, feed))
}

/// Changes a feed in every file it stands in; when one cannot be changed, none is.
pub fn change(
    lists: &Lists,
    url: &FeedUrl,
    change: &Change<'_>,
) -> Result<Vec<Written>, EditError> {
    let Some(files) = lists.places.get(url) else {
        return Err(EditError::NotListed {
            url: url.to_string(),
        });
    };
    let mut done: Vec<Written> = Vec::new();
    for file in files {
        let changed = rewrite(file, |whole| {
            // The readers of the formats do not count a byte order mark: places in the text would be off by it.
            let text = whole.trim_start_matches('\u{feff}');
            let mark = &whole[..whole.len() - text.len()];
            let edited = if is_toml(file) {
                toml::change(text, url, change)?
            } else if text.trim_start().starts_with('<') {
                opml::change(text, url, change)?
            } else {
                urls::change(text, url, change)
            };
            let edited = edited.ok_or_else(|| Refused::NotFound(url.to_string()))?;
            if !only_this_differs(file, text, &edited, url, change) {
                return Err(Refused::Unreadable(
                    "more than the one feed would change".into(),
                ));
            }
            // An empty file is taken for one that was cut short, and takes no feed away.
            let edited = if edited.trim().is_empty() {
                "# no feeds\n".to_owned()
            } else {
                edited
            };
            Ok(format!("{mark}{edited}"))
        });
        match changed {
            Ok(written) => done.push(written),
            Err(error) => {
                for written in done.iter().rev() {
                    restore(written)?;
                }
                return Err(error);
            }
        }
    }
    Ok(done)
}

/// Whether a list says the same of every other feed as before, and of this one what is wanted. Read with the reader of
/// lists, which knows nothing of how the text was changed.
fn only_this_differs(
    file: &Path,
    before: &str,
    after: &str,
    url: &FeedUrl,
    change: &Change<'_>,
) -> bool {
    let (before, after) = (listed(file, before), listed(file, after));
    let others = |feeds: &[Listed]| -> Vec<Listed> {
        let meant = |feed: &Listed| {
            feed.url == *url || matches!(change, Change::Move(to) if feed.url == **to)
        };
        feeds.iter().filter(|feed| !meant(feed)).cloned().collect()
    };
    let there = |url: &FeedUrl| after.iter().any(|feed| feed.url == *url);
    others(&before) == others(&after)
        && match change {
            Change::Remove => !there(url),
            Change::Retitle(_) => there(url),
            Change::Move(to) => there(to),
        }
}

/// The feeds of a list, wherever in it they stand.
fn listed(file: &Path, text: &str) -> Vec<Listed> {
    let feeds = if is_toml(file) {
        feeds_of_toml(file, text)
    } else {
        crate::feed::list::read(text.as_bytes()).feeds
    };
    feeds
        .into_iter()
        .map(|feed| Listed { line: 0, ..feed })
        .collect()
}

/// The feeds of a list in TOML, and of the config file.
fn feeds_of_toml(file: &Path, text: &str) -> Vec<Listed> {
    let mut mistakes = Mistakes::new(file, text);
    let table = parse(text, &mut mistakes);
    let Some(value) = table.get_ref().get("feeds") else {
        return Vec::new();
    };
    feeds::read(value, feeds::Place::Config, &mut mistakes)
        .into_iter()
        .map(|feed| feed.listed.listed)
        .collect()
}

/// Writes a list file beside the config and names it there; answers what was written. A file of that name that holds
/// something else is left alone: the list gets a number behind its name.
pub fn add_list(
    paths: &Paths,
    name: &str,
    extension: &str,
    content: &[u8],
) -> Result<Vec<Written>, EditError> {
    let mut file_name = format!("{name}.{extension}");
    let mut number = 1;
    let mut done = Vec::new();
    loop {
        let file = paths.config_dir().join(&file_name);
        match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                done.push(replace(&file, None, content.to_vec())?);
                break;
            }
            Ok(there) if there == content => break,
            _ => {
                number += 1;
                file_name = format!("{name}-{number}.{extension}");
            }
        }
    }
    match rewrite(&paths.config, |text| toml::name_list(text, &file_name)) {
        Ok(written) if written.before.as_ref() == Some(&written.after) => {}
        Ok(written) => done.push(written),
        Err(error) => {
            for written in &done {
                restore(written)?;
            }
            return Err(error);
        }
    }
    Ok(done)
}

/// Sets a setting at the top of the config file; `value` is TOML.
pub fn set(paths: &Paths, name: &str, value: &str) -> Result<Written, EditError> {
    rewrite(&paths.config, |text| toml::set(text, name, value))
}

/// Puts a file back as it was before, unless somebody changed it since.
fn restore(written: &Written) -> Result<(), EditError> {
    exchange(
        &written.file,
        Some(&written.after),
        written.before.as_deref(),
    )
}

/// What was written, as it is kept for undo.
pub fn texts(written: Vec<Written>) -> Vec<FileText> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let mut texts: Vec<FileText> = Vec::new();
    for written in written {
        let after = text(written.after);
        if let Some(known) = texts.iter_mut().find(|known| known.path == written.file) {
            known.after = after;
        } else {
            texts.push(FileText {
                path: written.file,
                before: written.before.and_then(text),
                after,
            });
        }
    }
    texts
}

/// Makes files what `after` says, all of them or none. Where one is no longer what `before` says, the change is made on what
/// has become of it, if that is a change of another place.
pub fn put_back(files: &[FileText]) -> Result<(), EditError> {
    let mut done: Vec<(&Path, Bytes, Bytes)> = Vec::new();
    for file in files {
        match step(file) {
            Ok((was, is)) => done.push((&file.path, was, is)),
            Err(error) => {
                for (path, was, is) in done.into_iter().rev() {
                    exchange(path, is.as_deref(), was.as_deref())?;
                }
                return Err(error);
            }
        }
    }
    Ok(())
}

/// What a file holds; `None`: there is none.
type Bytes = Option<Vec<u8>>;

/// Does it to one file; answers what it was, and is.
fn step(file: &FileText) -> Result<(Bytes, Bytes), EditError> {
    let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
    let (is, to) = (bytes(&file.before), bytes(&file.after));
    let Err(refused) = exchange(&file.path, is.as_deref(), to.as_deref()) else {
        return Ok((is, to));
    };
    let there = fs::read(&file.path).ok();
    let text = there.as_deref().map(std::str::from_utf8);
    let (EditError::ChangedSince { .. }, Some(is), Some(Ok(text))) = (&refused, &file.before, text)
    else {
        return Err(refused);
    };
    // A file that was made is not taken away with what others wrote into it since: only what was written is.
    let to = file.after.as_deref().unwrap_or_default();
    let merged = merge::merge(is, to, text).filter(|merged| {
        let path = &file.path;
        let feeds = || {
            only_the_change(
                &feeds_of(path, is),
                &feeds_of(path, to),
                &feeds_of(path, text),
                &feeds_of(path, merged),
            )
        };
        let settings = || {
            !is_toml(path)
                || only_the_change(
                    &settings_of(is),
                    &settings_of(to),
                    &settings_of(text),
                    &settings_of(merged),
                )
        };
        feeds() && settings()
    });
    let Some(merged) = merged else {
        return Err(refused);
    };
    let gone = file.after.is_none() && merged.trim().is_empty();
    let merged = (!gone).then(|| merged.into_bytes());
    exchange(&file.path, there.as_deref(), merged.as_deref())?;
    Ok((there, merged))
}

/// Whether what is called the same is in `merged` as in `there`, but for what differs between `is` and `to`.
fn only_the_change<T: PartialEq>(
    is: &BTreeMap<String, T>,
    to: &BTreeMap<String, T>,
    there: &BTreeMap<String, T>,
    merged: &BTreeMap<String, T>,
) -> bool {
    let names = [is, to, there, merged].into_iter().flat_map(BTreeMap::keys);
    names.into_iter().all(|name| {
        let changes = is.get(name) != to.get(name);
        merged.get(name)
            == if changes {
                to.get(name)
            } else {
                there.get(name)
            }
    })
}

/// The feeds of a list, by their addresses.
fn feeds_of(file: &Path, text: &str) -> BTreeMap<String, Vec<Listed>> {
    let mut feeds: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for feed in listed(file, text) {
        feeds.entry(feed.url.to_string()).or_default().push(feed);
    }
    feeds
}

/// What a text in TOML says besides feeds, and whether it can be read at all.
fn settings_of(text: &str) -> BTreeMap<String, Option<::toml::Value>> {
    match text.parse::<::toml::Table>() {
        Ok(table) => table
            .into_iter()
            .filter(|(name, _)| name != "feeds")
            .map(|(name, value)| (name, Some(value)))
            .collect(),
        Err(_) => BTreeMap::from([("cannot be read".to_owned(), None)]),
    }
}

/// Gives a file another text, if it is still as it is thought to be. `None`: no file.
fn exchange(file: &Path, is: Option<&[u8]>, to: Option<&[u8]>) -> Result<(), EditError> {
    let name = || file.display().to_string();
    let _alone = alone_in(file);
    let there = match fs::read(file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(why) => return Err(EditError::Unwritable { file: name(), why }),
    };
    if there.as_deref() != is {
        return Err(EditError::ChangedSince { file: name() });
    }
    match to {
        Some(text) => replace(file, there, text.to_vec()).map(|_| ()),
        None if is.is_none() => Ok(()),
        None => fs::remove_file(file).map_err(|why| EditError::Unwritable { file: name(), why }),
    }
}

/// Keeps other instances from changing files of the same folder between reading one and writing it; until it is dropped.
/// `None` where the system cannot lock a folder: then as before.
fn alone_in(file: &Path) -> Option<fs::File> {
    let real = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = real.parent().filter(|parent| *parent != Path::new(""));
    let folder = fs::File::open(folder.unwrap_or(Path::new("."))).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Why a text cannot be changed.
enum Refused {
    Unreadable(String),
    NotFound(String),
}

fn rewrite(
    file: &Path,
    edit: impl FnOnce(&str) -> Result<String, Refused>,
) -> Result<Written, EditError> {
    let name = || file.display().to_string();
    let _alone = alone_in(file);
    let before = match fs::read(file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(why) => return Err(EditError::Unwritable { file: name(), why }),
    };
    let text = std::str::from_utf8(before.as_deref().unwrap_or_default()).map_err(|error| {
        EditError::Unreadable {
            file: name(),
            why: format!("it is not UTF-8 ({error})"),
        }
    })?;
    let after = edit(text).map_err(|refused| match refused {
        Refused::Unreadable(why) => EditError::Unreadable { file: name(), why },
        Refused::NotFound(url) => EditError::NotFound { url, file: name() },
    })?;
    let after = after.into_bytes();
    if before.as_ref() == Some(&after) {
        return Ok(Written {
            file: file.to_owned(),
            before,
            after,
        });
    }
    replace(file, before, after)
}

/// Replaces a file, whole or not at all. A link is followed: it is the file that it names which changes.
fn replace(file: &Path, before: Option<Vec<u8>>, after: Vec<u8>) -> Result<Written, EditError> {
    let write = || -> io::Result<()> {
        let real = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let dir = match real.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        make_private_dir(dir)?;
        let mut new = tempfile::NamedTempFile::new_in(dir)?;
        new.write_all(&after)?;
        if let Ok(about) = fs::metadata(&real) {
            new.as_file().set_permissions(about.permissions())?;
        }
        new.as_file().sync_all()?;
        new.persist(&real)?;
        Ok(())
    };
    write().map_err(|why| EditError::Unwritable {
        file: file.display().to_string(),
        why,
    })?;
    Ok(Written {
        file: file.to_owned(),
        before,
        after,
    })
}

#[cfg(test)]
mod tests {
    use super::{Change, EditError, add, add_list, change, put_back, set, texts};
    use crate::config::lists::Lists;
    use crate::config::load::load;
    use crate::config::paths::{Paths, Wanted};
    use crate::feed::list::Listed;
    use crate::news::FileText;
    use std::fs;
    use std::path::Path;

    fn paths(dir: &Path) -> Paths {
        Paths::find(Wanted {
            config: Some(dir.join("sub/config.toml")),
            data_dir: Some(dir.into()),
        })
        .expect("named")
    }

    fn feed(url: &str) -> Listed {
        Listed {
            url: url.parse().expect("an address"),
            title: Some("A \"title\"".into()),
            site_url: None,
            tags: vec!["a/b".into()],
            line: 0,
        }
    }

    #[test]
    fn a_feed_is_added_taken_out_and_put_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        let added = add(&paths, &feed("https://one.example/feed")).expect("added");
        assert_eq!(added.before, None);
        add(&paths, &feed("https://two.example/feed")).expect("added");
        let read = || Lists::read(&paths, &load(&paths));
        assert_eq!(read().feeds.len(), 2);
        assert_eq!(read().feeds[0].listed.title.as_deref(), Some("A \"title\""));
        let url = "https://one.example/feed".parse().expect("an address");
        let done = change(&read(), &url, &Change::Remove).expect("removed");
        assert_eq!(read().feeds.len(), 1);
        let steps = back(texts(done));
        put_back(&steps).expect("put back");
        assert_eq!(read().feeds.len(), 2);
        // It stands there already: twice is once too often.
        assert!(matches!(
            put_back(&steps),
            Err(EditError::ChangedSince { .. })
        ));
        assert!(matches!(
            change(&Lists::default(), &url, &Change::Remove),
            Err(EditError::NotListed { .. })
        ));
    }

    /// What an undo wants.
    fn back(mut files: Vec<FileText>) -> Vec<FileText> {
        files.reverse();
        for file in &mut files {
            std::mem::swap(&mut file.before, &mut file.after);
        }
        files
    }

    /// A name, what stands first, a feed, what stands last.
    type Form<'a> = (&'a str, &'a str, &'a dyn Fn(&str) -> String, &'a str);

    #[test]
    fn what_was_changed_elsewhere_in_a_file_meanwhile_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        let url = "https://two.example/feed".parse().expect("an address");
        let toml = |n: &str| format!("\n[[feeds]]\nurl = \"https://{n}.example/feed\"\n");
        let opml =
            |n: &str| format!("<outline text=\"{n}\" xmlUrl=\"https://{n}.example/feed\"/>\n");
        let line = |n: &str| format!("https://{n}.example/feed \"{n}\"\n");
        fs::create_dir_all(paths.config_dir()).expect("made");
        let forms: [Form<'_>; 3] = [
            ("a.toml", "title = \"A\"\n", &toml, ""),
            ("a.opml", "<opml><body>\n", &opml, "</body></opml>\n"),
            ("urls", "# mine\n", &line, ""),
        ];
        for (name, head, feed, foot) in forms {
            fs::write(&paths.config, format!("lists = [\"{name}\"]\n")).expect("written");
            let file = paths.config_dir().join(name);
            let text = |feeds: &[&str]| {
                let feeds: String = feeds.iter().map(|name| feed(name)).collect();
                format!("{head}{feeds}{foot}")
            };
            fs::write(&file, text(&["one", "two", "three"])).expect("written");
            let lists = Lists::read(&paths, &load(&paths));
            let removed = texts(change(&lists, &url, &Change::Remove).expect("removed"));
            fs::write(&file, text(&["zero", "one", "three", "four"])).expect("written");
            let undo = back(removed.clone());
            put_back(&undo).expect("undone");
            let now = || fs::read_to_string(&file).expect("there");
            assert_eq!(now(), text(&["zero", "one", "two", "three", "four"]));
            put_back(&removed).expect("done again");
            assert_eq!(now(), text(&["zero", "one", "three", "four"]));
            // Between the same neighbours something else stands now.
            fs::write(&file, text(&["one", "other", "three"])).expect("written");
            let error = put_back(&undo).expect_err("the same place");
            assert!(error.to_string().contains("same place"), "{error}");
            assert_eq!(now(), text(&["one", "other", "three"]));
        }
    }

    #[test]
    fn a_file_that_was_made_goes_only_with_nothing_else_in_it_and_all_go_or_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        let undo = back(texts(
            add_list(&paths, "feeds", "urls", b"https://one.example/\n").expect("added"),
        ));
        let list = paths.config_dir().join("feeds.urls");
        let config = |text: &str| fs::write(&paths.config, text).expect("written");
        // The config was changed at the same place: the list stays, too.
        config("lists = [\"feeds.urls\", \"mine.opml\"]\n");
        assert!(put_back(&undo).is_err());
        assert!(list.exists());
        config("theme = \"ink\"\nlists = [\"feeds.urls\"]\n");
        put_back(&undo).expect("undone");
        let there = fs::read_to_string(&paths.config).expect("there");
        assert_eq!(there.trim(), "theme = \"ink\"");
        assert!(!list.exists());
    }

    #[test]
    fn a_byte_order_mark_moves_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        let url = "https://one.example/feed".parse().expect("an address");
        let one = "<outline text=\"1\" xmlUrl=\"https://one.example/feed\"/>\n";
        let two = "<outline text=\"2\" xmlUrl=\"https://two.example/feed\"/>\n";
        fs::create_dir_all(paths.config_dir()).expect("made");
        for (name, text, without) in [
            (
                "a.opml",
                format!("\u{feff}<opml><body>\n{one}{two}</body></opml>\n"),
                format!("\u{feff}<opml><body>\n{two}</body></opml>\n"),
            ),
            (
                "urls",
                "\u{feff}https://one.example/feed\nhttps://two.example/feed\n".to_owned(),
                "\u{feff}https://two.example/feed\n".to_owned(),
            ),
        ] {
            fs::write(&paths.config, format!("lists = [\"{name}\"]\n")).expect("written");
            let file = paths.config_dir().join(name);
            fs::write(&file, text).expect("written");
            let lists = Lists::read(&paths, &load(&paths));
            change(&lists, &url, &Change::Remove).expect("removed");
            assert_eq!(fs::read_to_string(&file).expect("there"), without);
        }
    }

    #[test]
    fn who_change_at_once_lose_nothing_of_each_other() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        set(&paths, "theme", "\"ink\"").expect("a config");
        std::thread::scope(|scope| {
            for n in 0..16 {
                let paths = &paths;
                scope.spawn(move || {
                    let url = format!("https://site{n}.example/feed");
                    add(paths, &feed(&url)).expect("added");
                });
            }
        });
        assert_eq!(Lists::read(&paths, &load(&paths)).feeds.len(), 16);
    }

    #[test]
    fn a_list_is_written_beside_the_config_and_never_over_another() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        assert_eq!(
            add_list(&paths, "feeds", "urls", b"https://one.example/\n")
                .expect("added")
                .len(),
            2
        );
        assert_eq!(
            add_list(&paths, "feeds", "urls", b"https://one.example/\n")
                .expect("again")
                .len(),
            0
        );
        add_list(&paths, "feeds", "urls", b"https://two.example/\n").expect("another");
        let names: Vec<String> = load(&paths)
            .lists
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["feeds.urls", "feeds-2.urls"]);
    }

    #[test]
    fn a_config_with_a_mistake_is_left_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        fs::create_dir_all(paths.config_dir()).expect("made");
        fs::write(&paths.config, "theme = = 1\n").expect("written");
        assert!(matches!(
            add(&paths, &feed("https://one.example/feed")),
            Err(EditError::Unreadable { .. })
        ));
        assert!(add_list(&paths, "feeds", "urls", b"x").is_err());
        assert!(!paths.config_dir().join("feeds.urls").exists());
        assert_eq!(
            fs::read_to_string(&paths.config).expect("there"),
            "theme = = 1\n"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_config_stays_linked_and_keeps_its_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().expect("a directory");
        let paths = paths(dir.path());
        let real = dir.path().join("dotfiles.toml");
        fs::write(&real, "# mine\n").expect("written");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("set");
        fs::create_dir_all(paths.config_dir()).expect("made");
        symlink(&real, &paths.config).expect("linked");
        set(&paths, "theme", "\"ink\"").expect("set");
        assert!(
            fs::symlink_metadata(&paths.config)
                .expect("there")
                .is_symlink()
        );
        assert!(
            fs::read_to_string(&real)
                .expect("there")
                .contains("theme = \"ink\"")
        );
        assert_eq!(
            fs::metadata(&real).expect("there").permissions().mode() & 0o777,
            0o640
        );
    }
}
