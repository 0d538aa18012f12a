//! A thing as it is at a time: its members, and what of a documented answer does not apply to it.

use std::sync::Arc;

use mediajobs_runtime::facts::JobInfo;
use mediajobs_runtime::server::ResourceInfo;
use serde_json::{Map, Value};

use super::catalog::Maker;
use super::examples::field_at;
use super::life::{self, Phase};
use super::paths;
use crate::store::{Millis, Thing};

/// The member with the region in which a thing was made: no field has such a name.
pub(crate) const REGION: &str = "{region}";

/// The member with what another one was written as: no field has such a name.
pub(crate) fn written_name(member: &str) -> String {
    format!("{{written}}{member}")
}

/// A thing as it is at a time.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// Its members; times are not among them.
    pub(crate) members: Map<String, Value>,
    /// Members that are times.
    times: Vec<(&'static str, Option<Millis>)>,
    /// Members that it does not have now, whatever the documented answer shows.
    hidden: Vec<String>,
    /// Whether it is a job that has not ended well: nothing has come of it, so no record of a documented answer is borrowed for it.
    pub(crate) is_without_result: bool,
    /// The member with what came of it, where something did.
    pub(crate) result: Option<&'static str>,
    /// What requests that make such things can say: what the one that made this did not say is not so.
    makers: Arc<[Maker]>,
    /// The operation that made it.
    pub(crate) made_by: Option<String>,
    /// The values of the key's members.
    pub(crate) key: Vec<String>,
    /// Its place in the order of making.
    pub(crate) number: u64,
}

/// What is known of a job's facts, by the members of the resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobMembers<'j> {
    /// The facts.
    pub(crate) job: &'static JobInfo,
    /// The path in the answer where the record stands.
    pub(crate) record: &'j str,
    /// Paths below it whose value is a member of another name.
    pub(crate) gives: &'j [(&'static str, &'static str)],
}

impl JobMembers<'_> {
    /// The member at a path of the query's answer.
    fn member(&self, path: &'static str) -> &'static str {
        let inside = match path.strip_prefix(self.record) {
            Some(inside) => inside.trim_start_matches('.'),
            None => path,
        };
        self.gives.iter().find(|(given, _)| *given == inside).map_or(inside, |(_, member)| *member)
    }
}

impl View {
    /// A thing as it is.
    pub(crate) fn of(
        thing: &Thing,
        resource: &'static ResourceInfo,
        job: Option<JobMembers<'_>>,
        makers: Arc<[Maker]>,
        now: Millis,
    ) -> Self {
        let mut view = Self {
            members: thing.members.clone(),
            times: Vec::new(),
            hidden: Vec::new(),
            is_without_result: false,
            result: None,
            makers,
            made_by: thing.made_by.clone(),
            key: thing.key.clone(),
            number: thing.number,
        };
        let phase = thing.life.as_ref().zip(job).map(|(life, job)| (life::phase(life, job.job, resource, now), job));
        let (started, ended) = match &phase {
            Some((phase, _)) => (phase.started, phase.ended),
            None => (Some(thing.created), Some(thing.created)),
        };
        if thing.made_by.is_some() {
            let updated = phase.as_ref().and_then(|(phase, _)| phase.ended.or(phase.started)).unwrap_or_default();
            let times = [
                (resource.created, Some(thing.created)),
                (resource.updated, Some(thing.updated.max(updated))),
                (resource.started, started),
                (resource.ended, ended),
            ];
            view.times = times.into_iter().filter_map(|(member, time)| Some((member?, time))).collect();
        } else if thing.updated > thing.created {
            view.times = resource.updated.map(|member| (member, Some(thing.updated))).into_iter().collect();
        }
        if let Some((phase, job)) = &phase {
            view.put(phase, *job, resource);
        }
        view
    }

    fn put(&mut self, phase: &Phase, job: JobMembers<'_>, resource: &ResourceInfo) {
        self.is_without_result = !phase.is_done;
        let place = |path: Option<&'static str>| path.map(|path| job.member(path));
        let facts = job.job;
        if let Some(state) = resource.state.or(place(facts.query.map(|query| query.state))) {
            paths::set(&mut self.members, state, Value::String(phase.state.clone()));
        }
        if let Some(progress) = place(facts.progress) {
            paths::set(&mut self.members, progress, Value::Number(phase.percent.into()));
        }
        let failure = phase.failure.as_ref();
        for (path, value) in [
            (facts.error_code, failure.map(|failure| &failure.code)),
            (facts.error_message, failure.map(|failure| &failure.message)),
        ] {
            match (place(path), value) {
                (Some(path), Some(value)) => paths::set(&mut self.members, path, Value::String(value.clone())),
                (Some(path), None) => self.hidden.push(path.to_owned()),
                (None, _) => {}
            }
        }
        match place(facts.result) {
            Some(result) if !phase.is_done => self.hidden.push(result.to_owned()),
            result => self.result = result,
        }
    }

    /// The same, as if nothing had come of it that could be told.
    pub(crate) fn without_result(mut self) -> Self {
        self.is_without_result = true;
        self.hidden.extend(self.result.take().map(str::to_owned));
        self
    }

    /// What a member was written as in the request, where that is JSON in a text.
    pub(crate) fn written(&self, member: &str) -> Option<&Value> {
        self.members.get(&written_name(member))
    }

    /// The value of a member, by its path.
    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        paths::first(&self.members, path)
    }

    /// The time of a member that is one: none within if it is not yet known.
    pub(crate) fn time(&self, path: &str) -> Option<Option<Millis>> {
        self.times.iter().find(|(member, _)| *member == path).map(|(_, time)| *time)
    }

    /// Whether what a documented answer shows of a member may be told of this thing.
    pub(crate) fn may_borrow(&self, path: &str) -> bool {
        let is_hidden = self.hidden.iter().any(|hidden| {
            path == hidden || path.strip_prefix(hidden.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        !is_hidden && !self.makers.iter().any(|maker| could_say(maker, path))
    }

    /// What the service took for a member that the request could say and did not.
    pub(crate) fn default(&self, path: &str) -> Option<&'static str> {
        let maker = self.makers.iter().find(|(entry, _)| self.made_by.as_deref() == Some(entry.info().name));
        let field = maker?.0.request().field(path)?;
        field.constant.or(field.default)
    }
}

/// Whether a request can say what the member at a path is.
fn could_say((entry, operation): &Maker, path: &str) -> bool {
    let is_taken = operation.takes.iter().any(|(from, member)| match path.strip_prefix(member) {
        Some("") => true,
        // Of a record that is taken, the request can say no more than it has fields for.
        Some(rest) => rest.starts_with('.') && field_at(entry.request(), &format!("{from}{rest}")).is_some(),
        None => false,
    });
    is_taken || operation.sets.iter().any(|(member, _)| *member == path) || field_at(entry.request(), path).is_some()
}
