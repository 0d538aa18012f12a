//! The `Authorization` of every wire trace, recomputed from the request around it.

use std::fs;
use std::path::{Path, PathBuf};

use mediajobs_runtime::sign::{AccessKey, CanonicalSignature, SigningRequest};
use mediajobs_runtime::sign::{acs3, cos, sdk_hmac};

use super::{conformance, cos_field, key_time, step};

struct Trace {
    name: String,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    authorization: String,
    body: Vec<u8>,
}

impl Trace {
    fn read(path: &Path) -> Self {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let blank = b"\r\n\r\n";
        let head_len = bytes.windows(blank.len()).position(|window| window == blank).expect("a blank line");
        let head = std::str::from_utf8(&bytes[..head_len]).expect("text before the body");
        let mut lines = head.split("\r\n");
        let mut first = lines.next().expect("a request line").split(' ');
        let method = first.next().expect("a method");
        let target = first.next().expect("a target");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").expect("name: value"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let place = headers.iter().position(|(name, _)| name == "Authorization");
        let (_, authorization) = headers.remove(place.expect("Authorization"));
        Self {
            name,
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            authorization,
            body: bytes[head_len + blank.len()..].to_vec(),
        }
    }

    /// The headers whose lower-case names are in a list joined with `;`.
    fn listed(&self, list: &str) -> Vec<(&str, &str)> {
        self.headers
            .iter()
            .filter(|(name, _)| list.split(';').any(|listed| name.eq_ignore_ascii_case(listed)))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The names after `SignedHeaders=` in the authorization.
    fn signed_headers(&self) -> &str {
        let (_, rest) = self.authorization.split_once("SignedHeaders=").expect("SignedHeaders");
        rest.split(',').next().expect("a list")
    }

    fn request<'a>(&'a self, query: &'a str, headers: &'a [(&'a str, &'a str)]) -> SigningRequest<'a> {
        SigningRequest { method: &self.method, path: &self.path, query, headers, body: &self.body }
    }
}

#[test]
fn wire_traces() {
    let mut paths: Vec<PathBuf> = fs::read_dir(conformance().join("wire"))
        .expect("the traces")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 11, "traces");
    let key = AccessKey::new("mock-id", "mock-secret");
    for path in paths {
        let trace = Trace::read(&path);
        let expected = &trace.authorization;
        let actual = match trace.name.split('-').next() {
            Some("ice") => {
                let headers = trace.listed(trace.signed_headers());
                acs3::sign(&trace.request(&trace.query, &headers), &key).map(CanonicalSignature::into_authorization)
            }
            Some("vas") => {
                let headers = trace.listed(trace.signed_headers());
                sdk_hmac::sign(&trace.request(&trace.query, &headers), &key).map(CanonicalSignature::into_authorization)
            }
            Some("ci") => {
                let headers = trace.listed(cos_field(expected, "q-header-list"));
                // The SDK sends `?cancel` without signing it.
                let signs_query = !cos_field(expected, "q-url-param-list").is_empty();
                let query = if signs_query { &trace.query } else { "" };
                let window = key_time(cos_field(expected, "q-key-time"));
                cos::sign(&trace.request(query, &headers), &key, window).map(cos::Signature::into_authorization)
            }
            other => panic!("{}: no scheme for {other:?}", trace.name),
        };
        let actual = actual.unwrap_or_else(|error| panic!("{}: {error}", trace.name));
        step(&trace.name, "authorization", &actual, expected);
    }
}
