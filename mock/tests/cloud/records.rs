//! What is kept of requests.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use mediajobs_alibaba_ice::AlibabaIce;
use mediajobs_alibaba_ice::operations::list_smart_jobs::ListSmartJobs;
use mediajobs_mock::{AccessKey, FaultRule, MockCloud};
use mediajobs_runtime::testing::VirtualClock;

use crate::raw::Raw;

#[tokio::test]
async fn no_record_and_no_line_holds_a_signature() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let clock = VirtualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let key = AccessKey::new("id-1", "secret-of-id-1").token("token-of-id-1");
    let builder = MockCloud::builder().clock(clock).access_key(key);
    let cloud =
        builder.on_request(move |request| told.lock().unwrap().push(request.to_string())).start().await.unwrap();
    let client = cloud.client_builder::<AlibabaIce>("cn-shanghai").transport(cloud.transport());
    client.build().unwrap().send(ListSmartJobs::new()).await.unwrap();
    let line = "2023-11-14T22:13:20.000Z alibaba-ice ListSmartJobs GET / 200 - 0ms key=id-1";
    assert_eq!(*lines.lock().unwrap(), [line]);
    let record = &cloud.requests()[0];
    assert_eq!(record.to_string(), line);
    assert_eq!(record.headers()["authorization"], "[redacted]");
    assert_eq!(record.headers()["x-acs-security-token"], "[redacted]");
    assert_eq!(record.headers()["x-acs-action"], "ListSmartJobs");
    let all = format!("{record:?} {:?} {} {}", record.headers(), record.target(), record.text());
    for secret in ["Signature=", "secret-of-id-1", "token-of-id-1"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn a_secret_in_the_place_of_an_id_is_not_kept() {
    let cloud = MockCloud::builder().start_blocking().unwrap();
    Raw::to(cloud.address()).get("/jobs?q-ak=mock-secret").answer();
    assert_eq!(cloud.requests()[0].key_id(), Some("[redacted]"));
}

#[test]
fn the_last_requests_are_kept() {
    let builder = MockCloud::builder().keep_requests(3);
    let cloud = builder.fault(FaultRule::refuse(503, "X", "y")).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    for number in 0..5 {
        raw.get(&format!("/{number}?a=b")).answer();
    }
    let targets: Vec<_> = cloud.requests().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/2?a=b", "/3?a=b", "/4?a=b"]);
}

#[test]
fn what_nothing_came_of_is_kept_too() {
    let cloud = MockCloud::builder().fault(FaultRule::reset()).start_blocking().unwrap();
    Raw::to(cloud.address()).send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi").rest();
    let record = &cloud.requests()[0];
    assert_eq!((record.status(), record.code(), record.operation()), (None, None, None));
    assert_eq!((record.text().as_str(), record.fault()), ("hi", Some("reset")));
}
