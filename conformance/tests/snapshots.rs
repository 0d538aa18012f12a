//! The exact bytes of our requests under a fixed time, nonce and key, and what the clients make of the answers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use bytes::Bytes;
use mediajobs_conformance::example::{self, Example};
use mediajobs_conformance::judge;
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_runtime::Limits;

fn message(request: &http::Request<Bytes>) -> String {
    let mut out = format!("{} {}\n", request.method(), request.uri());
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort();
    for header in headers {
        let _ = writeln!(out, "{header}");
    }
    if !request.body().is_empty() {
        let _ = write!(out, "\n{}", String::from_utf8_lossy(request.body()));
    }
    out.trim_end().to_owned()
}

fn snapshot(target: Target<'_>, example: &Example) -> String {
    let mut out = String::new();
    if let Some(request) = judge::http_request(target, example).expect("a request") {
        let _ = match target.entry.read_request(&request, Limits::DEFAULT) {
            Ok(typed) => match judge::prepare(target, example, &*typed) {
                Ok(ours) => writeln!(out, "{}", message(&ours)),
                Err(error) => writeln!(out, "{error}"),
            },
            Err(error) => writeln!(out, "{error}"),
        };
    }
    if let Some(response) = judge::http_response(target, example).expect("an answer") {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = match target.entry.read_response(&response, Limits::DEFAULT) {
            Ok(answer) => writeln!(out, "answer, request id {:?}\n{answer:#?}", answer.request_id()),
            Err(error) => {
                let retry = if error.is_retryable() { "may be sent again" } else { "not to be sent again" };
                writeln!(out, "{error}\n{}, {retry}", judge::kind_name(&error))
            }
        };
    }
    out
}

#[test]
fn requests_and_answers() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let mut names = BTreeSet::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    for example in examples.iter().filter(|example| example.unchecked.is_none()) {
        let name = judge::name(&suite, example).replace('/', "__");
        let text = match &example.callback {
            Some(body) => {
                let target = suite.find_callback(&example.service, &example.operation).expect("a callback");
                let message = target.entry.parse(body, Limits::DEFAULT).expect("a message");
                format!("message\n{message:#?}\n")
            }
            None => match judge::targets(&suite, example).expect("an operation").first() {
                Some(target) => snapshot(*target, example),
                None => continue,
            },
        };
        insta::assert_snapshot!(name.clone(), text);
        names.insert(format!("{name}.snap"));
    }
    let folder = repository().join("conformance/tests/snapshots");
    let files = fs::read_dir(&folder).expect("the snapshots").flatten();
    let files: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let stray: Vec<&String> = files.iter().filter(|file| !names.contains(*file)).collect();
    assert!(stray.is_empty(), "no example has these snapshots any more, delete them: {stray:?}");
}
