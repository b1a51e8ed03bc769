//! Where things are.

use directories::ProjectDirs;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where things are; nothing of it need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `config.toml`; list files that it names stand beside it.
    pub config: PathBuf,
    /// The database.
    pub data_dir: PathBuf,
    /// Images.
    pub cache_dir: PathBuf,
    /// Log.
    pub state_dir: PathBuf,
}

/// What decides where things are: flags before variables before the platform's habits.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub config: Option<PathBuf>,
    pub data_dir: Option<PathBuf>,
}

/// No home directory, so nobody knows where files belong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no home directory; say where things are with --config and --data-dir")]
pub struct Homeless;

impl Wanted {
    /// Fills what no flag says from the variables `BRON_CONFIG` and `BRON_DATA_DIR`; an empty one counts as unset.
    #[must_use]
    pub fn or_variables(self, variable: impl Fn(&str) -> Option<OsString>) -> Wanted {
        let path = |name| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Wanted {
            config: self.config.or_else(|| path("BRON_CONFIG")),
            data_dir: self.data_dir.or_else(|| path("BRON_DATA_DIR")),
        }
    }
}

impl Paths {
    /// Where things are. A data directory that was named holds cache and log too, so that a throw-away one leaves nothing behind.
    pub fn find(wanted: Wanted) -> Result<Paths, Homeless> {
        let (config, data_dir) = match wanted {
            Wanted {
                config: Some(config),
                data_dir: Some(data_dir),
            } => (Some(config), Some(data_dir)),
            Wanted { config, data_dir } => {
                let habits = ProjectDirs::from("", "", "bron").ok_or(Homeless)?;
                let config = config.unwrap_or_else(|| config_dir(&habits).join("config.toml"));
                if let Some(data_dir) = data_dir {
                    (Some(config), Some(data_dir))
                } else {
                    return Ok(Paths {
                        config,
                        data_dir: habits.data_dir().to_owned(),
                        cache_dir: habits.cache_dir().to_owned(),
                        state_dir: habits
                            .state_dir()
                            .unwrap_or_else(|| habits.data_local_dir())
                            .to_owned(),
                    });
                }
            }
        };
        let (config, data_dir) = (config.ok_or(Homeless)?, data_dir.ok_or(Homeless)?);
        Ok(Paths {
            config,
            cache_dir: data_dir.join("cache"),
            state_dir: data_dir.join("state"),
            data_dir,
        })
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("bron.db")
    }

    /// The log.
    pub fn log(&self) -> PathBuf {
        self.state_dir.join("bron.log")
    }

    /// The directory of the config file and of the lists it names.
    pub fn config_dir(&self) -> &Path {
        match self.config.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        }
    }
}

/// On macOS the habits name `~/Library/Application Support`; who has a `~/.config/bron` wants that.
fn config_dir(habits: &ProjectDirs) -> PathBuf {
    if cfg!(target_os = "macos")
        && let Some(home) = directories::BaseDirs::new()
    {
        let dotted = home.home_dir().join(".config/bron");
        if dotted.is_dir() {
            return dotted;
        }
    }
    habits.config_dir().to_owned()
}

/// Makes a directory and those above it, for the reader's eyes only.
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only the reader may read, whole or not at all. What stands there is replaced: a link is not followed.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Its file is made for its owner alone.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    io::Write::write_all(&mut file, bytes)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Paths, Wanted};
    use std::path::{Path, PathBuf};

    #[test]
    fn a_named_data_directory_holds_cache_and_log() {
        let wanted = Wanted {
            config: Some("c.toml".into()),
            data_dir: Some("d".into()),
        };
        let paths = Paths::find(wanted).expect("both are named");
        assert_eq!(paths.database(), Path::new("d/bron.db"));
        assert_eq!(paths.cache_dir, Path::new("d/cache"));
        assert!(paths.log().starts_with("d"));
        assert_eq!(paths.config_dir(), Path::new("."));
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_an_empty_variable_is_none() {
        let wanted = Wanted {
            config: Some("flag.toml".into()),
            data_dir: None,
        };
        let filled = wanted.or_variables(|name| {
            Some(
                if name == "BRON_CONFIG" {
                    "variable.toml"
                } else {
                    ""
                }
                .into(),
            )
        });
        assert_eq!(filled.config, Some(PathBuf::from("flag.toml")));
        assert_eq!(filled.data_dir, None);
    }
}
