//! `spec check`: reads a folder of specs, checks it, and reports everything that is wrong.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use mediajobs_codegen::model::Model;
use mediajobs_codegen::{Severity, SourceFile, Style, check, render};

/// Folders deeper than this are a loop of links, or no specs.
const DEEPEST: usize = 8;

#[derive(clap::Args)]
pub(crate) struct SpecFolder {
    /// The folder of specs; the workspace's own if left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
}

pub(crate) fn run(arguments: &SpecFolder) -> ExitCode {
    match model(arguments) {
        Ok(model) => {
            let operations: usize = model.services.iter().map(|service| service.operations.len()).sum();
            say(&format!("{} and {} are fine", count(model.services.len(), "service"), count(operations, "operation")));
            ExitCode::SUCCESS
        }
        Err(problem) => {
            say(&problem);
            ExitCode::FAILURE
        }
    }
}

/// The checked model; diagnostics go to standard error, and a last line says what came of it.
pub(crate) fn model(arguments: &SpecFolder) -> Result<Model, String> {
    let folder = arguments.specs.clone().unwrap_or_else(|| root().join("specs"));
    let files = read(&folder)?;
    let checked = check(&files);
    let style =
        if io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none() { Style::Ansi } else { Style::Plain };
    let drawn = render(&checked.diagnostics, &files, style);
    if !drawn.is_empty() {
        say(drawn.trim_end());
        say("");
    }
    let number = |severity| checked.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let mut found = vec![count(number(Severity::Error), "error")];
    if number(Severity::Warning) > 0 {
        found.push(count(number(Severity::Warning), "warning"));
    }
    let summary = format!("{} in {}", found.join(" and "), count(files.len(), "spec file"));
    match checked.model {
        Some(model) => {
            if !checked.diagnostics.is_empty() {
                say(&summary);
            }
            Ok(model)
        }
        None => Err(summary),
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// All `*.toml` below a folder, sorted by path. Hidden files and folders are not looked at.
fn read(folder: &Path) -> Result<Vec<SourceFile>, String> {
    if !folder.is_dir() {
        return Err(format!("error: there is no folder {}: give the folder of specs with --specs", folder.display()));
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    walk(folder, "", DEEPEST, &mut files, &mut problems);
    if files.is_empty() && problems.is_empty() {
        return Err(format!("error: {} holds no specs: expected <service>/service.toml", folder.display()));
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(problems.join("\n"));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<SourceFile>, problems: &mut Vec<String>) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) => return problems.push(format!("error: can't read the folder {}: {error}", folder.display())),
    };
    for entry in entries {
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            problems.push(format!("error: the name of {} is not UTF-8", path.display()));
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            match depth.checked_sub(1) {
                Some(depth) => walk(&path, &format!("{relative}/"), depth, files, problems),
                None => problems.push(format!("error: {} is nested too deep", path.display())),
            }
        } else if name.ends_with(".toml") {
            match fs::read(&path).map(String::from_utf8) {
                Ok(Ok(text)) => files.push(SourceFile { path: relative, text }),
                Ok(Err(error)) => {
                    let at = error.utf8_error().valid_up_to();
                    problems.push(format!("error: {} is not UTF-8 at byte {at}", path.display()));
                }
                Err(error) => problems.push(format!("error: can't read {}: {error}", path.display())),
            }
        }
    }
}

/// A number with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let mut text = format!("{number} {noun}");
    if number != 1 {
        let _ = text.write_char('s');
    }
    text
}

/// A line for whoever sits at the terminal.
pub(crate) fn say(line: &str) {
    // Where standard error is gone, there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}
