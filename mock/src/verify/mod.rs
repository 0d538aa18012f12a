//! Whether a request is signed as it should be.
//!
//! This reads the vendors' documents and the signers of their SDKs a second time, from the side of the service: it looks at the
//! bytes that came in and shares no code with `mediajobs_runtime::sign`, so that the two check each other.

mod acs3;
mod clock;
mod cos;
mod cos_fields;
mod digest;
mod encoding;
mod ice;
mod nonces;
mod rpc_v1;
mod sdk_hmac;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use self::nonces::Nonces;
use crate::keys::AccessKey;
use crate::refusal::Refusal;
use crate::service::Service;

/// How many seconds a request's date may be from the service's: what ICE and VAS document.
const SKEW: i64 = 15 * 60;

/// Who may ask, and what has been asked.
pub(crate) struct Verifier {
    keys: Vec<AccessKey>,
    login_tokens: Vec<String>,
    nonces: Mutex<Nonces>,
}

impl Verifier {
    /// Takes requests that are signed with one of the keys.
    pub(crate) fn new(keys: Vec<AccessKey>) -> Self {
        Self { keys, login_tokens: Vec::new(), nonces: Mutex::default() }
    }

    /// Takes requests with one of these login tokens in place of a signature, where the service knows such tokens.
    pub(crate) fn login_tokens(mut self, tokens: Vec<String>) -> Self {
        self.login_tokens = tokens;
        self
    }

    /// Whether the service would take this request for one of somebody whom it knows.
    pub(crate) fn verify(
        &self,
        service: Service,
        request: &http::Request<Bytes>,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        let now = clock::seconds(now);
        match service {
            Service::AlibabaIce => ice::verify(self, request, now),
            Service::HuaweiVas => sdk_hmac::verify(self, request, now),
            Service::TencentCi => cos::verify(self, request, now),
        }
    }

    fn key(&self, id: &str) -> Option<&AccessKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Whether a key's nonce is new. It is remembered for as long as the request's date holds.
    fn take_nonce(&self, key: &AccessKey, nonce: &[u8], now: i64, date: i64) -> bool {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.take(&key.id, nonce, now, date.saturating_add(SKEW))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("keys", &self.keys).finish_non_exhaustive()
    }
}
