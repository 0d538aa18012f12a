//! The count of examples of every field is the one that the repository keeps.

#![allow(clippy::print_stdout)] // The counts are for whoever runs it.

use std::fs;

use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_conformance::{coverage, example};

#[test]
fn coverage_is_kept() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let counted = coverage::count(&suite, &examples).expect("examples");
    let text = coverage::render(&counted);
    for line in text.lines().filter(|line| line.contains("request fields")) {
        println!("{}", line.trim_start_matches("# "));
    }
    let file = repository().join("conformance/coverage.toml");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &text).expect("the file can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let update = "run `UPDATE=1 cargo test -p mediajobs-conformance --test coverage`";
    let kept_counts: toml::Table = kept.parse().unwrap_or_default();
    let mut fallen = Vec::new();
    for of in &counted {
        for (part, fields) in [("request", &of.request), ("response", &of.response)] {
            for (name, count) in fields {
                let before = kept_counts.get(&of.service).and_then(|of_service| of_service.get(&of.operation));
                let before = before.and_then(|operation| operation.get(part)?.get(name)?.as_integer()).unwrap_or(0);
                if i64::try_from(*count).is_ok_and(|count| count < before) {
                    fallen.push(format!("{} {} {part} {name}: {before} before, {count} now", of.service, of.operation));
                }
            }
        }
    }
    assert!(
        fallen.is_empty(),
        "fields occur in fewer examples than before; if that is meant, {update}:\n{}",
        fallen.join("\n")
    );
    assert_eq!(kept, text, "{} is stale: {update}", file.display());
}
