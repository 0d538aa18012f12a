//! What the clients of mediajobs stand on: signing, wire text, validation, errors, credentials and transport.
//!
//! A program uses a client crate, `mediajobs-alibaba-ice`, `mediajobs-huawei-vas` or `mediajobs-tencent-ci`, and meets
//! this crate through it. The project is unofficial: none of the vendors has a part in it.
//!
//! # One call
//!
//! [`Client::builder`] makes a client for a region; [`Client::send`] checks a request against the documented rules, signs it,
//! sends it and reads the answer. Each step is there alone: [`Operation::validate`], [`Client::prepare`] (a signed
//! [`http::Request`] as plain data), [`Transport`], and [`Client::parse`].
//!
//! # Errors
//!
//! [`Error`] is one flat list of situations, and [`Error::kind`] says what to do. Its `Display` holds operation, HTTP
//! status, vendor code, message, request id and the number of attempts.
//!
//! # Over time
//!
//! What failed is sent again where that can do no harm ([`RetryPolicy`]), within the call's deadline; every attempt is signed anew.
//! [`Client::wait`] submits a job and waits for its end, [`Client::wait_for`] for that of an older one ([`WaitPolicy`]).
//! [`Client::pages`] and [`Client::items`] walk through lists, [`Client::batch`] does with any number of ids what the service does with
//! a few. All of it goes by a [`Clock`], so that it is tested without waiting.
//!
//! # What a program sees
//!
//! Spans and events go to [`tracing`](https://docs.rs/tracing), target `mediajobs`: a span `call` for each call (level info) and
//! `attempt` for each attempt (debug), with service, operation, status, code and request id; an event where something is sent again
//! (info) or has failed (warn). An [`Interceptor`] runs around each attempt.
//!
//! # Credentials
//!
//! [`Credentials`] are given, or found: [`EnvironmentCredentials`], [`ProfileCredentials`] (the vendor's own file),
//! [`InstanceRoleCredentials`] (the role of the vendor's machine), and [`CredentialsChain`], which asks them in that order. Any
//! other place is a [`CredentialsProvider`]. Those that end are asked for anew some minutes before, once for all callers.
//!
//! # Safe unless told otherwise
//!
//! Only `https`; no redirects; answers bounded in bytes, depth and number of values ([`Limits`]) and in time; secrets in no `Debug`,
//! error or log; requests held to the documented rules ([`validate`]); nothing that costs money sent twice.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `reqwest` | [`ReqwestTransport`], which needs a Tokio runtime; without it, as on `wasm32-unknown-unknown`, give [`ClientBuilder::transport`] one of your own |
//! | `tls-ring` | TLS by rustls with ring; on unless default features are off |
//! | `tls-aws-lc` | TLS by rustls with aws-lc |
//! | `tls-native` | the system's TLS |
//! | `blocking` | `blocking::Client`, whose calls are not `async` |
//! | `server` | requests read and answers written, for stand-ins and tests |
//! | `testing` | `testing`: answers without a network, and time that passes by itself, for the tests of programs that use a client |
//! | `serde` | `Serialize` and `Deserialize` on values, for programs that store or log them |
//!
//! Without `reqwest` it builds for `wasm32-unknown-unknown`; there, [`ClientBuilder::clock`] and [`ClientBuilder::transport`] have to be
//! given, since the target has neither.

#[doc(hidden)]
pub mod codec;
pub mod facts;
pub mod sign;
pub mod validate;

mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod callback;
mod client;
mod clock;
mod credentials;
mod error;
mod interceptor;
mod job;
mod json;
mod operation;
mod or_empty;
mod pages;
#[cfg(test)]
mod property;
mod response;
mod retry;
mod secret;
#[cfg(feature = "serde")]
mod serialize;
#[cfg(feature = "server")]
pub mod server;
mod skew;
#[cfg(test)]
mod test_service;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod transport;
mod unknown;
mod wait;

pub use batch::{Batch, BatchChunk, BatchReport};
pub use callback::{Callback, CallbackError};
pub use client::{Call, Client, ClientBuilder};
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use clock::SystemClock;
pub use clock::{Clock, Sleep};
pub use codec::{Limits, ReadError};
pub use credentials::{
    Credentials, CredentialsChain, CredentialsFuture, CredentialsProvider, Environment, EnvironmentCredentials,
    InstanceRoleCredentials, ProfileCredentials,
};
pub use error::{
    ConfigurationError, CredentialsError, Error, ErrorKind, GaveUpError, GaveUpReason, InvalidRequestError,
    JobFailedError, RefusedError, TransportFailure, UnreadableAnswerError,
};
pub use interceptor::{Attempt, Interceptor, RequestToSign};
#[doc(hidden)]
pub use job::JobReport;
pub use job::{Job, JobQuery};
pub use json::{Json, JsonError, JsonText};
pub use operation::{Operation, Service, Setting};
pub use or_empty::OrEmpty;
#[doc(hidden)]
pub use pages::{Cursor, PageMark, PageNumber};
pub use pages::{PageStream, Paged};
pub use response::Response;
pub use retry::{Repeat, RetryPolicy};
pub use secret::Secret;
pub use time::{Time, TimeError};
#[cfg(feature = "reqwest")]
pub use transport::{ReqwestTransport, ReqwestTransportBuilder};
pub use transport::{Transport, TransportError, TransportFuture};
pub use unknown::{Notation, UnknownMembers, UnknownValue, UnknownVariant};
pub use wait::{Finished, JobProgress, WaitPolicy};
