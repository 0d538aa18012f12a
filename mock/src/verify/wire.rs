//! What the schemes look up in a request.

use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};

pub(super) fn trimmed(value: &[u8]) -> Vec<u8> {
    value.trim_ascii().to_vec()
}

/// The value of a header as text; none where it is absent or not text.
pub(super) fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok().map(str::trim)
}

/// All values of a header. `host` is the one that was passed: it has several readings.
pub(super) fn header_values(request: &Request<Bytes>, name: &str, host: &str) -> Vec<Vec<u8>> {
    if name == HOST {
        return vec![host.as_bytes().to_vec()];
    }
    request.headers().get_all(name).iter().map(|value| trimmed(value.as_bytes())).collect()
}

/// What a client may have signed as its host: the header as it is, or without the port. For a port that is not the scheme's
/// own, SDKs differ: some sign the host of the URL and leave the port to the HTTP library.
pub(super) fn hosts(request: &Request<Bytes>) -> Vec<String> {
    let header =
        request.headers().get(HOST).map(|value| String::from_utf8_lossy(&trimmed(value.as_bytes())).into_owned());
    let host = header.or_else(|| request.uri().authority().map(ToString::to_string)).unwrap_or_default();
    let mut hosts = vec![host];
    if let Some((name, port)) = hosts[0].rsplit_once(':')
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        let name = name.to_owned();
        hosts.push(name);
    }
    hosts
}

/// The header `Authorization`: none, or several, which is as good as a malformed one.
pub(super) fn authorization(request: &Request<Bytes>) -> Option<Result<&str, ()>> {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let first = values.next()?;
    Some(match values.next() {
        Some(_) => Err(()),
        None => first.to_str().map_err(drop),
    })
}

pub(super) fn is_form(request: &Request<Bytes>) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded"))
}

/// `Algorithm Name=value,Name=value`, as ICE and VAS have it, with or without spaces behind the commas.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) algorithm: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

impl<'a> Authorization<'a> {
    /// Cuts it up; none where it has not that form, or says something twice.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (algorithm, rest) = text.trim().split_once(' ')?;
        let mut fields = Vec::new();
        for field in rest.split(',') {
            let (name, value) = field.trim().split_once('=')?;
            if fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name, value));
        }
        Some(Self { algorithm, fields })
    }

    pub(super) fn field(&self, name: &str) -> Option<&'a str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// The headers that a client says it signed.
#[derive(Debug)]
pub(super) struct SignedHeaders<'a> {
    /// The list as it was sent. It is signed in this order, which is not a sorted one where the official Java SDK of ICE
    /// made it.
    pub(super) list: &'a str,
    /// Lower-case names, sorted: the order of the headers themselves.
    pub(super) names: Vec<String>,
}

impl<'a> SignedHeaders<'a> {
    pub(super) fn new(list: &'a str) -> Self {
        let mut names: Vec<String> =
            list.split(';').filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect();
        names.sort();
        names.dedup();
        Self { list, names }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|signed| signed == name)
    }

    /// The first one that the request does not have.
    pub(super) fn absent_from(&self, request: &Request<Bytes>) -> Option<&str> {
        let is_there = |name: &str| name == HOST || request.headers().contains_key(name);
        self.names.iter().map(String::as_str).find(|name| !is_there(name))
    }
}
