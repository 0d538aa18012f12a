//! The difference between the service's clock and ours.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// The smallest difference that is worth another attempt. `Date` has whole seconds, and an answer takes its time.
const WORTH_IT: i64 = 5_000;

/// By how many milliseconds the service's clock is ahead of ours, as far as we were told.
#[derive(Debug, Default)]
pub(crate) struct ClockSkew(AtomicI64);

impl ClockSkew {
    /// The service's time of day.
    pub(crate) fn correct(&self, now: SystemTime) -> SystemTime {
        let ahead = self.0.load(Ordering::Relaxed);
        let difference = Duration::from_millis(ahead.unsigned_abs());
        let corrected = if ahead < 0 { now.checked_sub(difference) } else { now.checked_add(difference) };
        corrected.unwrap_or(now)
    }

    /// The service says what time it is, after it refused what was signed at `signed`. Tells whether that explains the refusal,
    /// so that it is worth signing again.
    pub(crate) fn learn(&self, service: SystemTime, now: SystemTime, signed: SystemTime) -> bool {
        if milliseconds(service, signed).abs() < WORTH_IT {
            return false;
        }
        self.0.store(milliseconds(service, now), Ordering::Relaxed);
        true
    }
}

/// From `b` to `a`.
fn milliseconds(a: SystemTime, b: SystemTime) -> i64 {
    let whole = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match a.duration_since(b) {
        Ok(ahead) => whole(ahead),
        Err(behind) => -whole(behind.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_clock_that_is_off_is_corrected_once() {
        for (ours, theirs) in [(10_000, 20_000), (20_000, 10_000)] {
            let skew = ClockSkew::default();
            assert_eq!(skew.correct(at(ours)), at(ours));
            assert!(skew.learn(at(theirs), at(ours), at(ours)));
            assert_eq!(skew.correct(at(ours + 60)), at(theirs + 60));
            let signed = skew.correct(at(ours + 60));
            assert!(!skew.learn(at(theirs + 61), at(ours + 61), signed));
        }
    }

    #[test]
    fn a_few_seconds_explain_no_refusal() {
        let millisecond = Duration::from_millis(1);
        for (theirs, worth_it) in
            [(at(10_005) - millisecond, false), (at(10_005), true), (at(9_995) + millisecond, false), (at(9_995), true)]
        {
            let skew = ClockSkew::default();
            assert_eq!(skew.learn(theirs, at(10_000), at(10_000)), worth_it);
            assert_eq!(skew.correct(at(10_000)), if worth_it { theirs } else { at(10_000) });
        }
    }

    #[test]
    fn a_time_out_of_range_leaves_ours() {
        let skew = ClockSkew::default();
        assert!(skew.learn(at(0), at(10_000), at(10_000)));
        assert_eq!(skew.correct(at(5)), SystemTime::UNIX_EPOCH - Duration::from_secs(9_995));
        assert!(skew.learn(at(253_402_300_799), at(0), at(10_000)));
        assert!(skew.correct(at(0)) > at(200_000_000_000));
    }
}
