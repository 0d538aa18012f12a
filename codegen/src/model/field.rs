//! Fields: what they hold and where they travel.

use indexmap::IndexMap;

use super::{Constraints, Severity, TypeId};

/// One parameter, element or member.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The Rust field and setter.
    pub rust: String,
    /// What it holds.
    pub ty: FieldType,
    /// Request: it must be given. Response: an answer without it is an error.
    pub required: bool,
    /// Where a request carries it; members of nested records have none of their own.
    pub location: Option<Location>,
    /// How a list or an object becomes one text, or how a list is laid out.
    pub encoding: Encoding,
    /// Other names that are read as this one.
    pub aliases: Vec<String>,
    /// What it is, for the caller.
    pub doc: String,
    /// The unit of a number, e.g. `seconds`.
    pub unit: Option<String>,
    /// What the service takes when it is absent; never sent.
    pub default: Option<Literal>,
    /// A valid value.
    pub example: Option<Literal>,
    /// The only value it ever has; it is written without being asked for and is no Rust field in requests.
    pub constant: Option<Literal>,
    /// Never shown in Debug, logs or errors.
    pub secret: bool,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// Tells an empty list from an absent one: the Rust type is `Option<Vec<_>>`.
    pub keep_empty: bool,
    /// What an empty one means, of a number or an enum that may be given and empty: the Rust type is `OrEmpty<_>`.
    pub allow_empty: Option<String>,
    /// What the value must satisfy (of a list or map: its size and uniqueness).
    pub constraints: Constraints,
    /// What each item of a list, or each value of a map, must satisfy.
    pub item_constraints: Constraints,
    /// Whether a violation stops the send.
    pub severity: Severity,
    /// The page, where it differs from the operation's.
    pub source: Option<String>,
}

impl Field {
    /// Whether a value is the empty one that the field may have beside its values.
    pub fn is_empty_value(&self, value: &Literal) -> bool {
        self.allow_empty.is_some() && matches!(value, Literal::String(text) if text.is_empty())
    }
}

/// A field that the vendor documents or an SDK sends, and that is left out on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct IgnoredField {
    /// The name on the wire.
    pub wire: String,
    /// Why it is left out.
    pub reason: String,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A signed integer of 32 bits.
    Int32,
    /// A signed integer of 64 bits.
    Int64,
    /// An unsigned integer of 32 bits.
    Uint32,
    /// An unsigned integer of 64 bits.
    Uint64,
    /// A binary fraction of 32 bits.
    Float32,
    /// A binary fraction of 64 bits.
    Float64,
    /// A point in time, kept as the service wrote it; `-` and empty are none.
    Time(TimeNotation),
    /// Any JSON value, kept as it is.
    Json,
    /// Text that holds JSON.
    JsonText,
    /// A record, enum or union.
    Named(TypeId),
    /// Several of one type.
    List(Box<FieldType>),
    /// Text to one type.
    Map(Box<FieldType>),
}

/// How a time is written in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeNotation {
    /// `2020-12-26T04:11:10Z`
    #[default]
    Utc,
    /// `2022-06-27T15:23:10+0800`
    Offset,
}

/// Where a request carries a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// A `{name}` of the path template.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A form field of the body.
    Form,
    /// A member of the JSON body or an element of the XML body.
    Body,
}

/// How a list or an object is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As the protocol has it: a JSON array or object, repeated XML elements, one text.
    #[default]
    Plain,
    /// A list as one text, separated by commas.
    Comma,
    /// One text that holds JSON.
    Json,
    /// A number or a truth value as a text, where the notation has numbers: `"1"` and not `1`.
    Text,
    /// `Name.1=a&Name.2=b`
    Numbered,
    /// A list of XML elements inside one element of the field's name; this is the inner name.
    Wrapped(String),
    /// The whole body is this list; an object with this member, and a single item, are read too.
    Bare,
}

/// A number, a text or a truth value, as a spec states it.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A whole number.
    Integer(i128),
    /// A fraction.
    Float(f64),
    /// A text.
    String(String),
    /// A truth value.
    Bool(bool),
    /// Several.
    List(Vec<Literal>),
    /// Members by wire name.
    Table(IndexMap<String, Literal>),
}
