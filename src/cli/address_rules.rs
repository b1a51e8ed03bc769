//! A reader's own rules over addresses: `address-rules.toml` beside the config file.

use super::print::complain_words;
use crate::address::{self, Rules};
use crate::config::{Mistake, Paths};

use std::path::Path;

/// Puts the rules in force. A file with mistakes is named, line by line, and the bundled rules count.
pub fn install(paths: &Paths) {
    let file = paths.config.with_file_name("address-rules.toml");
    let Some(text) = read(&file) else { return };
    match Rules::with_user(&text) {
        // Only the first rules of a run can be put in force, and these are they.
        Ok(rules) => drop(address::install(rules)),
        Err(mistakes) => {
            for (line, message) in mistakes {
                complain_words(
                    &Mistake {
                        file: file.clone(),
                        line,
                        column: 0,
                        message,
                    }
                    .to_string(),
                );
            }
        }
    }
}

/// The file's text; no file is no mistake.
fn read(file: &Path) -> Option<String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            complain_words(&format!("could not read {}: {error}", file.display()));
            None
        }
    }
}
