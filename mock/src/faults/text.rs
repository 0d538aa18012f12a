//! Rules as one line of text.

use std::fmt;
use std::str::FromStr;

use super::rule::{Calls, Effect, FaultRule, FaultRuleError};
use super::spoil::Spoil;
use super::words::{Words, quoted};
use crate::duration;
use crate::service::Service;

/// Every key, and what stands behind its `=`; nothing where it stands alone.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("service", "ice|vas|ci"),
    ("operation", "NAME"),
    ("nth", "N"),
    ("every", "N"),
    ("from", "N"),
    ("probability", "0..1"),
    ("times", "N"),
    ("delay", "TIME"),
    ("status", "200..599"),
    ("code", "TEXT"),
    ("message", "TEXT"),
    ("throttle", ""),
    ("retry-after", "TIME"),
    ("job-fails", "CODE"),
    ("reset", ""),
    ("close", ""),
    ("cut-head", "BYTES"),
    ("truncate", "BYTES"),
    ("garbage", ""),
    ("garbage-body", ""),
    ("stall", "TIME"),
    ("slow", "BYTES_PER_SECOND"),
    ("unhandled", ""),
];

/// The keys of which a rule has one at most, and one at least where it has no delay.
const EFFECTS: &[&str] = &[
    "status",
    "throttle",
    "job-fails",
    "reset",
    "close",
    "cut-head",
    "truncate",
    "garbage",
    "garbage-body",
    "stall",
    "slow",
];

/// The message of a refusal or a failed job that is given none.
const MESSAGE: &str = "A fault rule of the stand-in says so.";

/// A rule in one line: words and `key=value` pairs in any order, e.g. `operation=ListTasks nth=2 status=503 delay=2s`.
///
/// Which calls: `service`, `operation`, one of `nth`, `every` and `from`, `probability`, `times`. What happens: `delay` (e.g. `500ms`,
/// `2s`), and one of `status` with `code` and `message`, `throttle` with `retry-after`, `job-fails` with `message`, `reset`, `close`,
/// `cut-head`, `truncate`, `garbage`, `garbage-body`, `stall` and `slow`; with `unhandled`, `reset`, `close` and `garbage` lose the request.
/// A text with white space stands in quotes, where a backslash goes before a quote or a backslash.
impl FromStr for FaultRule {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        let mut words = Words::read(text)?;
        let effect = effect(&mut words)?;
        let delay = words.time("delay")?.unwrap_or_default();
        let mut rule = match effect {
            Some(effect) => Self::with(effect).delayed(delay),
            None if delay.is_zero() => {
                return Err(FaultRuleError::new(format!(
                    "the rule says no fault: expected delay or one of {}",
                    EFFECTS.join(", ")
                )));
            }
            None => Self::delay(delay),
        };
        if words.word("unhandled") {
            rule = rule.unhandled();
            if !rule.unhandled {
                return Err(FaultRuleError::new("unhandled goes with reset, close or garbage"));
            }
        }
        rule.service = words.value("service").map(|name| service(&name)).transpose()?;
        if let Some(name) = words.value("operation") {
            rule = rule.operation(name)?;
        }
        rule.calls = calls(&mut words)?;
        rule.times = words.positive("times")?;
        if let Some(text) = words.value("probability") {
            let probability = text.parse::<f64>().ok().filter(|value| (0.0..=1.0).contains(value));
            rule.probability = Some(probability.ok_or_else(|| {
                FaultRuleError::new(format!("probability is {text:?}: expected a number from 0 to 1, e.g. 0.1"))
            })?);
        }
        words.finish()?;
        Ok(rule)
    }
}

fn effect(words: &mut Words) -> Result<Option<Effect>, FaultRuleError> {
    let given: Vec<&str> = EFFECTS.iter().copied().filter(|key| words.has(key)).collect();
    let key = match given.as_slice() {
        [] => return Ok(None),
        [key] => *key,
        [first, second, ..] => {
            return Err(FaultRuleError::new(format!(
                "{first} and {second} can't both become of one call: give a rule for each"
            )));
        }
    };
    Ok(Some(match key {
        "status" => refusal(words)?,
        "job-fails" => Effect::JobFails {
            code: words.value(key).unwrap_or_default(),
            message: words.value("message").unwrap_or_else(|| MESSAGE.to_owned()),
        },
        "throttle" => {
            words.word(key);
            Effect::Throttle { retry_after: words.time("retry-after")? }
        }
        "cut-head" => Effect::Spoil(Spoil::CutHead(words.number(key)?)),
        "truncate" => Effect::Spoil(Spoil::Truncate(words.number(key)?)),
        "stall" => Effect::Spoil(Spoil::Stall(words.time(key)?.unwrap_or_default())),
        "slow" => Effect::Spoil(Spoil::Slow(words.positive(key)?.unwrap_or(1))),
        _ => {
            words.word(key);
            Effect::Spoil(match key {
                "reset" => Spoil::Reset,
                "close" => Spoil::Close,
                "garbage" => Spoil::Garbage,
                _ => Spoil::GarbageBody,
            })
        }
    }))
}

fn refusal(words: &mut Words) -> Result<Effect, FaultRuleError> {
    let text = words.value("status").unwrap_or_default();
    let status = text.parse::<u16>().ok().filter(|status| (200..600).contains(status));
    let status = status.ok_or_else(|| {
        FaultRuleError::new(format!("status is {text:?}: expected an HTTP status from 200 to 599, e.g. 503"))
    })?;
    // Of the words that HTTP has for it.
    let usual = || {
        let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        reason.map_or_else(|| format!("Status{status}"), |reason| reason.replace(|c: char| !c.is_alphanumeric(), ""))
    };
    Ok(Effect::Refuse {
        status,
        code: words.value("code").unwrap_or_else(usual),
        message: words.value("message").unwrap_or_else(|| MESSAGE.to_owned()),
    })
}

fn calls(words: &mut Words) -> Result<Calls, FaultRuleError> {
    let (nth, every, from) = (words.positive("nth")?, words.positive("every")?, words.positive("from")?);
    match (nth, every, from) {
        (None, None, None) => Ok(Calls::All),
        (Some(nth), None, None) => Ok(Calls::Nth(nth)),
        (None, Some(every), None) => Ok(Calls::Every(every)),
        (None, None, Some(from)) => Ok(Calls::From(from)),
        _ => Err(FaultRuleError::new("nth, every and from say the same thing: give one of them")),
    }
}

fn short_name(service: Service) -> &'static str {
    match service {
        Service::AlibabaIce => "ice",
        Service::HuaweiVas => "vas",
        Service::TencentCi => "ci",
    }
}

fn service(name: &str) -> Result<Service, FaultRuleError> {
    let found = Service::ALL.into_iter().find(|service| short_name(*service) == name || service.info().name == name);
    found.ok_or_else(|| FaultRuleError::new(format!("there is no service {name:?}: expected ice, vas or ci")))
}

/// Whether a service, or any where none is given, has an operation of this name.
pub(super) fn check_operation(name: &str, service: Option<Service>) -> Result<(), FaultRuleError> {
    let names = |wanted: Option<Service>| {
        let services = Service::ALL.into_iter().filter(move |service| wanted.is_none_or(|wanted| wanted == *service));
        services.flat_map(Service::operations).map(|entry| entry.info().name)
    };
    if names(service).any(|known| known == name) {
        return Ok(());
    }
    let of = service.map_or_else(|| "no service".to_owned(), |service| format!("{} does not", service.info().title));
    let has = if service.is_some() { "have" } else { "has" };
    let elsewhere = Service::ALL.into_iter().find(|service| names(Some(*service)).any(|known| known == name));
    let hint = match (elsewhere, super::words::nearest(name, names(service))) {
        (Some(service), _) => format!("it is one of {}", service.info().title),
        (None, Some(near)) => format!("did you mean {near}?"),
        (None, None) => "expected a vendor's name, e.g. SubmitDNAJob, ListTasks or SubmitSmartCoverJob".to_owned(),
    };
    Err(FaultRuleError::new(format!("{of} {has} an operation {name:?}: {hint}")))
}

/// As [`FaultRule::from_str`] reads it.
impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.service.map(|service| format!("service={}", short_name(service))));
        words.extend(self.operation.as_ref().map(|name| format!("operation={}", quoted(name))));
        match self.calls {
            Calls::All => {}
            Calls::Nth(nth) => words.push(format!("nth={nth}")),
            Calls::Every(every) => words.push(format!("every={every}")),
            Calls::From(from) => words.push(format!("from={from}")),
        }
        words.extend(self.probability.map(|probability| format!("probability={probability}")));
        words.extend(self.times.map(|times| format!("times={times}")));
        if !self.delay.is_zero() || self.effect.is_none() {
            words.push(format!("delay={}", duration::write(self.delay)));
        }
        words.extend(self.effect.as_ref().map(Effect::to_string));
        if self.unhandled {
            words.push("unhandled".to_owned());
        }
        f.write_str(&words.join(" "))
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { status, code, message } => {
                write!(f, "status={status} code={} message={}", quoted(code), quoted(message))
            }
            Self::Throttle { retry_after: None } => f.write_str("throttle"),
            Self::Throttle { retry_after: Some(wait) } => write!(f, "throttle retry-after={}", duration::write(*wait)),
            Self::JobFails { code, message } => write!(f, "job-fails={} message={}", quoted(code), quoted(message)),
            Self::Spoil(spoil) => match spoil {
                Spoil::Reset => f.write_str("reset"),
                Spoil::Close => f.write_str("close"),
                Spoil::CutHead(bytes) => write!(f, "cut-head={bytes}"),
                Spoil::Truncate(bytes) => write!(f, "truncate={bytes}"),
                Spoil::Garbage => f.write_str("garbage"),
                Spoil::GarbageBody => f.write_str("garbage-body"),
                Spoil::Stall(pause) => write!(f, "stall={}", duration::write(*pause)),
                Spoil::Slow(rate) => write!(f, "slow={rate}"),
            },
        }
    }
}
