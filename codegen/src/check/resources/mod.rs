//! Lowers resources: what a service keeps, and what its operations do to it.

mod actions;
mod id;
mod keys;
mod members;
mod within;

use std::collections::{HashMap, HashSet};

use actions::{Done, Taken};
use members::Members;

use super::draft::Draft;
use super::operations::template;
use crate::diagnostic::{Sink, Spanned, quote, suggest};
use crate::model::{Resource, ResourceAction, ResourceFilter, ResourceOperation, ResourceOrder, ResourceRefusal};
use crate::spec::resource::{self, Pair, Refusal};

/// Lowers the resources, sorted by name. They stand on the operations, so those come first.
pub(crate) fn lower(draft: &mut Draft<'_>, specs: &[(usize, resource::Resource)], paths: &[String], sink: &mut Sink) {
    let specs = without_doubles(specs, sink);
    let within = within::resolve(&specs, sink);
    let lowered = specs.iter().zip(within).map(|((file, spec), within)| {
        let file = paths.get(*file).cloned().unwrap_or_default();
        Resource { within, file, ..lower_resource(draft, spec, sink) }
    });
    let resources = lowered.collect();
    draft.service.resources = resources;
}

/// The resources by name; of two with one name, the first.
fn without_doubles<'a>(
    specs: &'a [(usize, resource::Resource)],
    sink: &mut Sink,
) -> Vec<(usize, &'a resource::Resource)> {
    let mut order: Vec<(usize, &resource::Resource)> = specs.iter().map(|(file, spec)| (*file, spec)).collect();
    order.sort_by(|(_, a), (_, b)| a.name.value.cmp(&b.name.value));
    let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
    order.retain(|(_, spec)| {
        let name = spec.name.value.as_str();
        if let Some(first) = first.get(name).filter(|name| !name.value.is_empty()) {
            sink.error("duplicate-name", spec.name.span, format!("the resource {} has two files", quote(name)))
                .label(first.span, "the other one")
                .help("remove one, or mend its `name`");
            return false;
        }
        first.insert(name, &spec.name);
        true
    });
    order
}

fn lower_resource(draft: &Draft<'_>, spec: &resource::Resource, sink: &mut Sink) -> Resource {
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    name(&spec.name, sink);
    key(spec, sink);
    if let Some(id) = &spec.id {
        id::check(id, sink);
    }
    let (done, whole) = actions::lower(draft, spec, sink);
    let members = Members::of(draft, spec, &done, whole);
    members::check(&members, spec, sink);
    keys::check(draft, spec, &done, sink);
    Resource {
        name: spec.name.value.clone(),
        summary: spec.summary.value.clone(),
        source: spec.source.value.clone(),
        key: spec.key.iter().flat_map(|key| &key.value).map(|member| member.value.clone()).collect(),
        id: text(&spec.id),
        within: None,
        initial: texts(&spec.initial),
        state: text(&spec.state),
        course: spec.course.iter().flat_map(|course| &course.value).map(|state| state.value.clone()).collect(),
        created: text(&spec.created),
        updated: text(&spec.updated),
        started: text(&spec.started),
        ended: text(&spec.ended),
        seeded: seeded(spec, &done, sink),
        absent: refusal(spec.absent.as_ref(), sink),
        exists: refusal(spec.exists.as_ref(), sink),
        conflict: refusal(spec.conflict.as_ref(), sink),
        operations: done.into_iter().map(operation).collect(),
        file: String::new(),
    }
}

/// The parts of an operation's doing that were found, as the model has them.
fn operation(done: Done<'_>) -> ResourceOperation {
    let filters = done.filters.into_iter().map(|(path, filter)| ResourceFilter {
        request: path.path,
        member: filter.member.value.clone(),
        test: filter.test,
        all: filter.all.iter().map(|value| value.value.clone()).collect(),
    });
    let order = done.spec.order.as_ref().map(|order| ResourceOrder {
        request: done.order.map(|path| path.path),
        member: order.by.value.clone(),
        others: texts(&order.others),
        ascending: order.ascending.iter().flat_map(|list| &list.value).map(|value| value.value.clone()).collect(),
        ascending_by_default: order.ascending_by_default,
    });
    ResourceOperation {
        operation: done.index,
        does: done.spec.does,
        record: done.record.map(|(record, _)| record),
        missing: done.missing,
        takes: done.takes.into_iter().map(Taken::pair).collect(),
        gives: done.gives.into_iter().map(Taken::pair).collect(),
        sets: texts(&done.spec.sets),
        from: done.spec.from.iter().map(|state| state.value.clone()).collect(),
        filters: filters.collect(),
        order,
    }
}

fn texts(pairs: &[Pair]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect()
}

fn name(name: &Spanned<String>, sink: &mut Sink) {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !name.value.trim().is_empty() && !name.value.split('-').all(is_word) {
        sink.error("bad-resource", name.span, format!("{} is no name for a resource", quote(&name.value)))
            .help("use words in lower case with `-` between them, e.g. `search-library`");
    }
}

fn key(spec: &resource::Resource, sink: &mut Sink) {
    let Some(key) = &spec.key else { return };
    if key.value.is_empty() && !sink.has_error_within(key.span) {
        sink.error("bad-resource", key.span, "no member tells one from another").help("name the member with the id");
    }
    let mut seen = HashSet::new();
    for member in &key.value {
        if member.value.trim().is_empty() {
            sink.error("bad-resource", member.span, "a member has no name").help("write it, or remove it");
        } else if !seen.insert(member.value.as_str()) {
            sink.error("bad-resource", member.span, format!("{} is in the key twice", quote(&member.value)))
                .help("remove one");
        }
    }
}

/// What is there from the start shows in the answer of a list.
fn seeded(spec: &resource::Resource, done: &[Done<'_>], sink: &mut Sink) -> Option<usize> {
    let name = spec.seeded.as_ref()?;
    let mut lists = done.iter().filter(|done| done.spec.does == ResourceAction::List);
    if let Some(list) = lists.find(|list| list.named.value == name.value) {
        return Some(list.index);
    }
    let listed = spec.actions.iter().filter(|action| action.does == ResourceAction::List);
    let names: Vec<&Spanned<String>> =
        listed.flat_map(|action| &action.operations).flat_map(|list| &list.value).collect();
    // One that the service does not have was reported.
    if !names.iter().any(|known| known.value == name.value) {
        let message = format!("{} is no operation that lists the resource", quote(&name.value));
        let help = match names.as_slice() {
            [] => Some("say with `[[list]]` what it tells".to_owned()),
            _ => suggest(&name.value, "lists", names.iter().map(|name| name.value.as_str())),
        };
        sink.error("resource-operation", name.span, message).maybe_help(help);
    }
    None
}

fn refusal(spec: Option<&Refusal>, sink: &mut Sink) -> Option<ResourceRefusal> {
    let spec = spec?;
    if let Ok(pieces) = template(&spec.message.value)
        && let Some((name, _)) = pieces.iter().find(|(name, is_name)| *is_name && *name != "id")
    {
        let message = format!("nothing is put in the place of {}", quote(&format!("{{{name}}}")));
        sink.error("bad-resource", spec.message.span, message).help("only `{id}` stands for something: the id");
    }
    let status = spec.status.as_ref()?;
    let found = u16::try_from(status.value).ok().filter(|status| (400..=599).contains(status));
    if found.is_none() {
        sink.error("bad-status", status.span, format!("{} is no status of an error", status.value))
            .help("write a whole number from 400 to 599");
    }
    Some(ResourceRefusal { status: found?, code: spec.code.value.clone(), message: spec.message.value.clone() })
}
