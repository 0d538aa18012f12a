//! Enums and unions: something to choose from, and choices that differ.

use std::collections::HashMap;

use super::draft::{Draft, Role};
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{TypeId, TypeKind};
use crate::spec;
use crate::spec::types::Kind;

/// Looks at every enum and union.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        let Role::Declared(ty) = draft.origin(id).role else { continue };
        match &ty.kind {
            Kind::Enum(list) => enumeration(draft, id, list, sink),
            Kind::Union(union) => self::union(draft, id, union, sink),
            Kind::Record(_) => {}
        }
    }
}

fn enumeration(draft: &Draft<'_>, id: TypeId, list: &spec::types::Enum, sink: &mut Sink) {
    let origin = draft.origin(id);
    if list.values.is_empty() && !sink.has_error_at(origin.span) {
        let message = format!("the enum {} has no values", quote(&draft.service.ty(id).name));
        sink.error("empty-enum", origin.span, message).help("list them below `values`, or use `string`");
    }
    texts(list, sink);
    let TypeKind::Enum(lowered) = &draft.service.ty(id).kind else { return };
    let rust = lowered.values.iter().zip(&list.values).map(|(value, spec)| (value.rust.as_str(), &spec.wire));
    rust_names(rust, "values", sink);
}

/// Every text means one value; if letter case is ignored, also when it is.
fn texts(list: &spec::types::Enum, sink: &mut Sink) {
    let mut first: HashMap<String, (&str, Span)> = HashMap::new();
    for value in &list.values {
        for text in [&value.wire].into_iter().chain(&value.aliases) {
            let folded = if list.any_case { text.value.to_lowercase() } else { text.value.clone() };
            match first.get(&folded) {
                Some((same, span)) if *same == text.value => {
                    sink.error(
                        "bad-alias",
                        text.span,
                        format!("{} stands for two values, or twice", quote(&text.value)),
                    )
                    .label(*span, "the other one")
                    .help("remove one");
                }
                Some((other, span)) => {
                    let message = format!(
                        "{} and {} are the same text, for letter case is ignored",
                        quote(&text.value),
                        quote(other)
                    );
                    sink.error("any-case-twins", text.span, message)
                        .label(*span, "the other one")
                        .help("remove one, or `any-case`");
                }
                None => {
                    first.insert(folded, (&text.value, text.span));
                }
            }
        }
    }
}

fn rust_names<'a>(names: impl Iterator<Item = (&'a str, &'a Spanned<String>)>, things: &str, sink: &mut Sink) {
    let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
    for (rust, wire) in names.filter(|(rust, _)| !rust.is_empty()) {
        if let Some(other) = first.get(rust) {
            let message = format!(
                "the {things} {} and {} are both {} in Rust",
                quote(&other.value),
                quote(&wire.value),
                quote(rust)
            );
            sink.error("name-clash", wire.span, message)
                .label(other.span, "the other one")
                .help("give one of them a `rust-name`");
        } else {
            first.insert(rust, wire);
        }
    }
}

fn union(draft: &Draft<'_>, id: TypeId, union: &spec::types::Union, sink: &mut Sink) {
    let origin = draft.origin(id);
    if union.variants.is_empty() && !sink.has_error_at(origin.span) {
        let message = format!("the union {} has no variants", quote(&draft.service.ty(id).name));
        sink.error("union-variant", origin.span, message).help("list them below `variants`");
    }
    let TypeKind::Union(lowered) = &draft.service.ty(id).kind else { return };
    let wire = |wire: &str| union.variants.iter().find(|spec| spec.wire.value == wire).map(|spec| &spec.wire);
    let names = lowered.variants.iter().filter_map(|variant| Some((variant.rust.as_str(), wire(&variant.wire)?)));
    rust_names(names, "variants", sink);
    for variant in &lowered.variants {
        for (field, origin) in draft.fields(variant.record) {
            if field.wire == union.tag.value {
                let message =
                    format!("{} is the tag, and a field of the variant {}", quote(&field.wire), quote(&variant.wire));
                sink.error("union-tag", union.tag.span, message)
                    .label(origin.spec.wire.span, "the field")
                    .help("remove the field: the union writes the tag");
            }
        }
    }
}
