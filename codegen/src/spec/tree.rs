//! TOML text as a tree in which everything has its place.

use toml::de::{DeTable, DeValue};

use super::depth;
use crate::diagnostic::{Sink, Span, Spanned, quote};

/// How deep values may nest; no spec needs a third of it.
const DEEPEST: usize = 32;
/// The most bytes a file may have; the longest spec has a hundredth.
const MOST_BYTES: usize = 4 << 20;
const BOM: &str = "\u{feff}";

/// A table, in the order of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The header, the key or the braces.
    pub(crate) span: Span,
    pub(crate) entries: Vec<(Spanned<String>, Value)>,
    /// Whether it stands in braces.
    pub(crate) is_inline: bool,
}

impl Table {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) span: Span,
    pub(crate) kind: ValueKind,
}

/// What kind of value.
#[derive(Debug, Clone)]
pub(crate) enum ValueKind {
    String(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Array(Vec<Value>),
    Table(Table),
    /// A date, or a number that was reported already.
    Other,
}

impl Value {
    /// The kind in the words of a message.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            ValueKind::String(_) => "a text",
            ValueKind::Integer(_) => "a whole number",
            ValueKind::Float(_) => "a fraction",
            ValueKind::Bool(_) => "`true` or `false`",
            ValueKind::Array(_) => "a list",
            ValueKind::Table(_) => "a table",
            ValueKind::Other => "a date",
        }
    }
}

/// Reads a file as far as it goes and reports what is no TOML.
pub(crate) fn read(file: usize, text: &str, sink: &mut Sink) -> Table {
    let (text, cut) = match text.strip_prefix(BOM) {
        Some(rest) => (rest, BOM.len()),
        None => (text, 0),
    };
    let mut reader = Reader { file, cut, text, sink };
    let root = Table { span: reader.span(0..0), ..Table::default() };
    if let Some(at) = text.find(char::REPLACEMENT_CHARACTER) {
        let is_utf16 = text.starts_with(char::REPLACEMENT_CHARACTER) && text.contains('\0');
        let span = reader.span(at..at + char::REPLACEMENT_CHARACTER.len_utf8());
        let message = format!("the file is no UTF-8 at byte {}", span.start);
        let help = match is_utf16 {
            true => "it looks like UTF-16; save it as UTF-8",
            false => "save it as UTF-8; a U+FFFD in it stands for what could not be read elsewhere",
        };
        reader.sink.error("not-utf8", span, message).help(help);
        return root;
    }
    if text.len() > MOST_BYTES {
        reader.sink.error("toml-too-large", root.span, format!("the file has more than {MOST_BYTES} bytes"));
        return root;
    }
    if let Some(at) = depth::too_deep(text) {
        let span = reader.span(at..at + 1);
        let message = format!("this key has more than {} parts", depth::MOST_PARTS);
        reader.sink.error("toml-too-deep", span, message);
        return root;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        reader.syntax_error(error);
    }
    Table { entries: reader.entries(table.into_inner(), 0), ..root }
}

struct Reader<'a> {
    file: usize,
    cut: usize,
    text: &'a str,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span { file: self.file, start: range.start + self.cut, end: range.end + self.cut }
    }

    fn syntax_error(&mut self, error: &toml::de::Error) {
        let range = error.span().unwrap_or(self.text.len()..self.text.len());
        let span = self.span(range.clone());
        if error.message() == "duplicate key" {
            let name = self.text.get(range.clone()).unwrap_or_default();
            if is_list_header(self.text, range.start) {
                // One `[rules]` is no list of rules: that is reported once, where the first is read.
                return;
            }
            let first = first_mention(self.text, range.start).map(|range| self.span(range));
            if first.is_none()
                && section(self.text, range.start).is_some_and(|header| first_mention(self.text, header).is_some())
            {
                // The table is written twice, which is reported; so are of course its keys.
                return;
            }
            let draft = self.sink.error("duplicate-key", span, format!("{} is written twice", quote(name)));
            if let Some(first) = first {
                draft.label(first, "first written here");
            }
            if name == "paging" {
                draft.help("write `[[paging]]`, in two brackets, above each of several");
            }
        } else {
            let draft = self.sink.error("toml-syntax", span, format!("this is no TOML: {}", error.message()));
            let before = self.text.get(..range.start).unwrap_or_default();
            if error.message().contains("escape") || before.ends_with('\\') {
                draft.help("in single quotes a `\\` is itself: `'\\d+'`");
            }
        }
    }

    fn entries(&mut self, table: DeTable<'_>, depth: usize) -> Vec<(Spanned<String>, Value)> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let span = self.span(key.span());
            let value = self.value(value, depth + 1);
            entries.push((Spanned { value: key.into_inner().into_owned(), span }, value));
        }
        // A table that is written after its children stands where it is mentioned first.
        entries.sort_by_key(|(key, _)| key.span);
        entries
    }

    fn value(&mut self, value: toml::Spanned<DeValue<'_>>, depth: usize) -> Value {
        let span = self.span(value.span());
        if depth > DEEPEST {
            self.sink.error("toml-too-deep", span, format!("values nest deeper than {DEEPEST} levels"));
            return Value { span, kind: ValueKind::Other };
        }
        let kind = match value.into_inner() {
            DeValue::String(text) => ValueKind::String(text.into_owned()),
            DeValue::Integer(number) => self.integer(&number, span),
            DeValue::Float(number) => self.float(number.as_str(), span),
            DeValue::Boolean(truth) => ValueKind::Bool(truth),
            DeValue::Datetime(_) => ValueKind::Other,
            DeValue::Array(items) => {
                ValueKind::Array(items.into_iter().map(|item| self.value(item, depth + 1)).collect())
            }
            DeValue::Table(table) => {
                let is_inline = self.text.get(span.start - self.cut..).is_some_and(|text| text.starts_with('{'));
                ValueKind::Table(Table { span, entries: self.entries(table, depth), is_inline })
            }
        };
        Value { span, kind }
    }

    fn integer(&mut self, number: &toml::de::DeInteger<'_>, span: Span) -> ValueKind {
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => ValueKind::Integer(number),
            Err(_) => {
                let message = format!("{} does not fit a TOML integer of 64 bits", quote(number.as_str()));
                self.sink.error("bad-number", span, message);
                ValueKind::Other
            }
        }
    }

    fn float(&mut self, number: &str, span: Span) -> ValueKind {
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => ValueKind::Float(number),
            _ => {
                self.sink.error("bad-number", span, format!("{} is no finite number", quote(number)));
                ValueKind::Other
            }
        }
    }
}

/// Whether an offset stands in the header of a list of tables that is written as one table, e.g. `[rules]`, or in such
/// a table that is written twice.
fn is_list_header(text: &str, at: usize) -> bool {
    let line = |at: usize| {
        let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
        text.get(start..)?.lines().next()
    };
    let listed = |line: &str| {
        let Some(name) = line.trim().strip_prefix('[').filter(|name| !name.starts_with('[')) else { return false };
        let name = name.split('#').next().unwrap_or_default().trim().trim_end_matches(']').trim();
        matches!(name, "rules" | "allow" | "create" | "read" | "list" | "update" | "delete")
            || name.starts_with("types.") && name.ends_with(".rules")
    };
    let header = section(text, at);
    line(at).is_some_and(listed)
        || header.and_then(line).is_some_and(listed)
            && header.is_some_and(|header| first_mention(text, header).is_some())
}

/// The header of the table that an offset stands in.
fn section(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let line = before.rfind('\n')?;
    let header = before.get(..line)?.rfind("\n[").map(|newline| newline + 1);
    header.or_else(|| before.starts_with('[').then_some(0))
}

/// Where the key or table at an offset was written before: the reader's error does not tell.
fn first_mention(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.lines().next()?;
    let header = line.trim_start().starts_with('[');
    let name = if header { line.split('#').next()?.trim() } else { line.split('=').next()?.trim() };
    let mut end = start;
    while let Some(newline) = end.checked_sub(1) {
        let start = text.get(..newline)?.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(start..newline)?;
        let indent = line.len() - line.trim_start().len();
        let rest = line.trim_start();
        if header && rest.split('#').next()?.trim() == name
            || !header && rest.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
        {
            return Some(start + indent..start + indent + name.len());
        }
        if !header && rest.starts_with('[') {
            return None;
        }
        end = start;
    }
    None
}
