//! The dependency rule: an import goes down only. docs/ARCHITECTURE.md says why each room is where it is.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. Rooms of one floor do not know each other, but for the pairs in `NEIGHBOURS`.
const FLOORS: &[&[&str]] = &[
    &["address", "text", "query"],
    &["net", "feed", "article"],
    &["source"],
    &["story", "news"],
    &["tui", "store"],
    &["poller", "pages"],
    &["config"],
    &["app"],
    &["cli"],
];

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("the room {room} stands on no floor"))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The rooms that a file's code names as `crate::room`, with what is in braces behind `crate::`.
fn rooms_used(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    for (place, _) in code.match_indices("crate::") {
        let rest = &code[place + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(inner) => inner
                .split(['}'])
                .next()
                .unwrap_or_default()
                .split(',')
                .collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String = name
                .trim()
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            if FLOORS.iter().any(|rooms| rooms.contains(&name.as_str())) {
                used.push(name);
            }
        }
    }
    used
}

#[test]
fn every_import_goes_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&source).expect("it is inside");
        let Some(room) = inside
            .components()
            .next()
            .and_then(|part| part.as_os_str().to_str())
        else {
            continue;
        };
        if matches!(room, "lib.rs" | "main.rs") {
            continue;
        }
        for used in rooms_used(&fs::read_to_string(&file).expect("it can be read")) {
            seen += 1;
            if used != room && floor(&used) >= floor(room) {
                wrong.push(format!("{}: {room} must not use {used}", inside.display()));
            }
        }
    }
    assert!(
        seen > 100,
        "only {seen} imports were seen: the test has lost its way"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_screen_knows_no_network_no_database_and_no_clock() {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui"),
        &mut files,
    );
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        for word in [
            "tokio",
            "reqwest",
            "rusqlite",
            "Utc::now",
            "Local::now",
            "Instant::now",
            "SystemTime::now",
        ] {
            assert!(
                !text.contains(word),
                "{}: the screen must not know {word}",
                file.display()
            );
        }
    }
}

#[test]
fn imports_in_braces_and_alone_are_seen() {
    let text = "use crate::{address, text::SafeText};\nuse crate::net::Client;\n// crate::cli is only spoken of\nlet x = crate::store::open();";
    assert_eq!(rooms_used(text), ["address", "text", "net", "store"]);
}
