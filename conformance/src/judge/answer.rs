//! A documented answer: read as a client reads it, written again, compared; or a refusal with all that it says.

use bytes::Bytes;
use mediajobs_codegen::model::{Errors, Protocol, Service};
use mediajobs_runtime::{Error, Limits};

use crate::example::{Example, Refusal, ResponseText};
use crate::meaning;
use crate::suite::Target;
use crate::tree::{self, Tree};

/// What an answer is documented as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Documented {
    /// A success.
    Success,
    /// The service's no.
    Refusal(Refusal),
}

/// The answer of an example; none where the example has none.
///
/// # Errors
/// It is no HTTP answer.
pub fn http_response(target: Target<'_>, example: &Example) -> Result<Option<http::Response<Bytes>>, String> {
    let Some(text) = &example.response else { return Ok(None) };
    let status = text.status.or_else(|| target.operation.statuses.first().copied()).unwrap_or(200);
    let mut response = http::Response::builder().status(status);
    for (name, value) in &text.headers {
        response = response.header(name, value);
    }
    let response = response.body(Bytes::from(text.body.clone()));
    response.map(Some).map_err(|error| format!("no HTTP answer: {error}"))
}

pub(super) fn judge(target: Target<'_>, example: &Example) -> Vec<String> {
    let (Some(text), Ok(Some(response))) = (&example.response, http_response(target, example)) else {
        return http_response(target, example).err().into_iter().collect();
    };
    let read = target.entry.read_response(&response, Limits::DEFAULT);
    match (documented_refusal(target.service, text, response.status().as_u16()), read) {
        (Documented::Refusal(expected), Err(error @ Error::Refused(_))) => refusal(&expected, &error),
        (Documented::Refusal(_), Err(error)) => vec![format!("expected a refusal, found {error}")],
        (Documented::Refusal(_), Ok(_)) => vec!["expected a refusal, found a success".to_owned()],
        (Documented::Success, Err(error)) => vec![format!("the client can't read it: {error}")],
        (Documented::Success, Ok(typed)) => match typed.to_body() {
            Err(error) => vec![format!("it can't be written again: {error}")],
            Ok(ours) => answer_differences(target, &response, &ours),
        },
    }
}

/// Every way in which a body of ours does not mean what a document's does.
pub fn answer_differences(target: Target<'_>, response: &http::Response<Bytes>, ours: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let statuses = &target.operation.statuses;
    if !statuses.contains(&response.status().as_u16()) {
        faults.push(format!("status {} is not among those of the spec: {statuses:?}", response.status().as_u16()));
    }
    let read = |body: &[u8], ours| meaning::answer(target.service, target.operation, body, ours);
    match (read(response.body(), false), read(ours.as_bytes(), true)) {
        (Err(fault), _) => faults.push(fault),
        (_, Err(fault)) => faults.push(format!("what we write can't be read: {fault}")),
        (Ok(documented), Ok(ours)) => faults.extend(meaning::faults(&documented, &ours)),
    }
    faults
}

fn refusal(expected: &Refusal, error: &Error) -> Vec<String> {
    let message = match error {
        Error::Refused(refused) => refused.message(),
        _ => None,
    };
    let mut faults = Vec::new();
    let mut same = |what: &str, expected: Option<&str>, found: Option<&str>| {
        if expected != found {
            let show = |text: Option<&str>| text.map_or("none".to_owned(), |text| format!("{text:?}"));
            faults.push(format!("{what}: documented {}, ours {}", show(expected), show(found)));
        }
    };
    same("code", expected.code.as_deref(), error.code());
    same("message", expected.message.as_deref(), message);
    same("request id", expected.request_id.as_deref(), error.request_id());
    if let Some(kind) = &expected.kind {
        same("kind", Some(kind), Some(&super::kind_name(error)));
    }
    faults
}

/// Whether a document is a refusal, and what it says: by its status, by its success flag, or by an error's root element.
pub fn documented_refusal(service: &Service, text: &ResponseText, status: u16) -> Documented {
    let body = std::str::from_utf8(&text.body).unwrap_or_default();
    let (root, body) = match service.protocol {
        Protocol::RestXml => tree::read_xml(body).unwrap_or((String::new(), Tree::Nothing)),
        Protocol::Rpc | Protocol::RestJson => (String::new(), tree::read_json(body).unwrap_or(Tree::Nothing)),
    };
    let flag = service.errors.success_flag.as_ref().and_then(|flag| body.member(flag));
    let is_false = match flag {
        Some(Tree::Bool(truth)) => !truth,
        Some(Tree::Text(text)) => text.eq_ignore_ascii_case("false"),
        _ => false,
    };
    if (200..300).contains(&status) && !is_false && root != "Error" && text.expect == Refusal::default() {
        return Documented::Success;
    }
    let said = said(&service.errors, &body);
    let header = service.errors.request_id_headers.iter().find_map(|name| {
        text.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    });
    Documented::Refusal(Refusal {
        code: text.expect.code.clone().or(said.code),
        message: text.expect.message.clone().or(said.message),
        request_id: text.expect.request_id.clone().or(header).or(said.request_id),
        kind: text.expect.kind.clone(),
    })
}

/// The request id that an answer holds, in a header or at the top of its body.
pub fn documented_request_id(service: &Service, response: &http::Response<Bytes>) -> Option<String> {
    let headers = service.errors.request_id_headers.iter();
    let header = headers.filter_map(|name| response.headers().get(name)).find_map(|value| value.to_str().ok());
    header.map(str::to_owned).or_else(|| {
        let text = std::str::from_utf8(response.body()).ok()?;
        let tree = match service.protocol {
            Protocol::RestXml => tree::read_xml(text).ok()?.1,
            Protocol::Rpc | Protocol::RestJson => tree::read_json(text).ok()?,
        };
        said(&service.errors, &tree).request_id
    })
}

/// What a body says of an error: at its top, or in an object one level below.
fn said(errors: &Errors, body: &Tree) -> Refusal {
    let look = |tree: &Tree, names: &[String]| {
        names.iter().find_map(|name| match tree.member(name) {
            Some(Tree::Text(text) | Tree::Number(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
    };
    let all = |tree: &Tree| Refusal {
        code: look(tree, &errors.code),
        message: look(tree, &errors.message),
        request_id: look(tree, &errors.request_id),
        kind: None,
    };
    let top = all(body);
    if top.code.is_some() || top.message.is_some() {
        return top;
    }
    let nested = match body {
        Tree::Object(members) => members.iter().map(|(_, value)| all(value)).find(|found| *found != Refusal::default()),
        _ => None,
    };
    nested.map_or(top.clone(), |nested| Refusal { request_id: top.request_id.or(nested.request_id.clone()), ..nested })
}
