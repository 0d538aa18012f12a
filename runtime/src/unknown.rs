//! What a service says that this version does not know.

use crate::codec::{Fields, Read, ReadResult, Value, Write};

/// The value of an enum that is not a documented one.
///
/// It is opaque on purpose: a program that matched on its content would break silently on the day the value gets a
/// variant of its own. Read it with the enum's `as_str`.
#[derive(Debug, Clone)]
pub struct UnknownValue {
    text: String,
    forced: bool,
}

impl UnknownValue {
    #[doc(hidden)]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), forced: false }
    }

    #[doc(hidden)]
    pub fn forced(text: impl Into<String>) -> Self {
        Self { text: text.into(), forced: true }
    }

    #[doc(hidden)]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the caller asked for it to be sent although it is not documented.
    pub fn is_forced(&self) -> bool {
        self.forced
    }
}

impl PartialEq for UnknownValue {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for UnknownValue {}

impl std::hash::Hash for UnknownValue {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A variant of a union that this version does not know: its tag, and its members as they stood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnknownVariant {
    tag: String,
    members: Vec<(String, String)>,
}

impl UnknownVariant {
    #[doc(hidden)]
    pub fn new(tag: &str) -> Self {
        Self { tag: tag.to_owned(), members: Vec::new() }
    }

    #[cfg(feature = "serde")]
    pub(crate) fn from_parts(tag: String, members: Vec<(String, String)>) -> Self {
        Self { tag, members }
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The members beside the tag, each as text in the notation of the answer: JSON, or the inside of an XML element.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(name, raw)| (name.as_str(), raw.as_str()))
    }
}

impl Read for UnknownVariant {
    fn blank() -> Self {
        Self::default()
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        self.members.push((name.to_owned(), value.raw()?));
        Ok(())
    }
}

impl Write for UnknownVariant {
    fn write(&self, out: &mut Fields<'_>) {
        for (name, raw) in self.members() {
            out.raw(name, raw);
        }
    }
}
