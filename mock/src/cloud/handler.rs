//! What becomes of a request, however it came.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, DATE};
use http::{HeaderValue, Method};
use mediajobs_runtime::Clock;
use mediajobs_runtime::server::OperationEntry;
use tokio::runtime::Handle;

use crate::callbacks::Callbacks;
use crate::engine::Engine;
use crate::faults::{self, Effect, Fate, Fated, Faults, Spoil};
use crate::keys::AccessKey;
use crate::log::{RecordedRequest, RequestLog, claimed_key_id};
use crate::random::SplitMix64;
use crate::refusal::Refusal;
use crate::request_id::RequestId;
use crate::service::Service;
use crate::state::{StateFile, StateFileError};
use crate::store::Failure;
use crate::verify::Verifier;

/// Answers requests. It knows nothing of sockets.
pub(crate) struct Handler {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) engine: Engine,
    /// None where signatures are not looked at.
    pub(super) verifier: Option<Verifier>,
    pub(super) keys: Vec<AccessKey>,
    pub(super) faults: Faults,
    pub(super) log: RequestLog,
    pub(super) callbacks: Arc<Callbacks>,
    /// None where what is kept goes with the cloud.
    pub(super) state: Option<StateFile>,
    pub(super) random: Mutex<SplitMix64>,
}

/// An answer, and what is to happen to it on its way.
#[derive(Debug)]
pub(crate) struct Handled {
    pub(crate) answer: http::Response<Bytes>,
    pub(crate) spoil: Option<Spoil>,
}

/// A request on its way through.
struct Call {
    service: Service,
    id: RequestId,
    received: SystemTime,
    begun: Duration,
}

impl Handler {
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Does what goes on beside requests, for as long as this is polled.
    pub(crate) async fn run(&self) {
        let keep = async {
            if let Some(state) = &self.state {
                state.run(&self.engine).await;
            }
        };
        tokio::join!(self.callbacks.run(&self.engine, &self.clock), keep);
    }

    /// Writes what is kept, where there is a file for it.
    pub(crate) fn save(&self) -> Result<(), StateFileError> {
        self.state.as_ref().map_or(Ok(()), |state| state.save(&self.engine))
    }

    /// Answers a request. The runtime is the cloud's own: the engine finds itself inside of it, so that it can spawn what goes on
    /// behind an answer.
    pub(crate) async fn handle(&self, request: http::Request<Bytes>, runtime: &Handle) -> Handled {
        let (parts, body) = request.into_parts();
        let call = self.begin(&parts);
        let mut request = http::Request::from_parts(parts.clone(), body);
        let operation = self.engine.operation(call.service, &request);
        let name = operation.as_ref().ok().map(|operation| operation.info().name);
        let fate = self.faults.decide(call.service, name);
        if !fate.delay.is_zero() {
            self.clock.sleep(fate.delay).await;
        }
        request.extensions_mut().insert(call.id.clone());
        let outcome = {
            let _inside = runtime.enter();
            self.outcome(&call, operation, &mut request, &fate)
        };
        let code = outcome.as_ref().err().map(|refusal| refusal.code.clone());
        let mut answer = outcome.unwrap_or_else(|refusal| refusal.answer(call.service, &call.id.0, &parts));
        if let Some(Effect::Throttle { retry_after: Some(wait) }) = &fate.effect {
            let (name, value) = faults::retry_after(call.service, *wait);
            answer.headers_mut().insert(name, value);
        }
        let spoil = self.spoil(&fate, parts.method == Method::HEAD, &mut answer).await;
        self.finish(call, name, &request, answer, spoil, code, fate.label())
    }

    /// Refuses a request that is not read whole.
    pub(crate) fn refuse(&self, parts: &http::request::Parts, refusal: &Refusal) -> Handled {
        let call = self.begin(parts);
        let answer = refusal.answer(call.service, &call.id.0, parts);
        let request = http::Request::from_parts(parts.clone(), Bytes::new());
        self.finish(call, None, &request, answer, None, Some(refusal.code.clone()), None)
    }

    fn begin(&self, parts: &http::request::Parts) -> Call {
        let service = Service::of(parts);
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let id = RequestId::next(service, &mut random);
        Call { service, id, received: self.clock.now(), begun: self.clock.monotonic() }
    }

    /// What the service says.
    fn outcome(
        &self,
        call: &Call,
        operation: Result<&'static dyn OperationEntry, Refusal>,
        request: &mut http::Request<Bytes>,
        fate: &Fate,
    ) -> Result<http::Response<Bytes>, Refusal> {
        let mut fated = Fated::default();
        match &fate.effect {
            Some(Effect::Refuse { status, code, message }) => return Err(Refusal::new(*status, code, message)),
            Some(Effect::Throttle { .. }) => return Err(Refusal::throttled(call.service)),
            Some(Effect::JobFails { code, message }) => {
                fated.job_failure = Some(Failure { code: code.clone(), message: message.clone() });
            }
            Some(Effect::Spoil(_)) if fate.unhandled => return Ok(http::Response::default()),
            Some(Effect::Spoil(_)) | None => {}
        }
        let operation = operation?;
        // The time of a delay has passed.
        let now = self.clock.now();
        if let Some(verifier) = &self.verifier
            && (!operation.info().anonymous || request.headers().contains_key(AUTHORIZATION))
        {
            verifier.verify(call.service, request, now)?;
        }
        request.extensions_mut().insert(fated);
        self.engine.answer(call.service, operation, request, now)
    }

    /// What is left to do to an answer when it is written.
    async fn spoil(&self, fate: &Fate, is_head: bool, answer: &mut http::Response<Bytes>) -> Option<Spoil> {
        let Some(Effect::Spoil(spoil)) = fate.effect else { return None };
        let body_bytes = if is_head { 0 } else { answer.body().len() };
        match spoil {
            Spoil::GarbageBody => {
                *answer.body_mut() = faults::nonsense(answer.body());
                answer.headers_mut().remove(CONTENT_LENGTH);
                return None;
            }
            // There is nothing that could come later than the head.
            Spoil::Stall(pause) if body_bytes == 0 => {
                self.clock.sleep(pause).await;
                return None;
            }
            Spoil::Slow(_) => {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        Some(spoil.fitted(body_bytes))
    }

    #[expect(clippy::too_many_arguments, reason = "what a record is made of")]
    fn finish(
        &self,
        call: Call,
        operation: Option<&'static str>,
        request: &http::Request<Bytes>,
        mut answer: http::Response<Bytes>,
        spoil: Option<Spoil>,
        code: Option<String>,
        fault: Option<String>,
    ) -> Handled {
        // By the cloud's clock, and not by that of whatever writes the answer: clients set theirs by it.
        if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(self.clock.now())) {
            answer.headers_mut().entry(DATE).or_insert(date);
        }
        let key_id = claimed_key_id(request).map(|id| {
            let is_secret = |key: &AccessKey| key.secret == id || key.token.as_ref() == Some(&id);
            if self.keys.iter().any(is_secret) { "[redacted]".to_owned() } else { id }
        });
        let no_status = matches!(spoil, Some(spoil) if spoil.needs_no_answer() || matches!(spoil, Spoil::CutHead(_)));
        let took = self.clock.monotonic().saturating_sub(call.begun);
        let status = (!no_status).then(|| answer.status().as_u16());
        self.log.add(RecordedRequest {
            service: call.service,
            operation,
            status,
            code: code.filter(|_| status.is_some()),
            key_id,
            received_at: call.received,
            took,
            fault,
            ..RecordedRequest::of(call.service, request)
        });
        Handled { answer, spoil }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").field("keys", &self.keys).field("faults", &self.faults).finish_non_exhaustive()
    }
}
