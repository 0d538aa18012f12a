//! Records, enums and unions.

use super::{Field, Rule};

/// An index into [`Service::types`](super::Service::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// A record, an enum or a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// The name in the specs and in Rust.
    pub name: String,
    /// What it is, for the caller.
    pub doc: String,
    /// The page that documents it.
    pub source: Option<String>,
    /// Whose file declares it.
    pub owner: Owner,
    /// Whether requests carry it. A record that is only extended is carried by neither.
    pub in_requests: bool,
    /// Whether answers carry it.
    pub in_responses: bool,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
    /// What kind of type, and its parts.
    pub kind: TypeKind,
}

/// Whose file declares a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A file of shared types.
    Shared,
    /// An operation's (an index).
    Operation(usize),
    /// A callback's (an index).
    Callback(usize),
}

/// The three kinds of type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// Named fields.
    Record(Record),
    /// A closed list of texts when sending, open when reading.
    Enum(EnumType),
    /// One of several records, told apart by a member beside their fields.
    Union(UnionType),
}

/// The Rust field that holds what a record with [`Record::keep_unknown`] does not know.
pub const UNKNOWN_MEMBERS: &str = "unknown";

/// Named fields and the rules among them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// The fields, in the order they are written.
    pub fields: Vec<Field>,
    /// Rules that concern more than one field.
    pub rules: Vec<Rule>,
    /// Whether members of an answer that are no fields are kept as they stand.
    pub keep_unknown: bool,
}

/// An enum's values.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumType {
    /// The values, in the order of the spec.
    pub values: Vec<EnumValue>,
    /// Whether letter case is ignored when reading.
    pub any_case: bool,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// What stands on the wire.
    pub wire: String,
    /// The Rust variant.
    pub rust: String,
    /// What it means.
    pub doc: String,
    /// Other spellings that are read as this one.
    pub aliases: Vec<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// One of several records.
#[derive(Debug, Clone, PartialEq)]
pub struct UnionType {
    /// The member that names the variant; it stands beside the variant's own fields.
    pub tag: String,
    /// The variants, in the order of the spec.
    pub variants: Vec<Variant>,
}

/// One variant of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The tag's value.
    pub wire: String,
    /// The Rust variant.
    pub rust: String,
    /// When it is used.
    pub doc: String,
    /// The record whose fields stand beside the tag.
    pub record: TypeId,
}
