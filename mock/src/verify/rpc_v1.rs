//! The older RPC signature, `HMAC-SHA1` over all parameters of query and form, as the SDKs before ACS3 make it:
//! `aliyun-python-sdk-core` and `alibaba-cloud-sdk-go` send the signature in the query, `@alicloud/pop-core` in the form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;

use super::{Verifier, digest, encoding, ice, wire};
use crate::refusal::Refusal;

const METHOD: &str = "HMAC-SHA1";
const VERSION: &str = "1.0";

type Parameters = Vec<(Vec<u8>, Vec<u8>)>;

/// Those of the query, and of the body where it is a form.
pub(super) fn parameters(request: &Request<Bytes>) -> Parameters {
    let mut parameters = encoding::parameters(request.uri().query().unwrap_or_default().as_bytes());
    if wire::is_form(request) {
        parameters.extend(encoding::parameters(request.body()));
    }
    parameters
}

pub(super) fn value<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a [u8]> {
    parameters.iter().find(|(known, _)| known == name.as_bytes()).map(|(_, value)| value.as_slice())
}

/// Whether somebody tried to sign.
pub(super) fn is_signed(parameters: &Parameters) -> bool {
    value(parameters, "Signature").is_some() || value(parameters, "AccessKeyId").is_some()
}

pub(super) fn verify(
    verifier: &Verifier,
    request: &Request<Bytes>,
    parameters: Parameters,
    now: i64,
) -> Result<(), Refusal> {
    let required = |name| match value(&parameters, name) {
        Some(value) if !value.is_empty() => Ok(String::from_utf8_lossy(value).into_owned()),
        _ => Err(ice::missing(name)),
    };
    let (id, signature) = (required("AccessKeyId")?, required("Signature")?);
    let method = required("SignatureMethod")?;
    if method != METHOD {
        return Err(ice::wrong_method(&method, METHOD));
    }
    let version = required("SignatureVersion")?;
    if version != VERSION {
        let message =
            format!("Specified parameter SignatureVersion is not valid: found {version:?}, expected {VERSION}.");
        return Err(Refusal::new(400, "InvalidSignatureVersion", message));
    }
    let key = ice::key(verifier, &id)?;
    let date = ice::date(&required("Timestamp")?, now)?;
    let nonce = required("SignatureNonce")?;
    ice::token(key, value(&parameters, "SecurityToken"))?;

    let mut signed = parameters;
    signed.retain(|(name, _)| name != b"Signature");
    let canonical = encoding::canonical_query(signed);
    let string_to_sign = format!("{}&%2F&{}", request.method(), encoding::encode(canonical.as_bytes()));
    let secret = format!("{}&", key.secret);
    let expected = STANDARD.encode(digest::hmac_sha1(secret.as_bytes(), string_to_sign.as_bytes()));
    if !digest::same(&expected, &signature) {
        let message = format!(
            "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
        );
        return Err(Refusal::new(400, "SignatureDoesNotMatch", message));
    }
    ice::nonce(verifier, key, nonce.as_bytes(), now, date)
}
