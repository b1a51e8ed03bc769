//! The binary: hand the words of the call to the library, report the error, choose the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    bron::cli::main()
}
