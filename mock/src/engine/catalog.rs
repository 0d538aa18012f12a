//! What there is to be asked for: the operations of all services, and the things that they keep.

use std::collections::HashMap;

use mediajobs_runtime::server::{OperationEntry, ResourceInfo, ResourceOperation};

use crate::service::Service;

/// An operation's part in the life of the things of one kind.
pub(crate) type Part = (&'static ResourceInfo, &'static ResourceOperation);

/// The operations of all services, and the things that they keep.
#[derive(Debug)]
pub(crate) struct Catalog {
    parts: HashMap<(Service, &'static str), Vec<Part>>,
}

impl Catalog {
    pub(crate) fn new() -> Self {
        let mut catalog = Self { parts: HashMap::new() };
        for service in Service::ALL {
            for resource in service.resources() {
                for operation in resource.operations {
                    catalog.parts.entry((service, operation.operation)).or_default().push((resource, operation));
                }
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
