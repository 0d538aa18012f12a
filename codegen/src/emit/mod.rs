//! Rust crates out of the checked model: one module here for each kind of file, or part of a file, that is written.
//!
//! [`emit`] is a pure function, and can't fail: whatever could be wrong with a spec was found before there was a model.
//! `quote!` makes tokens, `format` makes text of them, `imports` finds the `use` lines; nothing else knows of either.

mod batch;
mod callback;
mod cargo_toml;
mod conditions;
mod credentials;
mod docs;
mod enums;
mod example;
mod examples;
mod format;
mod guide;
mod imports;
mod job;
mod lib_rs;
mod life;
mod operation;
mod paging;
mod paths;
mod phrases;
mod reach;
mod readme;
mod record;
mod resources;
mod rules;
mod schema;
mod server;
mod service;
mod shape;
mod sources;
mod text;
mod types;
mod union;
mod validate;

use std::collections::BTreeMap;

use crate::examples::Examples;
use crate::model::{Model, Service};

/// What the files depend on besides the specs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Where the generated crates find `mediajobs-runtime`: a path from their folder, or an absolute one.
    pub runtime_path: String,
    /// The documented answers that the crates offer to tests.
    pub examples: Examples,
}

impl Options {
    /// The crates stand in a folder beside the runtime's.
    pub fn new() -> Self {
        Self { runtime_path: "../../runtime".to_owned(), examples: Examples::default() }
    }

    /// Sets [`Options::runtime_path`].
    #[must_use]
    pub fn runtime_path(mut self, path: impl Into<String>) -> Self {
        self.runtime_path = path.into();
        self
    }

    /// Sets [`Options::examples`].
    #[must_use]
    pub fn examples(mut self, examples: Examples) -> Self {
        self.examples = examples;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// The files of one crate for each service, by path: `alibaba-ice/src/lib.rs`.
pub fn emit(model: &Model, options: &Options) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for service in &model.services {
        let context = Context { service, options };
        let crate_files = crate_files(&context);
        files.extend(crate_files.into_iter().map(|(path, text)| (format!("{}/{path}", service.name), text)));
    }
    files
}

fn crate_files(context: &Context<'_>) -> BTreeMap<String, String> {
    let service = context.service;
    let mut files = BTreeMap::from([
        ("Cargo.toml".to_owned(), cargo_toml::file(context)),
        ("README.md".to_owned(), readme::file(context)),
        ("rustfmt.toml".to_owned(), cargo_toml::rustfmt()),
        ("src/lib.rs".to_owned(), lib_rs::file(context)),
        ("src/service.rs".to_owned(), service::file(service)),
    ]);
    if !service.operations.is_empty() || !service.callbacks.is_empty() {
        let schemas = schema::Names::of(service);
        files.insert("src/server/mod.rs".to_owned(), server::file(service, &schemas));
        files.insert("src/server/schema.rs".to_owned(), schema::file(service, &schemas));
    }
    if !service.callbacks.is_empty() {
        files.insert("src/callbacks/mod.rs".to_owned(), callback::module(service));
    }
    for callback in &service.callbacks {
        files.insert(format!("src/callbacks/{}.rs", callback.module), callback::file(context, callback));
    }
    if !service.operations.is_empty() {
        files.insert("src/operations/mod.rs".to_owned(), lib_rs::operations(service));
    }
    for (index, operation) in service.operations.iter().enumerate() {
        files.insert(format!("src/operations/{}.rs", operation.module), operation::file(context, index, operation));
    }
    files.extend(examples::files(context).into_iter().map(|(name, text)| (format!("src/examples/{name}"), text)));
    files.extend(types::files(service).into_iter().map(|(name, text)| (format!("src/types/{name}"), text)));
    files
}

/// What every emitter may look at.
struct Context<'m> {
    service: &'m Service,
    options: &'m Options,
}

impl Context<'_> {
    /// E.g. `mediajobs-alibaba-ice`.
    fn crate_name(&self) -> String {
        format!("mediajobs-{}", self.service.name)
    }

    /// E.g. `mediajobs_alibaba_ice`.
    fn crate_ident(&self) -> String {
        self.crate_name().replace('-', "_")
    }
}
