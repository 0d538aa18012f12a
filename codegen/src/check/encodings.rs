//! How lists and objects become texts: there where they have to be, and not where they can't.

use super::draft::{Draft, FieldOrigin, Role, describe};
use super::literals::integer_range;
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{Field, FieldType, Location, Notation, Protocol, Service, TypeId, TypeKind};
use crate::spec::field::Coding;

/// Looks at the layout of every field.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    let mut callbacks = draft.service.callbacks.iter();
    let has_xml = draft.service.protocol == Protocol::RestXml
        || callbacks.any(|callback| callback.notations.contains(&Notation::Xml));
    for id in draft.ids() {
        for (field, origin) in draft.fields(id).filter(|(_, origin)| origin.known) {
            encoding(draft, field, origin, sink);
            wrapped(draft, field, origin, sink);
            one_layout(origin, sink);
        }
        if has_xml {
            elements(draft, id, sink);
        }
        bare(draft, id, sink);
    }
}

/// Whether a value of a type is one text by itself.
fn is_scalar(service: &Service, ty: &FieldType) -> bool {
    match ty {
        FieldType::Named(id) => matches!(service.ty(*id).kind, TypeKind::Enum(_)),
        FieldType::List(_) | FieldType::Map(_) | FieldType::Json => false,
        _ => true,
    }
}

fn is_number(ty: &FieldType) -> bool {
    integer_range(ty).is_some() || matches!(ty, FieldType::Float32 | FieldType::Float64)
}

fn encoding(draft: &Draft<'_>, field: &Field, origin: FieldOrigin<'_>, sink: &mut Sink) {
    let what = format!("field {}", quote(&field.wire));
    let is = describe(&draft.service, &field.ty);
    let outside = matches!(field.location, Some(Location::Path | Location::Query | Location::Header | Location::Form));
    // One text between two slashes or on one line, in which anything but a list of texts would be hard to find.
    let narrow = matches!(field.location, Some(Location::Path | Location::Header));
    let list_of_scalars = matches!(&field.ty, FieldType::List(item) if is_scalar(&draft.service, item));
    let Some(coding) = &origin.spec.encoding else {
        // Of what stands in the path and is no list, the path itself says so.
        let said = field.location == Some(Location::Path) && !matches!(field.ty, FieldType::List(_));
        if outside && !said && !is_scalar(&draft.service, &field.ty) {
            let span = origin.spec.ty.as_ref().map_or(origin.spec.wire.span, |ty| ty.span);
            let message = format!("{what} is {is}, and it is not said how that becomes a text");
            let help = match (list_of_scalars, narrow) {
                (true, true) => "add `encoding = \"comma\"`",
                (true, false) => "add `encoding`: `comma`, `json` or `numbered`",
                (false, true) => "only a list of texts, numbers, truth values or enums can travel there, as `comma`",
                (false, false) => "add `encoding = \"json\"`",
            };
            sink.error("encoding-missing", span, message).help(help);
        }
        return;
    };
    let (word, fits, wanted) = match coding.value {
        Coding::Comma => ("comma", list_of_scalars, "a list of texts, numbers, truth values or enums"),
        Coding::Numbered => ("numbered", list_of_scalars, "a list of texts, numbers, truth values or enums"),
        Coding::Json => ("json", !is_scalar(&draft.service, &field.ty), "a list, a map, a record, a union or `json`"),
        Coding::Text => ("text", is_number(&field.ty) || field.ty == FieldType::Bool, "a number or a truth value"),
    };
    if !fits {
        let help = match (coding.value, &field.ty) {
            (Coding::Json, FieldType::String | FieldType::JsonText) => {
                "use the type `json-text` without `encoding` for a text that holds any JSON".to_owned()
            }
            _ => format!("it is for {wanted}"),
        };
        sink.error("encoding-misfit", coding.span, format!("{what} is {is}, which has no encoding `{word}`"))
            .help(help);
    } else if coding.value == Coding::Text {
        if outside {
            sink.error("encoding-misfit", coding.span, format!("{what} travels where everything is a text"))
                .help("remove `encoding`");
        }
    } else if narrow && coding.value != Coding::Comma {
        let place = if field.location == Some(Location::Path) { "path" } else { "header" };
        sink.error("encoding-misfit", coding.span, format!("{what} travels in a {place}, where nothing is `{word}`"))
            .help("there is only `comma`, for lists of texts, numbers, truth values or enums");
    } else if coding.value == Coding::Numbered && !matches!(field.location, Some(Location::Query | Location::Form)) {
        let message = format!("{what} can't be `numbered`: its names are query parameters or form fields");
        sink.error("encoding-misfit", coding.span, message)
            .help("use `in = \"query\"` or `in = \"form\"`, or another encoding");
    }
}

fn wrapped(draft: &Draft<'_>, field: &Field, origin: FieldOrigin<'_>, sink: &mut Sink) {
    let Some(wrapped) = &origin.spec.wrapped else { return };
    let problem = if draft.service.protocol != Protocol::RestXml {
        "and only the protocol `rest-xml` has elements"
    } else if !matches!(field.ty, FieldType::List(_)) {
        "and it is no list"
    } else if matches!(field.location, Some(Location::Query | Location::Header | Location::Form | Location::Path)) {
        "and it is not part of a body"
    } else {
        return;
    };
    sink.error("wrapped-misused", wrapped.span, format!("field {} is `wrapped`, {problem}", quote(&field.wire)))
        .help("remove `wrapped`");
}

/// `encoding`, `wrapped` and `bare` exclude each other.
fn one_layout(origin: FieldOrigin<'_>, sink: &mut Sink) {
    let spec = origin.spec;
    let given: Vec<(&str, Span)> = [
        ("encoding", spec.encoding.as_ref().map(|coding| coding.span)),
        ("wrapped", spec.wrapped.as_ref().map(|name| name.span)),
        ("bare", spec.bare),
    ]
    .into_iter()
    .filter_map(|(key, span)| Some((key, span?)))
    .collect();
    if let [(first, first_span), (second, second_span), ..] = given.as_slice() {
        let message = format!("field {} has both {} and {}", quote(&spec.wire.value), quote(first), quote(second));
        sink.error("encoding-misfit", *second_span, message)
            .label(*first_span, "the other one")
            .help("keep one of them");
    }
}

/// `bare` is for the one list of an answer.
fn bare(draft: &Draft<'_>, id: TypeId, sink: &mut Sink) {
    let count = draft.fields(id).count();
    for (field, origin) in draft.fields(id) {
        let Some(span) = origin.spec.bare else { continue };
        let problem = if !matches!(draft.origin(id).role, Role::Response(_)) {
            "and only the answer of an operation can be a bare list"
        } else if origin.known && !matches!(field.ty, FieldType::List(_)) {
            "and it is no list"
        } else if count > 1 {
            "and the answer has other fields"
        } else {
            continue;
        };
        sink.error("bare-misused", span, format!("field {} is `bare`, {problem}", quote(&field.wire)))
            .help("remove `bare`");
    }
}

/// In a body of XML, names are names of elements.
fn elements(draft: &Draft<'_>, id: TypeId, sink: &mut Sink) {
    for (field, origin) in draft.fields(id).filter(|(field, _)| matches!(field.location, None | Some(Location::Body))) {
        for name in [&origin.spec.wire].into_iter().chain(&origin.spec.wrapped) {
            let what = format!("field {} has {}, which", quote(&field.wire), quote(&name.value));
            element_name(name, &what, sink);
        }
    }
}

/// The root of a document in XML.
pub(crate) fn root_element(root: &Spanned<String>, sink: &mut Sink) {
    element_name(root, &quote(&root.value), sink);
}

fn element_name(name: &Spanned<String>, what: &str, sink: &mut Sink) {
    if !is_element(&name.value) {
        sink.error("bad-element", name.span, format!("{what} is no name of an element"))
            .help("use letters, digits, `_`, `-` and `.`, beginning with a letter or `_`");
    }
}

fn is_element(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}
