//! What every verb is handed: where things are, settings, the store, the network; each opened when first asked for.

use super::args::{Global, When};
use super::print::complain_words;
use crate::config::lists::{self, Written};
use crate::config::paths::{Wanted, make_private_dir, write_private};
use crate::config::{Lists, Loaded, Paths, Settings, load};
use crate::net::Client;
use crate::news::{Edit, FileStep, FileText, Notify};
use crate::store::{self, Reader, StoreError, Writer};
use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use std::cell::OnceCell;
use std::io::{IsTerminal, stderr, stdout};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Runtime;

/// What every verb is handed.
pub struct Context {
    pub global: Global,
    pub paths: Paths,
    /// Nobody is asked.
    pub offline: bool,
    loaded: OnceCell<Loaded>,
    writer: OnceCell<Writer>,
    /// What the store could not write, in words.
    trouble: Arc<Mutex<Option<String>>>,
    /// What undos want of files.
    steps: Arc<Mutex<Vec<FileStep>>>,
    /// Entries that a rule wants to be told of, as they were stored.
    told: Arc<Mutex<Vec<Notify>>>,
}

impl Context {
    /// Finds out where things are; opens nothing.
    pub fn new(global: Global) -> Result<Context> {
        let wanted = Wanted {
            config: global.config.clone(),
            data_dir: global.data_dir.clone(),
        };
        let paths = Paths::find(wanted.or_variables(|name| std::env::var_os(name)))?;
        Ok(Context {
            offline: global.offline,
            global,
            paths,
            loaded: OnceCell::new(),
            writer: OnceCell::new(),
            trouble: Arc::default(),
            steps: Arc::default(),
            told: Arc::default(),
        })
    }

    /// A config file that the call names is meant: without it, defaults and no feeds would pass for the reader's own.
    pub fn check_named_config(&self) -> Result<()> {
        let Some(file) = &self.global.config else {
            return Ok(());
        };
        let name = file.display();
        match std::fs::metadata(file) {
            Ok(about) if about.is_dir() => {
                anyhow::bail!("{name} is a directory; --config wants the file in it")
            }
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => anyhow::bail!(
                "there is no config file {name}; `bron config init --config {name}` writes one"
            ),
            Err(error) => Err(error)
                .with_context(|| format!("the config file {name} cannot be read; name another")),
        }
    }

    /// The config file, read; its mistakes are told once, and what is right counts.
    pub fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let mut loaded = load(&self.paths);
            loaded.settings.net.offline = self.offline;
            self.warn(&loaded.mistakes);
            loaded
        })
    }

    /// Settings in force.
    pub fn settings(&self) -> Result<&Settings> {
        Ok(&self.loaded().settings)
    }

    /// The lists of feeds as the files have them at this moment.
    pub fn lists(&self) -> Lists {
        Lists::read(&self.paths, &load(&self.paths))
    }

    /// Tells the store what the files say, where they have changed since it was last told.
    pub fn sync(&self) -> Result<()> {
        let loaded = self.loaded();
        let files = Lists::files(&self.paths, loaded);
        let seen = self.paths.data_dir.join("lists-seen");
        let stamp = crate::config::lists::stamp(&files);
        let known = self.paths.database().is_file()
            && std::fs::read_to_string(&seen).is_ok_and(|known| known == stamp);
        if known {
            return Ok(());
        }
        self.tell(&Lists::read(&self.paths, loaded), &stamp)
    }

    /// A verb has changed files: the store is told what they say now, and what was done, so that `bron undo` takes it back.
    pub fn changed(&self, summary: String, written: Vec<Written>) -> Result<()> {
        self.sync_again()?;
        if written.is_empty() {
            return Ok(());
        }
        let files = lists::texts(written);
        let applied = self.writer()?.apply_now(Edit::Files { summary, files })?;
        match applied.error {
            Some(error) => {
                anyhow::bail!("it is done, but cannot be written down to be undone: {error}")
            }
            None => Ok(()),
        }
    }

    /// As [`Context::sync`], after an undo has changed files.
    pub fn sync_after(&self, files: &[FileText]) -> Result<()> {
        let config = &self.paths.config;
        if files.iter().any(|file| file.path == *config) && !config.exists() {
            // The config file that the first subscription made is gone again, and by the reader's wish.
            self.writer()?.apply_now(Edit::SetFeeds(Vec::new()))?;
        }
        self.sync_again()
    }

    fn sync_again(&self) -> Result<()> {
        let loaded = load(&self.paths);
        let lists = Lists::read(&self.paths, &loaded);
        self.tell(&lists, &crate::config::lists::stamp(&lists.files))
    }

    fn tell(&self, lists: &Lists, stamp: &str) -> Result<()> {
        self.warn(&lists.mistakes);
        // Feeds of a file that cannot be read, or not to its end, are not gone: nothing is taken away until it can be.
        let feeds = lists.feeds.clone();
        let applied = self.writer()?.apply_now(if lists.incomplete {
            Edit::AddFeeds(feeds)
        } else {
            Edit::SetFeeds(feeds)
        })?;
        if let Some(error) = applied.error {
            anyhow::bail!("the lists of feeds could not be stored: {error}");
        }
        if lists.incomplete {
            return Ok(());
        }
        // Only a note that saves work: without it the files are read again.
        let _ = write_private(&self.paths.data_dir.join("lists-seen"), stamp.as_bytes());
        Ok(())
    }

    fn warn(&self, mistakes: &[crate::config::Mistake]) {
        if self.global.quiet {
            return;
        }
        for mistake in mistakes.iter().take(5) {
            complain_words(&mistake.to_string());
        }
        if mistakes.len() > 5 {
            complain_words(&format!(
                "and {} mistakes more; `bron config check` tells all",
                mistakes.len() - 5
            ));
        }
    }

    /// The store, for writing; made if there is none.
    pub fn writer(&self) -> Result<&Writer> {
        if let Some(writer) = self.writer.get() {
            return Ok(writer);
        }
        let path = self.paths.data_dir.display().to_string();
        make_private_dir(&self.paths.data_dir).map_err(|error| StoreError::Unwritable {
            path,
            why: error.to_string(),
        })?;
        let settings = store::Settings {
            command_line: true,
            ..self.loaded().settings.store.clone()
        };
        let writer = store::open(&self.paths.database(), settings, {
            let (trouble, told) = (Arc::clone(&self.trouble), Arc::clone(&self.told));
            let steps = Arc::clone(&self.steps);
            Box::new(move |mut changes| {
                steps
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .append(&mut changes.steps);
                told.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .append(&mut changes.notify);
                if let Some(words) = changes.trouble {
                    *trouble.lock().unwrap_or_else(PoisonError::into_inner) =
                        Some(words.into_string());
                }
            })
        })?;
        Ok(self.writer.get_or_init(|| writer))
    }

    /// What undos wanted of files since this was last asked.
    pub fn steps(&self) -> Vec<FileStep> {
        std::mem::take(&mut *self.steps.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The entries that a rule wanted to be told of since this was last asked.
    pub fn told(&self) -> Vec<Notify> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The store, for asking; made if there is none, so that an empty collection is no error.
    pub fn reader(&self) -> Result<Reader> {
        self.writer()?;
        Ok(Reader::open(&self.paths.database())?)
    }

    /// The store, for asking, if there is one: for verbs that only look something up by the way.
    pub fn reader_if_any(&self) -> Option<Reader> {
        if self.paths.database().is_file() {
            Reader::open(&self.paths.database()).ok()
        } else {
            None
        }
    }

    /// A runtime, and a client that lives on it.
    pub fn network(&self) -> Result<(Runtime, Client)> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("net")
            .enable_all()
            .build()
            .context("could not start the network threads")?;
        let client = {
            let _inside = runtime.enter();
            Client::new(&self.settings()?.net)?
        };
        Ok((runtime, client))
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// Whether standard output gets colours.
    pub fn colour(&self) -> bool {
        match self.global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    /// Whether a progress bar may be drawn on standard error.
    pub fn progress(&self) -> bool {
        !self.global.quiet && stderr().is_terminal()
    }

    /// Ends the store's thread, with everything written; answers what could not be.
    pub fn close(self) -> Option<String> {
        if let Some(writer) = self.writer.into_inner() {
            writer.close();
        }
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}
