//! How the plain Rust types are read and written.

use std::collections::BTreeMap;
use std::fmt;

use super::read::{Read, ReadError, ReadResult};
use super::value::{Value, shorten};
use super::write::{Slot, Write};
use crate::unknown::UnknownValue;

/// A type that one value can be read into.
pub trait ReadValue: Sized {
    /// The value before anything was read.
    fn blank() -> Self;

    /// Reads a value in place of the present one, or adds to it where it is one more item of a list.
    fn read(&mut self, value: Value<'_, '_>) -> ReadResult;

    /// Reads a value that may stand for none, such as an empty text for a number.
    fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
        let mut read = Self::blank();
        read.read(value)?;
        *place = Some(read);
        Ok(())
    }

    /// Whether an empty element in a list stands for no item at all.
    const EMPTY_IS_NO_ITEM: bool = false;
}

/// A type that can be written.
pub trait WriteValue {
    /// Writes it.
    fn write(&self, slot: Slot<'_>);

    /// Whether nothing is to be written.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A value before anything was read.
pub fn blank<T: ReadValue>() -> T {
    T::blank()
}

impl<T: Read> ReadValue for T {
    const EMPTY_IS_NO_ITEM: bool = true;

    fn blank() -> Self {
        T::blank()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        // The last of several counts, whole: nothing of an earlier one shows through.
        *self = T::blank();
        value.record(self).map(drop)
    }

    fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
        let mut read = T::blank();
        *place = value.record(&mut read)?.then_some(read);
        Ok(())
    }
}

impl<T: Write> WriteValue for T {
    fn write(&self, slot: Slot<'_>) {
        slot.record(self);
    }
}

impl ReadValue for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        *self = value.scalar()?.map(std::borrow::Cow::into_owned).unwrap_or_default();
        Ok(())
    }
}

impl WriteValue for String {
    fn write(&self, slot: Slot<'_>) {
        slot.text(self);
    }
}

impl WriteValue for str {
    fn write(&self, slot: Slot<'_>) {
        slot.text(self);
    }
}

impl ReadValue for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        *self = bool_of(value)?.unwrap_or_default();
        Ok(())
    }

    fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
        *place = bool_of(value)?;
        Ok(())
    }
}

fn bool_of(value: Value<'_, '_>) -> Result<Option<bool>, ReadError> {
    let Some(text) = value.scalar()? else { return Ok(None) };
    match text.trim() {
        "" | "-" => Ok(None),
        word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
        word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
        other => Err(ReadError::new(format!("expected true or false, found {:?}", shorten(other)))),
    }
}

impl WriteValue for bool {
    fn write(&self, slot: Slot<'_>) {
        slot.literal(if *self { "true" } else { "false" });
    }
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl ReadValue for $ty {
            fn blank() -> Self {
                0
            }

            fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
                let mut read = None;
                Self::read_option(&mut read, value)?;
                *self = read.unwrap_or_default();
                Ok(())
            }

            fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
                // The range was checked against this type.
                *place = integer_of(value, <$ty>::MIN.into(), <$ty>::MAX.into())?.and_then(|read| read.try_into().ok());
                Ok(())
            }
        }

        impl WriteValue for $ty {
            fn write(&self, slot: Slot<'_>) {
                slot.number(self);
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

fn integer_of(value: Value<'_, '_>, min: i128, max: i128) -> Result<Option<i128>, ReadError> {
    let Some(text) = value.scalar()? else { return Ok(None) };
    let text = text.trim();
    if matches!(text, "" | "-") {
        return Ok(None);
    }
    let read = text.parse::<i128>().ok().or_else(|| whole(text));
    match read {
        Some(read) if (min..=max).contains(&read) => Ok(Some(read)),
        Some(_) => Err(ReadError::new(format!("expected an integer from {min} to {max}, found {}", shorten(text)))),
        None => Err(ReadError::new(format!("expected an integer, found {:?}", shorten(text)))),
    }
}

/// A whole number that is written as a fraction, e.g. `10.0` or `1e3`.
fn whole(text: &str) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = text.parse::<f64>().ok()?;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return None;
    }
    // Exact: whole, and within the range that a binary fraction holds exactly.
    #[allow(clippy::cast_possible_truncation)]
    Some(number as i128)
}

macro_rules! floats {
    ($($ty:ty),*) => {$(
        impl ReadValue for $ty {
            fn blank() -> Self {
                0.0
            }

            fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
                let mut read = None;
                Self::read_option(&mut read, value)?;
                *self = read.unwrap_or_default();
                Ok(())
            }

            fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
                let Some(text) = value.scalar()? else {
                    *place = None;
                    return Ok(());
                };
                *place = match text.trim() {
                    "" | "-" => None,
                    text => match text.parse::<$ty>() {
                        Ok(read) if read.is_finite() => Some(read),
                        _ => return Err(ReadError::new(format!("expected a number, found {:?}", shorten(text)))),
                    },
                };
                Ok(())
            }
        }

        impl WriteValue for $ty {
            fn write(&self, slot: Slot<'_>) {
                // No notation has infinities; a request that holds one is refused before, unless validation is off.
                if self.is_finite() { slot.number(self) } else { slot.literal("null") }
            }
        }
    )*};
}

floats!(f32, f64);

impl<T: ReadValue> ReadValue for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, mut value: Value<'_, '_>) -> ReadResult {
        if value.is_null() {
            *self = None;
            return value.skip();
        }
        T::read_option(self, value)
    }
}

impl<T: WriteValue> WriteValue for Option<T> {
    fn write(&self, slot: Slot<'_>) {
        if let Some(value) = self {
            value.write(slot);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: ReadValue> ReadValue for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        let before = std::cell::Cell::new(self.len());
        let mut added = Vec::new();
        let is_list = std::cell::Cell::new(false);
        let result = value.items(T::EMPTY_IS_NO_ITEM, &mut |list| is_list.set(list), &mut |value| {
            let mut item = T::blank();
            let index = before.get() + added.len();
            item.read(value).map_err(|error| if is_list.get() { error } else { error.at(index) })?;
            added.push(item);
            Ok(())
        });
        // A whole list goes in place of what an earlier one left.
        if is_list.get() {
            self.clear();
        }
        self.append(&mut added);
        result
    }
}

impl<T: WriteValue> WriteValue for Vec<T> {
    fn write(&self, slot: Slot<'_>) {
        slot.list(&mut self.iter().map(|item| item as &dyn WriteValue));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: ReadValue> ReadValue for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        self.clear();
        value.members(&mut |name, value| {
            let mut member = T::blank();
            member.read(value)?;
            self.insert(name.to_owned(), member);
            Ok(())
        })
    }
}

impl<T: WriteValue> WriteValue for BTreeMap<String, T> {
    fn write(&self, slot: Slot<'_>) {
        slot.map(&mut self.iter().map(|(name, value)| (name.as_str(), value as &dyn WriteValue)));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// An enum whose unknown values are kept.
pub trait OpenEnum: fmt::Debug {
    /// The value as it stands on the wire.
    fn text(&self) -> &str;
    /// The value of a text, known or not.
    fn parse(text: &str) -> Self
    where
        Self: Sized;
    /// The value, where it is not a documented one.
    fn unknown(&self) -> Option<&UnknownValue>;
}

/// Reading, writing and checking of an open enum.
#[macro_export]
#[doc(hidden)]
macro_rules! open_enum {
    ($name:ty) => {
        impl $crate::codec::ReadValue for $name {
            fn blank() -> Self {
                <$name as $crate::codec::OpenEnum>::parse("")
            }

            fn read(&mut self, value: $crate::codec::Value<'_, '_>) -> $crate::codec::ReadResult {
                value.word(&mut |text| *self = <$name as $crate::codec::OpenEnum>::parse(text))
            }

            fn read_option(place: &mut Option<Self>, value: $crate::codec::Value<'_, '_>) -> $crate::codec::ReadResult {
                *place = None;
                value.word(&mut |text| *place = Some(<$name as $crate::codec::OpenEnum>::parse(text)))
            }
        }

        impl $crate::validate::AsText for $name {
            fn as_text(&self) -> Option<&str> {
                // Of a value that is not documented, nothing but that is known.
                match $crate::codec::OpenEnum::unknown(self) {
                    Some(_) => None,
                    None => Some($crate::codec::OpenEnum::text(self)),
                }
            }
        }

        impl $crate::codec::WriteValue for $name {
            fn write(&self, slot: $crate::codec::Slot<'_>) {
                slot.text($crate::codec::OpenEnum::text(self));
            }
        }
    };
}
