//! The stand-in, asked with every documented request: it understands all of them, and clients understand what it says.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use mediajobs_conformance::example::{self, Example};
use mediajobs_conformance::judge;
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_mock::MockCloud;
use mediajobs_runtime::facts::{Effect, PagingInfo};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Credentials, Error, ErrorKind, Limits, Transport};

/// 2026-01-01T00:00:00Z, in seconds.
const START: u64 = 1_767_225_600;

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(START)
}

/// What the stand-in made of a request.
#[derive(Debug)]
enum Said {
    Answered,
    /// What the request names does not exist: nobody made it.
    NotFound,
    /// The request breaks a rule that its client would have told.
    Invalid,
    Other(String),
}

/// A documented request, sent as the client sends it, with keys and time of the stand-in; none where the example has no request
/// that can be sent.
async fn ask(transport: &impl Transport, target: Target<'_>, example: &Example, nonce: usize) -> Option<Said> {
    let request = judge::http_request(target, example).expect("a request")?;
    let typed = target.entry.read_request(&request, Limits::DEFAULT).ok()?;
    let mut options = judge::options(target, example);
    options.settings.retain(|(name, _)| typed.settings().iter().all(|(known, _)| known != name));
    options.credentials = Credentials::new("mock-id", "mock-secret");
    options.time = start();
    options.nonce = format!("nonce-{nonce}");
    let prepared = typed.prepare(&options).ok()?;
    let answer = transport.send(prepared.clone(), 1 << 20).await.expect("an answer");
    let error = match target.entry.read_response(&answer, Limits::DEFAULT) {
        Ok(_) => return Some(Said::Answered),
        Err(error) => error,
    };
    // A token of the vendor's is none that the stand-in gave.
    let query = prepared.uri().query().unwrap_or_default();
    let has_token = target.entry.info().paging.iter().any(|paging| match paging {
        PagingInfo::Token { request, .. } => query.contains(&format!("{request}=")),
        _ => false,
    });
    Some(match &error {
        Error::Refused(_) if error.kind() == ErrorKind::NotFound => Said::NotFound,
        Error::Refused(_) if error.kind() == ErrorKind::Invalid && (typed.validate().has_errors() || has_token) => {
            Said::Invalid
        }
        _ => Said::Other(format!("{error}: {}", String::from_utf8_lossy(answer.body()))),
    })
}

#[tokio::test]
async fn every_documented_request_is_understood() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let mut answered: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut found = 0;
    for (nonce, example) in examples.iter().enumerate() {
        if example.callback.is_some() || example.operation == "*" {
            continue;
        }
        let cloud = MockCloud::builder().clock(VirtualClock::new(start())).start().await.expect("a port");
        let target = suite.find(&example.service, &example.operation).expect("an operation");
        let name = (target.service.name.clone(), target.operation.name.clone());
        match ask(&cloud.transport(), target, example, nonce).await {
            None => continue,
            Some(Said::Other(said)) => panic!("{}: {said}", example.file.display()),
            Some(Said::Answered) => *answered.entry(name).or_default() += 1,
            Some(Said::NotFound | Said::Invalid) => _ = answered.entry(name).or_default(),
        }
        found += 1;
    }
    assert!(found > 250, "{found} requests were sent");
    for target in suite.targets().expect("the clients are those of the specs") {
        let name = (target.service.name.clone(), target.operation.name.clone());
        let count = answered.get(&name).unwrap_or_else(|| panic!("{name:?} was never asked"));
        let part_of = |resource: &&mediajobs_codegen::model::Resource| {
            resource.operations.iter().any(|part| {
                target.service.operations.get(part.operation).is_some_and(|other| other.name == target.operation.name)
            })
        };
        let belongs = target.service.resources.iter().filter(part_of).any(|resource| resource.within.is_some());
        // What makes something new needs nothing that was made before, unless it belongs to something.
        if target.entry.info().effect == Effect::Create && !belongs {
            assert!(*count > 0, "{name:?} was never answered");
        }
    }
}
