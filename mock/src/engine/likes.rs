//! What a thing is told like: the documented record that is nearest to it, as far as that can be of such a thing.

use std::borrow::Cow;
use std::collections::HashMap;

use mediajobs_runtime::server::{OperationEntry, RecordSchema, ResourceAction, ResourceInfo};
use serde_json::{Map, Value};

use super::catalog::Catalog;
use super::view::View;
use super::{examples, paths};
use crate::service::Service;

/// Shorter texts are the same by chance.
const LEAST_CHARS: usize = 3;

/// The documented record that is nearest to a thing: one that this operation tells, or what came of it in an answer of the one
/// that made it. If it is of another kind, the view is without a result.
pub(crate) fn of<'c, 'v>(
    catalog: &'c Catalog,
    service: Service,
    entry: &'static dyn OperationEntry,
    resource: &'static ResourceInfo,
    path: &'static str,
    view: &'v View,
) -> (Cow<'v, View>, Option<Cow<'c, Map<String, Value>>>) {
    let kinds = kinds(catalog, service, resource);
    let telling: Vec<&str> = kinds.iter().copied().chain(resource.state).collect();
    let records =
        |entry, path| catalog.examples(service, entry).iter().flat_map(move |example| examples::records(example, path));
    let maker = view.made_by.as_ref().and_then(|name| catalog.entry(service, name));
    let maker = maker.filter(|maker| maker.info().name != entry.info().name).and_then(|maker| {
        let part = resource.operations.iter().find(|part| part.operation == maker.info().name);
        Some(records(maker, part?.record?).map(|record| (true, record)))
    });
    let all = records(entry, path).map(|record| (false, record)).chain(maker.into_iter().flatten());
    let like = examples::most_like_record(all, view, &telling).map(|(is_of_maker, like)| match is_of_maker {
        false => Cow::Borrowed(like),
        // What else stands in such an answer belongs to the request that it answers.
        true => Cow::Owned(told_of_both(like, view)),
    });
    let differs = |kind: &&str| {
        let shown = like.as_ref().and_then(|like| paths::text(like.get(*kind)?));
        shown.zip(view.get(kind).and_then(paths::text)).is_some_and(|(shown, own)| shown != own)
    };
    match kinds.iter().any(differs) {
        true => (Cow::Owned(view.clone().without_result()), like),
        false => (Cow::Borrowed(view), like),
    }
}

/// The members of a record that the thing has as well, and its texts.
fn told_of_both(like: &Map<String, Value>, view: &View) -> Map<String, Value> {
    let both = like.iter().filter(|(name, value)| view.get(name).is_some() || paths::text(value).is_some());
    both.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The members that tell of which kind a thing is: what makes such things gives each a value of its own, e.g. the `Tag` of a job.
fn kinds(catalog: &Catalog, service: Service, resource: &'static ResourceInfo) -> Vec<&'static str> {
    let makers = resource.operations.iter().filter(|part| part.does == ResourceAction::Create);
    let mut kinds: Vec<&str> = makers
        .flat_map(|part| {
            let request: Option<&'static RecordSchema> =
                catalog.entry(service, part.operation).map(|entry| entry.request());
            let fields = request.map(|request| request.fields).unwrap_or_default().iter();
            let constants = fields.filter(|field| field.constant.is_some()).map(|field| field.name);
            constants.chain(part.sets.iter().map(|(member, _)| *member))
        })
        .filter(|member| Some(*member) != resource.state)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The texts of a documented record that are others in the thing, and what they are there. What is borrowed says these in
/// their place: the bucket of a result is that of the output.
pub(crate) fn others(like: Option<&Map<String, Value>>, view: &View) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for (name, shown) in like.into_iter().flatten() {
        if let Some(own) = view.get(name) {
            compare(shown, own, &mut found);
        }
    }
    found
}

fn compare(shown: &Value, own: &Value, found: &mut HashMap<String, String>) {
    match (shown, own) {
        (Value::Object(shown), Value::Object(own)) => {
            for (name, shown) in shown {
                if let Some(own) = own.get(name) {
                    compare(shown, own, found);
                }
            }
        }
        (Value::String(shown), Value::String(own)) if shown != own && shown.chars().count() >= LEAST_CHARS => {
            found.entry(shown.clone()).or_insert_with(|| own.clone());
        }
        _ => {}
    }
}

/// What is borrowed, with the thing's own texts in the place of others.
pub(crate) fn borrowed(value: &Value, others: &HashMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(others.get(text).unwrap_or(text).clone()),
        Value::Array(items) => items.iter().map(|item| borrowed(item, others)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), borrowed(value, others))).collect())
        }
        value => value.clone(),
    }
}
