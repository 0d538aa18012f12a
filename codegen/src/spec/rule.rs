//! Rules among fields: `[[rules]]`.

use super::constraints::Constraints;
use super::field::SEVERITIES;
use super::reader::TableReader;
use super::tree::{Table, Value};
use crate::diagnostic::{Sink, Span, Spanned};
use crate::model::{Number, Severity};

/// The words for what a rule demands of several paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    AtMostOne,
    ExactlyOne,
    AtLeastOne,
    Together,
    Require,
    Forbid,
    Ascending,
    StrictlyAscending,
}

pub(crate) const DEMANDS: &[(&str, Demand)] = &[
    ("at-most-one", Demand::AtMostOne),
    ("exactly-one", Demand::ExactlyOne),
    ("at-least-one", Demand::AtLeastOne),
    ("together", Demand::Together),
    ("require", Demand::Require),
    ("forbid", Demand::Forbid),
    ("ascending", Demand::Ascending),
    ("strictly-ascending", Demand::StrictlyAscending),
];

/// A rule as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) span: Span,
    /// What is demanded; the check wants exactly one of these or `constrain`.
    pub(crate) demands: Vec<(Demand, Spanned<Vec<Spanned<String>>>)>,
    pub(crate) constrain: Option<Spanned<String>>,
    pub(crate) constraints: Constraints,
    pub(crate) when: Vec<Condition>,
    pub(crate) doc: Spanned<String>,
    pub(crate) severity: Option<Spanned<Severity>>,
    /// Whether some key of it could not be read, so that what seems missing may be there.
    pub(crate) broken: bool,
    pub(crate) source: Option<Spanned<String>>,
}

/// A condition as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) span: Span,
    pub(crate) field: Option<Spanned<String>>,
    /// The check wants exactly one.
    pub(crate) tests: Vec<Spanned<Test>>,
    pub(crate) or_default: Option<Span>,
    /// As in [`Rule::broken`].
    pub(crate) broken: bool,
}

/// What a condition looks for.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Present,
    Absent,
    Is(Vec<Value>),
    IsNot(Vec<Value>),
    AtLeast(Number),
    AtMost(Number),
}

/// Reads the rules below `rules`.
pub(crate) fn read_all(reader: &mut TableReader<'_>) -> Vec<Rule> {
    let tables = reader.listed_tables("rules");
    tables.into_iter().map(|table| Rule::read(table, reader.sink())).collect()
}

impl Rule {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "the rule", sink);
        let before = reader.sink().errors();
        let demands = DEMANDS.iter().filter_map(|(word, demand)| Some((*demand, reader.strings(word)?))).collect();
        let constrain = reader.string("constrain");
        let constraints = Constraints::read(&mut reader);
        let conditions = reader.listed_tables("when");
        let direct = reader.sink().errors();
        let when = conditions.into_iter().map(|table| Condition::read(table, reader.sink())).collect();
        // What is wrong with a condition is no problem of the rule itself.
        let before = before + reader.sink().errors() - direct;
        let mut rule = Self {
            span: table.span,
            demands,
            constrain,
            constraints,
            when,
            doc: reader.needed_string("doc"),
            severity: reader.word("severity", SEVERITIES),
            source: reader.string("source"),
            broken: false,
        };
        // A sentence that is missing says nothing about the rest.
        let missing = usize::from(table.get("doc").is_none());
        reader.finish();
        rule.broken = sink.errors() > before + missing;
        rule
    }
}

impl Condition {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "the condition", sink);
        let before = reader.sink().errors();
        let field = reader.string("field");
        reader.report_missing("field");
        let mut tests = Vec::new();
        if let Some(span) = reader.flag("present") {
            tests.push(Spanned { value: Test::Present, span });
        }
        if let Some(span) = reader.flag("absent") {
            tests.push(Spanned { value: Test::Absent, span });
        }
        if let Some(value) = reader.value("is") {
            tests.push(Spanned { value: Test::Is(one_or_many(value)), span: value.span });
        }
        if let Some(value) = reader.value("is-not") {
            tests.push(Spanned { value: Test::IsNot(one_or_many(value)), span: value.span });
        }
        if let Some(Spanned { value, span }) = reader.number("at-least") {
            tests.push(Spanned { value: Test::AtLeast(value), span });
        }
        if let Some(Spanned { value, span }) = reader.number("at-most") {
            tests.push(Spanned { value: Test::AtMost(value), span });
        }
        let or_default = reader.flag("or-default");
        let missing = usize::from(table.get("field").is_none());
        reader.finish();
        let broken = sink.errors() > before + missing;
        Self { span: table.span, field, tests, or_default, broken }
    }
}

fn one_or_many(value: &Value) -> Vec<Value> {
    match &value.kind {
        super::tree::ValueKind::Array(items) => items.clone(),
        _ => vec![value.clone()],
    }
}
