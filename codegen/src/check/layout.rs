//! Which file of a folder of specs is what.

use std::collections::BTreeMap;

use crate::diagnostic::{Sink, SourceFile, Span, quote};

/// The files of one service, as indices.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) service: Option<usize>,
    pub(crate) operations: Vec<usize>,
    pub(crate) callbacks: Vec<usize>,
    pub(crate) types: Vec<usize>,
    pub(crate) resources: Vec<usize>,
}

impl Folder {
    /// Any file of it, to have a place for what is missing.
    fn first(&self) -> usize {
        self.specs().min().unwrap_or_default()
    }

    /// All files of it.
    pub(crate) fn files(&self) -> impl Iterator<Item = usize> {
        self.service.into_iter().chain(self.specs())
    }

    /// The files in its folders.
    fn specs(&self) -> impl Iterator<Item = usize> {
        let specs = self.operations.iter().chain(&self.callbacks).chain(&self.types).chain(&self.resources);
        specs.copied()
    }
}

/// Sorts files into services, and reports those that stand in no place for specs. Files that are no `.toml` are
/// left alone, unless they stand where only specs are.
pub(crate) fn sort(files: &[SourceFile], sink: &mut Sink) -> BTreeMap<String, Folder> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|index| files.get(*index).map(|file| file.path.as_str()));
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    if let Some(index) = files.iter().position(|file| file.path == "service.toml") {
        let span = Span { file: index, start: 0, end: 0 };
        sink.error("misplaced-file", span, "this is the folder of one service, not the folder of specs")
            .help("give the folder above: it has one folder for each service");
        return folders;
    }
    for index in order {
        let Some(file) = files.get(index) else { continue };
        let parts: Vec<&str> = file.path.split('/').collect();
        if !file.path.ends_with(".toml") {
            if let [_, "operations" | "callbacks" | "types" | "resources", name] = parts.as_slice()
                && *name != "README.md"
                && !name.starts_with('.')
            {
                let span = Span { file: index, start: 0, end: 0 };
                sink.error(
                    "misplaced-file",
                    span,
                    format!("{} stands among specs and does not end in `.toml`", quote(name)),
                )
                .help("rename it, or move it elsewhere");
            }
            continue;
        }
        match parts.as_slice() {
            [service, "service.toml"] => folders.entry((*service).to_owned()).or_default().service = Some(index),
            [service, "operations", _] => folders.entry((*service).to_owned()).or_default().operations.push(index),
            [service, "callbacks", _] => folders.entry((*service).to_owned()).or_default().callbacks.push(index),
            [service, "types", _] => folders.entry((*service).to_owned()).or_default().types.push(index),
            [service, "resources", _] => folders.entry((*service).to_owned()).or_default().resources.push(index),
            _ => {
                let span = Span { file: index, start: 0, end: 0 };
                sink.error("misplaced-file", span, "a spec stands where none is looked for").help(
                    "a spec is `<service>/service.toml`, or a file in `operations/`, `callbacks/`, `types/` or `resources/` beside it",
                );
            }
        }
    }
    for (name, folder) in &folders {
        if folder.service.is_none() {
            let span = Span { file: folder.first(), start: 0, end: 0 };
            sink.error("service-missing", span, format!("the service {} has no `service.toml`", quote(name)))
                .help(format!("write `{name}/service.toml`"));
        }
    }
    folders
}
