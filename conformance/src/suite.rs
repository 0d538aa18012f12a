//! What examples are held to: the checked specs, and the generated clients.

use std::fs;
use std::path::{Path, PathBuf};

use mediajobs_codegen::model::{Callback, Model, Operation, Service};
use mediajobs_codegen::{Severity, SourceFile, check};
use mediajobs_runtime::server::{CallbackEntry, OperationEntry};

use crate::problem::nearest;

/// The specs and the clients.
#[derive(Debug)]
pub struct Suite {
    /// The checked specs.
    pub model: Model,
}

/// One operation, as the specs and as a client know it.
#[derive(Debug, Clone, Copy)]
pub struct Target<'s> {
    /// Its service.
    pub service: &'s Service,
    /// What the specs say.
    pub operation: &'s Operation,
    /// The typed code.
    pub entry: &'static dyn OperationEntry,
}

/// One callback, as the specs and as a client know it.
#[derive(Debug, Clone, Copy)]
pub struct CallbackTarget<'s> {
    /// Its service.
    pub service: &'s Service,
    /// What the specs say.
    pub callback: &'s Callback,
    /// The typed code.
    pub entry: &'static dyn CallbackEntry,
}

/// The clients' callbacks.
fn callback_entries() -> impl Iterator<Item = &'static dyn CallbackEntry> {
    let services = [
        mediajobs_alibaba_ice::server::CALLBACKS,
        mediajobs_huawei_vas::server::CALLBACKS,
        mediajobs_tencent_ci::server::CALLBACKS,
    ];
    services.into_iter().flatten().copied()
}

/// The clients' operations.
fn entries() -> impl Iterator<Item = &'static dyn OperationEntry> {
    let services = [
        mediajobs_alibaba_ice::server::OPERATIONS,
        mediajobs_huawei_vas::server::OPERATIONS,
        mediajobs_tencent_ci::server::OPERATIONS,
    ];
    services.into_iter().flatten().copied()
}

/// The folder of the repository.
pub fn repository() -> PathBuf {
    // What cargo says now goes before what it said when this was built: another checkout may use the same build folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap_or(Path::new(".")).to_owned()
}

impl Suite {
    /// Reads the specs of the repository.
    ///
    /// # Errors
    /// The specs can't be read, or have errors.
    pub fn load() -> Result<Self, String> {
        let folder = repository().join("specs");
        let mut files = Vec::new();
        collect(&folder, &folder, &mut files)?;
        let checked = check(&files);
        let errors = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<String> = errors.map(|found| format!("{}: {}", found.file, found.message)).collect();
        let model = checked.model.ok_or_else(|| format!("the specs have errors:\n{}", errors.join("\n")))?;
        Ok(Self { model })
    }

    /// Every operation of every service.
    ///
    /// # Errors
    /// The specs and the clients do not know the same operations.
    pub fn targets(&self) -> Result<Vec<Target<'_>>, String> {
        let mut targets = Vec::new();
        for service in &self.model.services {
            for operation in &service.operations {
                targets.push(self.target(service, operation)?);
            }
        }
        let extra =
            entries().find(|entry| !targets.iter().any(|target| std::ptr::eq(target.entry.info(), entry.info())));
        match extra {
            Some(entry) => Err(format!("the client knows {}, the specs don't", entry.info().name)),
            None => Ok(targets),
        }
    }

    /// Every callback of every service.
    ///
    /// # Errors
    /// The specs and the clients do not know the same callbacks.
    pub fn callbacks(&self) -> Result<Vec<CallbackTarget<'_>>, String> {
        let all = self.model.services.iter().flat_map(|service| {
            service.callbacks.iter().map(|callback| self.find_callback(&service.name, &callback.name))
        });
        let targets: Vec<_> = all.collect::<Result<_, _>>()?;
        match callback_entries().find(|entry| !targets.iter().any(|target| target.callback.name == entry.info().name)) {
            Some(entry) => Err(format!("the client knows {}, the specs don't", entry.info().name)),
            None => Ok(targets),
        }
    }

    /// A callback by its name or its name in snake case.
    ///
    /// # Errors
    /// There is none of this name; the nearest is given.
    pub fn find_callback(&self, service: &str, name: &str) -> Result<CallbackTarget<'_>, String> {
        let service = self.service(service)?;
        let named = |callback: &&Callback| callback.name == name || callback.module == name;
        let Some(callback) = service.callbacks.iter().find(named) else {
            let near = nearest(name, service.callbacks.iter().map(|callback| callback.name.as_str()));
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            return Err(format!("{} has no callback {name:?}{hint}", service.name));
        };
        let is = |entry: &&'static dyn CallbackEntry| {
            entry.service().name == service.name && entry.info().name == callback.name
        };
        let missing = || format!("the client of {} lacks {}: run `cargo xtask gen`", service.name, callback.name);
        Ok(CallbackTarget { service, callback, entry: callback_entries().find(is).ok_or_else(missing)? })
    }

    /// An operation by its vendor's name or its name in snake case.
    ///
    /// # Errors
    /// There is none of this name; the nearest is given.
    pub fn find(&self, service: &str, name: &str) -> Result<Target<'_>, String> {
        let service = self.service(service)?;
        let named = |operation: &&Operation| operation.name == name || operation.module == name;
        if let Some(operation) = service.operations.iter().find(named) {
            return self.target(service, operation);
        }
        let near = nearest(name, service.operations.iter().map(|operation| operation.name.as_str()));
        let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Err(format!("{} has no operation {name:?}{hint}", service.name))
    }

    /// A service by its name.
    ///
    /// # Errors
    /// There is none of this name; all names are given.
    pub fn service(&self, name: &str) -> Result<&Service, String> {
        let names = || self.model.services.iter().map(|service| service.name.as_str());
        self.model.services.iter().find(|service| service.name == name).ok_or_else(|| match nearest(name, names()) {
            Some(near) => format!("there is no service {name:?}; did you mean {near}?"),
            None => format!("there is no service {name:?}; there are {}", names().collect::<Vec<_>>().join(", ")),
        })
    }

    fn target<'s>(&'s self, service: &'s Service, operation: &'s Operation) -> Result<Target<'s>, String> {
        let is = |entry: &&'static dyn OperationEntry| {
            entry.service().name == service.name && entry.info().name == operation.name
        };
        let entry = entries().find(is);
        let missing = || format!("the client of {} lacks {}: run `cargo xtask gen`", service.name, operation.name);
        Ok(Target { service, operation, entry: entry.ok_or_else(missing)? })
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|end| end == "toml") {
            let text = fs::read_to_string(&path).map_err(failed)?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            let steps: Vec<_> = relative.iter().map(|step| step.to_string_lossy()).collect();
            files.push(SourceFile { path: steps.join("/"), text });
        }
    }
    Ok(())
}
