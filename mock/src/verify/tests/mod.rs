//! Requests that others signed, and the same with something changed.

mod client;
mod hostile;
mod lenience;
mod samples;
mod tamper;
mod times;
mod tokens;
mod unsigned;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};

use super::{Verifier, clock};
use crate::keys::AccessKey;
use crate::refusal::Refusal;
use crate::service::Service;

/// A request that holds.
#[derive(Debug, Clone)]
struct Sample {
    name: String,
    service: Service,
    request: Request<Bytes>,
    key: AccessKey,
    /// When it was signed.
    time: SystemTime,
}

impl Sample {
    fn verifier(&self) -> Verifier {
        Verifier::new(vec![AccessKey::new("another", "one"), self.key.clone()])
    }

    fn verify(&self) -> Result<(), Refusal> {
        self.verifier().verify(self.service, &self.request, self.time)
    }

    /// The same with another request.
    fn with(&self, change: impl FnOnce(&mut Request<Bytes>)) -> Self {
        let mut changed = self.clone();
        change(&mut changed.request);
        changed
    }

    fn with_header(&self, name: &str, value: &[u8]) -> Self {
        let value = HeaderValue::from_bytes(value).expect("a header value");
        let name: HeaderName = name.parse().expect("a header name");
        self.with(|request| drop(request.headers_mut().insert(name, value)))
    }

    fn without_header(&self, name: &str) -> Self {
        self.with(|request| drop(request.headers_mut().remove(name)))
    }

    fn with_target(&self, target: &str) -> Self {
        self.with(|request| *request.uri_mut() = target.parse().expect("a target"))
    }

    fn header(&self, name: &str) -> &str {
        self.request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_else(|| panic!("no {name}"))
    }

    #[track_caller]
    fn expect(&self, code: &str) -> Refusal {
        match self.verify() {
            Ok(()) => panic!("{}: taken, expected {code}", self.name),
            Err(refusal) => {
                assert_eq!(refusal.code, code, "{}: {}", self.name, refusal.message);
                assert!(!format!("{refusal:?}").contains(&self.key.secret), "{}: {refusal:?}", self.name);
                refusal
            }
        }
    }

    #[track_caller]
    fn holds(&self) {
        self.verify().unwrap_or_else(|refusal| panic!("{}: {refusal:?}", self.name));
    }
}

fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).expect("a time after 1970"))
}

/// A request of headers in order; a name may be repeated.
fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Request<Bytes> {
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = method.parse().expect("a method");
    *request.uri_mut() = target.parse().unwrap_or_else(|error| panic!("{target}: {error}"));
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        request.headers_mut().append(name, value);
    }
    request
}

#[test]
fn what_the_vendors_signed_holds() {
    let samples = samples::all();
    assert_eq!(samples.len(), 16 + 3 + 17 + 2 + 16 + 11);
    for sample in samples {
        sample.holds();
    }
}

#[test]
fn the_documented_http_string_is_computed() {
    let sample = samples::cos_documented();
    let refusal = sample.expect("SignatureDoesNotMatch");
    assert_eq!(refusal.status, 403);
    let expected = &samples::vectors("ci.json")["documented"][0];
    let further = |name| refusal.further.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str());
    assert_eq!(further("FormatString"), expected["http_string"].as_str());
    let line = further("StringToSign").and_then(|text| text.split('\n').nth(2));
    assert_eq!(line, expected["string_to_sign_line3"].as_str());
}

#[test]
fn dates_are_read_in_one_form_only() {
    assert_eq!(clock::extended("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(clock::extended("2024-12-16T08:00:00Z"), Some(1_734_336_000));
    assert_eq!(clock::basic("20241216T080000Z"), Some(1_734_336_000));
    assert_eq!(clock::to_basic(1_734_336_000), "20241216T080000Z");
    for text in ["", "2024-12-16T08:00:00", "2024-12-16 08:00:00Z", "2024-13-16T08:00:00Z", "2024-12-16T08:00:00.0Z"] {
        assert_eq!(clock::extended(text), None, "{text:?}");
    }
    assert_eq!(clock::basic("2024-12-16T08:00:00Z"), None);
    assert_eq!(clock::basic("20241216T240000Z"), None);
}
