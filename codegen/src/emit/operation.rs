//! An operation's module: the request, the answer, and the types that only they use.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Side};
use super::format::{RustFile, items};
use super::imports::imports;
use super::record;
use super::shape::{When, ident, integer, rust_fields};
use super::text::{Doc, escape};
use super::{Context, batch, enums, example, job, life, paging, sources, types, union, validate};
use crate::model::{Effect, Field, Location, Operation, Owner, PathPart, Protocol, Record, Service, Type, TypeKind};

/// The text of `operations/<module>.rs`.
pub(crate) fn file(context: &Context<'_>, index: usize, operation: &Operation) -> String {
    let service = context.service;
    let mut tokens = request(context, index, operation);
    tokens.extend(response(service, operation));
    let local = service.types.iter().enumerate().filter(|(id, ty)| {
        ty.owner == Owner::Operation(index) && *id != operation.request.0 && *id != operation.response.0
    });
    for (_, ty) in local {
        tokens.extend(type_code(service, ty));
    }
    let items = items(sources::hoist(tokens));
    let mut names = types::names(service);
    names.extend(
        job::asks(service, operation)
            .map(|query| (query.rust.as_str(), format!("crate::operations::{}", query.module))),
    );
    RustFile {
        from: operation.file.clone(),
        docs: Doc::default().markdown(&escape(&operation.summary)).into_lines(),
        imports: imports(&items, &names),
        items,
    }
    .render()
}

/// All code of a type that stands on its own.
pub(crate) fn type_code(service: &Service, ty: &Type) -> TokenStream {
    match &ty.kind {
        TypeKind::Record(record) => record::nested(service, ty, record),
        TypeKind::Enum(kind) => enums::open_enum(ty, kind),
        TypeKind::Union(kind) => union::union(service, ty, kind),
    }
}

fn request(context: &Context<'_>, index: usize, operation: &Operation) -> TokenStream {
    let service = context.service;
    let Some(request) = service.record(operation.request) else { return TokenStream::new() };
    let doc = docs::operation(service, operation).markdown("# Example").block(example::operation(context, operation));
    let definition = record::definition(service, &operation.rust, request, &doc, Side::Request);
    let builder = record::builder(service, &operation.rust, request);
    let implementation = implementation(context, operation, request);
    let check = validate::record(service, &operation.rust, request);
    let read = record::read(service, service.ty(operation.request), request, When::Server);
    let starts = job::starts(service, operation);
    let tells = job::tells(service, index, operation);
    let paged = paging::paged(service, operation);
    let batch = batch::batch(service, operation);
    quote! { #definition #builder #implementation #starts #tells #paged #batch #check #read }
}

fn response(service: &Service, operation: &Operation) -> TokenStream {
    let ty = service.ty(operation.response);
    let Some(response) = service.record(operation.response) else { return TokenStream::new() };
    let doc = if rust_fields(response).next().is_none() {
        Doc::default().markdown(&format!("What [`{}`] answers: nothing but that it went well.", operation.rust))
    } else {
        Doc::default().markdown(&format!("What [`{}`] answers.", operation.rust))
    };
    let definition = record::definition(service, &ty.name, response, &doc, Side::Response);
    let read = record::read(service, ty, response, When::Always);
    let write = record::write(&ty.name, response, When::Server);
    quote! { #definition #read #write }
}

/// `impl Operation`: the facts, and where the fields go.
fn implementation(context: &Context<'_>, operation: &Operation, request: &Record) -> TokenStream {
    let service = context.service;
    let name = ident(&operation.rust);
    let marker = ident(&service.rust);
    let response = ident(&service.ty(operation.response).name);
    let vendor_name = &operation.name;
    let method = &operation.method;
    let path = operation.path.iter().map(|part| match part {
        PathPart::Text(text) => quote!(PathPart::Text(#text)),
        PathPart::Field(field) => {
            let wire = request.fields.get(*field).map_or("", |field| field.wire.as_str());
            quote!(PathPart::Field(#wire))
        }
        PathPart::Setting(setting) => {
            let name = service.settings.get(*setting).map_or("", |setting| setting.name.as_str());
            quote!(PathPart::Setting(#name))
        }
    });
    let flags = &operation.flags;
    let host = integer(operation.host as i128);
    let body = body(service, request);
    let effect = match operation.effect {
        Effect::Read => quote!(Effect::Read),
        Effect::Write => quote!(Effect::Write),
        Effect::Create => quote!(Effect::Create),
    };
    let statuses = operation.statuses.iter().map(|status| integer(i128::from(*status)));
    let empty_response = operation.empty_response;
    let regions = &operation.regions;
    let anonymous = operation.anonymous;
    let source = &operation.source;
    let paging = life::paging_facts(service, operation);
    let job = life::job_facts(service, operation);
    let idempotency_token = life::token_fact(service, operation);
    let examples = super::examples::has(context, operation).then(|| {
        let module = ident(&operation.module);
        quote! {
            #[cfg(feature = "testing")]
            const EXAMPLES: &'static [mediajobs_runtime::testing::ExampleAnswer] = crate::examples::#module::ALL;
        }
    });
    let writers = [
        ("write_path", Location::Path),
        ("write_query", Location::Query),
        ("write_headers", Location::Header),
        ("write_form", Location::Form),
        ("write_body", Location::Body),
    ]
    .into_iter()
    .filter_map(|(method, location)| writer(method, location, request));
    quote! {
        impl Operation for #name {
            type Service = #marker;
            type Response = #response;
            const INFO: &'static OperationInfo = &OperationInfo {
                name: #vendor_name,
                method: #method,
                path: &[#(#path),*],
                flags: &[#(#flags),*],
                host: #host,
                body: #body,
                effect: #effect,
                statuses: &[#(#statuses),*],
                empty_response: #empty_response,
                regions: &[#(#regions),*],
                anonymous: #anonymous,
                paging: #paging,
                job: #job,
                idempotency_token: #idempotency_token,
                source: #source,
            };
            #examples
            #(#writers)*
        }
    }
}

fn body(service: &Service, request: &Record) -> TokenStream {
    let has = |location| request.fields.iter().any(|field| field.location == Some(location));
    if has(Location::Form) {
        quote!(BodyKind::Form)
    } else if !has(Location::Body) {
        quote!(BodyKind::None)
    } else if service.protocol == Protocol::RestXml {
        quote!(BodyKind::Xml)
    } else {
        quote!(BodyKind::Json)
    }
}

/// The function that writes the fields of one place; only a body has an order of its own.
fn writer(method: &str, location: Location, request: &Record) -> Option<TokenStream> {
    let mut fields: Vec<&Field> = request.fields.iter().filter(|field| field.location == Some(location)).collect();
    if location != Location::Body {
        fields.sort_by(|a, b| a.wire.as_bytes().cmp(b.wire.as_bytes()));
    }
    let statements: Vec<TokenStream> = fields.into_iter().filter_map(record::write_field).collect();
    let method = ident(method);
    (!statements.is_empty()).then(|| quote! { fn #method(&self, out: &mut Fields<'_>) { #(#statements)* } })
}
