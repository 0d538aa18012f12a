//! What the services do: requests in, answers of the documented shape out, and what is kept between them.

mod answer;
pub(crate) mod catalog;
mod examples;
pub(crate) mod ids;
pub(crate) mod life;
mod likes;
mod list;
mod making;
pub(crate) mod paths;
mod render;
mod request;
mod resources;
mod routes;
mod seeds;
mod shape;
pub(crate) mod times;
mod view;
pub(crate) mod wire_xml;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use mediajobs_runtime::facts::Protocol;
use mediajobs_runtime::server::{OperationEntry, ResourceInfo};
use mediajobs_runtime::validate::{Violation, predicates};
use serde_json::{Map, Value};
use tokio::sync::watch;

use self::catalog::Catalog;
use self::resources::Act;
use crate::callbacks;
use crate::faults::Fated;
use crate::pace::Pace;
use crate::refusal::{self, Refusal};
use crate::request_id::RequestId;
use crate::service::Service;
use crate::store::{Failure, Millis, Store, Thing};

/// What is so while one request is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now<'n> {
    pub(crate) millis: Millis,
    pub(crate) pace: Pace,
    /// How a job fails that is submitted now.
    pub(crate) failure: &'n Option<Failure>,
}

/// What the services do.
#[derive(Debug)]
pub(crate) struct Engine {
    catalog: Catalog,
    store: Mutex<Store>,
    pace: Pace,
    /// Whoever waits for a change of the store.
    changes: watch::Sender<()>,
}

impl Engine {
    pub(crate) fn new(store: Store, pace: Pace) -> Self {
        Self { catalog: Catalog::new(), store: Mutex::new(store), pace, changes: watch::Sender::new(()) }
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        // Nothing in the store is half done when something panics: each change of it is one call.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What tells of changes of the store.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Says that the store has changed.
    pub(crate) fn changed(&self) {
        self.changes.send_replace(());
    }

    /// What is told of a job to whoever asks for it now.
    pub(crate) fn told_by_query(
        &self,
        service: Service,
        resource: &'static ResourceInfo,
        job: &Thing,
        now: Millis,
    ) -> Option<Map<String, Value>> {
        let submit = self.catalog.entry(service, &job.life.as_ref()?.submit)?;
        let query = submit.info().job?.query?.operation;
        let entry = self.catalog.entry(service, query)?;
        let operation = resource.operations.iter().find(|operation| operation.operation == query)?;
        let path = operation.record?;
        let schema = examples::schema_at(entry.response(), path)?;
        let view = resources::view(&self.catalog, service, resource, job, now);
        let (view, like) = likes::of(&self.catalog, service, entry, resource, path, &view);
        Some(render::record(service.info().protocol, schema, &view, operation, like.as_deref()))
    }

    /// The operation that a request means.
    ///
    /// # Errors
    /// There is none such.
    pub(crate) fn operation(
        &self,
        service: Service,
        request: &http::Request<Bytes>,
    ) -> Result<&'static dyn OperationEntry, Refusal> {
        routes::find(service, request)
    }

    /// Does what a request asks for. Its extensions tell the id of the request, and what the faults have in mind.
    ///
    /// # Errors
    /// The request breaks a rule, or what it asks for can't be done.
    pub(crate) fn answer(
        &self,
        service: Service,
        entry: &'static dyn OperationEntry,
        request: &http::Request<Bytes>,
        now: SystemTime,
    ) -> Result<http::Response<Bytes>, Refusal> {
        let request_id = request.extensions().get::<RequestId>().map_or("", |id| id.0.as_str());
        let failure = request.extensions().get::<Fated>().and_then(|fated| fated.job_failure.clone());
        let asked = request::read(service, entry, request)?;
        if let Some(violation) =
            asked.typed.validate().errors().find(|violation| !is_loopback_callback(violation, &asked.fields))
        {
            return Err(match violation.rule {
                "required" => Refusal::missing(service, &violation.path),
                _ => Refusal::invalid(service, &violation.path, &reason(violation)),
            });
        }
        let mut store = self.store();
        let before = store.revision();
        let token = entry.info().idempotency_token.and_then(|token| asked.fields.get(token)).and_then(paths::text);
        let token = token.map(|token| format!("{service}/{}/{}/{token}", asked.scope, entry.info().name));
        let repeated = token.as_ref().and_then(|token| store.answered.get(token).cloned());
        let answer = match repeated {
            Some(Value::Object(members)) => {
                let status = entry.info().statuses.first().copied().unwrap_or(200);
                answer::Answer { status, members }
            }
            _ => {
                let now = Now { millis: times::millis(now), pace: self.pace, failure: &failure };
                let answer = self.act(&mut store, service, entry, &asked, now)?;
                if let Some(token) = token {
                    store.answered.insert(token, Value::Object(answer.members.clone()));
                }
                answer
            }
        };
        let is_changed = store.revision() != before;
        drop(store);
        if is_changed {
            self.changed();
        }
        Ok(self.write(service, entry, answer, request_id))
    }

    fn act(
        &self,
        store: &mut Store,
        service: Service,
        entry: &'static dyn OperationEntry,
        asked: &request::Asked,
        now: Now<'_>,
    ) -> Result<answer::Answer, Refusal> {
        let mut outcomes = Vec::new();
        for part in self.catalog.parts(service, entry.info().name) {
            let (resource, operation) = *part;
            let act = Act { catalog: &self.catalog, service, entry, resource, operation, asked, now };
            outcomes.push((*part, act.run(store)?));
        }
        answer::of(&self.catalog, service, entry, asked, &outcomes)
    }

    fn write(
        &self,
        service: Service,
        entry: &'static dyn OperationEntry,
        mut answer: answer::Answer,
        request_id: &str,
    ) -> http::Response<Bytes> {
        let info = service.info();
        for name in info.errors.request_id {
            if let Some(field) = entry.response().field(name) {
                answer.members.insert(field.name.to_owned(), Value::String(request_id.to_owned()));
            }
        }
        shape::quote_verdict(info, entry.response(), &mut answer.members);
        let (content_type, body) = match (entry.info().empty_response, info.protocol) {
            (true, _) => (None, String::new()),
            (false, Protocol::RestXml) => {
                (Some("application/xml"), shape::write_body(info, entry.response(), answer.members))
            }
            (false, _) => {
                (Some("application/json;charset=utf-8"), shape::write_body(info, entry.response(), answer.members))
            }
        };
        let mut response = http::Response::new(Bytes::from(body));
        *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
        if let Some(content_type) = content_type {
            response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
        }
        response.headers_mut().extend(refusal::success_headers(service, request_id));
        response
    }
}

/// Whether a URL is refused for nothing but that it leads to this machine. The services can't reach it; this one reaches no other.
fn is_loopback_callback(violation: &Violation, fields: &Map<String, Value>) -> bool {
    let is_public = predicates::find("public-http-url").map(|predicate| format!("must be {}", predicate.meaning));
    let is_loopback = |url: Option<String>| url.is_some_and(|url| callbacks::is_loopback_url(&url));
    violation.rule == "predicate"
        && is_public.is_some_and(|message| message == violation.message)
        && is_loopback(paths::first(fields, &violation.path).and_then(paths::text))
}

/// What a violation says besides its path.
fn reason(violation: &Violation) -> String {
    // The client's own words tell how to send it all the same.
    let mut reason = match violation.rule {
        "enum" => "is not a documented value".to_owned(),
        _ => violation.message.clone(),
    };
    if let Some(value) = &violation.value {
        reason.push_str(", found ");
        reason.push_str(value);
    }
    if let Some(explanation) = violation.explanation {
        reason.push_str(". ");
        reason.push_str(explanation);
    }
    reason
}
