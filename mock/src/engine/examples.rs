//! The documented answers, and which of them is most like what is to be told.

use mediajobs_runtime::server::{FieldSchema, OperationEntry, RecordSchema, ValueSchema};
use serde_json::{Map, Value};

use super::view::View;
use super::{paths, shape};
use crate::service::Service;

/// What it is worth that something is of the same kind or in the same state, against another member that is the same.
const TELLING: usize = 8;

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

/// The answer with the record that is most like a thing, of several documented ones.
pub(crate) fn most_like<'e>(
    examples: &'e [Example],
    path: &str,
    view: &View,
    state: Option<&str>,
) -> Option<&'e Example> {
    let all =
        examples.iter().flat_map(|example| records(example, path).into_iter().map(move |record| (example, record)));
    let telling: Vec<&str> = state.into_iter().collect();
    most_like_record(all, view, &telling).map(|(example, _)| example)
}

/// The record that is most like a thing, of several: of equals the first, since the vendor's own pages come first.
pub(crate) fn most_like_record<'e, T>(
    all: impl Iterator<Item = (T, &'e Map<String, Value>)>,
    view: &View,
    telling: &[&str],
) -> Option<(T, &'e Map<String, Value>)> {
    let mut best = None;
    for (origin, record) in all {
        let likeness = likeness(record, view, telling);
        if best.as_ref().is_none_or(|(most, _)| likeness > *most) {
            best = Some((likeness, (origin, record)));
        }
    }
    best.map(|(_, found)| found)
}

fn likeness(record: &Map<String, Value>, view: &View, telling: &[&str]) -> usize {
    let same = record.iter().filter_map(|(name, value)| {
        let own = view.get(name)?;
        let is_same = match (paths::text(value), paths::text(own)) {
            (Some(a), Some(b)) => a == b,
            // Records of the same kind have the same members.
            _ => value.as_object()?.keys().any(|key| own.get(key).is_some_and(Value::is_object)),
        };
        is_same.then_some(if telling.contains(&name.as_str()) { TELLING } else { 1 })
    });
    let has_result = view.result.is_some_and(|result| paths::first(record, result).is_some());
    same.sum::<usize>() + if has_result { TELLING } else { 0 }
}

/// The field at a path.
pub(crate) fn field_at(schema: &RecordSchema, path: &str) -> Option<&'static FieldSchema> {
    let mut names = paths::names(path);
    let mut field = schema.field(names.next()?)?;
    for name in names {
        let ValueSchema::Record(record) = field.holds else { return None };
        field = record.field(name)?;
    }
    Some(field)
}

/// The record at a path; the whole where that is empty.
pub(crate) fn schema_at(schema: &'static RecordSchema, path: &str) -> Option<&'static RecordSchema> {
    if path.is_empty() {
        return Some(schema);
    }
    match field_at(schema, path)?.holds {
        ValueSchema::Record(record) => Some(record),
        _ => None,
    }
}
