//! Reads a whole request or answer of an operation.

use bytes::Bytes;
use mediajobs_codegen::model::{Callback, Encoding, Location, Operation, PathPart, Protocol, Service};
use percent_encoding::percent_decode_str;

use super::{Meaning, Notation, Reader};
use crate::tree::{self, Tree};

/// What a request says. `ours` where we wrote it.
///
/// # Errors
/// Its path, query or body is not of the operation's kind.
pub fn request(
    service: &Service,
    operation: &Operation,
    request: &http::Request<Bytes>,
    ours: bool,
) -> Result<Meaning, String> {
    let mut whole = Meaning::default();
    let mut members = Vec::new();
    let ignored: Vec<&str> = operation.ignored_request.iter().map(|field| field.wire.as_str()).collect();
    for (notation, tree) in locations(service, operation, request)? {
        let read = Reader::new(service, notation, ours).fields(operation.request, &tree, &ignored);
        whole.differences.extend(read.differences);
        whole.occurring.extend(read.occurring);
        if let Some(Tree::Object(read)) = read.value {
            members.extend(read);
        }
    }
    whole.value = Some(Tree::Object(members));
    Ok(whole)
}

/// What an answer's body says. `ours` where we wrote it.
///
/// # Errors
/// It is not of the service's notation.
pub fn answer(service: &Service, operation: &Operation, body: &[u8], ours: bool) -> Result<Meaning, String> {
    if operation.empty_response {
        return Ok(Meaning::default());
    }
    let (notation, tree) = body_of(service, body, service.xml_response_root.as_deref())?;
    let fields = service.record(operation.response).map(|record| record.fields.as_slice()).unwrap_or_default();
    // A bare list, or one item of it, stands for the object that holds it.
    let tree = match fields.iter().find(|field| field.encoding == Encoding::Bare) {
        Some(bare) if tree.member(&bare.wire).is_none() => Tree::Object(vec![(bare.wire.clone(), tree)]),
        _ => tree,
    };
    let ignored: Vec<&str> = operation.ignored_response.iter().map(|field| field.wire.as_str()).collect();
    Ok(Reader::new(service, notation, ours).fields(operation.response, &tree, &ignored))
}

/// What a callback's body says, and what it is written in. `ours` where we wrote it.
///
/// # Errors
/// It is in neither of the callback's notations.
pub fn message(service: &Service, callback: &Callback, body: &[u8], ours: bool) -> Result<(Notation, Meaning), String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let (notation, tree) = if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let (name, tree) = tree::read_xml(text)?;
        if name != callback.xml_root {
            return Err(format!("expected the element <{}>, found <{name}>", callback.xml_root));
        }
        (Notation::Xml, tree)
    } else {
        (Notation::Json, tree::read_json(text)?)
    };
    let ignored: Vec<&str> = callback.ignored.iter().map(|field| field.wire.as_str()).collect();
    Ok((notation, Reader::new(service, notation, ours).fields(callback.message, &tree, &ignored)))
}

fn locations(
    service: &Service,
    operation: &Operation,
    request: &http::Request<Bytes>,
) -> Result<Vec<(Notation, Tree)>, String> {
    let fields = service.record(operation.request).map(|record| record.fields.as_slice()).unwrap_or_default();
    let mut trees = vec![(Notation::Text, path(service, operation, request.uri().path())?)];
    let numbered = |name: &str| fields.iter().any(|field| field.wire == name && field.encoding == Encoding::Numbered);
    let mut pairs = tree::pairs(request.uri().query().unwrap_or_default())?;
    for flag in &operation.flags {
        let before = pairs.len();
        pairs.retain(|(name, _)| name != flag);
        if before == pairs.len() {
            return Err(format!("the query lacks the flag {flag}"));
        }
    }
    trees.push((Notation::Text, tree::query_tree(&pairs, &numbered)));
    let headers = fields.iter().filter(|field| field.location == Some(Location::Header)).filter_map(|field| {
        let value = request.headers().get(field.wire.to_ascii_lowercase())?.to_str().ok()?;
        Some((field.wire.clone(), Tree::Text(value.to_owned())))
    });
    trees.push((Notation::Text, Tree::Object(headers.collect())));
    let at = |location| fields.iter().any(|field| field.location == Some(location));
    if at(Location::Form) {
        let text = std::str::from_utf8(request.body()).map_err(|_| "the form is not UTF-8".to_owned())?;
        trees.push((Notation::Text, tree::query_tree(&tree::pairs(text)?, &numbered)));
    } else if at(Location::Body) {
        trees.push(body_of(service, request.body(), service.xml_request_root.as_deref())?);
    } else if !request.body().is_empty() {
        return Err("there is a body, and the operation has none".to_owned());
    }
    Ok(trees)
}

fn body_of(service: &Service, body: &[u8], root: Option<&str>) -> Result<(Notation, Tree), String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    if service.protocol != Protocol::RestXml {
        return Ok((Notation::Json, tree::read_json(text)?));
    }
    let (name, tree) = tree::read_xml(text)?;
    match root {
        Some(root) if root != name => Err(format!("expected the element <{root}>, found <{name}>")),
        _ => Ok((Notation::Xml, tree)),
    }
}

/// The values of the path's parameters.
fn path(service: &Service, operation: &Operation, path: &str) -> Result<Tree, String> {
    let fields = service.record(operation.request).map(|record| record.fields.as_slice()).unwrap_or_default();
    let wrong = || format!("the path {path:?} is not that of {}", operation.name);
    let mut rest = path;
    let mut members = Vec::new();
    for part in &operation.path {
        if let PathPart::Text(text) = part {
            rest = rest.strip_prefix(text.as_str()).ok_or_else(wrong)?;
            continue;
        }
        let (value, after) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        rest = after;
        if let PathPart::Field(field) = part {
            let value = percent_decode_str(value).decode_utf8().map_err(|_| wrong())?.into_owned();
            members.push((fields.get(*field).map(|field| field.wire.clone()).unwrap_or_default(), Tree::Text(value)));
        }
    }
    if rest.is_empty() { Ok(Tree::Object(members)) } else { Err(wrong()) }
}
