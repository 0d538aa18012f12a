//! The transport that comes with this crate.

mod builder;
mod failure;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

pub use self::builder::ReqwestTransportBuilder;
use self::failure::{body_broke_off, failed};
use super::{Transport, TransportError, TransportFuture};
use crate::clock::{Clock, SystemClock, within};

/// Sends requests with [`reqwest`](https://docs.rs/reqwest), by HTTP/1.1.
///
/// It follows no redirect and never sends a request again of its own accord: what failed before a byte went out is
/// [`TransportError::not_sent`], everything else [`TransportError::no_answer`]. It takes a proxy from the environment
/// and reads answers that come as gzip. [`ReqwestTransport::builder`] has its settings, with what they are unless told
/// otherwise.
///
/// # Limits
///
/// | what | limit |
/// | --- | --- |
/// | a connection, TLS included | [10 s](ReqwestTransportBuilder::connect_timeout) |
/// | from handing a request over to the head of the answer | [30 s](ReqwestTransportBuilder::first_byte_timeout) |
/// | the whole body | [60 s](ReqwestTransportBuilder::body_timeout) |
/// | a connection that nobody uses | [10 s](ReqwestTransportBuilder::pool_idle_timeout) |
/// | bytes of the body | `max_body_bytes` of the call, counted after gzip is undone, a piece at a time |
/// | the head of the answer | 100 headers and 417,792 bytes, the limits of hyper |
///
/// An exchange that breaks a limit ends, and its connection is closed.
///
/// Connections answer to TCP's keep-alive: probes after 15 s of silence, 15 s apart, given up after three; on Linux sent
/// bytes that nobody acknowledges end a connection after 30 s. Nagle's algorithm is off.
///
/// # Runtime
///
/// It works inside a Tokio runtime with I/O and time enabled (`enable_all`, as `#[tokio::main]` does). Without any, a call is an
/// error; from a program without `async`, use the feature `blocking`. It is not for `wasm32-unknown-unknown`, which has no
/// sockets: leave the feature `reqwest` off there, and give the client a [`Transport`] of the page's own.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: ::reqwest::Client,
    clock: Arc<dyn Clock>,
    connect_timeout: Option<Duration>,
    first_byte_timeout: Option<Duration>,
    body_timeout: Option<Duration>,
}

impl ReqwestTransport {
    /// A transport with the settings that [`ReqwestTransport::builder`] begins with.
    ///
    /// # Errors
    /// No TLS backend could be set up.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// A transport with settings of your own.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use mediajobs_runtime::ReqwestTransport;
    ///
    /// # fn main() -> Result<(), mediajobs_runtime::TransportError> {
    /// let transport = ReqwestTransport::builder().first_byte_timeout(Duration::from_secs(5)).no_proxy().build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }

    /// A transport over a client of your own, with the time limits of that client and no others.
    ///
    /// Its redirects must be off, since a request is signed for the host it was made for, and so must its retries
    /// (`.retry(reqwest::retry::never())`), since a request that is sent twice is paid for twice. With `tls-ring`, reqwest
    /// wants a provider of TLS to be installed before it builds a client, and panics otherwise; [`ReqwestTransport::new`]
    /// installs one.
    pub fn with_client(client: ::reqwest::Client) -> Self {
        Self {
            client,
            clock: Arc::new(SystemClock),
            connect_timeout: None,
            first_byte_timeout: None,
            body_timeout: None,
        }
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        max_body_bytes: usize,
    ) -> Result<http::Response<Bytes>, TransportError> {
        // It would panic.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(TransportError::unsendable(
                "no Tokio runtime is running here, which `ReqwestTransport` needs: call from one, e.g. below `#[tokio::main]`, or use \
                 the feature `blocking`, or a transport of your own",
            ));
        }
        let request = ::reqwest::Request::try_from(request).map_err(|error| failed(error, self.connect_timeout))?;
        let answer = within(&*self.clock, self.first_byte_timeout, self.client.execute(request)).await;
        match answer {
            Some(Ok(answer)) => self.read(answer, max_body_bytes).await,
            Some(Err(error)) => Err(failed(error, self.connect_timeout)),
            None => {
                let limit = self.first_byte_timeout.unwrap_or_default();
                let message = format!("the head of the answer did not come within {limit:?} (first_byte_timeout)");
                Err(TransportError::no_answer(message))
            }
        }
    }

    async fn read(
        &self,
        mut answer: ::reqwest::Response,
        max_body_bytes: usize,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (mut head, ()) = http::Response::new(()).into_parts();
        head.status = answer.status();
        head.version = answer.version();
        head.headers = std::mem::take(answer.headers_mut());
        let announced = head
            .headers
            .get(http::header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(64 * 1024).min(max_body_bytes));
        let read = within(&*self.clock, self.body_timeout, collect(&mut answer, &mut body, max_body_bytes)).await;
        let error = match read {
            Some(Ok(())) => return Ok(http::Response::from_parts(head, body.freeze())),
            Some(Err(error)) => error,
            None => {
                let limit = self.body_timeout.unwrap_or_default();
                TransportError::no_answer(format!(
                    "the body did not end within {limit:?} (body_timeout); {} bytes of it came",
                    body.len()
                ))
            }
        };
        Err(error.with_head(head).with_partial_body(body))
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_> {
        Box::pin(self.exchange(request, max_body_bytes))
    }
}

/// Reads a body up to its end or the limit.
async fn collect(
    answer: &mut ::reqwest::Response,
    body: &mut BytesMut,
    max_body_bytes: usize,
) -> Result<(), TransportError> {
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(()),
            Ok(Some(chunk)) if body.len() + chunk.len() > max_body_bytes => {
                return Err(TransportError::too_long(max_body_bytes));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => return Err(body_broke_off(error, body.len())),
        }
    }
}
