//! Path templates: each `{name}` is a field of the request or a setting, and each field of the path stands in it.

use super::draft::Draft;
use super::operations::template;
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::model::{Field, FieldType, Location, PathPart, Service, TypeId, TypeKind};
use crate::spec::operation::Operation;

/// Cuts the path of every operation.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(spec) = draft.operations.get(index).map(|origin| origin.spec) else { continue };
        let Some(request) = draft.service.operations.get(index).map(|operation| operation.request) else { continue };
        let parts = cut(&draft.service, request, spec, sink);
        path_fields(draft, request, parts.as_deref(), spec, sink);
        flags(fields(&draft.service, request), spec, sink);
        if let Some(operation) = draft.service.operations.get_mut(index) {
            operation.path = parts.unwrap_or_else(|| vec![PathPart::Text("/".to_owned())]);
        }
    }
}

/// The parts, or none where the template was reported.
fn cut(service: &Service, request: TypeId, spec: &Operation, sink: &mut Sink) -> Option<Vec<PathPart>> {
    let Some(path) = &spec.path else { return Some(vec![PathPart::Text("/".to_owned())]) };
    if !path.value.starts_with('/') {
        sink.error("bad-path-template", path.span, format!("the path {} does not start with `/`", quote(&path.value)))
            .help("write the path alone; the host is a key of its own");
        return None;
    }
    if let Some(sign) = path.value.chars().find(|c| "?# ".contains(*c) || c.is_control()) {
        let message = format!("the path {} holds `{}`", quote(&path.value), sign.escape_debug());
        let help = match sign {
            '?' => "write parameters as fields of `in = \"query\"`, and those without a value as `flags`",
            '#' => "what stands behind a `#` is never sent: remove it",
            _ => "write the path alone, without the method, and without white space",
        };
        sink.error("bad-path-template", path.span, message).help(help);
        return None;
    }
    let pieces = match template(&path.value) {
        Ok(pieces) => pieces,
        Err(problem) => {
            sink.error("bad-path-template", path.span, format!("the path {problem}"))
                .help("a parameter is written `{name}`");
            return None;
        }
    };
    let parts = pieces.into_iter().filter_map(|(text, is_name)| match is_name {
        true => parameter(service, request, text, path, sink),
        false => Some(PathPart::Text(text.to_owned())),
    });
    Some(parts.collect())
}

fn fields(service: &Service, request: TypeId) -> &[Field] {
    service.record(request).map(|record| record.fields.as_slice()).unwrap_or_default()
}

fn parameter(
    service: &Service,
    request: TypeId,
    name: &str,
    path: &Spanned<String>,
    sink: &mut Sink,
) -> Option<PathPart> {
    let setting = service.settings.iter().position(|setting| setting.name == name);
    let found = fields(service, request).iter().enumerate().find(|(_, field)| field.wire == name);
    match (found, setting) {
        (Some((index, field)), Some(_)) if field.location == Some(Location::Path) => {
            let message = format!("`{{{name}}}` is both a field and a setting");
            sink.error("path-parameter", path.span, message).help("remove the field, or rename the setting");
            Some(PathPart::Field(index))
        }
        (_, Some(setting)) => Some(PathPart::Setting(setting)),
        (Some((index, field)), None) if field.location == Some(Location::Path) => Some(PathPart::Field(index)),
        (Some(_), None) => {
            let message = format!("the path has `{{{name}}}`, and the field of that name travels elsewhere");
            sink.error("path-parameter", path.span, message).help("give the field `in = \"path\"`");
            None
        }
        (None, None) => {
            let message = format!("the path has `{{{name}}}`, which is neither a field nor a setting");
            let wires = fields(service, request).iter().filter(|field| field.location == Some(Location::Path));
            let names = wires.map(|field| field.wire.as_str()).chain(service.settings.iter().map(|s| s.name.as_str()));
            sink.error("path-parameter", path.span, message).maybe_help(suggest(name, "parameters", names));
            None
        }
    }
}

/// Fields of the path stand in it once, are always there, and are one text.
fn path_fields(draft: &Draft<'_>, request: TypeId, parts: Option<&[PathPart]>, spec: &Operation, sink: &mut Sink) {
    let path_span = spec.path.as_ref().map(|path| path.span);
    for (index, (field, origin)) in draft.fields(request).enumerate() {
        if field.location != Some(Location::Path) {
            continue;
        }
        let name = quote(&field.wire);
        let span = origin.spec.wire.span;
        if let Some(parts) = parts {
            match parts.iter().filter(|part| **part == PathPart::Field(index)).count() {
                0 => not_in_path(&field.wire, span, path_span, sink),
                1 => {}
                _ => {
                    sink.error("path-parameter", path_span.unwrap_or(span), format!("the path has {name} twice"))
                        .help("keep one of them");
                }
            }
        }
        if !field.required && field.constant.is_none() {
            sink.error("path-parameter", span, format!("field {name} is part of the path and not required"))
                .help("add `required = true`: there is no path without it");
        }
        // How a list becomes one text is a matter of its encoding.
        let is_list = matches!(field.ty, FieldType::List(_));
        if origin.known && !is_list && !is_one_text(&draft.service, &field.ty) {
            let message =
                format!("field {name} is part of the path and {}", super::draft::describe(&draft.service, &field.ty));
            sink.error("path-parameter", span, message)
                .help("use a text, a number, an enum, or a list of them with `encoding = \"comma\"`");
        }
    }
}

fn not_in_path(wire: &str, span: Span, path: Option<Span>, sink: &mut Sink) {
    let draft = sink.error(
        "path-parameter",
        span,
        format!("field {} is part of the path, and the path has no `{{{wire}}}`", quote(wire)),
    );
    if let Some(path) = path {
        draft.label(path, "the path");
    }
    draft.help("add it to the path, or mend `in`");
}

fn is_one_text(service: &Service, ty: &FieldType) -> bool {
    match ty {
        FieldType::Named(id) => matches!(service.ty(*id).kind, TypeKind::Enum(_)),
        FieldType::List(_) | FieldType::Map(_) | FieldType::Json | FieldType::JsonText => false,
        _ => true,
    }
}

/// Flags are names, each once, and no fields.
fn flags(fields: &[Field], spec: &Operation, sink: &mut Sink) {
    for (index, flag) in spec.flags.iter().enumerate() {
        if flag.value.is_empty() || flag.value.contains(['=', '&', '?', '#', ' ']) {
            sink.error("bad-flag", flag.span, format!("{} is no query parameter without a value", quote(&flag.value)))
                .help("write its name alone; one with a value is a field with `const`");
        } else if fields.iter().any(|field| field.location == Some(Location::Query) && field.wire == flag.value) {
            sink.error("bad-flag", flag.span, format!("{} is a flag and a field", quote(&flag.value)))
                .help("keep the field if it has a value, and the flag if it has none");
        } else if spec.flags.iter().take(index).any(|before| before.value == flag.value) {
            sink.error("bad-flag", flag.span, format!("the flag {} is listed twice", quote(&flag.value)))
                .help("remove one");
        }
    }
}
