//! Documented answers: what is read of a folder of examples, and what is said of one that is wrong.

use mediajobs_codegen::examples::{Answer, ReadExamples, read};
use mediajobs_codegen::model::Model;
use mediajobs_codegen::{SourceFile, Style, check, render};

const SERVICE: &str = include_str!("fixtures/service.toml");
const OPERATION: &str = "name = \"DoIt\"\nmethod = \"GET\"\neffect = \"read\"\nsummary = \"Does it.\"\nsource = \"https://example.com/do\"\n\n[response.id]\ntype = \"string\"\ndoc = \"The id.\"\n";
const GOOD: &str = "origin = \"documented\"\n[response]\nbody = \"{}\"\n";

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

fn model() -> Model {
    let files = [file("demo/service.toml", SERVICE), file("demo/operations/do.toml", OPERATION)];
    let checked = check(&files);
    let problems = render(&checked.diagnostics, &files, Style::Plain);
    checked.model.unwrap_or_else(|| panic!("{problems}"))
}

/// The answers of the one operation, and what is said of the files.
fn read_files(files: &[(&str, &str)]) -> (Vec<Answer>, String) {
    let files: Vec<SourceFile> = files.iter().map(|(path, text)| file(path, text)).collect();
    let found = read(&files, &model());
    let mut reversed = files.clone();
    reversed.reverse();
    assert_eq!(found, read(&reversed, &model()), "the order of files is no matter");
    let ReadExamples { examples, diagnostics } = found;
    (examples.of_operation("demo", "DoIt").to_vec(), render(&diagnostics, &files, Style::Plain))
}

#[test]
fn answers_are_read_and_sorted() {
    let wire = "HTTP/1.1 404 Not Found\r\nA: b: c\r\n\r\n{}\r\n";
    let (answers, said) = read_files(&[
        ("demo/do_it/b.toml", GOOD),
        ("demo/do_it/a.toml", &GOOD.replace("documented", "composed")),
        ("demo/do_it/c.http", wire),
        ("demo/do_it/c.toml", "origin = \"documented\"\nsource = \"https://example.com\"\n"),
        ("demo/do_it/d.toml", &GOOD.replace("[response]", "unchecked = \"why\"\n[response]")),
        ("demo/do_it/notes.md", "not an example"),
        ("demo/called/callback.toml", "origin = \"documented\"\n[callback]\nbody = \"{}\"\n"),
    ]);
    assert_eq!(said, "");
    let cases: Vec<(&str, &str, u16)> =
        answers.iter().map(|answer| (&*answer.case, &*answer.constant, answer.status)).collect();
    assert_eq!(cases, [("b", "B", 200), ("c", "C", 404), ("a", "A", 200)]);
    assert_eq!(
        (answers[1].headers.as_slice(), &*answers[1].body),
        (&[("A".to_owned(), "b: c".to_owned())][..], "{}\r\n")
    );
    assert!(answers[1].refusal && !answers[0].refusal && answers[2].composed);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let table = [
        ("demo/do_it/a.toml", "origin = ", "toml-syntax"),
        ("demo/do_it/a.toml", "\u{fffd}", "not-utf8"),
        ("demo/do_it/a.toml", "", "missing-key"),
        ("demo/do_it/a.toml", "[response]\nbody = \"{}\"\n", "missing-key"),
        ("demo/do_it/a.toml", "origin = \"made-up\"\n", "unknown-word"),
        ("demo/do_it/a.toml", "origin = \"documented\"\n[respons]\n", "unknown-key"),
        ("demo/do_it/a.toml", "origin = \"documented\"\n[response]\nbdy = \"\"\n", "unknown-key"),
        ("demo/do_it/a.toml", "origin = \"documented\"\nresponse = 1\n", "wrong-value-type"),
        ("demo/do_it/a.toml", "origin = \"documented\"\n[response]\nstatus = 20\n", "bad-status"),
        ("demo/do_it/a.toml", "origin = \"documented\"\n[response]\nheaders = { \"a b\" = \"\" }\n", "bad-header"),
        ("demo/do_it/a.toml", "origin = \"documented\"\n[response]\nheaders = { a = 1.5 }\n", "wrong-value-type"),
        ("demo/do_not/a.toml", GOOD, "bad-example"),
        ("dmo/do_it/a.toml", GOOD, "bad-example"),
        ("a.toml", GOOD, "bad-example"),
        ("demo/do_it/a.http", "HTTP/1.1 200 OK\n", "bad-example"),
        ("demo/do_it/a.http", "HTTP/1.1 OK\n\n", "bad-status"),
        ("demo/do_it/a.http", "HTTP/1.1 200 OK\nno header\n\n", "bad-header"),
        ("demo/do_it/a.http", "HTTP/1.1 200 OK\n\n\u{fffd}", "not-utf8"),
    ];
    for (path, text, code) in table {
        let (answers, said) = read_files(&[(path, text)]);
        assert!(said.contains(&format!("[{code}]")) && said.contains(path), "{text:?} should be {code}: {said}");
        assert_eq!(answers, [], "{text:?}");
    }
}

#[test]
fn one_answer_is_written_once() {
    let (answers, said) = read_files(&[
        ("demo/do_it/a.toml", GOOD),
        ("demo/do_it/a.http", "HTTP/1.1 200 OK\n\n{}"),
        ("demo/do_it/b-c.toml", GOOD),
        ("demo/do_it/b_c.toml", GOOD),
    ]);
    assert!(said.contains("the answer is in this file and in the `.toml` file"), "{said}");
    assert!(said.contains("two examples of this operation would be the constant `B_C`"), "{said}");
    assert_eq!(answers.len(), 1);
    let (_, said) = read_files(&[("demo/do_itt/a.toml", GOOD)]);
    assert!(said.contains("did you mean `do_it`?"), "{said}");
}
