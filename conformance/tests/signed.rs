//! Signed requests for programs in other languages: all operations, and the same random ones for the same seed.

use std::collections::BTreeSet;

use mediajobs_conformance::example::{self, Example};
use mediajobs_conformance::signed::{documented, random};
use mediajobs_conformance::suite::{Suite, repository};

fn loaded() -> (Suite, Vec<Example>) {
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    (Suite::load().expect("the specs"), examples)
}

#[test]
fn every_operation_is_sent_as_documented() {
    let (suite, examples) = loaded();
    let (requests, left_out) = documented(&suite, &examples).expect("requests");
    let sent: BTreeSet<_> = requests.iter().map(|request| (&request.service, &request.operation)).collect();
    let targets = suite.targets().expect("the operations");
    let missing = targets.iter().map(|target| (&target.service.name, &target.operation.name));
    let missing: Vec<_> = missing.filter(|named| !sent.contains(named)).collect();
    assert_eq!(missing, []);
    assert_eq!(requests.len() + left_out.len(), examples.iter().filter(|example| example.request.is_some()).count());
}

#[test]
fn chance_is_the_seeds() {
    let (suite, examples) = loaded();
    let once = random(&suite, &examples, 7, 90).expect("requests");
    assert_eq!(once, random(&suite, &examples, 7, 90).expect("requests"));
    assert_ne!(once, random(&suite, &examples, 8, 90).expect("requests"));
    let of = |service: &str| once.iter().filter(|request| request.service == service).count();
    assert_eq!((of("alibaba-ice"), of("huawei-vas"), of("tencent-ci")), (30, 30, 30));
    let secrets: BTreeSet<_> = once.iter().map(|request| &request.key.secret).collect();
    assert_eq!(secrets.len(), 90);
    assert!(once.iter().any(|request| request.key.token.is_some()));
    let is_awkward = |text: &str| text.contains("%2F") || text.contains("%F0%9F%98%80") || !text.is_ascii();
    let awkward =
        once.iter().filter(|request| is_awkward(&request.request.target) || is_awkward(&request.request.body));
    assert!(awkward.count() > 20);
}
