//! Several providers, one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{
    Credentials, CredentialsFuture, CredentialsProvider, EnvironmentCredentials, InstanceRoleCredentials,
    ProfileCredentials,
};
use crate::error::CredentialsError;
use crate::operation::Service;

/// Asks several providers, one after the other, for credentials.
///
/// One that has none sends on to the next ([`CredentialsError::is_absent`]); one that fails ends the search, for what comes
/// behind it may be of another account. The provider that answered is asked first the next time. The error says for each
/// provider what was looked for and what was found.
///
/// ```
/// # mod services { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/services.rs")); }
/// # use services::TencentCi;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use mediajobs_runtime::{CredentialsChain, CredentialsProvider};
/// use mediajobs_runtime::{Environment, EnvironmentCredentials, ProfileCredentials};
///
/// // What `CredentialsChain::local::<TencentCi>()` does, with other variables than those of the process.
/// let environment = Environment::of([("TENCENTCLOUD_CREDENTIALS_FILE", "no/such/file")]);
/// let chain = CredentialsChain::new()
///     .then("environment", EnvironmentCredentials::new::<TencentCi>().environment(environment.clone()))
///     .then("profile", ProfileCredentials::new::<TencentCi>().environment(environment));
/// assert_eq!(
///     chain.provide().await.unwrap_err().to_string(),
///     "no credentials: environment: TENCENTCLOUD_SECRET_ID is not set; profile: no/such/file does not exist",
/// );
/// # });
/// ```
#[derive(Debug, Clone, Default)]
pub struct CredentialsChain {
    links: Vec<(String, Arc<dyn CredentialsProvider>)>,
    /// One more than the index of the one that answered last; 0 before any did.
    answered: Arc<AtomicUsize>,
}

impl CredentialsChain {
    /// A chain of none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another provider behind the others, and what errors call it.
    #[must_use]
    pub fn then(mut self, name: impl Into<String>, provider: impl CredentialsProvider + 'static) -> Self {
        self.links.push((name.into(), Arc::new(provider)));
        // A clone with other links has a memory of its own.
        self.answered = Arc::default();
        self
    }

    /// The vendor's environment variables, its credentials file, and the role of the machine: what the vendors' own tools look
    /// for. The last asks the vendor's metadata endpoint, which takes a second or two on a machine that is not the vendor's.
    ///
    /// ```
    /// # mod services { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/services.rs")); }
    /// # use services::TencentCi;
    /// use mediajobs_runtime::CredentialsChain;
    ///
    /// // `TencentCi` is the marker type of `mediajobs-tencent-ci`. Give the chain to the client's builder.
    /// let chain = CredentialsChain::standard::<TencentCi>();
    /// ```
    pub fn standard<S: Service>() -> Self {
        let role = S::INFO.credentials.instance_role.map(|_| InstanceRoleCredentials::new::<S>());
        let chain = Self::files::<S>(role.clone());
        match role {
            Some(role) => chain.then("instance role", role),
            None => chain,
        }
    }

    /// The vendor's environment variables and its credentials file. The network is not used.
    pub fn local<S: Service>() -> Self {
        Self::files::<S>(None)
    }

    fn files<S: Service>(role: Option<InstanceRoleCredentials>) -> Self {
        let chain = Self::new().then("environment", EnvironmentCredentials::new::<S>());
        if S::INFO.credentials.profile.is_none() {
            return chain;
        }
        let profile = ProfileCredentials::new::<S>();
        chain.then(
            "profile",
            match role {
                Some(role) => profile.instance_role(role),
                None => profile,
            },
        )
    }

    async fn ask(&self) -> Result<Credentials, CredentialsError> {
        let first = self.answered.load(Ordering::Relaxed).checked_sub(1);
        let rest = (0..self.links.len()).filter(|index| Some(*index) != first);
        let mut said: Vec<Option<CredentialsError>> = vec![None; self.links.len()];
        for index in first.into_iter().chain(rest) {
            let Some((_, provider)) = self.links.get(index) else { continue };
            match provider.provide().await {
                Ok(credentials) => {
                    self.answered.store(index + 1, Ordering::Relaxed);
                    return Ok(credentials);
                }
                Err(error) => {
                    let ends = !error.is_absent();
                    said[index] = Some(error);
                    if ends {
                        break;
                    }
                }
            }
        }
        Err(tell(self.links.iter().map(|(name, _)| name.as_str()).zip(said)))
    }
}

impl CredentialsProvider for CredentialsChain {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.ask())
    }
}

/// What each of several said, in one error. Who was not asked said nothing.
pub(super) fn tell<'n>(said: impl IntoIterator<Item = (&'n str, Option<CredentialsError>)>) -> CredentialsError {
    let mut parts = Vec::new();
    let (mut failure, mut retryable) = (None, false);
    for (name, error) in said {
        let message = error.as_ref().map_or("not asked", CredentialsError::message);
        parts.push(format!("{name}: {message}"));
        let Some(error) = error else { continue };
        retryable |= error.is_retryable();
        if !error.is_absent() {
            failure = Some(error);
        }
    }
    let message = if parts.is_empty() { "nobody to ask".to_owned() } else { parts.join("; ") };
    let error = match failure {
        Some(failure) => CredentialsError::failed(message).with_source(failure),
        None => CredentialsError::absent(message),
    };
    if retryable { error.retryable() } else { error }
}
