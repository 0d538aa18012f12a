//! Answers that are not ones to work with: refusals, and what can't be read.

use std::fmt;
use std::time::Duration;

use super::ErrorKind;
use crate::facts::ErrorClass;

/// What is known of an answer that is not one to work with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) excerpt: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) retry_after: Option<Duration>,
    /// How many attempts the call had made.
    pub(crate) attempts: u32,
}

/// Without the headers' values: nobody knows what a service repeats there.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("excerpt", &self.excerpt)
            .field("headers", &self.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>())
            .finish()
    }
}

impl Answer {
    pub(super) fn suffix(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        suffix(self.request_id.as_deref(), self.attempts, f)
    }
}

/// What a reader of a log wants to know at the end of a line.
pub(super) fn suffix(request_id: Option<&str>, attempts: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (request_id, attempts) {
        (None, ..=1) => Ok(()),
        (None, attempts) => write!(f, " ({attempts} attempts)"),
        (Some(id), ..=1) => write!(f, " (request id {id})"),
        (Some(id), attempts) => write!(f, " (request id {id}, {attempts} attempts)"),
    }
}

/// The service's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedError {
    pub(crate) answer: Box<Answer>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) class: Option<ErrorClass>,
}

impl RefusedError {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The vendor's code; none where the answer has none.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The vendor's message; none where the answer has none.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id to quote to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.request_id.as_deref()
    }

    /// The start of the body, at most 1,024 characters.
    pub fn excerpt(&self) -> &str {
        &self.answer.excerpt
    }

    /// The answer's headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.answer.headers
    }

    pub(super) fn kind(&self) -> ErrorKind {
        match self.class {
            Some(ErrorClass::Throttled) => ErrorKind::Throttled,
            Some(ErrorClass::Auth) => ErrorKind::Auth,
            Some(ErrorClass::NotFound) => ErrorKind::NotFound,
            Some(ErrorClass::Invalid) => ErrorKind::Invalid,
            Some(ErrorClass::Conflict) => ErrorKind::Conflict,
            Some(ErrorClass::ClockSkew) => ErrorKind::ClockSkew,
            Some(ErrorClass::Quota) => ErrorKind::Quota,
            Some(ErrorClass::Replay) => ErrorKind::Replay,
            Some(ErrorClass::Server) => ErrorKind::Server,
            None => ErrorKind::Other,
        }
    }
}

impl fmt::Display for RefusedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: refused with status {}", self.answer.operation, self.answer.status)?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        match &self.message {
            Some(message) => write!(f, ": {message}")?,
            None if self.answer.excerpt.is_empty() => f.write_str(", and an empty body")?,
            None => {
                f.write_str(": ")?;
                // A line of a log stays a line.
                self.answer
                    .excerpt
                    .split(char::is_control)
                    .filter(|part| !part.is_empty())
                    .enumerate()
                    .try_for_each(|(number, part)| write!(f, "{}{part}", if number > 0 { " " } else { "" }))?;
            }
        }
        self.answer.suffix(f)
    }
}

/// An answer of success that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableAnswerError {
    pub(crate) answer: Box<Answer>,
    pub(crate) path: String,
    pub(crate) reason: String,
}

impl UnreadableAnswerError {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The id to quote to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.request_id.as_deref()
    }

    /// The field that could not be read, e.g. `SmartJobList[3].JobId`; empty for the body as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was found and what was expected.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The start of the body, at most 1,024 characters.
    pub fn excerpt(&self) -> &str {
        &self.answer.excerpt
    }

    /// The answer's headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.answer.headers
    }
}

impl fmt::Display for UnreadableAnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the answer of status {} can't be read: ", self.answer.operation, self.answer.status)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.reason)?;
        if !self.answer.excerpt.is_empty() {
            write!(f, "; it begins {:?}", self.answer.excerpt.chars().take(200).collect::<String>())?;
        }
        self.answer.suffix(f)
    }
}
