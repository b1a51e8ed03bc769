//! What is made from the words of the call: docs/CLI.md, the manual page, shell completions.

use super::args::{Args, CompletionsArgs};
use super::print::Out;
use anyhow::Result;
use clap::{Command, CommandFactory as _};
use std::fmt::Write as _;

/// The parts of docs/CLI.md that no help can say.
const CONTRACT: &str = include_str!("contract.md");

/// `bron completions`
pub fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "bron", &mut script);
    print(&script)
}

/// `bron man`: one page for all commands.
pub fn man() -> Result<()> {
    let mut page = Vec::new();
    let root = Args::command();
    let man = clap_mangen::Man::new(root.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for (name, command) in walk(&root) {
        let mut roff = clap_mangen::roff::Roff::default();
        roff.control("SH", [name.to_uppercase().as_str()]);
        roff.text([clap_mangen::roff::roman(about(&command))]);
        roff.to_writer(&mut page)?;
        if command.get_subcommands().next().is_none() {
            let man = clap_mangen::Man::new(command.bin_name(format!("bron {name}")));
            let mut part = Vec::new();
            man.render_synopsis_section(&mut part)?;
            man.render_options_section(&mut part)?;
            man.render_extra_section(&mut part)?;
            let part = String::from_utf8_lossy(&part).replace(".SH ", ".SS ");
            page.extend_from_slice(part.as_bytes());
        }
    }
    print(&page)
}

fn print(bytes: &[u8]) -> Result<()> {
    let mut out = Out::new();
    out.text(&String::from_utf8_lossy(bytes))?;
    Ok(out.done()?)
}

/// docs/CLI.md.
pub fn markdown() -> String {
    let root = Args::command();
    let mut text = String::from(
        "# The command line\n\nThis page is made from the help texts and `src/cli/contract.md`.\n\n",
    );
    let _ = writeln!(
        text,
        "{}\n\n| command | |\n|---|---|",
        root.get_long_about()
            .or(root.get_about())
            .map(ToString::to_string)
            .unwrap_or_default()
    );
    for (name, command) in walk(&root) {
        let _ = writeln!(text, "| `bron {name}` | {} |", about(&command));
    }
    text.push_str("\n## Everywhere\n\n");
    options(&root, &mut text);
    for (name, command) in walk(&root) {
        let _ = write!(text, "\n## {name}\n\n{}.\n\n", about(&command));
        if command.get_subcommands().next().is_none() {
            options(&command, &mut text);
        }
        let examples = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = write!(text, "\n```\n{examples}\n```\n");
    }
    text.push('\n');
    text.push_str(CONTRACT);
    text
}

fn options(command: &Command, text: &mut String) {
    for argument in command
        .get_arguments()
        .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
    {
        let value = argument
            .get_value_names()
            .map(|names| names.join(" "))
            .unwrap_or_default();
        let takes = argument.get_action().takes_values();
        let name = match (argument.get_long(), takes) {
            (Some(long), true) => format!("--{long} {value}"),
            (Some(long), false) => format!("--{long}"),
            (None, _) => value,
        };
        let help = argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = writeln!(text, "- `{name}`: {help}");
    }
}

/// All commands, with whole names, in order.
fn walk(root: &Command) -> Vec<(String, Command)> {
    let mut found = Vec::new();
    for command in root.get_subcommands() {
        found.push((command.get_name().to_owned(), command.clone()));
        for (name, below) in walk(command) {
            found.push((format!("{} {name}", command.get_name()), below));
        }
    }
    found
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}
