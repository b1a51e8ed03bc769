//! `bron backup`, `bron restore`, `bron salvage`.

use super::Context;
use super::args::BackupArgs;
use super::print::Out;
use crate::store;
use anyhow::{Context as _, Result, ensure};

/// Copies the database.
pub fn backup(args: &BackupArgs, context: &Context) -> Result<()> {
    let database = context.paths.database();
    ensure!(
        database.is_file(),
        "there is no database yet; `bron refresh` makes one"
    );
    let file = args.file.display();
    store::backup(&database, &args.file).with_context(|| format!("could not back up to {file}"))?;
    say(context, &format!("backed up to {file}"))
}

/// Puts a backup in the database's place.
pub fn restore(args: &BackupArgs, context: &Context) -> Result<()> {
    let file = args.file.display();
    let old = store::restore(&args.file, &context.paths.database())
        .with_context(|| format!("could not restore {file}"))?;
    // The restored database may know other feeds than the files say: they are read again.
    let _ = std::fs::remove_file(context.paths.data_dir.join("lists-seen"));
    let kept = old.map_or_else(String::new, |old| {
        format!("; what was there is kept as {}", old.display())
    });
    say(context, &format!("restored {file}{kept}"))
}

/// Saves what can be read of a damaged database into a new one in its place.
pub fn salvage(context: &Context) -> Result<()> {
    let database = context.paths.database();
    ensure!(
        database.is_file(),
        "there is no database yet; `bron refresh` makes one"
    );
    let Some(saved) = store::salvage(&database).context("nothing could be saved")? else {
        return say(
            context,
            "the database is sound: there is nothing to salvage, and it is left as it is",
        );
    };
    // The feeds are those of the list files: they are read again.
    let _ = std::fs::remove_file(context.paths.data_dir.join("lists-seen"));
    let partly = if saved.partly.is_empty() {
        String::new()
    } else {
        format!("; not all could be read of: {}", saved.partly.join(", "))
    };
    say(
        context,
        &format!(
            "saved {} entries of {} feeds{partly}; the old database is kept as {}",
            saved.entries,
            saved.feeds,
            saved.old.display()
        ),
    )
}

fn say(context: &Context, text: &str) -> Result<()> {
    if context.global.quiet {
        return Ok(());
    }
    let mut out = Out::new();
    out.line(&crate::text::SafeText::line(text))?;
    Ok(out.done()?)
}
