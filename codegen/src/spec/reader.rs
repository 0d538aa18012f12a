//! Reads the keys of one table and reports every one that was not asked for.

use std::collections::BTreeSet;

use super::tree::{Table, Value, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, all_of, nearest, quote, suggest};
use crate::model::Number;

/// One table, while it is read. Every method that takes a key marks it as known; [`TableReader::finish`] reports the
/// rest, so the accepted keys are listed nowhere twice.
#[derive(Debug)]
pub(crate) struct TableReader<'a> {
    table: &'a Table,
    /// What the table is, for messages, e.g. ``field `JobId` ``.
    what: String,
    asked: Vec<&'static str>,
    /// Whether nothing is to be reported as missing.
    forgiving: bool,
    sink: &'a mut Sink,
}

impl<'a> TableReader<'a> {
    pub(crate) fn new(table: &'a Table, what: impl Into<String>, sink: &'a mut Sink) -> Self {
        Self { table, what: what.into(), asked: Vec::new(), forgiving: false, sink }
    }

    /// Reads a whole file. That it is empty is one problem, and not one for each key.
    pub(crate) fn of_file(table: &'a Table, what: impl Into<String>, sink: &'a mut Sink) -> Self {
        let mut reader = Self::new(table, what, sink);
        if table.entries.is_empty() {
            reader.forgiving = true;
            reader.sink.error("missing-key", table.span, "the file is empty").help("write it, or remove the file");
        }
        reader
    }

    /// Says that nothing is to be reported as missing, for it was reported already.
    pub(crate) fn forgive_missing(&mut self) {
        self.forgiving = true;
    }

    /// Whether a key is one that the table may have, as far as it is read.
    pub(crate) fn has_asked(&self, key: &str) -> bool {
        self.asked.contains(&key)
    }

    /// Where diagnostics go.
    pub(crate) fn sink(&mut self) -> &mut Sink {
        self.sink
    }

    /// Any value.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.asked.push(key);
        self.table.get(key)
    }

    pub(crate) fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let value = self.value(key)?;
        self.text_of(value, &quote(key), "a text")
    }

    /// A text that must be there and hold something.
    pub(crate) fn needed_string(&mut self, key: &'static str) -> Spanned<String> {
        match self.string(key) {
            Some(text) => text,
            None => {
                self.report_missing(key);
                // Where something was reported, so that nothing is said about the text being empty.
                let misspelt = self.misspelt(key).map(|name| name.span);
                let span = self.table.get(key).map(|value| value.span).or(misspelt).unwrap_or(self.table.span);
                Spanned { value: String::new(), span }
            }
        }
    }

    /// A list of texts; one text is no list.
    pub(crate) fn strings(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let value = self.value(key)?;
        let items = self.array_of(value, key, "a list of texts")?;
        let texts = items.iter().filter_map(|item| self.text_of(item, &format!("an item of {}", quote(key)), "a text"));
        Some(Spanned { value: texts.collect(), span: value.span })
    }

    pub(crate) fn values(&mut self, key: &'static str) -> Option<Spanned<Vec<Value>>> {
        let value = self.value(key)?;
        let items = self.array_of(value, key, "a list")?;
        Some(Spanned { value: items.to_vec(), span: value.span })
    }

    pub(crate) fn bool(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let value = self.value(key)?;
        match value.kind {
            ValueKind::Bool(truth) => Some(Spanned { value: truth, span: value.span }),
            _ => {
                self.wrong_type(&quote(key), "`true` or `false`", value);
                None
            }
        }
    }

    /// A key that is only ever `true`.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<Span> {
        let truth = self.bool(key)?;
        if !truth.value {
            let message = format!("{} is `true` or left out", quote(key));
            self.sink.error("useless-false", truth.span, message).help("remove the key");
            return None;
        }
        Some(truth.span)
    }

    pub(crate) fn integer(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        let value = self.value(key)?;
        match value.kind {
            ValueKind::Integer(number) => Some(Spanned { value: number, span: value.span }),
            _ => {
                self.wrong_type(&quote(key), "a whole number", value);
                None
            }
        }
    }

    /// A number of things.
    pub(crate) fn count(&mut self, key: &'static str) -> Option<Spanned<u64>> {
        let number = self.integer(key)?;
        match u64::try_from(number.value) {
            Ok(value) => Some(Spanned { value, span: number.span }),
            Err(_) => {
                let message = format!("{} is {}, which is no number of things", quote(key), number.value);
                self.sink.error("bad-number", number.span, message).help("write 0 or more");
                None
            }
        }
    }

    pub(crate) fn number(&mut self, key: &'static str) -> Option<Spanned<Number>> {
        let value = self.value(key)?;
        let number = match value.kind {
            ValueKind::Integer(number) => Number::Integer(number.into()),
            ValueKind::Float(number) => Number::Float(number),
            _ => {
                self.wrong_type(&quote(key), "a number", value);
                return None;
            }
        };
        Some(Spanned { value: number, span: value.span })
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let text = self.string(key)?;
        match words.iter().find(|(word, _)| *word == text.value) {
            Some((_, value)) => Some(Spanned { value: *value, span: text.span }),
            None => {
                self.unknown_word(&quote(key), &text, words.iter().map(|(word, _)| *word));
                None
            }
        }
    }

    /// One of a few words that must be there.
    pub(crate) fn needed_word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        if self.table.get(key).is_none() {
            self.asked.push(key);
            self.missing(key, &format!("; it is one of {}", all_of(words.iter().map(|(word, _)| *word))));
            return None;
        }
        self.word(key, words)
    }

    pub(crate) fn unknown_word(
        &mut self,
        what: &str,
        text: &Spanned<String>,
        words: impl IntoIterator<Item = &'static str>,
    ) {
        let words: Vec<&str> = words.into_iter().collect();
        let near = nearest(&text.value, words.iter().copied()).map(|word| format!("did you mean {}? ", quote(word)));
        let message = format!("{what} of {} is {}, which is not one of its words", self.what, quote(&text.value));
        let help = format!("{}the words are {}", near.unwrap_or_default(), all_of(words));
        self.sink.error("unknown-word", text.span, message).help(help);
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        let value = self.value(key)?;
        match &value.kind {
            ValueKind::Table(table) => Some(table),
            _ => {
                self.wrong_type(&quote(key), "a table", value);
                None
            }
        }
    }

    /// The named tables under a key: `[key.NAME]`.
    pub(crate) fn named_tables(&mut self, key: &'static str) -> Vec<(&'a Spanned<String>, &'a Table)> {
        let Some(parent) = self.table(key).or_else(|| self.misspelt_table(key)) else { return Vec::new() };
        let mut tables = Vec::new();
        for (name, value) in &parent.entries {
            match &value.kind {
                ValueKind::Table(table) => tables.push((name, table)),
                _ => self.wrong_type(&quote(&format!("{key}.{}", name.value)), "a table", value),
            }
        }
        tables
    }

    /// The tables of a list: `[[key]]`.
    pub(crate) fn listed_tables(&mut self, key: &'static str) -> Vec<&'a Table> {
        let Some(value) = self.value(key) else { return Vec::new() };
        if let ValueKind::Table(table) = &value.kind {
            // The braces of `when = {…}` or the header `[rules]`.
            let inline = table.is_inline;
            let help = match inline {
                true => format!("write it in brackets: `{key} = [{{ … }}]`"),
                false => format!("write `[[{key}]]`, in two brackets, above each of them"),
            };
            let message = format!("{} of {} is one table, not a list of tables", quote(key), self.what);
            self.sink.error("wrong-value-type", value.span, message).help(help);
            return Vec::new();
        }
        let Some(items) = self.array_of(value, key, "a list of tables") else { return Vec::new() };
        let mut tables = Vec::new();
        for item in items {
            match &item.kind {
                ValueKind::Table(table) => tables.push(table),
                _ => self.wrong_type(&format!("an item of {}", quote(key)), "a table", item),
            }
        }
        tables
    }

    /// One table, or several of a list: `[key]` or `[[key]]`.
    pub(crate) fn one_or_listed_tables(&mut self, key: &'static str) -> Vec<&'a Table> {
        match self.table.get(key).map(|value| &value.kind) {
            Some(ValueKind::Array(_)) => self.listed_tables(key),
            _ => self.table(key).into_iter().collect(),
        }
    }

    fn array_of(&mut self, value: &'a Value, key: &str, expected: &str) -> Option<&'a [Value]> {
        match &value.kind {
            ValueKind::Array(items) => Some(items),
            _ => {
                self.wrong_type(&quote(key), expected, value);
                None
            }
        }
    }

    fn text_of(&mut self, value: &Value, what: &str, expected: &str) -> Option<Spanned<String>> {
        match &value.kind {
            ValueKind::String(text) => Some(Spanned { value: text.clone(), span: value.span }),
            _ => {
                self.wrong_type(what, expected, value);
                None
            }
        }
    }

    pub(crate) fn wrong_type(&mut self, what: &str, expected: &str, value: &Value) {
        if matches!(value.kind, ValueKind::Other) && !self.sink_is_silent_about(value) {
            return;
        }
        let message = format!("{what} of {} is {}, not {expected}", self.what, value.describe());
        self.sink.error("wrong-value-type", value.span, message).maybe_help(wrong_type_help(expected, value));
    }

    /// Whether nothing was said yet about a value of no kind: a date has not been reported, a bad number has.
    fn sink_is_silent_about(&self, value: &Value) -> bool {
        !self.sink.has_error_at(value.span)
    }

    /// Reports that a needed key is not there; nothing where it is there and was reported as wrong.
    pub(crate) fn report_missing(&mut self, key: &'static str) {
        if self.table.get(key).is_none() {
            self.missing(key, "");
        }
    }

    /// Whether a needed key is not there, also not written a little differently.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        self.table.get(key).is_none() && !self.forgiving && !self.is_misspelt(key)
    }

    fn is_misspelt(&self, key: &str) -> bool {
        self.misspelt(key).is_some_and(|name| !self.asked.contains(&name.value.as_str()))
    }

    /// The key that was most likely meant as another one. It is reported as unknown, so the other is not missing.
    fn misspelt(&self, key: &str) -> Option<&'a Spanned<String>> {
        let names = self.table.entries.iter().map(|(name, _)| name);
        names.filter(|name| name.value != key && nearest(&name.value, [key]).is_some()).min_by_key(|name| name.span)
    }

    /// The table of a key that is written a little differently: what stands in it is no further problem.
    pub(crate) fn misspelt_table(&self, key: &str) -> Option<&'a Table> {
        let name = self.misspelt(key).filter(|name| !self.asked.contains(&name.value.as_str()))?;
        match self.table.get(&name.value).map(|value| &value.kind) {
            Some(ValueKind::Table(table)) if self.table.get(key).is_none() => Some(table),
            _ => None,
        }
    }

    fn missing(&mut self, key: &str, more: &str) {
        if self.forgiving || self.is_misspelt(key) {
            return;
        }
        let message = format!("{} has no {}", self.what, quote(key));
        self.sink.error("missing-key", self.table.span, message).help(format!("add {}{more}", quote(key)));
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self) {
        self.finish_except(|_, _| None, &[]);
    }

    /// The same, where some keys have a help of their own, and others were reported already.
    pub(crate) fn finish_except(self, help_for: impl Fn(&str, &Value) -> Option<String>, reported: &[Span]) {
        let accepted: BTreeSet<&str> = self.asked.iter().copied().collect();
        for (key, value) in &self.table.entries {
            if accepted.contains(key.value.as_str()) || reported.contains(&key.span) {
                continue;
            }
            let message = format!("{} has no key {}", self.what, quote(&key.value));
            let near = suggest(&key.value, "keys", accepted.iter().copied());
            let list = format!("the keys are {}", all_of(accepted.iter().copied()));
            let help = match near {
                _ if help_for(&key.value, value).is_some() => help_for(&key.value, value).unwrap_or_default(),
                Some(near) if near.starts_with("did") => format!("{near} {list}"),
                _ => list,
            };
            self.sink.error("unknown-key", key.span, message).help(help);
        }
    }
}

fn wrong_type_help(expected: &str, value: &Value) -> Option<String> {
    match (&value.kind, expected) {
        (ValueKind::String(text), "a whole number") if text.parse::<i64>().is_ok() => without_quotes(text),
        (ValueKind::String(text), "a number") if is_number(text) => without_quotes(text),
        (_, "a whole number" | "a number") => Some("write a number, e.g. `10`".to_owned()),
        (ValueKind::String(text), "`true` or `false`") => match text.to_ascii_lowercase().as_str() {
            "false" | "no" | "n" | "off" | "0" => Some("remove the key: that is `false`".to_owned()),
            _ => Some("write `true`, without quotes".to_owned()),
        },
        (ValueKind::Integer(0), "`true` or `false`") => Some("remove the key: that is `false`".to_owned()),
        (_, "`true` or `false`") => Some("write `true`, or remove the key".to_owned()),
        (ValueKind::String(_), "a list of texts") => Some("write it in brackets: `[\"…\"]`".to_owned()),
        (ValueKind::Bool(_), "a text") => Some("write a text, in quotes: `\"…\"`".to_owned()),
        (ValueKind::Integer(number), "a text") => Some(format!("write it in quotes: `\"{number}\"`")),
        _ => None,
    }
}

fn without_quotes(text: &str) -> Option<String> {
    Some(format!("write it without quotes: `{text}`"))
}

/// Whether a text is a number as TOML writes it.
pub(crate) fn is_number(text: &str) -> bool {
    let digits =
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.ends_with(|c: char| c.is_ascii_digit());
    digits && text.parse::<f64>().is_ok_and(f64::is_finite)
}
