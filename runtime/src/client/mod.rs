//! A client of one service in one region.

mod attempts;
mod builder;
mod call;
mod identity;
mod parse;
mod prepare;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

pub use self::builder::ClientBuilder;
pub(crate) use self::builder::without_user;
pub use self::call::Call;
use self::identity::Identity;
use crate::clock::{self, Clock, Sleep};
use crate::codec::Limits;
use crate::error::{CredentialsError, Error};
use crate::interceptor::Interceptor;
use crate::operation::{Operation, Service};
use crate::response::Response;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::skew::ClockSkew;
use crate::transport::Transport;

/// A client of one service in one region. It is cheap to clone, and its clones share one pool of connections.
///
/// The generated crates name theirs, e.g. `mediajobs_tencent_ci::Client`. [`Client::send`] does the whole call;
/// [`Client::prepare`] and [`Client::parse`] do the same around an exchange of your own.
pub struct Client<S: Service> {
    shared: Arc<Shared>,
    service: std::marker::PhantomData<fn() -> S>,
}

struct Shared {
    /// Scheme and authority for every kind of host of the service, e.g. `https://ice.cn-shanghai.aliyuncs.com`.
    origins: Vec<Origin>,
    region: String,
    /// By name, as the host and path templates use them.
    settings: Vec<(&'static str, String)>,
    identity: Identity,
    transport: Option<Arc<dyn Transport>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    options: Options,
    limits: Limits,
    clock: Arc<dyn Clock>,
    skew: ClockSkew,
    budget: RetryBudget,
    nonce: Arc<Nonce>,
    jitter: Arc<Jitter>,
}

impl Shared {
    /// The service's time of day, as far as it is known.
    fn signing_time(&self) -> SystemTime {
        self.skew.correct(self.clock.now())
    }
}

/// What a call may say of its own.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    validate: bool,
    retry: RetryPolicy,
    deadline: Duration,
    attempt_timeout: Duration,
}

impl Options {
    /// The same, whatever rules the request breaks.
    pub(crate) fn unchecked(self) -> Self {
        Self { validate: false, ..self }
    }
}

/// Gives a number from 0 to 1, another one each time.
type Jitter = dyn Fn() -> f64 + Send + Sync;
/// Gives a text that was never given before.
type Nonce = dyn Fn() -> String + Send + Sync;

/// Where requests to a kind of host go.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    /// `https` or `http`.
    scheme: &'static str,
    /// Host, and port where it is not the scheme's own.
    authority: String,
}

impl<S: Service> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), service: std::marker::PhantomData }
    }
}

impl<S: Service> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &S::INFO.name)
            .field("region", &self.shared.region)
            .field("origins", &self.shared.origins)
            .field("settings", &self.shared.settings)
            .field("credentials", &self.shared.identity)
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

impl<S: Service> Client<S> {
    /// A client for a region, to be told the rest. An unknown region is an error of [`ClientBuilder::build`], unless an
    /// endpoint is given; where the vendor opens regions faster than it documents them
    /// ([`crate::facts::ServiceInfo::region_pattern`]: Tencent), any that is well formed will do, and one that is not there is an
    /// error of the call, which finds no such host.
    pub fn builder(region: impl Into<String>) -> ClientBuilder<S> {
        ClientBuilder::new(region.into())
    }

    /// A client for a region, with credentials and settings from the vendor's environment variables, or credentials from its
    /// file where the variables are not set.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn from_env(region: impl Into<String>) -> Result<Self, Error> {
        Self::builder(region).build()
    }

    /// Checks, signs and sends a request, and reads the answer.
    ///
    /// What failed is sent again as the client's [`RetryPolicy`] says: reads in most cases, and what makes something new only
    /// where no byte was sent. Dropping the future gives the call up; the service may have received it all the same.
    ///
    /// # Errors
    /// Nothing is sent where the request breaks a rule of severity error ([`Error::InvalidRequest`]) or the client can't
    /// send it ([`Error::Configuration`], [`Error::Credentials`]). The rest is up to the network and the service.
    pub async fn send<O>(&self, operation: O) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        self.call(operation).send().await
    }

    /// Like [`Client::send`], but sends a request whatever rules it breaks.
    ///
    /// # Errors
    /// As [`Client::send`], without [`Error::InvalidRequest`].
    pub async fn send_unchecked<O>(&self, operation: O) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        self.call(operation).validation(false).send().await
    }

    /// One call with options of its own, e.g. `client.call(request).deadline(Duration::from_secs(5)).send()`.
    pub fn call<O>(&self, operation: O) -> Call<'_, O>
    where
        O: Operation<Service = S>,
    {
        Call::new(self, operation)
    }

    /// Asks the provider of credentials now, so that [`Client::prepare`] has some. [`Client::send`] does it by itself.
    ///
    /// # Errors
    /// [`Error::Credentials`] where it has none, or gave none within the limit of an attempt.
    pub async fn load_credentials(&self) -> Result<(), Error> {
        let clock = &*self.shared.clock;
        let most = self.shared.options.attempt_timeout;
        let loaded = clock::within(clock, Some(most), self.shared.identity.get(clock)).await;
        let none = || Err(CredentialsError::failed(format!("the provider gave no answer within {most:?}")).retryable());
        loaded.unwrap_or_else(none).map(drop).map_err(Error::Credentials)
    }

    /// Checks and signs a request, and sends nothing: what it gives is what has to go on the wire, within some minutes.
    ///
    /// Where credentials come from a provider, it signs with those that were used last: see [`Client::load_credentials`].
    ///
    /// # Errors
    /// As [`Client::send`] before it sends.
    pub fn prepare<O>(&self, operation: &O) -> Result<http::Request<Bytes>, Error>
    where
        O: Operation<Service = S>,
    {
        if self.shared.options.validate {
            self.check(operation)?;
        }
        self.prepare_unchecked(operation)
    }

    /// Like [`Client::prepare`], but signs a request whatever rules it breaks.
    ///
    /// # Errors
    /// [`Error::Configuration`] and requests that no HTTP message can carry.
    pub fn prepare_unchecked<O>(&self, operation: &O) -> Result<http::Request<Bytes>, Error>
    where
        O: Operation<Service = S>,
    {
        prepare::prepare(&self.shared, S::INFO, operation)
    }

    /// Reads the answer to a request.
    ///
    /// # Errors
    /// [`Error::Refused`] and [`Error::UnreadableAnswer`].
    pub fn parse<O>(&self, answer: &http::Response<Bytes>) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        let credentials = self.shared.identity.known();
        let reader = parse::AnswerReader {
            service: S::INFO,
            operation: O::INFO,
            answer,
            limits: self.shared.limits,
            credentials: credentials.as_deref(),
            now: self.shared.signing_time(),
        };
        reader.response::<O>()
    }
}

/// What waits and lists use.
impl<S: Service> Client<S> {
    pub(crate) fn monotonic(&self) -> Duration {
        self.shared.clock.monotonic()
    }

    pub(crate) fn sleep(&self, duration: Duration) -> Sleep {
        self.shared.clock.sleep(duration)
    }

    /// A text without the secrets of the client's credentials.
    pub(crate) fn redact(&self, text: String) -> String {
        match self.shared.identity.known() {
            Some(credentials) => credentials.redact(text),
            None => text,
        }
    }

    /// A random number from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        (self.shared.jitter)()
    }

    pub(crate) async fn send_borrowed<O>(&self, operation: &O) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        self.dispatch(operation, &self.shared.options).await
    }

    /// The client's own options, with no more time than this.
    pub(crate) fn options_within(&self, most: Duration) -> Options {
        let options = self.shared.options.clone();
        Options { deadline: options.deadline.min(most), ..options }
    }
}

/// Reads an answer without a client, for stand-ins and tests.
#[cfg(feature = "server")]
pub(crate) fn parse_answer<O: Operation>(
    answer: &http::Response<Bytes>,
    limits: Limits,
) -> Result<Response<O::Response>, Error> {
    let now = SystemTime::UNIX_EPOCH;
    let service = <O::Service as Service>::INFO;
    parse::AnswerReader { service, operation: O::INFO, answer, limits, credentials: None, now }.response::<O>()
}
