//! What time it is, and how to wait.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod system;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod timer;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use self::system::SystemClock;

/// A future that ends when it is time.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What time it is, and how to wait.
///
/// Everything here that looks at a clock or waits does it through this, so that a program is tested without waiting: see
/// `testing::VirtualClock`. [`SystemClock`] is the one that clients have unless told otherwise; on
/// `wasm32-unknown-unknown`, which has no clock of its own, [`crate::ClientBuilder::clock`] has to give one.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of day, for signatures.
    fn now(&self) -> SystemTime;

    /// The time since a moment of the clock's choice. It never goes back, whatever becomes of the time of day.
    fn monotonic(&self) -> Duration;

    /// Waits. A sleep that is dropped is over.
    fn sleep(&self, duration: Duration) -> Sleep;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn monotonic(&self) -> Duration {
        (**self).monotonic()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        (**self).sleep(duration)
    }
}

/// The clock of who is given none.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(crate) fn default_clock() -> Option<Arc<dyn Clock>> {
    Some(Arc::new(SystemClock))
}

/// There is no clock on this target that needs no host of a known kind.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(crate) fn default_clock() -> Option<Arc<dyn Clock>> {
    None
}

/// A clock that stands at one moment.
#[cfg(feature = "server")]
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) SystemTime);

#[cfg(feature = "server")]
impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// What a future gives, or nothing if the time is up before.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, most: Option<Duration>, future: F) -> Option<F::Output> {
    let Some(most) = most else { return Some(future.await) };
    let mut future = std::pin::pin!(future);
    let mut timer = clock.sleep(most);
    std::future::poll_fn(|context| {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(context) {
            return std::task::Poll::Ready(Some(output));
        }
        timer.as_mut().poll(context).map(|()| None)
    })
    .await
}
