//! TARGET: an entry's id, an address, a path, or `-`.

use super::WrongWords;
use crate::feed::EntryId;
use anyhow::{Context as _, Result};
use std::fs;
use std::io::{Read as _, stdin};
use url::Url;

/// What a verb is to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Entry(EntryId),
    Web(Url),
    File { bytes: Vec<u8>, base: Url },
}

/// Bytes that a file or standard input may have: what is larger is no page and no feed.
const LIMIT: u64 = 64 << 20;

/// The base of files that came from nowhere in particular: relative addresses become recognisable, and lead nowhere.
pub const NOWHERE: &str = "https://file.invalid/";

impl Target {
    /// Reads the words of the call, and the file they name.
    pub fn read(words: &str, base_url: Option<&str>) -> Result<Target> {
        let base = base_url.map(web_address).transpose()?;
        if words == "-" {
            return Ok(Target::File {
                bytes: read_limited(stdin().lock(), "standard input")?,
                base: base.unwrap_or_else(nowhere),
            });
        }
        if let Ok(id) = words.parse::<i64>() {
            return Ok(Target::Entry(EntryId(id)));
        }
        if words.starts_with("http://") || words.starts_with("https://") {
            return Ok(Target::Web(web_address(words)?));
        }
        let file = fs::File::open(words)
            .with_context(|| format!("could not read “{words}”; a target is an entry's id, an address with http(s)://, a file, or -"))?;
        Ok(Target::File {
            bytes: read_limited(file, words)?,
            base: base.unwrap_or_else(nowhere),
        })
    }
}

/// An address that the call names.
pub fn web_address(text: &str) -> Result<Url> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(WrongWords(format!(
            "“{text}” is no address; one looks like https://example.org/page"
        ))
        .into()),
    }
}

fn nowhere() -> Url {
    Url::parse(NOWHERE).expect("a constant that parses")
}

fn read_limited(from: impl std::io::Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("could not read {name}"))?;
    anyhow::ensure!(
        bytes.len() as u64 <= LIMIT,
        "{name} is larger than {} MiB; that is no page and no feed",
        LIMIT >> 20
    );
    Ok(bytes)
}
