//! One documented endpoint: `operations/<name>.toml`.

use super::allow::{self, Allow};
use super::field::{self, Field, LOCATIONS};
use super::job::Job;
use super::reader::TableReader;
use super::rule::{self, Rule};
use super::tree::{Table, Value};
use super::types::{self, Type};
use crate::diagnostic::{Sink, Span, Spanned};
use crate::model::{Effect, Location};

/// The keys of an operation that no field has: below the header of a table they end up in a field.
pub(crate) const KEYS: &[&str] = &[
    "allow",
    "anonymous",
    "batch",
    "effect",
    "empty-response",
    "flags",
    "host",
    "idempotency-token",
    "job",
    "method",
    "name",
    "paging",
    "path",
    "permission",
    "regions",
    "request-extends",
    "request-in",
    "response-extends",
    "rules",
    "statuses",
    "summary",
    "types",
    "undocumented",
];
const METHODS: &[(&str, &str)] =
    &[("GET", "GET"), ("POST", "POST"), ("PUT", "PUT"), ("DELETE", "DELETE"), ("PATCH", "PATCH"), ("HEAD", "HEAD")];
const EFFECTS: &[(&str, Effect)] = &[("read", Effect::Read), ("write", Effect::Write), ("create", Effect::Create)];

/// An operation as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) span: Span,
    pub(crate) name: Spanned<String>,
    pub(crate) rust_name: Option<Spanned<String>>,
    pub(crate) method: Option<Spanned<&'static str>>,
    pub(crate) path: Option<Spanned<String>>,
    pub(crate) flags: Vec<Spanned<String>>,
    pub(crate) host: Option<Spanned<String>>,
    pub(crate) effect: Option<Spanned<Effect>>,
    pub(crate) summary: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) source: Spanned<String>,
    pub(crate) permission: Option<Spanned<String>>,
    pub(crate) regions: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) statuses: Option<Spanned<Vec<Value>>>,
    pub(crate) anonymous: bool,
    pub(crate) deprecated: Option<Spanned<String>>,
    pub(crate) undocumented: Option<Spanned<String>>,
    pub(crate) request_in: Option<Spanned<Location>>,
    pub(crate) request_extends: Vec<Spanned<String>>,
    pub(crate) response_extends: Vec<Spanned<String>>,
    pub(crate) empty_response: Option<Span>,
    pub(crate) request: Vec<Field>,
    pub(crate) response: Vec<Field>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) types: Vec<Type>,
    pub(crate) example: Option<Table>,
    pub(crate) paging: Vec<Paging>,
    pub(crate) batch: Option<Spanned<String>>,
    pub(crate) job: Option<Job>,
    pub(crate) idempotency_token: Option<Spanned<String>>,
    pub(crate) allow: Vec<Allow>,
}

/// `[paging]`, or one of several `[[paging]]`: the check knows which keys each style needs.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    pub(crate) span: Span,
    pub(crate) style: Style,
    pub(crate) from: Option<Spanned<String>>,
    pub(crate) to: Option<Spanned<String>>,
    pub(crate) size: Option<Spanned<String>>,
    pub(crate) items: Option<Spanned<String>>,
    pub(crate) total: Option<Spanned<String>>,
}

/// The words of `style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Token,
    Page,
    Offset,
}

const STYLES: &[(&str, Style)] = &[("token", Style::Token), ("page", Style::Page), ("offset", Style::Offset)];

impl Operation {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::of_file(table, "the operation", sink);
        let mut extends = |key| reader.strings(key).map(|list| list.value).unwrap_or_default();
        let (request_extends, response_extends) = (extends("request-extends"), extends("response-extends"));
        let operation = Self {
            span: table.span,
            name: reader.needed_string("name"),
            rust_name: reader.string("rust-name"),
            method: reader.needed_word("method", METHODS),
            path: reader.string("path"),
            flags: reader.strings("flags").map(|list| list.value).unwrap_or_default(),
            host: reader.string("host"),
            effect: reader.needed_word("effect", EFFECTS),
            summary: reader.needed_string("summary"),
            doc: reader.string("doc"),
            source: reader.needed_string("source"),
            permission: reader.string("permission"),
            regions: reader.strings("regions"),
            statuses: reader.values("statuses"),
            anonymous: reader.flag("anonymous").is_some(),
            deprecated: reader.string("deprecated"),
            undocumented: reader.string("undocumented"),
            request_in: reader.word("request-in", LOCATIONS),
            empty_response: reader.flag("empty-response"),
            request: field::read_all(&mut reader, "request", !request_extends.is_empty()),
            response: field::read_all(&mut reader, "response", !response_extends.is_empty()),
            request_extends,
            response_extends,
            rules: rule::read_all(&mut reader),
            types: types::read_all(&mut reader),
            example: reader.table("example").cloned(),
            paging: read_paging(&mut reader),
            batch: reader.string("batch"),
            job: reader.table("job").map(|table| Job::read(table, reader.sink())),
            idempotency_token: reader.string("idempotency-token"),
            allow: allow::read_all(&mut reader),
        };
        reader.finish();
        operation
    }
}

fn read_paging(reader: &mut TableReader<'_>) -> Vec<Paging> {
    let tables = reader.one_or_listed_tables("paging");
    tables.into_iter().filter_map(|table| Paging::read(table, reader.sink())).collect()
}

impl Paging {
    fn read(table: &Table, sink: &mut Sink) -> Option<Self> {
        let mut reader = TableReader::new(table, "`paging`", sink);
        let style = reader.needed_word("style", STYLES)?.value;
        let (from, to, total) = match style {
            Style::Token => ("request", Some("response"), None),
            Style::Page => ("number", None, Some("total")),
            Style::Offset => ("offset", None, Some("total")),
        };
        let paging = Self {
            span: table.span,
            style,
            from: reader.string(from),
            to: to.and_then(|key| reader.string(key)),
            size: reader.string("size"),
            items: reader.string("items"),
            total: total.and_then(|key| reader.string(key)),
        };
        for key in [Some(from), to, (style != Style::Token).then_some("size"), Some("items")].into_iter().flatten() {
            reader.report_missing(key);
        }
        reader.finish();
        Some(paging)
    }
}

#[cfg(test)]
mod tests {
    use super::KEYS;
    use crate::diagnostic::SourceFile;

    #[test]
    fn the_keys_of_operations_are_keys_of_operations() {
        let text: String = KEYS.iter().map(|key| format!("{key} = 0\n")).collect();
        let file = SourceFile { path: "a/operations/a.toml".to_owned(), text };
        let found = crate::check(&[file]).diagnostics;
        assert!(found.iter().all(|diagnostic| diagnostic.code != "unknown-key"), "{found:?}");
    }
}
