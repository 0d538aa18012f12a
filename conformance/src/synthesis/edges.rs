//! Values at the edges of a field's constraints: allowed ones, and ones that break a constraint each.

use mediajobs_codegen::evaluate::broken;
use mediajobs_codegen::model::{Bound, Constraints, FieldType, Literal, Number, TypeKind};

use super::place::Types;
use super::{sample, text};

/// A constraint with values at its edge.
#[derive(Debug)]
pub(super) struct Edge {
    /// The key of the spec.
    pub(super) key: &'static str,
    /// What the spec says, e.g. `max-chars 100`.
    pub(super) what: String,
    /// Values that just keep it.
    pub(super) allowed: Vec<Literal>,
    /// Values that may break it, and it alone.
    pub(super) tried: Vec<Literal>,
}

/// The edges of constraints on one value.
pub(super) fn of_value(types: Types<'_>, ty: &FieldType, constraints: &Constraints, known: &[Literal]) -> Vec<Edge> {
    let constraints = &text::with_form(ty, constraints);
    let mut edges = match ty {
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => numbers(constraints, false),
        FieldType::Float32 | FieldType::Float64 => numbers(constraints, true),
        FieldType::String | FieldType::JsonText | FieldType::Time(_) => texts(constraints, &sample::texts(known)),
        _ => Vec::new(),
    };
    let of_enum = match ty {
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Enum(of) => Some(of),
            _ => None,
        },
        _ => None,
    };
    if let Some(of) = of_enum {
        edges.push(Edge {
            key: "enum",
            what: format!("enum of {}", of.values.len()),
            allowed: of.values.iter().map(|value| Literal::String(value.wire.clone())).collect(),
            tried: vec![Literal::String("no-such-value".to_owned())],
        });
        if !constraints.values.is_empty() {
            edges.push(Edge {
                key: "values",
                what: format!("values, {}", constraints.values.len()),
                allowed: constraints.values.clone(),
                tried: of.values.iter().map(|value| Literal::String(value.wire.clone())).collect(),
            });
        }
    }
    for edge in &mut edges {
        edge.allowed.retain(|value| broken(constraints, value).is_empty());
        edge.tried.retain(|value| {
            edge.key == "enum" || matches!(broken(constraints, value).as_slice(), [only] if only.key == edge.key)
        });
        edge.allowed.dedup();
        edge.tried.dedup();
    }
    edges
}

fn numbers(constraints: &Constraints, fraction: bool) -> Vec<Edge> {
    let literal = |number: Number, step: i128| match number {
        Number::Integer(number) => Literal::Integer(number + step),
        #[allow(clippy::cast_precision_loss)] // The step is 1 or -1.
        Number::Float(number) => Literal::Float(number + step as f64),
    };
    let show = |bound: &Bound| match bound.value {
        Number::Integer(number) => number.to_string(),
        Number::Float(number) => number.to_string(),
    };
    let mut edges = Vec::new();
    for (bound, keys, inward) in [(constraints.min, ["min", "above"], 1), (constraints.max, ["max", "below"], -1)] {
        let Some(bound) = bound else { continue };
        let key = keys[usize::from(bound.exclusive)];
        let (allowed, tried) = if bound.exclusive { (inward, 0) } else { (0, -inward) };
        let factor = constraints.multiple_of.unwrap_or(1);
        edges.push(Edge {
            key,
            what: format!("{key} {}", show(&bound)),
            allowed: vec![literal(bound.value, allowed)],
            tried: vec![
                literal(bound.value, tried),
                literal(bound.value, tried * factor),
                literal(bound.value, -inward * factor),
            ],
        });
    }
    if let Some(factor) = constraints.multiple_of {
        let start = match constraints.min.map(|bound| bound.value) {
            Some(Number::Integer(least)) => least,
            _ => 0,
        };
        let around: Vec<Literal> = (start..=start + 3 * factor).map(Literal::Integer).collect();
        edges.push(Edge {
            key: "multiple-of",
            what: format!("multiple-of {factor}"),
            allowed: around.iter().filter(|value| broken(constraints, value).is_empty()).cloned().collect(),
            tried: around,
        });
    }
    if !constraints.values.is_empty() {
        let tried = (-1..60).map(Literal::Integer).filter(|_| !fraction);
        edges.push(Edge {
            key: "values",
            what: format!("values, {}", constraints.values.len()),
            allowed: constraints.values.clone(),
            tried: tried.collect(),
        });
    }
    edges
}

fn texts(constraints: &Constraints, known: &[String]) -> Vec<Edge> {
    let good = text::good(constraints, known);
    let bad = text::bad(constraints, &good);
    let mut edges = Vec::new();
    let length = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    let mut edge = |key: &'static str, what: String, allowed: Vec<String>| {
        let literals = |texts: &[String]| texts.iter().cloned().map(Literal::String).collect();
        edges.push(Edge { key, what, allowed: literals(&allowed), tried: literals(&bad) });
    };
    if let Some(least) = constraints.min_chars {
        edge("min-chars", format!("min-chars {least}"), text::of_length(&good, length(least), false));
    }
    if let Some(most) = constraints.max_chars {
        edge("max-chars", format!("max-chars {most}"), text::of_length(&good, length(most), false));
    }
    if let Some(most) = constraints.max_bytes {
        edge("max-bytes", format!("max-bytes {most}"), text::of_length(&good, length(most), true));
    }
    for (key, set) in [
        ("chars", &constraints.chars),
        ("first-chars", &constraints.first_chars),
        ("last-chars", &constraints.last_chars),
    ] {
        let Some(set) = set else { continue };
        // The ends of every range.
        let ends: Vec<char> = set.ranges.iter().flat_map(|(low, high)| [*low, *high]).collect();
        let with = |text: &String| {
            let mut out = Vec::new();
            for end in &ends {
                match key {
                    "first-chars" => out.push(format!("{end}{text}")),
                    "last-chars" => out.push(format!("{text}{end}")),
                    _ => {
                        let at = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
                        out.push(format!("{}{end}{}", &text[..at], &text[at..]));
                        let mut replaced: Vec<char> = text.chars().collect();
                        let middle = replaced.len() / 2;
                        if let Some(place) = replaced.get_mut(middle) {
                            *place = *end;
                        }
                        out.push(replaced.into_iter().collect());
                    }
                }
            }
            out
        };
        edge(key, format!("{key} {}", set.text), good.iter().take(1).flat_map(with).collect());
    }
    for (key, parts) in [
        ("contains", &constraints.contains),
        ("excludes", &constraints.excludes),
        ("starts-with", &constraints.starts_with),
    ] {
        if !parts.is_empty() {
            edge(key, format!("{key} {}", parts.join(" ")), good.clone());
        }
    }
    for (key, text) in [("pattern", &constraints.pattern), ("predicate", &constraints.predicate)] {
        if let Some(text) = text {
            edge(key, format!("{key} {text}"), good.clone());
        }
    }
    if !constraints.values.is_empty() {
        edge("values", format!("values, {}", constraints.values.len()), good.clone());
    }
    edges
}

/// The edges of how many items or members there are, and of their being different.
pub(super) fn of_size(types: Types<'_>, ty: &FieldType, constraints: &Constraints, items: &Constraints) -> Vec<Edge> {
    let of = |count: u64| -> Vec<Literal> {
        let all = match ty {
            FieldType::List(item) => Literal::List(sample::distinct(types, item, items, count)),
            FieldType::Map(item) => Literal::Table(sample::members(types, item, items, count)),
            _ => Literal::Table((0..count).map(|index| (format!("member-{index}"), Literal::Integer(1))).collect()),
        };
        let size = match &all {
            Literal::List(items) => items.len(),
            Literal::Table(members) => members.len(),
            _ => 0,
        };
        if size as u64 == count { vec![all] } else { Vec::new() }
    };
    let mut edges = Vec::new();
    if let Some(least) = constraints.min_items {
        let tried = least.checked_sub(1).map(of).unwrap_or_default();
        edges.push(Edge { key: "min-items", what: format!("min-items {least}"), allowed: of(least), tried });
    }
    if let Some(most) = constraints.max_items {
        edges.push(Edge {
            key: "max-items",
            what: format!("max-items {most}"),
            allowed: of(most),
            tried: of(most + 1),
        });
    }
    if let Some(name) = &constraints.predicate {
        let tried = vec![Literal::List(vec![Literal::Integer(1)]), Literal::String("text".to_owned())];
        let tried = tried.into_iter().filter(|value| broken(constraints, value).len() == 1);
        edges.push(Edge {
            key: "predicate",
            what: format!("predicate {name}"),
            allowed: of(constraints.min_items.unwrap_or(1)),
            tried: tried.collect(),
        });
    }
    if constraints.unique {
        let twice = of(1).into_iter().map(|one| match one {
            Literal::List(items) => Literal::List(items.iter().chain(&items).cloned().collect()),
            other => other,
        });
        edges.push(Edge { key: "unique", what: "unique".to_owned(), allowed: of(2), tried: twice.collect() });
    }
    edges
}
