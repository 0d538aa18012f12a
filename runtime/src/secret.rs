//! Text that is shown to nobody.

use std::fmt;

use zeroize::Zeroizing;

use crate::codec::{ReadResult, ReadValue, Slot, Value, WriteValue};

/// Text that is never shown: `Debug` prints `[redacted]`, there is no `Display`, and the memory is wiped when it is dropped.
///
/// ```
/// use mediajobs_runtime::Secret;
///
/// let password = Secret::new("hunter2");
/// assert_eq!(format!("{password:?}"), "[redacted]");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text. What is done with it is up to the caller.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl ReadValue for Secret {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        let mut text = String::new();
        text.read(value)?;
        *self = Self::new(text);
        Ok(())
    }
}

impl WriteValue for Secret {
    fn write(&self, slot: Slot<'_>) {
        slot.text(self.expose());
    }
}
