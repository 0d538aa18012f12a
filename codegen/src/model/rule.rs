//! What several fields must satisfy together, and the paths that name them.

use super::{Constraints, Field, Literal, Number, Service, Severity, TypeId};

/// A rule that concerns more than one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What is demanded.
    pub kind: RuleKind,
    /// It holds only where all of these do.
    pub when: Vec<Condition>,
    /// The sentence for the documentation and the violation.
    pub doc: String,
    /// Whether a violation stops the send.
    pub severity: Severity,
    /// The page, where it differs from the operation's.
    pub source: Option<String>,
}

/// What a rule demands.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// At most one is present.
    AtMostOne(Vec<FieldPath>),
    /// One is present, no more.
    ExactlyOne(Vec<FieldPath>),
    /// One or more is present.
    AtLeastOne(Vec<FieldPath>),
    /// All are present or none.
    Together(Vec<FieldPath>),
    /// All are present.
    Require(Vec<FieldPath>),
    /// None is present.
    Forbid(Vec<FieldPath>),
    /// Each that is present is no more than the next, or less than it; of a list or map, its size.
    Ascending {
        /// The numbers, lists and maps.
        paths: Vec<FieldPath>,
        /// Whether two can't be the same.
        strictly: bool,
    },
    /// The value, where present, satisfies these.
    Constrain(FieldPath, Box<Constraints>),
}

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The field that is looked at; in lists, one item that satisfies it is enough.
    pub path: FieldPath,
    /// What must be so.
    pub test: ConditionTest,
    /// Take the documented default where the field is absent.
    pub or_default: bool,
}

/// What a condition looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionTest {
    /// The field is present.
    Present,
    /// The field is absent.
    Absent,
    /// The value is one of these.
    Is(Vec<Literal>),
    /// The value is present and none of these.
    IsNot(Vec<Literal>),
    /// The number is at least this.
    AtLeast(Number),
    /// The number is at most this.
    AtMost(Number),
}

/// A resolved path from a record to a field, e.g. `input.data[].url`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPath {
    /// The path as the spec writes it, with a variant for each `(*)`.
    pub text: String,
    /// The steps; never empty.
    pub steps: Vec<Step>,
}

impl FieldPath {
    /// The field that the path ends at, or whose items it ends at; none where it ends at a union's tag or variant.
    pub fn last_field<'m>(&self, service: &'m Service) -> Option<&'m Field> {
        match self.steps.last()? {
            Step::Field { record, field, .. } => service.record(*record)?.fields.get(*field),
            Step::Tag { .. } | Step::Variant { .. } => None,
        }
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field of a record. `each` steps into the items of a list.
    Field {
        /// The record that has the field.
        record: TypeId,
        /// The index into its fields.
        field: usize,
        /// Whether the path goes on in each item of the list.
        each: bool,
    },
    /// The tag of a union: a text. Always the last step.
    Tag {
        /// The union.
        union: TypeId,
    },
    /// One variant of a union, written `(obs)` behind the field's name; the next step is in its record.
    Variant {
        /// The union.
        union: TypeId,
        /// The index of the variant.
        variant: usize,
    },
}
