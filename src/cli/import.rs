//! `bron import`: a list of feeds from elsewhere becomes a list file beside the config.

use super::Context;
use super::args::ImportArgs;
use super::print::{Out, complain_words};
use crate::config::lists::Import;
use crate::text::SafeText;
use crate::tui::words::plural;
use anyhow::{Context as _, Result, ensure};

/// Writes the list, names it in the config, and says what is new.
pub fn run(args: &ImportArgs, context: &Context) -> Result<()> {
    let name = args.file.display();
    let import = Import::read(&args.file).with_context(|| format!("could not import {name}"))?;
    if !context.global.quiet {
        for (line, problem) in import.problems.iter().take(10) {
            complain_words(&if *line == 0 {
                format!("{name}: {problem}")
            } else {
                format!("{name}:{line}: {problem}")
            });
        }
        if import.problems.len() > 10 {
            complain_words(&format!(
                "{name}: and {} more that cannot be read",
                plural(import.problems.len() - 10, "line")
            ));
        }
        if import.programs > 0 {
            complain_words(&format!(
                "{name}: {} left out that visits programs or files; write such feeds into your config yourself",
                plural(import.programs, "feed")
            ));
        }
    }
    ensure!(
        !import.feeds.is_empty(),
        "no feed was found in {name}; OPML, a newsboat urls file and plain addresses can be read"
    );
    let new = import.new_to(&context.lists());
    let written = import.write(&context.paths)?;
    let whereto = written.first().map_or_else(
        || "it was imported before".to_owned(),
        |written| format!("the list is {}", written.file.display()),
    );
    let feeds = plural(import.feeds.len(), "feed");
    context.changed(format!("{feeds} imported from {name}"), written)?;
    if !context.global.quiet {
        let mut out = Out::new();
        out.line(&SafeText::line(&format!(
            "{}; {whereto}",
            plural(new, "new feed")
        )))?;
        if new > 0 {
            out.line("`bron refresh` visits them.")?;
        }
        out.done()?;
    }
    Ok(())
}
