//! The message that tells of a job's end.

use bytes::Bytes;
use mediajobs_runtime::Notation;
use mediajobs_runtime::server::CallbackEntry;
use serde_json::{Map, Value};

use super::due::JOBS;
use crate::engine::{Engine, paths, wire_xml};
use crate::service::Service;
use crate::store::{Millis, Thing};

/// The message of the service.
const CALLBACK: &str = "MediaJobCallback";

/// What a query tells of a job and no documented message does.
const NOT_TOLD: &[&str] = &["CallBack", "CallBackFormat", "Progress", "Operation.JobLevel"];

/// Jobs whose JSON has one job where that of others has a list: pages 1045/73155, 1045/73101 and 1045/72956 of the vendor.
const WITHOUT_LIST: &[&str] = &["ExtractDigitalWatermark", "QualityEstimate", "Snapshot"];

/// The message about a job, as a query would tell of it now.
pub(crate) fn of(engine: &Engine, job: &Thing, notation: Notation, now: Millis) -> Option<Bytes> {
    let entry = entry()?;
    let resource = engine.catalog().resource(Service::TencentCi, JOBS)?;
    let mut record = engine.told_by_query(Service::TencentCi, resource, job, now)?;
    for path in NOT_TOLD {
        paths::remove(&mut record, path);
    }
    let is_alone = record.get("Tag").and_then(Value::as_str).is_some_and(|tag| WITHOUT_LIST.contains(&tag));
    let mut message = Map::new();
    message.insert("EventName".to_owned(), Value::String("TaskFinish".to_owned()));
    message.insert("JobsDetail".to_owned(), Value::Array(vec![Value::Object(record)]));
    let mut message = Value::Object(message);
    message.sort_all_objects();
    let body = match notation {
        Notation::Json => {
            let mut message = texts(message);
            if let Some(detail) = message.get_mut("JobsDetail").filter(|_| is_alone)
                && let Some(job) = detail.get_mut(0).map(Value::take)
            {
                *detail = job;
            }
            message.to_string()
        }
        _ => wire_xml::write(entry.info().xml_root, message.as_object()?, entry.message()),
    };
    Some(body.into())
}

pub(super) fn entry() -> Option<&'static dyn CallbackEntry> {
    mediajobs_tencent_ci::server::CALLBACKS.iter().copied().find(|entry| entry.info().name == CALLBACK)
}

/// A message's JSON: every value is a text, and what XML would show empty is left out.
fn texts(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let told = members.into_iter().map(|(name, value)| (name, texts(value)));
            Value::Object(told.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => items.into_iter().map(texts).collect(),
        value => Value::String(paths::text(&value).unwrap_or_default()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
    }
}
