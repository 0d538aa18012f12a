//! Answers: the documented one, with what is told of the things in its place.

use mediajobs_runtime::server::{Many, OperationEntry, RecordSchema, ValueSchema};
use serde_json::{Map, Value};

use super::catalog::{Catalog, Part};
use super::examples::{self, Example};
use super::likes;
use super::list;
use super::request::Asked;
use super::resources::Outcome;
use super::view::View;
use super::{paths, render, shape};
use crate::refusal::Refusal;
use crate::service::Service;

/// An answer before it is written.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) members: Map<String, Value>,
}

/// The answer to a request that did this to the things it concerns.
///
/// # Errors
/// It asks for a page that is none.
pub(crate) fn of(
    catalog: &Catalog,
    service: Service,
    entry: &'static dyn OperationEntry,
    asked: &Asked,
    outcomes: &[(Part, Outcome)],
) -> Result<Answer, Refusal> {
    let documented = catalog.examples(service, entry);
    let mut told: Vec<_> =
        outcomes.iter().filter_map(|(part, outcome)| Some((part, outcome, part.1.record?))).collect();
    // The answer itself first, then what stands in it, then what stands in that.
    told.sort_by_key(|(_, _, path)| (!path.is_empty(), path.matches("[]").count()));
    let base = base(documented, &told);
    let status = base.map(|base| base.status).or(entry.info().statuses.first().copied()).unwrap_or(200);
    let mut members = base.map_or_else(|| shape::least(entry.response()), |base| base.members.clone());
    echo(entry, asked, &mut members);
    let listed = entry.info().paging.first().map(|paging| paging.items().trim_end_matches("[]"));
    let mut is_paged = false;
    let mut shown: Vec<(&str, Vec<&View>)> = Vec::new();
    if told.is_empty() && !outcomes.is_empty() {
        // What is left to say is that it went well.
        members.retain(|_, value| !value.is_object() && !value.is_array());
    }
    for ((resource, operation), outcome, path) in told {
        let Some(schema) = examples::schema_at(entry.response(), path) else { continue };
        let mut views: Vec<&View> = outcome.views.iter().collect();
        if listed == Some(path.trim_end_matches("[]")) {
            is_paged = true;
            let marks: Vec<u64> = views.iter().map(|view| view.number).collect();
            let page = list::page(service, entry.info(), entry.request(), entry.response(), &asked.fields, &marks)?;
            views = views.into_iter().skip(page.start).take(page.end - page.start).collect();
            say(entry.response(), &mut members, page.says);
        }
        let record = |view: &View| {
            let (view, like) = likes::of(catalog, service, entry, resource, path, view);
            Value::Object(render::record(service.info().protocol, schema, &view, operation, like.as_deref()))
        };
        if let Some((outer, inner)) = path.trim_end_matches("[]").split_once("[].") {
            let parents = shown.iter().find(|(path, _)| path.trim_end_matches("[]") == outer);
            let items = members.get_mut(outer).and_then(Value::as_array_mut);
            for (item, parent) in items.into_iter().flatten().zip(parents.iter().flat_map(|(_, views)| views)) {
                let own = views.iter().filter(|view| view.key.starts_with(&parent.key));
                if let Some(item) = item.as_object_mut() {
                    paths::set(item, inner, own.map(|view| record(view)).collect());
                }
            }
            continue;
        }
        shown.push((path, views.clone()));
        match views.first() {
            Some(view) if path.is_empty() => {
                if let Value::Object(record) = record(view) {
                    members = record;
                }
            }
            None if path.is_empty() => {}
            _ if is_list(entry.response(), path) => {
                paths::set(&mut members, path, views.into_iter().map(record).collect());
            }
            Some(view) => paths::set(&mut members, path, record(view)),
            None => paths::remove(&mut members, path),
        }
    }
    for ((_, operation), outcome) in outcomes {
        let Some(missing) = operation.missing else { continue };
        match outcome.missing.as_slice() {
            [] => paths::remove(&mut members, missing),
            ids => paths::set(&mut members, missing, ids.iter().cloned().map(Value::String).collect()),
        }
    }
    if !is_paged {
        page_documented(service, entry, asked, &mut members)?;
    }
    Ok(Answer { status, members })
}

/// The documented answer that is most like what is told, as a whole.
fn base<'e>(documented: &'e [Example], told: &[(&Part, &Outcome, &'static str)]) -> Option<&'e Example> {
    let liked = told.iter().find_map(|((resource, _), outcome, path)| {
        let view = outcome.views.first()?;
        examples::most_like(documented, path, view, resource.state)
    });
    liked.or(documented.first())
}

/// What the request said and the answer repeats.
fn echo(entry: &'static dyn OperationEntry, asked: &Asked, members: &mut Map<String, Value>) {
    for field in entry.response().fields {
        let is_leaf = field.many == Many::One && !matches!(field.holds, ValueSchema::Record(_));
        // Some say `pageNumber` and are told `PageNumber`.
        let same = entry.request().fields.iter().filter(|said| is_leaf && said.name.eq_ignore_ascii_case(field.name));
        let same = same.max_by_key(|said| said.name == field.name);
        let Some(said) = same.filter(|same| same.many == Many::One) else { continue };
        let default = || said.default.map(|text| Value::String(text.to_owned()));
        if let Some(value) = asked.fields.get(said.name).cloned().or_else(default) {
            let like = members.get(field.name).cloned();
            members.insert(field.name.to_owned(), shape::tell_value(field, &value, like.as_ref()));
        }
    }
}

/// Members at paths, as their fields write them.
fn say(schema: &'static RecordSchema, members: &mut Map<String, Value>, says: Vec<(&'static str, Value)>) {
    for (path, value) in says {
        let field = examples::field_at(schema, path);
        let like = paths::first(members, path).cloned();
        let told = field.map_or_else(|| value.clone(), |field| shape::tell_value(field, &value, like.as_ref()));
        paths::set(members, path, told);
    }
}

fn is_list(schema: &'static RecordSchema, path: &str) -> bool {
    examples::field_at(schema, path).is_some_and(|field| field.many == Many::List)
}

/// A list of what the service has by itself goes page by page as well.
fn page_documented(
    service: Service,
    entry: &'static dyn OperationEntry,
    asked: &Asked,
    members: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    let Some(paging) = entry.info().paging.first() else { return Ok(()) };
    let items = paging.items().trim_end_matches("[]");
    let all = match paths::first(members, items) {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    let marks: Vec<u64> = (0..all.len() as u64).collect();
    let page = list::page(service, entry.info(), entry.request(), entry.response(), &asked.fields, &marks)?;
    let shown = all.into_iter().skip(page.start).take(page.end - page.start).collect();
    paths::set(members, items, shown);
    say(entry.response(), members, page.says);
    Ok(())
}
