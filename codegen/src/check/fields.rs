//! Resolves the types that fields and variants name, and lowers each record's own fields.

use super::draft::{Draft, FieldOrigin, Role};
use super::names;
use super::type_expr::{self, BUILT_IN, TypeExpr};
use crate::diagnostic::{Sink, Span, Spanned, nearest, quote, suggest};
use crate::model::{Constraints, Encoding, Field, FieldType, Owner, TimeNotation, TypeId, TypeKind, Variant};
use crate::spec;
use crate::spec::field::Coding;
use crate::spec::types::Kind;

/// Lowers the fields and variants of every type; inherited fields come later.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        let owner = draft.service.ty(id).owner;
        let fields: &[spec::field::Field] = match draft.origin(id).role {
            Role::Request(operation) => &operation.request,
            Role::Response(operation) => &operation.response,
            Role::Message(callback) => &callback.message,
            Role::Declared(ty) => match &ty.kind {
                Kind::Record(record) => &record.fields,
                Kind::Enum(_) => &[],
                Kind::Union(union) => {
                    lower_variants(draft, id, union, owner, sink);
                    &[]
                }
            },
        };
        lower_fields(draft, id, fields, owner, sink);
    }
}

fn lower_fields<'a>(draft: &mut Draft<'a>, id: TypeId, specs: &'a [spec::field::Field], owner: Owner, sink: &mut Sink) {
    let mut fields = Vec::new();
    let mut origins = Vec::new();
    for spec in specs.iter().filter(|spec| spec.ignored.is_none()) {
        let ty = spec.ty.as_ref().and_then(|text| resolve(draft, text, owner, spec.notation.as_ref(), sink));
        origins.push(FieldOrigin { spec, known: ty.is_some() });
        fields.push(lower_field(spec, ty.unwrap_or(FieldType::Json), sink));
    }
    if let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) {
        record.fields = fields;
    }
    if let Some(origin) = draft.origins.get_mut(id.0) {
        origin.fields = origins;
    }
}

fn lower_field(spec: &spec::field::Field, ty: FieldType, sink: &mut Sink) -> Field {
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    let what = format!("field {}", quote(&spec.wire.value));
    Field {
        wire: spec.wire.value.clone(),
        rust: match (&spec.constant, &spec.rust_name) {
            // No part of the Rust request, and left away from Rust answers: any name will do.
            (Some(_), None) => names::snake(&spec.wire.value),
            (_, name) => names::assign(names::Role::Field, &what, &spec.wire, name.as_ref(), sink),
        },
        ty,
        required: spec.required.is_some(),
        location: spec.location.as_ref().map(|location| location.value),
        encoding: encoding(spec),
        aliases: spec.aliases.iter().map(|alias| alias.value.clone()).collect(),
        doc: text(&spec.doc).unwrap_or_default(),
        unit: text(&spec.unit),
        // Values wait until every type is known.
        default: None,
        example: None,
        constant: None,
        secret: spec.secret.is_some(),
        deprecated: text(&spec.deprecated),
        keep_empty: spec.keep_empty.is_some(),
        allow_empty: text(&spec.allow_empty),
        constraints: Constraints::default(),
        item_constraints: Constraints::default(),
        severity: spec.severity.as_ref().map(|severity| severity.value).unwrap_or_default(),
        source: text(&spec.source),
    }
}

fn encoding(spec: &spec::field::Field) -> Encoding {
    match (&spec.encoding, &spec.wrapped, spec.bare) {
        (Some(coding), _, _) => match coding.value {
            Coding::Comma => Encoding::Comma,
            Coding::Json => Encoding::Json,
            Coding::Numbered => Encoding::Numbered,
            Coding::Text => Encoding::Text,
        },
        (None, Some(inner), _) => Encoding::Wrapped(inner.value.clone()),
        (None, None, Some(_)) => Encoding::Bare,
        (None, None, None) => Encoding::Plain,
    }
}

/// Variants whose type is no record are left out; nothing else can be said about them.
fn lower_variants(draft: &mut Draft<'_>, id: TypeId, union: &spec::types::Union, owner: Owner, sink: &mut Sink) {
    let mut variants = Vec::new();
    for spec in &union.variants {
        let what = format!("variant {}", quote(&spec.wire.value));
        let rust = names::assign(names::Role::Variant, &what, &spec.wire, spec.rust_name.as_ref(), sink);
        let Some(ty) =
            Some(&spec.ty).filter(|ty| !ty.value.is_empty()).and_then(|ty| resolve(draft, ty, owner, None, sink))
        else {
            continue;
        };
        match ty {
            FieldType::Named(record) if draft.service.record(record).is_some() => {
                let (wire, doc) = (spec.wire.value.clone(), spec.doc.value.clone());
                variants.push(Variant { wire, rust, doc, record });
            }
            _ => {
                let message = format!("{what} is {}, which is no record", quote(&spec.ty.value));
                sink.error("union-variant", spec.ty.span, message).help("declare a record with the variant's fields");
            }
        }
    }
    if let Some(TypeKind::Union(union)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) {
        union.variants = variants;
    }
}

/// The type that a text means, or none if that was reported.
fn resolve(
    draft: &mut Draft<'_>,
    text: &Spanned<String>,
    owner: Owner,
    notation: Option<&Spanned<TimeNotation>>,
    sink: &mut Sink,
) -> Option<FieldType> {
    match type_expr::parse(&text.value) {
        Ok(expr) => name_types(draft, expr, text.span, owner, notation.map(|notation| notation.value), sink),
        Err(wrong) => {
            let message = format!("{} is no type: {}", quote(&text.value), wrong.problem);
            sink.error("bad-type", text.span, message).help(wrong.help);
            None
        }
    }
}

fn name_types(
    draft: &mut Draft<'_>,
    expr: TypeExpr,
    span: Span,
    owner: Owner,
    notation: Option<TimeNotation>,
    sink: &mut Sink,
) -> Option<FieldType> {
    Some(match expr {
        TypeExpr::BuiltIn(FieldType::Time(_)) => FieldType::Time(notation.unwrap_or_default()),
        TypeExpr::BuiltIn(ty) => ty,
        TypeExpr::List(item) => FieldType::List(Box::new(name_types(draft, *item, span, owner, notation, sink)?)),
        TypeExpr::Map(item) => FieldType::Map(Box::new(name_types(draft, *item, span, owner, notation, sink)?)),
        TypeExpr::Named(name) => match draft.lookup(&name, owner) {
            Some(id) => {
                if let Some(named) = draft.named.get_mut(id.0) {
                    *named = true;
                }
                FieldType::Named(id)
            }
            None => {
                unknown(draft, &name, span, owner, sink);
                return None;
            }
        },
    })
}

/// Reports a name that is no type.
fn unknown(draft: &Draft<'_>, name: &str, span: Span, owner: Owner, sink: &mut Sink) {
    const OTHER_NAMES: &[(&str, &str)] = &[
        ("integer", "int64"),
        ("int", "int64"),
        ("long", "int64"),
        ("number", "float64"),
        ("float", "float64"),
        ("double", "float64"),
        ("boolean", "bool"),
        ("str", "string"),
        ("text", "string"),
        ("object", "map<json>` or a declared record, e.g. `Object"),
        ("datetime", "time"),
        ("timestamp", "time"),
        ("array", "list<…>"),
        ("any", "json"),
    ];
    let lower = name.to_ascii_lowercase();
    let names = draft.names(owner);
    let help = match OTHER_NAMES.iter().find(|(other, _)| *other == lower) {
        Some((_, ours)) => Some(format!("did you mean `{ours}`?")),
        None => match nearest(name, BUILT_IN.iter().copied().chain(names.iter().copied())) {
            Some(near) => Some(format!("did you mean {}?", quote(near))),
            None => suggest(name, "declared types", names),
        },
    };
    sink.error("unknown-type", span, format!("there is no type {}", quote(name))).maybe_help(help);
}
