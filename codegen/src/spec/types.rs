//! Declared types: `[types.NAME]`.

use super::allow::{self, Allow};
use super::field::{self, Field};
use super::reader::TableReader;
use super::rule::{self, Rule};
use super::tree::{Table, Value, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, all_of, quote};

/// A declared type as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Spanned<String>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) kind: Kind,
}

/// The kinds of type.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Record(Record),
    Enum(Enum),
    Union(Union),
}

/// Named fields.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// One, unless it is written as a list, which is reported.
    pub(crate) extends: Vec<Spanned<String>>,
    pub(crate) keep_unknown: Option<Span>,
    pub(crate) fields: Vec<Field>,
    pub(crate) rules: Vec<Rule>,
}

/// Listed texts.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) any_case: bool,
    pub(crate) values: Vec<EnumValue>,
}

/// One listed text.
#[derive(Debug, Clone)]
pub(crate) struct EnumValue {
    pub(crate) wire: Spanned<String>,
    pub(crate) doc: Spanned<String>,
    pub(crate) rust_name: Option<Spanned<String>>,
    pub(crate) aliases: Vec<Spanned<String>>,
    pub(crate) deprecated: Option<Spanned<String>>,
}

/// One of several records.
#[derive(Debug, Clone)]
pub(crate) struct Union {
    pub(crate) tag: Spanned<String>,
    pub(crate) variants: Vec<Variant>,
}

/// One of a union's records.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) wire: Spanned<String>,
    pub(crate) ty: Spanned<String>,
    pub(crate) doc: Spanned<String>,
    pub(crate) rust_name: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Copy)]
enum KindWord {
    Record,
    Enum,
    Union,
}

const KINDS: &[(&str, KindWord)] =
    &[("record", KindWord::Record), ("enum", KindWord::Enum), ("union", KindWord::Union)];

/// Reads the types below `types`.
pub(crate) fn read_all(reader: &mut TableReader<'_>) -> Vec<Type> {
    let tables = reader.named_tables("types");
    tables.into_iter().filter_map(|(name, table)| Type::read(name, table, reader.sink())).collect()
}

impl Type {
    fn read(name: &Spanned<String>, table: &Table, sink: &mut Sink) -> Option<Self> {
        let what = format!("type {}", quote(&name.value));
        let mut reader = TableReader::new(table, what, sink);
        let kind = match table.get("kind") {
            None => {
                // Asked for all the same, so that it is listed among the keys.
                reader.string("kind");
                forgotten_kind(name, table, reader.sink())
            }
            // A kind that is not known leaves nothing to say about the other keys.
            Some(_) => reader.word("kind", KINDS)?.value,
        };
        let doc = reader.needed_string("doc");
        let source = reader.string("source");
        let mut reported = Vec::new();
        let kind = match kind {
            KindWord::Record => {
                let extends = read_extends(&mut reader, table);
                let keep_unknown = reader.flag("keep-unknown");
                let mut fields = field::read_all(&mut reader, "fields", !extends.is_empty());
                let rules = rule::read_all(&mut reader);
                let beside = fields_beside(table, &reader);
                if let Some((first, _)) = beside.first() {
                    let names = all_of(beside.iter().map(|(name, _)| name.value.as_str()));
                    let message = format!("type {} has {names} beside its keys", quote(&name.value));
                    let help = format!("write `[types.{}.fields.{}]`", name.value, first.value);
                    reader.sink().error("unknown-key", first.span, message).help(help);
                    reported = beside.iter().map(|(name, _)| name.span).collect();
                    // Read all the same, so that nothing else seems to be missing.
                    fields.extend(
                        beside.iter().map(|(name, table)| Field::read(name, table, !extends.is_empty(), reader.sink())),
                    );
                }
                Kind::Record(Record { extends, keep_unknown, fields, rules })
            }
            KindWord::Enum => Kind::Enum(read_enum(&mut reader)),
            KindWord::Union => Kind::Union(read_union(&mut reader)),
        };
        reader.finish_except(|_, _| None, &reported);
        Some(Self { name: name.clone(), doc, source, kind })
    }
}

/// What a type without `kind` is: a record, unless it has the keys of something else, which is reported.
fn forgotten_kind(name: &Spanned<String>, table: &Table, sink: &mut Sink) -> KindWord {
    let has = |keys: &[&str]| keys.iter().any(|key| table.get(key).is_some());
    let (kind, word, a) = if has(&["fields", "extends", "rules", "keep-unknown"]) {
        return KindWord::Record;
    } else if has(&["values", "any-case"]) {
        (KindWord::Enum, "enum", "an enum")
    } else if has(&["variants", "tag"]) {
        (KindWord::Union, "union", "a union")
    } else {
        return KindWord::Record;
    };
    let message = format!("type {} looks like {a} and has no `kind`", quote(&name.value));
    sink.error("missing-key", name.span, message).help(format!("add `kind = \"{word}\"`"));
    kind
}

fn read_extends(reader: &mut TableReader<'_>, table: &Table) -> Vec<Spanned<String>> {
    let Some(Value { kind: ValueKind::Array(items), span }) = table.get("extends") else {
        return reader.string("extends").into_iter().collect();
    };
    reader.value("extends");
    let names = items.iter().filter_map(|item| match &item.kind {
        ValueKind::String(text) => Some(Spanned { value: text.clone(), span: item.span }),
        _ => None,
    });
    let names: Vec<Spanned<String>> = names.collect();
    let help = match names.as_slice() {
        [one] => format!("write the name alone: `extends = \"{}\"`", one.value),
        _ => "write one name; where it needs several, let one extend the next".to_owned(),
    };
    reader.sink().error("wrong-value-type", *span, "`extends` is a list, not the name of one record").help(help);
    names
}

/// Tables beside the keys of a record that look like its fields.
fn fields_beside<'a>(table: &'a Table, reader: &TableReader<'_>) -> Vec<(&'a Spanned<String>, &'a Table)> {
    let mut beside = Vec::new();
    for (name, value) in &table.entries {
        if let ValueKind::Table(field) = &value.kind
            && !reader.has_asked(&name.value)
            && field::looks_like_field(field)
        {
            beside.push((name, field));
        }
    }
    beside
}

fn read_enum(reader: &mut TableReader<'_>) -> Enum {
    let any_case = reader.flag("any-case").is_some();
    let table = reader.table("values").or_else(|| reader.misspelt_table("values"));
    reader.report_missing("values");
    let mut values = Vec::new();
    for (wire, value) in table.map(|table| table.entries.as_slice()).unwrap_or_default() {
        values.extend(read_enum_value(wire, value, reader));
    }
    Enum { any_case, values }
}

fn read_enum_value(wire: &Spanned<String>, value: &Value, reader: &mut TableReader<'_>) -> Option<EnumValue> {
    match &value.kind {
        ValueKind::String(text) => Some(EnumValue {
            wire: wire.clone(),
            doc: Spanned { value: text.clone(), span: value.span },
            rust_name: None,
            aliases: Vec::new(),
            deprecated: None,
        }),
        ValueKind::Table(table) => {
            let mut reader = TableReader::new(table, format!("value {}", quote(&wire.value)), reader.sink());
            let read = EnumValue {
                wire: wire.clone(),
                doc: reader.needed_string("doc"),
                rust_name: reader.string("rust-name"),
                aliases: reader.strings("aliases").map(|list| list.value).unwrap_or_default(),
                deprecated: reader.string("deprecated"),
            };
            reader.finish();
            Some(read)
        }
        _ => {
            reader.wrong_type(&quote(&wire.value), "what it means, as a text or a table", value);
            None
        }
    }
}

fn read_union(reader: &mut TableReader<'_>) -> Union {
    let tag = reader.needed_string("tag");
    let variants = reader.named_tables("variants");
    reader.report_missing("variants");
    let variants = variants.into_iter().map(|(wire, table)| read_variant(wire, table, reader.sink())).collect();
    Union { tag, variants }
}

fn read_variant(wire: &Spanned<String>, table: &Table, sink: &mut Sink) -> Variant {
    let mut reader = TableReader::new(table, format!("variant {}", quote(&wire.value)), sink);
    let variant = Variant {
        wire: wire.clone(),
        ty: reader.needed_string("type"),
        doc: reader.needed_string("doc"),
        rust_name: reader.string("rust-name"),
    };
    reader.finish();
    variant
}

/// A file of shared types.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) types: Vec<Type>,
    pub(crate) allow: Vec<Allow>,
}

/// Reads a file of shared types: nothing but `[types.NAME]` and `[[allow]]`.
pub(crate) fn read_file(table: &Table, sink: &mut Sink) -> File {
    let mut reader = TableReader::of_file(table, "the file of shared types", sink);
    let file = File { types: read_all(&mut reader), allow: allow::read_all(&mut reader) };
    reader.report_missing("types");
    reader.finish();
    file
}
