//! Keys that go with some fields only.

use super::draft::{Draft, FieldOrigin, Role, describe};
use super::operations::ignored_alone;
use crate::diagnostic::{Sink, Span, quote};
use crate::model::{Field, FieldType, Location, Service, TypeId, TypeKind};
use crate::spec::types::Kind;

/// Looks at the keys of every field.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        for (field, origin) in draft.fields(id) {
            if origin.known {
                by_type(draft, field, origin, sink);
            }
            contradictions(origin, sink);
        }
        match draft.origin(id).role {
            Role::Declared(ty) => {
                if let Kind::Record(record) = &ty.kind {
                    record.fields.iter().for_each(|field| ignored_alone(field, sink));
                    unknown_of_requests(draft, id, record.keep_unknown, sink);
                }
            }
            Role::Response(operation) => {
                if let (Some(span), Some((_, origin))) = (operation.empty_response, draft.fields(id).next()) {
                    sink.error("empty-response-fields", span, "the answer is said to be empty, and has fields")
                        .label(origin.spec.wire.span, "e.g. this one")
                        .help("remove `empty-response` or the fields");
                }
            }
            Role::Request(_) | Role::Message(_) => {}
        }
    }
}

/// Members are kept of what a service says; what a caller says is what is listed.
fn unknown_of_requests(draft: &Draft<'_>, id: TypeId, keep_unknown: Option<Span>, sink: &mut Sink) {
    let ty = draft.service.ty(id);
    if let Some(span) = keep_unknown.filter(|_| ty.in_requests) {
        let message =
            format!("`keep-unknown` is for what a service answers, and requests carry {} too", quote(&ty.name));
        sink.error("keep-unknown-misused", span, message)
            .help("remove it, or extend the record for answers and keep them there");
    }
}

fn by_type(draft: &Draft<'_>, field: &Field, origin: FieldOrigin<'_>, sink: &mut Sink) {
    let spec = origin.spec;
    let leaf = innermost(&field.ty);
    let number = is_number(leaf);
    let keys: [(&'static str, &str, Option<Span>, bool, &str); 5] = [
        (
            "notation-misused",
            "notation",
            spec.notation.as_ref().map(|s| s.span),
            matches!(leaf, FieldType::Time(_)),
            "times",
        ),
        ("secret-misused", "secret", spec.secret, *leaf == FieldType::String, "texts"),
        (
            "keep-empty-misused",
            "keep-empty",
            spec.keep_empty,
            matches!(field.ty, FieldType::List(_) | FieldType::Map(_)),
            "lists and maps",
        ),
        (
            "allow-empty-misused",
            "allow-empty",
            spec.allow_empty.as_ref().map(|s| s.span),
            may_be_empty(&draft.service, &field.ty),
            "numbers and enums",
        ),
        ("unit-misused", "unit", spec.unit.as_ref().map(|s| s.span), number, "numbers"),
    ];
    for (code, key, span, fits, wanted) in keys {
        if let Some(span) = span.filter(|_| !fits) {
            let is = describe(&draft.service, &field.ty);
            sink.error(code, span, format!("{} is for {wanted}, and field {} is {is}", quote(key), quote(&field.wire)))
                .help(help(key, &field.ty));
        }
    }
    if let (Some(text), Some(Location::Path)) = (&spec.allow_empty, field.location) {
        let message = format!("field {} travels in the path, where an empty one is none", quote(&field.wire));
        sink.error("allow-empty-misused", text.span, message).help("remove `allow-empty`");
    }
}

fn help(key: &str, ty: &FieldType) -> &'static str {
    match (key, ty) {
        ("allow-empty", FieldType::String | FieldType::JsonText) => {
            "remove it: a text may be empty unless it is `required` or constrained"
        }
        ("allow-empty", FieldType::List(_) | FieldType::Map(_)) => "use `keep-empty = true`",
        _ => "remove it",
    }
}

/// Whether an empty one is no value of the type itself, and can be told from it.
fn may_be_empty(service: &Service, ty: &FieldType) -> bool {
    match ty {
        FieldType::Named(id) => matches!(service.ty(*id).kind, TypeKind::Enum(_)),
        ty => is_number(ty),
    }
}

fn is_number(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Int32
            | FieldType::Int64
            | FieldType::Uint32
            | FieldType::Uint64
            | FieldType::Float32
            | FieldType::Float64
    )
}

fn innermost(ty: &FieldType) -> &FieldType {
    match ty {
        FieldType::List(item) | FieldType::Map(item) => innermost(item),
        ty => ty,
    }
}

fn contradictions(origin: FieldOrigin<'_>, sink: &mut Sink) {
    let spec = origin.spec;
    let name = quote(&spec.wire.value);
    if let (Some(required), Some(default)) = (spec.required, &spec.default) {
        sink.error(
            "required-and-default",
            default.span,
            format!("field {name} is required, so its default is never taken"),
        )
        .label(required, "required here")
        .help("remove one of the two");
    }
    if let Some(constant) = &spec.constant {
        let others = [
            ("required", spec.required),
            ("default", spec.default.as_ref().map(|value| value.span)),
            ("example", spec.example.as_ref().map(|value| value.span)),
            ("deprecated", spec.deprecated.as_ref().map(|text| text.span)),
            ("allow-empty", spec.allow_empty.as_ref().map(|text| text.span)),
        ];
        for (key, span) in others {
            let Some(span) = span else { continue };
            sink.error("const-and-key", span, format!("field {name} has a `const`, so {} says nothing", quote(key)))
                .label(constant.span, "always this value")
                .help(format!("remove {}", quote(key)));
        }
    }
    if let Some(severity) = &spec.severity {
        let constrained = !spec.constraints.keys().is_empty() || spec.items.is_some();
        if !constrained {
            sink.error(
                "severity-misused",
                severity.span,
                format!("field {name} has no constraint whose severity could matter"),
            )
            .help("remove `severity`");
        }
    }
}
