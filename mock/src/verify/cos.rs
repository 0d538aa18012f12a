//! `q-sign-algorithm=sha1`: <https://cloud.tencent.com/document/product/436/7778>.
//!
//! Codes and messages: <https://www.tencentcloud.com/document/product/436/40105> and what the service answers in public issue
//! threads: <https://github.com/Molunerfinn/PicGo/issues/638> (a wrong signature),
//! <https://github.com/tencentyun/cos-php-sdk-v5/issues/57> (an unknown key),
//! <https://github.com/tencentyun/cos-php-sdk-v5/pull/153> (a window that is over).

use std::collections::HashMap;

use bytes::Bytes;
use http::Request;

use super::cos_fields::{Absent, Fields, Window};
use super::{SKEW, Verifier, digest, encoding, wire};
use crate::keys::AccessKey;
use crate::refusal::Refusal;

/// The names under which a token is sent, as a header or as a parameter of a presigned URL.
const TOKENS: [&str; 2] = ["x-ci-security-token", "x-cos-security-token"];

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

pub(super) fn verify(verifier: &Verifier, request: &Request<Bytes>, now: i64) -> Result<(), Refusal> {
    let fields = Fields::of(request).map_err(|absent| match absent {
        Absent::Unsigned => Refusal::new(403, "AccessDenied", "Access Denied."),
        Absent::Malformed(field) => invalid(format!("{field} is missing, malformed or there twice")),
        Absent::Algorithm(found) => invalid(format!("q-sign-algorithm is {found:?}, this stand-in verifies \"sha1\"")),
    })?;
    let key = verifier.key(&fields.key_id).ok_or_else(unknown_key)?;
    check_time(&fields, now)?;
    let query = encoding::parameters(request.uri().query().unwrap_or_default().as_bytes());
    check_token(key, request, &query)?;

    let mut shown = None;
    for http_string in http_strings(request, &fields, query) {
        // The documents and the Go SDK sign the time of the key, the Node and .NET SDKs that of the signature; they differ only
        // where a client asks for it.
        for window in [&fields.key_time, &fields.sign_time] {
            let sign_key = digest::hmac_sha1_hex(key.secret.as_bytes(), fields.key_time.text.as_bytes());
            let string_to_sign = format!("sha1\n{}\n{}\n", window.text, digest::sha1_hex(&http_string.text));
            let signature = digest::hmac_sha1_hex(sign_key.as_bytes(), string_to_sign.as_bytes());
            if http_string.is_whole && digest::same(&signature, &fields.signature) {
                return Ok(());
            }
            shown.get_or_insert_with(|| (string_to_sign, http_string.text.clone()));
        }
    }
    let (string_to_sign, format_string) = shown.unwrap_or_default();
    Err(Refusal::new(403, "SignatureDoesNotMatch", "The Signature you specified is invalid.")
        .with("StringToSign", string_to_sign)
        .with("FormatString", String::from_utf8_lossy(&format_string)))
}

/// Source: <https://cloud.tencent.com/document/api/1545/65185>.
fn invalid(reason: String) -> Refusal {
    Refusal::new(401, "InvalidAuthorization", format!("The signature is malformed: {reason}."))
}

fn unknown_key() -> Refusal {
    Refusal::new(403, "InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records")
}

/// A window may begin as much later as clocks may differ, and is over when it is over.
fn check_time(fields: &Fields, now: i64) -> Result<(), Refusal> {
    let windows = [&fields.sign_time, &fields.key_time];
    if windows.iter().any(|window: &&Window| window.end < now) {
        return Err(Refusal::new(403, "AccessDenied", "Request has expired"));
    }
    if windows.iter().any(|window| window.start > now.saturating_add(SKEW)) {
        let message = "The difference between the request time and the current time is too large.";
        return Err(Refusal::new(403, "RequestTimeTooSkewed", message));
    }
    Ok(())
}

/// The token does not have to be signed: the Java, .NET and PHP SDKs add it when they have signed.
///
/// Without its token, a temporary key is one that is not known. For a wrong token no code is documented; this is the
/// nearest one.
fn check_token(key: &AccessKey, request: &Request<Bytes>, query: &Pairs) -> Result<(), Refusal> {
    let in_headers = TOKENS.iter().filter_map(|name| request.headers().get(*name)).map(|value| value.as_bytes());
    let in_query = query.iter().filter(|(name, _)| TOKENS.iter().any(|token| name == token.as_bytes()));
    let mut found: Vec<&[u8]> = in_headers.chain(in_query.map(|(_, value)| value.as_slice())).collect();
    found.retain(|token| !token.is_empty());
    let denied = |reason: &str| Err(Refusal::new(403, "AccessDenied", format!("Access Denied. {reason}")));
    match &key.token {
        None if found.is_empty() => Ok(()),
        None => denied("This key has no security token."),
        Some(_) if found.is_empty() => Err(unknown_key()),
        Some(token) if found.iter().all(|found| *found == token.as_bytes()) => Ok(()),
        Some(_) => denied("The security token is not that of the key."),
    }
}

struct HttpString {
    text: Vec<u8>,
    /// Whether the request has just what is listed.
    is_whole: bool,
}

/// What the client may have signed: with each reading of the host, and with its lists sorted, as documented, or as they are,
/// since the Node SDK sorts by the names before they are encoded.
fn http_strings(request: &Request<Bytes>, fields: &Fields, query: Pairs) -> Vec<HttpString> {
    let parameters = Listed::new(query);
    let mut strings = Vec::new();
    for host in wire::hosts(request) {
        let mut headers = Pairs::new();
        for name in request.headers().keys() {
            let values = wire::header_values(request, name.as_str(), &host);
            headers.extend(values.into_iter().map(|value| (name.as_str().as_bytes().to_vec(), value)));
        }
        let headers = Listed::new(headers);
        for is_sorted in [true, false] {
            let (parameters, has_parameters) = parameters.pairs(&fields.parameter_list, is_sorted);
            let (headers, has_headers) = headers.pairs(&fields.header_list, is_sorted);
            let mut text = format!("{}\n", request.method().as_str().to_ascii_lowercase()).into_bytes();
            text.extend(encoding::decode_path(request.uri().path().as_bytes()));
            text.extend(format!("\n{parameters}\n{headers}\n").into_bytes());
            strings.push(HttpString { text, is_whole: has_parameters && has_headers });
        }
    }
    strings
}

/// What may be listed: encoded values, sorted, by decoded lower-case name.
struct Listed(HashMap<Vec<u8>, Vec<String>>);

impl Listed {
    fn new(pairs: Pairs) -> Self {
        let mut by_name = HashMap::<Vec<u8>, Vec<String>>::new();
        for (name, value) in pairs {
            by_name.entry(name.to_ascii_lowercase()).or_default().push(encoding::encode(&value));
        }
        by_name.values_mut().for_each(|values| values.sort());
        Self(by_name)
    }

    /// The listed pairs, and whether each name is there as often as it is listed. A name that is listed several times takes
    /// its values in order.
    fn pairs(&self, list: &[String], is_sorted: bool) -> (String, bool) {
        let mut list: Vec<(String, Vec<u8>)> = list
            .iter()
            .map(|name| (written(name), encoding::decode_path(name.as_bytes()).to_ascii_lowercase()))
            .collect();
        if is_sorted {
            list.sort();
        }
        let mut taken = HashMap::<&[u8], usize>::new();
        let mut is_whole = true;
        let mut pairs = Vec::with_capacity(list.len());
        for (written, name) in &list {
            let values = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
            let place = taken.entry(name).or_default();
            let value = values.get(*place);
            *place += 1;
            is_whole &= value.is_some();
            pairs.push(format!("{written}={}", value.map_or("", String::as_str)));
        }
        is_whole &= taken.iter().all(|(name, count)| self.0.get(*name).is_some_and(|values| values.len() == *count));
        (pairs.join("&"), is_whole)
    }
}

/// A listed name as it is signed: in lower case but for its escapes, which stay as the client wrote them, since some SDKs
/// encode names before and some after they make them lower-case.
fn written(name: &str) -> String {
    if !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return encoding::encode(name.as_bytes()).to_ascii_lowercase();
    }
    let mut digits = 0;
    let lower = |letter: char| {
        let is_escape = letter == '%' || digits > 0;
        digits = if letter == '%' { 2 } else { u32::saturating_sub(digits, 1) };
        if is_escape { letter } else { letter.to_ascii_lowercase() }
    };
    name.chars().map(lower).collect()
}
