//! A documented request: read, checked, written again, compared.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use mediajobs_codegen::model::PathPart;
use mediajobs_runtime::server::AnyRequest;
use mediajobs_runtime::{Error, Limits};

use super::masks;
use crate::example::Example;
use crate::meaning::{self, compare};
use crate::suite::Target;
use crate::tree::{self, Tree};

/// The request of an example as a client would have sent it; none where the example has none.
///
/// # Errors
/// It is no HTTP request, or a fragment of another notation than JSON.
pub fn http_request(target: Target<'_>, example: &Example) -> Result<Option<http::Request<Bytes>>, String> {
    let Some(text) = &example.request else { return Ok(None) };
    let mut body = text.body.clone();
    if example.fragment {
        body = completed(target, &body)?;
    }
    let path = match &text.path {
        Some(path) => path.clone(),
        None => own_path(target, example)?,
    };
    let target_text = if text.query.is_empty() { path } else { format!("{path}?{}", text.query) };
    let mut request =
        http::Request::builder().method(text.method.as_deref().unwrap_or(&target.operation.method)).uri(target_text);
    for (name, value) in &text.headers {
        request = request.header(name, value);
    }
    request.body(Bytes::from(body)).map(Some).map_err(|error| format!("no HTTP request: {error}"))
}

/// The operation's path where it has no fields.
fn own_path(target: Target<'_>, example: &Example) -> Result<String, String> {
    let options = super::options(target, example);
    let mut path = String::new();
    for part in &target.operation.path {
        match part {
            PathPart::Text(text) => path.push_str(text),
            PathPart::Setting(index) => {
                let name = target.service.settings.get(*index).map(|setting| setting.name.as_str());
                let value = options.settings.iter().find(|(known, _)| Some(*known) == name);
                path.push_str(value.map(|(_, value)| value.as_str()).unwrap_or_default());
            }
            PathPart::Field(_) => return Err("the path holds fields: give it in `target` or `path`".to_owned()),
        }
    }
    Ok(path)
}

/// A fragment of a JSON body, with the members that it lacks from the operation's own example.
fn completed(target: Target<'_>, body: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let Tree::Object(mut members) = tree::read_json(text)? else {
        return Err("only an object can be completed".to_owned());
    };
    let Tree::Object(own) = super::own_example(target) else { return Ok(body.to_vec()) };
    let in_path = |name: &str| {
        let fields = target.service.record(target.operation.request).map(|record| record.fields.as_slice());
        let mut fields = fields.unwrap_or_default().iter();
        fields.any(|field| field.wire == name && field.location != Some(mediajobs_codegen::model::Location::Body))
    };
    for (name, value) in own {
        if !in_path(&name) && !members.iter().any(|(known, _)| *known == name) {
            members.push((name, value));
        }
    }
    Ok(tree::write_json(&Tree::Object(members)).into_bytes())
}

pub(super) fn judge(target: Target<'_>, example: &Example) -> Vec<String> {
    match http_request(target, example) {
        Ok(None) => Vec::new(),
        Ok(Some(request)) => faults(target, example, &request),
        Err(fault) => vec![fault],
    }
}

fn faults(target: Target<'_>, example: &Example, document: &http::Request<Bytes>) -> Vec<String> {
    let Target { service, operation, entry } = target;
    let mut faults = Vec::new();
    let said = match meaning::request(service, operation, document, false) {
        Ok(said) => said,
        Err(fault) => return vec![fault],
    };
    let typed = match entry.read_request(document, Limits::DEFAULT) {
        Ok(typed) => typed,
        Err(error) if error.reason().starts_with("missing") => {
            let found = vec![format!("required at {}", error.path())];
            return refusals(&example.refused, &found).into_iter().collect();
        }
        Err(error) => return vec![format!("the client can't read it: {error}")],
    };
    let nothing = Tree::Nothing;
    let tree = said.value.as_ref().unwrap_or(&nothing);
    let broken = typed.validate();
    let broken = broken.errors().filter(|found| !(example.masked && masks::excuses(found.rule, &found.path, tree)));
    let broken: Vec<String> = broken.map(|found| format!("{} at {}", found.rule, found.path)).collect();
    faults.extend(refusals(&example.refused, &broken));
    faults.extend(said.differences.iter().map(ToString::to_string));
    match prepare(target, example, &*typed) {
        Err(error) => faults.push(format!("the client can't write it: {error}")),
        Ok(ours) => faults.extend(differences(target, document, &ours, said.value.as_ref())),
    }
    faults
}

/// The request that a client makes of what was read: its path's own settings go before the example's.
///
/// # Errors
/// As [`AnyRequest::prepare`].
pub fn prepare(target: Target<'_>, example: &Example, typed: &dyn AnyRequest) -> Result<http::Request<Bytes>, Error> {
    let mut options = super::options(target, example);
    options.settings.retain(|(name, _)| typed.settings().iter().all(|(known, _)| known != name));
    typed.prepare(&options)
}

/// What is refused and should not be, or the other way around.
fn refusals(expected: &[String], found: &[String]) -> Option<String> {
    let (mut expected, mut found) = (expected.to_vec(), found.to_vec());
    expected.sort();
    found.sort();
    let list = |texts: &[String]| if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") };
    (expected != found).then(|| match expected.is_empty() {
        true => format!("is documented, and our rules refuse it for {}", list(&found)),
        false => format!("expected to be refused for {}, found {}", list(&expected), list(&found)),
    })
}

/// Every way in which our request does not mean what a document's does.
///
/// # Errors
/// The document can't be read.
pub fn request_differences(
    target: Target<'_>,
    document: &http::Request<Bytes>,
    ours: &http::Request<Bytes>,
) -> Result<Vec<String>, String> {
    let said = meaning::request(target.service, target.operation, document, false)?;
    let mut faults: Vec<String> = said.differences.iter().map(ToString::to_string).collect();
    faults.extend(differences(target, document, ours, said.value.as_ref()));
    Ok(faults)
}

fn differences(
    target: Target<'_>,
    document: &http::Request<Bytes>,
    ours: &http::Request<Bytes>,
    said: Option<&Tree>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut same = |what: &str, documented: &str, ours: &str| {
        if documented != ours {
            faults.push(format!("{what}: documented {documented:?}, ours {ours:?}"));
        }
    };
    same("method", document.method().as_str(), ours.method().as_str());
    let decoded = |request: &http::Request<Bytes>| {
        percent_encoding::percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned()
    };
    same("path", &decoded(document), &decoded(ours));
    let essence = |request: &http::Request<Bytes>| {
        let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok())?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    };
    if let Some(documented) = essence(document) {
        same("content type", &documented, &essence(ours).unwrap_or_default());
    }
    let host = |request: &http::Request<Bytes>| {
        request.headers().get(HOST).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    if let Some(documented) = host(document) {
        same("host", &documented, &host(ours).unwrap_or_default());
    }
    match meaning::request(target.service, target.operation, ours, true) {
        Err(error) => faults.push(format!("what we write can't be read: {error}")),
        Ok(we_say) => {
            faults.extend(we_say.differences.iter().map(ToString::to_string));
            faults.extend(compare(said, we_say.value.as_ref()).iter().map(ToString::to_string));
        }
    }
    faults
}
