//! `src/lib.rs`, whose documentation is the service's manual, and `src/operations/mod.rs`.

use quote::quote;

use super::format::{RustFile, items, statements};
use super::service::{class_name, operation_line, setting_contract};
use super::shape::ident;
use super::text::{Doc, code, codes, escape, link, one_line};
use super::{Context, cargo_toml, credentials, docs, guide, types};
use crate::model::{Callback, Effect, ErrorClass, Operation, Service};

pub(super) fn file(context: &Context<'_>) -> String {
    let service = context.service;
    let marker = ident(&service.rust);
    let mut exports: Vec<_> = service.settings.iter().map(|setting| ident(&setting.rust)).collect();
    exports.push(marker.clone());
    exports.sort();
    let exports = match exports.as_slice() {
        [one] => quote!(pub use service::#one;),
        _ => quote!(pub use service::{#(#exports),*};),
    };
    let client_doc = format!(" A client of {} in one region.", escape(&one_line(&service.title)));
    let blocking_doc = format!("{client_doc} A call returns when it is done.");
    let callbacks = (!service.callbacks.is_empty()).then(|| {
        quote!(
            pub mod callbacks;
        )
    });
    let examples = context.options.examples.has_service(&service.name).then(|| {
        quote! {
            #[cfg(feature = "testing")]
            pub mod examples;
        }
    });
    let operations = (!service.operations.is_empty()).then(|| {
        quote!(
            pub mod operations;
        )
    });
    let server = (callbacks.is_some() || operations.is_some()).then(|| {
        quote! {
            #[cfg(feature = "server")]
            pub mod server;
        }
    });
    let types = types::names(service).values().any(|module| module == "crate::types").then(|| {
        quote!(
            pub mod types;
        )
    });
    let attributes = "#![forbid(unsafe_code)]\n#![deny(missing_docs)]";
    let rest = RustFile {
        from: format!("{}/service.toml", service.name),
        docs: manual(context).into_lines(),
        imports: Vec::new(),
        items: items(quote! {
            #callbacks
            #examples
            #operations
            #server
            mod service;
            #types

            pub use mediajobs_runtime as runtime;
            pub use mediajobs_runtime::{Credentials, Error, ErrorKind, RetryPolicy, WaitPolicy};

            #exports

            #[doc = #client_doc]
            pub type Client = mediajobs_runtime::Client<#marker>;

            /// The same calls without `async`.
            #[cfg(feature = "blocking")]
            pub mod blocking {
                #[doc = #blocking_doc]
                pub type Client = mediajobs_runtime::blocking::Client<crate::#marker>;
            }
        }),
    }
    .render();
    tidy(&rest, attributes)
}

/// Attributes behind the documentation, and declarations that belong together without blank lines between.
fn tidy(text: &str, attributes: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut placed = false;
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let is_declaration =
            |line: &str| line.starts_with("pub mod ") || line.starts_with("mod ") || line.starts_with("#[cfg(");
        let is_export = |line: &str| line.starts_with("pub use ");
        let before = index.checked_sub(1).and_then(|index| lines.get(index)).copied().unwrap_or_default();
        let after = lines.get(index + 1).copied().unwrap_or_default();
        let joins = (is_declaration(before) && is_declaration(after)) || (is_export(before) && is_export(after));
        if line.is_empty() && joins {
            continue;
        }
        out.push(line);
        if !placed && line.is_empty() && before.starts_with("//!") {
            placed = true;
            out.push(attributes);
            out.push("");
        }
    }
    out.join("\n") + "\n"
}

/// `src/operations/mod.rs`.
pub(super) fn operations(service: &Service) -> String {
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        quote!(pub mod #module;)
    });
    let mut sorted: Vec<_> = modules.collect();
    sorted.sort_by_key(ToString::to_string);
    RustFile {
        from: format!("{}/operations", service.name),
        docs: vec![
            "A module for each operation: its request, its answer, and the types that only they use.".to_owned(),
        ],
        imports: vec![sorted],
        items: Vec::new(),
    }
    .render()
}

/// The service's manual.
fn manual(context: &Context<'_>) -> Doc {
    let service = context.service;
    let mut doc =
        Doc::new(&format!("A client of {}.", one_line(&service.title))).paragraph(&service.summary).markdown(&format!(
            "**Unofficial**: written from [the vendor's documentation]({}), by people who are not the vendor.",
            service.docs
        ));
    if let Some(operation) = typical(service) {
        doc = doc.markdown("# Quick start").block(quick_start(context, operation));
    }
    if !service.operations.is_empty() {
        let name = |operation: &Operation| format!("[`{0}`](operations::{1}::{0})", operation.rust, operation.module);
        doc = doc.markdown("# More than a call").markdown(&guide::list(service, &name));
        doc = doc.markdown("# Operations").block(operations_table(service, &name));
    }
    if !service.callbacks.is_empty() {
        doc = doc.markdown("# Callbacks").block(callbacks_table(service, &|callback| {
            format!("[`{0}`](callbacks::{1}::{0})", callback.rust, callback.module)
        }));
    }
    doc = doc.markdown("# Credentials").markdown(&credentials::doc(&service.credentials));
    let settings: Vec<String> = service
        .settings
        .iter()
        .map(|setting| {
            let contract = setting_contract(setting);
            format!("[`{}`]: {} {}", setting.rust, escape(&one_line(&setting.doc)), contract)
        })
        .collect();
    doc = doc.list("Settings", &settings);
    if !service.regions.is_empty() {
        doc = doc.markdown("# Regions").block(table(
            &["Region", "Name"],
            service.regions.iter().map(|(id, name)| vec![code(id), escape(&one_line(name))]),
        ));
        if service.region_pattern.is_some() {
            doc = doc.markdown("Others are taken as well: of one that is not there, the first call finds no host.");
        }
    }
    let hosts: Vec<String> = service
        .hosts
        .iter()
        .map(|host| format!("{}: {}. {}", code(&host.name), code(&host.template), escape(&one_line(&host.doc))))
        .collect();
    doc = doc.list("Hosts", &hosts);
    if !service.errors.codes.is_empty() || !service.errors.statuses.is_empty() {
        doc = errors(service, doc);
    }
    let features: Vec<String> = cargo_toml::features()
        .map(|(name, what)| format!("`{name}`{}: {what}", if cargo_toml::is_default(name) { " (default)" } else { "" }))
        .collect();
    doc.list("Features", &features)
}

/// The operation that shows best how the client is used: one that reads, or else the first.
pub(super) fn typical(service: &Service) -> Option<&Operation> {
    let reads = |operation: &&Operation| {
        operation.effect == Effect::Read && operation.deprecated.is_none() && operation.undocumented.is_none()
    };
    service
        .operations
        .iter()
        .filter(reads)
        .find(|operation| !operation.paging.is_empty())
        .or_else(|| service.operations.iter().find(reads))
        .or(service.operations.first())
}

/// A whole program in a few lines.
pub(super) fn quick_start(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let service = context.service;
    let krate = context.crate_ident();
    let region = service.regions.keys().next().map_or("region", String::as_str);
    let example = super::example::operation(context, operation);
    let mut lines =
        vec!["```no_run".to_owned(), "# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned()];
    let mut names: Vec<&str> = service.settings.iter().map(|setting| setting.rust.as_str()).collect();
    names.push("Client");
    names.sort_unstable();
    lines.push(match names.as_slice() {
        [one] => format!("use {krate}::{one};"),
        _ => format!("use {krate}::{{{}}};", names.join(", ")),
    });
    // The imports of the operation's own example, and then a client before it.
    let body: Vec<&String> = example.iter().skip(2).collect();
    let uses = body.iter().position(|line| line.is_empty()).unwrap_or(0);
    lines.extend(body.iter().take(uses).map(|line| (*line).clone()));
    lines.push(String::new());
    lines.push(format!(
        "// The credentials come from {} and {}.",
        service.credentials.key_id_env, service.credentials.secret_env
    ));
    let client = if service.settings.is_empty() {
        quote!(Client::from_env(#region)?)
    } else {
        let settings = service.settings.iter().map(|setting| {
            let rust = ident(&setting.rust);
            let value = setting.example.as_deref().unwrap_or("…");
            quote!(.with(#rust::new(#value)))
        });
        quote!(Client::builder(#region) #(#settings)* .build()?)
    };
    lines.extend(statements(quote! { let client = #client; }));
    lines.extend(body.iter().skip(uses + 1).map(|line| (*line).clone()));
    lines
}

/// The operations with a link each.
pub(super) fn operations_table(service: &Service, name: &dyn Fn(&Operation) -> String) -> Vec<String> {
    table(
        &["Operation", "Request", "What it does", ""],
        service.operations.iter().map(|operation| {
            vec![
                name(operation),
                code(&format!("{} {}", operation.method, docs::path(service, operation))),
                operation_line(operation),
                docs::source_link(operation),
            ]
        }),
    )
}

/// The callbacks with a link each.
pub(super) fn callbacks_table(service: &Service, name: &dyn Fn(&Callback) -> String) -> Vec<String> {
    table(
        &["Callback", "Notation", "What it tells", ""],
        service.callbacks.iter().map(|callback| {
            vec![
                name(callback),
                docs::notations(callback),
                escape(&one_line(&callback.summary)),
                link("vendor's page", &callback.source),
            ]
        }),
    )
}

fn errors(service: &Service, doc: Doc) -> Doc {
    let errors = &service.errors;
    let class = |class: ErrorClass| format!("[`{}`]", class_name(class));
    let mut doc = doc.markdown("# Errors").markdown(
        "What the service refuses is an [`Error`] that holds the service's code, message and request id. These codes are \
         documented; the class says what a caller can do.",
    );
    if !errors.codes.is_empty() {
        doc = doc.block(table(
            &["Code", "Status", "Class", "Meaning"],
            errors.codes.iter().map(|error| {
                let status = error.status.map_or_else(String::new, |status| status.to_string());
                let mut meaning = escape(&one_line(&error.doc));
                if let Some(source) = &error.source {
                    meaning.push_str(&format!(" {}", link("Source", source)));
                }
                vec![code(&error.code), status, class(error.class), meaning]
            }),
        ));
    }
    let mut by_class: Vec<(ErrorClass, Vec<String>)> = Vec::new();
    for (status, of) in &errors.statuses {
        match by_class.iter_mut().find(|(class, _)| class == of) {
            Some((_, statuses)) => statuses.push(status.to_string()),
            None => by_class.push((*of, vec![status.to_string()])),
        }
    }
    let statuses: Vec<String> =
        by_class.iter().map(|(of, statuses)| format!("{} for {}", class(*of), statuses.join(", "))).collect();
    if !statuses.is_empty() {
        let lead = if errors.codes.is_empty() { "By status" } else { "Of other codes, the status tells" };
        doc = doc.markdown(&format!("{lead}: {}.", statuses.join("; ")));
    }
    if let Some(flag) = &errors.success_flag {
        doc = doc
            .markdown(&format!("An answer of status 200 whose {} is false is a refusal too.", codes([flag.as_str()])));
    }
    let mut classes: Vec<&str> = errors.codes.iter().map(|error| class_name(error.class)).collect();
    classes.extend(by_class.iter().map(|(class, _)| class_name(*class)));
    classes.sort_unstable();
    classes.dedup();
    doc.block(classes.iter().map(|name| format!("[`{name}`]: runtime::facts::ErrorClass::{name}")))
}

/// A table of Markdown.
pub(super) fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let row = |cells: Vec<String>| {
        let cells: Vec<String> = cells.into_iter().map(|cell| one_line(&cell).replace('|', "\\|")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines = vec![row(head.iter().map(|cell| (*cell).to_owned()).collect())];
    lines.push(format!("|{}", " --- |".repeat(head.len())));
    lines.extend(rows.map(row));
    lines
}
