//! Which scripted answer a request gets.

use std::collections::VecDeque;

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::outcome::Outcome;
use super::sent::{SentRequest, asked};
use crate::facts::OperationInfo;
use crate::server;
use crate::transport::TransportError;

/// What an answer is scripted for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    /// Whatever is asked.
    Anything,
    /// Only the operation of this name, though it is the next in any case.
    Named(&'static str),
    /// Only this operation.
    Operation(&'static OperationInfo),
}

impl Target {
    fn takes(self, sent: &SentRequest) -> bool {
        let request = sent.request();
        match (self, asked(request)) {
            (Self::Anything, _) => true,
            (Self::Named(name), Some(asked)) => asked.operation.name == name,
            (Self::Operation(info), Some(asked)) => is_same(asked.operation, info),
            (Self::Named(name), None) => action(request).is_none_or(|action| action == name),
            (Self::Operation(info), None) => looks_like(request, info),
        }
    }

    /// Whether it is this operation.
    pub(super) fn is(self, info: &OperationInfo) -> bool {
        matches!(self, Self::Operation(own) if is_same(own, info))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Anything => "anything",
            Self::Named(name) => name,
            Self::Operation(info) => info.name,
        }
    }
}

/// Facts are constants, so there may be several of one operation.
fn is_same(a: &OperationInfo, b: &OperationInfo) -> bool {
    (a.name, a.method, a.source) == (b.name, b.method, b.source)
}

fn action(request: &http::Request<Bytes>) -> Option<&str> {
    request.headers().get("x-acs-action")?.to_str().ok()
}

/// Whether a request that no client of these crates made is of an operation, as far as its first line tells.
fn looks_like(request: &http::Request<Bytes>, info: &'static OperationInfo) -> bool {
    if let Some(action) = action(request) {
        return action == info.name;
    }
    let query = request.uri().query().unwrap_or_default();
    let has_flag = |flag: &&str| query.split('&').any(|pair| pair.split('=').next() == Some(flag));
    let is_path = server::cut_path(info, request.uri().path()).is_some();
    request.method() == info.method && is_path && info.flags.iter().all(has_flag)
}

/// One scripted answer.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) target: Target,
    pub(super) outcome: Outcome,
    /// How often it is still given; none where it is given for ever.
    pub(super) left: Option<u32>,
}

impl Line {
    fn give(&mut self) -> &Outcome {
        self.left = self.left.map(|left| left.saturating_sub(1));
        &self.outcome
    }

    fn is_left(&self) -> bool {
        self.left != Some(0)
    }
}

/// The answers about one job.
#[derive(Debug)]
pub(in crate::testing) struct JobLines {
    pub(in crate::testing) submit: &'static OperationInfo,
    /// The answer to the submit, until it is given.
    pub(in crate::testing) submitted: Option<Outcome>,
    pub(in crate::testing) query: &'static str,
    /// The id by which the job is asked for; none where the caller gives one that the script does not know.
    pub(in crate::testing) id: Option<String>,
    /// The answers to the queries.
    pub(in crate::testing) polls: VecDeque<Outcome>,
    /// Whether the last answer is given again and again.
    pub(in crate::testing) last_stays: bool,
    /// Whether the last answer, which stays, was given.
    pub(in crate::testing) last_given: bool,
}

impl JobLines {
    fn takes_query(&self, sent: &SentRequest) -> bool {
        Target::Named(self.query).takes(sent)
            && self.id.as_ref().is_none_or(|id| names_id(sent.request(), id))
            && !self.polls.is_empty()
    }

    fn left(&self) -> Option<String> {
        let polls = self.polls.len().saturating_sub(usize::from(self.last_given));
        match (&self.submitted, polls) {
            (None, 0) => None,
            (Some(_), _) => Some(format!("the job of {}, which was not submitted", self.submit.name)),
            (None, polls) => Some(format!("{polls} of {} about the job of {}", self.query, self.submit.name)),
        }
    }
}

/// Whether a request has an id as a value, or in a list of values.
fn names_id(request: &http::Request<Bytes>, id: &str) -> bool {
    let has = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        decoded == id || decoded.split([',', '[', ']', '"', ' ']).any(|part| part == id)
    };
    let values = |text: &str| text.split('&').any(|pair| has(pair.split_once('=').map_or(pair, |(_, value)| value)));
    request.uri().path().split('/').any(has)
        || values(request.uri().query().unwrap_or_default())
        || std::str::from_utf8(request.body()).is_ok_and(|body| values(body) || body.contains(id))
}

/// All that is scripted, and all that was sent.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// In the order of what is asked.
    pub(super) in_order: VecDeque<Line>,
    /// By operation; of those for one, in order.
    pub(super) by_operation: Vec<Line>,
    pub(super) jobs: Vec<JobLines>,
    pub(super) sent: Vec<SentRequest>,
    pub(super) unscripted: Vec<String>,
}

impl Script {
    /// What comes of a request; none where no answer ever comes.
    pub(super) fn take(
        &mut self,
        request: http::Request<Bytes>,
    ) -> Option<Result<http::Response<Bytes>, TransportError>> {
        let sent = SentRequest::new(request);
        self.sent.push(sent.clone());
        if let Some(line) = self.by_operation.iter_mut().find(|line| line.is_left() && line.target.takes(&sent)) {
            return line.give().result(&sent);
        }
        if let Some(result) = self.of_job(&sent) {
            return result;
        }
        while self.in_order.front().is_some_and(|line| !line.is_left()) {
            self.in_order.pop_front();
        }
        if let Some(line) = self.in_order.front_mut().filter(|line| line.target.takes(&sent)) {
            return line.give().result(&sent);
        }
        let left = self.left();
        let left = if left.is_empty() { "nothing".to_owned() } else { left.join("; ") };
        self.unscripted.push(sent.to_string());
        Some(Err(TransportError::unsendable(format!("{sent} is not scripted; what is left of the script: {left}"))))
    }

    #[expect(clippy::option_option, reason = "no job takes it, or one takes it and hangs, or one answers")]
    fn of_job(&mut self, sent: &SentRequest) -> Option<Option<Result<http::Response<Bytes>, TransportError>>> {
        for job in &mut self.jobs {
            if Target::Operation(job.submit).takes(sent)
                && let Some(submitted) = job.submitted.take()
            {
                return Some(submitted.result(sent));
            }
        }
        // A job that is still to be submitted is not asked for.
        let job = self.jobs.iter_mut().find(|job| job.submitted.is_none() && job.takes_query(sent))?;
        if let ([last], true) = (job.polls.make_contiguous(), job.last_stays) {
            job.last_given = true;
            return Some(last.result(sent));
        }
        job.polls.pop_front().map(|poll| poll.result(sent))
    }

    /// What was scripted and not asked for, in words.
    pub(super) fn left(&self) -> Vec<String> {
        let lines = self.by_operation.iter().chain(&self.in_order);
        let lines = lines.filter_map(|line| match line.left {
            Some(0) | None => None,
            Some(1) => Some(format!("an answer to {}", line.target.name())),
            Some(left) => Some(format!("{left} answers to {}", line.target.name())),
        });
        lines.chain(self.jobs.iter().filter_map(JobLines::left)).collect()
    }
}
