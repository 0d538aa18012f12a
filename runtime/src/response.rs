//! A service's answer: what it says, and what came around it.

use std::fmt;
use std::ops::Deref;

use crate::error::{Answer, Error, UnreadableAnswerError};

/// A service's answer. It derefs to what the operation answers; [`Response::into_inner`] takes that out.
#[derive(Clone, PartialEq, Eq)]
pub struct Response<T> {
    pub(crate) inner: T,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    /// What the operation answers.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The id to quote to the vendor's support, from the headers or the body.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The error that this answer is where it lacks what it is good for.
    pub(crate) fn unreadable(&self, operation: &'static str, path: &str, reason: String) -> Error {
        let answer = Answer {
            operation,
            status: self.status,
            request_id: self.request_id.clone(),
            excerpt: String::new(),
            headers: self.headers.clone(),
            retry_after: None,
            attempts: self.attempts,
        };
        Error::UnreadableAnswer(UnreadableAnswerError { answer: Box::new(answer), path: path.to_owned(), reason })
    }

    /// How many attempts it took, this one among them.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The answer's headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.headers
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
