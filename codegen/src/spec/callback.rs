//! One message that the service sends: `callbacks/<name>.toml`.

use super::allow::{self, Allow};
use super::field::{self, Field};
use super::reader::TableReader;
use super::tree::{Table, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::model::Notation;

/// A message as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub(crate) span: Span,
    pub(crate) name: Spanned<String>,
    pub(crate) summary: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) source: Spanned<String>,
    pub(crate) notations: Vec<Spanned<Notation>>,
    pub(crate) xml_root: Option<Spanned<String>>,
    pub(crate) one_of: Vec<Spanned<String>>,
    pub(crate) message_extends: Vec<Spanned<String>>,
    pub(crate) message: Vec<Field>,
    pub(crate) allow: Vec<Allow>,
}

const NOTATIONS: &[(&str, Notation)] = &[("json", Notation::Json), ("xml", Notation::Xml)];

impl Callback {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::of_file(table, "the callback", sink);
        let message_extends = reader.strings("message-extends").map(|list| list.value).unwrap_or_default();
        let callback = Self {
            span: table.span,
            name: reader.needed_string("name"),
            summary: reader.needed_string("summary"),
            doc: reader.string("doc"),
            source: reader.needed_string("source"),
            notations: read_notations(&mut reader),
            xml_root: reader.string("xml-root"),
            one_of: reader.strings("one-of").map(|list| list.value).unwrap_or_default(),
            message: field::read_all(&mut reader, "message", !message_extends.is_empty()),
            message_extends,
            allow: allow::read_all(&mut reader),
        };
        reader.finish();
        callback
    }
}

fn read_notations(reader: &mut TableReader<'_>) -> Vec<Spanned<Notation>> {
    let Some(list) = reader.values("notations") else {
        reader.report_missing("notations");
        return Vec::new();
    };
    if list.value.is_empty() {
        let message = "the message is written in no notation";
        reader.sink().error("bad-notation", list.span, message).help("list `\"json\"`, `\"xml\"` or both");
    }
    let mut notations: Vec<Spanned<Notation>> = Vec::new();
    for item in &list.value {
        let ValueKind::String(word) = &item.kind else {
            reader.wrong_type("an item of `notations`", "`\"json\"` or `\"xml\"`", item);
            continue;
        };
        match NOTATIONS.iter().find(|(known, _)| known == word) {
            None => {
                let help = suggest(word, "notations", NOTATIONS.iter().map(|(known, _)| *known));
                let message = format!("there is no notation {}", quote(word));
                reader.sink().error("bad-notation", item.span, message).maybe_help(help);
            }
            Some((_, notation)) => match notations.iter().find(|other| other.value == *notation) {
                Some(other) => {
                    let (message, other) = (format!("{} is listed twice", quote(word)), other.span);
                    reader
                        .sink()
                        .error("bad-notation", item.span, message)
                        .label(other, "the other one")
                        .help("remove one");
                }
                None => notations.push(Spanned { value: *notation, span: item.span }),
            },
        }
    }
    notations
}
