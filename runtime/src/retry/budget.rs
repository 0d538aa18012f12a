//! How much a client may send again, over all its calls.

use std::sync::atomic::{AtomicU32, Ordering};

/// What sending again costs.
const COST: u32 = 5;
/// What it costs where the service did not answer: it may be down, and does not need more of us.
const COST_WITHOUT_ANSWER: u32 = 10;
/// What a call that went well at once gives back.
const GAIN: u32 = 1;

/// A purse from which sending again is paid and that calls that go well fill again. Once a service fails for everybody, its
/// callers soon send each request once only, whatever their policies.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU32,
    most: u32,
}

impl RetryBudget {
    /// Enough for a hundred repetitions with no success between.
    pub(crate) const DEFAULT: u32 = 500;

    pub(crate) fn new(most: u32) -> Self {
        Self { left: AtomicU32::new(most), most }
    }

    /// Pays for one repetition and gives what it cost; nothing where the purse does not hold it.
    pub(crate) fn pay(&self, answered: bool) -> Option<u32> {
        let cost = if answered { COST } else { COST_WITHOUT_ANSWER };
        let paid = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost));
        paid.ok().map(|_| cost)
    }

    /// A call went well; `paid` is what its last repetition cost.
    pub(crate) fn earn(&self, paid: Option<u32>) {
        let gain = paid.unwrap_or(GAIN);
        let more = |left: u32| Some(left.saturating_add(gain).min(self.most));
        // The update never refuses.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_runs_out_and_fills_again() {
        let budget = RetryBudget::new(12);
        assert_eq!((budget.pay(true), budget.pay(true), budget.pay(true)), (Some(5), Some(5), None));
        budget.earn(None);
        budget.earn(None);
        assert_eq!((budget.pay(true), budget.pay(false)), (None, None));
        budget.earn(None);
        assert_eq!(budget.pay(true), Some(5));
        budget.earn(Some(5));
        assert_eq!(budget.pay(true), Some(5));
    }

    proptest! {
        #![proptest_config(crate::property::fixed())]

        #[test]
        fn it_never_holds_more_than_its_most(most in 0_u32..100, steps in proptest::collection::vec(0_u8..4, 0..200)) {
            let budget = RetryBudget::new(most);
            let mut expected = most;
            for step in steps {
                match step {
                    0 | 1 => {
                        let cost = if step == 0 { 5 } else { 10 };
                        prop_assert_eq!(budget.pay(step == 0), (expected >= cost).then_some(cost));
                        expected = if expected >= cost { expected - cost } else { expected };
                    }
                    _ => {
                        let paid = (step == 3).then_some(5);
                        budget.earn(paid);
                        expected = (expected + paid.unwrap_or(1)).min(most);
                    }
                }
                prop_assert_eq!(budget.left.load(Ordering::Relaxed), expected);
            }
        }
    }
}
