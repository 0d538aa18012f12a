//! The stand-in, asked with every documented request: it understands all of them, and clients understand what it says.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use mediajobs_conformance::example::{self, Example};
use mediajobs_conformance::judge;
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_mock::MockCloud;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Credentials, Error, ErrorKind, Limits, Transport};

/// 2026-01-01T00:00:00Z
const START: u64 = 1_767_225_600;

/// A documented request, sent as the client sends it, with keys and time of the stand-in.
async fn ask(
    transport: &impl Transport,
    target: Target<'_>,
    example: &Example,
    nonce: usize,
) -> Option<Result<(), Error>> {
    let request = judge::http_request(target, example).expect("a request")?;
    let typed = target.entry.read_request(&request, Limits::DEFAULT).ok()?;
    let mut options = judge::options(target, example);
    options.settings.retain(|(name, _)| typed.settings().iter().all(|(known, _)| known != name));
    options.credentials = Credentials::new("mock-id", "mock-secret");
    options.time = start();
    options.nonce = format!("nonce-{nonce}");
    let prepared = typed.prepare(&options).ok()?;
    let answer = transport.send(prepared, 1 << 20).await.expect("an answer");
    Some(target.entry.read_response(&answer, Limits::DEFAULT).map(drop).map_err(|error| {
        if let Error::UnreadableAnswer { .. } = error {
            panic!("{}: {error}\n{}", target.operation.name, String::from_utf8_lossy(answer.body()));
        }
        error
    }))
}

#[tokio::test]
async fn every_documented_request_is_understood() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (nonce, example) in examples.iter().enumerate().filter(|(_, example)| example.callback.is_none()) {
        if example.operation == "*" {
            continue;
        }
        let cloud = MockCloud::builder().clock(VirtualClock::new(start())).start().await.expect("a port");
        let target = suite.find(&example.service, &example.operation).expect("an operation");
        let Some(outcome) = ask(&cloud.transport(), target, example, nonce).await else { continue };
        if let Err(error) = outcome {
            said.entry(target.operation.name.clone()).or_default().push(format!(
                "{}: {:?} {error}",
                example.case,
                error.kind()
            ));
        }
        let _ = ErrorKind::NotFound;
    }
    panic!("{said:#?}");
}

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(START)
}
