//! What all operations of a service share: `service.toml`.

use super::constraints::Constraints;
use super::credentials::Credentials;
use super::reader::TableReader;
use super::tree::{Table, Value, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{ErrorClass, Protocol, Signing};

const PROTOCOLS: &[(&str, Protocol)] =
    &[("rpc", Protocol::Rpc), ("rest-json", Protocol::RestJson), ("rest-xml", Protocol::RestXml)];
const SIGNINGS: &[(&str, Signing)] = &[
    ("acs3-hmac-sha256", Signing::Acs3HmacSha256),
    ("sdk-hmac-sha256", Signing::SdkHmacSha256),
    ("cos-sha1", Signing::CosSha1),
];
const CLASSES: &[(&str, ErrorClass)] = &[
    ("throttled", ErrorClass::Throttled),
    ("auth", ErrorClass::Auth),
    ("not-found", ErrorClass::NotFound),
    ("invalid", ErrorClass::Invalid),
    ("conflict", ErrorClass::Conflict),
    ("clock-skew", ErrorClass::ClockSkew),
    ("quota", ErrorClass::Quota),
    ("replay", ErrorClass::Replay),
    ("server", ErrorClass::Server),
];

/// A service as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) span: Span,
    pub(crate) name: Spanned<String>,
    pub(crate) rust_name: Option<Spanned<String>>,
    pub(crate) title: Spanned<String>,
    pub(crate) summary: Spanned<String>,
    pub(crate) docs: Spanned<String>,
    pub(crate) api_version: Option<Spanned<String>>,
    pub(crate) protocol: Option<Spanned<Protocol>>,
    pub(crate) signing: Option<Spanned<Signing>>,
    pub(crate) xml_request_root: Option<Spanned<String>>,
    pub(crate) xml_response_root: Option<Spanned<String>>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) regions: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) region_pattern: Option<Spanned<String>>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) credentials: Credentials,
    pub(crate) errors: Errors,
}

/// `[hosts.NAME]`
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) name: Spanned<String>,
    pub(crate) template: Spanned<String>,
    pub(crate) doc: Spanned<String>,
}

/// `[settings.NAME]`
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) name: Spanned<String>,
    pub(crate) rust_name: Option<Spanned<String>>,
    pub(crate) doc: Spanned<String>,
    pub(crate) env: Option<Spanned<String>>,
    pub(crate) header: Option<Spanned<String>>,
    pub(crate) optional: bool,
    pub(crate) example: Option<Spanned<String>>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) constraints: Constraints,
}

/// `[errors]`
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors {
    pub(crate) code: Vec<Spanned<String>>,
    pub(crate) message: Vec<Spanned<String>>,
    pub(crate) request_id: Vec<Spanned<String>>,
    pub(crate) request_id_headers: Vec<Spanned<String>>,
    pub(crate) success_flag: Option<Spanned<String>>,
    pub(crate) codes: Vec<ErrorCode>,
    pub(crate) statuses: Vec<(Spanned<String>, ErrorClass)>,
}

/// `"Code" = { … }`
#[derive(Debug, Clone)]
pub(crate) struct ErrorCode {
    pub(crate) code: Spanned<String>,
    pub(crate) class: ErrorClass,
    pub(crate) status: Option<Spanned<i64>>,
    pub(crate) doc: Spanned<String>,
    pub(crate) source: Option<Spanned<String>>,
}

impl Service {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::of_file(table, "the service", sink);
        let service = Self {
            span: table.span,
            name: reader.needed_string("name"),
            rust_name: reader.string("rust-name"),
            title: reader.needed_string("title"),
            summary: reader.needed_string("summary"),
            docs: reader.needed_string("docs"),
            api_version: reader.string("api-version"),
            protocol: reader.needed_word("protocol", PROTOCOLS),
            signing: reader.needed_word("signing", SIGNINGS),
            xml_request_root: reader.string("xml-request-root"),
            xml_response_root: reader.string("xml-response-root"),
            hosts: read_hosts(&mut reader),
            regions: read_regions(&mut reader),
            region_pattern: reader.string("region-pattern"),
            settings: read_settings(&mut reader),
            credentials: reader
                .table("credentials")
                .map(|table| Credentials::read(table, reader.sink()))
                .unwrap_or_default(),
            errors: reader.table("errors").map(|table| Errors::read(table, reader.sink())).unwrap_or_default(),
        };
        for key in ["hosts", "regions", "credentials", "errors"] {
            reader.report_missing(key);
        }
        reader.finish();
        service
    }
}

fn read_hosts(reader: &mut TableReader<'_>) -> Vec<Host> {
    let mut hosts = Vec::new();
    for (name, table) in reader.named_tables("hosts") {
        let mut reader = TableReader::new(table, format!("host {}", quote(&name.value)), reader.sink());
        hosts.push(Host {
            name: name.clone(),
            template: reader.needed_string("template"),
            doc: reader.needed_string("doc"),
        });
        reader.finish();
    }
    hosts
}

fn read_regions(reader: &mut TableReader<'_>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let Some(table) = reader.table("regions") else { return Vec::new() };
    let mut regions = Vec::new();
    for (id, value) in &table.entries {
        match &value.kind {
            ValueKind::String(name) => {
                regions.push((id.clone(), Spanned { value: name.clone(), span: value.span }));
            }
            _ => reader.wrong_type(&format!("region {}", quote(&id.value)), "its name", value),
        }
    }
    regions
}

fn read_settings(reader: &mut TableReader<'_>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (name, table) in reader.named_tables("settings") {
        let mut reader = TableReader::new(table, format!("setting {}", quote(&name.value)), reader.sink());
        settings.push(Setting {
            name: name.clone(),
            rust_name: reader.string("rust-name"),
            doc: reader.needed_string("doc"),
            env: reader.string("env"),
            header: reader.string("header"),
            optional: reader.flag("optional").is_some(),
            example: reader.string("example"),
            source: reader.string("source"),
            constraints: Constraints::read(&mut reader),
        });
        reader.finish();
    }
    settings
}

impl Errors {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`errors`", sink);
        let texts = |reader: &mut TableReader<'_>, key| reader.strings(key).map(|list| list.value).unwrap_or_default();
        let errors = Self {
            code: texts(&mut reader, "code"),
            message: texts(&mut reader, "message"),
            request_id: texts(&mut reader, "request-id"),
            request_id_headers: texts(&mut reader, "request-id-headers"),
            success_flag: reader.string("success-flag"),
            codes: read_codes(&mut reader),
            statuses: read_statuses(&mut reader),
        };
        for key in ["code", "message", "codes"] {
            reader.report_missing(key);
        }
        reader.finish();
        errors
    }
}

fn read_codes(reader: &mut TableReader<'_>) -> Vec<ErrorCode> {
    let mut codes = Vec::new();
    for (code, table) in reader.named_tables("codes") {
        let mut reader = TableReader::new(table, format!("error code {}", quote(&code.value)), reader.sink());
        let class = reader.needed_word("class", CLASSES);
        let read = ErrorCode {
            code: code.clone(),
            class: class.map_or(ErrorClass::Server, |class| class.value),
            status: reader.integer("status"),
            doc: reader.needed_string("doc"),
            source: reader.string("source"),
        };
        reader.finish();
        codes.push(read);
    }
    codes
}

fn read_statuses(reader: &mut TableReader<'_>) -> Vec<(Spanned<String>, ErrorClass)> {
    let Some(table) = reader.table("statuses") else { return Vec::new() };
    let mut statuses = Vec::new();
    for (status, value) in &table.entries {
        let class = class_of(value, &status.value, reader);
        statuses.extend(class.map(|class| (status.clone(), class)));
    }
    statuses
}

fn class_of(value: &Value, status: &str, reader: &mut TableReader<'_>) -> Option<ErrorClass> {
    let what = format!("status {}", quote(status));
    let ValueKind::String(text) = &value.kind else {
        reader.wrong_type(&what, "a class of errors", value);
        return None;
    };
    let found = CLASSES.iter().find(|(word, _)| word == text);
    if found.is_none() {
        let text = Spanned { value: text.clone(), span: value.span };
        reader.unknown_word(&what, &text, CLASSES.iter().map(|(word, _)| *word));
    }
    found.map(|(_, class)| *class)
}
