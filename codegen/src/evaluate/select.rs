//! Finds the values that a path leads to.

use std::borrow::Cow;

use super::PathStep;
use crate::model::{Field, FieldPath, FieldType, Literal, Service, Step, TypeKind};

/// A value that a path leads to, and the way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected<'a> {
    path: Vec<PathStep>,
    value: Cow<'a, Literal>,
}

impl Selected<'_> {
    /// The value.
    pub fn value(&self) -> &Literal {
        &self.value
    }

    /// The way to it from the record where the path begins.
    pub fn path(&self) -> &[PathStep] {
        &self.path
    }
}

/// The values that a path leads to; none where the field is absent. An empty list or map is absent, unless its field
/// keeps empty ones apart. A field with a `const` is always present.
pub fn select<'a>(service: &Service, path: &FieldPath, value: &'a Literal) -> Vec<Selected<'a>> {
    follow(service, &path.steps, value)
}

/// The default of the path's last field, once for each record that could hold the field. A record that is absent itself
/// could; another variant of a union could not.
pub(super) fn defaults<'a>(service: &Service, path: &FieldPath, value: &'a Literal) -> Vec<Selected<'a>> {
    let Some((Step::Field { record, field, .. }, before)) = path.steps.split_last() else { return Vec::new() };
    let Some(field) = service.record(*record).and_then(|record| record.fields.get(*field)) else { return Vec::new() };
    let Some(default) = &field.default else { return Vec::new() };
    let mut holders = vec![Selected { path: Vec::new(), value: Cow::Borrowed(value) }];
    for step in before {
        let next: Vec<_> = holders.iter().cloned().flat_map(|from| one_step(service, step, from)).collect();
        match step {
            Step::Field { each: false, .. } if next.is_empty() => break,
            _ => holders = next,
        }
    }
    let with_default = |holder: Selected<'a>| Selected { path: holder.path, value: Cow::Owned(default.clone()) };
    holders.into_iter().map(with_default).collect()
}

fn follow<'a>(service: &Service, steps: &[Step], value: &'a Literal) -> Vec<Selected<'a>> {
    let mut found = vec![Selected { path: Vec::new(), value: Cow::Borrowed(value) }];
    for step in steps {
        found = found.into_iter().flat_map(|from| one_step(service, step, from)).collect();
    }
    found
}

fn one_step<'a>(service: &Service, step: &Step, from: Selected<'a>) -> Vec<Selected<'a>> {
    match step {
        Step::Field { record, field, each } => {
            let field = service.record(*record).and_then(|record| record.fields.get(*field));
            let found = field.and_then(|field| Some((member(&from, field)?, field.wire.clone())));
            let Some((value, wire)) = found else { return Vec::new() };
            let mut path = from.path;
            path.push(PathStep::Member(wire));
            if *each { items(path, value) } else { vec![Selected { path, value }] }
        }
        Step::Tag { union } => {
            let TypeKind::Union(union) = &service.ty(*union).kind else { return Vec::new() };
            let Some(value) = lookup(&from.value, &union.tag) else { return Vec::new() };
            let mut path = from.path;
            path.push(PathStep::Member(union.tag.clone()));
            vec![Selected { path, value }]
        }
        Step::Variant { union, variant } => {
            let TypeKind::Union(union) = &service.ty(*union).kind else { return Vec::new() };
            let wanted = union.variants.get(*variant).map(|variant| Literal::String(variant.wire.clone()));
            let is = wanted.is_some() && lookup(&from.value, &union.tag).map(Cow::into_owned) == wanted;
            if is { vec![from] } else { Vec::new() }
        }
    }
}

fn items<'a>(path: Vec<PathStep>, value: Cow<'a, Literal>) -> Vec<Selected<'a>> {
    let at = |index| path.iter().cloned().chain([PathStep::Item(index)]).collect();
    match value {
        Cow::Borrowed(Literal::List(items)) => {
            let each = items.iter().enumerate();
            each.map(|(index, item)| Selected { path: at(index), value: Cow::Borrowed(item) }).collect()
        }
        Cow::Owned(Literal::List(items)) => {
            let each = items.into_iter().enumerate();
            each.map(|(index, item)| Selected { path: at(index), value: Cow::Owned(item) }).collect()
        }
        // One item may stand without its list.
        value => vec![Selected { path, value }],
    }
}

fn member<'a>(from: &Selected<'a>, field: &Field) -> Option<Cow<'a, Literal>> {
    let value = lookup(&from.value, &field.wire).or_else(|| field.constant.clone().map(Cow::Owned))?;
    let absent = match (&*value, &field.ty) {
        (Literal::List(items), FieldType::List(_)) => items.is_empty() && !field.keep_empty,
        (Literal::Table(members), FieldType::Map(_)) => members.is_empty() && !field.keep_empty,
        _ => false,
    };
    (!absent).then_some(value)
}

fn lookup<'a>(value: &Cow<'a, Literal>, name: &str) -> Option<Cow<'a, Literal>> {
    match value {
        Cow::Borrowed(Literal::Table(members)) => members.get(name).map(Cow::Borrowed),
        Cow::Owned(Literal::Table(members)) => members.get(name).cloned().map(Cow::Owned),
        _ => None,
    }
}
