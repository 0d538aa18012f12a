//! `batch`: the field with the ids of which an operation takes so many at once.

use super::draft::{Draft, describe};
use super::leaves::{is_own_field, is_plain};
use super::literals::integer_range;
use super::rules::resolve;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::model::{Batch, FieldPath, FieldType, Operation, RuleKind, Service};

/// Lowers the batch of every operation.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(spec) = draft.operations.get(index).and_then(|origin| origin.spec.batch.as_ref()) else { continue };
        let Some(operation) = draft.service.operations.get(index) else { continue };
        let batch = lower_batch(draft, operation, spec, sink);
        if let Some(operation) = draft.service.operations.get_mut(index) {
            operation.batch = batch;
        }
    }
}

fn lower_batch(draft: &Draft<'_>, operation: &Operation, spec: &Spanned<String>, sink: &mut Sink) -> Option<Batch> {
    if spec.value.is_empty() {
        return None;
    }
    let service = &draft.service;
    let ids = resolve(draft, operation.request, spec, sink)?;
    if !draft.knows(&ids.path.steps) || !is_plain(service, &ids.path, "bad-batch", spec.span, sink) {
        return None;
    }
    if !is_own_field(&ids.path) {
        sink.error("bad-batch", spec.span, format!("{} is no field of the request itself", quote(&spec.value)))
            .help("name one, without `[]`");
        return None;
    }
    let is_id = |ty: &FieldType| *ty == FieldType::String || integer_range(ty).is_some();
    if !matches!(&ids.ty, FieldType::List(item) if is_id(item)) {
        let message =
            format!("{} is {}, and this has to be a list of ids", quote(&spec.value), describe(service, &ids.ty));
        sink.error("bad-batch", spec.span, message).help("name a list of texts or whole numbers");
        return None;
    }
    let most = most(service, operation, &ids.path);
    if most.is_none() {
        sink.error("bad-batch", spec.span, format!("{} has no `max-items`, so any number fits", quote(&spec.value)))
            .help("add `max-items` to the field, or remove `batch`");
    }
    Some(Batch { ids: ids.path, most: most? })
}

/// The most items that the list may have whatever else the request says.
fn most(service: &Service, operation: &Operation, ids: &FieldPath) -> Option<u64> {
    let of_field = ids.last_field(service).and_then(|field| field.constraints.max_items);
    let rules = service.record(operation.request).map(|record| record.rules.as_slice()).unwrap_or_default();
    let of_rules = rules.iter().filter(|rule| rule.when.is_empty()).filter_map(|rule| match &rule.kind {
        RuleKind::Constrain(path, constraints) if path.steps == ids.steps => constraints.max_items,
        _ => None,
    });
    of_field.into_iter().chain(of_rules).min()
}
