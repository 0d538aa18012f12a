//! `ACS3-HMAC-SHA256`: <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>.

use bytes::Bytes;
use http::Request;

use super::wire::{self, Authorization, SignedHeaders};
use super::{Verifier, digest, encoding, ice};
use crate::refusal::Refusal;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
const CONTENT_HASH: &str = "x-acs-content-sha256";

/// Headers that have to be there, and the parameters as which the gateway misses them.
const REQUIRED: [(&str, &str); 3] =
    [("x-acs-date", "Timestamp"), ("x-acs-signature-nonce", "SignatureNonce"), (CONTENT_HASH, "ContentSha256")];

pub(super) fn verify(
    verifier: &Verifier,
    request: &Request<Bytes>,
    authorization: Result<&str, ()>,
    now: i64,
) -> Result<(), Refusal> {
    let form = "the header Authorization is not `ACS3-HMAC-SHA256 Credential=ID,SignedHeaders=a;b,Signature=HEX`";
    let malformed = || ice::incomplete(form);
    let text = authorization.map_err(|()| malformed())?;
    let algorithm = text.split_whitespace().next().unwrap_or_default();
    if algorithm != ALGORITHM {
        return Err(ice::wrong_method(algorithm, ALGORITHM));
    }
    let authorization = Authorization::parse(text).ok_or_else(malformed)?;
    let field = |name| authorization.field(name).ok_or_else(malformed);
    let (id, list, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
    let key = ice::key(verifier, id)?;
    for (header, parameter) in REQUIRED {
        if !request.headers().contains_key(header) {
            return Err(ice::missing(parameter));
        }
    }
    let date = ice::date(wire::header(request, "x-acs-date").unwrap_or_default(), now)?;
    let token = request.headers().get("x-acs-security-token").map(|value| wire::trimmed(value.as_bytes()));
    ice::token(key, token.as_deref())?;

    let signed = SignedHeaders::new(list);
    check_signed(request, &signed)?;
    let hash = digest::sha256_hex(request.body());
    let readings: Vec<Signing> =
        wire::hosts(request).iter().map(|host| Signing::new(request, &signed, &hash, host)).collect();
    let holds = |reading: &Signing| {
        digest::same(&digest::hmac_sha256_hex(key.secret.as_bytes(), reading.string_to_sign.as_bytes()), signature)
    };
    if !readings.iter().any(holds) {
        return Err(readings.first().map_or_else(malformed, Signing::mismatch));
    }
    let sent_hash = wire::header(request, CONTENT_HASH).unwrap_or_default();
    if sent_hash != hash {
        let message = format!(
            "Specified signature does not match our calculation. {CONTENT_HASH} is {sent_hash:?}, and the SHA-256 of the \
             received body is {hash}."
        );
        return Err(Refusal::new(400, "SignatureDoesNotMatch", message));
    }
    let nonce = request.headers().get("x-acs-signature-nonce").map(|value| value.as_bytes()).unwrap_or_default();
    ice::nonce(verifier, key, nonce, now, date)
}

/// The host, every header of the protocol and the type of a body have to be signed, and what is signed has to be there.
fn check_signed(request: &Request<Bytes>, signed: &SignedHeaders<'_>) -> Result<(), Refusal> {
    let must_be_signed = |name: &str| {
        name == "host" || name.starts_with("x-acs-") || name == "content-type" && !request.body().is_empty()
    };
    let names = std::iter::once("host").chain(request.headers().keys().map(http::HeaderName::as_str));
    for name in names.filter(|name| must_be_signed(name)) {
        if !signed.contains(name) {
            return Err(ice::incomplete(format_args!("the header {name} has to be in SignedHeaders")));
        }
    }
    match signed.absent_from(request) {
        None => Ok(()),
        Some(name) => Err(ice::incomplete(format_args!("SignedHeaders lists {name:?}, which the request has not"))),
    }
}

struct Signing {
    canonical_request: Vec<u8>,
    string_to_sign: String,
}

impl Signing {
    fn new(request: &Request<Bytes>, signed: &SignedHeaders<'_>, hash: &str, host: &str) -> Self {
        let query = encoding::parameters(request.uri().query().unwrap_or_default().as_bytes());
        let path = encoding::canonical_path(request.uri().path());
        let query = encoding::canonical_query(query);
        let mut canonical_request = format!("{}\n{path}\n{query}\n", request.method()).into_bytes();
        for name in &signed.names {
            let mut values = wire::header_values(request, name, host);
            values.sort();
            canonical_request.extend_from_slice(name.as_bytes());
            canonical_request.push(b':');
            canonical_request.extend_from_slice(&values.join(&b','));
            canonical_request.push(b'\n');
        }
        canonical_request.extend_from_slice(format!("\n{}\n{hash}", signed.list).as_bytes());
        let string_to_sign = format!("{ALGORITHM}\n{}", digest::sha256_hex(&canonical_request));
        Self { canonical_request, string_to_sign }
    }

    /// The gateway's words, e.g. in <https://github.com/aliyun/alibabacloud-csharp-sdk/issues/40>.
    fn mismatch(&self) -> Refusal {
        let message = format!(
            "Specified signature does not match our calculation. server StringToSign is [{}] server CanonicalRequest is [{}]",
            self.string_to_sign,
            String::from_utf8_lossy(&self.canonical_request)
        );
        Refusal::new(400, "SignatureDoesNotMatch", message)
    }
}
