//! Documentation of fields, types and operations: the contract, for the caller.

use super::life;
use super::paths::wire_path;
use super::phrases::phrases;
use super::shape::{Shape, constrains, item, leaf};
use super::text::{Doc, code, codes, link, literal, one_line, sentence};
use crate::model::{
    Callback, Effect, Field, FieldType, Literal, Location, Notation, Operation, PathPart, Rule, RuleKind, Service,
    Severity, TimeNotation, Type, TypeKind,
};

/// Enums with more values than this are not listed where they are used.
const FEW: usize = 8;

/// Which side of an exchange a field is documented for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
    /// Of a type that travels both ways.
    Both,
}

/// A field: what it is, then the contract in one line.
pub(crate) fn field(service: &Service, field: &Field, side: Side) -> Doc {
    let mut doc = Doc::new(&field.doc).markdown(&contract(service, field, side));
    for constraints in [&field.constraints, &field.item_constraints] {
        let meanings = constraints.values.iter().zip(&constraints.value_docs);
        let meaning = |(value, doc): (&Literal, &String)| {
            format!("- {}: {}", literal(value), super::text::escape(&sentence(&one_line(doc))))
        };
        doc = doc.markdown(&meanings.map(meaning).collect::<Vec<_>>().join("\n"));
    }
    if let Some(reason) = &field.deprecated {
        doc = doc.markdown(&deprecated(reason));
    }
    if let Some(source) = &field.source {
        doc = doc.markdown(&link("Source", source));
    }
    doc
}

fn contract(service: &Service, field: &Field, side: Side) -> String {
    let mut parts = vec![code(&field.wire)];
    match field.location {
        Some(Location::Path) => parts.push("in the path".to_owned()),
        Some(Location::Header) => parts.push("a header".to_owned()),
        _ => {}
    }
    match (side, field.required) {
        (Side::Response, true) => parts.push("always there".to_owned()),
        (Side::Response, false) => {}
        (_, true) => parts.push("required".to_owned()),
        (_, false) => parts.push("optional".to_owned()),
    }
    parts.extend(phrases(&field.constraints));
    parts.extend(field.default.as_ref().map(|default| format!("default {}", literal(default))));
    parts.extend(field.unit.as_ref().map(|unit| format!("in {}", one_line(unit))));
    if let (FieldType::Time(TimeNotation::Offset), true) = (&field.ty, side != Side::Response) {
        parts.push("written as `2022-06-27T15:23:10+0800`".to_owned());
    }
    let mut sentences = vec![parts.join(", ") + "."];
    if item(&field.ty).is_some() && constrains(&field.item_constraints) {
        let what = if matches!(field.ty, FieldType::Map(_)) { "Each value" } else { "Each item" };
        sentences.push(format!("{what}: {}.", phrases(&field.item_constraints).join(", ")));
    }
    let listed = if item(&field.ty).is_some() { &field.item_constraints } else { &field.constraints };
    if let FieldType::Named(id) = leaf(&field.ty)
        && listed.values.is_empty()
        && let TypeKind::Enum(kind) = &service.ty(*id).kind
        && (2..=FEW).contains(&kind.values.len())
        && side != Side::Response
    {
        sentences.push(format!("One of {}.", codes(kind.values.iter().map(|value| value.wire.as_str()))));
    }
    if let Some(meaning) = &field.allow_empty {
        sentences.push(format!("Empty: {}", super::text::escape(&one_line(meaning))));
        if !meaning.trim_end().ends_with('.') {
            sentences.last_mut().into_iter().for_each(|sentence| sentence.push('.'));
        }
    }
    if Shape::of(field) == Shape::OptionMany {
        sentences.push("An empty one is not the same as none.".to_owned());
    }
    if field.secret {
        sentences.push("Shown in no log and no error.".to_owned());
    }
    let is_checked = constrains(&field.constraints) || constrains(&field.item_constraints);
    if field.severity == Severity::Warning && side != Side::Response && is_checked {
        sentences.push("Breaking this is reported, and the request is sent.".to_owned());
    }
    sentences.join(" ")
}

pub(crate) fn deprecated(reason: &str) -> String {
    format!("**Deprecated:** {}", super::text::escape(&sentence(reason)))
}

pub(crate) fn undocumented(basis: &str) -> String {
    format!("**Not documented by the vendor:** {}", super::text::escape(&sentence(basis)))
}

/// Where the operation is described, and by what kind of text.
pub(crate) fn source_link(operation: &Operation) -> String {
    let what = if operation.undocumented.is_some() { "where it is seen" } else { "vendor's page" };
    link(what, &operation.source)
}

/// Rules as a list.
pub(crate) fn rules(service: &Service, doc: Doc, rules: &[Rule]) -> Doc {
    let mut items: Vec<String> = rules
        .iter()
        .map(|rule| {
            let paths = match &rule.kind {
                RuleKind::Constrain(path, _) => vec![wire_path(service, path)],
                RuleKind::AtMostOne(paths)
                | RuleKind::ExactlyOne(paths)
                | RuleKind::AtLeastOne(paths)
                | RuleKind::Together(paths)
                | RuleKind::Require(paths)
                | RuleKind::Forbid(paths)
                | RuleKind::Ascending { paths, .. } => paths.iter().map(|path| wire_path(service, path)).collect(),
            };
            let mut text = format!(
                "{} ({})",
                super::text::escape(&sentence(&one_line(&rule.doc))),
                codes(paths.iter().map(String::as_str))
            );
            if rule.severity == Severity::Warning {
                text.push_str(" Breaking it is reported, and the request is sent.");
            }
            if let Some(source) = &rule.source {
                text.push_str(&format!(" {}", link("Source", source)));
            }
            text
        })
        .collect();
    // A rule on every variant of a union is one for each.
    items.dedup();
    doc.list("Rules", &items)
}

/// A record, enum or union.
pub(crate) fn ty(ty: &Type) -> Doc {
    let doc = Doc::new(&ty.doc);
    match &ty.source {
        Some(source) => doc.markdown(&link("Source", source)),
        None => doc,
    }
}

/// An operation, without its example.
pub(crate) fn operation(service: &Service, operation: &Operation) -> Doc {
    let mut doc = Doc::new(&operation.summary);
    if let Some(reason) = &operation.deprecated {
        doc = doc.markdown(&deprecated(reason));
    }
    if let Some(basis) = &operation.undocumented {
        doc = doc.markdown(&undocumented(basis));
    }
    if let Some(more) = &operation.doc {
        doc = doc.paragraph(more);
    }
    doc = doc.markdown(&format!(
        "{} · {} · {}",
        code(&format!("{} {}", operation.method, path(service, operation))),
        effect(operation.effect),
        source_link(operation)
    ));
    let mut facts = Vec::new();
    if operation.anonymous {
        facts.push("Sent without credentials.".to_owned());
    }
    if let Some(permission) = &operation.permission {
        facts.push(format!("Needs the permission {}.", code(&one_line(permission))));
    }
    if !operation.regions.is_empty() {
        facts.push(format!("Offered only in {}.", codes(operation.regions.iter().map(String::as_str))));
    }
    if let Some(host) = service.hosts.get(operation.host).filter(|_| operation.host > 0) {
        facts.push(format!("Goes to {}.", code(&host.template)));
    }
    doc = doc.markdown(&facts.join(" "));
    doc = doc.markdown(&life::pages(service, operation));
    doc = doc.markdown(&life::batch(service, operation));
    doc = doc.markdown(&life::token(service, operation));
    doc = life::job(service, operation, doc);
    match service.record(operation.request) {
        Some(request) => rules(service, doc, &request.rules),
        None => doc,
    }
}

/// A callback, without its example.
pub(crate) fn callback(callback: &Callback) -> Doc {
    let mut doc = Doc::new(&callback.summary);
    if let Some(more) = &callback.doc {
        doc = doc.paragraph(more);
    }
    doc.markdown(&format!(
        "Sent by the service, as {} · {}",
        notations(callback),
        link("vendor's page", &callback.source)
    ))
}

/// E.g. `XML or JSON`.
pub(crate) fn notations(callback: &Callback) -> String {
    let names = callback.notations.iter().map(|notation| match notation {
        Notation::Json => "JSON",
        Notation::Xml => "XML",
    });
    names.collect::<Vec<_>>().join(" or ")
}

/// The path as the vendor writes it.
pub(crate) fn path(service: &Service, operation: &Operation) -> String {
    let request = service.record(operation.request);
    let mut out = String::new();
    for part in &operation.path {
        match part {
            PathPart::Text(text) => out.push_str(text),
            PathPart::Field(field) => {
                let name =
                    request.and_then(|request| request.fields.get(*field)).map_or("", |field| field.wire.as_str());
                out.push_str(&format!("{{{name}}}"));
            }
            PathPart::Setting(setting) => {
                let name = service.settings.get(*setting).map_or("", |setting| setting.name.as_str());
                out.push_str(&format!("{{{name}}}"));
            }
        }
    }
    if !operation.flags.is_empty() {
        out.push_str(&format!("?{}", operation.flags.join("&")));
    }
    out
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "reads",
        Effect::Write => "writes: sent twice, it changes nothing more",
        Effect::Create => "creates: sent twice, it makes and bills a second",
    }
}
