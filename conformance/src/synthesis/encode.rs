//! From a request as a value to the message that carries it, by the specs alone.

use bytes::Bytes;
use indexmap::IndexMap;
use mediajobs_codegen::model::{
    Callback, Encoding, Field, FieldType, Literal, Location, Notation, PathPart, Protocol, Service, TypeId, TypeKind,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::suite::Target;
use crate::tree::{Tree, write_json, write_xml};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A literal as a tree.
pub fn literal_tree(literal: &Literal) -> Tree {
    match literal {
        Literal::Integer(number) => Tree::Number(number.to_string()),
        Literal::Float(number) => Tree::Number(number.to_string()),
        Literal::String(text) => Tree::Text(text.clone()),
        Literal::Bool(truth) => Tree::Bool(*truth),
        Literal::List(items) => Tree::List(items.iter().map(literal_tree).collect()),
        Literal::Table(members) => {
            Tree::Object(members.iter().map(|(name, value)| (name.clone(), literal_tree(value))).collect())
        }
    }
}

/// The message that carries a request.
///
/// # Errors
/// The request is no table, or the message can't be put together.
pub fn request(target: Target<'_>, value: &Literal) -> Result<http::Request<Bytes>, String> {
    let Literal::Table(members) = value else { return Err("a request is a table".to_owned()) };
    let fields = target.service.record(target.operation.request).map(|record| record.fields.as_slice());
    let fields = fields.unwrap_or_default();
    let is_xml = target.service.protocol == Protocol::RestXml;
    let (mut query, mut form, mut body) = (target.operation.flags.clone(), Vec::new(), Vec::new());
    let mut builder = http::Request::builder().method(target.operation.method.as_str());
    for field in fields {
        let Some(value) = member(members, field) else { continue };
        match field.location {
            Some(Location::Query) => pairs(target, field, &value, &mut query),
            Some(Location::Form) => pairs(target, field, &value, &mut form),
            Some(Location::Header) => builder = builder.header(&field.wire, plain(&value)),
            Some(Location::Body) => body.push((field.wire.clone(), in_body(target.service, field, &value, is_xml))),
            Some(Location::Path) | None => {}
        }
    }
    let path = path(target, fields, members);
    let uri = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    let at = |location| fields.iter().any(|field| field.location == Some(location));
    let content = if at(Location::Form) {
        form.join("&")
    } else if !at(Location::Body) {
        String::new()
    } else if is_xml {
        write_xml(target.service.xml_request_root.as_deref().unwrap_or("Request"), &Tree::Object(body))
    } else {
        write_json(&Tree::Object(body))
    };
    builder.uri(uri).body(Bytes::from(content)).map_err(|error| error.to_string())
}

/// The body that carries an answer.
pub(super) fn answer(target: Target<'_>, value: &Literal) -> String {
    let Literal::Table(members) = value else { return String::new() };
    let is_xml = target.service.protocol == Protocol::RestXml;
    let tree = named(target.service, target.operation.response, members, is_xml);
    let fields = target.service.record(target.operation.response).map(|record| record.fields.as_slice());
    let bare = fields.unwrap_or_default().iter().find(|field| field.encoding == Encoding::Bare);
    match bare.and_then(|bare| tree.member(&bare.wire)) {
        Some(list) => write_json(list),
        None if is_xml => write_xml(target.service.xml_response_root.as_deref().unwrap_or("Response"), &tree),
        None => write_json(&tree),
    }
}

/// The body that carries a callback.
pub(super) fn message(service: &Service, callback: &Callback, value: &Literal, notation: Notation) -> String {
    let Literal::Table(members) = value else { return String::new() };
    match notation {
        Notation::Json => write_json(&named(service, callback.message, members, false)),
        Notation::Xml => write_xml(&callback.xml_root, &named(service, callback.message, members, true)),
    }
}

fn member(members: &IndexMap<String, Literal>, field: &Field) -> Option<Literal> {
    members.get(&field.wire).cloned().or_else(|| field.constant.clone())
}

fn path(target: Target<'_>, fields: &[Field], members: &IndexMap<String, Literal>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let pieces = target.operation.path.iter().map(|part| match part {
        PathPart::Text(text) => text.clone(),
        PathPart::Setting(index) => {
            let example = target.service.settings.get(*index).and_then(|setting| setting.example.clone());
            encode(&example.unwrap_or_else(|| "setting".to_owned()))
        }
        PathPart::Field(index) => {
            let value = fields.get(*index).and_then(|field| member(members, field));
            let text = match value {
                Some(Literal::List(items)) => items.iter().map(plain).collect::<Vec<_>>().join(","),
                value => value.map(|value| plain(&value)).unwrap_or_default(),
            };
            encode(&text)
        }
    });
    pieces.collect()
}

fn pairs(target: Target<'_>, field: &Field, value: &Literal, out: &mut Vec<String>) {
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let mut push = |name: &str, text: &str| out.push(format!("{}={}", encode(name), encode(text)));
    match (value, &field.encoding) {
        (Literal::List(items), Encoding::Comma) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            push(&field.wire, &items.join(","));
        }
        (Literal::List(items), Encoding::Numbered) => {
            for (index, item) in items.iter().enumerate() {
                push(&format!("{}.{}", field.wire, index + 1), &plain(item));
            }
        }
        (value, Encoding::Json) => push(&field.wire, &write_json(&completed(target.service, &field.ty, value, false))),
        (value, _) => push(&field.wire, &plain(value)),
    }
}

fn plain(value: &Literal) -> String {
    match literal_tree(value) {
        Tree::Text(text) | Tree::Number(text) => text,
        other => write_json(&other),
    }
}

/// A member of a body, with the constants of all records in it.
fn in_body(service: &Service, field: &Field, value: &Literal, is_xml: bool) -> Tree {
    let tree = completed(service, &field.ty, value, is_xml);
    match (&field.encoding, tree) {
        (Encoding::Comma, Tree::List(_)) => {
            let Literal::List(items) = value else { return Tree::Nothing };
            Tree::Text(items.iter().map(plain).collect::<Vec<_>>().join(","))
        }
        (Encoding::Json, tree) => Tree::Text(write_json(&tree)),
        (Encoding::Text, _) => Tree::Text(plain(value)),
        (Encoding::Wrapped(inner), tree) => Tree::Object(vec![(inner.clone(), tree)]),
        (_, tree) => tree,
    }
}

fn completed(service: &Service, ty: &FieldType, value: &Literal, is_xml: bool) -> Tree {
    match (ty, value) {
        (FieldType::List(item), Literal::List(items)) => {
            Tree::List(items.iter().map(|value| completed(service, item, value, is_xml)).collect())
        }
        (FieldType::Map(item), Literal::Table(members)) => {
            let each = members.iter().map(|(name, value)| (name.clone(), completed(service, item, value, is_xml)));
            Tree::Object(each.collect())
        }
        (FieldType::Named(id), Literal::Table(members)) => named(service, *id, members, is_xml),
        (_, value) => literal_tree(value),
    }
}

fn named(service: &Service, id: TypeId, members: &IndexMap<String, Literal>, is_xml: bool) -> Tree {
    let mut out = Vec::new();
    let (record, tag) = match &service.ty(id).kind {
        TypeKind::Record(record) => (Some(record), None),
        TypeKind::Union(union) => {
            let tag = members.get(&union.tag);
            let is = |wire: &str| tag == Some(&Literal::String(wire.to_owned()));
            let variant = union.variants.iter().find(|variant| is(&variant.wire));
            (variant.and_then(|variant| service.record(variant.record)), Some(&union.tag))
        }
        TypeKind::Enum(_) => (None, None),
    };
    if let Some(tag) = tag {
        out.extend(members.get(tag).map(|value| (tag.clone(), literal_tree(value))));
    }
    let fields = record.map(|record| record.fields.as_slice()).unwrap_or_default();
    for field in fields {
        if let Some(value) = member(members, field) {
            out.push((field.wire.clone(), in_body(service, field, &value, is_xml)));
        }
    }
    Tree::Object(out)
}
