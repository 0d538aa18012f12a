//! Lowers rules: what they demand, of which fields, and when.

use std::collections::HashSet;

use super::conditions;
use super::constraints;
use super::draft::{Draft, Role, describe};
use super::literals::integer_range;
use super::paths::{self, Resolved};
use crate::diagnostic::{Sink, Spanned, all_of, quote};
use crate::model::{FieldPath, FieldType, Rule, RuleKind, Service, Step, TypeId, TypeKind};
use crate::spec;
use crate::spec::rule::{DEMANDS, Demand};

/// Lowers the rules of every record.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        let inherited_only = is_response(draft, id);
        let specs = draft.origin(id).rules.clone();
        let lowered: Vec<Rule> = match inherited_only {
            // Answers are never refused, so rules of shared records say nothing there.
            true => Vec::new(),
            false => specs.into_iter().flat_map(|spec| lower_rule(draft, id, spec, sink)).collect(),
        };
        if let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) {
            record.rules = lowered;
        }
    }
}

fn is_response(draft: &Draft<'_>, id: TypeId) -> bool {
    matches!(draft.origin(id).role, Role::Response(_) | Role::Message(_))
}

/// One rule, or one for each variant that its path goes into.
fn lower_rule(draft: &Draft<'_>, record: TypeId, spec: &spec::rule::Rule, sink: &mut Sink) -> Vec<Rule> {
    let kinds = lower_kinds(draft, record, spec, sink);
    let when: Vec<_> = spec.when.iter().map(|condition| conditions::lower(draft, record, condition, sink)).collect();
    let Some(when) = when.into_iter().collect::<Option<Vec<_>>>() else { return Vec::new() };
    if spec.broken {
        // Half a rule would be broken where the whole one is not.
        return Vec::new();
    }
    let rule = |kind| Rule {
        kind,
        when: when.clone(),
        doc: spec.doc.value.clone(),
        severity: spec.severity.as_ref().map(|severity| severity.value).unwrap_or_default(),
        source: spec.source.as_ref().map(|source| source.value.clone()),
    };
    kinds.into_iter().map(rule).collect()
}

fn lower_kinds(draft: &Draft<'_>, record: TypeId, spec: &spec::rule::Rule, sink: &mut Sink) -> Vec<RuleKind> {
    if spec.demands.len() + usize::from(spec.constrain.is_some()) != 1 {
        if !(spec.broken && spec.demands.is_empty() && spec.constrain.is_none()) {
            wrong_kind(spec, sink);
        }
        return Vec::new();
    }
    match &spec.constrain {
        Some(path) => constrain(draft, record, spec, path, sink),
        None => demand(draft, record, spec, sink).into_iter().collect(),
    }
}

fn demand(draft: &Draft<'_>, record: TypeId, spec: &spec::rule::Rule, sink: &mut Sink) -> Option<RuleKind> {
    if let Some((key, span)) = spec.constraints.keys().first() {
        let message = format!("{} stands in a rule without `constrain`", quote(key));
        sink.error("rule-kind", *span, message).help("name the field with `constrain`, or remove the constraint");
    }
    let (demand, list) = spec.demands.first()?;
    let resolved: Vec<Option<Resolved>> = list.value.iter().map(|path| demanded(draft, record, path, sink)).collect();
    let before = sink.errors();
    count(*demand, list, sink);
    doubles(list, sink);
    let resolved: Vec<Resolved> = resolved.into_iter().collect::<Option<_>>()?;
    pointless(&draft.service, *demand, &resolved, list, spec, sink);
    if matches!(demand, Demand::Ascending | Demand::StrictlyAscending) {
        comparable(draft, &resolved, list, sink);
    }
    if sink.errors() > before {
        return None;
    }
    let paths = resolved.into_iter().map(|resolved| resolved.path).collect();
    Some(match demand {
        Demand::AtMostOne => RuleKind::AtMostOne(paths),
        Demand::ExactlyOne => RuleKind::ExactlyOne(paths),
        Demand::AtLeastOne => RuleKind::AtLeastOne(paths),
        Demand::Together => RuleKind::Together(paths),
        Demand::Require => RuleKind::Require(paths),
        Demand::Forbid => RuleKind::Forbid(paths),
        Demand::Ascending => RuleKind::Ascending { paths, strictly: false },
        Demand::StrictlyAscending => RuleKind::Ascending { paths, strictly: true },
    })
}

fn wrong_kind(spec: &spec::rule::Rule, sink: &mut Sink) {
    let words = DEMANDS.iter().map(|(word, _)| *word).chain(["constrain"]);
    let help = format!("a rule has exactly one of {}", all_of(words));
    let mut spans = spec.demands.iter().map(|(_, list)| list.span).chain(spec.constrain.iter().map(|path| path.span));
    match (spans.next(), spans.next()) {
        (Some(first), Some(second)) => {
            sink.error("rule-kind", second, "the rule demands two things").label(first, "the other one").help(help)
        }
        _ => sink.error("rule-kind", spec.span, "the rule demands nothing").help(help),
    };
}

/// A path of a demand: it means one place, so it can't go through items.
fn demanded(draft: &Draft<'_>, record: TypeId, path: &Spanned<String>, sink: &mut Sink) -> Option<Resolved> {
    let resolved = resolve(draft, record, path, sink)?;
    if resolved.has_each() {
        let message =
            format!("the path {} goes into items, where there is no single field to ask for", quote(&path.value));
        sink.error("bad-path", path.span, message).help("put the rule into the record of the items");
        return None;
    }
    Some(resolved)
}

/// Follows a path and reports where it leads nowhere, unless that is for a type that was reported.
pub(crate) fn resolve(draft: &Draft<'_>, record: TypeId, path: &Spanned<String>, sink: &mut Sink) -> Option<Resolved> {
    reported(draft, path, paths::resolve(&draft.service, record, &path.value), sink)
}

fn reported<T>(
    draft: &Draft<'_>,
    path: &Spanned<String>,
    result: Result<T, paths::Problem>,
    sink: &mut Sink,
) -> Option<T> {
    match result {
        Ok(resolved) => Some(resolved),
        Err(problem) if draft.knows(&problem.steps) => {
            sink.error("bad-path", path.span, problem.message).maybe_help(problem.help);
            None
        }
        Err(_) => None,
    }
}

fn count(demand: Demand, list: &Spanned<Vec<Spanned<String>>>, sink: &mut Sink) {
    let least = match demand {
        Demand::Require | Demand::Forbid => 1,
        Demand::AtMostOne
        | Demand::ExactlyOne
        | Demand::AtLeastOne
        | Demand::Together
        | Demand::Ascending
        | Demand::StrictlyAscending => 2,
    };
    if list.value.len() < least && !sink.has_error_within(list.span) {
        let found = list.value.len();
        let help = match (least, found) {
            (2, 1) if matches!(demand, Demand::Ascending | Demand::StrictlyAscending) => {
                "name what it is compared with, or use `constrain`"
            }
            (2, 1) => "name another field, or use `require` or `forbid`",
            _ => "name the fields it is about",
        };
        let named = if found == 1 { "1 field".to_owned() } else { format!("{found} fields") };
        sink.error("rule-paths", list.span, format!("the rule names {named} and needs {least} or more")).help(help);
    }
}

fn doubles(list: &Spanned<Vec<Spanned<String>>>, sink: &mut Sink) {
    let mut seen = HashSet::new();
    for path in &list.value {
        if !seen.insert(path.value.as_str()) {
            sink.error("rule-paths", path.span, format!("the rule names {} twice", quote(&path.value)))
                .help("remove one");
        }
    }
}

/// Only numbers and sizes have an order, and only of what is not always the same.
fn comparable(draft: &Draft<'_>, resolved: &[Resolved], list: &Spanned<Vec<Spanned<String>>>, sink: &mut Sink) {
    for (resolved, path) in resolved.iter().zip(&list.value).filter(|(resolved, _)| draft.knows(&resolved.path.steps)) {
        let service = &draft.service;
        let is_number =
            integer_range(&resolved.ty).is_some() || matches!(resolved.ty, FieldType::Float32 | FieldType::Float64);
        let is_many = matches!(resolved.ty, FieldType::List(_) | FieldType::Map(_));
        if !is_number && !is_many {
            let found = describe(service, &resolved.ty);
            sink.error("rule-paths", path.span, format!("{} is {found}, which has no order", quote(&path.value)))
                .help("name numbers, or lists and maps, whose size is meant");
        } else if resolved.path.last_field(service).is_some_and(|field| field.constant.is_some()) {
            sink.error("rule-paths", path.span, format!("{} is always the same", quote(&path.value)))
                .help("use `constrain` with a bound on the other field");
        }
    }
}

/// A rule that can't be broken, or that every request breaks, was not meant like that.
fn pointless(
    service: &Service,
    demand: Demand,
    resolved: &[Resolved],
    list: &Spanned<Vec<Spanned<String>>>,
    spec: &spec::rule::Rule,
    sink: &mut Sink,
) {
    for (resolved, path) in resolved.iter().zip(&list.value) {
        if !always_present(service, &resolved.path) {
            continue;
        }
        let path_text = quote(&path.value);
        match demand {
            Demand::Forbid if spec.when.is_empty() => {
                sink.error(
                    "rule-never-holds",
                    path.span,
                    format!("{path_text} is always present, so it can't be forbidden"),
                )
                .help("remove it from the rule, or make the field optional");
            }
            Demand::AtMostOne | Demand::ExactlyOne => {
                let message = format!("{path_text} is always present, so no other field could ever be");
                sink.error("rule-never-holds", path.span, message)
                    .help("`forbid` the others, or make the field optional");
            }
            Demand::Require | Demand::AtLeastOne => {
                let message = format!("{path_text} is always present, so this can't be broken");
                sink.warning("rule-always-holds", path.span, message).help("remove it from the rule");
            }
            Demand::Together => {
                let message = format!("{path_text} is always present, so the others always have to be");
                sink.warning("rule-always-holds", path.span, message).help("make the others `required`");
            }
            Demand::Forbid | Demand::Ascending | Demand::StrictlyAscending => {}
        }
    }
}

/// Whether a request can't be without the field. A required list may be empty, and what stands in a variant may not.
pub(crate) fn always_present(service: &Service, path: &FieldPath) -> bool {
    path.steps.iter().all(|step| match step {
        Step::Field { record, field, each: false } => {
            let field = service.record(*record).and_then(|record| record.fields.get(*field));
            field.is_some_and(|field| {
                let may_be_empty = matches!(field.ty, FieldType::List(_) | FieldType::Map(_));
                field.constant.is_some() || field.required && !may_be_empty
            })
        }
        Step::Tag { .. } => true,
        Step::Field { each: true, .. } | Step::Variant { .. } => false,
    })
}

fn constrain(
    draft: &Draft<'_>,
    record: TypeId,
    spec: &spec::rule::Rule,
    path: &Spanned<String>,
    sink: &mut Sink,
) -> Vec<RuleKind> {
    let every = paths::resolve_every(&draft.service, record, &path.value);
    let Some(resolved) = reported(draft, path, every, sink) else { return Vec::new() };
    if spec.constraints.keys().is_empty() {
        if !spec.broken {
            let message = format!("the rule says nothing about {}", quote(&path.value));
            sink.error("rule-without-constraint", path.span, message)
                .help("add a constraint beside `constrain`, e.g. `max` or `contains`");
        }
        return Vec::new();
    }
    let listed = spec.constraints.values.iter().flat_map(|list| &list.value);
    if let Some(doc) = listed.filter_map(|listed| listed.doc.as_ref()).next() {
        sink.error("bad-values", doc.span, "a rule does not say what its values mean")
            .help("list them in brackets; what they mean is for the field to say");
    }
    let mut kinds = Vec::new();
    for resolved in resolved.into_iter().filter(|resolved| draft.knows(&resolved.path.steps)) {
        let before = sink.errors();
        let what = quote(&resolved.path.text);
        let constraints = constraints::lower(&draft.service, &resolved.ty, &spec.constraints, &what, sink);
        kinds.push(RuleKind::Constrain(resolved.path, Box::new(constraints)));
        // What is wrong in one variant is most likely wrong in the next.
        if sink.errors() > before {
            break;
        }
    }
    kinds
}
