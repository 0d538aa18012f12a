//! Values that may be given and empty.

use std::fmt;

use crate::codec::{ReadResult, ReadValue, Slot, Value, WriteValue};

/// A value, or an empty place where it would stand, which means something of its own to the service.
///
/// In an `Option` it has three states: absent, empty, and a value. A value turns into one by itself, so setters take it
/// as it is.
///
/// ```
/// use mediajobs_runtime::OrEmpty;
///
/// let contrast: OrEmpty<i32> = 50.into();
/// assert_eq!(contrast.value(), Some(&50));
/// assert!(OrEmpty::<i32>::Empty.is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OrEmpty<T> {
    /// It is there, with nothing in it: an empty element, parameter or text.
    #[default]
    Empty,
    /// A value.
    Value(T),
}

impl<T> OrEmpty<T> {
    /// Whether it is empty.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The value, unless it is empty.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Empty => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value itself, unless it is empty.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Empty => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for OrEmpty<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: fmt::Display> fmt::Display for OrEmpty<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.pad(""),
            Self::Value(value) => value.fmt(f),
        }
    }
}

impl<T: ReadValue> ReadValue for OrEmpty<T> {
    fn blank() -> Self {
        Self::Empty
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        let mut read = None;
        Self::read_option(&mut read, value)?;
        *self = read.unwrap_or_default();
        Ok(())
    }

    fn read_option(place: &mut Option<Self>, mut value: Value<'_, '_>) -> ReadResult {
        if value.is_empty() {
            *place = Some(Self::Empty);
            return value.skip();
        }
        // What stands for no value, such as the `-` of some answers, is no empty one.
        let mut read = None;
        T::read_option(&mut read, value)?;
        *place = read.map(Self::Value);
        Ok(())
    }
}

impl<T: WriteValue> WriteValue for OrEmpty<T> {
    fn write(&self, slot: Slot<'_>) {
        match self {
            Self::Empty => slot.text(""),
            Self::Value(value) => value.write(slot),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{self, Fields, Limits, Read, read_json, read_xml};

    #[derive(Debug, PartialEq, Default)]
    struct Colours {
        contrast: Option<OrEmpty<i32>>,
        level: OrEmpty<f64>,
    }

    impl Read for Colours {
        fn blank() -> Self {
            Self::default()
        }

        fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
            match name {
                "Contrast" => value.read(&mut self.contrast),
                "Level" => value.given(0).read(&mut self.level),
                _ => value.skip(),
            }
        }

        fn required(&self) -> &'static [&'static str] {
            &["Level"]
        }
    }

    fn write(colours: &Colours) -> impl Fn(&mut Fields<'_>) {
        |out| {
            out.field("Contrast", &colours.contrast);
            out.field("Level", &colours.level);
        }
    }

    fn xml(text: &str) -> Result<Colours, String> {
        let mut read = Colours::default();
        read_xml(text.as_bytes(), "C", Limits::DEFAULT, &mut read).map_err(|error| error.to_string())?;
        Ok(read)
    }

    fn json(text: &str) -> Result<Colours, String> {
        let mut read = Colours::default();
        read_json(text.as_bytes(), Limits::DEFAULT, &mut read).map_err(|error| error.to_string())?;
        Ok(read)
    }

    #[test]
    fn three_states() {
        let states = [
            (None, "", ""),
            (Some(OrEmpty::Empty), "<Contrast></Contrast>", "\"Contrast\":\"\","),
            (Some(OrEmpty::Value(50)), "<Contrast>50</Contrast>", "\"Contrast\":50,"),
        ];
        for (contrast, element, member) in states {
            let colours = Colours { contrast, level: OrEmpty::Empty };
            let (as_xml, as_json) = (format!("<C>{element}<Level></Level></C>"), format!("{{{member}\"Level\":\"\"}}"));
            assert_eq!(codec::xml_element("C", &write(&colours)), Ok(as_xml.clone()));
            assert_eq!(codec::json_object(&write(&colours)), as_json);
            assert_eq!((xml(&as_xml), json(&as_json)), (Ok(Colours { contrast, ..Colours::default() }), Ok(colours)));
        }
        assert_eq!(codec::query(false, &write(&Colours::default())), "Level=");
    }

    #[test]
    fn what_is_empty_and_what_is_none() {
        let contrast = |text: &str| xml(&format!("<C>{text}<Level>0.5</Level></C>")).map(|read| read.contrast);
        assert_eq!(contrast("<Contrast/>"), Ok(Some(OrEmpty::Empty)));
        assert_eq!(contrast("<Contrast> </Contrast>"), Ok(Some(OrEmpty::Empty)));
        assert_eq!(contrast("<Contrast>-</Contrast>"), Ok(None));
        assert_eq!(json(r#"{"Contrast":null,"Level":1}"#).map(|read| read.contrast), Ok(None));
        assert!(contrast("<Contrast>x</Contrast>").is_err_and(|error| error.contains("expected an integer")));
        // What must be there may be empty, and may not be missing.
        assert_eq!(json(r#"{"Level":""}"#).map(|read| read.level), Ok(OrEmpty::Empty));
        assert!(json("{}").is_err_and(|error| error.starts_with("Level: missing")));
        assert!(json(r#"{"Level":null}"#).is_err());
    }

    #[test]
    fn shown() {
        assert_eq!(format!("[{:>2}] [{:>2}]", OrEmpty::<i32>::Empty, OrEmpty::from(7)), "[  ] [ 7]");
    }
}
