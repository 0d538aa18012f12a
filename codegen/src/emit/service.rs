//! `src/service.rs`: the marker type with all that is known of the service, and its settings.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::credentials;
use super::docs;
use super::format::{RustFile, items};
use super::imports::imports;
use super::phrases::phrases;
use super::shape::{ident, integer};
use super::text::{Doc, code, link, one_line};
use super::validate;
use crate::model::{ErrorClass, Operation, Protocol, Service, Setting, Signing};

pub(super) fn file(service: &Service) -> String {
    let marker = ident(&service.rust);
    let doc = Doc::new(&service.summary).markdown(&link(&service.title, &service.docs)).tokens();
    let info = info(service);
    let settings = service.settings.iter().map(|setting| self::setting(service, setting));
    let items = items(quote! {
        #doc
        ///
        /// The marker that keeps requests of other services from a [`Client`](crate::Client) of this one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct #marker;

        impl Service for #marker {
            const INFO: &'static ServiceInfo = &#info;
        }

        #(#settings)*
    });
    RustFile {
        from: format!("{}/service.toml", service.name),
        docs: vec!["The service and its settings.".to_owned()],
        imports: imports(&items, &BTreeMap::new()),
        items,
    }
    .render()
}

fn info(service: &Service) -> TokenStream {
    let Service { name, title, .. } = service;
    let api_version = service.api_version.as_deref().unwrap_or_default();
    let protocol = match service.protocol {
        Protocol::Rpc => quote!(Protocol::Rpc),
        Protocol::RestJson => quote!(Protocol::RestJson),
        Protocol::RestXml => quote!(Protocol::RestXml),
    };
    let signing = match service.signing {
        Signing::Acs3HmacSha256 => quote!(SigningScheme::Acs3HmacSha256),
        Signing::SdkHmacSha256 => quote!(SigningScheme::SdkHmacSha256),
        Signing::CosSha1 => quote!(SigningScheme::CosSha1),
    };
    let request_root = service.xml_request_root.as_deref().unwrap_or_default();
    let response_root = service.xml_response_root.as_deref().unwrap_or_default();
    let region_pattern = option(service.region_pattern.as_deref());
    let hosts = service.hosts.iter().map(|host| {
        let (name, template) = (&host.name, &host.template);
        quote!(HostInfo { name: #name, template: #template })
    });
    let regions = service.regions.iter().map(|(id, name)| quote!((#id, #name)));
    let settings = service.settings.iter().map(|setting| {
        let Setting { name, rust, .. } = setting;
        let env = option(setting.env.as_deref());
        let header = option(setting.header.as_deref());
        let check = check_name(setting);
        let optional = setting.optional;
        quote!(SettingInfo {
            name: #name,
            type_name: #rust,
            env: #env,
            header: #header,
            optional: #optional,
            check: #check,
        })
    });
    let credentials = credentials::info(&service.credentials);
    let errors = {
        let e = &service.errors;
        let (code, message, request_id, headers) = (&e.code, &e.message, &e.request_id, &e.request_id_headers);
        let flag = option(e.success_flag.as_deref());
        let codes = e.codes.iter().map(|error| {
            let (code, class) = (&error.code, class(error.class));
            quote!((#code, #class))
        });
        let statuses = e.statuses.iter().map(|(status, of)| {
            let (status, class) = (integer(i128::from(*status)), class(*of));
            quote!((#status, #class))
        });
        quote! {
            ErrorsInfo {
                code: &[#(#code),*],
                message: &[#(#message),*],
                request_id: &[#(#request_id),*],
                request_id_headers: &[#(#headers),*],
                success_flag: #flag,
                codes: &[#(#codes),*],
                statuses: &[#(#statuses),*],
            }
        }
    };
    quote! {
        ServiceInfo {
            name: #name,
            title: #title,
            api_version: #api_version,
            protocol: #protocol,
            signing: #signing,
            xml_roots: XmlRoots { request: #request_root, response: #response_root },
            hosts: &[#(#hosts),*],
            regions: &[#(#regions),*],
            region_pattern: #region_pattern,
            settings: &[#(#settings),*],
            credentials: #credentials,
            errors: #errors,
        }
    }
}

pub(super) fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}

fn class(class: ErrorClass) -> TokenStream {
    let name = ident(class_name(class));
    quote!(ErrorClass::#name)
}

/// The class's name in the runtime.
pub(super) fn class_name(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "Throttled",
        ErrorClass::Auth => "Auth",
        ErrorClass::NotFound => "NotFound",
        ErrorClass::Invalid => "Invalid",
        ErrorClass::Conflict => "Conflict",
        ErrorClass::ClockSkew => "ClockSkew",
        ErrorClass::Quota => "Quota",
        ErrorClass::Replay => "Replay",
        ErrorClass::Server => "Server",
    }
}

fn check_name(setting: &Setting) -> proc_macro2::Ident {
    format_ident!("check_{}", heck::ToSnakeCase::to_snake_case(setting.rust.as_str()))
}

/// What a setting must satisfy and where it comes from, in one line.
pub(super) fn setting_contract(setting: &Setting) -> String {
    let mut parts = vec![code(&setting.name)];
    parts.extend(phrases(&setting.constraints));
    parts.extend(setting.example.as_ref().map(|example| format!("e.g. {}", code(example))));
    let mut text = parts.join(", ") + ".";
    if let Some(env) = &setting.env {
        text.push_str(&format!(" Read from the environment variable {} where it is not given.", code(env)));
    }
    if let Some(header) = &setting.header {
        text.push_str(&format!(" Sent as the header {}.", code(header)));
    }
    if setting.optional {
        text.push_str(" A client can be built without it, and sends what does not need it.");
    }
    text
}

fn setting(service: &Service, setting: &Setting) -> TokenStream {
    let marker = ident(&service.rust);
    let rust = ident(&setting.rust);
    let name = &setting.name;
    let mut doc = Doc::new(&setting.doc).markdown(&setting_contract(setting));
    if let Some(source) = &setting.source {
        doc = doc.markdown(&link("Source", source));
    }
    let doc = doc.tokens();
    let check = check_name(setting);
    let statement = validate::setting(name, &setting.constraints);
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct #rust(String);

        impl #rust {
            /// The setting with a value, which is checked when a client is built.
            #[must_use]
            pub fn new(value: impl Into<String>) -> Self { Self(value.into()) }
        }

        impl Setting for #rust {
            type Service = #marker;
            const NAME: &'static str = #name;
            fn value(&self) -> &str { &self.0 }
        }

        fn #check(value: &str, check: &mut Checker<'_>) { #statement }
    }
}

/// A line on an operation for tables: its summary, and whether it should be used at all.
pub(super) fn operation_line(operation: &Operation) -> String {
    let mut line = super::text::escape(&one_line(&operation.summary));
    for notice in [
        operation.deprecated.as_deref().map(docs::deprecated),
        operation.undocumented.as_deref().map(docs::undocumented),
    ]
    .into_iter()
    .flatten()
    {
        line.push(' ');
        line.push_str(&one_line(&notice));
    }
    line
}
