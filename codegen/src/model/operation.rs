//! Operations, and how their answers go on.

use indexmap::IndexMap;

use super::{FieldPath, IgnoredField, Job, Literal, TypeId};

/// One documented endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The vendor's name.
    pub name: String,
    /// The Rust type of the request, e.g. `ListSmartJobs`.
    pub rust: String,
    /// The Rust module, e.g. `list_smart_jobs`.
    pub module: String,
    /// The HTTP method.
    pub method: String,
    /// The path, cut at its parameters.
    pub path: Vec<PathPart>,
    /// Query parameters without a value that are always sent, e.g. `cancel`.
    pub flags: Vec<String>,
    /// An index into [`Service::hosts`](super::Service::hosts).
    pub host: usize,
    /// What sending it twice may do.
    pub effect: Effect,
    /// One sentence: what it does.
    pub summary: String,
    /// Further paragraphs.
    pub doc: Option<String>,
    /// The vendor's page.
    pub source: String,
    /// The permission it needs, in the vendor's words.
    pub permission: Option<String>,
    /// The only regions that offer it; empty means all.
    pub regions: Vec<String>,
    /// Statuses that mean success.
    pub statuses: Vec<u16>,
    /// Sent without credentials.
    pub anonymous: bool,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// On what the operation rests, where no page of the vendor documents it.
    pub undocumented: Option<String>,
    /// The request: a record whose fields have locations.
    pub request: TypeId,
    /// The answer: a record; with no fields where the body carries nothing.
    pub response: TypeId,
    /// Whether a successful answer has no body to read.
    pub empty_response: bool,
    /// Request fields left out on purpose.
    pub ignored_request: Vec<IgnoredField>,
    /// Response fields left out on purpose.
    pub ignored_response: Vec<IgnoredField>,
    /// The documented request, by wire name.
    pub example: IndexMap<String, Literal>,
    /// How the list goes on: each of its ways, the preferred one first.
    pub paging: Vec<Paging>,
    /// The ids of which it takes several.
    pub batch: Option<Batch>,
    /// What becomes of what it starts.
    pub job: Option<Job>,
    /// The request field with a token by which the service knows a repeated request, so that it makes no second thing.
    pub idempotency_token: Option<FieldPath>,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
}

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// Text as it is.
    Text(String),
    /// A request field (an index into the request's fields).
    Field(usize),
    /// A setting of the client (an index into the service's settings).
    Setting(usize),
}

/// What sending a request twice may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changes.
    Read,
    /// The second time changes nothing more.
    Write,
    /// Something new is made, and paid for, each time.
    Create,
}

/// A list of ids in a request, and the limit on their number.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The request's field; it is no part of another.
    pub ids: FieldPath,
    /// The most that the service takes at once.
    pub most: u64,
}

/// How a list goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Paging {
    /// A token of the last page asks for the next.
    Token {
        /// The request field.
        request: FieldPath,
        /// The response field.
        response: FieldPath,
        /// The request field with the page's size.
        size: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
    /// Pages have numbers, from 1.
    Page {
        /// The request field with the number.
        number: FieldPath,
        /// The request field with the page's size.
        size: FieldPath,
        /// The response field with the number of all items.
        total: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
    /// Items have positions, from 0.
    Offset {
        /// The request field with the position.
        offset: FieldPath,
        /// The request field with the page's size.
        size: FieldPath,
        /// The response field with the number of all items.
        total: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
}

impl Paging {
    /// The response's list.
    pub fn items(&self) -> &FieldPath {
        match self {
            Self::Token { items, .. } | Self::Page { items, .. } | Self::Offset { items, .. } => items,
        }
    }
}
