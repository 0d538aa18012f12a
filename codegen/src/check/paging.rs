//! `[paging]`: the fields by which a list goes on.

use super::draft::{Draft, describe};
use super::literals::integer_range;
use super::paths::Resolved;
use super::rules::resolve;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::model::{FieldPath, FieldType, Paging, Service, TypeId};
use crate::spec::operation::{self, Style};

/// Lowers the paging of every operation.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(specs) = draft.operations.get(index).map(|origin| origin.spec.paging.as_slice()) else { continue };
        let Some(operation) = draft.service.operations.get(index) else { continue };
        let ends = Ends { draft, request: operation.request, response: operation.response };
        let paging = specs.iter().filter_map(|spec| lower_paging(&ends, spec, sink)).collect();
        one_way_each(specs, sink);
        if let Some(operation) = draft.service.operations.get_mut(index) {
            operation.paging = paging;
        }
    }
}

/// The two records that paths start in.
struct Ends<'a> {
    draft: &'a Draft<'a>,
    request: TypeId,
    response: TypeId,
}

fn lower_paging(ends: &Ends<'_>, spec: &operation::Paging, sink: &mut Sink) -> Option<Paging> {
    let path = |from: TypeId, path: &Option<Spanned<String>>, kind: Kind, sink: &mut Sink| {
        path.as_ref().and_then(|path| one(ends.draft, from, path, kind, sink))
    };
    let from_kind = if spec.style == Style::Token { Kind::Text } else { Kind::Integer };
    let from = path(ends.request, &spec.from, from_kind, sink);
    let to = path(ends.response, &spec.to, Kind::Text, sink);
    let size = path(ends.request, &spec.size, Kind::Integer, sink);
    let total = path(ends.response, &spec.total, Kind::Integer, sink);
    let items = path(ends.response, &spec.items, Kind::List, sink);
    if spec.size.is_some() && spec.from.as_ref().map(|path| &path.value) == spec.size.as_ref().map(|path| &path.value) {
        sink.error("bad-paging", spec.span, "one field is both the place and the size of a page")
            .help("name two fields");
    }
    Some(match spec.style {
        Style::Token => Paging::Token { request: from?, response: to?, size, items: items? },
        Style::Page => Paging::Page { number: from?, size: size?, total, items: items? },
        Style::Offset => Paging::Offset { offset: from?, size: size?, total, items: items? },
    })
}

/// No two ways begin with the same field: nothing would tell which is meant.
fn one_way_each(specs: &[operation::Paging], sink: &mut Sink) {
    for (index, spec) in specs.iter().enumerate() {
        let Some(from) = &spec.from else { continue };
        let earlier = specs.iter().take(index).filter_map(|other| other.from.as_ref());
        if let Some(other) = earlier.into_iter().find(|other| other.value == from.value) {
            sink.error("bad-paging", from.span, format!("two ways of paging go by {}", quote(&from.value)))
                .label(other.span, "the other one")
                .help("remove one");
        }
    }
}

/// What a field of the paging has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    List,
}

fn one(draft: &Draft<'_>, from: TypeId, path: &Spanned<String>, kind: Kind, sink: &mut Sink) -> Option<FieldPath> {
    let resolved = resolve(draft, from, path, sink)?;
    if !draft.knows(&resolved.path.steps) {
        return None;
    }
    if resolved.has_each() {
        sink.error(
            "bad-paging",
            path.span,
            format!("the path {} goes into items, and there is one page at a time", quote(&path.value)),
        )
        .help("name a field that a page has once");
        return None;
    }
    let (fits, expected) = match kind {
        Kind::Text => (resolved.ty == FieldType::String, "a `string`"),
        Kind::Integer => (integer_range(&resolved.ty).is_some(), "a whole number"),
        Kind::List => (matches!(resolved.ty, FieldType::List(_)), "a list"),
    };
    if !fits {
        wrong_kind(&draft.service, path, &resolved, expected, sink);
        return None;
    }
    Some(resolved.path)
}

fn wrong_kind(service: &Service, path: &Spanned<String>, resolved: &Resolved, expected: &str, sink: &mut Sink) {
    let found = describe(service, &resolved.ty);
    sink.error("bad-paging", path.span, format!("{} is {found}, and this has to be {expected}", quote(&path.value)))
        .help("name another field, or mend its type");
}
