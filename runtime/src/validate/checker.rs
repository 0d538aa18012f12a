//! Walks a request and collects what it breaks.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::constraints::{Context, ListCheck, NumberCheck, TextCheck};
use super::values::{AsCount, AsNumber, AsText, Known, Number, Place};
use super::violation::{Severity, Violation, Violations};
use crate::codec::value_excerpt;
use crate::unknown::UnknownVariant;

/// A value that knows its own rules.
pub trait Check {
    /// Reports every rule that it breaks.
    fn check(&self, check: &mut Checker<'_>);
}

/// Collects violations, and knows where in the request it is.
#[derive(Debug)]
pub struct Checker<'c> {
    pub(super) path: String,
    pub(super) source: &'static str,
    pub(super) found: Vec<Violation>,
    // Room for what a later checker borrows, without a change to every generated signature.
    marker: std::marker::PhantomData<&'c ()>,
}

impl Checker<'_> {
    /// A checker for an operation documented on a page.
    pub fn new(source: &'static str) -> Self {
        Self { path: String::new(), source, found: Vec::new(), marker: std::marker::PhantomData }
    }

    /// What was found.
    pub fn finish(self) -> Violations {
        Violations { all: self.found }
    }

    /// Rules on a text.
    pub fn text<'t, T: AsText + ?Sized>(&'t mut self, name: &'t str, value: &'t T) -> TextCheck<'t> {
        TextCheck { value: value.as_text(), context: self.context(name) }
    }

    /// Rules on a number.
    pub fn number<'t, T: AsNumber>(&'t mut self, name: &'t str, value: &T) -> NumberCheck<'t> {
        NumberCheck { value: value.as_number(), context: self.context(name) }
    }

    /// Rules on how many items or members there are.
    pub fn list<'t, T: AsCount>(&'t mut self, name: &'t str, value: &T) -> ListCheck<'t> {
        ListCheck { count: value.as_count(), repeated: value.repeated(), context: self.context(name) }
    }

    /// Rules on every text of a list, or every value of a map.
    pub fn texts<'t, T: Items>(&mut self, name: &str, items: &'t T, rules: impl Fn(TextCheck<'_>) -> TextCheck<'_>)
    where
        T::Item: AsText + 't,
    {
        items.each(&mut |place, item| {
            let path = format!("{name}{place}");
            rules(TextCheck { value: item.as_text(), context: self.context(&path) });
        });
    }

    /// Rules on every number of a list, or every value of a map.
    pub fn numbers<'t, T: Items>(
        &mut self,
        name: &str,
        items: &'t T,
        rules: impl Fn(NumberCheck<'_>) -> NumberCheck<'_>,
    ) where
        T::Item: AsNumber + 't,
    {
        items.each(&mut |place, item| {
            let path = format!("{name}{place}");
            rules(NumberCheck { value: item.as_number(), context: self.context(&path) });
        });
    }

    /// Rules on how many items or members every value of a list, or of a map, has.
    pub fn lists<'t, T: Items>(&mut self, name: &str, items: &'t T, rules: impl Fn(ListCheck<'_>) -> ListCheck<'_>)
    where
        T::Item: AsCount + 't,
    {
        items.each(&mut |place, item| {
            let path = format!("{name}{place}");
            rules(ListCheck { count: item.as_count(), repeated: item.repeated(), context: self.context(&path) });
        });
    }

    /// An enum holds documented values only, unless the caller forced one.
    pub fn known<T: Known>(&mut self, name: &str, value: &T) {
        value.undocumented(&mut |place, text| {
            let path = match place {
                Place::Itself => name.to_owned(),
                Place::Item(index) => format!("{name}[{index}]"),
                Place::Member(member) => format!("{name}.{}", value_excerpt(member)),
            };
            let mut context = self.context(&path);
            context.report("enum", "is not a documented value; send it with `forced` if you must", Some(text));
        });
    }

    /// The rules of the records, or unions, inside a field.
    pub fn record<T: Nested>(&mut self, name: &str, value: &T) {
        value.each_record(&mut |place, record| {
            let length = self.path.len();
            if !self.path.is_empty() {
                self.path.push('.');
            }
            let _ = write!(self.path, "{name}{place}");
            record.check(self);
            self.path.truncate(length);
        });
    }

    /// A variant that is not documented is not sent.
    pub fn unknown_variant(&mut self, tag: &str, variant: &UnknownVariant) {
        self.context(tag).report("enum", "is not a documented variant", Some(variant.tag()));
    }

    /// A number, for [`RuleCheck::ascending`].
    pub fn number_of<T: AsNumber>(value: &T) -> Option<Number> {
        value.as_number()
    }

    /// How many items or members there are, for [`RuleCheck::ascending`]; none where there are none.
    pub fn count_of<T: AsCount>(value: &T) -> Option<Number> {
        value.as_count().filter(|count| *count > 0).and_then(|count| i128::try_from(count).ok()).map(Number::Integer)
    }

    /// A rule among several fields; the sentence says what it demands.
    pub fn rule<'t>(&'t mut self, doc: &'static str) -> RuleCheck<'t> {
        RuleCheck { severity: Severity::Error, source: self.source, doc, checker: Reborrow::of(self) }
    }

    fn context<'t>(&'t mut self, name: &'t str) -> Context<'t> {
        Context {
            source: self.source,
            prefix: &self.path,
            name,
            found: &mut self.found,
            severity: Severity::Error,
            secret: false,
            doc: None,
        }
    }
}

/// The parts of a checker that a rule needs.
#[derive(Debug)]
struct Reborrow<'t> {
    prefix: &'t str,
    found: &'t mut Vec<Violation>,
}

impl<'t> Reborrow<'t> {
    fn of(checker: &'t mut Checker<'_>) -> Self {
        Self { prefix: &checker.path, found: &mut checker.found }
    }
}

/// A rule among several fields.
#[derive(Debug)]
#[must_use]
pub struct RuleCheck<'t> {
    checker: Reborrow<'t>,
    doc: &'static str,
    source: &'static str,
    severity: Severity,
}

/// A field of a rule: its path, and whether it is present.
type Presence<'p> = (&'p str, bool);

/// A field of a rule: its path, and its number or size where it is present.
type Measured<'p> = (&'p str, Option<Number>);

impl<'t> RuleCheck<'t> {
    /// Breaking it is reported and does not stop the send.
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The page that documents it.
    pub fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// None or one is present.
    pub fn at_most_one(self, fields: &[Presence<'_>]) {
        if present(fields).count() > 1 {
            self.report("at-most-one", fields, "are given together");
        }
    }

    /// One is present, and no more.
    pub fn exactly_one(self, fields: &[Presence<'_>]) {
        match present(fields).count() {
            0 => self.none("exactly-one", fields),
            1 => {}
            _ => self.report("exactly-one", fields, "are given together"),
        }
    }

    /// One or more is present.
    pub fn at_least_one(self, fields: &[Presence<'_>]) {
        if present(fields).next().is_none() {
            self.none("at-least-one", fields);
        }
    }

    /// All are present, or none.
    pub fn together(self, fields: &[Presence<'_>]) {
        let count = present(fields).count();
        if count > 0 && count < fields.len() {
            self.report("together", fields, "stands without the rest");
        }
    }

    /// All are present.
    pub fn require(mut self, fields: &[Presence<'_>]) {
        for (name, _) in fields.iter().filter(|(_, present)| !present) {
            self.push("require", name, "is missing".to_owned());
        }
    }

    /// None is present.
    pub fn forbid(mut self, fields: &[Presence<'_>]) {
        for (name, _) in present(fields) {
            self.push("forbid", name, "must not be given".to_owned());
        }
    }

    /// Each that is present is no more than the next.
    pub fn ascending(self, fields: &[Measured<'_>]) {
        self.in_order("ascending", fields, "more than", Ordering::is_le);
    }

    /// Each that is present is less than the next.
    pub fn strictly_ascending(self, fields: &[Measured<'_>]) {
        self.in_order("strictly-ascending", fields, "not less than", Ordering::is_lt);
    }

    fn in_order(mut self, rule: &'static str, fields: &[Measured<'_>], words: &str, holds: fn(Ordering) -> bool) {
        let present: Vec<(&str, Number)> = fields.iter().filter_map(|(name, size)| Some((*name, (*size)?))).collect();
        for pair in present.windows(2) {
            let [(name, size), (other, more)] = pair else { continue };
            // What is no number at all has no order, and is reported for that.
            if size.compare(*more).is_some_and(|order| !holds(order)) {
                self.push(rule, "", format!("{name} is {size}, {words} {other} with {more}"));
                return;
            }
        }
    }

    /// Constraints on a text.
    pub fn text<T: AsText + ?Sized>(self, path: &'t str, value: &'t T) -> TextCheck<'t> {
        TextCheck { value: value.as_text(), context: self.context(path) }
    }

    /// Constraints on a number.
    pub fn number<T: AsNumber>(self, path: &'t str, value: &T) -> NumberCheck<'t> {
        NumberCheck { value: value.as_number(), context: self.context(path) }
    }

    /// Constraints on how many items or members there are.
    pub fn list<T: AsCount>(self, path: &'t str, value: &T) -> ListCheck<'t> {
        ListCheck { count: value.as_count(), repeated: value.repeated(), context: self.context(path) }
    }

    fn context(self, name: &'t str) -> Context<'t> {
        Context {
            source: self.source,
            prefix: self.checker.prefix,
            name,
            found: self.checker.found,
            severity: self.severity,
            secret: false,
            doc: Some(self.doc),
        }
    }

    fn report(mut self, rule: &'static str, fields: &[Presence<'_>], what: &str) {
        let names = present(fields).map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        self.push(rule, "", format!("{names} {what}"));
    }

    fn none(mut self, rule: &'static str, fields: &[Presence<'_>]) {
        let names = fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        self.push(rule, "", format!("none of {names} is given"));
    }

    fn push(&mut self, rule: &'static str, name: &str, what: String) {
        self.checker.found.push(Violation {
            path: join(self.checker.prefix, name),
            rule,
            message: what,
            value: None,
            explanation: Some(self.doc),
            source: self.source,
            severity: self.severity,
        });
    }
}

fn present<'p, 'f>(fields: &'f [Presence<'p>]) -> impl Iterator<Item = &'f Presence<'p>> {
    fields.iter().filter(|(_, present)| *present)
}

pub(super) fn join(prefix: &str, name: &str) -> String {
    match (prefix.is_empty(), name.is_empty()) {
        (true, true) => "(request)".to_owned(),
        (true, false) => name.to_owned(),
        (false, true) => prefix.to_owned(),
        (false, false) => format!("{prefix}.{name}"),
    }
}

/// Several values with their places.
pub trait Items {
    /// What they are.
    type Item;
    /// Hands every value to a function, with `[index]` or `.name`.
    fn each(&self, take: &mut dyn FnMut(String, &Self::Item));
}

impl<T> Items for Vec<T> {
    type Item = T;

    fn each(&self, take: &mut dyn FnMut(String, &T)) {
        for (index, item) in self.iter().enumerate() {
            take(format!("[{index}]"), item);
        }
    }
}

impl<T> Items for BTreeMap<String, T> {
    type Item = T;

    fn each(&self, take: &mut dyn FnMut(String, &T)) {
        for (name, value) in self {
            take(format!(".{}", value_excerpt(name)), value);
        }
    }
}

impl<T: Items> Items for Option<T> {
    type Item = T::Item;

    fn each(&self, take: &mut dyn FnMut(String, &T::Item)) {
        if let Some(items) = self {
            items.each(take);
        }
    }
}

/// Records inside a field: one, perhaps one, or several.
pub trait Nested {
    /// Hands every record to a function, with its place: nothing, `[index]` or `.name`.
    fn each_record(&self, take: &mut dyn FnMut(String, &dyn Check));
}

impl<T: Check> Nested for T {
    fn each_record(&self, take: &mut dyn FnMut(String, &dyn Check)) {
        take(String::new(), self);
    }
}

impl<T: Nested> Nested for Option<T> {
    fn each_record(&self, take: &mut dyn FnMut(String, &dyn Check)) {
        if let Some(value) = self {
            value.each_record(take);
        }
    }
}

impl<T: Check> Nested for Vec<T> {
    fn each_record(&self, take: &mut dyn FnMut(String, &dyn Check)) {
        for (index, record) in self.iter().enumerate() {
            take(format!("[{index}]"), record);
        }
    }
}

impl<T: Check> Nested for BTreeMap<String, T> {
    fn each_record(&self, take: &mut dyn FnMut(String, &dyn Check)) {
        for (name, record) in self {
            take(format!(".{}", value_excerpt(name)), record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrEmpty;

    fn found(strictly: bool, fields: &[(&str, Option<Number>)]) -> Vec<String> {
        let mut checker = Checker::new("https://example.com");
        let rule = checker.rule("In order.");
        if strictly {
            rule.strictly_ascending(fields)
        } else {
            rule.ascending(fields)
        }
        checker.finish().iter().map(|found| format!("{} {} {}", found.path, found.rule, found.message)).collect()
    }

    #[test]
    fn order_of_numbers() {
        let (one, two) = (Checker::number_of(&1_u32), Checker::number_of(&Some(2.0)));
        assert_eq!(found(true, &[("a", one), ("b", two)]), [""; 0]);
        assert_eq!(found(false, &[("a", one), ("b", one)]), [""; 0]);
        assert_eq!(
            found(true, &[("a", one), ("b", one)]),
            ["(request) strictly-ascending a is 1, not less than b with 1"]
        );
        assert_eq!(found(false, &[("a", two), ("b", one)]), ["(request) ascending a is 2, more than b with 1"]);
        // What is absent is passed over, and so is what is no number.
        let none = Checker::number_of(&None::<i32>);
        assert_eq!(found(false, &[("a", one), ("b", none), ("c", one)]), [""; 0]);
        assert_eq!(found(false, &[("a", two), ("b", none), ("c", one)]).len(), 1);
        assert_eq!(found(false, &[("a", Checker::number_of(&f64::NAN)), ("b", one)]), [""; 0]);
        assert_eq!(Checker::number_of(&Some(OrEmpty::<i64>::Empty)), None);
    }

    #[test]
    fn order_of_sizes() {
        assert_eq!(Checker::count_of(&Vec::<i32>::new()), None);
        assert_eq!(Checker::count_of(&Some(vec![1, 2])), Some(Number::Integer(2)));
        let three = Checker::number_of(&3);
        assert_eq!(
            found(false, &[("index", three), ("pieces", Checker::count_of(&vec!["a"]))]),
            ["(request) ascending index is 3, more than pieces with 1"]
        );
    }
}
