//! Requests off the wire: as the operation's own type, to be validated, and as a tree of values, to be kept.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bytes::Bytes;
use mediajobs_runtime::Limits;
use mediajobs_runtime::codec::ReadError;
use mediajobs_runtime::facts::{BodyKind, PathPart};
use mediajobs_runtime::server::{
    AnyRequest, FieldSchema, Layout, Many, OperationEntry, Place, RecordSchema, decode_parameters, match_path,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde_json::{Map, Value};

use super::{shape, view, wire_xml};
use crate::refusal::Refusal;
use crate::service::{self, Service};

/// What stands in a query for itself: as much as can, since the length of a target is limited.
const IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b',').remove(b':').remove(b'/').remove(b'*');

/// What somebody asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The operation's own type.
    pub(crate) typed: Box<dyn AnyRequest>,
    /// Its fields, as they are kept.
    pub(crate) fields: Map<String, Value>,
    /// The settings of a client that stand in host or path, by name: a project, or a bucket.
    pub(crate) settings: BTreeMap<String, String>,
    /// The region that was asked, where the host names one.
    pub(crate) region: Option<String>,
    /// Whose things are meant.
    pub(crate) scope: String,
}

impl Asked {
    /// What a setting is whose name is the path, as `{bucket}`: none of a path to a field, and none within where the request does not say.
    pub(crate) fn setting(&self, path: &str) -> Option<Option<&String>> {
        let name = path.strip_prefix('{')?.trim_end_matches('}');
        Some(self.settings.get(name))
    }
}

/// Reads a request of an operation.
///
/// # Errors
/// It can't be read as one.
pub(crate) fn read(
    service: Service,
    entry: &'static dyn OperationEntry,
    request: &http::Request<Bytes>,
) -> Result<Asked, Refusal> {
    let (info, schema) = (entry.info(), entry.request());
    let malformed = |what: String| Refusal::malformed_body(service, &what);
    let mut fields = Map::new();
    let (mut settings, region) = settings_of_host(service, entry, &host(request));
    for (part, value) in match_path(info, request.uri().path()).map_err(|error| malformed(error.to_string()))? {
        match part {
            PathPart::Field(name) => take(&mut fields, schema, name, value),
            PathPart::Setting(name) => _ = settings.insert((*name).to_owned(), value),
            PathPart::Text(_) => {}
        }
    }
    let pairs = parameters(request).map_err(malformed)?;
    for (name, value) in &pairs {
        take(&mut fields, schema, name, value.clone());
    }
    for field in schema.fields.iter().filter(|field| field.place == Place::Header) {
        if let Some(value) = request.headers().get(field.name).and_then(|value| value.to_str().ok()) {
            take(&mut fields, schema, field.name, value.to_owned());
        }
    }
    match info.body {
        BodyKind::None | BodyKind::Form => {}
        BodyKind::Json if request.body().is_empty() => {}
        BodyKind::Json => {
            let body = serde_json::from_slice(request.body()).map_err(|error| malformed(error.to_string()))?;
            let Value::Object(body) = body else { return Err(malformed("it is a value of another kind".to_owned())) };
            fields.extend(shape::keep(schema, &body));
        }
        BodyKind::Xml if request.body().is_empty() => return Err(Refusal::missing_body(service)),
        BodyKind::Xml => {
            let body =
                std::str::from_utf8(request.body()).map_err(|_| malformed("the body is not UTF-8".to_owned()))?;
            let body = wire_xml::read(body, schema).map_err(malformed)?;
            fields.extend(shape::keep(schema, &body));
        }
    }
    for field in schema.fields {
        if let Some(constant) = field.constant {
            fields.entry(field.name).or_insert_with(|| Value::String(constant.to_owned()));
        }
    }
    let normal = normal(entry, request, &pairs).map_err(malformed)?;
    let typed = entry.read_request(&normal, Limits::DEFAULT);
    let typed = typed.map_err(|error| unreadable(service, &error))?;
    let scope = settings.values().map(String::as_str).collect::<Vec<_>>().join("/");
    Ok(Asked { typed, fields, settings, region, scope })
}

/// What can't be read as the operation's type: something is missing, or is of another kind.
fn unreadable(service: Service, error: &ReadError) -> Refusal {
    match (error.path(), error.reason()) {
        (path, _) if path.is_empty() => Refusal::malformed_body(service, error.reason()),
        (path, reason) if reason.starts_with("missing") => Refusal::missing(service, &path),
        (path, reason) => Refusal::invalid(service, &path, reason),
    }
}

/// The bucket of whoever asks by an address, which names none.
const SOME_BUCKET: &str = "mock-1250000000";

/// The name of the region in the template of a host.
const REGION: &str = "region";

/// The settings in the name of the host; where it is none of the service's, the whole of it stands for each.
fn settings_of_host(
    service: Service,
    entry: &'static dyn OperationEntry,
    host: &str,
) -> (BTreeMap<String, String>, Option<String>) {
    let template = service.info().hosts.get(entry.info().host).map_or("", |host| host.template);
    let (mut parts, mut rest) = (template, host);
    let mut found = BTreeMap::new();
    let names = || template.split('{').skip(1).filter_map(|part| part.split('}').next());
    while let Some((before, behind)) = parts.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        let end = after.split('{').next().unwrap_or_default();
        let value = rest.strip_prefix(before).and_then(|rest| match end {
            "" => Some((rest, "")),
            end => rest.split_once(end).map(|(value, _)| (value, rest.get(value.len()..).unwrap_or_default())),
        });
        let Some((value, behind)) = value else {
            let is_address = host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
            let value = if is_address { SOME_BUCKET } else { host };
            let settings = names().filter(|name| *name != REGION);
            return (settings.map(|name| (name.to_owned(), value.to_owned())).collect(), None);
        };
        found.insert(name.to_owned(), value.to_owned());
        (parts, rest) = (after, behind);
    }
    // The region is no setting: things of one account are seen from wherever they are asked for.
    let region = found.remove(REGION);
    (found, region)
}

/// The host that was asked, without a port.
fn host(request: &http::Request<Bytes>) -> String {
    let header = request.headers().get(http::header::HOST).and_then(|value| value.to_str().ok());
    let host = header.or_else(|| request.uri().host()).unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name.to_owned(),
        _ => host.to_owned(),
    }
}

/// The parameters of the query, and of a form.
///
/// # Errors
/// They are no percent-encoded UTF-8.
pub(crate) fn parameters(request: &http::Request<Bytes>) -> Result<Vec<(String, String)>, String> {
    let decode = |text| decode_parameters(text).map_err(|error| error.reason().to_owned());
    let mut pairs = decode(request.uri().query().unwrap_or_default())?;
    if service::is_form(request.headers()) {
        let body = std::str::from_utf8(request.body()).map_err(|_| "the form is not UTF-8".to_owned())?;
        pairs.extend(decode(body)?);
    }
    Ok(pairs)
}

fn take(fields: &mut Map<String, Value>, schema: &RecordSchema, name: &str, value: String) {
    // `Name.1=a&Name.2=b` adds to the list `Name`.
    let base = match name.rsplit_once('.') {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ => name,
    };
    let Some(field) = schema.field(base) else { return };
    let text = Value::String(value);
    let value = shape::keep_value(field, &text);
    if field.layout == Layout::Json {
        fields.insert(view::written_name(field.name), text);
    }
    match (fields.get_mut(field.name), value) {
        (Some(Value::Array(items)), Value::Array(more)) if is_list(field) => items.extend(more),
        (_, value) => _ = fields.insert(field.name.to_owned(), value),
    }
}

fn is_list(field: &FieldSchema) -> bool {
    field.many == Many::List
}

/// The request in the form that the client of this project gives it: with the documented method, and everything that is
/// not in the body in the query.
fn normal(
    entry: &'static dyn OperationEntry,
    request: &http::Request<Bytes>,
    pairs: &[(String, String)],
) -> Result<http::Request<Bytes>, String> {
    let (info, schema) = (entry.info(), entry.request());
    let encode = |text: &str| percent_encoding::utf8_percent_encode(text, IN_QUERY).to_string();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let target = match query.is_empty() {
        true => request.uri().path().to_owned(),
        false => format!("{}?{}", request.uri().path(), query.join("&")),
    };
    let is_in_query = matches!(info.body, BodyKind::None | BodyKind::Form);
    let body = if is_in_query { Bytes::new() } else { request.body().clone() };
    let mut normal = http::Request::new(body);
    *normal.method_mut() = http::Method::from_bytes(info.method.as_bytes()).unwrap_or_default();
    let length = target.len();
    let unreadable = |_| format!("path and parameters are {length} bytes long, more than the 65534 that are read");
    *normal.uri_mut() = target.parse().map_err(unreadable)?;
    for field in schema.fields.iter().filter(|field| field.place == Place::Header) {
        for value in request.headers().get_all(field.name) {
            if let Ok(name) = http::HeaderName::from_bytes(field.name.as_bytes()) {
                normal.headers_mut().append(name, value.clone());
            }
        }
    }
    Ok(normal)
}
