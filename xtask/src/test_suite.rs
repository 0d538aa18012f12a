//! `test`: everything that is tested, in one go. It says what it runs, goes on after a failure, and sums up.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use crate::conform::cargo;
use crate::spec_check::{count, root, say};

const FRESHNESS: &[&str] = &["run", "--quiet", "--package", "xtask", "--", "gen", "--check"];
/// The TLS backends other than the default want tools of the machine's, so not all features are on; the suite turns on what
/// it needs of the rest.
const WORKSPACE: &[&str] = &["test", "--workspace", "--locked", "--features", "mediajobs-mock/program"];
/// A crate as users have them. What it needs is there when the workspace is built: it has the same versions of it.
const DOWNSTREAM: &[&str] = &["test", "--manifest-path", "downstream/Cargo.toml", "--locked", "--offline"];

/// What is run, each with its arguments for cargo.
const STEPS: &[&[&str]] = &[FRESHNESS, WORKSPACE, DOWNSTREAM];

pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let mut failed = Vec::new();
    for step in STEPS {
        let line = format!("cargo {}", step.join(" "));
        say(&format!("==> {line}"));
        let mut command = cargo();
        command.current_dir(root()).args(*step);
        if *step == WORKSPACE {
            command.args(arguments);
        }
        if *step == DOWNSTREAM && env::var_os("CARGO_TARGET_DIR").is_none() {
            // What both need is built once.
            command.env("CARGO_TARGET_DIR", root().join("target"));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    /// The packages of a lock file that come from elsewhere, with their versions.
    fn locked(file: &str) -> BTreeSet<(String, String)> {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let value = |package: &str, key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let packages = text.split("[[package]]").skip(1).filter(|package| package.contains("\nsource = "));
        packages.map(|package| (value(package, "name"), value(package, "version"))).collect()
    }

    #[test]
    fn the_crate_outside_has_the_versions_of_the_workspace() {
        let (inside, outside) = (locked("Cargo.lock"), locked("downstream/Cargo.lock"));
        assert!(outside.iter().any(|(name, version)| name == "tokio" && version.starts_with("1.")), "{outside:?}");
        let others: Vec<_> = outside.difference(&inside).collect();
        assert!(
            others.is_empty(),
            "downstream/Cargo.lock has {others:?}, which Cargo.lock has not: copy Cargo.lock over it and run \
             `cargo update --workspace --offline --manifest-path downstream/Cargo.toml`"
        );
    }
}
