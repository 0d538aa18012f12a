//! Judges values by the constraints and rules of a checked model.
//!
//! The generated clients check requests in Rust; here the same is done for values that come as [`Literal`]s, such as the
//! examples of specs, and for tools that hold a client to its spec.

mod constraints;
mod select;

use std::fmt;

pub use constraints::{Broken, broken};
pub(crate) use constraints::{compile, matches_whole};
pub use select::{Selected, select};

use crate::model::{
    Condition, ConditionTest, Constraints, EnumType, Field, FieldPath, FieldType, Literal, Number, Record, Rule,
    RuleKind, Service, Severity, Step, TypeId, TypeKind, UnionType,
};

/// One constraint or rule that a value breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Where in the value; empty for a rule of the outermost record.
    pub path: Vec<PathStep>,
    /// The key of the spec that is broken, e.g. `max-chars`, `required` or `at-most-one`.
    pub key: &'static str,
    /// The record that states it.
    pub record: TypeId,
    /// The index of the rule in the record, where a rule is broken.
    pub rule: Option<usize>,
    /// What is wrong, as a sentence.
    pub message: String,
    /// Whether it stops the send.
    pub severity: Severity,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// A member, by wire name.
    Member(String),
    /// An item of a list, from 0.
    Item(usize),
}

impl Violation {
    /// The path as text, e.g. `input.data[1].url`.
    pub fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            match step {
                PathStep::Member(name) if place.is_empty() => place.push_str(name),
                PathStep::Member(name) => place.extend([".", name]),
                PathStep::Item(item) => place.push_str(&format!("[{item}]")),
            }
        }
        place
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.place())?;
        }
        f.write_str(&self.message)
    }
}

/// Every constraint and rule of a record (or enum, or union) that a value breaks, in the order of the spec.
///
/// Members that the record does not have, and values of a wrong kind, are passed over: they are no matter of limits.
pub fn violations(service: &Service, ty: TypeId, value: &Literal) -> Vec<Violation> {
    let mut judge = Judge { service, path: Vec::new(), found: Vec::new(), holder: ty, severity: Severity::Error };
    judge.named(ty, value);
    judge.found
}

struct Judge<'a> {
    service: &'a Service,
    path: Vec<PathStep>,
    found: Vec<Violation>,
    /// The record whose field is being looked at.
    holder: TypeId,
    severity: Severity,
}

impl Judge<'_> {
    fn report(&mut self, key: &'static str, message: String) {
        // As in the clients: whatever a field's severity, these are not sent.
        let severity = if matches!(key, "required" | "enum") { Severity::Error } else { self.severity };
        let (path, record) = (self.path.clone(), self.holder);
        self.found.push(Violation { path, key, record, rule: None, message, severity });
    }

    fn named(&mut self, id: TypeId, value: &Literal) {
        match &self.service.ty(id).kind {
            TypeKind::Record(record) => self.record(id, record, value),
            TypeKind::Enum(ty) => self.enumeration(ty, value),
            TypeKind::Union(ty) => self.union(ty, value),
        }
    }

    fn record(&mut self, id: TypeId, record: &Record, value: &Literal) {
        let Literal::Table(members) = value else { return };
        let outer = (self.holder, self.severity);
        for field in &record.fields {
            (self.holder, self.severity) = (id, field.severity);
            self.path.push(PathStep::Member(field.wire.clone()));
            match members.get(&field.wire) {
                Some(value) => self.field(field, value),
                None if field.required && field.constant.is_none() => {
                    self.report("required", "it is required and missing".to_owned());
                }
                None => {}
            }
            self.path.pop();
        }
        (self.holder, self.severity) = outer;
        for (index, rule) in record.rules.iter().enumerate() {
            self.rule(id, index, rule, value);
        }
    }

    fn field(&mut self, field: &Field, value: &Literal) {
        if let Some(constant) = &field.constant {
            if constant != value {
                self.report("const", format!("it is always {}", show(constant)));
            }
            return;
        }
        if field.is_empty_value(value) {
            return;
        }
        if field.required && *value == Literal::String(String::new()) {
            self.report("required", "it is required and empty".to_owned());
        }
        for broken in self.broken(&field.ty, &field.constraints, value) {
            self.report(broken.key, broken.message);
        }
        self.items(field, value);
        self.value(&field.ty, value);
    }

    fn items(&mut self, field: &Field, value: &Literal) {
        let steps: Vec<(PathStep, &Literal)> = match value {
            Literal::List(items) => items.iter().enumerate().map(|(i, item)| (PathStep::Item(i), item)).collect(),
            Literal::Table(members) if matches!(field.ty, FieldType::Map(_)) => {
                members.iter().map(|(name, item)| (PathStep::Member(name.clone()), item)).collect()
            }
            _ => return,
        };
        for (step, item) in steps {
            self.path.push(step);
            let ty = match &field.ty {
                FieldType::List(ty) | FieldType::Map(ty) => ty,
                ty => ty,
            };
            for broken in self.broken(ty, &field.item_constraints, item) {
                self.report(broken.key, broken.message);
            }
            self.path.pop();
        }
    }

    /// The constraints that a value breaks; none where it is no value of its enum, of which no more is said.
    fn broken(&self, ty: &FieldType, constraints: &Constraints, value: &Literal) -> Vec<Broken> {
        if let (FieldType::Named(id), Literal::String(text)) = (ty, value)
            && let TypeKind::Enum(ty) = &self.service.ty(*id).kind
            && !ty.values.iter().any(|value| value.wire == *text)
        {
            return Vec::new();
        }
        broken(constraints, value)
    }

    /// What lies deeper: members of records and items of lists.
    fn value(&mut self, ty: &FieldType, value: &Literal) {
        match (ty, value) {
            (FieldType::Named(id), value) => self.named(*id, value),
            (FieldType::List(ty), Literal::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(PathStep::Item(index));
                    self.value(ty, item);
                    self.path.pop();
                }
            }
            (FieldType::Map(ty), Literal::Table(members)) => {
                for (name, item) in members {
                    self.path.push(PathStep::Member(name.clone()));
                    self.value(ty, item);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    /// The constraints of a rule that a value at the end of its path breaks.
    fn constrained(&self, path: &FieldPath, constraints: &Constraints, value: &Literal) -> Vec<Broken> {
        let Some(field) = path.last_field(self.service) else { return broken(constraints, value) };
        match (&field.ty, path.steps.last()) {
            _ if field.is_empty_value(value) => Vec::new(),
            (FieldType::List(item), Some(Step::Field { each: true, .. })) => self.broken(item, constraints, value),
            (ty, _) => self.broken(ty, constraints, value),
        }
    }

    fn enumeration(&mut self, ty: &EnumType, value: &Literal) {
        let Literal::String(text) = value else { return };
        if !ty.values.iter().any(|value| value.wire == *text) {
            self.report("enum", format!("{} is not among the documented values", show(value)));
        }
    }

    fn union(&mut self, ty: &UnionType, value: &Literal) {
        let Literal::Table(members) = value else { return };
        let variant = match members.get(&ty.tag) {
            Some(Literal::String(tag)) => ty.variants.iter().find(|variant| variant.wire == *tag),
            _ => None,
        };
        match variant {
            Some(variant) => self.named(variant.record, value),
            None => {
                self.path.push(PathStep::Member(ty.tag.clone()));
                self.report("tag", "it names no variant".to_owned());
                self.path.pop();
            }
        }
    }

    fn rule(&mut self, id: TypeId, index: usize, rule: &Rule, value: &Literal) {
        if !rule.when.iter().all(|condition| met(self.service, condition, value)) {
            return;
        }
        let mut paths = Vec::new();
        let key = match &rule.kind {
            RuleKind::Constrain(path, constraints) => {
                for found in select(self.service, path, value) {
                    let broken = self.constrained(path, constraints, found.value());
                    paths.extend(broken.first().map(|_| found.path().to_vec()));
                }
                "constrain"
            }
            kind => match demanded(self.service, kind, value) {
                Some(key) => {
                    paths.push(Vec::new());
                    key
                }
                None => return,
            },
        };
        for inner in paths {
            let path = self.path.iter().cloned().chain(inner).collect();
            let (message, severity) = (rule.doc.clone(), rule.severity);
            self.found.push(Violation { path, key, record: id, rule: Some(index), message, severity });
        }
    }
}

/// The key of a demand that is not met.
fn demanded(service: &Service, kind: &RuleKind, value: &Literal) -> Option<&'static str> {
    let count = |paths: &[FieldPath]| paths.iter().filter(|path| !select(service, path, value).is_empty()).count();
    let (met, key) = match kind {
        RuleKind::AtMostOne(paths) => (count(paths) <= 1, "at-most-one"),
        RuleKind::ExactlyOne(paths) => (count(paths) == 1, "exactly-one"),
        RuleKind::AtLeastOne(paths) => (count(paths) >= 1, "at-least-one"),
        RuleKind::Together(paths) => (count(paths) == 0 || count(paths) == paths.len(), "together"),
        RuleKind::Require(paths) => (count(paths) == paths.len(), "require"),
        RuleKind::Forbid(paths) => (count(paths) == 0, "forbid"),
        RuleKind::Ascending { paths, strictly } => {
            let sizes: Vec<Literal> = paths.iter().filter_map(|path| size(service, path, value)).collect();
            let key = if *strictly { "strictly-ascending" } else { "ascending" };
            (sizes.windows(2).all(|pair| in_order(pair, *strictly)), key)
        }
        RuleKind::Constrain(..) => (true, "constrain"),
    };
    (!met).then_some(key)
}

/// The number at the end of a path, or the size of what is there; none where it is absent or empty.
pub fn size(service: &Service, path: &FieldPath, value: &Literal) -> Option<Literal> {
    let found = select(service, path, value).into_iter().next()?;
    match found.value() {
        Literal::List(items) => (!items.is_empty()).then_some(Literal::Integer(items.len() as i128)),
        Literal::Table(members) => (!members.is_empty()).then_some(Literal::Integer(members.len() as i128)),
        number @ (Literal::Integer(_) | Literal::Float(_)) => Some(number.clone()),
        Literal::String(_) | Literal::Bool(_) => None,
    }
}

fn in_order(pair: &[Literal], strictly: bool) -> bool {
    let [first, second] = pair else { return true };
    let second = match second {
        Literal::Integer(number) => Number::Integer(*number),
        Literal::Float(number) => Number::Float(*number),
        _ => return true,
    };
    constraints::compare(first, second).is_none_or(|order| if strictly { order.is_lt() } else { order.is_le() })
}

/// Whether a condition of a rule holds for a value of the record that has the rule.
pub fn met(service: &Service, condition: &Condition, value: &Literal) -> bool {
    let mut found = select(service, &condition.path, value);
    if found.is_empty() && condition.or_default {
        found = select::defaults(service, &condition.path, value);
    }
    let mut values = found.iter().map(select::Selected::value);
    match &condition.test {
        ConditionTest::Present => !found.is_empty(),
        ConditionTest::Absent => found.is_empty(),
        ConditionTest::Is(listed) => values.any(|value| listed.contains(value)),
        ConditionTest::IsNot(listed) => values.any(|value| !listed.contains(value)),
        ConditionTest::AtLeast(bound) => values.any(|value| at_least(value, *bound)),
        ConditionTest::AtMost(bound) => values.any(|value| at_most(value, *bound)),
    }
}

fn at_least(value: &Literal, bound: Number) -> bool {
    constraints::compare(value, bound).is_some_and(std::cmp::Ordering::is_ge)
}

fn at_most(value: &Literal, bound: Number) -> bool {
    constraints::compare(value, bound).is_some_and(std::cmp::Ordering::is_le)
}

/// A value in a message: short.
pub(crate) fn show(value: &Literal) -> String {
    match value {
        Literal::Integer(number) => format!("`{number}`"),
        Literal::Float(number) => format!("`{number}`"),
        Literal::String(text) => crate::diagnostic::quote(&format!("\"{text}\"")),
        Literal::Bool(truth) => format!("`{truth}`"),
        Literal::List(items) => format!("a list of {}", items.len()),
        Literal::Table(members) => format!("a table of {}", members.len()),
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::model::Service;

    fn service() -> (Service, TypeId) {
        let files = [
            ("demo/service.toml", include_str!("../../tests/fixtures/service.toml")),
            ("demo/operations/thing.toml", include_str!("../../tests/fixtures/good.toml")),
        ];
        let files = files.map(|(path, text)| SourceFile { path: path.to_owned(), text: text.to_owned() });
        let model = crate::check(&files).model.expect("the fixtures are good");
        let service = model.services.into_iter().next().expect("there is a service");
        let request = service.operations.first().map(|operation| operation.request).expect("there is an operation");
        (service, request)
    }

    fn text(text: &str) -> Literal {
        Literal::String(text.to_owned())
    }

    fn table<const N: usize>(members: [(&str, Literal); N]) -> Literal {
        Literal::Table(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The good request with other members.
    fn with<const N: usize>(service: &Service, changes: [(&str, Option<Literal>); N]) -> Literal {
        let mut members: IndexMap<String, Literal> =
            service.operations.first().map(|operation| operation.example.clone()).unwrap_or_default();
        for (name, value) in changes {
            match value {
                Some(value) => drop(members.insert(name.to_owned(), value)),
                None => drop(members.shift_remove(name)),
            }
        }
        Literal::Table(members)
    }

    #[test]
    fn every_violation_is_found_at_its_place() {
        let (service, request) = service();
        let url =
            |url: &str| table([("type", text("url")), ("data", Literal::List(vec![table([("url", text(url))])]))]);
        let words = |words: &[&str]| Literal::List(words.iter().map(|word| text(word)).collect());
        let table: Vec<(Literal, &[&str])> = vec![
            (with(&service, []), &[]),
            (with(&service, [("id", None), ("input", None)]), &["id required", "input required"]),
            (with(&service, [("id", Some(text("a/b")))]), &["id chars"]),
            (with(&service, [("count", Some(Literal::Integer(0)))]), &["count above"]),
            (with(&service, [("count", Some(Literal::Integer(101)))]), &["count max", "count multiple-of"]),
            (with(&service, [("mode", Some(text("no")))]), &["mode enum"]),
            (
                with(&service, [("tags", Some(words(&["a", "a", "b", ""])))]),
                &["tags max-items", "tags unique", "tags[3] min-chars", "tags[3] pattern"],
            ),
            (with(&service, [("name", Some(text("1\nxx")))]), &["name first-chars", "name excludes", "name predicate"]),
            (with(&service, [("input", Some(url("ftp://{n}")))]), &["input.data[0].url predicate"]),
            (with(&service, [("input", Some(url("http://a")))]), &["input.data[0].url constrain"]),
            (with(&service, [("input", Some(Literal::Table(IndexMap::new())))]), &["input.type tag"]),
            (with(&service, [("kind", Some(text("other")))]), &["kind const"]),
            // The mode's default is "fast", under which words and a name exclude each other.
            (with(&service, [("name", Some(text("x")))]), &[]),
            (with(&service, [("name", Some(text("x"))), ("mode", None)]), &[" at-most-one"]),
            (with(&service, [("name", Some(text("x"))), ("mode", None), ("tags", Some(words(&[])))]), &[]),
            (with(&service, [("name", Some(text("x"))), ("mode", None), ("count", None)]), &[]),
        ];
        for (value, expected) in table {
            let found = violations(&service, request, &value);
            let found: Vec<String> = found.iter().map(|found| format!("{} {}", found.place(), found.key)).collect();
            assert_eq!(found, expected, "{value:?}");
        }
    }

    /// An empty one breaks no constraint, and is neither absent nor one of the values.
    #[test]
    fn empty_ones() {
        let files = [
            ("demo/service.toml", include_str!("../../tests/fixtures/service-rest-xml.toml")),
            ("demo/operations/do.toml", include_str!("../../tests/emit/allow-empty.toml")),
        ];
        let files = files.map(|(path, text)| SourceFile { path: path.to_owned(), text: text.to_owned() });
        let model = crate::check(&files).model.expect("the fixture is good");
        let service = model.services.first().expect("there is a service");
        let request = service.operations.first().map(|operation| operation.request).expect("there is an operation");
        let empty = || Some(text(""));
        let name = || Some(text("x"));
        let text_of = |value: &str| Some(text(value));
        let with = |changes: [(&str, Option<Literal>); 4]| with(service, changes);
        let table: Vec<(Literal, &[&str])> = vec![
            (with([("contrast", empty()), ("level", empty()), ("mode", empty()), ("speed", empty())]), &[]),
            (with([("contrast", empty()), ("rate", None), ("mode", empty()), ("size", None)]), &["rate required"]),
            // Fast, and of an empty contrast and rate; and of a contrast that is not 50.
            (with([("name", name()), ("mode", None), ("size", None), ("speed", empty())]), &[" forbid"]),
            (with([("name", name()), ("size", empty()), ("speed", empty()), ("mode", empty())]), &[" forbid"]),
            (
                with([("size", empty()), ("speed", text_of("fast")), ("mode", None), ("level", None)]),
                &["speed constrain"],
            ),
        ];
        for (value, expected) in table {
            let found = violations(service, request, &value);
            let found: Vec<String> = found.iter().map(|found| format!("{} {}", found.place(), found.key)).collect();
            assert_eq!(found, expected, "{value:?}");
        }
    }
}
