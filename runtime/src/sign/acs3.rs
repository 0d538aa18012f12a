//! Alibaba Cloud `ACS3-HMAC-SHA256`, the signature of ICE and the other OpenAPI services.
//!
//! Facts: the vendor page "V3 request structure and signature", whose worked example is the one
//! below, and the signing function of the official Python SDK (alibabacloud_tea_openapi 0.4.6).
//!
//! * The canonical URI is the path as sent; ICE always has `/`.
//! * The canonical query has every parameter, decoded from the wire (`+` is a space) and encoded
//!   again, sorted by name by code point. The vendor says nothing on a repeated name; here its
//!   values are sorted too.
//! * A header that occurs more than once is one line, its trimmed values sorted and joined with
//!   `,`.
//! * The key is the secret itself, without scope or derivation.
//!
//! The server wants `host`, every `x-acs-*` header and, with a body, `content-type` signed; more
//! may be.

use super::canonical::{self, Scheme, Uri};
use super::hash::{self, EMPTY_SHA256};
use super::headers::{self, Repeats, Underscore};
use super::{AccessKey, CanonicalSignature, SignError, SigningRequest};

/// The algorithm's name, with which string to sign and `Authorization` begin.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Signs a request.
///
/// The payload hash is that of `request.body`; [`content_sha256`] gives the same for the header
/// `x-acs-content-sha256`.
///
/// ```
/// use mediajobs_runtime::sign::{AccessKey, SigningRequest, acs3};
///
/// let request = SigningRequest {
///     method: "POST",
///     path: "/",
///     query: "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
///     headers: &[
///         ("host", "ecs.cn-shanghai.aliyuncs.com"),
///         ("x-acs-action", "RunInstances"),
///         ("x-acs-content-sha256", &acs3::content_sha256(b"")),
///         ("x-acs-date", "2023-10-26T10:22:32Z"),
///         ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
///         ("x-acs-version", "2014-05-26"),
///     ],
///     body: b"",
/// };
/// let key = AccessKey::new("YourAccessKeyId", "YourAccessKeySecret");
/// let signed = acs3::sign(&request, &key)?;
/// assert_eq!(
///     signed.signature(),
///     "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
/// );
/// # Ok::<(), mediajobs_runtime::sign::SignError>(())
/// ```
///
/// # Errors
///
/// The request or key cannot be signed, or `x-acs-content-sha256` is not the hash of the body: the
/// server would refuse it.
pub fn sign(request: &SigningRequest<'_>, key: &AccessKey<'_>) -> Result<CanonicalSignature, SignError> {
    key.check()?;
    request.check()?;
    let hashed;
    let payload = if request.body.is_empty() {
        EMPTY_SHA256
    } else {
        hashed = hash::sha256(request.body);
        hashed.as_str()
    };
    if let Some(found) = headers::values(request.headers, "x-acs-content-sha256").find(|&value| value != payload) {
        return Err(SignError::PayloadHashMismatch { found: found.to_owned(), expected: payload.to_owned() });
    }
    let scheme = Scheme {
        algorithm: ALGORITHM,
        date: None,
        credential: " Credential=",
        separator: ",",
        uri: Uri::AsSent,
        underscore: Underscore::Signed,
        repeats: Repeats::Joined,
    };
    canonical::sign(request, key, &scheme, payload)
}

/// The value of `x-acs-content-sha256` for a body: its SHA-256 in lower-case hexadecimal.
pub fn content_sha256(body: &[u8]) -> String {
    if body.is_empty() { EMPTY_SHA256.to_owned() } else { hash::sha256(body).as_str().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: AccessKey<'_> = AccessKey::new("id", "secret");
    const GET: SigningRequest<'_> = SigningRequest { method: "GET", path: "/", query: "", headers: &[], body: b"" };

    #[test]
    fn the_content_hash_header_must_match_the_body() {
        let hash = content_sha256(b"a=1");
        let headers = [("X-Acs-Content-Sha256", hash.as_str())];
        let request = SigningRequest { headers: &headers, body: b"a=1", ..GET };
        assert_eq!(sign(&request, &KEY).expect("a match").hashed_payload(), hash);
        let other = SigningRequest { body: b"a=2", ..request };
        let expected = content_sha256(b"a=2");
        assert_eq!(sign(&other, &KEY), Err(SignError::PayloadHashMismatch { found: hash.clone(), expected }));
        let upper = hash.to_ascii_uppercase();
        let headers = [("x-acs-content-sha256", upper.as_str())];
        assert!(sign(&SigningRequest { headers: &headers, ..request }, &KEY).is_err());
    }

    #[test]
    fn method_and_empty_path_become_canonical() {
        let signed = sign(&SigningRequest { method: "get", path: "", ..GET }, &KEY).expect("a valid request");
        assert_eq!(signed.canonical_request(), format!("GET\n/\n\n\n\n{EMPTY_SHA256}"));
        assert_eq!(signed.canonical_uri(), "/");
        let kept = sign(&SigningRequest { path: "/a%2fb*", ..GET }, &KEY).expect("a valid request");
        assert_eq!(kept.canonical_uri(), "/a%2fb*");
    }

    #[test]
    fn keys_and_requests_that_cannot_be_signed() {
        let refused = |request: &SigningRequest<'_>, key: &AccessKey<'_>| sign(request, key).expect_err("refused");
        assert_eq!(refused(&GET, &AccessKey::new("", "s")), SignError::EmptyKeyId);
        assert_eq!(refused(&GET, &AccessKey::new("id", "")), SignError::EmptySecret);
        assert_eq!(refused(&GET, &AccessKey::new("i,d", "s")), SignError::InvalidKeyId { found: ',' });
        assert_eq!(refused(&GET, &AccessKey::new("id\n", "s")), SignError::InvalidKeyId { found: '\n' });
        assert_eq!(
            refused(&SigningRequest { method: "G T", ..GET }, &KEY),
            SignError::InvalidMethod { found: "G T".to_owned() }
        );
        assert_eq!(refused(&SigningRequest { path: "a", ..GET }, &KEY), SignError::RelativePath);
        assert_eq!(
            refused(&SigningRequest { path: "/a?b", ..GET }, &KEY),
            SignError::InvalidTarget { part: "path", offset: 2, found: '?' }
        );
        assert_eq!(
            refused(&SigningRequest { query: "a=1\n", ..GET }, &KEY),
            SignError::InvalidTarget { part: "query", offset: 3, found: '\n' }
        );
        assert_eq!(
            refused(&SigningRequest { headers: &[("Authorization", "x")], ..GET }, &KEY),
            SignError::AuthorizationHeader
        );
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let key = AccessKey::new("id", "very-secret");
        let headers = [("x-acs-security-token", "session-token")];
        let request = SigningRequest { headers: &headers, ..GET };
        let signed = sign(&request, &key).expect("a valid request");
        assert!(signed.canonical_request().contains("session-token"));
        let shown = format!("{key:?} {request:?} {signed:?}");
        for hidden in ["very-secret", "session-token", signed.signature()] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        assert!(shown.contains("x-acs-security-token"));
    }
}
