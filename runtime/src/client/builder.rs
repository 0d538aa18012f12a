//! What a client is told before it can send.

use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::identity::Identity;
use super::{Client, Jitter, Nonce, Options, Origin, Shared};
use crate::clock::{self, Clock};
use crate::codec::Limits;
use crate::credentials::{CachedCredentials, Credentials, CredentialsProvider, Environment, Lookup};
use crate::error::{ConfigurationError, Error};
use crate::facts::{ServiceInfo, SettingInfo};
use crate::interceptor::Interceptor;
use crate::operation::{Service, Setting};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::skew::ClockSkew;
use crate::transport::Transport;
use crate::validate::Checker;

/// The longest a call takes unless it is told otherwise.
const DEADLINE: Duration = Duration::from_secs(300);
/// The longest an attempt takes unless it is told otherwise.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(120);

/// What a client is told before it can send. [`ClientBuilder::build`] says what is missing.
pub struct ClientBuilder<S: Service> {
    region: String,
    host: Option<String>,
    endpoint: Option<String>,
    allow_http: bool,
    settings: Vec<(&'static str, String)>,
    credentials: Option<Given>,
    transport: Option<Arc<dyn Transport>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    options: Options,
    budget: u32,
    limits: Limits,
    clock: Option<Arc<dyn Clock>>,
    nonce: Arc<Nonce>,
    jitter: Arc<Jitter>,
    service: PhantomData<fn() -> S>,
}

/// Who is asking, as it was given.
#[derive(Debug)]
enum Given {
    Fixed(Credentials),
    Provider(Arc<dyn CredentialsProvider>),
}

impl<S: Service> std::fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("service", &S::INFO.name)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint.as_deref().map(without_user))
            .field("settings", &self.settings)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

impl<S: Service> ClientBuilder<S> {
    pub(super) fn new(region: String) -> Self {
        Self {
            region,
            host: None,
            endpoint: None,
            allow_http: false,
            settings: Vec::new(),
            credentials: None,
            transport: None,
            interceptors: Vec::new(),
            options: Options {
                validate: true,
                retry: RetryPolicy::default(),
                deadline: DEADLINE,
                attempt_timeout: ATTEMPT_TIMEOUT,
            },
            budget: RetryBudget::DEFAULT,
            limits: Limits::DEFAULT,
            clock: clock::default_clock(),
            nonce: Arc::new(random_nonce),
            jitter: Arc::new(random_jitter),
            service: PhantomData,
        }
    }

    /// Who is asking. Without it, the vendor's environment variables are read when the client is built, and then its
    /// credentials file: what [`crate::CredentialsChain::local`] finds.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Given::Fixed(credentials));
        self
    }

    /// Who says who is asking, e.g. [`crate::CredentialsChain::standard`]. It is asked at the first call, and again before what it
    /// gave ceases to hold, once for all callers of the client and its clones.
    #[must_use]
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider + 'static) -> Self {
        self.credentials = Some(Given::Provider(Arc::new(provider)));
        self
    }

    /// A setting of the service, e.g. a bucket. Without it, its environment variable is read, where it has one.
    #[must_use]
    pub fn with<T: Setting<Service = S>>(mut self, setting: T) -> Self {
        self.settings.retain(|(name, _)| *name != T::NAME);
        self.settings.push((T::NAME, setting.value().to_owned()));
        self
    }

    /// Another kind of host in place of the service's first, e.g. `vpc`: a name of [`ServiceInfo::hosts`].
    #[must_use]
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.host = Some(name.into());
        self
    }

    /// Scheme, host and port of an endpoint of your own, e.g. `https://proxy.example:8443`, for every operation.
    /// The region need not be one of the service's then.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Accepts an endpoint of scheme `http`. What is sent there can be read and changed on the way: for tests on this
    /// machine.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// How requests travel. Without it, [`crate::ReqwestTransport`], where the feature `reqwest` is on.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Whether requests are held to the documented rules before they are sent. They are unless this says no.
    #[must_use]
    pub fn validation(mut self, on: bool) -> Self {
        self.options.validate = on;
        self
    }

    /// When calls are made again. Without it, [`RetryPolicy::default`].
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = policy;
        self
    }

    /// How much may be sent again over all calls of the client and its clones. An attempt after an answer costs 5, one after
    /// none 10; a call that goes well at once gives 1 back, one that goes well in the end gives back what its last attempt cost.
    /// 500 unless this says otherwise; with 0 nothing is sent again.
    #[must_use]
    pub fn retry_budget(mut self, most: u32) -> Self {
        self.budget = most;
        self
    }

    /// The longest a call takes, pauses and all attempts together. 5 minutes unless this says otherwise.
    #[must_use]
    pub fn deadline(mut self, most: Duration) -> Self {
        self.options.deadline = most;
        self
    }

    /// The longest one attempt takes. 2 minutes unless this says otherwise: longer than the limits of the
    /// transport that comes with this crate together, which know more of what came.
    #[must_use]
    pub fn attempt_timeout(mut self, most: Duration) -> Self {
        self.options.attempt_timeout = most;
        self
    }

    /// Code of your own around every attempt; of several, the first comes first.
    #[must_use]
    pub fn interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// How much of an answer is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What time it is and how to wait: for signatures, time limits, and the pauses between attempts. Without it,
    /// [`crate::SystemClock`].
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Where nonces for signatures come from. Without it, 128 random bits as 32 hexadecimal digits.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.nonce = Arc::new(nonce);
        self
    }

    /// Where the random parts of pauses come from: a number from 0 to 1, another one each time. Without it, random bits of the
    /// system.
    #[must_use]
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`Error::Configuration`] says what is wrong or missing and where it was looked for: an unknown region, a missing
    /// or malformed setting, an endpoint that is no `https` origin, missing or empty credentials. A setting that only some
    /// operations need, e.g. Tencent's bucket, is missed by their calls.
    pub fn build(self) -> Result<Client<S>, Error> {
        self.build_from(&Environment::process().lookup())
    }

    /// Settings by name; the first of several counts.
    #[cfg(feature = "server")]
    pub(crate) fn settings_by_name(mut self, settings: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        for (name, value) in settings {
            if !self.settings.iter().any(|(known, _)| *known == name) {
                self.settings.push((name, value));
            }
        }
        self
    }

    /// A client that only prepares and parses, and does not look at the environment.
    #[cfg(feature = "server")]
    pub(crate) fn build_without_transport(self) -> Result<Client<S>, Error> {
        self.transport(Nowhere).build_from(&|_| None)
    }

    fn build_from(mut self, lookup: &Lookup<'_>) -> Result<Client<S>, Error> {
        let info = S::INFO;
        let fail = |message: String| Error::from(ConfigurationError::new(info.name, message));
        for setting in info.settings {
            self.complete(setting, lookup).map_err(fail)?;
        }
        let origins = self.origins(info).map_err(fail)?;
        let identity = match self.credentials {
            Some(Given::Provider(provider)) => Identity::Provided(CachedCredentials::new(provider, info)),
            Some(Given::Fixed(credentials)) => Identity::Fixed(credentials),
            None => Identity::Fixed(Credentials::from_local(info, lookup)?),
        };
        if let Identity::Fixed(credentials) = &identity
            && let Some(problem) = credentials.problem(info)
        {
            return Err(fail(problem));
        }
        let clock = self.clock.ok_or_else(|| {
            fail("no clock: this target has none of its own, so give one with `.clock(…)`".to_owned())
        })?;
        let transport = match self.transport {
            Some(transport) => Some(transport),
            None => default_transport(info.name, &clock)?,
        };
        let shared = Shared {
            origins,
            region: self.region,
            settings: self.settings,
            identity,
            transport,
            interceptors: self.interceptors,
            options: self.options,
            limits: self.limits,
            clock,
            skew: ClockSkew::default(),
            budget: RetryBudget::new(self.budget),
            nonce: self.nonce,
            jitter: self.jitter,
        };
        Ok(Client { shared: Arc::new(shared), service: PhantomData })
    }

    /// Takes a setting from the environment where it was not given, and checks it.
    fn complete(&mut self, setting: &'static SettingInfo, lookup: &Lookup<'_>) -> Result<(), String> {
        let given = self.settings.iter().find(|(name, _)| *name == setting.name);
        let (value, origin) = match (given, setting.env) {
            (Some((_, value)), _) => (value.clone(), "given".to_owned()),
            (None, Some(env)) => match lookup(env) {
                Some(Ok(value)) => (value, format!("from the environment variable {env}")),
                Some(Err(_)) => return Err(format!("the environment variable {env} is not UTF-8")),
                None if setting.optional => return Ok(()),
                None => {
                    return Err(format!(
                        "the setting {} is missing: give it with `.with({}::new(…))` or set the environment variable {env}",
                        setting.name, setting.type_name
                    ));
                }
            },
            (None, None) if setting.optional => return Ok(()),
            (None, None) => {
                return Err(format!(
                    "the setting {} is missing: give it with `.with({}::new(…))`",
                    setting.name, setting.type_name
                ));
            }
        };
        let mut checker = Checker::new("");
        (setting.check)(&value, &mut checker);
        if let Some(violation) = checker.finish().errors().next() {
            return Err(format!("the setting {origin} is wrong: {violation}"));
        }
        if given.is_none() {
            self.settings.push((setting.name, value));
        }
        Ok(())
    }

    fn origins(&self, info: &ServiceInfo) -> Result<Vec<Origin>, String> {
        if let Some(endpoint) = &self.endpoint {
            let origin = parse_endpoint(endpoint, self.allow_http)?;
            return Ok(vec![origin; info.hosts.len().max(1)]);
        }
        self.check_region(info)?;
        let first = match &self.host {
            None => 0,
            Some(wanted) => info.hosts.iter().position(|host| host.name == wanted).ok_or_else(|| {
                let known = info.hosts.iter().map(|host| host.name).collect::<Vec<_>>().join(", ");
                format!("unknown kind of host {wanted:?}: expected one of {known}")
            })?,
        };
        let templates =
            info.hosts.iter().enumerate().map(|(index, host)| if index == 0 { &info.hosts[first] } else { host });
        Ok(templates
            .map(|host| {
                let mut authority = host.template.replace("{region}", &self.region);
                for (name, value) in &self.settings {
                    authority = authority.replace(&format!("{{{name}}}"), value);
                }
                Origin { scheme: "https", authority }
            })
            .collect())
    }

    fn check_region(&self, info: &ServiceInfo) -> Result<(), String> {
        if info.regions.iter().any(|(id, _)| *id == self.region) {
            return Ok(());
        }
        if info.region_pattern.is_some_and(|pattern| crate::validate::predicates::matches(pattern, &self.region)) {
            tracing::warn!(
                target: "mediajobs",
                service = info.name,
                region = self.region,
                "not one of the regions that were known when this was made: a new one, or a slip"
            );
            return Ok(());
        }
        let known = info.regions.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
        Err(format!(
            "unknown region {:?}: {} is offered in {known}. For another region give the endpoint as well",
            self.region, info.title
        ))
    }
}

/// An endpoint as it may be shown: a password in it is nobody's business.
pub(crate) fn without_user(endpoint: &str) -> &str {
    if endpoint.contains('@') { "[redacted: it holds a user name]" } else { endpoint }
}

/// An origin: `scheme://host[:port]` and nothing behind it.
fn parse_endpoint(endpoint: &str, allow_http: bool) -> Result<Origin, String> {
    // What is no endpoint is shown, and a password is not.
    if endpoint.contains('@') {
        return Err(
            "the endpoint holds a user name: give credentials to the builder and leave them out of the URL".to_owned()
        );
    }
    let wrong = |why: &str| format!("the endpoint {endpoint:?} {why}: expected e.g. https://host or https://host:8443");
    let uri = endpoint.parse::<http::Uri>().map_err(|_| wrong("is no URL"))?;
    let scheme = match uri.scheme_str() {
        Some("https") => "https",
        Some("http") if allow_http => "http",
        Some("http") => {
            return Err(format!(
                "the endpoint {endpoint:?} would send requests and credentials unprotected: use https, or `.allow_http(true)` \
                 for a test on this machine"
            ));
        }
        Some(_) => return Err(wrong("has an unknown scheme")),
        None => return Err(wrong("has no scheme")),
    };
    let authority = uri.authority().ok_or_else(|| wrong("has no host"))?;
    if uri.path_and_query().is_some_and(|rest| rest.as_str() != "/") {
        return Err(wrong("has a path or query"));
    }
    let usual = if scheme == "https" { 443 } else { 80 };
    let authority = match authority.port_u16() {
        Some(port) if port != usual => format!("{}:{port}", authority.host()),
        Some(_) => authority.host().to_owned(),
        None if authority.as_str() == authority.host() => authority.host().to_owned(),
        None => return Err(wrong("has a port that is no number from 0 to 65535")),
    };
    Ok(Origin { scheme, authority: authority.to_ascii_lowercase() })
}

/// A transport that sends nothing.
#[cfg(feature = "server")]
#[derive(Debug)]
struct Nowhere;

#[cfg(feature = "server")]
impl Transport for Nowhere {
    fn send(&self, _: http::Request<bytes::Bytes>, _: usize) -> crate::transport::TransportFuture<'_> {
        Box::pin(async { Err(crate::transport::TransportError::not_sent("this client only prepares and parses")) })
    }
}

/// Bits that were never there before.
fn random_bits() -> u128 {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u128::from_be_bytes(bytes),
        // Without the system's randomness, what the standard library seeds its maps with is still unlike the last.
        Err(_) => {
            let state = std::collections::hash_map::RandomState::new();
            let number = CALLS.fetch_add(1, Ordering::Relaxed);
            u128::from(state.hash_one(number)) << 64 | u128::from(state.hash_one(!number))
        }
    }
}

fn random_jitter() -> f64 {
    let bits = u32::try_from(random_bits() >> 96).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
}

fn random_nonce() -> String {
    random_bits()
        .to_be_bytes()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(feature = "reqwest")]
fn default_transport(service: &'static str, clock: &Arc<dyn Clock>) -> Result<Option<Arc<dyn Transport>>, Error> {
    match crate::transport::ReqwestTransport::builder().clock(Arc::clone(clock)).build() {
        Ok(transport) => Ok(Some(Arc::new(transport))),
        Err(error) => Err(ConfigurationError::new(service, format!("no transport: {error}")).into()),
    }
}

/// Without a transport a client still prepares and parses.
#[cfg(not(feature = "reqwest"))]
fn default_transport(_: &'static str, _: &Arc<dyn Clock>) -> Result<Option<Arc<dyn Transport>>, Error> {
    Ok(None)
}

pub(super) fn no_transport(service: &'static str) -> Error {
    ConfigurationError::new(
        service,
        "no transport: turn on the feature `reqwest` and one of the TLS features, or give one with `.transport(…)`",
    )
    .into()
}
