//! Why a request cannot be signed.

use std::fmt;

/// Why a request cannot be signed.
///
/// Each message names the thing, what was found and what was expected. None holds a secret, a
/// header value other than a date or a payload hash, or more of the URL than one broken escape.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The access key id is empty.
    EmptyKeyId,
    /// The access key id has a character that cannot stand in the `Authorization` header.
    InvalidKeyId {
        /// The first such character.
        found: char,
    },
    /// The access key secret is empty.
    EmptySecret,
    /// The method is not an HTTP token.
    InvalidMethod {
        /// What was given.
        found: String,
    },
    /// The path is not empty and does not begin with `/`.
    RelativePath,
    /// The path or query has a character that cannot stand on the wire.
    InvalidTarget {
        /// `path` or `query`.
        part: &'static str,
        /// Byte offset in that part.
        offset: usize,
        /// The character.
        found: char,
    },
    /// A `%` is not followed by two hexadecimal digits.
    InvalidEscape {
        /// `path`, `query` or `body`.
        part: &'static str,
        /// Byte offset in that part.
        offset: usize,
        /// The `%` with up to two following characters.
        found: String,
    },
    /// The decoded bytes are not UTF-8.
    NotUtf8 {
        /// `path`, `query` or `body`.
        part: &'static str,
    },
    /// A header name is not an HTTP token.
    InvalidHeaderName {
        /// What was given.
        found: String,
    },
    /// A header value has a control character, such as a line break.
    InvalidHeaderValue {
        /// The header's name.
        name: String,
        /// The control character.
        found: char,
    },
    /// `Authorization` is among the headers to sign, but it is what signing produces.
    AuthorizationHeader,
    /// A header that the scheme reads is not there.
    MissingHeader {
        /// Its name.
        name: &'static str,
        /// The scheme that needs it.
        scheme: &'static str,
    },
    /// A header that the scheme reads is there more than once.
    RepeatedHeader {
        /// Its name.
        name: &'static str,
    },
    /// `X-Sdk-Date` is not a UTC time of the form `YYYYMMDDTHHMMSSZ`.
    InvalidDate {
        /// What was given.
        found: String,
    },
    /// `x-acs-content-sha256` is not the hash of the body.
    PayloadHashMismatch {
        /// The header's value.
        found: String,
        /// The lower-case hexadecimal SHA-256 of the body.
        expected: String,
    },
    /// A COS validity window ends before it begins.
    ReversedValidity {
        /// Begin, Unix seconds.
        start: u64,
        /// End, Unix seconds.
        end: u64,
    },
    /// An RPC request has a `Signature` parameter already.
    AlreadySigned,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKeyId => f.write_str("the access key id is empty; expected the id issued with the secret"),
            Self::InvalidKeyId { found } => write!(
                f,
                "the access key id has the character {found:?}; \
                 expected visible ASCII without `,` and `&`"
            ),
            Self::EmptySecret => {
                f.write_str("the access key secret is empty; expected the secret issued with the key id")
            }
            Self::InvalidMethod { found } => {
                write!(f, "the method is {found:?}; expected an HTTP method such as GET or POST")
            }
            Self::RelativePath => f.write_str("the path does not begin with `/`; expected the path as sent"),
            Self::InvalidTarget { part, offset, found } => write!(
                f,
                "the {part} has the character {found:?} at byte {offset}; \
                 expected the {part} as sent, percent-encoded"
            ),
            Self::InvalidEscape { part, offset, found } => write!(
                f,
                "the {part} has {found:?} at byte {offset}; \
                 expected `%` with two hexadecimal digits (a percent sign is `%25`)"
            ),
            Self::NotUtf8 { part } => write!(
                f,
                "the {part} decodes to bytes that are not UTF-8; \
                 expected percent-encoded UTF-8 text"
            ),
            Self::InvalidHeaderName { found } => write!(
                f,
                "the header name {found:?} is not an HTTP token; \
                 expected a name such as x-acs-date"
            ),
            Self::InvalidHeaderValue { name, found } => write!(
                f,
                "the value of header {name:?} has the control character {found:?}; \
                 expected text on one line"
            ),
            Self::AuthorizationHeader => f.write_str(
                "authorization is among the headers to sign; \
                 expected the request before it is signed, without it",
            ),
            Self::MissingHeader { name, scheme } => {
                write!(f, "header {name} is missing; {scheme} expects it among the headers to sign")
            }
            Self::RepeatedHeader { name } => {
                write!(f, "header {name} is there more than once; expected it once")
            }
            Self::InvalidDate { found } => {
                write!(f, "header x-sdk-date is {found:?}; expected a UTC time such as 20191115T033655Z")
            }
            Self::PayloadHashMismatch { found, expected } => write!(
                f,
                "header x-acs-content-sha256 is {found:?}; \
                 expected {expected}, the lower-case SHA-256 of the body"
            ),
            Self::ReversedValidity { start, end } => write!(
                f,
                "the signature's validity ends at {end}, before it begins at {start}; \
                 expected begin <= end, in Unix seconds"
            ),
            Self::AlreadySigned => f.write_str(
                "the parameters have Signature already; \
                 expected the request before it is signed, without it",
            ),
        }
    }
}

impl std::error::Error for SignError {}
