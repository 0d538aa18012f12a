//! Who says to be asking.

use bytes::Bytes;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

/// The most characters of an id that are of interest.
const MOST_CHARS: usize = 128;

/// The id of the access key that a request names, whether it is known or not.
pub(crate) fn claimed_key_id(request: &http::Request<Bytes>) -> Option<String> {
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let id = authorization
        .and_then(in_authorization)
        .or_else(|| in_pairs(request.uri().query()?))
        .or_else(|| in_pairs(form(request)?))?;
    Some(percent_decode_str(id).decode_utf8_lossy().chars().take(MOST_CHARS).collect())
}

/// `Credential=` of Alibaba, `Access=` of Huawei, `q-ak=` of Tencent.
fn in_authorization(text: &str) -> Option<&str> {
    let mut parts = text.split([' ', ',', '&']);
    parts.find_map(|part| ["Credential=", "Access=", "q-ak="].iter().find_map(|name| part.strip_prefix(name)))
}

fn in_pairs(text: &str) -> Option<&str> {
    text.split('&').find_map(|pair| pair.strip_prefix("AccessKeyId=").or_else(|| pair.strip_prefix("q-ak=")))
}

/// The body, where it is a form.
pub(super) fn form(request: &http::Request<Bytes>) -> Option<&str> {
    let kind = request.headers().get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    let is_form = kind.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    std::str::from_utf8(request.body()).ok().filter(|_| is_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_is_read() {
        for (authorization, target, body, expected) in [
            (Some("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=s"), "/", "", Some("a")),
            (Some("SDK-HMAC-SHA256 Access=b, SignedHeaders=host, Signature=s"), "/v2/p", "", Some("b")),
            (Some("q-sign-algorithm=sha1&q-ak=c&q-signature=s"), "/jobs", "", Some("c")),
            (None, "/?Action=X&AccessKeyId=d%2Be&Signature=s", "", Some("d+e")),
            (None, "/jobs?q-sign-algorithm=sha1&q-ak=f", "", Some("f")),
            (None, "/", "Action=X&AccessKeyId=g", Some("g")),
            (Some("Bearer x"), "/", "", None),
        ] {
            let mut request =
                http::Request::builder().uri(target).header("content-type", "application/x-www-form-urlencoded");
            request = authorization.into_iter().fold(request, |request, value| request.header(AUTHORIZATION, value));
            let found = claimed_key_id(&request.body(Bytes::from(body)).unwrap());
            assert_eq!(found.as_deref(), expected, "{authorization:?} {target} {body}");
        }
    }
}
