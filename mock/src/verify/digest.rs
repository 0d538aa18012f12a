//! Digests and codes.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

pub(super) fn sha256_hex(data: &[u8]) -> String {
    hex(&sha256(data))
}

pub(super) fn sha1_hex(data: &[u8]) -> String {
    hex(&Sha1::digest(data))
}

pub(super) fn hmac_sha256_hex(key: &[u8], data: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(data);
    hex(&mac.finalize().into_bytes())
}

pub(super) fn hmac_sha1(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

pub(super) fn hmac_sha1_hex(key: &[u8], data: &[u8]) -> String {
    hex(&hmac_sha1(key, data))
}

/// Compares without telling by its duration how much was right: people copy such code.
pub(super) fn same(expected: &str, found: &str) -> bool {
    let (expected, found) = (expected.as_bytes(), found.as_bytes());
    expected.len() == found.len() && expected.iter().zip(found).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
