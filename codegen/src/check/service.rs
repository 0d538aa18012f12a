//! Lowers `service.toml`.

use super::constraints;
use super::credentials;
use super::names::{self, Role};
use super::operations::template;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::evaluate::broken;
use crate::model::{ErrorClass, ErrorCode, Errors, FieldType, Host, Literal, Protocol, Service, Setting, Signing};
use crate::spec;

/// What the service file says; types and operations come later.
pub(crate) fn lower(spec: &spec::service::Service, sink: &mut Sink) -> Service {
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    name(spec, sink);
    protocol_keys(spec, sink);
    let service_name = Spanned { value: spec.name.value.clone(), span: spec.name.span };
    let mut service = Service {
        name: spec.name.value.clone(),
        rust: match (service_name.value.as_str(), &spec.rust_name) {
            // That it has no name was reported.
            ("", None) => String::new(),
            (_, rust_name) => names::assign(Role::Type, "the service", &service_name, rust_name.as_ref(), sink),
        },
        title: spec.title.value.clone(),
        summary: spec.summary.value.clone(),
        docs: spec.docs.value.clone(),
        api_version: text(&spec.api_version),
        protocol: spec.protocol.as_ref().map_or(Protocol::RestJson, |word| word.value),
        signing: spec.signing.as_ref().map_or(Signing::SdkHmacSha256, |word| word.value),
        xml_request_root: text(&spec.xml_request_root),
        xml_response_root: text(&spec.xml_response_root),
        hosts: Vec::new(),
        regions: spec.regions.iter().map(|(id, name)| (id.value.clone(), name.value.clone())).collect(),
        region_pattern: spec.region_pattern.as_ref().and_then(|text| constraints::pattern(text, "the regions", sink)),
        settings: Vec::new(),
        credentials: credentials::lower(&spec.credentials, sink),
        errors: errors(&spec.errors, sink),
        types: Vec::new(),
        operations: Vec::new(),
        callbacks: Vec::new(),
        resources: Vec::new(),
    };
    service.settings = spec.settings.iter().map(|setting| lower_setting(&service, setting, sink)).collect();
    service.hosts = spec.hosts.iter().map(|host| lower_host(&service, host, sink)).collect();
    if spec.hosts.is_empty() && !sink.has_error_at(spec.span) {
        sink.error("bad-host", spec.span, "the service has no host").help("add `[hosts.<name>]` with a `template`");
    }
    service
}

fn name(spec: &spec::service::Service, sink: &mut Sink) {
    let name = &spec.name.value;
    if name.is_empty() {
        return;
    }
    let part_fits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.split('-').all(part_fits) {
        sink.error("bad-service-name", spec.name.span, format!("{} is no name for a service", quote(name)))
            .help("use lower case letters and digits with single hyphens, e.g. `alibaba-ice`");
    }
}

/// Keys that only one protocol has.
fn protocol_keys(spec: &spec::service::Service, sink: &mut Sink) {
    let Some(protocol) = spec.protocol.as_ref() else { return };
    let keys = [
        ("api-version", &spec.api_version, Protocol::Rpc, "rpc"),
        ("xml-request-root", &spec.xml_request_root, Protocol::RestXml, "rest-xml"),
        ("xml-response-root", &spec.xml_response_root, Protocol::RestXml, "rest-xml"),
    ];
    for (key, given, owner, word) in keys {
        match given {
            Some(given) if protocol.value != owner => {
                let message = format!("{} is for the protocol `{word}`", quote(key));
                sink.error("protocol-key", given.span, message).label(protocol.span, "the protocol").help("remove it");
            }
            None if protocol.value == owner => {
                let message = format!("the protocol `{word}` needs {}", quote(key));
                sink.error("protocol-key", protocol.span, message).help(format!("add {}", quote(key)));
            }
            _ => {}
        }
    }
}

fn lower_setting(service: &Service, spec: &spec::service::Setting, sink: &mut Sink) -> Setting {
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    let what = format!("setting {}", quote(&spec.name.value));
    let setting = Setting {
        name: spec.name.value.clone(),
        rust: names::assign(Role::Type, &what, &spec.name, spec.rust_name.as_ref(), sink),
        doc: spec.doc.value.clone(),
        env: text(&spec.env),
        header: text(&spec.header),
        optional: spec.optional,
        constraints: constraints::lower(service, &FieldType::String, &spec.constraints, &what, sink),
        example: text(&spec.example),
        source: text(&spec.source),
    };
    if let Some(header) = &spec.header {
        header_name(header, sink);
    }
    if let Some(example) = &spec.example {
        for broken in broken(&setting.constraints, &Literal::String(example.value.clone())) {
            let title = format!("the example of {what} breaks its own {}", quote(broken.key));
            sink.error("bad-example", example.span, title).help(broken.message);
        }
    }
    setting
}

/// A name that can stand before the colon of a header.
pub(crate) fn header_name(name: &Spanned<String>, sink: &mut Sink) {
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.value.is_empty() || !name.value.chars().all(fits) {
        sink.error("bad-header", name.span, format!("{} is no name of a header", quote(&name.value)))
            .help("use letters, digits and hyphens");
    }
}

fn lower_host(service: &Service, spec: &spec::service::Host, sink: &mut Sink) -> Host {
    let known: Vec<&str> =
        ["region"].into_iter().chain(service.settings.iter().map(|setting| setting.name.as_str())).collect();
    match template(&spec.template.value) {
        Err(problem) => {
            sink.error(
                "host-template",
                spec.template.span,
                format!("the template of host {} {problem}", quote(&spec.name.value)),
            );
        }
        Ok(pieces) => {
            for name in pieces.iter().filter_map(|(name, is_name)| is_name.then_some(*name)) {
                if !known.contains(&name) {
                    let message = format!("the template names {}, which is no setting", quote(name));
                    let help = crate::diagnostic::suggest(name, "names", known.iter().copied());
                    sink.error("host-template", spec.template.span, message).maybe_help(help);
                }
            }
            let bad = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-';
            if !spec.template.value.is_empty() && pieces.iter().any(|(text, is_name)| !is_name && text.contains(bad)) {
                sink.error("host-template", spec.template.span, "the template is no name of a host")
                    .help("write the host alone, e.g. `ice.{region}.aliyuncs.com`, without scheme and path");
            }
        }
    }
    Host { name: spec.name.value.clone(), template: spec.template.value.clone(), doc: spec.doc.value.clone() }
}

fn errors(spec: &spec::service::Errors, sink: &mut Sink) -> Errors {
    let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.value.clone()).collect();
    for header in &spec.request_id_headers {
        header_name(header, sink);
    }
    Errors {
        code: texts(&spec.code),
        message: texts(&spec.message),
        request_id: texts(&spec.request_id),
        request_id_headers: texts(&spec.request_id_headers),
        success_flag: spec.success_flag.as_ref().map(|text| text.value.clone()),
        codes: spec.codes.iter().map(|code| error_code(code, sink)).collect(),
        statuses: spec.statuses.iter().filter_map(|(status, class)| error_status(status, *class, sink)).collect(),
    }
}

fn error_code(spec: &spec::service::ErrorCode, sink: &mut Sink) -> ErrorCode {
    let code = &spec.code.value;
    let star = code.find('*');
    if code.is_empty() || star.is_some_and(|at| at == 0 || at + 1 != code.len()) {
        sink.error("bad-error-code", spec.code.span, format!("{} is no error code", quote(code)))
            .help("a `*` stands at the end, behind the letters that all such codes begin with");
    }
    let status = spec.status.as_ref().and_then(|status| {
        let number = u16::try_from(status.value).ok().filter(|number| (100..=599).contains(number));
        if number.is_none() {
            sink.error("bad-status", status.span, format!("`{}` is no status of an answer", status.value))
                .help("write a status from 100 to 599");
        }
        number
    });
    let source = spec.source.as_ref().map(|text| text.value.clone());
    ErrorCode { code: code.clone(), class: spec.class, status, doc: spec.doc.value.clone(), source }
}

fn error_status(status: &Spanned<String>, class: ErrorClass, sink: &mut Sink) -> Option<(u16, ErrorClass)> {
    let number = status.value.parse::<u16>().ok().filter(|number| (300..=599).contains(number));
    if number.is_none() {
        sink.error("bad-status", status.span, format!("{} is no status of a refusal", quote(&status.value)))
            .help("write a status from 300 to 599");
    }
    number.map(|number| (number, class))
}
