//! A record does not hold itself, except through a list or a map: in Rust it would have no size.

use super::draft::Draft;
use crate::diagnostic::{Sink, Span, quote};
use crate::model::{FieldType, TypeId, TypeKind};

/// A type that another one holds, and where it says so.
type Edge = (TypeId, Span);

/// Reports every circle once.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    let edges: Vec<Vec<Edge>> = draft.ids().map(|id| held(draft, id)).collect();
    let mut left = on_circles(&edges);
    for start in draft.ids() {
        if !left.get(start.0).copied().unwrap_or_default() {
            continue;
        }
        // Walk until a type comes again; every type that is left has a way on.
        let (mut way, mut at): (Vec<(TypeId, Span)>, TypeId) = (Vec::new(), start);
        while let Some((next, span)) =
            edges.get(at.0).and_then(|edges| edges.iter().find(|(next, _)| is_left(&left, *next)))
        {
            way.push((at, *span));
            if let Some(begin) = way.iter().position(|(seen, _)| seen == next) {
                report(draft, &way[begin..], sink);
                break;
            }
            at = *next;
        }
        for (seen, _) in way {
            if let Some(left) = left.get_mut(seen.0) {
                *left = false;
            }
        }
    }
}

fn is_left(left: &[bool], id: TypeId) -> bool {
    left.get(id.0).copied().unwrap_or_default()
}

fn report(draft: &Draft<'_>, circle: &[(TypeId, Span)], sink: &mut Sink) {
    let Some((first, span)) = circle.first() else { return };
    let name = |id: &TypeId| draft.service.ty(*id).name.as_str();
    let mut names: Vec<&str> = circle.iter().map(|(id, _)| name(id)).collect();
    names.push(name(first));
    let message = format!("{} holds itself: {}", quote(name(first)), names.join(" → "));
    sink.error("recursive-record", *span, message).help("a record may hold itself only through a list or a map");
}

/// The types that one holds by value.
fn held(draft: &Draft<'_>, id: TypeId) -> Vec<Edge> {
    match &draft.service.ty(id).kind {
        TypeKind::Record(_) => {
            let fields = draft.fields(id).filter_map(|(field, origin)| match field.ty {
                FieldType::Named(id) => Some((id, origin.spec.ty.as_ref()?.span)),
                _ => None,
            });
            fields.collect()
        }
        TypeKind::Union(union) => {
            let span = draft.origin(id).span;
            union.variants.iter().map(|variant| (variant.record, span)).collect()
        }
        TypeKind::Enum(_) => Vec::new(),
    }
}

/// The types that remain when all that hold nothing more are taken away, again and again.
fn on_circles(edges: &[Vec<Edge>]) -> Vec<bool> {
    let mut open: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (holder, held) in edges.iter().enumerate() {
        for (id, _) in held {
            if let Some(holders) = holders.get_mut(id.0) {
                holders.push(holder);
            }
        }
    }
    let mut left = vec![true; edges.len()];
    let mut work: Vec<usize> = (0..edges.len()).filter(|index| open.get(*index) == Some(&0)).collect();
    while let Some(index) = work.pop() {
        if let Some(left) = left.get_mut(index) {
            *left = false;
        }
        for holder in holders.get(index).into_iter().flatten() {
            if let Some(open) = open.get_mut(*holder) {
                *open -= 1;
                if *open == 0 {
                    work.push(*holder);
                }
            }
        }
    }
    left
}
