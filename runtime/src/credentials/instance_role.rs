//! Credentials of the role of the machine that the program runs on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;

use super::environment::{optional, says_true};
use super::metadata_answer::MetadataAnswer;
use super::{Credentials, CredentialsFuture, CredentialsProvider, Environment};
use crate::client::without_user;
use crate::clock::{self, Clock, within};
use crate::error::CredentialsError;
use crate::facts::{InstanceRoleInfo, MetadataTokenInfo, ServiceInfo};
use crate::operation::Service;
use crate::transport::Transport;

/// The longest wait for each answer.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// The most bytes of an answer.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// How long a token is to live. It serves for the questions that follow at once.
const TOKEN_SECONDS: &str = "60";
/// The longest name of a role.
const MAX_ROLE_CHARS: usize = 128;

/// The temporary credentials of the role of the machine that the program runs on, from the vendor's metadata endpoint.
///
/// | vendor | role | endpoint |
/// | --- | --- | --- |
/// | Alibaba Cloud | the instance's RAM role | `http://100.100.100.200/latest/meta-data/ram/security-credentials/`, with a token where it gives one ([source](https://help.aliyun.com/zh/ecs/user-guide/obtain-a-temporary-authorization-token)) |
/// | Huawei Cloud | the instance's agency | `http://169.254.169.254/openstack/latest/securitykey`, with a token where it gives one ([source](https://support.huaweicloud.com/intl/en-us/usermanual-ecs/ecs_03_0166.html)) |
/// | Tencent Cloud | the instance's CAM role | `http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/` ([source](https://cloud.tencent.com/document/product/213/47668)) |
///
/// The role's name is asked for where it is not given. Alibaba's variables are heeded: `ALIBABA_CLOUD_ECS_METADATA` (the
/// role's name), `ALIBABA_CLOUD_ECS_METADATA_DISABLED` and `ALIBABA_CLOUD_IMDSV1_DISABLED` (never without a token), both `true`
/// ([source](https://github.com/aliyun/credentials-go/blob/master/credentials/providers/ecs_ram_role.go)).
///
/// Each answer is waited for 2 seconds at most, and no proxy is used. A machine without a role, and one where nobody answers,
/// has no credentials here; where somebody did answer before, that nobody does is an error that may pass.
///
/// ```
/// # mod services { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/services.rs")); }
/// # use services::AlibabaIce;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use mediajobs_runtime::{CredentialsProvider, Environment, InstanceRoleCredentials};
///
/// // `AlibabaIce` is the marker type of `mediajobs-alibaba-ice`.
/// let variables = Environment::of([("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")]);
/// let provider = InstanceRoleCredentials::new::<AlibabaIce>().role("EcsRamRoleTest").environment(variables);
/// let error = provider.provide().await.unwrap_err();
/// assert!(error.is_absent());
/// assert_eq!(error.message(), "not asked: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true");
/// # });
/// ```
#[derive(Clone)]
pub struct InstanceRoleCredentials {
    info: &'static ServiceInfo,
    endpoint: Option<String>,
    role: Option<String>,
    environment: Environment,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    /// Whether the endpoint ever answered.
    answered: Arc<AtomicBool>,
}

impl fmt::Debug for InstanceRoleCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceRoleCredentials")
            .field("service", &self.info.name)
            .field("endpoint", &self.endpoint.as_deref().map(without_user))
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl InstanceRoleCredentials {
    /// The vendor's endpoint, asked over [`crate::ReqwestTransport`] where the feature `reqwest` is on.
    pub fn new<S: Service>() -> Self {
        Self {
            info: S::INFO,
            endpoint: None,
            role: None,
            environment: Environment::process(),
            transport: None,
            clock: clock::default_clock(),
            answered: Arc::default(),
        }
    }

    /// The role's name, before what the vendor's variable names. Where the vendor's roles have none it changes nothing.
    #[must_use]
    pub fn role(mut self, name: impl Into<String>) -> Self {
        self.role = Some(name.into());
        self
    }

    /// Scheme, host and port of another endpoint, e.g. `http://127.0.0.1:8080`: for tests.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// How the endpoint is asked. It should use no proxy and follow no redirect.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// What time it is and how to wait. Without it, [`crate::SystemClock`].
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Other variables than those of the process.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The credentials of a role; of the one that was given, or that the machine has, where none is named.
    pub(super) async fn provide_role(&self, role: Option<String>) -> Result<Credentials, CredentialsError> {
        let Some(facts) = &self.info.credentials.instance_role else {
            return Err(CredentialsError::absent(format!("{} has no roles of machines", self.info.title)));
        };
        let (role, token_needed) = self.settings(facts, role)?;
        let transport = self.transport_or_default()?;
        let no_clock = || CredentialsError::absent("not asked: there is no clock, so give one to the provider");
        let clock = self.clock.clone().ok_or_else(no_clock)?;
        let endpoint = self.endpoint.as_deref().unwrap_or(facts.endpoint).trim_end_matches('/');
        let metadata = Metadata { facts, endpoint, transport: &*transport, clock: &*clock, answered: &self.answered };
        metadata.credentials(role, token_needed).await
    }

    /// The role's name, where it is known, and the variable by which nothing may be asked without a token.
    fn settings(
        &self,
        facts: &InstanceRoleInfo,
        role: Option<String>,
    ) -> Result<(Option<String>, Option<&'static str>), CredentialsError> {
        let lookup = self.environment.lookup();
        if let Some(name) = facts.disabled_env
            && says_true(&lookup, Some(name))?
        {
            return Err(CredentialsError::absent(format!("not asked: {name} is true")));
        }
        let role = match role.or_else(|| self.role.clone()) {
            Some(role) => Some(role),
            None => optional(&lookup, facts.role_env)?,
        };
        let required_env = facts.token.and_then(|token| token.required_env);
        Ok((role, if says_true(&lookup, required_env)? { required_env } else { None }))
    }

    fn transport_or_default(&self) -> Result<Arc<dyn Transport>, CredentialsError> {
        match &self.transport {
            Some(transport) => Ok(transport.clone()),
            None => default_transport()?.ok_or_else(|| {
                CredentialsError::absent("not asked: there is no transport, so give one to the provider")
            }),
        }
    }
}

impl CredentialsProvider for InstanceRoleCredentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.provide_role(None))
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Option<Arc<dyn Transport>>, CredentialsError> {
    let builder = crate::transport::ReqwestTransport::builder().no_proxy().pool_idle_timeout(Duration::ZERO);
    match builder.connect_timeout(Duration::from_secs(1)).build() {
        Ok(transport) => Ok(Some(Arc::new(transport))),
        Err(error) => Err(CredentialsError::failed(format!("no transport: {error}")).with_source(error)),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Option<Arc<dyn Transport>>, CredentialsError> {
    Ok(None)
}

/// One round of questions.
struct Metadata<'a> {
    facts: &'static InstanceRoleInfo,
    endpoint: &'a str,
    transport: &'a dyn Transport,
    clock: &'a dyn Clock,
    answered: &'a AtomicBool,
}

/// Why there is no answer.
enum NoAnswer {
    /// Nobody was reached, or nobody said anything in time.
    Nobody { within_time: bool, error: CredentialsError },
    /// Somebody was, and it is not for others to go on with that.
    Wrong(CredentialsError),
}

impl From<NoAnswer> for CredentialsError {
    fn from(no_answer: NoAnswer) -> Self {
        match no_answer {
            NoAnswer::Nobody { error, .. } | NoAnswer::Wrong(error) => error,
        }
    }
}

impl Metadata<'_> {
    async fn credentials(
        &self,
        role: Option<String>,
        token_needed: Option<&'static str>,
    ) -> Result<Credentials, CredentialsError> {
        let token = match &self.facts.token {
            Some(token) => self.token(token, token_needed).await?,
            None => None,
        };
        if !self.facts.named {
            return self.of_role("", "the machine's role", token.as_ref(), false).await;
        }
        let (role, given) = match role {
            Some(role) => (role, true),
            None => (self.role_name(token.as_ref()).await?, false),
        };
        // It becomes a part of the path.
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.=,@+".contains(c);
        if role.is_empty() || role.len() > MAX_ROLE_CHARS || !role.chars().all(fits) || matches!(&*role, "." | "..") {
            let whose = if given { "the role that was given" } else { "what the endpoint says is the role" };
            return Err(CredentialsError::failed(format!("{whose} is no name of a role")));
        }
        self.of_role(&role, &format!("the role {role}"), token.as_ref(), given).await
    }

    /// A token, or none where the endpoint knows none or does not give it to this place.
    async fn token(
        &self,
        token: &MetadataTokenInfo,
        needed: Option<&'static str>,
    ) -> Result<Option<http::HeaderValue>, CredentialsError> {
        let question = self.question(http::Method::PUT, token.path, "")?.header(token.ttl_header, TOKEN_SECONDS);
        let what = "the token for metadata";
        let answer = match self.ask(question).await {
            // The answer to this question may not be let through into a container.
            Err(NoAnswer::Nobody { within_time: false, error }) if needed.is_none() => {
                tracing::debug!(%error, "no token for metadata: going on without");
                return Ok(None);
            }
            answer => answer?,
        };
        let status = answer.status();
        if status.is_client_error() && needed.is_none() {
            return Ok(None);
        }
        if status != http::StatusCode::OK {
            let reason = needed.map(|name| format!(", and {name} is true")).unwrap_or_default();
            return Err(self.refused(what, status, &reason));
        }
        let value = std::str::from_utf8(answer.body()).ok().map(str::trim).filter(|value| !value.is_empty());
        let Some(mut value) = value.and_then(|value| http::HeaderValue::from_str(value).ok()) else {
            return Err(CredentialsError::failed(format!("{what} from {} is none", self.endpoint)));
        };
        value.set_sensitive(true);
        Ok(Some(value))
    }

    async fn role_name(&self, token: Option<&http::HeaderValue>) -> Result<String, CredentialsError> {
        let answer = self.get("", token).await?;
        let status = answer.status();
        let none = || CredentialsError::absent(format!("the machine has no role, says {}", self.endpoint));
        if self.facts.no_role.contains(&status.as_u16()) {
            return Err(none());
        }
        if status != http::StatusCode::OK {
            return Err(self.refused("the name of the role", status, ""));
        }
        let text = String::from_utf8_lossy(answer.body());
        // A machine has one role; where an endpoint lists more, they are one a line.
        text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned).ok_or_else(none)
    }

    async fn of_role(
        &self,
        role: &str,
        what: &str,
        token: Option<&http::HeaderValue>,
        given: bool,
    ) -> Result<Credentials, CredentialsError> {
        let answer = self.get(role, token).await?;
        let status = answer.status();
        if self.facts.no_role.contains(&status.as_u16()) {
            let message = format!("{} has no credentials of {what}: status {}", self.endpoint, status.as_u16());
            // Who names a role wants that one.
            return Err(if given { CredentialsError::failed(message) } else { CredentialsError::absent(message) });
        }
        if status != http::StatusCode::OK {
            return Err(self.refused(&format!("the credentials of {what}"), status, ""));
        }
        let read = MetadataAnswer::read(self.facts, answer.body());
        read.map_err(|problem| {
            CredentialsError::failed(format!("the credentials of {what} from {}: {problem}", self.endpoint))
        })
    }

    async fn get(
        &self,
        role: &str,
        token: Option<&http::HeaderValue>,
    ) -> Result<http::Response<Bytes>, CredentialsError> {
        let mut question = self.question(http::Method::GET, self.facts.path, role)?;
        if let (Some(value), Some(facts)) = (token, &self.facts.token) {
            question = question.header(facts.header, value.clone());
        }
        Ok(self.ask(question).await?)
    }

    fn question(
        &self,
        method: http::Method,
        path: &str,
        role: &str,
    ) -> Result<http::request::Builder, CredentialsError> {
        if self.endpoint.contains('@') {
            return Err(CredentialsError::failed("the endpoint of metadata holds a user name: leave it out"));
        }
        let wrong = || CredentialsError::failed(format!("{:?} is no endpoint of metadata", self.endpoint));
        let uri = format!("{}{path}{role}", self.endpoint).parse::<http::Uri>().map_err(|_| wrong())?;
        uri.authority().filter(|_| uri.scheme().is_some()).ok_or_else(wrong)?;
        if uri.path() != format!("{path}{role}") {
            return Err(wrong());
        }
        Ok(http::Request::builder().method(method).uri(uri))
    }

    async fn ask(&self, question: http::request::Builder) -> Result<http::Response<Bytes>, NoAnswer> {
        let question = question.body(Bytes::new());
        let question = question.map_err(|error| NoAnswer::Wrong(CredentialsError::failed(error.to_string())))?;
        let answer = self.transport.send(question, MAX_ANSWER_BYTES);
        let nobody = |within_time, how: fmt::Arguments<'_>| {
            let message = format!("no answer from {}: {how}", self.endpoint);
            let error = if self.answered.load(Ordering::Relaxed) {
                CredentialsError::failed(message).retryable()
            } else {
                CredentialsError::absent(message)
            };
            NoAnswer::Nobody { within_time, error }
        };
        match within(self.clock, Some(TIME_LIMIT), answer).await {
            Some(Ok(answer)) => {
                self.answered.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            // What came of an answer stays out of the error.
            Some(Err(error)) if error.head.is_some() => {
                let message = format!("the answer of {} did not come whole, or is too long", self.endpoint);
                Err(NoAnswer::Wrong(CredentialsError::failed(message).retryable()))
            }
            Some(Err(error)) => {
                Err(nobody(true, format_args!("{}", if error.sent { "it broke off" } else { "no connection" })))
            }
            None => Err(nobody(false, format_args!("none within {} s", TIME_LIMIT.as_secs()))),
        }
    }

    fn refused(&self, what: &str, status: http::StatusCode, reason: &str) -> CredentialsError {
        let message = format!("{} refuses {what} with status {}{reason}", self.endpoint, status.as_u16());
        let error = CredentialsError::failed(message);
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            error.retryable()
        } else {
            error
        }
    }
}
