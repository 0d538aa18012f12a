//! Reading: from text to the fields of a record.

use std::cell::Cell;
use std::fmt;

use super::limits::Limits;
use super::value::Value;
use super::{JsonKind, JsonReader, XmlReader};

/// A record that takes its fields one by one, in any order.
pub trait Read {
    /// The record before anything was read.
    fn blank() -> Self
    where
        Self: Sized;

    /// Takes one field. A name it does not know is skipped.
    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult;

    /// The fields without which the record is useless.
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether an answer must have them too. A record that requests and answers share is read from an answer as it comes.
    fn required_in_answers(&self) -> bool {
        true
    }

    /// The request id that the answer holds.
    fn request_id(&self) -> Option<&str> {
        None
    }

    /// The list that is the whole body, where there is one.
    fn bare(&self) -> Option<&'static str> {
        None
    }
}

/// Nothing, or why a value could not be read.
pub type ReadResult = Result<(), ReadError>;

/// Why an answer could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    /// From the inside out.
    path: Vec<Step>,
    reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl ReadError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(Box::new(Inner { path: Vec::new(), reason: reason.into() }))
    }

    pub(crate) fn inside(mut self, name: &str) -> Self {
        self.0.path.push(Step::Name(name.to_owned()));
        self
    }

    pub(crate) fn at(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }

    /// The field, from the root: `SmartJobList[3].JobId`; empty for the body itself.
    pub fn path(&self) -> String {
        let mut out = String::new();
        for step in self.0.path.iter().rev() {
            match step {
                Step::Name(name) => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out.push_str(name);
                }
                Step::Index(index) => {
                    out.push_str(&format!("[{index}]"));
                }
            }
        }
        out
    }

    /// What was found and what was expected.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if path.is_empty() { f.write_str(self.reason()) } else { write!(f, "{path}: {}", self.reason()) }
    }
}

impl std::error::Error for ReadError {}

impl From<String> for ReadError {
    fn from(reason: String) -> Self {
        Self::new(reason)
    }
}

/// Reads a whole JSON body into a record.
pub fn read_json(body: &[u8], limits: Limits, record: &mut dyn Read) -> ReadResult {
    let text = text_of(body)?;
    let mut reader = JsonReader::new(text, limits);
    match (reader.peek()?, record.bare()) {
        (JsonKind::Object, None) => read_json_record(&mut reader, record)?,
        (JsonKind::Object, Some(name)) if has_member(&reader, name)? => read_json_record(&mut reader, record)?,
        (JsonKind::Object | JsonKind::Array, Some(name)) => {
            let seen = Cell::new(0);
            record.read_field(name, Value::from_json(&mut reader, &seen))?;
            check_required(record, &seen, false)?;
        }
        (kind, None) => return Err(ReadError::new(format!("expected an object, found {}", kind.name()))),
        (kind, Some(_)) => return Err(ReadError::new(format!("expected a list, found {}", kind.name()))),
    }
    Ok(reader.end()?)
}

pub(super) fn has_member(reader: &JsonReader<'_>, wanted: &str) -> Result<bool, ReadError> {
    let mut ahead = reader.clone();
    ahead.open(b'{')?;
    let mut first = true;
    while ahead.next(b'}', first)? {
        first = false;
        if ahead.name()? == wanted {
            return Ok(true);
        }
        ahead.skip()?;
    }
    Ok(false)
}

pub(crate) fn read_json_record(reader: &mut JsonReader<'_>, record: &mut dyn Read) -> ReadResult {
    let seen = Cell::new(0);
    read_json_members(reader, record, &seen)?;
    check_required(record, &seen, reader.of_request)
}

fn read_json_members(reader: &mut JsonReader<'_>, record: &mut dyn Read, seen: &Cell<u64>) -> ReadResult {
    reader.open(b'{')?;
    let mut first = true;
    while reader.next(b'}', first)? {
        first = false;
        let name = reader.name()?;
        record.read_field(&name, Value::from_json(reader, seen)).map_err(|error| error.inside(&name))?;
    }
    Ok(())
}

/// Reads a JSON body into some of the fields of a record.
#[cfg(feature = "server")]
pub(crate) fn read_json_fields(body: &[u8], limits: Limits, record: &mut dyn Read, seen: &Cell<u64>) -> ReadResult {
    let mut reader = JsonReader::new(text_of(body)?, limits);
    reader.of_request = true;
    read_json_members(&mut reader, record, seen)?;
    Ok(reader.end()?)
}

/// Reads an XML body into some of the fields of a record.
#[cfg(feature = "server")]
pub(crate) fn read_xml_fields(
    body: &[u8],
    root: &str,
    limits: Limits,
    record: &mut dyn Read,
    seen: &Cell<u64>,
) -> ReadResult {
    let mut reader = XmlReader::new(text_of(body)?, limits);
    reader.of_request = true;
    let found = reader.root()?;
    expect_root(&found.name, root)?;
    reader.fields(found.closed, record, seen)?;
    Ok(reader.end()?)
}

fn expect_root(found: &str, root: &str) -> ReadResult {
    if found == root {
        return Ok(());
    }
    Err(ReadError::new(format!("expected the element <{root}>, found <{found}>")))
}

pub(crate) fn check_required(record: &dyn Read, seen: &Cell<u64>, of_request: bool) -> ReadResult {
    if !of_request && !record.required_in_answers() {
        return Ok(());
    }
    for (index, name) in record.required().iter().enumerate() {
        let bit = 1u64.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0);
        if seen.get() & bit == 0 {
            return Err(ReadError::new("missing or empty, and nothing can be done without it").inside(name));
        }
    }
    Ok(())
}

/// Reads a whole XML body with a given root into a record.
pub fn read_xml(body: &[u8], root: &str, limits: Limits, record: &mut dyn Read) -> ReadResult {
    let mut reader = XmlReader::new(text_of(body)?, limits);
    let found = reader.root()?;
    expect_root(&found.name, root)?;
    reader.record(found.closed, record)?;
    Ok(reader.end()?)
}

/// Reads a whole XML body, whatever its root is called.
pub(crate) fn read_xml_any(body: &[u8], limits: Limits, record: &mut dyn Read) -> ReadResult {
    let mut reader = XmlReader::new(text_of(body)?, limits);
    let root = reader.root()?;
    reader.record(root.closed, record)
}

/// The body as text. Invalid UTF-8 is an error: a guess would lose what the service said.
fn text_of(body: &[u8]) -> Result<&str, ReadError> {
    if body.is_empty() {
        return Err(ReadError::new("the body is empty"));
    }
    std::str::from_utf8(body).map_err(|error| ReadError::new(format!("not UTF-8 at byte {}", error.valid_up_to())))
}
