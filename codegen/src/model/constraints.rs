//! What one value must satisfy.

use super::Literal;

/// What a value must satisfy. All that is absent is allowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constraints {
    /// The least number.
    pub min: Option<Bound>,
    /// The greatest number.
    pub max: Option<Bound>,
    /// The number is a multiple of this.
    pub multiple_of: Option<i128>,
    /// The least number of characters.
    pub min_chars: Option<u64>,
    /// The most characters.
    pub max_chars: Option<u64>,
    /// The most bytes of UTF-8.
    pub max_bytes: Option<u64>,
    /// The characters a text may hold.
    pub chars: Option<CharSet>,
    /// The characters a text may begin with.
    pub first_chars: Option<CharSet>,
    /// The characters a text may end with.
    pub last_chars: Option<CharSet>,
    /// Texts of which one must occur.
    pub contains: Vec<String>,
    /// Texts that must not occur.
    pub excludes: Vec<String>,
    /// Texts of which one must stand at the start.
    pub starts_with: Vec<String>,
    /// A regular expression (the syntax of `regex-lite`) that matches the whole text.
    pub pattern: Option<String>,
    /// A named check of the runtime.
    pub predicate: Option<String>,
    /// The only values allowed.
    pub values: Vec<Literal>,
    /// What each of the values means; empty where that is not said.
    pub value_docs: Vec<String>,
    /// The least number of items or members.
    pub min_items: Option<u64>,
    /// The most items or members.
    pub max_items: Option<u64>,
    /// No item twice.
    pub unique: bool,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The number at the end.
    pub value: Number,
    /// Whether the number itself is out.
    pub exclusive: bool,
}

/// A whole number or a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// A fraction.
    Float(f64),
}

/// A set of characters, as ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharSet {
    /// What the spec says, e.g. `A-Za-z0-9_-`.
    pub text: String,
    /// Inclusive ranges.
    pub ranges: Vec<(char, char)>,
}

impl CharSet {
    /// Whether a character is in the set.
    pub fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
    }
}

/// Whether a violation stops the send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Severity {
    /// It stops the send.
    #[default]
    Error,
    /// It is reported, and the request is sent.
    Warning,
}
