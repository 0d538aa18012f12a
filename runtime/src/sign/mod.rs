//! Request signing for the three vendors, as pure functions.
//!
//! | scheme | vendor and service | function |
//! | --- | --- | --- |
//! | `ACS3-HMAC-SHA256` | Alibaba Cloud ICE | [`acs3::sign`] |
//! | RPC signature 1.0 (`HMAC-SHA1`) | Alibaba Cloud, older | [`rpc_v1::sign`] |
//! | `SDK-HMAC-SHA256` | Huawei Cloud VAS | [`sdk_hmac::sign`] |
//! | `q-sign-algorithm=sha1` | Tencent Cloud CI and COS | [`cos::sign`] |
//!
//! A signature covers the bytes that are sent, so each function takes the request as it goes on the
//! wire ([`SigningRequest`]), and brings it to its scheme's canonical form itself. Nothing here
//! reads a clock, randomness or the environment: dates and nonces are headers of the request, set
//! before signing. Every step is in the result, so a refused signature can be compared with the
//! server's own string to sign.

mod canonical;
mod error;
mod hash;
mod headers;

pub mod acs3;
pub mod cos;
pub mod percent;
pub mod rpc_v1;
pub mod sdk_hmac;

use std::fmt;

pub use canonical::CanonicalSignature;
pub use error::SignError;
pub use hash::EMPTY_SHA256;

/// An access key: the id that is sent and the secret that is not.
///
/// [`Debug`](fmt::Debug) hides the secret.
#[derive(Clone, Copy)]
pub struct AccessKey<'a> {
    id: &'a str,
    secret: &'a str,
}

impl<'a> AccessKey<'a> {
    /// An access key (Alibaba AccessKey, Huawei AK/SK, Tencent SecretId/SecretKey).
    pub const fn new(id: &'a str, secret: &'a str) -> Self {
        Self { id, secret }
    }

    /// The id, which stands in the `Authorization` header.
    pub const fn id(&self) -> &'a str {
        self.id
    }

    fn check(&self) -> Result<(), SignError> {
        if self.id.is_empty() {
            return Err(SignError::EmptyKeyId);
        }
        // `,` and `&` separate the fields of the headers the id is written into.
        if let Some(found) = self.id.chars().find(|c| !c.is_ascii_graphic() || matches!(c, ',' | '&')) {
            return Err(SignError::InvalidKeyId { found });
        }
        if self.secret.is_empty() {
            return Err(SignError::EmptySecret);
        }
        Ok(())
    }
}

impl fmt::Debug for AccessKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).field("secret", &Redacted).finish()
    }
}

/// A request as it goes on the wire, with exactly the headers to sign.
///
/// [`Debug`](fmt::Debug) shows header names but no values, and the sizes of query and body, because
/// session tokens and user data travel there.
#[derive(Clone, Copy)]
pub struct SigningRequest<'a> {
    /// HTTP method, in any letter case.
    pub method: &'a str,
    /// Percent-encoded path, without host and query. Empty means `/`.
    pub path: &'a str,
    /// Raw query without the `?`, empty if there is none. `%XX` is one byte and `+` is a space (see
    /// [`percent`]).
    pub query: &'a str,
    /// The headers to sign, in any order and letter case; a name may be repeated. White space
    /// around a value is not signed.
    pub headers: &'a [(&'a str, &'a str)],
    /// The exact body bytes, empty if there is none.
    pub body: &'a [u8],
}

impl SigningRequest<'_> {
    fn check(&self) -> Result<(), SignError> {
        if !headers::is_token(self.method) {
            return Err(SignError::InvalidMethod { found: self.method.to_owned() });
        }
        if !self.path.is_empty() && !self.path.starts_with('/') {
            return Err(SignError::RelativePath);
        }
        check_target("path", self.path, |byte| byte.is_ascii_control() | (byte == b'?') | (byte == b'#'))?;
        check_target("query", self.query, |byte| byte.is_ascii_control() | (byte == b'#'))
    }
}

fn check_target(part: &'static str, text: &str, refused: impl Fn(u8) -> bool) -> Result<(), SignError> {
    match find_refused(text, refused) {
        None => Ok(()),
        Some((offset, found)) => Err(SignError::InvalidTarget { part, offset, found }),
    }
}

/// The first character that is refused, with its place. Only ASCII may be refused.
///
/// It looks at every byte first: a loop without an exit is the faster one when nothing is refused.
fn find_refused(text: &str, refused: impl Fn(u8) -> bool) -> Option<(usize, char)> {
    if !text.bytes().fold(false, |any, byte| any | refused(byte)) {
        return None;
    }
    let offset = text.bytes().position(refused)?;
    Some((offset, char::from(text.as_bytes()[offset])))
}

impl fmt::Debug for SigningRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("SigningRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query_len", &self.query.len())
            .field("header_names", &names)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// Stands for a secret in debug output.
struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}
