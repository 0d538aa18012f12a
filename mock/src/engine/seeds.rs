//! What is there without having been made.

use mediajobs_runtime::server::ResourceInfo;
use serde_json::{Map, Value};

use super::resources::Act;
use super::{examples, paths, shape};
use crate::store::{Collection, Store, Thing};

impl Act<'_> {
    /// A thing that is there without having been made.
    fn there(&self, key: Vec<String>, members: Map<String, Value>) -> Thing {
        let (created, updated) = (self.now.millis, self.now.millis);
        Thing { key, members, made_by: None, number: 0, created, updated, life: None }
    }

    /// Puts there what the documents show to be there from the start.
    pub(super) fn seed_of(&self, store: &mut Store, resource: &'static ResourceInfo) {
        let collection = self.collection_of(resource);
        if store.has(&collection) {
            return;
        }
        store.open(&collection);
        self.seed_defaults(store, resource, &collection);
        let Some(seeded) = resource.seeded else { return };
        let Some(entry) = self.catalog.entry(self.service, seeded) else { return };
        let Some(operation) = resource.operations.iter().find(|operation| operation.operation == seeded) else {
            return;
        };
        let (Some(path), examples) = (operation.record, self.catalog.examples(self.service, entry)) else { return };
        let schema = examples::schema_at(entry.response(), path);
        let Some((example, schema)) = examples.first().zip(schema) else { return };
        for record in examples::records(example, path) {
            let mut members = shape::keep(schema, record);
            for (given, member) in operation.gives {
                if let Some(value) = paths::first(&members, given).cloned() {
                    paths::set(&mut members, member, value);
                }
            }
            let key: Option<Vec<String>> =
                resource.key.iter().map(|member| paths::first(&members, member).and_then(paths::text)).collect();
            if let Some(key) = key {
                store.insert(&collection, self.there(key, members));
            }
        }
    }

    /// What the service takes where nobody names one is there from the start.
    fn seed_defaults(&self, store: &mut Store, resource: &'static ResourceInfo, collection: &Collection) {
        let [own] = resource.key else { return };
        let of_inner =
            self.catalog.within(self.service, resource).flat_map(|inner| inner.operations).filter_map(|operation| {
                let taken = operation.takes.iter().find(|(_, member)| member == own);
                let path = taken.map_or(*own, |(path, _)| path);
                self.catalog.entry(self.service, operation.operation)?.request().field(path)?.default
            });
        for default in of_inner {
            let key = vec![default.to_owned()];
            if store.get(collection, &key).is_none() {
                let members = resource.initial.iter().copied().chain([(*own, default)]);
                let members = members.map(|(member, value)| (member.to_owned(), Value::String(value.to_owned())));
                store.insert(collection, self.there(key, members.collect()));
            }
        }
    }
}
