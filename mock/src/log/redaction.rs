//! What a record does not keep.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::key_id::form;

const REDACTED: &str = "[redacted]";

/// Headers whose values let somebody else ask.
fn is_secret_header(name: &str) -> bool {
    matches!(name, "authorization" | "proxy-authorization" | "cookie" | "x-auth-token")
        || name.ends_with("security-token")
        || name.ends_with("signature")
}

/// Parameters whose values let somebody else ask.
fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "signature" | "q-signature" | "sign" | "securitytoken" | "x-auth-token" | "authorization")
        || name.ends_with("security-token")
}

pub(super) fn headers(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for (name, value) in headers.iter_mut() {
        if is_secret_header(name.as_str()) {
            *value = HeaderValue::from_static(REDACTED);
        }
    }
    headers
}

pub(super) fn target(uri: &http::Uri) -> String {
    match uri.query() {
        Some(query) => format!("{}?{}", uri.path(), pairs(query)),
        None => uri.path().to_owned(),
    }
}

pub(super) fn body(request: &http::Request<Bytes>) -> Bytes {
    match form(request) {
        Some(text) => pairs(text).into(),
        None => request.body().clone(),
    }
}

fn pairs(text: &str) -> String {
    let clean = text.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret_parameter(name) => format!("{name}={REDACTED}"),
        _ => pair.to_owned(),
    });
    clean.collect::<Vec<_>>().join("&")
}
