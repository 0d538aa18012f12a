//! Answers and callbacks with everything in them that the specs know.

use indexmap::IndexMap;
use mediajobs_codegen::model::{Field, FieldType, Literal, TypeId, TypeKind};

use super::encode;
use super::place::{KEY, Types};
use super::sample;
use crate::suite::{CallbackTarget, Target};

/// How many answers are made, to have as many values of enums and variants of unions.
const ROUNDS: usize = 12;

/// Bodies of answers in which every field has a value, down to the last; each with another value of its enums.
pub fn answers(target: Target<'_>) -> Vec<String> {
    if target.operation.empty_response {
        return Vec::new();
    }
    let types = Types { service: target.service };
    let mut out = Vec::new();
    for round in 0..ROUNDS {
        let full = record(types, target.operation.response, round, &mut Vec::new());
        let body = encode::answer(target, &full);
        if !out.contains(&body) {
            out.push(body);
        }
    }
    out
}

/// Bodies of a callback in which every field has a value, in all its notations.
pub fn messages(target: CallbackTarget<'_>) -> Vec<String> {
    let CallbackTarget { service, callback, .. } = target;
    let mut out = Vec::new();
    for round in 0..ROUNDS {
        let full = record(Types { service }, callback.message, round, &mut Vec::new());
        let bodies = callback.notations.iter().map(|notation| encode::message(service, callback, &full, *notation));
        for body in bodies {
            if !out.contains(&body) {
                out.push(body);
            }
        }
    }
    out
}

fn record(types: Types<'_>, id: TypeId, round: usize, within: &mut Vec<TypeId>) -> Literal {
    let fields = types.record(id).map(|record| record.fields.as_slice()).unwrap_or_default();
    within.push(id);
    let mut members = IndexMap::new();
    for field in fields {
        // A record within itself comes once.
        if field.required || !within.iter().any(|outer| holds(&field.ty, *outer)) {
            let value = field.constant.clone().unwrap_or_else(|| value(types, field, &field.ty, round, within));
            members.insert(field.wire.clone(), value);
        }
    }
    within.pop();
    Literal::Table(members)
}

fn holds(ty: &FieldType, id: TypeId) -> bool {
    match ty {
        FieldType::Named(named) => *named == id,
        FieldType::List(ty) | FieldType::Map(ty) => holds(ty, id),
        _ => false,
    }
}

fn value(types: Types<'_>, field: &Field, ty: &FieldType, round: usize, within: &mut Vec<TypeId>) -> Literal {
    match ty {
        // Every third is empty.
        _ if field.allow_empty.is_some() && round % 3 == 2 => Literal::String(String::new()),
        FieldType::List(item) => {
            // Two items, the second of the next round.
            let items = [round, round + 1].map(|round| value(types, field, item, round, within));
            Literal::List(items.into())
        }
        FieldType::Map(item) => {
            Literal::Table(IndexMap::from([(KEY.to_owned(), value(types, field, item, round, within))]))
        }
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Record(_) => record(types, *id, round, within),
            TypeKind::Enum(of) => {
                let value = of.values.get(round % of.values.len().max(1));
                Literal::String(value.map(|value| value.wire.clone()).unwrap_or_default())
            }
            TypeKind::Union(of) => {
                let Some(variant) = of.variants.get(round % of.variants.len().max(1)) else {
                    return Literal::Table(IndexMap::new());
                };
                let mut members = IndexMap::from([(of.tag.clone(), Literal::String(variant.wire.clone()))]);
                if let Literal::Table(rest) = record(types, variant.record, round, within) {
                    members.extend(rest);
                }
                Literal::Table(members)
            }
        },
        FieldType::String if round % 2 == 1 => Literal::String(format!("<{round}> & \"中 é\" ")),
        // A false one would make it a refusal.
        FieldType::Bool if types.service.errors.success_flag.as_ref() == Some(&field.wire) => Literal::Bool(true),
        FieldType::Bool => Literal::Bool(round.is_multiple_of(2)),
        ty => match &field.example {
            Some(example) if !matches!(example, Literal::List(_) | Literal::Table(_)) => example.clone(),
            _ => sample::value(types, ty, &field.constraints, &[]),
        },
    }
}
