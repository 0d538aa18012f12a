//! What the mediajobs clients stand on.

pub mod codec;
pub mod facts;
pub mod sign;
pub mod validate;

mod client;
mod credentials;
mod error;
mod json;
mod operation;
mod response;
mod secret;
#[cfg(feature = "server")]
pub mod server;
#[cfg(test)]
mod test_service;
mod time;
mod transport;
mod unknown;

pub use client::{Client, ClientBuilder};
pub use codec::{Limits, ReadError};
pub use credentials::Credentials;
pub use error::{
    ConfigurationError, Error, ErrorKind, InvalidRequestError, RefusedError, TransportFailure, UnreadableAnswerError,
};
pub use json::{Json, JsonError, JsonText};
pub use operation::{Operation, Service, Setting};
pub use response::Response;
pub use secret::Secret;
pub use time::{Time, TimeError};
#[cfg(feature = "reqwest")]
pub use transport::ReqwestTransport;
pub use transport::{Transport, TransportError, TransportFuture};
pub use unknown::{UnknownValue, UnknownVariant};
