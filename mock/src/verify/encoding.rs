//! Text on the wire to bytes, and bytes to the one encoding that all four schemes sign.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// What is encoded: everything but letters, digits and `-_.~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub(super) fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, ENCODED).to_string()
}

/// Decodes a path, where `+` is a plus. A `%` without two digits behind it stands for itself.
pub(super) fn decode_path(text: &[u8]) -> Vec<u8> {
    percent_decode(text).collect()
}

/// Decodes a name or a value of a query or form, where `+` is a space: the SDKs of several languages send it so.
pub(super) fn decode_parameter(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    percent_decode(&spaced).collect()
}

/// The decoded names and values of a query or form, in their order. A name without `=` has the empty value.
pub(super) fn parameters(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    text.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |&byte| byte == b'=');
            let name = halves.next().unwrap_or_default();
            (decode_parameter(name), decode_parameter(halves.next().unwrap_or_default()))
        })
        .collect()
}

/// The parameters sorted by name, then value, encoded, as `name=value` joined with `&`: what ICE and VAS sign.
pub(super) fn canonical_query(mut parameters: Vec<(Vec<u8>, Vec<u8>)>) -> String {
    parameters.sort();
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// The path decoded once as a whole, and then each segment encoded: an escaped slash is one like any other.
pub(super) fn canonical_path(path: &str) -> String {
    let decoded = decode_path(path.as_bytes());
    let segments: Vec<String> = decoded.split(|&byte| byte == b'/').map(encode).collect();
    segments.join("/")
}
