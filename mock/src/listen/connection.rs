//! One connection: HTTP/1.1 in, HTTP/1.1 out.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, EXPECT};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::ListenLimits;
use super::spoilable::{NextSpoil, SpoilableStream};
use crate::cloud::{Handled, Handler};
use crate::refusal::Refusal;

/// What a connection is served with.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) handler: Arc<Handler>,
    pub(super) limits: ListenLimits,
}

impl Connection {
    /// Serves a connection to its end. After `stop` it takes no more requests.
    pub(super) async fn serve(self, stream: TcpStream, stop: impl Future<Output = ()>) {
        let next_spoil = NextSpoil::default();
        let io = SpoilableStream::new(stream, Arc::clone(self.handler.clock()), next_spoil.clone());
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(self.limits.head_time);
        // Who has said everything may close the way there and still wait for the way back.
        builder.max_buf_size(self.limits.head_bytes).half_close(true);
        let service = service_fn(move |request| {
            let (connection, next_spoil) = (self.clone(), next_spoil.clone());
            async move {
                let Handled { answer, spoil } = connection.respond(request).await;
                next_spoil.set(spoil);
                Ok::<_, Infallible>(answer.map(Full::new))
            }
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(target: "mediajobs::mock", "a connection ended: {error}");
        }
    }

    async fn respond(self, request: http::Request<Incoming>) -> Handled {
        let (parts, body) = request.into_parts();
        let body = match tokio::time::timeout(self.limits.body_time, self.read(&parts, body)).await {
            Ok(Ok(body)) => body,
            Ok(Err(refusal)) => return self.handler.refuse(&parts, &refusal),
            Err(_) => {
                let message = format!("The body did not come within {:?}.", self.limits.body_time);
                return self.handler.refuse(&parts, &Refusal::new(408, "RequestTimeout", message));
            }
        };
        // On a task of its own: a service goes on with what it has begun whatever becomes of the connection, and a panic is
        // an answer as well.
        let request = http::Request::from_parts(parts.clone(), body);
        let handler = Arc::clone(&self.handler);
        let handled = tokio::spawn(async move { handler.handle(request, &Handle::current()).await }).await;
        handled.unwrap_or_else(|_| {
            let refusal = Refusal::new(500, "InternalError", "The stand-in has a bug: it panicked at this request.");
            self.handler.refuse(&parts, &refusal)
        })
    }

    /// The whole body, within bounds.
    async fn read(&self, parts: &http::request::Parts, mut body: Incoming) -> Result<Bytes, Refusal> {
        let most = self.limits.body_bytes;
        let too_long = || Refusal::new(413, "EntityTooLarge", format!("The body is longer than {most} bytes."));
        // Who asks before sending is spared it; a look at the body would tell it to go on.
        let announced = body.size_hint().lower();
        if announced > most as u64 && parts.headers.contains_key(EXPECT) {
            return Err(too_long());
        }
        let room = usize::try_from(announced).unwrap_or(most).min(most);
        let mut whole = BytesMut::with_capacity(if parts.headers.contains_key(CONTENT_LENGTH) { room } else { 0 });
        let mut seen = 0_usize;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                return Err(Refusal::new(400, "IncompleteBody", "The body broke off before its end."));
            };
            let Some(data) = frame.data_ref() else { continue };
            seen = seen.saturating_add(data.len());
            if seen <= most {
                whole.extend_from_slice(data);
            } else if seen / 4 > most {
                return Err(too_long());
            }
            // What is a little too long is taken and forgotten, since a connection that ends with bytes unread is reset, and
            // the answer may be lost with it.
        }
        if seen > most { Err(too_long()) } else { Ok(whole.freeze()) }
    }
}
