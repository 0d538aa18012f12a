//! How long to wait for a job, and how often to look.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long to wait for a job, and how often to look.
///
/// ```
/// use std::time::Duration;
///
/// use mediajobs_runtime::WaitPolicy;
///
/// let policy = WaitPolicy::within(Duration::from_secs(30 * 60))
///     .poll_between(Duration::from_secs(5), Duration::from_secs(60))
///     .on_progress(|progress| eprintln!("{}: {}", progress.job_id(), progress.state().unwrap_or("not seen yet")));
/// # let _ = policy;
/// ```
#[derive(Clone)]
pub struct WaitPolicy {
    pub(super) within: Duration,
    pub(super) first: Duration,
    pub(super) longest: Duration,
    pub(super) through_rest: bool,
    pub(super) progress: Option<Arc<Progress>>,
}

type Progress = dyn Fn(&JobProgress<'_>) + Send + Sync;

impl WaitPolicy {
    /// Waits at most this long, from the moment the wait begins; what submits the job is a part of it.
    ///
    /// The first look comes after 2 seconds, each further one after half as long again, up to every 30 seconds.
    pub fn within(most: Duration) -> Self {
        Self {
            within: most,
            first: Duration::from_secs(2),
            longest: Duration::from_secs(30),
            through_rest: false,
            progress: None,
        }
    }

    /// How long to wait before the first look, and at most between two. Each pause is half as long again as the last, give or
    /// take a tenth, so that many waits don't look at once. A service that asks to be left alone longer is, up to 5 minutes.
    #[must_use]
    pub fn poll_between(mut self, first: Duration, longest: Duration) -> Self {
        // Looking without a pause would only get the client throttled.
        self.first = first.max(Duration::from_millis(10));
        self.longest = longest.max(self.first);
        self
    }

    /// Goes on waiting for a job that rests, e.g. because somebody paused it. Otherwise the wait ends there, with
    /// [`crate::GaveUpReason::Resting`].
    #[must_use]
    pub fn through_rest(mut self, on: bool) -> Self {
        self.through_rest = on;
        self
    }

    /// Called after every look. It should be quick: the wait goes on when it is done.
    #[must_use]
    pub fn on_progress(mut self, report: impl Fn(&JobProgress<'_>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(report));
        self
    }

    /// The pause after so many looks, for a random number from 0 to 1.
    pub(super) fn pause(&self, looks: u32, random: f64) -> Duration {
        let longest = self.longest.as_secs_f64();
        let growing = self.first.as_secs_f64() * 1.5_f64.powi(i32::try_from(looks.min(200)).unwrap_or(200));
        let random = if random.is_finite() { random.clamp(0.0, 1.0) } else { 0.5 };
        Duration::try_from_secs_f64(growing.min(longest) * (0.9 + 0.2 * random)).unwrap_or(self.longest)
    }
}

impl fmt::Debug for WaitPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitPolicy")
            .field("within", &self.within)
            .field("first", &self.first)
            .field("longest", &self.longest)
            .field("through_rest", &self.through_rest)
            .finish_non_exhaustive()
    }
}

/// What is seen of a job that is waited for.
#[derive(Debug, Clone, Copy)]
pub struct JobProgress<'p> {
    pub(super) job_id: &'p str,
    pub(super) state: Option<&'p str>,
    pub(super) percent: Option<u8>,
    pub(super) looks: u32,
    pub(super) waited: Duration,
}

impl JobProgress<'_> {
    /// The job.
    pub fn job_id(&self) -> &str {
        self.job_id
    }

    /// Its state as the service writes it; none where the service does not know it yet, or could not be asked.
    pub fn state(&self) -> Option<&str> {
        self.state
    }

    /// How much is done, from 0 to 100, where the service tells.
    pub fn percent(&self) -> Option<u8> {
        self.percent
    }

    /// How often was looked.
    pub fn looks(&self) -> u32 {
        self.looks
    }

    /// How long it has been waited.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pauses_grow_by_half() {
        let policy = WaitPolicy::within(Duration::MAX);
        let pauses: Vec<_> = (0..9).map(|looks| policy.pause(looks, 0.5).as_millis()).collect();
        assert_eq!(pauses, [2_000, 3_000, 4_500, 6_750, 10_125, 15_187, 22_781, 30_000, 30_000]);
        assert_eq!(policy.pause(0, f64::NAN), Duration::from_secs(2));
    }

    #[test]
    fn nobody_looks_without_a_pause() {
        for (first, longest, expected) in [(0, 0, [10, 10]), (0, 12, [10, 12]), (700, 20, [700, 700])] {
            let policy = WaitPolicy::within(Duration::MAX)
                .poll_between(Duration::from_millis(first), Duration::from_millis(longest));
            assert_eq!([0, 1].map(|looks| policy.pause(looks, 0.5).as_millis()), expected);
        }
    }

    proptest! {
        #![proptest_config(crate::property::fixed())]

        #[test]
        fn a_pause_is_near_what_was_asked_for(
            first in 0_u64..1 << 50, longest in 0_u64..1 << 50, looks in 0_u32..=u32::MAX, random in proptest::num::f64::ANY,
        ) {
            let (first, longest) = (Duration::from_millis(first), Duration::from_millis(longest));
            let policy = WaitPolicy::within(Duration::MAX).poll_between(first, longest);
            let pause = policy.pause(looks, random);
            prop_assert!(pause >= policy.first.mul_f64(0.899) && pause <= policy.longest.mul_f64(1.101));
            prop_assert!(pause >= Duration::from_millis(8));
        }
    }
}
