//! How a request gets to the service and an answer back.

#[cfg(feature = "reqwest")]
mod reqwest;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, ReqwestTransportBuilder};

#[cfg(all(feature = "reqwest", target_arch = "wasm32", target_os = "unknown"))]
compile_error!(
    "the feature `reqwest` is not for wasm32-unknown-unknown, which has no sockets: turn default features off, and give \
     the client a transport with `.transport(…)` and a clock with `.clock(…)`"
);

/// A future that a transport gives.
pub type TransportFuture<'t> = Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 't>>;

/// Sends one signed request and gives the answer. It follows no redirect, sends nothing twice, and changes nothing that
/// is signed.
///
/// [`ReqwestTransport`] is the one that comes with this crate; any other HTTP library will do.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends a request. A body longer than `max_body_bytes` is an error, and its rest need not be read.
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_>;
}

/// Why a transport has no answer.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) sent: bool,
    /// Whether it would be the same every time.
    pub(crate) lasts: bool,
    pub(crate) message: String,
    pub(crate) head: Option<Box<http::response::Parts>>,
    pub(crate) partial_body: Bytes,
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// No byte of the request reached the service.
    pub fn not_sent(message: impl Into<String>) -> Self {
        Self::new(false, message.into())
    }

    /// The transport does not take this request, now or later: nothing was sent, and it is not tried again. The caller gets
    /// [`crate::Error::Configuration`].
    pub fn unsendable(message: impl Into<String>) -> Self {
        Self { lasts: true, ..Self::new(false, message.into()) }
    }

    /// The request may have been received.
    pub fn no_answer(message: impl Into<String>) -> Self {
        Self::new(true, message.into())
    }

    /// An answer came that can't be used, and would be no better the next time, e.g. a body longer than the limit; its status
    /// and headers go with [`TransportError::with_head`]. It is not tried again. The caller gets
    /// [`crate::Error::UnreadableAnswer`], or the refusal where the status is one.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self { lasts: true, ..Self::new(true, message.into()) }
    }

    /// A body that is longer than it may be.
    #[cfg(any(feature = "reqwest", feature = "testing", test))]
    pub(crate) fn too_long(max_body_bytes: usize) -> Self {
        Self::unreadable(format!("the body is longer than the limit of {max_body_bytes} bytes"))
    }

    fn new(sent: bool, message: String) -> Self {
        Self { sent, lasts: false, message, head: None, partial_body: Bytes::new(), source: None }
    }

    /// Status and headers came, and the body did not, or not whole.
    #[must_use]
    pub fn with_head(mut self, head: http::response::Parts) -> Self {
        self.sent = true;
        self.head = Some(Box::new(head));
        self
    }

    /// What came of the body.
    #[must_use]
    pub fn with_partial_body(mut self, body: impl Into<Bytes>) -> Self {
        self.partial_body = body.into();
        self
    }

    /// The error underneath.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
