//! Huawei Cloud `SDK-HMAC-SHA256`, the AK/SK signature of VAS and the other API gateway services.
//!
//! Facts: the signer of the official Python SDK (huaweicloudsdkcore 3.1.219) and the worked example
//! of the vendor's signing guide, which is the one below. Older pages show an `Authorization` with
//! `Credential=`; current SDKs send `Access=`, as here.
//!
//! * The canonical URI is the path decoded once and encoded again segment by segment, with a `/` at
//!   its end that the path on the wire need not have. A segment separator that came as `%2F` counts
//!   as `/`.
//! * The canonical query is sorted by name, then value, before encoding; the SDK sends that very
//!   text as its query. `+` on the wire is a space, as the official Go signer reads it; the SDKs
//!   send none.
//! * Header names with `_` are not signed, although they may be sent. The vendor's SDKs cannot
//!   repeat a header; a repeated one has one line for each value here, values sorted.
//! * The key is the secret itself, without scope or derivation.

use super::canonical::{self, Scheme, Uri};
use super::hash::{self, EMPTY_SHA256};
use super::headers::{self, Repeats, Underscore};
use super::{AccessKey, CanonicalSignature, SignError, SigningRequest};

/// The algorithm's name, with which string to sign and `Authorization` begin.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// Signs a request; its time is the one in the header `X-Sdk-Date`.
///
/// The payload hash is that of `request.body`. With a body, a non-empty `X-Sdk-Content-Sha256` (the
/// SDK's `UNSIGNED-PAYLOAD`) stands in its place.
///
/// ```
/// use mediajobs_runtime::sign::{AccessKey, SigningRequest, sdk_hmac};
///
/// let request = SigningRequest {
///     method: "GET",
///     path: "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
///     query: "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
///     headers: &[
///         ("Content-Type", "application/json"),
///         ("Host", "service.region.example.com"),
///         ("X-Sdk-Date", "20191115T033655Z"),
///     ],
///     body: b"",
/// };
/// let key = AccessKey::new("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
/// let signed = sdk_hmac::sign(&request, &key)?;
/// assert_eq!(
///     signed.signature(),
///     "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
/// );
/// # Ok::<(), mediajobs_runtime::sign::SignError>(())
/// ```
///
/// # Errors
///
/// The request or key cannot be signed, or `X-Sdk-Date` is missing, repeated or not of the form
/// `YYYYMMDDTHHMMSSZ`.
pub fn sign(request: &SigningRequest<'_>, key: &AccessKey<'_>) -> Result<CanonicalSignature, SignError> {
    key.check()?;
    request.check()?;
    let date = headers::single(request.headers, "x-sdk-date")?
        .ok_or(SignError::MissingHeader { name: "x-sdk-date", scheme: ALGORITHM })?;
    if !is_basic_utc(date) {
        return Err(SignError::InvalidDate { found: date.to_owned() });
    }
    let stand_in = headers::single(request.headers, "x-sdk-content-sha256")?.filter(|value| !value.is_empty());
    let hashed;
    let payload = match stand_in {
        _ if request.body.is_empty() => EMPTY_SHA256,
        Some(value) => value,
        None => {
            hashed = hash::sha256(request.body);
            hashed.as_str()
        }
    };
    let scheme = Scheme {
        algorithm: ALGORITHM,
        date: Some(date),
        credential: " Access=",
        separator: ", ",
        uri: Uri::Normalized,
        underscore: Underscore::Skipped,
        repeats: Repeats::Lines,
    };
    canonical::sign(request, key, &scheme, payload)
}

/// Whether a text is a real time of the form `YYYYMMDDTHHMMSSZ`.
fn is_basic_utc(date: &str) -> bool {
    let shaped = date.len() == 16
        && date.bytes().enumerate().all(|(index, byte)| match index {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    shaped && jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: AccessKey<'_> = AccessKey::new("id", "secret");
    const DATE: (&str, &str) = ("X-Sdk-Date", "20260102T030405Z");
    const GET: SigningRequest<'_> = SigningRequest { method: "GET", path: "/", query: "", headers: &[DATE], body: b"" };

    #[test]
    fn the_date_is_required_once_and_well_formed() {
        let with = |headers: &[(&str, &str)]| sign(&SigningRequest { headers, ..GET }, &KEY).map(|_| ());
        assert_eq!(with(&[DATE]), Ok(()));
        assert_eq!(with(&[("x-sdk-date", " 20260102T030405Z\t")]), Ok(()));
        assert_eq!(with(&[]), Err(SignError::MissingHeader { name: "x-sdk-date", scheme: ALGORITHM }));
        assert_eq!(with(&[DATE, DATE]), Err(SignError::RepeatedHeader { name: "x-sdk-date" }));
        for found in
            ["", "2026-01-02T03:04:05Z", "20260102T030405", "20261302T030405Z", "20260102T250405Z", "é260102T03040Z"]
        {
            assert_eq!(with(&[("x-sdk-date", found)]), Err(SignError::InvalidDate { found: found.to_owned() }));
        }
    }

    #[test]
    fn the_content_hash_header_counts_only_with_a_body() {
        let hash = |value: &str, body: &[u8]| {
            let headers = [DATE, ("x-sdk-content-sha256", value)];
            let signed = sign(&SigningRequest { headers: &headers, body, ..GET }, &KEY).expect("a valid request");
            signed.hashed_payload().to_owned()
        };
        assert_eq!(hash("UNSIGNED-PAYLOAD", b"x"), "UNSIGNED-PAYLOAD");
        assert_eq!(hash("UNSIGNED-PAYLOAD", b""), EMPTY_SHA256);
        assert_eq!(hash("", b"x"), hash::sha256(b"x").as_str());
    }

    #[test]
    fn the_canonical_uri_ends_in_one_slash_and_is_encoded_once() {
        let uri = |path| sign(&SigningRequest { path, ..GET }, &KEY).expect("a valid path").canonical_uri().to_owned();
        assert_eq!(uri(""), "/");
        assert_eq!(uri("/"), "/");
        assert_eq!(uri("/a/"), "/a/");
        assert_eq!(uri("/%61%2fb+c%2B%7E%7e/é"), "/a/b%2Bc%2B~~/%C3%A9/");
        assert_eq!(sign(&SigningRequest { path: "/%FF", ..GET }, &KEY), Err(SignError::NotUtf8 { part: "path" }));
    }

    #[test]
    fn a_repeated_header_has_a_line_for_each_value() {
        let headers = [("x-b", "2"), DATE, ("X-B", "1"), ("x_b", "0")];
        let signed = sign(&SigningRequest { headers: &headers, ..GET }, &KEY).expect("a valid request");
        assert_eq!(signed.canonical_headers(), "x-b:1\nx-b:2\nx-sdk-date:20260102T030405Z\n");
        assert_eq!(signed.signed_headers(), "x-b;x-sdk-date");
    }
}
