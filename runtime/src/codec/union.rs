//! One of several records, told apart by a member beside their fields.

use super::read::{Read, ReadError, ReadResult};
use super::value::Value;
use super::write::{Slot, Write};

/// A union that can be read.
pub trait Union: Sized {
    /// The member that tells the variant.
    const TAG: &'static str;
    /// The blank variant of a tag.
    fn select(tag: &str) -> Self;
    /// The record of the present variant.
    fn reader(&mut self) -> &mut dyn Read;
}

/// A union that can be written.
pub trait UnionWrite {
    /// The member that tells the variant.
    const TAG: &'static str;
    /// The tag of the present variant.
    fn tag(&self) -> &str;
    /// The record of the present variant.
    fn writer(&self) -> &dyn Write;
}

/// Reads a union: the tag first, wherever it stands, then the variant's fields.
pub fn read<T: Union>(place: &mut T, mut value: Value<'_, '_>) -> ReadResult {
    let tag = value.peek_member(T::TAG)?;
    if tag.is_none() && value.of_request() {
        return Err(ReadError::new("missing, and it tells how to read the rest").inside(T::TAG));
    }
    *place = T::select(&tag.unwrap_or_default());
    value.record(&mut Tagged { tag: T::TAG, record: place.reader() }).map(drop)
}

/// A variant's record that does not take the tag for one of its fields.
struct Tagged<'t> {
    tag: &'static str,
    record: &'t mut dyn Read,
}

impl Read for Tagged<'_> {
    fn blank() -> Self {
        unreachable!("a view of a record is never made blank")
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        if name == self.tag { value.skip() } else { self.record.read_field(name, value) }
    }

    fn required(&self) -> &'static [&'static str] {
        self.record.required()
    }

    fn required_in_answers(&self) -> bool {
        self.record.required_in_answers()
    }
}

/// Writes a union: the tag, then the variant's fields.
pub fn write<T: UnionWrite>(union: &T, slot: Slot<'_>) {
    slot.tagged(T::TAG, union.tag(), union.writer());
}

/// Reading of a union.
#[macro_export]
#[doc(hidden)]
macro_rules! read_union {
    ($name:ty) => {
        impl $crate::codec::ReadValue for $name {
            fn blank() -> Self {
                <$name as $crate::codec::Union>::select("")
            }

            fn read(&mut self, value: $crate::codec::Value<'_, '_>) -> $crate::codec::ReadResult {
                $crate::codec::read_tagged(self, value)
            }
        }
    };
}

/// Writing of a union.
#[macro_export]
#[doc(hidden)]
macro_rules! write_union {
    ($name:ty) => {
        impl $crate::codec::WriteValue for $name {
            fn write(&self, slot: $crate::codec::Slot<'_>) {
                $crate::codec::write_tagged(self, slot);
            }
        }
    };
}
