//! Writing: from the fields of a record to text.

use std::fmt::{self, Write as _};

use super::scalar::WriteValue;
use crate::sign::percent::encode_into;
use crate::unknown::Notation;

/// A record that writes its fields one by one.
pub trait Write {
    /// Writes the fields.
    fn write(&self, out: &mut Fields<'_>);

    /// The list that stands in place of the whole record, where there is one.
    fn bare(&self) -> Option<&dyn WriteValue> {
        None
    }
}

/// Where the fields of a record go.
#[derive(Debug)]
pub struct Fields<'w> {
    sink: Sink<'w>,
    first: bool,
}

#[derive(Debug)]
enum Sink<'w> {
    Json(&'w mut String),
    Xml(&'w mut XmlText),
    /// `name=value` joined with `&`, percent-encoded as signatures have it.
    Query(&'w mut String),
    /// The same with `+` for a space.
    Form(&'w mut String),
    Pairs(&'w mut Vec<(String, String)>),
}

/// XML text under way.
#[derive(Debug, Default)]
pub(super) struct XmlText {
    text: String,
    /// A character of the request that XML can't hold in any way.
    unrepresentable: Option<char>,
}

impl Sink<'_> {
    fn reborrow(&mut self) -> Sink<'_> {
        match self {
            Sink::Json(out) => Sink::Json(out),
            Sink::Xml(out) => Sink::Xml(out),
            Sink::Query(out) => Sink::Query(out),
            Sink::Form(out) => Sink::Form(out),
            Sink::Pairs(out) => Sink::Pairs(out),
        }
    }
}

/// Writes the body of a JSON request: an object.
pub(crate) fn json_object(write: &dyn Fn(&mut Fields<'_>)) -> String {
    let mut out = String::with_capacity(256);
    out.push('{');
    write(&mut Fields { sink: Sink::Json(&mut out), first: true });
    out.push('}');
    out
}

/// Writes a JSON body: an object, or the list that stands in its place.
#[cfg(feature = "server")]
pub(crate) fn json_body(record: &dyn Write) -> String {
    match record.bare() {
        None => json_object(&|out| record.write(out)),
        Some(list) => {
            let mut out = String::new();
            list.write(Slot { sink: Sink::Json(&mut out), name: "" });
            out
        }
    }
}

/// Writes the body of an XML request, or names the character that it can't hold.
pub(crate) fn xml_element(root: &str, write: &dyn Fn(&mut Fields<'_>)) -> Result<String, char> {
    let mut out = XmlText { text: String::with_capacity(512), unrepresentable: None };
    out.start(root);
    write(&mut Fields { sink: Sink::Xml(&mut out), first: true });
    out.end(root);
    match out.unrepresentable {
        None => Ok(out.text),
        Some(character) => Err(character),
    }
}

/// A text as it stands inside an XML element, or the character that XML can't hold.
#[cfg(feature = "testing")]
pub(crate) fn xml_text(text: &str) -> Result<String, char> {
    let mut out = XmlText::default();
    out.escaped(text);
    out.unrepresentable.map_or(Ok(out.text), Err)
}

/// Writes a query, or form fields.
pub(crate) fn query(form: bool, write: &dyn Fn(&mut Fields<'_>)) -> String {
    let mut out = String::new();
    let sink = if form { Sink::Form(&mut out) } else { Sink::Query(&mut out) };
    write(&mut Fields { sink, first: true });
    out
}

/// Collects names and values as they are.
pub(crate) fn pairs(write: &dyn Fn(&mut Fields<'_>)) -> Vec<(String, String)> {
    let mut out = Vec::new();
    write(&mut Fields { sink: Sink::Pairs(&mut out), first: true });
    out
}

impl Fields<'_> {
    /// Writes a field, unless it is absent.
    pub fn field<T: WriteValue + ?Sized>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            self.always(name, value);
        }
    }

    /// Writes a field even where it is an empty list.
    pub fn always<T: WriteValue + ?Sized>(&mut self, name: &'static str, value: &T) {
        let slot = self.slot(name);
        value.write(slot);
    }

    fn slot(&mut self, name: &'static str) -> Slot<'_> {
        if let Sink::Json(out) = &mut self.sink {
            if !self.first {
                out.push(',');
            }
            self.first = false;
            json_string(out, name);
            out.push(':');
        }
        Slot { sink: self.sink.reborrow(), name }
    }

    /// Writes a list as one text with commas.
    pub fn comma<T: WriteValue>(&mut self, name: &'static str, items: &[T]) {
        if items.is_empty() {
            return;
        }
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&plain_text(item));
        }
        self.slot(name).text(&text);
    }

    /// Writes a value as JSON inside one text.
    pub fn json<T: WriteValue>(&mut self, name: &'static str, value: &T) {
        if value.is_absent() {
            return;
        }
        let mut text = String::new();
        value.write(Slot { sink: Sink::Json(&mut text), name });
        self.slot(name).text(&text);
    }

    /// Writes a number or a truth value as a text, unless it is absent.
    pub fn as_text<T: WriteValue>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            let text = plain_text(value);
            self.slot(name).text(&text);
        }
    }

    /// Writes a list as `Name.1=a&Name.2=b`.
    pub fn numbered<T: WriteValue>(&mut self, name: &'static str, items: &[T]) {
        for (index, item) in items.iter().enumerate() {
            let text = plain_text(item);
            match &mut self.sink {
                Sink::Query(out) | Sink::Form(out) => {
                    separate(out);
                    encode_into(out, name);
                    let _ = write!(out, ".{}=", index + 1);
                }
                _ => return,
            }
            match &mut self.sink {
                Sink::Query(out) => encode_into(out, &text),
                Sink::Form(out) => form_encode_into(out, &text),
                _ => {}
            }
        }
    }

    /// Writes a list inside one element, each item in an element of the inner name.
    pub fn wrapped<T: WriteValue>(&mut self, name: &'static str, inner: &'static str, items: &[T]) {
        if items.is_empty() {
            return;
        }
        match self.slot(name).sink {
            Sink::Xml(out) => {
                out.start(name);
                for item in items {
                    item.write(Slot { sink: Sink::Xml(out), name: inner });
                }
                out.end(name);
            }
            Sink::Json(out) => {
                out.push('{');
                json_string(out, inner);
                out.push(':');
                Slot { sink: Sink::Json(out), name: inner }.list(&mut items.iter().map(|item| item as &dyn WriteValue));
                out.push('}');
            }
            _ => {}
        }
    }

    /// Writes a member that is kept as raw text; in the other notation it is a text that holds the raw one.
    pub(crate) fn raw(&mut self, name: &str, raw: &str, notation: Notation) {
        match &mut self.sink {
            Sink::Json(out) => {
                if !self.first {
                    out.push(',');
                }
                self.first = false;
                json_string(out, name);
                out.push(':');
                match notation {
                    Notation::Json => out.push_str(raw),
                    Notation::Xml => json_string(out, raw),
                }
            }
            Sink::Xml(out) => {
                out.start(name);
                match notation {
                    Notation::Xml => out.text.push_str(raw),
                    Notation::Json => out.escaped(raw),
                }
                out.end(name);
            }
            _ => {}
        }
    }
}

/// A scalar as the text that a query would carry.
fn plain_text<T: WriteValue>(value: &T) -> String {
    let mut pairs = Vec::new();
    value.write(Slot { sink: Sink::Pairs(&mut pairs), name: "" });
    pairs.pop().map(|(_, text)| text).unwrap_or_default()
}

/// Where one value goes.
#[derive(Debug)]
pub struct Slot<'s> {
    sink: Sink<'s>,
    name: &'s str,
}

impl Slot<'_> {
    /// Writes a text.
    pub fn text(self, text: &str) {
        match self.sink {
            Sink::Json(out) => json_string(out, text),
            sink => Slot { sink, name: self.name }.plain(text),
        }
    }

    /// Writes `true` or `false`, or JSON text that is known to be well-formed.
    pub(crate) fn literal(self, literal: &str) {
        match self.sink {
            Sink::Json(out) => out.push_str(literal),
            sink => Slot { sink, name: self.name }.plain(literal),
        }
    }

    /// Writes a number.
    pub(crate) fn number(self, number: &dyn fmt::Display) {
        match self.sink {
            Sink::Json(out) => {
                let _ = write!(out, "{number}");
            }
            sink => Slot { sink, name: self.name }.plain(&number.to_string()),
        }
    }

    /// Writes text in a notation without types.
    fn plain(self, text: &str) {
        match self.sink {
            Sink::Json(_) => {}
            Sink::Xml(out) => {
                out.start(self.name);
                out.escaped(text);
                out.end(self.name);
            }
            Sink::Query(out) => {
                separate(out);
                encode_into(out, self.name);
                out.push('=');
                encode_into(out, text);
            }
            Sink::Form(out) => {
                separate(out);
                encode_into(out, self.name);
                out.push('=');
                form_encode_into(out, text);
            }
            Sink::Pairs(out) => out.push((self.name.to_owned(), text.to_owned())),
        }
    }

    /// Writes the fields of a record.
    pub(crate) fn record(self, record: &dyn Write) {
        self.object(&|fields| record.write(fields));
    }

    /// Writes a tag and the fields beside it.
    pub(crate) fn tagged(self, tag: &'static str, value: &str, record: &dyn Write) {
        self.object(&|fields| {
            fields.field(tag, value);
            record.write(fields);
        });
    }

    fn object(self, write: &dyn Fn(&mut Fields<'_>)) {
        match self.sink {
            Sink::Json(out) => {
                out.push('{');
                write(&mut Fields { sink: Sink::Json(out), first: true });
                out.push('}');
            }
            Sink::Xml(out) => {
                out.start(self.name);
                write(&mut Fields { sink: Sink::Xml(out), first: true });
                out.end(self.name);
            }
            // A checked spec has no record in a place that can't hold one.
            Sink::Query(_) | Sink::Form(_) | Sink::Pairs(_) => {}
        }
    }

    /// Writes the items of a list.
    pub(crate) fn list(self, items: &mut dyn Iterator<Item = &dyn WriteValue>) {
        match self.sink {
            Sink::Json(out) => {
                out.push('[');
                for (index, item) in items.enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(Slot { sink: Sink::Json(out), name: self.name });
                }
                out.push(']');
            }
            mut sink => {
                for item in items {
                    item.write(Slot { sink: sink.reborrow(), name: self.name });
                }
            }
        }
    }

    /// Writes the members of a map.
    pub(crate) fn map(self, members: &mut dyn Iterator<Item = (&str, &dyn WriteValue)>) {
        match self.sink {
            Sink::Json(out) => {
                out.push('{');
                for (index, (name, value)) in members.enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    json_string(out, name);
                    out.push(':');
                    value.write(Slot { sink: Sink::Json(out), name });
                }
                out.push('}');
            }
            Sink::Xml(out) => {
                out.start(self.name);
                for (name, value) in members {
                    value.write(Slot { sink: Sink::Xml(out), name });
                }
                out.end(self.name);
            }
            Sink::Query(_) | Sink::Form(_) | Sink::Pairs(_) => {}
        }
    }
}

impl XmlText {
    fn start(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    fn escaped(&mut self, text: &str) {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let escape = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                // A reader turns a carriage return into a line feed unless it is written so.
                '\r' => "&#13;",
                '\t' | '\n' => continue,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    self.unrepresentable.get_or_insert(character);
                    continue;
                }
                _ => continue,
            };
            self.text.push_str(&text[plain..at]);
            self.text.push_str(escape);
            plain = at + character.len_utf8();
        }
        self.text.push_str(&text[plain..]);
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push('&');
    }
}

fn form_encode_into(out: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        encode_into(out, word);
    }
}

/// Writes a JSON string.
pub(crate) fn json_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
