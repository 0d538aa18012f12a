//! One parameter, element or member: `[request.NAME]`, `[response.NAME]`, `[types.T.fields.NAME]`.

use super::constraints::Constraints;
use super::operation;
use super::reader::TableReader;
use super::tree::{Table, Value, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, all_of, nearest, quote};
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
    &[("comma", Coding::Comma), ("json", Coding::Json), ("numbered", Coding::Numbered), ("text", Coding::Text)];

/// The words of `encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Comma,
    Json,
    Numbered,
    Text,
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
    pub(crate) allow_empty: Option<Spanned<String>>,
    pub(crate) deprecated: Option<Spanned<String>>,
    pub(crate) ignored: Option<Spanned<String>>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) severity: Option<Spanned<Severity>>,
    pub(crate) notation: Option<Spanned<TimeNotation>>,
    pub(crate) items: Option<(Span, Constraints)>,
    pub(crate) constraints: Constraints,
    /// The header of its table, where it has no type and one may be inherited: it changes some keys of that field.
    pub(crate) change: Option<Span>,
    /// Every key of the table, in order.
    pub(crate) keys: Vec<Spanned<String>>,
}

/// Reads the fields below one key, of a record that extends others or none.
pub(crate) fn read_all(reader: &mut TableReader<'_>, key: &'static str, extends: bool) -> Vec<Field> {
    let tables = reader.named_tables(key);
    tables.into_iter().map(|(wire, table)| Field::read(wire, table, extends, reader.sink())).collect()
}

impl Field {
    pub(crate) fn read(wire: &Spanned<String>, table: &Table, extends: bool, sink: &mut Sink) -> Self {
        let what = format!("field {}", quote(&wire.value));
        let mut reader = TableReader::new(table, what.clone(), sink);
        let items = reader.table("items").map(|table| {
            let mut reader = TableReader::new(table, format!("`items` of {what}"), reader.sink());
            let constraints = Constraints::read(&mut reader);
            reader.finish();
            (table.span, constraints)
        });
        let mut field = Self {
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
            allow_empty: reader.string("allow-empty"),
            deprecated: reader.string("deprecated"),
            ignored: reader.string("ignored"),
            source: reader.string("source"),
            severity: reader.word("severity", SEVERITIES),
            notation: reader.word("notation", NOTATIONS),
            items,
            constraints: Constraints::read(&mut reader),
            change: None,
            keys: table.entries.iter().map(|(key, _)| key.clone()).collect(),
        };
        let parts: Vec<&Spanned<String>> = table
            .entries
            .iter()
            .filter(|(key, value)| !reader.has_asked(&key.value) && is_part(&key.value, value))
            .map(|(key, _)| key)
            .collect();
        if !parts.is_empty() && field.ty.is_none() {
            // A dotted name: the part before the dot is no field of its own.
            reader.forgive_missing();
        }
        if extends && field.ignored.is_none() && reader.lacks("type") {
            field.change = Some(table.span);
        } else if field.ignored.is_none() {
            reader.report_missing("type");
            if field.constant.is_none() {
                reader.report_missing("doc");
            }
        }
        if let Some(first) = parts.first() {
            let (name, part) = (&wire.value, &first.value);
            let names = all_of(parts.iter().map(|part| part.value.as_str()));
            let message = format!("{what} has {names}, and a field holds no other fields");
            let help = format!(
                "declare a record with {names} (`[types.{record}.fields.{part}]`) and give {} that type; \
                 if the dot is part of the name, write it in quotes: `\"{name}.{part}\"`",
                quote(name),
                record = capitalized(name),
            );
            reader.sink().error("unknown-key", first.span, message).help(help);
        }
        let reported: Vec<Span> = parts.iter().map(|part| part.span).collect();
        let help = |key: &str, _: &Value| {
            operation::KEYS
                .contains(&key)
                .then(|| "this is a key of the operation; move it above the first table".to_owned())
        };
        reader.finish_except(help, &reported);
        field
    }
}

impl Field {
    /// Takes over what it does not say itself from the field that it changes.
    pub(crate) fn take_over(&mut self, inherited: Self) {
        self.change = None;
        let says = |key: &str| self.keys.iter().any(|known| known.value == key);
        if !says("aliases") {
            self.aliases = inherited.aliases;
        }
        self.ty = inherited.ty;
        self.doc = self.doc.take().or(inherited.doc);
        self.required = self.required.or(inherited.required);
        self.location = self.location.take().or(inherited.location);
        self.encoding = self.encoding.take().or(inherited.encoding);
        self.wrapped = self.wrapped.take().or(inherited.wrapped);
        self.bare = self.bare.or(inherited.bare);
        self.rust_name = self.rust_name.take().or(inherited.rust_name);
        self.default = self.default.take().or(inherited.default);
        self.example = self.example.take().or(inherited.example);
        self.unit = self.unit.take().or(inherited.unit);
        self.constant = self.constant.take().or(inherited.constant);
        self.secret = self.secret.or(inherited.secret);
        self.keep_empty = self.keep_empty.or(inherited.keep_empty);
        self.allow_empty = self.allow_empty.take().or(inherited.allow_empty);
        self.deprecated = self.deprecated.take().or(inherited.deprecated);
        self.source = self.source.take().or(inherited.source);
        self.severity = self.severity.take().or(inherited.severity);
        self.notation = self.notation.take().or(inherited.notation);
        self.items = self.items.take().or(inherited.items);
        self.constraints.take_over(inherited.constraints);
    }
}

/// Whether a table below a field was meant as a field of it: `[request.Input.Media]`.
fn is_part(key: &str, value: &Value) -> bool {
    match &value.kind {
        ValueKind::Table(table) if operation::KEYS.contains(&key) => looks_like_field(table),
        ValueKind::Table(_) => nearest(key, ["items"]).is_none(),
        _ => false,
    }
}

/// Whether a table has what only fields have.
pub(crate) fn looks_like_field(table: &Table) -> bool {
    let keys = ["type", "ignored", "const", "doc"];
    keys.iter().any(|key| table.get(key).is_some_and(|value| matches!(value.kind, ValueKind::String(_))))
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
