//! A message on its way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use mediajobs_runtime::{Clock, Notation};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;

use super::Callbacks;
use super::destination::{self, Place, Wanted};
use super::record::RecordedCallback;

/// How long is waited before a message is sent again. No page says whether the service does.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// How long a receiver may take. It is the system's time, whatever clock the cloud has: sockets know no other.
const MOST_TIME: Duration = Duration::from_secs(10);

/// How much of an answer is read.
const MOST_BYTES: usize = 64 << 10;

/// All attempts to send one message.
pub(super) struct Attempts<'a> {
    pub(super) callbacks: &'a Callbacks,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) job_id: &'a str,
    pub(super) wanted: &'a Wanted,
    pub(super) body: Bytes,
}

impl Attempts<'_> {
    /// Sends it until the receiver takes it, or no more.
    pub(super) async fn run(&self) {
        let place = match &self.wanted.url {
            Some(url) => destination::place(url, &self.callbacks.hosts),
            None => Err("not sent: TDMQ is not stood in for".to_owned()),
        };
        let place = match place {
            Ok(place) => place,
            Err(why) => return self.record(0, Err(why)),
        };
        for (attempt, pause) in (1..).zip(PAUSES.into_iter().map(Some).chain([None])) {
            let outcome = self.send(&place).await;
            let is_taken = outcome.as_ref().is_ok_and(|status| (200..300).contains(status));
            self.record(attempt, outcome);
            match pause {
                Some(pause) if !is_taken => self.clock.sleep(pause).await,
                _ => return,
            }
        }
    }

    async fn send(&self, place: &Place) -> Result<u16, String> {
        // The semaphore is never closed.
        let _place = self.callbacks.places.acquire().await.map_err(|error| error.to_string())?;
        match tokio::time::timeout(MOST_TIME, self.exchange(place)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer within {} seconds", MOST_TIME.as_secs())),
        }
    }

    async fn exchange(&self, place: &Place) -> Result<u16, String> {
        let stream = connect(&place.addresses).await?;
        let broken = |error: hyper::Error| format!("no answer: {error}");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // An error of the connection shows in the answer as well.
        let _open = Open(tokio::spawn(async move { drop(connection.await) }).abort_handle());
        let content_type = match self.wanted.notation {
            Notation::Json => "application/json",
            _ => "application/xml",
        };
        let request = http::Request::post(&place.target)
            .header(HOST, &place.host)
            .header(USER_AGENT, concat!("mediajobs-mock/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, content_type)
            .header(CONTENT_LENGTH, self.body.len())
            .body(Full::new(self.body.clone()))
            .map_err(|error| format!("not sent: {error}"))?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        let status = answer.status().as_u16();
        // Nobody reads it, but a receiver may not like to be hung up on.
        let _ = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
        Ok(status)
    }

    fn record(&self, attempt: u32, outcome: Result<u16, String>) {
        self.callbacks.log.add(RecordedCallback {
            job_id: self.job_id.to_owned(),
            url: self.wanted.url.clone(),
            notation: self.wanted.notation,
            body: self.body.clone(),
            attempt,
            outcome,
            at: self.clock.now(),
        });
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let mut why = "there is no address".to_owned();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => why = format!("can't connect to {address}: {error}"),
        }
    }
    Err(why)
}

/// A connection that ends with this.
struct Open(AbortHandle);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.abort();
    }
}
