//! Every entry of the lists of contradictions still holds.

#![allow(clippy::print_stdout)] // The counts are for whoever runs it.

use std::fs;

use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_conformance::{contradictions, example};

#[test]
fn every_entry_holds() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let folder = repository().join("conformance/contradictions");
    let specs = repository().join("specs");
    let mut faults = Vec::new();
    for service in &suite.model.services {
        let file = folder.join(format!("{}.toml", service.name));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let report = contradictions::check(&suite, &examples, &specs, &service.name, &text);
        println!("{}: {} entries checked, {} with a note", service.name, report.checked, report.notes);
        assert!(report.checked > 0 || !report.faults.is_empty(), "{}: nothing was checked", service.name);
        faults.extend(report.faults.iter().map(|fault| format!("{}: {fault}", service.name)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// An entry that no longer holds is noticed, whatever it lacks.
#[test]
fn stale_entries_are_noticed() {
    let suite = Suite::load().expect("the specs");
    let specs = repository().join("specs");
    for (entry, part) in [
        ("spec = { file = \"service.toml\", path = \"hosts.none\" }", "no `hosts.none` any more"),
        (
            "spec = { file = \"service.toml\", path = \"\", expect = { title = \"x\" } }",
            "expected title = \"x\", found",
        ),
        ("spec = { file = \"none.toml\", path = \"\" }", "none.toml"),
        ("example = \"none/none\"\nshows = \"x\"", "there is no example alibaba-ice/none/none"),
        ("note = \"x\"\nspec = { file = \"service.toml\", path = \"\" }", "exactly one of"),
        ("nots = \"x\"", "`nots` is not known"),
    ] {
        let text =
            format!("[[contradiction]]\nnumber = \"1\"\nwhere = \"w\"\nwhat = \"x\"\ndecision = \"d\"\n{entry}\n");
        let report = contradictions::check(&suite, &[], &specs, "alibaba-ice", &text);
        assert!(report.faults.iter().any(|fault| fault.contains(part)), "{entry}: {:?}", report.faults);
    }
}
