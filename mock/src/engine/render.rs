//! What is told of a thing: in the shape of the documented answer, with the thing's own values.

use std::collections::HashMap;

use mediajobs_runtime::facts::Protocol;
use mediajobs_runtime::server::{FieldSchema, Layout, Many, RecordSchema, ResourceOperation, ValueSchema};
use serde_json::{Map, Value};

use super::view::{REGION, View};
use super::{likes, shape, times};

/// How a service writes a time that is not yet known.
const NO_TIME: &str = "-";

/// The record that tells of a thing.
pub(crate) fn record(
    protocol: Protocol,
    schema: &RecordSchema,
    view: &View,
    operation: &ResourceOperation,
    example: Option<&Map<String, Value>>,
) -> Map<String, Value> {
    Renderer { view, protocol, gives: operation.gives, others: likes::others(example, view) }
        .record(schema, "", example)
}

struct Renderer<'v> {
    view: &'v View,
    protocol: Protocol,
    gives: &'static [(&'static str, &'static str)],
    /// Texts of the documented answer, and what they are in the thing.
    others: HashMap<String, String>,
}

impl Renderer<'_> {
    fn record(&self, schema: &RecordSchema, path: &str, example: Option<&Map<String, Value>>) -> Map<String, Value> {
        let tag = schema.variants.and_then(|variants| {
            let told = self.field(schema.field(variants.tag)?, &join(path, variants.tag), example)?;
            let (_, record) = variants.records.iter().find(|(name, _)| told.as_str() == Some(*name))?;
            Some(*record)
        });
        let fields = schema.fields.iter().chain(tag.map(|record| record.fields).unwrap_or_default());
        let told = fields.filter_map(|field| {
            let value = self.field(field, &join(path, field.name), example)?;
            Some((field.name.to_owned(), value))
        });
        told.collect()
    }

    fn field(&self, field: &FieldSchema, path: &str, example: Option<&Map<String, Value>>) -> Option<Value> {
        let like = example.and_then(|example| example.get(field.name));
        let member = self.gives.iter().find(|(given, _)| *given == path).map_or(path, |(_, member)| *member);
        if let Some(time) = self.view.time(member) {
            return match time {
                Some(time) => Some(times::tell(field, self.protocol, time, like)),
                None if matches!(field.holds, ValueSchema::OffsetTime) => Some(Value::String(NO_TIME.to_owned())),
                None => self.view.get(member).cloned().or(field.required.then(|| Value::String(String::new()))),
            };
        }
        let own = self.view.get(member);
        // As it was written, where it is told as a text.
        let is_text = matches!(field.holds, ValueSchema::Text | ValueSchema::JsonText);
        let own = self.view.written(member).filter(|_| is_text).or(own);
        if let (ValueSchema::Record(record), Many::One) = (field.holds, field.many) {
            return self.nested(field, record, path, own, like);
        }
        let is_result = |like: &Value| self.view.is_without_result && (like.is_object() || like.is_array());
        let is_region = field.name == "Region";
        let region = || self.view.get(REGION).filter(|_| is_region && (like.is_some() || field.required)).cloned();
        let may_borrow = |like: &&Value| self.view.may_borrow(member) && !is_result(like);
        let borrowed = || like.filter(may_borrow).map(|like| likes::borrowed(like, &self.others));
        let is_shown = like.is_some() || field.required;
        let default =
            || self.view.default(member).map(|text| shape::tell_value(field, &Value::String(text.to_owned()), like));
        match own {
            Some(own) => Some(shape::tell_value(field, own, like)),
            None => region()
                .or_else(borrowed)
                .or_else(|| default().filter(|_| is_shown))
                .or_else(|| field.required.then(|| shape::least_value(field))),
        }
    }

    /// Whether a record of the documented answer may be shown of which the thing has nothing itself: what came of a job always may.
    fn may_show(&self, path: &str) -> bool {
        !self.view.is_without_result && (self.view.may_borrow(path) || self.view.result == Some(path))
    }

    /// A record within: what the thing has of it, what the documented answer shows besides, and what stands elsewhere in the thing.
    fn nested(
        &self,
        field: &FieldSchema,
        record: &'static RecordSchema,
        path: &str,
        own: Option<&Value>,
        like: Option<&Value>,
    ) -> Option<Value> {
        let parsed = like.map(|like| shape::keep_value(field, like));
        let example = parsed.as_ref().and_then(Value::as_object).filter(|_| own.is_some() || self.may_show(path));
        let has_given = || {
            let inside = |given: &str| given.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
            self.gives.iter().any(|(given, _)| inside(given))
        };
        match own {
            // Not a record: as it is.
            Some(own) if !own.is_object() && !own.is_array() => return Some(own.clone()),
            None if example.is_none() && !has_given() && !field.required => return None,
            _ => {}
        }
        let told = self.record(record, path, example);
        if told.is_empty() && own.is_none() && !field.required {
            return None;
        }
        let told = Value::Object(told);
        Some(if field.layout == Layout::Json { Value::String(told.to_string()) } else { told })
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
