//! What both signatures of ICE's gateway have in common.
//!
//! Codes and messages: <https://help.aliyun.com/document_detail/48054.html>, and what the gateway answers in public issue
//! threads, e.g. <https://github.com/denverdino/aliyungo/issues/204> (`MissingSecurityToken`).

use bytes::Bytes;
use http::Request;

use super::{Verifier, acs3, clock, rpc_v1, wire};
use crate::keys::AccessKey;
use crate::refusal::Refusal;

pub(super) fn verify(verifier: &Verifier, request: &Request<Bytes>, now: i64) -> Result<(), Refusal> {
    if let Some(authorization) = wire::authorization(request) {
        return acs3::verify(verifier, request, authorization, now);
    }
    let parameters = rpc_v1::parameters(request);
    if rpc_v1::is_signed(&parameters) {
        return rpc_v1::verify(verifier, request, parameters, now);
    }
    Err(missing("AccessKeyId"))
}

pub(super) fn missing(parameter: &str) -> Refusal {
    Refusal::new(400, format!("Missing{parameter}"), format!("{parameter} is mandatory for this action."))
}

pub(super) fn incomplete(reason: impl std::fmt::Display) -> Refusal {
    let message = format!("The request signature does not conform to Aliyun standards: {reason}.");
    Refusal::new(400, "IncompleteSignature", message)
}

pub(super) fn wrong_method(found: &str, expected: &str) -> Refusal {
    let message =
        format!("Specified signature method is not valid: found {found:?}, this stand-in verifies {expected}.");
    Refusal::new(400, "InvalidSignatureMethod", message)
}

/// The key of an id.
pub(super) fn key<'a>(verifier: &'a Verifier, id: &str) -> Result<&'a AccessKey, Refusal> {
    verifier
        .key(id)
        .ok_or_else(|| Refusal::new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."))
}

/// The time of a date that is written as it should be and is not too far from now.
pub(super) fn date(text: &str, now: i64) -> Result<i64, Refusal> {
    let Some(date) = clock::extended(text) else {
        let message = "Specified time stamp or date value is not well formatted: expected e.g. 2024-12-16T08:00:00Z.";
        return Err(Refusal::new(400, "InvalidTimeStamp.Format", message));
    };
    if clock::is_near(date, now) {
        Ok(date)
    } else {
        let message = "Specified time stamp or date value is expired.";
        Err(Refusal::new(400, "InvalidTimeStamp.Expired", message))
    }
}

/// Whether the token is the key's. An empty one is none: some SDKs always send the parameter.
pub(super) fn token(key: &AccessKey, found: Option<&[u8]>) -> Result<(), Refusal> {
    let mismatch = |message| Err(Refusal::new(400, "InvalidSecurityToken.MismatchWithAccessKey", message));
    match (&key.token, found.filter(|token| !token.is_empty())) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(missing("SecurityToken")),
        (Some(token), Some(found)) if token.as_bytes() == found => Ok(()),
        (Some(_), Some(_)) => mismatch("Specified SecurityToken mismatch with the AccessKey."),
        (None, Some(_)) => mismatch("Specified SecurityToken mismatch with the AccessKey: this AccessKey has none."),
    }
}

/// Counts the nonce of a request whose signature holds.
pub(super) fn nonce(verifier: &Verifier, key: &AccessKey, nonce: &[u8], now: i64, date: i64) -> Result<(), Refusal> {
    if verifier.take_nonce(key, nonce, now, date) {
        Ok(())
    } else {
        Err(Refusal::new(400, "SignatureNonceUsed", "Specified signature nonce was used already."))
    }
}
