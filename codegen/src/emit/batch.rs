//! Operations on so many ids at once: `impl Batch`.

use proc_macro2::TokenStream;
use quote::quote;

use super::shape::{Shape, ident, integer, item, value_type};
use crate::model::{Operation, Service};

/// `impl Batch`; nothing where it is no operation on ids.
pub(crate) fn batch(service: &Service, operation: &Operation) -> Option<TokenStream> {
    let batch = operation.batch.as_ref()?;
    let field = batch.ids.last_field(service)?;
    let (name, rust) = (ident(&operation.rust), ident(&field.rust));
    let id = value_type(service, item(&field.ty)?, field.secret);
    let most = integer(i128::from(batch.most));
    let ids = if Shape::of(field).is_optional() { quote!(Some(ids)) } else { quote!(ids) };
    Some(quote! {
        impl mediajobs_runtime::Batch for #name {
            type Id = #id;
            const MOST: usize = #most;
            fn set_ids(&mut self, ids: Vec<#id>) { self.#rust = #ids; }
        }
    })
}
