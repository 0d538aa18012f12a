//! `[job]`: what becomes of a submitted job.

use std::collections::HashMap;

use super::draft::{Draft, describe};
use super::literals::integer_range;
use super::paths::Resolved;
use super::rules::resolve;
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::model::{FieldPath, FieldType, Job, Service, TypeId, TypeKind};
use crate::spec::operation;

/// Lowers the job of every operation that submits one.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(spec) = draft.operations.get(index).and_then(|origin| origin.spec.job.as_ref()) else { continue };
        let Some(response) = draft.service.operations.get(index).map(|operation| operation.response) else { continue };
        let job = lower_job(draft, response, spec, sink);
        if let Some(operation) = draft.service.operations.get_mut(index) {
            operation.job = job;
        }
    }
}

fn lower_job(draft: &Draft<'_>, response: TypeId, spec: &operation::Job, sink: &mut Sink) -> Option<Job> {
    let id = path(draft, response, &spec.id, Kind::Id, sink);
    let query = spec.query.as_ref().and_then(|query| lower_query(draft, query, sink));
    let cancel = spec.cancel.as_ref().map(|cancel| lower_cancel(draft, cancel, sink));
    states(spec, sink);
    if let Some(query) = &query {
        listed_states(&draft.service, spec, &query.2, sink);
    }
    let (query, query_id, state) = query?;
    let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
    Some(Job {
        id: id?.path,
        query,
        query_id,
        query_state: state.path,
        cancel: match cancel {
            Some(cancel) => Some(cancel?),
            None => None,
        },
        cancel_from: spec.cancel.as_ref().map(|cancel| texts(&cancel.from)).unwrap_or_default(),
        running: texts(&spec.running),
        done: texts(&spec.done),
        failed: texts(&spec.failed),
    })
}

fn lower_query(draft: &Draft<'_>, spec: &operation::Query, sink: &mut Sink) -> Option<(usize, FieldPath, Resolved)> {
    let index = find(&draft.service, &spec.operation, sink)?;
    let operation = draft.service.operations.get(index)?;
    let id = path(draft, operation.request, &spec.id, Kind::IdOrMany, sink);
    let state = path(draft, operation.response, &spec.state, Kind::State, sink);
    Some((index, id?.path, state?))
}

fn lower_cancel(draft: &Draft<'_>, spec: &operation::Cancel, sink: &mut Sink) -> Option<(usize, FieldPath)> {
    let index = find(&draft.service, &spec.operation, sink)?;
    let operation = draft.service.operations.get(index)?;
    let id = path(draft, operation.request, &spec.id, Kind::IdOrMany, sink)?;
    Some((index, id.path))
}

fn find(service: &Service, name: &Spanned<String>, sink: &mut Sink) -> Option<usize> {
    if name.value.is_empty() {
        return None;
    }
    let index = service.operations.iter().position(|operation| operation.name == name.value);
    if index.is_none() {
        let names = service.operations.iter().map(|operation| operation.name.as_str());
        let message = format!("the service has no operation {}", quote(&name.value));
        sink.error("job-operation", name.span, message).maybe_help(suggest(&name.value, "operations", names));
    }
    index
}

/// What a field of the job has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    IdOrMany,
    State,
}

fn path(draft: &Draft<'_>, from: TypeId, path: &Spanned<String>, kind: Kind, sink: &mut Sink) -> Option<Resolved> {
    if path.value.is_empty() {
        return None;
    }
    let resolved = resolve(draft, from, path, sink)?;
    if !draft.knows(&resolved.path.steps) {
        return None;
    }
    let is_id = |ty: &FieldType| *ty == FieldType::String || integer_range(ty).is_some();
    let (fits, expected) = match kind {
        Kind::Id => (is_id(&resolved.ty), "a text or a whole number"),
        Kind::IdOrMany => {
            let many = matches!(&resolved.ty, FieldType::List(item) if is_id(item));
            (is_id(&resolved.ty) || many, "a text, a whole number or a list of them")
        }
        Kind::State => (is_state(&draft.service, &resolved.ty), "a `string` or an enum"),
    };
    if fits {
        return Some(resolved);
    }
    let found = describe(&draft.service, &resolved.ty);
    sink.error("bad-job", path.span, format!("{} is {found}, and this has to be {expected}", quote(&path.value)))
        .help("name another field, or mend its type");
    None
}

fn is_state(service: &Service, ty: &FieldType) -> bool {
    match ty {
        FieldType::Named(id) => matches!(service.ty(*id).kind, TypeKind::Enum(_)),
        ty => *ty == FieldType::String,
    }
}

/// Every state stands in one list, and in one only.
fn states(spec: &operation::Job, sink: &mut Sink) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for state in spec.running.iter().chain(&spec.done).chain(&spec.failed) {
        if let Some(first) = first.get(state.value.as_str()) {
            sink.error("job-states", state.span, format!("the state {} is listed twice", quote(&state.value)))
                .label(*first, "first listed here")
                .help("a state is one of `running`, `done` and `failed`");
        } else {
            first.insert(&state.value, state.span);
        }
    }
    for state in spec.cancel.iter().flat_map(|cancel| &cancel.from) {
        if !first.contains_key(state.value.as_str()) {
            let message = format!("{} is in none of the lists of states", quote(&state.value));
            let mut known: Vec<&str> = first.keys().copied().collect();
            known.sort_unstable();
            sink.error("job-states", state.span, message).maybe_help(suggest(&state.value, "states", known));
        }
    }
}

/// Where the state is an enum, its values are the states.
fn listed_states(service: &Service, spec: &operation::Job, state: &Resolved, sink: &mut Sink) {
    let FieldType::Named(id) = &state.ty else { return };
    let TypeKind::Enum(list) = &service.ty(*id).kind else { return };
    for state in spec.running.iter().chain(&spec.done).chain(&spec.failed) {
        if !list.values.iter().any(|value| value.wire == state.value) {
            let message = format!("{} is no value of {}", quote(&state.value), quote(&service.ty(*id).name));
            let wires = list.values.iter().map(|value| value.wire.as_str());
            sink.error("job-states", state.span, message).maybe_help(suggest(&state.value, "values", wires));
        }
    }
}
