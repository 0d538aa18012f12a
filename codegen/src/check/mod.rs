//! From the text of specs to a [`Model`], or to everything that is wrong with them.
//!
//! The passes run one after the other over a draft of the model, and none stops another: what a spec gets wrong is
//! reported once and has a harmless value in the draft. [`check`] tells their order.

mod allow;
mod batch;
mod callbacks;
mod changes;
mod charset;
mod clashes;
pub mod codes;
mod conditions;
mod constraints;
mod credentials;
mod declare;
mod directions;
mod draft;
mod encodings;
mod examples;
mod extends;
mod fields;
mod flags;
mod job_queries;
mod jobs;
mod layout;
mod leaves;
mod literals;
mod locations;
mod names;
mod operations;
mod paging;
mod paths;
mod quiet;
mod recursion;
mod reserved;
mod resources;
mod rules;
mod service;
mod shapes;
mod templates;
mod texts;
mod type_expr;
mod unused;
mod values;

use std::collections::HashMap;

use draft::Draft;
use layout::Folder;

use crate::diagnostic::{Diagnostic, Severity, Sink, SourceFile, Spanned, quote};
use crate::model::{Model, Service};
use crate::spec;
use crate::spec::tree::{self, Table};

/// What became of a set of specs.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What the specs mean; there if no diagnostic is an error.
    pub model: Option<Model>,
    /// Everything that is wrong or suspicious, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the files of a folder of specs. All problems of all files are found in one run.
pub fn check(files: &[SourceFile]) -> Checked {
    let mut sink = Sink::default();
    let folders = layout::sort(files, &mut sink);
    let mut services: Vec<Named> = Vec::new();
    for (name, folder) in &folders {
        services.extend(check_service(name, folder, files, &mut sink));
    }
    service_names(&services, &mut sink);
    quiet::drop_echoes(&mut sink, &folders, files);
    let diagnostics = sink.finish(files);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    services.sort_by(|a, b| a.service.name.cmp(&b.service.name));
    let model = Model { services: services.into_iter().map(|named| named.service).collect() };
    Checked { model: (!failed).then_some(model), diagnostics }
}

/// A service is called what its folder is called, so no two have one name.
fn service_names(services: &[Named], sink: &mut Sink) {
    for Named { name, folder, .. } in services.iter().filter(|named| !named.name.value.is_empty()) {
        if name.value == *folder || sink.has_error_at(name.span) {
            continue;
        }
        let draft = match services.iter().find(|other| other.folder == name.value && other.name.value == name.value) {
            Some(other) => {
                let draft =
                    sink.error("service-twice", name.span, format!("two services are called {}", quote(&name.value)));
                draft.label(other.name.span, "the other one")
            }
            None => {
                let message = format!("the service {} stands in the folder {}", quote(&name.value), quote(folder));
                sink.error("service-folder", name.span, message)
            }
        };
        draft.help("rename the folder or the service");
    }
}

/// A service with its name as it is written, and its folder.
struct Named {
    service: Service,
    name: Spanned<String>,
    folder: String,
}

/// The files of a service, read.
struct Texts {
    service: Option<spec::service::Service>,
    operations: Vec<(usize, spec::operation::Operation)>,
    callbacks: Vec<(usize, spec::callback::Callback)>,
    types: Vec<(usize, spec::types::File)>,
    resources: Vec<(usize, spec::resource::Resource)>,
}

impl Texts {
    /// What each file allows.
    fn allows(&self) -> impl Iterator<Item = (usize, &[spec::allow::Allow])> {
        let operations = self.operations.iter().map(|(file, operation)| (*file, operation.allow.as_slice()));
        let callbacks = self.callbacks.iter().map(|(file, callback)| (*file, callback.allow.as_slice()));
        let types = self.types.iter().map(|(file, types)| (*file, types.allow.as_slice()));
        operations.chain(callbacks).chain(types)
    }
}

fn read(folder: &Folder, files: &[SourceFile], sink: &mut Sink) -> Texts {
    let table = |file: usize, sink: &mut Sink| -> Table {
        files.get(file).map(|source| tree::read(file, &source.text, sink)).unwrap_or_default()
    };
    let service = folder.service.map(|file| {
        let table = table(file, sink);
        spec::service::Service::read(&table, sink)
    });
    let mut operations = Vec::new();
    for file in &folder.operations {
        let table = table(*file, sink);
        operations.push((*file, spec::operation::Operation::read(&table, sink)));
    }
    let mut callbacks = Vec::new();
    for file in &folder.callbacks {
        let table = table(*file, sink);
        callbacks.push((*file, spec::callback::Callback::read(&table, sink)));
    }
    let mut types = Vec::new();
    for file in &folder.types {
        let table = table(*file, sink);
        types.push((*file, spec::types::read_file(&table, sink)));
    }
    let mut resources = Vec::new();
    for file in &folder.resources {
        let table = table(*file, sink);
        resources.push((*file, spec::resource::Resource::read(&table, sink)));
    }
    let mut texts = Texts { service, operations, callbacks, types, resources };
    changes::complete(&mut texts, sink);
    texts
}

/// Runs every pass over one service. Without its `service.toml`, which was reported, its files are only read.
fn check_service(name: &str, folder: &Folder, files: &[SourceFile], sink: &mut Sink) -> Option<Named> {
    let texts = read(folder, files, sink);
    let spec = texts.service.as_ref()?;
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut draft = Draft {
        service: service::lower(spec, sink),
        spec,
        operations: Vec::new(),
        callbacks: Vec::new(),
        origins: Vec::new(),
        shared: HashMap::new(),
        named: Vec::new(),
    };
    texts::check(&texts, sink);
    // First the names of everything, then the types of fields, then what the types are needed for.
    operations::lower(&mut draft, &texts.operations, &paths, sink);
    callbacks::lower(&mut draft, &texts.callbacks, &paths, sink);
    declare::all(&mut draft, &texts.types, &paths, sink);
    fields::lower(&mut draft, sink);
    extends::apply(&mut draft, sink);
    recursion::check(&draft, sink);
    locations::assign(&mut draft, sink);
    directions::mark(&mut draft);
    values::lower(&mut draft, sink);
    rules::lower(&mut draft, sink);
    templates::lower(&mut draft, sink);
    callbacks::paths(&mut draft, sink);
    paging::lower(&mut draft, sink);
    batch::lower(&mut draft, sink);
    jobs::lower(&mut draft, sink);
    resources::lower(&mut draft, &texts.resources, &paths, sink);
    examples::lower(&mut draft, sink);
    // The rest only looks.
    encodings::check(&draft, sink);
    flags::check(&draft, sink);
    job_queries::check(&draft, sink);
    shapes::check(&draft, sink);
    clashes::check(&draft, sink);
    unused::check(&draft, sink);
    allow::apply(&texts, sink);
    Some(Named { service: draft.service, name: spec.name.clone(), folder: name.to_owned() })
}
