//! Code of a program's own around every attempt.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

/// An error of a program's own.
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Code of a program's own around every attempt: to add headers, count, record, or refuse.
///
/// [`crate::ClientBuilder::interceptor`] takes any number; they run in the order they were given. A request that an
/// interceptor sees signed holds the signature and, for temporary credentials, their token: both headers are marked
/// sensitive, so `Debug` leaves them out, and a program that writes headers itself has to do the same.
///
/// ```
/// use mediajobs_runtime::{Attempt, Interceptor, RequestToSign};
///
/// /// Says who a call is made for.
/// #[derive(Debug)]
/// struct OnBehalfOf(&'static str);
///
/// impl Interceptor for OnBehalfOf {
///     fn before_sign(
///         &self,
///         _attempt: &Attempt<'_>,
///         request: &mut RequestToSign<'_>,
///     ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///         request.headers_mut().insert("x-on-behalf-of", self.0.parse()?);
///         Ok(())
///     }
/// }
/// ```
pub trait Interceptor: Send + Sync + fmt::Debug {
    /// Before an attempt is signed. It may add headers, which are signed where the scheme signs them.
    ///
    /// # Errors
    /// Ends the call: nothing more is sent, and the caller gets [`crate::Error::Configuration`] with this in it.
    fn before_sign(&self, attempt: &Attempt<'_>, request: &mut RequestToSign<'_>) -> Result<(), BoxError> {
        let _ = (attempt, request);
        Ok(())
    }

    /// Before a signed request is sent.
    ///
    /// # Errors
    /// As [`Interceptor::before_sign`].
    fn after_sign(&self, attempt: &Attempt<'_>, request: &http::Request<Bytes>) -> Result<(), BoxError> {
        let _ = (attempt, request);
        Ok(())
    }

    /// After an attempt has its whole answer, before it is read. An attempt without an answer does not come here; its error
    /// is the call's, or the next attempt's beginning.
    ///
    /// # Errors
    /// As [`Interceptor::before_sign`], though this request was sent.
    fn after_response(&self, attempt: &Attempt<'_>, answer: &http::Response<Bytes>) -> Result<(), BoxError> {
        let _ = (attempt, answer);
        Ok(())
    }
}

/// Which attempt of which call.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'c> {
    pub(crate) service: &'c str,
    pub(crate) operation: &'c str,
    pub(crate) number: u32,
}

impl Attempt<'_> {
    /// The service's short name, e.g. `tencent-ci`.
    pub fn service(&self) -> &str {
        self.service
    }

    /// The vendor's name of the operation.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// 1 for the first.
    pub fn number(&self) -> u32 {
        self.number
    }
}

/// A request that is about to be signed.
#[derive(Debug)]
pub struct RequestToSign<'r> {
    pub(crate) method: &'static str,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) body: &'r Bytes,
    pub(crate) headers: HeaderMap,
}

impl RequestToSign<'_> {
    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.method
    }

    /// The path as it is sent, percent-encoded.
    pub fn path(&self) -> &str {
        self.path
    }

    /// The query as it is sent; empty where there is none.
    pub fn query(&self) -> &str {
        self.query
    }

    /// The body as it is sent.
    pub fn body(&self) -> &[u8] {
        self.body
    }

    /// Headers to send besides the client's own. A name that the client writes itself is an error, and so is a value that is
    /// not visible ASCII.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }
}
