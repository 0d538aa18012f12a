//! The system's clock.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use super::timer::TimerSleep;
use super::{Clock, Sleep};

/// The system's clock. It waits with Tokio's timer inside a Tokio runtime, and with a thread for all waits of the
/// process elsewhere. The Tokio runtime has to have time enabled (`enable_time`), or Tokio panics.
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
        Box::pin(TimerSleep::new(duration))
    }
}
