//! Holds the clients to examples.

mod answer;
mod callback;
mod host;
mod masks;
mod request;

use std::fmt;

use mediajobs_codegen::model::Literal;
use mediajobs_runtime::server::PrepareOptions;
use mediajobs_runtime::{Credentials, Error};

pub use answer::{Documented, answer_differences, documented_refusal, documented_request_id, http_response};
pub use callback::message_differences;
pub use request::{http_request, prepare, request_differences};

use crate::example::Example;
use crate::suite::{Suite, Target};
use crate::synthesis::literal_tree;

/// The key id that everything is signed with.
pub const KEY_ID: &str = "mock-id";
/// The secret that everything is signed with.
pub const SECRET: &str = "mock-secret";
/// The nonce that everything is signed with.
pub const NONCE: &str = "3f7a3d2a9c0b4e51a5c9e3b1d2f40718";
/// The second of 1970 at which everything is signed: 2026-11-21T20:43:31Z.
pub const NOW: u64 = 1_795_293_811;

/// What became of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `service/operation/case`.
    pub name: String,
    /// How it went.
    pub outcome: Outcome,
}

/// How an example went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The clients say what it says.
    Passed,
    /// They don't; every way in which they don't.
    Failed(Vec<String>),
    /// No machine can check it.
    Skipped(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Passed => write!(f, "passed  {}", self.name),
            Outcome::Skipped(reason) => write!(f, "skipped {}: {reason}", self.name),
            Outcome::Failed(faults) => {
                write!(f, "FAILED  {}", self.name)?;
                faults.iter().try_for_each(|fault| write!(f, "\n        {}", fault.replace('\n', "\n        ")))
            }
        }
    }
}

/// The name of an example: `service/operation/case`.
pub fn name(suite: &Suite, example: &Example) -> String {
    if let (Some(_), Ok(target)) = (&example.callback, suite.find_callback(&example.service, &example.operation)) {
        return format!("{}/{}/{}", example.service, target.callback.module, example.case);
    }
    let operation = match suite.find(&example.service, &example.operation) {
        Ok(target) => target.operation.module.as_str(),
        Err(_) if example.operation == "*" => "any",
        Err(_) => &example.operation,
    };
    format!("{}/{operation}/{}", example.service, example.case)
}

/// Judges one example.
pub fn judge(suite: &Suite, example: &Example) -> Verdict {
    let name = name(suite, example);
    if let Some(body) = &example.callback {
        let outcome = match (suite.find_callback(&example.service, &example.operation), &example.unchecked) {
            (Err(fault), _) => Outcome::Failed(vec![fault]),
            (Ok(_), Some(reason)) => Outcome::Skipped(reason.clone()),
            (Ok(target), None) => outcome(message_differences(target, body)),
        };
        return Verdict { name, outcome };
    }
    let outcome = match targets(suite, example) {
        Err(fault) => Outcome::Failed(vec![fault]),
        Ok(targets) => match &example.unchecked {
            Some(reason) => Outcome::Skipped(reason.clone()),
            None => {
                let mut faults: Vec<String> = Vec::new();
                for target in targets {
                    faults.extend(request::judge(target, example).into_iter().map(|fault| format!("request: {fault}")));
                    faults.extend(answer::judge(target, example).into_iter().map(|fault| format!("answer: {fault}")));
                }
                faults.dedup();
                outcome(faults)
            }
        },
    };
    Verdict { name, outcome }
}

fn outcome(faults: Vec<String>) -> Outcome {
    if faults.is_empty() { Outcome::Passed } else { Outcome::Failed(faults) }
}

/// The operations that an example is of: one, or with `*` all of its service; none of a callback's.
///
/// # Errors
/// There is no such service or operation.
pub fn targets<'s>(suite: &'s Suite, example: &Example) -> Result<Vec<Target<'s>>, String> {
    if example.callback.is_some() {
        return Ok(Vec::new());
    }
    if example.operation != "*" {
        return Ok(vec![suite.find(&example.service, &example.operation)?]);
    }
    let service = suite.service(&example.service)?;
    service.operations.iter().map(|operation| suite.find(&service.name, &operation.name)).collect()
}

/// What an example's request is signed with: its own region and settings, those of its host, or those of the spec.
pub fn options(target: Target<'_>, example: &Example) -> PrepareOptions {
    let host = example.request.iter().flat_map(|request| &request.headers);
    let host = host.filter(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value.as_str()).next();
    let template = target.service.hosts.get(target.operation.host).map(|host| host.template.as_str());
    let of_host = host.zip(template).and_then(|(host, template)| host::values(template, host)).unwrap_or_default();
    let from_host = |name: &str| of_host.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let first = || target.operation.regions.first().or_else(|| target.service.regions.keys().next()).cloned();
    let region = example.region.clone().or_else(|| from_host("region")).or_else(first).unwrap_or_default();
    let value = |name: &str, example_value: Option<&String>| {
        let own = example.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        own.or_else(|| from_host(name)).or_else(|| example_value.cloned()).unwrap_or_default()
    };
    let known = target.entry.service().settings.iter();
    let settings = known.map(|known| {
        let spec = target.service.settings.iter().find(|setting| setting.name == known.name);
        (known.name, value(known.name, spec.and_then(|setting| setting.example.as_ref())))
    });
    fixed(region, settings.collect())
}

/// Fixed time, nonce and key.
pub fn fixed(region: String, settings: Vec<(&'static str, String)>) -> PrepareOptions {
    PrepareOptions {
        region,
        settings,
        credentials: Credentials::new(KEY_ID, SECRET),
        time: std::time::UNIX_EPOCH + std::time::Duration::from_secs(NOW),
        nonce: NONCE.to_owned(),
    }
}

/// The operation's own example, to complete a fragment.
fn own_example(target: Target<'_>) -> crate::tree::Tree {
    literal_tree(&Literal::Table(target.operation.example.clone()))
}

/// The kind of an error in the words of the specs, e.g. `not-found`.
pub fn kind_name(error: &Error) -> String {
    let mut name = String::new();
    for c in format!("{:?}", error.kind()).chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
