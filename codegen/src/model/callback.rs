//! Messages that a service sends by itself.

use super::{FieldPath, IgnoredField, TypeId};

/// One message that the service sends, e.g. when a job has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// The name; the vendors give theirs none.
    pub name: String,
    /// The Rust type, e.g. `MediaJobCallback`.
    pub rust: String,
    /// The Rust module, e.g. `media_job_callback`.
    pub module: String,
    /// One sentence: what it tells.
    pub summary: String,
    /// Further paragraphs.
    pub doc: Option<String>,
    /// The vendor's page.
    pub source: String,
    /// What its body may be written in.
    pub notations: Vec<Notation>,
    /// The root element where the body is XML; empty where it never is.
    pub xml_root: String,
    /// The body: a record that answers carry.
    pub message: TypeId,
    /// Members of which one must be there; without, the body is no such message.
    pub one_of: Vec<FieldPath>,
    /// Members left out on purpose.
    pub ignored: Vec<IgnoredField>,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
}

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// A JSON object.
    Json,
    /// An XML element.
    Xml,
}
