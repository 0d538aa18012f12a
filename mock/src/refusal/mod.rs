//! How the services say no.

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
}
