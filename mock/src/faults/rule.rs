//! One thing that is to go wrong, and when.

use std::fmt;
use std::time::Duration;

use mediajobs_runtime::Operation;

use super::spoil::Spoil;
use super::text;
use crate::service::Service;

/// One thing that is to go wrong, and when: what [`crate::MockCloud::fail`] takes.
///
/// ```
/// use std::time::Duration;
///
/// use mediajobs_mock::{FaultRule, Service};
///
/// // The second call is reset, when its work is done already.
/// FaultRule::reset().nth(2);
/// // One call in ten of one service is throttled.
/// FaultRule::throttle().retry_after(Duration::from_secs(1)).service(Service::AlibabaIce).probability(0.1);
/// // The same in one line of text, as the program takes it.
/// let rule: FaultRule = "service=ice probability=0.1 throttle retry-after=1s".parse()?;
/// # Ok::<_, mediajobs_mock::FaultRuleError>(())
/// ```
///
/// A rule counts the calls that meet its service and operation, whatever other rules do. Of several rules that are due for a
/// call, the delays add up, and the first that does more than delay counts; the others are left for another call.
///
/// What happens on the wire ([`FaultRule::reset`], [`FaultRule::close`], [`FaultRule::garbage`] and so on) happens to the answer:
/// the service has done what was asked, unless the rule is [`FaultRule::unhandled`]. A refusal means that it has not.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRule {
    pub(super) service: Option<Service>,
    pub(super) operation: Option<String>,
    pub(super) calls: Calls,
    pub(super) probability: Option<f64>,
    pub(super) times: Option<u64>,
    pub(super) delay: Duration,
    pub(super) unhandled: bool,
    pub(super) effect: Option<Effect>,
}

/// Which of the calls that are counted, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    All,
    Nth(u64),
    Every(u64),
    From(u64),
}

impl Calls {
    pub(super) fn include(self, number: u64) -> bool {
        match self {
            Self::All => true,
            Self::Nth(nth) => number == nth,
            Self::Every(every) => number.checked_rem(every) == Some(0),
            Self::From(from) => number >= from,
        }
    }
}

/// What a rule does besides waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The service says no.
    Refuse { status: u16, code: String, message: String },
    /// The service says that there are too many requests.
    Throttle { retry_after: Option<Duration> },
    /// The job that is made fails.
    JobFails { code: String, message: String },
    /// The answer is spoilt on its way.
    Spoil(Spoil),
}

impl FaultRule {
    /// The service says no, in its own notation, and does nothing. A status that is none of HTTP's from 200 to 599 becomes 500.
    pub fn refuse(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        let status = if (200..600).contains(&status) { status } else { 500 };
        Self::with(Effect::Refuse { status, code: code.into(), message: message.into() })
    }

    /// The service says that there are too many requests, in its own words and with its own status, and does nothing.
    pub fn throttle() -> Self {
        Self::with(Effect::Throttle { retry_after: None })
    }

    /// The job that a submit makes ends in failure, with the vendor's code and message. The submit itself goes well.
    pub fn job_fails(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::with(Effect::JobFails { code: code.into(), message: message.into() })
    }

    /// Nothing is done for a time; then all goes well.
    pub fn delay(delay: Duration) -> Self {
        Self { effect: None, ..Self::with(Effect::Throttle { retry_after: None }) }.delayed(delay)
    }

    /// The connection is reset in place of the answer.
    pub fn reset() -> Self {
        Self::with(Effect::Spoil(Spoil::Reset))
    }

    /// The connection ends in place of the answer.
    pub fn close() -> Self {
        Self::with(Effect::Spoil(Spoil::Close))
    }

    /// The connection ends after so many bytes of status and headers, and in any case before they are whole.
    pub fn cut_head(bytes: usize) -> Self {
        Self::with(Effect::Spoil(Spoil::CutHead(bytes)))
    }

    /// The connection ends after so many bytes of the body, and in any case before it is whole; in the head of an answer that
    /// has no body.
    pub fn truncate(bytes: usize) -> Self {
        Self::with(Effect::Spoil(Spoil::Truncate(bytes)))
    }

    /// Something comes in place of the answer that is no HTTP, and then the connection ends.
    pub fn garbage() -> Self {
        Self::with(Effect::Spoil(Spoil::Garbage))
    }

    /// Status and headers are good, and the body is neither JSON nor XML.
    pub fn garbage_body() -> Self {
        Self::with(Effect::Spoil(Spoil::GarbageBody))
    }

    /// The body comes so long after status and headers.
    pub fn stall(pause: Duration) -> Self {
        Self::with(Effect::Spoil(Spoil::Stall(pause)))
    }

    /// The answer comes at so many bytes a second, at least one.
    pub fn slow(bytes_per_second: u64) -> Self {
        Self::with(Effect::Spoil(Spoil::Slow(bytes_per_second.max(1))))
    }

    pub(super) fn with(effect: Effect) -> Self {
        Self {
            service: None,
            operation: None,
            calls: Calls::All,
            probability: None,
            times: None,
            delay: Duration::ZERO,
            unhandled: false,
            effect: Some(effect),
        }
    }

    /// Only calls of this service.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Only calls of this operation, by its request type.
    #[must_use]
    pub fn on<O: Operation>(mut self) -> Self {
        let info = <O::Service as mediajobs_runtime::Service>::INFO;
        self.service = Service::ALL.into_iter().find(|service| service.info().name == info.name);
        self.operation = Some(O::INFO.name.to_owned());
        self
    }

    /// Only calls of this operation, by the vendor's name.
    ///
    /// # Errors
    /// No service has such an operation, or not the one that the rule is for. The error names one that is near.
    pub fn operation(mut self, name: impl Into<String>) -> Result<Self, FaultRuleError> {
        let name = name.into();
        text::check_operation(&name, self.service)?;
        self.operation = Some(name);
        Ok(self)
    }

    /// Only the nth call of those that are counted, from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.calls = Calls::Nth(nth);
        self
    }

    /// Only every nth call of those that are counted. With 0 it is none.
    #[must_use]
    pub fn every(mut self, nth: u64) -> Self {
        self.calls = Calls::Every(nth);
        self
    }

    /// Only the nth call of those that are counted, and all after it.
    #[must_use]
    pub fn from_nth(mut self, nth: u64) -> Self {
        self.calls = Calls::From(nth);
        self
    }

    /// Only with this probability, from 0 to 1. The cloud's seed decides: the same seed and the same order of calls give the
    /// same faults.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) });
        self
    }

    /// So many times, and then never again.
    #[must_use]
    pub fn at_most(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Before anything else, nothing is done for a time.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The request is lost and not the answer: the service does nothing. It goes with [`FaultRule::reset`], [`FaultRule::close`]
    /// and [`FaultRule::garbage`], and changes nothing of the others.
    #[must_use]
    pub fn unhandled(mut self) -> Self {
        self.unhandled = matches!(&self.effect, Some(Effect::Spoil(spoil)) if spoil.needs_no_answer());
        self
    }

    /// How long a throttled caller is asked to wait, in the header that the service has for it. It goes with
    /// [`FaultRule::throttle`], and changes nothing of the others.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        if let Some(Effect::Throttle { retry_after }) = &mut self.effect {
            *retry_after = Some(wait);
        }
        self
    }
}

/// A rule that says nothing, or nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRuleError {
    message: String,
}

impl FaultRuleError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for FaultRuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FaultRuleError {}
