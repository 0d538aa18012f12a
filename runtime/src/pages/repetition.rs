//! Notices a list that goes round in circles.

/// Notices when a text comes again, however long ago it came first, and remembers only one (Brent's algorithm): a circle is
/// found before it was gone round about three times.
#[derive(Debug, Default)]
pub(super) struct Repetition {
    remembered: Option<String>,
    since: u64,
    /// How many texts the remembered one is kept for.
    patience: u64,
}

impl Repetition {
    /// Whether the text came before.
    pub(super) fn is_repeated(&mut self, text: &str) -> bool {
        if self.remembered.as_deref() == Some(text) {
            return true;
        }
        self.since += 1;
        if self.since > self.patience {
            self.remembered = Some(text.to_owned());
            self.since = 0;
            self.patience = self.patience.saturating_mul(2).max(1);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(crate::property::fixed())]

        #[test]
        fn a_circle_is_found_soon(tail in 0_usize..200, circle in 1_usize..200) {
            let mut seen = Repetition::default();
            let mut texts = (0..tail).chain((0..usize::MAX).map(|step| tail + step % circle));
            let found = (0..).find(|_| seen.is_repeated(&texts.next().unwrap().to_string())).unwrap();
            prop_assert!(found >= tail.min(1) + circle - usize::from(tail > 0));
            prop_assert!(found <= 3 * (tail + circle) + 8, "{} after {} + {}", found, tail, circle);
        }

        #[test]
        fn what_never_comes_again_is_never_taken_for_it(count in 0_usize..5_000) {
            let mut seen = Repetition::default();
            prop_assert!((0..count).all(|text| !seen.is_repeated(&text.to_string())));
        }
    }
}
