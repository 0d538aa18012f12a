//! The tests that the specs ask for: for every constraint a request at its edge, and one that breaks it alone.

use mediajobs_codegen::evaluate::Violation;
use mediajobs_codegen::model::{Encoding, Field, FieldType, Literal, Severity, TypeId};

use super::edges::{self, Edge};
use super::place::{Place, PlaceStep, Types};
use super::repair::{Repair, path_text};
use super::{rules, sample};
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

/// The tests that an operation's specs ask for.
pub fn cases(target: Target<'_>) -> Cases {
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
        for (index, field) in record.fields.iter().enumerate().filter(|(_, field)| field.constant.is_none()) {
            let place: Place = place.iter().cloned().chain([PlaceStep::Field(id, index)]).collect();
            maker.field(&place, field);
        }
        for (index, rule) in record.rules.iter().enumerate() {
            rules::add(&mut maker, &place, id, index, rule);
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
            match self.holding(place, &empty, &|_| false, false, false) {
                Some(request) => self.add(place, "allow-empty", request, Expect::Accepted),
                None => self.untested(place, "allow-empty", "no valid request holds an empty one"),
            }
        }
        let known: Vec<Literal> = field.example.iter().chain(&field.default).cloned().collect();
        let own = match &field.ty {
            FieldType::List(_) | FieldType::Map(_) | FieldType::Json => {
                edges::of_size(self.types, &field.ty, &field.constraints, &field.item_constraints)
            }
            ty => edges::of_value(self.types, ty, &field.constraints, &known),
        };
        for edge in own {
            self.edge(place, field, field.severity, edge);
        }
        if let FieldType::List(item) | FieldType::Map(item) = &field.ty {
            let known: Vec<Literal> = match &field.example {
                Some(Literal::List(items)) => items.clone(),
                _ => Vec::new(),
            };
            let items: Place = place.iter().cloned().chain(place.last().cloned().map(into_item)).collect();
            for edge in edges::of_value(self.types, item, &field.item_constraints, &known) {
                self.edge(&items, field, field.severity, edge);
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
        let mut found = None;
        for start in &self.starts {
            let mut request = start.clone();
            if self.types.ensure(&mut request, place).is_some() {
                self.types.remove(&mut request, place);
                found = found.or_else(|| self.repair.search(request, &gone, &meant, false));
            }
        }
        match found {
            Some(request) => {
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
            None => self.untested(place, "required", "no request lacks only this field"),
        }
    }

    fn edge(&mut self, place: &Place, field: &Field, severity: Severity, edge: Edge) {
        let Edge { key, what, allowed, mut tried } = edge;
        let is_item = matches!(place.last(), Some(PlaceStep::Item(..)));
        // A required text that is empty is missing, not too short.
        tried.retain(|value| is_item || !field.required || *value != Literal::String(String::new()));
        let in_commas = is_item && field.encoding == Encoding::Comma;
        // With a comma in it, an item is two on the wire.
        tried.retain(|value| !matches!(value, Literal::String(text) if in_commas && text.contains(',')));
        let path = self.types.text(place, false);
        for (index, value) in allowed.iter().enumerate() {
            // Of a few ways to keep a constraint, one in plain letters and those in other alphabets.
            if index > 0 && key != "enum" && key != "values" && index >= 24 {
                break;
            }
            match self.holding(place, value, &|_| false, false, in_commas) {
                Some(request) => self.add(place, &format!("{what}, kept"), request, Expect::Accepted),
                None if index == 0 => {
                    self.untested(place, &format!("{what}, kept"), "no valid request holds such a value")
                }
                None => {}
            }
        }
        if allowed.is_empty() {
            self.untested(place, &format!("{what}, kept"), "no value at its edge keeps the other constraints");
        }
        let empties = tried.iter().any(|value| *value == Literal::List(Vec::new()) || is_empty_map(value));
        let many = matches!(field.ty, FieldType::List(_) | FieldType::Map(_));
        if key == "min-items" && empties && many && !field.required && !field.keep_empty {
            return self.untested(place, &what, "an empty list or map stands for an absent one, and is not sent");
        }
        // Of a required list or text, an empty one is as good as none.
        let rule = if key == "min-items" && empties && field.required && !field.keep_empty { "required" } else { key };
        let severity = if matches!(rule, "required" | "enum") { Severity::Error } else { severity };
        let meant = |found: &Violation| found.key == key && path_text(&found.path) == path;
        let found =
            tried.iter().find_map(|value| self.holding(place, value, &meant, severity == Severity::Warning, in_commas));
        match found {
            Some(request) => {
                self.out.broken += 1;
                self.add(place, &what, request, Expect::Refused { rule: rule.to_owned(), path, severity });
            }
            None => self.untested(place, &what, "every value that breaks it breaks another constraint too"),
        }
    }

    /// A request with a value at a place that breaks nothing but what is meant.
    fn holding(
        &self,
        place: &Place,
        value: &Literal,
        meant: &dyn Fn(&Violation) -> bool,
        warnings: bool,
        in_commas: bool,
    ) -> Option<Literal> {
        let holds = |request: &Literal| self.types.get(request, place) == Some(value);
        let mut starts = self.starts.iter();
        starts.find_map(|start| {
            let mut request = start.clone();
            self.types.set(&mut request, place, value.clone())?;
            // An empty item alone is an empty list on the wire.
            if in_commas && *value == Literal::String(String::new()) {
                let list = self.types.ensure(&mut request, &place[..place.len() - 1])?;
                if let Literal::List(items) = list
                    && items.len() == 1
                {
                    items.push(Literal::String("beside".to_owned()));
                }
            }
            self.repair.search(request, &holds, meant, warnings)
        })
    }
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
