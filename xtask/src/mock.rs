//! `mock`: hands arguments to the stand-in, a program of its own. It stands on the generated crates, and this one writes them.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::conform::{become_program, cargo};
use crate::spec_check::root;

pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let mut command = cargo();
    command.arg("run").arg("--quiet").arg("--manifest-path").arg(root().join("Cargo.toml"));
    command.args(["--package", "mediajobs-mock", "--bin", "mediajobs-mock", "--features", "program", "--"]);
    command.args(arguments);
    become_program(command)
}
