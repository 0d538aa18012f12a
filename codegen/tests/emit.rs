//! What is written for small specs, one idea each: `emit/<idea>.toml` beside `emit/<idea>.snap`.
//!
//! A fixture is one operation file; `fixtures/service.toml` is put beside it. Lines that begin with `#-` say otherwise:
//! `#- service: rpc` or `rest-xml` takes the service of another protocol, `#- file: <path>` begins another file; below
//! `examples/` it is a documented answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mediajobs_codegen::emit::{Options, emit};
use mediajobs_codegen::model::Model;
use mediajobs_codegen::{SourceFile, Style, check, examples, render};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder("emit")).expect("the folder of fixtures is there");
    let names =
        entries.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("names are text"));
    let mut names: Vec<String> = names.filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned())).collect();
    names.sort();
    names
}

fn fixture(name: &str) -> Vec<SourceFile> {
    let mut service = "service".to_owned();
    let mut files = vec![SourceFile { path: "demo/operations/do.toml".to_owned(), text: String::new() }];
    for line in read(&folder("emit").join(format!("{name}.toml"))).split_inclusive('\n') {
        if let Some(protocol) = line.strip_prefix("#- service: ") {
            service = format!("service-{}", protocol.trim());
        } else if let Some(path) = line.strip_prefix("#- file: ") {
            files.push(SourceFile { path: path.trim().to_owned(), text: String::new() });
        } else if let Some(file) = files.last_mut() {
            file.text.push_str(line);
        }
    }
    let text = read(&folder("fixtures").join(format!("{service}.toml")));
    files.push(SourceFile { path: "demo/service.toml".to_owned(), text });
    files
}

/// The files of a fixture's crate.
fn written(name: &str, options: Options) -> BTreeMap<String, String> {
    let (mut examples, mut specs) = (Vec::new(), Vec::new());
    for mut file in fixture(name) {
        match file.path.strip_prefix("examples/").map(str::to_owned) {
            Some(path) => {
                file.path = path;
                examples.push(file);
            }
            None => specs.push(file),
        }
    }
    let model = model(&specs);
    let read = examples::read(&examples, &model);
    let problems = render(&read.diagnostics, &examples, Style::Plain);
    assert!(problems.is_empty(), "{problems}");
    emit(&model, &options.examples(read.examples))
}

/// The model of specs that are free of errors and warnings.
fn model(files: &[SourceFile]) -> Model {
    let checked = check(files);
    let problems = render(&checked.diagnostics, files, Style::Plain);
    assert!(problems.is_empty(), "{problems}");
    checked.model.expect("specs without problems have a model")
}

#[test]
fn fixtures_give_what_was_reviewed() {
    for name in names() {
        let files = written(&name, Options::new());
        let has_resources = fixture(&name).iter().any(|file| file.path.starts_with("demo/resources/"));
        let mut text = files["demo/src/operations/do_it.rs"].clone();
        let others = files.iter().filter(|(path, _)| {
            has_resources && *path == "demo/src/server/mod.rs"
                || ["callbacks", "examples"].iter().any(|folder| path.starts_with(&format!("demo/src/{folder}/")))
        });
        others.for_each(|(path, file)| text.push_str(&format!("\n===== {path}\n{file}")));
        insta::with_settings!({ snapshot_path => "emit", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn every_snapshot_has_its_fixture() {
    let entries = fs::read_dir(folder("emit")).expect("the folder of fixtures is there");
    let known: BTreeSet<String> = names().into_iter().collect();
    for entry in entries {
        let name = entry.expect("it can be listed").file_name().into_string().expect("names are text");
        let stem = name.split('.').next().unwrap_or_default();
        assert!(known.contains(stem), "{name} belongs to no fixture");
    }
}

/// The manifest, the manual and the facts of one service.
#[test]
fn a_whole_crate() {
    let files = emit(&model(&fixture("job")), &Options::new().runtime_path("/elsewhere/runtime"));
    let paths: Vec<&String> = files.keys().collect();
    let mut text = format!("{paths:#?}\n");
    for path in [
        "Cargo.toml",
        "README.md",
        "src/lib.rs",
        "src/service.rs",
        "src/server/mod.rs",
        "src/server/schema.rs",
        "src/operations/mod.rs",
    ] {
        text.push_str(&format!("===== {path}\n{}", files[&format!("demo/{path}")]));
    }
    insta::with_settings!({ snapshot_path => "emit", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("job.crate", text);
    });
}

#[test]
fn the_order_of_files_changes_nothing() {
    let mut files = obstacle_course();
    let expected = emit(&model(&files), &Options::new());
    for _ in 0..files.len() {
        files.rotate_left(1);
        assert_eq!(emit(&model(&files), &Options::new()), expected);
    }
    files.reverse();
    assert_eq!(emit(&model(&files), &Options::new()), expected);
}

fn obstacle_course() -> Vec<SourceFile> {
    let mut files = Vec::new();
    walk(&folder("obstacle-course"), "", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("the obstacle course is there") {
        let path = entry.expect("it can be listed").path();
        let name = format!("{prefix}{}", path.file_name().and_then(|name| name.to_str()).expect("names are text"));
        if path.is_dir() {
            walk(&path, &format!("{name}/"), files);
        } else {
            files.push(SourceFile { path: name, text: read(&path) });
        }
    }
}

/// Names that get in the way of Rust, of the standard library, of the runtime and of generated code: it compiles
/// without warnings, in all combinations of features, and so do its documentation and its examples. So do all fixtures.
#[test]
fn the_obstacle_course_compiles() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let out = target.join("emit");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in a workspace");
    let options = Options::new().runtime_path(workspace.join("runtime").to_string_lossy());
    let mut crates: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    crates.insert("obstacle-course".to_owned(), emit(&model(&obstacle_course()), &options));
    for name in names() {
        crates.insert(name.clone(), written(&name, options.clone()));
    }
    // What an earlier run left must not be built.
    let _ = fs::remove_dir_all(&out);
    let mut members = Vec::new();
    for (name, files) in &crates {
        for (path, text) in files {
            let inside = path.split_once('/').expect("a path begins with a service").1;
            let path = out.join(name).join(inside);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders can be made");
            // Crates of one workspace have names of their own, and a warning is a failure here.
            let text = match inside {
                "Cargo.toml" => text
                    .replace("name = \"mediajobs-demo\"", &format!("name = \"mediajobs-{name}\""))
                    .replace("[lints.rust]\n", "[lints.rust]\nwarnings = \"deny\"\n"),
                _ => text.replace("mediajobs_demo", &format!("mediajobs_{}", name.replace('-', "_"))),
            };
            fs::write(path, text).expect("files can be written");
        }
        members.push(format!("{name:?}"));
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(out.join("Cargo.toml"), manifest).expect("files can be written");
    fs::copy(workspace.join("Cargo.lock"), out.join("Cargo.lock")).expect("the workspace has a lock file");
    let build = target.parent().expect("it is in the target folder");
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).args(["--offline", "--quiet", "--workspace", "--no-default-features"]);
        command.current_dir(&out).env("CARGO_TARGET_DIR", build).env("RUSTDOCFLAGS", "-D warnings");
        let output = command.output().expect("cargo can be run");
        assert!(output.status.success(), "cargo {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    };
    cargo(&["check"]);
    cargo(&["check", "--features", "serde"]);
    cargo(&["check", "--features", "server"]);
    cargo(&["check", "--features", "testing"]);
    cargo(&["clippy", "--features", "testing,serde"]);
    cargo(&["doc", "--no-deps", "--features", "testing"]);
    cargo(&["test", "--doc", "--features", "server"]);
    let formatted = Command::new(env!("CARGO")).args(["fmt", "--check"]).current_dir(out.join("enum")).output();
    assert!(formatted.is_ok_and(|output| output.status.success()), "`cargo fmt` would change a generated crate");
}
