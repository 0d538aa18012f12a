//! How the checks see a field's value, whatever its Rust type.

use std::collections::BTreeMap;
use std::fmt;

use crate::codec::OpenEnum;
use crate::json::{Json, JsonText};
use crate::or_empty::OrEmpty;
use crate::secret::Secret;
use crate::time::Time;
use crate::unknown::UnknownValue;

/// A value that is text, where it is present.
pub trait AsText {
    /// The text.
    fn as_text(&self) -> Option<&str>;
}

impl AsText for str {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl AsText for String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl AsText for Secret {
    fn as_text(&self) -> Option<&str> {
        Some(self.expose())
    }
}

impl AsText for Time {
    fn as_text(&self) -> Option<&str> {
        Some(self.as_str())
    }
}

impl AsText for Json {
    fn as_text(&self) -> Option<&str> {
        Some(self.as_str())
    }
}

impl AsText for JsonText {
    fn as_text(&self) -> Option<&str> {
        Some(self.as_str())
    }
}

impl<T: AsText> AsText for Option<T> {
    fn as_text(&self) -> Option<&str> {
        self.as_ref().and_then(AsText::as_text)
    }
}

impl<T: AsText> AsText for OrEmpty<T> {
    fn as_text(&self) -> Option<&str> {
        self.value().and_then(AsText::as_text)
    }
}

impl<T: AsText + ?Sized> AsText for &T {
    fn as_text(&self) -> Option<&str> {
        (**self).as_text()
    }
}

/// A number of any width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// A fraction.
    Float(f64),
}

impl Number {
    /// How it compares; a fraction that is no number compares as neither.
    pub(super) fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (a, b) => a.float().partial_cmp(&b.float()),
        }
    }

    #[allow(clippy::cast_precision_loss)] // A bound on a fraction is a small number.
    fn float(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
        }
    }
}

macro_rules! numbers {
    ($($ty:ty => $variant:ident),*) => {$(
        impl From<$ty> for Number {
            fn from(value: $ty) -> Self {
                Self::$variant(value.into())
            }
        }

        impl AsNumber for $ty {
            fn as_number(&self) -> Option<Number> {
                Some((*self).into())
            }
        }
    )*};
}

/// A value that is a number, where it is present.
pub trait AsNumber {
    /// The number.
    fn as_number(&self) -> Option<Number>;
}

numbers!(i32 => Integer, i64 => Integer, u32 => Integer, u64 => Integer, i128 => Integer, f32 => Float, f64 => Float);

impl<T: AsNumber> AsNumber for Option<T> {
    fn as_number(&self) -> Option<Number> {
        self.as_ref().and_then(AsNumber::as_number)
    }
}

impl<T: AsNumber> AsNumber for OrEmpty<T> {
    fn as_number(&self) -> Option<Number> {
        self.value().and_then(AsNumber::as_number)
    }
}

impl<T: AsNumber> AsNumber for &T {
    fn as_number(&self) -> Option<Number> {
        (**self).as_number()
    }
}

/// A value that has a number of items or members, where it is present.
pub trait AsCount {
    /// How many.
    fn as_count(&self) -> Option<usize>;
    /// The index of an item that equals an earlier one.
    fn repeated(&self) -> Option<usize> {
        None
    }
}

impl<T: PartialEq> AsCount for Vec<T> {
    fn as_count(&self) -> Option<usize> {
        Some(self.len())
    }

    fn repeated(&self) -> Option<usize> {
        (1..self.len()).find(|&index| self[..index].contains(&self[index]))
    }
}

impl<T> AsCount for BTreeMap<String, T> {
    fn as_count(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl AsCount for Json {
    fn as_count(&self) -> Option<usize> {
        self.len()
    }
}

impl<T: AsCount> AsCount for Option<T> {
    fn as_count(&self) -> Option<usize> {
        self.as_ref().and_then(AsCount::as_count)
    }

    fn repeated(&self) -> Option<usize> {
        self.as_ref().and_then(AsCount::repeated)
    }
}

impl<T: AsCount> AsCount for &T {
    fn as_count(&self) -> Option<usize> {
        (**self).as_count()
    }

    fn repeated(&self) -> Option<usize> {
        (**self).repeated()
    }
}

/// Where a value stands in its field.
#[derive(Debug, Clone, Copy)]
pub enum Place<'p> {
    /// It is the field's value.
    Itself,
    /// An item of a list.
    Item(usize),
    /// A member of a map.
    Member(&'p str),
}

/// An enum, or several of it.
pub trait Known {
    /// Hands every value that is neither documented nor forced to a function, with its place.
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str));
}

fn refused(value: &dyn OpenEnum) -> Option<&str> {
    value.unknown().filter(|unknown| !unknown.is_forced()).map(UnknownValue::as_str)
}

impl<T: OpenEnum> Known for T {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(text) = refused(self) {
            report(Place::Itself, text);
        }
    }
}

impl<T: OpenEnum> Known for Option<T> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(value) = self {
            value.undocumented(report);
        }
    }
}

impl<T: OpenEnum> Known for OrEmpty<T> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(value) = self.value() {
            value.undocumented(report);
        }
    }
}

impl<T: OpenEnum> Known for Option<OrEmpty<T>> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(value) = self {
            value.undocumented(report);
        }
    }
}

impl<T: OpenEnum> Known for Vec<T> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        for (index, value) in self.iter().enumerate() {
            if let Some(text) = refused(value) {
                report(Place::Item(index), text);
            }
        }
    }
}

impl<T: OpenEnum> Known for BTreeMap<String, T> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        for (name, value) in self {
            if let Some(text) = refused(value) {
                report(Place::Member(name), text);
            }
        }
    }
}

impl<T: OpenEnum> Known for Option<BTreeMap<String, T>> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(values) = self {
            values.undocumented(report);
        }
    }
}

impl<T: OpenEnum> Known for Option<Vec<T>> {
    fn undocumented(&self, report: &mut dyn FnMut(Place<'_>, &str)) {
        if let Some(values) = self {
            values.undocumented(report);
        }
    }
}
