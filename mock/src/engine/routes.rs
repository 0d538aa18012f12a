//! Which operation a request means.

use bytes::Bytes;
use mediajobs_runtime::facts::BodyKind;
use mediajobs_runtime::server::{OperationEntry, Place, match_path};
use serde_json::Value;

use super::{paths, request, wire_xml};
use crate::refusal::Refusal;
use crate::service::Service;

/// The operation that a request means.
///
/// # Errors
/// There is none such.
pub(crate) fn find(service: Service, request: &http::Request<Bytes>) -> Result<&'static dyn OperationEntry, Refusal> {
    match service {
        Service::AlibabaIce => by_action(service, request),
        Service::HuaweiVas | Service::TencentCi => by_path(service, request),
    }
}

/// By the action, which a header, the query or the form names.
fn by_action(service: Service, request: &http::Request<Bytes>) -> Result<&'static dyn OperationEntry, Refusal> {
    let parameters = request::parameters(request).map_err(|error| Refusal::malformed_body(service, &error))?;
    let said = |header: &str, parameter: &str| {
        let header = request.headers().get(header).and_then(|value| value.to_str().ok()).map(str::to_owned);
        header.or_else(|| parameters.iter().find(|(name, _)| name == parameter).map(|(_, value)| value.clone()))
    };
    let action = said("x-acs-action", "Action").ok_or_else(|| Refusal::missing(service, "Action"))?;
    let version = said("x-acs-version", "Version").ok_or_else(|| Refusal::missing(service, "Version"))?;
    if version != service.info().api_version {
        let expected = format!("expected {}, found {version:?}", service.info().api_version);
        return Err(Refusal::invalid(service, "Version", &expected));
    }
    let found = service.operations().iter().find(|entry| entry.info().name.eq_ignore_ascii_case(&action));
    found.copied().ok_or_else(|| Refusal::unknown_operation(service, &action))
}

/// By method and path; where several share them, by what stands in the query without a value, or by a constant in the body.
fn by_path(service: Service, request: &http::Request<Bytes>) -> Result<&'static dyn OperationEntry, Refusal> {
    let path = request.uri().path();
    let here: Vec<&'static dyn OperationEntry> =
        service.operations().iter().copied().filter(|entry| match_path(entry.info(), path).is_ok()).collect();
    let what = || format!("{} {path}", request.method());
    let mut fitting: Vec<_> = here.into_iter().filter(|entry| request.method() == entry.info().method).collect();
    let query: Vec<&str> = request.uri().query().unwrap_or_default().split('&').collect();
    let has = |flag: &&str| query.iter().any(|pair| pair.split('=').next() == Some(*flag));
    fitting.retain(|entry| entry.info().flags.iter().all(has));
    let flags = fitting.iter().map(|entry| entry.info().flags.len()).max().unwrap_or_default();
    fitting.retain(|entry| entry.info().flags.len() == flags);
    match fitting.as_slice() {
        [] => Err(Refusal::unknown_operation(service, &what())),
        [one] => Ok(*one),
        several => by_constant(service, request, several),
    }
}

fn by_constant(
    service: Service,
    request: &http::Request<Bytes>,
    several: &[&'static dyn OperationEntry],
) -> Result<&'static dyn OperationEntry, Refusal> {
    let constants = |entry: &'static dyn OperationEntry| {
        entry
            .request()
            .fields
            .iter()
            .filter(|field| field.place == Place::Body)
            .filter_map(|field| Some((field.name, field.constant?)))
    };
    let Some(first) = several.iter().find(|entry| constants(**entry).next().is_some()) else {
        return Err(Refusal::internal(service));
    };
    let malformed = |error: String| Refusal::malformed_body(service, &error);
    let body = match first.info().body {
        BodyKind::Xml if request.body().is_empty() => return Err(Refusal::missing_body(service)),
        BodyKind::Xml => {
            let text =
                std::str::from_utf8(request.body()).map_err(|_| malformed("the body is not UTF-8".to_owned()))?;
            wire_xml::read(text, first.request()).map_err(malformed)?
        }
        _ => match serde_json::from_slice(request.body()).map_err(|error| malformed(error.to_string()))? {
            Value::Object(body) => body,
            _ => return Err(malformed("it is a value of another kind".to_owned())),
        },
    };
    let said = |name: &str| body.get(name).and_then(paths::text).map(|text| text.trim().to_owned());
    let fits = |entry: &&&'static dyn OperationEntry| {
        let mut constants = constants(**entry).peekable();
        constants.peek().is_some() && constants.all(|(name, value)| said(name).as_deref() == Some(value))
    };
    if let Some(entry) = several.iter().find(fits) {
        return Ok(*entry);
    }
    let (name, _) = constants(*first).next().unwrap_or_default();
    match (said(name), several.iter().find(|entry| constants(**entry).next().is_none())) {
        (None, Some(entry)) => Ok(*entry),
        (None, None) => Err(Refusal::missing(service, name)),
        (Some(found), _) => Err(Refusal::invalid(service, name, &format!("there is no operation for {found:?}"))),
    }
}
