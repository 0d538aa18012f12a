//! The workspace's front door.

mod conform;
mod gen_crates;
mod interop;
mod mock;
mod sign;
mod spec_check;
mod test_suite;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Specs in, Rust clients out, and what holds them to the vendors' documents.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks the specs and writes the Rust clients.
    Gen(gen_crates::GenArguments),
    /// Works on specs alone.
    #[command(subcommand)]
    Spec(Spec),
    /// Judges documented examples: files, or folders of them.
    Conform {
        /// What to judge.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Signs requests, to compare with a service that says SignatureDoesNotMatch.
    ///
    /// Reads JSON lines from standard input and prints one JSON line for each:
    ///
    /// {"scheme": "acs3-hmac-sha256" | "sdk-hmac-sha256" | "cos-sha1", "method": "GET", "url": "https://host/path?query",
    /// "headers": {"host": "host", …}, "body": "", "key_id": "…", "secret": "…", "valid_from": 0, "valid_until": 0}
    ///
    /// The URL is what goes on the wire; the headers are exactly those to sign, none is added or dropped; the last two, in
    /// Unix seconds, are for cos-sha1. What comes out is {"canonical_request", "string_to_sign", "authorization"}, or
    /// {"error"}; a line that can't be signed does not stop those after it.
    #[command(verbatim_doc_comment)]
    Sign,
    /// Runs a stand-in for the three services on this machine; `cargo xtask mock --help` tells of its arguments.
    #[command(disable_help_flag = true)]
    Mock {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Lets the vendors' official Python SDKs judge the clients and the stand-in: signatures, requests, answers.
    ///
    /// Needs Python 3.11 or newer; pip installs the SDKs below `target/`, of the versions of
    /// conformance/interop/requirements.txt.
    Interop(interop::InteropArguments),
    /// Runs everything that is tested; further arguments go to `cargo test`.
    Test {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Subcommand)]
enum Spec {
    /// Reports all problems of all specs, and writes nothing.
    Check(spec_check::SpecFolder),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Gen(arguments) => gen_crates::run(&arguments),
        Command::Spec(Spec::Check(arguments)) => spec_check::run(&arguments),
        Command::Conform { paths } => conform::run(&paths),
        Command::Sign => exit_code(sign::run(io::stdin().lock(), io::stdout().lock())),
        Command::Mock { arguments } => mock::run(&arguments),
        Command::Interop(arguments) => interop::run(&arguments),
        Command::Test { arguments } => test_suite::run(&arguments),
    }
}

fn exit_code(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            spec_check::say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
