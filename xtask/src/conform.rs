//! `conform`: hands paths to the conformance suite, a program of its own.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::spec_check::{root, say};

pub(crate) fn run(paths: &[PathBuf]) -> ExitCode {
    let manifest = root().join("Cargo.toml");
    let mut command = cargo();
    command.arg("run").arg("--quiet").arg("--manifest-path").arg(manifest);
    command.args(["--package", "mediajobs-conformance", "--"]).args(paths);
    finish(command)
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program and ends as it does.
pub(crate) fn finish(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code) if code != 0 => ExitCode::from(code),
            _ => ExitCode::FAILURE,
        },
        Err(error) => {
            say(&format!("error: can't run {}: {error}", command.get_program().to_string_lossy()));
            ExitCode::FAILURE
        }
    }
}

/// Runs a program that is stopped from outside: signals are its own, and so is how it ends.
pub(crate) fn become_program(command: Command) -> ExitCode {
    #[cfg(unix)]
    {
        let mut command = command;
        // This one is gone unless the other can't be run.
        let error = std::os::unix::process::CommandExt::exec(&mut command);
        say(&format!("error: can't run {}: {error}", command.get_program().to_string_lossy()));
        ExitCode::FAILURE
    }
    #[cfg(not(unix))]
    finish(command)
}
