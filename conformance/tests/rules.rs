//! Every constraint and rule of every request field: kept at its very edge it passes and is written as it was read, broken
//! alone it is reported alone, where its conditions hold and only there. And every field of every answer is read and kept.

#![allow(clippy::print_stdout)] // The counts are for whoever runs it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;

use mediajobs_codegen::model::{Constraints, Field, Literal, Severity};
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_conformance::synthesis::{self, Case, Expect};
use mediajobs_conformance::tree::write_json;
use mediajobs_conformance::{coverage, judge, meaning};
use mediajobs_runtime::validate::Violation;
use mediajobs_runtime::{Error, Limits};

/// What the typed code makes of a case that it should not; none where all is well.
fn fault(target: Target<'_>, case: &Case) -> Option<String> {
    let request = match synthesis::request(target, &case.request) {
        Ok(request) => request,
        Err(error) => return Some(format!("the request can't be made: {error}")),
    };
    let found = match target.entry.read_request(&request, Limits::DEFAULT) {
        Err(error) if error.reason().starts_with("missing") => {
            let expected =
                Expect::Refused { rule: "required".to_owned(), path: error.path(), severity: Severity::Error };
            return (case.expect != expected).then(|| format!("{error}"));
        }
        Err(error) => return Some(format!("it can't be read: {error}")),
        Ok(typed) => {
            if case.expect == Expect::Accepted {
                let region = target.service.regions.keys().next().cloned().unwrap_or_default();
                let known = target.entry.service().settings.iter();
                let settings = known.map(|known| (known.name, setting(target, known.name))).collect();
                let written = typed.prepare(&judge::fixed(region, settings)).map_err(|error| error.to_string());
                match written.and_then(|ours| judge::request_differences(target, &request, &ours)) {
                    Ok(differences) if differences.is_empty() => {}
                    Ok(differences) => return Some(format!("written otherwise: {}", differences.join("; "))),
                    Err(error) => return Some(format!("it can't be written: {error}")),
                }
            }
            typed.validate()
        }
    };
    let errors: Vec<&Violation> = found.errors().collect();
    let is = |violation: &Violation, rule: &str, path: &str| violation.rule == rule && violation.path == path;
    let told = |doc: &str| {
        let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
        found.iter().filter(move |violation| violation.explanation == Some(doc.as_str()))
    };
    let holds = match &case.expect {
        Expect::Accepted => errors.is_empty(),
        Expect::Told { rule, path, doc } => told(doc).any(|violation| is(violation, rule, path)),
        Expect::Untold { doc } => told(doc).next().is_none(),
        Expect::Refused { rule, path, severity: Severity::Error } => {
            matches!(errors.as_slice(), [only] if is(only, rule, path))
        }
        Expect::Refused { rule, path, severity: Severity::Warning } => {
            let warnings: Vec<&Violation> = found.warnings().collect();
            errors.is_empty() && matches!(warnings.as_slice(), [only] if is(only, rule, path))
        }
    };
    (!holds).then(|| format!("found {}", if found.is_empty() { "nothing".to_owned() } else { found.to_string() }))
}

/// The spec's example of a setting.
fn setting(target: Target<'_>, name: &str) -> String {
    let known = target.service.settings.iter().find(|setting| setting.name == name);
    known.and_then(|setting| setting.example.clone()).unwrap_or_default()
}

/// Whether the request itself states something that can be broken.
fn states_rules(target: Target<'_>) -> bool {
    let none = Constraints::default();
    target.service.record(target.operation.request).is_some_and(|request| {
        let is_held = |field: &Field| {
            field.constant.is_none() && (field.required || field.constraints != none || field.item_constraints != none)
        };
        !request.rules.is_empty() || request.fields.iter().any(is_held)
    })
}

#[test]
fn every_rule_is_held() {
    let suite = Suite::load().expect("the specs");
    let mut faults = String::new();
    let mut untested = String::from(
        "# Rules that no request was made for, with the reason. Kept by the suite; to bring it up to date:\n\
         #   UPDATE=1 cargo test -p mediajobs-conformance --test rules\n",
    );
    let (mut broken, mut tested) = (0, synthesis::Tested::default());
    for target in suite.targets().expect("operations") {
        let name = format!("{} {}", target.service.name, target.operation.name);
        let made = synthesis::cases(target, &mut tested);
        let count = |is: fn(&Expect) -> bool| made.cases.iter().filter(|case| is(&case.expect)).count();
        println!(
            "{name}: {} rules are broken in {} requests, kept in {}, at the edges of conditions in {}; {} are not tested",
            made.broken,
            count(|expect| matches!(expect, Expect::Refused { .. })),
            count(|expect| *expect == Expect::Accepted),
            count(|expect| matches!(expect, Expect::Told { .. } | Expect::Untold { .. })),
            made.untested.len()
        );
        // Some operations have no documented limit and nothing that is required.
        assert!(made.broken > 0 || !states_rules(target), "{name}: no rule was tested");
        broken += made.broken;
        for case in &made.cases {
            if let Some(fault) = fault(target, case) {
                let Case { place, what, expect, request } = case;
                let request = write_json(&synthesis::literal_tree(request));
                let _ = writeln!(faults, "{name}: {place}: {what}: expected {expect:?}, {fault}\n    {request}");
            }
        }
        for rule in &made.untested {
            let _ = writeln!(untested, "{name}: {}: {}: {}", rule.place, rule.what, rule.reason);
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(broken > 0, "no rule was tested");
    let file = repository().join("conformance/untested-rules.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &untested).expect("the file can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        kept,
        untested,
        "{} is stale: run `UPDATE=1 cargo test -p mediajobs-conformance --test rules`",
        file.display()
    );
}

/// What a client is told once is held to its constraints too.
#[test]
fn every_constraint_of_settings_is_held() {
    let suite = Suite::load().expect("the specs");
    let mut faults = Vec::new();
    for service in &suite.model.services {
        let cases = synthesis::setting_cases(service);
        println!("{}: {} values of settings", service.name, cases.len());
        assert!(service.settings.is_empty() || cases.iter().any(|case| !case.accepted), "{}", service.name);
        let Some(operation) = service.operations.first() else { continue };
        let target = suite.find(&service.name, &operation.name).expect("an operation");
        let example = synthesis::request(target, &Literal::Table(operation.example.clone())).expect("a request");
        let typed = target.entry.read_request(&example, Limits::DEFAULT).expect("the spec's example");
        for case in cases {
            let known = target.entry.service().settings.iter().find(|known| known.name == case.setting);
            let region = service.regions.keys().next().cloned().unwrap_or_default();
            let options =
                judge::fixed(region, known.map(|known| (known.name, case.value.clone())).into_iter().collect());
            let accepted = match typed.prepare(&options) {
                Ok(_) => true,
                Err(Error::Configuration(_)) => false,
                Err(error) => panic!("{case:?}: {error}"),
            };
            if accepted != case.accepted {
                faults.push(format!("{}: {case:?}", service.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Nothing of an answer is lost that has all fields of the spec.
#[test]
fn every_field_of_answers_is_read() {
    let suite = Suite::load().expect("the specs");
    let mut faults = Vec::new();
    let mut read = HashSet::new();
    for target in suite.targets().expect("operations") {
        let name = format!("{} {}", target.service.name, target.operation.name);
        let status = target.operation.statuses.first().copied().unwrap_or(200);
        let bodies = synthesis::answers(target);
        println!("{name}: {} answers", bodies.len());
        for (index, body) in bodies.into_iter().enumerate() {
            // Many operations answer alike, e.g. about a job, by the same code: each reads one of those answers.
            if !read.insert((target.service.name.clone(), body.clone())) && index > 0 {
                continue;
            }
            let answer =
                http::Response::builder().status(status).body(bytes::Bytes::from(body.clone())).expect("an answer");
            let found = match target.entry.read_response(&answer, Limits::DEFAULT) {
                Err(error) => vec![error.to_string()],
                Ok(typed) => match typed.to_body() {
                    Err(error) => vec![error.to_string()],
                    Ok(ours) => judge::answer_differences(target, &answer, &ours),
                },
            };
            let said = meaning::answer(target.service, target.operation, body.as_bytes(), false).expect("an answer");
            let all = coverage::paths(target.service, target.operation.response);
            let missing = all.iter().filter(|path| !said.occurring.contains(path) && !path.contains('('));
            faults.extend(missing.map(|path| format!("{name}: {path} is in no answer")));
            faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Nothing of a callback is lost that has all fields of the spec, in whatever notation.
#[test]
fn every_field_of_callbacks_is_read() {
    let suite = Suite::load().expect("the specs");
    let mut faults = Vec::new();
    for target in suite.callbacks().expect("callbacks") {
        let name = format!("{} {}", target.service.name, target.callback.name);
        for body in synthesis::messages(target) {
            let found = judge::message_differences(target, body.as_bytes());
            faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
            let (_, said) =
                meaning::message(target.service, target.callback, body.as_bytes(), false).expect("a message");
            let all = coverage::paths(target.service, target.callback.message);
            let missing = all.iter().filter(|path| !said.occurring.contains(path) && !path.contains('('));
            faults.extend(missing.map(|path| format!("{name}: {path} is in no message")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
