//! What a request breaks.

use std::fmt;

/// A documented rule that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The field, by wire names from the root: `input.data[2].bucket`.
    pub path: String,
    /// The rule's name, e.g. `max-chars` or `at-most-one`: the key that states it in the spec.
    pub rule: &'static str,
    /// What was expected, or what is wrong.
    pub message: String,
    /// The start of the value, where there is one and it is no secret.
    pub value: Option<String>,
    /// The sentence of a rule that concerns more than one field.
    pub explanation: Option<&'static str>,
    /// The page that documents the rule.
    pub source: &'static str,
    /// Whether it stops the send.
    pub severity: Severity,
}

/// Whether a violation stops the send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// It stops the send.
    Error,
    /// It is reported, and the request is sent.
    Warning,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        if let Some(value) = &self.value {
            write!(f, ", found {value}")?;
        }
        if let Some(explanation) = self.explanation {
            write!(f, " ({})", explanation.trim_end_matches('.'))?;
        }
        let warning = if self.severity == Severity::Warning { ", a warning" } else { "" };
        write!(f, " [{}{warning}]", self.rule)
    }
}

/// Everything that a request breaks, in the order of its fields; empty where it breaks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations {
    pub(crate) all: Vec<Violation>,
}

impl Violations {
    /// Whether there are none, warnings included.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are, warnings included.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.all.iter()
    }

    /// Those that stop the send.
    pub fn errors(&self) -> impl Iterator<Item = &Violation> {
        self.all.iter().filter(|violation| violation.severity == Severity::Error)
    }

    /// Those that are only reported.
    pub fn warnings(&self) -> impl Iterator<Item = &Violation> {
        self.all.iter().filter(|violation| violation.severity == Severity::Warning)
    }

    /// Whether one of them stops the send.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.all.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}
