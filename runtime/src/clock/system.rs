//! The system's clock.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use super::{Clock, Sleep};

/// The system's clock. It waits with Tokio's timer inside a Tokio runtime, and with a thread that sleeps elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        #[cfg(feature = "reqwest")]
        if tokio::runtime::Handle::try_current().is_ok() {
            return Box::pin(tokio::time::sleep(duration));
        }
        Box::pin(thread_sleep::ThreadSleep::new(duration))
    }
}

/// Waiting without a runtime that could do it.
mod thread_sleep {
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, Instant};

    pub(super) struct ThreadSleep {
        until: Option<Instant>,
        /// The waker of the last poll, once the thread has begun; none after it has ended.
        waker: Option<Arc<Mutex<Option<Waker>>>>,
    }

    impl ThreadSleep {
        pub(super) fn new(duration: Duration) -> Self {
            Self { until: Instant::now().checked_add(duration), waker: None }
        }
    }

    impl Future for ThreadSleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            // A time that the clock can't tell never comes.
            let Some(until) = self.until else { return Poll::Pending };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Poll::Ready(());
            }
            if let Some(shared) = &self.waker {
                *shared.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
                return Poll::Pending;
            }
            let shared = Arc::new(Mutex::new(Some(context.waker().clone())));
            let of_thread = Arc::downgrade(&shared);
            self.waker = Some(shared);
            let thread = std::thread::Builder::new().name("mediajobs-sleep".to_owned()).spawn(move || {
                std::thread::sleep(left);
                let Some(shared) = of_thread.upgrade() else { return };
                let waker = shared.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
            match thread {
                Ok(_) => Poll::Pending,
                Err(_) => {
                    // Without a thread, the wait is one that looks again and again.
                    self.waker = None;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
            }
        }
    }
}
