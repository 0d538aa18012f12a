//! Which types requests carry, and which answers carry. What a service sends by itself counts as an answer.

use super::draft::Draft;
use crate::model::{FieldType, Service, TypeId, TypeKind};

/// Marks every type that a request or an answer leads to.
pub(crate) fn mark(draft: &mut Draft<'_>) {
    let requests: Vec<TypeId> = draft.service.operations.iter().map(|operation| operation.request).collect();
    let responses = draft.service.operations.iter().map(|operation| operation.response);
    let messages = draft.service.callbacks.iter().map(|callback| callback.message);
    let responses: Vec<TypeId> = responses.chain(messages).collect();
    for (index, (in_request, in_response)) in
        reached(&draft.service, requests).into_iter().zip(reached(&draft.service, responses)).enumerate()
    {
        if let Some(ty) = draft.service.types.get_mut(index) {
            (ty.in_requests, ty.in_responses) = (in_request, in_response);
        }
    }
}

fn reached(service: &Service, mut work: Vec<TypeId>) -> Vec<bool> {
    let mut reached = vec![false; service.types.len()];
    while let Some(id) = work.pop() {
        let Some(seen) = reached.get_mut(id.0).filter(|seen| !**seen) else { continue };
        *seen = true;
        match &service.ty(id).kind {
            TypeKind::Record(record) => work.extend(record.fields.iter().filter_map(|field| named(&field.ty))),
            TypeKind::Union(union) => work.extend(union.variants.iter().map(|variant| variant.record)),
            TypeKind::Enum(_) => {}
        }
    }
    reached
}

/// The declared type that a type holds.
pub(crate) fn named(ty: &FieldType) -> Option<TypeId> {
    match ty {
        FieldType::Named(id) => Some(*id),
        FieldType::List(item) | FieldType::Map(item) => named(item),
        _ => None,
    }
}
