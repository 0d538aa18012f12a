//! Credentials in environment variables.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use super::{Credentials, CredentialsFuture, CredentialsProvider, Lookup};
use crate::error::CredentialsError;
use crate::facts::ServiceInfo;
use crate::operation::Service;

/// Environment variables: those of the process, or others in a test.
///
/// The home directory is one of them: `HOME`, and where that is not set `USERPROFILE`.
///
/// ```
/// use mediajobs_runtime::Environment;
///
/// let environment = Environment::of([("HOME", "/home/me"), ("ALIBABA_CLOUD_PROFILE", "work")]);
/// assert_eq!(format!("{environment:?}"), r#"Environment { names: ["ALIBABA_CLOUD_PROFILE", "HOME"] }"#);
/// ```
#[derive(Clone, Default)]
pub struct Environment {
    /// None for those of the process.
    given: Option<Arc<BTreeMap<String, String>>>,
}

impl Environment {
    /// The variables of the process, as they are whenever one is asked for.
    pub fn process() -> Self {
        Self { given: None }
    }

    /// These variables and no others.
    pub fn of<K: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (K, V)>) -> Self {
        let given = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { given: Some(Arc::new(given)) }
    }

    pub(crate) fn lookup(&self) -> impl Fn(&str) -> Option<Result<String, OsString>> {
        move |name| match &self.given {
            None => std::env::var_os(name).map(OsString::into_string),
            Some(given) => given.get(name).cloned().map(Ok),
        }
    }
}

/// Names alone: the values are secrets, some of them.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.given {
            None => f.write_str("Environment::process()"),
            Some(given) => f.debug_struct("Environment").field("names", &given.keys().collect::<Vec<_>>()).finish(),
        }
    }
}

/// The access key of the vendor's own environment variables, which [`crate::facts::CredentialsInfo`] names; they are read
/// whenever credentials are asked for.
///
/// Where neither the key's id nor its secret is set, or both are empty, there are none here. One without the other is an
/// error, and so is an empty token.
///
/// ```
/// # mod services { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/services.rs")); }
/// # use services::TencentCi;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use mediajobs_runtime::{CredentialsProvider, Environment, EnvironmentCredentials};
///
/// // `TencentCi` is the marker type of `mediajobs-tencent-ci`.
/// let provider = EnvironmentCredentials::new::<TencentCi>().environment(Environment::of([("HOME", "/home/me")]));
/// let error = provider.provide().await.unwrap_err();
/// assert!(error.is_absent());
/// assert_eq!(error.message(), "TENCENTCLOUD_SECRET_ID is not set");
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct EnvironmentCredentials {
    info: &'static ServiceInfo,
    environment: Environment,
}

impl EnvironmentCredentials {
    /// The vendor's variables, of the process.
    pub fn new<S: Service>() -> Self {
        Self { info: S::INFO, environment: Environment::process() }
    }

    /// Other variables than those of the process.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl CredentialsProvider for EnvironmentCredentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { read(self.info, &self.environment.lookup()) })
    }
}

/// The access key of the vendor's variables.
pub(super) fn read(info: &ServiceInfo, lookup: &Lookup<'_>) -> Result<Credentials, CredentialsError> {
    let names = &info.credentials;
    let (id, secret) = (value(lookup, names.key_id_env)?, value(lookup, names.secret_env)?);
    let alone = |there: &str, missing: &str, value: Option<&String>| {
        let message = format!("{there} is set and {missing} {}: an access key has both", how(value));
        Err(CredentialsError::failed(message))
    };
    let credentials = match (&id, &secret) {
        (Some(id), Some(secret)) if !id.is_empty() && !secret.is_empty() => {
            Credentials::new(id.as_str(), secret.as_str())
        }
        (Some(id), secret) if !id.is_empty() => return alone(names.key_id_env, names.secret_env, secret.as_ref()),
        (id, Some(secret)) if !secret.is_empty() => return alone(names.secret_env, names.key_id_env, id.as_ref()),
        (id, _) => return Err(CredentialsError::absent(format!("{} {}", names.key_id_env, how(id.as_ref())))),
    };
    let Some(name) = names.security_token_env else { return Ok(credentials) };
    match value(lookup, name)? {
        None => Ok(credentials),
        Some(token) if token.is_empty() => {
            Err(CredentialsError::failed(format!("{name} is empty: remove it where the access key has no token")))
        }
        Some(token) => Ok(credentials.with_security_token(token)),
    }
}

fn how(value: Option<&String>) -> &'static str {
    if value.is_none() { "is not set" } else { "is empty" }
}

fn value(lookup: &Lookup<'_>, name: &str) -> Result<Option<String>, CredentialsError> {
    match lookup(name) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(_)) => Err(CredentialsError::failed(format!("{name} is not UTF-8"))),
    }
}

/// A variable that something depends on: none where it is not set or empty.
pub(super) fn optional(lookup: &Lookup<'_>, name: Option<&str>) -> Result<Option<String>, CredentialsError> {
    match name {
        Some(name) => Ok(value(lookup, name)?.filter(|value| !value.is_empty())),
        None => Ok(None),
    }
}

/// Whether a variable says `true`.
pub(super) fn says_true(lookup: &Lookup<'_>, name: Option<&str>) -> Result<bool, CredentialsError> {
    Ok(optional(lookup, name)?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
}
