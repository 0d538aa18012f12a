//! A service's answer: what it says, and what came around it.

use std::fmt;
use std::ops::Deref;

/// A service's answer. It derefs to what the operation answers; [`Response::into_inner`] takes that out.
#[derive(Clone, PartialEq, Eq)]
pub struct Response<T> {
    pub(crate) inner: T,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) headers: http::HeaderMap,
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
