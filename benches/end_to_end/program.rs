//! The program in a home of its own, and what a call of it takes.

use crate::{bron, ms, ratio};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with a config file and a list of feeds, and the store that comes of it.
pub struct Home {
    folder: PathBuf,
    /// Goes with this, where it is not to be kept.
    _temporary: Option<TempDir>,
}

/// What a call took.
#[derive(Clone, Copy)]
pub struct Measured {
    pub wall: Duration,
    /// Highest anonymous resident memory seen, and highest of all with mapped files, in MB.
    pub anon_mb: f64,
    pub peak_mb: f64,
}

impl Measured {
    pub fn line(&self, limit: Duration) -> Value {
        json!({
            "ms": ms(self.wall), "limit_ms": ms(limit), "ratio": ratio(self.wall, limit),
            "anon_mb": self.anon_mb, "peak_mb": self.peak_mb,
        })
    }
}

impl Home {
    pub fn new(urls: &[String]) -> Home {
        let folder = tempfile::tempdir().expect("a directory");
        let home = Home::kept(folder.path(), urls);
        Home {
            _temporary: Some(folder),
            ..home
        }
    }

    /// A home in a folder that stays.
    pub fn kept(folder: &Path, urls: &[String]) -> Home {
        std::fs::create_dir_all(folder).expect("it can be made");
        let config = "theme = \"ink\"\nrefresh_on_start = false\nrefresh_every = \"never\"\nlists = [\"feeds.urls\"]\n";
        for (name, text) in [
            ("feeds.urls", urls.join("\n").as_str()),
            ("config.toml", config),
        ] {
            std::fs::write(folder.join(name), text).expect("it can be written");
        }
        Home {
            folder: folder.to_owned(),
            _temporary: None,
        }
    }

    /// Variables that lead the program here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.folder.join(name).display().to_string();
        vec![
            ("HOME", path("")),
            ("BRON_CONFIG", path("config.toml")),
            ("BRON_DATA_DIR", path("data")),
            ("TERM", "xterm-256color".to_owned()),
            // What keys may start has no part in any measure.
            ("EDITOR", "true".to_owned()),
            ("PAGER", "true".to_owned()),
            ("BROWSER", "true".to_owned()),
        ]
    }

    pub fn database(&self) -> PathBuf {
        self.folder.join("data/bron.db")
    }

    pub fn connection(&self) -> Connection {
        Connection::open(self.database()).expect("the store is there")
    }

    /// MB of the database.
    pub fn database_mb(&self) -> u64 {
        std::fs::metadata(self.database()).map_or(0, |file| file.len()) >> 20
    }

    /// A feed is not asked twice within a minute; here it has to be.
    pub fn forget_when_feeds_were_visited(&self) {
        if self.database().exists() {
            self.connection()
                .execute("UPDATE feed SET last_visit = last_visit - 4000", [])
                .expect("nobody else writes");
        }
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, words: &[&str]) -> Measured {
        let begun = Instant::now();
        let mut child = Command::new(bron())
            .args(words)
            .env_clear()
            .envs(self.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut measured = Measured {
            wall: Duration::ZERO,
            anon_mb: 0.0,
            peak_mb: 0.0,
        };
        let id = child.id();
        while child.try_wait().expect("it is ours").is_none() {
            let memory = Memory::of(id);
            measured.anon_mb = measured.anon_mb.max(memory.anon_mb);
            measured.peak_mb = measured.peak_mb.max(memory.peak_mb);
            std::thread::sleep(Duration::from_millis(3));
        }
        measured.wall = begun.elapsed();
        measured
    }
}

/// Memory of a process, in MB.
#[derive(Clone, Copy, Default)]
pub struct Memory {
    /// Resident, without mapped files.
    pub anon_mb: f64,
    /// The most that was ever resident, with mapped files.
    pub peak_mb: f64,
}

impl Memory {
    /// Zeros where there is no `/proc`, or no such process any more.
    pub fn of(process: u32) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let field = |name: &str| -> f64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
            (kb.unwrap_or(0.0) / 102.4).round() / 10.0
        };
        Memory {
            anon_mb: field("RssAnon:"),
            peak_mb: field("VmHWM:"),
        }
    }
}
