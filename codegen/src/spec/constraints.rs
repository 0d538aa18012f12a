//! The constraints of a field, an item, a setting or a rule.

use super::reader::TableReader;
use super::tree::{Value, ValueKind};
use crate::diagnostic::{Span, Spanned, quote};
use crate::model::Number;

/// What a value must satisfy, as the spec says it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Constraints {
    pub(crate) min: Option<Spanned<Number>>,
    pub(crate) max: Option<Spanned<Number>>,
    pub(crate) above: Option<Spanned<Number>>,
    pub(crate) below: Option<Spanned<Number>>,
    pub(crate) multiple_of: Option<Spanned<i64>>,
    pub(crate) values: Option<Spanned<Vec<Listed>>>,
    pub(crate) min_chars: Option<Spanned<u64>>,
    pub(crate) max_chars: Option<Spanned<u64>>,
    pub(crate) max_bytes: Option<Spanned<u64>>,
    pub(crate) chars: Option<Spanned<String>>,
    pub(crate) first_chars: Option<Spanned<String>>,
    pub(crate) last_chars: Option<Spanned<String>>,
    pub(crate) contains: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) excludes: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) starts_with: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) pattern: Option<Spanned<String>>,
    pub(crate) predicate: Option<Spanned<String>>,
    pub(crate) min_items: Option<Spanned<u64>>,
    pub(crate) max_items: Option<Spanned<u64>>,
    pub(crate) unique: Option<Span>,
}

/// One of the only values allowed.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) value: Value,
    /// What it means; then the value is the name of a key, and so a text.
    pub(crate) doc: Option<Spanned<String>>,
}

/// `values = [0, 1]`, or `values = { 0 = "what it means", 1 = "what it means" }`.
fn read_values(reader: &mut TableReader<'_>) -> Option<Spanned<Vec<Listed>>> {
    let Some(Value { kind: ValueKind::Table(table), span }) = reader.value("values") else {
        let list = reader.values("values")?;
        let value = list.value.into_iter().map(|value| Listed { value, doc: None });
        return Some(Spanned { value: value.collect(), span: list.span });
    };
    let mut listed = Vec::new();
    for (name, meaning) in &table.entries {
        match &meaning.kind {
            ValueKind::String(doc) => listed.push(Listed {
                value: Value { span: name.span, kind: ValueKind::String(name.value.clone()) },
                doc: Some(Spanned { value: doc.clone(), span: meaning.span }),
            }),
            _ => reader.wrong_type(&format!("{} in `values`", quote(&name.value)), "what it means, as a text", meaning),
        }
    }
    Some(Spanned { value: listed, span: *span })
}

impl Constraints {
    /// Asks a table for every key of a constraint.
    pub(crate) fn read(reader: &mut TableReader<'_>) -> Self {
        Self {
            min: reader.number("min"),
            max: reader.number("max"),
            above: reader.number("above"),
            below: reader.number("below"),
            multiple_of: reader.integer("multiple-of"),
            values: read_values(reader),
            min_chars: reader.count("min-chars"),
            max_chars: reader.count("max-chars"),
            max_bytes: reader.count("max-bytes"),
            chars: reader.string("chars"),
            first_chars: reader.string("first-chars"),
            last_chars: reader.string("last-chars"),
            contains: reader.strings("contains"),
            excludes: reader.strings("excludes"),
            starts_with: reader.strings("starts-with"),
            pattern: reader.string("pattern"),
            predicate: reader.string("predicate"),
            min_items: reader.count("min-items"),
            max_items: reader.count("max-items"),
            unique: reader.flag("unique"),
        }
    }

    /// Takes over the keys that are not given. An end of a range goes in place of the other kind of the same end.
    pub(crate) fn take_over(&mut self, other: Self) {
        if self.min.is_none() && self.above.is_none() {
            (self.min, self.above) = (other.min, other.above);
        }
        if self.max.is_none() && self.below.is_none() {
            (self.max, self.below) = (other.max, other.below);
        }
        self.multiple_of = self.multiple_of.take().or(other.multiple_of);
        self.values = self.values.take().or(other.values);
        self.min_chars = self.min_chars.take().or(other.min_chars);
        self.max_chars = self.max_chars.take().or(other.max_chars);
        self.max_bytes = self.max_bytes.take().or(other.max_bytes);
        self.chars = self.chars.take().or(other.chars);
        self.first_chars = self.first_chars.take().or(other.first_chars);
        self.last_chars = self.last_chars.take().or(other.last_chars);
        self.contains = self.contains.take().or(other.contains);
        self.excludes = self.excludes.take().or(other.excludes);
        self.starts_with = self.starts_with.take().or(other.starts_with);
        self.pattern = self.pattern.take().or(other.pattern);
        self.predicate = self.predicate.take().or(other.predicate);
        self.min_items = self.min_items.take().or(other.min_items);
        self.max_items = self.max_items.take().or(other.max_items);
        self.unique = self.unique.or(other.unique);
    }

    /// Every key that is given, with the place of its value.
    pub(crate) fn keys(&self) -> Vec<(&'static str, Span)> {
        let keys = [
            ("min", self.min.as_ref().map(|s| s.span)),
            ("max", self.max.as_ref().map(|s| s.span)),
            ("above", self.above.as_ref().map(|s| s.span)),
            ("below", self.below.as_ref().map(|s| s.span)),
            ("multiple-of", self.multiple_of.as_ref().map(|s| s.span)),
            ("values", self.values.as_ref().map(|s| s.span)),
            ("min-chars", self.min_chars.as_ref().map(|s| s.span)),
            ("max-chars", self.max_chars.as_ref().map(|s| s.span)),
            ("max-bytes", self.max_bytes.as_ref().map(|s| s.span)),
            ("chars", self.chars.as_ref().map(|s| s.span)),
            ("first-chars", self.first_chars.as_ref().map(|s| s.span)),
            ("last-chars", self.last_chars.as_ref().map(|s| s.span)),
            ("contains", self.contains.as_ref().map(|s| s.span)),
            ("excludes", self.excludes.as_ref().map(|s| s.span)),
            ("starts-with", self.starts_with.as_ref().map(|s| s.span)),
            ("pattern", self.pattern.as_ref().map(|s| s.span)),
            ("predicate", self.predicate.as_ref().map(|s| s.span)),
            ("min-items", self.min_items.as_ref().map(|s| s.span)),
            ("max-items", self.max_items.as_ref().map(|s| s.span)),
            ("unique", self.unique),
        ];
        keys.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
    }
}
