//! Who a client signs for.

use std::borrow::Cow;
use std::fmt;

use crate::clock::Clock;
use crate::credentials::{CachedCredentials, Credentials};
use crate::error::CredentialsError;

/// Who a client signs for.
pub(super) enum Identity {
    /// Always the same.
    Fixed(Credentials),
    /// Whoever a provider says.
    Provided(CachedCredentials),
}

impl Identity {
    /// Credentials that hold now.
    pub(super) async fn get(&self, clock: &dyn Clock) -> Result<Cow<'_, Credentials>, CredentialsError> {
        match self {
            Self::Fixed(credentials) => Ok(Cow::Borrowed(credentials)),
            Self::Provided(provider) => provider.get(clock).await.map(Cow::Owned),
        }
    }

    /// The credentials that were used last; none before the first use of a provider.
    pub(super) fn known(&self) -> Option<Cow<'_, Credentials>> {
        match self {
            Self::Fixed(credentials) => Some(Cow::Borrowed(credentials)),
            Self::Provided(provider) => provider.known().map(Cow::Owned),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credentials) => credentials.fmt(f),
            Self::Provided(provider) => provider.fmt(f),
        }
    }
}
