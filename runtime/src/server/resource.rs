//! What a service keeps, and what its operations do to it.

/// A kind of thing that a service keeps: jobs, templates, queues, libraries.
///
/// What is kept of a thing is a record. Its members have names of their own, and answers and requests give and take them under
/// the same names unless an operation says otherwise.
#[derive(Debug, Clone, Copy)]
pub struct ResourceInfo {
    /// Its name, e.g. `pipeline`.
    pub name: &'static str,
    /// The members that tell one from another. The last is the thing's own; those before it are of what it belongs to.
    pub key: &'static [&'static str],
    /// How the service makes the last of them, e.g. `j{hex32}`, where `{hex32}` is 32 hexadecimal digits, `{digits12}` are
    /// digits and `{uuid}` is one; none where the caller gives it.
    pub id: Option<&'static str>,
    /// The resource that it belongs to: without that it can't be made, and it goes with it.
    pub within: Option<&'static str>,
    /// Members that a new one has unless the request says otherwise.
    pub initial: &'static [(&'static str, &'static str)],
    /// The member with the state, where it has one.
    pub state: Option<&'static str>,
    /// The states that a new one goes through before it ends; empty where those are the first two in which a job goes on.
    pub course: &'static [&'static str],
    /// The member with the time when it was made.
    pub created: Option<&'static str>,
    /// The member with the time when it was last changed.
    pub updated: Option<&'static str>,
    /// The member with the time when work on it began.
    pub started: Option<&'static str>,
    /// The member with the time when work on it ended.
    pub ended: Option<&'static str>,
    /// The operation whose documented answer shows what is there from the start.
    pub seeded: Option<&'static str>,
    /// What is said of one that does not exist.
    pub absent: Option<ResourceRefusal>,
    /// What is said when one is made that exists.
    pub exists: Option<ResourceRefusal>,
    /// What is said when its state forbids what is asked.
    pub conflict: Option<ResourceRefusal>,
    /// What operations do to it.
    pub operations: &'static [ResourceOperation],
}

impl ResourceInfo {
    /// Nothing said yet: generated code says the rest.
    #[doc(hidden)]
    pub const EMPTY: Self = Self {
        name: "",
        key: &[],
        id: None,
        within: None,
        initial: &[],
        state: None,
        course: &[],
        created: None,
        updated: None,
        started: None,
        ended: None,
        seeded: None,
        absent: None,
        exists: None,
        conflict: None,
        operations: &[],
    };
}

/// What an operation does to the things of one kind.
#[derive(Debug, Clone, Copy)]
pub struct ResourceOperation {
    /// The vendor's name of the operation.
    pub operation: &'static str,
    /// What it does.
    pub does: ResourceAction,
    /// The path in the answer of what is told of it: empty for the answer itself; with `[]` where it may be several; none where
    /// the answer tells nothing.
    pub record: Option<&'static str>,
    /// The path in the answer of the ids that are not known; where there is none, an unknown id is refused.
    pub missing: Option<&'static str>,
    /// Paths of the request whose value is a member of another name. Where one ends in `[]`, a thing is made for each item. Empty
    /// is the request itself, whose fields are those of the member; `{bucket}` is the client's setting of that name, which stands
    /// in the host or the path.
    pub takes: &'static [(&'static str, &'static str)],
    /// Paths below `record` whose value is a member of another name.
    pub gives: &'static [(&'static str, &'static str)],
    /// Members that the operation sets, and to what.
    pub sets: &'static [(&'static str, &'static str)],
    /// States in which it works; empty where that is not documented.
    pub from: &'static [&'static str],
    /// What of the request picks among them.
    pub filters: &'static [ResourceFilter],
    /// What of the request puts them in order; the newest come first unless it says otherwise.
    pub order: Option<ResourceOrder>,
}

impl ResourceOperation {
    /// Nothing said yet: generated code says the rest.
    #[doc(hidden)]
    pub const EMPTY: Self = Self {
        operation: "",
        does: ResourceAction::Read,
        record: None,
        missing: None,
        takes: &[],
        gives: &[],
        sets: &[],
        from: &[],
        filters: &[],
        order: None,
    };
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

/// What picks among the things of a list.
#[derive(Debug, Clone, Copy)]
pub struct ResourceFilter {
    /// The path in the request.
    pub request: &'static str,
    /// The member that is looked at.
    pub member: &'static str,
    /// What passes.
    pub test: FilterTest,
    /// Values of the request that let everything pass, e.g. `All`.
    pub all: &'static [&'static str],
}

/// What passes a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterTest {
    /// The member is the value, or one of the values of a list or of a text with commas between them.
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
#[derive(Debug, Clone, Copy)]
pub struct ResourceOrder {
    /// The path in the request; none where the order is always the same.
    pub request: Option<&'static str>,
    /// The member that is looked at.
    pub member: &'static str,
    /// Values of the request by which another member is looked at, each with that member.
    pub others: &'static [(&'static str, &'static str)],
    /// The values of the request by which the smallest comes first. Where `request` is none or absent, `ascending_by_default` says.
    pub ascending: &'static [&'static str],
    /// Whether the smallest comes first where the request says nothing.
    pub ascending_by_default: bool,
}

/// An error answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceRefusal {
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code.
    pub code: &'static str,
    /// The vendor's words, or ours where they are not documented; `{id}` is the id.
    pub message: &'static str,
}
