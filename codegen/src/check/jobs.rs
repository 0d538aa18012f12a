//! `[job]`: what becomes of what an operation starts.

use std::collections::HashMap;

use super::draft::{Draft, describe};
use super::leaves::{is_own_field, is_plain};
use super::literals::integer_range;
use super::paths::Resolved;
use super::rules::resolve;
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::model::{
    Effect, Field, FieldPath, FieldType, Job, JobAction, JobId, JobQuery, Operation, Service, Step, TypeId, TypeKind,
};
use crate::spec::job;

/// Lowers the job of every operation that starts one, and the tokens of those that know one.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(spec) = draft.operations.get(index).map(|origin| origin.spec) else { continue };
        let Some(operation) = draft.service.operations.get(index) else { continue };
        let ends = Ends { draft, request: operation.request, response: operation.response };
        let job = spec.job.as_ref().and_then(|job| lower_job(&ends, job, sink));
        let token = spec.idempotency_token.as_ref().and_then(|token| lower_token(&ends, operation, token, sink));
        if let Some(operation) = draft.service.operations.get_mut(index) {
            (operation.job, operation.idempotency_token) = (job, token);
        }
    }
}

/// The records of the operation that starts the job.
struct Ends<'a> {
    draft: &'a Draft<'a>,
    request: TypeId,
    response: TypeId,
}

fn lower_token(ends: &Ends<'_>, operation: &Operation, token: &Spanned<String>, sink: &mut Sink) -> Option<FieldPath> {
    if operation.effect == Effect::Read {
        sink.error("bad-job", token.span, "what only reads makes nothing twice, so it needs no token")
            .help("remove `idempotency-token`, or mend the `effect`");
    }
    path(ends.draft, ends.request, token, Kind::Token, sink).map(|resolved| resolved.path)
}

fn lower_job(ends: &Ends<'_>, spec: &job::Job, sink: &mut Sink) -> Option<Job> {
    let draft = ends.draft;
    let id = lower_id(ends, spec, sink);
    let query = spec.query.as_ref().map(|query| lower_query(ends, query, sink));
    let mut action = |action| lower_action(ends, action, sink);
    let cancel = spec.cancel.as_ref().map(&mut action);
    let actions: Vec<_> =
        spec.actions.iter().map(|(name, spec)| action(spec).map(|action| (name.value.clone(), action))).collect();
    for (name, _) in &spec.actions {
        action_name(name, sink);
    }
    states(spec, sink);
    if let Some(Some((_, state))) = &query {
        listed_states(&draft.service, spec, state, sink);
    }
    // What stands in the answer of the query.
    let told = query
        .as_ref()
        .and_then(Option::as_ref)
        .and_then(|(query, _)| draft.service.operations.get(query.operation).map(|operation| operation.response));
    let state = query.as_ref().and_then(Option::as_ref).map(|(_, state)| state.path.clone());
    let mut of_query = |key: &str, text: &Option<Spanned<String>>, kind| {
        let text = text.as_ref()?;
        if spec.query.is_none() {
            let message = format!("{} stands in the answer of the query, and there is no `query`", quote(key));
            sink.error("bad-job", text.span, message).help("add `query`, or remove the key");
        }
        let found = told.and_then(|told| path(draft, told, text, kind, sink))?;
        if kind != Kind::Any && found.has_each() && state.as_ref().is_some_and(|state| !beside(&found.path, state)) {
            let message = format!("{} and the state do not stand in the items of one list", quote(&text.value));
            sink.error("bad-job", text.span, message)
                .help("name two fields of one item: `JobList[].Code` beside `JobList[].Status`");
        }
        Some(found.path)
    };
    let failure = spec.error.as_ref();
    let error_code = of_query("error.code", &failure.and_then(|error| error.code.clone()), Kind::Text);
    let error_message = of_query("error.message", &failure.and_then(|error| error.message.clone()), Kind::Text);
    let progress = of_query("progress", &spec.progress, Kind::Number);
    let result = of_query("result", &spec.result, Kind::Any);
    let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
    Some(Job {
        what: spec.what.as_ref().map_or("job", |what| what.value.trim()).to_owned(),
        id: id?,
        query: match query {
            Some(query) => Some(query?.0),
            None => None,
        },
        cancel: match cancel {
            Some(cancel) => Some(cancel?),
            None => None,
        },
        actions: actions.into_iter().collect::<Option<_>>()?,
        running: texts(&spec.running),
        resting: texts(&spec.resting),
        done: texts(&spec.done),
        failed: texts(&spec.failed),
        error_code,
        error_message,
        progress,
        result,
        kept_days: spec.kept_days.as_ref().map(|days| days.value),
    })
}

fn lower_id(ends: &Ends<'_>, spec: &job::Job, sink: &mut Sink) -> Option<JobId> {
    // What asks for a state takes a text.
    let kind = if spec.query.is_some() { Kind::Text } else { Kind::Id };
    match (&spec.id, &spec.given_id) {
        (Some(id), Some(given)) => {
            sink.error("bad-job", given.span, "the id is said to stand in the answer and in the request")
                .label(id.span, "in the answer")
                .help("keep the one that the query is asked with");
            None
        }
        (Some(id), None) => path(ends.draft, ends.response, id, kind, sink).map(|id| JobId::Answered(id.path)),
        (None, Some(id)) => path(ends.draft, ends.request, id, kind, sink).map(|id| JobId::Given(id.path)),
        (None, None) => None,
    }
}

fn lower_query(ends: &Ends<'_>, spec: &job::Query, sink: &mut Sink) -> Option<(JobQuery, Resolved)> {
    let draft = ends.draft;
    let index = find(&draft.service, &spec.operation, sink)?;
    let operation = draft.service.operations.get(index)?;
    let id = path(draft, operation.request, &spec.id, Kind::TextOrMany, sink);
    if let Some(id) = &id
        && !is_own_field(&id.path)
    {
        let message =
            format!("{} is no field of the request of {} itself", quote(&spec.id.value), quote(&operation.name));
        sink.error("bad-job", spec.id.span, message).help("name one, without `[]`");
    }
    let state = path(draft, operation.response, &spec.state, Kind::State, sink);
    let item = spec.item.as_ref().and_then(|item| path(draft, operation.response, item, Kind::Text, sink));
    if let (Some(item), Some(state), Some(spec)) = (&item, &state, &spec.item)
        && !beside(&item.path, &state.path)
    {
        sink.error("bad-job", spec.span, "the id and the state do not stand in the items of one list")
            .help("name two fields of one item: `JobList[].Id` beside `JobList[].Status`");
    }
    let with = along(ends, operation, &spec.with, sink);
    if id.is_some() {
        whole(ends, operation, spec, sink);
    }
    let state = state?;
    let query =
        JobQuery { operation: index, id: id?.path, state: state.path.clone(), item: item.map(|item| item.path), with };
    Some((query, state))
}

fn lower_action(ends: &Ends<'_>, spec: &job::Action, sink: &mut Sink) -> Option<JobAction> {
    let draft = ends.draft;
    let index = find(&draft.service, &spec.operation, sink)?;
    let operation = draft.service.operations.get(index)?;
    let id = path(draft, operation.request, &spec.id, Kind::IdOrMany, sink);
    let with = along(ends, operation, &spec.with, sink);
    let from = spec.from.iter().map(|state| state.value.clone()).collect();
    Some(JobAction { operation: index, id: id?.path, from, with })
}

/// Whether two paths go into the items of one list, and into no other.
fn beside(a: &FieldPath, b: &FieldPath) -> bool {
    let list = |path: &FieldPath| {
        let last = path.steps.iter().rposition(|step| matches!(step, Step::Field { each: true, .. }));
        last.map(|last| path.steps.iter().take(last + 1).cloned().collect::<Vec<_>>())
    };
    list(a).is_some() && list(a) == list(b)
}

/// The id and what goes along are all that the query needs.
fn whole(ends: &Ends<'_>, operation: &Operation, spec: &job::Query, sink: &mut Sink) {
    let given: Vec<&str> = spec.with.iter().chain([&spec.id]).map(|name| name.value.as_str()).collect();
    let needs = |field: &&Field| field.required && field.constant.is_none() && !given.contains(&field.wire.as_str());
    for (field, _) in ends.draft.fields(operation.request).filter(|(field, _)| needs(field)) {
        let message = format!("{} needs {}, and nothing gives it", quote(&operation.name), quote(&field.wire));
        sink.error("job-query", spec.operation.span, message)
            .help("name it in `with`; the request that starts the job has to have it too");
    }
}

/// Fields of the same name in both requests.
fn along(ends: &Ends<'_>, other: &Operation, names: &[Spanned<String>], sink: &mut Sink) -> Vec<String> {
    let service = &ends.draft.service;
    let field = |record: TypeId, name: &str| {
        service.record(record).and_then(|record| record.fields.iter().find(|field| field.wire == name))
    };
    for name in names {
        let (ours, theirs) = (field(ends.request, &name.value), field(other.request, &name.value));
        let problem = match (ours, theirs) {
            (None, _) => "this operation has no request field of that name".to_owned(),
            (_, None) => format!("{} has no request field of that name", quote(&other.name)),
            (Some(ours), Some(theirs)) if ours.ty != theirs.ty => {
                format!("it is {} here and {} there", describe(service, &ours.ty), describe(service, &theirs.ty))
            }
            (Some(ours), Some(theirs)) if ours.constant.is_some() || theirs.constant.is_some() => {
                "it has a `const`, so there is nothing to give".to_owned()
            }
            (Some(ours), Some(theirs)) if !ours.required && theirs.required => {
                "it may be left out here and is required there".to_owned()
            }
            (Some(ours), Some(theirs)) if held(ours) != held(theirs) => {
                "`secret`, `allow-empty` and `keep-empty` are not the same in both".to_owned()
            }
            _ => continue,
        };
        sink.error("bad-job", name.span, format!("{} can't go along: {problem}", quote(&name.value)))
            .help("name a field that both requests have");
    }
    names.iter().map(|name| name.value.clone()).collect()
}

/// What the Rust type of a field depends on, besides its type in the spec.
fn held(field: &Field) -> (bool, bool, bool) {
    (field.secret, field.allow_empty.is_some(), field.keep_empty)
}

fn action_name(name: &Spanned<String>, sink: &mut Sink) {
    if name.value.is_empty() || !name.value.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        sink.error("bad-job", name.span, format!("{} is no name for an action", quote(&name.value)))
            .help("use a word in lower case, e.g. `delete`");
    }
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
    Text,
    TextOrMany,
    Number,
    State,
    Token,
    Any,
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
        Kind::Text => (resolved.ty == FieldType::String, "a text"),
        Kind::TextOrMany => {
            let many = matches!(&resolved.ty, FieldType::List(item) if **item == FieldType::String);
            (resolved.ty == FieldType::String || many, "a text or a list of texts")
        }
        Kind::Number => (integer_range(&resolved.ty).is_some(), "a whole number"),
        Kind::State => (is_state(&draft.service, &resolved.ty), "a `string` or an enum"),
        Kind::Token => (resolved.ty == FieldType::String, "a text"),
        Kind::Any => (true, ""),
    };
    if fits {
        let is_used = !matches!(kind, Kind::Any | Kind::Token);
        return (!is_used || is_plain(&draft.service, &resolved.path, "bad-job", path.span, sink)).then_some(resolved);
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

fn all_states(spec: &job::Job) -> impl Iterator<Item = &Spanned<String>> {
    spec.running.iter().chain(&spec.resting).chain(&spec.done).chain(&spec.failed)
}

/// Every state stands in one list, and in one only.
fn states(spec: &job::Job, sink: &mut Sink) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for state in all_states(spec) {
        if let Some(first) = first.get(state.value.as_str()) {
            sink.error("job-states", state.span, format!("the state {} is listed twice", quote(&state.value)))
                .label(*first, "first listed here")
                .help("a state is one of `running`, `resting`, `done` and `failed`");
        } else {
            first.insert(&state.value, state.span);
        }
    }
    let actions = spec.actions.iter().map(|(_, action)| action);
    for state in spec.cancel.iter().chain(actions).flat_map(|action| &action.from) {
        if !first.contains_key(state.value.as_str()) {
            let message = format!("{} is in none of the lists of states", quote(&state.value));
            let mut known: Vec<&str> = first.keys().copied().collect();
            known.sort_unstable();
            sink.error("job-states", state.span, message).maybe_help(suggest(&state.value, "states", known));
        }
    }
}

/// Where the state is an enum, its values are the states.
fn listed_states(service: &Service, spec: &job::Job, state: &Resolved, sink: &mut Sink) {
    let FieldType::Named(id) = &state.ty else { return };
    let TypeKind::Enum(list) = &service.ty(*id).kind else { return };
    for state in all_states(spec) {
        if !list.values.iter().any(|value| value.wire == state.value) {
            let message = format!("{} is no value of {}", quote(&state.value), quote(&service.ty(*id).name));
            let wires = list.values.iter().map(|value| value.wire.as_str());
            sink.error("job-states", state.span, message).maybe_help(suggest(&state.value, "values", wires));
        }
    }
}
