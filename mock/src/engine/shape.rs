//! Values as they are kept, and as they stand on the wire: lists in one text, JSON in a text, numbers as texts.

use mediajobs_runtime::facts::{Protocol, ServiceInfo};
use mediajobs_runtime::server::{FieldSchema, Layout, Many, RecordSchema, ValueSchema};
use serde_json::{Map, Value};

use super::{paths, wire_xml};

/// The members of an answer's body, as they stand.
pub(crate) fn read_body(
    service: &ServiceInfo,
    schema: &RecordSchema,
    body: &str,
) -> Result<Map<String, Value>, String> {
    if service.protocol == Protocol::RestXml {
        return wire_xml::read(body, schema);
    }
    match serde_json::from_str(body).map_err(|error| error.to_string())? {
        Value::Object(members) => Ok(members),
        found => match bare(schema) {
            Some(field) => Ok(Map::from_iter([(field.name.to_owned(), found)])),
            None => Err("it is no JSON object".to_owned()),
        },
    }
}

/// An answer's body.
pub(crate) fn write_body(service: &ServiceInfo, schema: &RecordSchema, mut members: Map<String, Value>) -> String {
    if service.protocol == Protocol::RestXml {
        return wire_xml::write(service.xml_roots.response, &members, schema);
    }
    let list = bare(schema).and_then(|field| members.remove(field.name));
    list.unwrap_or(Value::Object(members)).to_string()
}

/// The field that is the whole body.
fn bare(schema: &RecordSchema) -> Option<&'static FieldSchema> {
    schema.fields.iter().find(|field| field.layout == Layout::Bare)
}

/// The record of a variant, by its tag among the members.
pub(crate) fn variant(schema: &RecordSchema, members: &Map<String, Value>) -> Option<&'static RecordSchema> {
    let variants = schema.variants?;
    let tag = members.get(variants.tag)?.as_str()?;
    variants.records.iter().find(|(name, _)| *name == tag).map(|(_, record)| *record)
}

/// Members off the wire as they are kept: by their first names, lists as lists, JSON in texts as what it says.
pub(crate) fn keep(schema: &RecordSchema, members: &Map<String, Value>) -> Map<String, Value> {
    let variant = variant(schema, members);
    let mut kept = Map::new();
    for (name, value) in members {
        let field = schema.field(name).or_else(|| variant?.field(name));
        match field {
            Some(field) => _ = kept.insert(field.name.to_owned(), keep_value(field, value)),
            None => _ = kept.insert(name.clone(), value.clone()),
        }
    }
    kept
}

/// One value off the wire as it is kept.
pub(crate) fn keep_value(field: &FieldSchema, value: &Value) -> Value {
    let parsed;
    let value = match (field.layout, value) {
        (Layout::Json, Value::String(text)) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Array(_) | Value::Object(_))) => {
                parsed = inner;
                &parsed
            }
            _ => return value.clone(),
        },
        (Layout::Comma, Value::String(text)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            parsed = items.map(|item| Value::String(item.to_owned())).collect();
            &parsed
        }
        _ => value,
    };
    let one = |value: &Value| match (field.holds, value) {
        (ValueSchema::Record(record), Value::Object(members)) => Value::Object(keep(record, members)),
        _ => value.clone(),
    };
    match (field.many, value) {
        (Many::List, Value::Array(items)) => items.iter().map(one).collect(),
        (Many::List, Value::Null) => Value::Array(Vec::new()),
        (Many::List, single) => Value::Array(vec![one(single)]),
        (Many::Map, Value::Object(members)) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), one(value))).collect())
        }
        _ => one(value),
    }
}

/// A kept value as an answer of this field writes it. `like` is what the documented answer has in its place: its kind of value is
/// the one that is written.
pub(crate) fn tell_value(field: &FieldSchema, value: &Value, like: Option<&Value>) -> Value {
    let one = |value: &Value, like: Option<&Value>| match (field.holds, value) {
        (ValueSchema::Record(record), Value::Object(members)) => Value::Object(tell(record, members)),
        (ValueSchema::JsonText, Value::Array(_) | Value::Object(_)) => Value::String(value.to_string()),
        (_, value) => leaf(field, value, like),
    };
    let told = match (field.many, value) {
        (Many::List, Value::Array(items)) => items.iter().map(|item| one(item, None)).collect(),
        (Many::List, Value::Null) => Value::Array(Vec::new()),
        (Many::List, single) => Value::Array(vec![one(single, None)]),
        (Many::Map, Value::Object(members)) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), one(value, None))).collect())
        }
        // Several in a place for one: the first.
        (Many::One, Value::Array(items)) if !matches!(field.holds, ValueSchema::Json | ValueSchema::JsonText) => {
            items.first().map_or(Value::Null, |item| one(item, like))
        }
        _ => one(value, like),
    };
    match (field.layout, &told) {
        (Layout::Json, Value::Array(_) | Value::Object(_)) => Value::String(told.to_string()),
        (Layout::Comma, Value::Array(items)) => {
            Value::String(items.iter().filter_map(paths::text).collect::<Vec<_>>().join(","))
        }
        _ => told,
    }
}

/// Kept members as an answer of this record writes them: what it does not know is left out.
pub(crate) fn tell(schema: &RecordSchema, members: &Map<String, Value>) -> Map<String, Value> {
    let variant = variant(schema, members);
    let fields = schema.fields.iter().chain(variant.map(|record| record.fields).unwrap_or_default());
    let told = fields.filter_map(|field| {
        let value = members.get(field.name)?;
        Some((field.name.to_owned(), tell_value(field, value, None)))
    });
    told.collect()
}

fn leaf(field: &FieldSchema, value: &Value, like: Option<&Value>) -> Value {
    let as_text = field.layout == Layout::Text || matches!(like, Some(Value::String(_)));
    match (field.holds, value) {
        (ValueSchema::Bool, Value::String(text)) if !as_text => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => value.clone(),
        },
        (ValueSchema::Integer | ValueSchema::Float, Value::String(text)) if !as_text => {
            let number = serde_json::from_str::<serde_json::Number>(text.trim());
            number.map_or_else(|_| value.clone(), Value::Number)
        }
        (ValueSchema::Json | ValueSchema::JsonText, _)
        | (_, Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_)) => value.clone(),
        (ValueSchema::Bool | ValueSchema::Integer | ValueSchema::Float, _) if !as_text => value.clone(),
        (_, number) if matches!(like, Some(Value::Number(_) | Value::Bool(_))) => number.clone(),
        (_, value) => paths::text(value).map_or(Value::Null, Value::String),
    }
}

/// Makes texts of the members by which clients know a refusal, where they are texts: some pages show them without quotes, and
/// clients that read by type do not take them so.
pub(crate) fn quote_verdict(service: &ServiceInfo, schema: &RecordSchema, members: &mut Map<String, Value>) {
    for name in service.errors.code.iter().chain(&service.errors.success_flag) {
        let is_text = schema
            .field(name)
            .is_some_and(|field| field.layout == Layout::Text || matches!(field.holds, ValueSchema::Text));
        match members.get_mut(*name) {
            Some(value @ (Value::Number(_) | Value::Bool(_))) if is_text => *value = Value::String(value.to_string()),
            _ => {}
        }
    }
}

/// The least that a record may hold.
pub(crate) fn least(schema: &RecordSchema) -> Map<String, Value> {
    least_within(schema, 0)
}

fn least_within(schema: &RecordSchema, level: usize) -> Map<String, Value> {
    // A record that must hold itself has no least.
    if level > 16 {
        return Map::new();
    }
    let required = schema.fields.iter().filter(|field| field.required);
    let mut members: Map<String, Value> =
        required.map(|field| (field.name.to_owned(), least_value_within(field, level))).collect();
    if let Some((tag, (name, record))) =
        schema.variants.and_then(|variants| Some((variants.tag, variants.records.first()?)))
    {
        members.insert(tag.to_owned(), Value::String((*name).to_owned()));
        members.extend(least_within(record, level + 1));
    }
    members
}

/// The least that a field may hold.
pub(crate) fn least_value(field: &FieldSchema) -> Value {
    least_value_within(field, 0)
}

fn least_value_within(field: &FieldSchema, level: usize) -> Value {
    match field.many {
        Many::List => return Value::Array(Vec::new()),
        Many::Map => return Value::Object(Map::new()),
        Many::One => {}
    }
    if let Some(text) = field.constant.or(field.default) {
        return leaf(field, &Value::String(text.to_owned()), None);
    }
    match field.holds {
        ValueSchema::Bool => Value::Bool(false),
        ValueSchema::Integer | ValueSchema::Float => Value::Number(0.into()),
        ValueSchema::Enum(words) => Value::String(words.first().copied().unwrap_or_default().to_owned()),
        ValueSchema::Record(record) => Value::Object(least_within(record, level + 1)),
        ValueSchema::Json => Value::Object(Map::new()),
        ValueSchema::JsonText => Value::String("{}".to_owned()),
        ValueSchema::UtcTime => Value::String("1970-01-01T00:00:00Z".to_owned()),
        ValueSchema::OffsetTime => Value::String("1970-01-01T08:00:00+0800".to_owned()),
        ValueSchema::Text => Value::String(field.name.to_owned()),
    }
}
