//! How a list goes on, page after page: `impl Paged`.

use proc_macro2::TokenStream;
use quote::quote;

use super::reach;
use super::shape::{Shape, ident, item, value_type};
use crate::model::{Field, FieldPath, Operation, Paging, Service, Step};

/// `impl Paged`; nothing where there are no pages.
pub(crate) fn paged(service: &Service, operation: &Operation) -> Option<TokenStream> {
    let path = operation.paging.first()?.items();
    let list = path.last_field(service)?;
    let name = ident(&operation.rust);
    let item = value_type(service, item(&list.ty)?, list.secret);
    let cursors: Option<Vec<_>> = operation.paging.iter().map(|paging| cursor(service, paging)).collect();
    let marks: Option<Vec<_>> = operation.paging.iter().map(|paging| mark(service, paging)).collect();
    let (cursors, marks) = (cursors?, marks?);
    let (items, count) = (items(service, path)?, count(service, path)?);
    Some(quote! {
        impl mediajobs_runtime::Paged for #name {
            type Item = #item;
            fn cursors(&mut self) -> Vec<Cursor<'_>> { Vec::from([#(#cursors),*]) }
            fn marks(page: &Self::Response) -> Vec<PageMark<'_>> { Vec::from([#(#marks),*]) }
            fn items(page: Self::Response) -> Vec<#item> { #items }
            fn count(page: &Self::Response) -> usize { #count }
        }
    })
}

fn cursor(service: &Service, paging: &Paging) -> Option<TokenStream> {
    let place = |path: &FieldPath| {
        let rust = ident(&path.last_field(service)?.rust);
        Some(quote!(&mut self.#rust))
    };
    let size = |path: &FieldPath| reach::number(service, quote!(self), &path.steps);
    Some(match paging {
        Paging::Token { request, .. } => {
            let token = place(request)?;
            quote!(Cursor::Token(#token))
        }
        Paging::Page { number, size: of, .. } => {
            let (number, size) = (place(number)?, size(of)?);
            quote!(Cursor::Page(#number, #size))
        }
        Paging::Offset { offset, size: of, .. } => {
            let (offset, size) = (place(offset)?, size(of)?);
            quote!(Cursor::Offset(#offset, #size))
        }
    })
}

fn mark(service: &Service, paging: &Paging) -> Option<TokenStream> {
    Some(match paging {
        Paging::Token { response, .. } => {
            let token = reach::text(service, quote!(page), &response.steps)?;
            quote!(PageMark::Token(#token))
        }
        Paging::Page { total: None, .. } | Paging::Offset { total: None, .. } => quote!(PageMark::Total(None)),
        Paging::Page { total: Some(total), .. } | Paging::Offset { total: Some(total), .. } => {
            let total = reach::number(service, quote!(page), &total.steps)?;
            quote!(PageMark::Total(#total))
        }
    })
}

/// The list itself, taken out of the page.
fn items(service: &Service, path: &FieldPath) -> Option<TokenStream> {
    let mut value = quote!(page);
    // Behind the first record that may be absent, the value is an `Option`.
    let mut is_optional = false;
    for field in fields(service, path) {
        let rust = ident(&field.rust);
        value = match (is_optional, Shape::of(field).is_optional()) {
            (false, _) => quote!(#value.#rust),
            (true, false) => quote!(#value.map(|page| page.#rust)),
            (true, true) => quote!(#value.and_then(|page| page.#rust)),
        };
        is_optional |= Shape::of(field).is_optional();
    }
    Some(if is_optional { quote!(#value.unwrap_or_default()) } else { value })
}

/// The length of the list.
fn count(service: &Service, path: &FieldPath) -> Option<TokenStream> {
    let mut value = quote!(page);
    let mut is_optional = false;
    for field in fields(service, path) {
        let rust = ident(&field.rust);
        value = match (is_optional, Shape::of(field).is_optional()) {
            (false, false) => quote!(#value.#rust),
            (false, true) => quote!(#value.#rust.as_ref()),
            (true, false) => quote!(#value.map(|page| &page.#rust)),
            (true, true) => quote!(#value.and_then(|page| page.#rust.as_ref())),
        };
        is_optional |= Shape::of(field).is_optional();
    }
    Some(if is_optional { quote!(#value.map_or(0, Vec::len)) } else { quote!(#value.len()) })
}

/// The fields of a path that goes through no list and no union.
fn fields<'m>(service: &'m Service, path: &FieldPath) -> impl Iterator<Item = &'m Field> {
    path.steps.iter().filter_map(|step| match step {
        Step::Field { record, field, .. } => super::paths::field_of(service, *record, *field),
        Step::Tag { .. } | Step::Variant { .. } => None,
    })
}
