//! One value in front of a reader, whatever the notation.

use std::borrow::Cow;
use std::cell::Cell;

use super::limits::Limits;
use super::read::{Read, ReadError, ReadResult, has_member, read_json_record};
use super::scalar::ReadValue;
use super::write::json_string;
use super::{JsonKind, JsonReader, XmlReader};
use crate::unknown::Notation;

/// One value in front of a reader. Every method uses it up.
#[derive(Debug)]
pub struct Value<'r, 'a> {
    source: Source<'r, 'a>,
    seen: Option<&'r Cell<u64>>,
}

#[derive(Debug)]
enum Source<'r, 'a> {
    Json(&'r mut JsonReader<'a>),
    Xml {
        reader: &'r mut XmlReader<'a>,
        closed: bool,
    },
    /// A query parameter, a header, an item of a comma list.
    Text(&'r str),
}

impl<'r, 'a> Value<'r, 'a> {
    pub(crate) fn from_json(reader: &'r mut JsonReader<'a>, seen: &'r Cell<u64>) -> Self {
        Self { source: Source::Json(reader), seen: Some(seen) }
    }

    pub(crate) fn from_xml(reader: &'r mut XmlReader<'a>, closed: bool, seen: &'r Cell<u64>) -> Self {
        Self { source: Source::Xml { reader, closed }, seen: Some(seen) }
    }

    /// A value that is a text, such as a query parameter.
    pub fn text(text: &'r str) -> Self {
        Self { source: Source::Text(text), seen: None }
    }

    /// A text that counts as a required field.
    #[cfg(feature = "server")]
    pub(crate) fn field_text(text: &'r str, seen: &'r Cell<u64>) -> Self {
        Self { source: Source::Text(text), seen: Some(seen) }
    }

    /// Reads it into a place of any type that can be read.
    pub fn read<T: ReadValue>(self, place: &mut T) -> ReadResult {
        place.read(self)
    }

    /// Marks the record's required field of this index as there, unless the value is null or empty.
    #[must_use]
    pub fn required(mut self, index: usize) -> Self {
        if !self.is_empty() && !self.is_null() {
            self.mark(index);
        }
        self
    }

    /// Marks the record's required field of this index as there, unless the value is null: it may be empty.
    #[must_use]
    pub fn given(mut self, index: usize) -> Self {
        if !self.is_null() {
            self.mark(index);
        }
        self
    }

    fn mark(&self, index: usize) {
        if let Some(seen) = self.seen {
            seen.set(seen.get() | 1u64.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0));
        }
    }

    /// The same for a record: in a request one without members is there.
    #[must_use]
    pub fn required_record(self, index: usize) -> Self {
        if self.of_request() { self.given(index) } else { self.required(index) }
    }

    /// Moves over it.
    pub fn skip(self) -> ReadResult {
        match self.source {
            Source::Json(reader) => Ok(reader.skip()?),
            Source::Xml { reader, closed } => Ok(reader.skip(closed)?),
            Source::Text(_) => Ok(()),
        }
    }

    /// Expects a fixed text.
    pub fn constant(self, expected: &str) -> ReadResult {
        match self.scalar()? {
            Some(found) if found == expected => Ok(()),
            Some(found) => Err(ReadError::new(format!("expected {expected:?}, found {:?}", shorten(&found)))),
            None => Err(ReadError::new(format!("expected {expected:?}, found nothing"))),
        }
    }

    /// Hands a text that is not empty to a function.
    #[doc(hidden)]
    pub fn word(self, take: &mut dyn FnMut(&str)) -> ReadResult {
        if let Some(text) = self.scalar()?.filter(|text| !text.is_empty()) {
            take(&text);
        }
        Ok(())
    }

    /// A text, number or truth value as text; none for null.
    pub(crate) fn scalar(self) -> Result<Option<Cow<'r, str>>, ReadError>
    where
        'a: 'r,
    {
        match self.source {
            Source::Json(reader) => {
                // Where there is one of something, some services write a list of one.
                if reader.of_request || reader.peek()? != JsonKind::Array {
                    return json_scalar(reader);
                }
                reader.open(b'[')?;
                if !reader.next(b']', true)? {
                    return Err(ReadError::new("expected one value, found a list of none"));
                }
                let only = json_scalar(reader)?;
                only_item(reader)?;
                Ok(only)
            }
            Source::Xml { reader, closed } => Ok(Some(reader.content(closed)?)),
            Source::Text(text) => Ok(Some(Cow::Borrowed(text))),
        }
    }

    /// Reads it as the fields of a record; false for null.
    pub(crate) fn record(self, record: &mut dyn Read) -> Result<bool, ReadError> {
        match self.source {
            Source::Json(reader) => match reader.peek()? {
                JsonKind::Null => {
                    reader.null()?;
                    Ok(false)
                }
                JsonKind::Object => read_json_record(reader, record).map(|()| true),
                JsonKind::Array if !reader.of_request => {
                    reader.open(b'[')?;
                    if !reader.next(b']', true)? {
                        return Ok(false);
                    }
                    let there = Value { source: Source::Json(reader), seen: None }.record(record)?;
                    only_item(reader)?;
                    Ok(there)
                }
                // An object that is empty is written as an empty text by some services.
                JsonKind::String if reader.at_empty_string() => {
                    reader.skip()?;
                    Ok(false)
                }
                kind => Err(ReadError::new(format!("expected an object, found {}", kind.name()))),
            },
            Source::Xml { reader, closed } => reader.record(closed, record).map(|()| true),
            Source::Text(_) => Err(ReadError::new("expected an object, found a text")),
        }
    }

    /// Hands every item to a function: of a list, or the value itself where it stands without one.
    /// `restart` is called first where the value is the whole list and not one more item of it.
    pub(crate) fn items(
        self,
        skip_empty: bool,
        restart: &mut dyn FnMut(bool),
        each: &mut dyn FnMut(Value<'_, '_>) -> ReadResult,
    ) -> ReadResult {
        let reader = match self.source {
            Source::Json(reader) => reader,
            // Of a request it is an item, and lacks what an item must have.
            Source::Xml { reader, closed } if skip_empty && !reader.of_request && reader.is_empty(closed) => {
                restart(false);
                return Ok(reader.skip(closed)?);
            }
            source => {
                restart(false);
                return each(Value { source, seen: None });
            }
        };
        restart(true);
        match reader.peek()? {
            JsonKind::Null => Ok(reader.null()?),
            JsonKind::Array => {
                reader.open(b'[')?;
                let mut index = 0;
                while reader.next(b']', index == 0)? {
                    if reader.peek()? == JsonKind::Null {
                        reader.null()?;
                    } else {
                        each(Value { source: Source::Json(reader), seen: None }).map_err(|error| error.at(index))?;
                    }
                    index += 1;
                }
                Ok(())
            }
            JsonKind::String if skip_empty && reader.at_empty_string() => Ok(reader.skip()?),
            _ => each(Value { source: Source::Json(reader), seen: None }),
        }
    }

    /// Hands every member of an object to a function.
    pub(crate) fn members(self, each: &mut dyn FnMut(&str, Value<'_, '_>) -> ReadResult) -> ReadResult {
        match self.source {
            Source::Json(reader) => match reader.peek()? {
                JsonKind::Null => Ok(reader.null()?),
                JsonKind::Object => {
                    reader.open(b'{')?;
                    let mut first = true;
                    while reader.next(b'}', first)? {
                        first = false;
                        let name = reader.name()?;
                        each(&name, Value { source: Source::Json(reader), seen: None })
                            .map_err(|error| error.inside(&name))?;
                    }
                    Ok(())
                }
                kind => Err(ReadError::new(format!("expected an object, found {}", kind.name()))),
            },
            Source::Xml { reader, closed } => reader.children(closed, &mut |reader, name, closed| {
                each(name, Value { source: Source::Xml { reader, closed }, seen: None })
                    .map_err(|error| error.inside(name))
            }),
            Source::Text(_) => Err(ReadError::new("expected an object, found a text")),
        }
    }

    /// The value's own text, whatever it is; none for null. JSON text of a text is the text.
    pub(crate) fn raw_json(self) -> Result<Option<String>, ReadError> {
        match self.source {
            Source::Json(reader) => match reader.peek()? {
                JsonKind::Null => {
                    reader.null()?;
                    Ok(None)
                }
                _ => Ok(Some(reader.raw()?.to_owned())),
            },
            _ => Ok(self.scalar()?.filter(|text| !text.is_empty()).map(Cow::into_owned)),
        }
    }

    /// A text, or whatever else stands there as JSON text; none for null.
    pub(crate) fn text_or_raw(self) -> Result<Option<String>, ReadError> {
        let mut this = self;
        if let Source::Json(reader) = &mut this.source
            && let JsonKind::Array | JsonKind::Object = reader.peek()?
        {
            return Ok(Some(reader.raw()?.to_owned()));
        }
        Ok(this.scalar()?.map(Cow::into_owned))
    }

    /// The value as it stands between its separators: JSON text, or the inside of an element.
    pub(crate) fn raw(self) -> Result<(String, Notation), ReadError> {
        Ok(match self.source {
            Source::Json(reader) => (reader.raw()?.to_owned(), Notation::Json),
            Source::Xml { reader, closed } => (reader.raw(closed)?.to_owned(), Notation::Xml),
            Source::Text(text) => {
                let mut quoted = String::new();
                json_string(&mut quoted, text);
                (quoted, Notation::Json)
            }
        })
    }

    /// The text of one member, looked up ahead; the value stays where it is.
    pub(crate) fn peek_member(&mut self, wanted: &str) -> Result<Option<String>, ReadError> {
        let mut found = None;
        let mut look = |name: &str, value: Value<'_, '_>| {
            if name == wanted {
                found = value.scalar()?.map(Cow::into_owned);
                return Ok(());
            }
            value.skip()
        };
        match &mut self.source {
            Source::Json(reader) => {
                let mut ahead = reader.clone();
                Value { source: Source::Json(&mut ahead), seen: None }.members(&mut look)?;
            }
            Source::Xml { reader, closed } => {
                let mut ahead = reader.clone();
                Value { source: Source::Xml { reader: &mut ahead, closed: *closed }, seen: None }.members(&mut look)?;
            }
            Source::Text(_) => return Err(ReadError::new("expected an object, found a text")),
        }
        Ok(found)
    }

    /// Whether it is a part of a request.
    pub(crate) fn of_request(&self) -> bool {
        match &self.source {
            Source::Json(reader) => reader.of_request,
            Source::Xml { reader, .. } => reader.of_request,
            // Queries, forms and headers are read of requests only.
            Source::Text(_) => true,
        }
    }

    /// Whether it has members.
    pub(crate) fn is_object(&mut self) -> bool {
        match &mut self.source {
            Source::Json(reader) => reader.peek() == Ok(JsonKind::Object),
            Source::Xml { reader, closed } => reader.has_elements(*closed),
            Source::Text(_) => false,
        }
    }

    /// Whether it is a list.
    pub(crate) fn is_list(&mut self) -> bool {
        match &mut self.source {
            Source::Json(reader) => reader.peek() == Ok(JsonKind::Array),
            _ => false,
        }
    }

    /// Whether it is an empty text, element or parameter.
    pub(crate) fn is_empty(&mut self) -> bool {
        match &mut self.source {
            Source::Json(reader) => reader.at_empty_string(),
            Source::Xml { reader, closed } => reader.is_empty(*closed),
            Source::Text(text) => text.is_empty(),
        }
    }

    /// Whether it is null.
    pub(crate) fn is_null(&mut self) -> bool {
        match &mut self.source {
            Source::Json(reader) => reader.peek() == Ok(JsonKind::Null),
            _ => false,
        }
    }

    /// Reads a list written as one text with commas.
    pub fn comma<T: ReadValue>(self, place: &mut Vec<T>) -> ReadResult {
        place.clear();
        let as_sent = self.of_request();
        let Some(text) = self.scalar()? else { return Ok(()) };
        if text.is_empty() {
            return Ok(());
        }
        // A service may put spaces around items; what a caller sends is seen as it is.
        let items = text.split(',').map(|item| if as_sent { item } else { item.trim() });
        for (index, item) in items.filter(|item| as_sent || !item.is_empty()).enumerate() {
            let mut value = T::blank();
            value.read(Value::text(item)).map_err(|error| error.at(index))?;
            place.push(value);
        }
        Ok(())
    }

    /// Reads a value written as JSON inside one text.
    pub fn json<T: ReadValue>(self, place: &mut T) -> ReadResult {
        let of_request = self.of_request();
        let Some(text) = self.scalar()? else { return Ok(()) };
        if text.is_empty() {
            return Ok(());
        }
        let mut reader = JsonReader::new(&text, Limits::DEFAULT);
        reader.of_request = of_request;
        place.read(Value { source: Source::Json(&mut reader), seen: None })?;
        Ok(reader.end()?)
    }

    /// Reads a list whose items stand inside one element, each in an element of the inner name.
    /// Items without the outer element, and their bare text, are read too.
    pub fn wrapped<T: ReadValue>(self, inner: &str, place: &mut Vec<T>) -> ReadResult {
        match self.source {
            Source::Xml { reader, closed } if reader.begins_with(inner) => {
                reader.children(closed, &mut |reader, name, closed| {
                    if name != inner {
                        return Ok(reader.skip(closed)?);
                    }
                    let mut item = T::blank();
                    let index = place.len();
                    let value = Value { source: Source::Xml { reader, closed }, seen: None };
                    item.read(value).map_err(|error| error.at(index))?;
                    place.push(item);
                    Ok(())
                })
            }
            Source::Xml { reader, closed } if reader.is_empty(closed) => Ok(reader.skip(closed)?),
            // The same elements as JSON: an object whose one member is the list.
            Source::Json(reader) if has_member(reader, inner).unwrap_or(false) => {
                Value { source: Source::Json(reader), seen: self.seen }
                    .members(&mut |name, value| if name == inner { place.read(value) } else { value.skip() })
            }
            source => place.read(Value { source, seen: self.seen }),
        }
    }
}

/// A text, number or truth value of JSON as text; none for null.
fn json_scalar<'a>(reader: &mut JsonReader<'a>) -> Result<Option<Cow<'a, str>>, ReadError> {
    match reader.peek()? {
        JsonKind::Null => {
            reader.null()?;
            Ok(None)
        }
        JsonKind::String => Ok(Some(reader.string()?)),
        JsonKind::Number => Ok(Some(Cow::Borrowed(reader.number()?))),
        JsonKind::Bool => Ok(Some(Cow::Borrowed(reader.bool()?))),
        kind @ (JsonKind::Array | JsonKind::Object) => {
            Err(ReadError::new(format!("expected a text or a number, found {}", kind.name())))
        }
    }
}

/// Ends a list after its first item. Of several, none is taken for the one.
fn only_item(reader: &mut JsonReader<'_>) -> ReadResult {
    if reader.next(b']', false)? {
        return Err(ReadError::new("expected one value, found a list of several"));
    }
    Ok(())
}

/// The start of a text, for a message.
pub fn shorten(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
