//! Lowers what an operation says about itself; its fields, rules and references come later.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::draft::{Draft, OperationOrigin};
use super::names::{self, Role};
use super::reserved;
use crate::diagnostic::{Sink, Spanned, quote, suggest};
use crate::evaluate::matches_whole;
use crate::model::{Effect, IgnoredField, Operation, Protocol, Service, TypeId};
use crate::spec;
use crate::spec::tree::ValueKind;

/// Lowers the operations, sorted by name.
pub(crate) fn lower<'a>(
    draft: &mut Draft<'a>,
    specs: &'a [(usize, spec::operation::Operation)],
    paths: &[String],
    sink: &mut Sink,
) {
    let mut order: Vec<&(usize, spec::operation::Operation)> = specs.iter().collect();
    order.sort_by(|(_, a), (_, b)| a.name.value.cmp(&b.name.value));
    let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
    for (file, spec) in order {
        if let Some(first) = first.get(spec.name.value.as_str()).filter(|name| !name.value.is_empty()) {
            sink.error(
                "duplicate-name",
                spec.name.span,
                format!("the operation {} has two files", quote(&spec.name.value)),
            )
            .label(first.span, "the other one")
            .help("remove one, or mend its `name`");
            continue;
        }
        first.insert(&spec.name.value, &spec.name);
        let file_path = paths.get(*file).cloned().unwrap_or_default();
        let operation = lower_operation(&draft.service, spec, file_path, sink);
        draft.service.operations.push(operation);
        draft.operations.push(OperationOrigin { spec, file: *file, types: HashMap::new() });
    }
}

fn lower_operation(service: &Service, spec: &spec::operation::Operation, file: String, sink: &mut Sink) -> Operation {
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    let rust = rust_name(spec, sink);
    let module = names::snake(&rust);
    let span = spec.rust_name.as_ref().unwrap_or(&spec.name).span;
    if let Some(reason) = reserved::module(&module).filter(|_| !sink.has_error_at(span)) {
        let message = format!("the module of this operation would be {}, which is {reason}", quote(&module));
        sink.error("reserved-name", span, message).help(names::example(Role::Type, &rust));
    }
    effect_of_method(service, spec, sink);
    let method = spec.method.as_ref().map_or("GET", |method| method.value).to_owned();
    Operation {
        name: spec.name.value.clone(),
        rust,
        module,
        method,
        path: Vec::new(),
        flags: spec.flags.iter().map(|flag| flag.value.clone()).collect(),
        host: host(service, spec, sink),
        effect: spec.effect.as_ref().map_or(Effect::Create, |effect| effect.value),
        summary: spec.summary.value.clone(),
        doc: text(&spec.doc),
        source: spec.source.value.clone(),
        permission: text(&spec.permission),
        regions: regions(service, spec, sink),
        statuses: statuses(spec, sink),
        anonymous: spec.anonymous,
        deprecated: text(&spec.deprecated),
        undocumented: text(&spec.undocumented),
        request: TypeId(0),
        response: TypeId(0),
        empty_response: spec.empty_response.is_some(),
        ignored_request: ignored(&spec.request, sink),
        ignored_response: ignored(&spec.response, sink),
        example: IndexMap::new(),
        paging: Vec::new(),
        batch: None,
        job: None,
        idempotency_token: None,
        file,
    }
}

fn rust_name(spec: &spec::operation::Operation, sink: &mut Sink) -> String {
    if spec.name.value.is_empty() {
        return String::new();
    }
    names::assign(Role::Type, "the operation", &spec.name, spec.rust_name.as_ref(), sink)
}

/// Where the method has a meaning, it says what the effect says. An `rpc` service takes any method.
fn effect_of_method(service: &Service, spec: &spec::operation::Operation, sink: &mut Sink) {
    let (Some(method), Some(effect)) = (&spec.method, &spec.effect) else { return };
    if service.protocol == Protocol::Rpc {
        return;
    }
    let reads = matches!(method.value, "GET" | "HEAD");
    if reads && effect.value != Effect::Read || matches!(method.value, "DELETE") && effect.value == Effect::Read {
        sink.warning(
            "effect-of-method",
            effect.span,
            format!("the effect is unusual for the method `{}`", method.value),
        )
        .label(method.span, "the method")
        .help("mend one of them, or say with `[[allow]]` why both are right");
    }
}

fn host(service: &Service, spec: &spec::operation::Operation, sink: &mut Sink) -> usize {
    let Some(name) = &spec.host else { return 0 };
    if let Some(index) = service.hosts.iter().position(|host| host.name == name.value) {
        return index;
    }
    let help = suggest(&name.value, "hosts", service.hosts.iter().map(|host| host.name.as_str()));
    sink.error("unknown-host", name.span, format!("the service has no host {}", quote(&name.value))).maybe_help(help);
    0
}

fn regions(service: &Service, spec: &spec::operation::Operation, sink: &mut Sink) -> Vec<String> {
    let Some(list) = &spec.regions else { return Vec::new() };
    if list.value.is_empty() && !sink.has_error_within(list.span) {
        sink.error("unknown-region", list.span, "no region is listed")
            .help("remove `regions`: all regions offer it then");
    }
    for region in &list.value {
        let by_pattern = service.region_pattern.as_ref().is_some_and(|pattern| matches_whole(pattern, &region.value));
        if !by_pattern && !service.regions.contains_key(&region.value) {
            let ids = service.regions.keys().map(String::as_str);
            let message = format!("{} is no region of the service", quote(&region.value));
            let help = suggest(&region.value, "regions", ids);
            sink.error("unknown-region", region.span, message).maybe_help(help);
        }
    }
    list.value.iter().map(|region| region.value.clone()).collect()
}

fn statuses(spec: &spec::operation::Operation, sink: &mut Sink) -> Vec<u16> {
    let Some(list) = &spec.statuses else { return vec![200] };
    let mut statuses = Vec::new();
    for value in &list.value {
        let status = match value.kind {
            ValueKind::Integer(number) => u16::try_from(number).ok().filter(|number| (200..=299).contains(number)),
            _ => None,
        };
        match status {
            Some(status) if !statuses.contains(&status) => statuses.push(status),
            Some(_) => {
                sink.error("bad-status", value.span, "this status is listed twice").help("remove one");
            }
            None => {
                sink.error("bad-status", value.span, "this is no status of success")
                    .help("write a whole number from 200 to 299");
            }
        }
    }
    if list.value.is_empty() {
        sink.error("bad-status", list.span, "no status means success").help("remove `statuses`: it is 200 then");
    }
    statuses
}

pub(crate) fn ignored(fields: &[spec::field::Field], sink: &mut Sink) -> Vec<IgnoredField> {
    let mut ignored = Vec::new();
    for field in fields {
        let Some(reason) = &field.ignored else { continue };
        ignored_alone(field, sink);
        ignored.push(IgnoredField { wire: field.wire.value.clone(), reason: reason.value.clone() });
    }
    ignored
}

/// A field that is left out has nothing but the reason and its page.
pub(crate) fn ignored_alone(field: &spec::field::Field, sink: &mut Sink) {
    let Some(reason) = &field.ignored else { return };
    for key in field.keys.iter().filter(|key| !matches!(key.value.as_str(), "ignored" | "source")) {
        let message =
            format!("{} says nothing about field {}, which is `ignored`", quote(&key.value), quote(&field.wire.value));
        sink.error("ignored-and-key", key.span, message)
            .label(reason.span, "left out for this reason")
            .help("keep `ignored` and `source`, or make it a field");
    }
}

/// Cuts a template at its `{name}`s: text and whether it is a name. The error goes on "the template …".
pub(crate) fn template(text: &str) -> Result<Vec<(&str, bool)>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        if before.contains('}') {
            return Err("has a `}` without a `{`".to_owned());
        }
        let Some((name, after)) = behind.split_once('}') else {
            return Err("has a `{` without a `}`".to_owned());
        };
        if name.is_empty() || name.contains('{') {
            return Err("has no name between `{` and `}`".to_owned());
        }
        if !before.is_empty() {
            pieces.push((before, false));
        }
        pieces.push((name, true));
        rest = after;
    }
    if rest.contains('}') {
        return Err("has a `}` without a `{`".to_owned());
    }
    if !rest.is_empty() {
        pieces.push((rest, false));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn templates() {
        assert_eq!(template("/a/{b}/c"), Ok(vec![("/a/", false), ("b", true), ("/c", false)]));
        assert_eq!(template("{a}{b}"), Ok(vec![("a", true), ("b", true)]));
        assert_eq!(template(""), Ok(vec![]));
        for text in ["{", "}", "{}", "a{b", "a}b", "{a{b}}", "}{"] {
            assert!(template(text).is_err(), "{text}");
        }
    }
}
