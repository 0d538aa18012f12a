//! Values at the edges of a field's constraints: allowed ones, and ones that break a constraint each.

use std::collections::HashMap;

use mediajobs_codegen::evaluate::broken;
use mediajobs_codegen::model::{Bound, Constraints, EnumType, FieldType, Literal, Number, TypeKind};

use super::place::Types;
use super::search::{self, Blocked};
use super::{sample, text};

/// How many texts are enough to try.
const TEXTS: usize = 24;
/// How many numbers are: one is much like another.
const NUMBERS: usize = 8;

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
    /// Why there are none that keep it.
    pub(super) not_kept: String,
    /// Why there are none that break it.
    pub(super) not_broken: String,
}

impl Edge {
    fn new(key: &'static str, what: String, allowed: Vec<Literal>, tried: Vec<Literal>) -> Self {
        let (not_kept, not_broken) = ("no value at its edge is known", "no value that breaks it is known");
        Self { key, what, allowed, tried, not_kept: not_kept.to_owned(), not_broken: not_broken.to_owned() }
    }

    /// Whether each of its values is named in the spec, so that each is tested.
    pub(super) fn is_listed(&self) -> bool {
        matches!(self.key, "enum" | "values")
    }

    /// Why values that keep it stand in no request: of those that are listed each is missed, of others only the first, and
    /// only where there is none instead.
    pub(super) fn not_found(&self, mut found: Vec<(&Literal, Blocked)>, is_kept: bool) -> Vec<String> {
        if self.allowed.is_empty() {
            return vec![self.not_kept.clone()];
        }
        if self.is_listed() {
            return search::reasons(found);
        }
        found.truncate(usize::from(!is_kept));
        found.iter().map(|(_, blocked)| blocked.reason("a value at its edge")).collect()
    }

    /// Leaves texts out that break it and can't be sent.
    pub(super) fn leave_out(&mut self, is_unfit: impl Fn(&str) -> bool, reason: &str) {
        let before = self.tried.len();
        self.tried.retain(|value| !matches!(value, Literal::String(text) if is_unfit(text)));
        if self.tried.is_empty() && before > 0 {
            reason.clone_into(&mut self.not_broken);
        }
    }

    /// Leaves a few values that break nothing else; `keys` are all that a value breaks of whatever holds for it.
    fn settle(&mut self, mut keys: impl FnMut(&Literal) -> Vec<&'static str>) {
        let (mut beside, mut count) = (Companions::default(), 0);
        let enough = |value: &Literal| if matches!(value, Literal::String(_)) { TEXTS } else { NUMBERS };
        let is_listed = self.is_listed();
        self.allowed.retain(|value| {
            let is_good = (is_listed || count < enough(value)) && beside.note(keys(value));
            count += usize::from(is_good);
            is_good
        });
        if let Some(keys) = beside.text() {
            self.not_kept = format!("every value at its edge breaks {keys}");
        }
        (beside, count) = (Companions::default(), 0);
        self.tried.retain(|value| {
            if count >= enough(value) {
                return false;
            }
            let mut keys = keys(value);
            let Some(own) = keys.iter().position(|key| *key == self.key) else { return false };
            keys.remove(own);
            let is_good = beside.note(keys);
            count += usize::from(is_good);
            is_good
        });
        if let Some(keys) = beside.text() {
            self.not_broken = format!("every value that breaks it breaks {keys} too");
        }
        self.allowed.dedup();
        self.tried.dedup();
    }
}

/// The keys that values break besides the one that is looked at: of the best values.
#[derive(Debug, Default)]
struct Companions {
    fewest: usize,
    keys: Vec<Vec<&'static str>>,
}

impl Companions {
    /// Whether there are none.
    fn note(&mut self, keys: Vec<&'static str>) -> bool {
        let is_none = keys.is_empty();
        if self.keys.is_empty() || keys.len() < self.fewest {
            (self.fewest, self.keys) = (keys.len(), Vec::new());
        }
        if keys.len() == self.fewest && !self.keys.contains(&keys) {
            self.keys.push(keys);
        }
        is_none
    }

    fn text(&self) -> Option<String> {
        let and = |keys: &Vec<&str>| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let all: Vec<String> = self.keys.iter().map(and).collect();
        (self.fewest > 0).then(|| all.join(" or "))
    }
}

/// The edges of constraints on a value of any type; of a list or map, on its size.
pub(super) fn of(
    types: Types<'_>,
    ty: &FieldType,
    constraints: &Constraints,
    own: &Constraints,
    items: &Constraints,
    known: &[Literal],
) -> Vec<Edge> {
    match ty {
        FieldType::List(_) | FieldType::Map(_) | FieldType::Json => of_size(types, ty, constraints, own, items),
        _ => of_value(types, ty, constraints, own, known),
    }
}

/// The edges of constraints on one value, for which further constraints of its own may hold.
pub(super) fn of_value(
    types: Types<'_>,
    ty: &FieldType,
    constraints: &Constraints,
    own: &Constraints,
    known: &[Literal],
) -> Vec<Edge> {
    let of_enum = match ty {
        FieldType::Named(id) => match &types.service.ty(*id).kind {
            TypeKind::Enum(of) => Some(of),
            _ => None,
        },
        _ => None,
    };
    let mut edges = match ty {
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => numbers(constraints, own, false),
        FieldType::Float32 | FieldType::Float64 => numbers(constraints, own, true),
        FieldType::String | FieldType::JsonText | FieldType::Time(_) => texts(constraints, own, &sample::texts(known)),
        _ => of_enum.into_iter().flat_map(|of| listed(of, constraints)).collect(),
    };
    let listed = |value: &Literal| {
        of_enum.is_none_or(|of| of.values.iter().any(|known| Literal::String(known.wire.clone()) == *value))
    };
    // The edges of one field try the same texts.
    let mut judged: HashMap<String, Vec<&'static str>> = HashMap::new();
    let judge = |value: &Literal| {
        if !listed(value) {
            // Of such a one no more is said.
            return vec!["enum"];
        }
        broken(constraints, value).into_iter().chain(broken(own, value)).map(|broken| broken.key).collect()
    };
    for edge in &mut edges {
        edge.settle(|value| match value {
            Literal::String(text) => judged.entry(text.clone()).or_insert_with(|| judge(value)).clone(),
            value => judge(value),
        });
    }
    edges
}

/// The values of an enum, and those of them that are allowed.
fn listed(of: &EnumType, constraints: &Constraints) -> Vec<Edge> {
    let all: Vec<Literal> = of.values.iter().map(|value| Literal::String(value.wire.clone())).collect();
    let stranger = vec![Literal::String("no-such-value".to_owned())];
    let mut edges = vec![Edge::new("enum", format!("enum of {}", all.len()), all.clone(), stranger)];
    if !constraints.values.is_empty() {
        let what = format!("values, {}", constraints.values.len());
        edges.push(Edge::new("values", what, constraints.values.clone(), all));
    }
    edges
}

fn numbers(constraints: &Constraints, own: &Constraints, fraction: bool) -> Vec<Edge> {
    let literal = |number: Number, step: i128| match number {
        Number::Integer(number) => Literal::Integer(number + step),
        #[allow(clippy::cast_precision_loss)] // The step is 1 or -1.
        Number::Float(number) => Literal::Float(number + step as f64),
    };
    let show = |bound: &Bound| match bound.value {
        Number::Integer(number) => number.to_string(),
        Number::Float(number) => number.to_string(),
    };
    // What the field's own constraints know of.
    let ends = [own.min, own.max].into_iter().flatten().map(|bound| literal(bound.value, 0));
    let known: Vec<Literal> = own.values.iter().cloned().chain(ends).collect();
    let mut edges = Vec::new();
    for (bound, keys, inward) in [(constraints.min, ["min", "above"], 1), (constraints.max, ["max", "below"], -1)] {
        let Some(bound) = bound else { continue };
        let key = keys[usize::from(bound.exclusive)];
        let (allowed, tried) = if bound.exclusive { (inward, 0) } else { (0, -inward) };
        let factor = constraints.multiple_of.or(own.multiple_of).unwrap_or(1);
        let outside =
            [literal(bound.value, tried), literal(bound.value, tried * factor), literal(bound.value, -inward * factor)];
        edges.push(Edge::new(
            key,
            format!("{key} {}", show(&bound)),
            vec![literal(bound.value, allowed)],
            outside.into_iter().chain(known.iter().cloned()).collect(),
        ));
    }
    if let Some(factor) = constraints.multiple_of {
        let start = match constraints.min.or(own.min).map(|bound| bound.value) {
            Some(Number::Integer(least)) => least,
            _ => 0,
        };
        let around: Vec<Literal> = (start..=start + 3 * factor).map(Literal::Integer).collect();
        edges.push(Edge::new("multiple-of", format!("multiple-of {factor}"), around.clone(), around));
    }
    if !constraints.values.is_empty() {
        let beside = constraints.values.iter().map(|value| match value {
            Literal::Integer(number) if !fraction => Literal::Integer(number + 1),
            #[allow(clippy::cast_precision_loss)] // A listed number is small.
            Literal::Integer(number) => Literal::Float(*number as f64 + 0.5),
            Literal::Float(number) => Literal::Float(number + 0.5),
            other => other.clone(),
        });
        let tried = known.into_iter().chain((-1..60).map(Literal::Integer)).chain(beside);
        let what = format!("values, {}", constraints.values.len());
        edges.push(Edge::new("values", what, constraints.values.clone(), tried.collect()));
    }
    edges
}

fn texts(constraints: &Constraints, own: &Constraints, known: &[String]) -> Vec<Edge> {
    // The best keep what holds anyway.
    let mut good = text::good(constraints, known);
    let usual = text::good(own, known);
    good.extend(usual.iter().filter(|text| text::fits(constraints, text)).cloned());
    good.sort_by_key(|text| !text::fits(own, text));
    let bad: Vec<String> = text::bad(constraints, &good).into_iter().chain(usual).collect();
    let mut edges = Vec::new();
    let length = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    let mut edge = |key: &'static str, what: String, allowed: Vec<String>| {
        let literals = |texts: &[String]| texts.iter().cloned().map(Literal::String).collect();
        edges.push(Edge::new(key, what, literals(&allowed), literals(&bad)));
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
fn of_size(
    types: Types<'_>,
    ty: &FieldType,
    constraints: &Constraints,
    own: &Constraints,
    items: &Constraints,
) -> Vec<Edge> {
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
        edges.push(Edge::new("min-items", format!("min-items {least}"), of(least), tried));
    }
    if let Some(most) = constraints.max_items {
        let mut edge = Edge::new("max-items", format!("max-items {most}"), of(most), of(most + 1));
        let different = match ty {
            FieldType::List(item) if constraints.unique || own.unique => sample::count(types, item, items),
            _ => None,
        };
        if let Some(different) = different.filter(|different| *different <= most) {
            edge.not_broken = format!("more than {different} items break `unique`: there are no more that differ");
        }
        edges.push(edge);
    }
    if let Some(name) = &constraints.predicate {
        let tried = vec![Literal::List(vec![Literal::Integer(1)]), Literal::String("text".to_owned())];
        let allowed = of(constraints.min_items.unwrap_or(1));
        edges.push(Edge::new("predicate", format!("predicate {name}"), allowed, tried));
    }
    if constraints.unique {
        let twice = of(1).into_iter().map(|one| match one {
            Literal::List(items) => Literal::List(items.iter().chain(&items).cloned().collect()),
            other => other,
        });
        edges.push(Edge::new("unique", "unique".to_owned(), of(2), twice.collect()));
    }
    for edge in &mut edges {
        edge.settle(|value| {
            broken(constraints, value).into_iter().chain(broken(own, value)).map(|broken| broken.key).collect()
        });
    }
    edges
}

#[cfg(test)]
mod tests {
    use mediajobs_codegen::model::Literal;

    use super::Edge;

    #[test]
    fn says_what_is_in_the_way() {
        let text = |text: &str| Literal::String(text.to_owned());
        let mut edge = Edge::new("min-chars", "min-chars 1".to_owned(), vec![text("a")], vec![text("")]);
        edge.settle(|value| match value {
            Literal::String(text) if text.is_empty() => vec!["min-chars", "pattern"],
            _ => vec!["pattern"],
        });
        assert!(edge.allowed.is_empty() && edge.tried.is_empty(), "{edge:?}");
        assert_eq!(edge.not_kept, "every value at its edge breaks `pattern`");
        assert_eq!(edge.not_broken, "every value that breaks it breaks `pattern` too");
    }
}
