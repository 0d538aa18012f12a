//! What goes wrong on demand.

mod rule;
mod spoil;
mod text;
mod throttling;
mod words;

use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::duration;
use crate::random::SplitMix64;
use crate::service::Service;
use crate::store::Failure;

pub(crate) use self::rule::Effect;
pub use self::rule::{FaultRule, FaultRuleError};
pub(crate) use self::spoil::{GARBAGE, Spoil, nonsense};
pub(crate) use self::throttling::retry_after;

/// The rules of a cloud, and how often each was met.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Mutex<Rules>,
}

#[derive(Debug)]
struct Rules {
    seed: u64,
    /// How many there ever were: each has random numbers of its own.
    added: u64,
    armed: Vec<Armed>,
}

#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    /// How many calls met its conditions.
    met: u64,
    /// How many times it did something.
    fired: u64,
    random: SplitMix64,
}

/// What becomes of a call by the rules.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fate {
    /// How long nothing is done at first.
    pub(crate) delay: Duration,
    pub(crate) effect: Option<Effect>,
    /// Whether the service never sees the request.
    pub(crate) unhandled: bool,
}

/// What the rules have in mind for what a request starts: an extension of the requests that the engine gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fated {
    /// How the job ends that this submit makes, if not well.
    pub(crate) job_failure: Option<Failure>,
}

impl Faults {
    pub(crate) fn new(seed: u64, rules: Vec<FaultRule>) -> Self {
        let faults = Self { rules: Mutex::new(Rules { seed, added: 0, armed: Vec::new() }) };
        rules.into_iter().for_each(|rule| faults.add(rule));
        faults
    }

    pub(crate) fn add(&self, rule: FaultRule) {
        let mut rules = self.rules();
        rules.added += 1;
        // The seed alone tells the numbers of the first rule, the seed and its place those of another.
        let random = SplitMix64::new(rules.seed ^ rules.added.wrapping_mul(0xa076_1d64_78bd_642f));
        rules.armed.push(Armed { rule, met: 0, fired: 0, random });
    }

    pub(crate) fn clear(&self) {
        self.rules().armed.clear();
    }

    /// What becomes of a call. Every rule counts the calls that meet its conditions, whatever other rules do; of those
    /// that are due, the delays add up and the first effect counts.
    pub(crate) fn decide(&self, service: Service, operation: Option<&str>) -> Fate {
        let mut fate = Fate::default();
        for armed in &mut self.rules().armed {
            let is_due = armed.meets(service, operation);
            // What is in the shadow of another rule's effect is kept for another call.
            if !is_due || (fate.effect.is_some() && armed.rule.effect.is_some()) {
                continue;
            }
            armed.fired += 1;
            fate.delay = fate.delay.saturating_add(armed.rule.delay);
            if let Some(effect) = &armed.rule.effect {
                fate.effect = Some(effect.clone());
                fate.unhandled = armed.rule.unhandled;
            }
        }
        fate
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    /// Counts a call, and says whether the rule is due for it.
    fn meets(&mut self, service: Service, operation: Option<&str>) -> bool {
        let rule = &self.rule;
        let is_meant = rule.service.is_none_or(|wanted| wanted == service)
            && rule.operation.as_deref().is_none_or(|wanted| Some(wanted) == operation);
        if !is_meant {
            return false;
        }
        self.met += 1;
        // A number is drawn for each call that is counted, so that it does not depend on the rest of the rule.
        let drawn = rule.probability.is_none_or(|probability| self.random.fraction() < probability);
        drawn && rule.calls.include(self.met) && rule.times.is_none_or(|times| self.fired < times)
    }
}

impl Fate {
    /// What was done, in the words of the rules; none if nothing was.
    pub(crate) fn label(&self) -> Option<String> {
        let mut label = String::new();
        if !self.delay.is_zero() {
            let _ = write!(label, "delay={}", duration::write(self.delay));
        }
        if let Some(effect) = &self.effect {
            let _ = write!(label, "{}{effect}", if label.is_empty() { "" } else { " " });
        }
        (!label.is_empty()).then_some(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(seed: u64, rule: FaultRule, calls: usize) -> String {
        let faults = Faults::new(seed, vec![rule]);
        let fired = (0..calls).map(|_| faults.decide(Service::HuaweiVas, Some("ListTasks")) != Fate::default());
        fired.map(|fired| if fired { 'x' } else { '.' }).collect()
    }

    #[test]
    fn calls_are_counted() {
        let reset = FaultRule::reset;
        for (rule, expected) in [
            (reset(), "xxxxxx"),
            (reset().nth(2), ".x...."),
            (reset().every(2), ".x.x.x"),
            (reset().from_nth(4), "...xxx"),
            (reset().every(2).at_most(2), ".x.x.."),
            (reset().at_most(1), "x....."),
            (reset().probability(0.0), "......"),
            (reset().probability(1.0), "xxxxxx"),
            (reset().probability(f64::NAN), "......"),
            (reset().service(Service::AlibabaIce), "......"),
            (reset().operation("ListTasks").unwrap(), "xxxxxx"),
            (reset().operation("CreateTasks").unwrap(), "......"),
            (reset().on::<mediajobs_huawei_vas::operations::list_tasks::ListTasks>(), "xxxxxx"),
        ] {
            assert_eq!(pattern(7, rule.clone(), 6), expected, "{rule}");
        }
    }

    #[test]
    fn the_seed_decides_what_is_random() {
        let rule = || FaultRule::throttle().probability(0.3);
        let first = pattern(1, rule(), 200);
        assert_eq!(first, pattern(1, rule(), 200));
        assert_ne!(first, pattern(2, rule(), 200));
        let fired = first.matches('x').count();
        assert!((30..90).contains(&fired), "{fired} of 200 at 0.3");
    }

    #[test]
    fn rules_have_random_numbers_of_their_own() {
        let alone = Faults::new(3, vec![FaultRule::reset().probability(0.5)]);
        let beside =
            Faults::new(3, vec![FaultRule::reset().probability(0.5), FaultRule::delay(Duration::from_secs(1))]);
        for _ in 0..50 {
            let ask = |faults: &Faults| faults.decide(Service::TencentCi, None).effect;
            assert_eq!(ask(&alone), ask(&beside));
        }
    }

    #[test]
    fn delays_add_up_and_the_first_effect_counts() {
        let second = Duration::from_secs(1);
        let faults = Faults::new(
            0,
            vec![
                FaultRule::delay(second),
                FaultRule::reset().delayed(second).nth(1),
                FaultRule::close().at_most(1),
                FaultRule::throttle().unhandled().nth(1),
            ],
        );
        let next = || {
            let fate = faults.decide(Service::AlibabaIce, Some("SubmitDNAJob"));
            (fate.delay, fate.label().unwrap())
        };
        assert_eq!(next(), (second * 2, "delay=2s reset".to_owned()));
        // Closing once was left for a call that was not spoilt already; the throttling of the first call is past.
        assert_eq!(next(), (second, "delay=1s close".to_owned()));
        assert_eq!(next(), (second, "delay=1s".to_owned()));
        faults.clear();
        assert_eq!(faults.decide(Service::AlibabaIce, Some("SubmitDNAJob")), Fate::default());
    }
}
