//! Names that are good alone and clash side by side.

use std::collections::HashMap;

use super::draft::{Draft, Role};
use super::{names, reserved};
use crate::diagnostic::{Sink, Span, quote};
use crate::model::{TypeId, UNKNOWN_MEMBERS};

/// Looks at the names of types, operations and fields.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    modules(draft, sink);
    types(draft, sink);
    for id in draft.ids() {
        fields(draft, id, sink);
    }
}

/// Two operations with one module, or two callbacks.
fn modules(draft: &Draft<'_>, sink: &mut Sink) {
    let operations = draft.service.operations.iter().zip(&draft.operations).map(|(operation, origin)| {
        (operation.module.as_str(), origin.spec.rust_name.as_ref().unwrap_or(&origin.spec.name).span)
    });
    one_module_each(operations, "operations", "a `rust-name`", sink);
    let callbacks = draft.service.callbacks.iter().zip(&draft.callbacks);
    let callbacks = callbacks.map(|(callback, origin)| (callback.module.as_str(), origin.spec.name.span));
    one_module_each(callbacks, "callbacks", "another `name`", sink);
}

/// `mend` is what gives one of them another module.
fn one_module_each<'a>(modules: impl Iterator<Item = (&'a str, Span)>, things: &str, mend: &str, sink: &mut Sink) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for (module, span) in modules.filter(|(module, _)| !module.is_empty()) {
        if let Some(other) = first.get(module) {
            sink.error("name-clash", span, format!("two {things} would be the module {}", quote(module)))
                .label(*other, "the other one")
                .help(format!("give one of them {mend}"));
        } else {
            first.insert(module, span);
        }
    }
}

/// Names at the root of the crate: the service, settings, operations and their answers, callbacks; and what is declared.
fn types(draft: &Draft<'_>, sink: &mut Sink) {
    let mut taken: HashMap<String, (&str, Span)> = HashMap::new();
    let service = draft.spec.rust_name.as_ref().unwrap_or(&draft.spec.name);
    let mut root: Vec<(String, &str, Span)> = vec![(draft.service.rust.clone(), "the service", service.span)];
    for (setting, spec) in draft.service.settings.iter().zip(&draft.spec.settings) {
        let span = spec.rust_name.as_ref().unwrap_or(&spec.name).span;
        root.push((setting.rust.clone(), "a setting", span));
    }
    for (operation, origin) in draft.service.operations.iter().zip(&draft.operations) {
        let span = origin.spec.rust_name.as_ref().unwrap_or(&origin.spec.name).span;
        root.push((operation.rust.clone(), "an operation", span));
        root.push((format!("{}Response", operation.rust), "the answer of an operation", span));
    }
    for (callback, origin) in draft.service.callbacks.iter().zip(&draft.callbacks) {
        root.push((callback.rust.clone(), "a callback", origin.spec.name.span));
    }
    for (name, what, span) in root.into_iter().filter(|(name, ..)| !name.is_empty()) {
        match taken.get(&name) {
            // Two operations of one name have one module, which was reported.
            Some(("an operation", _)) if what == "an operation" => {}
            Some(("the answer of an operation", _)) if what == "the answer of an operation" => {}
            Some(("a callback", _)) if what == "a callback" => {}
            Some((other, other_span)) => {
                clash(&name, what, span, other, *other_span, sink).help("give one of them a `rust-name`");
            }
            None => {
                taken.insert(name, (what, span));
            }
        }
    }
    for id in draft.ids() {
        let origin = draft.origin(id);
        if !matches!(origin.role, Role::Declared(_)) {
            continue;
        }
        let name = &draft.service.ty(id).name;
        declared_name(name, origin.span, sink);
        if let Some((other, span)) = taken.get(name) {
            clash(name, "a type", origin.span, other, *span, sink).help("give the type another name");
        }
    }
}

fn clash<'s>(
    name: &str,
    what: &str,
    span: Span,
    other: &str,
    other_span: Span,
    sink: &'s mut Sink,
) -> &'s mut crate::diagnostic::Draft {
    sink.error("name-clash", span, format!("{} is the name of {what} and of {other}", quote(name)))
        .label(other_span, "the other one")
}

fn declared_name(name: &str, span: Span, sink: &mut Sink) {
    if !names::is_pascal(name) {
        sink.error("bad-type-name", span, format!("{} is no name for a type in Rust", quote(name)))
            .help("use letters and digits, beginning with a capital letter, e.g. `SmartJob`");
    } else if let Some(reason) = reserved::type_name(name) {
        sink.error("reserved-name", span, format!("the type {} has {reason}", quote(name)))
            .help(format!("give it another name, e.g. `{name}Info`"));
    }
}

/// The fields of one record.
fn fields(draft: &Draft<'_>, id: TypeId, sink: &mut Sink) {
    let mut rust: HashMap<&str, (&str, Span)> = HashMap::new();
    let mut wires: HashMap<&str, Span> = HashMap::new();
    for (field, origin) in draft.fields(id) {
        wires.entry(&field.wire).or_insert(origin.spec.wire.span);
    }
    let in_requests = draft.service.ty(id).in_requests;
    // One with a constant is no field in Rust.
    let keeps_unknown = draft.service.record(id).is_some_and(|record| record.keep_unknown);
    for (field, origin) in draft.fields(id).filter(|(field, _)| field.constant.is_none()) {
        let span = origin.spec.rust_name.as_ref().unwrap_or(&origin.spec.wire).span;
        if keeps_unknown && field.rust == UNKNOWN_MEMBERS {
            let message = format!(
                "the field {} is {} in Rust, where the record keeps what it does not know",
                quote(&field.wire),
                quote(&field.rust)
            );
            sink.error("name-clash", span, message).help("give the field a `rust-name`");
        }
        match rust.get(field.rust.as_str()) {
            Some((other, other_span)) => {
                let message = format!(
                    "the fields {} and {} are both {} in Rust",
                    quote(other),
                    quote(&field.wire),
                    quote(&field.rust)
                );
                sink.error("name-clash", span, message)
                    .label(*other_span, "the other one")
                    .help("give one of them a `rust-name`");
            }
            None if field.rust.is_empty() => {}
            None => {
                rust.insert(&field.rust, (&field.wire, span));
            }
        }
        if let Some(reason) = reserved::method(&field.rust).filter(|_| in_requests) {
            let message = format!(
                "the setter of field {} would be {}, which is {reason}",
                quote(&field.wire),
                quote(&field.rust)
            );
            sink.error("reserved-name", span, message).help(names::example(names::Role::Field, &field.rust));
        }
    }
    let mut aliases: HashMap<&str, Span> = HashMap::new();
    for (field, origin) in draft.fields(id) {
        for alias in &origin.spec.aliases {
            let other = wires.get(alias.value.as_str()).or_else(|| aliases.get(alias.value.as_str())).copied();
            if let Some(other) = other {
                let message =
                    format!("the alias {} of field {} is a name already", quote(&alias.value), quote(&field.wire));
                sink.error("bad-alias", alias.span, message).label(other, "the other one").help("remove one");
            }
            aliases.insert(&alias.value, alias.span);
        }
    }
}
