//! The transport that comes with this crate.

use std::error::Error as _;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::{Transport, TransportError, TransportFuture};

/// Longest wait for a connection, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence while an answer is awaited or read.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest time for a whole exchange.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);
/// An idle connection is dropped before the services drop it.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends requests with [`reqwest`](https://docs.rs/reqwest).
///
/// It follows no redirect, takes a proxy from the environment, waits at most 10 seconds for a connection, 30 seconds
/// for the next byte and 120 seconds for the whole, and drops idle connections after 20 seconds. For other settings, give
/// [`ReqwestTransport::with_client`] a client of your own; leave its redirects off.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: ::reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with the settings above.
    ///
    /// # Errors
    /// No TLS backend could be set up.
    pub fn new() -> Result<Self, TransportError> {
        #[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
        install_ring();
        let client = ::reqwest::Client::builder()
            .redirect(::reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .build();
        match client {
            Ok(client) => Ok(Self { client }),
            Err(error) => Err(TransportError::not_sent(chain(&error)).with_source(error)),
        }
    }

    /// A transport over a client of your own. Redirects must be off: a request is signed for the host it was made for.
    pub fn with_client(client: ::reqwest::Client) -> Self {
        Self { client }
    }
}

/// Makes ring the provider of TLS where the program has not chosen one.
#[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
fn install_ring() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error says that another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_> {
        Box::pin(async move {
            let request = ::reqwest::Request::try_from(request)
                .map_err(|error| TransportError::not_sent(chain(&error)).with_source(error.without_url()))?;
            let answer = self.client.execute(request).await.map_err(failed)?;
            read(answer, max_body_bytes).await
        })
    }
}

async fn read(mut answer: ::reqwest::Response, max_body_bytes: usize) -> Result<http::Response<Bytes>, TransportError> {
    let (mut head, ()) = http::Response::new(()).into_parts();
    head.status = answer.status();
    head.version = answer.version();
    head.headers = std::mem::take(answer.headers_mut());
    let announced =
        head.headers.get(http::header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(64 * 1024).min(max_body_bytes));
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(http::Response::from_parts(head, body.freeze())),
            Ok(Some(chunk)) if body.len() + chunk.len() > max_body_bytes => {
                let message = format!("the body is longer than the limit of {max_body_bytes} bytes");
                return Err(TransportError::no_answer(message).with_head(head).with_partial_body(body));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => {
                let message = format!("the body broke off after {} bytes: {}", body.len(), chain(&error));
                let error = TransportError::no_answer(message).with_source(error.without_url());
                return Err(error.with_head(head).with_partial_body(body));
            }
        }
    }
}

fn failed(error: ::reqwest::Error) -> TransportError {
    let message = chain(&error);
    // Only while connecting is it certain that no byte of the request went out.
    let transport_error = if error.is_connect() || error.is_builder() {
        TransportError::not_sent(message)
    } else {
        TransportError::no_answer(message)
    };
    transport_error.with_source(error.without_url())
}

/// What happened and why, without the URL, whose query may hold what is nobody else's business.
fn chain(error: &::reqwest::Error) -> String {
    let mut out = if error.is_timeout() {
        "timed out".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the exchange failed".to_owned()
    };
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !out.ends_with(&text) {
            out.push_str(": ");
            out.push_str(&text);
        }
        source = cause.source();
    }
    out
}
