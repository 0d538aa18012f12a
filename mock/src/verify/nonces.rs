//! Nonces that were used.

use std::collections::{BTreeSet, HashSet};

use super::digest;

/// As many as are remembered. Beyond it the oldest are forgotten before their time.
const LIMIT: usize = 65_536;

type Digest = [u8; 32];

/// Nonces by the time from which a request that repeats them is refused for its date anyway.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    seen: HashSet<Digest>,
    by_end: BTreeSet<(i64, Digest)>,
}

impl Nonces {
    /// Remembers a key's nonce until the end, in seconds since 1970. Whether it is new.
    pub(super) fn take(&mut self, key_id: &str, nonce: &[u8], now: i64, end: i64) -> bool {
        while let Some(&(first_end, digest)) = self.by_end.first()
            && first_end < now
        {
            self.forget(first_end, digest);
        }
        let digest = digest::sha256(&[key_id.as_bytes(), b"\n", nonce].concat());
        if !self.seen.insert(digest) {
            return false;
        }
        self.by_end.insert((end, digest));
        if self.by_end.len() > LIMIT
            && let Some(&(first_end, digest)) = self.by_end.first()
        {
            self.forget(first_end, digest);
        }
        true
    }

    fn forget(&mut self, end: i64, digest: Digest) {
        self.by_end.remove(&(end, digest));
        self.seen.remove(&digest);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.seen.len().max(self.by_end.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_forgotten_after_its_end() {
        let mut nonces = Nonces::default();
        assert!(nonces.take("key", b"n", 100, 200));
        assert!(!nonces.take("key", b"n", 200, 300));
        assert!(nonces.take("other", b"n", 200, 300));
        assert!(nonces.take("key", b"n", 201, 301));
        assert_eq!(nonces.len(), 2);
    }

    #[test]
    fn the_oldest_make_room() {
        let mut nonces = Nonces::default();
        let limit = i64::try_from(LIMIT).expect("a small number");
        for n in 0..limit + 10 {
            assert!(nonces.take("key", &n.to_be_bytes(), 0, n));
        }
        assert_eq!(nonces.len(), LIMIT);
        assert!(!nonces.take("key", &(limit + 9).to_be_bytes(), 0, limit));
        assert!(nonces.take("key", &0i64.to_be_bytes(), 0, limit));
    }
}
