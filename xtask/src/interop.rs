//! `interop`: holds the clients and the stand-in to the vendors' official Python SDKs, which pip installs below `target/`.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use serde_json::Value;

use crate::conform::{cargo, finish};
use crate::spec_check::{root, say};

/// The same random requests in every run.
const SEED: &str = "20201109";
const RANDOM: &str = "600";

/// What only a connection to somewhere else would need, and what would lead the SDKs there.
const PROXIES: [&str; 6] = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

#[derive(Args)]
pub(crate) struct InteropArguments {
    /// Succeeds, with a loud line, where Python or the packages can't be had.
    #[arg(long)]
    skip_without_pypi: bool,
    /// Writes the page of differences instead of comparing it.
    #[arg(long)]
    update: bool,
    /// A stand-in that listens already, e.g. http://127.0.0.1:8080; without it one is started. It is not told what to do
    /// wrong, so what needs that is skipped.
    #[arg(long)]
    url: Option<String>,
}

pub(crate) fn run(arguments: &InteropArguments) -> ExitCode {
    let python = match environment() {
        Ok(python) => python,
        Err(Trouble::Unavailable(reason)) if arguments.skip_without_pypi => {
            say(&format!("!! SKIPPED: the official SDKs judge nothing in this run, since {reason}"));
            return ExitCode::SUCCESS;
        }
        Err(Trouble::Unavailable(reason) | Trouble::Broken(reason)) => {
            say(&format!("error: {reason}"));
            return ExitCode::FAILURE;
        }
    };
    match judge(&python, arguments) {
        Ok(command) => finish(command),
        Err(reason) => {
            say(&format!("error: {reason}"));
            ExitCode::FAILURE
        }
    }
}

/// Why there is no environment.
enum Trouble {
    /// Python or the packages can't be had here.
    Unavailable(String),
    /// Something is there and wrong.
    Broken(String),
}

/// Everything that is made here.
fn folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("interop")
}

/// The Python of an environment with the packages of `requirements.txt`, made anew if that file or Python is another one.
fn environment() -> Result<PathBuf, Trouble> {
    let sources = root().join("conformance/interop");
    let requirements = sources.join("requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .map_err(|error| Trouble::Broken(format!("can't read {}: {error}", requirements.display())))?;
    let base = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let version = output(&base, &["-c", "import sys, venv; print(sys.version); sys.exit(sys.version_info < (3, 11))"])
        .map_err(|reason| Trouble::Unavailable(format!("there is no Python 3.11 or newer with venv: {reason}")))?;
    let venv = folder().join("venv");
    let bin = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let (python, stamp) = (venv.join(bin), venv.join("installed.txt"));
    let stamped = format!("{version}\n{wanted}");
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == stamped) {
        return Ok(python);
    }
    say(
        "==> installing the official SDKs; this takes a minute, and only after a change of conformance/interop/requirements.txt",
    );
    output(&base, &[OsStr::new("-m"), OsStr::new("venv"), OsStr::new("--clear"), venv.as_os_str()])
        .map_err(|reason| Trouble::Unavailable(format!("no virtual environment can be made: {reason}")))?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r"];
    let install: Vec<&OsStr> = install.iter().map(OsStr::new).chain([requirements.as_os_str()]).collect();
    output(&python, &install).map_err(|reason| {
        let reason = format!("pip can't install conformance/interop/requirements.txt:\n{reason}");
        // Other bytes than those of the list are no matter of the connection.
        if reason.contains("DO NOT MATCH THE HASHES") { Trouble::Broken(reason) } else { Trouble::Unavailable(reason) }
    })?;
    fs::write(&stamp, stamped).map_err(|error| Trouble::Broken(format!("can't write {}: {error}", stamp.display())))?;
    Ok(python)
}

/// The program that judges, with everything that it needs.
fn judge(python: &Path, arguments: &InteropArguments) -> Result<Command, String> {
    let folder = folder();
    let requests = built("mediajobs-conformance", "signed-requests", &[])?;
    let documented = written(&requests, &["documented"], &folder.join("documented.jsonl"))?;
    let random = written(&requests, &["random", SEED, RANDOM], &folder.join("random.jsonl"))?;
    let mut command = Command::new(python);
    command.arg(root().join("conformance/interop/run.py"));
    command.arg("--documented").arg(documented).arg("--random").arg(random);
    command.arg("--page").arg(root().join("docs/official-sdks.md"));
    if arguments.update {
        command.arg("--update");
    }
    match &arguments.url {
        Some(url) => command.arg("--url").arg(url),
        None => command.arg("--stand-in").arg(built("mediajobs-mock", "mediajobs-mock", &["--features", "program"])?),
    };
    for name in PROXIES {
        command.env_remove(name);
    }
    // One of the SDKs writes an id into the home folder, and Python writes beside its sources unless told otherwise.
    let home = folder.join("home");
    fs::create_dir_all(&home).map_err(|error| format!("can't make {}: {error}", home.display()))?;
    command.env("HOME", &home).env("USERPROFILE", &home).env("PYTHONPYCACHEPREFIX", folder.join("pycache"));
    Ok(command)
}

/// Builds a program and tells where it is.
fn built(package: &str, program: &str, options: &[&str]) -> Result<PathBuf, String> {
    let mut command = cargo();
    command.current_dir(root()).args(["build", "--quiet", "--locked", "--message-format", "json-render-diagnostics"]);
    command.args(["--package", package, "--bin", program]).args(options).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("can't run cargo: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = |line: &str| -> Option<PathBuf> {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_it = message.pointer("/target/name")? == program;
        message.get("executable")?.as_str().filter(|_| is_it).map(PathBuf::from)
    };
    let found = messages.lines().find_map(executable).filter(|_| output.status.success());
    found.ok_or_else(|| format!("{program} of {package} could not be built"))
}

/// Runs a program and keeps what it prints in a file.
fn written(program: &Path, arguments: &[&str], file: &Path) -> Result<PathBuf, String> {
    let failed = |error: io::Error| format!("can't write {}: {error}", file.display());
    let out = File::create(file).map_err(failed)?;
    // Where the repository is, it finds out by this variable.
    let manifest = root().join("conformance");
    let status = Command::new(program).args(arguments).env("CARGO_MANIFEST_DIR", manifest).stdout(out).status();
    match status {
        Ok(status) if status.success() => Ok(file.to_owned()),
        Ok(status) => Err(format!("{} {} ended with {status}", program.display(), arguments.join(" "))),
        Err(error) => Err(format!("can't run {}: {error}", program.display())),
    }
}

/// What a program prints, or why it failed.
fn output(program: impl AsRef<OsStr>, arguments: &[impl AsRef<OsStr>]) -> Result<String, String> {
    let output = Command::new(program.as_ref()).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("can't run {}: {error}", program.as_ref().to_string_lossy()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("{}\n{}", text(&output.stderr), text(&output.stdout)).trim().to_owned())
}
