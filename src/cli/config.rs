//! `bron config`: where settings are, write, check, print them.

use super::Context;
use super::args::ConfigCommand;
use super::print::Out;
use crate::config::paths::make_private_dir;
use crate::config::{Lists, Loaded, example, load};
use crate::text::SafeText;
use crate::tui::keymap::Keymap;
use crate::tui::words::plural;
use anyhow::{Context as _, Result, bail};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

/// Does what the command says.
pub fn run(command: &ConfigCommand, context: &Context) -> Result<()> {
    let file = &context.paths.config;
    let mut out = Out::new();
    match command {
        ConfigCommand::Path => out.line(&SafeText::line(&file.display().to_string()))?,
        ConfigCommand::Init => {
            init(context)?;
            out.line(&SafeText::line(&format!("wrote {}", file.display())))?;
            out.line("Every setting stands in it as a comment. Next: `bron feed add ADDRESS`, `bron import FILE`, or `bron`.")?;
        }
        ConfigCommand::Check => check(context, &mut out)?,
        ConfigCommand::Show => {
            let name = file
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            out.text(&SafeText::block(&example::in_force(
                context.loaded(),
                &name,
            )))?;
        }
    }
    Ok(out.done()?)
}

fn init(context: &Context) -> Result<()> {
    let file = &context.paths.config;
    let say = || {
        format!(
            "could not write {}; --config names another file",
            file.display()
        )
    };
    make_private_dir(context.paths.config_dir()).with_context(say)?;
    match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut new) => new
            .write_all(example::example().as_bytes())
            .with_context(say),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!(
                "{} is there already, and is left as it is; `bron config show` prints what is in force",
                file.display()
            )
        }
        Err(error) => Err(error).with_context(say),
    }
}

fn check(context: &Context, out: &mut Out) -> Result<()> {
    let file = &context.paths.config;
    let loaded = load(&context.paths);
    let lists = Lists::read(&context.paths, &loaded);
    let mut mistakes: Vec<String> = loaded
        .mistakes
        .iter()
        .chain(&lists.mistakes)
        .map(ToString::to_string)
        .collect();
    mistakes.extend(of_the_screen(&loaded));
    for mistake in &mistakes {
        out.line(&SafeText::line(mistake))?;
    }
    match mistakes.len() {
        0 if !loaded.exists => out.line(&SafeText::line(&format!(
            "there is no {}; every default holds",
            file.display()
        )))?,
        0 => out.line(&format!(
            "no mistakes: {}, {}, {}",
            plural(loaded.said.len(), "setting"),
            plural(loaded.lists.len(), "list"),
            plural(lists.feeds.len(), "feed")
        ))?,
        1 => bail!("1 mistake; what is right counts all the same"),
        n => bail!("{n} mistakes; what is right counts all the same"),
    }
    Ok(())
}

/// What only the screen can tell: names of actions, sequences of keys.
fn of_the_screen(loaded: &Loaded) -> Vec<String> {
    let screen = &loaded.settings.screen;
    let (_, mistakes) = Keymap::new(&screen.keys_preset, &screen.keys);
    mistakes
}
