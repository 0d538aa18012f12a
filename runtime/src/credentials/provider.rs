//! Credentials that are asked for when they are needed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::Credentials;
use crate::error::CredentialsError;

/// A future that a provider gives.
pub type CredentialsFuture<'p> = Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'p>>;

/// Gives credentials when a client needs them, for those that don't last.
///
/// A client asks once for all its concurrent callers, keeps what it got, and asks again some minutes before
/// [`Credentials::expires_at`]; what has no such time is kept as long as the client. A provider need not remember anything.
pub trait CredentialsProvider: Send + Sync + fmt::Debug {
    /// Credentials that hold now.
    fn provide(&self) -> CredentialsFuture<'_>;
}

impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
    fn provide(&self) -> CredentialsFuture<'_> {
        (**self).provide()
    }
}

/// What is given to the builder as it is.
impl CredentialsProvider for Credentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        let credentials = self.clone();
        Box::pin(async move { Ok(credentials) })
    }
}
