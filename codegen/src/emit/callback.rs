//! A callback's module: the message, and how it is read.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Side};
use super::format::{RustFile, items};
use super::imports::imports;
use super::paths::wire_path;
use super::record;
use super::shape::{When, ident};
use super::text::{Doc, escape};
use super::{Context, conditions, sources, types};
use crate::model::{Callback, Notation, Service};

/// The text of `callbacks/<module>.rs`.
pub(crate) fn file(context: &Context<'_>, callback: &Callback) -> String {
    let service = context.service;
    let items = items(sources::hoist(message(context, callback)));
    RustFile {
        from: callback.file.clone(),
        docs: Doc::default().markdown(&escape(&callback.summary)).into_lines(),
        imports: imports(&items, &types::names(service)),
        items,
    }
    .render()
}

/// `src/callbacks/mod.rs`.
pub(crate) fn module(service: &Service) -> String {
    let mut modules: Vec<TokenStream> = service
        .callbacks
        .iter()
        .map(|callback| {
            let module = ident(&callback.module);
            quote!(pub mod #module;)
        })
        .collect();
    modules.sort_by_key(ToString::to_string);
    RustFile {
        from: format!("{}/callbacks", service.name),
        docs: vec!["What the service sends by itself: a module for each message.".to_owned()],
        imports: vec![modules],
        items: Vec::new(),
    }
    .render()
}

fn message(context: &Context<'_>, callback: &Callback) -> TokenStream {
    let service = context.service;
    let ty = service.ty(callback.message);
    let Some(record) = service.record(callback.message) else { return TokenStream::new() };
    let doc = docs::callback(callback).markdown("# Example").block(example(context, callback));
    let definition = record::definition(service, &callback.rust, record, &doc, Side::Response);
    let read = record::read(service, ty, record, When::Always);
    let write = record::write(&callback.rust, record, When::Server);
    let name = ident(&callback.rust);
    let marker = ident(&service.rust);
    let vendor_name = &callback.name;
    let notations = callback.notations.iter().map(|notation| match notation {
        Notation::Json => quote!(Notation::Json),
        Notation::Xml => quote!(Notation::Xml),
    });
    let one_of = callback.one_of.iter().map(|path| wire_path(service, path));
    let is_message = (!callback.one_of.is_empty()).then(|| {
        let present = callback.one_of.iter().map(|path| conditions::present(service, path));
        quote! { fn is_message(&self) -> bool { #(#present)||* } }
    });
    let (xml_root, source) = (&callback.xml_root, &callback.source);
    quote! {
        #definition

        impl #name {
            /// Reads the body of a message; whether it is JSON or XML shows in the body itself.
            ///
            /// # Errors
            /// The body is too large, malformed, or no such message; the error says where and why.
            pub fn parse(body: impl AsRef<[u8]>) -> Result<Self, CallbackError> {
                Self::parse_within(body.as_ref(), Limits::DEFAULT)
            }
        }

        impl Callback for #name {
            type Service = #marker;
            const INFO: &'static CallbackInfo = &CallbackInfo {
                name: #vendor_name,
                notations: &[#(#notations),*],
                xml_root: #xml_root,
                one_of: &[#(#one_of),*],
                source: #source,
            };
            #is_message
        }

        #read
        #write
    }
}

/// What a webhook handler does with a body.
fn example(context: &Context<'_>, callback: &Callback) -> Vec<String> {
    let krate = context.crate_ident();
    let (module, name) = (&callback.module, &callback.rust);
    [
        "```".to_owned(),
        format!("use {krate}::callbacks::{module}::{name};"),
        format!("use {krate}::runtime::CallbackError;"),
        String::new(),
        "/// What a handler of webhooks does with the body of a request.".to_owned(),
        "fn handle(body: &[u8]) -> Result<(), CallbackError> {".to_owned(),
        format!("    let message = {name}::parse(body)?;"),
        "    println!(\"{message:?}\");".to_owned(),
        "    Ok(())".to_owned(),
        "}".to_owned(),
        "```".to_owned(),
    ]
    .into()
}
