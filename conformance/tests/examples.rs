//! Every example of the repository holds.

use std::fs;
use std::path::Path;

use mediajobs_conformance::example;
use mediajobs_conformance::judge::{self, Outcome};
use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_runtime::Limits;

#[test]
fn every_example_holds() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    let mut faults: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let mut names: Vec<String> = Vec::new();
    for example in &examples {
        let verdict = judge::judge(&suite, example);
        if let Outcome::Failed(_) = verdict.outcome {
            faults.push(verdict.to_string());
        }
        if names.contains(&verdict.name) {
            faults.push(format!("two examples are called {}", verdict.name));
        }
        names.push(verdict.name);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for target in suite.targets().expect("operations") {
        let folder = format!("{}/{}/", target.service.name, target.operation.module);
        assert!(names.iter().any(|name| name.starts_with(&folder)), "{folder} has no example");
    }
    for target in suite.callbacks().expect("callbacks") {
        let folder = format!("{}/{}/", target.service.name, target.callback.module);
        assert!(names.iter().any(|name| name.starts_with(&folder)), "{folder} has no example");
    }
}

/// The examples of wire traces are the traces, to the byte.
#[test]
fn wire_traces_are_examples() {
    let wire = repository().join("conformance/wire");
    let examples = repository().join("conformance/examples");
    for (trace, example) in [
        ("ice-search-index-job-rerun", "alibaba-ice/search_index_job_rerun/sdk-wire"),
        ("ice-cancel-dna-job", "alibaba-ice/cancel_dna_job/sdk-wire"),
        ("ice-list-smart-jobs", "alibaba-ice/list_smart_jobs/sdk-wire"),
        ("ice-submit-dna-job", "alibaba-ice/submit_dna_job/sdk-wire"),
        ("vas-create-tasks", "huawei-vas/create_tasks/sdk-wire"),
        ("ci-smart-cover", "tencent-ci/submit_smart_cover_job/sdk-wire"),
        ("ci-smart-cover-inline-content-type", "tencent-ci/submit_smart_cover_job/sdk-wire-inline"),
    ] {
        let read = |folder: &Path, name: &str| fs::read(folder.join(format!("{name}.http"))).expect(name);
        assert_eq!(read(&wire, trace), read(&examples, example), "{trace}");
    }
}

/// An answer gives the request id that it holds, in a header or in its body.
#[test]
fn request_ids_are_given() {
    let suite = Suite::load().expect("the specs");
    let (examples, _) = example::load(&repository().join("conformance/examples"));
    let mut faults = Vec::new();
    for example in &examples {
        for target in judge::targets(&suite, example).expect("an operation") {
            let Ok(Some(response)) = judge::http_response(target, example) else { continue };
            let Ok(answer) = target.entry.read_response(&response, Limits::DEFAULT) else { continue };
            let documented = judge::documented_request_id(target.service, &response);
            if answer.request_id() != documented.as_deref() {
                let name = judge::name(&suite, example);
                faults.push(format!("{name}: documented {documented:?}, ours {:?}", answer.request_id()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
