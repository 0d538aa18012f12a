//! Who may ask.

use std::fmt;

use mediajobs_runtime::Credentials;

/// An access key that the stand-in knows.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

impl AccessKey {
    /// The id of the key that a stand-in knows unless it is given others.
    pub const DEFAULT_ID: &str = "mock-id";
    /// That key's secret.
    pub const DEFAULT_SECRET: &str = "mock-secret";

    /// A key that lasts.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: secret.into(), token: None }
    }

    /// Makes it a temporary one: requests have to carry this token as well.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The secret, e.g. for the settings of another SDK.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The same as what clients of these crates take.
    pub fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(&self.id, self.secret.as_str());
        match &self.token {
            Some(token) => credentials.with_security_token(token.as_str()),
            None => credentials,
        }
    }
}

/// The key that a stand-in knows unless it is given others.
impl Default for AccessKey {
    fn default() -> Self {
        Self::new(Self::DEFAULT_ID, Self::DEFAULT_SECRET)
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}
