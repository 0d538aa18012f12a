//! COS signatures against another implementation: `reqsign-tencent-cos`.

use std::pin::pin;
use std::task::{Context as Poller, Poll, Waker};

use http::header::AUTHORIZATION;
use mediajobs_runtime::sign::{AccessKey, SigningRequest, cos};
use reqsign_core::{Context, SignRequest};
use reqsign_tencent_cos::{Credential, RequestSigner};

const HOST: &str = "test-123456789.ci.ap-chongqing.myqcloud.com";

/// Runs what never waits.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Poller::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("signing waits for nothing"),
    }
}

/// Signs now, as the other one can't do otherwise; its window then is ours.
fn check(method: &str, target: &str, headers: &[(&str, &str)], body: &str) {
    let mut all = vec![("host", HOST)];
    all.extend(headers);
    let mut request = http::Request::builder().method(method).uri(format!("https://{HOST}{target}"));
    for (name, value) in &all {
        request = request.header(*name, *value);
    }
    let (mut parts, ()) = request.body(()).expect("a request").into_parts();
    let credential = Credential {
        secret_id: "mock-id".to_owned(),
        secret_key: "mock-secret".to_owned(),
        security_token: None,
        expires_in: None,
    };
    run(RequestSigner::new().sign_request(&Context::new(), &mut parts, Some(&credential), None)).expect("signed");
    let theirs = parts.headers[AUTHORIZATION].to_str().expect("text").to_owned();
    let part = |name: &str| {
        let found = theirs.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_else(|| panic!("{name} in {theirs}")).to_owned()
    };
    let (start, end) =
        part("q-sign-time").split_once(';').map(|(start, end)| (start.to_owned(), end.to_owned())).expect("a window");
    let window = cos::KeyTime::new(start.parse().expect("a second"), end.parse().expect("a second")).expect("a window");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let signing = SigningRequest { method, path, query, headers: &all, body: body.as_bytes() };
    let ours =
        cos::sign(&signing, &AccessKey::new("mock-id", "mock-secret"), window).expect("signed").into_authorization();
    let pairs = |text: &str| {
        let mut pairs: Vec<String> = text.split('&').map(str::to_owned).collect();
        pairs.sort();
        pairs
    };
    assert_eq!(pairs(&ours), pairs(&theirs), "{method} {target}");
}

#[test]
fn agrees_with_another_implementation() {
    check("POST", "/jobs", &[("content-type", "application/xml")], "<Request></Request>");
    check("GET", "/jobs", &[], "");
    check("GET", "/jobs?queueId=p2242ab62c7c94486915508540933a2c6&tag=SmartCover&orderByTime=Desc&size=10", &[], "");
    check("GET", "/jobs?startCreationTime=2022-06-27T15%3A23%3A10%2B0800&states=All", &[], "");
    check("GET", "/jobs/j1%2Cj2", &[], "");
    check("PUT", "/jobs/j8d121820f5e411ec926ef19d53ba9c6f?cancel=", &[], "");
    check("POST", "/jobs", &[("content-type", "application/xml"), ("x-ci-test", "a b/c;d=e")], "");
}
