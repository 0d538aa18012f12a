//! `test`: everything that is tested, in one go. It says what it runs, goes on after a failure, and sums up.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::conform::cargo;
use crate::spec_check::{count, root, say};

/// What is run, each with its arguments for cargo. The TLS backends other than the default want tools of the machine's,
/// so not all features are on; the suite turns on what it needs of the rest.
const STEPS: &[&[&str]] =
    &[&["run", "--quiet", "--package", "xtask", "--", "gen", "--check"], &["test", "--workspace", "--locked"]];

pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let mut failed = Vec::new();
    for step in STEPS {
        let line = format!("cargo {}", step.join(" "));
        say(&format!("==> {line}"));
        let mut command = cargo();
        command.current_dir(root()).args(*step);
        if step.first() == Some(&"test") {
            command.args(arguments);
        }
        match command.status() {
            Ok(status) if status.success() => {}
            Ok(status) => failed.push(format!("{line} ({status})")),
            Err(error) => failed.push(format!("{line} (can't run: {error})")),
        }
    }
    if failed.is_empty() {
        say(&format!("{} passed", count(STEPS.len(), "step")));
        return ExitCode::SUCCESS;
    }
    say(&format!("{} of {} failed:", failed.len(), count(STEPS.len(), "step")));
    for line in failed {
        say(&format!("  {line}"));
    }
    ExitCode::FAILURE
}
