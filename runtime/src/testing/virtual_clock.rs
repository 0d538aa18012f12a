//! A clock that a test moves.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use crate::clock::{Clock, Sleep};

/// A clock whose time passes only when a test says so, or as soon as nothing is left to do but to wait. Its clones are
/// the same clock.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use mediajobs_runtime::Clock;
/// use mediajobs_runtime::testing::VirtualClock;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let clock = VirtualClock::skipping(SystemTime::UNIX_EPOCH);
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(3600));
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct VirtualClock {
    shared: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    start: SystemTime,
    elapsed: Duration,
    skips: bool,
    /// By the moment they end at, then by number.
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
    next: u64,
    slept: Vec<Duration>,
}

impl VirtualClock {
    /// A clock that stands still until [`VirtualClock::advance`] moves it.
    pub fn new(start: SystemTime) -> Self {
        Self::with(start, false)
    }

    /// A clock that goes to the end of the shortest wait as soon as a task that waits finds nothing else to do.
    pub fn skipping(start: SystemTime) -> Self {
        Self::with(start, true)
    }

    fn with(start: SystemTime, skips: bool) -> Self {
        let state =
            State { start, elapsed: Duration::ZERO, skips, sleepers: BTreeMap::new(), next: 0, slept: Vec::new() };
        Self { shared: Arc::new(Mutex::new(state)) }
    }

    /// Lets time pass, and wakes whoever waited for it.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        let to = state.elapsed.saturating_add(duration);
        state.go_to(to);
    }

    /// Sets the time of day, as a correction of the system's clock would. No wait ends by it.
    pub fn set_now(&self, now: SystemTime) {
        let mut state = self.state();
        state.start = now.checked_sub(state.elapsed).unwrap_or(SystemTime::UNIX_EPOCH);
    }

    /// How long each wait was asked to be that came to its end, in the order of their ends.
    pub fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    /// How many wait.
    pub fn sleepers(&self) -> usize {
        self.state().sleepers.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn go_to(&mut self, to: Duration) {
        self.elapsed = self.elapsed.max(to);
        for ((end, _), waker) in &mut self.sleepers {
            if *end <= self.elapsed
                && let Some(waker) = waker.take()
            {
                waker.wake();
            }
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        let state = self.state();
        state.start.checked_add(state.elapsed).unwrap_or(state.start)
    }

    fn monotonic(&self) -> Duration {
        self.state().elapsed
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.state();
        let key = (state.elapsed.saturating_add(duration), state.next);
        state.next += 1;
        state.sleepers.insert(key, None);
        Box::pin(VirtualSleep { clock: self.clone(), key, duration, looks: 0, looked_at: Duration::ZERO, done: false })
    }
}

struct VirtualSleep {
    clock: VirtualClock,
    key: (Duration, u64),
    duration: Duration,
    /// How often it was looked at since time last passed.
    looks: u32,
    looked_at: Duration,
    done: bool,
}

/// How many times whatever else could be done has its turn before time is skipped.
const LOOKS_BEFORE_SKIP: u32 = 32;

impl Future for VirtualSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.state();
        if self.looked_at != state.elapsed {
            (self.looked_at, self.looks) = (state.elapsed, 0);
        }
        self.looks += 1;
        if state.skips
            && self.looks > LOOKS_BEFORE_SKIP
            && state.elapsed < self.key.0
            && let Some((end, _)) = state.sleepers.keys().next().copied()
        {
            state.go_to(end);
        }
        if state.elapsed >= self.key.0 {
            let key = self.key;
            state.sleepers.remove(&key);
            state.slept.push(self.duration);
            self.done = true;
            return Poll::Ready(());
        }
        if let Some(waker) = state.sleepers.get_mut(&self.key) {
            *waker = Some(context.waker().clone());
        }
        if state.skips {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for VirtualSleep {
    fn drop(&mut self) {
        if !self.done {
            self.clock.state().sleepers.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::within;

    fn run<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_skipping_clock_goes_to_the_shortest_wait() {
        run(async {
            let clock = VirtualClock::skipping(SystemTime::UNIX_EPOCH);
            let (long, short) = (clock.sleep(HOUR * 2), clock.sleep(HOUR));
            short.await;
            assert_eq!(clock.monotonic(), HOUR);
            long.await;
            assert_eq!(clock.monotonic(), HOUR * 2);
            assert_eq!((clock.slept(), clock.sleepers()), (vec![HOUR, HOUR * 2], 0));
        });
    }

    #[test]
    fn what_is_ready_comes_before_the_end_of_a_wait() {
        run(async {
            let clock = VirtualClock::skipping(SystemTime::UNIX_EPOCH);
            let yields = async {
                tokio::task::yield_now().await;
                7
            };
            assert_eq!(within(&clock, Some(HOUR), yields).await, Some(7));
            assert_eq!(within(&clock, Some(HOUR), std::future::pending::<()>()).await, None);
            assert_eq!((clock.monotonic(), clock.sleepers()), (HOUR, 0));
        });
    }

    #[test]
    fn a_clock_that_stands_is_moved_by_hand() {
        run(async {
            let clock = VirtualClock::new(SystemTime::UNIX_EPOCH);
            let waiting = tokio::spawn(clock.sleep(HOUR));
            tokio::task::yield_now().await;
            assert!(!waiting.is_finished());
            clock.advance(HOUR);
            waiting.await.unwrap();
            clock.set_now(SystemTime::UNIX_EPOCH + HOUR * 9);
            assert_eq!((clock.now(), clock.monotonic()), (SystemTime::UNIX_EPOCH + HOUR * 9, HOUR));
        });
    }
}
