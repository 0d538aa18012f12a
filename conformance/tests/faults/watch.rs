//! Knows what a call is doing: whether it has an exchange under way, and what it waits for.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Clock, ReqwestTransport, Sleep, Transport, TransportFuture};

/// 2026-01-02T03:04:05Z, when every call begins.
pub(crate) const START: Duration = Duration::from_secs(1_767_323_045);

/// A clock and the traffic of one client. Its clones are the same.
///
/// Time passes in two cases, and neither is a guess: a server that stalls says so, and a call that is pending with no
/// exchange under way can only be waiting for time.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    time: VirtualClock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// When each wait ends that goes on.
    ends: BTreeMap<u64, Duration>,
    /// The first wait of the exchange under way; none where there is no exchange.
    exchange: Option<u64>,
    begun: usize,
    ended: usize,
    /// How often each wait of the exchange under way was looked at.
    looks: BTreeMap<u64, usize>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { time: VirtualClock::new(UNIX_EPOCH + START), state: Arc::default() }
    }

    /// A transport whose exchanges are known here.
    pub(crate) fn transport(&self) -> WatchedTransport {
        let inner = ReqwestTransport::builder().no_proxy().clock(self.clone()).build().expect("a transport");
        WatchedTransport { inner, watch: self.clone() }
    }

    /// How many exchanges were begun.
    pub(crate) fn attempts(&self) -> usize {
        self.state().begun
    }

    /// How many exchanges came to an end.
    pub(crate) fn ended(&self) -> usize {
        self.state().ended
    }

    pub(crate) fn advance(&self, duration: Duration) {
        self.time.advance(duration);
    }

    /// Whether a wait is over that nobody has noticed yet.
    pub(crate) fn is_due(&self) -> bool {
        let now = self.time.monotonic();
        self.state().ends.values().any(|end| *end <= now)
    }

    /// Goes to the end of the shortest wait if there is no exchange under way.
    fn skip(&self) {
        let state = self.state();
        if state.exchange.is_some() {
            return;
        }
        let end = state.ends.values().min().copied().expect("a call that is pending waits for something");
        drop(state);
        self.time.advance(end.saturating_sub(self.time.monotonic()));
    }

    /// How often the exchange has looked at its second limit, the one for the body, which begins with the head.
    pub(crate) fn looks_for_body(&self) -> usize {
        let state = self.state();
        state.looks.values().nth(1).copied().unwrap_or_default()
    }

    /// Drives a call to its end.
    pub(crate) async fn drive<F: Future>(&self, call: F) -> F::Output {
        let mut call = std::pin::pin!(call);
        std::future::poll_fn(|context| {
            let polled = call.as_mut().poll(context);
            if polled.is_pending() {
                self.skip();
            }
            polled
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Watch {
    fn now(&self) -> SystemTime {
        self.time.now()
    }

    fn monotonic(&self) -> Duration {
        self.time.monotonic()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.ends.insert(number, self.time.monotonic().saturating_add(duration));
        Box::pin(WatchedSleep { inner: self.time.sleep(duration), number, watch: self.clone() })
    }
}

struct WatchedSleep {
    inner: Sleep,
    number: u64,
    watch: Watch,
}

impl Future for WatchedSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.watch.state();
        if state.exchange.is_some_and(|first| self.number >= first) {
            *state.looks.entry(self.number).or_default() += 1;
        }
        drop(state);
        self.inner.as_mut().poll(context)
    }
}

impl Drop for WatchedSleep {
    fn drop(&mut self) {
        self.watch.state().ends.remove(&self.number);
    }
}

/// The transport under test, and when it is at work.
#[derive(Debug)]
pub(crate) struct WatchedTransport {
    inner: ReqwestTransport,
    watch: Watch,
}

impl Transport for WatchedTransport {
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_> {
        Box::pin(async move {
            let _exchange = Exchange::begin(&self.watch);
            self.inner.send(request, max_body_bytes).await
        })
    }
}

/// An exchange under way, which ends also where its future is dropped.
struct Exchange<'w>(&'w Watch);

impl<'w> Exchange<'w> {
    fn begin(watch: &'w Watch) -> Self {
        let mut state = watch.state();
        state.begun += 1;
        state.exchange = Some(state.next);
        state.looks.clear();
        Self(watch)
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.exchange = None;
        state.ended += 1;
    }
}
