//! From an operation to a signed request.

use std::borrow::Cow;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};

use super::{Client, Origin, Shared};
use crate::codec::{self, Fields};
use crate::credentials::{Authority, Credentials};
use crate::error::{ConfigurationError, Error, InvalidRequestError};
use crate::facts::{BodyKind, OperationInfo, PathPart, Protocol, ServiceInfo, SigningScheme};
use crate::operation::{Operation, Service};
use crate::sign::percent::encode_into;
use crate::sign::{AccessKey, SigningRequest, acs3, cos, sdk_hmac};
use crate::time::{timestamp, unix_seconds};
use crate::validate::{Severity, Violation, Violations};

/// How long before and after now a COS signature holds, in seconds: for clocks that differ, and slow connections.
const COS_WINDOW: (u64, u64) = (60, 900);

impl<S: Service> Client<S> {
    /// Holds a request to the documented rules, and to the region that the client is for.
    pub(super) fn check<O: Operation<Service = S>>(&self, operation: &O) -> Result<(), Error> {
        let mut violations = operation.validate();
        let info = O::INFO;
        if !info.regions.is_empty() && !info.regions.contains(&self.shared.region.as_str()) {
            violations.all.push(Violation {
                path: "(region)".to_owned(),
                rule: "regions",
                message: format!("is offered only in {}", info.regions.join(", ")),
                value: Some(format!("{:?}", self.shared.region)),
                explanation: None,
                source: info.source,
                severity: Severity::Error,
            });
        }
        if violations.has_errors() {
            return Err(Error::InvalidRequest(InvalidRequestError { operation: info.name, violations }));
        }
        Ok(())
    }
}

/// A request without its signature.
pub(super) struct Draft<'d> {
    pub(super) info: &'static OperationInfo,
    origin: &'d Origin,
    pub(super) path: String,
    pub(super) query: String,
    headers: Vec<(Cow<'static, str>, String)>,
    pub(super) body: Bytes,
    /// Whether it carries a token by which the service knows it again.
    pub(super) has_idempotency_token: bool,
}

pub(super) fn prepare<O: Operation>(
    shared: &Shared,
    service: &'static ServiceInfo,
    operation: &O,
) -> Result<http::Request<Bytes>, Error> {
    let draft = draft(shared, service, operation)?;
    let Some(credentials) = shared.identity.known() else {
        let message = "the credentials come from a provider that was not asked yet: call `load_credentials` before \
                       `prepare`, or send with `send`";
        return Err(ConfigurationError::new(service.name, message).into());
    };
    sign(shared, service, &draft, &HeaderMap::new(), &credentials, shared.signing_time())
}

pub(super) fn draft<'d, O: Operation>(
    shared: &'d Shared,
    service: &'static ServiceInfo,
    operation: &O,
) -> Result<Draft<'d>, Error> {
    let info = O::INFO;
    let (body, content_type) = body(service, operation)?;
    let mut headers: Vec<(Cow<'static, str>, String)> = Vec::with_capacity(10);
    let Some(origin) = shared.origins.get(info.host).or_else(|| shared.origins.first()) else {
        return Err(ConfigurationError::new(service.name, "the service has no hosts").into());
    };
    if origin.authority.contains('{') {
        return Err(missing_setting(service, info, &origin.authority).into());
    }
    headers.push(("host".into(), origin.authority.clone()));
    if let Some(content_type) = content_type {
        headers.push(("content-type".into(), content_type.to_owned()));
    }
    headers.extend(
        codec::pairs(&|out: &mut Fields<'_>| operation.write_headers(out))
            .into_iter()
            .map(|(name, value)| (Cow::Owned(name), value)),
    );
    let mut query = codec::query(false, &|out: &mut Fields<'_>| operation.write_query(out));
    for flag in info.flags {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(flag);
    }
    let has_idempotency_token = info.idempotency_token.is_some_and(|name| carries(operation, name));
    let path = path(shared, operation)?;
    Ok(Draft { info, origin, path, query, headers, body: Bytes::from(body), has_idempotency_token })
}

/// Whether a request has a value for a field outside its path.
fn carries<O: Operation>(operation: &O, name: &str) -> bool {
    let places: [&dyn Fn(&mut Fields<'_>); 4] = [
        &|out| operation.write_query(out),
        &|out| operation.write_form(out),
        &|out| operation.write_headers(out),
        &|out| operation.write_body(out),
    ];
    places.iter().any(|write| codec::pairs(*write).iter().any(|(known, value)| known == name && !value.is_empty()))
}

/// A host whose template names a setting that the client does not have.
fn missing_setting(service: &ServiceInfo, info: &OperationInfo, authority: &str) -> ConfigurationError {
    let missing = service.settings.iter().find(|setting| authority.contains(&format!("{{{}}}", setting.name)));
    let advice = missing
        .map(|setting| format!(": give it the setting {} with `.with({}::new(…))`", setting.name, setting.type_name))
        .unwrap_or_default();
    let message =
        format!("{} goes to {authority}, and the client was built without what that needs{advice}", info.name);
    ConfigurationError::new(service.name, message)
}

fn body<O: Operation>(service: &ServiceInfo, operation: &O) -> Result<(String, Option<&'static str>), Error> {
    let write = |out: &mut Fields<'_>| operation.write_body(out);
    Ok(match O::INFO.body {
        // Huawei's own clients name the type on every request, with a body or without.
        BodyKind::None if service.protocol == Protocol::RestJson => (String::new(), Some("application/json")),
        BodyKind::None => (String::new(), None),
        BodyKind::Form => {
            let form = codec::query(true, &|out: &mut Fields<'_>| operation.write_form(out));
            let content_type = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
            (form, content_type)
        }
        BodyKind::Json => (codec::json_object(&write), Some("application/json")),
        BodyKind::Xml => {
            let xml = codec::xml_element(service.xml_roots.request, &write).map_err(|character| {
                unsendable(
                    O::INFO,
                    &format!("the character U+{:04X}, which XML has no way to write,", u32::from(character)),
                )
            })?;
            (xml, Some("application/xml"))
        }
    })
}

fn path<O: Operation>(shared: &Shared, operation: &O) -> Result<String, Error> {
    let info = O::INFO;
    let mut path = String::new();
    let mut fields = Vec::new();
    for part in info.path {
        let (name, value) = match part {
            PathPart::Text(text) => {
                path.push_str(text);
                continue;
            }
            PathPart::Setting(name) => {
                (name, shared.settings.iter().find(|(setting, _)| setting == name).map(|(_, value)| value))
            }
            PathPart::Field(name) => {
                if fields.is_empty() {
                    fields = codec::pairs(&|out: &mut Fields<'_>| operation.write_path(out));
                }
                (name, fields.iter().find(|(field, _)| field == name).map(|(_, value)| value))
            }
        };
        match value {
            // `.` and `..` would be taken for steps on the way, an empty segment for none.
            Some(value) if !matches!(value.as_str(), "" | "." | "..") => encode_into(&mut path, value),
            _ => return Err(invalid(info, name, "is a part of the path and must not be empty, `.` or `..`")),
        }
    }
    Ok(path)
}

fn invalid(info: &'static OperationInfo, path: &str, message: &str) -> Error {
    violated(info, path, "required", message)
}

fn violated(info: &'static OperationInfo, path: &str, rule: &'static str, message: &str) -> Error {
    let violation = Violation {
        path: path.to_owned(),
        rule,
        message: message.to_owned(),
        value: None,
        explanation: None,
        source: info.source,
        severity: Severity::Error,
    };
    Error::InvalidRequest(InvalidRequestError { operation: info.name, violations: Violations { all: vec![violation] } })
}

fn unsendable(info: &'static OperationInfo, what: &str) -> Error {
    violated(info, "(request)", "sendable", &format!("{what} can't be sent"))
}

/// Signs a request for a moment. `extra` are headers of the caller's own.
pub(super) fn sign(
    shared: &Shared,
    service: &'static ServiceInfo,
    draft: &Draft<'_>,
    extra: &HeaderMap,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<http::Request<Bytes>, Error> {
    let info = draft.info;
    let mut headers = draft.headers.clone();
    for setting in service.settings {
        let value = shared.settings.iter().find(|(name, _)| *name == setting.name);
        if let (Some(header), Some((_, value))) = (setting.header, value) {
            headers.push((header.into(), value.clone()));
        }
    }
    match service.signing {
        SigningScheme::Acs3HmacSha256 => {
            headers.push(("x-acs-action".into(), info.name.to_owned()));
            headers.push(("x-acs-content-sha256".into(), acs3::content_sha256(&draft.body)));
            headers.push(("x-acs-date".into(), timestamp(now).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
            headers.push(("x-acs-signature-nonce".into(), (shared.nonce)()));
            headers.push(("x-acs-version".into(), service.api_version.to_owned()));
        }
        SigningScheme::SdkHmacSha256 => {
            headers.push(("x-sdk-date".into(), timestamp(now).strftime("%Y%m%dT%H%M%SZ").to_string()));
        }
        SigningScheme::CosSha1 => {}
    }
    add_extra(service, info, &mut headers, extra)?;
    let authority = credentials.authority();
    let authorization = match authority {
        _ if info.anonymous => None,
        Authority::LoginToken(token) => {
            let Some(header) = service.credentials.auth_token_header else {
                return Err(ConfigurationError::new(service.name, "the service takes no login token").into());
            };
            headers.push((header.into(), token.to_owned()));
            None
        }
        Authority::AccessKey { key_id, secret, security_token } => {
            if let Some(token) = security_token {
                headers.push((service.credentials.security_token_header.into(), token.to_owned()));
                if service.signing == SigningScheme::Acs3HmacSha256 {
                    headers.push(("x-acs-accesskey-id".into(), key_id.to_owned()));
                }
            }
            let signed_headers = headers.iter().map(|(name, value)| (&**name, value.as_str())).collect::<Vec<_>>();
            let request = SigningRequest {
                method: info.method,
                path: &draft.path,
                query: &draft.query,
                headers: &signed_headers,
                body: &draft.body,
            };
            let key = AccessKey::new(key_id, secret);
            let signed = match service.signing {
                SigningScheme::Acs3HmacSha256 => acs3::sign(&request, &key).map(|signed| signed.into_authorization()),
                SigningScheme::SdkHmacSha256 => {
                    sdk_hmac::sign(&request, &key).map(|signed| signed.into_authorization())
                }
                SigningScheme::CosSha1 => {
                    let seconds = u64::try_from(unix_seconds(now)).unwrap_or_default();
                    cos::KeyTime::new(seconds.saturating_sub(COS_WINDOW.0), seconds + COS_WINDOW.1)
                        .and_then(|window| cos::sign(&request, &key, window))
                        .map(|signed| signed.into_authorization())
                }
            };
            Some(signed.map_err(|error| {
                ConfigurationError::new(service.name, format!("{} can't be signed: {error}", info.name))
            })?)
        }
    };
    finish(service, draft, headers, authorization)
}

/// Adds headers of the caller's own, none of which may be one of ours.
fn add_extra(
    service: &ServiceInfo,
    info: &OperationInfo,
    headers: &mut Vec<(Cow<'static, str>, String)>,
    extra: &HeaderMap,
) -> Result<(), Error> {
    const OURS: [HeaderName; 5] = [AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT];
    let wrong = |name: &HeaderName, why: &str| {
        let message = format!("{}: the header {name} of an interceptor {why}", info.name);
        Error::from(ConfigurationError::new(service.name, message))
    };
    for (name, value) in extra {
        let tokens = [Some(service.credentials.security_token_header), service.credentials.auth_token_header];
        let is_token = tokens.into_iter().flatten().any(|known| known.eq_ignore_ascii_case(name.as_str()));
        if is_token || OURS.contains(name) || headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name.as_str()))
        {
            return Err(wrong(name, "is one that the client writes itself, or was given twice: leave it out"));
        }
        let value = value.to_str().map_err(|_| wrong(name, "has a value that is not visible ASCII"))?;
        headers.push((Cow::Owned(name.as_str().to_owned()), value.to_owned()));
    }
    Ok(())
}

fn finish(
    service: &'static ServiceInfo,
    draft: &Draft<'_>,
    headers: Vec<(Cow<'static, str>, String)>,
    authorization: Option<String>,
) -> Result<http::Request<Bytes>, Error> {
    let Draft { info, origin, path, query, body, .. } = draft;
    let mut uri = String::with_capacity(origin.authority.len() + path.len() + query.len() + 10);
    uri.push_str(origin.scheme);
    uri.push_str("://");
    uri.push_str(&origin.authority);
    uri.push_str(path);
    if !query.is_empty() {
        uri.push('?');
        uri.push_str(query);
    }
    let length = body.len();
    let mut request = http::Request::new(body.clone());
    #[cfg(feature = "testing")]
    request.extensions_mut().insert(crate::operation::Asked { service, operation: info });
    *request.method_mut() = info.method.parse().map_err(|_| unsendable(info, "the method"))?;
    *request.uri_mut() = uri.parse().map_err(|_| unsendable(info, "a URL of this length or form"))?;
    let all = request.headers_mut();
    for (name, value) in headers {
        let mut sent = HeaderValue::from_str(&value)
            .or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
            .map_err(|_| unsendable(info, &format!("the value of the header {name}")))?;
        let token = [Some(service.credentials.security_token_header), service.credentials.auth_token_header];
        sent.set_sensitive(token.contains(&Some(&*name)));
        let name = match &*name {
            "host" => HOST,
            "content-type" => CONTENT_TYPE,
            other => HeaderName::from_bytes(other.to_ascii_lowercase().as_bytes())
                .map_err(|_| unsendable(info, "a header's name"))?,
        };
        all.insert(name, sent);
    }
    // Some gateways refuse a POST or PUT that does not say its length, and HTTP libraries leave out a zero.
    if matches!(info.method, "POST" | "PUT" | "PATCH") {
        all.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    all.insert(USER_AGENT, HeaderValue::from_static(concat!("mediajobs/", env!("CARGO_PKG_VERSION"))));
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(&authorization).map_err(|_| unsendable(info, "the signature"))?;
        value.set_sensitive(true);
        all.insert(AUTHORIZATION, value);
    }
    Ok(request)
}
