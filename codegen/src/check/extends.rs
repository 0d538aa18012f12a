//! Puts the fields and rules of extended records before a record's own.

use std::collections::HashSet;

use super::draft::{Draft, Role};
use crate::diagnostic::{Sink, Spanned, quote, suggest};
use crate::model::{Owner, Record, TypeId, TypeKind};
use crate::spec::types::Kind;

/// Applies `extends`, `request-extends` and `response-extends`, bases first.
pub(crate) fn apply(draft: &mut Draft<'_>, sink: &mut Sink) {
    own_rules(draft);
    let bases: Vec<Vec<TypeId>> = draft.ids().map(|id| bases_of(draft, id, sink)).collect();
    let mut done: HashSet<TypeId> = HashSet::new();
    for id in draft.ids() {
        for id in order(draft, id, &bases, &done, sink) {
            for base in bases.get(id.0).into_iter().flatten().rev() {
                prepend(draft, id, *base);
            }
            done.insert(id);
        }
    }
}

fn own_rules(draft: &mut Draft<'_>) {
    for origin in &mut draft.origins {
        origin.rules = match origin.role {
            Role::Request(operation) => operation.rules.iter().collect(),
            Role::Response(_) | Role::Message(_) => Vec::new(),
            Role::Declared(ty) => match &ty.kind {
                Kind::Record(record) => record.rules.iter().collect(),
                Kind::Enum(_) | Kind::Union(_) => Vec::new(),
            },
        };
    }
}

fn bases_of(draft: &mut Draft<'_>, id: TypeId, sink: &mut Sink) -> Vec<TypeId> {
    let owner = draft.service.ty(id).owner;
    let mut bases = Vec::new();
    for name in draft.origin(id).extends.clone() {
        match draft.lookup(&name.value, owner) {
            Some(base) => {
                if let Some(named) = draft.named.get_mut(base.0) {
                    *named = true;
                }
                if draft.service.record(base).is_some() {
                    bases.push(base);
                } else {
                    not_a_record(name, sink);
                }
            }
            None => {
                let message = format!("there is no record {} to extend", quote(&name.value));
                let records = draft.names(owner).into_iter().filter(|name| is_record(draft, name, owner));
                let help = suggest(&name.value, "records", records);
                sink.error("extends-unknown", name.span, message).maybe_help(help);
            }
        }
    }
    bases
}

fn is_record(draft: &Draft<'_>, name: &str, owner: Owner) -> bool {
    draft.lookup(name, owner).is_some_and(|id| draft.service.record(id).is_some())
}

fn not_a_record(name: &Spanned<String>, sink: &mut Sink) {
    let message = format!("{} is no record, so it has no fields to take over", quote(&name.value));
    sink.error("extends-unknown", name.span, message).help("extend a record");
}

/// The types that have to be done for `id`, bases first and `id` last. A cycle is reported and cut.
fn order(draft: &Draft<'_>, id: TypeId, bases: &[Vec<TypeId>], done: &HashSet<TypeId>, sink: &mut Sink) -> Vec<TypeId> {
    let mut order = Vec::new();
    let mut open: Vec<TypeId> = Vec::new();
    let mut work = vec![(id, false)];
    while let Some((id, leave)) = work.pop() {
        if leave {
            open.pop();
            order.push(id);
            continue;
        }
        if done.contains(&id) || order.contains(&id) {
            continue;
        }
        if open.contains(&id) {
            let origin = draft.origin(id);
            let span = origin.extends.first().map_or(origin.span, |name| name.span);
            let message = format!("{} extends itself", quote(&draft.service.ty(id).name));
            sink.error("extends-cycle", span, message).help("remove one `extends` of the circle");
            continue;
        }
        open.push(id);
        work.push((id, true));
        work.extend(bases.get(id.0).into_iter().flatten().map(|base| (*base, false)));
    }
    order
}

/// Inherited fields stand first; one of the same wire name replaces the inherited one in its place.
fn prepend(draft: &mut Draft<'_>, id: TypeId, base: TypeId) {
    if id == base {
        return;
    }
    let Some(Record { mut fields, keep_unknown, .. }) = draft.service.record(base).cloned() else { return };
    let mut origins = draft.origin(base).fields.clone();
    let mut rules = draft.origin(base).rules.clone();
    let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) else { return };
    let Some(origin) = draft.origins.get_mut(id.0) else { return };
    for (field, from) in record.fields.drain(..).zip(origin.fields.drain(..)) {
        match fields.iter().position(|inherited| inherited.wire == field.wire) {
            Some(index) => {
                // In step, so the index is good for both.
                fields[index] = field;
                origins[index] = from;
            }
            None => {
                fields.push(field);
                origins.push(from);
            }
        }
    }
    record.fields = fields;
    record.keep_unknown |= keep_unknown;
    rules.append(&mut origin.rules);
    (origin.fields, origin.rules) = (origins, rules);
}
