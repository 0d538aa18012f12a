//! Alibaba Cloud's older RPC signature (`SignatureMethod=HMAC-SHA1`, `SignatureVersion=1.0`).
//!
//! Facts: the signing function of the official Python SDK (alibabacloud_tea_openapi 0.4.6). It
//! covers the parameters of query and form body together, protocol parameters such as
//! `AccessKeyId`, `Timestamp` and `SignatureNonce` included, and no headers. The result is sent as
//! one more parameter, `Signature`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::percent::{self, Names, Order};
use super::{AccessKey, Redacted, SignError, SigningRequest, hash};

/// Every step of an RPC signature.
///
/// [`Debug`](fmt::Debug) hides everything, because the parameters may hold a session token.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    canonical_query: String,
    string_to_sign: String,
    signature: String,
}

impl Signature {
    /// The canonical query: all parameters as encoded `name=value`, sorted by name.
    pub fn canonical_query(&self) -> &str {
        &self.canonical_query
    }

    /// The string to sign: method, encoded `/` and encoded canonical query, joined with `&`.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// The signature in Base64, not percent-encoded: the value of the parameter `Signature`.
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signature").field(&Redacted).finish()
    }
}

/// Signs the parameters in `request.query` and in `request.body`, which must be a form if it is not
/// empty.
///
/// The id that the server sees is the parameter `AccessKeyId`, which the caller sets. Path and
/// headers are not signed.
///
/// ```
/// use mediajobs_runtime::sign::{AccessKey, SigningRequest, rpc_v1};
///
/// let request = SigningRequest {
///     method: "POST",
///     path: "/",
///     query: "Action=SearchIndexJobRerun&MediaIds=a%2Cb&Task=&Format=json&Version=2020-11-09\
///             &AccessKeyId=testid&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=n\
///             &Timestamp=2024-12-16T08%3A00%3A00Z",
///     headers: &[],
///     body: b"",
/// };
/// let signed = rpc_v1::sign(&request, &AccessKey::new("testid", "testsecret"))?;
/// assert_eq!(signed.signature(), "Jwn27V/H2zrAc6OzaMibq3gMAhM=");
/// # Ok::<(), mediajobs_runtime::sign::SignError>(())
/// ```
///
/// # Errors
///
/// The request or key cannot be signed, or there is a parameter `Signature` already.
pub fn sign(request: &SigningRequest<'_>, key: &AccessKey<'_>) -> Result<Signature, SignError> {
    key.check()?;
    request.check()?;
    let form = std::str::from_utf8(request.body).map_err(|_| SignError::NotUtf8 { part: "body" })?;

    let mut canonical_query = String::with_capacity(2 * (request.query.len() + form.len()));
    percent::pairs_into(&mut canonical_query, request.query, "query", Names::Exact)?;
    let query_len = canonical_query.len();
    if query_len > 0 && !form.is_empty() {
        canonical_query.push('&');
    }
    let form_start = canonical_query.len();
    percent::pairs_into(&mut canonical_query, form, "body", Names::Exact)?;
    if canonical_query.len() == form_start {
        canonical_query.truncate(query_len);
    }
    percent::sort_pairs(&mut canonical_query, 0, Order::Decoded);
    if canonical_query.split('&').any(|pair| percent::split_pair(pair).0 == "Signature") {
        return Err(SignError::AlreadySigned);
    }

    let mut string_to_sign = String::with_capacity(16 + 2 * canonical_query.len());
    string_to_sign.push_str(request.method);
    string_to_sign.make_ascii_uppercase();
    string_to_sign.push_str("&%2F&");
    percent::encode_into(&mut string_to_sign, &canonical_query);
    let mac = hash::hmac_sha1(&[key.secret.as_bytes(), b"&"], string_to_sign.as_bytes());
    Ok(Signature { canonical_query, string_to_sign, signature: STANDARD.encode(mac) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: AccessKey<'_> = AccessKey::new("testid", "testsecret");
    const POST: SigningRequest<'_> = SigningRequest { method: "POST", path: "/", query: "", headers: &[], body: b"" };

    #[test]
    fn query_and_form_are_one_set_of_parameters() {
        let split = sign(&SigningRequest { query: "B=2&D=4", body: b"C=x+y&A=1", ..POST }, &KEY);
        let whole = sign(&SigningRequest { query: "D=4&C=x%20y&B=2&A=1", ..POST }, &KEY);
        assert_eq!(split, whole);
        assert_eq!(split.expect("valid").canonical_query(), "A=1&B=2&C=x%20y&D=4");
        let blank = sign(&SigningRequest { query: "A=1", body: b"&", ..POST }, &KEY).expect("valid");
        assert_eq!(blank.canonical_query(), "A=1");
    }

    #[test]
    fn what_is_signed_or_not_a_form_is_refused() {
        let refused = |query, body| sign(&SigningRequest { query, body, ..POST }, &KEY).expect_err("refused");
        assert_eq!(refused("A=1&Signature=x", b""), SignError::AlreadySigned);
        assert_eq!(refused("", b"Signature=x"), SignError::AlreadySigned);
        assert_eq!(refused("", b"\xff"), SignError::NotUtf8 { part: "body" });
        assert!(matches!(refused("", b"a=%2"), SignError::InvalidEscape { part: "body", .. }));
    }
}
