//! `src/server/mod.rs`: the operations that a stand-in for the service answers, the messages that it sends, and what it keeps.

use quote::quote;

use super::format::{RustFile, items};
use super::resources;
use super::schema;
use super::shape::ident;
use crate::model::Service;

pub(super) fn file(service: &Service, schemas: &schema::Names) -> String {
    let entries = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        let name = ident(&operation.rust);
        let schemas = schemas.of_operation(operation);
        quote!(&Entry::<operations::#module::#name>::new(#schemas))
    });
    let callbacks = service.callbacks.iter().map(|callback| {
        let module = ident(&callback.module);
        let name = ident(&callback.rust);
        let schema = schemas.of_callback(callback);
        quote!(&CallbackOf::<callbacks::#module::#name>::new(#schema))
    });
    let mut runtime = vec![quote!(CallbackEntry)];
    let mut own = Vec::new();
    if !service.callbacks.is_empty() {
        runtime.push(quote!(CallbackOf));
        own.push(quote!(callbacks));
    }
    if !service.operations.is_empty() {
        runtime.push(quote!(Entry));
        own.push(quote!(operations));
    }
    runtime.push(quote!(OperationEntry));
    runtime.extend(resources::names(service));
    // As a formatter would sort them.
    runtime.sort_by_key(ToString::to_string);
    let own = match own.as_slice() {
        [one] => quote!(
            use crate::#one;
        ),
        _ => quote!(
            use crate::{#(#own),*};
        ),
    };
    let imports = vec![
        vec![quote!(
            mod schema;
        )],
        vec![quote!(
            use mediajobs_runtime::server::{#(#runtime),*};
        )],
        vec![own],
    ];
    let resources = resources::list(service);
    let items = items(quote! {
        /// Every operation, sorted by name.
        pub static OPERATIONS: &[&dyn OperationEntry] = &[#(#entries),*];

        /// Every message that the service sends by itself, sorted by name.
        pub static CALLBACKS: &[&dyn CallbackEntry] = &[#(#callbacks),*];

        #resources
    });
    RustFile {
        from: format!("{}/operations", service.name),
        docs: vec![
            "For stand-ins and tests: every operation, to read its requests and write its answers, every callback, and what"
                .to_owned(),
            "the service keeps.".to_owned(),
        ],
        imports,
        items,
    }
    .render()
}
