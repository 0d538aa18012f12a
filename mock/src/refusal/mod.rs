//! How the services say no.

mod answer;
mod reasons;
#[cfg(test)]
mod tests;

pub(crate) use self::answer::success_headers;

/// A no, before it has a vendor's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The vendor's code.
    pub(crate) code: String,
    /// What a person reads.
    pub(crate) message: String,
    /// Further members of the answer, e.g. the string to sign that was computed.
    pub(crate) further: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), further: Vec::new() }
    }

    /// Adds a member to the answer.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.further.push((name, value.into()));
        self
    }
}
