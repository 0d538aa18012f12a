//! Where each field of a request travels.

use super::draft::{Draft, Role};
use crate::diagnostic::{Sink, Span, quote};
use crate::model::{FieldType, Location, Protocol, TypeId, TypeKind};
use crate::spec::field::Field;

/// Gives every field of a request its location and reports those that can't be had.
pub(crate) fn assign(draft: &mut Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        match draft.origin(id).role {
            Role::Request(operation) => {
                let standard = operation.request_in.as_ref().map(|location| location.value);
                let specs: Vec<&Field> = draft.origin(id).fields.iter().map(|origin| origin.spec).collect();
                for (index, spec) in specs.into_iter().enumerate() {
                    let location = spec.location.as_ref().map(|location| location.value).or(standard);
                    if location.is_none() {
                        let message = format!("it is not said where field {} travels", quote(&spec.wire.value));
                        let help = "add `in`, or `request-in` for all fields of the operation";
                        sink.error("location-missing", spec.wire.span, message).help(help);
                    }
                    set(draft, id, index, location);
                }
                let method = operation.method.as_ref().map(|method| (method.value, method.span));
                let standard = operation.request_in.as_ref().map(|location| location.span);
                allowed(draft, id, method, standard, sink);
            }
            Role::Response(_) | Role::Declared(_) => no_location(draft, id, sink),
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

/// What a protocol and a method have no place for.
fn allowed(draft: &Draft<'_>, id: TypeId, method: Option<(&str, Span)>, standard: Option<Span>, sink: &mut Sink) {
    let rpc = draft.service.protocol == Protocol::Rpc;
    for (field, origin) in draft.fields(id) {
        let span =
            origin.spec.location.as_ref().map(|location| location.span).or(standard).unwrap_or(origin.spec.wire.span);
        let what = format!("field {}", quote(&field.wire));
        match field.location {
            Some(Location::Form) if !rpc => {
                sink.error(
                    "location-protocol",
                    span,
                    format!("{what} travels in a form, which only the protocol `rpc` has"),
                )
                .help("use `in = \"body\"`");
            }
            Some(location @ (Location::Body | Location::Path)) if rpc => {
                let place = if location == Location::Body { "body" } else { "path" };
                sink.error(
                    "location-protocol",
                    span,
                    format!("{what} travels in the {place}, which the protocol `rpc` has no place for"),
                )
                .help("use `in = \"query\"` or `in = \"form\"`");
            }
            Some(Location::Body | Location::Form) => {
                if let Some((method @ ("GET" | "HEAD"), method_span)) = method {
                    sink.error(
                        "location-misused",
                        span,
                        format!("{what} travels in the body, and `{method}` has none"),
                    )
                    .label(method_span, "the method")
                    .help("use `in = \"query\"`, or another method");
                }
            }
            _ => {}
        }
        if field.location == Some(Location::Header) {
            super::service::header_name(&origin.spec.wire, sink);
        }
    }
}

/// `in` is for requests, and for records that only requests extend.
fn no_location(draft: &mut Draft<'_>, id: TypeId, sink: &mut Sink) {
    let what = match draft.origin(id).role {
        Role::Response(_) => "an answer",
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
