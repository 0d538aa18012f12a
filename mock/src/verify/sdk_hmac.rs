//! `SDK-HMAC-SHA256`: <https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-provide.html>, and login tokens.
//!
//! Messages: <https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html> and what the gateway answers in
//! public issue threads: <https://github.com/huaweicloud/huaweicloud-sdk-nodejs-v3/issues/2> (a wrong signature, with the
//! canonical request), <https://github.com/huaweicloud/huaweicloud-sdk-java-v3/issues/44> (a date that is too old),
//! <https://github.com/jeessy2/ddns-go/issues/844> (an unknown key).

use std::fmt;

use bytes::Bytes;
use http::Request;

use super::wire::{self, Authorization, SignedHeaders};
use super::{Verifier, clock, digest, encoding};
use crate::keys::AccessKey;
use crate::refusal::Refusal;

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const DATE: &str = "x-sdk-date";
const CONTENT_HASH: &str = "x-sdk-content-sha256";
const SECURITY_TOKEN: &str = "x-security-token";
const LOGIN_TOKEN: &str = "x-auth-token";

pub(super) fn verify(verifier: &Verifier, request: &Request<Bytes>, now: i64) -> Result<(), Refusal> {
    match wire::authorization(request) {
        Some(authorization) => verify_signature(verifier, request, authorization, now),
        None => verify_login(verifier, request),
    }
}

fn refuse(reason: impl fmt::Display) -> Refusal {
    Refusal::new(401, "APIGW.0301", format!("Incorrect IAM authentication information: {reason}"))
}

fn verify_login(verifier: &Verifier, request: &Request<Bytes>) -> Result<(), Refusal> {
    match request.headers().get(LOGIN_TOKEN) {
        None => Err(refuse("x-auth-token not found")),
        Some(token) if verifier.login_tokens.iter().any(|known| known.as_bytes() == token.as_bytes()) => Ok(()),
        Some(_) => Err(refuse("decrypt token fail")),
    }
}

fn verify_signature(
    verifier: &Verifier,
    request: &Request<Bytes>,
    authorization: Result<&str, ()>,
    now: i64,
) -> Result<(), Refusal> {
    let form = "`SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;b, Signature=HEX`";
    let malformed = || refuse(format_args!("the header Authorization is not {form}"));
    let text = authorization.map_err(|()| malformed())?;
    let algorithm = text.split_whitespace().next().unwrap_or_default();
    if algorithm != ALGORITHM {
        return Err(refuse(format_args!("algorithm {algorithm:?} not supported, this stand-in verifies {ALGORITHM}")));
    }
    let authorization = Authorization::parse(text).ok_or_else(malformed)?;
    let field = |name| authorization.field(name).ok_or_else(malformed);
    let (id, list, signature) = (field("Access")?, field("SignedHeaders")?, field("Signature")?);
    let key = verifier.key(id).ok_or_else(|| refuse(format_args!("ak {id} not exist")))?;
    check_date(request, now)?;
    let signed = SignedHeaders::new(list);
    if !signed.contains(DATE) {
        return Err(refuse("x-sdk-date has to be in SignedHeaders"));
    }
    if let Some(name) = signed.absent_from(request) {
        return Err(refuse(format_args!("SignedHeaders lists {name:?}, which the request has not")));
    }
    check_token(key, request, &signed)?;

    let hosts = wire::hosts(request);
    let hashes = payload_hashes(request);
    let readings: Vec<Signing> =
        hashes.iter().flat_map(|hash| hosts.iter().map(|host| Signing::new(request, &signed, hash, host))).collect();
    let holds = |reading: &Signing| {
        digest::same(&digest::hmac_sha256_hex(key.secret.as_bytes(), reading.string_to_sign.as_bytes()), signature)
    };
    if !readings.iter().any(holds) {
        return Err(readings.first().map_or_else(malformed, Signing::mismatch));
    }
    match wire::header(request, CONTENT_HASH) {
        Some(sent) if !hashes.iter().any(|hash| hash == sent) => Err(refuse(format_args!(
            "verify aksk signature fail, {CONTENT_HASH} is {sent:?}, and the SHA-256 of the received body is {}",
            digest::sha256_hex(request.body())
        ))),
        _ => Ok(()),
    }
}

fn check_date(request: &Request<Bytes>, now: i64) -> Result<(), Refusal> {
    let text = wire::header(request, DATE).ok_or_else(|| refuse("calc aksk signature fail:x-sdk-date not found"))?;
    let Some(date) = clock::basic(text) else {
        return Err(refuse(format_args!(
            "calc aksk signature fail:x-sdk-date {text:?} is not written as e.g. 20241216T080000Z"
        )));
    };
    if clock::is_near(date, now) {
        return Ok(());
    }
    let server_time = clock::to_basic(now);
    Err(refuse(format_args!(
        "calc aksk signature fail:signature expired, signature time:{text},server time:{server_time}"
    )))
}

/// A temporary key is unknown without its token: <https://github.com/iits-consulting/otc-auth/issues/139>.
fn check_token(key: &AccessKey, request: &Request<Bytes>, signed: &SignedHeaders<'_>) -> Result<(), Refusal> {
    let found = request.headers().get(SECURITY_TOKEN).map(|token| token.as_bytes()).filter(|token| !token.is_empty());
    match (&key.token, found) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(refuse(format_args!("ak {} not exist", key.id))),
        (Some(token), Some(found)) if token.as_bytes() == found => match signed.contains(SECURITY_TOKEN) {
            true => Ok(()),
            false => Err(refuse("x-security-token has to be in SignedHeaders")),
        },
        (_, Some(_)) => Err(refuse("decrypt token fail")),
    }
}

/// What may stand for the body: its hash, or `UNSIGNED-PAYLOAD` where the request says so. The Python SDK takes the header only
/// where there is a body, the others always.
fn payload_hashes(request: &Request<Bytes>) -> Vec<String> {
    let hash = digest::sha256_hex(request.body());
    match wire::header(request, CONTENT_HASH) {
        Some(UNSIGNED) if request.body().is_empty() => vec![hash, UNSIGNED.to_owned()],
        Some(UNSIGNED) => vec![UNSIGNED.to_owned()],
        _ => vec![hash],
    }
}

struct Signing {
    canonical_request: Vec<u8>,
    string_to_sign: String,
}

impl Signing {
    fn new(request: &Request<Bytes>, signed: &SignedHeaders<'_>, hash: &str, host: &str) -> Self {
        let query = encoding::parameters(request.uri().query().unwrap_or_default().as_bytes());
        let mut path = encoding::canonical_path(request.uri().path());
        if !path.ends_with('/') {
            path.push('/');
        }
        let query = encoding::canonical_query(query);
        let mut canonical_request = format!("{}\n{path}\n{query}\n", request.method()).into_bytes();
        for name in &signed.names {
            let mut values = wire::header_values(request, name, host);
            values.sort();
            for value in values {
                canonical_request.extend_from_slice(name.as_bytes());
                canonical_request.push(b':');
                canonical_request.extend_from_slice(&value);
                canonical_request.push(b'\n');
            }
        }
        canonical_request.extend_from_slice(format!("\n{}\n{hash}", signed.list).as_bytes());
        let date = wire::header(request, DATE).unwrap_or_default();
        let string_to_sign = format!("{ALGORITHM}\n{date}\n{}", digest::sha256_hex(&canonical_request));
        Self { canonical_request, string_to_sign }
    }

    fn mismatch(&self) -> Refusal {
        let canonical_request = String::from_utf8_lossy(&self.canonical_request).replace('\n', "|");
        refuse(format_args!("verify aksk signature fail, canonicalRequest:{canonical_request}"))
            .with("string_to_sign", self.string_to_sign.clone())
    }
}
