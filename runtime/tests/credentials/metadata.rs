//! A metadata endpoint that answers what a test says, and the vendors' documented answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Credentials, Transport, TransportError, TransportFuture};

/// <https://help.aliyun.com/zh/ecs/user-guide/obtain-a-temporary-authorization-token>
pub(crate) const ALIBABA: &str = r#"{
   "AccessKeyId" : "STS.*******6YSE",
   "AccessKeySecret" : "aj******jDU",
   "Expiration" : "2017-11-01T05:20:01Z",
   "SecurityToken" : "CAISng********",
   "LastUpdated" : "2023-07-18T14:17:28Z",
   "Code" : "Success"
}"#;

pub(crate) fn alibaba_credentials() -> Credentials {
    temporary("STS.*******6YSE", "aj******jDU", "CAISng********", 1_509_513_601)
}

pub(crate) fn temporary(id: &str, secret: &str, token: &str, end: u64) -> Credentials {
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(end);
    Credentials::new(id, secret).with_security_token(token).with_expiry(end)
}

#[derive(Debug)]
pub(crate) enum Answer {
    Of(u16, Bytes),
    NoConnection,
    BrokenOff,
    /// Status and headers, and then too many bytes.
    TooLong,
    Never,
}

impl Answer {
    pub(crate) fn text(body: &str) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self::Of(status, Bytes::copy_from_slice(body.as_bytes()))
    }
}

/// Gives its answers one by one, and remembers what it was asked. Its clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Metadata {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    clock: VirtualClock,
}

impl Metadata {
    pub(crate) fn new(answers: Vec<Answer>) -> Self {
        let clock = VirtualClock::skipping(SystemTime::UNIX_EPOCH);
        Self { answers: Arc::new(Mutex::new(answers.into())), asked: Arc::default(), clock }
    }

    pub(crate) fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    /// One line a question: method, URL, headers.
    pub(crate) fn asked(&self) -> Vec<String> {
        assert!(self.answers.lock().unwrap().is_empty(), "not all answers were asked for");
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for Metadata {
    fn send(&self, request: http::Request<Bytes>, most: usize) -> TransportFuture<'_> {
        assert!(request.body().is_empty() && most <= 64 * 1024);
        let mut line = format!("{} {}", request.method(), request.uri());
        for (name, value) in request.headers() {
            line.push_str(&format!(" {name}: {}", value.to_str().unwrap()));
        }
        assert!(
            request.headers().iter().all(|(name, value)| !name.as_str().ends_with("token") || value.is_sensitive())
        );
        self.asked.lock().unwrap().push(line);
        let answer = self.answers.lock().unwrap().pop_front().expect("one question too many");
        Box::pin(async move {
            match answer {
                Answer::Of(status, body) => Ok(http::Response::builder().status(status).body(body).unwrap()),
                Answer::NoConnection => Err(TransportError::not_sent("no route for the canary")),
                Answer::BrokenOff => Err(TransportError::no_answer("reset")),
                Answer::TooLong => {
                    let (head, ()) = http::Response::new(()).into_parts();
                    Err(TransportError::no_answer("long").with_head(head).with_partial_body("canary"))
                }
                Answer::Never => std::future::pending().await,
            }
        })
    }
}
