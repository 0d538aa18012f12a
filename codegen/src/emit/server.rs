//! `src/server.rs`: the list of operations that a stand-in for the service answers.

use quote::quote;

use super::format::{RustFile, items};
use super::shape::ident;
use crate::model::Service;

pub(super) fn file(service: &Service) -> String {
    let entries = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        let name = ident(&operation.rust);
        quote!(&Entry::<operations::#module::#name>::NEW)
    });
    let imports = vec![
        vec![quote!(
            use mediajobs_runtime::server::{Entry, OperationEntry};
        )],
        vec![quote!(
            use crate::operations;
        )],
    ];
    let items = items(quote! {
        /// Every operation, sorted by name.
        pub static OPERATIONS: &[&dyn OperationEntry] = &[#(#entries),*];
    });
    RustFile {
        from: format!("{}/operations", service.name),
        docs: vec!["For stand-ins and tests: every operation, to read its requests and write its answers.".to_owned()],
        imports,
        items,
    }
    .render()
}
