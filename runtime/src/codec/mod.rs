//! What generated code calls to read and write wire text. Not meant for users, and not covered by version promises.

mod body;
mod json;
mod limits;
mod read;
mod scalar;
mod union;
mod value;
mod write;
mod xml;

pub use limits::Limits;
pub use read::{Read, ReadError, ReadResult, read_json, read_xml};
pub use scalar::{OpenEnum, ReadValue, WriteValue, blank};
pub use union::{Union, UnionWrite, read as read_tagged, write as write_tagged};
pub use value::Value;
#[doc(hidden)]
pub use value::shorten as value_excerpt;
pub use write::{Fields, Slot, Write};
pub(crate) use write::{json_object, pairs, query, xml_element};

pub use crate::{open_enum, read_union, write_union};

pub(crate) use body::{check_size, excerpt, notation_of};
pub(crate) use read::read_xml_any;
#[cfg(feature = "server")]
pub(crate) use read::{check_required, read_json_fields, read_xml_fields};
#[cfg(feature = "server")]
pub(crate) use write::json_body;
#[cfg(feature = "testing")]
pub(crate) use write::{json_string, xml_text};

pub(crate) use json::{JsonReader, Kind as JsonKind};
pub(crate) use xml::XmlReader;
