//! The cloud without a socket.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderValue, Method};
use mediajobs_runtime::{Transport, TransportError, TransportFuture};

use super::handler::{Handled, Handler};
use crate::faults::Spoil;
use crate::listen::Running;

/// A cloud as a transport: no byte of a request leaves the program.
#[derive(Clone)]
pub(super) struct InProcess {
    pub(super) handler: Arc<Handler>,
    pub(super) running: Running,
}

impl Transport for InProcess {
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_> {
        Box::pin(async move {
            let Some(runtime) = self.running.runtime() else {
                return Err(TransportError::not_sent("the stand-in is shut down"));
            };
            let request = as_received(request)?;
            let is_head = request.method() == Method::HEAD;
            let mut handled = self.handler.handle(request, &runtime).await;
            if is_head {
                *handled.answer.body_mut() = Bytes::new();
            }
            self.arrive(handled, max_body_bytes).await
        })
    }
}

impl InProcess {
    /// What comes of an answer on a way that may be spoilt.
    async fn arrive(&self, handled: Handled, max_body_bytes: usize) -> Result<http::Response<Bytes>, TransportError> {
        let Handled { answer, spoil } = handled;
        let broken = |kind: io::ErrorKind, message: &str| {
            Err(TransportError::no_answer(message).with_source(io::Error::from(kind)))
        };
        match spoil {
            None | Some(Spoil::GarbageBody) => {}
            Some(Spoil::Reset) => return broken(io::ErrorKind::ConnectionReset, "the connection was reset"),
            Some(Spoil::Close) => {
                return broken(io::ErrorKind::UnexpectedEof, "the connection was closed before the answer");
            }
            Some(Spoil::CutHead(_)) => {
                return broken(io::ErrorKind::UnexpectedEof, "the connection was closed in the head of the answer");
            }
            Some(Spoil::Garbage) => return broken(io::ErrorKind::InvalidData, "the answer is no HTTP"),
            Some(Spoil::Truncate(bytes)) => {
                let (head, body) = answer.into_parts();
                let message = format!("the body broke off after {bytes} bytes");
                let error =
                    TransportError::no_answer(message).with_source(io::Error::from(io::ErrorKind::UnexpectedEof));
                let came = body.slice(..bytes.min(max_body_bytes).min(body.len()));
                return Err(error.with_head(head).with_partial_body(came));
            }
            Some(Spoil::Stall(pause)) => self.handler.clock().sleep(pause).await,
            Some(Spoil::Slow(rate)) => {
                let nanoseconds = (answer.body().len() as u64).saturating_mul(1_000_000_000) / rate.max(1);
                self.handler.clock().sleep(Duration::from_nanos(nanoseconds)).await;
            }
        }
        if answer.body().len() > max_body_bytes {
            let (head, body) = answer.into_parts();
            let message = format!("the body is longer than the limit of {max_body_bytes} bytes");
            let begun = body.slice(..max_body_bytes);
            return Err(TransportError::unreadable(message).with_head(head).with_partial_body(begun));
        }
        Ok(answer)
    }
}

/// A request as it comes out of a socket: the target without scheme and host, which stand in a header.
fn as_received(request: http::Request<Bytes>) -> Result<http::Request<Bytes>, TransportError> {
    let (mut parts, body) = request.into_parts();
    let unsendable = |error: http::Error| TransportError::unsendable("the request can't be sent").with_source(error);
    if let Some(authority) = parts.uri.authority()
        && !parts.headers.contains_key(HOST)
    {
        let host = HeaderValue::from_str(authority.as_str()).map_err(|error| unsendable(error.into()))?;
        parts.headers.insert(HOST, host);
    }
    let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    parts.uri = target.parse().map_err(|error: http::uri::InvalidUri| unsendable(error.into()))?;
    if !body.is_empty() && !parts.headers.contains_key(CONTENT_LENGTH) {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    parts.version = http::Version::HTTP_11;
    parts.extensions = http::Extensions::new();
    Ok(http::Request::from_parts(parts, body))
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("handler", &self.handler).finish_non_exhaustive()
    }
}
