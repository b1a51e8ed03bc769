//! The command line: the doors without a screen, and the door to the screen.
//!
//! - Names, flags, JSON keys and exit codes are the contract of docs/CLI.md.
//! - Machine output goes to standard output alone; a failure is one line on standard error that says what and what to do.
//! - A verb is a file with one `run`; it makes the same edits and asks the same questions as the screen does.

mod address_rules;
pub mod args;
mod article;
mod backup;
mod cited;
mod config;
mod context;
mod count;
mod digest;
mod doctor;
mod export;
mod feed_add;
mod feed_check;
mod feed_discover;
mod feed_list;
mod feed_remove;
mod fetch;
mod import;
mod later;
mod list;
mod log;
pub mod manual;
mod mark;
mod prefetch;
mod print;
mod refresh;
mod rules;
mod show;
mod sources;
mod stats;
mod stories;
mod target;
mod undo;
mod url;

pub use context::Context;

use anyhow::Result;
use args::{Args, Command, ConfigCommand, FeedCommand, RulesCommand};
use clap::Parser as _;
use std::io;
use std::process::ExitCode;

/// How a call ended; the numbers are the contract's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    WrongWords = 2,
    /// `refresh` polled, and some feeds failed.
    FeedsFailed = 3,
    Interrupted = 130,
}

/// The words of the call are wrong in a way that only the verb can see.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongWords(pub String);

/// Runs the words of the call; the exit codes are those of the contract in docs/CLI.md.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = error.exit_code();
            // Help that nobody reads to its end is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let exit = match Context::new(args.global).and_then(|context| {
        if !args.command.as_ref().is_some_and(needs_no_config) {
            context.check_named_config()?;
        }
        address_rules::install(&context.paths);
        let exit = log::begin(&context).and_then(|()| run(args.command, &context));
        let trouble = context.close();
        match (exit, trouble) {
            (Ok(_), Some(trouble)) => Err(anyhow::Error::msg(trouble)),
            (exit, _) => exit,
        }
    }) {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            print::complain(&error);
            if error.is::<WrongWords>() {
                Exit::WrongWords
            } else {
                Exit::Failed
            }
        }
    };
    ExitCode::from(exit as u8)
}

fn run(command: Option<Command>, context: &Context) -> Result<Exit> {
    let Some(command) = command else {
        crate::app::run(
            context.paths.clone(),
            crate::app::How {
                offline: context.offline,
                demo: false,
                plain: context.global.plain,
            },
        )?;
        return Ok(Exit::Done);
    };
    if needs_feeds(&command) {
        context.sync()?;
    }
    match command {
        Command::Demo => crate::app::demo(&context.paths, context.global.plain),
        Command::Refresh(args) => return refresh::run(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Count(args) => count::run(&args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Sources(args) => sources::run(&args, context),
        Command::Stories(args) => stories::run(&args, context),
        Command::Digest(args) => digest::run(&args, context),
        Command::Cited(args) => cited::run(&args, context),
        Command::Mark(args) => mark::run(&args, context),
        Command::Later(args) => later::run(&args, context),
        Command::Feed(FeedCommand::Add(args)) => feed_add::run(&args, context),
        Command::Feed(FeedCommand::List(args)) => feed_list::run(&args, context),
        Command::Feed(FeedCommand::Remove(args)) => feed_remove::run(&args, context),
        Command::Feed(FeedCommand::Discover(args)) => feed_discover::run(&args, context),
        Command::Feed(FeedCommand::Check(args)) => feed_check::run(&args, context),
        Command::Undo => undo::run(true, context),
        Command::Redo => undo::run(false, context),
        Command::Import(args) => import::run(&args, context),
        Command::Export(args) => export::run(&args, context),
        Command::Url(args) => url::run(&args),
        Command::Config(command) => config::run(&command, context),
        Command::Rules(RulesCommand::Check(args)) => rules::check(&args, context),
        Command::Stats(args) => stats::run(&args, context),
        Command::Doctor => doctor::run(context),
        Command::Backup(args) => backup::backup(&args, context),
        Command::Restore(args) => backup::restore(&args, context),
        Command::Salvage => backup::salvage(context),
        Command::Completions(args) => manual::completions(&args),
        Command::Man => manual::man(),
    }
    .map(|()| Exit::Done)
}

/// Whether a config file that was named need not be there: verbs that would make it, or do not look into it.
fn needs_no_config(command: &Command) -> bool {
    matches!(
        command,
        Command::Config(ConfigCommand::Init | ConfigCommand::Path)
            | Command::Feed(FeedCommand::Add(_))
            | Command::Import(_)
            | Command::Completions(_)
            | Command::Man
    )
}

/// Whether the store must know what the list files say.
fn needs_feeds(command: &Command) -> bool {
    matches!(
        command,
        Command::Refresh(_)
            | Command::List(_)
            | Command::Count(_)
            | Command::Mark(_)
            | Command::Stories(_)
            | Command::Digest(_)
            | Command::Cited(_)
            | Command::Feed(FeedCommand::List(_) | FeedCommand::Remove(_))
    )
}

/// Whoever read our output has had enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
