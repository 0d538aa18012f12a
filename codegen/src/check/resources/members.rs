//! The members of a resource: what its records, keys and paths name.

use std::collections::BTreeMap;

use super::super::draft::{Draft, describe};
use super::super::literals::integer_range;
use super::actions::Done;
use crate::diagnostic::{Sink, Spanned, quote, suggest};
use crate::model::{EnumType, FieldType, ResourceAction, Service, TypeKind};
use crate::spec::resource::Resource;

/// The members that are known, each with the types that it has somewhere.
pub(super) struct Members<'m> {
    service: &'m Service,
    known: BTreeMap<&'m str, Vec<FieldType>>,
    /// Whether all that could name members was understood; if not, one that is not known may be right.
    whole: bool,
}

impl<'m> Members<'m> {
    pub(super) fn of(draft: &'m Draft<'_>, spec: &'m Resource, done: &[Done<'m>], whole: bool) -> Self {
        let mut known: BTreeMap<&str, Vec<FieldType>> = BTreeMap::new();
        for member in spec.key.iter().flat_map(|key| &key.value) {
            known.entry(&member.value).or_default();
        }
        for done in done {
            let taken = done.takes.iter().map(|taken| (taken.member, &taken.ty));
            for (member, ty) in taken.chain(done.gives.iter().map(|given| (given.member, &given.ty))) {
                known.entry(&member.value).or_default().push(ty.clone());
            }
            // What makes and changes things has members under their own names.
            let kept = matches!(done.spec.does, ResourceAction::Create | ResourceAction::Update);
            let request = draft.service.operations.get(done.index).map(|operation| operation.request);
            let records = done.record.as_ref().map(|(_, record)| *record).into_iter().chain(request.filter(|_| kept));
            for (field, origin) in records.flat_map(|record| draft.fields(record)) {
                let types = known.entry(&field.wire).or_default();
                if origin.known {
                    types.push(field.ty.clone());
                }
            }
        }
        Self { service: &draft.service, known, whole }
    }

    /// The types of a member; reports one that is not known.
    fn types(&self, name: &Spanned<String>, sink: &mut Sink) -> Vec<&FieldType> {
        match self.known.get(name.value.as_str()) {
            Some(types) => types.iter().collect(),
            None => {
                if self.whole {
                    let message = format!("the resource has no member {}", quote(&name.value));
                    let help = suggest(&name.value, "members", self.known.keys().copied());
                    let help = help.or_else(|| {
                        Some(
                            "name a field of a `record` or of a request, or a member that `takes` or `gives` brings in"
                                .to_owned(),
                        )
                    });
                    sink.error("unknown-member", name.span, message).maybe_help(help);
                }
                Vec::new()
            }
        }
    }
}

/// Whether all members that are named are known, and can have the values that they are given.
pub(super) fn check(members: &Members<'_>, spec: &Resource, sink: &mut Sink) {
    for role in [&spec.created, &spec.updated, &spec.started, &spec.ended].into_iter().flatten() {
        members.types(role, sink);
    }
    let states = spec.state.as_ref().map(|state| members.types(state, sink));
    let sets = spec.actions.iter().flat_map(|action| &action.sets);
    for (member, value) in spec.initial.iter().chain(sets) {
        let types = members.types(member, sink);
        self::value(members.service, &types, value, sink);
    }
    match (&states, &spec.course) {
        (None, Some(course)) => {
            sink.error("bad-resource", course.span, "states are named, and no member has the state")
                .help("name the member with `state`");
        }
        (Some(types), Some(course)) => {
            course.value.iter().for_each(|state| self::value(members.service, types, state, sink));
        }
        (_, None) => {}
    }
    for action in &spec.actions {
        match (&states, action.from.first()) {
            (None, Some(first)) => {
                sink.error("bad-resource", first.span, "states are named, and no member has the state")
                    .help("name the member with `state`, above the operations");
            }
            (Some(types), _) => {
                action.from.iter().for_each(|state| self::value(members.service, types, state, sink));
            }
            (None, None) => {}
        }
        action.filters.iter().for_each(|filter| drop(members.types(&filter.member, sink)));
        if let Some(order) = &action.order {
            members.types(&order.by, sink);
            order.others.iter().for_each(|(_, member)| drop(members.types(member, sink)));
        }
    }
}

/// Whether what has one of these types can have a value; what is a text somewhere says nothing of it.
pub(super) fn value(service: &Service, types: &[&FieldType], value: &Spanned<String>, sink: &mut Sink) {
    let strict: Vec<&FieldType> = types.iter().copied().filter(|ty| !is_text(ty)).collect();
    let Some(first) = strict.first() else { return };
    if strict.iter().any(|ty| holds(service, ty, &value.value)) {
        return;
    }
    match as_enum(service, first) {
        Some((name, list)) => {
            let message = format!("{} is no value of {}", quote(&value.value), quote(name));
            let wires = list.values.iter().map(|value| value.wire.as_str());
            sink.error("resource-value", value.span, message).maybe_help(suggest(&value.value, "values", wires));
        }
        None => {
            let message = format!("{} is a value of what is {}", quote(&value.value), describe(service, first));
            sink.error("resource-value", value.span, message).help("write a value that it can have");
        }
    }
}

fn is_text(ty: &FieldType) -> bool {
    matches!(ty, FieldType::String | FieldType::Time(_) | FieldType::Json | FieldType::JsonText)
}

fn as_enum<'s>(service: &'s Service, ty: &FieldType) -> Option<(&'s str, &'s EnumType)> {
    let FieldType::Named(id) = ty else { return None };
    let ty = service.ty(*id);
    match &ty.kind {
        TypeKind::Enum(list) => Some((&ty.name, list)),
        TypeKind::Record(_) | TypeKind::Union(_) => None,
    }
}

fn holds(service: &Service, ty: &FieldType, text: &str) -> bool {
    match ty {
        FieldType::Bool => matches!(text, "true" | "false"),
        FieldType::Float32 | FieldType::Float64 => text.parse::<f64>().is_ok_and(f64::is_finite),
        ty => match (integer_range(ty), as_enum(service, ty)) {
            (Some((least, most)), _) => text.parse::<i128>().is_ok_and(|number| (least..=most).contains(&number)),
            (None, Some((_, list))) => list.values.iter().any(|value| value.wire == text),
            (None, None) => is_text(ty),
        },
    }
}
