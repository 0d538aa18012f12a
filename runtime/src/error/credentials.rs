//! Why there are no credentials.

use std::fmt;
use std::sync::Arc;

/// Why a provider gave no credentials.
///
/// It never holds a secret: what a file or an endpoint said is described, not repeated.
#[derive(Debug, Clone)]
pub struct CredentialsError {
    pub(crate) operation: Option<&'static str>,
    message: String,
    absent: bool,
    retryable: bool,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl CredentialsError {
    /// There are none here: no such variable, file or profile. A chain asks its next provider.
    pub fn absent(message: impl Into<String>) -> Self {
        Self { operation: None, message: message.into(), absent: true, retryable: false, source: None }
    }

    /// There should be some here, and they can't be used. A chain ends with this: to go on to others would hide it.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { absent: false, ..Self::absent(message) }
    }

    /// It may go better a moment later.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The error underneath.
    #[must_use]
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// What was looked for, where, and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether there are none, rather than some that can't be used.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Whether it may go better a moment later.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{operation}: not sent: ")?;
        }
        write!(f, "no credentials: {}", self.message)
    }
}

impl std::error::Error for CredentialsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
