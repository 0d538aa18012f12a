//! Who a client signs for.

use std::borrow::Cow;
use std::fmt;

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::error::CredentialsError;

/// Who a client signs for.
pub(super) enum Identity {
    /// Always the same.
    Fixed(Credentials),
}

impl Identity {
    /// Credentials that hold now.
    pub(super) async fn get(&self, _clock: &dyn Clock) -> Result<Cow<'_, Credentials>, CredentialsError> {
        match self {
            Self::Fixed(credentials) => Ok(Cow::Borrowed(credentials)),
        }
    }

    /// The credentials that were used last; none before the first use of a provider.
    pub(super) fn known(&self) -> Option<Cow<'_, Credentials>> {
        match self {
            Self::Fixed(credentials) => Some(Cow::Borrowed(credentials)),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credentials) => credentials.fmt(f),
        }
    }
}
