//! Every constraint and rule of every request field: kept at its very edge it passes, broken alone it is reported alone.

#![allow(clippy::print_stdout)] // The counts are for whoever runs it.

use std::fmt::Write as _;
use std::fs;

use mediajobs_codegen::model::Severity;
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_conformance::synthesis::{self, Case, Expect};
use mediajobs_conformance::tree::write_json;
use mediajobs_runtime::Limits;
use mediajobs_runtime::validate::Violation;

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
        Ok(typed) => typed.validate(),
    };
    let errors: Vec<&Violation> = found.errors().collect();
    let is = |violation: &Violation, rule: &str, path: &str| violation.rule == rule && violation.path == path;
    let holds = match &case.expect {
        Expect::Accepted => errors.is_empty(),
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

#[test]
fn every_rule_is_held() {
    let suite = Suite::load().expect("the specs");
    let mut faults = String::new();
    let mut untested = String::from(
        "# Rules that no request was made for, with the reason. Kept by the suite; to bring it up to date:\n\
         #   UPDATE=1 cargo test -p mediajobs-conformance --test rules\n",
    );
    for target in suite.targets().expect("operations") {
        let name = format!("{} {}", target.service.name, target.operation.name);
        let made = synthesis::cases(target);
        let kept = made.cases.iter().filter(|case| case.expect == Expect::Accepted).count();
        println!(
            "{name}: {} rules are broken in {} requests, kept in {kept}; {} are not tested",
            made.broken,
            made.cases.len() - kept,
            made.untested.len()
        );
        assert!(made.broken > 0 && kept > 0, "{name}: no rule was tested");
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
