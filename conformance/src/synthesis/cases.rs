//! The tests that the specs ask for: for every constraint a request at its edge, and one that breaks it alone.

use std::collections::HashMap;

use mediajobs_codegen::evaluate::Violation;
use mediajobs_codegen::model::{Constraints, Encoding, Field, FieldType, Literal, Owner, Severity, TypeId};

use super::edges::{self, Edge};
use super::place::{Place, PlaceStep, Types};
use super::repair::{Repair, path_text};
use super::search::{Aim, Blocked, is_warning};
use super::{rules, sample, text};
use crate::suite::Target;

/// One request with what must become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The field or record, e.g. `input(vcn).data[0].device_id`.
    pub place: String,
    /// The rule, e.g. `max-chars 100`.
    pub what: String,
    /// The request.
    pub request: Literal,
    /// What becomes of it.
    pub expect: Expect,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// It breaks no rule of severity error.
    Accepted,
    /// It breaks one rule.
    Refused {
        /// The rule's name.
        rule: String,
        /// The path of the violation.
        path: String,
        /// Whether it stops the send.
        severity: Severity,
    },
    /// It breaks a rule among several fields; what else it breaks does not matter.
    Told {
        /// The rule's name.
        rule: String,
        /// The path of the violation.
        path: String,
        /// The rule's sentence.
        doc: String,
    },
    /// It breaks no rule of this sentence; what else it breaks does not matter.
    Untold {
        /// The sentence.
        doc: String,
    },
}

/// A rule that no request could be made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untested {
    /// The field or record.
    pub place: String,
    /// The rule.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// All that an operation's specs ask to be tested.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cases {
    /// The tests.
    pub cases: Vec<Case>,
    /// The rules without one.
    pub untested: Vec<Untested>,
    /// How many constraints and rules have a test that breaks them.
    pub broken: usize,
}

/// What was tested already of the shared records of a service: their checks are one function, wherever they stand.
#[derive(Debug, Default)]
pub struct Tested(HashMap<(String, TypeId), Progress>);

#[derive(Debug, Default)]
struct Progress {
    is_whole: bool,
    operations: usize,
}

impl Tested {
    /// In so many operations a record is tried that could not be tested as a whole.
    const TRIES: usize = 2;

    fn is_done(&self, service: &str, id: TypeId) -> bool {
        self.0
            .get(&(service.to_owned(), id))
            .is_some_and(|progress| progress.is_whole || progress.operations >= Self::TRIES)
    }
}

/// The tests that an operation's specs ask for. Of a shared record that was tested with an earlier operation, one: that
/// its checks are called here too.
pub fn cases(target: Target<'_>, tested: &mut Tested) -> Cases {
    let types = Types { service: target.service };
    let mut maker = Maker {
        types,
        repair: Repair::new(types, target.operation.request),
        starts: vec![Literal::Table(target.operation.example.clone()), sample::record(types, target.operation.request)],
        out: Cases::default(),
    };
    for (place, id) in maker.repair.records.clone() {
        maker.union(&place);
        let record = types.record(id).cloned().unwrap_or_default();
        if tested.is_done(&target.service.name, id) {
            maker.is_called(&place, id, &record.fields);
            continue;
        }
        let untested = maker.out.untested.len();
        for (index, field) in record.fields.iter().enumerate().filter(|(_, field)| field.constant.is_none()) {
            let place: Place = place.iter().cloned().chain([PlaceStep::Field(id, index)]).collect();
            maker.field(&place, field);
        }
        for (index, rule) in record.rules.iter().enumerate() {
            rules::add(&mut maker, &place, id, index, rule);
        }
        if target.service.ty(id).owner == Owner::Shared {
            let progress = tested.0.entry((target.service.name.clone(), id)).or_default();
            progress.operations += 1;
            progress.is_whole |= maker.out.untested.len() == untested;
        }
    }
    maker.out
}

pub(super) struct Maker<'m> {
    pub(super) types: Types<'m>,
    pub(super) repair: Repair<'m>,
    pub(super) starts: Vec<Literal>,
    pub(super) out: Cases,
}

impl Maker<'_> {
    pub(super) fn untested(&mut self, place: &[PlaceStep], what: &str, reason: &str) {
        let place = self.types.text(place, true);
        self.out.untested.push(Untested { place, what: what.to_owned(), reason: reason.to_owned() });
    }

    pub(super) fn add(&mut self, place: &[PlaceStep], what: &str, request: Literal, expect: Expect) {
        let place = self.types.text(place, true);
        self.out.cases.push(Case { place, what: what.to_owned(), request, expect });
    }

    /// One request that breaks something of a record, whatever it is.
    fn is_called(&mut self, place: &Place, id: TypeId, fields: &[Field]) {
        let before = self.out.clone();
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| field.constant.is_none()) {
            let place: Place = place.iter().cloned().chain([PlaceStep::Field(id, index)]).collect();
            self.field(&place, field);
            if self.out.broken > before.broken {
                break;
            }
        }
        // What can't be tested here was told where the record was tested.
        self.out.untested = before.untested;
    }

    /// The tag of a union holds only documented values.
    fn union(&mut self, place: &[PlaceStep]) {
        let Some((PlaceStep::Variant(union, 0), before)) = place.split_last() else { return };
        let tag: Place = before.iter().cloned().chain([PlaceStep::Tag(*union)]).collect();
        for start in self.starts.clone() {
            let mut request = start;
            if self.types.ensure(&mut request, place).is_none() {
                continue;
            }
            if let Some(tag) = self.types.ensure(&mut request, &tag) {
                *tag = Literal::String("no-such-variant".to_owned());
                self.out.broken += 1;
                let path = self.types.text(&tag_path(place, *union), false);
                let expect = Expect::Refused { rule: "enum".to_owned(), path, severity: Severity::Error };
                return self.add(&tag_path(place, *union), "enum of variants", request, expect);
            }
        }
        self.untested(place, "enum of variants", "no request has it");
    }

    fn field(&mut self, place: &Place, field: &Field) {
        if field.required {
            self.required(place, field);
        }
        if field.allow_empty.is_some() {
            let empty = Literal::String(String::new());
            match self.holding(place, &[empty], &|_| false, false, false) {
                Ok(request) => self.add(place, "allow-empty", request, Expect::Accepted),
                Err(blocked) => self.untested(place, "allow-empty", &blocked.reason("an empty one")),
            }
        }
        let known: Vec<Literal> = field.example.iter().chain(&field.default).cloned().collect();
        let none = Constraints::default();
        let own = text::with_form(&field.ty, &field.constraints);
        let edges = edges::of(self.types, &field.ty, &own, &none, &field.item_constraints, &known);
        for edge in edges {
            self.edge(place, field, edge);
        }
        if let FieldType::List(item) | FieldType::Map(item) = &field.ty {
            let known: Vec<Literal> = match &field.example {
                Some(Literal::List(items)) => items.clone(),
                _ => Vec::new(),
            };
            let items: Place = place.iter().cloned().chain(place.last().cloned().map(into_item)).collect();
            let constraints = text::with_form(item, &field.item_constraints);
            for edge in edges::of_value(self.types, item, &constraints, &none, &known) {
                self.edge(&items, field, edge);
            }
        }
    }

    /// Without a required field, and where that is a list with an empty one, a request is refused.
    fn required(&mut self, place: &Place, field: &Field) {
        let path = self.types.text(place, false);
        let refused = Expect::Refused { rule: "required".to_owned(), path: path.clone(), severity: Severity::Error };
        let meant = |found: &Violation| found.key == "required" && path_text(&found.path) == path;
        let gone = |value: &Literal| {
            self.types.get(value, &place[..place.len() - 1]).is_some() && self.types.get(value, place).is_none()
        };
        let without = |start: &Literal| {
            let mut request = start.clone();
            self.types.ensure(&mut request, place)?;
            self.types.remove(&mut request, place);
            Some(request)
        };
        let starts = self.starts.iter().filter_map(without);
        match self.repair.search(starts, &Aim { holds: &gone, meant: &meant, breaks: false, forgives: &is_warning }) {
            Ok(request) => {
                self.out.broken += 1;
                let mut empty = request.clone();
                self.add(place, "required", request, refused.clone());
                let nothing = match field.ty {
                    FieldType::List(_) if !field.keep_empty => Some(Literal::List(Vec::new())),
                    FieldType::String => Some(Literal::String(String::new())),
                    _ => None,
                };
                if nothing.and_then(|nothing| self.types.set(&mut empty, place, nothing)).is_some() {
                    self.add(place, "required, empty", empty, refused);
                }
            }
            Err(blocked) => self.untested(place, "required", &blocked.reason("it missing")),
        }
    }

    fn edge(&mut self, place: &Place, field: &Field, mut edge: Edge) {
        let is_item = matches!(place.last(), Some(PlaceStep::Item(..)));
        let in_commas = is_item && field.encoding == Encoding::Comma;
        if !is_item && field.required {
            edge.leave_out(str::is_empty, "a required text that is empty is missing");
        }
        if in_commas {
            edge.leave_out(|text| text.contains(','), "an item with a comma in it is two items when it arrives");
        }
        self.kept(place, &edge, in_commas);
        let Edge { key, what, tried, not_broken, .. } = edge;
        let empties = tried.iter().any(|value| *value == Literal::List(Vec::new()) || is_empty_map(value));
        let many = matches!(field.ty, FieldType::List(_) | FieldType::Map(_));
        if key == "min-items" && empties && many && !field.required && !field.keep_empty {
            return self.untested(place, &what, "an empty list or map stands for an absent one, and is not sent");
        }
        if tried.is_empty() {
            return self.untested(place, &what, &not_broken);
        }
        // Of a required list or text, an empty one is as good as none.
        let rule = if key == "min-items" && empties && field.required && !field.keep_empty { "required" } else { key };
        let severity = if matches!(rule, "required" | "enum") { Severity::Error } else { field.severity };
        let path = self.types.text(place, false);
        let meant = |found: &Violation| found.key == key && path_text(&found.path) == path;
        match self.holding(place, &tried, &meant, severity == Severity::Warning, in_commas) {
            Ok(request) => {
                self.out.broken += 1;
                self.add(place, &what, request, Expect::Refused { rule: rule.to_owned(), path, severity });
            }
            Err(blocked) => self.untested(place, &what, &blocked.reason("a value that breaks it")),
        }
    }

    /// Requests with values that just keep a constraint.
    fn kept(&mut self, place: &Place, edge: &Edge, in_commas: bool) {
        let what = format!("{}, kept", edge.what);
        let mut not_found = Vec::new();
        let mut is_kept = false;
        for value in &edge.allowed {
            match self.holding(place, std::slice::from_ref(value), &|_| false, false, in_commas) {
                Ok(request) => {
                    is_kept = true;
                    self.add(place, &what, request, Expect::Accepted);
                }
                Err(blocked) => not_found.push((value, blocked)),
            }
        }
        for reason in edge.not_found(not_found, is_kept) {
            self.untested(place, &what, &reason);
        }
    }

    /// A request with one of several values at a place that breaks nothing but what is meant.
    fn holding(
        &self,
        place: &Place,
        values: &[Literal],
        meant: &dyn Fn(&Violation) -> bool,
        warnings: bool,
        in_commas: bool,
    ) -> Result<Literal, Blocked> {
        let holds = |request: &Literal| {
            self.types.get(request, place).is_some_and(|found| values.iter().any(|value| is_meant(value, found)))
        };
        let forgives = |found: &Violation| !warnings && is_warning(found);
        let aim = Aim { holds: &holds, meant, breaks: false, forgives: &forgives };
        let starts = self.with(&self.starts, place, values).map(|mut request| {
            // An empty item alone is an empty list on the wire.
            if in_commas
                && let Some(Literal::List(items)) = self.types.ensure(&mut request, &place[..place.len() - 1])
                && *items == [Literal::String(String::new())]
            {
                items.push(Literal::String("beside".to_owned()));
            }
            request
        });
        self.repair.search(starts, &aim)
    }

    /// Requests with each of some values at a place. Of a list of records the items are made such that they break nothing.
    pub(super) fn with<'a>(
        &'a self,
        starts: &'a [Literal],
        place: &'a [PlaceStep],
        values: &'a [Literal],
    ) -> impl Iterator<Item = Literal> + 'a {
        let several =
            values.iter().any(|value| matches!(value, Literal::List(items) if items.len() > 1 && is_records(value)));
        let ready = move |start: &Literal| {
            let mut request = start.clone();
            self.types.ensure(&mut request, place)?;
            if several { self.with_one(request, place) } else { Some(request) }
        };
        let starts = std::cell::LazyCell::new(move || starts.iter().filter_map(ready).collect::<Vec<_>>());
        values.iter().flat_map(move |value| {
            let put = |request: &Literal| {
                let mut request = request.clone();
                let value = match (value, self.types.get(&request, place)) {
                    (Literal::List(items), Some(Literal::List(there))) if is_records(value) => {
                        Literal::List(std::iter::repeat_n(there.first()?, items.len()).cloned().collect())
                    }
                    _ => value.clone(),
                };
                self.types.set(&mut request, place, value).map(|()| request)
            };
            starts.iter().filter_map(put).collect::<Vec<_>>()
        })
    }

    /// A request in which a list has one item, and breaks nothing but what is about the list itself.
    fn with_one(&self, mut request: Literal, place: &[PlaceStep]) -> Option<Literal> {
        if let Literal::List(items) = self.types.ensure(&mut request, place)? {
            items.truncate(1);
        }
        let path = self.types.text(place, false);
        let one = |request: &Literal| match self.types.get(request, place) {
            Some(Literal::List(items)) => items.len() == 1,
            _ => false,
        };
        let about_list = |found: &Violation| path_text(&found.path) == path;
        let search = |forgives: &dyn Fn(&Violation) -> bool| {
            let aim = Aim { holds: &one, meant: &about_list, breaks: false, forgives };
            self.repair.search(std::iter::once(request.clone()), &aim)
        };
        search(&|_| false).or_else(|_| search(&is_warning)).ok()
    }
}

/// Whether a value is there as it is meant: of a list of records, there are as many.
pub(super) fn is_meant(value: &Literal, found: &Literal) -> bool {
    match (value, found) {
        (Literal::List(items), Literal::List(there)) if is_records(value) => items.len() == there.len(),
        _ => value == found,
    }
}

fn is_records(value: &Literal) -> bool {
    matches!(value, Literal::List(items) if matches!(items.first(), Some(Literal::Table(_))))
}

fn into_item(step: PlaceStep) -> PlaceStep {
    match step {
        PlaceStep::Field(record, index) => PlaceStep::Item(record, index),
        other => other,
    }
}

fn tag_path(variant: &[PlaceStep], union: TypeId) -> Place {
    let before = variant.split_last().map(|(_, before)| before).unwrap_or_default();
    before.iter().cloned().chain([PlaceStep::Tag(union)]).collect()
}

fn is_empty_map(value: &Literal) -> bool {
    matches!(value, Literal::Table(members) if members.is_empty())
}
