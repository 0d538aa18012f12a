//! Bad specs and what is said about each: `ui/<code>[-variant].toml` beside `ui/<code>[-variant].txt`.
//!
//! A fixture is one operation file; a good `service.toml` is put beside it. Lines that begin with `#-` say otherwise:
//!
//! - `#- service: rpc` or `rest-xml` takes the service of another protocol (`fixtures/service-<protocol>.toml`);
//! - `#- file: <path>` begins a file of that path in the folder of specs.
//!
//! `UPDATE=1 cargo test -p mediajobs-codegen --test ui` writes the texts anew; read the difference before you keep it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mediajobs_codegen::{Severity, SourceFile, Style, check, codes, render};

const OPERATION: &str = "demo/operations/thing.toml";
const SERVICE: &str = "demo/service.toml";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the files in `ui` that end in something.
fn names(ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder("ui")).expect("the folder of fixtures is there");
    let names =
        entries.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("names are text"));
    names.filter_map(|name| Some(name.strip_suffix(ending)?.to_owned())).collect()
}

/// The files of a fixture.
fn files(name: &str) -> Vec<SourceFile> {
    let text = read(&folder("ui").join(format!("{name}.toml")));
    let mut service = "service".to_owned();
    let mut files: Vec<SourceFile> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(protocol) = line.strip_prefix("#- service: ") {
            service = format!("service-{}", protocol.trim());
        } else if let Some(path) = line.strip_prefix("#- file: ") {
            files.push(SourceFile { path: path.trim().to_owned(), text: String::new() });
        } else {
            if files.is_empty() {
                files.push(SourceFile { path: OPERATION.to_owned(), text: String::new() });
            }
            if let Some(file) = files.last_mut() {
                file.text.push_str(line);
            }
        }
    }
    if files.iter().any(|file| file.path.starts_with("demo/")) && !files.iter().any(|file| file.path == SERVICE) {
        let text = read(&folder("fixtures").join(format!("{service}.toml")));
        files.push(SourceFile { path: SERVICE.to_owned(), text });
    }
    // `none` leaves the service away.
    files.retain(|file| !file.text.trim().eq("#- none"));
    files
}

/// What is said about a fixture, and the codes of it.
fn say(files: &[SourceFile]) -> (String, Vec<&'static str>) {
    let checked = check(files);
    let failed = checked.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(checked.model.is_none(), failed);
    let codes = checked.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    (render(&checked.diagnostics, files, Style::Plain), codes)
}

/// The longest code that a fixture's name begins with.
fn code_of(name: &str) -> Option<&'static str> {
    let codes = codes::ERRORS.iter().chain(codes::WARNINGS);
    codes.filter(|code| name == **code || name.starts_with(&format!("{code}-"))).max_by_key(|code| code.len()).copied()
}

#[test]
fn fixtures() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for name in names(".toml") {
        let (text, codes) = say(&files(&name));
        match code_of(&name) {
            Some(code) if !codes.contains(&code) => wrong.push(format!("{name}: it does not show its code:\n{text}")),
            Some(code) if codes.iter().any(|other| *other != code) => {
                wrong.push(format!("{name}: it shows more than its code:\n{text}"));
            }
            None if !name.starts_with("many") => wrong.push(format!("{name}: its name begins with no code")),
            _ => {}
        }
        let path = folder("ui").join(format!("{name}.txt"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if update {
            fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        } else if expected != text {
            wrong.push(format!("{name}: expected\n{expected}\nfound\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_text_has_its_fixture() {
    let orphans: Vec<String> = names(".txt").difference(&names(".toml")).cloned().collect();
    assert!(orphans.is_empty(), "texts without a fixture: {orphans:?}");
}

#[test]
fn every_code_has_a_fixture() {
    let shown: BTreeSet<&str> = names(".toml").iter().filter_map(|name| code_of(name)).collect();
    // A file of 5 MB is not worth keeping.
    let large = SourceFile { path: OPERATION.to_owned(), text: "#".repeat(5 << 20) };
    assert!(check(&[large]).diagnostics.iter().any(|diagnostic| diagnostic.code == "toml-too-large"));
    let codes = codes::ERRORS.iter().chain(codes::WARNINGS).filter(|code| **code != "toml-too-large");
    let missing: Vec<&&str> = codes.filter(|code| !shown.contains(**code)).collect();
    assert!(missing.is_empty(), "codes without a fixture: {missing:?}");
}

#[test]
fn the_order_of_files_is_no_matter() {
    for name in names(".toml") {
        let mut files = files(&name);
        let forwards = check(&files).diagnostics;
        files.reverse();
        assert_eq!(forwards, check(&files).diagnostics, "{name}");
    }
}
