//! One parameter, element or member: `[request.NAME]`, `[response.NAME]`, `[types.T.fields.NAME]`.

use super::constraints::Constraints;
use super::reader::TableReader;
use super::tree::{Table, Value};
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{Location, Severity, TimeNotation};

pub(crate) const LOCATIONS: &[(&str, Location)] = &[
    ("path", Location::Path),
    ("query", Location::Query),
    ("header", Location::Header),
    ("form", Location::Form),
    ("body", Location::Body),
];
pub(crate) const SEVERITIES: &[(&str, Severity)] = &[("error", Severity::Error), ("warning", Severity::Warning)];
const NOTATIONS: &[(&str, TimeNotation)] = &[("utc", TimeNotation::Utc), ("offset", TimeNotation::Offset)];
const ENCODINGS: &[(&str, Coding)] =
    &[("comma", Coding::Comma), ("json", Coding::Json), ("numbered", Coding::Numbered)];

/// The words of `encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Comma,
    Json,
    Numbered,
}

/// A field as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: Spanned<String>,
    pub(crate) ty: Option<Spanned<String>>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) required: Option<Span>,
    pub(crate) location: Option<Spanned<Location>>,
    pub(crate) encoding: Option<Spanned<Coding>>,
    pub(crate) wrapped: Option<Spanned<String>>,
    pub(crate) bare: Option<Span>,
    pub(crate) rust_name: Option<Spanned<String>>,
    pub(crate) aliases: Vec<Spanned<String>>,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
    pub(crate) unit: Option<Spanned<String>>,
    pub(crate) constant: Option<Value>,
    pub(crate) secret: Option<Span>,
    pub(crate) keep_empty: Option<Span>,
    pub(crate) deprecated: Option<Spanned<String>>,
    pub(crate) ignored: Option<Spanned<String>>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) severity: Option<Spanned<Severity>>,
    pub(crate) notation: Option<Spanned<TimeNotation>>,
    pub(crate) items: Option<(Span, Constraints)>,
    pub(crate) constraints: Constraints,
    /// Every key of the table, in order.
    pub(crate) keys: Vec<Spanned<String>>,
}

/// Reads the fields below one key.
pub(crate) fn read_all(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Field> {
    let tables = reader.named_tables(key);
    tables.into_iter().map(|(wire, table)| Field::read(wire, table, reader.sink())).collect()
}

impl Field {
    fn read(wire: &Spanned<String>, table: &Table, sink: &mut Sink) -> Self {
        let what = format!("field {}", quote(&wire.value));
        let mut reader = TableReader::new(table, what.clone(), sink);
        let items = reader.table("items").map(|table| {
            let mut reader = TableReader::new(table, format!("`items` of {what}"), reader.sink());
            let constraints = Constraints::read(&mut reader);
            reader.finish();
            (table.span, constraints)
        });
        let field = Self {
            wire: wire.clone(),
            ty: reader.string("type"),
            doc: reader.string("doc"),
            required: reader.flag("required"),
            location: reader.word("in", LOCATIONS),
            encoding: reader.word("encoding", ENCODINGS),
            wrapped: reader.string("wrapped"),
            bare: reader.flag("bare"),
            rust_name: reader.string("rust-name"),
            aliases: reader.strings("aliases").map(|list| list.value).unwrap_or_default(),
            default: reader.value("default").cloned(),
            example: reader.value("example").cloned(),
            unit: reader.string("unit"),
            constant: reader.value("const").cloned(),
            secret: reader.flag("secret"),
            keep_empty: reader.flag("keep-empty"),
            deprecated: reader.string("deprecated"),
            ignored: reader.string("ignored"),
            source: reader.string("source"),
            severity: reader.word("severity", SEVERITIES),
            notation: reader.word("notation", NOTATIONS),
            items,
            constraints: Constraints::read(&mut reader),
            keys: table.entries.iter().map(|(key, _)| key.clone()).collect(),
        };
        if field.ignored.is_none() {
            reader.report_missing("type");
            if field.constant.is_none() {
                reader.report_missing("doc");
            }
        }
        reader.finish();
        field
    }
}
