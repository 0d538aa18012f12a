//! `spec check`: reads a folder of specs, checks it, and reports everything that is wrong.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use mediajobs_codegen::examples::{self, Examples};
use mediajobs_codegen::model::Model;
use mediajobs_codegen::{Diagnostic, Severity, SourceFile, Style, check, render};

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
            let callbacks: usize = model.services.iter().map(|service| service.callbacks.len()).sum();
            let resources: usize = model.services.iter().map(|service| service.resources.len()).sum();
            say(&format!(
                "{}, {}, {} and {} are fine",
                count(model.services.len(), "service"),
                count(operations, "operation"),
                count(callbacks, "callback"),
                count(resources, "resource")
            ));
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
    let (files, problems) = read(&folder)?;
    let mut checked = check(&files);
    let specs = files.iter().filter(|file| file.path.ends_with(".toml")).count();
    let found = report(&folder, files, &mut checked.diagnostics, &problems);
    let summary = format!("{found} in {}", count(specs, "spec file"));
    match checked.model.filter(|_| problems.is_empty()) {
        Some(model) => {
            if !checked.diagnostics.is_empty() {
                say(&summary);
            }
            Ok(model)
        }
        None => Err(summary),
    }
}

/// The documented answers of a folder of examples; diagnostics go to standard error, and a last line says what came of it.
pub(crate) fn examples(folder: &Path, model: &Model) -> Result<Examples, String> {
    if !folder.is_dir() {
        return Err(format!(
            "error: there is no folder {}: give the folder of examples with --examples",
            folder.display()
        ));
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    walk(folder, "", DEEPEST, &[".toml", ".http"], &mut files, &mut problems);
    problems.sort();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut read = examples::read(&files, model);
    let (failed, number) = (read.failed() || !problems.is_empty(), files.len());
    let found = report(folder, files, &mut read.diagnostics, &problems);
    if failed { Err(format!("{found} in {}", count(number, "file of examples"))) } else { Ok(read.examples) }
}

/// Tells of everything that is wrong with the files of a folder, and gives how much that is.
fn report(folder: &Path, files: Vec<SourceFile>, diagnostics: &mut [Diagnostic], problems: &[String]) -> String {
    let files = from_here(folder, files, diagnostics);
    let style =
        if io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none() { Style::Ansi } else { Style::Plain };
    let drawn = render(diagnostics, &files, style);
    if !drawn.is_empty() {
        say(drawn.trim_end());
        say("");
    }
    for problem in problems {
        say(problem);
    }
    let number = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let mut found = vec![count(number(Severity::Error) + problems.len(), "error")];
    if number(Severity::Warning) > 0 {
        found.push(count(number(Severity::Warning), "warning"));
    }
    found.join(" and ")
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    // What cargo says now goes before what it said when this was built: another checkout may use the same build folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&here);
    here.parent().unwrap_or(here).to_owned()
}

/// The files and the diagnostics by paths that can be opened from where the command was run.
fn from_here(folder: &Path, files: Vec<SourceFile>, diagnostics: &mut [Diagnostic]) -> Vec<SourceFile> {
    let folder = shown(folder);
    let path = |path: &str| folder.join(path).to_string_lossy().into_owned();
    for diagnostic in diagnostics {
        diagnostic.file = path(&diagnostic.file);
        diagnostic.labels.iter_mut().for_each(|label| label.file = path(&label.file));
    }
    files.into_iter().map(|file| SourceFile { path: path(&file.path), text: file.text }).collect()
}

/// A path as short as it can be from the current folder.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let Ok(here) = env::current_dir() else { return path.to_owned() };
    path.strip_prefix(here).ok().filter(|path| !path.as_os_str().is_empty()).unwrap_or(path).to_owned()
}

/// All files below a folder, sorted by path, and what could not be read. Hidden files and folders are not looked at.
fn read(folder: &Path) -> Result<(Vec<SourceFile>, Vec<String>), String> {
    if !folder.is_dir() {
        return Err(format!("error: there is no folder {}: give the folder of specs with --specs", folder.display()));
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    walk(folder, "", DEEPEST, &[".toml"], &mut files, &mut problems);
    if problems.is_empty() && !files.iter().any(|file| file.path.ends_with(".toml")) {
        return Err(format!("error: {} holds no specs: expected <service>/service.toml", folder.display()));
    }
    problems.sort();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((files, problems))
}

/// Collects what is below a folder. Of files of other ends, only the names matter.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    ends: &[&str],
    files: &mut Vec<SourceFile>,
    problems: &mut Vec<String>,
) {
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
                Some(depth) => walk(&path, &format!("{relative}/"), depth, ends, files, problems),
                None => problems.push(format!("error: {} is nested too deep", path.display())),
            }
        } else if ends.iter().any(|end| name.ends_with(end)) {
            match fs::read(&path) {
                // What is no UTF-8 is reported with everything else, at its place.
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    files.push(SourceFile { path: relative, text });
                }
                Err(error) => problems.push(format!("error: can't read {}: {error}", shown(&path).display())),
            }
        } else {
            files.push(SourceFile { path: relative, text: String::new() });
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
