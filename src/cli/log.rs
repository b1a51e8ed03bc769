//! The log: a file, on request alone.

use super::Context;
use crate::config::paths::make_private_dir;
use anyhow::{Context as _, Result};
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;
use tracing::Level;

/// A log that has grown larger begins anew.
const LIMIT: u64 = 1 << 20;

/// Begins to log where `--log` says, or with `-v` in the state directory.
pub fn begin(context: &Context) -> Result<()> {
    let level = match context.global.verbose {
        0 if context.global.log.is_none() => return Ok(()),
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let path = context
        .global
        .log
        .clone()
        .unwrap_or_else(|| context.paths.log());
    let say = || {
        format!(
            "could not write the log {}; --log names another file",
            path.display()
        )
    };
    if let Some(parent) = path.parent().filter(|parent| *parent != Path::new("")) {
        make_private_dir(parent).with_context(say)?;
    }
    let full = std::fs::metadata(&path).is_ok_and(|about| about.is_file() && about.len() > LIMIT);
    let mut options = OpenOptions::new();
    options
        .create(true)
        .write(true)
        .append(!full)
        .truncate(full);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).with_context(say)?;
    // Fails only where somebody logs already, and then that log is as good.
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "begins");
    Ok(())
}
