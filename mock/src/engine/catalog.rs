//! What there is to be asked for: the operations of all services, and the things that they keep.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use mediajobs_runtime::server::{OperationEntry, ResourceAction, ResourceInfo, ResourceOperation};

use super::examples::{self, Example};
use crate::service::Service;

/// An operation's part in the life of the things of one kind.
pub(crate) type Part = (&'static ResourceInfo, &'static ResourceOperation);

/// An operation that makes things of one kind.
pub(crate) type Maker = (&'static dyn OperationEntry, &'static ResourceOperation);

/// The operations of all services, and the things that they keep.
#[derive(Debug)]
pub(crate) struct Catalog {
    parts: HashMap<(Service, &'static str), Vec<Part>>,
    makers: HashMap<(Service, &'static str), Arc<[Maker]>>,
    /// The documented answers of each operation, once they were read.
    examples: HashMap<(Service, &'static str), OnceLock<Vec<Example>>>,
}

impl Catalog {
    pub(crate) fn new() -> Self {
        let mut catalog = Self { parts: HashMap::new(), makers: HashMap::new(), examples: HashMap::new() };
        for service in Service::ALL {
            let names = service.operations().iter().map(|entry| entry.info().name);
            catalog.examples.extend(names.map(|name| ((service, name), OnceLock::new())));
            for resource in service.resources() {
                let mut makers: Vec<Maker> = Vec::new();
                for operation in resource.operations {
                    catalog.parts.entry((service, operation.operation)).or_default().push((resource, operation));
                    let entry = catalog.entry(service, operation.operation);
                    makers.extend(
                        entry.filter(|_| operation.does == ResourceAction::Create).map(|entry| (entry, operation)),
                    );
                }
                catalog.makers.insert((service, resource.name), makers.into());
            }
        }
        catalog
    }

    /// The operation of a vendor's name.
    pub(crate) fn entry(&self, service: Service, name: &str) -> Option<&'static dyn OperationEntry> {
        let operations = service.operations();
        // They are sorted by name.
        let index = operations.binary_search_by(|entry| entry.info().name.cmp(name)).ok()?;
        operations.get(index).copied()
    }

    /// What an operation does to what is kept.
    pub(crate) fn parts(&self, service: Service, operation: &'static str) -> &[Part] {
        self.parts.get(&(service, operation)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The documented answers of an operation, those of success that have a body.
    pub(crate) fn examples(&self, service: Service, entry: &'static dyn OperationEntry) -> &[Example] {
        let place = self.examples.get(&(service, entry.info().name));
        place.map(|place| place.get_or_init(|| examples::of(service, entry)).as_slice()).unwrap_or_default()
    }

    /// The operations that make things of one kind.
    pub(crate) fn makers(&self, service: Service, resource: &ResourceInfo) -> Arc<[Maker]> {
        self.makers.get(&(service, resource.name)).cloned().unwrap_or_default()
    }

    /// The kind of thing of a name.
    pub(crate) fn resource(&self, service: Service, name: &str) -> Option<&'static ResourceInfo> {
        service.resources().iter().find(|resource| resource.name == name)
    }

    /// The kinds of thing that belong to one of another kind.
    pub(crate) fn within(
        &self,
        service: Service,
        parent: &ResourceInfo,
    ) -> impl Iterator<Item = &'static ResourceInfo> {
        let name = parent.name;
        service.resources().iter().filter(move |resource| resource.within == Some(name))
    }
}
