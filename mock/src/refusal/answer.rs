//! A no, and a yes, as HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, SERVER};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value};

use super::Refusal;
use crate::service::Service;

/// The longest text of a member. What is computed from a request, e.g. the string to sign, is several times as long as it.
const MAX_TEXT: usize = 64 * 1024;

impl Refusal {
    /// The vendor's answer to a request. Whoever sends the answer to a HEAD leaves the body out and keeps its length.
    pub(crate) fn answer(&self, service: Service, request_id: &str, request: &Parts) -> Response<Bytes> {
        let (content_type, body) = match service {
            Service::AlibabaIce if wants_xml(request) => {
                ("text/xml;charset=utf-8", xml(&self.ice_members(request_id, request)))
            }
            Service::AlibabaIce => ("application/json;charset=utf-8", json(&self.ice_members(request_id, request))),
            Service::HuaweiVas => ("application/json; charset=UTF-8", json(&self.vas_members(request_id))),
            Service::TencentCi => ("application/xml", xml(&self.ci_members(request_id, request))),
        };
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        answer.headers_mut().extend(success_headers(service, request_id));
        answer
    }

    fn ice_members(&self, request_id: &str, request: &Parts) -> Vec<(&'static str, String)> {
        let code = &self.code;
        let mut members = vec![
            ("RequestId", request_id.to_owned()),
            ("Message", self.message.clone()),
            ("HostId", host(request)),
            ("Code", code.clone()),
            ("Recommend", format!("https://api.aliyun.com/troubleshoot?q={code}&product=ICE&requestId={request_id}")),
        ];
        members.extend(self.further.iter().cloned());
        members
    }

    /// Only the gateway repeats the request's id in the body.
    fn vas_members(&self, request_id: &str) -> Vec<(&'static str, String)> {
        let mut members = vec![("error_msg", self.message.clone()), ("error_code", self.code.clone())];
        if self.code.starts_with("APIG") {
            members.push(("request_id", request_id.to_owned()));
        }
        members.extend(self.further.iter().cloned());
        members
    }

    /// The Python SDK gives up if code, message, resource or request id is missing or empty.
    fn ci_members(&self, request_id: &str, request: &Parts) -> Vec<(&'static str, String)> {
        let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        let mut members = vec![("Code", or_dash(&self.code)), ("Message", or_dash(&self.message))];
        members.extend(self.further.iter().cloned());
        members.push(("Resource", format!("{}{}", host(request), request.uri.path())));
        members.push(("RequestId", or_dash(request_id)));
        members.push(("TraceId", STANDARD.encode(request_id)));
        members
    }
}

/// Headers that every answer of a service has, refusals too.
pub(crate) fn success_headers(service: Service, request_id: &str) -> Vec<(HeaderName, HeaderValue)> {
    let names: &[&'static str] = match service {
        Service::AlibabaIce => &["x-acs-request-id"],
        Service::HuaweiVas => &["x-request-id"],
        Service::TencentCi => &["x-ci-request-id", "x-cos-request-id"],
    };
    let server = match service {
        Service::AlibabaIce => None,
        Service::HuaweiVas => Some("api-gateway"),
        Service::TencentCi => Some("tencent-ci"),
    };
    let id = HeaderValue::from_str(request_id).ok();
    let ids = names.iter().filter_map(|name| Some((HeaderName::from_static(name), id.clone()?)));
    ids.chain(server.map(|server| (SERVER, HeaderValue::from_static(server)))).collect()
}

fn host(request: &Parts) -> String {
    let header = request.headers.get(HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    header.or_else(|| request.uri.authority().map(ToString::to_string)).unwrap_or_default()
}

/// Whether a client of ICE reads XML: it says so by the parameter `Format`, whose default was XML when requests named their
/// action in the query, or by the header `Accept`.
fn wants_xml(request: &Parts) -> bool {
    let parameter = |name: &str| {
        let pairs = request.uri.query().unwrap_or_default().split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
    };
    if let Some(format) = parameter("Format") {
        return format.eq_ignore_ascii_case("xml");
    }
    let accept = request.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("xml") && !accept.contains("json") && !accept.contains("*/*")
}

fn json(members: &[(&'static str, String)]) -> String {
    let members: Map<String, Value> =
        members.iter().map(|(name, text)| ((*name).to_owned(), Value::String(shortened(text).to_owned()))).collect();
    Value::Object(members).to_string()
}

fn xml(members: &[(&'static str, String)]) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n");
    for (name, value) in members {
        text.push_str(&format!("\t<{name}>"));
        escape_into(&mut text, shortened(value));
        text.push_str(&format!("</{name}>\n"));
    }
    text.push_str("</Error>\n");
    text
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Writes text so that it can be read back. Characters that XML has no way to write are replaced.
fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
}
