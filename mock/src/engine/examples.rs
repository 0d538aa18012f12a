//! The documented answers, and which of them is most like what is to be told.

use mediajobs_runtime::server::{OperationEntry, RecordSchema, ValueSchema};
use serde_json::{Map, Value};

use super::view::View;
use super::{paths, shape};
use crate::service::Service;

/// What the same state is worth against another member that is the same.
const STATE: usize = 8;

/// A record of a documented answer.
pub(crate) type Shown<'e> = (&'e Example, &'e Map<String, Value>);

/// A documented answer, read.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    /// Its HTTP status.
    pub(crate) status: u16,
    /// Its members as they stand.
    pub(crate) members: Map<String, Value>,
}

/// The documented answers of success that have a body.
pub(crate) fn of(service: Service, entry: &'static dyn OperationEntry) -> Vec<Example> {
    let good = entry.examples().iter().filter(|example| entry.info().statuses.contains(&example.status));
    let read = good.filter_map(|example| {
        let members = shape::read_body(service.info(), entry.response(), example.body).ok()?;
        let flag = service.info().errors.success_flag.and_then(|flag| members.get(flag)).and_then(paths::text);
        let is_good = flag.is_none_or(|flag| !flag.eq_ignore_ascii_case("false"));
        is_good.then_some(Example { status: example.status, members })
    });
    read.collect()
}

/// The records at a path of an answer.
pub(crate) fn records<'e>(example: &'e Example, path: &str) -> Vec<&'e Map<String, Value>> {
    if path.is_empty() {
        return vec![&example.members];
    }
    let found = paths::all(&example.members, path).into_iter();
    let items = found.flat_map(|value| match value {
        Value::Array(items) => items.iter().collect(),
        value => vec![value],
    });
    items.filter_map(Value::as_object).collect()
}

/// The record that is most like a thing, of all in the documented answers.
pub(crate) fn most_like<'e>(
    response: &'static RecordSchema,
    examples: &'e [Example],
    path: &str,
    view: &View,
    state: Option<&str>,
) -> Option<Shown<'e>> {
    let all =
        examples.iter().flat_map(|example| records(example, path).into_iter().map(move |record| (example, record)));
    let schema = schema_at(response, path);
    let mut best: Option<(usize, Shown<'e>)> = None;
    for candidate in all {
        let likeness = likeness(schema, candidate.1, view, state);
        // Of equals the first: the vendor's own pages come first.
        if best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn likeness(schema: Option<&RecordSchema>, record: &Map<String, Value>, view: &View, state: Option<&str>) -> usize {
    let tells = |name: &str| {
        // What something is, and how it is, weighs more than what somebody called it.
        let field = schema.and_then(|schema| schema.field(name));
        Some(name) == state || field.is_some_and(|field| matches!(field.holds, ValueSchema::Enum(_)))
    };
    let same = record.iter().filter_map(|(name, value)| {
        let own = view.get(name)?;
        let is_same = match (paths::text(value), paths::text(own)) {
            (Some(a), Some(b)) => a == b,
            // Records of the same kind have the same members.
            _ => value.as_object()?.keys().any(|key| own.get(key).is_some_and(Value::is_object)),
        };
        is_same.then_some(if tells(name) { STATE } else { 1 })
    });
    let has_result = view.result.is_some_and(|result| paths::first(record, result).is_some());
    same.sum::<usize>() + if has_result { STATE } else { 0 }
}

/// The record's schema at a path of an answer.
pub(crate) fn schema_at(schema: &'static RecordSchema, path: &str) -> Option<&'static RecordSchema> {
    let mut schema = schema;
    for name in paths::names(path) {
        schema = match schema.field(name)?.holds {
            ValueSchema::Record(record) => record,
            _ => return None,
        };
    }
    Some(schema)
}
