//! `[paging]`: the fields by which a list goes on.

use super::draft::{Draft, describe};
use super::leaves::{is_own_field, is_plain};
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
        one_list(specs, sink);
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
    let asked = |path: &Option<Spanned<String>>, kind: Kind, sink: &mut Sink| {
        let path = path.as_ref()?;
        own(path, one(ends.draft, ends.request, path, kind, sink)?, sink)
    };
    let told = |path: &Option<Spanned<String>>, kind: Kind, sink: &mut Sink| {
        one(ends.draft, ends.response, path.as_ref()?, kind, sink)
    };
    let from_kind = if spec.style == Style::Token { Kind::Text } else { Kind::Integer };
    let from = asked(&spec.from, from_kind, sink);
    let to = told(&spec.to, Kind::Text, sink);
    let size = asked(&spec.size, Kind::Integer, sink);
    let total = told(&spec.total, Kind::Integer, sink);
    let items = told(&spec.items, Kind::List, sink);
    if let (Style::Token, Some(path), Some(token)) = (spec.style, &from, &spec.from)
        && path.last_field(&ends.draft.service).is_some_and(|field| field.required)
    {
        sink.error(
            "bad-paging",
            token.span,
            format!("{} is required, and the first page has no token", quote(&token.value)),
        )
        .help("remove `required` from the field, or name another");
    }
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

/// A field of the request itself: a record on the way could be absent.
fn own(spec: &Spanned<String>, path: FieldPath, sink: &mut Sink) -> Option<FieldPath> {
    if is_own_field(&path) {
        return Some(path);
    }
    sink.error("bad-paging", spec.span, format!("{} is no field of the request itself", quote(&spec.value)))
        .help("name one of those that the operation has");
    None
}

/// All ways go through one list.
fn one_list(specs: &[operation::Paging], sink: &mut Sink) {
    let mut lists = specs.iter().filter_map(|spec| spec.items.as_ref());
    let Some(first) = lists.next() else { return };
    for other in lists.filter(|other| other.value != first.value) {
        let message = format!("one way goes through {}, another through {}", quote(&other.value), quote(&first.value));
        sink.error("bad-paging", other.span, message)
            .label(first.span, "the other one")
            .help("name the same list: an operation has one kind of item");
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
    is_plain(&draft.service, &resolved.path, "bad-paging", path.span, sink).then_some(resolved.path)
}

fn wrong_kind(service: &Service, path: &Spanned<String>, resolved: &Resolved, expected: &str, sink: &mut Sink) {
    let found = describe(service, &resolved.ty);
    sink.error("bad-paging", path.span, format!("{} is {found}, and this has to be {expected}", quote(&path.value)))
        .help("name another field, or mend its type");
}
