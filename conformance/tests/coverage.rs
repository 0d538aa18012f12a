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
    let (covered, all) = counted.figure();
    println!("{covered} of {all} fields occur in an example");
    let file = repository().join("conformance/coverage.toml");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &text).expect("the file can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let update = "run `UPDATE=1 cargo test -p mediajobs-conformance --test coverage`";
    let kept_counts: toml::Table = kept.parse().unwrap_or_default();
    let mut fallen = Vec::new();
    for (table, fields) in &counted.tables {
        let kept_table = table.split('.').try_fold(&kept_counts, |table, name| table.get(name)?.as_table());
        for (name, count) in fields {
            let before = kept_table.and_then(|table| table.get(name)?.as_integer()).unwrap_or(0);
            if i64::try_from(*count).is_ok_and(|count| count < before) {
                fallen.push(format!("{table} {name}: {before} before, {count} now"));
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
