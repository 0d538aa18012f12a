//! When a call is made again, and how long after.

mod budget;
mod hints;

use std::time::Duration;

pub(crate) use self::budget::RetryBudget;
pub(crate) use self::hints::{http_date, retry_after};
use crate::error::{Error, ErrorKind};
use crate::facts::Effect;

/// When a call is made again, and how long after.
///
/// What may be sent again follows from what the operation does, as its documentation says
/// ([`crate::facts::OperationInfo::effect`]), and from what became of the last attempt:
///
/// | the last attempt | reads | writes | creates |
/// | --- | --- | --- | --- |
/// | no byte was sent | again | again | again |
/// | refused, and nothing was done: throttled, or the clock was off | again | again | [`Repeat::AfterRefusal`] |
/// | refused as seen before: a copy of it went through, or will | again | again | [`Repeat::Always`] |
/// | no whole answer, or the service failed: it may have been done | again | [`Repeat::Always`] | [`Repeat::Always`] |
///
/// A create or write that carries a token by which the service knows it again ([`crate::facts::OperationInfo::idempotency_token`])
/// is treated as a read. Everything else, e.g. a request that is wrong, is not sent again by anybody.
///
/// Between attempts passes a random part of a time that doubles, or what the service asks for with `Retry-After` or
/// `x-acs-retry-after`, if that is longer. What would end after the call's deadline is not waited for: the error comes at
/// once, and [`Error::retry_after`] tells what the service asked for.
///
/// ```
/// use std::time::Duration;
///
/// use mediajobs_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(5).max_delay(Duration::from_secs(60));
/// assert_ne!(patient, RetryPolicy::never());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base_delay: Duration,
    throttled_delay: Duration,
    max_delay: Duration,
    repeat: Repeat,
}

/// How far a [`RetryPolicy`] goes with what changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Repeat {
    /// Nothing is made twice: a create is sent again only if no byte of it was sent.
    #[default]
    Safe,
    /// Creates are sent again also after a refusal that says that nothing was done, e.g. for too many requests.
    AfterRefusal,
    /// Everything is sent again as if it were a read. What it makes may be made, and paid for, more than once.
    Always,
}

impl Default for RetryPolicy {
    /// Three attempts, the first pause up to 200 milliseconds (a second where the service says that requests are too many),
    /// no pause over 20 seconds, [`Repeat::Safe`].
    fn default() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(200),
            throttled_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
            repeat: Repeat::Safe,
        }
    }
}

impl RetryPolicy {
    /// One attempt.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The most attempts, the first among them; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The longest first pause; each further one may be twice as long.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest first pause after the service said that requests are too many.
    #[must_use]
    pub fn throttled_delay(mut self, delay: Duration) -> Self {
        self.throttled_delay = delay;
        self
    }

    /// The longest pause of this policy's own. What a service asks for may be longer.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How far it goes with what changes something.
    #[must_use]
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    pub(crate) fn allows(&self, attempts_made: u32) -> bool {
        attempts_made < self.attempts
    }

    /// Whether a request of this effect may be sent again after this.
    pub(crate) fn may_repeat(&self, effect: Effect, error: &Error) -> bool {
        let needed = match (what_it_did(error), effect) {
            (Aftermath::Hopeless, _) => return false,
            (Aftermath::NotSent, _) | (_, Effect::Read) => Repeat::Safe,
            (Aftermath::NothingDone | Aftermath::CopyArrived, Effect::Write) => Repeat::Safe,
            (Aftermath::NothingDone, Effect::Create) => Repeat::AfterRefusal,
            (Aftermath::CopyArrived, Effect::Create) | (Aftermath::MaybeDone, Effect::Write | Effect::Create) => {
                Repeat::Always
            }
        };
        self.repeat >= needed
    }

    /// The pause before the attempt after `attempts_made`, for a random number from 0 to 1.
    pub(crate) fn pause(&self, attempts_made: u32, throttled: bool, random: f64) -> Duration {
        let base = if throttled { self.throttled_delay } else { self.base_delay };
        let doublings = attempts_made.saturating_sub(1).min(31);
        let longest = base.saturating_mul(1 << doublings).min(self.max_delay);
        // Full jitter: clients that failed together don't come back together.
        let part = if random.is_finite() { random.clamp(0.0, 1.0) } else { 1.0 };
        longest.mul_f64(part).min(longest)
    }
}

/// What an attempt that failed may have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aftermath {
    /// It would fail again.
    Hopeless,
    /// No byte was sent.
    NotSent,
    /// The service says no, and did nothing.
    NothingDone,
    /// The service has seen the very same request: a copy of it.
    CopyArrived,
    /// It may have been done.
    MaybeDone,
}

/// Whether an attempt that failed may have done what was asked for.
pub(crate) fn may_have_been_done(error: &Error) -> bool {
    matches!(what_it_did(error), Aftermath::CopyArrived | Aftermath::MaybeDone)
}

fn what_it_did(error: &Error) -> Aftermath {
    match error {
        Error::NotSent(_) => Aftermath::NotSent,
        Error::Credentials(error) if error.is_retryable() => Aftermath::NotSent,
        Error::NoAnswer(_) => Aftermath::MaybeDone,
        Error::Refused(_) => match error.kind() {
            ErrorKind::Throttled | ErrorKind::ClockSkew => Aftermath::NothingDone,
            ErrorKind::Replay => Aftermath::CopyArrived,
            ErrorKind::Server => Aftermath::MaybeDone,
            _ => Aftermath::Hopeless,
        },
        _ => Aftermath::Hopeless,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let longest: Vec<_> = (1..=9).map(|made| policy.pause(made, false, 1.0).as_millis()).collect();
        assert_eq!(longest, [200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000]);
        assert_eq!(policy.pause(2, true, 0.5), Duration::from_secs(1));
        assert_eq!(policy.pause(5, true, 0.0), Duration::ZERO);
        assert_eq!(policy.pause(1, false, f64::NAN), Duration::from_millis(200));
    }

    proptest! {
        #![proptest_config(crate::property::fixed())]

        #[test]
        fn a_pause_is_a_part_of_the_longest(
            base in 0_u64..=u64::MAX, max in 0_u64..=u64::MAX, made in 0_u32..=u32::MAX, random in proptest::num::f64::ANY,
        ) {
            let (base, max) = (Duration::from_millis(base), Duration::from_millis(max));
            let policy = RetryPolicy::default().base_delay(base).max_delay(max);
            let pause = policy.pause(made, false, random);
            prop_assert!(pause <= max);
            prop_assert!(made > 1 || pause <= base);
            prop_assert!(pause <= policy.pause(made, false, 1.0));
            prop_assert!(policy.pause(made, false, 1.0) <= policy.pause(made.saturating_add(1), false, 1.0));
        }

        #[test]
        fn attempts_are_never_fewer_than_one(most in 0_u32..10, made in 0_u32..20) {
            prop_assert_eq!(RetryPolicy::default().attempts(most).allows(made), made < most.max(1));
        }
    }
}
