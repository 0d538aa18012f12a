//! Waiting without a runtime that could do it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// The one that all sleeps of the process share.
static TIMER: Timer =
    Timer { state: Mutex::new(State { sleepers: BTreeMap::new(), next: 0, runs: false }), changed: Condvar::new() };
/// How long the thread stays when nobody waits.
const IDLE: Duration = Duration::from_secs(10);

/// One thread that wakes everybody whose time has come. It is there while somebody waits, and a while longer.
struct Timer {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// By the moment they end at, then by number.
    sleepers: BTreeMap<(Instant, u64), Waker>,
    next: u64,
    /// Whether there is a thread.
    runs: bool,
}

impl Timer {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does.
    fn run(&self) {
        let mut state = self.state();
        loop {
            let now = Instant::now();
            let due = state.sleepers.first_entry().filter(|first| first.key().0 <= now);
            if let Some(due) = due {
                let waker = due.remove();
                // A waker is code of the executor's, which may come back here, and whose panic is not for all the others.
                drop(state);
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| waker.wake()));
                state = self.state();
                continue;
            }
            let first = state.sleepers.keys().next().map(|(until, _)| until.saturating_duration_since(now));
            let waited = self.changed.wait_timeout(state, first.unwrap_or(IDLE));
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if first.is_none() && timeout.timed_out() && state.sleepers.is_empty() {
                state.runs = false;
                return;
            }
        }
    }
}

/// A wait of the timer's. Dropping it takes it off the list.
pub(super) struct TimerSleep {
    until: Option<Instant>,
    /// Its number on the list, once it is there.
    number: Option<u64>,
}

impl TimerSleep {
    pub(super) fn new(duration: Duration) -> Self {
        Self { until: Instant::now().checked_add(duration), number: None }
    }
}

impl Future for TimerSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // A time that the clock can't tell never comes.
        let Some(until) = self.until else { return Poll::Pending };
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let mut state = TIMER.state();
        let number = *self.number.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        let last = state.sleepers.insert((until, number), waker);
        let is_first = state.sleepers.keys().next() == Some(&(until, number));
        if !state.runs {
            let thread = std::thread::Builder::new().name("mediajobs-timer".to_owned()).spawn(|| TIMER.run());
            state.runs = thread.is_ok();
            if !state.runs {
                // Without a thread, the wait is one that looks again and again.
                context.waker().wake_by_ref();
            }
        } else if is_first {
            TIMER.changed.notify_one();
        }
        // What goes with the last waker may be a task with sleeps of its own.
        drop(state);
        drop(last);
        Poll::Pending
    }
}

impl Drop for TimerSleep {
    fn drop(&mut self) {
        if let (Some(until), Some(number)) = (self.until, self.number) {
            let waker = TIMER.state().sleepers.remove(&(until, number));
            drop(waker);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl std::task::Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn poll(sleep: &mut TimerSleep, waker: &Waker) -> bool {
        Pin::new(sleep).poll(&mut Context::from_waker(waker)).is_ready()
    }

    #[test]
    fn many_waits_take_one_thread_and_leave_nothing_behind() {
        const HOUR: Duration = Duration::from_secs(3600);
        let waker = Waker::noop();
        let mut sleeps: Vec<_> = (0..1_000).map(|_| TimerSleep::new(HOUR)).collect();
        assert!(sleeps.iter_mut().all(|sleep| !poll(sleep, waker) && !poll(sleep, waker)));
        let mine = |sleeps: &[TimerSleep]| {
            let state = TIMER.state();
            sleeps
                .iter()
                .filter(|sleep| state.sleepers.contains_key(&(sleep.until.unwrap(), sleep.number.unwrap())))
                .count()
        };
        assert_eq!(mine(&sleeps), 1_000);
        let kept: Vec<_> = sleeps.iter().map(|sleep| (sleep.until.unwrap(), sleep.number.unwrap())).collect();
        drop(sleeps);
        let state = TIMER.state();
        assert!(kept.iter().all(|key| !state.sleepers.contains_key(key)));
    }

    #[test]
    fn a_wait_wakes_its_last_poll_and_no_other() {
        let (first, last) = (Arc::new(Count::default()), Arc::new(Count::default()));
        let mut long = TimerSleep::new(Duration::from_secs(3600));
        assert!(!poll(&mut long, Waker::noop()));
        // On a machine that is busy, the time may be over before the second look.
        let mut short = (1..12)
            .map(|power| TimerSleep::new(Duration::from_millis(1 << power)))
            .find_map(|mut short| {
                (!poll(&mut short, &first.clone().into()) && !poll(&mut short, &last.clone().into())).then_some(short)
            })
            .unwrap();
        let before = first.0.load(Ordering::SeqCst);
        while last.0.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        assert!(poll(&mut short, Waker::noop()));
        assert_eq!((first.0.load(Ordering::SeqCst), last.0.load(Ordering::SeqCst)), (before, 1));
    }

    /// A waker of a task that is nowhere else: with it goes a sleep.
    struct Holds(#[expect(dead_code, reason = "it is there to be dropped")] TimerSleep);

    impl std::task::Wake for Holds {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn a_waker_may_hold_a_sleep_itself() {
        let held = || {
            let mut inner = TimerSleep::new(Duration::from_secs(3600));
            assert!(!poll(&mut inner, Waker::noop()));
            Waker::from(Arc::new(Holds(inner)))
        };
        let mut outer = TimerSleep::new(Duration::from_secs(3600));
        assert!(!poll(&mut outer, &held()));
        assert!(!poll(&mut outer, &held()));
        drop(outer);
    }

    #[test]
    fn what_no_clock_can_tell_never_comes() {
        assert!(!poll(&mut TimerSleep::new(Duration::MAX), Waker::noop()));
        assert!(poll(&mut TimerSleep::new(Duration::ZERO), Waker::noop()));
    }
}
