//! The command line: the doors without a screen, and the door to the screen.

use std::process::ExitCode;

/// Runs the words of the call; the exit codes are those of the contract in docs/CLI.md.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
