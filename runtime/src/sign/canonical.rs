//! The canonical request that ACS3-HMAC-SHA256 and SDK-HMAC-SHA256 share.

use std::fmt;
use std::ops::Range;

use super::headers::{self, Repeats, Slots, Underscore};
use super::percent::{self, Names, Order};
use super::{AccessKey, Redacted, SignError, SigningRequest, hash};

/// The canonical URI of a scheme.
#[derive(Clone, Copy)]
pub(super) enum Uri {
    /// The path as sent.
    AsSent,
    /// The path decoded once, encoded again, with a `/` at its end.
    Normalized,
}

/// What the two schemes do differently.
pub(super) struct Scheme<'a> {
    pub(super) algorithm: &'static str,
    /// The line between the algorithm and the hash in the string to sign.
    pub(super) date: Option<&'a str>,
    /// What follows the algorithm in `Authorization`, up to the key id.
    pub(super) credential: &'static str,
    /// What stands between the fields of `Authorization`.
    pub(super) separator: &'static str,
    pub(super) uri: Uri,
    pub(super) underscore: Underscore,
    pub(super) repeats: Repeats,
}

/// Every step of a signature over a canonical request, for ACS3-HMAC-SHA256 and SDK-HMAC-SHA256.
///
/// [`Debug`](fmt::Debug) hides the signature and everything that may hold a session token.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalSignature {
    /// The canonical request, then the string to sign.
    text: String,
    uri: Range<usize>,
    query: Range<usize>,
    headers: Range<usize>,
    signed: Range<usize>,
    payload: Range<usize>,
    authorization: String,
}

impl CanonicalSignature {
    /// The payload hash: lower-case hexadecimal SHA-256 of the body, or the value that stands in
    /// for it.
    pub fn hashed_payload(&self) -> &str {
        &self.text[self.payload.clone()]
    }

    /// The canonical URI.
    pub fn canonical_uri(&self) -> &str {
        &self.text[self.uri.clone()]
    }

    /// The canonical query: sorted and encoded `name=value` pairs.
    pub fn canonical_query(&self) -> &str {
        &self.text[self.query.clone()]
    }

    /// The canonical headers: one `name:value` line for each, with the line feed after the last.
    pub fn canonical_headers(&self) -> &str {
        &self.text[self.headers.clone()]
    }

    /// The signed header names, lower-case and sorted, joined with `;`.
    pub fn signed_headers(&self) -> &str {
        &self.text[self.signed.clone()]
    }

    /// The canonical request: method, URI, query, headers, signed headers and payload hash, joined
    /// with line feeds.
    pub fn canonical_request(&self) -> &str {
        &self.text[..self.payload.end]
    }

    /// The string to sign, which ends in the SHA-256 of the canonical request.
    pub fn string_to_sign(&self) -> &str {
        &self.text[self.payload.end..]
    }

    /// The signature: lower-case hexadecimal HMAC-SHA256 of the string to sign under the secret.
    pub fn signature(&self) -> &str {
        &self.authorization[self.authorization.len() - 64..]
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// The value of the `Authorization` header, without a copy.
    pub fn into_authorization(self) -> String {
        self.authorization
    }
}

impl fmt::Debug for CanonicalSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalSignature")
            .field("hashed_payload", &self.hashed_payload())
            .field("canonical_uri", &self.canonical_uri())
            .field("canonical_query", &self.canonical_query())
            .field("signed_headers", &self.signed_headers())
            .field("string_to_sign", &self.string_to_sign())
            .field("canonical_headers", &Redacted)
            .field("authorization", &Redacted)
            .finish()
    }
}

/// Signs a checked request with `payload` as the last line of its canonical request.
pub(super) fn sign(
    request: &SigningRequest<'_>,
    key: &AccessKey<'_>,
    scheme: &Scheme<'_>,
    payload: &str,
) -> Result<CanonicalSignature, SignError> {
    let mut slots = Slots::new();
    let order = headers::ordered(request.headers, scheme.underscore, &mut slots)?;

    let mut text = String::with_capacity(capacity(request));
    text.push_str(request.method);
    text.make_ascii_uppercase();
    text.push('\n');
    let uri = section(&mut text, |text| match scheme.uri {
        Uri::AsSent => {
            text.push_str(if request.path.is_empty() { "/" } else { request.path });
            Ok(())
        }
        Uri::Normalized => {
            percent::recode_path_into(text, request.path)?;
            if !text.ends_with('/') {
                text.push('/');
            }
            Ok(())
        }
    })?;
    let query = section(&mut text, |text| {
        let start = text.len();
        percent::pairs_into(text, request.query, "query", Names::Exact)?;
        percent::sort_pairs(text, start, Order::Decoded);
        Ok(())
    })?;
    let headers = section(&mut text, |text| {
        headers::lines_into(text, request.headers, order, scheme.repeats);
        Ok(())
    })?;
    let signed = section(&mut text, |text| {
        headers::names_into(text, request.headers, order);
        Ok(())
    })?;
    let payload_start = text.len();
    text.push_str(payload);
    let payload = payload_start..text.len();

    let hashed_request = hash::sha256(text.as_bytes());
    text.push_str(scheme.algorithm);
    text.push('\n');
    if let Some(date) = scheme.date {
        text.push_str(date);
        text.push('\n');
    }
    text.push_str(hashed_request.as_str());
    let signature = hash::hmac_sha256(key.secret.as_bytes(), &text.as_bytes()[payload.end..]);

    let mut authorization = String::with_capacity(128 + key.id.len() + signed.len());
    for part in [
        scheme.algorithm,
        scheme.credential,
        key.id,
        scheme.separator,
        "SignedHeaders=",
        &text[signed.clone()],
        scheme.separator,
        "Signature=",
        signature.as_str(),
    ] {
        authorization.push_str(part);
    }
    Ok(CanonicalSignature { text, uri, query, headers, signed, payload, authorization })
}

/// Appends a section and the line feed after it; gives the section's place without that line feed.
fn section(
    text: &mut String,
    write: impl FnOnce(&mut String) -> Result<(), SignError>,
) -> Result<Range<usize>, SignError> {
    let start = text.len();
    write(text)?;
    let end = text.len();
    text.push('\n');
    Ok(start..end)
}

/// A guess that holds for requests with few escaped characters, so that the text grows at most once
/// or twice.
fn capacity(request: &SigningRequest<'_>) -> usize {
    let headers: usize = request.headers.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
    256 + request.path.len() + request.query.len() + request.query.len() / 2 + headers
}
