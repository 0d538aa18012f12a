//! Valid values of fields, as small as they can be.

use indexmap::IndexMap;
use mediajobs_codegen::evaluate::broken;
use mediajobs_codegen::model::{Bound, Constraints, Field, FieldType, Literal, Number, TimeNotation, TypeId, TypeKind};

use super::place::{KEY, Types};
use super::text;

/// A value of a field.
pub(super) fn field(types: Types<'_>, field: &Field) -> Literal {
    if let Some(constant) = &field.constant {
        return constant.clone();
    }
    let known: Vec<Literal> = field.example.iter().chain(&field.default).cloned().collect();
    if let Some(known) =
        known.iter().find(|value| broken(&field.constraints, value).is_empty() && items_fit(field, value))
    {
        return known.clone();
    }
    match &field.ty {
        FieldType::List(item) => {
            let least = field.constraints.min_items.unwrap_or(1).max(1);
            Literal::List(distinct(types, item, &field.item_constraints, least))
        }
        FieldType::Map(item) => {
            let least = field.constraints.min_items.unwrap_or(1).max(1);
            Literal::Table(members(types, item, &field.item_constraints, least))
        }
        ty => value(types, ty, &field.constraints, &texts(&known)),
    }
}

fn items_fit(field: &Field, value: &Literal) -> bool {
    match value {
        Literal::List(items) => items.iter().all(|item| broken(&field.item_constraints, item).is_empty()),
        _ => true,
    }
}

/// The texts among literals.
pub(super) fn texts(known: &[Literal]) -> Vec<String> {
    let text = |value: &Literal| match value {
        Literal::String(text) => Some(text.clone()),
        _ => None,
    };
    known.iter().filter_map(text).collect()
}

/// A record with its required members.
pub(super) fn record(types: Types<'_>, id: TypeId) -> Literal {
    let fields = types.record(id).map(|record| record.fields.as_slice()).unwrap_or_default();
    let required = fields.iter().filter(|field| field.required && field.constant.is_none());
    Literal::Table(required.map(|of| (of.wire.clone(), field(types, of))).collect())
}

/// A value of a type.
pub(super) fn value(types: Types<'_>, ty: &FieldType, constraints: &Constraints, known: &[String]) -> Literal {
    match ty {
        FieldType::String | FieldType::JsonText => {
            let good = text::good(&text::with_form(ty, constraints), known);
            Literal::String(good.first().cloned().unwrap_or_else(|| "text".to_owned()))
        }
        FieldType::Bool => Literal::Bool(true),
        FieldType::Float32 | FieldType::Float64 => number(constraints, true),
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => number(constraints, false),
        FieldType::Time(TimeNotation::Utc) => Literal::String("2020-12-26T04:11:10Z".to_owned()),
        FieldType::Time(TimeNotation::Offset) => Literal::String("2022-06-27T15:23:10+0800".to_owned()),
        FieldType::Json => {
            let least = i128::from(constraints.min_items.unwrap_or(1).max(1));
            Literal::Table((0..least).map(|index| (format!("member-{index}"), Literal::Integer(index))).collect())
        }
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Record(_) => record(types, *id),
            TypeKind::Enum(ty) => {
                let texts = ty.values.iter().map(|value| value.wire.clone());
                Literal::String(texts.into_iter().find(|text| text::fits(constraints, text)).unwrap_or_default())
            }
            TypeKind::Union(_) => {
                let mut union = Literal::Table(IndexMap::new());
                // The first variant; a union without any can't be made.
                let _ = types.be_variant(&mut union, *id, 0);
                union
            }
        },
        FieldType::List(item) => Literal::List(vec![value(types, item, &Constraints::default(), &[])]),
        FieldType::Map(item) => Literal::Table(members(types, item, &Constraints::default(), 1)),
    }
}

fn number(constraints: &Constraints, fraction: bool) -> Literal {
    let bound = |bound: Option<Bound>, step: i128| {
        bound.map(|bound| match bound.value {
            Number::Integer(number) if bound.exclusive => Literal::Integer(number + step),
            Number::Integer(number) => Literal::Integer(number),
            #[allow(clippy::cast_precision_loss)] // The step is 1 or -1.
            Number::Float(number) if bound.exclusive => Literal::Float(number + step as f64),
            Number::Float(number) => Literal::Float(number),
        })
    };
    let known = constraints.values.first().cloned();
    let factor = constraints.multiple_of.map(Literal::Integer);
    let tried = [known, factor, Some(Literal::Integer(1)), bound(constraints.min, 1), bound(constraints.max, -1)];
    let found = tried.into_iter().flatten().find(|value| broken(constraints, value).is_empty());
    found.unwrap_or(if fraction { Literal::Float(0.5) } else { Literal::Integer(1) })
}

/// Several items, no two alike.
pub(super) fn distinct(types: Types<'_>, item: &FieldType, constraints: &Constraints, count: u64) -> Vec<Literal> {
    let mut out: Vec<Literal> = Vec::new();
    let enough = |out: &Vec<Literal>| out.len() as u64 >= count;
    let enum_values = match item {
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Enum(ty) => ty.values.iter().map(|value| Literal::String(value.wire.clone())).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let first = value(types, item, constraints, &[]);
    let more = (0..i128::from(count) * 4 + 40).map(|index| match &first {
        Literal::Integer(_) => Literal::Integer(index),
        #[allow(clippy::cast_precision_loss)] // Small numbers.
        Literal::Float(_) => Literal::Float(index as f64),
        Literal::String(text) => Literal::String(format!("{text}{index}")),
        other => other.clone(),
    });
    let of_enum = !enum_values.is_empty();
    let all: Vec<Literal> = if of_enum { enum_values } else { std::iter::once(first.clone()).chain(more).collect() };
    for value in all {
        let is_new = matches!(value, Literal::Table(_)) || !out.contains(&value);
        if !enough(&out) && is_new && broken(constraints, &value).is_empty() {
            out.push(value);
        }
    }
    out
}

/// How many different items there are, where that is known.
pub(super) fn count(types: Types<'_>, item: &FieldType, constraints: &Constraints) -> Option<u64> {
    if !constraints.values.is_empty() {
        return Some(constraints.values.len() as u64);
    }
    match item {
        FieldType::Bool => Some(2),
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Enum(ty) => Some(ty.values.len() as u64),
            _ => None,
        },
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => {
            let end = |bound: Option<Bound>, inward: i128| match bound?.value {
                Number::Integer(number) => Some(number + if bound?.exclusive { inward } else { 0 }),
                Number::Float(_) => None,
            };
            let (low, high) = (end(constraints.min, 1)?, end(constraints.max, -1)?);
            u64::try_from(high - low + 1).ok()
        }
        _ => None,
    }
}

/// Several members of a map.
pub(super) fn members(
    types: Types<'_>,
    item: &FieldType,
    constraints: &Constraints,
    count: u64,
) -> IndexMap<String, Literal> {
    let name = |index: u64| if index == 0 { KEY.to_owned() } else { format!("key-{}", index + 1) };
    (0..count).map(|index| (name(index), value(types, item, constraints, &[]))).collect()
}
