//! What the `.toml` file of an example says, as far as answers go.

use super::{Raw, is_header, is_status};
use crate::diagnostic::{Sink, quote};
use crate::spec::reader::TableReader;
use crate::spec::tree::{self, Table, Value, ValueKind};

/// What a file says.
#[derive(Default)]
pub(super) struct Said {
    pub(super) service: Option<String>,
    pub(super) operation: Option<String>,
    pub(super) source: Option<String>,
    pub(super) composed: bool,
    pub(super) repaired: Option<String>,
    pub(super) is_unchecked: bool,
    pub(super) answer: Option<Raw>,
}

pub(super) fn read(file: usize, text: &str, sink: &mut Sink) -> Said {
    let errors = sink.errors();
    let table = tree::read(file, text, sink);
    if sink.errors() > errors {
        return Said::default();
    }
    let mut reader = TableReader::of_file(&table, "the example", sink);
    // They are about requests and callbacks, or for people.
    for key in ["note", "masked", "fragment", "region", "expect", "settings", "request", "callback"] {
        let _ = reader.value(key);
    }
    let mut text = |key| reader.string(key).map(|text| text.value);
    let (service, operation, source) = (text("service"), text("operation"), text("source"));
    let (repaired, unchecked) = (text("repaired"), text("unchecked"));
    let composed = reader.needed_word("origin", &[("documented", false), ("composed", true)]);
    let _ = reader.table("response");
    reader.finish();
    Said {
        service,
        operation,
        source,
        composed: composed.is_some_and(|composed| composed.value),
        repaired,
        is_unchecked: unchecked.is_some(),
        answer: inner(&table, "response").map(|table| read_answer(table, sink)),
    }
}

/// A table in a table; what is none was reported.
fn inner<'t>(table: &'t Table, key: &str) -> Option<&'t Table> {
    match &table.get(key)?.kind {
        ValueKind::Table(table) => Some(table),
        _ => None,
    }
}

fn read_answer(table: &Table, sink: &mut Sink) -> Raw {
    let mut reader = TableReader::new(table, "the answer", sink);
    let status = reader.integer("status");
    let body = reader.string("body").map(|body| body.value).unwrap_or_default();
    let is_refusal = reader.table("expect").is_some();
    let _ = reader.table("headers");
    reader.finish();
    let mut raw = Raw { status: None, headers: Vec::new(), body, is_refusal };
    if let Some(status) = status {
        raw.status = is_status(status.value);
        if raw.status.is_none() {
            sink.error("bad-status", status.span, format!("{} is no HTTP status", status.value));
        }
    }
    for (name, value) in inner(table, "headers").map(|table| table.entries.as_slice()).unwrap_or_default() {
        add_header(&name.value, value, &mut raw.headers, sink);
    }
    raw
}

/// Numbers and truth values count as the text that stands for them; a list is a header for each of its items.
fn add_header(name: &str, value: &Value, headers: &mut Vec<(String, String)>, sink: &mut Sink) {
    let text = match &value.kind {
        ValueKind::String(text) => text.clone(),
        ValueKind::Integer(number) => number.to_string(),
        ValueKind::Bool(truth) => truth.to_string(),
        ValueKind::Array(items) => return items.iter().for_each(|item| add_header(name, item, headers, sink)),
        ValueKind::Float(_) | ValueKind::Table(_) | ValueKind::Other => {
            let message = format!("the header {} is {}, not a text", quote(name), value.describe());
            sink.error("wrong-value-type", value.span, message);
            return;
        }
    };
    if is_header(name, &text) {
        headers.push((name.to_owned(), text));
    } else {
        sink.error("bad-header", value.span, format!("{} is no header of HTTP", quote(name)));
    }
}
