//! Who is asking.

mod cache;
mod chain;
mod environment;
mod ini;
mod instance_role;
mod local;
mod metadata_answer;
mod profile;
mod provider;

use std::fmt;
use std::time::SystemTime;

pub(crate) use self::cache::CachedCredentials;
pub use self::chain::CredentialsChain;
pub use self::environment::{Environment, EnvironmentCredentials};
pub use self::instance_role::InstanceRoleCredentials;
pub use self::profile::ProfileCredentials;
pub use self::provider::{CredentialsFuture, CredentialsProvider};
use crate::error::{ConfigurationError, Error};
use crate::facts::ServiceInfo;
use crate::operation::Service;
use crate::secret::{Secret, redact};

/// Who is asking: an access key, or a login token where the service takes one.
///
/// `Debug` shows the key id and never a secret.
///
/// ```
/// use mediajobs_runtime::Credentials;
///
/// let credentials = Credentials::new("my-key-id", "my-secret").with_security_token("from-sts");
/// assert_eq!(format!("{credentials:?}"), r#"Credentials { key_id: "my-key-id", secret: [redacted], security_token: Some([redacted]) }"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    kind: Kind,
    expires_at: Option<SystemTime>,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    AccessKey { key_id: String, secret: Secret, security_token: Option<Secret> },
    LoginToken(Secret),
}

/// What a request is signed with, or carries in place of a signature.
#[derive(Debug)]
pub(crate) enum Authority<'c> {
    AccessKey { key_id: &'c str, secret: &'c str, security_token: Option<&'c str> },
    LoginToken(&'c str),
}

impl Credentials {
    /// An access key.
    pub fn new(key_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        let kind = Kind::AccessKey { key_id: key_id.into(), secret: secret.into(), security_token: None };
        Self { kind, expires_at: None }
    }

    /// The token of a temporary access key. A login token has none and stays as it is.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        if let Kind::AccessKey { security_token, .. } = &mut self.kind {
            *security_token = Some(token.into());
        }
        self
    }

    /// A login token that stands in place of a signature. Only some services take one (Huawei: `X-Auth-Token`).
    pub fn login_token(token: impl Into<Secret>) -> Self {
        Self { kind: Kind::LoginToken(token.into()), expires_at: None }
    }

    /// When they cease to hold. What a provider gives is asked for anew before that; on credentials that are given to a
    /// builder it changes nothing.
    #[must_use]
    pub fn with_expiry(mut self, at: SystemTime) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// When they cease to hold; none where that is not known.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// The access key of the vendor's own environment variables, which [`crate::facts::CredentialsInfo`] names.
    ///
    /// # Errors
    /// A variable that is needed is not set, is empty, or is not UTF-8. The error names it.
    pub fn from_env<S: Service>() -> Result<Self, Error> {
        Self::from_lookup(S::INFO, &Environment::process().lookup())
    }

    /// As [`Credentials::from_env`], from a function in place of the process's environment.
    fn from_lookup(info: &ServiceInfo, lookup: &Lookup<'_>) -> Result<Self, Error> {
        let names = &info.credentials;
        environment::read(info, lookup).map_err(|error| {
            let (title, id, secret) = (info.title, names.key_id_env, names.secret_env);
            let token = names.security_token_env.map(|name| format!(", with {name} for a temporary one"));
            let token = token.unwrap_or_default();
            let advice = format!(
                "{title} takes an access key from {id} and {secret}{token}, or give one to the client's builder"
            );
            ConfigurationError::new(info.name, format!("{error}. {advice}")).into()
        })
    }

    pub(crate) fn authority(&self) -> Authority<'_> {
        match &self.kind {
            Kind::AccessKey { key_id, secret, security_token } => Authority::AccessKey {
                key_id,
                secret: secret.expose(),
                security_token: security_token.as_ref().map(Secret::expose),
            },
            Kind::LoginToken(token) => Authority::LoginToken(token.expose()),
        }
    }

    /// A text without their secrets. It is to be done before a text is cut.
    pub(crate) fn redact(&self, text: String) -> String {
        let secrets = match self.authority() {
            Authority::AccessKey { secret, security_token, .. } => [Some(secret), security_token],
            Authority::LoginToken(token) => [Some(token), None],
        };
        secrets.into_iter().flatten().fold(text, redact)
    }

    /// What is wrong with them, whatever the service.
    pub(crate) fn problem(&self, info: &ServiceInfo) -> Option<String> {
        let unsendable = |text: &str| text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control());
        match &self.kind {
            Kind::AccessKey { key_id, .. } if unsendable(key_id) => {
                Some(format!("the access key id {key_id:?} is empty or holds white space"))
            }
            Kind::AccessKey { secret, .. } if unsendable(secret.expose()) => {
                Some("the access key's secret is empty or holds white space".to_owned())
            }
            Kind::AccessKey { security_token: Some(token), .. } if unsendable(token.expose()) => {
                Some("the security token is empty or holds white space".to_owned())
            }
            Kind::LoginToken(_) if info.credentials.auth_token_header.is_none() => {
                Some(format!("{} takes no login token; give an access key", info.title))
            }
            Kind::LoginToken(token) if unsendable(token.expose()) => {
                Some("the login token is empty or holds white space".to_owned())
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::AccessKey { key_id, secret, security_token } => f
                .debug_struct("Credentials")
                .field("key_id", key_id)
                .field("secret", secret)
                .field("security_token", security_token)
                .finish(),
            Kind::LoginToken(token) => f.debug_struct("Credentials").field("login_token", token).finish(),
        }
    }
}

/// The value of an environment variable: none, text, or what is no UTF-8.
pub(crate) type Lookup<'l> = dyn Fn(&str) -> Option<Result<String, std::ffi::OsString>> + 'l;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_service::INFO;

    fn from(variables: &[(&str, &str)]) -> Result<Credentials, String> {
        let lookup =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| Ok((*value).to_owned()));
        Credentials::from_lookup(INFO, &lookup).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_is_read() {
        assert_eq!(from(&[("TEST_ID", "id"), ("TEST_SECRET", "s")]), Ok(Credentials::new("id", "s")));
        assert_eq!(
            from(&[("TEST_ID", "id"), ("TEST_SECRET", "s"), ("TEST_TOKEN", "t")]),
            Ok(Credentials::new("id", "s").with_security_token("t"))
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        for (variables, part) in [
            (&[][..], "TEST_ID is not set"),
            (&[("TEST_ID", "id")], "TEST_SECRET is not set"),
            (&[("TEST_ID", "id"), ("TEST_SECRET", "")], "TEST_SECRET is empty"),
            (&[("TEST_ID", "id"), ("TEST_SECRET", "s"), ("TEST_TOKEN", "")], "TEST_TOKEN is empty"),
        ] {
            let error = from(variables).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
