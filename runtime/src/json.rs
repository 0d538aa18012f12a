//! JSON that is carried, not read.

use std::fmt;
use std::str::FromStr;

use crate::codec::{JsonKind, JsonReader, Limits, ReadError, ReadResult, ReadValue, Slot, Value, WriteValue};

/// Any JSON value, kept to the letter: `0.0` stays `0.0`, large integers stay whole, members keep their order.
///
/// ```
/// use mediajobs_runtime::Json;
///
/// let config: Json = r#"{"threshold": 0.0}"#.parse()?;
/// assert_eq!(config.as_str(), r#"{"threshold": 0.0}"#);
/// # Ok::<(), mediajobs_runtime::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Json(String);

/// Text that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

impl Json {
    /// Takes JSON text.
    ///
    /// # Errors
    /// The text is not one well-formed JSON value, or is nested deeper than 64 levels.
    pub fn parse(text: impl Into<String>) -> Result<Self, JsonError> {
        let text = text.into();
        well_formed(&text)?;
        Ok(Self(text))
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many members an object, or items a list has; none for other values.
    pub fn len(&self) -> Option<usize> {
        count(&self.0).ok().flatten()
    }

    /// Whether it is an object or list with nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

fn well_formed(text: &str) -> Result<(), JsonError> {
    let mut reader = JsonReader::new(text, Limits::DEFAULT);
    reader.skip().and_then(|()| reader.end()).map_err(JsonError)
}

/// Whether a text is one well-formed JSON value, and whether that is an object.
pub(crate) fn kind_of(text: &str) -> Option<bool> {
    well_formed(text).ok()?;
    JsonReader::new(text, Limits::DEFAULT).peek().ok().map(|kind| kind == JsonKind::Object)
}

fn count(text: &str) -> Result<Option<usize>, String> {
    let mut reader = JsonReader::new(text, Limits::DEFAULT);
    let (open, close) = match reader.peek()? {
        JsonKind::Object => (b'{', b'}'),
        JsonKind::Array => (b'[', b']'),
        _ => return Ok(None),
    };
    reader.open(open)?;
    let mut count = 0;
    while reader.next(close, count == 0)? {
        if open == b'{' {
            reader.name()?;
        }
        reader.skip()?;
        count += 1;
    }
    Ok(Some(count))
}

impl FromStr for Json {
    type Err = JsonError;

    fn from_str(text: &str) -> Result<Self, JsonError> {
        Self::parse(text)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReadValue for Json {
    fn blank() -> Self {
        Self("null".to_owned())
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        if let Some(text) = value.raw_json()? {
            *self = Self::parse(text).map_err(|error| ReadError::new(error.to_string()))?;
        }
        Ok(())
    }
}

impl WriteValue for Json {
    fn write(&self, slot: Slot<'_>) {
        slot.literal(&self.0);
    }
}

/// A text that is meant to hold JSON.
///
/// What a service answers is kept as it stands, JSON or not; what is sent must be well-formed, unless validation is
/// turned off.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct JsonText(String);

impl JsonText {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as JSON.
    ///
    /// # Errors
    /// The text is not one well-formed JSON value.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        Json::parse(self.0.clone())
    }
}

impl From<&str> for JsonText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for JsonText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Json> for JsonText {
    fn from(json: Json) -> Self {
        Self(json.0)
    }
}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReadValue for JsonText {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        // Some versions of a page send the object itself where the text is documented.
        if let Some(text) = value.text_or_raw()? {
            self.0 = text;
        }
        Ok(())
    }
}

impl WriteValue for JsonText {
    fn write(&self, slot: Slot<'_>) {
        slot.text(&self.0);
    }
}
