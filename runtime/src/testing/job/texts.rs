//! Documented answers with the job's own values in their places.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;

use super::JobScript;
use crate::client;
use crate::codec::Limits;
use crate::facts::{JobIdInfo, OperationInfo, Protocol, ServiceInfo};
use crate::operation::{Operation, Service};
use crate::server::OperationEntry;
use crate::testing::ExampleAnswer;
use crate::testing::edit::{Edit, edit, values};
use crate::testing::scripted::Outcome;
use crate::unknown::Notation;

/// One of the two operations of a job's life.
#[derive(Clone)]
pub(super) struct Half {
    pub(super) service: &'static ServiceInfo,
    pub(super) info: &'static OperationInfo,
    examples: &'static [ExampleAnswer],
    read: Arc<ReadAnswer>,
}

/// Whether a client can read an answer, or why not.
type ReadAnswer = dyn Fn(&http::Response<Bytes>) -> Result<(), String> + Send + Sync;

impl Half {
    pub(super) fn of<O: Operation>() -> Self {
        let read = |answer: &http::Response<Bytes>| match client::parse_answer::<O>(answer, Limits::DEFAULT) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        Self { service: <O::Service as Service>::INFO, info: O::INFO, examples: O::EXAMPLES, read: Arc::new(read) }
    }

    pub(super) fn of_entry(entry: &'static dyn OperationEntry) -> Self {
        let read = move |answer: &http::Response<Bytes>| match entry.read_response(answer, Limits::DEFAULT) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        Self { service: entry.service(), info: entry.info(), examples: entry.examples(), read: Arc::new(read) }
    }

    fn notation(&self) -> Notation {
        match self.service.protocol {
            Protocol::RestXml => Notation::Xml,
            Protocol::Rpc | Protocol::RestJson => Notation::Json,
        }
    }

    fn values(&self, body: &str, path: &str) -> Vec<String> {
        values(self.notation(), body, path).unwrap_or_default()
    }

    /// The first documented success of which something holds.
    fn find(&self, holds: impl Fn(&Text) -> bool) -> Option<Text> {
        let is_good = |example: &ExampleAnswer| example.to_http().is_ok_and(|answer| (self.read)(&answer).is_ok());
        let fits = |example: &&ExampleAnswer| holds(&Text::of(example)) && is_good(example);
        self.examples.iter().find(fits).map(Text::of)
    }

    /// An answer that says nothing yet.
    fn blank(&self) -> Text {
        let root = self.service.xml_roots.response;
        let (kind, body) = match self.notation() {
            Notation::Xml => ("application/xml", format!("<{root}></{root}>")),
            Notation::Json => ("application/json", "{}".to_owned()),
        };
        let body = if self.info.empty_response { String::new() } else { body };
        let status = self.info.statuses.first().copied().unwrap_or(200);
        Text { status, headers: vec![("content-type", kind)], body: Cow::Owned(body) }
    }

    /// The answer as it is given, if a client can read it.
    fn outcome(&self, text: Text) -> Result<Outcome, String> {
        let outcome = Outcome::answer(text.status, text.headers, text.body.into_owned());
        if let Outcome::Answer(answer) = &outcome {
            (self.read)(answer)?;
        }
        Ok(outcome)
    }
}

/// An answer under way.
struct Text {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Cow<'static, str>,
}

impl Text {
    fn of(example: &ExampleAnswer) -> Self {
        Self { status: example.status, headers: example.headers.to_vec(), body: Cow::Borrowed(example.body) }
    }

    fn edit(&mut self, half: &Half, path: &str, what: Edit<'_>) -> Result<(), String> {
        let edited = edit(half.notation(), &self.body, path, what);
        self.body = Cow::Owned(edited.map_err(|problem| format!("{path}: {problem}"))?);
        Ok(())
    }
}

/// What one question is answered with.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) state: String,
    pub(super) failure: Option<(String, String)>,
    pub(super) progress: Option<String>,
    pub(super) example: Option<ExampleAnswer>,
}

impl Scene {
    pub(super) fn of(state: impl Into<String>) -> Self {
        Self { state: state.into(), failure: None, progress: None, example: None }
    }
}

impl JobScript {
    /// The answer to the submit, and the id by which the job is asked for.
    pub(super) fn submit_answer(&self) -> Result<(Outcome, Option<String>), String> {
        if self.submit.info.job.is_none_or(|job| job.query.is_none()) {
            return Err("no operation tells its state".to_owned());
        }
        let chosen = self.submitted.as_ref().map(Text::of);
        let path = match self.job.id {
            JobIdInfo::Given(_) => {
                let text = chosen.or_else(|| self.submit.find(|_| true)).unwrap_or_else(|| self.submit.blank());
                return Ok((self.submit.outcome(text)?, self.id.clone()));
            }
            JobIdInfo::Answered(path) => path,
        };
        let ids = |text: &Text| self.submit.values(&text.body, path);
        let mut text = match chosen.or_else(|| self.submit.find(|text| !ids(text).is_empty())) {
            Some(text) => text,
            // The submit answers as the query does, where the id stands at the same place.
            None if self.answers_alike() => self.running_text()?,
            None => self.submit.blank(),
        };
        let id = self.id.clone().unwrap_or_else(|| ids(&text).first().map_or("scripted".to_owned(), |id| unmasked(id)));
        text.edit(&self.submit, path, Edit::KeepFirst)?;
        text.edit(&self.submit, path, Edit::Set(&id))?;
        Ok((self.submit.outcome(text)?, Some(id)))
    }

    fn running_text(&self) -> Result<Text, String> {
        let state = self.job.running.first().copied().unwrap_or_default();
        self.query_text(&Scene::of(state), None)
    }

    pub(super) fn query_answer(&self, scene: &Scene, id: Option<&str>) -> Result<Outcome, String> {
        self.query.outcome(self.query_text(scene, id)?)
    }

    fn query_text(&self, scene: &Scene, id: Option<&str>) -> Result<Text, String> {
        let (query, places) = (&self.query, &self.places);
        let mut text = self.base(scene);
        if let Some(item) = places.item {
            text.edit(query, item, Edit::KeepFirst)?;
        }
        for path in places.item.into_iter().chain(self.own_id_paths(&text)) {
            if let Some(id) = id {
                text.edit(query, path, Edit::Set(id))?;
            }
        }
        text.edit(query, places.state, Edit::Set(&scene.state))?;
        let (code, message) =
            scene.failure.as_ref().map_or((None, None), |(code, message)| (Some(code), Some(message)));
        let is_done = self.job.done.contains(&scene.state.as_str());
        for (path, value, may_stay) in [
            (self.job.error_code, code, false),
            (self.job.error_message, message, false),
            (self.job.progress, scene.progress.as_ref(), is_done),
        ] {
            match (path, value) {
                (Some(path), Some(value)) => text.edit(query, path, Edit::Set(value))?,
                (Some(path), None) if !may_stay => text.edit(query, path, Edit::Remove)?,
                _ => {}
            }
        }
        Ok(text)
    }

    /// The documented answer to begin with: one of that state before any other. Where the submit answers as the query does,
    /// its own answers go first, for they are about this kind of job.
    fn base(&self, scene: &Scene) -> Text {
        if let Some(example) = &scene.example {
            return Text::of(example);
        }
        let states = |text: &Text| self.query.values(&text.body, self.places.state);
        let find = |half: &Half| {
            let of_state = half.find(|text| states(text).contains(&scene.state));
            of_state.or_else(|| half.find(|text| !states(text).is_empty()))
        };
        let own = if self.answers_alike() { find(&self.submit) } else { None };
        let asked = own.or_else(|| find(&self.query)).or_else(|| self.query.find(|_| true));
        asked.unwrap_or_else(|| self.query.blank())
    }

    /// Whether the submit and the query have the job's id at the same place, and so the rest.
    fn answers_alike(&self) -> bool {
        matches!(self.job.id, JobIdInfo::Answered(path) if self.places.item == Some(path))
    }

    /// Where an answer about one job alone repeats its id: no fact says so, but the name is that of the submit or the query.
    fn own_id_paths(&self, text: &Text) -> Vec<&'static str> {
        if self.places.item.is_some() {
            return Vec::new();
        }
        let submitted = match self.job.id {
            JobIdInfo::Answered(path) | JobIdInfo::Given(path) => path.rsplit('.').next().unwrap_or_default(),
        };
        let names = [self.places.id, submitted].into_iter();
        names.filter(|name| !self.query.values(&text.body, name).is_empty()).collect()
    }
}

/// Vendors mask ids in their documents, and our own rules refuse to ask for a masked one.
fn unmasked(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    let mut rest = id;
    while let Some(first) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(first).len();
        let is_masked = first == '*' || (first == 'x' && run > 2);
        out.push_str(&if is_masked { "0".repeat(run) } else { rest[..run].to_owned() });
        rest = &rest[run..];
    }
    out
}
