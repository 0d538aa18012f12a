//! How things are made: what a request says of them, their keys, and the life of a job.

use mediajobs_runtime::facts::Effect;
use serde_json::{Map, Value};

use super::resources::{Act, Outcome, exists};
use super::view::{REGION, View};
use super::{ids, paths, times};
use crate::refusal::Refusal;
use crate::store::{Life, Store, Thing};

impl Act<'_> {
    /// What a request with these fields says of the thing that it makes or changes, by its members.
    pub(super) fn said(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let is_renamed = |name: &str| {
            let mut takes = self.operation.takes.iter();
            takes.any(|(path, _)| path.trim_end_matches("[]") == name)
        };
        let mut said: Map<String, Value> = fields
            .iter()
            .filter(|(name, _)| !is_renamed(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (path, member) in self.operation.takes {
            if let Some(setting) = self.asked.setting(path) {
                if let Some(value) = setting {
                    paths::set(&mut said, member, Value::String(value.clone()));
                }
                continue;
            }
            if path.is_empty() {
                paths::set(&mut said, member, Value::Object(fields.clone()));
                continue;
            }
            let value = paths::first(fields, path).map(|value| match value {
                Value::Array(items) if path.ends_with("[]") => items.first().cloned().unwrap_or(Value::Null),
                value => value.clone(),
            });
            if let Some(value) = value {
                paths::set(&mut said, member, value);
            }
        }
        for (member, value) in self.operation.sets {
            paths::set(&mut said, member, Value::String((*value).to_owned()));
        }
        said
    }

    pub(super) fn create(&self, store: &mut Store) -> Result<Outcome, Refusal> {
        let fields = &self.asked.fields;
        let each = self.operation.takes.iter().map(|(path, _)| *path).find(|path| path.ends_with("[]"));
        let wholes: Vec<Map<String, Value>> = match each.map(|path| (path, items(fields, path))) {
            Some((path, items)) if !items.is_empty() => items
                .into_iter()
                .map(|item| {
                    let mut fields = fields.clone();
                    paths::set(&mut fields, path, Value::Array(vec![item]));
                    self.said(&fields)
                })
                .collect(),
            _ => vec![self.said(fields)],
        };
        let mut outcome = Outcome::default();
        for said in wholes {
            for key in self.new_keys(store, &said)? {
                outcome.views.extend(self.make(store, &said, key)?);
            }
        }
        Ok(outcome)
    }

    /// The keys of what is made: an id of the service's making, or those that the request gives.
    fn new_keys(&self, store: &mut Store, said: &Map<String, Value>) -> Result<Vec<Vec<String>>, Refusal> {
        let Some((own, outer)) = self.resource.key.split_last() else { return Ok(Vec::new()) };
        let text = |member: &str| paths::first(said, member).and_then(paths::text);
        let mut key = Vec::new();
        for member in outer {
            let value = text(member).or_else(|| self.asked_for(member).into_iter().next());
            key.push(value.ok_or_else(|| Refusal::missing(self.service, self.asked_at(member)))?);
        }
        let is_asked = self.entry.request().field(self.asked_at(own)).is_some();
        let ids = match (self.ids(), self.resource.id) {
            (ids, _) if !ids.is_empty() => ids,
            (_, Some(form)) => vec![ids::make(form, &mut store.numbers)],
            // The name of a bucket stands in the host.
            (_, None) if !is_asked => vec![self.asked.scope.clone()],
            // It concerns something else as well, and not this.
            (_, None) if self.catalog.parts(self.service, self.info().name).len() > 1 => Vec::new(),
            (_, None) => return Err(Refusal::missing(self.service, self.asked_at(own))),
        };
        Ok(ids.into_iter().map(|id| key.iter().cloned().chain([id]).collect()).collect())
    }

    fn make(&self, store: &mut Store, said: &Map<String, Value>, key: Vec<String>) -> Result<Option<View>, Refusal> {
        let collection = self.collection();
        if let Some(thing) = store.get_mut(&collection, &key) {
            // What may be sent twice changes nothing the second time.
            if self.info().effect != Effect::Create && self.resource.exists.is_none() {
                thing.updated = self.now.millis;
                return Ok(store.get(&collection, &key).and_then(|thing| self.view(thing)));
            }
            return Err(exists(self.service, self.resource, key.last().map_or("", String::as_str)));
        }
        let mut members = said.clone();
        for (member, value) in self.resource.initial {
            if paths::first(&members, member).is_none() {
                paths::set(&mut members, member, Value::String((*value).to_owned()));
            }
        }
        for (member, value) in self.resource.key.iter().zip(&key) {
            paths::set(&mut members, member, Value::String(value.clone()));
        }
        if let Some(region) = &self.asked.region {
            members.insert(REGION.to_owned(), Value::String(region.clone()));
        }
        let life = self.info().job.map(|_| self.life(self.info().name));
        let (created, updated) = (self.now.millis, self.now.millis);
        let made_by = Some(self.info().name.to_owned());
        store.insert(&collection, Thing { key: key.clone(), members, made_by, number: 0, created, updated, life });
        Ok(store.get(&collection, &key).and_then(|thing| self.view(thing)))
    }

    pub(super) fn life(&self, submit: &str) -> Life {
        let pace = self.now.pace;
        Life {
            submit: submit.to_owned(),
            since: self.now.millis,
            queued: times::duration(pace.queued),
            running: times::duration(pace.running),
            failure: self.now.failure.clone(),
            halted: None,
            told: false,
        }
    }
}

/// The items of a list in the request.
fn items(fields: &Map<String, Value>, path: &str) -> Vec<Value> {
    match paths::first(fields, path) {
        Some(Value::Array(items)) => items.clone(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    }
}
