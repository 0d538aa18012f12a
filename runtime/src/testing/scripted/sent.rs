//! What a program sent.

use std::fmt;

use bytes::Bytes;

use crate::codec::{Limits, Read, ReadError};
use crate::operation::{Asked, Operation};
use crate::server;

/// A request that a [`super::ScriptedTransport`] got, signed as it would have gone out.
///
/// Its `Debug` shows neither the values of headers nor the query nor the body: a signature, a token or a password may
/// stand in each.
#[derive(Clone)]
pub struct SentRequest {
    operation: Option<&'static str>,
    request: http::Request<Bytes>,
}

impl SentRequest {
    pub(super) fn new(request: http::Request<Bytes>) -> Self {
        Self { operation: asked(&request).map(|asked| asked.operation.name), request }
    }

    /// The vendor's name of the operation; none where no client of these crates made the request.
    pub fn operation(&self) -> Option<&str> {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &http::Method {
        self.request.method()
    }

    /// The whole URL.
    pub fn uri(&self) -> &http::Uri {
        self.request.uri()
    }

    /// The headers, the signature among them.
    pub fn headers(&self) -> &http::HeaderMap {
        self.request.headers()
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        self.request.body()
    }

    /// The body as text; what is no UTF-8 shows as U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.request.body()).into_owned()
    }

    /// The request as a value, as the service would read it.
    ///
    /// # Errors
    /// It is a request of another operation.
    pub fn read<O: Operation + Read>(&self) -> Result<O, ReadError> {
        server::read(&self.request, Limits::DEFAULT)
    }

    pub(super) fn request(&self) -> &http::Request<Bytes> {
        &self.request
    }
}

/// What a request asks for, in as few words as will do.
impl fmt::Display for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, path) = (self.request.method(), self.request.uri().path());
        match self.operation {
            Some(operation) => write!(f, "{operation} ({method} {path})"),
            None => write!(f, "{method} {path}"),
        }
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest")
            .field("operation", &self.operation)
            .field("method", self.request.method())
            .field("path", &self.request.uri().path())
            .field("headers", &self.request.headers().keys().map(http::HeaderName::as_str).collect::<Vec<_>>())
            .field("body_bytes", &self.request.body().len())
            .finish_non_exhaustive()
    }
}

pub(super) fn asked(request: &http::Request<Bytes>) -> Option<&Asked> {
    request.extensions().get()
}
