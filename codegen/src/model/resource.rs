//! What a service keeps, and what its operations do to it.

use super::FieldPath;

/// A kind of thing that a service keeps, e.g. its queues. What is kept of one is a record whose members have names.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The name, e.g. `search-library`.
    pub name: String,
    /// One sentence: what it is.
    pub summary: String,
    /// The vendor's page.
    pub source: String,
    /// The members that tell one from another; never empty. The last is its own, those before it are of what it belongs to.
    pub key: Vec<String>,
    /// How the service makes the last of them, e.g. `j{hex32}`; none where the caller gives it.
    pub id: Option<String>,
    /// The resource that it belongs to: an index into [`Service::resources`](super::Service::resources).
    pub within: Option<usize>,
    /// Members that a new one has, and their values.
    pub initial: Vec<(String, String)>,
    /// The member with the state.
    pub state: Option<String>,
    /// The states that a new one goes through before it ends; empty where those are the first two in which a job goes on.
    pub course: Vec<String>,
    /// The member with the time when it was made.
    pub created: Option<String>,
    /// The member with the time when it was last changed.
    pub updated: Option<String>,
    /// The member with the time when work on it began.
    pub started: Option<String>,
    /// The member with the time when work on it ended.
    pub ended: Option<String>,
    /// The operation (an index) whose documented answer shows what is there from the start; it lists the resource.
    pub seeded: Option<usize>,
    /// What is said of one that does not exist.
    pub absent: Option<ResourceRefusal>,
    /// What is said when one is made that exists.
    pub exists: Option<ResourceRefusal>,
    /// What is said when its state forbids what is asked.
    pub conflict: Option<ResourceRefusal>,
    /// What operations do to it, none twice: what makes one first, then what reads, lists, changes and removes.
    pub operations: Vec<ResourceOperation>,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
}

/// What an operation does to the things of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceOperation {
    /// The operation: an index.
    pub operation: usize,
    /// What it does.
    pub does: ResourceAction,
    /// Where its answer tells of them; none where it does not.
    pub record: Option<ResourceRecord>,
    /// Where the answer lists the ids that are not known.
    pub missing: Option<FieldPath>,
    /// Where the value of a member stands that is not the field of its name, with that member.
    pub takes: Vec<(RequestValue, String)>,
    /// Paths in the record, each with the member of another name whose value stands there.
    pub gives: Vec<(FieldPath, String)>,
    /// Members that the operation sets, and to what.
    pub sets: Vec<(String, String)>,
    /// States in which it works; empty where that is not documented.
    pub from: Vec<String>,
    /// What of the request picks among them.
    pub filters: Vec<ResourceFilter>,
    /// What puts them in order.
    pub order: Option<ResourceOrder>,
}

/// Where a request has a value.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestValue {
    /// The request itself is the value.
    Whole,
    /// In a field.
    Field(FieldPath),
    /// In a setting of the client (an index into the service's settings), as it stands in host or path.
    Setting(usize),
}

/// What an operation does to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceAction {
    /// Makes one, or several.
    Create,
    /// Tells of those whose ids the request has.
    Read,
    /// Tells of all that the filters leave.
    List,
    /// Changes one, or several.
    Update,
    /// Removes one, or several.
    Delete,
}

/// Where an answer tells of a thing, or of several.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourceRecord {
    /// The answer itself is the record.
    Answer,
    /// The record stands here, in one list at most; that of what belongs to another may stand in a list in the list of those.
    At(FieldPath),
}

/// What picks among the things of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceFilter {
    /// The path in the request.
    pub request: FieldPath,
    /// The member that is looked at.
    pub member: String,
    /// What passes.
    pub test: FilterTest,
    /// Values of the request that let everything pass.
    pub all: Vec<String>,
}

/// What passes a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterTest {
    /// The member is the value, or one of several.
    Equal,
    /// The member begins with the text.
    Prefix,
    /// The member has the text in it.
    Contains,
    /// The member is the time or later.
    From,
    /// The member is the time or earlier.
    Until,
}

/// What puts the things of a list in order.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceOrder {
    /// The path in the request; none where the order is always the same.
    pub request: Option<FieldPath>,
    /// The member that is looked at.
    pub member: String,
    /// Values of the request by which another member is looked at, each with that member.
    pub others: Vec<(String, String)>,
    /// Values of the request by which the smallest comes first.
    pub ascending: Vec<String>,
    /// Whether the smallest comes first where the request says nothing.
    pub ascending_by_default: bool,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceRefusal {
    /// The HTTP status, from 400 to 599.
    pub status: u16,
    /// The vendor's code.
    pub code: String,
    /// The words; `{id}` is the id.
    pub message: String,
}
