//! Themes of the reader's own: TOML files in the folder `themes` beside the config file, each named as its theme.

use super::load::Loaded;
use super::mistake::{Mistake, no_such};
use super::paths::Paths;
use crate::tui::theme::{self, Theme};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Files that are looked at, and bytes of each: more is no folder of themes.
const FILES: usize = 100;
const BYTES: u64 = 64 << 10;

/// The folder, and the files in it by name: what there is to watch.
pub fn files(paths: &Paths) -> Vec<PathBuf> {
    let folder = folder(paths);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|end| end == "toml"))
        .take(FILES)
        .collect();
    files.sort();
    files.insert(0, folder);
    files
}

fn folder(paths: &Paths) -> PathBuf {
    paths.config_dir().join("themes")
}

/// Reads the folder: what is a theme joins those of the config, what is none is a mistake, and so is a `theme` that is in
/// neither the folder nor bron.
pub fn read(paths: &Paths, loaded: &mut Loaded) {
    let mut broken = Vec::new();
    for file in files(paths).into_iter().skip(1) {
        let Some(name) = file.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let (line, column, message) = match text(&file) {
            Err(message) => (0, 0, message),
            Ok(text) => match Theme::of_file(&text, "unicode", 1 << 24) {
                Ok(_) => {
                    loaded.themes.push((name.to_owned(), text));
                    continue;
                }
                Err(wrong) => {
                    let (line, column) = place(&text, wrong.at);
                    (line, column, wrong.message)
                }
            },
        };
        broken.push(name.to_owned());
        loaded.mistakes.push(Mistake {
            file: file.clone(),
            line,
            column,
            message,
        });
    }
    let Some((_, line)) = loaded.said.get("theme") else {
        return;
    };
    let wanted = loaded.settings.screen.theme.as_str();
    let own = loaded.themes.iter().map(|(name, _)| name.as_str());
    let names: Vec<&str> = theme::bundled()
        .chain(own)
        .chain(broken.iter().map(String::as_str))
        .chain(["auto"])
        .collect();
    if !names.contains(&wanted) {
        let mistake = Mistake {
            file: paths.config.clone(),
            line: *line,
            column: 0,
            message: no_such("theme", wanted, names),
        };
        loaded.mistakes.push(mistake);
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or(before);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

fn text(file: &Path) -> Result<String, String> {
    let trouble = |error: std::io::Error| format!("cannot be read: {error}");
    let mut text = String::new();
    File::open(file)
        .map_err(trouble)?
        .take(BYTES + 1)
        .read_to_string(&mut text)
        .map_err(trouble)?;
    if text.len() as u64 > BYTES {
        return Err(format!(
            "is larger than {} KiB, which no theme is",
            BYTES >> 10
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::config::{Paths, load};
    use std::fs;

    fn at(folder: &std::path::Path) -> Paths {
        Paths {
            config: folder.join("config.toml"),
            data_dir: folder.to_owned(),
            cache_dir: folder.to_owned(),
            state_dir: folder.to_owned(),
        }
    }

    #[test]
    fn files_beside_the_config_are_themes_and_their_mistakes_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let themes = folder.path().join("themes");
        fs::create_dir(&themes).expect("a folder in it");
        fs::write(
            themes.join("dusk.toml"),
            "base = \"ink\"\n[looks]\naccent = \"#ff8800\"\n",
        )
        .expect("written");
        fs::write(themes.join("dawn.toml"), "[looks]\naccent = \"sunny\"\n").expect("written");
        fs::write(themes.join("readme.md"), "no theme").expect("written");
        for (theme, wrong) in [
            ("dusk", None),
            ("dawn", None),
            ("auto", None),
            ("nord", None),
            (
                "duks",
                Some("config.toml:1: there is no theme “duks”; did you mean “dusk”?"),
            ),
        ] {
            fs::write(
                folder.path().join("config.toml"),
                format!("theme = \"{theme}\"\n"),
            )
            .expect("written");
            let loaded = load(&at(folder.path()));
            let names: Vec<&str> = loaded
                .themes
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            assert_eq!(names, ["dusk"]);
            let mistakes: Vec<String> = loaded.mistakes.iter().map(ToString::to_string).collect();
            let expected: Vec<&str> = ["dawn.toml:2:10: accent: sunny is no colour"]
                .into_iter()
                .chain(wrong)
                .collect();
            assert_eq!(mistakes, expected, "{theme}");
        }
    }

    #[test]
    fn a_file_that_is_no_text_or_too_large_is_a_mistake() {
        let folder = tempfile::tempdir().expect("a folder");
        let themes = folder.path().join("themes");
        fs::create_dir(&themes).expect("a folder in it");
        fs::write(themes.join("a.toml"), [0xff, 0xfe]).expect("written");
        fs::write(themes.join("b.toml"), vec![b'#'; 70_000]).expect("written");
        let loaded = load(&at(folder.path()));
        assert!(loaded.themes.is_empty());
        assert_eq!(loaded.mistakes.len(), 2);
    }
}
