//! Where each field of a request travels.

use super::draft::{Draft, Role};
use crate::diagnostic::{Sink, Span, all_of, quote};
use crate::model::{FieldType, Location, Protocol, TypeId, TypeKind};
use crate::spec::field::Field;

/// Gives every field of a request its location and reports those that can't be had.
pub(crate) fn assign(draft: &mut Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        match draft.origin(id).role {
            Role::Request(operation) => {
                let standard = operation.request_in.as_ref().map(|location| location.value);
                let specs: Vec<&Field> = draft.origin(id).fields.iter().map(|origin| origin.spec).collect();
                let mut lost: Vec<&Field> = Vec::new();
                for (index, spec) in specs.into_iter().enumerate() {
                    let location = spec.location.as_ref().map(|location| location.value).or(standard);
                    if location.is_none() {
                        lost.push(spec);
                    }
                    set(draft, id, index, location);
                }
                not_said(&lost, sink);
                let method = operation.method.as_ref().map(|method| (method.value, method.span));
                let standard = operation.request_in.as_ref().map(|location| location.span);
                allowed(draft, id, method, standard, sink);
            }
            Role::Response(_) | Role::Message(_) | Role::Declared(_) => no_location(draft, id, sink),
        }
    }
}

fn set(draft: &mut Draft<'_>, id: TypeId, index: usize, location: Option<Location>) {
    if let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind)
        && let Some(field) = record.fields.get_mut(index)
    {
        field.location = location;
    }
}

/// One message for all fields: what is missing is most likely one key.
fn not_said(fields: &[&Field], sink: &mut Sink) {
    let Some(first) = fields.first() else { return };
    let (fields, verb) = (named(fields.iter().map(|field| field.wire.value.as_str())), verb(fields.len()));
    sink.error("location-missing", first.wire.span, format!("it is not said where {fields} {verb}"))
        .help("add `in`, or `request-in` for all fields of the operation");
}

/// ``field `a` ``, or ``the 7 fields `a`, `b`, `c`, …``.
fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 5;
    let count = names.len();
    let shown: Vec<&str> = names.take(if count > MOST + 1 { MOST } else { count }).collect();
    match (count, shown.len()) {
        (1, _) => format!("field {}", all_of(shown)),
        (count, some) if some < count => {
            let shown: Vec<String> = shown.into_iter().map(quote).collect();
            format!("the {count} fields {}, …", shown.join(", "))
        }
        _ => format!("the fields {}", all_of(shown)),
    }
}

fn verb(fields: usize) -> &'static str {
    if fields == 1 { "travels" } else { "travel" }
}

/// What a field's place is in the way of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    FormWithoutRpc,
    BodyOfRpc,
    PathOfRpc,
    NoBody,
}

/// What a protocol and a method have no place for: one message for each place that says so.
fn allowed(draft: &Draft<'_>, id: TypeId, method: Option<(&str, Span)>, standard: Option<Span>, sink: &mut Sink) {
    let rpc = draft.service.protocol == Protocol::Rpc;
    let mut found: Vec<(Problem, Span, Vec<&str>)> = Vec::new();
    for (field, origin) in draft.fields(id) {
        let span =
            origin.spec.location.as_ref().map(|location| location.span).or(standard).unwrap_or(origin.spec.wire.span);
        let problem = match field.location {
            Some(Location::Form) if !rpc => Some(Problem::FormWithoutRpc),
            Some(Location::Body) if rpc => Some(Problem::BodyOfRpc),
            Some(Location::Path) if rpc => Some(Problem::PathOfRpc),
            Some(Location::Body | Location::Form) if method.is_some_and(|(method, _)| has_no_body(method)) => {
                Some(Problem::NoBody)
            }
            _ => None,
        };
        if let Some(problem) = problem {
            match found.iter_mut().find(|(other, place, _)| *other == problem && *place == span) {
                Some((_, _, fields)) => fields.push(&field.wire),
                None => found.push((problem, span, vec![&field.wire])),
            }
        }
        if field.location == Some(Location::Header) {
            super::service::header_name(&origin.spec.wire, sink);
        }
    }
    for (problem, span, fields) in found {
        let what = format!("{} {}", named(fields.iter().copied()), verb(fields.len()));
        match problem {
            Problem::FormWithoutRpc => sink
                .error("location-protocol", span, format!("{what} in a form, which only the protocol `rpc` has"))
                .help("use `in = \"body\"`"),
            Problem::BodyOfRpc | Problem::PathOfRpc => {
                let place = if problem == Problem::BodyOfRpc { "body" } else { "path" };
                let message = format!("{what} in the {place}, which the protocol `rpc` has no place for");
                sink.error("location-protocol", span, message).help("use `in = \"query\"` or `in = \"form\"`")
            }
            Problem::NoBody => {
                let (method, method_span) = method.unwrap_or(("the method", span));
                let message = format!("{what} in the body, and {} has none", quote(method));
                sink.error("location-misused", span, message)
                    .label(method_span, "the method")
                    .help("use `in = \"query\"`, or another method")
            }
        };
    }
}

fn has_no_body(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// `in` is for requests, and for records that only requests extend.
fn no_location(draft: &mut Draft<'_>, id: TypeId, sink: &mut Sink) {
    let what = match draft.origin(id).role {
        Role::Response(_) => "an answer",
        Role::Message(_) => "a message",
        _ if only_extended_by_requests(draft, id) => {
            forget(draft, id);
            return;
        }
        _ => "a record",
    };
    for (field, origin) in draft.fields(id) {
        if let Some(location) = &origin.spec.location {
            let message = format!("field {} is part of {what}, and travels where that does", quote(&field.wire));
            sink.error("location-misused", location.span, message).help("remove `in`");
        }
    }
    forget(draft, id);
}

fn forget(draft: &mut Draft<'_>, id: TypeId) {
    let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) else { return };
    record.fields.iter_mut().for_each(|field| field.location = None);
}

fn only_extended_by_requests(draft: &Draft<'_>, id: TypeId) -> bool {
    let name = &draft.service.ty(id).name;
    let mut extended = false;
    for other in draft.ids() {
        let origin = draft.origin(other);
        if origin.extends.iter().any(|base| base.value == *name) {
            if !matches!(origin.role, Role::Request(_)) {
                return false;
            }
            extended = true;
        }
        if draft.fields(other).any(|(field, _)| holds(&field.ty, id)) {
            return false;
        }
    }
    extended
}

fn holds(ty: &FieldType, id: TypeId) -> bool {
    match ty {
        FieldType::Named(named) => *named == id,
        FieldType::List(item) | FieldType::Map(item) => holds(item, id),
        _ => false,
    }
}
