//! Digests and message authentication codes as lower-case hexadecimal.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// SHA-256 of nothing: the payload hash of every request without a body.
pub const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// `N` lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    fn new(bytes: &[u8]) -> Self {
        let mut digits = [b'0'; N];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        Self(digits)
    }

    pub(super) fn as_str(&self) -> &str {
        // The digits are ASCII, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> zeroize::Zeroize for Hex<N> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// SHA-256 of a body or a canonical request.
pub(super) fn sha256(data: &[u8]) -> Hex<64> {
    Hex::new(&Sha256::digest(data))
}

/// SHA-1 of an HttpString.
pub(super) fn sha1(data: &[u8]) -> Hex<40> {
    Hex::new(&Sha1::digest(data))
}

/// HMAC-SHA256 of a string to sign.
pub(super) fn hmac_sha256(key: &[u8], data: &[u8]) -> Hex<64> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(data);
    Hex::new(&mac.finalize().into_bytes())
}

/// HMAC-SHA1, raw.
pub(super) fn hmac_sha1(key: &[&[u8]], data: &[u8]) -> [u8; 20] {
    let mut mac = match key {
        [whole] => Hmac::<Sha1>::new_from_slice(whole),
        parts => Hmac::<Sha1>::new_from_slice(&zeroize::Zeroizing::new(parts.concat())),
    }
    .expect("HMAC takes a key of any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA1 in hexadecimal.
pub(super) fn hmac_sha1_hex(key: &[u8], data: &[u8]) -> Hex<40> {
    Hex::new(&hmac_sha1(&[key], data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_hash_is_the_hash_of_nothing() {
        assert_eq!(sha256(b"").as_str(), EMPTY_SHA256);
    }

    #[test]
    fn a_key_in_parts_is_the_joined_key() {
        assert_eq!(hmac_sha1(&[b"secret", b"&"], b"text"), hmac_sha1(&[b"secret&"], b"text"));
    }
}
