//! Examples of a file, of a folder laid out as `<service>/<operation>/<case>`, or of any other folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::raw::{self, Message};
use super::{Example, read};
use crate::problem::Problem;

/// Every example at a path: of a file, or of a folder and the folders in it. A case may have a `.toml` and a `.http` file.
///
/// All problems of all files are given; examples with problems are left out.
pub fn load(path: &Path) -> (Vec<Example>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut cases = BTreeSet::new();
    find(path, &mut cases, &mut problems);
    let mut examples = Vec::new();
    for case in &cases {
        let before = problems.len();
        let example = one(case, &mut problems);
        if problems.len() == before {
            examples.push(example);
        }
    }
    if cases.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file(path, "there is no example here: no file ends in .toml or .http"));
    }
    (examples, problems)
}

/// Collects the paths of cases, without the end of their files.
fn find(path: &Path, cases: &mut BTreeSet<PathBuf>, problems: &mut Vec<Problem>) {
    if path.is_dir() {
        match fs::read_dir(path) {
            Ok(entries) => {
                let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
                paths.sort();
                for path in paths {
                    if path.is_dir() || is_example(&path) {
                        find(&path, cases, problems);
                    }
                }
            }
            Err(error) => problems.push(Problem::of_file(path, error.to_string())),
        }
    } else if !path.exists() {
        problems.push(Problem::of_file(path, "there is no such file or folder"));
    } else if is_example(path) {
        cases.insert(path.with_extension(""));
    } else {
        problems.push(Problem::of_file(path, "the name of an example ends in .toml or .http"));
    }
}

fn is_example(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    matches!(end, Some("toml" | "http")) && path.file_name().is_none_or(|name| name != "Cargo.toml")
}

fn with_end(case: &Path, end: &str) -> PathBuf {
    let mut name = case.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn one(case: &Path, problems: &mut Vec<Problem>) -> Example {
    let (toml, http) = (with_end(case, ".toml"), with_end(case, ".http"));
    let mut example = if toml.exists() {
        let text = fs::read_to_string(&toml).unwrap_or_else(|error| {
            problems.push(Problem::of_file(&toml, error.to_string()));
            String::new()
        });
        read::read(&toml, &text, problems)
    } else {
        let mut unused = Vec::new();
        read::read(&http, "", &mut unused)
    };
    if http.exists() {
        add_message(&http, &mut example, problems);
    }
    name(case, &mut example);
    complain(&mut example, problems);
    example
}

fn add_message(http: &Path, example: &mut Example, problems: &mut Vec<Problem>) {
    let message = fs::read(http).map_err(|error| (1, error.to_string())).and_then(|bytes| raw::read(&bytes));
    let twice = |what| Problem::of_file(http, format!("the {what} is in this file and in the .toml file"));
    match message {
        Ok(Message::Request(_)) if example.request.is_some() => problems.push(twice("request")),
        Ok(Message::Response(_)) if example.response.is_some() => problems.push(twice("answer")),
        Ok(Message::Request(request)) => example.request = Some(request),
        Ok(Message::Response(response)) => example.response = Some(response),
        Err((line, message)) => {
            problems.push(Problem { file: http.to_owned(), line: Some(line), message });
        }
    }
}

/// Completes the names by those of the folders.
fn name(case: &Path, example: &mut Example) {
    let text = |name: Option<&std::ffi::OsStr>| name.map(|name| name.to_string_lossy().into_owned());
    let folder = case.parent();
    let operation = text(folder.and_then(Path::file_name));
    let service = text(folder.and_then(Path::parent).and_then(Path::file_name));
    example.case = text(case.file_name()).unwrap_or_default();
    if example.service.is_empty() {
        example.service = service.unwrap_or_default();
    }
    if example.operation.is_empty() {
        example.operation = operation.unwrap_or_default();
    }
}

fn complain(example: &mut Example, problems: &mut Vec<Problem>) {
    let mut problem = |message: &str| problems.push(Problem::of_file(&example.file, message));
    let exchanged = example.request.is_some() || example.response.is_some();
    match (exchanged, example.callback.is_some()) {
        (false, false) => {
            problem("there is neither [request] nor [response] nor [callback], nor a .http file of this name")
        }
        (true, true) => problem("a callback is neither request nor answer: give it an example of its own"),
        _ => {}
    }
    if example.operation == "*" && example.request.is_some() {
        problem("a request is one of some operation: `operation = \"*\"` goes with answers only");
    }
    if example.request.is_none() && (!example.refused.is_empty() || example.fragment) {
        problem("`expect` and `fragment` are about a request, and there is none");
    }
}
