//! Percent-encoding as all four schemes use it, over `A-Z a-z 0-9 - _ . ~`.
//!
//! Every other byte of the UTF-8 text becomes `%XX` with upper-case hex: a space is `%20`, `*` is
//! `%2A`, `/` is `%2F`. On the way in, a wire query is read as its servers read it: `%XX` is one
//! byte and a raw `+` is a space (the official Alibaba and Tencent Python clients send a space as
//! `+`, and the official Huawei Go signer parses one so). A plus sign travels as `%2B`. In a path
//! `+` is just a plus sign.

use std::cmp::Ordering;

use super::SignError;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    table
};

/// Whether a byte stands for itself in the canonical encoding: `A-Z a-z 0-9 - _ . ~`.
pub const fn is_unreserved(byte: u8) -> bool {
    UNRESERVED[byte as usize]
}

/// Appends the canonical percent-encoding of `text` to `out`.
///
/// ```
/// let mut out = String::new();
/// mediajobs_runtime::sign::percent::encode_into(&mut out, "a b*c~d/é");
/// assert_eq!(out, "a%20b%2Ac~d%2F%C3%A9");
/// ```
pub fn encode_into(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        at = push_unreserved(out, text, at);
        if let Some(&byte) = bytes.get(at) {
            push_escape(out, byte);
            at += 1;
        }
    }
}

/// The percent-decoded form of a wire path, appended to `out`.
pub(super) fn decode_path_into(out: &mut String, path: &str) -> Result<(), SignError> {
    if !path.contains('%') {
        out.push_str(path);
        return Ok(());
    }
    out.push_str(&decode(path, "path", 0, false)?);
    Ok(())
}

/// The wire path decoded once and encoded again; `/` stays, also one that came as `%2F`.
pub(super) fn recode_path_into(out: &mut String, path: &str) -> Result<(), SignError> {
    recode_into(out, path, Part { name: "path", offset: 0, plus_is_space: false, keep_slash: true })
}

/// How the names of the canonical `name=value` pairs are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// As encoded.
    Exact,
    /// Encoded, then lower-cased, escapes included (COS).
    Lower,
}

/// Appends each `name=value` of a form-encoded text in its order, canonically encoded and joined
/// with `&`. A name without `=` has the empty value; empty pieces (`a&&b`) are dropped.
pub(super) fn pairs_into(out: &mut String, text: &str, part: &'static str, names: Names) -> Result<(), SignError> {
    let mut offset = 0;
    let mut first = true;
    for piece in text.split('&') {
        if !piece.is_empty() {
            if !first {
                out.push('&');
            }
            first = false;
            let name_len = piece.find('=').unwrap_or(piece.len());
            let start = out.len();
            let query = |offset| Part { name: part, offset, plus_is_space: true, keep_slash: false };
            recode_into(out, &piece[..name_len], query(offset))?;
            if names == Names::Lower {
                out[start..].make_ascii_lowercase();
            }
            out.push('=');
            if let Some(value) = piece.get(name_len + 1..) {
                recode_into(out, value, query(offset + name_len + 1))?;
            }
        }
        offset += piece.len() + 1;
    }
    Ok(())
}

/// Which form of a pair decides its place.
#[derive(Clone, Copy)]
pub(super) enum Order {
    /// The text before encoding: name, then value, by code point.
    Decoded,
    /// The encoded text: name, then value, by byte.
    Encoded,
}

/// Sorts the canonical pairs that make up `out[start..]`. Pairs that are in order already cost no
/// allocation.
pub(super) fn sort_pairs(out: &mut String, start: usize, order: Order) {
    let compare = match order {
        Order::Decoded => compare_decoded,
        Order::Encoded => compare_encoded,
    };
    if out[start..].split('&').is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let unsorted = out[start..].to_owned();
    let mut pairs: Vec<&str> = unsorted.split('&').collect();
    pairs.sort_unstable_by(|a, b| compare(a, b));
    out.truncate(start);
    for (index, pair) in pairs.into_iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        out.push_str(pair);
    }
}

/// Name and value of a canonical pair, in which `=` occurs only as the separator.
pub(super) fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn compare_encoded(a: &str, b: &str) -> Ordering {
    split_pair(a).cmp(&split_pair(b))
}

fn compare_decoded(a: &str, b: &str) -> Ordering {
    let ((a_name, a_value), (b_name, b_value)) = (split_pair(a), split_pair(b));
    canonical_bytes(a_name)
        .cmp(canonical_bytes(b_name))
        .then_with(|| canonical_bytes(a_value).cmp(canonical_bytes(b_value)))
}

/// The bytes a canonical encoding stands for. UTF-8 keeps code point order, so comparing bytes is
/// enough.
fn canonical_bytes(encoded: &str) -> impl Iterator<Item = u8> + '_ {
    let mut bytes = encoded.bytes();
    std::iter::from_fn(move || match bytes.next()? {
        b'%' => Some(hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?),
        byte => Some(byte),
    })
}

#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    /// Where the text begins inside the part, for messages.
    offset: usize,
    plus_is_space: bool,
    keep_slash: bool,
}

fn recode_into(out: &mut String, text: &str, part: Part) -> Result<(), SignError> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut ascii = true;
    while at < bytes.len() {
        at = push_unreserved(out, text, at);
        let Some(&raw) = bytes.get(at) else { break };
        let byte = match raw {
            b'%' => {
                let byte = escape(bytes, at).ok_or_else(|| bad_escape(text, at, part))?;
                at += 2;
                byte
            }
            b'+' if part.plus_is_space => b' ',
            other => other,
        };
        at += 1;
        ascii &= byte.is_ascii();
        if is_unreserved(byte) || (byte == b'/' && part.keep_slash) {
            out.push(char::from(byte));
        } else {
            push_escape(out, byte);
        }
    }
    if !ascii {
        decode(text, part.name, part.offset, part.plus_is_space)?;
    }
    Ok(())
}

fn decode(text: &str, name: &'static str, offset: usize, plus_is_space: bool) -> Result<String, SignError> {
    let part = Part { name, offset, plus_is_space, keep_slash: true };
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&raw) = bytes.get(at) {
        decoded.push(match raw {
            b'%' => {
                let byte = escape(bytes, at).ok_or_else(|| bad_escape(text, at, part))?;
                at += 2;
                byte
            }
            b'+' if plus_is_space => b' ',
            other => other,
        });
        at += 1;
    }
    String::from_utf8(decoded).map_err(|_| SignError::NotUtf8 { part: name })
}

fn escape(bytes: &[u8], at: usize) -> Option<u8> {
    Some(hex_digit(*bytes.get(at + 1)?)? << 4 | hex_digit(*bytes.get(at + 2)?)?)
}

fn bad_escape(text: &str, at: usize, part: Part) -> SignError {
    SignError::InvalidEscape { part: part.name, offset: part.offset + at, found: text[at..].chars().take(3).collect() }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Appends the unreserved characters from `from` on and gives the place of the byte after them.
fn push_unreserved(out: &mut String, text: &str, from: usize) -> usize {
    let rest = &text.as_bytes()[from..];
    let length = rest.iter().position(|&byte| !is_unreserved(byte)).unwrap_or(rest.len());
    // `from` may be inside a character when there is nothing to append.
    if length > 0 {
        out.push_str(&text[from..from + length]);
    }
    from + length
}

fn push_escape(out: &mut String, byte: u8) {
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(query: &str, names: Names, order: Order) -> String {
        let mut out = String::from("kept|");
        let start = out.len();
        pairs_into(&mut out, query, "query", names).expect("a valid query");
        sort_pairs(&mut out, start, order);
        out.split_off(start)
    }

    #[test]
    fn every_ascii_byte_is_kept_or_escaped() {
        for byte in 0..128u8 {
            let mut out = String::new();
            encode_into(&mut out, char::from(byte).encode_utf8(&mut [0; 4]));
            let kept = char::from(byte).is_ascii_alphanumeric() || "-_.~".contains(char::from(byte));
            let expected = if kept { char::from(byte).to_string() } else { format!("%{byte:02X}") };
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn raw_text_beyond_ascii_is_escaped_by_byte() {
        let mut out = String::new();
        encode_into(&mut out, "a中😀b");
        assert_eq!(out, "a%E4%B8%AD%F0%9F%98%80b");
        assert_eq!(canonical("é=中 +", Names::Exact, Order::Decoded), "%C3%A9=%E4%B8%AD%20%20");
    }

    #[test]
    fn plus_is_a_space_in_queries_only() {
        assert_eq!(canonical("a=x+y%2Bz", Names::Exact, Order::Decoded), "a=x%20y%2Bz");
        let mut path = String::new();
        recode_path_into(&mut path, "/x+y%20z").expect("a valid path");
        assert_eq!(path, "/x%2By%20z");
    }

    #[test]
    fn flags_empty_pieces_and_inner_equals_signs() {
        assert_eq!(canonical("&cancel&&b=1=2&", Names::Exact, Order::Decoded), "b=1%3D2&cancel=");
        assert_eq!(canonical("=v", Names::Exact, Order::Decoded), "=v");
        assert_eq!(canonical("", Names::Exact, Order::Decoded), "");
    }

    #[test]
    fn order_before_and_after_encoding() {
        let query = "z=2&%7b=3&A=4&%E4%B8%AD=1";
        assert_eq!(canonical(query, Names::Exact, Order::Decoded), "A=4&z=2&%7B=3&%E4%B8%AD=1");
        assert_eq!(canonical(query, Names::Lower, Order::Encoded), "%7b=3&%e4%b8%ad=1&a=4&z=2");
    }

    #[test]
    fn names_decide_before_values_and_a_prefix_comes_first() {
        // As whole pairs `a-b=1` would come before `a=2`.
        assert_eq!(canonical("a-b=1&a=2&a=1", Names::Exact, Order::Encoded), "a=1&a=2&a-b=1");
        assert_eq!(canonical("a-b=1&a=2&a=1", Names::Exact, Order::Decoded), "a=1&a=2&a-b=1");
    }

    #[test]
    fn broken_escapes_are_named_with_their_place() {
        let error = pairs_into(&mut String::new(), "a=1&bc=%2G", "query", Names::Exact).expect_err("broken");
        assert_eq!(error, SignError::InvalidEscape { part: "query", offset: 7, found: "%2G".to_owned() });
        let error = recode_path_into(&mut String::new(), "/a%").expect_err("cut off");
        assert_eq!(error, SignError::InvalidEscape { part: "path", offset: 2, found: "%".to_owned() });
        assert!(recode_path_into(&mut String::new(), "/a%é").is_err());
        assert!(decode_path_into(&mut String::new(), "/%+1").is_err());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        let expected = Err(SignError::NotUtf8 { part: "query" });
        assert_eq!(pairs_into(&mut String::new(), "a=%FF", "query", Names::Exact), expected);
        assert_eq!(pairs_into(&mut String::new(), "a=%E4%B8", "query", Names::Exact), expected);
        assert_eq!(decode_path_into(&mut String::new(), "/%C0%80"), Err(SignError::NotUtf8 { part: "path" }));
    }
}
