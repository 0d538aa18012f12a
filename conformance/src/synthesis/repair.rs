//! Makes a request keep all rules, or all but one, by changing what is not under test.

use std::collections::{HashMap, HashSet};

use mediajobs_codegen::evaluate::{self, PathStep, Violation};
use mediajobs_codegen::model::{
    Condition, ConditionTest, Constraints, Field, FieldPath, FieldType, Literal, Number, Rule, RuleKind, Step, TypeId,
    TypeKind,
};

use super::place::{Place, PlaceStep, Types};
use super::sample;
use super::text;

/// How many values are tried in place of one.
const FEW: usize = 24;

/// Where a request is changed.
#[derive(Debug)]
pub(super) struct Repair<'m> {
    pub(super) types: Types<'m>,
    pub(super) request: TypeId,
    pub(super) records: Vec<(Place, TypeId)>,
    /// The values that rules name, by record and field.
    named: HashMap<(TypeId, usize), Vec<Literal>>,
}

impl<'m> Repair<'m> {
    pub(super) fn new(types: Types<'m>, request: TypeId) -> Self {
        let records = types.records(request);
        let ids: HashSet<TypeId> = records.iter().map(|(_, id)| *id).collect();
        let mut named: HashMap<(TypeId, usize), Vec<Literal>> = HashMap::new();
        let rules = ids.into_iter().filter_map(|id| types.record(id)).flat_map(|record| &record.rules);
        for (path, values) in rules.flat_map(values_of) {
            if let Some(Step::Field { record, field, .. }) = path.steps.last() {
                named.entry((*record, *field)).or_default().extend(values.iter().cloned());
            }
        }
        for values in named.values_mut() {
            values.sort_by_cached_key(|value| format!("{value:?}"));
            values.dedup();
        }
        Self { types, request, records, named }
    }

    pub(super) fn violations(&self, value: &Literal) -> Vec<Violation> {
        evaluate::violations(self.types.service, self.request, value)
    }

    /// Requests in which what a violation is about is otherwise.
    pub(super) fn moves(&self, value: &Literal, found: &Violation) -> Vec<Literal> {
        let Some(index) = found.rule else { return self.mended(value, found) };
        let rule = self.types.record(found.record).and_then(|record| record.rules.get(index));
        let (Some(rule), Some(place)) = (rule, self.holder(value, found)) else { return Vec::new() };
        let mut out = self.satisfied(value, place, &rule.kind);
        for condition in &rule.when {
            out.extend(self.make(value, place, condition, false));
        }
        out
    }

    /// Where the record stands that states what is broken.
    pub(super) fn holder(&self, value: &Literal, found: &Violation) -> Option<&Place> {
        let text = path_text(&found.path);
        let mut places = self.records.iter().filter(|(place, id)| {
            *id == found.record
                && self.types.get(value, place).is_some()
                && text.starts_with(&self.types.text(place, false))
        });
        places.next_back().map(|(place, _)| place)
    }

    /// A value that breaks a constraint, or is missing, gives way to a good one, or goes.
    fn mended(&self, value: &Literal, found: &Violation) -> Vec<Literal> {
        let text = path_text(&found.path);
        let mut out = Vec::new();
        for (place, id) in self.records.iter().filter(|(place, _)| self.types.get(value, place).is_some()) {
            let fields = self.types.record(*id).map(|record| record.fields.len()).unwrap_or_default();
            for index in 0..fields {
                let place: Place = place.iter().cloned().chain([PlaceStep::Field(*id, index)]).collect();
                if self.types.text(&place, false) == text {
                    if found.key == "unique" {
                        out.extend(self.once(value, &place));
                    }
                    let mut without = value.clone();
                    self.types.remove(&mut without, &place);
                    let mut with = without.clone();
                    if self.types.ensure(&mut with, &place).is_some() {
                        out.push(with);
                    }
                    out.push(without);
                }
            }
        }
        out
    }

    /// A request in which each item of a list is there once.
    fn once(&self, value: &Literal, place: &[PlaceStep]) -> Option<Literal> {
        let mut value = value.clone();
        let Literal::List(items) = self.types.ensure(&mut value, place)? else { return None };
        let mut once: Vec<Literal> = Vec::new();
        for item in items.drain(..) {
            if !once.contains(&item) {
                once.push(item);
            }
        }
        *items = once;
        Some(value)
    }

    /// Requests in which a demand is met.
    pub(super) fn satisfied(&self, value: &Literal, record: &[PlaceStep], kind: &RuleKind) -> Vec<Literal> {
        let with = |present: &[&FieldPath], absent: &[&FieldPath]| self.with(value, record, present, absent);
        match kind {
            RuleKind::Require(paths) => with(&refs(paths), &[]).into_iter().collect(),
            RuleKind::Forbid(paths) => with(&[], &refs(paths)).into_iter().collect(),
            RuleKind::AtLeastOne(paths) => paths.iter().filter_map(|path| with(&[path], &[])).collect(),
            RuleKind::Together(paths) => {
                [with(&refs(paths), &[]), with(&[], &refs(paths))].into_iter().flatten().collect()
            }
            RuleKind::ExactlyOne(paths) => {
                paths.iter().filter_map(|path| with(&[path], &others(paths, path))).collect()
            }
            RuleKind::AtMostOne(paths) => {
                let one = paths.iter().filter_map(|path| with(&[path], &others(paths, path)));
                one.chain(with(&[], &refs(paths))).collect()
            }
            RuleKind::Ascending { paths, strictly } => {
                let step = -i128::from(*strictly);
                let moved = paths.windows(2).filter_map(|pair| match pair {
                    [first, second] => Some(self.apart(value, record, first, second, step)),
                    _ => None,
                });
                moved.flatten().chain(paths.iter().filter_map(|path| with(&[], &[path]))).collect()
            }
            RuleKind::Constrain(path, constraints) => {
                let place = Types::follow(record, path);
                let now = self.types.get(value, &place);
                let sized = now.and_then(|now| sized(now, constraints));
                let mut out = Vec::new();
                for new in self.fitting(&place, constraints).into_iter().chain(sized) {
                    let mut value = value.clone();
                    if self.types.set(&mut value, &place, new).is_some() {
                        out.push(value);
                    }
                }
                out.extend(with(&[], &[path]));
                out
            }
        }
    }

    /// Requests in which one number is so much more than another number or size, of both that are there.
    pub(super) fn apart(
        &self,
        value: &Literal,
        record: &[PlaceStep],
        first: &FieldPath,
        second: &FieldPath,
        step: i128,
    ) -> Vec<Literal> {
        let Some(both) = self.with(value, record, &[first, second], &[]) else { return Vec::new() };
        let mut out = Vec::new();
        for (moved, other, step) in [(first, second, step), (second, first, -step)] {
            let holder = self.types.get(&both, record);
            let Some(other) = holder.and_then(|holder| evaluate::size(self.types.service, other, holder)) else {
                continue;
            };
            let place = Types::follow(record, moved);
            let is_integer = matches!(self.types.get(&both, &place), Some(Literal::Integer(_)));
            let new = match other {
                Literal::Integer(number) => Literal::Integer(number + step),
                #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Small numbers.
                Literal::Float(number) if is_integer => Literal::Integer(number as i128 + step),
                #[allow(clippy::cast_precision_loss)] // Small numbers.
                Literal::Float(number) => Literal::Float(number + step as f64),
                _ => continue,
            };
            let is_number = self.held_at(&place).is_some_and(|(_, ty, _)| is_number(ty));
            let mut request = both.clone();
            if is_number && self.types.set(&mut request, &place, new).is_some() {
                out.push(request);
            }
        }
        out
    }

    /// Values at a place that satisfy its own constraints and further ones.
    fn fitting(&self, place: &[PlaceStep], constraints: &Constraints) -> Vec<Literal> {
        let Some((field, ty, own)) = self.held_at(place) else { return Vec::new() };
        let both = |value: &Literal| {
            evaluate::broken(own, value).is_empty() && evaluate::broken(constraints, value).is_empty()
        };
        if is_number(ty) {
            let listed = constraints.values.iter().chain(&own.values).cloned().chain(self.named(place));
            let made = [constraints, own].map(|constraints| sample::value(self.types, ty, constraints, &[]));
            return listed.chain(made).filter(both).take(FEW).collect();
        }
        if matches!(ty, FieldType::List(_) | FieldType::Map(_)) {
            return Vec::new();
        }
        let known: Vec<Literal> = field.example.iter().cloned().collect();
        let good = |constraints| text::good(constraints, &sample::texts(&known)).into_iter().map(Literal::String);
        good(constraints).chain(good(own)).filter(both).take(FEW).collect()
    }

    /// The field that a place is, or is an item of, with the type and the constraints of what stands there.
    pub(super) fn held_at(&self, place: &[PlaceStep]) -> Option<(&'m Field, &'m FieldType, &'m Constraints)> {
        match place.last()? {
            PlaceStep::Field(record, index) => {
                let field = self.types.field(*record, *index)?;
                Some((field, &field.ty, &field.constraints))
            }
            PlaceStep::Item(record, index) => {
                let field = self.types.field(*record, *index)?;
                let (FieldType::List(item) | FieldType::Map(item)) = &field.ty else { return None };
                Some((field, item, &field.item_constraints))
            }
            _ => None,
        }
    }

    /// A request with some members of a record and without others.
    pub(super) fn with(
        &self,
        value: &Literal,
        record: &[PlaceStep],
        present: &[&FieldPath],
        absent: &[&FieldPath],
    ) -> Option<Literal> {
        let mut value = value.clone();
        for path in absent {
            self.types.remove(&mut value, &Types::follow(record, path));
        }
        for path in present {
            self.types.ensure(&mut value, &Types::follow(record, path))?;
        }
        Some(value)
    }

    /// Requests in which a condition holds, or does not.
    pub(super) fn make(
        &self,
        value: &Literal,
        record: &[PlaceStep],
        condition: &Condition,
        truth: bool,
    ) -> Vec<Literal> {
        let place = Types::follow(record, &condition.path);
        let without = || self.with(value, record, &[], &[&condition.path]).into_iter().collect::<Vec<_>>();
        let set = |literals: Vec<Literal>| {
            let each = literals.into_iter().filter_map(|literal| {
                let mut value = value.clone();
                self.types.set(&mut value, &place, literal).map(|()| value)
            });
            each.collect::<Vec<_>>()
        };
        let present = |is: bool| match is {
            true => self.with(value, record, &[&condition.path], &[]).into_iter().collect(),
            false => without(),
        };
        let beyond = |number: Number, step: i128| match number {
            Number::Integer(number) => Literal::Integer(number + step),
            #[allow(clippy::cast_precision_loss)] // The step is 1, 0 or -1.
            Number::Float(number) => Literal::Float(number + step as f64),
        };
        match (&condition.test, truth) {
            (ConditionTest::Present, truth) => present(truth),
            (ConditionTest::Absent, truth) => present(!truth),
            (ConditionTest::Is(listed), true) | (ConditionTest::IsNot(listed), false) => {
                let mut out = set(listed.clone());
                if !truth {
                    out.extend(without());
                }
                out
            }
            (ConditionTest::Is(listed), false) | (ConditionTest::IsNot(listed), true) => {
                let mut out = set(self.others(&place, listed));
                if !truth {
                    out.extend(without());
                }
                out
            }
            (ConditionTest::AtLeast(number), true) | (ConditionTest::AtMost(number), true) => {
                set(vec![beyond(*number, 0)])
            }
            (ConditionTest::AtLeast(number), false) => [set(vec![beyond(*number, -1)]), without()].concat(),
            (ConditionTest::AtMost(number), false) => [set(vec![beyond(*number, 1)]), without()].concat(),
        }
    }

    /// The values that rules name for a field.
    fn named(&self, place: &[PlaceStep]) -> Vec<Literal> {
        let Some(PlaceStep::Field(record, index) | PlaceStep::Item(record, index)) = place.last() else {
            return Vec::new();
        };
        self.named.get(&(*record, *index)).cloned().unwrap_or_default()
    }

    /// Values that a place may have besides those that are listed.
    pub(super) fn others(&self, place: &[PlaceStep], listed: &[Literal]) -> Vec<Literal> {
        let all: Vec<Literal> = match place.last() {
            Some(PlaceStep::Tag(union)) => {
                let variants = self.types.union(*union).map(|union| union.variants.as_slice()).unwrap_or_default();
                variants.iter().map(|variant| Literal::String(variant.wire.clone())).collect()
            }
            _ => match self.held_at(place).map(|(_, ty, _)| ty) {
                Some(FieldType::Named(id)) => match &self.types.service.ty(*id).kind {
                    TypeKind::Enum(ty) => ty.values.iter().map(|value| Literal::String(value.wire.clone())).collect(),
                    _ => Vec::new(),
                },
                Some(FieldType::Bool) => vec![Literal::Bool(true), Literal::Bool(false)],
                ty => {
                    let own = self.held_at(place).into_iter().flat_map(|(_, _, own)| own.values.iter().cloned());
                    let other: Vec<Literal> = match ty {
                        Some(FieldType::String) => vec![Literal::String("other".to_owned())],
                        _ => (0..4).map(Literal::Integer).collect(),
                    };
                    own.chain(self.named(place)).chain(other).collect()
                }
            },
        };
        let mut out: Vec<Literal> = Vec::new();
        for value in all {
            let fits = self.held_at(place).is_none_or(|(_, _, own)| evaluate::broken(own, &value).is_empty());
            if fits && !listed.contains(&value) && !out.contains(&value) {
                out.push(value);
            }
        }
        out
    }
}

fn refs(paths: &[FieldPath]) -> Vec<&FieldPath> {
    paths.iter().collect()
}

fn others<'p>(paths: &'p [FieldPath], one: &FieldPath) -> Vec<&'p FieldPath> {
    paths.iter().filter(|path| *path != one).collect()
}

/// The values that a rule names, with what they are values of.
fn values_of(rule: &Rule) -> Vec<(&FieldPath, &[Literal])> {
    let conditions = rule.when.iter().filter_map(|condition| match &condition.test {
        ConditionTest::Is(values) | ConditionTest::IsNot(values) => Some((&condition.path, values.as_slice())),
        _ => None,
    });
    let demand = match &rule.kind {
        RuleKind::Constrain(path, constraints) => Some((path, constraints.values.as_slice())),
        _ => None,
    };
    conditions.chain(demand).collect()
}

/// A list with as many items as it may have.
fn sized(now: &Literal, constraints: &Constraints) -> Option<Literal> {
    let Literal::List(items) = now else { return None };
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    let least = constraints.min_items.map_or(0, size).saturating_sub(items.len());
    let more = items.first().into_iter().flat_map(|item| std::iter::repeat_n(item, least));
    let all = items.iter().chain(more).take(constraints.max_items.map_or(usize::MAX, size));
    Some(Literal::List(all.cloned().collect()))
}

/// A violation's path as the clients write it.
pub(super) fn path_text(path: &[PathStep]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            PathStep::Member(name) if out.is_empty() => out.push_str(name),
            PathStep::Member(name) => out.push_str(&format!(".{name}")),
            PathStep::Item(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

fn is_number(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Int32
            | FieldType::Int64
            | FieldType::Uint32
            | FieldType::Uint64
            | FieldType::Float32
            | FieldType::Float64
    )
}
