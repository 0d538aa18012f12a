//! Gives every type of a service its id: shared types, the messages of callbacks, then each operation's request, answer
//! and own types.

use std::collections::HashMap;

use super::draft::{Draft, OperationOrigin, Role, TypeOrigin};
use super::names;
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{EnumType, EnumValue, Owner, Record, Type, TypeId, TypeKind, UnionType};
use crate::spec;
use crate::spec::types::Kind;

/// Declares all types; `shared` are the types of each shared file, `paths` the files' paths.
pub(crate) fn all<'a>(
    draft: &mut Draft<'a>,
    shared: &'a [(usize, spec::types::File)],
    paths: &[String],
    sink: &mut Sink,
) {
    let path = |file: usize| paths.get(file).cloned().unwrap_or_default();
    let mut first: HashMap<&str, Span> = HashMap::new();
    for (file, shared) in shared {
        for ty in &shared.types {
            if let Some(first) = first.get(ty.name.value.as_str()) {
                twice(&ty.name, *first, sink);
                continue;
            }
            first.insert(&ty.name.value, ty.name.span);
            let id = declare(draft, ty, Owner::Shared, path(*file), sink);
            draft.shared.insert(ty.name.value.clone(), id);
        }
    }
    for index in 0..draft.callbacks.len() {
        message(draft, index);
    }
    for index in 0..draft.operations.len() {
        let Some(OperationOrigin { spec: operation, file, .. }) = draft.operations.get(index) else { continue };
        let (operation, file) = (*operation, path(*file));
        endpoints(draft, operation, index, &file);
        for ty in &operation.types {
            // Names within one file are keys of one table, so they can't clash with each other.
            if let Some(first) = first.get(ty.name.value.as_str()) {
                twice(&ty.name, *first, sink);
                continue;
            }
            let id = declare(draft, ty, Owner::Operation(index), file.clone(), sink);
            if let Some(origin) = draft.operations.get_mut(index) {
                origin.types.insert(ty.name.value.clone(), id);
            }
        }
    }
}

fn twice(name: &Spanned<String>, first: Span, sink: &mut Sink) {
    sink.error("type-twice", name.span, format!("the type {} is declared twice", quote(&name.value)))
        .label(first, "first declared here")
        .help("use the first one, or give one of them another name");
}

/// The record of a callback's body.
fn message(draft: &mut Draft<'_>, index: usize) {
    let Some((callback, origin)) = draft.service.callbacks.get(index).zip(draft.callbacks.get(index)) else { return };
    let spec = origin.spec;
    let ty = Type {
        name: callback.rust.clone(),
        doc: spec.summary.value.clone(),
        source: Some(spec.source.value.clone()),
        owner: Owner::Callback(index),
        in_requests: false,
        in_responses: false,
        file: callback.file.clone(),
        kind: TypeKind::Record(Record::default()),
    };
    let span = if spec.name.value.is_empty() { spec.span } else { spec.name.span };
    let id = push(draft, ty, span, Role::Message(spec), spec.message_extends.iter().collect());
    if let Some(callback) = draft.service.callbacks.get_mut(index) {
        callback.message = id;
    }
}

/// The records of an operation's request and answer.
fn endpoints<'a>(draft: &mut Draft<'a>, spec: &'a spec::operation::Operation, index: usize, file: &str) {
    let Some(operation) = draft.service.operations.get(index) else { return };
    let (rust, name) = (operation.rust.clone(), operation.name.clone());
    let request = Type {
        name: rust.clone(),
        doc: spec.summary.value.clone(),
        source: Some(spec.source.value.clone()),
        owner: Owner::Operation(index),
        in_requests: false,
        in_responses: false,
        file: file.to_owned(),
        kind: TypeKind::Record(Record::default()),
    };
    let response =
        Type { name: format!("{rust}Response"), doc: format!("The answer to [`{rust}`]."), ..request.clone() };
    let span = if name.is_empty() { spec.span } else { spec.name.span };
    let request = push(draft, request, span, Role::Request(spec), spec.request_extends.iter().collect());
    let response = push(draft, response, span, Role::Response(spec), spec.response_extends.iter().collect());
    if let Some(operation) = draft.service.operations.get_mut(index) {
        (operation.request, operation.response) = (request, response);
    }
}

fn declare<'a>(
    draft: &mut Draft<'a>,
    spec: &'a spec::types::Type,
    owner: Owner,
    file: String,
    sink: &mut Sink,
) -> TypeId {
    let (kind, extends) = match &spec.kind {
        Kind::Record(record) => {
            let keep_unknown = record.keep_unknown.is_some();
            (TypeKind::Record(Record { keep_unknown, ..Record::default() }), record.extends.iter().collect())
        }
        Kind::Enum(spec) => (TypeKind::Enum(lower_enum(spec, sink)), Vec::new()),
        Kind::Union(spec) => {
            (TypeKind::Union(UnionType { tag: spec.tag.value.clone(), variants: Vec::new() }), Vec::new())
        }
    };
    let ty = Type {
        name: spec.name.value.clone(),
        doc: spec.doc.value.clone(),
        source: spec.source.as_ref().map(|source| source.value.clone()),
        owner,
        in_requests: false,
        in_responses: false,
        file,
        kind,
    };
    push(draft, ty, spec.name.span, Role::Declared(spec), extends)
}

fn push<'a>(draft: &mut Draft<'a>, ty: Type, span: Span, role: Role<'a>, extends: Vec<&'a Spanned<String>>) -> TypeId {
    draft.service.types.push(ty);
    draft.origins.push(TypeOrigin { span, role, fields: Vec::new(), rules: Vec::new(), extends });
    draft.named.push(false);
    TypeId(draft.origins.len() - 1)
}

fn lower_enum(spec: &spec::types::Enum, sink: &mut Sink) -> EnumType {
    let values = spec.values.iter().map(|value| {
        let what = format!("value {}", quote(&value.wire.value));
        EnumValue {
            wire: value.wire.value.clone(),
            rust: names::assign(names::Role::Variant, &what, &value.wire, value.rust_name.as_ref(), sink),
            doc: value.doc.value.clone(),
            aliases: value.aliases.iter().map(|alias| alias.value.clone()).collect(),
            deprecated: value.deprecated.as_ref().map(|text| text.value.clone()),
        }
    });
    EnumType { values: values.collect(), any_case: spec.any_case }
}
