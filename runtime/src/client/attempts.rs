//! The attempts of one call.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tracing::Instrument;
use tracing::field::Empty;

use super::call::Lacks;
use super::prepare::{self, Draft};
use super::{Options, Shared, builder, parse};
use crate::clock;
use crate::credentials::Credentials;
use crate::error::{ConfigurationError, Error, ErrorKind, TransportFailure};
use crate::facts::{Effect, OperationInfo, ServiceInfo};
use crate::interceptor::{Attempt, Interceptor, RequestToSign};
use crate::operation::Operation;
use crate::response::Response;
use crate::retry::{self, http_date};
use crate::transport::{Transport, TransportError};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// One call on its way.
pub(super) struct Course<'c> {
    shared: &'c Shared,
    service: &'static ServiceInfo,
    info: &'static OperationInfo,
    transport: &'c Arc<dyn Transport>,
    draft: Draft<'c>,
    options: &'c Options,
    /// What a repetition may do; a token makes it harmless.
    effect: Effect,
    started: Duration,
    attempts: u32,
    /// Whether an attempt before the last may have done what was asked for.
    maybe_done: bool,
    /// What the last repetition took from the budget.
    paid: Option<u32>,
    /// What the last attempt was signed with, and for when.
    credentials: Option<Credentials>,
    signed_at: SystemTime,
    skew_corrected: bool,
    span: tracing::Span,
}

impl<'c> Course<'c> {
    pub(super) fn new(
        shared: &'c Shared,
        service: &'static ServiceInfo,
        draft: Draft<'c>,
        options: &'c Options,
    ) -> Result<Self, Error> {
        let Some(transport) = &shared.transport else { return Err(builder::no_transport(service.name)) };
        let info = draft.info;
        let effect = if draft.has_idempotency_token { Effect::Read } else { info.effect };
        let span = tracing::info_span!(
            target: "mediajobs",
            "call",
            service = service.name,
            operation = info.name,
            region = shared.region,
            attempts = Empty,
            status = Empty,
            code = Empty,
            request_id = Empty,
            error = Empty,
        );
        Ok(Self {
            shared,
            service,
            info,
            transport,
            draft,
            options,
            effect,
            started: shared.clock.monotonic(),
            attempts: 0,
            maybe_done: false,
            paid: None,
            credentials: None,
            signed_at: SystemTime::UNIX_EPOCH,
            skew_corrected: false,
            span,
        })
    }

    pub(super) fn span(&self) -> tracing::Span {
        self.span.clone()
    }

    /// The time that is left for the call.
    fn left(&self) -> Duration {
        self.options.deadline.saturating_sub(self.shared.clock.monotonic().saturating_sub(self.started))
    }

    /// Signs and sends once, and reads the answer.
    pub(super) async fn attempt<O: Operation>(
        &mut self,
        lacks: &Lacks<O::Response>,
    ) -> Result<Response<O::Response>, Error> {
        self.attempts += 1;
        let span = tracing::debug_span!(
            target: "mediajobs",
            "attempt",
            service = self.service.name,
            operation = self.info.name,
            attempt = self.attempts,
            status = Empty,
            code = Empty,
            request_id = Empty,
            error = Empty,
        );
        let answer = self.exchange().instrument(span.clone()).await;
        let outcome = answer.and_then(|answer| self.read::<O>(&answer, lacks));
        match &outcome {
            Ok(response) => record_success(&span, response),
            Err(error) => record(&span, error),
        }
        outcome
    }

    /// The time that is left for an attempt.
    fn left_of_attempt(&self, began: Duration) -> Duration {
        let took = self.shared.clock.monotonic().saturating_sub(began);
        self.options.attempt_timeout.saturating_sub(took).min(self.left())
    }

    async fn exchange(&mut self) -> Result<http::Response<Bytes>, Error> {
        let began = self.shared.clock.monotonic();
        let credentials = self.take_credentials(began).await?;
        let attempt = Attempt { service: self.service.name, operation: self.info.name, number: self.attempts };
        let request = self.signed(&attempt, &credentials)?;
        let most = self.left_of_attempt(began);
        if most.is_zero() {
            // Whatever looks at a request that has no time may send it all the same.
            return Err(self.timed_out(false, ", before the request was sent"));
        }
        let sending = self.transport.send(request, self.shared.limits.max_body_bytes);
        match clock::within(&*self.shared.clock, Some(most), sending).await {
            Some(Ok(answer)) => {
                let when = format!(" after an answer of status {}", answer.status().as_u16());
                self.intercept(&when, |interceptor| interceptor.after_response(&attempt, &answer))?;
                Ok(answer)
            }
            Some(Err(error)) => Err(self.failure(error)),
            None => Err(self.timed_out(true, "")),
        }
    }

    async fn take_credentials(&mut self, began: Duration) -> Result<Credentials, Error> {
        let clock = &*self.shared.clock;
        let most = self.left_of_attempt(began);
        match clock::within(clock, Some(most), self.shared.identity.get(clock)).await {
            Some(Ok(credentials)) => {
                let credentials = credentials.into_owned();
                self.credentials = Some(credentials.clone());
                Ok(credentials)
            }
            Some(Err(mut error)) => {
                error.operation = Some(self.info.name);
                Err(Error::Credentials(error))
            }
            None => Err(self.timed_out(false, ", before there were credentials")),
        }
    }

    /// The request of this attempt, signed for now.
    fn signed(&mut self, attempt: &Attempt<'_>, credentials: &Credentials) -> Result<http::Request<Bytes>, Error> {
        let mut to_sign = RequestToSign {
            method: self.info.method,
            path: &self.draft.path,
            query: &self.draft.query,
            body: &self.draft.body,
            headers: http::HeaderMap::new(),
        };
        self.intercept("", |interceptor| interceptor.before_sign(attempt, &mut to_sign))?;
        let extra = to_sign.headers;
        self.signed_at = self.shared.signing_time();
        let request = prepare::sign(self.shared, self.service, &self.draft, &extra, credentials, self.signed_at)?;
        self.intercept("", |interceptor| interceptor.after_sign(attempt, &request))?;
        Ok(request)
    }

    /// Asks every interceptor, up to the first that ends the call.
    fn intercept(
        &self,
        when: &str,
        mut ask: impl FnMut(&dyn Interceptor) -> Result<(), BoxError>,
    ) -> Result<(), Error> {
        for interceptor in &self.shared.interceptors {
            ask(&**interceptor).map_err(|error| {
                let error = self.redact(error.to_string());
                let message = format!("{}: an interceptor ended the call{when}: {error}", self.info.name);
                Error::from(ConfigurationError::new(self.service.name, message))
            })?;
        }
        Ok(())
    }

    fn redact(&self, text: String) -> String {
        match &self.credentials {
            Some(credentials) => credentials.redact(text),
            None => text,
        }
    }

    fn timed_out(&self, sent: bool, when: &str) -> Error {
        let message = if self.left().is_zero() {
            format!("the call's deadline of {:?} is over{when}", self.options.deadline)
        } else {
            format!("the attempt took longer than its limit of {:?}{when}", self.options.attempt_timeout)
        };
        let failure = TransportFailure {
            operation: self.info.name,
            message,
            answer: None,
            source: None,
            attempts: self.attempts,
        };
        if sent { Error::NoAnswer(failure) } else { Error::NotSent(failure) }
    }

    /// What a transport's failure means. A refusal is one also where its body breaks off.
    fn failure(&self, error: TransportError) -> Error {
        let TransportError { sent, lasts, message, head, partial_body, source } = error;
        let message = self.redact(message);
        if lasts && !sent {
            return ConfigurationError::new(self.service.name, message).into();
        }
        let begun = head.map(|head| http::Response::from_parts(*head, partial_body));
        let (answer, message) = match begun {
            None => (None, message),
            Some(begun) => {
                let reader = self.reader(&begun);
                if !begun.status().is_success() {
                    return reader.refusal();
                }
                if lasts {
                    return reader.unusable(message);
                }
                (Some(reader.begun()), format!("status {} came, and then: {message}", begun.status().as_u16()))
            }
        };
        let failure = TransportFailure {
            operation: self.info.name,
            message,
            answer,
            source: source.map(Arc::from),
            attempts: self.attempts,
        };
        if sent { Error::NoAnswer(failure) } else { Error::NotSent(failure) }
    }

    fn reader<'a>(&'a self, answer: &'a http::Response<Bytes>) -> parse::AnswerReader<'a> {
        parse::AnswerReader {
            service: self.service,
            operation: self.info,
            answer,
            limits: self.shared.limits,
            credentials: self.credentials.as_ref(),
            now: self.shared.signing_time(),
        }
    }

    fn read<O: Operation>(
        &self,
        answer: &http::Response<Bytes>,
        lacks: &Lacks<O::Response>,
    ) -> Result<Response<O::Response>, Error> {
        let reader = self.reader(answer);
        let response = reader.response::<O>()?;
        match lacks(&response) {
            None => Ok(response),
            Some((path, reason)) => Err(reader.lacking(path, reason, response.request_id)),
        }
    }

    /// The call went well.
    pub(super) fn succeed<T>(&self, mut response: Response<T>) -> Response<T> {
        self.shared.budget.earn(self.paid);
        response.attempts = self.attempts;
        self.span.record("attempts", self.attempts);
        record_success(&self.span, &response);
        tracing::debug!(target: "mediajobs", status = response.status, attempts = self.attempts, "done");
        response
    }

    /// An attempt failed: waits for the next, or gives the error that the call ends with.
    pub(super) async fn fail(&mut self, mut error: Error) -> Result<(), Error> {
        error.set_attempts(self.attempts);
        match self.pause_after(&error) {
            Ok(pause) => {
                self.maybe_done |= retry::may_have_been_done(&error);
                tracing::info!(
                    target: "mediajobs",
                    attempt = self.attempts,
                    kind = ?error.kind(),
                    status = error.status(),
                    code = error.code(),
                    request_id = error.request_id(),
                    pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                    "failed, to be sent again"
                );
                if !pause.is_zero() {
                    self.shared.clock.sleep(pause).await;
                }
                Ok(())
            }
            Err(why) => {
                let error = self.of_all_attempts(error);
                self.span.record("attempts", self.attempts);
                record(&self.span, &error);
                tracing::warn!(
                    target: "mediajobs",
                    attempts = self.attempts,
                    kind = ?error.kind(),
                    status = error.status(),
                    code = error.code(),
                    request_id = error.request_id(),
                    not_again = why,
                    error = %error,
                    "failed"
                );
                Err(error)
            }
        }
    }

    /// What the call ends with. That nothing was sent is no word for a call of which something was sent before.
    fn of_all_attempts(&self, error: Error) -> Error {
        if !self.maybe_done || self.info.effect == Effect::Read {
            return error;
        }
        let (message, source) = match error {
            Error::NotSent(failure) => (failure.message, failure.source),
            Error::Credentials(mut error) => {
                error.operation = None;
                (error.to_string(), Some(Arc::new(error) as _))
            }
            Error::Configuration(error) => (error.message().to_owned(), None),
            error => return error,
        };
        Error::NoAnswer(TransportFailure {
            operation: self.info.name,
            message: format!("an attempt before the last may have been received; the last was not sent: {message}"),
            answer: None,
            source,
            attempts: self.attempts,
        })
    }

    /// How long to wait before the next attempt, or why there is none.
    fn pause_after(&mut self, error: &Error) -> Result<Duration, &'static str> {
        let policy = &self.options.retry;
        // What is learned about the clock is of use to later calls also where this one is not made again.
        let skewed = error.kind() == ErrorKind::ClockSkew;
        let corrected = skewed && self.learn_skew(error);
        if !policy.may_repeat(self.effect, error) {
            return Err("it would not help, or might do it twice");
        }
        if skewed && (!corrected || std::mem::replace(&mut self.skew_corrected, true)) {
            return Err("the service's time of day is not known, or was tried already");
        }
        if !policy.allows(self.attempts) {
            return Err("the policy allows no more attempts");
        }
        let throttled = error.kind() == ErrorKind::Throttled;
        let own = if skewed { Duration::ZERO } else { policy.pause(self.attempts, throttled, (self.shared.jitter)()) };
        let pause = own.max(error.retry_after().unwrap_or_default());
        if pause >= self.left() {
            return Err("the call's deadline comes before the next attempt");
        }
        let answered = error.status().is_some();
        self.paid = Some(self.shared.budget.pay(answered).ok_or("too much of this client's fails")?);
        Ok(pause)
    }

    fn learn_skew(&self, error: &Error) -> bool {
        let Some(date) = error.headers().and_then(http_date) else { return false };
        self.shared.skew.learn(date, self.shared.clock.now(), self.signed_at)
    }
}

fn record_success<T>(span: &tracing::Span, response: &Response<T>) {
    span.record("status", response.status);
    if let Some(id) = &response.request_id {
        span.record("request_id", id.as_str());
    }
}

fn record(span: &tracing::Span, error: &Error) {
    span.record("error", tracing::field::debug(error.kind()));
    if let Some(status) = error.status() {
        span.record("status", status);
    }
    if let Some(code) = error.code() {
        span.record("code", code);
    }
    if let Some(id) = error.request_id() {
        span.record("request_id", id);
    }
}
