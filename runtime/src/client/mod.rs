//! A client of one service in one region.

mod builder;
mod parse;
mod prepare;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

pub use self::builder::ClientBuilder;
use crate::clock::Clock;
use crate::codec::Limits;
use crate::credentials::Credentials;
use crate::error::{Error, TransportFailure};
use crate::operation::{Operation, Service};
use crate::response::Response;
use crate::transport::{Transport, TransportError};

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
    credentials: Credentials,
    transport: Option<Arc<dyn Transport>>,
    validate: bool,
    limits: Limits,
    clock: Arc<dyn Clock>,
    nonce: Arc<Nonce>,
}

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
            .field("credentials", &self.shared.credentials)
            .field("validate", &self.shared.validate)
            .finish_non_exhaustive()
    }
}

impl<S: Service> Client<S> {
    /// A client for a region, to be told the rest. An unknown region is an error of [`ClientBuilder::build`], unless an
    /// endpoint is given.
    pub fn builder(region: impl Into<String>) -> ClientBuilder<S> {
        ClientBuilder::new(region.into())
    }

    /// A client for a region, with credentials and settings from the vendor's environment variables.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn from_env(region: impl Into<String>) -> Result<Self, Error> {
        Self::builder(region).build()
    }

    /// Checks, signs and sends a request, and reads the answer.
    ///
    /// Dropping the future gives the call up; the service may have received it all the same. One attempt is made.
    ///
    /// # Errors
    /// Nothing is sent where the request breaks a rule of severity error ([`Error::InvalidRequest`]) or the client can't
    /// send it ([`Error::Configuration`]). The rest is up to the network and the service.
    pub async fn send<O>(&self, operation: O) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        self.exchange::<O>(self.prepare(&operation)?).await
    }

    /// Like [`Client::send`], but sends a request whatever rules it breaks.
    ///
    /// # Errors
    /// As [`Client::send`], without [`Error::InvalidRequest`].
    pub async fn send_unchecked<O>(&self, operation: O) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        self.exchange::<O>(self.prepare_unchecked(&operation)?).await
    }

    /// Checks and signs a request, and sends nothing: what it gives is what has to go on the wire, within some minutes.
    ///
    /// # Errors
    /// As [`Client::send`] before it sends.
    pub fn prepare<O>(&self, operation: &O) -> Result<http::Request<Bytes>, Error>
    where
        O: Operation<Service = S>,
    {
        if self.shared.validate {
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
        parse::parse::<O>(S::INFO, answer, self.shared.limits, &self.shared.credentials)
    }

    async fn exchange<O>(&self, request: http::Request<Bytes>) -> Result<Response<O::Response>, Error>
    where
        O: Operation<Service = S>,
    {
        let Some(transport) = &self.shared.transport else {
            return Err(builder::no_transport(S::INFO.name));
        };
        match transport.send(request, self.shared.limits.max_body_bytes).await {
            Ok(answer) => self.parse::<O>(&answer),
            Err(error) => Err(self.failure::<O>(error)),
        }
    }

    /// What a transport's failure means. A refusal is one also where its body breaks off.
    fn failure<O>(&self, error: TransportError) -> Error
    where
        O: Operation<Service = S>,
    {
        let TransportError { sent, message, head, partial_body, source } = error;
        let begun = head.map(|head| http::Response::from_parts(*head, partial_body));
        let (answer, message) = match begun {
            None => (None, message),
            Some(begun) if !begun.status().is_success() => match self.parse::<O>(&begun) {
                Err(refused) => return refused,
                Ok(_) => (None, message),
            },
            Some(begun) => {
                let answer = parse::begun::<O>(S::INFO, &begun, &self.shared.credentials);
                (Some(answer), format!("status {} came, and then: {message}", begun.status().as_u16()))
            }
        };
        let failure = TransportFailure { operation: O::INFO.name, message, answer, source: source.map(Arc::from) };
        if sent { Error::NoAnswer(failure) } else { Error::NotSent(failure) }
    }
}

/// Reads an answer without a client, for stand-ins and tests.
#[cfg(feature = "server")]
pub(crate) fn parse_answer<O: Operation>(
    answer: &http::Response<Bytes>,
    limits: Limits,
) -> Result<Response<O::Response>, Error> {
    parse::parse::<O>(<O::Service as Service>::INFO, answer, limits, &Credentials::new("", ""))
}
