//! Whether two texts mean the same to a service.
//!
//! Both are read into a [`Tree`], brought to one form by what the specs say of each field ([`Reader`]), and compared.
//! Order of members, white space, how a number or truth value is written, other spellings of a name: none of it is
//! meaning. That a value is there is: nothing may be lost, added or filled in.

mod canonical;
mod compare;
mod number;
mod parts;

pub use canonical::{Notation, Reader};
pub use compare::{compare, faults};
pub use number::canonical as canonical_number;
pub use parts::{answer, message, request};

use std::fmt;

use crate::tree::Tree;

/// What a text says, in the one form, and which fields of the specs occur in it.
#[derive(Debug, Clone, Default)]
pub struct Meaning {
    /// The fields, by wire name; none where there is nothing.
    pub value: Option<Tree>,
    /// Where the text is not what the specs say.
    pub differences: Vec<Difference>,
    /// The specs' paths of all fields that occur, e.g. `input(vcn).data[].device_id`.
    pub occurring: Vec<String>,
}

/// A place where two texts do not mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The place.
    pub path: String,
    /// What the document has there.
    pub documented: String,
    /// What we have there.
    pub ours: String,
    /// What may be behind it.
    pub hint: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(whole)" } else { &self.path };
        write!(f, "{path}: documented {}, ours {}", self.documented, self.ours)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}
