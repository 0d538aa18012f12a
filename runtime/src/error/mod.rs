//! What can go wrong, in the words of a caller.

mod answer;
mod credentials;
mod job;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use self::answer::Answer;
use self::answer::suffix;
pub use self::answer::{RefusedError, UnreadableAnswerError};
pub use self::credentials::CredentialsError;
pub use self::job::{GaveUpError, GaveUpReason, JobFailedError};
use crate::validate::Violations;

/// Why there is no answer to work with.
///
/// The variants are the situations a caller tells apart; each holds what is known of it. `Display` alone says enough to
/// act on: operation, HTTP status, vendor code, message, request id. No variant and no text of one ever holds a secret.
///
/// ```
/// use mediajobs_runtime::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Throttled => "wait and send again",
///         ErrorKind::NotFound => "there is no such thing",
///         ErrorKind::Invalid => "mend the request",
///         _ => "look at the message",
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The client can't be built or can't send this: region, setting, endpoint or credentials. Nothing was sent, unless an
    /// interceptor ended the call after its answer; then the message says so.
    Configuration(ConfigurationError),
    /// The request breaks documented rules. Nothing was sent.
    InvalidRequest(InvalidRequestError),
    /// There are no credentials to sign with. Nothing was sent.
    Credentials(CredentialsError),
    /// No byte of the request reached the service, e.g. because no connection came about.
    NotSent(TransportFailure),
    /// The request may have been received, and no whole answer came back.
    NoAnswer(TransportFailure),
    /// The service answered that it will not do it.
    Refused(RefusedError),
    /// The service answered with success, in words that can't be read.
    UnreadableAnswer(UnreadableAnswerError),
    /// The job that was waited for ended, and not well.
    JobFailed(Box<JobFailedError>),
    /// A wait ended before its job did.
    GaveUp(Box<GaveUpError>),
}

/// What a caller does about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Client set-up: region, setting, endpoint or credentials that were given.
    Configuration,
    /// Nobody had credentials to sign with.
    Credentials,
    /// The request is wrong and will stay so, in the eyes of this crate or of the service.
    Invalid,
    /// The service does not accept the credentials or the signature, or they lack a permission.
    Auth,
    /// What the request names does not exist.
    NotFound,
    /// The thing is in a state that forbids it.
    Conflict,
    /// Too many requests: wait and send again.
    Throttled,
    /// A quota or the account's balance is used up.
    Quota,
    /// This computer's clock is off.
    ClockSkew,
    /// The nonce was seen before: sign and send again.
    Replay,
    /// The service failed.
    Server,
    /// The network failed.
    Network,
    /// The answer could not be read.
    Unreadable,
    /// The job failed, was cancelled, or ended badly in some other way.
    JobFailed,
    /// The job may still go on: wait again, by its id.
    GaveUp,
    /// The service refused for a reason that is not documented.
    Other,
}

impl Error {
    /// What to do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Configuration(_) => ErrorKind::Configuration,
            Self::InvalidRequest(_) => ErrorKind::Invalid,
            Self::Credentials(_) => ErrorKind::Credentials,
            Self::NotSent(_) | Self::NoAnswer(_) => ErrorKind::Network,
            Self::Refused(refused) => refused.kind(),
            Self::UnreadableAnswer(_) => ErrorKind::Unreadable,
            Self::JobFailed(_) => ErrorKind::JobFailed,
            Self::GaveUp(_) => ErrorKind::GaveUp,
        }
    }

    /// Whether the same request, sent again later, may go through. It says nothing about whether the first one took
    /// effect: see [`crate::facts::Effect`].
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Credentials(error) => error.is_retryable(),
            _ => {
                matches!(self.kind(), ErrorKind::Throttled | ErrorKind::Replay | ErrorKind::Server | ErrorKind::Network)
            }
        }
    }

    /// How many attempts were made; 0 where nothing could be sent at all.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Refused(error) => error.answer.attempts,
            Self::UnreadableAnswer(error) => error.answer.attempts,
            Self::NotSent(error) | Self::NoAnswer(error) => error.attempts,
            Self::GaveUp(error) => error.query_error().map_or(0, Self::attempts),
            Self::Configuration(_) | Self::Credentials(_) | Self::InvalidRequest(_) | Self::JobFailed(_) => 0,
        }
    }

    pub(crate) fn set_attempts(&mut self, attempts: u32) {
        match self {
            Self::Refused(error) => error.answer.attempts = attempts,
            Self::UnreadableAnswer(error) => error.answer.attempts = attempts,
            Self::NotSent(error) | Self::NoAnswer(error) => error.attempts = attempts,
            _ => {}
        }
    }

    /// The answer's headers, where an answer came or began.
    pub fn headers(&self) -> Option<&http::HeaderMap> {
        match self {
            Self::Refused(error) => Some(&error.answer.headers),
            Self::UnreadableAnswer(error) => Some(&error.answer.headers),
            Self::NotSent(error) | Self::NoAnswer(error) => error.headers(),
            Self::GaveUp(error) => error.query_error()?.headers(),
            Self::Configuration(_) | Self::Credentials(_) | Self::InvalidRequest(_) | Self::JobFailed(_) => None,
        }
    }

    /// How long the service asked to be left alone, by the headers `x-acs-retry-after` or `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(error) => error.answer.retry_after,
            Self::UnreadableAnswer(error) => error.answer.retry_after,
            Self::NotSent(error) | Self::NoAnswer(error) => error.answer.as_ref()?.retry_after,
            Self::GaveUp(error) => error.query_error()?.retry_after(),
            Self::Configuration(_) | Self::Credentials(_) | Self::InvalidRequest(_) | Self::JobFailed(_) => None,
        }
    }

    /// The operation, where there is one.
    pub fn operation(&self) -> Option<&str> {
        match self {
            Self::Configuration(_) => None,
            Self::Credentials(error) => error.operation,
            Self::InvalidRequest(error) => Some(error.operation),
            Self::NotSent(error) | Self::NoAnswer(error) => Some(error.operation),
            Self::Refused(error) => Some(error.answer.operation),
            Self::UnreadableAnswer(error) => Some(error.answer.operation),
            Self::JobFailed(error) => Some(error.operation),
            Self::GaveUp(error) => Some(error.operation),
        }
    }

    /// The HTTP status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(error) => Some(error.answer.status),
            Self::UnreadableAnswer(error) => Some(error.answer.status),
            Self::NotSent(error) | Self::NoAnswer(error) => error.status(),
            Self::JobFailed(error) => Some(error.status),
            Self::GaveUp(error) => error.query_error()?.status(),
            Self::Configuration(_) | Self::Credentials(_) | Self::InvalidRequest(_) => None,
        }
    }

    /// The vendor's error code: of the refusal, or of the job that failed.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(error) => error.code(),
            Self::JobFailed(error) => error.code(),
            Self::GaveUp(error) => error.query_error()?.code(),
            _ => None,
        }
    }

    /// The id to quote to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(error) => error.answer.request_id.as_deref(),
            Self::UnreadableAnswer(error) => error.answer.request_id.as_deref(),
            Self::NotSent(error) | Self::NoAnswer(error) => error.request_id(),
            Self::JobFailed(error) => error.request_id(),
            Self::GaveUp(error) => error.query_error()?.request_id(),
            Self::Configuration(_) | Self::Credentials(_) | Self::InvalidRequest(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(error) => error.fmt(f),
            Self::InvalidRequest(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::NotSent(error) | Self::NoAnswer(error) => {
                let what = if matches!(self, Self::NotSent(_)) { "not sent" } else { "no answer" };
                write!(f, "{}: {what}: {}", error.operation, error.message)?;
                suffix(error.request_id(), error.attempts, f)
            }
            Self::Refused(error) => error.fmt(f),
            Self::UnreadableAnswer(error) => error.fmt(f),
            Self::JobFailed(error) => error.fmt(f),
            Self::GaveUp(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotSent(error) | Self::NoAnswer(error) => error.source.as_deref().map(|source| source as _),
            Self::Credentials(error) => error.source(),
            Self::GaveUp(error) => error.query_error()?.source(),
            Self::Configuration(_)
            | Self::InvalidRequest(_)
            | Self::Refused(_)
            | Self::UnreadableAnswer(_)
            | Self::JobFailed(_) => None,
        }
    }
}

/// What is wrong with a client's region, settings, endpoint or credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationError {
    service: &'static str,
    message: String,
}

impl ConfigurationError {
    pub(crate) fn new(service: &'static str, message: impl Into<String>) -> Self {
        Self { service, message: message.into() }
    }

    /// The service's short name.
    pub fn service(&self) -> &str {
        self.service
    }

    /// What was found, what was expected, and where it was looked for.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.service, self.message)
    }
}

impl From<ConfigurationError> for Error {
    fn from(error: ConfigurationError) -> Self {
        Self::Configuration(error)
    }
}

/// A request that breaks documented rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequestError {
    pub(crate) operation: &'static str,
    pub(crate) violations: Violations,
}

impl InvalidRequestError {
    /// Everything it breaks.
    pub fn violations(&self) -> &Violations {
        &self.violations
    }
}

impl fmt::Display for InvalidRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: invalid request, not sent: {}", self.operation, self.violations)
    }
}

/// What the network did.
#[derive(Debug, Clone)]
pub struct TransportFailure {
    pub(crate) operation: &'static str,
    pub(crate) message: String,
    /// What came before the answer broke off.
    pub(crate) answer: Option<Box<Answer>>,
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    pub(crate) attempts: u32,
}

impl TransportFailure {
    /// What happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The HTTP status, where the answer began.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }

    /// The id to quote to the vendor's support, where the answer began with it.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.as_ref()?.request_id.as_deref()
    }

    /// The start of what came of the body, at most 1,024 characters.
    pub fn excerpt(&self) -> &str {
        self.answer.as_ref().map_or("", |answer| &answer.excerpt)
    }

    /// The answer's headers, where it began.
    pub fn headers(&self) -> Option<&http::HeaderMap> {
        self.answer.as_ref().map(|answer| &answer.headers)
    }
}
