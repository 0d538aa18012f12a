//! Interceptors, spans and events.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use mediajobs_runtime::{Attempt, Error, ErrorKind, Interceptor, RequestToSign};

use crate::cloud::*;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Writes down what it is called for, adds a header, and refuses where it is told to.
#[derive(Debug, Clone, Default)]
struct Witness {
    seen: Arc<Mutex<Vec<String>>>,
    header: Option<(&'static str, &'static str)>,
    refuses: &'static str,
}

impl Witness {
    fn note(&self, place: &'static str, attempt: &Attempt<'_>, what: &str) -> Result<(), BoxError> {
        let line = format!("{place} {} {} {}: {what}", attempt.service(), attempt.operation(), attempt.number());
        self.seen.lock().unwrap().push(line);
        if self.refuses == place { Err("closed for today".into()) } else { Ok(()) }
    }
}

impl Interceptor for Witness {
    fn before_sign(&self, attempt: &Attempt<'_>, request: &mut RequestToSign<'_>) -> Result<(), BoxError> {
        if let Some((name, value)) = self.header {
            request.headers_mut().insert(name, value.parse()?);
        }
        self.note("before", attempt, &format!("{} {}?{}", request.method(), request.path(), request.query()))
    }

    fn after_sign(&self, attempt: &Attempt<'_>, request: &http::Request<Bytes>) -> Result<(), BoxError> {
        self.note("signed", attempt, &request.headers().contains_key("authorization").to_string())
    }

    fn after_response(&self, attempt: &Attempt<'_>, answer: &http::Response<Bytes>) -> Result<(), BoxError> {
        self.note("answer", attempt, answer.status().as_str())
    }
}

#[tokio::test]
async fn interceptors_see_every_attempt() {
    let witness = Witness { header: Some(("x-acs-team", "video")), ..Witness::default() };
    let network = Network::of([throttled(), no_answer(), ok()]);
    let client = builder(&network).0.interceptor(witness.clone()).build().unwrap();
    client.send(Make { token: Some("t".into()) }).await.unwrap();
    let expected = [
        "before cloud Make 1: POST /?ClientToken=t",
        "signed cloud Make 1: true",
        "answer cloud Make 1: 400",
        "before cloud Make 2: POST /?ClientToken=t",
        "signed cloud Make 2: true",
        "before cloud Make 3: POST /?ClientToken=t",
        "signed cloud Make 3: true",
        "answer cloud Make 3: 200",
    ];
    assert_eq!(*witness.seen.lock().unwrap(), expected);
    let request = &network.requests()[0];
    assert_eq!(header(request, "x-acs-team"), "video");
    assert!(header(request, "authorization").contains(";x-acs-team;"), "it is signed");
}

#[tokio::test]
async fn an_interceptor_can_end_a_call() {
    for (place, requests) in [("before", 0), ("signed", 0), ("answer", 1)] {
        let network = Network::of([ok()]);
        let witness = Witness { refuses: place, ..Witness::default() };
        let error = builder(&network).0.interceptor(witness).build().unwrap().send(Get::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "cloud: Get: an interceptor ended the call: closed for today");
        assert_eq!((error.kind(), network.count()), (ErrorKind::Configuration, requests));
    }
}

#[tokio::test]
async fn headers_of_the_client_are_not_for_interceptors() {
    for name in ["host", "Authorization", "x-acs-date", "content-length", "x-acs-security-token", "user-agent"] {
        let network = Network::of([ok()]);
        let witness = Witness { header: Some((name, "mine")), ..Witness::default() };
        let client = builder(&network).0.interceptor(witness).build().unwrap();
        let error = client.send(Get::default()).await.unwrap_err();
        assert!(
            matches!(error, Error::Configuration(_)) && error.to_string().contains("is one that the client writes"),
            "{error}"
        );
        assert_eq!(network.count(), 0);
    }
}
