//! What is made from tables agrees with the tables. `BRON_WRITE_DOCS=1 cargo test --test docs` writes it anew.

use bron::config::example;
use std::path::Path;

#[track_caller]
fn check(name: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("BRON_WRITE_DOCS").is_some() {
        std::fs::write(&file, made).expect("written");
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == made,
        "{name} is stale; BRON_WRITE_DOCS=1 cargo test --test docs writes it anew"
    );
}

#[test]
fn the_example_config_is_that_of_the_table() {
    check("config.example.toml", &example::example());
}

#[test]
fn the_settings_page_is_that_of_the_table() {
    check("docs/CONFIG.md", &example::manual());
}

#[test]
fn the_page_of_commands_is_that_of_the_help() {
    check("docs/CLI.md", &bron::cli::manual::markdown());
}

#[test]
fn the_page_of_keys_is_that_of_the_actions() {
    check("docs/KEYS.md", &example::keys());
}

#[test]
fn the_keys_of_the_example_are_actions() {
    for action in example::example().lines().filter_map(|line| {
        let (keys, action) = line.strip_prefix("# \"")?.split_once("\" = \"")?;
        (!keys.is_empty()).then(|| action.trim_end_matches('"').to_owned())
    }) {
        assert!(
            bron::tui::action::Action::from_name(&action).is_some(),
            "{action}"
        );
    }
}

/// All the source of the package, to look names up in.
fn source(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            source(&path, text);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&std::fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}

#[test]
fn each_promise_names_a_test_that_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    source(&root.join("src"), &mut text);
    source(&root.join("tests"), &mut text);
    for page in ["docs/SECURITY.md", "docs/POLITENESS.md"] {
        let lines = std::fs::read_to_string(root.join(page)).expect(page);
        let rows = lines
            .lines()
            .filter(|line| line.starts_with("| ") && !line.starts_with("| promise"));
        for row in rows {
            let tests = row.rsplit('|').nth(1).expect("two columns");
            let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
            assert!(!names.is_empty(), "{page}: {row}");
            for name in names {
                assert!(text.contains(&format!("fn {name}(")), "{page} names {name}");
            }
        }
    }
}
