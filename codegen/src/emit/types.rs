//! Types that several operations share: `types/mod.rs`, and a file for each file of the specs.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use quote::{format_ident, quote};

use super::format::{RustFile, items};
use super::imports::imports;
use super::operation::type_code;
use super::shape::{ident, travels};
use super::sources;
use crate::model::{Owner, Service, Type};

/// The shared types by name, with the module to import them from.
pub(crate) fn names(service: &Service) -> BTreeMap<&str, String> {
    let types = shared(service).map(|ty| (ty.name.as_str(), "crate::types".to_owned()));
    types.chain([(service.rust.as_str(), "crate".to_owned())]).collect()
}

fn shared(service: &Service) -> impl Iterator<Item = &Type> {
    service.types.iter().filter(|ty| ty.owner == Owner::Shared && travels(ty))
}

/// The files of the module by name, `mod.rs` among them; none where nothing is shared.
pub(crate) fn files(service: &Service) -> BTreeMap<String, String> {
    let mut by_file: BTreeMap<&str, Vec<&Type>> = BTreeMap::new();
    for ty in shared(service) {
        by_file.entry(&ty.file).or_default().push(ty);
    }
    let mut modules: BTreeMap<String, Vec<&Type>> = BTreeMap::new();
    for (file, types) in by_file {
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml").to_snake_case();
        let fits = syn::parse_str::<syn::Ident>(&stem).is_ok() && stem != "mod";
        let mut name = if fits { stem } else { format!("{stem}_types").trim_start_matches('_').to_owned() };
        if syn::parse_str::<syn::Ident>(&name).is_err() {
            name = "shared".to_owned();
        }
        while modules.contains_key(&name) {
            name.push_str("_more");
        }
        modules.insert(name, types);
    }
    let names = names(service);
    let mut files = BTreeMap::new();
    let (mut declarations, mut exports) = (Vec::new(), Vec::new());
    for (module, types) in &modules {
        let items = items(sources::hoist(types.iter().map(|ty| type_code(service, ty)).collect()));
        let from = types.first().map_or_else(String::new, |ty| ty.file.clone());
        let file = RustFile { from, docs: Vec::new(), imports: imports(&items, &names), items };
        files.insert(format!("{module}.rs"), file.render());
        let module = format_ident!("{module}");
        let mut type_names: Vec<_> = types.iter().map(|ty| ident(&ty.name)).collect();
        type_names.sort();
        declarations.push(quote!(mod #module;));
        exports.push(match type_names.as_slice() {
            [one] => quote!(pub use #module::#one;),
            _ => quote!(pub use #module::{#(#type_names),*};),
        });
    }
    if !files.is_empty() {
        let file = RustFile {
            from: format!("{}/types", service.name),
            docs: vec!["Types that several operations share.".to_owned()],
            imports: vec![declarations, exports],
            items: Vec::new(),
        };
        files.insert("mod.rs".to_owned(), file.render());
    }
    files
}
